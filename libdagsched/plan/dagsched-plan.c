/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plan/dagsched-plan.h"

#include "base/dagsched-large-private.h"
#include "model/dagsched-test-private.h"
#include "plan/dagsched-compiler-private.h"
#include "plan/dagsched-selection-private.h"

/**
 * DagschedPlan:
 *
 * A graph compiled for one run: which of its tests, in which order.
 *
 * A plan never changes. It is a [iface@Gio.ListModel] of its tests: those of the graph that were
 * selected, in the graph's order, then, where tests are repeated, each further repetition of them.
 *
 * Since: 1.0
 */
struct _DagschedPlan
{
  GObject parent_instance;

  /* read-only after compilation */
  DagschedGraph *graph;
  guint32 n_selected; /* tests of the graph; the others are copies */
  DagschedPlanView view;
  DagschedPlanTimes times;
  char **warnings;
};

static GType
dagsched_plan_get_item_type (GListModel *model)
{
  return DAGSCHED_TYPE_TEST;
}

static guint
dagsched_plan_get_n_items (GListModel *model)
{
  return DAGSCHED_PLAN (model)->view.n_tests;
}

static gpointer
dagsched_plan_get_item (GListModel *model, guint position)
{
  DagschedPlan *self = DAGSCHED_PLAN (model);

  return position < self->view.n_tests ? g_object_ref (self->view.tests[position]) : NULL;
}

static void
list_model_iface_init (GListModelInterface *iface)
{
  iface->get_item_type = dagsched_plan_get_item_type;
  iface->get_n_items = dagsched_plan_get_n_items;
  iface->get_item = dagsched_plan_get_item;
}

enum
{
  PROP_0,
  PROP_GRAPH,
  PROP_CRITICAL_PATH,
  PROP_TOTAL_WORK,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE_WITH_CODE (DagschedPlan,
                               dagsched_plan,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_iface_init))

static void
view_clear (DagschedPlanView *view)
{
  dagsched_large_free (view->tests);
  dagsched_large_free (view->first_dependent);
  dagsched_large_free (view->dependents);
  g_free (view->first_dependency);
  g_free (view->dependencies);
  g_free (view->rank);
  g_free (view->order);
  g_free (view->profile);
  g_free (view->profiles);
  g_free (view->demands);
  g_free (view->memberships);
  g_free (view->functions);
  dagsched_large_free (view->function);
  dagsched_large_free (view->user_data);
  g_free (view->capacities);
  g_free (view->resource_names);
  g_free (view->cleanup_of);
  g_free (view->first_fixture);
  g_free (view->fixtures);
  g_free (view->n_holders);
  g_free (view->first_held);
  g_free (view->held);
}

static void
dagsched_plan_finalize (GObject *object)
{
  DagschedPlan *self = DAGSCHED_PLAN (object);

  /* The graph's own tests are the graph's to clear. */
  for (guint32 i = self->n_selected; i < self->view.n_tests; i++)
    dagsched_test_forget_blocked_by (self->view.tests[i]);
  for (guint32 i = 0; i < self->view.n_tests; i++)
    g_object_unref (self->view.tests[i]);
  view_clear (&self->view);
  g_clear_pointer (&self->warnings, g_strfreev);
  g_clear_pointer (&self->times.path, g_free);
  g_clear_object (&self->graph);

  G_OBJECT_CLASS (dagsched_plan_parent_class)->finalize (object);
}

