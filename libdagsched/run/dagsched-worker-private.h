/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "run/dagsched-worker.h"

G_BEGIN_DECLS

/* For those who show a run. Model thread; each notifies what changed, and nothing else. */

DagschedWorker *dagsched_worker_new (guint number);
/* @test: (nullable) only with RUNNING; a reference is taken. @now: seconds since the start of the run. */
void
dagsched_worker_set_state (DagschedWorker *self, DagschedWorkerState state, DagschedTest *test, double now);
/* As it was before the run. */
void dagsched_worker_reset (DagschedWorker *self);
/* Both 0–1: of the last second, and of the whole run. */
void dagsched_worker_set_utilization (DagschedWorker *self, double recent, double whole);

G_END_DECLS
