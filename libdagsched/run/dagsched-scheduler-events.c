/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The lossy path: from the engine's rings to the model, in the model's thread. */
#include "engine/dagsched-deadlines-private.h"
#include "engine/dagsched-event-ring-private.h"
#include "model/dagsched-attempt-private.h"
#include "model/dagsched-test-private.h"
#include "run/dagsched-scheduler-private.h"

/* A dispatch takes no longer, so that windows are drawn in between. */
#define DRAIN_BUDGET_NS (2 * G_GINT64_CONSTANT (1000000))

#define NS_PER_SECOND 1e9
#define SAMPLE_INTERVAL_NS (G_GINT64_CONSTANT (1000000000) / SAMPLES_PER_SECOND)
#define SAMPLES_PER_SECOND 10

typedef struct
{
  gint64 time_ns;
  gint64 busy_ns;
} Sample;

static DagschedTest *
test_at (DagschedScheduler *self, guint32 test)
{
  return self->view->tests[test];
}

static void
count (DagschedScheduler *self, DagschedState before, DagschedState after)
{
  self->n_in_state[before]--;
  self->n_in_state[after]++;
}

static void
apply_ready (DagschedScheduler *self, guint32 number)
{
  DagschedTest *test = test_at (self, number);
  DagschedState before = dagsched_test_get_state (test);

  if (before == DAGSCHED_STATE_FINISHED || before == DAGSCHED_STATE_READY)
    return;

  count (self, before, DAGSCHED_STATE_READY);
  dagsched_test_become_ready (test);
  dagsched_run_emit_test_ready (DAGSCHED_RUN (self), test);
}

static void
show_on_worker (DagschedScheduler *self, guint number, DagschedTest *test)
{
  g_autoptr (DagschedWorker) worker = g_list_model_get_item (G_LIST_MODEL (self->workers), number);

  if (worker == NULL || dagsched_worker_get_test (worker) == test)
    return;

  dagsched_worker_set_state (
    worker, test != NULL ? DAGSCHED_WORKER_STATE_RUNNING : DAGSCHED_WORKER_STATE_PARKED, test);
  dagsched_run_emit_worker_changed (DAGSCHED_RUN (self), worker);
}

static void
apply_started (DagschedScheduler *self, guint32 number, guint worker, guint attempt)
{
  DagschedTest *test = test_at (self, number);
  DagschedState before = dagsched_test_get_state (test);

  if (before == DAGSCHED_STATE_FINISHED)
    return;

  count (self, before, DAGSCHED_STATE_RUNNING);
  show_on_worker (self, worker, test);
  dagsched_test_become_started (test, worker, attempt);
  dagsched_run_emit_test_started (DAGSCHED_RUN (self), test, worker, attempt);
}

DagschedAttempt *
dagsched_scheduler_new_attempt (DagschedScheduler *self, const DagschedAttemptRecord *record)
{
  DagschedResult result = record->result;
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
  guint32 number;

  if (self->engine == NULL || !dagsched_plan_lookup (self->plan, test, &number))
    return attempts;

  record = dagsched_engine_get_last_attempt (self->engine, number);
  for (; record != NULL; record = record->previous)
    g_ptr_array_insert (attempts, 0, dagsched_scheduler_new_attempt (self, record));

  return attempts;
}

static void
clear_worker (DagschedScheduler *self, const DagschedAttemptRecord *record)
{
  g_autoptr (DagschedWorker) worker = g_list_model_get_item (G_LIST_MODEL (self->workers), record->lane);

  if (worker != NULL && dagsched_worker_get_test (worker) == test_at (self, record->test))
    show_on_worker (self, record->lane, NULL);
}

