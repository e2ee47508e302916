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

static gboolean
wants_retry (DagschedOutcome outcome)
{
  return outcome == DAGSCHED_OUTCOME_FAILED || outcome == DAGSCHED_OUTCOME_ERRORED ||
         outcome == DAGSCHED_OUTCOME_TIMED_OUT;
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
  while (wants_retry (spec->outcome) && spec->n_attempts <= spec->n_retries);
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

static gboolean
one_in (RandomCase *c, int n)
{
  return g_rand_int_range (c->rand, 0, n) == 0;
}

static DagschedOutcome
random_result (RandomCase *c)
{
  if (!one_in (c, c->failure_rarity))
    return DAGSCHED_OUTCOME_PASSED;

  switch (g_rand_int_range (c->rand, 0, 4))
    {
    case 0:
      return DAGSCHED_OUTCOME_SKIPPED;
    case 1:
      return DAGSCHED_OUTCOME_ERRORED;
    default:
      return DAGSCHED_OUTCOME_FAILED;
    }
}

static void
add_edge (RandomCase *c, guint number, guint dependency)
{
  Spec *spec = &c->specs[number];
  DagschedCondition condition = one_in (c, 4)                       ? DAGSCHED_CONDITION_ALWAYS
                                : one_in (c, 2 * c->failure_rarity) ? DAGSCHED_CONDITION_FAILURE
                                                                    : DAGSCHED_CONDITION_SUCCESS;

  spec->dependencies = g_renew (guint, spec->dependencies, spec->n_dependencies + 1);
  spec->conditions = g_renew (DagschedCondition, spec->conditions, spec->n_dependencies + 1);
  spec->conditions[spec->n_dependencies] = condition;
  spec->dependencies[spec->n_dependencies++] = dependency;
}

static gboolean
has_edge (const Spec *spec, guint dependency)
{
  for (guint i = 0; i < spec->n_dependencies; i++)
    {
      if (spec->dependencies[i] == dependency)
        return TRUE;
    }

  return FALSE;
}

/* Some of those from @first to before @end. */
static void
add_some_edges (RandomCase *c, guint number, guint n_wanted, guint first, guint end)
{
  for (guint i = 0; i < n_wanted && first < end; i++)
    {
      guint dependency = g_rand_int_range (c->rand, first, end);

      if (!has_edge (&c->specs[number], dependency))
        add_edge (c, number, dependency);
    }
}

static void
add_fan_edges (RandomCase *c, guint number)
{
  guint position = number % (c->breadth + 2);

  if (position > 0 && position <= c->breadth)
    add_edge (c, number, number - position);
  else if (position == 0 && number > 0)
    add_edge (c, number, number - 1);
  for (guint i = 1; position > c->breadth && i < position; i++)
    add_edge (c, number, number - i);
}

static void
make_edges (RandomCase *c, guint number)
{
  guint layer = number / c->breadth * c->breadth;

  switch (c->shape)
    {
    case SHAPE_RANDOM:
      add_some_edges (c, number, g_rand_int_range (c->rand, 0, MAX_DEPENDENCIES + 1), MAX (number, 12) - 12,
                      number);
      break;
    case SHAPE_CHAIN:
      add_some_edges (c, number, 1, MAX (number, 1) - 1, number);
      break;
    case SHAPE_TREE:
      add_some_edges (c, number, 1, (MAX (number, 1) - 1) / 2, MIN (number, (MAX (number, 1) - 1) / 2 + 1));
      break;
    case SHAPE_LAYERED:
      add_some_edges (c, number, g_rand_int_range (c->rand, 1, MAX_DEPENDENCIES + 1),
                      MAX (layer, c->breadth) - c->breadth, layer);
      break;
    case SHAPE_FANS:
      add_fan_edges (c, number);
      break;
    case SHAPE_INDEPENDENT:
    case N_SHAPES:
    default:
      break;
    }
}

/* A time-out is sure only where every attempt hangs. */
static void
make_hang (RandomCase *c, Spec *spec)
{
  spec->hang = one_in (c, 4) ? HANG_FOR_GOOD : HANG_UNTIL_CANCELLED;
  for (guint i = 0; i < G_N_ELEMENTS (spec->results); i++)
    spec->results[i] = DAGSCHED_OUTCOME_TIMED_OUT;
}

static void
make_spec (RandomCase *c, guint number)
{
  Spec *spec = &c->specs[number];

  *spec = (Spec){ .cleanup = -1, .cleans = -1, .group = -1 };
  for (guint i = 0; i < G_N_ELEMENTS (spec->results); i++)
    spec->results[i] = random_result (c);
  if (c->hang_rarity > 0 && one_in (c, c->hang_rarity))
    make_hang (c, spec);
  spec->n_retries = one_in (c, 3) ? g_rand_int_range (c->rand, 1, 4) : 0;
  spec->delayed = one_in (c, 4);
  spec->expected_failure = one_in (c, 3 * c->failure_rarity);
  spec->disabled = one_in (c, 5 * c->failure_rarity);
  if (c->functions)
    return;

  spec->exclusive = one_in (c, 20);
  spec->group = one_in (c, 3) ? g_rand_int_range (c->rand, 0, 3) : -1;
  for (guint r = 0; r < N_RESOURCES; r++)
    spec->amounts[r] =
      one_in (c, 3) ? (guint) g_rand_int_range (c->rand, 1, random_case_capacities[r] + 1) : 0;
}

static void
make_specs (RandomCase *c, guint n_plain)
{
  c->specs = g_new (Spec, MAX (n_plain, MAX_TESTS));
  c->n_tests = n_plain;
  for (guint i = 0; i < n_plain; i++)
    {
      make_spec (c, i);
      make_edges (c, i);
    }
  if (c->shape != SHAPE_RANDOM)
    return;

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

  if (c->make_function != NULL)
    test = c->make_function (c->make_data, number, name);
  else if (c->functions)
    test = DAGSCHED_TEST (dagsched_func_test_new (name, no_function, NULL, NULL));
  else
    test = DAGSCHED_TEST (dagsched_command_test_new (name, argv));
  if (spec->hang != HANG_NOT)
    dagsched_test_set_timeout (test, 0.0005);
  if (spec->hang == HANG_FOR_GOOD)
    dagsched_test_set_grace (test, 0.0005);
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
  c->shape = SHAPE_RANDOM;
  c->functions = functions;
  c->breadth = 1;
  c->failure_rarity = 3;
  make_specs (c, g_rand_int_range (c->rand, 1, MAX_TESTS - 8));
  compute_reference (c);
}

void
random_case_init_shape (RandomCase *c, guint seed, Shape shape, guint n_tests)
{
  if (shape == SHAPE_RANDOM)
    {
      random_case_init (c, seed, TRUE);
      return;
    }

  c->rand = g_rand_new_with_seed (seed);
  c->shape = shape;
  c->functions = TRUE;
  if (c->breadth == 0)
    c->breadth = g_rand_int_range (c->rand, 1, MIN (n_tests, 64) + 1);
  c->failure_rarity = 100;
  make_specs (c, n_tests);
  compute_reference (c);
}

void
random_case_clear (RandomCase *c)
{
  for (guint i = 0; i < c->n_tests; i++)
    {
      g_free (c->specs[i].dependencies);
      g_free (c->specs[i].conditions);
    }
  g_clear_pointer (&c->specs, g_free);
  g_clear_pointer (&c->rand, g_rand_free);
}
