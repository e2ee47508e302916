/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "graph-json.h"

#include "graph-nodes.h"
#include "test-json.h"

#define FORMAT_VERSION 1

static void
add_tests (JsonBuilder *builder, DagschedPlan *plan)
{
  guint n_tests = g_list_model_get_n_items (G_LIST_MODEL (plan));

  json_builder_set_member_name (builder, "tests");
  json_builder_begin_array (builder);
  for (guint i = 0; i < n_tests; i++)
    {
      g_autoptr (DagschedTest) test = g_list_model_get_item (G_LIST_MODEL (plan), i);

      json_builder_begin_object (builder);
      test_json_add_identity (builder, test);
      test_json_add_scheduling (builder, test);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
}

static void
add_dependency (DagschedTest *dependent,
                DagschedTest *dependency,
                DagschedCondition condition,
                gpointer user_data)
{
  JsonBuilder *builder = user_data;

  json_builder_begin_object (builder);
  test_json_add_string (builder, "dependent", dagsched_test_get_name (dependent));
  test_json_add_string (builder, "dependency", dagsched_test_get_name (dependency));
  test_json_add_string (builder, "when", dagsched_condition_to_string (condition));
  json_builder_end_object (builder);
}

static void
add_resources (JsonBuilder *builder, DagschedGraph *graph)
{
  GListModel *resources = dagsched_graph_get_resources (graph);
  guint n_resources = g_list_model_get_n_items (resources);

  json_builder_set_member_name (builder, "resources");
  json_builder_begin_object (builder);
  for (guint i = 0; i < n_resources; i++)
    {
      g_autoptr (DagschedResource) resource = g_list_model_get_item (resources, i);

      json_builder_set_member_name (builder, dagsched_resource_get_name (resource));
      json_builder_add_int_value (builder, dagsched_resource_get_capacity (resource));
    }
  json_builder_end_object (builder);
}

JsonNode *
graph_to_json (DagschedGraph *graph, DagschedPlan *plan)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_auto (GraphNodes) nodes = { NULL };

  graph_nodes_init (&nodes, plan);

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "dagsched-graph");
  json_builder_add_int_value (builder, FORMAT_VERSION);
  test_json_add_string (builder, "name", dagsched_graph_get_name (graph));
  add_tests (builder, plan);
  json_builder_set_member_name (builder, "dependencies");
  json_builder_begin_array (builder);
  graph_nodes_foreach_edge (&nodes, graph, plan, add_dependency, builder);
  json_builder_end_array (builder);
  add_resources (builder, graph);
  json_builder_end_object (builder);

  return json_builder_get_root (builder);
}
