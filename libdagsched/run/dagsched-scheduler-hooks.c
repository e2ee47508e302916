/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the engine's threads call: the lossless path. */
#include "model/dagsched-test-private.h"
#include "run/dagsched-scheduler-private.h"

/* Outlives the scheduler where a thread was written off: the function that it still carries out
 * looks at its test, which the plan keeps. */
typedef struct
{
  DagschedScheduler *scheduler; /* not owned: valid while the run is on */
  DagschedPlan *plan;
  GMainContext *context;
  GThread *model_thread;
} Keep;

gpointer
dagsched_scheduler_new_hooks_data (DagschedScheduler *self)
{
  Keep *keep = g_new (Keep, 1);

  keep->scheduler = self;
  keep->plan = g_object_ref (self->plan);
  keep->context = g_main_context_ref (self->host_context);
  keep->model_thread = g_thread_self ();
  return keep;
}

static void
keep_free (gpointer data)
{
  Keep *keep = data;

  g_object_unref (keep->plan);
  g_main_context_unref (keep->context);
  g_free (keep);
}

static gboolean
nothing_more (gpointer data)
{
  return G_SOURCE_REMOVE;
}

/* Objects of the model are given up in its thread only. */
static void
on_freed (gpointer data)
{
  Keep *keep = data;
  g_autoptr (GMainContext) context = g_main_context_ref (keep->context);
  g_autoptr (GSource) source = NULL;

  if (keep->model_thread == g_thread_self ())
    {
      keep_free (keep);
      return;
    }

  source = g_idle_source_new ();
  g_source_set_callback (source, nothing_more, keep, keep_free);
  g_source_attach (source, context);
}

static void
on_started (gpointer data, const DagschedTicket *ticket, gint64 time_ns)
{
  DagschedScheduler *self = ((Keep *) data)->scheduler;

  for (guint i = 0; i < self->recorders->len; i++)
    {
      const DagschedRecorder *recorder = &g_array_index (self->recorders, DagschedRecorder, i);

      recorder->funcs->started (recorder->data, ticket, time_ns);
    }
}

static void
on_attempt (gpointer data, DagschedAttemptRecord *record)
{
  DagschedScheduler *self = ((Keep *) data)->scheduler;
  gint64 taken_at = -1;

  for (guint i = 0; i < self->recorders->len; i++)
    {
      const DagschedRecorder *recorder = &g_array_index (self->recorders, DagschedRecorder, i);
      gint64 log_offset = -1;

      recorder->funcs->attempt (recorder->data, record, &log_offset);
      if (log_offset >= 0)
        taken_at = log_offset;
    }

  if (taken_at >= 0)
    {
      record->log_offset = taken_at;
      g_clear_pointer (&record->result->standard_output, g_bytes_unref);
      g_clear_pointer (&record->result->standard_error, g_bytes_unref);
    }
}

static void
on_attempt_of_earlier (gpointer data, DagschedAttemptRecord *record)
{
  on_attempt (data, record);
}

static void
on_finished (gpointer data, guint32 test, gint64 time_ns)
{
  DagschedScheduler *self = ((Keep *) data)->scheduler;
  const DagschedEarlierTest *earlier =
    self->earlier != NULL ? dagsched_earlier_find (self->earlier, test) : NULL;
  g_autofree char *reason = NULL;
  DagschedFinishedRecord record;

  if (earlier != NULL)
    dagsched_earlier_for_each_attempt (self->earlier, earlier, on_attempt_of_earlier, data);

  reason = dagsched_engine_dup_reason (self->engine, test);
  record = (DagschedFinishedRecord){
    .test = test,
    .outcome = dagsched_engine_get_outcome (self->engine, test),
    .flags = dagsched_engine_get_flags (self->engine, test),
    .reason = reason,
    .blocked_by = dagsched_engine_get_blocked_by (self->engine, test),
    .n_attempts = dagsched_engine_get_n_attempts (self->engine, test),
    .time_ns = earlier != NULL ? earlier->last->end_ns : time_ns,
    .is_earlier = earlier != NULL,
  };
  for (guint i = 0; i < self->recorders->len; i++)
    {
      const DagschedRecorder *recorder = &g_array_index (self->recorders, DagschedRecorder, i);

      recorder->funcs->finished (recorder->data, &record);
    }
}

