/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <dagsched.h>

#include "model/dagsched-graph-private.h"
#include "model/dagsched-test-private.h"

#include "graph-text.h"

static void
assert_problems (DagschedGraph *graph, const char *expected)
{
  g_auto (GStrv) problems = dagsched_graph_list_problems (graph);
  g_autofree char *joined = g_strjoinv ("\n", problems);
  g_autoptr (GError) error = NULL;

  g_assert_cmpstr (joined, ==, expected);
  g_assert_cmpint (dagsched_graph_validate (graph, &error), ==, expected[0] == '\0');
  if (error != NULL)
    g_assert_cmpstr (error->message, ==, expected);
}

static void
test_list_model (void)
{
  g_autoptr (DagschedGraph) graph = graph_text_parse ("a b c");
  g_autoptr (DagschedTest) b = g_list_model_get_item (G_LIST_MODEL (graph), 1);

  g_assert_true (g_list_model_get_item_type (G_LIST_MODEL (graph)) == DAGSCHED_TYPE_TEST);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (graph)), ==, 3);
  g_assert_cmpstr (dagsched_test_get_name (b), ==, "b");
  g_assert_null (g_list_model_get_item (G_LIST_MODEL (graph), 3));
  g_assert_true (dagsched_graph_lookup (graph, "b") == b);
  g_assert_null (dagsched_graph_lookup (graph, "d"));
}

static void
count_items (GListModel *model, guint position, guint removed, guint added, gpointer user_data)
{
  guint *n_items = user_data;

  g_assert_cmpuint (position, ==, *n_items);
  g_assert_cmpuint (removed, ==, 0);
  *n_items += added;
}

static void
test_items_changed (void)
{
  g_autoptr (DagschedGraph) graph = dagsched_graph_new (NULL);
  guint n_items = 0;

  g_signal_connect (graph, "items-changed", G_CALLBACK (count_items), &n_items);
  graph_text_add (graph, "a");
  graph_text_add (graph, "b");
  g_assert_cmpuint (n_items, ==, 2);
}

static void
test_name (void)
{
  g_autoptr (DagschedGraph) graph = dagsched_graph_new ("one");
  g_autofree char *name = NULL;

  g_assert_cmpstr (dagsched_graph_get_name (graph), ==, "one");
  g_object_set (graph, "name", "two", NULL);
  g_object_get (graph, "name", &name, NULL);
  g_assert_cmpstr (name, ==, "two");
}

static void
test_duplicates (void)
{
  g_autoptr (DagschedGraph) graph = graph_text_parse ("a b"), other = dagsched_graph_new (NULL);
  g_autoptr (DagschedTest) again = DAGSCHED_TEST (dagsched_func_test_new ("a", graph_text_pass, NULL, NULL));
  DagschedTest *a = dagsched_graph_lookup (graph, "a");
  g_autoptr (GError) error = NULL;

  g_assert_false (dagsched_graph_add_test (graph, again, &error));
  g_assert_error (error, DAGSCHED_ERROR, DAGSCHED_ERROR_DUPLICATE_TEST);
  g_assert_cmpstr (error->message, ==, "a test named \"a\" was added already: names must differ");
  g_clear_error (&error);

  dagsched_test_set_origin (a, "suite.json: tests[0]");
  dagsched_test_set_origin (again, "other.json: tests[7]");
  g_assert_false (dagsched_graph_add_test (graph, again, &error));
  g_assert_nonnull (strstr (error->message, "suite.json: tests[0]"));
  g_assert_nonnull (strstr (error->message, "other.json: tests[7]"));
  g_clear_error (&error);

  g_assert_false (dagsched_graph_add_test (graph, a, &error));
  g_assert_error (error, DAGSCHED_ERROR, DAGSCHED_ERROR_DUPLICATE_TEST);
  g_clear_error (&error);

  g_assert_false (dagsched_graph_add_test (other, a, &error));
  g_assert_error (error, DAGSCHED_ERROR, DAGSCHED_ERROR_FAILED);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (graph)), ==, 2);
}

