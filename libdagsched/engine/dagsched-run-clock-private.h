/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "engine/dagsched-atomic-private.h"

G_BEGIN_DECLS

/* The clock of a run: CLOCK_MONOTONIC without the time in which the run was paused. Any thread. */
typedef struct
{
  _Atomic guint8 paused;
  _Atomic guint n_pauses;
  GMutex lock;    /* the innermost: nothing else is locked, and nobody called, under it */
  GArray *pauses; /* of Pause, oldest first; protected by lock */
} DagschedRunClock;

gint64 dagsched_monotonic_ns (void);

void dagsched_run_clock_init (DagschedRunClock *self);
void dagsched_run_clock_clear (DagschedRunClock *self);
/* FALSE: it stands already. */
gboolean dagsched_run_clock_pause (DagschedRunClock *self);
/* FALSE: it did not stand. @paused_ns: how long it did. */
gboolean dagsched_run_clock_resume (DagschedRunClock *self, gint64 *paused_ns);
gint64 dagsched_run_clock_now (DagschedRunClock *self);
/* What it showed, or will, at a moment of CLOCK_MONOTONIC. */
gint64 dagsched_run_clock_at (DagschedRunClock *self, gint64 monotonic_ns);
/* When it will show @time_ns, CLOCK_MONOTONIC, if it is not paused before. FALSE: it stands. */
gboolean dagsched_run_clock_foresee (DagschedRunClock *self, gint64 time_ns, gint64 *monotonic_ns);

static inline gboolean
dagsched_run_clock_is_paused (DagschedRunClock *self)
{
  return dagsched_load_relaxed (&self->paused) != 0;
}

G_END_DECLS
