/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "report/dagsched-tally-private.h"
#include "run/dagsched-run.h"

G_BEGIN_DECLS

/* How far a run is: what is running, since when, and how much is left. Times are microseconds of
 * one clock that never goes back. */
typedef struct _DagschedProgress DagschedProgress;

DagschedProgress *dagsched_progress_new (DagschedRun *run);
void dagsched_progress_free (DagschedProgress *self);
const DagschedTally *dagsched_progress_get_tally (DagschedProgress *self);
void dagsched_progress_start (DagschedProgress *self, DagschedTest *test, guint attempt, gint64 now);
/* FALSE: it was known to be finished. */
gboolean dagsched_progress_finish (DagschedProgress *self, DagschedTest *test, gint64 now);
/* Whether the first test has started and the last has not finished. */
gboolean dagsched_progress_is_active (DagschedProgress *self);

/* When the next running test will be slow; G_MAXINT64: none. */
gint64 dagsched_progress_get_next_slow (DagschedProgress *self);
/* Tests that have become slow since the last call: (transfer container). */
GPtrArray *dagsched_progress_take_slow (DagschedProgress *self, gint64 now);

/* Seconds until the end by what is known of the tests' durations; < 0: too little is. */
double dagsched_progress_estimate (DagschedProgress *self, gint64 now);
/* The lines to paint: how far it is, then what is running, longest first. Each narrower than
 * @columns, and together at most a third of @rows. */
GPtrArray *dagsched_progress_dup_lines (DagschedProgress *self,
                                        const DagschedStyle *style,
                                        guint columns,
                                        guint rows,
                                        gint64 now);

G_END_DECLS
