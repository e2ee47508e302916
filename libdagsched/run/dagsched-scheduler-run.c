/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* From a graph to a run that has ended. */
#include "base/dagsched-error.h"
#include "executor/dagsched-agent-executor-private.h"
#include "model/dagsched-graph-private.h"
#include "run/dagsched-scheduler-private.h"

#define NS_PER_SECOND 1e9

/* Events that each thread may be ahead of the model. */
#define RING_CAPACITY 2048

#define MAX_WORKERS 4096

#define CANCELLED_REASON "the run was cancelled"

static guint
count_workers (DagschedScheduler *self)
{
  guint n_workers = dagsched_options_get_view (self->options)->n_workers;

  if (n_workers == 0)
    n_workers = g_get_num_processors ();

  return MIN (n_workers, MAX_WORKERS);
}

/**
 * dagsched_scheduler_prepare:
 * @self: a scheduler
 * @error: return location for an error
 *
 * Validates the graph and compiles it into the plan of the run, without starting anything. Running
 * does this by itself; calling it before shows the tests, the workers and what is wrong earlier.
 *
 * Fails with %DAGSCHED_ERROR_CYCLE, %DAGSCHED_ERROR_UNKNOWN_TEST, %DAGSCHED_ERROR_DUPLICATE_TEST or
 * %DAGSCHED_ERROR_RESOURCE; the message has a line for every problem of the graph.
 *
 * Returns: whether the graph can be run
 *
 * Since: 1.0
 */
gboolean
dagsched_scheduler_prepare (DagschedScheduler *self, GError **error)
{
  const DagschedOptionsView *options;
  DagschedPlanParams params = DAGSCHED_PLAN_PARAMS_INIT;

  g_return_val_if_fail (DAGSCHED_IS_SCHEDULER (self), FALSE);

  if (self->plan != NULL)
    return TRUE;

  options = dagsched_options_get_view (self->options);
  params.order = options->order;
  params.seed = options->seed;
  params.repeat = options->repeat;
  params.retries = options->retries;
  params.timeout_multiplier = options->timeout_multiplier;
  params.isolate = options->isolate;
  self->plan = dagsched_plan_compile (self->graph, options->selection, &params, error);
  if (self->plan == NULL)
    return FALSE;

  self->view = dagsched_plan_get_view (self->plan);
  dagsched_scheduler_create_workers (self, count_workers (self));
  self->n_in_state[DAGSCHED_STATE_PENDING] = self->view->n_tests;
  g_object_notify (G_OBJECT (self), "plan");
  g_object_notify (G_OBJECT (self), "tests");
  return TRUE;
}

void
dagsched_scheduler_set_executor (DagschedScheduler *self, DagschedExecutor *executor)
{
  g_return_if_fail (!self->started);

  g_set_object (&self->executor, executor);
}

void
dagsched_scheduler_set_earlier (DagschedScheduler *self, DagschedEarlier *earlier)
{
  g_assert (self->plan != NULL && !self->started && self->earlier == NULL);

  self->earlier = earlier;
}

DagschedEarlier *
dagsched_scheduler_get_earlier (DagschedScheduler *self)
{
  return self->earlier;
}

static DagschedExecutor *
create_executor (const DagschedOptionsView *options)
{
  return dagsched_agent_executor_new (&(DagschedAgentParams){
    .agent_path = options->agent_path,
    .wrapper = (const char *const *) options->wrapper,
    .artifacts_root = options->artifacts_dir,
    .stack_traces = options->stack_traces,
    .output_limit = options->output_limit,
    .run_output_limit = options->run_output_limit,
    .limits = options->limits,
  });
}

static void
keep_attempt (gpointer user_data, DagschedAttemptRecord *record)
{
}

static void
take_earlier (DagschedScheduler *self)
{
  GArray *tests = self->earlier->tests;

  dagsched_engine_take (self->engine, (const DagschedEarlierTest *) (gpointer) tests->data, tests->len);
  /* Else they are told what is loaded. */
  for (guint i = 0; self->recorders->len == 0 && i < tests->len; i++)
    dagsched_earlier_for_each_attempt (self->earlier, &g_array_index (tests, DagschedEarlierTest, i),
                                       keep_attempt, NULL);
}

