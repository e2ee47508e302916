/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "source/dagsched-source.h"

/**
 * DagschedSource:
 *
 * Where a graph is read from.
 *
 * The library knows some types of source, which [ctor@Source.new_for_path] creates. A
 * program may derive others, for formats of its own.
 *
 * A source is used in one thread at a time.
 *
 * Since: 1.0
 */

typedef struct
{
  char *path;
  char *type_name;
} DagschedSourcePrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (DagschedSource, dagsched_source, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_PATH,
  PROP_TYPE_NAME,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
dagsched_source_finalize (GObject *object)
{
  DagschedSourcePrivate *priv = dagsched_source_get_instance_private (DAGSCHED_SOURCE (object));

  g_clear_pointer (&priv->path, g_free);
  g_clear_pointer (&priv->type_name, g_free);

  G_OBJECT_CLASS (dagsched_source_parent_class)->finalize (object);
}

static void
dagsched_source_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  DagschedSource *self = DAGSCHED_SOURCE (object);

  switch (prop_id)
    {
    case PROP_PATH:
      g_value_set_string (value, dagsched_source_get_path (self));
      break;
    case PROP_TYPE_NAME:
      g_value_set_string (value, dagsched_source_get_type_name (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
dagsched_source_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  DagschedSourcePrivate *priv = dagsched_source_get_instance_private (DAGSCHED_SOURCE (object));

  switch (prop_id)
    {
    case PROP_PATH:
      priv->path = g_value_dup_string (value);
      break;
    case PROP_TYPE_NAME:
      priv->type_name = g_value_dup_string (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
dagsched_source_class_init (DagschedSourceClass *klass)
{
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS;
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = dagsched_source_finalize;
  object_class->get_property = dagsched_source_get_property;
  object_class->set_property = dagsched_source_set_property;

  /**
   * DagschedSource:path:
   *
   * The file or directory that the source reads. %NULL: none, for derived types that need none.
   *
   * Since: 1.0
   */
  properties[PROP_PATH] = g_param_spec_string ("path", NULL, NULL, NULL, flags);

  /**
   * DagschedSource:type-name:
   *
   * What the type of the source is called, such as `manifest` or `meson`.
   *
   * Since: 1.0
   */
  properties[PROP_TYPE_NAME] = g_param_spec_string ("type-name", NULL, NULL, NULL, flags);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
dagsched_source_init (DagschedSource *self)
{
}

/**
 * dagsched_source_get_path:
 * @self: a source
 *
 * Gets [property@Dagsched.Source:path].
 *
 * Returns: (nullable) (transfer none) (type filename): the path
 *
 * Since: 1.0
 */
const char *
dagsched_source_get_path (DagschedSource *self)
{
  DagschedSourcePrivate *priv = dagsched_source_get_instance_private (self);

  g_return_val_if_fail (DAGSCHED_IS_SOURCE (self), NULL);

  return priv->path;
}

/**
 * dagsched_source_get_type_name:
 * @self: a source
 *
 * Gets [property@Dagsched.Source:type-name].
 *
 * Returns: (nullable) (transfer none): the name
 *
 * Since: 1.0
 */
const char *
dagsched_source_get_type_name (DagschedSource *self)
{
  DagschedSourcePrivate *priv = dagsched_source_get_instance_private (self);

  g_return_val_if_fail (DAGSCHED_IS_SOURCE (self), NULL);

  return priv->type_name;
}

/**
 * dagsched_source_load:
 * @self: a source
 * @graph: the graph to add to
 * @error: return location for an error
 *
 * Reads the source, and adds its tests, dependencies and resources to @graph. If @graph has no name
 * yet, the source gives it one. Dependencies on tests that are not there are left to
 * [method@Dagsched.Graph.validate], because another source may add them.
 *
 * On an error @graph may hold a part of the tests: it is of no further use.
 *
 * Errors: %DAGSCHED_ERROR_NOT_FOUND if a file or program is not there; %DAGSCHED_ERROR_PARSE if a file is not
 * what it should be, with one line for each thing that is wrong; %DAGSCHED_ERROR_DUPLICATE_TEST,
 * %DAGSCHED_ERROR_RESOURCE, %DAGSCHED_ERROR_BUSY.
 *
 * Returns: whether it was read
 *
 * Since: 1.0
 */
gboolean
dagsched_source_load (DagschedSource *self, DagschedGraph *graph, GError **error)
{
  g_return_val_if_fail (DAGSCHED_IS_SOURCE (self), FALSE);
  g_return_val_if_fail (DAGSCHED_IS_GRAPH (graph), FALSE);
  g_return_val_if_fail (DAGSCHED_SOURCE_GET_CLASS (self)->load != NULL, FALSE);

  return DAGSCHED_SOURCE_GET_CLASS (self)->load (self, graph, error);
}

/**
 * dagsched_source_rebuild:
 * @self: a source
 * @tests: (transfer none): a [iface@Gio.ListModel] of [class@Dagsched.Test], of this source or others
 * @error: return location for an error
 *
 * Builds what those of @tests need that this source has loaded. What the build prints goes to standard
 * error. Sources of types that build nothing do nothing. It can change which tests there are: load
 * the source again, into a new graph.
 *
 * Errors: %DAGSCHED_ERROR_NOT_FOUND if the program that builds is not there; %DAGSCHED_ERROR_FAILED if the
 * build fails.
 *
 * Returns: whether everything is built
 *
 * Since: 1.0
 */
gboolean
dagsched_source_rebuild (DagschedSource *self, GListModel *tests, GError **error)
{
  g_return_val_if_fail (DAGSCHED_IS_SOURCE (self), FALSE);
  g_return_val_if_fail (G_IS_LIST_MODEL (tests), FALSE);

  if (DAGSCHED_SOURCE_GET_CLASS (self)->rebuild == NULL)
    return TRUE;

  return DAGSCHED_SOURCE_GET_CLASS (self)->rebuild (self, tests, error);
}
