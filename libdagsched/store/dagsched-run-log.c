/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "store/dagsched-run-log.h"

#include <string.h>

#include "model/dagsched-test-private.h"
#include "run/dagsched-run-private.h"
#include "run/dagsched-worker-private.h"
#include "store/dagsched-log-content-private.h"
#include "store/dagsched-log-format-private.h"

/**
 * DagschedRunLog:
 *
 * A run that is read from its log.
 *
 * After loading, the run is as it was before it started; [method@RunLog.replay] carries it out again,
 * with all the signals of a run: whatever can show or report a run can show or report its log.
 * All of it belongs in one thread.
 *
 * Since: 1.0
 */
struct _DagschedRunLog
{
  GObject parent_instance;

  DagschedLogContent *content;
  GListStore *tests;
  GListStore *workers;
  GHashTable *numbers; /* DagschedTest → its number */

  guint32 *n_waited; /* of each test: dependencies that have not finished */
  guint32 *n_shown;  /* of each test: attempts that have ended */
  double *busy;      /* of each worker: seconds */
  guint n_in_state[DAGSCHED_STATE_FINISHED + 1];
  guint n_with_outcome[DAGSCHED_N_OUTCOMES];
  double elapsed;
  DagschedVerdict verdict;
  const char *problem; /* (nullable) of the content, or static */
  DagschedRunSeen seen;
  GArray *changed; /* of guint32: the tests that changed since tests-changed */
  gboolean wants_changes;
};