static void
create_engine (DagschedScheduler *self)
{
  const DagschedOptionsView *options = dagsched_options_get_view (self->options);
  DagschedEngineParams params = {
    .n_lanes = g_list_model_get_n_items (G_LIST_MODEL (self->workers)),
    .enable_work_stealing = options->enable_work_stealing,
    .work_stealing_threshold = options->work_stealing_threshold,
    .max_spurious_wakeups = options->max_spurious_wakeups,
    .pin_workers = options->pin_workers,
    .max_failures = options->max_failures,
    .max_time_ns = options->max_time * NS_PER_SECOND,
    .elapsed_ns = self->earlier != NULL ? self->earlier->elapsed_ns : 0,
    .ring_capacity = RING_CAPACITY,
    .timestamps = options->timestamps || self->recorders->len > 0,
  };

  self->engine =
    dagsched_engine_new (self->view, &params, dagsched_scheduler_get_hooks (self->recorders->len > 0),
                         dagsched_scheduler_new_hooks_data (self));
  if (self->earlier != NULL)
    take_earlier (self);
  if (self->view->has_processes)
    {
      if (self->executor == NULL)
        self->executor = create_executor (options);
      dagsched_engine_set_executor (self->engine, dagsched_executor_get_funcs (self->executor),
                                    self->executor);
    }
}

static gboolean
begin_recorders (DagschedScheduler *self, GError **error)
{
  for (guint i = 0; i < self->recorders->len; i++)
    {
      const DagschedRecorder *recorder = &g_array_index (self->recorders, DagschedRecorder, i);

      if (!recorder->funcs->begin (recorder->data, self, error))
        return FALSE;
      self->n_begun++;
    }

  return TRUE;
}

static gboolean
start (DagschedScheduler *self, GError **error)
{
  if (!dagsched_scheduler_prepare (self, error))
    return FALSE;
  if (!dagsched_graph_acquire (self->graph, error))
    return FALSE;
  self->acquired = TRUE;

  self->notifier = dagsched_notifier_new (
    self->context, dagsched_options_get_view (self->options)->notification_batch_window,
    dagsched_scheduler_on_events, self, error);
  if (self->notifier == NULL)
    return FALSE;

  self->started_at = g_get_real_time ();
  if (self->earlier != NULL)
    self->started_at -= self->earlier->elapsed_ns / 1000;
  dagsched_scheduler_reset_model (self);
  create_engine (self);
  if (!begin_recorders (self, error))
    return FALSE;

  if (self->early_closing != DAGSCHED_CLOSING_NO)
    dagsched_engine_cancel (self->engine, self->early_closing, CANCELLED_REASON);
  return dagsched_engine_start (self->engine, error);
}

static void
release (DagschedScheduler *self)
{
  if (self->engine != NULL)
    dagsched_engine_close (self->engine);
  if (self->acquired)
    dagsched_graph_release (self->graph);
  self->acquired = FALSE;
  if (self->cancel_source != NULL)
    g_source_destroy (self->cancel_source);
  g_clear_pointer (&self->cancel_source, g_source_unref);
}

static void
end_recorders (DagschedScheduler *self)
{
  for (guint i = 0; i < self->n_begun; i++)
    {
      const DagschedRecorder *recorder = &g_array_index (self->recorders, DagschedRecorder, i);

      recorder->funcs->end (recorder->data, self->verdict, self->problem, 0);
    }
}

/* The run could not be started: nothing ran. */
static void
give_up (DagschedScheduler *self, GError *error)
{
  g_autoptr (GTask) task = g_steal_pointer (&self->task);

  release (self);
  self->verdict = DAGSCHED_VERDICT_INCOMPLETE;
  self->problem = g_strdup (error->message);
  end_recorders (self);
  dagsched_run_notify_progress (DAGSCHED_RUN (self), &self->seen);
  g_task_return_error (task, error);
}