static void
test_dependencies (void)
{
  g_autoptr (DagschedGraph) graph = graph_text_parse ("a<b*<c! b c");
  g_autoptr (DagschedTest) stranger =
    DAGSCHED_TEST (dagsched_func_test_new ("x", graph_text_pass, NULL, NULL));
  DagschedTest *a = dagsched_graph_lookup (graph, "a"), *b = dagsched_graph_lookup (graph, "b");
  DagschedCondition condition;
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (dagsched_graph_get_n_dependencies (graph, a), ==, 2);
  g_assert_true (dagsched_graph_get_dependency (graph, a, 0, &condition) == b);
  g_assert_cmpint (condition, ==, DAGSCHED_CONDITION_ALWAYS);
  dagsched_graph_get_dependency (graph, a, 1, &condition);
  g_assert_cmpint (condition, ==, DAGSCHED_CONDITION_FAILURE);
  g_assert_null (dagsched_graph_get_dependency (graph, a, 2, NULL));
  g_assert_cmpuint (dagsched_graph_get_n_dependencies (graph, b), ==, 0);

  g_assert_false (dagsched_graph_add_dependency (graph, stranger, a, DAGSCHED_CONDITION_SUCCESS, &error));
  g_assert_error (error, DAGSCHED_ERROR, DAGSCHED_ERROR_UNKNOWN_TEST);
  g_assert_nonnull (strstr (error->message, "\"x\""));
  g_clear_error (&error);
  g_assert_false (dagsched_graph_add_dependency (graph, a, stranger, DAGSCHED_CONDITION_SUCCESS, &error));
  g_assert_nonnull (strstr (error->message, "\"x\""));
}

/* The array of edges grows by rules of its own. */
static void
test_many_dependencies (void)
{
  g_autoptr (DagschedGraph) graph = dagsched_graph_new (NULL);
  DagschedTest *last = graph_text_add (graph, "last");

  for (guint i = 0; i < 1000; i++)
    {
      g_autofree char *name = g_strdup_printf ("t%u", i);

      g_assert_true (dagsched_graph_add_dependency (graph, last, graph_text_add (graph, name),
                                                    DAGSCHED_CONDITION_SUCCESS, NULL));
    }
  for (guint i = 0; i < 1000; i++)
    {
      g_autofree char *name = g_strdup_printf ("t%u", i);

      g_assert_cmpstr (dagsched_test_get_name (dagsched_graph_get_dependency (graph, last, i, NULL)), ==,
                       name);
    }
}

static void
test_unknown_names (void)
{
  g_autoptr (DagschedGraph) graph = graph_text_parse ("setup_db query<setup-db report<zzz");

  dagsched_graph_add_dependency_by_name (graph, dagsched_graph_lookup (graph, "query"), "set_up_db",
                                         DAGSCHED_CONDITION_SUCCESS, "suite.json: tests[3].depends[0]");
  assert_problems (
    graph, "test \"query\" depends on \"setup-db\", but no test is named so (did you mean \"setup_db\"?)\n"
           "test \"report\" depends on \"zzz\", but no test is named so\n"
           "suite.json: tests[3].depends[0]: no test is named \"set_up_db\" (did you mean \"setup_db\"?)");

  graph_text_add (graph, "setup-db");
  graph_text_add (graph, "zzz");
  graph_text_add (graph, "set_up_db");
  assert_problems (graph, "");
  g_assert_cmpuint (dagsched_graph_get_n_dependencies (graph, dagsched_graph_lookup (graph, "query")), ==, 2);
}

static void
test_error_code (void)
{
  g_autoptr (DagschedGraph) graph = graph_text_parse ("a<x a<a");
  g_autoptr (GError) error = NULL;

  g_assert_false (dagsched_graph_validate (graph, &error));
  g_assert_error (error, DAGSCHED_ERROR, DAGSCHED_ERROR_UNKNOWN_TEST);
  g_clear_error (&error);
  graph_text_add (graph, "x");
  g_assert_false (dagsched_graph_validate (graph, &error));
  g_assert_error (error, DAGSCHED_ERROR, DAGSCHED_ERROR_CYCLE);
}

static void
test_cycles (void)
{
  g_autoptr (DagschedGraph) self = graph_text_parse ("a b<b c<b");
  g_autoptr (DagschedGraph) two = graph_text_parse ("p a<b b<a c<d d<e e<c x<a<c");
  g_autoptr (DagschedGraph) shortest = graph_text_parse ("d<a<b a<b b<c c<d");
  g_autoptr (DagschedGraph) conditions = graph_text_parse ("a<b* b<a!");
  g_autoptr (DagschedGraph) none = graph_text_parse ("a b<a c<a<b d<b<c");

  assert_problems (self, "a test depends on itself: b → b");
  assert_problems (two, "tests wait for each other in a circle: a → b → a\n"
                        "tests wait for each other in a circle: c → d → e → c");
  assert_problems (shortest, "tests wait for each other in a circle: d → b → c → d");
  assert_problems (conditions, "tests wait for each other in a circle: a → b → a");
  assert_problems (none, "");
}

