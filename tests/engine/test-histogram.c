/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/dagsched-histogram-private.h"

/* What the histogram says is compared with the sorted values themselves. */

#define N_VALUES 20000
#define LIMIT (G_GUINT64_CONSTANT (1) << DAGSCHED_HISTOGRAM_BITS)

static const double percents[] = { 0, 0.1, 1, 10, 25, 50, 75, 90, 99, 99.9, 99.99, 100 };

static DagschedHistogramView *
view_of (DagschedHistogram *histogram)
{
  DagschedHistogramView *view = g_new0 (DagschedHistogramView, 1);

  dagsched_histogram_view_add (view, histogram);
  return view;
}

/* Whichever way values grow, their buckets follow without a gap, up to the last. */
static void
test_buckets (void)
{
  guint64 value = 0;

  while (value < 4096)
    {
      guint step = dagsched_histogram_bucket (value + 1) - dagsched_histogram_bucket (value);

      g_assert_cmpuint (step, <=, 1);
      if (value < 31)
        g_assert_cmpuint (step, ==, 1);
      value++;
    }
  for (guint exponent = 5; exponent < DAGSCHED_HISTOGRAM_BITS; exponent++)
    {
      guint64 width = G_GUINT64_CONSTANT (1) << (exponent - 4);

      for (guint64 i = 0; i < 16; i++)
        {
          guint64 lowest = (16 + i) * width;
          guint bucket = dagsched_histogram_bucket (lowest);

          g_assert_cmpuint (bucket, ==, (exponent - 3) * 16 + i);
          g_assert_cmpuint (dagsched_histogram_bucket (lowest + width - 1), ==, bucket);
          g_assert_cmpuint (dagsched_histogram_bucket (lowest - 1), ==, bucket - 1);
        }
    }
  g_assert_cmpuint (dagsched_histogram_bucket (LIMIT - 1), ==, DAGSCHED_HISTOGRAM_N_BUCKETS - 1);
  g_assert_cmpuint (dagsched_histogram_bucket (LIMIT), ==, DAGSCHED_HISTOGRAM_N_BUCKETS - 1);
  g_assert_cmpuint (dagsched_histogram_bucket (G_MAXINT64), ==, DAGSCHED_HISTOGRAM_N_BUCKETS - 1);
}

static int
compare_values (gconstpointer a, gconstpointer b)
{
  gint64 x = *(const gint64 *) a, y = *(const gint64 *) b;

  return (x > y) - (x < y);
}

static void
check_against (const DagschedHistogramView *view, gint64 *values, guint n)
{
  long double sum = 0;

  qsort (values, n, sizeof *values, compare_values);
  for (guint i = 0; i < n; i++)
    sum += values[i];
  g_assert_cmpuint (view->count, ==, n);
  g_assert_cmpuint (view->max, ==, values[n - 1]);
  g_assert_cmpfloat_with_epsilon (dagsched_histogram_view_get_mean (view), sum / n, sum / n * 1e-12 + 1e-300);

  for (guint i = 0; i < G_N_ELEMENTS (percents); i++)
    {
      /* Nearest rank, in whole numbers. */
      guint64 rank = ((guint64) (percents[i] * 100 + 0.5) * n + 9999) / 10000;
      guint64 exact = values[MAX (rank, 1) - 1];
      guint64 said = dagsched_histogram_view_get_percentile (view, percents[i]);

      g_assert_cmpuint (said, >=, exact);
      g_assert_cmpuint (said, <=, exact + exact / 16);
    }
  g_assert_cmpuint (dagsched_histogram_view_get_percentile (view, 100), ==, values[n - 1]);
}

static gint64
any_value (guint i)
{
  return g_test_rand_double_range (0, (double) LIMIT);
}

/* As many of each order of magnitude. */
static gint64
any_magnitude (guint i)
{
  guint64 value = (guint64) g_test_rand_int () << 32 | (guint32) g_test_rand_int ();

  return value >> g_test_rand_int_range (64 - DAGSCHED_HISTOGRAM_BITS, 64);
}

static gint64
small_value (guint i)
{
  return g_test_rand_int_range (0, 40);
}

static gint64
same_value (guint i)
{
  return 123456789;
}

/* Mostly microseconds, and one second among a thousand. */
static gint64
long_tail (guint i)
{
  return i % 1000 == 0 ? 1000000000 + (gint64) i : g_test_rand_int_range (4000, 11000);
}

static gint64
zero (guint i)
{
  return 0;
}

typedef gint64 (*Draw) (guint i);
static const Draw draws[] = { any_value, any_magnitude, small_value, same_value, long_tail, zero };

static void
test_exactness (void)
{
  for (guint d = 0; d < G_N_ELEMENTS (draws); d++)
    {
      g_autofree DagschedHistogram *histogram = g_new0 (DagschedHistogram, 1);
      g_autofree gint64 *values = g_new (gint64, N_VALUES);
      g_autofree DagschedHistogramView *view = NULL;

      for (guint i = 0; i < N_VALUES; i++)
        {
          values[i] = draws[d](i);
          dagsched_histogram_record (histogram, values[i]);
        }
      view = view_of (histogram);
      check_against (view, values, N_VALUES);
    }
}

static void
test_few (void)
{
  for (guint n = 1; n <= 101; n++)
    {
      g_autofree DagschedHistogram *histogram = g_new0 (DagschedHistogram, 1);
      g_autofree gint64 *values = g_new (gint64, n);
      g_autofree DagschedHistogramView *view = NULL;

      for (guint i = 0; i < n; i++)
        {
          values[i] = any_magnitude (i);
          dagsched_histogram_record (histogram, values[i]);
        }
      view = view_of (histogram);
      check_against (view, values, n);
    }
}

