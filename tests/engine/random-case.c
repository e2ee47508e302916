/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "random-case.h"

#include "model/dagsched-command-test.h"
#include "model/dagsched-func-test.h"

const guint random_case_capacities[N_RESOURCES] = { 1, 3 };

/* The reference. Tests are numbered so that dependencies come first, but for cleanups, which come
 * last. */

static gboolean
holds (DagschedCondition condition, DagschedOutcome outcome)
{
  if (condition == DAGSCHED_CONDITION_ALWAYS)
    return TRUE;
  if (condition == DAGSCHED_CONDITION_SUCCESS)
    return dagsched_outcome_is_success (outcome);

  return dagsched_outcome_is_failure (outcome);
}

static DagschedOutcome
judge_conditions (const RandomCase *c, const Spec *spec)
{
  DagschedOutcome outcome = DAGSCHED_OUTCOME_NONE;

  for (guint i = 0; i < spec->n_dependencies; i++)
    {
      if (holds (spec->conditions[i], c->specs[spec->dependencies[i]].outcome))
        continue;
      if (spec->conditions[i] == DAGSCHED_CONDITION_SUCCESS)
        return DAGSCHED_OUTCOME_BLOCKED;
      outcome = DAGSCHED_OUTCOME_SKIPPED;
    }

  return outcome;
}

static void
carry_out (Spec *spec)
{
  do
    {
      spec->outcome = spec->results[spec->n_attempts++];
      if (spec->expected_failure && spec->outcome == DAGSCHED_OUTCOME_FAILED)
        spec->outcome = DAGSCHED_OUTCOME_EXPECTED_FAILURE;
      else if (spec->expected_failure && spec->outcome == DAGSCHED_OUTCOME_PASSED)
        spec->outcome = DAGSCHED_OUTCOME_UNEXPECTED_PASS;
    }
  while ((spec->outcome == DAGSCHED_OUTCOME_FAILED || spec->outcome == DAGSCHED_OUTCOME_ERRORED) &&
         spec->n_attempts <= spec->n_retries);
}

static void
compute_reference (RandomCase *c)
{
  for (guint i = 0; i < c->n_tests; i++)
    {
      Spec *spec = &c->specs[i];

      if (spec->disabled)
        spec->outcome = DAGSCHED_OUTCOME_SKIPPED;
      else if ((spec->outcome = judge_conditions (c, spec)) != DAGSCHED_OUTCOME_NONE)
        continue;
      else if (spec->cleans >= 0 && c->specs[spec->cleans].n_attempts == 0)
        spec->outcome = DAGSCHED_OUTCOME_SKIPPED;
      else
        carry_out (spec);
    }
}

/* The random case. */

static DagschedOutcome
random_result (GRand *rand)
{
  switch (g_rand_int_range (rand, 0, 10))
    {
    case 0:
    case 1:
      return DAGSCHED_OUTCOME_FAILED;
    case 2:
      return DAGSCHED_OUTCOME_ERRORED;
    case 3:
      return DAGSCHED_OUTCOME_SKIPPED;
    default:
      return DAGSCHED_OUTCOME_PASSED;
    }
}

static gboolean
one_in (RandomCase *c, int n)
{
  return g_rand_int_range (c->rand, 0, n) == 0;
}

static void
make_edges (RandomCase *c, guint number, guint n_before)
{
  Spec *spec = &c->specs[number];
  guint n_wanted = g_rand_int_range (c->rand, 0, MAX_DEPENDENCIES + 1);

  for (guint i = 0; i < n_wanted && n_before > 0; i++)
    {
      guint dependency = g_rand_int_range (c->rand, MAX (0, (int) n_before - 12), n_before);
      gboolean known = FALSE;

      for (guint j = 0; j < spec->n_dependencies; j++)
        known |= spec->dependencies[j] == dependency;
      if (known)
        continue;
      spec->conditions[spec->n_dependencies] = one_in (c, 4)   ? DAGSCHED_CONDITION_ALWAYS
                                               : one_in (c, 6) ? DAGSCHED_CONDITION_FAILURE
                                                               : DAGSCHED_CONDITION_SUCCESS;
      spec->dependencies[spec->n_dependencies++] = dependency;
    }
}

