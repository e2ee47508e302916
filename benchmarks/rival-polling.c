/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The design that dagsched replaces: every 10 ms a loop looks at all tests that have not started, and
 * hands those whose dependencies have finished to worker threads. */
#include "bench-body.h"

#define PERIOD_US 10000

/* A test on the longest way costs a period: a run must end within a second or so. */
#define MAX_DEPTH 50
#define MAX_TESTS 100000

typedef struct
{
  BenchSetup setup;
  GThreadPool *pool;
  BenchTimes *times;
  guint8 *finished; /* (atomic) whether each test has finished */
  int n_finished;   /* (atomic) */
  guint32 *pending; /* tests that have not started; the loop's own */
  guint32 n_pending;
} Polling;

static void
run_test (gpointer data, gpointer user_data)
{
  Polling *self = user_data;
  guint32 test = GPOINTER_TO_UINT (data) - 1;

  bench_body_run (&self->setup, self->times, test);
  __atomic_store_n (&self->finished[test], TRUE, __ATOMIC_RELEASE);
  g_atomic_int_inc (&self->n_finished);
}

static gpointer
polling_prepare (const BenchSetup *setup)
{
  Polling *self = g_new0 (Polling, 1);

  self->setup = *setup;
  self->times = bench_body_new_times (setup);
  self->finished = g_new (guint8, setup->shape->n_tests + 1);
  self->pending = g_new (guint32, setup->shape->n_tests + 1);
  self->pool = g_thread_pool_new (run_test, self, setup->workers, TRUE, NULL);

  return self;
}

static void
reset (Polling *self)
{
  self->n_pending = self->setup.shape->n_tests;
  self->n_finished = 0;
  for (guint32 i = 0; i < self->n_pending; i++)
    {
      self->pending[i] = i;
      self->finished[i] = FALSE;
    }
}

static gboolean
is_ready (Polling *self, guint32 test)
{
  const BenchAdjacency *dependencies = &self->setup.shape->dependencies;

  for (guint32 i = dependencies->first[test]; i < dependencies->first[test + 1]; i++)
    {
      if (!__atomic_load_n (&self->finished[dependencies->list[i]], __ATOMIC_ACQUIRE))
        return FALSE;
    }

  return TRUE;
}

static void
scan (Polling *self)
{
  guint32 n_kept = 0;

  for (guint32 i = 0; i < self->n_pending; i++)
    {
      guint32 test = self->pending[i];

      if (is_ready (self, test))
        g_thread_pool_push (self->pool, GUINT_TO_POINTER (test + 1), NULL);
      else
        self->pending[n_kept++] = test;
    }
  self->n_pending = n_kept;
}

static gint64
polling_run (gpointer data)
{
  Polling *self = data;
  gint64 start;

  reset (self);
  start = bench_now ();
  while (scan (self), (guint32) g_atomic_int_get (&self->n_finished) < self->setup.shape->n_tests)
    g_usleep (PERIOD_US);

  return bench_now () - start;
}

static void
polling_free (gpointer data)
{
  Polling *self = data;

  g_thread_pool_free (self->pool, FALSE, TRUE);
  g_free (self->finished);
  g_free (self->pending);
  g_free (self->times);
  g_free (self);
}

const BenchContestant bench_polling = {
  .name = "polling",
  .max_depth = MAX_DEPTH,
  .max_tests = MAX_TESTS,
  .prepare = polling_prepare,
  .run = polling_run,
  .free = polling_free,
};
