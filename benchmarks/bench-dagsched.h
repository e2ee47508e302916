/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "bench-contestant.h"
#include "bench-graph.h"

G_BEGIN_DECLS

/* dagsched as a contestant: a graph of function tests, run through the public interface. */

typedef struct
{
  gint64 elapsed_ns; /* the engine's start to the last outcome: what is compared */
  gint64 wall_ns;    /* all of dagsched_scheduler_run() */
  gint64 cpu_ns;     /* processor time of that */
  gint64 workers_ns; /* the part of it that was not spent in the calling thread, which shows the run */
  gint64 plan_ns;    /* compiling the graph into the plan, before that */
} BenchDagschedTimes;

typedef struct _BenchDagsched BenchDagsched;

BenchDagsched *bench_dagsched_new (const BenchSetup *setup);
void bench_dagsched_free (BenchDagsched *self);

/* Runs the graph. May be called again and again. */
gboolean bench_dagsched_run (BenchDagsched *self, BenchDagschedTimes *times, GError **error);

/* Runs once with bodies that are counted. */
gboolean bench_dagsched_check (const BenchSetup *setup, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BenchDagsched, bench_dagsched_free)

G_END_DECLS
