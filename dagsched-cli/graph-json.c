/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "graph-json.h"

#include "graph-nodes.h"
#include "json-printer.h"
#include "test-json.h"

#define FORMAT_VERSION 1

static void
print_tests (JsonPrinter *printer, DagschedPlan *plan)
{
  guint n_tests = g_list_model_get_n_items (G_LIST_MODEL (plan));
  JsonBuilder *builder = json_printer_get_builder (printer);

  json_printer_begin_array (printer, "tests");
  for (guint i = 0; i < n_tests; i++)
    {
      g_autoptr (DagschedTest) test = g_list_model_get_item (G_LIST_MODEL (plan), i);

      json_builder_begin_object (builder);
      test_json_add_identity (builder, test);
      test_json_add_scheduling (builder, test);
      json_builder_end_object (builder);
      json_printer_add_element (printer);
    }
  json_printer_end_array (printer);
}

static void
print_dependency (DagschedTest *dependent,
                  DagschedTest *dependency,
                  DagschedCondition condition,
                  gpointer user_data)
{
  JsonPrinter *printer = user_data;
  JsonBuilder *builder = json_printer_get_builder (printer);

  json_builder_begin_object (builder);
  test_json_add_string (builder, "dependent", dagsched_test_get_name (dependent));
  test_json_add_string (builder, "dependency", dagsched_test_get_name (dependency));
  test_json_add_string (builder, "when", dagsched_condition_to_string (condition));
  json_builder_end_object (builder);
  json_printer_add_element (printer);
}

static void
print_dependencies (JsonPrinter *printer, DagschedGraph *graph, DagschedPlan *plan)
{
  g_auto (GraphNodes) nodes = { NULL };

  graph_nodes_init (&nodes, plan);
  json_printer_begin_array (printer, "dependencies");
  graph_nodes_foreach_edge (&nodes, graph, plan, print_dependency, printer);
  json_printer_end_array (printer);
}

static void
print_resources (JsonPrinter *printer, DagschedGraph *graph)
{
  GListModel *resources = dagsched_graph_get_resources (graph);
  guint n_resources = g_list_model_get_n_items (resources);
  JsonBuilder *builder = json_printer_get_builder (printer);

  json_builder_begin_object (builder);
  for (guint i = 0; i < n_resources; i++)
    {
      g_autoptr (DagschedResource) resource = g_list_model_get_item (resources, i);

      json_builder_set_member_name (builder, dagsched_resource_get_name (resource));
      json_builder_add_int_value (builder, dagsched_resource_get_capacity (resource));
    }
  json_builder_end_object (builder);
  json_printer_add_member (printer, "resources");
}

gboolean
graph_print_json (DagschedGraph *graph, DagschedPlan *plan)
{
  g_autoptr (JsonPrinter) printer = json_printer_new ();

  json_printer_add_int (printer, "dagsched-graph", FORMAT_VERSION);
  json_printer_add_string (printer, "name", dagsched_graph_get_name (graph));
  print_tests (printer, plan);
  print_dependencies (printer, graph, plan);
  print_resources (printer, graph);

  return json_printer_end (printer);
}
