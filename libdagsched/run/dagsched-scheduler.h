/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(DAGSCHED_INSIDE) && !defined(DAGSCHED_COMPILATION)
#error "Only <dagsched.h> can be included directly."
#endif

#include "model/dagsched-graph.h"
#include "plan/dagsched-plan.h"
#include "run/dagsched-options.h"
#include "run/dagsched-run.h"
#include "run/dagsched-stats.h"
#include "run/dagsched-worker.h"

G_BEGIN_DECLS

#define DAGSCHED_TYPE_SCHEDULER (dagsched_scheduler_get_type ())

/* Runs a graph once. Implements DagschedRun. */
DAGSCHED_AVAILABLE_IN_1_0
G_DECLARE_FINAL_TYPE (DagschedScheduler, dagsched_scheduler, DAGSCHED, SCHEDULER, GObject)

DAGSCHED_AVAILABLE_IN_1_0
DagschedScheduler *dagsched_scheduler_new (DagschedGraph *graph, DagschedOptions *options);
DAGSCHED_AVAILABLE_IN_1_0
DagschedGraph *dagsched_scheduler_get_graph (DagschedScheduler *self);
DAGSCHED_AVAILABLE_IN_1_0
DagschedOptions *dagsched_scheduler_get_options (DagschedScheduler *self);
DAGSCHED_AVAILABLE_IN_1_0
gboolean dagsched_scheduler_prepare (DagschedScheduler *self, GError **error);
DAGSCHED_AVAILABLE_IN_1_0
DagschedPlan *dagsched_scheduler_get_plan (DagschedScheduler *self);
DAGSCHED_AVAILABLE_IN_1_0
gboolean dagsched_scheduler_run (DagschedScheduler *self, GCancellable *cancellable, GError **error);
DAGSCHED_AVAILABLE_IN_1_0
void dagsched_scheduler_run_async (DagschedScheduler *self,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data);
DAGSCHED_AVAILABLE_IN_1_0
gboolean dagsched_scheduler_run_finish (DagschedScheduler *self, GAsyncResult *result, GError **error);
DAGSCHED_AVAILABLE_IN_1_0
void dagsched_scheduler_pause (DagschedScheduler *self);
DAGSCHED_AVAILABLE_IN_1_0
void dagsched_scheduler_resume (DagschedScheduler *self);
/* What runs, and what each waiting test waits for: for people. */
DAGSCHED_AVAILABLE_IN_1_0
char *dagsched_scheduler_dup_status (DagschedScheduler *self);
DAGSCHED_AVAILABLE_IN_1_0
DagschedStats *dagsched_scheduler_get_stats (DagschedScheduler *self);

G_END_DECLS
