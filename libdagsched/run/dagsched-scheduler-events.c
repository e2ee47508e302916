/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The lossy path: from the engine's rings to the model, in the model's thread. */
#include "engine/dagsched-deadlines-private.h"
#include "base/dagsched-pointers-private.h"
#include "engine/dagsched-event-ring-private.h"
#include "model/dagsched-attempt-private.h"
#include "model/dagsched-test-private.h"
#include "run/dagsched-scheduler-private.h"

/* A dispatch takes no longer, so that windows are drawn in between. */
#define DRAIN_BUDGET_NS (2 * G_GINT64_CONSTANT (1000000))

#define NS_PER_SECOND 1e9

static DagschedTest *
test_at (DagschedScheduler *self, guint32 test)
{
  return self->view->tests[test];
}

static void
note_change (DagschedScheduler *self, guint32 number)
{
  if (self->wants_changes)
    g_array_append_val (self->changed, number);
}

static void
show_state (DagschedScheduler *self, guint32 number, DagschedState state)
{
  self->n_in_state[self->shown[number]]--;
  self->shown[number] = state;
  self->n_in_state[state]++;
  note_change (self, number);
}

static void
apply_ready (DagschedScheduler *self, guint32 number)
{
  DagschedTest *test = test_at (self, number);

  if (self->shown[number] == DAGSCHED_STATE_FINISHED || self->shown[number] == DAGSCHED_STATE_READY)
    return;

  show_state (self, number, DAGSCHED_STATE_READY);
  dagsched_test_become_ready (test);
  dagsched_run_emit_test_ready (DAGSCHED_RUN (self), test);
}

static void
apply_started (DagschedScheduler *self, guint32 number, guint worker, guint attempt)
{
  DagschedTest *test = test_at (self, number);

  if (self->shown[number] == DAGSCHED_STATE_FINISHED)
    return;

  show_state (self, number, DAGSCHED_STATE_RUNNING);
  dagsched_scheduler_show_worker (self, worker, test);
  dagsched_test_become_started (test, worker, attempt);
  dagsched_run_emit_test_started (DAGSCHED_RUN (self), test, worker, attempt);
}

DagschedAttempt *
dagsched_scheduler_new_attempt (DagschedScheduler *self, const DagschedAttemptRecord *record)
{
  DagschedResult result = *record->result;
  GBytes *output = result.standard_output, *error = result.standard_error;

  result.reason = g_strdup (result.reason);
  result.artifacts = g_strdup (result.artifacts);
  result.standard_output = output != NULL ? g_bytes_ref (output) : NULL;
  result.standard_error = error != NULL ? g_bytes_ref (error) : NULL;
  for (guint i = 0; record->log_offset >= 0 && i < self->recorders->len; i++)
    {
      const DagschedRecorder *recorder = &g_array_index (self->recorders, DagschedRecorder, i);

      if (recorder->funcs->load_output != NULL &&
          recorder->funcs->load_output (recorder->data, record->log_offset, &result.standard_output,
                                        &result.standard_error))
        break;
    }

  return dagsched_attempt_new (
    record->attempt, record->lane, record->outcome, record->start_ns / NS_PER_SECOND,
    (record->end_ns - record->start_ns) / NS_PER_SECOND, record->will_retry, &result);
}

GPtrArray *
dagsched_scheduler_dup_attempts (DagschedRun *run, DagschedTest *test)
{
  DagschedScheduler *self = DAGSCHED_SCHEDULER (run);
  GPtrArray *attempts = g_ptr_array_new_with_free_func (g_object_unref);
  const DagschedAttemptRecord *record;
  DagschedAttemptRecord last;
  guint32 number;

  if (self->engine == NULL || !dagsched_plan_lookup (self->plan, test, &number) ||
      !dagsched_engine_get_last_attempt (self->engine, number, &last))
    return attempts;

  for (record = &last; record != NULL; record = record->previous)
    g_ptr_array_add (attempts, dagsched_scheduler_new_attempt (self, record));
  dagsched_pointers_reverse (attempts);

  return attempts;
}

gboolean
dagsched_scheduler_get_span (DagschedRun *run, guint number, guint index, DagschedSpan *span)
{
  DagschedScheduler *self = DAGSCHED_SCHEDULER (run);
  const DagschedAttemptRecord *record;
  DagschedAttemptRecord last;

  if (self->engine == NULL || number >= self->view->n_tests ||
      !dagsched_engine_get_last_attempt (self->engine, number, &last))
    return FALSE;

  for (record = &last; record != NULL && index > 0; index--)
    record = record->previous;
  if (record == NULL)
    return FALSE;

  *span = (DagschedSpan){
    .attempt = record->attempt,
    .worker = record->lane,
    .outcome = record->outcome,
    .will_retry = record->will_retry,
    .start = record->start_ns / NS_PER_SECOND,
    .duration = (record->end_ns - record->start_ns) / NS_PER_SECOND,
  };
  return TRUE;
}

