/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "source/dagsched-members-private.h"

/* Files that are read together may agree on a resource; they must not disagree. */
static void
add_resource (DagschedGraph *graph, const char *name, guint capacity, const DagschedPlace *place)
{
  DagschedResource *known = dagsched_graph_lookup_resource (graph, name);
  g_autoptr (DagschedResource) resource = NULL;
  g_autoptr (GError) error = NULL;

  if (known != NULL)
    {
      if (dagsched_resource_get_capacity (known) != capacity)
        dagsched_place_add_problem_code (place, DAGSCHED_ERROR_RESOURCE,
                                         "has capacity %u here, but was declared with %u before", capacity,
                                         dagsched_resource_get_capacity (known));
      return;
    }

  resource = dagsched_resource_new (name, capacity);
  if (!dagsched_graph_add_resource (graph, resource, &error))
    dagsched_place_add_problem_code (place, error->code, "%s", error->message);
}

void
dagsched_members_add_resources (JsonNode *node, const DagschedPlace *place, DagschedGraph *graph)
{
  JsonObject *object = dagsched_json_get_object (node, place, "an object of capacities");
  JsonObjectIter iter;
  const char *name;
  JsonNode *member;

  if (object == NULL)
    return;

  json_object_iter_init_ordered (&iter, object);
  while (json_object_iter_next_ordered (&iter, &name, &member))
    {
      DagschedPlace member_place = DAGSCHED_PLACE_MEMBER (place, name);
      gint64 capacity;

      if (!dagsched_members_is_name (name))
        dagsched_place_add_problem (place, "a resource's name can't be empty or hold control characters");
      else if (dagsched_json_get_integer (member, &member_place, 1, DAGSCHED_ALL - 1, &capacity))
        add_resource (graph, name, (guint) capacity, &member_place);
    }
}

/* Names are resolved here rather than by the graph: only those that are not there need their
 * place spelled out. */
gboolean
dagsched_members_add_pending (GArray *pending, DagschedGraph *graph, GError **error)
{
  for (guint i = 0; i < pending->len; i++)
    {
      const DagschedPending *edge = &g_array_index (pending, DagschedPending, i);
      DagschedTest *dependency = dagsched_graph_lookup (graph, edge->name);

      if (dependency == NULL)
        {
          const char *origin = dagsched_test_get_origin (edge->dependent);
          g_autofree char *place = edge->place != NULL
                                     ? g_strdup_printf ("%s[%u]", edge->place, edge->index)
                                     : g_strdup_printf ("%s.depends[%u]", origin, edge->index);

          dagsched_graph_add_dependency_by_name (graph, edge->dependent, edge->name, edge->condition, place);
        }
      else if (dependency != edge->dependent || !edge->of_pattern)
        {
          if (!dagsched_graph_add_dependency (graph, edge->dependent, dependency, edge->condition, error))
            return FALSE;
        }
    }

  return TRUE;
}
