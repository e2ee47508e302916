/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "bench-params.h"
#include "bench-result.h"

G_BEGIN_DECLS

typedef struct
{
  const char *name;
  const char *summary;
  guint takes;          /* BenchParamFlags */
  BenchParams defaults; /* of those that it takes */
  gboolean (*measure) (const BenchParams *params, BenchResult *result, GError **error);
} BenchMeasurement;

/* NULL if there is none of that name. */
const BenchMeasurement *bench_measurement_find (const char *name);
const BenchMeasurement *bench_measurements_list (guint *n_measurements);

/* Each is a file measure-NAME.c, and a line of the table in bench-measurement.c. */
gboolean bench_measure_contention (const BenchParams *params, BenchResult *result, GError **error);
gboolean bench_measure_idle (const BenchParams *params, BenchResult *result, GError **error);
gboolean bench_measure_latency (const BenchParams *params, BenchResult *result, GError **error);
gboolean bench_measure_load (const BenchParams *params, BenchResult *result, GError **error);
gboolean bench_measure_log (const BenchParams *params, BenchResult *result, GError **error);
gboolean bench_measure_memory (const BenchParams *params, BenchResult *result, GError **error);
gboolean bench_measure_observe (const BenchParams *params, BenchResult *result, GError **error);
gboolean bench_measure_ordered (const BenchParams *params, BenchResult *result, GError **error);
gboolean bench_measure_scale (const BenchParams *params, BenchResult *result, GError **error);
gboolean bench_measure_spawn (const BenchParams *params, BenchResult *result, GError **error);
gboolean bench_measure_throughput (const BenchParams *params, BenchResult *result, GError **error);
gboolean bench_measure_makespan (const BenchParams *params, BenchResult *result, GError **error);

G_END_DECLS