static void
on_paused (gpointer data, gint64 time_ns, gint64 paused_ns)
{
  DagschedScheduler *self = ((Keep *) data)->scheduler;

  for (guint i = 0; i < self->recorders->len; i++)
    {
      const DagschedRecorder *recorder = &g_array_index (self->recorders, DagschedRecorder, i);

      if (recorder->funcs->paused != NULL)
        recorder->funcs->paused (recorder->data, time_ns, paused_ns);
    }
}

/* Whether one test alone makes the verdict FAILURE. One blocked by a blocked one does not: that one
 * is looked at as well, and so on up to the root cause. */
static gboolean
spoils (DagschedScheduler *self, guint32 test, gboolean flaky_fails)
{
  DagschedOutcome outcome = dagsched_engine_get_outcome (self->engine, test);

  if (outcome == DAGSCHED_OUTCOME_BLOCKED)
    {
      outcome =
        dagsched_engine_get_outcome (self->engine, dagsched_engine_get_blocked_by (self->engine, test));
      return outcome != DAGSCHED_OUTCOME_BLOCKED && outcome != DAGSCHED_OUTCOME_SKIPPED;
    }
  if (flaky_fails && dagsched_engine_get_flags (self->engine, test) & DAGSCHED_FLAGS_FLAKY)
    return TRUE;

  return dagsched_outcome_is_failure (outcome) || outcome == DAGSCHED_OUTCOME_CANCELLED;
}

DagschedVerdict
dagsched_scheduler_judge (DagschedScheduler *self)
{
  gboolean flaky_fails = dagsched_options_get_view (self->options)->flaky_fails;
  const GError *error = NULL;

  dagsched_engine_get_problem (self->engine, &error);
  if (error != NULL)
    return DAGSCHED_VERDICT_INCOMPLETE;

  for (guint32 i = 0; i < self->view->n_tests; i++)
    {
      if (spoils (self, i, flaky_fails))
        return DAGSCHED_VERDICT_FAILURE;
    }

  return DAGSCHED_VERDICT_SUCCESS;
}

static void
on_ended (gpointer data)
{
  DagschedScheduler *self = ((Keep *) data)->scheduler;
  DagschedVerdict verdict = dagsched_scheduler_judge (self);
  const char *problem = dagsched_engine_get_problem (self->engine, NULL);
  gint64 time_ns = dagsched_engine_get_elapsed_ns (self->engine);

  for (guint i = 0; i < self->recorders->len; i++)
    {
      const DagschedRecorder *recorder = &g_array_index (self->recorders, DagschedRecorder, i);

      recorder->funcs->end (recorder->data, verdict, problem, time_ns);
    }
  dagsched_notifier_arm_now (self->notifier);
}

static void
on_armed (gpointer data)
{
  dagsched_notifier_arm (((Keep *) data)->scheduler->notifier);
}

static gboolean
on_wants_output (gpointer data, guint32 test)
{
  return dagsched_test_wants_output (((Keep *) data)->scheduler->view->tests[test]);
}

const DagschedEngineHooks *
dagsched_scheduler_get_hooks (gboolean with_recorders)
{
  static const DagschedEngineHooks hooks_with_recorders = {
    .started = on_started,
    .attempt = on_attempt,
    .finished = on_finished,
    .ended = on_ended,
    .armed = on_armed,
    .wants_output = on_wants_output,
    .freed = on_freed,
    .paused = on_paused,
  };
  static const DagschedEngineHooks hooks = {
    .ended = on_ended,
    .armed = on_armed,
    .wants_output = on_wants_output,
    .freed = on_freed,
  };

  return with_recorders ? &hooks_with_recorders : &hooks;
}

void
dagsched_scheduler_fail (DagschedScheduler *scheduler, GError *error)
{
  dagsched_engine_fail (scheduler->engine, error);
}