static void dagsched_run_log_run_init (DagschedRunInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (DagschedRunLog,
                               dagsched_run_log,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (DAGSCHED_TYPE_RUN, dagsched_run_log_run_init))

#define RUNNER_DIED "the runner died"

static GListModel *
get_tests (DagschedRun *run)
{
  return G_LIST_MODEL (DAGSCHED_RUN_LOG (run)->tests);
}

static GListModel *
get_workers (DagschedRun *run)
{
  return G_LIST_MODEL (DAGSCHED_RUN_LOG (run)->workers);
}

static GPtrArray *
dup_attempts (DagschedRun *run, DagschedTest *test)
{
  DagschedRunLog *self = DAGSCHED_RUN_LOG (run);
  g_autoptr (GPtrArray) attempts = g_ptr_array_new_with_free_func (g_object_unref);
  gpointer number;
  DagschedLogTest *logged;

  if (!g_hash_table_lookup_extended (self->numbers, test, NULL, &number))
    return g_steal_pointer (&attempts);

  logged = dagsched_log_content_get_test (self->content, GPOINTER_TO_UINT (number));
  for (guint i = 0; i < self->n_shown[GPOINTER_TO_UINT (number)]; i++)
    {
      DagschedLogAttempt *attempt = &g_array_index (logged->attempts, DagschedLogAttempt, i);

      if (!attempt->result.lost)
        g_ptr_array_add (attempts, dagsched_log_content_make_attempt (self->content, attempt));
    }

  return g_steal_pointer (&attempts);
}

static const char *
get_name (DagschedRun *run)
{
  return DAGSCHED_RUN_LOG (run)->content->name;
}

static gint64
get_started_at (DagschedRun *run)
{
  return DAGSCHED_RUN_LOG (run)->content->started_at;
}

static double
get_elapsed (DagschedRun *run)
{
  return DAGSCHED_RUN_LOG (run)->elapsed;
}

static guint
get_n_in_state (DagschedRun *run, DagschedState state)
{
  return DAGSCHED_RUN_LOG (run)->n_in_state[state];
}

static guint
get_n_with_outcome (DagschedRun *run, DagschedOutcome outcome)
{
  return DAGSCHED_RUN_LOG (run)->n_with_outcome[outcome];
}

static DagschedVerdict
get_verdict (DagschedRun *run)
{
  return DAGSCHED_RUN_LOG (run)->verdict;
}

static const char *
get_problem (DagschedRun *run)
{
  return DAGSCHED_RUN_LOG (run)->problem;
}

static guint
find_test (DagschedRun *run, DagschedTest *test)
{
  gpointer number;

  return g_hash_table_lookup_extended (DAGSCHED_RUN_LOG (run)->numbers, test, NULL, &number)
           ? GPOINTER_TO_UINT (number)
           : DAGSCHED_RUN_NO_TEST;
}

static guint
get_n_dependencies (DagschedRun *run, guint number)
{
  DagschedLogTest *logged = dagsched_log_content_get_test (DAGSCHED_RUN_LOG (run)->content, number);

  g_return_val_if_fail (logged != NULL, 0);

  return logged->dependencies != NULL ? logged->dependencies->len : 0;
}

static guint
get_dependency (DagschedRun *run, guint number, guint index, DagschedCondition *condition)
{
  DagschedLogTest *logged = dagsched_log_content_get_test (DAGSCHED_RUN_LOG (run)->content, number);
  DagschedLogDependency *dependency;

  g_return_val_if_fail (index < get_n_dependencies (run, number), DAGSCHED_RUN_NO_TEST);

  dependency = &g_array_index (logged->dependencies, DagschedLogDependency, index);
  *condition = dependency->condition;
  return dependency->number;
}

static gboolean
get_span (DagschedRun *run, guint number, guint index, DagschedSpan *span)
{
  DagschedRunLog *self = DAGSCHED_RUN_LOG (run);
  DagschedLogTest *logged = dagsched_log_content_get_test (self->content, number);
  DagschedLogAttempt *attempt;

  if (logged == NULL || index >= self->n_shown[number])
    return FALSE;

  attempt = &g_array_index (logged->attempts, DagschedLogAttempt, self->n_shown[number] - 1 - index);
  *span = (DagschedSpan){
    .attempt = attempt->number,
    .worker = attempt->worker,
    .outcome = attempt->result.outcome,
    .will_retry = attempt->will_retry,
    .start = attempt->start,
    .duration = attempt->duration,
  };
  return TRUE;
}

static void
dagsched_run_log_run_init (DagschedRunInterface *iface)
{
  iface->get_tests = get_tests;
  iface->get_workers = get_workers;
  iface->dup_attempts = dup_attempts;
  iface->get_name = get_name;
  iface->get_started_at = get_started_at;
  iface->get_elapsed = get_elapsed;
  iface->get_n_in_state = get_n_in_state;
  iface->get_n_with_outcome = get_n_with_outcome;
  iface->get_verdict = get_verdict;
  iface->get_problem = get_problem;
  iface->find_test = find_test;
  iface->get_n_dependencies = get_n_dependencies;
  iface->get_dependency = get_dependency;
  iface->get_span = get_span;
}

static DagschedTest *
peek_test (DagschedRunLog *self, guint32 number)
{
  return dagsched_log_content_get_test (self->content, number)->test;
}

static void
count_state (DagschedRunLog *self, DagschedTest *test, DagschedState state)
{
  self->n_in_state[dagsched_test_get_state (test)]--;
  self->n_in_state[state]++;
}

static void
note_change (DagschedRunLog *self, guint32 number)
{
  if (self->wants_changes)
    g_array_append_val (self->changed, number);
}

static void
become_ready (DagschedRunLog *self, guint32 number)
{
  DagschedTest *test = peek_test (self, number);

  if (dagsched_test_get_state (test) == DAGSCHED_STATE_READY)
    return;

  count_state (self, test, DAGSCHED_STATE_READY);
  note_change (self, number);
  dagsched_test_become_ready (test);
  dagsched_run_emit_test_ready (DAGSCHED_RUN (self), test);
}

static void
change_worker (DagschedRunLog *self, guint32 number, DagschedTest *test)
{
  g_autoptr (DagschedWorker) worker = NULL;

  if (number >= g_list_model_get_n_items (G_LIST_MODEL (self->workers)))
    return;

  worker = g_list_model_get_item (G_LIST_MODEL (self->workers), number);
  dagsched_worker_set_state (
    worker, test != NULL ? DAGSCHED_WORKER_STATE_RUNNING : DAGSCHED_WORKER_STATE_PARKED, test, self->elapsed);
  dagsched_run_emit_worker_changed (DAGSCHED_RUN (self), worker);
}

static void
start (DagschedRunLog *self, guint32 number, guint32 worker, guint attempt)
{
  DagschedTest *test = peek_test (self, number);

  become_ready (self, number);
  count_state (self, test, DAGSCHED_STATE_RUNNING);
  note_change (self, number);
  dagsched_test_become_started (test, worker, attempt);
  change_worker (self, worker, test);
  dagsched_run_emit_test_started (DAGSCHED_RUN (self), test, worker, attempt);
}

static void
show_attempt (DagschedRunLog *self, DagschedTest *test, DagschedLogAttempt *attempt)
{
  g_autoptr (DagschedAttempt) object = NULL;

  if (attempt->result.lost ||
      !(dagsched_test_wants_attempts (test) || dagsched_run_wants_attempts (DAGSCHED_RUN (self))))
    return;

  object = dagsched_log_content_make_attempt (self->content, attempt);
  dagsched_test_attempt_finished (test, object);
  dagsched_run_emit_attempt_finished (DAGSCHED_RUN (self), test, object);
}

static void
end_attempt (DagschedRunLog *self, const DagschedLogEvent *event)
{
  DagschedLogTest *logged = dagsched_log_content_get_test (self->content, event->test);
  DagschedLogAttempt *attempt = &g_array_index (logged->attempts, DagschedLogAttempt, event->attempt);

  if (dagsched_test_get_state (logged->test) != DAGSCHED_STATE_RUNNING) /* its line is lost */
    start (self, event->test, attempt->worker, attempt->number);

  if (attempt->worker < g_list_model_get_n_items (G_LIST_MODEL (self->workers)))
    self->busy[attempt->worker] += attempt->duration;
  self->n_shown[event->test] = event->attempt + 1;
  note_change (self, event->test);
  change_worker (self, attempt->worker, NULL);
  show_attempt (self, logged->test, attempt);
  if (attempt->will_retry || attempt->result.lost)
    become_ready (self, event->test);
}

/* Whether a test became ready that never started, the log doesn't say. */
static void
release_dependents (DagschedRunLog *self, guint32 number)
{
  const DagschedLogContent *content = self->content;

  for (guint32 i = content->first_dependent[number]; i < content->first_dependent[number + 1]; i++)
    {
      guint32 dependent = content->dependents[i];
      DagschedLogTest *logged = dagsched_log_content_get_test (self->content, dependent);

      dagsched_test_dependency_finished (logged->test, peek_test (self, number));
      if (--self->n_waited[dependent] == 0 && logged->is_started &&
          dagsched_test_get_state (logged->test) == DAGSCHED_STATE_PENDING)
        become_ready (self, dependent);
    }
}

static double
last_duration (DagschedRunLog *self, guint32 number)
{
  GArray *attempts = dagsched_log_content_get_test (self->content, number)->attempts;
  guint32 n = self->n_shown[number];

  return n > 0 ? g_array_index (attempts, DagschedLogAttempt, n - 1).duration : 0.0;
}

static void
finish (DagschedRunLog *self, guint32 number, DagschedTestEnd *end)
{
  DagschedTest *test = peek_test (self, number);

  end->duration = last_duration (self, number);
  count_state (self, test, DAGSCHED_STATE_FINISHED);
  note_change (self, number);
  self->n_with_outcome[DAGSCHED_OUTCOME_NONE]--;
  self->n_with_outcome[end->outcome]++;
  dagsched_test_become_finished (test, end);
  dagsched_run_emit_test_finished (DAGSCHED_RUN (self), test);
  release_dependents (self, number);
}

static void
finish_as_logged (DagschedRunLog *self, guint32 number)
{
  DagschedLogTest *logged = dagsched_log_content_get_test (self->content, number);
  DagschedLogTest *by = dagsched_log_content_get_test (self->content, logged->blocked_by);
  DagschedTestEnd end = {
    .outcome = logged->end.outcome,
    .flags = logged->end.flags,
    .reason = logged->end.reason,
    .n_attempts = logged->n_attempts,
    .blocked_by = by != NULL ? by->test : NULL,
  };

  finish (self, number, &end);
}

static void
replay_event (DagschedRunLog *self, const DagschedLogEvent *event)
{
  self->elapsed = MAX (self->elapsed, event->time);

  if (event->kind == DAGSCHED_LOG_LINE_STARTED)
    start (self, event->test, event->worker, event->attempt);
  else if (event->kind == DAGSCHED_LOG_LINE_ATTEMPT)
    end_attempt (self, event);
  else
    finish_as_logged (self, event->test);
}

/* A test that failed must not look as if it had not because its last line is lost. */
static const char *
say_why_unfinished (DagschedRunLog *self)
{
  if (!self->content->has_end)
    return RUNNER_DIED;
  /* A run that could not start. */
  if (self->content->events->len == 0 && self->content->verdict == DAGSCHED_VERDICT_INCOMPLETE)
    return "the run could not start";

  return "the line with its outcome is damaged";
}

static void
finish_unfinished (DagschedRunLog *self)
{
  const char *reason = say_why_unfinished (self);

  for (guint32 i = 0; i < self->content->tests->len; i++)
    {
      DagschedTestEnd end = {
        .outcome = DAGSCHED_OUTCOME_CANCELLED,
        .reason = reason,
        .n_attempts = dagsched_test_get_n_attempts (peek_test (self, i)),
      };

      if (dagsched_test_get_state (peek_test (self, i)) != DAGSCHED_STATE_FINISHED)
        finish (self, i, &end);
    }
}

static void
end_run (DagschedRunLog *self)
{
  const DagschedLogContent *content = self->content;

  self->elapsed = content->elapsed;
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->workers)); i++)
    {
      g_autoptr (DagschedWorker) worker = g_list_model_get_item (G_LIST_MODEL (self->workers), i);

      dagsched_worker_set_state (worker, DAGSCHED_WORKER_STATE_PARKED, NULL, self->elapsed);
      dagsched_worker_set_utilization (worker, 0.0,
                                       self->elapsed > 0.0 ? self->busy[i] / self->elapsed : 0.0);
    }

  self->verdict = content->has_end ? content->verdict : DAGSCHED_VERDICT_INCOMPLETE;
  self->problem = content->has_end ? content->problem : RUNNER_DIED;
}

