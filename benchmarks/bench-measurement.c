/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "bench-measurement.h"

#include <string.h>

#define SHAPE BENCH_PARAM_SHAPE
#define TESTS BENCH_PARAM_TESTS
#define WORKERS BENCH_PARAM_WORKERS
#define ROUNDS BENCH_PARAM_ROUNDS
#define SECONDS BENCH_PARAM_SECONDS
#define TIMESTAMPS BENCH_PARAM_TIMESTAMPS
#define RIVALS BENCH_PARAM_RIVALS

static const BenchMeasurement measurements[] = {
  { "throughput",
    "Nanoseconds a test that does nothing",
    SHAPE | TESTS | WORKERS | ROUNDS | TIMESTAMPS | RIVALS,
    { .shape = BENCH_SHAPE_LAYERED, .tests = 1000000, .workers = 2, .rounds = 5 },
    bench_measure_throughput },
};

const BenchMeasurement *
bench_measurements_list (guint *n_measurements)
{
  *n_measurements = G_N_ELEMENTS (measurements);
  return measurements;
}

const BenchMeasurement *
bench_measurement_find (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (measurements); i++)
    {
      if (strcmp (measurements[i].name, name) == 0)
        return &measurements[i];
    }

  return NULL;
}