/* The last outcome stands, and the model shows it. */
void
dagsched_scheduler_end (DagschedScheduler *self)
{
  g_autoptr (GTask) task = g_steal_pointer (&self->task);
  const GError *error = NULL;
  const char *stall;

  if (task == NULL)
    return;

  release (self);
  self->verdict = dagsched_scheduler_judge (self);
  self->problem = g_strdup (dagsched_engine_get_problem (self->engine, &error));
  dagsched_run_notify_progress (DAGSCHED_RUN (self), &self->seen);
  stall = dagsched_engine_get_stall (self->engine);
  if (stall != NULL)
    dagsched_run_emit_stalled (DAGSCHED_RUN (self), stall);
  dagsched_run_emit_finished (DAGSCHED_RUN (self));

  if (error != NULL)
    g_task_return_error (task, g_error_copy (error));
  else if (!g_task_return_error_if_cancelled (task))
    g_task_return_boolean (task, TRUE);
}

static gboolean
on_cancelled (GCancellable *cancellable, gpointer data)
{
  dagsched_run_cancel (data, FALSE);
  return G_SOURCE_REMOVE;
}

static void
watch_cancellable (DagschedScheduler *self, GCancellable *cancellable)
{
  if (cancellable == NULL)
    return;

  self->cancel_source = g_cancellable_source_new (cancellable);
  g_source_set_callback (self->cancel_source, G_SOURCE_FUNC (on_cancelled), self, NULL);
  g_source_attach (self->cancel_source, self->context);
}

/**
 * dagsched_scheduler_run_async:
 * @self: a scheduler that has not run yet
 * @cancellable: (nullable): cancels the run as [method@Run.cancel] does
 * @callback: (scope async) (closure user_data): called when the run has ended
 * @user_data: data for @callback
 *
 * Starts the run, and returns. From here on the run is shown in the thread-default main context of
 * the caller, and nowhere else: signals, properties, list models, @callback.
 *
 * The run goes on and ends, and its log is complete, even if that context is never iterated.
 *
 * Since: 1.0
 */
void
dagsched_scheduler_run_async (DagschedScheduler *self,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  GError *error = NULL;

  g_return_if_fail (DAGSCHED_IS_SCHEDULER (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, dagsched_scheduler_run_async);
  if (self->started)
    {
      g_task_return_new_error (task, DAGSCHED_ERROR, DAGSCHED_ERROR_BUSY,
                               "a scheduler runs once: create another to run the graph again");
      return;
    }
  if (g_task_return_error_if_cancelled (task))
    return;

  self->started = TRUE;
  self->context = g_main_context_ref_thread_default ();
  if (self->host_context == NULL)
    self->host_context = g_main_context_ref (self->context);
  self->task = g_steal_pointer (&task);
  watch_cancellable (self, cancellable);
  if (!start (self, &error))
    give_up (self, error);
}

/**
 * dagsched_scheduler_run_finish:
 * @self: a scheduler
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Tells whether the run went to its end. What it came to is its verdict
 * ([method@Run.get_verdict]): a run whose tests failed is complete all the same.
 *
 * Fails with %DAGSCHED_ERROR_STALLED, %DAGSCHED_ERROR_EXECUTOR or %DAGSCHED_ERROR_LOG when it could
 * not be completed, with %G_IO_ERROR_CANCELLED, with %DAGSCHED_ERROR_BUSY when the graph takes part in
 * another run, and as [method@Scheduler.prepare] does.
 *
 * Returns: whether the run is complete
 *
 * Since: 1.0
 */
gboolean
dagsched_scheduler_run_finish (DagschedScheduler *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (DAGSCHED_IS_SCHEDULER (self), FALSE);
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
take_result (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GAsyncResult **taken = user_data;

  *taken = g_object_ref (result);
}

/**
 * dagsched_scheduler_run:
 * @self: a scheduler that has not run yet
 * @cancellable: (nullable): cancels the run as [method@Run.cancel] does
 * @error: return location for an error
 *
 * Runs the graph, and returns when the run has ended. Signals are emitted meanwhile, in this thread,
 * out of a main context of the run's own: other sources of the caller's context don't run inside.
 *
 * Fails as [method@Scheduler.run_finish] does.
 *
 * Returns: whether the run is complete
 *
 * Since: 1.0
 */
gboolean
dagsched_scheduler_run (DagschedScheduler *self, GCancellable *cancellable, GError **error)
{
  g_autoptr (GMainContext) context = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  gboolean complete;

  g_return_val_if_fail (DAGSCHED_IS_SCHEDULER (self), FALSE);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), FALSE);

  if (!self->started)
    {
      g_clear_pointer (&self->host_context, g_main_context_unref);
      self->host_context = g_main_context_ref_thread_default ();
    }
  context = g_main_context_new ();
  g_main_context_push_thread_default (context);
  dagsched_scheduler_run_async (self, cancellable, take_result, &result);
  while (result == NULL)
    g_main_context_iteration (context, TRUE);
  complete = dagsched_scheduler_run_finish (self, result, error);
  g_main_context_pop_thread_default (context);

  return complete;
}