static void
reset (DagschedRunLog *self)
{
  guint32 n_tests = self->content->tests->len;

  memset (self->n_in_state, 0, sizeof self->n_in_state);
  memset (self->n_with_outcome, 0, sizeof self->n_with_outcome);
  self->n_in_state[DAGSCHED_STATE_PENDING] = n_tests;
  self->n_with_outcome[DAGSCHED_OUTCOME_NONE] = n_tests;
  self->elapsed = 0.0;
  self->verdict = DAGSCHED_VERDICT_NONE;
  self->problem = NULL;

  for (guint32 i = 0; i < n_tests; i++)
    {
      DagschedLogTest *logged = dagsched_log_content_get_test (self->content, i);

      self->n_shown[i] = 0;
      self->n_waited[i] = logged->dependencies != NULL ? logged->dependencies->len : 0;
      dagsched_test_reset (logged->test);
    }
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->workers)); i++)
    self->busy[i] = 0.0;
}

/**
 * dagsched_run_log_replay:
 * @self: a run log
 *
 * Carries the run out again: emits all of its signals in order, at once, in the calling thread.
 *
 * A run of which the log has no end died. Its tests without an outcome end as
 * %DAGSCHED_OUTCOME_CANCELLED, *the runner died*, and its verdict is %DAGSCHED_VERDICT_INCOMPLETE.
 *
 * It may be called again; the run starts anew.
 *
 * Since: 1.0
 */
