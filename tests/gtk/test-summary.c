/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "summary/dagsched-gtk-run-figures-private.h"

#include <math.h>

/* The arithmetic of a run's summary. */

#define ASSERT_NEAR(a, b) g_assert_cmpfloat_with_epsilon (a, b, 1e-6 * (1 + fabs ((double) (b))))

/* 0 → 1 → 2, and 3 alone. */
static const guint32 first_dependency[] = { 0, 0, 1, 2, 2 };
static const guint32 first_dependent[] = { 0, 1, 2, 2, 2 };
static const guint32 dependents[] = { 1, 2 };

static DagschedGtkRunFigures *
new_figures (double a, double b, double c, double d)
{
  return dagsched_gtk_run_figures_new (&(DagschedGtkRunGraph){
    .n_tests = 4,
    .first_dependency = first_dependency,
    .first_dependent = first_dependent,
    .dependents = dependents,
    .expected = (const double[]){ a, b, c, d },
  });
}

static void
run_test (DagschedGtkRunFigures *figures, guint test, double duration)
{
  dagsched_gtk_run_figures_add_attempt (figures, test, duration);
  dagsched_gtk_run_figures_finish (figures, test);
}

static void
test_left_by_path (void)
{
  g_autoptr (DagschedGtkRunFigures) figures = new_figures (10, 5, 5, 1);
  DagschedGtkRunningTest running[] = { { 0, 0 }, { 3, 0 } };

  /* The chain is 20 s, however many workers there are. */
  ASSERT_NEAR (dagsched_gtk_run_figures_get_left (figures, 0, 4, NULL, 0), 20);
  ASSERT_NEAR (dagsched_gtk_run_figures_get_left (figures, 4, 2, running, 2), 16);
  run_test (figures, 3, 1);
  run_test (figures, 0, 10);
  running[0] = (DagschedGtkRunningTest){ 1, 10 };
  ASSERT_NEAR (dagsched_gtk_run_figures_get_left (figures, 12, 2, running, 1), 8);
  /* It overruns: what follows is still left, and no less. */
  ASSERT_NEAR (dagsched_gtk_run_figures_get_left (figures, 18, 2, running, 1), 5);
  run_test (figures, 1, 5);
  run_test (figures, 2, 5);
  ASSERT_NEAR (dagsched_gtk_run_figures_get_left (figures, 20, 2, NULL, 0), 0);
}

static void
test_left_by_work (void)
{
  g_autoptr (DagschedGtkRunFigures) figures = new_figures (1, 1, 1, 20);

  ASSERT_NEAR (dagsched_gtk_run_figures_get_left (figures, 0, 1, NULL, 0), 23);
  ASSERT_NEAR (dagsched_gtk_run_figures_get_left (figures, 0, 2, NULL, 0), 20);
}

static void
test_left_learns (void)
{
  g_autoptr (DagschedGtkRunFigures) figures = new_figures (10, 10, 10, 10);
  double left;

  /* Tests take twice as long as they used to. */
  run_test (figures, 0, 20);
  run_test (figures, 3, 20);
  left = dagsched_gtk_run_figures_get_left (figures, 20, 2, NULL, 0);
  g_assert_cmpfloat (left, >, 35);
  g_assert_cmpfloat (left, <=, 40);
}

static void
test_left_unknown (void)
{
  g_autoptr (DagschedGtkRunFigures) figures = new_figures (NAN, 0, NAN, 0);

  g_assert_true (isnan (dagsched_gtk_run_figures_get_left (figures, 1, 2, NULL, 0)));
  g_assert_true (isnan (dagsched_gtk_run_figures_get_bound (figures, 2)));
  g_assert_true (isnan (dagsched_gtk_run_figures_get_efficiency (figures, 1, 2, NULL, 0)));
  run_test (figures, 0, 2);
  run_test (figures, 3, 4);
  g_assert_true (isnan (dagsched_gtk_run_figures_get_left (figures, 4, 2, NULL, 0)));
  run_test (figures, 1, 3);
  /* 3 s a test, of which one is left. */
  ASSERT_NEAR (dagsched_gtk_run_figures_get_left (figures, 5, 2, NULL, 0), 3);
  g_assert_true (isnan (dagsched_gtk_run_figures_get_left (figures, 5, 0, NULL, 0)));
}

static void
test_left_is_smooth (void)
{
  g_autoptr (DagschedGtkRunFigures) figures = new_figures (1, 1, 1, 1);
  double shown, last;

  g_assert_true (isnan (dagsched_gtk_run_figures_smooth_left (figures, NAN, 0)));
  ASSERT_NEAR (dagsched_gtk_run_figures_smooth_left (figures, 100, 1), 100);
  ASSERT_NEAR (dagsched_gtk_run_figures_smooth_left (figures, 99, 2), 99);
  last = 99;
  for (double now = 2.1; now < 30; now += 0.1)
    {
      shown = dagsched_gtk_run_figures_smooth_left (figures, 200, now);
      g_assert_cmpfloat (fabs (shown - last), <, 4);
      last = shown;
    }
  g_assert_cmpfloat_with_epsilon (last, 200, 5);
  /* A log was wound back. */
  ASSERT_NEAR (dagsched_gtk_run_figures_smooth_left (figures, 50, 3), 50);
}

