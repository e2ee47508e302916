/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Tests that need the same things at once: 5 keys, 12 methods that need one to three of them each, every
 * method run many times. A body spins for a millisecond. The best that anybody could do is the larger of
 * the longest time that one key is needed and all work divided by the workers. */
#include "bench-clock.h"
#include "bench-error.h"
#include "bench-graph.h"
#include "bench-measurement.h"

#define N_KEYS 5
#define BODY_NS BENCH_NS_PER_MS

/* The keys of each method, one bit each. */
static const guint8 methods[] = { 1, 2, 4, 8, 16, 3, 6, 12, 24, 17, 7, 28 };

#define N_METHODS G_N_ELEMENTS (methods)

typedef struct
{
  int holders[N_KEYS]; /* (atomic) tests that hold each key */
  int n_run;           /* (atomic) */
  int n_clashes;       /* (atomic) times that a key was held twice */
} Keys;

typedef struct
{
  Keys *keys;
  guint8 needed;
} Method;

static void
hold (Keys *self, guint8 needed, int by)
{
  for (guint i = 0; i < N_KEYS; i++)
    {
      if ((needed & 1 << i) && g_atomic_int_add (&self->holders[i], by) > 0 && by > 0)
        g_atomic_int_inc (&self->n_clashes);
    }
}

static DagschedOutcome
method_body (DagschedFuncTest *test, GCancellable *cancellable, gpointer user_data, GError **error)
{
  gint64 end = bench_now () + BODY_NS;
  Method *method = user_data;

  hold (method->keys, method->needed, 1);
  g_atomic_int_inc (&method->keys->n_run);
  bench_spin_until (end);
  hold (method->keys, method->needed, -1);

  return DAGSCHED_OUTCOME_PASSED;
}

static void
get_key_name (guint key, char name[8])
{
  g_snprintf (name, 8, "key-%u", key);
}

static void
add_keys (DagschedGraph *graph)
{
  for (guint i = 0; i < N_KEYS; i++)
    {
      g_autoptr (DagschedResource) resource = NULL;
      g_autoptr (GError) error = NULL;
      char name[8];

      get_key_name (i, name);
      resource = dagsched_resource_new (name, 1);
      if (!dagsched_graph_add_resource (graph, resource, &error))
        g_error ("%s", error->message);
    }
}

/* All runs of a method after each other, as a framework lists them. */
static guint
get_method (guint test, guint n_tests)
{
  return (guint64) test * N_METHODS / n_tests;
}

static DagschedGraph *
create_graph (Method *of_methods, guint n_tests)
{
  DagschedGraph *graph = dagsched_graph_new ("contention");

  add_keys (graph);
  for (guint i = 0; i < n_tests; i++)
    {
      Method *method = &of_methods[get_method (i, n_tests)];
      g_autofree char *name = g_strdup_printf ("method-%u/%u", get_method (i, n_tests), i);
      DagschedTest *test = bench_graph_add (graph, name, method_body, method);

      for (guint j = 0; j < N_KEYS; j++)
        {
          char key[8];

          get_key_name (j, key);
          if (method->needed & 1 << j)
            dagsched_test_set_requirement (test, key, 1);
        }
    }

  return graph;
}

static gint64
get_best_ns (guint n_tests, guint workers)
{
  gint64 loads[N_KEYS] = { 0 };
  gint64 best = ((gint64) n_tests * BODY_NS + workers - 1) / workers;

  for (guint i = 0; i < n_tests; i++)
    {
      for (guint j = 0; j < N_KEYS; j++)
        loads[j] += methods[get_method (i, n_tests)] & 1 << j ? BODY_NS : 0;
    }
  for (guint i = 0; i < N_KEYS; i++)
    best = MAX (best, loads[i]);

  return best;
}

static gboolean
check (const Keys *keys, guint n_tests, GError **error)
{
  if (keys->n_clashes == 0 && (guint) keys->n_run == n_tests)
    return TRUE;

  g_set_error (error, BENCH_ERROR, BENCH_ERROR_WRONG,
               "dagsched: of %u tests %d ran, and a key was held twice %d times", n_tests, keys->n_run,
               keys->n_clashes);
  return FALSE;
}

static gboolean
run_round (const BenchParams *params, BenchResult *result, GError **error)
{
  Keys keys = { 0 };
  Method of_methods[N_METHODS];
  g_autoptr (DagschedGraph) graph = NULL;
  g_autoptr (DagschedOptions) options = bench_options_new (params->workers, params->timestamps);
  g_autoptr (DagschedScheduler) scheduler = NULL;

  for (guint i = 0; i < N_METHODS; i++)
    of_methods[i] = (Method){ .keys = &keys, .needed = methods[i] };
  graph = create_graph (of_methods, params->tests);
  scheduler = dagsched_scheduler_new (graph, options);
  if (!dagsched_scheduler_run (scheduler, NULL, error) || !check (&keys, params->tests, error))
    return FALSE;

  bench_result_add_sample (result, "dagsched", "ms",
                           dagsched_run_get_elapsed (DAGSCHED_RUN (scheduler)) * 1e3);
  bench_result_add_sample (result, "best", "ms",
                           (double) get_best_ns (params->tests, params->workers) / BENCH_NS_PER_MS);
  return bench_run_check (scheduler, params->tests, error);
}

gboolean
bench_measure_contention (const BenchParams *params, BenchResult *result, GError **error)
{
  for (guint i = 0; i < params->rounds; i++)
    {
      if (!run_round (params, result, error))
        return FALSE;
    }

  bench_result_compare (result, "best", "dagsched", "best");
  return TRUE;
}
