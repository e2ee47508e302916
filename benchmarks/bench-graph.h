/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <dagsched.h>

#include "bench-shape.h"

G_BEGIN_DECLS

/* Does nothing, and passes. */
DagschedOutcome bench_graph_trivial_body (DagschedFuncTest *test,
                                          GCancellable *cancellable,
                                          gpointer user_data,
                                          GError **error);

/* A graph of function tests. Test I's body is given DATA + I × STRIDE (bytes). */
DagschedGraph *bench_graph_new (const BenchShape *shape, DagschedTestFunc body, gpointer data, gsize stride);

/* Adds a test. The graph owns it; aborts where the graph refuses it. */
DagschedTest *bench_graph_add (DagschedGraph *graph, const char *name, DagschedTestFunc body, gpointer data);
void bench_graph_depend (DagschedGraph *graph, DagschedTest *dependent, DagschedTest *dependency);

/* TIMESTAMPS: whether each attempt's start and end are recorded. */
DagschedOptions *bench_options_new (guint workers, gboolean timestamps);

/* Fails unless the run is complete and all its N_TESTS passed. */
gboolean bench_run_check (DagschedScheduler *scheduler, guint n_tests, GError **error);

G_END_DECLS
