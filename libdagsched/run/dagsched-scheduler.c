/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/dagsched-enum-types.h"
#include "base/dagsched-error.h"
#include "executor/dagsched-agent-executor-private.h"
#include "model/dagsched-graph-private.h"
#include "run/dagsched-scheduler-private.h"
#include "run/dagsched-stats-private.h"

/**
 * DagschedScheduler:
 *
 * Runs a graph, once.
 *
 * A scheduler compiles its graph into a plan, carries the plan out on workers, and shows the run as
 * it goes: it is a [iface@Run]. Everything that can be seen of it, its signals included, belongs to
 * one thread: the one that calls [method@Scheduler.run_async] or [method@Scheduler.run].
 *
 * Since: 1.0
 */

/* Events that each thread may be ahead of the model. */
#define RING_CAPACITY 4096

#define MAX_WORKERS 4096

enum
{
  PROP_0,
  PROP_GRAPH,
  PROP_OPTIONS,
  PROP_PLAN,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

static void dagsched_scheduler_run_init (DagschedRunInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (DagschedScheduler,
                               dagsched_scheduler,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (DAGSCHED_TYPE_RUN, dagsched_scheduler_run_init))

/* The interface. */

static GListModel *
get_tests (DagschedRun *run)
{
  return G_LIST_MODEL (DAGSCHED_SCHEDULER (run)->plan);
}

static GListModel *
get_workers (DagschedRun *run)
{
  return G_LIST_MODEL (DAGSCHED_SCHEDULER (run)->workers);
}

static const char *
get_name (DagschedRun *run)
{
  return dagsched_graph_get_name (DAGSCHED_SCHEDULER (run)->graph);
}

static gint64
get_started_at (DagschedRun *run)
{
  return DAGSCHED_SCHEDULER (run)->started_at;
}

static double
get_elapsed (DagschedRun *run)
{
  DagschedScheduler *self = DAGSCHED_SCHEDULER (run);

  return self->engine != NULL ? dagsched_engine_get_elapsed_ns (self->engine) / 1e9 : 0;
}

static guint
get_n_in_state (DagschedRun *run, DagschedState state)
{
  return DAGSCHED_SCHEDULER (run)->n_in_state[state];
}

static guint
get_n_with_outcome (DagschedRun *run, DagschedOutcome outcome)
{
  return DAGSCHED_SCHEDULER (run)->n_with_outcome[outcome];
}

static DagschedVerdict
get_verdict (DagschedRun *run)
{
  return DAGSCHED_SCHEDULER (run)->verdict;
}

static const char *
get_problem (DagschedRun *run)
{
  return DAGSCHED_SCHEDULER (run)->problem;
}

static void
dagsched_scheduler_run_init (DagschedRunInterface *iface)
{
  iface->get_tests = get_tests;
  iface->get_workers = get_workers;
  iface->dup_attempts = dagsched_scheduler_dup_attempts;
  iface->get_name = get_name;
  iface->get_started_at = get_started_at;
  iface->get_elapsed = get_elapsed;
  iface->get_n_in_state = get_n_in_state;
  iface->get_n_with_outcome = get_n_with_outcome;
  iface->get_verdict = get_verdict;
  iface->get_problem = get_problem;
}

/* The object. */

static void
dagsched_scheduler_dispose (GObject *object)
{
  DagschedScheduler *self = DAGSCHED_SCHEDULER (object);

  if (self->cancel_source != NULL)
    g_source_destroy (self->cancel_source);
  g_clear_pointer (&self->cancel_source, g_source_unref);
  g_clear_pointer (&self->notifier, dagsched_notifier_free);
  g_clear_pointer (&self->engine, dagsched_engine_unref);
  if (self->acquired)
    dagsched_graph_release (self->graph);
  self->acquired = FALSE;

  G_OBJECT_CLASS (dagsched_scheduler_parent_class)->dispose (object);
}

static void
dagsched_scheduler_finalize (GObject *object)
{
  DagschedScheduler *self = DAGSCHED_SCHEDULER (object);

  g_clear_object (&self->executor);
  g_clear_object (&self->plan);
  g_clear_object (&self->workers);
  g_clear_object (&self->options);
  g_clear_object (&self->graph);
  g_clear_pointer (&self->recorders, g_array_unref);
  g_clear_pointer (&self->samples, g_array_unref);
  g_clear_pointer (&self->context, g_main_context_unref);
  g_clear_pointer (&self->host_context, g_main_context_unref);
  g_clear_error (&self->error);
  g_free (self->problem);

  G_OBJECT_CLASS (dagsched_scheduler_parent_class)->finalize (object);
}

static void
dagsched_scheduler_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  DagschedScheduler *self = DAGSCHED_SCHEDULER (object);

  switch (prop_id)
    {
    case PROP_GRAPH:
      g_value_set_object (value, self->graph);
      break;
    case PROP_OPTIONS:
      g_value_set_object (value, self->options);
      break;
    case PROP_PLAN:
      g_value_set_object (value, self->plan);
      break;
    default:
      if (!dagsched_run_get_interface_property (DAGSCHED_RUN (self), N_PROPS, prop_id, value))
        G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
dagsched_scheduler_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  DagschedScheduler *self = DAGSCHED_SCHEDULER (object);

  switch (prop_id)
    {
    case PROP_GRAPH:
      self->graph = g_value_dup_object (value);
      break;
    case PROP_OPTIONS:
      self->options = g_value_dup_object (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
dagsched_scheduler_constructed (GObject *object)
{
  DagschedScheduler *self = DAGSCHED_SCHEDULER (object);

  if (self->options == NULL)
    self->options = dagsched_options_new ();
  if (self->graph == NULL)
    self->graph = dagsched_graph_new (NULL);

  G_OBJECT_CLASS (dagsched_scheduler_parent_class)->constructed (object);
}

static void
dagsched_scheduler_class_init (DagschedSchedulerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->constructed = dagsched_scheduler_constructed;
  object_class->dispose = dagsched_scheduler_dispose;
  object_class->finalize = dagsched_scheduler_finalize;
  object_class->get_property = dagsched_scheduler_get_property;
  object_class->set_property = dagsched_scheduler_set_property;

  /**
   * DagschedScheduler:graph:
   *
   * What is run.
   *
   * Since: 1.0
   */
  properties[PROP_GRAPH] = g_param_spec_object ("graph", NULL, NULL, DAGSCHED_TYPE_GRAPH,
                                                flags | G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY);
  /**
   * DagschedScheduler:options:
   *
   * How it is run.
   *
   * Since: 1.0
   */
  properties[PROP_OPTIONS] = g_param_spec_object ("options", NULL, NULL, DAGSCHED_TYPE_OPTIONS,
                                                  flags | G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY);
  /**
   * DagschedScheduler:plan:
   *
   * The compiled graph; %NULL until the scheduler is prepared.
   *
   * Since: 1.0
   */
  properties[PROP_PLAN] =
    g_param_spec_object ("plan", NULL, NULL, DAGSCHED_TYPE_PLAN, flags | G_PARAM_READABLE);

  g_object_class_install_properties (object_class, N_PROPS, properties);
  dagsched_run_override_properties (object_class, N_PROPS);
}

static void
dagsched_scheduler_init (DagschedScheduler *self)
{
  self->recorders = g_array_new (FALSE, FALSE, sizeof (DagschedRecorder));
  self->workers = g_list_store_new (DAGSCHED_TYPE_WORKER);
}

/**
 * dagsched_scheduler_new:
 * @graph: what to run
 * @options: (nullable): how to run it; %NULL: the defaults
 *
 * Creates a scheduler for one run of a graph.
 *
 * Returns: (transfer full): a new scheduler
 *
 * Since: 1.0
 */
DagschedScheduler *
dagsched_scheduler_new (DagschedGraph *graph, DagschedOptions *options)
{
  g_return_val_if_fail (DAGSCHED_IS_GRAPH (graph), NULL);
  g_return_val_if_fail (options == NULL || DAGSCHED_IS_OPTIONS (options), NULL);

  return g_object_new (DAGSCHED_TYPE_SCHEDULER, "graph", graph, "options", options, NULL);
}

/**
 * dagsched_scheduler_get_graph:
 * @self: a scheduler
 *
 * Gets what is run.
 *
 * Returns: (transfer none): the graph
 *
 * Since: 1.0
 */
DagschedGraph *
dagsched_scheduler_get_graph (DagschedScheduler *self)
{
  g_return_val_if_fail (DAGSCHED_IS_SCHEDULER (self), NULL);

  return self->graph;
}

/**
 * dagsched_scheduler_get_options:
 * @self: a scheduler
 *
 * Gets how the graph is run. Options are read when the scheduler is prepared; later changes have no
 * effect on its run.
 *
 * Returns: (transfer none): the options
 *
 * Since: 1.0
 */
DagschedOptions *
dagsched_scheduler_get_options (DagschedScheduler *self)
{
  g_return_val_if_fail (DAGSCHED_IS_SCHEDULER (self), NULL);

  return self->options;
}

/**
 * dagsched_scheduler_get_plan:
 * @self: a scheduler
 *
 * Gets the compiled graph.
 *
 * Returns: (transfer none) (nullable): the plan, or %NULL before [method@Scheduler.prepare]
 *
 * Since: 1.0
 */
DagschedPlan *
dagsched_scheduler_get_plan (DagschedScheduler *self)
{
  g_return_val_if_fail (DAGSCHED_IS_SCHEDULER (self), NULL);

  return self->plan;
}

/**
 * dagsched_scheduler_get_stats:
 * @self: a scheduler
 *
 * Takes the engine's counters as they are now, without stopping anything.
 *
 * Returns: (transfer full): the counters
 *
 * Since: 1.0
 */
DagschedStats *
dagsched_scheduler_get_stats (DagschedScheduler *self)
{
  DagschedCounters counters = { 0 };

  g_return_val_if_fail (DAGSCHED_IS_SCHEDULER (self), NULL);

  if (self->engine != NULL)
    dagsched_engine_count (self->engine, &counters);

  return dagsched_stats_new (&counters);
}

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
  self->plan = dagsched_plan_compile (self->graph, options->selection, &params, error);
  if (self->plan == NULL)
    return FALSE;

  self->view = dagsched_plan_get_view (self->plan);
  for (guint i = 0; i < count_workers (self); i++)
    {
      g_autoptr (DagschedWorker) worker = dagsched_worker_new (i);

      g_list_store_append (self->workers, worker);
    }
  self->n_in_state[DAGSCHED_STATE_PENDING] = self->view->n_tests;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PLAN]);
  g_object_notify (G_OBJECT (self), "tests");
  return TRUE;
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
    .max_failures = options->max_failures,
    .max_time_ns = options->max_time * 1e9,
    .ring_capacity = RING_CAPACITY,
  };

  self->engine = dagsched_engine_new (self->view, &params, dagsched_scheduler_get_hooks (),
                                      dagsched_scheduler_new_hooks_data (self));
  if (self->view->has_processes)
    {
      self->executor = dagsched_agent_executor_new (&(DagschedAgentParams){
        .agent_path = options->agent_path,
        .wrapper = (const char *const *) options->wrapper,
        .artifacts_root = options->artifacts_dir,
        .output_limit = options->output_limit,
      });
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
  dagsched_scheduler_reset_model (self);
  create_engine (self);
  return begin_recorders (self, error) && dagsched_engine_start (self->engine, error);
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

/* The run could not be started: nothing ran. */
static void
give_up (DagschedScheduler *self, GError *error)
{
  g_autoptr (GTask) task = g_steal_pointer (&self->task);

  release (self);
  self->verdict = DAGSCHED_VERDICT_INCOMPLETE;
  self->problem = g_strdup (error->message);
  g_task_return_error (task, error);
}

/* The last outcome stands, and the model shows it. */
void
dagsched_scheduler_end (DagschedScheduler *self)
{
  g_autoptr (GTask) task = g_steal_pointer (&self->task);
  const GError *error = NULL;

  if (task == NULL)
    return;

  release (self);
  self->verdict = dagsched_scheduler_judge (self);
  self->problem = g_strdup (dagsched_engine_get_problem (self->engine, &error));
  dagsched_run_notify_progress (DAGSCHED_RUN (self), &self->seen);
  if (dagsched_engine_has_stalled (self->engine))
    dagsched_run_emit_stalled (DAGSCHED_RUN (self), self->problem);
  dagsched_run_emit_finished (DAGSCHED_RUN (self));

  if (error != NULL)
    g_task_return_error (task, g_error_copy (error));
  else if (!g_task_return_error_if_cancelled (task))
    g_task_return_boolean (task, TRUE);
}

static gboolean
on_cancelled (GCancellable *cancellable, gpointer data)
{
  dagsched_scheduler_cancel (data, FALSE);
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
 * @cancellable: (nullable): cancels the run as [method@Scheduler.cancel] does
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
 * @cancellable: (nullable): cancels the run as [method@Scheduler.cancel] does
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
    self->host_context = g_main_context_ref_thread_default ();
  context = g_main_context_new ();
  g_main_context_push_thread_default (context);
  dagsched_scheduler_run_async (self, cancellable, take_result, &result);
  while (result == NULL)
    g_main_context_iteration (context, TRUE);
  complete = dagsched_scheduler_run_finish (self, result, error);
  g_main_context_pop_thread_default (context);

  return complete;
}

/**
 * dagsched_scheduler_cancel:
 * @self: a scheduler
 * @kill: whether to end everything at once
 *
 * Ends the run early: no further test starts, what runs is stopped (its signal, its grace, then
 * SIGKILL; a function's cancellable fires), and every test gets its outcome. Cleanups of fixtures
 * that ran are still carried out. With @kill running processes and cleanups are killed at once.
 *
 * Does nothing before the run and after it. May be called again with @kill.
 *
 * Since: 1.0
 */
void
dagsched_scheduler_cancel (DagschedScheduler *self, gboolean kill)
{
  g_return_if_fail (DAGSCHED_IS_SCHEDULER (self));

  if (self->task == NULL || self->engine == NULL)
    return;

  dagsched_engine_cancel (self->engine, kill ? DAGSCHED_CLOSING_KILL : DAGSCHED_CLOSING_STOP,
                          "the run was cancelled");
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
