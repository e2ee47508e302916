/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <dagsched.h>

#include "plan/dagsched-plan-private.h"

#include "../model/graph-text.h"

static DagschedPlan *
compile (DagschedGraph *graph, DagschedOrder order, guint64 seed)
{
  DagschedPlanParams params = DAGSCHED_PLAN_PARAMS_INIT;
  g_autoptr (GError) error = NULL;
  DagschedPlan *plan;

  params.order = order;
  params.seed = seed;
  plan = dagsched_plan_compile (graph, NULL, &params, &error);
  g_assert_no_error (error);

  return plan;
}

static char *
dup_order (DagschedPlan *plan)
{
  const DagschedPlanView *view = dagsched_plan_get_view (plan);
  g_autofree const char **names = g_new0 (const char *, view->n_tests + 1);

  for (guint32 i = 0; i < view->n_tests; i++)
    {
      g_assert_cmpuint (view->rank[i], <, view->n_tests);
      g_assert_null (names[view->rank[i]]);
      names[view->rank[i]] = dagsched_test_get_name (view->tests[i]);
    }

  return g_strjoinv (" ", (char **) names);
}

static void
assert_order (DagschedGraph *graph, DagschedOrder order, const char *expected)
{
  g_autoptr (DagschedPlan) plan = compile (graph, order, 0);
  g_autofree char *names = dup_order (plan);

  g_assert_true (dagsched_plan_get_view (plan)->ordered);
  g_assert_cmpstr (names, ==, expected);
}

static void
set_seconds (DagschedGraph *graph, const char *name, double expected_duration, double weight)
{
  DagschedTest *test = dagsched_graph_lookup (graph, name);

  dagsched_test_set_expected_duration (test, expected_duration);
  dagsched_test_set_weight (test, weight);
}

static void
test_critical_path (void)
{
  /* Remaining: a 1+5=6, b 5, c 4, d 0.5, e 2 (f, 30 s, runs only if it fails), f 30. */
  g_autoptr (DagschedGraph) graph = graph_text_parse ("d e a b<a c f<e!");
  g_autoptr (DagschedPlan) plan = NULL;

  set_seconds (graph, "b", 5, 100);
  set_seconds (graph, "c", 0, 4);
  set_seconds (graph, "d", 0.5, 0);
  set_seconds (graph, "e", 2, 0);
  set_seconds (graph, "f", 30, 0);
  assert_order (graph, DAGSCHED_ORDER_CRITICAL_PATH, "f a b c e d");
  assert_order (graph, DAGSCHED_ORDER_AUTO, "f a b c e d");
  assert_order (graph, DAGSCHED_ORDER_LONGEST, "f b c e a d");
  assert_order (graph, DAGSCHED_ORDER_DECLARATION, "d e a b c f");

  plan = dagsched_plan_new (graph, NULL, NULL);
  g_assert_cmpfloat (dagsched_plan_get_critical_path (plan), ==, 30);
  g_assert_cmpfloat (dagsched_plan_get_total_work (plan), ==, 42.5);
  g_assert_true (dagsched_plan_has_durations (plan));
}

static void
test_always_counts (void)
{
  g_autoptr (DagschedGraph) graph = graph_text_parse ("b a c<a* d<c");

  assert_order (graph, DAGSCHED_ORDER_CRITICAL_PATH, "a c b d");
}

static void
test_priorities (void)
{
  g_autoptr (DagschedGraph) graph = graph_text_parse ("a b c<a d");

  dagsched_test_set_priority (dagsched_graph_lookup (graph, "d"), 10);
  dagsched_test_set_priority (dagsched_graph_lookup (graph, "a"), -1);
  assert_order (graph, DAGSCHED_ORDER_AUTO, "d b c a");
  assert_order (graph, DAGSCHED_ORDER_LONGEST, "d b c a");
  assert_order (graph, DAGSCHED_ORDER_DECLARATION, "d b c a");
}

