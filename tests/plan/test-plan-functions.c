/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <dagsched.h>

#include "plan/dagsched-plan-private.h"

static DagschedOutcome
pass (DagschedFuncTest *test, GCancellable *cancellable, gpointer data, GError **error)
{
  g_assert_true (DAGSCHED_IS_FUNC_TEST (test));
  *(guint *) data += 1;
  return DAGSCHED_OUTCOME_PASSED;
}

static DagschedOutcome
fail (DagschedFuncTest *test, GCancellable *cancellable, gpointer data, GError **error)
{
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "%s: %s", dagsched_test_get_name (DAGSCHED_TEST (test)),
               (const char *) data);
  return DAGSCHED_OUTCOME_FAILED;
}

static void
take (DagschedGraph *graph, gpointer test)
{
  g_autoptr (GError) error = NULL;

  dagsched_graph_add_test (graph, test, &error);
  g_assert_no_error (error);
  g_object_unref (test);
}

static DagschedPlan *
compile (DagschedGraph *graph)
{
  g_autoptr (GError) error = NULL;
  DagschedPlan *plan = dagsched_plan_new (graph, NULL, &error);

  g_assert_no_error (error);
  return plan;
}

static void
test_one (void)
{
  g_autoptr (DagschedGraph) graph = dagsched_graph_new ("functions");
  g_autoptr (DagschedPlan) plan = NULL;
  const DagschedPlanView *view;
  guint n_calls[2] = { 0 };

  take (graph, dagsched_func_test_new ("a", pass, &n_calls[0], NULL));
  take (graph, dagsched_func_test_new ("b", pass, &n_calls[1], NULL));
  plan = compile (graph);
  view = dagsched_plan_get_view (plan);
  g_assert_null (view->function);
  g_assert_cmpint (dagsched_plan_view_call (view, 0, NULL, NULL), ==, DAGSCHED_OUTCOME_PASSED);
  g_assert_cmpint (dagsched_plan_view_call (view, 1, NULL, NULL), ==, DAGSCHED_OUTCOME_PASSED);
  g_assert_cmpuint (n_calls[0], ==, 1);
  g_assert_cmpuint (n_calls[1], ==, 1);
}

static void
test_mixed (void)
{
  g_autoptr (DagschedGraph) graph = dagsched_graph_new ("functions");
  g_autoptr (DagschedPlan) plan = NULL;
  g_autoptr (GError) error = NULL;
  const char *argv[] = { "true", NULL };
  const DagschedPlanView *view;
  guint n_calls = 0;

  take (graph, dagsched_command_test_new ("process", argv));
  take (graph, dagsched_func_test_new ("passes", pass, &n_calls, NULL));
  take (graph, dagsched_func_test_new ("fails", fail, (gpointer) "wanted to", NULL));
  plan = compile (graph);
  view = dagsched_plan_get_view (plan);
  g_assert_null (view->functions[view->function[0]]);
  g_assert_cmpint (dagsched_plan_view_call (view, 1, NULL, NULL), ==, DAGSCHED_OUTCOME_PASSED);
  g_assert_cmpuint (n_calls, ==, 1);
  g_assert_cmpint (dagsched_plan_view_call (view, 2, NULL, &error), ==, DAGSCHED_OUTCOME_FAILED);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_FAILED);
  g_assert_cmpstr (error->message, ==, "fails: wanted to");
}

static void
test_none (void)
{
  g_autoptr (DagschedGraph) graph = dagsched_graph_new ("functions");
  g_autoptr (DagschedPlan) empty = compile (graph), plan = NULL;
  const char *argv[] = { "true", NULL };

  g_assert_null (dagsched_plan_get_view (empty)->functions[0]);
  take (graph, dagsched_command_test_new ("process", argv));
  plan = compile (graph);
  g_assert_null (dagsched_plan_get_view (plan)->functions[0]);
  g_assert_null (dagsched_plan_get_view (plan)->user_data);
}

/* More functions than 16 bits number: their tests are called through their class. */
static void
test_very_many (void)
{
  g_autoptr (DagschedGraph) graph = dagsched_graph_new ("functions");
  g_autoptr (DagschedPlan) plan = NULL;
  const DagschedPlanView *view;
  guint n_calls = 0;

  take (graph, dagsched_func_test_new ("called", pass, &n_calls, NULL));
  for (gsize i = 1; i <= G_MAXUINT16 + 1; i++)
    {
      g_autofree char *name = g_strdup_printf ("never-called-%" G_GSIZE_FORMAT, i);

      take (graph, dagsched_func_test_new (name, (DagschedTestFunc) i, NULL, NULL));
    }
  plan = compile (graph);
  view = dagsched_plan_get_view (plan);
  g_assert_null (view->function);
  g_assert_null (view->functions[0]);
  g_assert_cmpint (dagsched_plan_view_call (view, 0, NULL, NULL), ==, DAGSCHED_OUTCOME_PASSED);
  g_assert_cmpuint (n_calls, ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/plan/functions/one", test_one);
  g_test_add_func ("/plan/functions/mixed", test_mixed);
  g_test_add_func ("/plan/functions/none", test_none);
  g_test_add_func ("/plan/functions/very-many", test_very_many);

  return g_test_run ();
}
