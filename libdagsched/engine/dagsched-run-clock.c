/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/dagsched-run-clock-private.h"

#include <time.h>

typedef struct
{
  gint64 begin_ns;
  gint64 end_ns; /* G_MAXINT64: it has not ended */
} Pause;

gint64
dagsched_monotonic_ns (void)
{
  struct timespec now;

  clock_gettime (CLOCK_MONOTONIC, &now);
  return now.tv_sec * G_GINT64_CONSTANT (1000000000) + now.tv_nsec;
}

void
dagsched_run_clock_init (DagschedRunClock *self)
{
  atomic_init (&self->paused, 0);
  atomic_init (&self->n_pauses, 0);
  g_mutex_init (&self->lock);
  self->pauses = g_array_new (FALSE, FALSE, sizeof (Pause));
}

void
dagsched_run_clock_clear (DagschedRunClock *self)
{
  g_mutex_clear (&self->lock);
  g_clear_pointer (&self->pauses, g_array_unref);
}

gboolean
dagsched_run_clock_pause (DagschedRunClock *self)
{
  gboolean changed;

  g_mutex_lock (&self->lock);
  changed = !dagsched_run_clock_is_paused (self);
  if (changed)
    {
      Pause pause = { .begin_ns = dagsched_monotonic_ns (), .end_ns = G_MAXINT64 };

      g_array_append_val (self->pauses, pause);
      dagsched_store_release (&self->n_pauses, self->pauses->len);
      atomic_store (&self->paused, 1);
    }
  g_mutex_unlock (&self->lock);
  return changed;
}

gboolean
dagsched_run_clock_resume (DagschedRunClock *self, gint64 *paused_ns)
{
  gboolean changed;

  g_mutex_lock (&self->lock);
  changed = dagsched_run_clock_is_paused (self);
  if (changed)
    {
      Pause *pause = &g_array_index (self->pauses, Pause, self->pauses->len - 1);

      pause->end_ns = dagsched_monotonic_ns ();
      *paused_ns = pause->end_ns - pause->begin_ns;
      atomic_store (&self->paused, 0);
    }
  g_mutex_unlock (&self->lock);
  return changed;
}

static gint64
sum_pauses_unlocked (DagschedRunClock *self, gint64 until_ns)
{
  gint64 sum = 0;

  for (guint i = 0; i < self->pauses->len; i++)
    {
      const Pause *pause = &g_array_index (self->pauses, Pause, i);

      if (pause->begin_ns < until_ns)
        sum += MIN (pause->end_ns, until_ns) - pause->begin_ns;
    }

  return sum;
}

gint64
dagsched_run_clock_at (DagschedRunClock *self, gint64 monotonic_ns)
{
  gint64 sum;

  if (G_LIKELY (dagsched_load_acquire (&self->n_pauses) == 0))
    return monotonic_ns;

  g_mutex_lock (&self->lock);
  sum = sum_pauses_unlocked (self, monotonic_ns);
  g_mutex_unlock (&self->lock);
  return monotonic_ns - sum;
}

gint64
dagsched_run_clock_now (DagschedRunClock *self)
{
  return dagsched_run_clock_at (self, dagsched_monotonic_ns ());
}

gboolean
dagsched_run_clock_foresee (DagschedRunClock *self, gint64 time_ns, gint64 *monotonic_ns)
{
  gboolean goes;

  g_mutex_lock (&self->lock);
  goes = !dagsched_run_clock_is_paused (self);
  if (goes)
    *monotonic_ns = time_ns + sum_pauses_unlocked (self, G_MAXINT64);
  g_mutex_unlock (&self->lock);
  return goes;
}
