/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/dagsched-resource.h"

/**
 * DagschedResource:
 *
 * A named amount of something that tests share: a database, the memory of a GPU, licences.
 *
 * Tests take an amount while they run, see [method@Dagsched.Test.set_requirement]. A resource
 * never changes, and may be used from any thread.
 *
 * Since: 1.0
 */
struct _DagschedResource
{
  GObject parent_instance;

  /* read-only after init */
  char *name;
  guint capacity;
};

enum
{
  PROP_0,
  PROP_NAME,
  PROP_CAPACITY,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (DagschedResource, dagsched_resource, G_TYPE_OBJECT)

static void
dagsched_resource_finalize (GObject *object)
{
  DagschedResource *self = DAGSCHED_RESOURCE (object);

  g_clear_pointer (&self->name, g_free);

  G_OBJECT_CLASS (dagsched_resource_parent_class)->finalize (object);
}

static void
dagsched_resource_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  DagschedResource *self = DAGSCHED_RESOURCE (object);

  switch (prop_id)
    {
    case PROP_NAME:
      g_value_set_string (value, self->name);
      break;
    case PROP_CAPACITY:
      g_value_set_uint (value, self->capacity);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
dagsched_resource_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  DagschedResource *self = DAGSCHED_RESOURCE (object);

  switch (prop_id)
    {
    case PROP_NAME:
      self->name = g_strdup (g_value_get_string (value) != NULL ? g_value_get_string (value) : "");
      break;
    case PROP_CAPACITY:
      self->capacity = g_value_get_uint (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
dagsched_resource_class_init (DagschedResourceClass *klass)
{
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS;
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = dagsched_resource_finalize;
  object_class->get_property = dagsched_resource_get_property;
  object_class->set_property = dagsched_resource_set_property;

  /**
   * DagschedResource:name:
   *
   * The name by which tests require the resource.
   *
   * Since: 1.0
   */
  properties[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, "", flags);

  /**
   * DagschedResource:capacity:
   *
   * How much of the resource there is. A graph with a resource of capacity 0 is not valid.
   *
   * Since: 1.0
   */
  properties[PROP_CAPACITY] = g_param_spec_uint ("capacity", NULL, NULL, 0, G_MAXUINT, 1, flags);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
dagsched_resource_init (DagschedResource *self)
{
}

/**
 * dagsched_resource_new:
 * @name: the name by which tests require it
 * @capacity: how much there is, at least 1
 *
 * Creates a resource.
 *
 * Returns: (transfer full): the resource
 *
 * Since: 1.0
 */
DagschedResource *
dagsched_resource_new (const char *name, guint capacity)
{
  g_return_val_if_fail (name != NULL, NULL);

  return g_object_new (DAGSCHED_TYPE_RESOURCE, "name", name, "capacity", capacity, NULL);
}

/**
 * dagsched_resource_get_name:
 * @self: a resource
 *
 * Gets [property@Dagsched.Resource:name]. May be called from any thread.
 *
 * Returns: (transfer none): the name
 *
 * Since: 1.0
 */
const char *
dagsched_resource_get_name (DagschedResource *self)
{
  g_return_val_if_fail (DAGSCHED_IS_RESOURCE (self), NULL);

  return self->name;
}

/**
 * dagsched_resource_get_capacity:
 * @self: a resource
 *
 * Gets [property@Dagsched.Resource:capacity]. May be called from any thread.
 *
 * Returns: the capacity
 *
 * Since: 1.0
 */
guint
dagsched_resource_get_capacity (DagschedResource *self)
{
  g_return_val_if_fail (DAGSCHED_IS_RESOURCE (self), 0);

  return self->capacity;
}
