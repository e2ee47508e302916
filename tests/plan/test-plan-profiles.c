/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <dagsched.h>

#include "plan/dagsched-plan-private.h"

#include "../model/graph-text.h"

static const DagschedPlanParams default_params = DAGSCHED_PLAN_PARAMS_INIT;

static DagschedPlan *
compile (DagschedGraph *graph, const DagschedPlanParams *params)
{
  g_autoptr (GError) error = NULL;
  DagschedPlan *plan = dagsched_plan_compile (graph, NULL, params, &error);

  g_assert_no_error (error);

  return plan;
}

static const DagschedProfile *
profile_of (DagschedPlan *plan, const char *name)
{
  const DagschedPlanView *view = dagsched_plan_get_view (plan);
  DagschedTest *test = dagsched_graph_lookup (dagsched_plan_get_graph (plan), name);
  guint32 number;

  g_assert_true (dagsched_plan_lookup (plan, test, &number));
  g_assert_true (view->profile == NULL ? view->n_profiles == 1 : view->profile[number] < view->n_profiles);

  return dagsched_plan_view_get_profile (view, number);
}

static void
test_shared (void)
{
  g_autoptr (DagschedGraph) graph = graph_text_parse ("a b c d e");
  g_autoptr (DagschedPlan) plan = NULL;

  dagsched_test_set_timeout (dagsched_graph_lookup (graph, "b"), 3);
  dagsched_test_set_timeout (dagsched_graph_lookup (graph, "d"), 3);
  dagsched_test_set_priority (dagsched_graph_lookup (graph, "e"), 3);
  plan = compile (graph, &default_params);
  g_assert_cmpuint (dagsched_plan_get_view (plan)->n_profiles, ==, 2);
  g_assert_true (profile_of (plan, "a") == profile_of (plan, "c"));
  g_assert_true (profile_of (plan, "a") == profile_of (plan, "e"));
  g_assert_true (profile_of (plan, "b") == profile_of (plan, "d"));
}

static void
test_contents (void)
{
  g_autoptr (DagschedGraph) graph = graph_text_parse ("a b");
  DagschedTest *a = dagsched_graph_lookup (graph, "a");
  DagschedPlanParams params = default_params;
  g_autoptr (DagschedPlan) plan = NULL, endless = NULL;
  const DagschedProfile *profile;

  dagsched_test_set_timeout (a, 2);
  dagsched_test_set_grace (a, 0.25);
  dagsched_test_set_slow_after (a, 1);
  dagsched_test_set_retry_delay (a, 0.5);
  dagsched_test_set_retries (a, 0);
  dagsched_test_set_slots (a, DAGSCHED_ALL);
  dagsched_test_set_exclusive (a, TRUE);
  dagsched_test_set_expected_failure (a, TRUE);
  params.retries = 4;
  params.timeout_multiplier = 1.5;
  plan = compile (graph, &params);

  profile = profile_of (plan, "a");
  g_assert_cmpint (profile->timeout_ns, ==, 3 * G_GINT64_CONSTANT (1000000000));
  g_assert_cmpint (profile->grace_ns, ==, 250000000);
  g_assert_cmpint (profile->slow_after_ns, ==, 1000000000);
  g_assert_cmpint (profile->retry_delay_ns, ==, 500000000);
  g_assert_cmpuint (profile->retries, ==, 0);
  g_assert_cmpuint (profile->slots, ==, DAGSCHED_ALL);
  g_assert_true (profile->exclusive);
  g_assert_true (profile->expected_failure);
  profile = profile_of (plan, "b");
  g_assert_cmpint (profile->timeout_ns, ==, 0);
  g_assert_cmpuint (profile->retries, ==, 4);
  g_assert_cmpuint (profile->slots, ==, 1);

  params.timeout_multiplier = 0;
  endless = compile (graph, &params);
  g_assert_cmpint (profile_of (endless, "a")->timeout_ns, ==, 0);
}

static void
test_extreme_times (void)
{
  g_autoptr (DagschedGraph) graph = graph_text_parse ("a b");
  g_autoptr (DagschedPlan) plan = NULL;

  dagsched_test_set_timeout (dagsched_graph_lookup (graph, "a"), G_MAXDOUBLE);
  dagsched_test_set_timeout (dagsched_graph_lookup (graph, "b"), 1e-300);
  plan = compile (graph, &default_params);
  g_assert_cmpint (profile_of (plan, "a")->timeout_ns, >, G_GINT64_CONSTANT (1000000000) * 86400 * 365);
  g_assert_cmpint (profile_of (plan, "b")->timeout_ns, ==, 1);
}

