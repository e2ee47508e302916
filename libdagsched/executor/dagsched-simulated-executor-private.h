/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "executor/dagsched-executor-private.h"

G_BEGIN_DECLS

/* Carries out the tests that are processes in virtual time: each takes as long as it is told to, and no
 * process runs. Everything else of the run is the real one, so the schedule is what the engine would have
 * made of such tests on lanes that lose no time. The same plan gives the same schedule, each time.
 *
 * Its clock begins at zero, stands still while the engine decides, and starts once the main context that
 * was the thread-default one in open() is iterated: by then all that starts at zero has been started. The
 * record shows virtual times, counted from the start of the run. What waits outside of executors still does
 * so in real time, and gives no schedule to rely on: delays of retries, max-time. Functions are not
 * simulated. */

#define DAGSCHED_TYPE_SIMULATED_EXECUTOR (dagsched_simulated_executor_get_type ())

G_DECLARE_FINAL_TYPE (DagschedSimulatedExecutor,
                      dagsched_simulated_executor,
                      DAGSCHED,
                      SIMULATED_EXECUTOR,
                      GObject)

/* @n_tests: as many as the plan has. @durations_ns: by test number, ≥ 0; those above the test's time-out
 * end in it. @outcomes: (nullable) likewise, DagschedOutcomes that an executor may give; NULL: all pass.
 * Both are copied. */
DagschedExecutor *
dagsched_simulated_executor_new (guint32 n_tests, const gint64 *durations_ns, const guint8 *outcomes);

/* When the attempt ended that was completed last: after the run its makespan. Any thread. */
gint64 dagsched_simulated_executor_get_now_ns (DagschedSimulatedExecutor *self);

G_END_DECLS
