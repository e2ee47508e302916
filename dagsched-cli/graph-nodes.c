/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "graph-nodes.h"

void
graph_nodes_init (GraphNodes *self, DagschedPlan *plan)
{
  guint n_tests = g_list_model_get_n_items (G_LIST_MODEL (plan));

  self->numbers = g_hash_table_new_full (NULL, NULL, g_object_unref, NULL);
  for (guint i = 0; i < n_tests; i++)
    g_hash_table_insert (self->numbers, g_list_model_get_item (G_LIST_MODEL (plan), i), GUINT_TO_POINTER (i));
}

void
graph_nodes_clear (GraphNodes *self)
{
  g_clear_pointer (&self->numbers, g_hash_table_unref);
}

gboolean
graph_nodes_lookup (const GraphNodes *self, DagschedTest *test, guint *number)
{
  gpointer value;

  if (test == NULL || !g_hash_table_lookup_extended (self->numbers, test, NULL, &value))
    return FALSE;

  *number = GPOINTER_TO_UINT (value);
  return TRUE;
}

void
graph_nodes_foreach_edge (const GraphNodes *self,
                          DagschedGraph *graph,
                          DagschedPlan *plan,
                          GraphEdgeFunc func,
                          gpointer user_data)
{
  guint n_tests = g_list_model_get_n_items (G_LIST_MODEL (plan));

  for (guint i = 0; i < n_tests; i++)
    {
      g_autoptr (DagschedTest) test = g_list_model_get_item (G_LIST_MODEL (plan), i);
      guint n_dependencies = dagsched_graph_get_n_dependencies (graph, test);

      for (guint j = 0; j < n_dependencies; j++)
        {
          DagschedCondition condition;
          DagschedTest *dependency = dagsched_graph_get_dependency (graph, test, j, &condition);
          guint number;

          if (graph_nodes_lookup (self, dependency, &number))
            func (test, dependency, condition, user_data);
        }
    }
}
