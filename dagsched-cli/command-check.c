/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <dagsched.h>

#include "cli-context.h"
#include "cli-output.h"
#include "cli-status.h"
#include "commands.h"
#include "graph-nodes.h"
#include "run-history.h"
#include "source-options.h"

#define LONGEST_PATH 20 /* tests that are shown */

typedef struct
{
  guint n_tests;
  guint n_dependencies;
  guint n_fixtures;
  guint n_disabled;
  guint n_resources;
  guint n_suites;
} Counts;

static void
count_edge (DagschedTest *dependent,
            DagschedTest *dependency,
            DagschedCondition condition,
            gpointer user_data)
{
  ((Counts *) user_data)->n_dependencies++;
}

static void
count_test (Counts *counts, DagschedTest *test, GHashTable *suites)
{
  const char *const *names = dagsched_test_get_suites (test);

  counts->n_fixtures += dagsched_test_get_fixture (test) ? 1 : 0;
  counts->n_disabled += dagsched_test_get_disabled (test) != NULL ? 1 : 0;
  for (guint i = 0; names != NULL && names[i] != NULL; i++)
    g_hash_table_add (suites, (gpointer) names[i]);
}

static void
count (Counts *counts, DagschedGraph *graph, DagschedPlan *plan)
{
  g_autoptr (GHashTable) suites = g_hash_table_new (g_str_hash, g_str_equal);
  g_auto (GraphNodes) nodes = { NULL };

  graph_nodes_init (&nodes, plan);
  graph_nodes_foreach_edge (&nodes, graph, plan, count_edge, counts);
  counts->n_resources = g_list_model_get_n_items (dagsched_graph_get_resources (graph));
  counts->n_tests = g_list_model_get_n_items (G_LIST_MODEL (plan));
  for (guint i = 0; i < counts->n_tests; i++)
    {
      g_autoptr (DagschedTest) test = g_list_model_get_item (G_LIST_MODEL (plan), i);

      count_test (counts, test, suites);
    }
  counts->n_suites = g_hash_table_size (suites);
}

static void
append_count (GString *text, guint n, const char *one, const char *many)
{
  g_string_append_printf (text, "%s%u %s", text->len > 0 ? ", " : "", n, n == 1 ? one : many);
}

static void
append_seconds (GString *text, double seconds)
{
  g_string_append_printf (text, seconds < 100 ? "%.3g s" : "%.0f s", seconds);
}

/* A test a line, in the order in which they run; the middle of a very long path is left out. */
static void
append_critical_path (GString *text, DagschedPlan *plan)
{
  g_autoptr (GPtrArray) path = dagsched_plan_list_critical_path (plan);
  guint n_left_out = path->len > LONGEST_PATH ? path->len - LONGEST_PATH : 0;

  g_string_append (text, "critical path: ");
  append_seconds (text, dagsched_plan_get_critical_path (plan));
  g_string_append (text, " of ");
  append_seconds (text, dagsched_plan_get_total_work (plan));
  g_string_append (text, " of work");
  append_count (text, path->len, "test", "tests");
  g_string_append_c (text, '\n');
  for (guint i = 0; i < path->len; i++)
    {
      if (n_left_out > 0 && i == LONGEST_PATH / 2)
        {
          g_string_append_printf (text, "  ... %u more ...\n", n_left_out);
          i += n_left_out;
        }
      g_string_append_printf (text, "  %s\n", dagsched_test_get_name (g_ptr_array_index (path, i)));
    }
}

static gboolean
print_counts (DagschedGraph *graph, DagschedPlan *plan)
{
  const char *name = dagsched_graph_get_name (graph);
  g_autoptr (GString) text = g_string_new (NULL);
  Counts counts = { 0 };

  count (&counts, graph, plan);
  append_count (text, counts.n_tests, "test", "tests");
  append_count (text, counts.n_dependencies, "dependency", "dependencies");
  append_count (text, counts.n_fixtures, "fixture", "fixtures");
  append_count (text, counts.n_disabled, "disabled", "disabled");
  append_count (text, counts.n_suites, "suite", "suites");
  append_count (text, counts.n_resources, "resource", "resources");
  g_string_prepend (text, ": ");
  g_string_prepend (text, name != NULL ? name : "tests");
  g_string_append_c (text, '\n');
  append_critical_path (text, plan);

  return cli_output_print (text->str, text->len);
}

static CliContext *
create_context (SourceOptions *sources)
{
  CliContext *context =
    cli_context_new ("check", "[SOURCE...]",
                     "Check sources without running anything. Every error is printed: unknown and\n"
                     "duplicate names, cycles, resources beyond their capacity, wrong members.",
                     "Exit status: 0 no errors, 2 errors, 4 nothing selected.\n");

  source_options_add_sources (sources, context);
  source_options_add_selection (sources, context);

  return context;
}

int
command_check_main (char **argv)
{
  g_auto (SourceOptions) sources = SOURCE_OPTIONS_INIT;
  g_autoptr (CliContext) context = create_context (&sources);
  g_autoptr (DagschedGraph) graph = NULL;
  g_autoptr (DagschedHistory) history = NULL;
  g_autoptr (DagschedPlan) plan = NULL;
  int status = CLI_STATUS_USAGE;

  if (!cli_context_parse (context, argv, &status))
    return status;

  graph = source_options_load_graph (&sources);
  if (graph == NULL)
    return CLI_STATUS_USAGE;
  /* Without a history the durations are guesses, which is nothing to complain of. */
  history = run_history_apply (graph, NULL);
  plan = source_options_create_plan (&sources, graph, &status);
  if (plan == NULL)
    return status;

  return print_counts (graph, plan) ? CLI_STATUS_OK : CLI_STATUS_USAGE;
}