static void
test_cleanups (void)
{
  g_autoptr (DagschedGraph) unknown = graph_text_parse ("db-start db-stop use<db-start");
  g_autoptr (DagschedGraph) shared = graph_text_parse ("one two stop");
  g_autoptr (DagschedGraph) itself = graph_text_parse ("one");
  g_autoptr (DagschedGraph) valid = graph_text_parse ("start stop use<start after<stop");

  dagsched_test_set_cleanup (dagsched_graph_lookup (unknown, "db-start"), "db-stpo");
  assert_problems (unknown,
                   "the cleanup of fixture \"db-start\" is to be \"db-stpo\", but no test is named so "
                   "(did you mean \"db-stop\"?)");
  dagsched_test_set_cleanup (dagsched_graph_lookup (shared, "one"), "stop");
  dagsched_test_set_cleanup (dagsched_graph_lookup (shared, "two"), "stop");
  assert_problems (shared, "\"stop\" can't be the cleanup of both fixture \"one\" and fixture \"two\": "
                           "give each its own");
  dagsched_test_set_cleanup (dagsched_graph_lookup (itself, "one"), "one");
  assert_problems (itself, "fixture \"one\" can't be its own cleanup: give another test's name, or none");
  dagsched_test_set_cleanup (dagsched_graph_lookup (valid, "start"), "stop");
  assert_problems (valid, "");
}

/* Circles that the dependencies alone don't show. */
static void
test_cleanup_cycles (void)
{
  g_autoptr (DagschedGraph) direct = graph_text_parse ("start stop use<start<stop");
  g_autoptr (DagschedGraph) nested = graph_text_parse ("outer outer-stop inner<outer use<inner<outer-stop");
  g_autoptr (DagschedGraph) nested_cleanup = graph_text_parse ("o o-stop i<o i-stop use<i<x x<o-stop");

  dagsched_test_set_cleanup (dagsched_graph_lookup (direct, "start"), "stop");
  assert_problems (direct, "tests wait for each other in a circle: stop → use → stop "
                           "(\"stop\" cleans up \"start\", and so waits for all that use it)");

  dagsched_test_set_cleanup (dagsched_graph_lookup (nested, "outer"), "outer-stop");
  assert_problems (nested, "");
  dagsched_test_set_fixture (dagsched_graph_lookup (nested, "inner"), TRUE);
  assert_problems (nested, "tests wait for each other in a circle: outer-stop → use → outer-stop "
                           "(\"outer-stop\" cleans up \"outer\", and so waits for all that use it)");

  dagsched_test_set_cleanup (dagsched_graph_lookup (nested_cleanup, "o"), "o-stop");
  dagsched_test_set_cleanup (dagsched_graph_lookup (nested_cleanup, "i"), "i-stop");
  assert_problems (nested_cleanup,
                   "tests wait for each other in a circle: o-stop → i-stop → use → x → o-stop "
                   "(\"o-stop\" cleans up \"o\", and so waits for all that use it)");
}

static void
test_resources (void)
{
  g_autoptr (DagschedGraph) graph = graph_text_parse ("a b c");
  g_autoptr (DagschedResource) gpu = dagsched_resource_new ("gpu", 2);
  g_autoptr (DagschedResource) nothing = dagsched_resource_new ("nothing", 0);
  g_autoptr (GError) error = NULL;

  g_assert_true (dagsched_graph_add_resource (graph, gpu, NULL));
  g_assert_true (dagsched_graph_add_resource (graph, nothing, NULL));
  g_assert_true (dagsched_graph_lookup_resource (graph, "gpu") == gpu);
  g_assert_cmpuint (g_list_model_get_n_items (dagsched_graph_get_resources (graph)), ==, 2);
  g_assert_false (dagsched_graph_add_resource (graph, gpu, &error));
  g_assert_error (error, DAGSCHED_ERROR, DAGSCHED_ERROR_RESOURCE);

  dagsched_test_set_requirement (dagsched_graph_lookup (graph, "a"), "gpu", DAGSCHED_ALL);
  dagsched_test_set_requirement (dagsched_graph_lookup (graph, "b"), "gpu", 3);
  dagsched_test_set_requirement (dagsched_graph_lookup (graph, "c"), "gpus", 1);
  dagsched_test_set_origin (dagsched_graph_lookup (graph, "c"), "s.json: tests[2]");
  assert_problems (
    graph, "resource \"nothing\" has capacity 0, so that no test could take any of it: give it at least 1\n"
           "test \"b\" requires 3 of resource \"gpu\", of which there is no more than 2\n"
           "s.json: tests[2]: test \"c\" requires \"gpus\", but no resource is declared with that name "
           "(did you mean \"gpu\"?)");
}