void
dagsched_run_log_replay (DagschedRunLog *self)
{
  g_return_if_fail (DAGSCHED_IS_RUN_LOG (self));

  g_object_ref (self);
  self->wants_changes = dagsched_run_wants_changes (DAGSCHED_RUN (self));
  reset (self);
  dagsched_run_notify_progress (DAGSCHED_RUN (self), &self->seen);

  for (guint32 i = 0; i < self->content->tests->len; i++)
    {
      if (self->n_waited[i] == 0 && dagsched_log_content_get_test (self->content, i)->is_started)
        become_ready (self, i);
    }
  for (guint i = 0; i < self->content->events->len; i++)
    replay_event (self, &g_array_index (self->content->events, DagschedLogEvent, i));
  finish_unfinished (self);
  end_run (self);

  dagsched_run_emit_tests_changed (DAGSCHED_RUN (self), self->changed);
  dagsched_run_notify_progress (DAGSCHED_RUN (self), &self->seen);
  dagsched_run_emit_finished (DAGSCHED_RUN (self));
  g_object_unref (self);
}

static void
fill_models (DagschedRunLog *self)
{
  guint32 n_tests = self->content->tests->len;
  g_autofree gpointer *tests = g_new (gpointer, n_tests);

  for (guint32 i = 0; i < n_tests; i++)
    {
      tests[i] = peek_test (self, i);
      g_hash_table_insert (self->numbers, tests[i], GUINT_TO_POINTER (i));
    }
  g_list_store_splice (self->tests, 0, 0, tests, n_tests);

  for (guint i = 0; i < self->content->n_workers; i++)
    {
      g_autoptr (DagschedWorker) worker = dagsched_worker_new (i);

      g_list_store_append (self->workers, worker);
    }
}