static void
apply_attempt (DagschedScheduler *self, const DagschedAttemptRecord *record)
{
  DagschedTest *test = test_at (self, record->test);
  g_autoptr (DagschedAttempt) attempt = NULL;

  dagsched_scheduler_release_worker (self, record->lane, test);
  note_change (self, record->test);
  if (self->shown[record->test] == DAGSCHED_STATE_FINISHED ||
      (!dagsched_test_wants_attempts (test) && !dagsched_run_wants_attempts (DAGSCHED_RUN (self))))
    return;

  attempt = dagsched_scheduler_new_attempt (self, record);
  dagsched_test_attempt_finished (test, attempt);
  dagsched_run_emit_attempt_finished (DAGSCHED_RUN (self), test, attempt);
}

static void
apply_attempt_of (DagschedScheduler *self, const DagschedEvent *event)
{
  DagschedAttemptRecord plain;

  if (event->record == NULL)
    dagsched_engine_get_plain_attempt (self->engine, event->test, &plain);
  apply_attempt (self, event->record != NULL ? event->record : &plain);
}

static void
tell_dependents (DagschedScheduler *self, guint32 number)
{
  const DagschedPlanView *view = self->view;

  for (guint32 i = view->first_dependent[number]; i < view->first_dependent[number + 1]; i++)
    dagsched_test_dependency_finished (test_at (self, DAGSCHED_DEPENDENT_NUMBER (view->dependents[i])),
                                       test_at (self, number));
}

static void
apply_finished (DagschedScheduler *self, guint32 number)
{
  DagschedTest *test = test_at (self, number);
  DagschedAttemptRecord last;
  gint64 duration_ns = 0;
  guint32 blocked_by = dagsched_engine_get_blocked_by (self->engine, number);
  DagschedOutcome outcome = dagsched_engine_get_outcome (self->engine, number);
  g_autofree char *reason = NULL;

  if (self->shown[number] == DAGSCHED_STATE_FINISHED)
    return;

  if (dagsched_engine_get_last_attempt (self->engine, number, &last))
    duration_ns = last.end_ns - last.start_ns;
  reason = dagsched_engine_dup_reason (self->engine, number);
  show_state (self, number, DAGSCHED_STATE_FINISHED);
  self->n_with_outcome[outcome]++;
  dagsched_test_become_finished (
    test, &(DagschedTestEnd){
            .outcome = outcome,
            .flags = dagsched_engine_get_flags (self->engine, number),
            .reason = reason,
            .n_attempts = dagsched_engine_get_n_attempts (self->engine, number),
            .duration = duration_ns / NS_PER_SECOND,
            .blocked_by = blocked_by != DAGSCHED_NO_TEST ? test_at (self, blocked_by) : NULL,
          });
  dagsched_run_emit_test_finished (DAGSCHED_RUN (self), test);
  tell_dependents (self, number);
}

static void
on_event (gpointer data, const DagschedEvent *event)
{
  DagschedScheduler *self = data;

  switch ((DagschedEventKind) event->kind)
    {
    case DAGSCHED_EVENT_READY:
      apply_ready (self, event->test);
      break;
    case DAGSCHED_EVENT_STARTED:
      apply_started (self, event->test, event->lane, event->attempt);
      break;
    case DAGSCHED_EVENT_ATTEMPT:
      apply_attempt_of (self, event);
      break;
    case DAGSCHED_EVENT_FINISHED:
      apply_finished (self, event->test);
      break;
    case DAGSCHED_EVENT_OUTPUT:
      dagsched_test_output (test_at (self, event->test), event->output->bytes, event->output->n_written,
                            event->is_error);
      break;
    default:
      g_assert_not_reached ();
    }
}

static void
look_at_test (DagschedScheduler *self, guint32 number)
{
  DagschedState state = dagsched_engine_get_state (self->engine, number);

  if (state == self->shown[number])
    return;
  if (state == DAGSCHED_STATE_FINISHED)
    apply_finished (self, number);
  else if (state == DAGSCHED_STATE_READY)
    apply_ready (self, number);
}

static void
look_at_workers (DagschedScheduler *self)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->workers)); i++)
    {
      DagschedLaneView lane;

      dagsched_engine_look_at_lane (self->engine, i, &lane);
      if (lane.test == DAGSCHED_NO_TEST)
        dagsched_scheduler_show_worker (self, i, NULL);
      else if (self->shown[lane.test] != DAGSCHED_STATE_RUNNING)
        apply_started (self, lane.test, i, dagsched_engine_get_n_attempts (self->engine, lane.test));
    }
}

/* So many at a time cost little where nothing has changed. */
#define TESTS_A_LOOK 512

/* Events were lost: what stands is read from the engine instead, some tests at a time. FALSE: more are left. */
static gboolean
look_at_some (DagschedScheduler *self, gint64 deadline_ns)
{
  while (self->looked_at < self->view->n_tests)
    {
      guint32 end = MIN (self->looked_at + TESTS_A_LOOK, self->view->n_tests);

      while (self->looked_at < end)
        look_at_test (self, self->looked_at++);
      if (dagsched_monotonic_ns () > deadline_ns)
        break;
    }
  look_at_workers (self);
  return self->looked_at == self->view->n_tests;
}