static void
test_busy (void)
{
  g_autoptr (DagschedGraph) graph = graph_text_parse ("a b");
  g_autoptr (DagschedTest) c = DAGSCHED_TEST (dagsched_func_test_new ("c", graph_text_pass, NULL, NULL));
  DagschedTest *a = dagsched_graph_lookup (graph, "a"), *b = dagsched_graph_lookup (graph, "b");
  g_autoptr (GError) error = NULL;

  g_assert_true (dagsched_graph_acquire (graph, NULL));
  g_assert_false (dagsched_graph_acquire (graph, &error));
  g_assert_error (error, DAGSCHED_ERROR, DAGSCHED_ERROR_BUSY);
  g_clear_error (&error);
  g_assert_false (dagsched_graph_add_test (graph, c, &error));
  g_assert_error (error, DAGSCHED_ERROR, DAGSCHED_ERROR_BUSY);
  g_clear_error (&error);
  g_assert_false (dagsched_graph_add_dependency (graph, a, b, DAGSCHED_CONDITION_SUCCESS, &error));
  g_assert_error (error, DAGSCHED_ERROR, DAGSCHED_ERROR_BUSY);

  dagsched_graph_release (graph);
  g_assert_true (dagsched_graph_add_test (graph, c, NULL));
  g_assert_true (dagsched_graph_acquire (graph, NULL));
}

/* A test that outlives its graph may be added to another. */
static void
test_outlive (void)
{
  DagschedGraph *graph = graph_text_parse ("a b");
  g_autoptr (DagschedTest) a = g_object_ref (dagsched_graph_lookup (graph, "a"));
  DagschedTestEnd end = { .outcome = DAGSCHED_OUTCOME_BLOCKED };
  g_autoptr (DagschedGraph) other = dagsched_graph_new (NULL);

  end.blocked_by = dagsched_graph_lookup (graph, "b");
  dagsched_test_become_finished (a, &end);
  g_assert_nonnull (dagsched_test_get_blocked_by (a));
  g_object_unref (graph);
  g_assert_null (dagsched_test_get_blocked_by (a));
  g_assert_true (dagsched_graph_add_test (other, a, NULL));
}

#define N_CHAIN 1000000

static void
test_chain (void)
{
  g_autoptr (DagschedGraph) graph = dagsched_graph_new (NULL);
  DagschedTest *previous = NULL, *first;
  gint64 start = g_get_monotonic_time ();
  g_auto (GStrv) problems = NULL;

  for (guint i = 0; i < N_CHAIN; i++)
    {
      char name[16];
      DagschedTest *test;

      g_snprintf (name, sizeof name, "t%u", i);
      test = graph_text_add (graph, name);
      if (previous != NULL)
        g_assert_true (
          dagsched_graph_add_dependency (graph, test, previous, DAGSCHED_CONDITION_SUCCESS, NULL));
      previous = test;
    }
  g_test_message ("built in %.2f s", (g_get_monotonic_time () - start) / 1e6);
  start = g_get_monotonic_time ();
  g_assert_true (dagsched_graph_validate (graph, NULL));
  g_test_message ("validated in %.2f s", (g_get_monotonic_time () - start) / 1e6);

  first = dagsched_graph_lookup (graph, "t0");
  dagsched_graph_add_dependency (graph, first, previous, DAGSCHED_CONDITION_SUCCESS, NULL);
  start = g_get_monotonic_time ();
  problems = dagsched_graph_list_problems (graph);
  g_test_message ("found the circle in %.2f s", (g_get_monotonic_time () - start) / 1e6);
  g_assert_cmpuint (g_strv_length (problems), ==, 1);
  g_assert_nonnull (strstr (problems[0], ": t0 → t999999 → t999998"));
  g_assert_nonnull (strstr (problems[0], "(999980 more)"));
  g_assert_nonnull (strstr (problems[0], "t1 → t0"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/graph/list-model", test_list_model);
  g_test_add_func ("/graph/items-changed", test_items_changed);
  g_test_add_func ("/graph/name", test_name);
  g_test_add_func ("/graph/duplicates", test_duplicates);
  g_test_add_func ("/graph/dependencies", test_dependencies);
  g_test_add_func ("/graph/many-dependencies", test_many_dependencies);
  g_test_add_func ("/graph/unknown-names", test_unknown_names);
  g_test_add_func ("/graph/error-code", test_error_code);
  g_test_add_func ("/graph/cycles", test_cycles);
  g_test_add_func ("/graph/cleanups", test_cleanups);
  g_test_add_func ("/graph/cleanup-cycles", test_cleanup_cycles);
  g_test_add_func ("/graph/resources", test_resources);
  g_test_add_func ("/graph/busy", test_busy);
  g_test_add_func ("/graph/outlive", test_outlive);
  g_test_add_func ("/graph/chain", test_chain);

  return g_test_run ();
}
