/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "engine/dagsched-atomic-private.h"

G_BEGIN_DECLS

/* How long something took, in nanoseconds: counts in buckets whose width grows with the value, 16 to
 * each power of two, after G. Tene's HdrHistogram. What is below 32 ns is exact; above, a bucket is at most
 * 1/16 (6.25 %) of its values wide. What is longer than 73 minutes falls into the last bucket. */

#define DAGSCHED_HISTOGRAM_SHIFT 4
#define DAGSCHED_HISTOGRAM_BITS 42 /* values below 2⁴² ns are told apart */
#define DAGSCHED_HISTOGRAM_N_BUCKETS                                                                         \
  ((DAGSCHED_HISTOGRAM_BITS - DAGSCHED_HISTOGRAM_SHIFT + 1) << DAGSCHED_HISTOGRAM_SHIFT)

/* Zeroed memory is an empty one. Written by one thread, read by anyone. */
typedef struct
{
  _Atomic guint64 sum;
  _Atomic guint64 max;
  _Atomic guint32 counts[DAGSCHED_HISTOGRAM_N_BUCKETS]; /* stay at the highest they can hold */
} DagschedHistogram;

static inline guint
dagsched_histogram_bucket (guint64 value)
{
  const guint shift = DAGSCHED_HISTOGRAM_SHIFT;
  guint exponent = 63 - __builtin_clzll (value | (1u << shift));

  if (G_UNLIKELY (exponent >= DAGSCHED_HISTOGRAM_BITS))
    return DAGSCHED_HISTOGRAM_N_BUCKETS - 1;

  /* The leading one of what is kept counts the exponent up. */
  return ((exponent - shift) << shift) + (guint) (value >> (exponent - shift));
}

/* The writer only. Negative values count as 0. */
static inline void
dagsched_histogram_record (DagschedHistogram *self, gint64 value_ns)
{
  guint64 value = MAX (value_ns, 0);
  _Atomic guint32 *bucket = &self->counts[dagsched_histogram_bucket (value)];
  guint32 count = dagsched_load_relaxed (bucket);

  dagsched_store_relaxed (bucket, count + (count != G_MAXUINT32));
  dagsched_store_relaxed (&self->sum, dagsched_load_relaxed (&self->sum) + value);
  if (G_UNLIKELY (value > dagsched_load_relaxed (&self->max)))
    dagsched_store_release (&self->max, value);
}

/* What several histograms held when they were looked at. Plain data; zeroed memory is an empty one. */
typedef struct
{
  guint64 count;
  guint64 sum;
  guint64 max; /* exact; of a value that was being recorded, the lowest of its bucket */
  guint64 counts[DAGSCHED_HISTOGRAM_N_BUCKETS];
} DagschedHistogramView;

/* Any thread, while the writer goes on: a value that is recorded just then is in, or partly, or not yet. */
void dagsched_histogram_view_add (DagschedHistogramView *self, DagschedHistogram *histogram);
/* 0 of none. */
double dagsched_histogram_view_get_mean (const DagschedHistogramView *self);
/* The value that @percent, 0 to 100, of all do not exceed: what is exact is at most 1/16 lower, and never
 * higher. 100: the highest, exactly. 0 of none. */
guint64 dagsched_histogram_view_get_percentile (const DagschedHistogramView *self, double percent);

G_END_DECLS
