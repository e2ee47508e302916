/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(DAGSCHED_INSIDE) && !defined(DAGSCHED_COMPILATION)
#error "Only <dagsched.h> can be included directly."
#endif

#include <gio/gio.h>

#include "model/dagsched-test.h"

G_BEGIN_DECLS

#define DAGSCHED_TYPE_WORKER (dagsched_worker_get_type ())

/* One lane of concurrency. Model thread. */
DAGSCHED_AVAILABLE_IN_1_0
G_DECLARE_FINAL_TYPE (DagschedWorker, dagsched_worker, DAGSCHED, WORKER, GObject)

DAGSCHED_AVAILABLE_IN_1_0
guint dagsched_worker_get_number (DagschedWorker *self);
DAGSCHED_AVAILABLE_IN_1_0
DagschedWorkerState dagsched_worker_get_state (DagschedWorker *self);
DAGSCHED_AVAILABLE_IN_1_0
DagschedTest *dagsched_worker_get_test (DagschedWorker *self);
DAGSCHED_AVAILABLE_IN_1_0
double dagsched_worker_get_since (DagschedWorker *self);
DAGSCHED_AVAILABLE_IN_1_0
double dagsched_worker_get_recent_utilization (DagschedWorker *self);
DAGSCHED_AVAILABLE_IN_1_0
double dagsched_worker_get_utilization (DagschedWorker *self);

G_END_DECLS