static void
test_random (void)
{
  g_autoptr (DagschedGraph) graph = dagsched_graph_new (NULL);
  g_autoptr (DagschedPlan) one = NULL, same = NULL, other = NULL;
  g_autofree char *one_order = NULL, *same_order = NULL, *other_order = NULL;

  for (guint i = 0; i < 100; i++)
    {
      g_autofree char *name = g_strdup_printf ("t%u", i);

      dagsched_test_set_priority (graph_text_add (graph, name), i % 2);
    }
  one = compile (graph, DAGSCHED_ORDER_RANDOM, G_GUINT64_CONSTANT (1) << 40);
  same = compile (graph, DAGSCHED_ORDER_RANDOM, G_GUINT64_CONSTANT (1) << 40);
  other = compile (graph, DAGSCHED_ORDER_RANDOM, G_GUINT64_CONSTANT (1) << 41);
  one_order = dup_order (one);
  same_order = dup_order (same);
  other_order = dup_order (other);
  g_assert_cmpstr (one_order, ==, same_order);
  g_assert_cmpstr (one_order, !=, other_order);
  for (guint i = 0; i < 100; i++)
    g_assert_cmpint (dagsched_plan_get_view (one)->rank[i] < 50, ==, i % 2);
}

static void
assert_ordered (DagschedGraph *graph, gboolean expected)
{
  g_autoptr (DagschedPlan) plan = compile (graph, DAGSCHED_ORDER_AUTO, 0);

  g_assert_cmpint (dagsched_plan_get_view (plan)->ordered, ==, expected);
}

static void
test_ordered (void)
{
  g_autoptr (DagschedGraph) graph = graph_text_parse ("a b");
  g_autoptr (DagschedResource) gpu = dagsched_resource_new ("gpu", 1);
  g_autoptr (DagschedTest) process = DAGSCHED_TEST (dagsched_command_test_new ("c", NULL));
  DagschedTest *a = dagsched_graph_lookup (graph, "a");

  dagsched_graph_add_resource (graph, gpu, NULL);
  assert_ordered (graph, FALSE);
  dagsched_test_set_priority (a, -1);
  assert_ordered (graph, TRUE);
  dagsched_test_set_priority (a, 0);
  dagsched_test_set_weight (a, 1);
  assert_ordered (graph, TRUE);
  dagsched_test_set_weight (a, 0);
  dagsched_test_set_requirement (a, "gpu", 1);
  assert_ordered (graph, TRUE);
  dagsched_test_set_requirement (a, "gpu", 0);
  dagsched_test_set_group (a, "x", "y");
  assert_ordered (graph, TRUE);
  dagsched_test_set_group (a, "x", NULL);
  dagsched_test_set_slots (a, 2);
  assert_ordered (graph, TRUE);
  dagsched_test_set_slots (a, 1);
  dagsched_test_set_exclusive (a, TRUE);
  assert_ordered (graph, TRUE);
  dagsched_test_set_exclusive (a, FALSE);
  assert_ordered (graph, FALSE);
  dagsched_graph_add_test (graph, process, NULL);
  assert_ordered (graph, TRUE);
}

static void
add_resource (DagschedGraph *graph, const char *name, guint capacity)
{
  g_autoptr (DagschedResource) resource = dagsched_resource_new (name, capacity);

  g_assert_true (dagsched_graph_add_resource (graph, resource, NULL));
}

static void
need (DagschedGraph *graph, const char *tests, const char *resource, guint amount)
{
  g_auto (GStrv) names = g_strsplit (tests, " ", -1);

  for (guint i = 0; names[i] != NULL; i++)
    dagsched_test_set_requirement (dagsched_graph_lookup (graph, names[i]), resource, amount);
}

/* What needs the database takes 8 s if it is never idle: longer than any path. What sets it up comes before
 * all that, and nothing else changes. */
static void
test_busy_resource (void)
{
  g_autoptr (DagschedGraph) graph = graph_text_parse ("long other q1<setup q2 q3 q4 setup");
  g_autoptr (DagschedPlan) plan = NULL;

  set_seconds (graph, "long", 5, 0);
  set_seconds (graph, "other", 5, 0);
  for (guint i = 1; i <= 4; i++)
    set_seconds (graph, (const char *[]){ "q1", "q2", "q3", "q4" }[i - 1], 2, 0);
  set_seconds (graph, "setup", 1, 0);
  assert_order (graph, DAGSCHED_ORDER_CRITICAL_PATH, "long other setup q1 q2 q3 q4");

  add_resource (graph, "database", 1);
  need (graph, "q1 q2 q3 q4", "database", DAGSCHED_ALL);
  assert_order (graph, DAGSCHED_ORDER_CRITICAL_PATH, "setup q1 q2 long other q3 q4");
  assert_order (graph, DAGSCHED_ORDER_LONGEST, "long other q1 q2 q3 q4 setup");
  plan = compile (graph, DAGSCHED_ORDER_CRITICAL_PATH, 0);
  g_assert_cmpfloat (dagsched_plan_get_critical_path (plan), ==, 5);
}

