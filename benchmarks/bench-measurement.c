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
  { "scale",
    "The same from 1000 tests up to --tests, with 1 worker up to --workers",
    SHAPE | TESTS | WORKERS | ROUNDS | TIMESTAMPS | RIVALS,
    { .shape = BENCH_N_SHAPES, .tests = 1000000, .workers = 64, .rounds = 3 },
    bench_measure_scale },
  { "ordered",
    "The same, of tests that have priorities and are all ready",
    TESTS | WORKERS | ROUNDS | TIMESTAMPS | RIVALS,
    { .tests = 1000000, .workers = 2, .rounds = 5 },
    bench_measure_ordered },
  { "latency",
    "From the end of a test to the start of the next on a parked worker",
    TESTS | WORKERS | ROUNDS | TIMESTAMPS,
    { .tests = 1000, .workers = 2, .rounds = 5 },
    bench_measure_latency },
  { "idle",
    "Context switches and processor time of parked workers",
    TESTS | WORKERS | ROUNDS | SECONDS | TIMESTAMPS | RIVALS,
    { .tests = 1000, .workers = 64, .rounds = 3, .seconds = 10 },
    bench_measure_idle },
  { "spawn",
    "Running processes that do nothing, with all that the command does",
    TESTS | WORKERS | ROUNDS | RIVALS,
    { .tests = 2000, .workers = 2, .rounds = 5 },
    bench_measure_spawn },
  { "observe",
    "What it costs a run of processes to be watched, and how soon a run is seen",
    TESTS | WORKERS | ROUNDS,
    { .tests = 10000, .workers = 2, .rounds = 5 },
    bench_measure_observe },
  { "memory",
    "Bytes a test, of the model, the plan and the engine",
    TESTS | WORKERS | ROUNDS | RIVALS,
    { .tests = 1000000, .workers = 2, .rounds = 1 },
    bench_measure_memory },
  { "load",
    "From a manifest to a plan",
    TESTS | ROUNDS,
    { .tests = 100000, .rounds = 5 },
    bench_measure_load },
  { "log",
    "From a run log to the run as it ended",
    TESTS | ROUNDS,
    { .tests = 100000, .rounds = 5 },
    bench_measure_log },
  { "contention",
    "Tests that spin for 1 ms and need some of five keys",
    TESTS | WORKERS | ROUNDS | TIMESTAMPS,
    { .tests = 12000, .workers = 2, .rounds = 3 },
    bench_measure_contention },
  { "makespan",
    "Schedules of random and recorded graphs, in each order, by the best there could be",
    TESTS | WORKERS | ROUNDS | BENCH_PARAM_SEED | BENCH_PARAM_LOGS,
    { .tests = 1000, .workers = 0, .rounds = 5, .seed = 1 },
    bench_measure_makespan },
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
