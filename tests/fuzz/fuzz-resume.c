/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fuzz.h"

/* A log from which a run goes on. Whatever stands there, either it is refused or the run comes to its end. */

static DagschedOutcome
succeed (DagschedFuncTest *test, GCancellable *cancellable, gpointer data, GError **error)
{
  return DAGSCHED_OUTCOME_PASSED;
}

static DagschedGraph *
make_graph (void)
{
  static const char *const names[] = { "a", "b", "c", "d" };
  DagschedGraph *graph = dagsched_graph_new ("s");
  DagschedTest *previous = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr (DagschedFuncTest) func = dagsched_func_test_new (names[i], succeed, NULL, NULL);
      DagschedTest *test = DAGSCHED_TEST (func);

      dagsched_test_set_fixture (test, i == 0);
      g_assert_true (dagsched_graph_add_test (graph, test, NULL));
      if (previous != NULL)
        g_assert_true (
          dagsched_graph_add_dependency (graph, test, previous, DAGSCHED_CONDITION_SUCCESS, NULL));
      previous = test;
    }
  return graph;
}

FUZZ_READER (resume)
{
  g_autoptr (GFile) file = g_file_new_for_path (fuzz_file (data, size));
  g_autoptr (GError) error = NULL;
  g_autoptr (DagschedRunLog) log = dagsched_run_log_load (file, &error);
  g_autoptr (DagschedGraph) graph = NULL;
  g_autoptr (DagschedScheduler) scheduler = NULL;
  gboolean resumed;
  guint n_finished;

  if (log == NULL)
    return 0;

  graph = make_graph ();
  scheduler = dagsched_scheduler_new (graph, NULL);
  g_assert_true (dagsched_scheduler_prepare (scheduler, &error));
  resumed = dagsched_run_log_resume (log, scheduler, &n_finished, &error);
  fuzz_check_error (resumed, error);
  if (!resumed)
    return 0;

  g_assert_cmpuint (n_finished, <=, 4);
  g_assert_true (dagsched_scheduler_run (scheduler, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (dagsched_run_get_n_in_state (DAGSCHED_RUN (scheduler), DAGSCHED_STATE_FINISHED), ==, 4);
  return 0;
}