void
dagsched_scheduler_cancel (DagschedRun *run, gboolean kill)
{
  DagschedScheduler *self = DAGSCHED_SCHEDULER (run);
  DagschedClosing closing = kill ? DAGSCHED_CLOSING_KILL : DAGSCHED_CLOSING_STOP;
  gboolean was_paused = dagsched_run_get_paused (run);

  if (self->task == NULL)
    return;

  if (self->engine == NULL)
    self->early_closing = MAX (self->early_closing, closing);
  else
    dagsched_engine_cancel (self->engine, closing, CANCELLED_REASON);
  if (was_paused)
    dagsched_run_notify_progress (run, &self->seen);
}

/**
 * dagsched_scheduler_pause:
 * @self: a scheduler
 *
 * Has the run stand still until [method@Scheduler.resume]. No test starts. Processes of tests, and those that fixtures
 * keep, are stopped (`SIGSTOP`), whatever session they are in. What counts time stands: time-outs and grace, delays of
 * retries, the limit of the whole run, the time of the run and with it the durations of attempts. Nothing wakes.
 *
 * Functions of this process can't be stopped: those that are running run to their end, and no other starts.
 *
 * It returns at once: the processes stop a moment later. What ended just then is told of when the run goes on.
 * Cancelling a paused run resumes it. If the run is not going on, or paused already, nothing happens. Model thread.
 *
 * Since: 1.0
 */
void
dagsched_scheduler_pause (DagschedScheduler *self)
{
  g_return_if_fail (DAGSCHED_IS_SCHEDULER (self));

  if (self->task == NULL || self->engine == NULL || !dagsched_engine_pause (self->engine))
    return;

  dagsched_run_notify_progress (DAGSCHED_RUN (self), &self->seen);
}

/**
 * dagsched_scheduler_resume:
 * @self: a scheduler
 *
 * Has a paused run go on. Processes continue (`SIGCONT`), but for those that were found stopped when the run was paused:
 * somebody else had stopped them. (One that stops itself at the very moment can't be told from the others.) If the run is
 * not paused, nothing happens. Model thread.
 *
 * Since: 1.0
 */
void
dagsched_scheduler_resume (DagschedScheduler *self)
{
  g_return_if_fail (DAGSCHED_IS_SCHEDULER (self));

  if (self->task == NULL || self->engine == NULL || !dagsched_engine_resume (self->engine))
    return;

  dagsched_run_notify_progress (DAGSCHED_RUN (self), &self->seen);
}

void
dagsched_scheduler_add_recorder (DagschedScheduler *scheduler,
                                 const DagschedRecorderFuncs *funcs,
                                 gpointer self)
{
  DagschedRecorder recorder = { .funcs = funcs, .data = self };

  g_return_if_fail (!scheduler->started);

  g_array_append_val (scheduler->recorders, recorder);
}
