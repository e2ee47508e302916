/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What resources have to do with the order. A resource that is needed for long keeps the run from ending as
 * a long path does: for as long as the tests that need it take, each by its share of the capacity. If none of
 * them is put off, all those resources run out together. So tests that need the same form a line, and each
 * is given the time for which the busiest thing that it needs will still be needed when the lines have all
 * come as far as to it. */
#include "plan/dagsched-compiler-private.h"

/* A test that needs something. */
typedef struct
{
  guint32 number;
  guint32 line; /* a profile: that of the first test which needs just this */
  int priority;
  double remaining;
} Place;

static double *
sum_loads (const DagschedPlanView *view, const double *seconds)
{
  double *loads = g_new0 (double, view->n_resources);

  for (guint32 i = 0; i < view->n_tests; i++)
    {
      const DagschedProfile *profile = &view->profiles[view->profile[i]];

      for (guint d = 0; d < profile->n_demands; d++)
        {
          const DagschedDemand *demand = &view->demands[profile->first_demand + d];

          loads[demand->resource] += seconds[i] * demand->amount / view->capacities[demand->resource];
        }
    }

  return loads;
}

static double
find_busiest (const DagschedPlanView *view, const DagschedProfile *profile, const double *loads)
{
  double busiest = 0;

  for (guint d = 0; d < profile->n_demands; d++)
    busiest = MAX (busiest, loads[view->demands[profile->first_demand + d].resource]);

  return busiest;
}

/* Of each profile: the first one that has the same demands. */
static guint32 *
find_lines (const DagschedPlanView *view)
{
  guint32 *lines = g_new (guint32, MAX (view->n_profiles, 1));
  g_autoptr (GHashTable) known =
    g_hash_table_new_full (g_bytes_hash, g_bytes_equal, (GDestroyNotify) g_bytes_unref, NULL);

  for (guint32 i = 0; i < view->n_profiles; i++)
    {
      const DagschedProfile *profile = &view->profiles[i];
      const DagschedDemand *demands =
        profile->n_demands > 0 ? &view->demands[profile->first_demand] : NULL; /* there may be none at all */
      GBytes *key = g_bytes_new_static (demands, profile->n_demands * sizeof (DagschedDemand));
      gpointer first;

      lines[i] = g_hash_table_lookup_extended (known, key, NULL, &first) ? GPOINTER_TO_UINT (first) : i;
      g_hash_table_insert (known, key, GUINT_TO_POINTER (lines[i]));
    }

  return lines;
}

static int
compare_places (gconstpointer a, gconstpointer b)
{
  const Place *x = a, *y = b;

  if (x->line != y->line)
    return x->line < y->line ? -1 : 1;
  if (x->priority != y->priority)
    return x->priority > y->priority ? -1 : 1;
  if (x->remaining != y->remaining)
    return x->remaining > y->remaining ? -1 : 1;

  return x->number < y->number ? -1 : x->number > y->number;
}

static GArray *
form_lines (const DagschedPlanView *view, const double *remaining)
{
  GArray *places = g_array_new (FALSE, FALSE, sizeof (Place));
  g_autofree guint32 *lines = find_lines (view);

  for (guint32 i = 0; i < view->n_tests; i++)
    {
      Place place = { .number = i, .line = lines[view->profile[i]], .remaining = remaining[i] };

      if (view->profiles[place.line].n_demands == 0)
        continue;
      place.priority = dagsched_test_get_priority (view->tests[i]);
      g_array_append_val (places, place);
    }
  g_array_sort (places, compare_places);

  return places;
}

/* One line, from @begin to @end. */
static void
give_turns (GArray *places, guint begin, guint end, const double *seconds, double busiest, double *turns)
{
  double total = 0, left = 0;

  for (guint i = begin; i < end; i++)
    total += seconds[g_array_index (places, Place, i).number];
  for (guint i = end; i-- > begin;)
    {
      guint32 number = g_array_index (places, Place, i).number;

      left += seconds[number];
      turns[number] = busiest * left / total;
    }
}

double *
dagsched_compiler_find_turns (const DagschedPlanView *view, const double *seconds, const double *remaining)
{
  g_autofree double *loads = sum_loads (view, seconds);
  g_autoptr (GArray) places = form_lines (view, remaining);
  double *turns = g_new0 (double, MAX (view->n_tests, 1));
  guint end;

  for (guint begin = 0; begin < places->len; begin = end)
    {
      guint32 line = g_array_index (places, Place, begin).line;

      for (end = begin + 1; end < places->len && g_array_index (places, Place, end).line == line; end++)
        ;
      give_turns (places, begin, end, seconds, find_busiest (view, &view->profiles[line], loads), turns);
    }

  return turns;
}