static void
test_demands (void)
{
  g_autoptr (DagschedGraph) graph = graph_text_parse ("a b c d");
  g_autoptr (DagschedResource) gpu = dagsched_resource_new ("gpu", 4), db = dagsched_resource_new ("db", 1);
  DagschedTest *a = dagsched_graph_lookup (graph, "a"), *b = dagsched_graph_lookup (graph, "b");
  g_autoptr (DagschedPlan) plan = NULL;
  const DagschedPlanView *view;
  const DagschedProfile *profile;

  dagsched_graph_add_resource (graph, gpu, NULL);
  dagsched_graph_add_resource (graph, db, NULL);
  dagsched_test_set_requirement (a, "gpu", DAGSCHED_ALL);
  dagsched_test_set_requirement (a, "db", 1);
  dagsched_test_set_requirement (b, "db", 1);
  dagsched_test_set_requirement (b, "gpu", 4);
  dagsched_test_set_requirement (dagsched_graph_lookup (graph, "c"), "gpu", 2);
  plan = compile (graph, &default_params);
  view = dagsched_plan_get_view (plan);

  g_assert_cmpuint (view->n_resources, ==, 2);
  g_assert_cmpuint (view->capacities[0], ==, 4);
  g_assert_cmpstr (view->resource_names[1], ==, "db");
  g_assert_true (profile_of (plan, "a") == profile_of (plan, "b"));
  profile = profile_of (plan, "a");
  g_assert_cmpuint (profile->n_demands, ==, 2);
  g_assert_cmpuint (view->demands[profile->first_demand].resource, ==, 0);
  g_assert_cmpuint (view->demands[profile->first_demand].amount, ==, 4);
  g_assert_cmpuint (view->demands[profile->first_demand + 1].resource, ==, 1);
  profile = profile_of (plan, "c");
  g_assert_cmpuint (profile->n_demands, ==, 1);
  g_assert_cmpuint (view->demands[profile->first_demand].amount, ==, 2);
  g_assert_cmpuint (profile_of (plan, "d")->n_demands, ==, 0);
}

static DagschedMembership
membership_of (DagschedPlan *plan, const char *name)
{
  const DagschedProfile *profile = profile_of (plan, name);

  g_assert_cmpuint (profile->n_memberships, ==, 1);

  return dagsched_plan_get_view (plan)->memberships[profile->first_membership];
}

static void
test_groups (void)
{
  g_autoptr (DagschedGraph) graph = graph_text_parse ("a b c d");
  g_autoptr (DagschedPlan) plan = NULL;

  dagsched_test_set_group (dagsched_graph_lookup (graph, "a"), "phase", "A");
  dagsched_test_set_group (dagsched_graph_lookup (graph, "b"), "phase", "B");
  dagsched_test_set_group (dagsched_graph_lookup (graph, "c"), "phase", "A");
  dagsched_test_set_group (dagsched_graph_lookup (graph, "d"), "side", "A");
  plan = compile (graph, &default_params);
  g_assert_cmpuint (dagsched_plan_get_view (plan)->n_name_spaces, ==, 2);
  g_assert_true (profile_of (plan, "a") == profile_of (plan, "c"));
  g_assert_cmpuint (membership_of (plan, "a").name_space, ==, membership_of (plan, "b").name_space);
  g_assert_cmpuint (membership_of (plan, "a").group, !=, membership_of (plan, "b").group);
  g_assert_cmpuint (membership_of (plan, "a").name_space, !=, membership_of (plan, "d").name_space);
}

/* A class that says nothing of how it is carried out, or copied. */
typedef DagschedTest OddTest;
typedef DagschedTestClass OddTestClass;
GType odd_test_get_type (void);
G_DEFINE_TYPE (OddTest, odd_test, DAGSCHED_TYPE_TEST)

static DagschedOutcome
odd_test_run (DagschedTest *test, GCancellable *cancellable, GError **error)
{
  return DAGSCHED_OUTCOME_PASSED;
}

static void
odd_test_class_init (OddTestClass *klass)
{
}

static void
odd_test_init (OddTest *self)
{
}

static void
test_kinds (void)
{
  g_autoptr (DagschedGraph) graph = graph_text_parse ("a");
  g_autoptr (DagschedTest) process = DAGSCHED_TEST (dagsched_command_test_new ("b", NULL));
  g_autoptr (DagschedTest) odd = g_object_new (odd_test_get_type (), "name", "odd", NULL);
  DagschedPlanParams params = default_params;
  g_autoptr (DagschedPlan) plan = NULL, with_odd = NULL;
  g_autoptr (GError) error = NULL;

  dagsched_graph_add_test (graph, process, NULL);
  plan = compile (graph, &default_params);
  g_assert_cmpint (profile_of (plan, "a")->kind, ==, DAGSCHED_KIND_FUNCTION);
  g_assert_cmpint (profile_of (plan, "b")->kind, ==, DAGSCHED_KIND_PROCESS);
  g_assert_true (dagsched_plan_get_view (plan)->has_functions);
  g_assert_true (dagsched_plan_get_view (plan)->has_processes);

  dagsched_graph_add_test (graph, odd, NULL);
  g_assert_null (dagsched_plan_compile (graph, NULL, &params, &error));
  g_assert_error (error, DAGSCHED_ERROR, DAGSCHED_ERROR_FAILED);
  g_assert_nonnull (strstr (error->message, "\"odd\""));
  g_clear_error (&error);

  DAGSCHED_TEST_GET_CLASS (odd)->run = odd_test_run;
  with_odd = compile (graph, &params);
  params.repeat = 2;
  g_assert_null (dagsched_plan_compile (graph, NULL, &params, &error));
  g_assert_error (error, DAGSCHED_ERROR, DAGSCHED_ERROR_OPTION);
  g_assert_nonnull (strstr (error->message, "copy()"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/plan/profiles/shared", test_shared);
  g_test_add_func ("/plan/profiles/contents", test_contents);
  g_test_add_func ("/plan/profiles/extreme-times", test_extreme_times);
  g_test_add_func ("/plan/profiles/demands", test_demands);
  g_test_add_func ("/plan/profiles/groups", test_groups);
  g_test_add_func ("/plan/profiles/kinds", test_kinds);

  return g_test_run ();
}