static void
test_bound (void)
{
  g_autoptr (DagschedGtkRunFigures) figures = new_figures (10, 5, 5, 1);

  ASSERT_NEAR (dagsched_gtk_run_figures_get_bound (figures, 2), 20);
  ASSERT_NEAR (dagsched_gtk_run_figures_get_bound (figures, 1), 21);
  run_test (figures, 0, 10);
  run_test (figures, 1, 5);
  run_test (figures, 3, 31);
  dagsched_gtk_run_figures_finish (figures, 2); /* blocked: it never ran */
  ASSERT_NEAR (dagsched_gtk_run_figures_get_bound (figures, 2), 31);
  ASSERT_NEAR (dagsched_gtk_run_figures_get_bound (figures, 1), 46);
}

static void
test_efficiency (void)
{
  g_autoptr (DagschedGtkRunFigures) figures = new_figures (1, 1, 1, 1);
  const DagschedGtkRunningTest running[] = { { 1, 6 } };

  /* A retry is work too. */
  dagsched_gtk_run_figures_add_attempt (figures, 0, 2);
  run_test (figures, 0, 2);
  ASSERT_NEAR (dagsched_gtk_run_figures_get_efficiency (figures, 10, 2, running, 1), 0.4);
  ASSERT_NEAR (dagsched_gtk_run_figures_get_efficiency (figures, 2, 1, NULL, 0), 1);
}

static void
test_throughput (void)
{
  g_autofree guint32 *none = g_new0 (guint32, 1001);
  g_autofree double *expected = g_new0 (double, 1000);
  g_autoptr (DagschedGtkRunFigures) figures =
    dagsched_gtk_run_figures_new (&(DagschedGtkRunGraph){ .n_tests = 1000,
                                                          .first_dependency = none,
                                                          .first_dependent = none,
                                                          .dependents = none,
                                                          .expected = expected });

  g_assert_true (isnan (dagsched_gtk_run_figures_get_throughput (figures, 0)));
  for (guint i = 0; i < 500; i++) /* 50 a second, then none */
    {
      run_test (figures, i, 0.1);
      dagsched_gtk_run_figures_get_throughput (figures, (i + 1) * 0.02);
    }
  g_assert_cmpfloat_with_epsilon (dagsched_gtk_run_figures_get_throughput (figures, 10), 50, 1);
  for (double now = 10; now < 14; now += 0.1)
    dagsched_gtk_run_figures_get_throughput (figures, now);
  ASSERT_NEAR (dagsched_gtk_run_figures_get_throughput (figures, 14), 0);
}

static void
test_segments (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (3);
  guint counts[6] = { 1, 0, 99999, 0, 3, 0 };
  int widths[6];

  dagsched_gtk_divide_segments (counts, 6, 200, 3, widths);
  g_assert_cmpint (widths[0], ==, 3);
  g_assert_cmpint (widths[1], ==, 0);
  g_assert_cmpint (widths[2], ==, 194);
  g_assert_cmpint (widths[4], ==, 3);

  for (guint round = 0; round < 2000; round++)
    {
      int sum = 0, width = g_rand_int_range (rand, 1, 400);

      for (guint i = 0; i < 6; i++)
        counts[i] = g_rand_boolean (rand) ? 0 : (guint) g_rand_int_range (rand, 1, i % 2 ? 5 : 50000);
      counts[g_rand_int_range (rand, 0, 6)] = 7;
      dagsched_gtk_divide_segments (counts, 6, width, 3, widths);
      for (guint i = 0; i < 6; i++)
        {
          g_assert_cmpint (widths[i], >=, counts[i] > 0 ? MIN (3, width / 6) : 0);
          g_assert_true (counts[i] > 0 || widths[i] == 0);
          sum += widths[i];
        }
      g_assert_cmpint (sum, ==, width);
    }

  dagsched_gtk_divide_segments ((const guint[]){ 0, 0 }, 2, 100, 3, widths);
  g_assert_cmpint (widths[0] + widths[1], ==, 0);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/summary/left/path", test_left_by_path);
  g_test_add_func ("/summary/left/work", test_left_by_work);
  g_test_add_func ("/summary/left/learns", test_left_learns);
  g_test_add_func ("/summary/left/unknown", test_left_unknown);
  g_test_add_func ("/summary/left/smooth", test_left_is_smooth);
  g_test_add_func ("/summary/bound", test_bound);
  g_test_add_func ("/summary/efficiency", test_efficiency);
  g_test_add_func ("/summary/throughput", test_throughput);
  g_test_add_func ("/summary/segments", test_segments);

  return g_test_run ();
}
