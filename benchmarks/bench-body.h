/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "bench-clock.h"
#include "bench-contestant.h"

G_BEGIN_DECLS

/* The body of a test in C rivals: what each of ours costs too, nothing or two readings of the clock. */

typedef struct
{
  gint64 start_ns;
  gint64 end_ns;
} BenchTimes;

static inline BenchTimes *
bench_body_new_times (const BenchSetup *setup)
{
  return setup->timestamps ? g_new0 (BenchTimes, setup->shape->n_tests) : NULL;
}

static inline void
bench_body_run (const BenchSetup *setup, BenchTimes *times, guint32 test)
{
  if (times != NULL)
    times[test].start_ns = bench_now ();
  if (setup->body != NULL)
    setup->body (setup->body_data, test);
  if (times != NULL)
    times[test].end_ns = bench_now ();
}

G_END_DECLS
