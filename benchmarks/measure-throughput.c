/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What a test costs that does nothing. */
#include "bench-contest.h"
#include "bench-measurement.h"

gboolean
bench_measure_throughput (const BenchParams *params, BenchResult *result, GError **error)
{
  g_autoptr (BenchShape) shape = bench_shape_new (params->shape, params->tests);
  BenchContest contest = {
    .params = params,
    .setup = { .shape = shape, .workers = params->workers, .timestamps = params->timestamps },
  };

  if (!bench_contest_hold (&contest, result, error))
    return FALSE;

  bench_contest_compare (result);
  return TRUE;
}
