/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What workers cost that have nothing to do: one test runs, all others wait for it. dagsched and the
 * polling scheduler wait side by side, in the same seconds. */
#include "bench-clock.h"
#include "bench-dagsched.h"
#include "bench-error.h"
#include "bench-measurement.h"
#include "bench-threads.h"

/* Threads that are not asleep after this time never will be. */
#define PATIENCE_NS (10 * G_GINT64_CONSTANT (1000000000))

#define LOOK_US 1000

/* One scheduler whose first test, on which all others depend, waits until it is let go. */
typedef struct
{
  BenchSetup setup;
  GMutex lock;
  GCond cond;
  gboolean started;  /* protected by lock: the first test runs */
  gboolean released; /* protected by lock: it may end */

  GThread *thread; /* runs the scheduler */
  GArray *threads; /* (element-type int) those that came with it, THREAD among them */
  BenchThreadUse use;
} Idler;

static void
first_test_body (gpointer data, guint32 test)
{
  Idler *self = data;

  if (test != 0)
    return;

  g_mutex_lock (&self->lock);
  self->started = TRUE;
  g_cond_broadcast (&self->cond);
  while (!self->released)
    g_cond_wait (&self->cond, &self->lock);
  g_mutex_unlock (&self->lock);
}

static gpointer
run_dagsched (gpointer data)
{
  Idler *self = data;
  g_autoptr (BenchDagsched) dagsched = bench_dagsched_new (&self->setup);
  BenchDagschedTimes times;
  GError *error = NULL;

  bench_dagsched_run (dagsched, &times, &error);
  return error;
}

static gpointer
run_polling (gpointer data)
{
  Idler *self = data;
  gpointer polling = bench_polling.prepare (&self->setup);

  bench_polling.run (polling);
  bench_polling.free (polling);
  return NULL;
}

static gboolean
wait_until_all_sleep (Idler *self, GArray *known, guint n_expected, GError **error)
{
  gint64 patience = bench_now () + PATIENCE_NS;

  do
    {
      g_clear_pointer (&self->threads, g_array_unref);
      self->threads = bench_threads_list (known);
      if (self->threads->len >= n_expected && bench_threads_all_sleep (self->threads))
        return TRUE;
      g_usleep (LOOK_US);
    }
  while (bench_now () < patience);

  g_set_error (error, BENCH_ERROR, BENCH_ERROR_WRONG,
               "%u threads should be asleep; there are %u, and they are not, or not all", n_expected,
               self->threads->len);
  return FALSE;
}

/* Returns when all its workers but the one with the first test are parked. */
static gboolean
idler_start (Idler *self, const BenchSetup *setup, GThreadFunc run, GError **error)
{
  g_autoptr (GArray) known = bench_threads_list (NULL);

  self->setup = *setup;
  self->setup.body = first_test_body;
  self->setup.body_data = self;
  self->threads = NULL;
  self->started = self->released = FALSE;
  g_mutex_init (&self->lock);
  g_cond_init (&self->cond);
  self->thread = g_thread_new ("bench-idle", run, self);

  g_mutex_lock (&self->lock);
  while (!self->started)
    g_cond_wait (&self->cond, &self->lock);
  g_mutex_unlock (&self->lock);

  return wait_until_all_sleep (self, known, setup->workers + 1, error);
}

static gboolean
idler_end (Idler *self, GError **error)
{
  GError *failure;

  g_mutex_lock (&self->lock);
  self->released = TRUE;
  g_cond_broadcast (&self->cond);
  g_mutex_unlock (&self->lock);
  failure = g_thread_join (self->thread);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->cond);
  g_clear_pointer (&self->threads, g_array_unref);
  if (failure == NULL)
    return TRUE;

  g_propagate_error (error, failure);
  return FALSE;
}

static gboolean
add_use (Idler *self, const char *who, double seconds, BenchResult *result, GError **error)
{
  g_autofree char *switches = g_strconcat (who, "_switches", NULL);
  g_autofree char *cpu = g_strconcat (who, "_cpu", NULL);
  BenchThreadUse use;

  if (!bench_threads_get_use (self->threads, &use, error))
    return FALSE;

  bench_result_add_sample (result, switches, "1/s", (use.n_switches - self->use.n_switches) / seconds);
  bench_result_add_sample (result, cpu, "µs/s",
                           (use.cpu_ns - self->use.cpu_ns) / (double) BENCH_NS_PER_US / seconds);
  return TRUE;
}

static gboolean
watch (const BenchParams *params, Idler *ours, Idler *polling, BenchResult *result, GError **error)
{
  gint64 start = bench_now ();
  double seconds;

  if (!bench_threads_get_use (ours->threads, &ours->use, error))
    return FALSE;
  if (polling != NULL && !bench_threads_get_use (polling->threads, &polling->use, error))
    return FALSE;

  g_usleep (params->seconds * G_USEC_PER_SEC);
  seconds = (bench_now () - start) / BENCH_NS_PER_SECOND;

  return add_use (ours, "dagsched", seconds, result, error) &&
         (polling == NULL || add_use (polling, "polling", seconds, result, error));
}

static gboolean
watch_rounds (const BenchParams *params, Idler *ours, Idler *polling, BenchResult *result, GError **error)
{
  for (guint i = 0; i < params->rounds; i++)
    {
      if (!watch (params, ours, polling, result, error))
        return FALSE;
    }

  return TRUE;
}

static gboolean
watch_beside_polling (const BenchParams *params,
                      const BenchSetup *setup,
                      Idler *ours,
                      BenchResult *result,
                      GError **error)
{
  Idler polling;
  gboolean watched;

  if (!bench_params_want_rival (params, "polling"))
    return watch_rounds (params, ours, NULL, result, error);

  watched =
    idler_start (&polling, setup, run_polling, error) && watch_rounds (params, ours, &polling, result, error);
  return idler_end (&polling, watched ? error : NULL) && watched;
}

gboolean
bench_measure_idle (const BenchParams *params, BenchResult *result, GError **error)
{
  /* In a tree all but the first test depend on it. A worker each, and one that is busy with it. */
  g_autoptr (BenchShape) shape =
    bench_shape_new (BENCH_SHAPE_BINTREE, MAX (params->tests, params->workers + 1));
  BenchSetup setup = { .shape = shape, .workers = params->workers + 1, .timestamps = params->timestamps };
  Idler ours;
  gboolean watched;

  watched = idler_start (&ours, &setup, run_dagsched, error) &&
            watch_beside_polling (params, &setup, &ours, result, error);
  if (!idler_end (&ours, watched ? error : NULL) || !watched)
    return FALSE;

  bench_result_compare (result, "polling", "dagsched_cpu", "polling_cpu");
  return TRUE;
}
