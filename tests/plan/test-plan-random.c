/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <dagsched.h>

#include "model/dagsched-test-private.h"
#include "plan/dagsched-plan-private.h"

#include "../model/graph-text.h"

/* Random graphs, and what must become of them, worked out in the most simple-minded way: matrices of
 * booleans, and rules applied until nothing changes. */

#define MAX_TESTS 9
#define NONE (-1)

typedef gboolean Matrix[MAX_TESTS][MAX_TESTS];

typedef struct
{
  int n;
  guint8 conditions[MAX_TESTS][MAX_TESTS]; /* a bit for each with which the first depends on the second */
  gboolean is_fixture[MAX_TESTS];
  int cleanup[MAX_TESTS]; /* NONE: there is none */
  gboolean wanted[MAX_TESTS];
  gboolean excluded[MAX_TESTS];
} Model;

static void
make_cleanup (Model *self, int fixture)
{
  int cleanup = g_test_rand_int_range (0, self->n);

  for (int i = 0; i < self->n; i++)
    {
      if (self->cleanup[i] == cleanup)
        return;
    }
  if (cleanup != fixture)
    self->cleanup[fixture] = cleanup;
}

static void
make_random (Model *self)
{
  *self = (Model){ .n = g_test_rand_int_range (1, MAX_TESTS + 1) };
  for (int i = 0; i < self->n; i++)
    self->cleanup[i] = NONE;

  for (int i = 0; i < self->n; i++)
    {
      for (int j = 0; j < self->n; j++)
        {
          /* Few dependencies point backward: they make circles. */
          if (g_test_rand_int_range (0, 1000) < (j < i ? 250 : 8))
            self->conditions[i][j] = g_test_rand_int_range (1, 8);
        }
      self->is_fixture[i] = g_test_rand_int_range (0, 3) == 0;
      if (self->is_fixture[i] && g_test_rand_bit ())
        make_cleanup (self, i);
      self->wanted[i] = g_test_rand_int_range (0, 3) == 0;
      self->excluded[i] = g_test_rand_int_range (0, 8) == 0;
    }
}

static DagschedGraph *
build (const Model *self)
{
  DagschedGraph *graph = dagsched_graph_new (NULL);

  for (int i = 0; i < self->n; i++)
    {
      const char name[] = { (char) ('a' + i), '\0' };
      DagschedTest *test = graph_text_add (graph, name);

      dagsched_test_set_fixture (test, self->is_fixture[i]);
      if (self->cleanup[i] != NONE)
        {
          const char cleanup[] = { (char) ('a' + self->cleanup[i]), '\0' };

          dagsched_test_set_cleanup (test, cleanup);
        }
      for (int j = 0; j < self->n; j++)
        {
          const char dependency[] = { (char) ('a' + j), '\0' };

          for (guint condition = 0; condition < 3; condition++)
            {
              if (self->conditions[i][j] & (1u << condition))
                dagsched_graph_add_dependency_by_name (graph, test, dependency, condition, NULL);
            }
        }
    }

  return graph;
}

/* users[f][t]: t uses the fixture f. */
static void
find_users (const Model *self, Matrix users)
{
  gboolean changed = TRUE;

  memset (users, 0, sizeof (Matrix));
  while (changed)
    {
      changed = FALSE;
      for (int f = 0; f < self->n; f++)
        {
          for (int t = 0; t < self->n; t++)
            {
              gboolean uses = self->conditions[t][f] != 0;

              for (int u = 0; u < self->n; u++)
                uses |= users[f][u] && self->is_fixture[u] &&
                        (self->conditions[t][u] != 0 || self->cleanup[u] == t);
              if (!self->is_fixture[f] || !uses || users[f][t] || t == f || t == self->cleanup[f])
                continue;
              users[f][t] = changed = TRUE;
            }
        }
    }
}

static void
find_waits (const Model *self, Matrix users, Matrix waits)
{
  for (int i = 0; i < self->n; i++)
    {
      for (int j = 0; j < self->n; j++)
        {
          waits[i][j] = self->conditions[i][j] != 0;
          for (int f = 0; f < self->n; f++)
            waits[i][j] |= self->cleanup[f] == i && (j == f || users[f][j]);
        }
    }
}

