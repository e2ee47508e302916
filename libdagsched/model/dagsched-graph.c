/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/dagsched-graph.h"

#include "base/dagsched-error.h"
#include "model/dagsched-graph-struct-private.h"
#include "model/dagsched-test-private.h"

/**
 * DagschedGraph:
 *
 * Tests, the dependencies between them, and the resources that they share.
 *
 * A graph is a [iface@Gio.ListModel] of its tests, in the order in which they were added. It
 * belongs to one thread, and can't be changed while it takes part in a run.
 *
 * Since: 1.0
 */

enum
{
  PROP_0,
  PROP_NAME,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static GType
dagsched_graph_get_item_type (GListModel *model)
{
  return DAGSCHED_TYPE_TEST;
}

static guint
dagsched_graph_get_n_items (GListModel *model)
{
  return DAGSCHED_GRAPH (model)->nodes->len;
}

static gpointer
dagsched_graph_get_item (GListModel *model, guint position)
{
  DagschedGraph *self = DAGSCHED_GRAPH (model);

  if (position >= self->nodes->len)
    return NULL;

  return g_object_ref (dagsched_graph_peek_test (self, position));
}

static void
list_model_iface_init (GListModelInterface *iface)
{
  iface->get_item_type = dagsched_graph_get_item_type;
  iface->get_n_items = dagsched_graph_get_n_items;
  iface->get_item = dagsched_graph_get_item;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (DagschedGraph,
                               dagsched_graph,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_iface_init))

static void
clear_node (gpointer data)
{
  DagschedNode *node = data;

  dagsched_test_set_number (node->test, G_MAXUINT32);
  dagsched_test_forget_blocked_by (node->test);
  g_free (node->edges);
  g_object_unref (node->test);
}

static void
dagsched_graph_finalize (GObject *object)
{
  DagschedGraph *self = DAGSCHED_GRAPH (object);

  g_clear_pointer (&self->name, g_free);
  g_clear_pointer (&self->numbers, g_hash_table_unref);
  g_clear_pointer (&self->nodes, g_array_unref);
  g_clear_pointer (&self->unresolved, g_array_unref);
  g_clear_pointer (&self->resources_by_name, g_hash_table_unref);
  g_clear_object (&self->resources);

  G_OBJECT_CLASS (dagsched_graph_parent_class)->finalize (object);
}

static void
dagsched_graph_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_NAME:
      g_value_set_string (value, DAGSCHED_GRAPH (object)->name);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
dagsched_graph_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_NAME:
      dagsched_graph_set_name (DAGSCHED_GRAPH (object), g_value_get_string (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
dagsched_graph_class_init (DagschedGraphClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = dagsched_graph_finalize;
  object_class->get_property = dagsched_graph_get_property;
  object_class->set_property = dagsched_graph_set_property;

  /**
   * DagschedGraph:name:
   *
   * The name of the suite, or %NULL.
   *
   * Since: 1.0
   */
  properties[PROP_NAME] = g_param_spec_string (
    "name", NULL, NULL, NULL, G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
dagsched_graph_init (DagschedGraph *self)
{
  self->nodes = g_array_new (FALSE, FALSE, sizeof (DagschedNode));
  g_array_set_clear_func (self->nodes, clear_node);
  self->numbers = g_hash_table_new (g_str_hash, g_str_equal);
  self->unresolved = g_array_new (FALSE, FALSE, sizeof (DagschedUnresolved));
  g_array_set_clear_func (self->unresolved, dagsched_unresolved_clear);
  self->resources = g_list_store_new (DAGSCHED_TYPE_RESOURCE);
  self->resources_by_name = g_hash_table_new (g_str_hash, g_str_equal);
  self->items_changed = g_signal_lookup ("items-changed", G_TYPE_LIST_MODEL);
}

/**
 * dagsched_graph_new:
 * @name: (nullable): the name of the suite
 *
 * Creates an empty graph.
 *
 * Returns: (transfer full): the graph
 *
 * Since: 1.0
 */
DagschedGraph *
dagsched_graph_new (const char *name)
{
  return g_object_new (DAGSCHED_TYPE_GRAPH, "name", name, NULL);
}

/**
 * dagsched_graph_get_name:
 * @self: a graph
 *
 * Gets [property@Dagsched.Graph:name].
 *
 * Returns: (nullable) (transfer none): the name of the suite
 *
 * Since: 1.0
 */
const char *
dagsched_graph_get_name (DagschedGraph *self)
{
  g_return_val_if_fail (DAGSCHED_IS_GRAPH (self), NULL);

  return self->name;
}

/**
 * dagsched_graph_set_name:
 * @self: a graph
 * @name: (nullable): the name of the suite
 *
 * Sets [property@Dagsched.Graph:name].
 *
 * Since: 1.0
 */
void
dagsched_graph_set_name (DagschedGraph *self, const char *name)
{
  g_return_if_fail (DAGSCHED_IS_GRAPH (self));

  if (g_strcmp0 (self->name, name) == 0)
    return;

  g_free (self->name);
  self->name = g_strdup (name);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_NAME]);
}

static void
set_busy_error (DagschedGraph *self, GError **error)
{
  g_set_error (error, DAGSCHED_ERROR, DAGSCHED_ERROR_BUSY,
               "graph \"%s\" takes part in a run: change or run it when that has ended",
               self->name != NULL ? self->name : "");
}

gboolean
dagsched_graph_is_busy (DagschedGraph *self, GError **error)
{
  if (!g_atomic_int_get (&self->busy))
    return FALSE;

  set_busy_error (self, error);

  return TRUE;
}

static const char *
origin_of (DagschedTest *test)
{
  const char *origin = dagsched_test_get_origin (test);

  return origin != NULL ? origin : "an unknown place";
}

static void
set_duplicate_error (DagschedGraph *self, DagschedTest *test, guint number, GError **error)
{
  DagschedTest *other = dagsched_graph_peek_test (self, number);

  if (other == test)
    g_set_error (error, DAGSCHED_ERROR, DAGSCHED_ERROR_DUPLICATE_TEST,
                 "test \"%s\" was added to this graph already", dagsched_test_get_name (test));
  else if (dagsched_test_get_origin (test) == NULL && dagsched_test_get_origin (other) == NULL)
    g_set_error (error, DAGSCHED_ERROR, DAGSCHED_ERROR_DUPLICATE_TEST,
                 "a test named \"%s\" was added already: names must differ", dagsched_test_get_name (test));
  else
    g_set_error (error, DAGSCHED_ERROR, DAGSCHED_ERROR_DUPLICATE_TEST,
                 "%s: a test named \"%s\" was declared already, at %s: names must differ", origin_of (test),
                 dagsched_test_get_name (test), origin_of (other));
}

/**
 * dagsched_graph_add_test:
 * @self: a graph
 * @test: a test that is in no graph
 * @error: return location for an error
 *
 * Adds a test.
 *
 * Errors: %DAGSCHED_ERROR_DUPLICATE_TEST if a test of that name, or this one, was added already;
 * %DAGSCHED_ERROR_BUSY while the graph takes part in a run; %DAGSCHED_ERROR_FAILED if the test is in
 * another graph.
 *
 * Returns: whether it was added
 *
 * Since: 1.0
 */
gboolean
dagsched_graph_add_test (DagschedGraph *self, DagschedTest *test, GError **error)
{
  DagschedNode node = { .test = test };
  guint number;

  g_return_val_if_fail (DAGSCHED_IS_GRAPH (self), FALSE);
  g_return_val_if_fail (DAGSCHED_IS_TEST (test), FALSE);

  if (dagsched_graph_is_busy (self, error))
    return FALSE;

  if (dagsched_graph_lookup_number (self, dagsched_test_get_name (test), &number))
    {
      set_duplicate_error (self, test, number, error);
      return FALSE;
    }

  if (dagsched_test_get_number (test) != G_MAXUINT32)
    {
      g_set_error (error, DAGSCHED_ERROR, DAGSCHED_ERROR_FAILED,
                   "test \"%s\" is in another graph: a test can be in one only",
                   dagsched_test_get_name (test));
      return FALSE;
    }

  number = self->nodes->len;
  g_object_ref (test);
  dagsched_test_set_number (test, number);
  g_array_append_val (self->nodes, node);
  g_hash_table_insert (self->numbers, (gpointer) dagsched_test_get_name (test), GUINT_TO_POINTER (number));
  self->may_resolve = TRUE;

  if (g_signal_has_handler_pending (self, self->items_changed, 0, FALSE))
    g_list_model_items_changed (G_LIST_MODEL (self), number, 0, 1);

  return TRUE;
}

/**
 * dagsched_graph_lookup:
 * @self: a graph
 * @name: the name of a test
 *
 * Looks a test up by its name.
 *
 * Returns: (nullable) (transfer none): the test, or %NULL if there is none
 *
 * Since: 1.0
 */
DagschedTest *
dagsched_graph_lookup (DagschedGraph *self, const char *name)
{
  guint number;

  g_return_val_if_fail (DAGSCHED_IS_GRAPH (self), NULL);
  g_return_val_if_fail (name != NULL, NULL);

  return dagsched_graph_lookup_number (self, name, &number) ? dagsched_graph_peek_test (self, number) : NULL;
}

gboolean
dagsched_graph_number_of (DagschedGraph *self, DagschedTest *test, guint32 *number)
{
  *number = dagsched_test_get_number (test);

  return *number < self->nodes->len && dagsched_graph_peek_test (self, *number) == test;
}

/**
 * dagsched_graph_add_resource:
 * @self: a graph
 * @resource: a resource
 * @error: return location for an error
 *
 * Declares a resource that tests may require.
 *
 * Errors: %DAGSCHED_ERROR_RESOURCE if one of that name was declared already; %DAGSCHED_ERROR_BUSY
 * while the graph takes part in a run.
 *
 * Returns: whether it was added
 *
 * Since: 1.0
 */
gboolean
dagsched_graph_add_resource (DagschedGraph *self, DagschedResource *resource, GError **error)
{
  const char *name;

  g_return_val_if_fail (DAGSCHED_IS_GRAPH (self), FALSE);
  g_return_val_if_fail (DAGSCHED_IS_RESOURCE (resource), FALSE);

  if (dagsched_graph_is_busy (self, error))
    return FALSE;

  name = dagsched_resource_get_name (resource);
  if (g_hash_table_contains (self->resources_by_name, name))
    {
      g_set_error (error, DAGSCHED_ERROR, DAGSCHED_ERROR_RESOURCE,
                   "resource \"%s\" is declared twice: declare it once, with its whole capacity", name);
      return FALSE;
    }

  g_list_store_append (self->resources, resource);
  g_hash_table_insert (self->resources_by_name, (gpointer) name, resource);

  return TRUE;
}

/**
 * dagsched_graph_lookup_resource:
 * @self: a graph
 * @name: the name of a resource
 *
 * Looks a resource up by its name.
 *
 * Returns: (nullable) (transfer none): the resource, or %NULL if there is none
 *
 * Since: 1.0
 */
DagschedResource *
dagsched_graph_lookup_resource (DagschedGraph *self, const char *name)
{
  g_return_val_if_fail (DAGSCHED_IS_GRAPH (self), NULL);
  g_return_val_if_fail (name != NULL, NULL);

  return g_hash_table_lookup (self->resources_by_name, name);
}

/**
 * dagsched_graph_get_resources:
 * @self: a graph
 *
 * Gets the resources as a list model of [class@Dagsched.Resource]s, in the order in which they were
 * declared.
 *
 * Returns: (transfer none): the resources
 *
 * Since: 1.0
 */
GListModel *
dagsched_graph_get_resources (DagschedGraph *self)
{
  g_return_val_if_fail (DAGSCHED_IS_GRAPH (self), NULL);

  return G_LIST_MODEL (self->resources);
}

guint
dagsched_graph_get_n_tests (DagschedGraph *self)
{
  return self->nodes->len;
}

DagschedTest *
dagsched_graph_peek_test (DagschedGraph *self, guint number)
{
  g_assert (number < self->nodes->len);

  return g_array_index (self->nodes, DagschedNode, number).test;
}

gboolean
dagsched_graph_lookup_number (DagschedGraph *self, const char *name, guint *number)
{
  gpointer value;

  if (!g_hash_table_lookup_extended (self->numbers, name, NULL, &value))
    return FALSE;

  *number = GPOINTER_TO_UINT (value);

  return TRUE;
}

gboolean
dagsched_graph_acquire (DagschedGraph *self, GError **error)
{
  if (!g_atomic_int_compare_and_exchange (&self->busy, FALSE, TRUE))
    {
      set_busy_error (self, error);
      return FALSE;
    }

  return TRUE;
}

void
dagsched_graph_release (DagschedGraph *self)
{
  g_atomic_int_set (&self->busy, FALSE);
}
