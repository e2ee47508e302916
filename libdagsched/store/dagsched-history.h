/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(DAGSCHED_INSIDE) && !defined(DAGSCHED_COMPILATION)
#error "Only <dagsched.h> can be included directly."
#endif

#include "model/dagsched-graph.h"
#include "run/dagsched-run.h"

G_BEGIN_DECLS

#define DAGSCHED_TYPE_HISTORY (dagsched_history_get_type ())

/* What is known of earlier runs: durations and outcomes of each suite's tests. */
DAGSCHED_AVAILABLE_IN_1_0
G_DECLARE_FINAL_TYPE (DagschedHistory, dagsched_history, DAGSCHED, HISTORY, GObject)

/**
 * DagschedHistoryResult:
 * @started_at: when the run started: seconds since 1970, UTC
 * @outcome: what became of the test
 * @is_flaky: whether it passed after a failed attempt
 * @n_attempts: how many attempts it took
 * @duration: of the last attempt: seconds
 *
 * What became of a test in an earlier run.
 *
 * Since: 1.0
 */
typedef struct
{
  gint64 started_at;
  DagschedOutcome outcome;
  gboolean is_flaky;
  guint n_attempts;
  double duration;
} DagschedHistoryResult;

/* @path NULL: the one in the state directory. */
DAGSCHED_AVAILABLE_IN_1_0
DagschedHistory *dagsched_history_open (const char *path, GError **error);
/* Sets each test's expected-duration. */
DAGSCHED_AVAILABLE_IN_1_0
gboolean dagsched_history_apply (DagschedHistory *self, DagschedGraph *graph, GError **error);
/* What became of a test in the last runs, the oldest first. */
DAGSCHED_AVAILABLE_IN_1_0
GArray *
dagsched_history_dup_results (DagschedHistory *self, const char *suite, const char *test, GError **error);
/* Adds what became of each test in @run, which has ended, in one transaction. */
DAGSCHED_AVAILABLE_IN_1_0
gboolean dagsched_history_record (DagschedHistory *self, DagschedRun *run, GError **error);

G_END_DECLS
