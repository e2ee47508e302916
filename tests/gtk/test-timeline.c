/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "timeline/dagsched-gtk-density-private.h"
#include "timeline/dagsched-gtk-samples-private.h"
#include "timeline/dagsched-gtk-spans-private.h"
#include "timeline/dagsched-gtk-time-axis-private.h"
#include "timeline/dagsched-gtk-time-window-private.h"

#include <math.h>

/* The arithmetic of timelines. */

#define ASSERT_NEAR(a, b) g_assert_cmpfloat_with_epsilon (a, b, 1e-9 * (1 + fabs ((double) (b))))

static void
test_fit (void)
{
  const double ends[] = { 0, 1e-9, 0.003, 1, 24.5, 1e6 };

  for (guint i = 0; i < G_N_ELEMENTS (ends); i++)
    {
      DagschedGtkTimeAxis axis = { 0 };

      dagsched_gtk_time_axis_set_width (&axis, 1000, ends[i]);
      dagsched_gtk_time_axis_fit (&axis, ends[i]);
      ASSERT_NEAR (axis.origin, 0);
      g_assert_cmpfloat (axis.scale, >, 0);
      g_assert_cmpfloat (dagsched_gtk_time_axis_to_x (&axis, ends[i]), <=, 980.0001);
    }
}

static void
test_zoom_about (void)
{
  DagschedGtkTimeAxis axis = { 0 };

  dagsched_gtk_time_axis_set_width (&axis, 800, 1e6);
  dagsched_gtk_time_axis_fit (&axis, 1e6);
  for (guint i = 0; i < 200; i++)
    {
      double time = dagsched_gtk_time_axis_to_time (&axis, 300);

      dagsched_gtk_time_axis_zoom (&axis, 300, 1.25, 1e6);
      g_assert_cmpfloat_with_epsilon (dagsched_gtk_time_axis_to_time (&axis, 300), time, 2e-9 * time);
    }
  /* As near as clocks are exact, and no nearer. */
  ASSERT_NEAR (axis.scale, 1e-9);
  g_assert_cmpfloat (axis.origin, >, 3e5);

  for (guint i = 0; i < 200; i++)
    dagsched_gtk_time_axis_zoom (&axis, 300, 0.8, 1e6);
  ASSERT_NEAR (axis.origin, 0);
  ASSERT_NEAR (dagsched_gtk_time_axis_to_x (&axis, 1e6), 784);

  dagsched_gtk_time_axis_zoom (&axis, 300, NAN, 1e6);
  dagsched_gtk_time_axis_zoom (&axis, 300, 0, 1e6);
  dagsched_gtk_time_axis_zoom (&axis, 300, INFINITY, 1e6);
  ASSERT_NEAR (dagsched_gtk_time_axis_to_x (&axis, 1e6), 784);
}

static void
test_clamp (void)
{
  DagschedGtkTimeAxis axis = { 0 };

  dagsched_gtk_time_axis_set_width (&axis, 100, 50);
  dagsched_gtk_time_axis_show (&axis, 10, 20, 50);
  ASSERT_NEAR (axis.origin, 10);
  ASSERT_NEAR (axis.scale, 0.1);
  dagsched_gtk_time_axis_pan (&axis, -1e9, 50);
  ASSERT_NEAR (axis.origin, 0);
  dagsched_gtk_time_axis_pan (&axis, 1e9, 50);
  ASSERT_NEAR (dagsched_gtk_time_axis_to_x (&axis, 50), 98);

  dagsched_gtk_time_axis_reveal (&axis, 5, 20, 50);
  ASSERT_NEAR (dagsched_gtk_time_axis_to_x (&axis, 5), 20);
  dagsched_gtk_time_axis_reveal (&axis, 6, 20, 50); /* it is seen: nothing moves */
  ASSERT_NEAR (dagsched_gtk_time_axis_to_x (&axis, 5), 20);
  dagsched_gtk_time_axis_follow (&axis, 30);
  ASSERT_NEAR (dagsched_gtk_time_axis_to_x (&axis, 30), 98);
  dagsched_gtk_time_axis_show (&axis, -100, 1e9, 50);
  ASSERT_NEAR (axis.origin, 0);
  ASSERT_NEAR (dagsched_gtk_time_axis_to_x (&axis, 50), 98);
}

