/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "store/dagsched-run-log-struct-private.h"

#include <math.h>
#include <string.h>

#include "model/dagsched-test-private.h"
#include "run/dagsched-worker-private.h"

/* Carries a run out again, from what its log says. */

#define RUNNER_DIED "the runner died"

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

/* Each test once. */
static void
note_change (DagschedRunLog *self, guint32 number)
{
  if (!self->wants_changes || self->noted[number] == self->batch)
    return;

  self->noted[number] = self->batch;
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
  DagschedLogAttempt *attempt = dagsched_log_content_get_attempt (self->content, event->attempt);

  if (dagsched_test_get_state (logged->test) != DAGSCHED_STATE_RUNNING) /* its line is lost */
    start (self, event->test, attempt->worker, attempt->number);

  if (attempt->worker < g_list_model_get_n_items (G_LIST_MODEL (self->workers)))
    self->busy[attempt->worker] += attempt->duration;
  self->last_shown[event->test] = event->attempt;
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
  const DagschedLogAttempt *last = dagsched_log_content_get_attempt (self->content, self->last_shown[number]);

  return last != NULL ? last->duration : 0.0;
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

#define RECENTLY 1.0 /* seconds */

/* Of each worker: how long it carried out attempts that ended within the last second, in that time. */
static void
add_recent_attempts (DagschedRunLog *self, double *recent)
{
  double from = self->elapsed - RECENTLY;
  guint n_workers = g_list_model_get_n_items (G_LIST_MODEL (self->workers));

  for (guint i = self->n_replayed; i > 0; i--)
    {
      const DagschedLogEvent *event = &g_array_index (self->content->events, DagschedLogEvent, i - 1);
      const DagschedLogAttempt *attempt;

      if (event->time <= from)
        break;
      if (event->kind != DAGSCHED_LOG_LINE_ATTEMPT)
        continue;

      attempt = dagsched_log_content_get_attempt (self->content, event->attempt);
      if (attempt->worker < n_workers)
        recent[attempt->worker] += MIN (attempt->duration, event->time - from);
    }
}

static gboolean
is_running (DagschedWorker *worker)
{
  return dagsched_worker_get_state (worker) == DAGSCHED_WORKER_STATE_RUNNING;
}

static void
show_utilization (DagschedRunLog *self)
{
  guint n_workers = g_list_model_get_n_items (G_LIST_MODEL (self->workers));
  g_autofree double *recent = g_new0 (double, n_workers);
  double span = MIN (self->elapsed, RECENTLY);

  if (self->elapsed <= 0.0)
    return;

  add_recent_attempts (self, recent);
  for (guint i = 0; i < n_workers; i++)
    {
      g_autoptr (DagschedWorker) worker = g_list_model_get_item (G_LIST_MODEL (self->workers), i);
      double running = 0.0;

      if (is_running (worker))
        running = MAX (self->elapsed - dagsched_worker_get_since (worker), 0.0);
      dagsched_worker_set_utilization (worker, (recent[i] + MIN (running, span)) / span,
                                       (self->busy[i] + running) / self->elapsed);
    }
}

static void
park_workers (DagschedRunLog *self)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->workers)); i++)
    {
      g_autoptr (DagschedWorker) worker = g_list_model_get_item (G_LIST_MODEL (self->workers), i);

      if (is_running (worker))
        change_worker (self, i, NULL);
    }
}

static void
end_run (DagschedRunLog *self)
{
  const DagschedLogContent *content = self->content;

  finish_unfinished (self);
  self->elapsed = content->elapsed;
  show_utilization (self);
  park_workers (self);

  self->verdict = content->has_end ? content->verdict : DAGSCHED_VERDICT_INCOMPLETE;
  self->problem = content->has_end ? content->problem : RUNNER_DIED;
  self->has_ended = TRUE;
}

static void
reset_tests (DagschedRunLog *self)
{
  for (guint32 i = 0; i < self->content->tests->len; i++)
    {
      DagschedLogTest *logged = dagsched_log_content_get_test (self->content, i);

      if (dagsched_test_get_state (logged->test) != DAGSCHED_STATE_PENDING)
        note_change (self, i);
      self->last_shown[i] = DAGSCHED_LOG_NONE;
      self->n_waited[i] = logged->n_dependencies;
      dagsched_test_reset (logged->test);
    }
}

static void
reset_workers (DagschedRunLog *self)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->workers)); i++)
    {
      g_autoptr (DagschedWorker) worker = g_list_model_get_item (G_LIST_MODEL (self->workers), i);

      gboolean was_running = is_running (worker);

      self->busy[i] = 0.0;
      dagsched_worker_reset (worker);
      if (was_running)
        dagsched_run_emit_worker_changed (DAGSCHED_RUN (self), worker);
    }
}

void
dagsched_run_log_reset (DagschedRunLog *self)
{
  guint32 n_tests = self->content->tests->len;

  memset (self->n_in_state, 0, sizeof self->n_in_state);
  memset (self->n_with_outcome, 0, sizeof self->n_with_outcome);
  self->n_in_state[DAGSCHED_STATE_PENDING] = n_tests;
  self->n_with_outcome[DAGSCHED_OUTCOME_NONE] = n_tests;
  self->elapsed = 0.0;
  self->verdict = DAGSCHED_VERDICT_NONE;
  self->problem = NULL;
  self->n_replayed = 0;
  self->has_begun = self->has_ended = FALSE;

  reset_tests (self);
  reset_workers (self);
}

