/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* From what the publisher sent to what is shown, with the signals that belong to it. */
#include "live/dagsched-observer-private.h"

#include "model/dagsched-test-private.h"
#include "run/dagsched-worker-private.h"

/* So many tests take less time than is worth looking at the clock for. */
#define TESTS_A_LOOK 32

#define LOST_REASON "the connection to the run was lost"

double
dagsched_observer_count_elapsed (DagschedObserver *self)
{
  if (self->verdict != DAGSCHED_VERDICT_NONE || self->started_us == 0)
    return self->elapsed;

  return MAX ((double) (g_get_monotonic_time () - self->started_us) / G_USEC_PER_SEC, 0.0);
}

static void
note_change (DagschedObserver *self, guint32 number)
{
  if (self->wants_changes)
    g_array_append_val (self->changed, number);
}

static void
show_state (DagschedObserver *self, guint32 number, DagschedState state)
{
  self->n_in_state[self->shown[number].state]--;
  self->shown[number].state = state;
  self->n_in_state[state]++;
}

static void
become_ready (DagschedObserver *self, guint32 number)
{
  if (self->shown[number].state == DAGSCHED_STATE_READY)
    return;

  show_state (self, number, DAGSCHED_STATE_READY);
  dagsched_test_become_ready (self->tests[number]);
  dagsched_run_emit_test_ready (DAGSCHED_RUN (self), self->tests[number]);
}

static void
become_started (DagschedObserver *self, guint32 number, guint32 worker, guint32 attempt)
{
  DagschedObserverTest *shown = &self->shown[number];

  if (shown->state == DAGSCHED_STATE_RUNNING && shown->attempt >= attempt)
    return;
  if (shown->state == DAGSCHED_STATE_PENDING)
    become_ready (self, number);

  shown->attempt = attempt;
  show_state (self, number, DAGSCHED_STATE_RUNNING);
  dagsched_test_become_started (self->tests[number], worker, attempt);
  dagsched_run_emit_test_started (DAGSCHED_RUN (self), self->tests[number], worker, attempt);
}

/* What was told of before, in changes or a state, may be told of again. */
static gboolean
is_new_span (DagschedObserver *self, guint32 number, const DagschedLiveSpan *span)
{
  guint32 last = self->shown[number].last_span;
  const DagschedSpan *known;

  if (last == 0)
    return TRUE;

  known = &g_array_index (self->spans, DagschedObserverSpan, last - 1).span;
  return span->attempt > known->attempt || (span->attempt == known->attempt && span->start > known->start);
}

static void
add_span (DagschedObserver *self, guint32 number, const DagschedLiveSpan *span)
{
  DagschedObserverTest *shown = &self->shown[number];
  const DagschedObserverSpan added = {
    .span = { .attempt = span->attempt,
              .worker = span->worker,
              .outcome = span->outcome,
              .will_retry = span->will_retry,
              .start = span->start,
              .duration = span->duration },
    .previous = shown->last_span,
  };

  g_array_append_val (self->spans, added);
  shown->last_span = self->spans->len;
  shown->n_spans++;
}

static void
end_attempt (DagschedObserver *self, guint32 number, const DagschedLiveSpan *span)
{
  DagschedTest *test = self->tests[number];
  g_autoptr (DagschedAttempt) attempt = NULL;

  become_started (self, number, span->worker, span->attempt);
  add_span (self, number, span);
  if (dagsched_test_wants_attempts (test) || dagsched_run_wants_attempts (DAGSCHED_RUN (self)))
    {
      attempt = dagsched_observer_new_attempt (
        &g_array_index (self->spans, DagschedObserverSpan, self->spans->len - 1).span);
      dagsched_test_attempt_finished (test, attempt);
      dagsched_run_emit_attempt_finished (DAGSCHED_RUN (self), test, attempt);
    }
  if (span->will_retry)
    become_ready (self, number);
}

static double
get_last_duration (DagschedObserver *self, guint32 number)
{
  guint32 last = self->shown[number].last_span;

  return last != 0 ? g_array_index (self->spans, DagschedObserverSpan, last - 1).span.duration : 0.0;
}

static void
finish (DagschedObserver *self, guint32 number, const DagschedTestEnd *end)
{
  show_state (self, number, DAGSCHED_STATE_FINISHED);
  self->n_with_outcome[DAGSCHED_OUTCOME_NONE]--;
  self->n_with_outcome[end->outcome]++;
  dagsched_test_become_finished (self->tests[number], end);
  dagsched_run_emit_test_finished (DAGSCHED_RUN (self), self->tests[number]);
  for (guint32 i = self->first_dependent[number]; i < self->first_dependent[number + 1]; i++)
    dagsched_test_dependency_finished (self->tests[self->dependents[i]], self->tests[number]);
}

static void
finish_as_told (DagschedObserver *self, const DagschedLiveTest *told, const char *text)
{
  g_autofree char *reason = told->reason_length > 0 ? g_strndup (text, told->reason_length) : NULL;

  finish (self, told->number,
          &(DagschedTestEnd){
            .outcome = told->outcome,
            .flags = told->flags,
            .reason = reason,
            .n_attempts = told->n_attempts,
            .duration = get_last_duration (self, told->number),
            .blocked_by = told->blocked_by != DAGSCHED_RUN_NO_TEST ? self->tests[told->blocked_by] : NULL,
          });
}

/* The publisher's objects may be a little behind its spans. */
static gboolean
has_ended_attempt (DagschedObserver *self, guint32 number, guint32 attempt)
{
  guint32 last = self->shown[number].last_span;

  return last != 0 && g_array_index (self->spans, DagschedObserverSpan, last - 1).span.attempt >= attempt;
}

