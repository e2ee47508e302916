/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* How good schedules are: graphs whose durations are known are carried out in virtual time, in each order,
 * and compared with what no schedule can beat. The engine is the real one. */
#include "bench-clock.h"
#include "bench-error.h"
#include "bench-graph.h"
#include "bench-instance.h"
#include "bench-measurement.h"
#include "executor/dagsched-simulated-executor-private.h"
#include "run/dagsched-scheduler-private.h"

#define UNIT "× bound"

/* What is asked of each graph where --workers does not say. */
static const guint all_workers[] = { 2, 4, 8, 16, 32, 64 };

/* The first is what a run does that is not told. */
static const struct
{
  const char *name;
  DagschedOrder order;
} orders[] = {
  { "default", DAGSCHED_ORDER_AUTO },    { "critical_path", DAGSCHED_ORDER_CRITICAL_PATH },
  { "longest", DAGSCHED_ORDER_LONGEST }, { "declaration", DAGSCHED_ORDER_DECLARATION },
  { "random", DAGSCHED_ORDER_RANDOM },
};

typedef struct
{
  const BenchParams *params;
  const BenchInstance *instance;
  DagschedGraph *graph;
  BenchResult *result;
} Round;

static DagschedExecutor *
create_executor (const BenchInstance *instance, const DagschedPlanView *view)
{
  g_autofree gint64 *durations_ns = g_new (gint64, view->n_tests + 1);

  g_assert (view->n_tests == instance->tasks->len);
  for (guint32 i = 0; i < view->n_tests; i++)
    durations_ns[i] = g_array_index (instance->tasks, BenchTask, i).duration_ns;

  return dagsched_simulated_executor_new (view->n_tests, durations_ns, NULL);
}

static gint64
find_makespan (Round *self, DagschedOrder order, guint workers, GError **error)
{
  g_autoptr (DagschedOptions) options = bench_options_new (workers, TRUE);
  g_autoptr (DagschedScheduler) scheduler = NULL;
  g_autoptr (DagschedExecutor) executor = NULL;

  g_object_set (options, "order", order, "seed", (guint64) self->params->seed, NULL);
  scheduler = dagsched_scheduler_new (self->graph, options);
  if (!dagsched_scheduler_prepare (scheduler, error))
    return -1;

  executor = create_executor (self->instance, scheduler->view);
  dagsched_scheduler_set_executor (scheduler, executor);
  if (!dagsched_scheduler_run (scheduler, NULL, error) ||
      !bench_run_check (scheduler, self->instance->tasks->len, error))
    return -1;

  return dagsched_simulated_executor_get_now_ns (DAGSCHED_SIMULATED_EXECUTOR (executor));
}

static gboolean
measure_order (Round *self, guint order, guint workers, gint64 bound, GError **error)
{
  gint64 makespan = find_makespan (self, orders[order].order, workers, error);
  g_autofree char *figure = g_strdup_printf ("%s_%s", orders[order].name, self->instance->name);

  if (makespan < 0)
    return FALSE;
  if (makespan < bound)
    {
      g_set_error (error, BENCH_ERROR, BENCH_ERROR_WRONG,
                   "%s with %u workers: a makespan of %g s is less than is possible (%g s)", figure, workers,
                   (double) makespan / BENCH_NS_PER_SECOND, (double) bound / BENCH_NS_PER_SECOND);
      return FALSE;
    }

  if (bound > 0)
    bench_result_add_sample (self->result, figure, UNIT, (double) makespan / (double) bound);
  return TRUE;
}

static gboolean
measure_workers (Round *self, guint workers, GError **error)
{
  gint64 bound = bench_instance_get_bound_ns (self->instance, workers);

  for (guint i = 0; i < G_N_ELEMENTS (orders); i++)
    {
      if (!measure_order (self, i, workers, bound, error))
        return FALSE;
    }

  return TRUE;
}

/* Takes INSTANCE. */
static gboolean
measure_instance (const BenchParams *params, BenchInstance *instance, BenchResult *result, GError **error)
{
  g_autoptr (BenchInstance) owned G_GNUC_UNUSED = instance;
  g_autoptr (DagschedGraph) graph = bench_instance_create_graph (instance);
  Round round = { .params = params, .instance = instance, .graph = graph, .result = result };

  if (params->workers > 0)
    return measure_workers (&round, params->workers, error);

  for (guint i = 0; i < G_N_ELEMENTS (all_workers); i++)
    {
      if (!measure_workers (&round, all_workers[i], error))
        return FALSE;
    }

  return TRUE;
}

/* Takes LOG. */
static gboolean
measure_log (const BenchParams *params, GFile *log, BenchResult *result, GError **error)
{
  g_autoptr (GFile) owned G_GNUC_UNUSED = log;
  BenchInstance *instance = bench_recorded_load (log, error);

  return instance != NULL && measure_instance (params, instance, result, error);
}

/* What was recorded when these benchmarks were written: see data/README.md. */
static gboolean
measure_samples (const BenchParams *params, BenchResult *result, GError **error)
{
  static const char *const samples[] = { "build", "glib" };

  for (guint i = 0; i < G_N_ELEMENTS (samples); i++)
    {
      g_autofree char *uri = g_strdup_printf ("resource:///org/dagsched/bench/%s.jsonl", samples[i]);

      if (!measure_log (params, g_file_new_for_uri (uri), result, error))
        return FALSE;
    }

  return TRUE;
}

static gboolean
measure_families (const BenchParams *params, BenchResult *result, GError **error)
{
  for (guint family = 0; family < bench_families_count (); family++)
    {
      for (guint i = 0; i < params->rounds; i++)
        {
          guint32 seed = params->seed * params->rounds + i;

          if (!measure_instance (params, bench_families_create (family, params->tests, seed), result, error))
            return FALSE;
        }
    }

  return measure_instance (params, bench_contention_create (params->tests), result, error);
}

/* What an order comes to over all graphs. */
static void
sum_up (BenchResult *result, const char *order)
{
  g_autofree char *prefix = g_strconcat (order, "_", NULL);
  guint n_figures = result->figures->len;

  for (guint i = 0; i < n_figures; i++)
    {
      const BenchFigure *figure = g_ptr_array_index (result->figures, i);

      for (guint j = 0; g_str_has_prefix (figure->name, prefix) && j < figure->samples->len; j++)
        bench_result_add_sample (result, order, UNIT, g_array_index (figure->samples, double, j));
    }
}

gboolean
bench_measure_makespan (const BenchParams *params, BenchResult *result, GError **error)
{
  for (guint i = 0; params->logs != NULL && params->logs[i] != NULL; i++)
    {
      if (!measure_log (params, g_file_new_for_commandline_arg (params->logs[i]), result, error))
        return FALSE;
    }

  if (params->logs == NULL &&
      (!measure_families (params, result, error) || !measure_samples (params, result, error)))
    return FALSE;

  for (guint i = 0; i < G_N_ELEMENTS (orders); i++)
    sum_up (result, orders[i].name);
  bench_result_add_sample (result, "bound", UNIT, 1);
  bench_result_compare (result, "best", orders[0].name, "bound");
  return TRUE;
}