static void
close_matrix (int n, Matrix matrix)
{
  for (int k = 0; k < n; k++)
    {
      for (int i = 0; i < n; i++)
        {
          for (int j = 0; j < n; j++)
            matrix[i][j] |= matrix[i][k] && matrix[k][j];
        }
    }
}

static gboolean
is_valid (const Model *self)
{
  Matrix users, waits;

  find_users (self, users);
  find_waits (self, users, waits);
  close_matrix (self->n, waits);
  for (int i = 0; i < self->n; i++)
    {
      if (waits[i][i])
        return FALSE;
    }

  return TRUE;
}

static void
find_selected (const Model *self, gboolean *selected)
{
  gboolean changed = TRUE;

  for (int i = 0; i < self->n; i++)
    selected[i] = self->wanted[i] && !self->excluded[i];
  while (changed)
    {
      changed = FALSE;
      for (int i = 0; i < self->n; i++)
        {
          for (int j = 0; j < self->n; j++)
            {
              if (!selected[i] || selected[j] || self->excluded[j])
                continue;
              if (self->conditions[i][j] != 0 || self->cleanup[i] == j || self->cleanup[j] == i)
                selected[j] = changed = TRUE;
            }
        }
    }
}

/* What is left of the model if only the selected tests are there. */
static void
restrict_model (Model *self, const gboolean *selected)
{
  for (int i = 0; i < self->n; i++)
    {
      self->is_fixture[i] &= selected[i];
      if (self->cleanup[i] != NONE && (!selected[i] || !selected[self->cleanup[i]]))
        self->cleanup[i] = NONE;
      for (int j = 0; j < self->n; j++)
        {
          if (!selected[i] || !selected[j])
            self->conditions[i][j] = 0;
        }
    }
}

static int
index_of (const DagschedPlanView *view, guint32 number)
{
  return dagsched_test_get_name (view->tests[number])[0] - 'a';
}

static void
check_edges (const Model *self, const DagschedPlanView *view, Matrix users)
{
  for (guint32 number = 0; number < view->n_tests; number++)
    {
      guint8 expected[MAX_TESTS];
      int test = index_of (view, number);

      memcpy (expected, self->conditions[test], sizeof expected);
      for (int f = 0; f < self->n; f++)
        {
          for (int j = 0; j < MIN (self->n, MAX_TESTS); j++)
            {
              if (self->cleanup[f] == test && (j == f || users[f][j]))
                expected[j] = 1 << DAGSCHED_CONDITION_ALWAYS;
            }
        }
      for (guint32 i = view->first_dependency[number]; i < view->first_dependency[number + 1]; i++)
        {
          guint32 packed = view->dependencies[i];
          guint8 bit = 1 << DAGSCHED_DEPENDENT_CONDITION (packed);
          int dependency = index_of (view, DAGSCHED_DEPENDENT_NUMBER (packed));

          g_assert_cmpuint (expected[dependency] & bit, !=, 0);
          expected[dependency] &= ~bit;
        }
      for (int j = 0; j < self->n; j++)
        g_assert_cmpuint (expected[j], ==, 0);
    }
}

/* The dependents are the dependencies, turned round. */
static void
check_dependents (const DagschedPlanView *view)
{
  g_assert_cmpuint (view->first_dependent[view->n_tests], ==, view->first_dependency[view->n_tests]);
  for (guint32 number = 0; number < view->n_tests; number++)
    {
      for (guint32 i = view->first_dependent[number]; i < view->first_dependent[number + 1]; i++)
        {
          guint32 dependent = DAGSCHED_DEPENDENT_NUMBER (view->dependents[i]);
          guint32 wanted =
            DAGSCHED_PACK_DEPENDENT (number, DAGSCHED_DEPENDENT_CONDITION (view->dependents[i]));
          guint n_found = 0;

          for (guint32 j = view->first_dependency[dependent]; j < view->first_dependency[dependent + 1]; j++)
            n_found += view->dependencies[j] == wanted;
          g_assert_cmpuint (n_found, ==, 1);
        }
    }
}