static void
apply_state (DagschedObserver *self, const DagschedLiveTest *told, const char *text)
{
  DagschedObserverTest *shown = &self->shown[told->number];

  switch ((DagschedState) told->state)
    {
    case DAGSCHED_STATE_READY:
      become_ready (self, told->number);
      break;
    case DAGSCHED_STATE_RUNNING:
      if (!has_ended_attempt (self, told->number, told->n_attempts))
        become_started (self, told->number, shown->worker, told->n_attempts);
      break;
    case DAGSCHED_STATE_FINISHED:
      finish_as_told (self, told, text);
      break;
    case DAGSCHED_STATE_PENDING:
    default:
      break;
    }
}

static void
apply_test (DagschedObserver *self, DagschedObserverCursor *cursor)
{
  const DagschedLiveChanges *changes = &cursor->news->changes;
  const DagschedLiveTest *told = &changes->tests[cursor->next];
  const DagschedLiveSpan *spans = changes->spans + cursor->next_span;
  const char *text = changes->texts + cursor->next_text;
  DagschedObserverTest *shown = &self->shown[told->number];
  DagschedState before = shown->state;
  guint32 n_before = shown->n_spans;

  cursor->next++;
  cursor->next_span += told->n_spans;
  cursor->next_text += told->reason_length;
  if (before == DAGSCHED_STATE_FINISHED)
    return;

  for (guint32 i = 0; i < told->n_spans; i++)
    {
      if (is_new_span (self, told->number, &spans[i]))
        end_attempt (self, told->number, &spans[i]);
    }
  apply_state (self, told, text);
  if (shown->state != before || shown->n_spans != n_before)
    note_change (self, told->number);
}

/* The graph was run before: what stands is of that run. */
static void
restart (DagschedObserver *self)
{
  for (guint32 i = 0; i < self->n_tests; i++)
    {
      if (self->shown[i].state == DAGSCHED_STATE_PENDING)
        continue;
      dagsched_test_reset (self->tests[i]);
      self->shown[i] = (DagschedObserverTest){ .worker = DAGSCHED_NO_WORKER };
      note_change (self, i);
    }

  for (guint i = 0; i < G_N_ELEMENTS (self->n_in_state); i++)
    self->n_in_state[i] = 0;
  for (guint i = 0; i < G_N_ELEMENTS (self->n_with_outcome); i++)
    self->n_with_outcome[i] = 0;
  self->n_in_state[DAGSCHED_STATE_PENDING] = self->n_tests;
  self->n_with_outcome[DAGSCHED_OUTCOME_NONE] = self->n_tests;
  g_array_set_size (self->spans, 0);
}

static void
begin (DagschedObserver *self, const DagschedLiveNews *news)
{
  const DagschedLiveChangesHeader *header = news->changes.header;

  if (news->all && self->started_at != header->started_at)
    restart (self);
  self->started_us = header->started_us;
  self->started_at = header->started_at;
  for (guint32 i = 0; i < header->n_workers; i++)
    {
      const DagschedLiveWorker *worker = &news->changes.workers[i];

      if (worker->test != DAGSCHED_RUN_NO_TEST)
        self->shown[worker->test].worker = worker->number;
    }
}

static void
apply_worker (DagschedObserver *self, const DagschedLiveWorker *told)
{
  DagschedWorker *worker = self->workers[told->number];
  DagschedTest *test = told->test != DAGSCHED_RUN_NO_TEST ? self->tests[told->test] : NULL;
  gboolean changed =
    dagsched_worker_get_state (worker) != told->state || dagsched_worker_get_test (worker) != test;

  dagsched_worker_set_state (worker, told->state, test, told->since);
  dagsched_worker_set_utilization (worker, told->recent, told->utilization);
  if (changed)
    dagsched_run_emit_worker_changed (DAGSCHED_RUN (self), worker);
}

static void
apply_workers (DagschedObserver *self, const DagschedLiveChanges *changes)
{
  for (guint32 i = 0; i < changes->header->n_workers; i++)
    apply_worker (self, &changes->workers[i]);
}

gboolean
dagsched_observer_apply (DagschedObserver *self, DagschedObserverCursor *cursor, gint64 deadline_us)
{
  const DagschedLiveChanges *changes = &cursor->news->changes;

  /* Changes since the run has started: a state follows, which says so. */
  if (!cursor->news->all && changes->header->started_at != self->started_at)
    return TRUE;

  if (!cursor->begun)
    begin (self, cursor->news);
  cursor->begun = TRUE;

  while (cursor->next < changes->header->n_tests)
    {
      apply_test (self, cursor);
      if (cursor->next % TESTS_A_LOOK == 0 && g_get_monotonic_time () > deadline_us)
        return FALSE;
    }

  apply_workers (self, changes);
  return TRUE;
}

gboolean
dagsched_observer_give_up (DagschedObserver *self, guint32 *next, gint64 deadline_us)
{
  while (*next < self->n_tests)
    {
      guint32 number = (*next)++;

      if (self->shown[number].state == DAGSCHED_STATE_FINISHED)
        continue;
      finish (self, number,
              &(DagschedTestEnd){
                .outcome = DAGSCHED_OUTCOME_CANCELLED,
                .reason = LOST_REASON,
                .n_attempts = dagsched_test_get_n_attempts (self->tests[number]),
                .duration = get_last_duration (self, number),
              });
      note_change (self, number);
      if (number % TESTS_A_LOOK == 0 && g_get_monotonic_time () > deadline_us)
        return FALSE;
    }

  for (guint32 i = 0; i < self->n_workers; i++)
    dagsched_worker_set_state (self->workers[i], DAGSCHED_WORKER_STATE_PARKED, NULL,
                               dagsched_observer_count_elapsed (self));
  return TRUE;
}
