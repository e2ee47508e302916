/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

#include "engine/dagsched-asymmetric-private.h"

G_BEGIN_DECLS

typedef enum
{
  DAGSCHED_LANE_STOP_NO,
  DAGSCHED_LANE_STOP_TIMED_OUT,
  DAGSCHED_LANE_STOP_CANCELLED,
} DagschedLaneStop;

/* The function that a lane's thread carries out, and those who want it to stop. */
typedef struct
{
  /* 0, or its test + 1 in the upper half and its generation in the lower. Written by the thread alone. */
  _Atomic guint64 current;
  _Atomic guint32 attempt; /* the number of that attempt */

  _Alignas(DAGSCHED_CACHE_LINE) _Atomic guint n_stoppers; /* about to look at current */
  GMutex lock;                                            /* protects the rest */
  _Atomic guint64 stopped; /* the value of current that was told to stop; also read without the lock */
  guint64 taken;           /* the value of current that was taken from the thread: it was written off */
  DagschedLaneStop stop;   /* why */
  gint64 give_up_ns;       /* when its thread is written off */
  GCancellable *cancellable;
} DagschedUndertaking;

/* Two protocols in which one sees the other. The thread that carries functions out stores for each of them,
 * and has but a light fence; whoever wants to stop it has a heavy one.
 *
 * - begin() stores current, and then its caller looks whether the run is closing; who closes it stores that,
 *   then looks at current.
 * - end() clears current, then looks for stoppers, and with any settles it under the lock; a stopper counts
 *   itself, then looks at current, under the lock. */

void dagsched_undertaking_init (DagschedUndertaking *self);
void dagsched_undertaking_clear (DagschedUndertaking *self);
/* For dagsched_undertaking_end(). */
gboolean
dagsched_undertaking_end_beside_stoppers (DagschedUndertaking *self, guint64 current, DagschedLaneStop *stop);

/* Its thread. */
static inline void
dagsched_undertaking_begin (DagschedUndertaking *self, guint64 current, guint32 attempt, gboolean asymmetric)
{
  if (G_UNLIKELY (self->cancellable == NULL))
    self->cancellable = g_cancellable_new ();
  dagsched_store_relaxed (&self->attempt, attempt);
  dagsched_store_release (&self->current, current);
  dagsched_light_fence (asymmetric);
}

/* Its thread: claims the attempt, from here on nobody stops it any more. FALSE: it was taken from it. */
static inline gboolean
dagsched_undertaking_end (DagschedUndertaking *self,
                          guint64 current,
                          gboolean asymmetric,
                          DagschedLaneStop *stop)
{
  *stop = DAGSCHED_LANE_STOP_NO;
  dagsched_store_release (&self->current, 0);
  dagsched_light_fence (asymmetric);
  return G_LIKELY (dagsched_load_acquire (&self->n_stoppers) == 0 &&
                   dagsched_load_relaxed (&self->stopped) != current) ||
         dagsched_undertaking_end_beside_stoppers (self, current, stop);
}

G_END_DECLS
