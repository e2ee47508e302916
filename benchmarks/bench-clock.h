/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <time.h>

#include <glib.h>

G_BEGIN_DECLS

#define BENCH_NS_PER_SECOND 1e9
#define BENCH_NS_PER_US 1000
#define BENCH_NS_PER_MS 1000000

static inline gint64
bench_read_clock (clockid_t clock)
{
  struct timespec now;

  clock_gettime (clock, &now);
  return (gint64) now.tv_sec * G_GINT64_CONSTANT (1000000000) + now.tv_nsec;
}

/* Nanoseconds of the monotonic clock. */
static inline gint64
bench_now (void)
{
  return bench_read_clock (CLOCK_MONOTONIC);
}

/* Nanoseconds of processor time that all threads of this process have used. */
static inline gint64
bench_cpu_now (void)
{
  return bench_read_clock (CLOCK_PROCESS_CPUTIME_ID);
}

/* The same of the calling thread alone. */
static inline gint64
bench_own_cpu_now (void)
{
  return bench_read_clock (CLOCK_THREAD_CPUTIME_ID);
}

/* Keeps the processor busy: sleeping for a short time takes much longer than asked for. */
static inline void
bench_spin_until (gint64 deadline_ns)
{
  while (bench_now () < deadline_ns)
    ;
}

G_END_DECLS
