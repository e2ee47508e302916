/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/dagsched-enum-types.h"
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
  DagschedScheduler *self = DAGSCHED_SCHEDULER (run);

  /* Until it starts nothing is counted. */
  if (self->shown == NULL)
    return state == DAGSCHED_STATE_PENDING && self->view != NULL ? self->view->n_tests : 0;

  return self->n_in_state[state];
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

static gboolean
get_paused (DagschedRun *run)
{
  DagschedScheduler *self = DAGSCHED_SCHEDULER (run);

  return self->task != NULL && self->engine != NULL && dagsched_engine_is_paused (self->engine);
}

static guint
find_test (DagschedRun *run, DagschedTest *test)
{
  DagschedScheduler *self = DAGSCHED_SCHEDULER (run);
  guint32 number;

  return self->plan != NULL && dagsched_plan_lookup (self->plan, test, &number) ? number
                                                                                : DAGSCHED_RUN_NO_TEST;
}

static guint
get_n_dependencies (DagschedRun *run, guint number)
{
  const DagschedPlanView *view = DAGSCHED_SCHEDULER (run)->view;

  g_return_val_if_fail (view != NULL && number < view->n_tests, 0);

  return view->first_dependency[number + 1] - view->first_dependency[number];
}

static guint
get_dependency (DagschedRun *run, guint number, guint index, DagschedCondition *condition)
{
  const DagschedPlanView *view = DAGSCHED_SCHEDULER (run)->view;
  guint32 packed;

  g_return_val_if_fail (index < get_n_dependencies (run, number), DAGSCHED_RUN_NO_TEST);

  packed = view->dependencies[view->first_dependency[number] + index];
  *condition = DAGSCHED_DEPENDENT_CONDITION (packed);
  return DAGSCHED_DEPENDENT_NUMBER (packed);
}

static void
load_output_async (DagschedRun *run,
                   DagschedTest *test,
                   GCancellable *cancellable,
                   GAsyncReadyCallback callback,
                   gpointer user_data)
{
  DagschedScheduler *self = DAGSCHED_SCHEDULER (run);
  g_autoptr (GTask) task = dagsched_run_load_output_task_new (run, cancellable, callback, user_data);
  DagschedOutputs *outputs = dagsched_outputs_new ();
  guint number = find_test (run, test);

  if (number != DAGSCHED_RUN_NO_TEST && self->engine != NULL)
    dagsched_engine_peek (self->engine, number, outputs);
  dagsched_run_load_output_return (task, outputs);
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
  iface->get_paused = get_paused;
  iface->find_test = find_test;
  iface->get_n_dependencies = get_n_dependencies;
  iface->get_dependency = get_dependency;
  iface->get_span = dagsched_scheduler_get_span;
  iface->cancel = dagsched_scheduler_cancel;
  iface->load_output_async = load_output_async;
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

  g_clear_pointer (&self->earlier, dagsched_earlier_free);
  g_clear_object (&self->executor);
  g_clear_object (&self->plan);
  g_clear_object (&self->workers);
  g_clear_object (&self->options);
  g_clear_object (&self->graph);
  g_clear_pointer (&self->recorders, g_array_unref);
  g_clear_pointer (&self->released, g_array_unref);
  g_free (self->shown_workers);
  g_array_unref (self->changed);
  g_free (self->shown);
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
  self->changed = g_array_new (FALSE, FALSE, sizeof (guint32));
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

static void
add_worker_times (DagschedScheduler *self, DagschedStats *stats, guint worker)
{
  DagschedWorkerTimes times = { 0 };
  DagschedLaneView lane;

  if (self->engine != NULL)
    {
      dagsched_engine_look_at_lane (self->engine, worker, &lane);
      times.busy_ns = lane.busy_ns;
      times.parked_ns = MAX (dagsched_engine_get_elapsed_ns (self->engine) - lane.busy_ns, 0);
    }
  dagsched_stats_add_worker (stats, &times);
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
  DagschedStats *stats;

  g_return_val_if_fail (DAGSCHED_IS_SCHEDULER (self), NULL);

  if (self->engine != NULL)
    dagsched_engine_count (self->engine, &counters);

  stats = dagsched_stats_new (&counters);
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->workers)); i++)
    add_worker_times (self, stats, i);
  return stats;
}
