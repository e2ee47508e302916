/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* From the end of a test to the start of one that it makes ready, on a worker that is parked.
 *
 * Each hand-off is three tests: the end of the first makes the other two ready. One of them runs on the
 * same worker, and keeps it busy until the other has started elsewhere. It then does a bare hand-off to
 * a thread that waits on a GCond, so that both kinds take turns on the same machine at the same time. */
#include "bench-clock.h"
#include "bench-error.h"
#include "bench-graph.h"
#include "bench-handoff.h"
#include "bench-measurement.h"

/* Within this time a thread that has nothing to do is asleep, and so is its processor: the one that shows the run
 * has had its say. Were it shorter, one kind would find a processor that was just busy, and the other would not. */
#define SETTLE_NS (1000 * BENCH_NS_PER_US)

/* A worker that is not woken by then was not woken for this. */
#define PATIENCE_NS (100 * BENCH_NS_PER_MS)

#define NS_PER_US 1e3

typedef struct
{
  BenchHandoff *handoff;
  GThread *first_thread;
  gint64 ended_ns; /* when the first test's body ended */
  int started;     /* (atomic) whether one of the others runs on another thread */
  gint64 ours_ns;
  gint64 gcond_ns;
} Sample;

static DagschedOutcome
first_body (DagschedFuncTest *test, GCancellable *cancellable, gpointer user_data, GError **error)
{
  Sample *sample = user_data;

  sample->first_thread = g_thread_self ();
  sample->ended_ns = bench_now ();
  return DAGSCHED_OUTCOME_PASSED;
}

static void
run_near (Sample *sample)
{
  gint64 patience = bench_now () + PATIENCE_NS;

  while (!g_atomic_int_get (&sample->started) && bench_now () < patience)
    ;
  bench_spin_until (bench_now () + SETTLE_NS);
  sample->gcond_ns = bench_handoff_do (sample->handoff);
  bench_spin_until (bench_now () + SETTLE_NS);
}

static DagschedOutcome
second_body (DagschedFuncTest *test, GCancellable *cancellable, gpointer user_data, GError **error)
{
  gint64 now = bench_now ();
  Sample *sample = user_data;

  if (sample->first_thread == g_thread_self ())
    run_near (sample);
  else if (g_atomic_int_compare_and_exchange (&sample->started, FALSE, TRUE))
    sample->ours_ns = now - sample->ended_ns;

  return DAGSCHED_OUTCOME_PASSED;
}

static DagschedTest *
add (DagschedGraph *graph, const char *kind, guint number, DagschedTestFunc body, Sample *sample)
{
  g_autofree char *name = g_strdup_printf ("%s-%u", kind, number);

  return bench_graph_add (graph, name, body, sample);
}

static DagschedGraph *
create_graph (Sample *samples, guint n_samples)
{
  DagschedGraph *graph = dagsched_graph_new ("latency");
  DagschedTest *others[2] = { NULL, NULL };

  for (guint i = 0; i < n_samples; i++)
    {
      DagschedTest *first = add (graph, "first", i, first_body, &samples[i]);

      for (guint j = 0; j < G_N_ELEMENTS (others); j++)
        {
          if (others[j] != NULL)
            bench_graph_depend (graph, first, others[j]);
          others[j] = add (graph, j == 0 ? "left" : "right", i, second_body, &samples[i]);
          bench_graph_depend (graph, others[j], first);
        }
    }

  return graph;
}

/* Both kinds or none: what is compared happened side by side. */
static void
add_quantiles (BenchResult *result, const Sample *samples, guint n_samples)
{
  g_autoptr (GArray) ours = g_array_new (FALSE, FALSE, sizeof (double));
  g_autoptr (GArray) gcond = g_array_new (FALSE, FALSE, sizeof (double));

  for (guint i = 0; i < n_samples; i++)
    {
      double ours_us = samples[i].ours_ns / NS_PER_US;
      double gcond_us = samples[i].gcond_ns / NS_PER_US;

      if (samples[i].ours_ns == 0 || samples[i].gcond_ns == 0)
        continue;
      g_array_append_val (ours, ours_us);
      g_array_append_val (gcond, gcond_us);
    }
  bench_result_add_sample (result, "handoffs", "1/round", ours->len);
  if (ours->len == 0)
    return;

  bench_result_add_sample (result, "dagsched_p50", "µs", bench_samples_get_quantile (ours, 0.5));
  bench_result_add_sample (result, "gcond_p50", "µs", bench_samples_get_quantile (gcond, 0.5));
  bench_result_add_sample (result, "dagsched_p99", "µs", bench_samples_get_quantile (ours, 0.99));
  bench_result_add_sample (result, "gcond_p99", "µs", bench_samples_get_quantile (gcond, 0.99));
}

static gboolean
run_round (const BenchParams *params, BenchHandoff *handoff, BenchResult *result, GError **error)
{
  guint n_samples = params->tests;
  g_autofree Sample *samples = g_new0 (Sample, n_samples);
  g_autoptr (DagschedGraph) graph = NULL;
  g_autoptr (DagschedOptions) options = bench_options_new (params->workers, params->timestamps);
  g_autoptr (DagschedScheduler) scheduler = NULL;

  for (guint i = 0; i < n_samples; i++)
    samples[i].handoff = handoff;
  graph = create_graph (samples, n_samples);
  scheduler = dagsched_scheduler_new (graph, options);
  if (!dagsched_scheduler_run (scheduler, NULL, error))
    return FALSE;

  add_quantiles (result, samples, n_samples);
  return bench_run_check (scheduler, 3 * n_samples, error);
}

static gboolean
run_all_rounds (const BenchParams *params, BenchHandoff *handoff, BenchResult *result, GError **error)
{
  g_autoptr (BenchResult) warm_up = bench_result_new (result->benchmark);

  if (!run_round (params, handoff, warm_up, error))
    return FALSE;
  for (guint i = 0; i < params->rounds; i++)
    {
      if (!run_round (params, handoff, result, error))
        return FALSE;
    }

  if (bench_result_find (result, "dagsched_p50") == NULL)
    {
      g_set_error (error, BENCH_ERROR, BENCH_ERROR_WRONG, "no test was ever handed to a parked worker");
      return FALSE;
    }
  return TRUE;
}

gboolean
bench_measure_latency (const BenchParams *params, BenchResult *result, GError **error)
{
  g_autoptr (BenchHandoff) handoff = NULL;

  if (params->workers < 2)
    {
      g_set_error (error, BENCH_ERROR, BENCH_ERROR_USAGE, "latency needs a second worker to hand tests to");
      return FALSE;
    }

  handoff = bench_handoff_new ();
  if (!run_all_rounds (params, handoff, result, error))
    return FALSE;

  bench_result_compare (result, "gcond_p50", "dagsched_p50", "gcond_p50");
  bench_result_compare (result, "gcond_p99", "dagsched_p99", "gcond_p99");
  return TRUE;
}