static void
dagsched_plan_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  DagschedPlan *self = DAGSCHED_PLAN (object);

  switch (prop_id)
    {
    case PROP_GRAPH:
      g_value_set_object (value, self->graph);
      break;
    case PROP_CRITICAL_PATH:
      g_value_set_double (value, self->times.critical_path);
      break;
    case PROP_TOTAL_WORK:
      g_value_set_double (value, self->times.total_work);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
dagsched_plan_class_init (DagschedPlanClass *klass)
{
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = dagsched_plan_finalize;
  object_class->get_property = dagsched_plan_get_property;

  /**
   * DagschedPlan:graph:
   *
   * The graph that the plan was compiled from.
   *
   * Since: 1.0
   */
  properties[PROP_GRAPH] = g_param_spec_object ("graph", NULL, NULL, DAGSCHED_TYPE_GRAPH, flags);

  /**
   * DagschedPlan:critical-path:
   *
   * The expected duration of the longest chain of dependencies, in seconds: no run can be shorter. A
   * test of which nothing is known counts as one second.
   *
   * Since: 1.0
   */
  properties[PROP_CRITICAL_PATH] =
    g_param_spec_double ("critical-path", NULL, NULL, 0, G_MAXDOUBLE, 0, flags);

  /**
   * DagschedPlan:total-work:
   *
   * The expected durations of all tests, in seconds. A test of which nothing is known counts as one
   * second.
   *
   * Since: 1.0
   */
  properties[PROP_TOTAL_WORK] = g_param_spec_double ("total-work", NULL, NULL, 0, G_MAXDOUBLE, 0, flags);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
dagsched_plan_init (DagschedPlan *self)
{
}

static gboolean
compile (DagschedPlan *self, DagschedCompiler *compiler, GError **error)
{
  if (!dagsched_compiler_select (compiler, error))
    return FALSE;
  self->n_selected = compiler->n_selected;

  if (!dagsched_compiler_collect_edges (compiler, error) || !dagsched_compiler_emit_tests (compiler, error) ||
      !dagsched_compiler_emit_edges (compiler, error) || !dagsched_compiler_emit_fixtures (compiler, error) ||
      !dagsched_compiler_emit_profiles (compiler, error))
    return FALSE;

  dagsched_compiler_emit_functions (compiler);
  dagsched_compiler_emit_order (compiler, &self->times);

  return TRUE;
}

DagschedPlan *
dagsched_plan_compile (DagschedGraph *graph,
                       DagschedSelection *selection,
                       const DagschedPlanParams *params,
                       GError **error)
{
  g_autoptr (DagschedPlan) self = NULL;
  DagschedCompiler compiler = { .graph = graph, .selection = selection, .params = params };
  gboolean compiled;

  g_assert (params->repeat >= 1);

  if (!dagsched_graph_validate (graph, error))
    return NULL;

  self = g_object_new (DAGSCHED_TYPE_PLAN, NULL);
  self->graph = g_object_ref (graph);
  self->warnings =
    selection != NULL ? dagsched_selection_list_unmatched (selection, graph) : g_new0 (char *, 1);
  compiler.view = &self->view;
  compiled = compile (self, &compiler, error);
  dagsched_compiler_clear (&compiler);

  return compiled ? g_steal_pointer (&self) : NULL;
}

/**
 * dagsched_plan_new:
 * @graph: a graph
 * @selection: (nullable): which of its tests; %NULL for all
 * @error: return location for an error
 *
 * Compiles a graph, as a run without options would.
 *
 * Errors: those of [method@Dagsched.Graph.validate]; %DAGSCHED_ERROR_FAILED if the class of a test says
 * nothing of how it is carried out; %DAGSCHED_ERROR_OPTION if there are more dependencies than a run can
 * have. That nothing is selected is not an error.
 *
 * Returns: (transfer full): the plan
 *
 * Since: 1.0
 */
DagschedPlan *
dagsched_plan_new (DagschedGraph *graph, DagschedSelection *selection, GError **error)
{
  const DagschedPlanParams params = DAGSCHED_PLAN_PARAMS_INIT;

  g_return_val_if_fail (DAGSCHED_IS_GRAPH (graph), NULL);
  g_return_val_if_fail (selection == NULL || DAGSCHED_IS_SELECTION (selection), NULL);

  return dagsched_plan_compile (graph, selection, &params, error);
}

/**
 * dagsched_plan_get_graph:
 * @self: a plan
 *
 * Gets [property@Dagsched.Plan:graph].
 *
 * Returns: (transfer none): the graph
 *
 * Since: 1.0
 */
DagschedGraph *
dagsched_plan_get_graph (DagschedPlan *self)
{
  g_return_val_if_fail (DAGSCHED_IS_PLAN (self), NULL);

  return self->graph;
}

/**
 * dagsched_plan_get_critical_path:
 * @self: a plan
 *
 * Gets [property@Dagsched.Plan:critical-path]. May be called from any thread.
 *
 * Returns: seconds
 *
 * Since: 1.0
 */
double
dagsched_plan_get_critical_path (DagschedPlan *self)
{
  g_return_val_if_fail (DAGSCHED_IS_PLAN (self), 0);

  return self->times.critical_path;
}

/**
 * dagsched_plan_list_critical_path:
 * @self: a plan
 *
 * Lists the tests of the critical path: the longest one, by expected durations, in which each test is a
 * dependent of the one before it. No number of workers makes the run shorter. May be called from any
 * thread.
 *
 * Returns: (transfer container) (element-type DagschedTest): the tests, in the order in which they run
 *
 * Since: 1.0
 */
GPtrArray *
dagsched_plan_list_critical_path (DagschedPlan *self)
{
  GPtrArray *tests;

  g_return_val_if_fail (DAGSCHED_IS_PLAN (self), NULL);

  tests = g_ptr_array_sized_new (self->times.n_path);
  for (guint32 i = 0; i < self->times.n_path; i++)
    g_ptr_array_add (tests, self->view.tests[self->times.path[i]]);

  return tests;
}

/**
 * dagsched_plan_get_total_work:
 * @self: a plan
 *
 * Gets [property@Dagsched.Plan:total-work]. May be called from any thread.
 *
 * Returns: seconds
 *
 * Since: 1.0
 */
double
dagsched_plan_get_total_work (DagschedPlan *self)
{
  g_return_val_if_fail (DAGSCHED_IS_PLAN (self), 0);

  return self->times.total_work;
}

const DagschedPlanView *
dagsched_plan_get_view (DagschedPlan *self)
{
  return &self->view;
}

/* The selected tests stand in the graph's order, and copies know the number of their original: a
 * binary search needs no index of a million entries. */
gboolean
dagsched_plan_lookup (DagschedPlan *self, DagschedTest *test, guint32 *number)
{
  guint32 wanted = dagsched_test_get_number (test);
  guint repetition = dagsched_test_get_repetition (test);
  guint32 low = 0, high = self->n_selected;
  guint64 found;

  while (low < high)
    {
      guint32 middle = low + (high - low) / 2;

      if (dagsched_test_get_number (self->view.tests[middle]) < wanted)
        low = middle + 1;
      else
        high = middle;
    }

  found = low + (guint64) self->n_selected * (repetition > 1 ? repetition - 1 : 0);
  if (found >= self->view.n_tests || self->view.tests[found] != test)
    return FALSE;

  *number = found;

  return TRUE;
}

/**
 * dagsched_plan_get_warnings:
 * @self: a plan
 *
 * Gets messages about what was selected: filters, excludes and suites that matched no test, with
 * suggestions. May be called from any thread.
 *
 * Returns: (transfer none) (array zero-terminated=1): the messages
 *
 * Since: 1.0
 */
const char *const *
dagsched_plan_get_warnings (DagschedPlan *self)
{
  return (const char *const *) self->warnings;
}

gboolean
dagsched_plan_has_durations (DagschedPlan *self)
{
  return self->times.has_durations;
}
