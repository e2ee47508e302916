/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <dagsched.h>

#include "model/dagsched-test-private.h"
#include "plan/dagsched-plan-private.h"

#include "../model/graph-text.h"

static const DagschedPlanParams default_params = DAGSCHED_PLAN_PARAMS_INIT;

static DagschedPlan *
compile (DagschedGraph *graph, DagschedSelection *selection, const DagschedPlanParams *params)
{
  g_autoptr (GError) error = NULL;
  DagschedPlan *plan = dagsched_plan_compile (graph, selection, params, &error);

  g_assert_no_error (error);
  g_assert_nonnull (plan);

  return plan;
}

static DagschedTest *
lookup (DagschedPlan *plan, const char *name)
{
  DagschedTest *test = dagsched_graph_lookup (dagsched_plan_get_graph (plan), name);

  g_assert_nonnull (test);

  return test;
}

static guint32
number_of (DagschedPlan *plan, const char *name)
{
  guint32 number;

  g_assert_true (dagsched_plan_lookup (plan, lookup (plan, name), &number));

  return number;
}

static void
append_name (GString *text, DagschedTest *test)
{
  if (text->len > 0)
    g_string_append_c (text, ' ');
  g_string_append (text, dagsched_test_get_name (test));
  if (dagsched_test_get_repetition (test) > 1)
    g_string_append_printf (text, "#%u", dagsched_test_get_repetition (test));
}

static void
assert_tests (DagschedPlan *plan, const char *expected)
{
  const DagschedPlanView *view = dagsched_plan_get_view (plan);
  g_autoptr (GString) names = g_string_new (NULL);

  for (guint32 i = 0; i < view->n_tests; i++)
    append_name (names, view->tests[i]);
  g_assert_cmpstr (names->str, ==, expected);
}

static char *
dup_list (DagschedPlan *plan, const guint32 *first, const guint32 *list, guint32 number, gboolean packed)
{
  const DagschedPlanView *view = dagsched_plan_get_view (plan);
  GString *names = g_string_new (NULL);

  for (guint32 i = first[number]; i < first[number + 1]; i++)
    {
      append_name (names, view->tests[packed ? DAGSCHED_DEPENDENT_NUMBER (list[i]) : list[i]]);
      if (packed)
        g_string_append (names, &" \0*\0!"[2 * DAGSCHED_DEPENDENT_CONDITION (list[i])]);
    }

  return g_strchomp (g_string_free (names, FALSE));
}

/* The dependencies of a test, as they are packed: "a b* c!", each condition but success marked. */
static void
assert_dependencies (DagschedPlan *plan, guint32 number, const char *expected)
{
  const DagschedPlanView *view = dagsched_plan_get_view (plan);
  g_autofree char *names = dup_list (plan, view->first_dependency, view->dependencies, number, TRUE);
  g_auto (GStrv) words = g_strsplit_set (names, " ", -1);
  g_autoptr (GString) tidy = g_string_new (NULL);

  for (guint i = 0; words[i] != NULL; i++)
    {
      if (*words[i] != '\0')
        g_string_append_printf (tidy, "%s%s", tidy->len > 0 ? " " : "", words[i]);
    }
  g_assert_cmpstr (tidy->str, ==, expected);
}

static void
assert_fixtures (DagschedPlan *plan, guint32 number, const char *values, const char *held)
{
  const DagschedPlanView *view = dagsched_plan_get_view (plan);
  g_autofree char *value_names = dup_list (plan, view->first_fixture, view->fixtures, number, FALSE);
  g_autofree char *held_names = dup_list (plan, view->first_held, view->held, number, FALSE);

  g_assert_cmpstr (value_names, ==, values);
  g_assert_cmpstr (held_names, ==, held);
}

static void
assert_selected (const char *text,
                 const char *filters,
                 const char *excludes,
                 gboolean deps,
                 const char *expected)
{
  g_autoptr (DagschedGraph) graph = graph_text_parse (text);
  g_autoptr (DagschedSelection) selection = dagsched_selection_new ();
  g_auto (GStrv) filter = g_strsplit (filters, " ", -1), exclude = g_strsplit (excludes, " ", -1);
  g_autoptr (DagschedPlan) plan = NULL;

  for (guint i = 0; filter[i] != NULL; i++)
    dagsched_selection_add_filter (selection, filter[i]);
  for (guint i = 0; exclude[i] != NULL; i++)
    dagsched_selection_add_exclude (selection, exclude[i]);
  dagsched_selection_set_with_dependencies (selection, deps);
  plan = compile (graph, selection, &default_params);
  assert_tests (plan, expected);
}

static void
test_closure (void)
{
  assert_selected ("a b<a c<b d<c! e", "c", "", TRUE, "a b c");
  assert_selected ("a b<a c<b d<c! e", "d", "", TRUE, "a b c d");
  assert_selected ("a b<a c<b d", "c d", "", FALSE, "c d");
  assert_selected ("a b<a c<b<x x", "c", "b", TRUE, "c x");
  assert_selected ("a b<a c<b", "*", "b", TRUE, "a c");
  assert_selected ("a b", "zzz", "", TRUE, "");
  assert_selected ("ab/x ab/y b/x", "ab/?", "", TRUE, "ab/x ab/y");
}

