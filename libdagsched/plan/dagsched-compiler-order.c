/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plan/dagsched-compiler-private.h"

/* Seconds: from former runs, else as the source says, else one. */
static double
expected_seconds (DagschedTest *test, gboolean *is_known)
{
  double seconds = dagsched_test_get_expected_duration (test);

  if (seconds <= 0)
    seconds = dagsched_test_get_weight (test);
  *is_known = seconds > 0;

  return *is_known ? seconds : 1;
}

static double *
collect_seconds (const DagschedPlanView *view, DagschedPlanTimes *times)
{
  double *seconds = g_new (double, MAX (view->n_tests, 1));

  for (guint32 i = 0; i < view->n_tests; i++)
    {
      gboolean is_known;

      seconds[i] = expected_seconds (view->tests[i], &is_known);
      times->total_work += seconds[i];
      times->has_durations |= is_known;
    }

  return seconds;
}

/* The longest way from the start of each test to the end of the run, over all dependents that run if it
 * succeeds; at least as long as @least (nullable) says. From the last to the first: a test's turn comes when
 * all its dependents had theirs. */
static double *
find_remaining (const DagschedPlanView *view, const double *seconds, const double *least, double *longest)
{
  guint32 n = view->n_tests, n_done = 0, n_queue = 0;
  double *remaining = g_new0 (double, MAX (n, 1));
  g_autofree guint32 *n_left = g_new (guint32, MAX (n, 1));
  g_autofree guint32 *queue = g_new (guint32, MAX (n, 1));

  for (guint32 i = 0; i < n; i++)
    {
      n_left[i] = view->first_dependent[i + 1] - view->first_dependent[i];
      if (n_left[i] == 0)
        queue[n_queue++] = i;
    }

  while (n_done < n_queue)
    {
      guint32 number = queue[n_done++];

      remaining[number] += seconds[number];
      if (least != NULL)
        remaining[number] = MAX (remaining[number], least[number]);
      *longest = MAX (*longest, remaining[number]);
      for (guint32 i = view->first_dependency[number]; i < view->first_dependency[number + 1]; i++)
        {
          guint32 dependency = DAGSCHED_DEPENDENT_NUMBER (view->dependencies[i]);

          if (DAGSCHED_DEPENDENT_CONDITION (view->dependencies[i]) != DAGSCHED_CONDITION_FAILURE)
            remaining[dependency] = MAX (remaining[dependency], remaining[number]);
          if (--n_left[dependency] == 0)
            queue[n_queue++] = dependency;
        }
    }
  g_assert (n_done == n);

  return remaining;
}

/* Which dependent the longest way goes on with; DAGSCHED_NO_TEST at its end. */
static guint32
find_next (const DagschedPlanView *view, const double *remaining, guint32 number)
{
  guint32 next = DAGSCHED_NO_TEST;

  for (guint32 i = view->first_dependent[number]; i < view->first_dependent[number + 1]; i++)
    {
      guint32 dependent = DAGSCHED_DEPENDENT_NUMBER (view->dependents[i]);

      if (DAGSCHED_DEPENDENT_CONDITION (view->dependents[i]) != DAGSCHED_CONDITION_FAILURE &&
          (next == DAGSCHED_NO_TEST || remaining[dependent] > remaining[next]))
        next = dependent;
    }

  return next;
}

static void
collect_path (const DagschedPlanView *view, const double *remaining, DagschedPlanTimes *times)
{
  g_autoptr (GArray) path = g_array_new (FALSE, FALSE, sizeof (guint32));
  guint32 number = DAGSCHED_NO_TEST;
  gsize length;

  for (guint32 i = 0; i < view->n_tests; i++)
    {
      if (number == DAGSCHED_NO_TEST || remaining[i] > remaining[number])
        number = i;
    }
  for (; number != DAGSCHED_NO_TEST; number = find_next (view, remaining, number))
    g_array_append_val (path, number);

  times->path = g_array_steal (path, &length);
  times->n_path = (guint32) length;
}