static void
test_round_end (void)
{
  for (double end = 1e-6; end < 1e7; end *= 1.07)
    {
      double rounded = dagsched_gtk_time_axis_round_end (end);

      g_assert_cmpfloat (rounded, >=, end * (1 - 1e-6));
      g_assert_cmpfloat (rounded, <=, end * 1.2501);
      ASSERT_NEAR (dagsched_gtk_time_axis_round_end (rounded), rounded);
    }
}

static void
test_ticks (void)
{
  const struct
  {
    double scale, interval;
    guint n_subticks;
  } cases[] = {
    { 1e-9, 1e-7, 5 }, { 1e-5, 1e-3, 5 },      { 0.0015, 0.2, 4 },       { 0.05, 5, 5 },
    { 0.06, 10, 5 },   { 0.12, 15, 3 },        { 0.5, 60, 6 },           { 10, 1800, 6 },
    { 100, 10800, 3 }, { 1000, 2 * 86400, 4 }, { 1e5, 200 * 86400., 4 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      DagschedGtkTimeAxis axis = { .scale = cases[i].scale, .width = 1000 };
      double interval = dagsched_gtk_time_axis_get_tick_interval (&axis, 100);

      ASSERT_NEAR (interval, cases[i].interval);
      g_assert_cmpuint (dagsched_gtk_time_axis_get_n_subticks (interval), ==, cases[i].n_subticks);
    }

  for (double scale = 1e-9; scale < 1e6; scale *= 1.3)
    {
      DagschedGtkTimeAxis axis = { .scale = scale, .width = 1000 };
      double pixels = dagsched_gtk_time_axis_get_tick_interval (&axis, 80) / scale;

      g_assert_cmpfloat (pixels, >=, 79.999);
      g_assert_cmpfloat (pixels, <, 80 * 24); /* the ladder has no wide gaps */
    }
}

static void
test_tick_labels (void)
{
  const struct
  {
    double time, interval;
    const char *text;
  } cases[] = {
    { 0, 1, "0" },
    { 1e-12, 1e-6, "0" },
    { 0.00034, 1e-5, "340 µs" },
    { 0.0000005, 1e-7, "0.5 µs" },
    { 0.34, 0.01, "340 ms" },
    { 0.0125, 0.0005, "12.5 ms" },
    { 0.5, 0.5, "0.5 s" },
    { 2, 0.2, "2.0 s" },
    { 55, 5, "55 s" },
    { 59.9999999, 1, "1:00" },
    { 59.5, 0.1, "59.5 s" },
    { 725, 5, "12:05" },
    { 119.9999, 0.01, "2:00.00" },
    { 3600, 60, "1:00:00" },
    { 1e6, 900, "277:46:40" },
    { 1e6 + 0.25, 0.05, "277:46:40.25" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = dagsched_gtk_time_axis_format (cases[i].time, cases[i].interval);

      g_assert_cmpstr (text, ==, cases[i].text);
    }
}

static void
add_span (DagschedGtkSpans *spans, guint test, double start, double end, DagschedGtkLook look)
{
  dagsched_gtk_spans_add (
    spans, &(DagschedGtkSpan){ .start = start, .end = end, .test = test, .attempt = 1, .look = look });
}

static void
test_spans_out_of_order (void)
{
  g_autoptr (DagschedGtkSpans) spans = dagsched_gtk_spans_new ();
  g_autoptr (GRand) rand = g_rand_new_with_seed (7);
  g_autofree guint *order = g_new (guint, 5000);

  for (guint i = 0; i < 5000; i++)
    order[i] = i;
  for (guint i = 4999; i > 0; i--)
    {
      guint other = g_rand_int_range (rand, 0, (gint32) i + 1), swapped = order[i];

      order[i] = order[other];
      order[other] = swapped;
    }
  for (guint i = 0; i < 5000; i++)
    {
      add_span (spans, order[i], order[i], order[i] + 0.5, DAGSCHED_GTK_LOOK_PASSED);
      if (i % 500 == 0) /* what is asked in between must not stay */
        dagsched_gtk_spans_get_busy (spans, 0, 1e9);
    }

  g_assert_cmpuint (dagsched_gtk_spans_get_length (spans), ==, 5000);
  for (guint i = 0; i < 5000; i++)
    g_assert_cmpuint (dagsched_gtk_spans_get (spans, i)->test, ==, i);
  ASSERT_NEAR (dagsched_gtk_spans_get_end (spans), 4999.5);
  ASSERT_NEAR (dagsched_gtk_spans_get_busy (spans, 0, 1e9), 2500);
  ASSERT_NEAR (dagsched_gtk_spans_get_busy (spans, 10.25, 12.25), 0.25 + 0.5 + 0.25);
  ASSERT_NEAR (dagsched_gtk_spans_get_busy (spans, 10.6, 10.9), 0);
  ASSERT_NEAR (dagsched_gtk_spans_get_busy (spans, 12, 11), 0);
  g_assert_cmpuint (dagsched_gtk_spans_find (spans, 10.25), ==, 10);
  g_assert_cmpuint (dagsched_gtk_spans_find (spans, 10.75), ==, 11);
  g_assert_cmpuint (dagsched_gtk_spans_find (spans, 1e9), ==, 5000);
}

static void
test_spans_overlapping (void)
{
  g_autoptr (DagschedGtkSpans) spans = dagsched_gtk_spans_new ();

  add_span (spans, 0, 0, 10, DAGSCHED_GTK_LOOK_PASSED);
  add_span (spans, 1, 2, 3, DAGSCHED_GTK_LOOK_PASSED);
  add_span (spans, 2, 9, 12, DAGSCHED_GTK_LOOK_PASSED);
  add_span (spans, 3, 20, 20, DAGSCHED_GTK_LOOK_FAILED);
  ASSERT_NEAR (dagsched_gtk_spans_get_busy (spans, 0, 30), 12);
  ASSERT_NEAR (dagsched_gtk_spans_get_busy (spans, 5, 11), 6);
  /* The long one is found though a short one that ended before comes after it. */
  g_assert_cmpuint (dagsched_gtk_spans_find (spans, 5), ==, 0);
  g_assert_cmpint (dagsched_gtk_spans_pick (spans, 5, 5.1), ==, 0);
  g_assert_cmpint (dagsched_gtk_spans_pick (spans, 13, 19), ==, -1);
  g_assert_cmpint (dagsched_gtk_spans_pick (spans, 19.9, 20.1), ==, 3);
  g_assert_cmpint (dagsched_gtk_spans_pick (spans, 0, 30), ==, 3); /* failures first */
}

static void
test_spans_dirty (void)
{
  g_autoptr (DagschedGtkSpans) spans = dagsched_gtk_spans_new ();
  double from, to;

  g_assert_false (dagsched_gtk_spans_take_dirty (spans, &from, &to));
  add_span (spans, 0, 4, 5, DAGSCHED_GTK_LOOK_PASSED);
  add_span (spans, 0, 2, 2, DAGSCHED_GTK_LOOK_PASSED);
  g_assert_true (dagsched_gtk_spans_take_dirty (spans, &from, &to));
  ASSERT_NEAR (from, 2);
  ASSERT_NEAR (to, 5);
  g_assert_false (dagsched_gtk_spans_take_dirty (spans, &from, &to));

  /* Times that are none do no harm. */
  add_span (spans, 0, NAN, INFINITY, DAGSCHED_GTK_LOOK_PASSED);
  add_span (spans, 0, 9, 7, DAGSCHED_GTK_LOOK_PASSED);
  ASSERT_NEAR (dagsched_gtk_spans_get_busy (spans, 0, 100), 1);
  dagsched_gtk_spans_clear (spans);
  g_assert_cmpuint (dagsched_gtk_spans_get_length (spans), ==, 0);
  ASSERT_NEAR (dagsched_gtk_spans_get_end (spans), 0);
}

static void
test_density (void)
{
  DagschedGtkDensity columns[4] = { 0 };

  dagsched_gtk_density_add (columns, 4, 100, 10, 95, 105, DAGSCHED_GTK_LOOK_PASSED);
  dagsched_gtk_density_add (columns, 4, 100, 10, 108, 125, DAGSCHED_GTK_LOOK_PASSED);
  dagsched_gtk_density_add (columns, 4, 100, 10, 130, 130, DAGSCHED_GTK_LOOK_FAILED);
  dagsched_gtk_density_add (columns, 4, 100, 10, 120, 130, DAGSCHED_GTK_LOOK_SKIPPED);
  dagsched_gtk_density_add (columns, 4, 100, 10, 500, 600, DAGSCHED_GTK_LOOK_FAILED);
  dagsched_gtk_density_add (columns, 4, 100, 10, 0, 100, DAGSCHED_GTK_LOOK_FAILED);
  g_assert_cmpfloat_with_epsilon (columns[0].success, 0.7, 1e-5);
  g_assert_cmpfloat_with_epsilon (columns[1].success, 1.0, 1e-5);
  g_assert_cmpfloat_with_epsilon (columns[2].success, 0.5, 1e-5);
  g_assert_cmpfloat_with_epsilon (columns[2].other, 1.0, 1e-5);
  g_assert_cmpint (columns[2].other_look, ==, DAGSCHED_GTK_LOOK_SKIPPED);
  g_assert_cmpfloat (columns[0].failure, ==, 0);
  g_assert_cmpfloat (columns[3].failure, >, 0);
  g_assert_cmpfloat (columns[3].success, ==, 0);
}

static void
test_density_bars (void)
{
  for (guint height = 1; height <= 60; height += 7)
    {
      for (float failure = 0; failure <= 1; failure += 0.01f)
        {
          DagschedGtkDensity density = { .success = 1 - failure, .failure = failure, .other = failure / 2 };
          DagschedGtkDensityBar bar = dagsched_gtk_density_get_bar (&density, height);

          g_assert_cmpuint (bar.failure + bar.other + bar.success, <=, height);
          g_assert_cmpuint (bar.failure + bar.other + bar.success, >, 0);
          g_assert_true ((bar.failure > 0) == (failure > 0));
        }
    }

  /* One failure in a thousand, and one that took no time at all. */
  g_assert_cmpuint (
    dagsched_gtk_density_get_bar (&(DagschedGtkDensity){ .success = 0.999f, .failure = 0.001f }, 40).failure,
    ==, 16);
  g_assert_cmpuint (dagsched_gtk_density_get_bar (&(DagschedGtkDensity){ .failure = 0.001f }, 40).failure, ==,
                    12);
  g_assert_cmpuint (dagsched_gtk_density_get_bar (&(DagschedGtkDensity){ 0 }, 40).failure, ==, 0);
  g_assert_cmpuint (dagsched_gtk_density_get_bar (&(DagschedGtkDensity){ .success = 1 }, 40).success, ==, 40);
}

static void
test_samples (void)
{
  DagschedGtkSamples samples = { 0 };

  ASSERT_NEAR (dagsched_gtk_samples_get_mean (&samples, 0, 10), 0);
  dagsched_gtk_samples_add (&samples, 2, 1);
  ASSERT_NEAR (dagsched_gtk_samples_get_mean (&samples, 0, 4), 0.5); /* nothing is known of before */
  dagsched_gtk_samples_add (&samples, 3, 0.5);
  ASSERT_NEAR (dagsched_gtk_samples_get_mean (&samples, 2, 4), 0.75);
  dagsched_gtk_samples_add (&samples, 3, 0);
  ASSERT_NEAR (dagsched_gtk_samples_get_mean (&samples, 2, 4), 0.5);
  ASSERT_NEAR (dagsched_gtk_samples_get_mean (&samples, 4, 3), 0);

  /* More than it holds: what is old is gone, what is new is right. */
  for (guint i = 0; i < 3 * DAGSCHED_GTK_N_SAMPLES; i++)
    dagsched_gtk_samples_add (&samples, 4 + i * 0.1, i % 2);
  ASSERT_NEAR (dagsched_gtk_samples_get_mean (&samples, 4 + 0.2 * DAGSCHED_GTK_N_SAMPLES,
                                              4 + 0.3 * DAGSCHED_GTK_N_SAMPLES),
               0.5);
  ASSERT_NEAR (dagsched_gtk_samples_get_mean (&samples, 4, 5), 0);

  /* A log was wound back. */
  dagsched_gtk_samples_add (&samples, 1, 1);
  ASSERT_NEAR (dagsched_gtk_samples_get_mean (&samples, 1, 2), 1);
}

static void
count (gpointer object, guint *n)
{
  ++*n;
}

static void
test_follow (void)
{
  g_autoptr (DagschedGtkTimeWindow) window = dagsched_gtk_time_window_new ();
  guint n_moved = 0, n_grown = 0;
  double scale, origin;

  g_signal_connect (window, "moved", G_CALLBACK (count), &n_moved);
  g_signal_connect (window, "grown", G_CALLBACK (count), &n_grown);
  dagsched_gtk_time_window_set_size (window, 100, 1000);
  dagsched_gtk_time_window_set_end (window, 0.001, TRUE);

  /* All of it is seen, and the scale changes seldom. */
  n_moved = 0;
  for (double end = 1; end < 2; end += 0.001)
    {
      dagsched_gtk_time_window_set_end (window, end, TRUE);
      g_assert_cmpfloat (dagsched_gtk_time_axis_to_x (&window->axis, end), <=, 981);
      g_assert_cmpfloat (dagsched_gtk_time_axis_to_x (&window->axis, end), >=, 700);
    }
  g_assert_cmpuint (n_moved, <=, 5);
  g_assert_cmpuint (n_grown, >=, 990);

  /* Nearer, about the end, which it stays with. */
  scale = window->axis.scale;
  dagsched_gtk_time_window_zoom (window, NAN, 4);
  g_assert_true (window->follows);
  g_assert_cmpfloat (window->axis.scale, <, scale / 3);
  dagsched_gtk_time_window_set_end (window, 10, TRUE);
  ASSERT_NEAR (dagsched_gtk_time_axis_to_x (&window->axis, 10), 980);

  /* Somebody looks elsewhere. */
  dagsched_gtk_time_window_pan (window, -100);
  g_assert_false (window->follows);
  origin = window->axis.origin;
  dagsched_gtk_time_window_set_end (window, 11, TRUE);
  ASSERT_NEAR (window->axis.origin, origin);
  dagsched_gtk_time_window_set_follows (window, TRUE);
  ASSERT_NEAR (dagsched_gtk_time_axis_to_x (&window->axis, 11), 980);
  dagsched_gtk_time_window_zoom (window, 200, 2);
  g_assert_false (window->follows);

  dagsched_gtk_time_window_fit (window);
  g_assert_true (window->follows);
  dagsched_gtk_time_window_set_end (window, 12, FALSE);
  ASSERT_NEAR (dagsched_gtk_time_axis_to_x (&window->axis, 12), 980);
}

static void
test_range (void)
{
  g_autoptr (DagschedGtkTimeWindow) window = dagsched_gtk_time_window_new ();

  dagsched_gtk_time_window_set_size (window, 0, 100);
  dagsched_gtk_time_window_set_end (window, 10, FALSE);
  g_assert_false (dagsched_gtk_time_window_has_range (window));
  dagsched_gtk_time_window_set_range (window, 7, 3);
  g_assert_true (dagsched_gtk_time_window_has_range (window));
  ASSERT_NEAR (window->range_from, 3);
  ASSERT_NEAR (window->range_to, 7);
  dagsched_gtk_time_window_set_range (window, -5, 50);
  ASSERT_NEAR (window->range_from, 0);
  ASSERT_NEAR (window->range_to, 10);
  dagsched_gtk_time_window_set_range (window, 4, 4);
  g_assert_false (dagsched_gtk_time_window_has_range (window));
  dagsched_gtk_time_window_set_range (window, NAN, NAN);
  g_assert_false (dagsched_gtk_time_window_has_range (window));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/timeline/fit", test_fit);
  g_test_add_func ("/timeline/zoom-about", test_zoom_about);
  g_test_add_func ("/timeline/clamp", test_clamp);
  g_test_add_func ("/timeline/round-end", test_round_end);
  g_test_add_func ("/timeline/ticks", test_ticks);
  g_test_add_func ("/timeline/tick-labels", test_tick_labels);
  g_test_add_func ("/timeline/spans/out-of-order", test_spans_out_of_order);
  g_test_add_func ("/timeline/spans/overlapping", test_spans_overlapping);
  g_test_add_func ("/timeline/spans/dirty", test_spans_dirty);
  g_test_add_func ("/timeline/density", test_density);
  g_test_add_func ("/timeline/density-bars", test_density_bars);

  g_test_add_func ("/timeline/samples", test_samples);
  g_test_add_func ("/timeline/follow", test_follow);
  g_test_add_func ("/timeline/range", test_range);

  return g_test_run ();
}