static void
test_fixture_closure (void)
{
  const char *text = "start[stop] use<start other<start stop<tool tool z";

  assert_selected (text, "use", "", TRUE, "start use stop tool");
  assert_selected (text, "stop", "", TRUE, "start stop tool");
  assert_selected (text, "start", "", TRUE, "start stop tool");
  assert_selected (text, "use", "stop", TRUE, "start use");
  assert_selected (text, "use", "start", TRUE, "use");
  assert_selected (text, "stop", "", FALSE, "stop");
}

static void
test_edges (void)
{
  g_autoptr (DagschedGraph) graph = graph_text_parse ("a b<a<a* c<b!<a<a d<c e<x<a x");
  g_autoptr (DagschedSelection) selection = dagsched_selection_new ();
  g_autoptr (DagschedPlan) plan = compile (graph, NULL, &default_params);
  const DagschedPlanView *view = dagsched_plan_get_view (plan);
  g_autoptr (DagschedPlan) part = NULL;

  assert_dependencies (plan, 0, "");
  assert_dependencies (plan, 1, "a a*");
  assert_dependencies (plan, 2, "b! a");
  assert_dependencies (plan, 4, "x a");
  g_assert_cmpuint (view->first_dependent[1] - view->first_dependent[0], ==, 4);
  g_assert_cmpuint (view->dependents[0], ==, DAGSCHED_PACK_DEPENDENT (1, DAGSCHED_CONDITION_SUCCESS));
  g_assert_cmpuint (view->dependents[1], ==, DAGSCHED_PACK_DEPENDENT (1, DAGSCHED_CONDITION_ALWAYS));
  g_assert_cmpuint (view->dependents[3], ==, DAGSCHED_PACK_DEPENDENT (4, DAGSCHED_CONDITION_SUCCESS));
  g_assert_null (view->n_holders);

  dagsched_selection_add_exclude (selection, "a");
  part = compile (graph, selection, &default_params);
  assert_tests (part, "b c d e x");
  assert_dependencies (part, 0, "");
  assert_dependencies (part, 1, "b!");
  assert_dependencies (part, 3, "x");
}

static void
test_fixtures (void)
{
  g_autoptr (DagschedGraph) graph = graph_text_parse (
    "outer[outer-stop] inner[inner-stop]<outer use<inner fail<use! inner-stop outer-stop<outer");
  g_autoptr (DagschedPlan) plan = compile (graph, NULL, &default_params);
  const DagschedPlanView *view = dagsched_plan_get_view (plan);

  assert_dependencies (plan, number_of (plan, "inner-stop"), "inner* use*");
  assert_dependencies (plan, number_of (plan, "outer-stop"), "outer* inner* inner-stop* use*");
  assert_fixtures (plan, number_of (plan, "use"), "outer inner", "");
  assert_fixtures (plan, number_of (plan, "fail"), "", "");
  assert_fixtures (plan, number_of (plan, "inner"), "outer", "");
  assert_fixtures (plan, number_of (plan, "inner-stop"), "outer inner", "inner");
  assert_fixtures (plan, number_of (plan, "outer-stop"), "outer", "outer");
  g_assert_cmpuint (view->n_holders[0], ==, 1);
  g_assert_cmpuint (view->n_holders[1], ==, 1);
  g_assert_cmpuint (view->n_holders[2], ==, 0);
  g_assert_cmpuint (view->cleanup_of[4], ==, 1);
  g_assert_cmpuint (view->cleanup_of[5], ==, 0);
  g_assert_cmpuint (view->cleanup_of[0], ==, DAGSCHED_NO_TEST);
}

static void
test_fixtures_without_cleanup (void)
{
  g_autoptr (DagschedGraph) graph = graph_text_parse ("f[] g[]<f a<f b<g<f* lone[]");
  g_autoptr (DagschedPlan) plan = compile (graph, NULL, &default_params);
  const DagschedPlanView *view = dagsched_plan_get_view (plan);

  assert_fixtures (plan, 1, "f", "f");
  assert_fixtures (plan, 2, "f", "f");
  assert_fixtures (plan, 3, "g f", "f g");
  assert_fixtures (plan, 4, "", "lone");
  g_assert_cmpuint (view->n_holders[0], ==, 3);
  g_assert_cmpuint (view->n_holders[1], ==, 1);
  g_assert_cmpuint (view->n_holders[4], ==, 1);
}

/* A cleanup runs whatever became of the fixture, also if it says that it depends on it. */
static void
test_cleanup_condition (void)
{
  g_autoptr (DagschedGraph) graph = graph_text_parse ("f[c] u<f c<f<u<x x");
  g_autoptr (DagschedPlan) plan = compile (graph, NULL, &default_params);

  assert_dependencies (plan, number_of (plan, "c"), "f* u* x");
}

