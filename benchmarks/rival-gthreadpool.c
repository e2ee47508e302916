/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What a program does that has GLib and no scheduler: counters of unfinished dependencies, and a push
 * into a GThreadPool of each test that becomes ready. */
#include "bench-body.h"

typedef struct
{
  BenchSetup setup;
  GThreadPool *pool;
  BenchTimes *times;
  int *n_waiting; /* (atomic) unfinished dependencies of each test */
  int n_left;     /* (atomic) unfinished tests */

  GMutex lock;
  GCond ended_cond;
  gboolean ended; /* protected by lock */
} Pool;

static void
end (Pool *self)
{
  g_mutex_lock (&self->lock);
  self->ended = TRUE;
  g_cond_signal (&self->ended_cond);
  g_mutex_unlock (&self->lock);
}

static void
push (Pool *self, guint32 test)
{
  g_thread_pool_push (self->pool, GUINT_TO_POINTER (test + 1), NULL);
}

static void
run_test (gpointer data, gpointer user_data)
{
  Pool *self = user_data;
  guint32 test = GPOINTER_TO_UINT (data) - 1;
  const BenchAdjacency *dependents = &self->setup.shape->dependents;

  bench_body_run (&self->setup, self->times, test);
  for (guint32 i = dependents->first[test]; i < dependents->first[test + 1]; i++)
    {
      if (g_atomic_int_dec_and_test (&self->n_waiting[dependents->list[i]]))
        push (self, dependents->list[i]);
    }
  if (g_atomic_int_dec_and_test (&self->n_left))
    end (self);
}

static gpointer
pool_prepare (const BenchSetup *setup)
{
  Pool *self = g_new0 (Pool, 1);

  self->setup = *setup;
  self->times = bench_body_new_times (setup);
  self->n_waiting = g_new (int, setup->shape->n_tests + 1);
  self->pool = g_thread_pool_new (run_test, self, setup->workers, TRUE, NULL);
  g_mutex_init (&self->lock);
  g_cond_init (&self->ended_cond);

  return self;
}

static void
reset (Pool *self)
{
  const BenchShape *shape = self->setup.shape;

  for (guint32 i = 0; i < shape->n_tests; i++)
    self->n_waiting[i] = shape->dependencies.first[i + 1] - shape->dependencies.first[i];
  self->n_left = shape->n_tests;
  self->ended = FALSE;
}

static gint64
pool_run (gpointer data)
{
  Pool *self = data;
  const BenchShape *shape = self->setup.shape;
  gint64 start;

  reset (self);
  start = bench_now ();
  for (guint32 i = 0; i < shape->n_tests; i++)
    {
      if (shape->dependencies.first[i] == shape->dependencies.first[i + 1])
        push (self, i);
    }
  g_mutex_lock (&self->lock);
  while (!self->ended)
    g_cond_wait (&self->ended_cond, &self->lock);
  g_mutex_unlock (&self->lock);

  return bench_now () - start;
}

static void
pool_free (gpointer data)
{
  Pool *self = data;

  g_thread_pool_free (self->pool, FALSE, TRUE);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->ended_cond);
  g_free (self->n_waiting);
  g_free (self->times);
  g_free (self);
}

const BenchContestant bench_gthreadpool = {
  .name = "gthreadpool",
  .prepare = pool_prepare,
  .run = pool_run,
  .free = pool_free,
};
