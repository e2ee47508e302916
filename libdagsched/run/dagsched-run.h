/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(DAGSCHED_INSIDE) && !defined(DAGSCHED_COMPILATION)
#error "Only <dagsched.h> can be included directly."
#endif

#include <gio/gio.h>

#include "model/dagsched-attempt.h"
#include "model/dagsched-test.h"

G_BEGIN_DECLS

#define DAGSCHED_TYPE_RUN (dagsched_run_get_type ())

/* One execution of a plan, seen: a scheduler's own, one read from a log, one in another process.
 * Model thread. Signals: test-ready (test), test-started (test, worker, attempt),
 * attempt-finished (test, attempt), test-finished (test), tests-changed (numbers),
 * worker-changed (worker), stalled (message), finished. Properties: those of dagsched_run_get_*(). */
DAGSCHED_AVAILABLE_IN_1_0
G_DECLARE_INTERFACE (DagschedRun, dagsched_run, DAGSCHED, RUN, GObject)

/**
 * DagschedSpan:
 * @attempt: the number of the attempt, from 1 on
 * @worker: the number of the worker that carried it out
 * @outcome: its outcome
 * @will_retry: whether another attempt follows
 * @start: when it started: seconds since the start of the run
 * @duration: how long it took: seconds
 *
 * When and where an attempt took place.
 *
 * Since: 1.0
 */
typedef struct
{
  guint attempt;
  guint worker;
  DagschedOutcome outcome;
  gboolean will_retry;
  double start;
  double duration;
} DagschedSpan;

/* The number of no test: dagsched_run_find_test(). */
#define DAGSCHED_RUN_NO_TEST G_MAXUINT

/**
 * DagschedRunInterface:
 * @parent_iface: the parent interface
 * @get_tests: implements dagsched_run_get_tests()
 * @get_workers: implements dagsched_run_get_workers()
 * @dup_attempts: implements dagsched_run_dup_attempts()
 * @get_name: implements dagsched_run_get_name()
 * @get_started_at: implements dagsched_run_get_started_at()
 * @get_elapsed: implements dagsched_run_get_elapsed()
 * @get_n_in_state: implements dagsched_run_get_n_in_state()
 * @get_n_with_outcome: implements dagsched_run_get_n_with_outcome()
 * @get_verdict: implements dagsched_run_get_verdict()
 * @get_problem: implements dagsched_run_get_problem()
 * @get_paused: implements dagsched_run_get_paused(); not set: the run is never paused
 * @find_test: implements dagsched_run_find_test()
 * @get_n_dependencies: implements dagsched_run_get_n_dependencies()
 * @get_dependency: implements dagsched_run_get_dependency()
 * @get_span: implements dagsched_run_get_span()
 * @cancel: implements dagsched_run_cancel(); not set: the run can't be cancelled
 * @load_attempts_async: implements dagsched_run_load_attempts_async(); by default, @dup_attempts at once
 * @load_attempts_finish: implements dagsched_run_load_attempts_finish()
 * @follow_output: implements dagsched_run_follow_output(); not set: the output comes by itself
 * @load_output_async: implements dagsched_run_load_output_async(); by default, there is none
 *
 * What shows a run.
 *
 * Since: 1.0
 */
struct _DagschedRunInterface
{
  GTypeInterface parent_iface;

  GListModel *(*get_tests) (DagschedRun *self);
  GListModel *(*get_workers) (DagschedRun *self);
  GPtrArray *(*dup_attempts) (DagschedRun *self, DagschedTest *test);
  const char *(*get_name) (DagschedRun *self);
  gint64 (*get_started_at) (DagschedRun *self);
  double (*get_elapsed) (DagschedRun *self);
  guint (*get_n_in_state) (DagschedRun *self, DagschedState state);
  guint (*get_n_with_outcome) (DagschedRun *self, DagschedOutcome outcome);
  DagschedVerdict (*get_verdict) (DagschedRun *self);
  const char *(*get_problem) (DagschedRun *self);
  gboolean (*get_paused) (DagschedRun *self);
  guint (*find_test) (DagschedRun *self, DagschedTest *test);
  guint (*get_n_dependencies) (DagschedRun *self, guint number);
  guint (*get_dependency) (DagschedRun *self, guint number, guint index, DagschedCondition *condition);
  gboolean (*get_span) (DagschedRun *self, guint number, guint index, DagschedSpan *span);
  void (*cancel) (DagschedRun *self, gboolean kill);
  void (*load_attempts_async) (DagschedRun *self,
                               DagschedTest *test,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data);
  GPtrArray *(*load_attempts_finish) (DagschedRun *self, GAsyncResult *result, GError **error);
  void (*follow_output) (DagschedRun *self, DagschedTest *test, gboolean follow);
  void (*load_output_async) (DagschedRun *self,
                             DagschedTest *test,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data);
};