/* Random keys: the places of a shuffle. */
static double *
shuffle (guint32 n, guint64 seed)
{
  const guint32 seeds[] = { (guint32) seed, (guint32) (seed >> 32) };
  GRand *rand = g_rand_new_with_seed_array (seeds, G_N_ELEMENTS (seeds));
  double *keys = g_new (double, MAX (n, 1));

  for (guint32 i = 0; i < n; i++)
    keys[i] = i;
  for (guint32 i = n; i > 1; i--)
    {
      guint32 other = g_rand_int_range (rand, 0, i);
      double key = keys[i - 1];

      keys[i - 1] = keys[other];
      keys[other] = key;
    }
  g_rand_free (rand);

  return keys;
}

static gboolean
is_special (const DagschedProfile *profile)
{
  return profile->kind == DAGSCHED_KIND_PROCESS || profile->n_demands > 0 || profile->n_memberships > 0 ||
         profile->exclusive || profile->slots != 1;
}

static gboolean
has_priorities (const DagschedPlanView *view)
{
  for (guint32 i = 0; i < view->n_tests; i++)
    {
      if (dagsched_test_get_priority (view->tests[i]) != 0)
        return TRUE;
    }

  return FALSE;
}

static gboolean
needs_order (DagschedCompiler *self, const DagschedPlanTimes *times)
{
  const DagschedPlanView *view = self->view;

  if (self->params->order != DAGSCHED_ORDER_AUTO || times->has_durations)
    return TRUE;

  for (guint32 i = 0; i < view->n_profiles; i++)
    {
      if (is_special (&view->profiles[i]))
        return TRUE;
    }

  return has_priorities (view);
}

typedef struct
{
  int *priorities;
  double *keys; /* (nullable) the greater starts first */
} Order;

static int
compare_in_order (gconstpointer a, gconstpointer b, gpointer user_data)
{
  const Order *order = user_data;
  guint32 x = *(const guint32 *) a, y = *(const guint32 *) b;

  if (order->priorities[x] != order->priorities[y])
    return order->priorities[x] > order->priorities[y] ? -1 : 1;
  if (order->keys != NULL && order->keys[x] != order->keys[y])
    return order->keys[x] > order->keys[y] ? -1 : 1;

  return x < y ? -1 : x > y;
}

static void
rank_tests (DagschedPlanView *view, double *keys)
{
  guint32 n = view->n_tests;
  g_autofree int *priorities = g_new (int, MAX (n, 1));
  Order order = { priorities, keys };

  for (guint32 i = 0; i < n; i++)
    {
      view->order[i] = i;
      priorities[i] = dagsched_test_get_priority (view->tests[i]);
    }
  g_qsort_with_data (view->order, n, sizeof (guint32), compare_in_order, &order);
  for (guint32 i = 0; i < n; i++)
    view->rank[view->order[i]] = i;
}

/* What resources are needed for counts like a path. */
static void
rank_by_path (DagschedPlanView *view, const double *seconds, double *remaining)
{
  g_autofree double *turns = NULL;
  g_autofree double *extended = NULL;
  double longest = 0;

  if (view->n_resources == 0)
    {
      rank_tests (view, remaining);
      return;
    }

  turns = dagsched_compiler_find_turns (view, seconds, remaining);
  extended = find_remaining (view, seconds, turns, &longest);
  rank_tests (view, extended);
}

void
dagsched_compiler_emit_order (DagschedCompiler *self, DagschedPlanTimes *times)
{
  DagschedPlanView *view = self->view;
  g_autofree double *seconds = collect_seconds (view, times);
  g_autofree double *remaining = find_remaining (view, seconds, NULL, &times->critical_path);
  g_autofree double *random = NULL;

  collect_path (view, remaining, times);
  view->ordered = needs_order (self, times);
  if (!view->ordered)
    {
      /* The workers take tests as they find them. */
      if (view->n_profiles == 1)
        g_clear_pointer (&view->profile, g_free);
      return;
    }

  view->rank = g_new (guint32, MAX (view->n_tests, 1));
  view->order = g_new (guint32, MAX (view->n_tests, 1));
  switch (self->params->order)
    {
    case DAGSCHED_ORDER_DECLARATION:
      rank_tests (view, NULL);
      break;
    case DAGSCHED_ORDER_LONGEST:
      rank_tests (view, seconds);
      break;
    case DAGSCHED_ORDER_RANDOM:
      random = shuffle (view->n_tests, self->params->seed);
      rank_tests (view, random);
      break;
    case DAGSCHED_ORDER_AUTO:
    case DAGSCHED_ORDER_CRITICAL_PATH:
    default:
      rank_by_path (view, seconds, remaining);
    }
}