static void
test_repeat (void)
{
  DagschedPlanParams params = default_params;
  g_autoptr (DagschedGraph) graph = graph_text_parse ("f[c] u<f c free[] v<free");
  g_autoptr (DagschedPlan) plan = NULL, once = NULL;
  const DagschedPlanView *view;
  guint32 number;

  params.repeat = 3;
  plan = compile (graph, NULL, &params);
  view = dagsched_plan_get_view (plan);
  assert_tests (plan, "f u c free v f#2 u#2 c#2 free#2 v#2 f#3 u#3 c#3 free#3 v#3");
  assert_dependencies (plan, 1, "f");
  assert_dependencies (plan, 5, "f* c*");
  assert_dependencies (plan, 6, "f#2 u*");
  assert_dependencies (plan, 7, "f#2* u#2* c*");
  assert_dependencies (plan, 8, "free* v*");
  assert_dependencies (plan, 10, "f#2* c#2*");
  assert_fixtures (plan, 11, "f#3", "");
  assert_fixtures (plan, 12, "f#3", "f#3");
  assert_fixtures (plan, 14, "free#3", "free#3");
  g_assert_cmpuint (view->cleanup_of[12], ==, 10);
  g_assert_true (dagsched_plan_view_get_profile (view, 14) == dagsched_plan_view_get_profile (view, 4));
  g_assert_cmpuint (dagsched_test_get_repetition (view->tests[0]), ==, 1);
  for (guint32 i = 0; i < view->n_tests; i++)
    {
      g_assert_true (dagsched_plan_lookup (plan, view->tests[i], &number));
      g_assert_cmpuint (number, ==, i);
    }

  once = compile (graph, NULL, &default_params);
  g_assert_cmpuint (dagsched_test_get_repetition (view->tests[0]), ==, 0);
  g_assert_false (dagsched_plan_lookup (once, view->tests[5], &number));
}

/* A repetition that outlives its plan does not point to what went with it. */
static void
test_outlive (void)
{
  DagschedPlanParams params = default_params;
  g_autoptr (DagschedGraph) graph = graph_text_parse ("a b<a");
  DagschedTestEnd end = { .outcome = DAGSCHED_OUTCOME_BLOCKED };
  g_autoptr (DagschedTest) b = NULL;
  DagschedPlan *plan;

  params.repeat = 2;
  plan = compile (graph, NULL, &params);
  b = g_list_model_get_item (G_LIST_MODEL (plan), 3);
  end.blocked_by = dagsched_plan_get_view (plan)->tests[2];
  dagsched_test_become_finished (b, &end);
  g_assert_nonnull (dagsched_test_get_blocked_by (b));
  g_object_unref (plan);
  g_assert_null (dagsched_test_get_blocked_by (b));
}

static void
test_too_many (void)
{
  DagschedPlanParams params = default_params;
  g_autoptr (DagschedGraph) graph = graph_text_parse ("a b");
  g_autoptr (GError) error = NULL;

  params.repeat = DAGSCHED_MAX_TESTS / 2;
  g_assert_null (dagsched_plan_compile (graph, NULL, &params, &error));
  g_assert_error (error, DAGSCHED_ERROR, DAGSCHED_ERROR_OPTION);
}

static void
test_invalid (void)
{
  g_autoptr (DagschedGraph) graph = graph_text_parse ("a<b b<a");
  g_autoptr (GError) error = NULL;

  g_assert_null (dagsched_plan_new (graph, NULL, &error));
  g_assert_error (error, DAGSCHED_ERROR, DAGSCHED_ERROR_CYCLE);
}

static void
test_empty (void)
{
  g_autoptr (DagschedGraph) graph = dagsched_graph_new (NULL);
  g_autoptr (DagschedPlan) plan = compile (graph, NULL, &default_params);
  g_autoptr (DagschedSelection) selection = dagsched_selection_new ();
  g_autoptr (DagschedPlan) selected = compile (graph, selection, &default_params);

  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (plan)), ==, 0);
  g_assert_cmpuint (dagsched_plan_get_view (selected)->n_tests, ==, 0);
  g_assert_cmpfloat (dagsched_plan_get_critical_path (plan), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/plan/closure", test_closure);
  g_test_add_func ("/plan/fixture-closure", test_fixture_closure);
  g_test_add_func ("/plan/edges", test_edges);
  g_test_add_func ("/plan/fixtures", test_fixtures);
  g_test_add_func ("/plan/fixtures-without-cleanup", test_fixtures_without_cleanup);
  g_test_add_func ("/plan/cleanup-condition", test_cleanup_condition);
  g_test_add_func ("/plan/repeat", test_repeat);
  g_test_add_func ("/plan/outlive", test_outlive);
  g_test_add_func ("/plan/too-many", test_too_many);
  g_test_add_func ("/plan/invalid", test_invalid);
  g_test_add_func ("/plan/empty", test_empty);

  return g_test_run ();
}
