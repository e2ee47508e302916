/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "graph-dot.h"

#include "graph-nodes.h"

typedef struct
{
  GString *text;
  GraphNodes nodes;
} Dot;

/* A quoted string whose text appears as it is: in labels a backslash begins an escape of their own. */
static void
append_quoted (GString *text, const char *string)
{
  g_string_append_c (text, '"');
  for (; *string != '\0'; string++)
    {
      if (*string == '\n')
        {
          g_string_append (text, "\\n");
          continue;
        }
      if (*string == '"' || *string == '\\')
        g_string_append_c (text, '\\');
      g_string_append_c (text, *string);
    }
  g_string_append_c (text, '"');
}

static const char *
node_style (DagschedTest *test)
{
  if (dagsched_test_get_disabled (test) != NULL || dagsched_test_get_defect (test) != NULL)
    return ", style=dashed, fontcolor=gray40";
  if (dagsched_test_get_fixture (test))
    return ", shape=house";
  if (dagsched_test_get_exclusive (test))
    return ", peripheries=2";

  return "";
}

static void
append_test (Dot *self, DagschedTest *test, guint number)
{
  g_string_append_printf (self->text, "  t%u [label=", number);
  append_quoted (self->text, dagsched_test_get_name (test));
  g_string_append_printf (self->text, "%s];\n", node_style (test));
}

static const char *
edge_style (DagschedCondition condition)
{
  switch (condition)
    {
    case DAGSCHED_CONDITION_ALWAYS:
      return " [style=dashed, label=\"always\"]";
    case DAGSCHED_CONDITION_FAILURE:
      return " [style=dotted, color=red, label=\"failure\"]";
    case DAGSCHED_CONDITION_SUCCESS:
    default:
      return "";
    }
}

static void
append_edge (DagschedTest *dependent,
             DagschedTest *dependency,
             DagschedCondition condition,
             gpointer user_data)
{
  Dot *self = user_data;
  guint from = 0, to = 0;

  graph_nodes_lookup (&self->nodes, dependency, &from);
  graph_nodes_lookup (&self->nodes, dependent, &to);
  g_string_append_printf (self->text, "  t%u -> t%u%s;\n", from, to, edge_style (condition));
}

static void
append_cleanup (Dot *self, DagschedGraph *graph, DagschedTest *test, guint number)
{
  const char *cleanup = dagsched_test_get_cleanup (test);
  guint to;

  if (cleanup != NULL && graph_nodes_lookup (&self->nodes, dagsched_graph_lookup (graph, cleanup), &to))
    g_string_append_printf (
      self->text, "  t%u -> t%u [style=bold, color=blue, arrowhead=odot, label=\"cleanup\"];\n", number, to);
}

static void
append_requirements (Dot *self, DagschedTest *test, guint number, GHashTable *resources)
{
  g_auto (GStrv) names = dagsched_test_list_requirements (test);

  for (guint i = 0; names != NULL && names[i] != NULL; i++)
    {
      guint amount = dagsched_test_get_requirement (test, names[i]);
      g_autofree char *label = amount == DAGSCHED_ALL ? g_strdup ("all") : g_strdup_printf ("%u", amount);

      g_string_append_printf (self->text, "  r%u -> t%u [dir=none, color=gray60, label=\"%s\"];\n",
                              GPOINTER_TO_UINT (g_hash_table_lookup (resources, names[i])), number, label);
    }
}

/* Node numbers of the resources, by name. */
static GHashTable *
append_resources (Dot *self, DagschedGraph *graph)
{
  GListModel *resources = dagsched_graph_get_resources (graph);
  guint n_resources = g_list_model_get_n_items (resources);
  GHashTable *numbers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < n_resources; i++)
    {
      g_autoptr (DagschedResource) resource = g_list_model_get_item (resources, i);
      const char *name = dagsched_resource_get_name (resource);
      g_autofree char *label = g_strdup_printf ("%s: %u", name, dagsched_resource_get_capacity (resource));

      g_hash_table_insert (numbers, g_strdup (name), GUINT_TO_POINTER (i));
      g_string_append_printf (self->text, "  r%u [shape=cylinder, color=gray60, label=", i);
      append_quoted (self->text, label);
      g_string_append (self->text, "];\n");
    }

  return numbers;
}

GString *
graph_to_dot (DagschedGraph *graph, DagschedPlan *plan)
{
  guint n_tests = g_list_model_get_n_items (G_LIST_MODEL (plan));
  const char *name = dagsched_graph_get_name (graph);
  Dot self = { g_string_new ("digraph "), { NULL } };
  g_autoptr (GHashTable) resources = NULL;

  graph_nodes_init (&self.nodes, plan);
  append_quoted (self.text, name != NULL ? name : "tests");
  g_string_append (self.text, " {\n  rankdir=LR;\n  node [shape=box];\n");
  for (guint i = 0; i < n_tests; i++)
    {
      g_autoptr (DagschedTest) test = g_list_model_get_item (G_LIST_MODEL (plan), i);

      append_test (&self, test, i);
    }
  graph_nodes_foreach_edge (&self.nodes, graph, plan, append_edge, &self);
  resources = append_resources (&self, graph);
  for (guint i = 0; i < n_tests; i++)
    {
      g_autoptr (DagschedTest) test = g_list_model_get_item (G_LIST_MODEL (plan), i);

      append_cleanup (&self, graph, test, i);
      append_requirements (&self, test, i, resources);
    }
  g_string_append (self.text, "}\n");
  graph_nodes_clear (&self.nodes);

  return self.text;
}