/**
 * dagsched_run_log_load:
 * @file: a run log
 * @error: return location for an error
 *
 * Reads a run log. Lines that are damaged are skipped: dagsched_run_log_get_warnings() has them.
 *
 * The outputs of tests that are large stay in the file, and are read when an attempt is asked for.
 *
 * Errors: %DAGSCHED_ERROR_NOT_FOUND if there is no such file, %DAGSCHED_ERROR_PARSE if it is not a run log
 * or one of a format version that this library does not know, %DAGSCHED_ERROR_FAILED if it can't be read.
 *
 * Returns: (transfer full): the run, or %NULL with @error set
 *
 * Since: 1.0
 */
DagschedRunLog *
dagsched_run_log_load (GFile *file, GError **error)
{
  DagschedLogContent *content;
  DagschedRunLog *self;

  g_return_val_if_fail (G_IS_FILE (file), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  content = dagsched_log_content_load (file, error);
  if (content == NULL)
    return NULL;

  self = g_object_new (DAGSCHED_TYPE_RUN_LOG, NULL);
  self->content = content;
  self->n_waited = g_new0 (guint32, content->tests->len);
  self->n_shown = g_new0 (guint32, content->tests->len);
  self->busy = g_new0 (double, content->n_workers);
  fill_models (self);
  reset (self);

  return self;
}

/**
 * dagsched_run_log_is_run_log:
 * @file: a file
 *
 * Tells whether a file looks like a run log, by its first bytes. One that can't be read does not.
 *
 * Returns: whether it does
 *
 * Since: 1.0
 */
gboolean
dagsched_run_log_is_run_log (GFile *file)
{
  g_autoptr (GFileInputStream) stream = NULL;
  char head[64];
  gsize length = 0;

  g_return_val_if_fail (G_IS_FILE (file), FALSE);

  stream = g_file_read (file, NULL, NULL);

  return stream != NULL &&
         g_input_stream_read_all (G_INPUT_STREAM (stream), head, sizeof head, &length, NULL, NULL) &&
         dagsched_log_is_header (head, length);
}

/**
 * dagsched_run_log_get_warnings:
 * @self: a run log
 *
 * Gets what is wrong with the log and did not keep it from being read: damaged lines and the like.
 *
 * Returns: (transfer none) (array zero-terminated=1): messages for people
 *
 * Since: 1.0
 */
const char *const *
dagsched_run_log_get_warnings (DagschedRunLog *self)
{
  g_return_val_if_fail (DAGSCHED_IS_RUN_LOG (self), NULL);

  return (const char *const *) self->content->warnings->pdata;
}

static void
dagsched_run_log_finalize (GObject *object)
{
  DagschedRunLog *self = DAGSCHED_RUN_LOG (object);

  g_clear_pointer (&self->content, dagsched_log_content_free);
  g_clear_object (&self->tests);
  g_clear_object (&self->workers);
  g_clear_pointer (&self->numbers, g_hash_table_unref);
  g_clear_pointer (&self->n_waited, g_free);
  g_clear_pointer (&self->n_shown, g_free);
  g_clear_pointer (&self->busy, g_free);
  g_array_unref (self->changed);

  G_OBJECT_CLASS (dagsched_run_log_parent_class)->finalize (object);
}

static void
dagsched_run_log_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  if (!dagsched_run_get_interface_property (DAGSCHED_RUN (object), 1, prop_id, value))
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
dagsched_run_log_class_init (DagschedRunLogClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = dagsched_run_log_finalize;
  object_class->get_property = dagsched_run_log_get_property;

  dagsched_run_override_properties (object_class, 1);
}

static void
dagsched_run_log_init (DagschedRunLog *self)
{
  self->tests = g_list_store_new (DAGSCHED_TYPE_TEST);
  self->workers = g_list_store_new (DAGSCHED_TYPE_WORKER);
  self->numbers = g_hash_table_new (NULL, NULL);
  self->changed = g_array_new (FALSE, FALSE, sizeof (guint32));
}
