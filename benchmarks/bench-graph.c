/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "bench-graph.h"

#include "bench-error.h"

DagschedOutcome
bench_graph_trivial_body (DagschedFuncTest *test,
                          GCancellable *cancellable,
                          gpointer user_data,
                          GError **error)
{
  return DAGSCHED_OUTCOME_PASSED;
}

DagschedTest *
bench_graph_add (DagschedGraph *graph, const char *name, DagschedTestFunc body, gpointer data)
{
  g_autoptr (DagschedFuncTest) test = dagsched_func_test_new (name, body, data, NULL);
  g_autoptr (GError) error = NULL;

  if (!dagsched_graph_add_test (graph, DAGSCHED_TEST (test), &error))
    g_error ("%s", error->message);

  return DAGSCHED_TEST (test);
}

void
bench_graph_depend (DagschedGraph *graph, DagschedTest *dependent, DagschedTest *dependency)
{
  g_autoptr (GError) error = NULL;

  if (!dagsched_graph_add_dependency (graph, dependent, dependency, DAGSCHED_CONDITION_SUCCESS, &error))
    g_error ("%s", error->message);
}

DagschedGraph *
bench_graph_new (const BenchShape *shape, DagschedTestFunc body, gpointer data, gsize stride)
{
  DagschedGraph *graph = dagsched_graph_new ("benchmark");
  g_autofree DagschedTest **tests = g_new (DagschedTest *, shape->n_tests + 1);

  for (guint32 i = 0; i < shape->n_tests; i++)
    {
      gpointer own = stride > 0 ? (char *) data + i * stride : data;
      char name[32];

      g_snprintf (name, sizeof name, "test-%u", i);
      tests[i] = bench_graph_add (graph, name, body, own);
      for (guint32 j = shape->dependencies.first[i]; j < shape->dependencies.first[i + 1]; j++)
        bench_graph_depend (graph, tests[i], tests[shape->dependencies.list[j]]);
    }

  return graph;
}

DagschedOptions *
bench_options_new (guint workers, gboolean timestamps)
{
  return g_object_new (DAGSCHED_TYPE_OPTIONS, "n-workers", workers, "timestamps", timestamps, NULL);
}

gboolean
bench_run_check (DagschedScheduler *scheduler, guint n_tests, GError **error)
{
  guint n_passed = dagsched_run_get_n_with_outcome (DAGSCHED_RUN (scheduler), DAGSCHED_OUTCOME_PASSED);

  if (n_passed == n_tests)
    return TRUE;

  g_set_error (error, BENCH_ERROR, BENCH_ERROR_WRONG, "dagsched: of %u tests only %u passed", n_tests,
               n_passed);
  return FALSE;
}