static gboolean
list_contains (const guint32 *first, const guint32 *list, guint32 number, guint32 wanted)
{
  guint n_found = 0;

  for (guint32 i = first[number]; i < first[number + 1]; i++)
    n_found += list[i] == wanted;
  g_assert_cmpuint (n_found, <=, 1);

  return n_found == 1;
}

static gboolean
must_hold (const Model *self, Matrix users, int fixture, int test)
{
  gboolean has_users = FALSE;

  if (!self->is_fixture[fixture])
    return FALSE;
  if (self->cleanup[fixture] != NONE)
    return self->cleanup[fixture] == test;
  for (int i = 0; i < self->n; i++)
    has_users |= users[fixture][i];

  return has_users ? users[fixture][test] : test == fixture;
}

static void
check_fixtures (const Model *self, const DagschedPlanView *view, Matrix users)
{
  Matrix direct = { 0 }, reached;

  for (int i = 0; i < self->n; i++)
    {
      for (int j = 0; j < self->n; j++)
        direct[i][j] = self->is_fixture[j] && (self->conditions[i][j] != 0 || self->cleanup[j] == i);
    }
  memcpy (reached, direct, sizeof direct);
  close_matrix (self->n, reached);

  for (guint32 a = 0; a < view->n_tests; a++)
    {
      int test = index_of (view, a), n_direct = 0;

      for (guint32 b = 0; b < view->n_tests; b++)
        {
          int fixture = index_of (view, b);

          g_assert_cmpint (list_contains (view->first_held, view->held, a, b), ==,
                           must_hold (self, users, fixture, test));
          g_assert_cmpint (list_contains (view->first_fixture, view->fixtures, a, b), ==,
                           reached[test][fixture]);
          n_direct += direct[test][fixture];
        }
      for (int i = 1; i <= n_direct; i++)
        g_assert_true (direct[test][index_of (view, view->fixtures[view->first_fixture[a + 1] - i])]);
    }
}

static void
check_holders (const Model *self, const DagschedPlanView *view)
{
  for (guint32 a = 0; a < view->n_tests; a++)
    {
      guint n_holders = 0;

      for (guint32 b = 0; b < view->n_tests; b++)
        n_holders += list_contains (view->first_held, view->held, b, a);
      g_assert_cmpuint (view->n_holders[a], ==, n_holders);
      g_assert_cmpint (n_holders > 0, ==, self->is_fixture[index_of (view, a)]);
      if (view->cleanup_of[a] != DAGSCHED_NO_TEST)
        g_assert_cmpint (self->cleanup[index_of (view, view->cleanup_of[a])], ==, index_of (view, a));
    }
}

/* Runs all tests in one of the orders that the dependencies allow, and says at which turn each did. */
static void
check_runs (const DagschedPlanView *view, guint32 *turns)
{
  g_autofree guint32 *n_left = g_new (guint32, MAX (view->n_tests, 1));
  g_autofree gboolean *ran = g_new0 (gboolean, MAX (view->n_tests, 1));

  for (guint32 i = 0; i < view->n_tests; i++)
    n_left[i] = view->first_dependency[i + 1] - view->first_dependency[i];
  for (guint32 turn = 0; turn < view->n_tests; turn++)
    {
      guint32 number = view->n_tests;

      /* The last that may: what has no reason to wait runs as early as it can. */
      while (number-- > 0 && (ran[number] || n_left[number] > 0))
        continue;
      g_assert_cmpuint (number, <, view->n_tests);
      ran[number] = TRUE;
      turns[number] = turn;
      for (guint32 i = view->first_dependent[number]; i < view->first_dependent[number + 1]; i++)
        n_left[DAGSCHED_DEPENDENT_NUMBER (view->dependents[i])]--;
    }
}

