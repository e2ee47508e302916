/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "bench-result.h"

#include <math.h>
#include <string.h>

static void
figure_free (gpointer data)
{
  BenchFigure *self = data;

  g_free (self->name);
  g_array_unref (self->samples);
  g_free (self);
}

static void
comparison_clear (gpointer data)
{
  BenchComparison *self = data;

  g_free (self->ours);
  g_free (self->theirs);
}

BenchResult *
bench_result_new (const char *benchmark)
{
  BenchResult *self = g_new0 (BenchResult, 1);

  self->benchmark = benchmark;
  self->figures = g_ptr_array_new_with_free_func (figure_free);
  self->parameters = g_array_new (FALSE, FALSE, sizeof (BenchParameter));
  self->comparisons = g_array_new (FALSE, FALSE, sizeof (BenchComparison));
  g_array_set_clear_func (self->comparisons, comparison_clear);

  return self;
}

void
bench_result_free (BenchResult *self)
{
  g_ptr_array_unref (self->figures);
  g_array_unref (self->parameters);
  g_array_unref (self->comparisons);
  g_free (self);
}

static BenchFigure *
find (const BenchResult *self, const char *name)
{
  for (guint i = 0; i < self->figures->len; i++)
    {
      BenchFigure *figure = g_ptr_array_index (self->figures, i);

      if (strcmp (figure->name, name) == 0)
        return figure;
    }

  return NULL;
}

const BenchFigure *
bench_result_find (const BenchResult *self, const char *figure)
{
  return find (self, figure);
}

void
bench_result_add_sample (BenchResult *self, const char *figure, const char *unit, double value)
{
  BenchFigure *found = find (self, figure);

  if (found == NULL)
    {
      found = g_new0 (BenchFigure, 1);
      found->name = g_strdup (figure);
      found->unit = unit;
      found->samples = g_array_new (FALSE, FALSE, sizeof (double));
      g_ptr_array_add (self->figures, found);
    }
  g_array_append_val (found->samples, value);
}

void
bench_result_set_parameter (BenchResult *self, const char *name, gint64 value)
{
  BenchParameter parameter = { .name = name, .value = value };

  for (guint i = 0; i < self->parameters->len; i++)
    {
      if (strcmp (g_array_index (self->parameters, BenchParameter, i).name, name) == 0)
        {
          g_array_index (self->parameters, BenchParameter, i).value = value;
          return;
        }
    }
  g_array_append_val (self->parameters, parameter);
}

void
bench_result_compare (BenchResult *self, const char *rival, const char *ours, const char *theirs)
{
  BenchComparison comparison = { .rival = rival, .ours = g_strdup (ours), .theirs = g_strdup (theirs) };

  g_array_append_val (self->comparisons, comparison);
}

const BenchComparison *
bench_result_find_comparison (const BenchResult *self, const char *rival)
{
  for (guint i = 0; i < self->comparisons->len; i++)
    {
      const BenchComparison *comparison = &g_array_index (self->comparisons, BenchComparison, i);

      if (strcmp (comparison->rival, rival) == 0)
        return comparison;
    }

  return NULL;
}

static double
divide (const BenchResult *self, const BenchComparison *comparison, double (*get) (const BenchFigure *figure))
{
  const BenchFigure *ours = find (self, comparison->ours);
  const BenchFigure *theirs = find (self, comparison->theirs);
  double divisor = theirs != NULL ? get (theirs) : 0;

  return ours != NULL && divisor > 0 ? get (ours) / divisor : NAN;
}

double
bench_result_get_ratio (const BenchResult *self, const BenchComparison *comparison)
{
  return divide (self, comparison, bench_figure_get_median);
}

double
bench_result_get_least_ratio (const BenchResult *self, const BenchComparison *comparison)
{
  return divide (self, comparison, bench_figure_get_min);
}

static int
compare_doubles (gconstpointer a, gconstpointer b)
{
  double left = *(const double *) a;
  double right = *(const double *) b;

  return (left > right) - (left < right);
}

/* The nearest rank: always one of the samples, but for the median of an even number of them. */
double
bench_samples_get_quantile (GArray *samples, double share)
{
  guint rank = ceil (share * samples->len);

  g_assert (samples->len > 0);

  g_array_sort (samples, compare_doubles);
  return g_array_index (samples, double, CLAMP (rank, 1, samples->len) - 1);
}

double
bench_figure_get_median (const BenchFigure *figure)
{
  guint middle = figure->samples->len / 2;
  double upper;

  g_array_sort (figure->samples, compare_doubles);
  upper = g_array_index (figure->samples, double, middle);
  if (figure->samples->len % 2 == 1)
    return upper;

  return (g_array_index (figure->samples, double, middle - 1) + upper) / 2;
}

double
bench_figure_get_min (const BenchFigure *figure)
{
  return bench_samples_get_quantile (figure->samples, 0);
}

double
bench_figure_get_max (const BenchFigure *figure)
{
  return bench_samples_get_quantile (figure->samples, 1);
}