DAGSCHED_AVAILABLE_IN_1_0
GListModel *dagsched_run_get_tests (DagschedRun *self); /* of DagschedTest, in the plan's order */
DAGSCHED_AVAILABLE_IN_1_0
GListModel *dagsched_run_get_workers (DagschedRun *self); /* of DagschedWorker */
DAGSCHED_AVAILABLE_IN_1_0
GPtrArray *dagsched_run_dup_attempts (DagschedRun *self, DagschedTest *test); /* of DagschedAttempt */
/* The same with what they wrote, which may have to come from elsewhere. */
DAGSCHED_AVAILABLE_IN_1_0
void dagsched_run_load_attempts_async (DagschedRun *self,
                                       DagschedTest *test,
                                       GCancellable *cancellable,
                                       GAsyncReadyCallback callback,
                                       gpointer user_data);
DAGSCHED_AVAILABLE_IN_1_0
GPtrArray *dagsched_run_load_attempts_finish (DagschedRun *self, GAsyncResult *result, GError **error);
DAGSCHED_AVAILABLE_IN_1_0
void dagsched_run_follow_output (DagschedRun *self, DagschedTest *test, gboolean follow);
/* What the running attempt has written so far. */
DAGSCHED_AVAILABLE_IN_1_0
void dagsched_run_load_output_async (DagschedRun *self,
                                     DagschedTest *test,
                                     GCancellable *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data);
DAGSCHED_AVAILABLE_IN_1_0
gboolean dagsched_run_load_output_finish (DagschedRun *self,
                                          GAsyncResult *result,
                                          GBytes **standard_output,
                                          guint64 *n_written_output,
                                          GBytes **standard_error,
                                          guint64 *n_written_error,
                                          GError **error);
DAGSCHED_AVAILABLE_IN_1_0
const char *dagsched_run_get_name (DagschedRun *self); /* of the suite */
DAGSCHED_AVAILABLE_IN_1_0
gint64 dagsched_run_get_started_at (DagschedRun *self); /* µs since 1970; 0: not started */
DAGSCHED_AVAILABLE_IN_1_0
double dagsched_run_get_elapsed (DagschedRun *self); /* seconds */
DAGSCHED_AVAILABLE_IN_1_0
guint dagsched_run_get_n_in_state (DagschedRun *self, DagschedState state);
DAGSCHED_AVAILABLE_IN_1_0
guint dagsched_run_get_n_with_outcome (DagschedRun *self, DagschedOutcome outcome);
DAGSCHED_AVAILABLE_IN_1_0
DagschedVerdict dagsched_run_get_verdict (DagschedRun *self);
DAGSCHED_AVAILABLE_IN_1_0
const char *dagsched_run_get_problem (DagschedRun *self); /* why it is INCOMPLETE, or was cancelled */
DAGSCHED_AVAILABLE_IN_1_0
gboolean dagsched_run_get_paused (DagschedRun *self);
/* A test's number is its position in dagsched_run_get_tests(). */
DAGSCHED_AVAILABLE_IN_1_0
guint dagsched_run_find_test (DagschedRun *self, DagschedTest *test);
DAGSCHED_AVAILABLE_IN_1_0
guint dagsched_run_get_n_dependencies (DagschedRun *self, guint number);
DAGSCHED_AVAILABLE_IN_1_0
guint
dagsched_run_get_dependency (DagschedRun *self, guint number, guint index, DagschedCondition *condition);
DAGSCHED_AVAILABLE_IN_1_0
gboolean dagsched_run_get_span (DagschedRun *self, guint number, guint index, DagschedSpan *span);
DAGSCHED_AVAILABLE_IN_1_0
gboolean dagsched_run_can_cancel (DagschedRun *self);
DAGSCHED_AVAILABLE_IN_1_0
void dagsched_run_cancel (DagschedRun *self, gboolean kill);

G_END_DECLS