void
dagsched_scheduler_reset_model (DagschedScheduler *self)
{
  self->wants_changes = dagsched_run_wants_changes (DAGSCHED_RUN (self));
  for (guint32 i = 0; i < self->view->n_tests; i++)
    {
      dagsched_test_reset (test_at (self, i));
      note_change (self, i);
    }
  g_free (self->shown);
  self->shown = g_new0 (guint8, MAX (self->view->n_tests, 1));
  self->n_in_state[DAGSCHED_STATE_PENDING] = self->view->n_tests;
  dagsched_run_emit_tests_changed (DAGSCHED_RUN (self), self->changed);
}

/* Tests that were looked at already may have changed since. */
static void
start_looking (DagschedScheduler *self)
{
  self->look_again = self->looking && self->looked_at > 0;
  if (!self->looking)
    self->looked_at = 0;
  self->looking = TRUE;
}

/* The last look: no state changes any more, and no event is missed. */
static void
start_looking_at_end (DagschedScheduler *self)
{
  self->looking = self->looking_at_end = TRUE;
  self->look_again = FALSE;
  self->looked_at = 0;
}

static void
go_on_looking (DagschedScheduler *self, gint64 deadline_ns)
{
  if (!self->looking || !look_at_some (self, deadline_ns))
    return;

  self->looking = self->look_again;
  self->look_again = FALSE;
  self->looked_at = 0;
}

/* When events come faster than anybody could want to see them, the threads that run tests come first:
 * showing waits nine times as long as it took, but no longer than what people see as at once. Rings that are
 * full by then cost their threads next to nothing. */
#define FLOOD 1024
#define PAUSE_FACTOR 9
#define MAX_PAUSE_NS (16 * G_GINT64_CONSTANT (1000000))

static void
pause_showing (DagschedScheduler *self, gint64 taken_ns)
{
  dagsched_notifier_pause (self->notifier, MIN (taken_ns * PAUSE_FACTOR, MAX_PAUSE_NS));
  dagsched_notifier_arm (self->notifier);
}

/* Where few events come, a call finds everything cold and costs more than all that it is for: one follows the other
 * some windows later. The first one after a rest comes as soon as any. */
#define FEW_A_SECOND 4000
#define FEW_WINDOWS 5

static gboolean
are_few (DagschedScheduler *self, guint n_drained, gint64 begin_ns)
{
  gint64 since_ns = begin_ns - self->drained_at_ns;

  self->drained_at_ns = begin_ns;
  return n_drained < since_ns / NS_PER_SECOND * FEW_A_SECOND;
}

static void
rest (DagschedScheduler *self)
{
  guint window = dagsched_options_get_view (self->options)->notification_batch_window;

  dagsched_notifier_pause (self->notifier, FEW_WINDOWS * (window * G_GINT64_CONSTANT (1000)));
}

gboolean
dagsched_scheduler_on_events (gpointer data)
{
  /* What is called may give up the last reference. */
  g_autoptr (DagschedScheduler) self = g_object_ref (data);
  gboolean ended = dagsched_engine_has_ended (self->engine);
  gint64 begin_ns = dagsched_monotonic_ns ();
  guint n_drained;
  gboolean lapsed, few;
  DagschedDrain drain;

  self->wants_changes = dagsched_run_wants_changes (DAGSCHED_RUN (self));
  self->shown_at = dagsched_engine_get_elapsed_ns (self->engine) / NS_PER_SECOND;
  drain = dagsched_engine_drain (self->engine, DRAIN_BUDGET_NS, on_event, self, &n_drained, &lapsed);
  few = are_few (self, n_drained, begin_ns);
  dagsched_scheduler_show_released (self);
  if (ended && !self->looking_at_end)
    start_looking_at_end (self);
  else if (lapsed && !ended)
    start_looking (self);
  if (drain == DAGSCHED_DRAIN_EMPTY)
    go_on_looking (self, begin_ns + DRAIN_BUDGET_NS);

  dagsched_scheduler_sample_workers (self, ended);
  dagsched_run_emit_tests_changed (DAGSCHED_RUN (self), self->changed);
  if (ended && drain == DAGSCHED_DRAIN_EMPTY && !self->looking)
    {
      dagsched_scheduler_end (self);
      return G_SOURCE_CONTINUE;
    }

  if (!ended && (lapsed || self->looking || n_drained >= FLOOD))
    pause_showing (self, dagsched_monotonic_ns () - begin_ns);
  else if (drain == DAGSCHED_DRAIN_MORE || self->looking)
    dagsched_notifier_arm_now (self->notifier);
  else if (few)
    rest (self);
  /* Who ended it meanwhile may have called before the pause began. */
  if (!ended && dagsched_engine_has_ended (self->engine))
    dagsched_notifier_arm_now (self->notifier);
  dagsched_run_notify_progress (DAGSCHED_RUN (self), &self->seen);
  return G_SOURCE_CONTINUE;
}
