/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "store/dagsched-log-members-private.h"

#include <math.h>
#include <string.h>

static gboolean
is_number (JsonNode *node)
{
  return node != NULL && JSON_NODE_HOLDS_VALUE (node) &&
         (json_node_get_value_type (node) == G_TYPE_INT64 ||
          json_node_get_value_type (node) == G_TYPE_DOUBLE);
}

static gboolean
is_string (JsonNode *node)
{
  return node != NULL && JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING;
}

gint64
dagsched_log_get_node_int (JsonNode *node, gint64 min, gint64 max, gint64 fallback)
{
  gint64 value;

  if (!is_number (node) || json_node_get_value_type (node) != G_TYPE_INT64)
    return fallback;

  value = json_node_get_int (node);

  return value >= min && value <= max ? value : fallback;
}

gint64
dagsched_log_get_int (JsonObject *object, const char *member, gint64 min, gint64 max, gint64 fallback)
{
  return dagsched_log_get_node_int (json_object_get_member (object, member), min, max, fallback);
}

double
dagsched_log_get_double (JsonObject *object, const char *member)
{
  JsonNode *node = json_object_get_member (object, member);
  double value = is_number (node) ? json_node_get_double (node) : 0.0;

  return isfinite (value) && value > 0 ? value : 0.0;
}

gboolean
dagsched_log_get_boolean (JsonObject *object, const char *member)
{
  JsonNode *node = json_object_get_member (object, member);

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_BOOLEAN &&
         json_node_get_boolean (node);
}

static GBytes *
get_node_bytes (JsonNode *node)
{
  const char *text;
  guchar *data;
  gsize length;

  if (is_string (node))
    {
      text = json_node_get_string (node);
      return g_bytes_new (text, strlen (text));
    }
  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    return NULL;

  node = json_object_get_member (json_node_get_object (node), "base64");
  if (!is_string (node))
    return NULL;

  data = g_base64_decode (json_node_get_string (node), &length);
  return g_bytes_new_take (data, length);
}

GBytes *
dagsched_log_get_bytes (JsonObject *object, const char *member)
{
  return get_node_bytes (json_object_get_member (object, member));
}

char *
dagsched_log_dup_node_text (JsonNode *node)
{
  g_autoptr (GBytes) bytes = NULL;
  const char *data;
  gsize length;

  if (is_string (node))
    return json_node_dup_string (node);

  bytes = get_node_bytes (node);
  if (bytes == NULL)
    return NULL;

  data = g_bytes_get_data (bytes, &length);
  return g_strndup (data != NULL ? data : "", length);
}

char *
dagsched_log_dup_text (JsonObject *object, const char *member)
{
  JsonNode *node = json_object_get_member (object, member);

  return node != NULL ? dagsched_log_dup_node_text (node) : NULL;
}

char **
dagsched_log_dup_node_list (JsonNode *node)
{
  JsonArray *array = node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  if (array == NULL)
    return NULL;

  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      g_autofree char *text = dagsched_log_dup_node_text (json_array_get_element (array, i));

      if (text == NULL)
        return NULL;
      g_strv_builder_add (builder, text);
    }

  return g_strv_builder_end (builder);
}

static gboolean
set_value (GValue *value, JsonNode *node)
{
  GType type = G_VALUE_TYPE (value);

  if (type == G_TYPE_STRING)
    g_value_take_string (value, dagsched_log_dup_node_text (node));
  else if (type == G_TYPE_STRV)
    g_value_take_boxed (value, dagsched_log_dup_node_list (node));
  else if (type == G_TYPE_BOOLEAN)
    g_value_set_boolean (value, JSON_NODE_HOLDS_VALUE (node) &&
                                  json_node_get_value_type (node) == G_TYPE_BOOLEAN &&
                                  json_node_get_boolean (node));
  else if (!is_number (node))
    return FALSE;
  else if (type == G_TYPE_DOUBLE)
    g_value_set_double (value, json_node_get_double (node));
  else if (type == G_TYPE_INT)
    g_value_set_int (value, CLAMP (json_node_get_int (node), G_MININT, G_MAXINT));
  else if (type == G_TYPE_UINT64)
    g_value_set_uint64 (value, (guint64) json_node_get_int (node));
  else
    g_assert_not_reached ();

  return TRUE;
}

void
dagsched_log_set_property (JsonObject *object, const char *member, GObject *target)
{
  JsonNode *node = json_object_get_member (object, member);
  GParamSpec *pspec = g_object_class_find_property (G_OBJECT_GET_CLASS (target), member);
  g_auto (GValue) value = G_VALUE_INIT;

  if (node == NULL)
    return;

  g_assert (pspec != NULL);
  g_value_init (&value, pspec->value_type);
  if (!set_value (&value, node))
    return;

  g_param_value_validate (pspec, &value); /* a value out of range would be a warning */
  g_object_set_property (target, member, &value);
}