/* Several threads' histograms together say what one of all values says. */
static void
test_merge (void)
{
  g_autofree DagschedHistogram *histograms = g_new0 (DagschedHistogram, G_N_ELEMENTS (draws));
  g_autofree gint64 *values = g_new (gint64, N_VALUES);
  g_autofree DagschedHistogramView *view = g_new0 (DagschedHistogramView, 1);

  for (guint i = 0; i < N_VALUES; i++)
    {
      values[i] = draws[i % G_N_ELEMENTS (draws)](i);
      dagsched_histogram_record (&histograms[i % G_N_ELEMENTS (draws)], values[i]);
    }
  for (guint d = 0; d < G_N_ELEMENTS (draws); d++)
    dagsched_histogram_view_add (view, &histograms[d]);
  check_against (view, values, N_VALUES);
}

static void
test_limits (void)
{
  g_autofree DagschedHistogram *histogram = g_new0 (DagschedHistogram, 1);
  g_autofree DagschedHistogramView *nothing = view_of (histogram);
  g_autofree DagschedHistogramView *view = NULL;

  g_assert_cmpuint (nothing->count, ==, 0);
  g_assert_cmpuint (dagsched_histogram_view_get_percentile (nothing, 50), ==, 0);
  g_assert_cmpfloat (dagsched_histogram_view_get_mean (nothing), ==, 0);

  dagsched_histogram_record (histogram, -5);
  dagsched_histogram_record (histogram, 3 * LIMIT);
  dagsched_histogram_record (histogram, 2 * LIMIT);
  view = view_of (histogram);
  g_assert_cmpuint (view->count, ==, 3);
  g_assert_cmpuint (view->max, ==, 3 * LIMIT);
  g_assert_cmpuint (view->sum, ==, 5 * LIMIT);
  g_assert_cmpuint (dagsched_histogram_view_get_percentile (view, 0), ==, 0);
  g_assert_cmpuint (dagsched_histogram_view_get_percentile (view, 100), ==, 3 * LIMIT);
}

/* What a reader finds in the middle of a record: the count is there, the highest value is not yet. */
static void
test_half_recorded (void)
{
  g_autofree DagschedHistogram *histogram = g_new0 (DagschedHistogram, 1);
  g_autofree DagschedHistogramView *view = NULL;

  atomic_store (&histogram->counts[dagsched_histogram_bucket (1000)], 1);
  view = view_of (histogram);
  g_assert_cmpuint (dagsched_histogram_bucket (view->max), ==, dagsched_histogram_bucket (1000));
  g_assert_cmpuint (dagsched_histogram_view_get_percentile (view, 100), ==, view->max);
}

/* A count that is full stays, and does not begin again. */
static void
test_full (void)
{
  g_autofree DagschedHistogram *histogram = g_new0 (DagschedHistogram, 1);
  g_autofree DagschedHistogramView *view = g_new0 (DagschedHistogramView, 1);

  atomic_store (&histogram->counts[7], G_MAXUINT32 - 1);
  for (guint i = 0; i < 3; i++)
    dagsched_histogram_record (histogram, 7);
  dagsched_histogram_view_add (view, histogram);
  dagsched_histogram_view_add (view, histogram);
  g_assert_cmpuint (view->count, ==, 2 * (guint64) G_MAXUINT32);
  g_assert_cmpuint (dagsched_histogram_view_get_percentile (view, 50), ==, 7);
}

#define N_WRITTEN 2000000

static gpointer
write_values (gpointer data)
{
  for (gint64 i = 1; i <= N_WRITTEN; i++)
    dagsched_histogram_record (data, i);
  return NULL;
}

/* Whoever looks meanwhile sees some of it: never less than before, and nothing that was not there. */
static void
test_reader (void)
{
  g_autofree DagschedHistogram *histogram = g_new0 (DagschedHistogram, 1);
  GThread *writer = g_thread_new ("writer", write_values, histogram);
  guint64 count = 0, max = 0;

  do
    {
      g_autofree DagschedHistogramView *view = view_of (histogram);

      g_assert_cmpuint (view->count, >=, count);
      g_assert_cmpuint (view->max, >=, max);
      g_assert_cmpuint (view->max, <=, N_WRITTEN);
      g_assert_cmpuint (dagsched_histogram_view_get_percentile (view, 100), ==, view->max);
      g_assert_cmpuint (dagsched_histogram_view_get_percentile (view, 50), <=, view->max);
      count = view->count;
      max = view->max;
    }
  while (count < N_WRITTEN);
  g_thread_join (writer);

  g_assert_cmpuint (atomic_load (&histogram->max), ==, N_WRITTEN);
  g_assert_cmpuint (atomic_load (&histogram->sum), ==, (guint64) N_WRITTEN * (N_WRITTEN + 1) / 2);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/histogram/buckets", test_buckets);
  g_test_add_func ("/histogram/exactness", test_exactness);
  g_test_add_func ("/histogram/few", test_few);
  g_test_add_func ("/histogram/merge", test_merge);
  g_test_add_func ("/histogram/limits", test_limits);
  g_test_add_func ("/histogram/half-recorded", test_half_recorded);
  g_test_add_func ("/histogram/full", test_full);
  g_test_add_func ("/histogram/reader", test_reader);

  return g_test_run ();
}