/* Repetitions of a test follow each other, and a fixture is set up again when nobody uses it any more. */
static void
check_repetitions (const Model *self, DagschedGraph *graph, DagschedSelection *selection, Matrix users)
{
  DagschedPlanParams params = DAGSCHED_PLAN_PARAMS_INIT;
  g_autoptr (DagschedPlan) plan = NULL;
  const DagschedPlanView *view;
  guint32 turns[3 * MAX_TESTS], n;

  params.repeat = 3;
  plan = dagsched_plan_compile (graph, selection, &params, NULL);
  view = dagsched_plan_get_view (plan);
  n = view->n_tests / 3;
  check_dependents (view);
  check_runs (view, turns);

  for (guint32 number = n; number < view->n_tests; number++)
    {
      int test = index_of (view, number);

      g_assert_cmpuint (turns[number], >, turns[number - n]);
      for (guint32 user = number / n * n - n; user < number / n * n; user++)
        {
          if (users[test][index_of (view, user)] || self->cleanup[test] == index_of (view, user))
            g_assert_cmpuint (turns[number], >, turns[user]);
        }
    }
}

static void
check_plan (Model *self, DagschedGraph *graph, DagschedSelection *selection, const gboolean *selected)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (DagschedPlan) plan = dagsched_plan_new (graph, selection, &error);
  const DagschedPlanView *view = dagsched_plan_get_view (plan);
  guint32 turns[MAX_TESTS], number = 0;
  gboolean has_fixtures = FALSE;
  Matrix users;

  g_assert_no_error (error);
  for (int i = 0; i < self->n; i++)
    {
      if (selected[i])
        g_assert_cmpint (index_of (view, number++), ==, i);
    }
  g_assert_cmpuint (view->n_tests, ==, number);

  restrict_model (self, selected);
  find_users (self, users);
  check_edges (self, view, users);
  check_dependents (view);
  check_runs (view, turns);
  for (int i = 0; i < self->n; i++)
    has_fixtures |= self->is_fixture[i];
  g_assert_cmpint (view->first_held != NULL, ==, has_fixtures);
  if (has_fixtures)
    {
      check_fixtures (self, view, users);
      check_holders (self, view);
    }
  check_repetitions (self, graph, selection, users);
}

static DagschedSelection *
build_selection (const Model *self)
{
  DagschedSelection *selection = dagsched_selection_new ();

  dagsched_selection_add_filter (selection, "nothing");
  for (int i = 0; i < self->n; i++)
    {
      const char name[] = { (char) ('a' + i), '\0' };

      if (self->wanted[i])
        dagsched_selection_add_filter (selection, name);
      if (self->excluded[i])
        dagsched_selection_add_exclude (selection, name);
    }

  return selection;
}

static void
test_random (void)
{
  const guint n_rounds = 4000;
  guint n_valid = 0;

  for (guint round = 0; round < n_rounds; round++)
    {
      g_autoptr (DagschedSelection) selection = NULL;
      g_autoptr (DagschedGraph) graph = NULL;
      gboolean selected[MAX_TESTS], all[MAX_TESTS];
      Model model, whole;

      make_random (&model);
      graph = build (&model);
      g_assert_cmpint (dagsched_graph_validate (graph, NULL), ==, is_valid (&model));
      if (!is_valid (&model))
        continue;

      n_valid++;
      whole = model;
      for (int i = 0; i < model.n; i++)
        all[i] = TRUE;
      check_plan (&whole, graph, NULL, all);

      selection = build_selection (&model);
      find_selected (&model, selected);
      whole = model;
      check_plan (&whole, graph, selection, selected);

      for (int i = 0; i < model.n; i++)
        selected[i] = model.wanted[i] && !model.excluded[i];
      dagsched_selection_set_with_dependencies (selection, FALSE);
      check_plan (&model, graph, selection, selected);
    }

  g_test_message ("%u of %u graphs were valid", n_valid, n_rounds);
  g_assert_cmpuint (n_valid, >, n_rounds / 10);
  g_assert_cmpuint (n_valid, <, n_rounds);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/plan/random", test_random);

  return g_test_run ();
}