static void
begin_batch (DagschedRunLog *self)
{
  self->is_moving = TRUE;
  self->wants_changes = dagsched_run_wants_changes (DAGSCHED_RUN (self));
  self->batch++;
}

static void
end_batch (DagschedRunLog *self)
{
  dagsched_run_emit_tests_changed (DAGSCHED_RUN (self), self->changed);
  dagsched_run_notify_progress (DAGSCHED_RUN (self), &self->seen);
  self->is_moving = FALSE;
}

static void
begin_run (DagschedRunLog *self)
{
  self->has_begun = TRUE;
  for (guint32 i = 0; i < self->content->tests->len; i++)
    {
      if (self->n_waited[i] == 0 && dagsched_log_content_get_test (self->content, i)->is_started)
        become_ready (self, i);
    }
}

/* Lines are in the order in which they were written; where their times are not, the order counts. */
static void
replay_until (DagschedRunLog *self, double seconds)
{
  const GArray *events = self->content->events;
  gboolean is_all = seconds >= self->content->elapsed;

  while (self->n_replayed < events->len)
    {
      const DagschedLogEvent *event = &g_array_index (events, DagschedLogEvent, self->n_replayed);

      if (!is_all && event->time > seconds)
        break;

      self->n_replayed++;
      replay_event (self, event);
    }

  if (is_all)
    {
      end_run (self);
      return;
    }
  self->elapsed = MAX (self->elapsed, seconds);
  show_utilization (self);
}

/**
 * dagsched_run_log_rewind:
 * @self: a run log
 *
 * Makes the run as it was before it started, which it also is after loading.
 *
 * To be called in the run's thread, and not by a handler of a signal that
 * dagsched_run_log_advance() emits, but of [signal@Run::finished].
 *
 * Since: 1.0
 */
void
dagsched_run_log_rewind (DagschedRunLog *self)
{
  g_return_if_fail (DAGSCHED_IS_RUN_LOG (self));
  g_return_if_fail (!self->is_moving);

  g_object_ref (self);
  begin_batch (self);
  dagsched_run_log_reset (self);
  end_batch (self);
  g_object_unref (self);
}

/**
 * dagsched_run_log_advance:
 * @self: a run log
 * @seconds: a moment of the run, in seconds since its start; from dagsched_run_log_get_length() on, or
 *   infinite: its end
 *
 * Carries the run out again up to a moment: emits all of its signals up to there in order, then
 * [signal@Run::tests-changed] once, then notifies the counts; at the end of the run
 * [signal@Run::finished] follows. Tests, workers and counts are then as they were at that moment, and the
 * run's time elapsed is that moment. How fast time goes is the caller's: nothing happens by itself.
 *
 * A moment that is over already changes nothing: to go back, see dagsched_run_log_rewind().
 *
 * A run of which the log has no end died. At its end its tests without an outcome end as
 * %DAGSCHED_OUTCOME_CANCELLED, *the runner died*, and its verdict is %DAGSCHED_VERDICT_INCOMPLETE.
 *
 * To be called in the run's thread, and not by a handler of a signal that it emits, but of
 * [signal@Run::finished].
 *
 * Returns: whether the end of the run has yet to come
 *
 * Since: 1.0
 */
gboolean
dagsched_run_log_advance (DagschedRunLog *self, double seconds)
{
  gboolean has_ended;

  g_return_val_if_fail (DAGSCHED_IS_RUN_LOG (self), FALSE);
  g_return_val_if_fail (!isnan (seconds), FALSE);
  g_return_val_if_fail (!self->is_moving, FALSE);

  if (self->has_ended)
    return FALSE;

  g_object_ref (self);
  begin_batch (self);
  if (!self->has_begun)
    begin_run (self);
  replay_until (self, seconds);
  has_ended = self->has_ended;
  end_batch (self);
  if (has_ended)
    dagsched_run_emit_finished (DAGSCHED_RUN (self));
  g_object_unref (self);

  return !has_ended;
}

/**
 * dagsched_run_log_get_length:
 * @self: a run log
 *
 * Gets how long the whole run took or, if its log has no end, how far its log goes.
 *
 * Returns: seconds
 *
 * Since: 1.0
 */
double
dagsched_run_log_get_length (DagschedRunLog *self)
{
  g_return_val_if_fail (DAGSCHED_IS_RUN_LOG (self), 0.0);

  return self->content->elapsed;
}

/**
 * dagsched_run_log_replay:
 * @self: a run log
 *
 * Carries the run out again from its start to its end, at once, in the calling thread, as
 * dagsched_run_log_rewind() and dagsched_run_log_advance() do.
 *
 * Since: 1.0
 */
void
dagsched_run_log_replay (DagschedRunLog *self)
{
  g_return_if_fail (DAGSCHED_IS_RUN_LOG (self));

  dagsched_run_log_rewind (self);
  dagsched_run_log_advance (self, INFINITY);
}