/* Four at once take 2 s, like each of them: nobody has to hurry. */
static void
test_idle_resource (void)
{
  g_autoptr (DagschedGraph) graph = graph_text_parse ("long q1 q2 q3 q4");

  add_resource (graph, "database", 4);
  for (guint i = 0; i < 4; i++)
    set_seconds (graph, (const char *[]){ "q1", "q2", "q3", "q4" }[i], 2, 0);
  set_seconds (graph, "long", 3, 0);
  need (graph, "q1 q2 q3 q4", "database", 1);
  assert_order (graph, DAGSCHED_ORDER_AUTO, "long q1 q2 q3 q4");
  need (graph, "q1 q2 q3 q4", "database", 2);
  assert_order (graph, DAGSCHED_ORDER_AUTO, "q1 long q2 q3 q4");
}

/* Those who need the same come in the order of priority, path and declaration; those who need different
 * things alternate. */
static void
test_lines (void)
{
  g_autoptr (DagschedGraph) graph = graph_text_parse ("a1 a2 a3 b1 b2 b3 ab1 ab2 free");

  add_resource (graph, "a", 1);
  add_resource (graph, "b", 1);
  need (graph, "a1 a2 a3 ab1 ab2", "a", 1);
  need (graph, "b1 b2 b3 ab1 ab2", "b", 1);
  /* Each is needed for 5 s. */
  assert_order (graph, DAGSCHED_ORDER_AUTO, "a1 b1 ab1 a2 b2 ab2 a3 b3 free");

  dagsched_test_set_timeout (dagsched_graph_lookup (graph, "a2"), 7);
  set_seconds (graph, "b3", 1.5, 0);
  dagsched_test_set_priority (dagsched_graph_lookup (graph, "free"), 1);
  /* "a2" has a profile of its own, but the same needs. */
  assert_order (graph, DAGSCHED_ORDER_AUTO, "free b3 ab1 a1 a2 b1 ab2 a3 b2");
}

#define N_CHAIN 1000000

static void
test_chain (void)
{
  g_autoptr (DagschedGraph) graph = dagsched_graph_new (NULL);
  g_autoptr (DagschedPlan) plan = NULL;
  DagschedTest *previous = NULL;
  gint64 start;

  for (guint i = 0; i < N_CHAIN; i++)
    {
      char name[16];
      DagschedTest *test;

      g_snprintf (name, sizeof name, "t%u", i);
      test = graph_text_add (graph, name);
      if (previous != NULL)
        dagsched_graph_add_dependency (graph, test, previous, DAGSCHED_CONDITION_SUCCESS, NULL);
      previous = test;
    }

  start = g_get_monotonic_time ();
  plan = compile (graph, DAGSCHED_ORDER_CRITICAL_PATH, 0);
  g_test_message ("compiled in %.2f s", (g_get_monotonic_time () - start) / 1e6);
  g_assert_cmpfloat (dagsched_plan_get_critical_path (plan), ==, N_CHAIN);
  g_assert_cmpuint (dagsched_plan_get_view (plan)->rank[N_CHAIN - 1], ==, N_CHAIN - 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/plan/order/critical-path", test_critical_path);
  g_test_add_func ("/plan/order/always-counts", test_always_counts);
  g_test_add_func ("/plan/order/priorities", test_priorities);
  g_test_add_func ("/plan/order/busy-resource", test_busy_resource);
  g_test_add_func ("/plan/order/idle-resource", test_idle_resource);
  g_test_add_func ("/plan/order/lines", test_lines);
  g_test_add_func ("/plan/order/random", test_random);
  g_test_add_func ("/plan/order/ordered", test_ordered);
  g_test_add_func ("/plan/order/chain", test_chain);

  return g_test_run ();
}
