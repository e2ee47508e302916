/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* How the cost of a test grows with their number and with that of the workers. */
#include <math.h>

#include "bench-contest.h"
#include "bench-measurement.h"

#define FIRST_TESTS 1000
#define TESTS_FACTOR 10

/* Growth is told from here on: in a smaller run its start and its end weigh more than its tests. */
#define GROWTH_FROM 10000

static const guint all_workers[] = { 1, 2, 4, 8, 16, 32, 64 };

typedef struct
{
  const BenchParams *params;
  BenchResult *result;
  char *worst; /* the suffix of the point at which we compare worst; NULL: none yet */
  double worst_ratio;
  double worst_growth; /* 0: none yet */
} Scale;

static char *
get_suffix (BenchShapeKind kind, guint tests, guint workers)
{
  return g_strdup_printf ("_%s_%u_%uw", bench_shape_kind_to_string (kind), tests, workers);
}

/* NAN if there is no such figure. */
static double
find_median (const Scale *self, const char *figure, const char *suffix)
{
  g_autofree char *name = g_strconcat (figure, suffix, NULL);
  const BenchFigure *found = bench_result_find (self->result, name);

  return found != NULL ? bench_figure_get_median (found) : NAN;
}

static void
note_worst (Scale *self, const char *suffix)
{
  double ratio = find_median (self, "dagsched", suffix) / find_median (self, "onetbb", suffix);

  if (isnan (ratio) || ratio <= self->worst_ratio)
    return;

  self->worst_ratio = ratio;
  g_free (self->worst);
  self->worst = g_strdup (suffix);
}

static gboolean
measure_point (Scale *self, BenchShapeKind kind, guint tests, guint workers, GError **error)
{
  g_autoptr (BenchShape) shape = bench_shape_new (kind, tests);
  g_autofree char *suffix = get_suffix (kind, tests, workers);
  BenchContest contest = {
    .params = self->params,
    .setup = { .shape = shape, .workers = workers, .timestamps = self->params->timestamps },
    .suffix = suffix,
    .only = "onetbb",
  };

  if (!bench_contest_hold (&contest, self->result, error))
    return FALSE;

  note_worst (self, suffix);
  return TRUE;
}

static void
add_growth (Scale *self, BenchShapeKind kind, guint tests, guint workers)
{
  g_autofree char *small = get_suffix (kind, GROWTH_FROM, workers);
  g_autofree char *large = get_suffix (kind, tests, workers);

  g_autofree char *name = g_strdup_printf ("growth_%s_%uw", bench_shape_kind_to_string (kind), workers);
  double growth;

  if (tests <= GROWTH_FROM)
    return;

  growth = find_median (self, "dagsched", large) / find_median (self, "dagsched", small);
  bench_result_add_sample (self->result, name, "×", growth);
  self->worst_growth = MAX (self->worst_growth, growth);
}

static gboolean
measure_shape (Scale *self, BenchShapeKind kind, guint workers, GError **error)
{
  guint largest = 0;

  for (guint64 tests = MIN (FIRST_TESTS, self->params->tests); tests <= self->params->tests;
       tests *= TESTS_FACTOR)
    {
      if (!measure_point (self, kind, tests, workers, error))
        return FALSE;
      largest = tests;
    }

  add_growth (self, kind, largest, workers);
  return TRUE;
}

static gboolean
measure_all (Scale *self, GError **error)
{
  for (guint kind = 0; kind < BENCH_N_SHAPES; kind++)
    {
      if (self->params->shape != BENCH_N_SHAPES && self->params->shape != kind)
        continue;

      for (guint i = 0; i < G_N_ELEMENTS (all_workers) && all_workers[i] <= self->params->workers; i++)
        {
          if (!measure_shape (self, kind, all_workers[i], error))
            return FALSE;
        }
    }

  return TRUE;
}

static void
conclude (Scale *self)
{
  g_autofree char *ours = g_strconcat ("dagsched", self->worst, NULL);
  g_autofree char *theirs = g_strconcat ("onetbb", self->worst, NULL);

  if (self->worst != NULL)
    bench_result_compare (self->result, "onetbb", ours, theirs);
  if (self->worst_growth > 0)
    bench_result_add_sample (self->result, "growth", "×", self->worst_growth);
}

gboolean
bench_measure_scale (const BenchParams *params, BenchResult *result, GError **error)
{
  Scale self = { .params = params, .result = result };
  gboolean done;

  done = measure_all (&self, error);
  conclude (&self);
  g_free (self.worst);

  return done;
}
