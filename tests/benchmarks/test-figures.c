/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What the benchmarks rest on: shapes, the check that everything ran, medians. */
#include <math.h>
#include <string.h>

#include "bench-check.h"
#include "bench-error.h"
#include "bench-result.h"
#include "bench-shape.h"

static gboolean
has_dependent (const BenchShape *shape, guint32 test, guint32 dependent)
{
  for (guint32 i = shape->dependents.first[test]; i < shape->dependents.first[test + 1]; i++)
    {
      if (shape->dependents.list[i] == dependent)
        return TRUE;
    }

  return FALSE;
}

static void
check_shape (BenchShapeKind kind, guint32 n_tests, guint32 n_dependencies)
{
  g_autoptr (BenchShape) shape = bench_shape_new (kind, n_tests);

  g_assert_cmpuint (shape->n_tests, ==, n_tests);
  g_assert_cmpuint (shape->n_dependencies, ==, n_dependencies);
  g_assert_cmpuint (shape->dependents.first[n_tests], ==, n_dependencies);
  for (guint32 i = 0; i < n_tests; i++)
    {
      for (guint32 j = shape->dependencies.first[i]; j < shape->dependencies.first[i + 1]; j++)
        {
          g_assert_cmpuint (shape->dependencies.list[j], <, i);
          g_assert_true (has_dependent (shape, shape->dependencies.list[j], i));
        }
    }
}

static void
test_shapes (void)
{
  check_shape (BENCH_SHAPE_CHAIN, 1, 0);
  check_shape (BENCH_SHAPE_CHAIN, 100, 99);
  check_shape (BENCH_SHAPE_INDEPENDENT, 100, 0);
  check_shape (BENCH_SHAPE_BINTREE, 100, 99);
  check_shape (BENCH_SHAPE_LAYERED, 999, 0);
  check_shape (BENCH_SHAPE_LAYERED, 3500, 7500);
}

/* Three different ones, of the layer above and no other. */
static void
test_layers (void)
{
  g_autoptr (BenchShape) shape = bench_shape_new (BENCH_SHAPE_LAYERED, 5000);

  for (guint32 i = 1000; i < shape->n_tests; i++)
    {
      const guint32 *three = &shape->dependencies.list[shape->dependencies.first[i]];

      g_assert_cmpuint (shape->dependencies.first[i + 1] - shape->dependencies.first[i], ==, 3);
      for (guint j = 0; j < 3; j++)
        g_assert_cmpuint (three[j] / 1000, ==, i / 1000 - 1);
      g_assert_true (three[0] != three[1] && three[1] != three[2] && three[2] != three[0]);
    }
}

static void
test_depth (void)
{
  g_autoptr (BenchShape) chain = bench_shape_new (BENCH_SHAPE_CHAIN, 100);
  g_autoptr (BenchShape) tree = bench_shape_new (BENCH_SHAPE_BINTREE, 100);
  g_autoptr (BenchShape) layers = bench_shape_new (BENCH_SHAPE_LAYERED, 3000);

  g_assert_cmpuint (bench_shape_count_up_to_depth (chain, 10), ==, 10);
  g_assert_cmpuint (bench_shape_count_up_to_depth (tree, 3), ==, 7);
  g_assert_cmpuint (bench_shape_count_up_to_depth (tree, 50), ==, 100);
  g_assert_cmpuint (bench_shape_count_up_to_depth (layers, 2), ==, 2000);
}

static void
expect_wrong (BenchCheck *check, const char *part)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (bench_check_end (check, "somebody", &error));
  g_assert_error (error, BENCH_ERROR, BENCH_ERROR_WRONG);
  g_assert_nonnull (strstr (error->message, "somebody"));
  if (strstr (error->message, part) == NULL)
    g_error ("\"%s\" is not in \"%s\"", part, error->message);
}

static void
test_check (void)
{
  g_autoptr (BenchShape) shape = bench_shape_new (BENCH_SHAPE_CHAIN, 3);
  g_autoptr (BenchCheck) good = bench_check_new (shape);
  g_autoptr (BenchCheck) early = bench_check_new (shape);
  g_autoptr (GError) error = NULL;

  bench_check_visit (good, 0);
  bench_check_visit (good, 1);
  expect_wrong (good, "1 did not run");
  bench_check_visit (good, 2);
  g_assert_true (bench_check_end (good, "somebody", &error));
  g_assert_no_error (error);
  bench_check_visit (good, 2);
  expect_wrong (good, "1 ran more than once");

  bench_check_visit (early, 1);
  bench_check_visit (early, 0);
  bench_check_visit (early, 2);
  expect_wrong (early, "1 dependencies were not waited for");
}

static void
add (BenchResult *result, const char *figure, guint n_samples, const double *samples)
{
  for (guint i = 0; i < n_samples; i++)
    bench_result_add_sample (result, figure, "s", samples[i]);
}

static double
get_ratio (const BenchResult *result, const char *rival)
{
  return bench_result_get_ratio (result, bench_result_find_comparison (result, rival));
}

static void
test_result (void)
{
  g_autoptr (BenchResult) result = bench_result_new ("test");
  const double ours[] = { 9, 1, 3, 2 };
  const double theirs[] = { 100, 5, 1 };
  const BenchFigure *figure;

  add (result, "ours", G_N_ELEMENTS (ours), ours);
  add (result, "theirs", G_N_ELEMENTS (theirs), theirs);
  bench_result_add_sample (result, "nothing", "s", 0);
  figure = bench_result_find (result, "ours");
  g_assert_cmpfloat (bench_figure_get_median (figure), ==, 2.5);
  g_assert_cmpfloat (bench_figure_get_min (figure), ==, 1);
  g_assert_cmpfloat (bench_figure_get_max (figure), ==, 9);

  bench_result_compare (result, "onetbb", "ours", "theirs");
  bench_result_compare (result, "best", "theirs", "nothing");
  bench_result_compare (result, "make", "ours", "missing");
  g_assert_cmpfloat (get_ratio (result, "onetbb"), ==, 0.5);
  g_assert_cmpfloat (bench_result_get_least_ratio (result, bench_result_find_comparison (result, "onetbb")),
                     ==, 1);
  g_assert_true (isnan (get_ratio (result, "best")));
  g_assert_true (isnan (get_ratio (result, "make")));
  g_assert_null (bench_result_find_comparison (result, "polling"));
}

static void
test_quantiles (void)
{
  g_autoptr (GArray) samples = g_array_new (FALSE, FALSE, sizeof (double));

  for (double value = 1000; value >= 1; value--)
    g_array_append_val (samples, value);
  g_assert_cmpfloat (bench_samples_get_quantile (samples, 0.5), ==, 500);
  g_assert_cmpfloat (bench_samples_get_quantile (samples, 0.99), ==, 990);
  g_assert_cmpfloat (bench_samples_get_quantile (samples, 0), ==, 1);
  g_assert_cmpfloat (bench_samples_get_quantile (samples, 1), ==, 1000);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/benchmarks/shapes", test_shapes);
  g_test_add_func ("/benchmarks/layers", test_layers);
  g_test_add_func ("/benchmarks/depth", test_depth);
  g_test_add_func ("/benchmarks/check", test_check);
  g_test_add_func ("/benchmarks/result", test_result);
  g_test_add_func ("/benchmarks/quantiles", test_quantiles);

  return g_test_run ();
}
