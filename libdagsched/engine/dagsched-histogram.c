/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/dagsched-histogram-private.h"

#include <math.h>

G_STATIC_ASSERT (sizeof (DagschedHistogram) <= 4096);

/* The lowest value of a bucket; of the one after the last, too. */
static guint64
lowest_of (guint bucket)
{
  guint exponent = bucket >> DAGSCHED_HISTOGRAM_SHIFT;
  guint64 rest = bucket & ((1u << DAGSCHED_HISTOGRAM_SHIFT) - 1);

  if (exponent == 0)
    return rest;

  return (rest | 1u << DAGSCHED_HISTOGRAM_SHIFT) << (exponent - 1);
}

/* The highest value is looked at first: then its count is there. A still higher one may be counted since. */
void
dagsched_histogram_view_add (DagschedHistogramView *self, DagschedHistogram *histogram)
{
  guint64 max = dagsched_load_acquire (&histogram->max);

  self->max = MAX (self->max, max);
  for (guint bucket = 0; bucket < DAGSCHED_HISTOGRAM_N_BUCKETS; bucket++)
    {
      guint64 count = dagsched_load_relaxed (&histogram->counts[bucket]);

      self->counts[bucket] += count;
      self->count += count;
      if (count > 0)
        self->max = MAX (self->max, lowest_of (bucket));
    }
  self->sum += dagsched_load_relaxed (&histogram->sum);
}

double
dagsched_histogram_view_get_mean (const DagschedHistogramView *self)
{
  return self->count > 0 ? (double) self->sum / (double) self->count : 0.0;
}

/* Which of all, counted from 1. A little less, so that 99.9 % of 1000 are 999: the product comes out above. */
static guint64
rank_of (const DagschedHistogramView *self, double percent)
{
  double share = CLAMP (percent, 0.0, 100.0) / 100.0 * (1.0 - 1e-14);

  return MAX ((guint64) ceil (share * (double) self->count), 1);
}

guint64
dagsched_histogram_view_get_percentile (const DagschedHistogramView *self, double percent)
{
  guint64 rank = rank_of (self, percent);
  guint64 n_below = 0;

  for (guint bucket = 0; bucket < DAGSCHED_HISTOGRAM_N_BUCKETS - 1; bucket++)
    {
      n_below += self->counts[bucket];
      if (n_below >= rank)
        return MIN (lowest_of (bucket + 1) - 1, self->max);
    }

  return self->max;
}
