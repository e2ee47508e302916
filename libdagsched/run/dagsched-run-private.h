/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/dagsched-output-private.h"
#include "run/dagsched-run.h"
#include "run/dagsched-worker.h"

G_BEGIN_DECLS

/* For those who implement the interface. */
void dagsched_run_emit_test_ready (DagschedRun *self, DagschedTest *test);
void dagsched_run_emit_test_started (DagschedRun *self, DagschedTest *test, guint worker, guint attempt);
void dagsched_run_emit_attempt_finished (DagschedRun *self, DagschedTest *test, DagschedAttempt *attempt);
void dagsched_run_emit_test_finished (DagschedRun *self, DagschedTest *test);
/* Emits unless there are none, and empties @numbers, of guint32. */
void dagsched_run_emit_tests_changed (DagschedRun *self, GArray *numbers);
void dagsched_run_emit_worker_changed (DagschedRun *self, DagschedWorker *worker);
void dagsched_run_emit_stalled (DagschedRun *self, const char *message);
void dagsched_run_emit_finished (DagschedRun *self);
gboolean dagsched_run_wants_attempts (DagschedRun *self);
gboolean dagsched_run_wants_changes (DagschedRun *self);

/* Of a run whose dup_attempts() has all of it. */
void dagsched_run_default_load_attempts_async (DagschedRun *self,
                                               DagschedTest *test,
                                               GCancellable *cancellable,
                                               GAsyncReadyCallback callback,
                                               gpointer user_data);
GPtrArray *
dagsched_run_default_load_attempts_finish (DagschedRun *self, GAsyncResult *result, GError **error);

/* Of a run in which nothing writes. */
void dagsched_run_default_load_output_async (DagschedRun *self,
                                             DagschedTest *test,
                                             GCancellable *cancellable,
                                             GAsyncReadyCallback callback,
                                             gpointer user_data);
/* Whoever implements load_output_async() returns DagschedOutputs with a task of this; takes @outputs. */
GTask *dagsched_run_load_output_task_new (DagschedRun *self,
                                          GCancellable *cancellable,
                                          GAsyncReadyCallback callback,
                                          gpointer user_data);
void dagsched_run_load_output_return (GTask *task, DagschedOutputs *outputs);

/* The interface's properties, in a class that implements it: override() in class_init gives them the
 * ids from @first_id on (DAGSCHED_RUN_N_PROPERTIES of them); get_property() serves them by the
 * interface's functions, FALSE if @prop_id is none of them. */
#define DAGSCHED_RUN_N_PROPERTIES 22
void dagsched_run_override_properties (GObjectClass *klass, guint first_id);
gboolean
dagsched_run_get_interface_property (DagschedRun *self, guint first_id, guint prop_id, GValue *value);

/* Notifies those of the counts, verdict, problem, started-at and elapsed that are not what they were
 * at the last call with the same @seen, which starts as zeros; call it once for a batch of events. */
typedef struct
{
  guint counts[4 + DAGSCHED_N_OUTCOMES];
  guint n_tests;
  DagschedVerdict verdict;
  gboolean paused;
  gboolean has_problem;
  gint64 started_at;
  double elapsed;
} DagschedRunSeen;
void dagsched_run_notify_progress (DagschedRun *self, DagschedRunSeen *seen);

G_END_DECLS