static void
make_spec (RandomCase *c, guint number)
{
  Spec *spec = &c->specs[number];

  *spec = (Spec){ .cleanup = -1, .cleans = -1, .group = -1 };
  for (guint i = 0; i < G_N_ELEMENTS (spec->results); i++)
    spec->results[i] = random_result (c->rand);
  spec->n_retries = one_in (c, 3) ? g_rand_int_range (c->rand, 1, 4) : 0;
  spec->delayed = one_in (c, 4);
  spec->expected_failure = one_in (c, 10);
  spec->disabled = one_in (c, 15);
  if (c->functions)
    return;

  spec->exclusive = one_in (c, 20);
  spec->group = one_in (c, 3) ? g_rand_int_range (c->rand, 0, 3) : -1;
  for (guint r = 0; r < N_RESOURCES; r++)
    spec->amounts[r] =
      one_in (c, 3) ? (guint) g_rand_int_range (c->rand, 1, random_case_capacities[r] + 1) : 0;
}

static void
make_specs (RandomCase *c)
{
  guint n_plain = g_rand_int_range (c->rand, 1, MAX_TESTS - 8);

  c->n_tests = n_plain;
  for (guint i = 0; i < n_plain; i++)
    {
      make_spec (c, i);
      make_edges (c, i, i);
    }
  /* Some become fixtures; their cleanups come last. */
  for (guint i = 0; i < n_plain && c->n_tests < MAX_TESTS; i++)
    {
      if (!one_in (c, 10))
        continue;
      make_spec (c, c->n_tests);
      c->specs[i].cleanup = c->n_tests;
      c->specs[c->n_tests++].cleans = i;
    }
}

static DagschedOutcome
no_function (DagschedFuncTest *test, GCancellable *cancellable, gpointer data, GError **error)
{
  g_assert_not_reached ();
}

static DagschedTest *
make_test (RandomCase *c, guint number)
{
  static const char *const argv[] = { "true", NULL };
  static const char *const names[] = { "one", "three" };
  static const char *const groups[] = { "a", "b", "c" };
  Spec *spec = &c->specs[number];
  g_autofree char *name = g_strdup_printf ("t%u", number);
  DagschedTest *test;

  if (c->functions)
    test = DAGSCHED_TEST (dagsched_func_test_new (name, no_function, NULL, NULL));
  else
    test = DAGSCHED_TEST (dagsched_command_test_new (name, argv));
  dagsched_test_set_retries (test, spec->n_retries);
  dagsched_test_set_retry_delay (test, spec->delayed ? 0.0001 : 0);
  dagsched_test_set_expected_failure (test, spec->expected_failure);
  dagsched_test_set_disabled (test, spec->disabled ? "not today" : NULL);
  dagsched_test_set_exclusive (test, spec->exclusive);
  for (guint r = 0; r < N_RESOURCES; r++)
    {
      if (spec->amounts[r] > 0)
        dagsched_test_set_requirement (test, names[r], spec->amounts[r]);
    }
  if (spec->group >= 0)
    dagsched_test_set_group (test, "phase", groups[spec->group]);
  if (spec->cleanup >= 0)
    {
      g_autofree char *cleanup = g_strdup_printf ("t%d", spec->cleanup);

      dagsched_test_set_fixture (test, TRUE);
      dagsched_test_set_cleanup (test, cleanup);
    }
  return test;
}

DagschedGraph *
random_case_make_graph (RandomCase *c)
{
  DagschedGraph *graph = dagsched_graph_new ("random");
  g_autoptr (DagschedResource) one = dagsched_resource_new ("one", random_case_capacities[0]);
  g_autoptr (DagschedResource) three = dagsched_resource_new ("three", random_case_capacities[1]);
  g_autoptr (GPtrArray) tests = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GError) error = NULL;

  g_assert_true (dagsched_graph_add_resource (graph, one, &error));
  g_assert_true (dagsched_graph_add_resource (graph, three, &error));
  for (guint i = 0; i < c->n_tests; i++)
    {
      g_ptr_array_add (tests, make_test (c, i));
      g_assert_true (dagsched_graph_add_test (graph, g_ptr_array_index (tests, i), &error));
    }
  for (guint i = 0; i < c->n_tests; i++)
    {
      for (guint j = 0; j < c->specs[i].n_dependencies; j++)
        {
          dagsched_graph_add_dependency (graph, g_ptr_array_index (tests, i),
                                         g_ptr_array_index (tests, c->specs[i].dependencies[j]),
                                         c->specs[i].conditions[j], &error);
          g_assert_no_error (error);
        }
    }
  return graph;
}

void
random_case_init (RandomCase *c, guint seed, gboolean functions)
{
  c->rand = g_rand_new_with_seed (seed);
  c->functions = functions;
  make_specs (c);
  compute_reference (c);
}

void
random_case_clear (RandomCase *c)
{
  g_clear_pointer (&c->rand, g_rand_free);
}
