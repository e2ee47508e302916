/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "engine/dagsched-run-clock-private.h"

G_BEGIN_DECLS

/* The one place that waits for a time: a thread, made when first needed, that sleeps until the
 * nearest of some deadlines. Times are those of the run's clock, in nanoseconds: while it stands nothing becomes due. */
typedef struct _DagschedDeadlines DagschedDeadlines;

typedef enum
{
  DAGSCHED_DEADLINE_LANE,     /* number: the lane */
  DAGSCHED_DEADLINE_RETRY,    /* number: the test */
  DAGSCHED_DEADLINE_MAX_TIME, /* the run as a whole */
} DagschedDeadlineKind;

/* Called on the waiter's thread, with no lock held. */
typedef void (*DagschedDeadlineFunc) (gpointer user_data, DagschedDeadlineKind kind, guint32 number);

/* @clock: not owned */
DagschedDeadlines *dagsched_deadlines_new (DagschedRunClock *clock,
                                           guint n_lanes,
                                           DagschedDeadlineFunc func,
                                           gpointer user_data);
/* Starts the thread, not only when it is first needed: then a run could not do without any more. And a thread inherits
 * from the one that starts it where it may run, and that may be a worker that is pinned. */
gboolean dagsched_deadlines_start (DagschedDeadlines *self, GError **error);
/* Stops the thread and waits for it: nothing is due any more. Not on the waiter's thread. */
void dagsched_deadlines_stop (DagschedDeadlines *self);
/* After it was stopped, if it was ever used. */
void dagsched_deadlines_free (DagschedDeadlines *self);
void
dagsched_deadlines_add (DagschedDeadlines *self, DagschedDeadlineKind kind, guint32 number, gint64 time_ns);
gboolean dagsched_deadlines_has (DagschedDeadlines *self, DagschedDeadlineKind kind, guint32 number);
/* Removes those of a kind of which @filter says so (under the lock), and appends their numbers to @numbers (guint32). */
typedef gboolean (*DagschedDeadlineFilter) (gpointer user_data, guint32 number);
void dagsched_deadlines_remove_some (DagschedDeadlines *self,
                                     DagschedDeadlineKind kind,
                                     DagschedDeadlineFilter filter,
                                     gpointer user_data,
                                     GArray *numbers);
/* A lane's own deadline: cheap to set and to clear (0) for each attempt. Fires once when due, and is then 0.
 * An earlier one stays: it is for whoever is called to decide what is due, and to set it again. */
void dagsched_deadlines_set_lane (DagschedDeadlines *self, guint32 lane, gint64 time_ns);
/* The clock goes again. */
void dagsched_deadlines_resume (DagschedDeadlines *self);

G_END_DECLS
