/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Tests that are all ready and have priorities: what the queue in which they wait in order costs. */
#include "bench-clock.h"
#include "bench-contest.h"
#include "bench-measurement.h"

static void
add_rates (BenchResult *result)
{
  const BenchFigure *figure = bench_result_find (result, "dagsched");

  for (guint i = 0; i < figure->samples->len; i++)
    bench_result_add_sample (result, "dagsched_rate", "tests/s",
                             BENCH_NS_PER_SECOND / g_array_index (figure->samples, double, i));
}

gboolean
bench_measure_ordered (const BenchParams *params, BenchResult *result, GError **error)
{
  g_autoptr (BenchShape) shape = bench_shape_new (BENCH_SHAPE_INDEPENDENT, params->tests);
  BenchContest contest = {
    .params = params,
    .setup = { .shape = shape,
               .workers = params->workers,
               .timestamps = params->timestamps,
               .prioritised = TRUE },
  };

  if (!bench_contest_hold (&contest, result, error))
    return FALSE;

  add_rates (result);
  bench_contest_compare (result);
  return TRUE;
}