static void
apply_attempt (DagschedScheduler *self, const DagschedAttemptRecord *record)
{
  DagschedTest *test = test_at (self, record->test);
  g_autoptr (DagschedAttempt) attempt = NULL;

  clear_worker (self, record);
  if (dagsched_test_get_state (test) == DAGSCHED_STATE_FINISHED ||
      (!dagsched_test_wants_attempts (test) && !dagsched_run_wants_attempts (DAGSCHED_RUN (self))))
    return;

  attempt = dagsched_scheduler_new_attempt (self, record);
  dagsched_test_attempt_finished (test, attempt);
  dagsched_run_emit_attempt_finished (DAGSCHED_RUN (self), test, attempt);
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
  DagschedState before = dagsched_test_get_state (test);
  const DagschedAttemptRecord *last = dagsched_engine_get_last_attempt (self->engine, number);
  guint32 blocked_by = dagsched_engine_get_blocked_by (self->engine, number);
  g_autofree char *reason = NULL;

  if (before == DAGSCHED_STATE_FINISHED)
    return;

  reason = dagsched_engine_dup_reason (self->engine, number);
  count (self, before, DAGSCHED_STATE_FINISHED);
  self->n_with_outcome[dagsched_engine_get_outcome (self->engine, number)]++;
  dagsched_test_become_finished (
    test, &(DagschedTestEnd){
            .outcome = dagsched_engine_get_outcome (self->engine, number),
            .flags = dagsched_engine_get_flags (self->engine, number),
            .reason = reason,
            .n_attempts = dagsched_engine_get_n_attempts (self->engine, number),
            .duration = last != NULL ? (last->end_ns - last->start_ns) / NS_PER_SECOND : 0,
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
      apply_attempt (self, event->record);
      break;
    case DAGSCHED_EVENT_FINISHED:
      apply_finished (self, event->test);
      break;
    case DAGSCHED_EVENT_OUTPUT:
      dagsched_test_output (test_at (self, event->test), event->output, event->is_error);
      break;
    default:
      g_assert_not_reached ();
    }
}

/* Events were lost: what stands is read from the engine instead. */
static void
look_at_all (DagschedScheduler *self)
{
  for (guint32 i = 0; i < self->view->n_tests; i++)
    {
      DagschedState state = dagsched_engine_get_state (self->engine, i);
      DagschedState shown = dagsched_test_get_state (test_at (self, i));

      if (state == shown)
        continue;
      if (state == DAGSCHED_STATE_FINISHED)
        apply_finished (self, i);
      else if (state == DAGSCHED_STATE_READY)
        apply_ready (self, i);
    }
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->workers)); i++)
    {
      DagschedLaneView lane;

      dagsched_engine_look_at_lane (self->engine, i, &lane);
      if (lane.test == DAGSCHED_NO_TEST)
        show_on_worker (self, i, NULL);
      else if (dagsched_test_get_state (test_at (self, lane.test)) != DAGSCHED_STATE_RUNNING)
        apply_started (self, lane.test, i, dagsched_engine_get_n_attempts (self->engine, lane.test));
    }
}

/* A worker's samples, the newest first: more than a second of them. */
static void
sample_worker (DagschedScheduler *self, guint number, gint64 now)
{
  g_autoptr (DagschedWorker) worker = g_list_model_get_item (G_LIST_MODEL (self->workers), number);
  Sample *samples = &g_array_index (self->samples, Sample, number * (SAMPLES_PER_SECOND + 1));
  const Sample *oldest = &samples[SAMPLES_PER_SECOND];
  gint64 since_ns = now - oldest->time_ns;
  DagschedLaneView lane;

  dagsched_engine_look_at_lane (self->engine, number, &lane);
  if (lane.state != DAGSCHED_WORKER_STATE_RUNNING && dagsched_worker_get_test (worker) == NULL)
    dagsched_worker_set_state (worker, lane.state, NULL);
  if (now > 0 && since_ns > 0)
    dagsched_worker_set_utilization (worker,
                                     CLAMP ((double) (lane.busy_ns - oldest->busy_ns) / since_ns, 0, 1),
                                     CLAMP ((double) lane.busy_ns / now, 0, 1));
  if (now - samples[0].time_ns >= SAMPLE_INTERVAL_NS)
    {
      memmove (&samples[1], &samples[0], SAMPLES_PER_SECOND * sizeof samples[0]);
      samples[0] = (Sample){ .time_ns = now, .busy_ns = lane.busy_ns };
    }
}

void
dagsched_scheduler_sample_workers (DagschedScheduler *self, gboolean always)
{
  gint64 now = dagsched_engine_get_elapsed_ns (self->engine);

  if (!always && now - self->sampled_ns < SAMPLE_INTERVAL_NS)
    return;

  self->sampled_ns = now;
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->workers)); i++)
    sample_worker (self, i, now);
}

void
dagsched_scheduler_reset_model (DagschedScheduler *self)
{
  guint n_workers = g_list_model_get_n_items (G_LIST_MODEL (self->workers));

  for (guint32 i = 0; i < self->view->n_tests; i++)
    dagsched_test_reset (test_at (self, i));
  self->n_in_state[DAGSCHED_STATE_PENDING] = self->view->n_tests;
  self->samples = g_array_new (FALSE, TRUE, sizeof (Sample));
  g_array_set_size (self->samples, n_workers * (SAMPLES_PER_SECOND + 1));
}

gboolean
dagsched_scheduler_on_events (gpointer data)
{
  /* What is called may give up the last reference. */
  g_autoptr (DagschedScheduler) self = g_object_ref (data);
  gboolean ended = dagsched_engine_has_ended (self->engine);
  gboolean lapsed;
  DagschedDrain drain;

  drain = dagsched_engine_drain (self->engine, DRAIN_BUDGET_NS, on_event, self, &lapsed);
  self->lapsed |= lapsed;
  if (drain == DAGSCHED_DRAIN_MORE)
    {
      dagsched_notifier_arm_now (self->notifier);
      ended = FALSE;
    }
  else if (self->lapsed || ended)
    {
      self->lapsed = FALSE;
      look_at_all (self);
    }

  dagsched_scheduler_sample_workers (self, ended);
  if (ended)
    dagsched_scheduler_end (self);
  else
    dagsched_run_notify_progress (DAGSCHED_RUN (self), &self->seen);

  return G_SOURCE_CONTINUE;
}
