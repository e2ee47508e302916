/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <dagsched.h>

#include "cli-context.h"
#include "cli-output.h"
#include "cli-status.h"
#include "cli-value.h"
#include "commands.h"
#include "graph-dot.h"
#include "graph-json.h"
#include "source-options.h"

typedef enum
{
  GRAPH_FORMAT_DOT,
  GRAPH_FORMAT_JSON,
} GraphFormat;

static const char *const formats[] = { "dot", "json", NULL };

static gboolean
parse_format (const char *option, const char *value, gpointer data, GError **error)
{
  return cli_value_parse_choice (option, value, formats, data, error);
}

static CliContext *
create_context (SourceOptions *sources, guint *format)
{
  const GOptionEntry entries[] = {
    { "format", 0, G_OPTION_FLAG_FILENAME, G_OPTION_ARG_CALLBACK, parse_format,
      "Print as dot (default) or json", "FORMAT" },
    { NULL },
  };
  CliContext *context = cli_context_new (
    "graph", "[SOURCE...]", "Print the tests, their dependencies, cleanups and resources as a graph.",
    "Arrows point from a test to what waits for it: solid for success, dashed for\n"
    "always, dotted for failure. Fixtures are houses, resources are cylinders.\n"
    "\n"
    "Examples:\n"
    "  dagsched graph | dot -Tsvg -o tests.svg\n"
    "  dagsched graph --format=json -k 'api/*' | jq '.dependencies | length'\n");

  source_options_add_sources (sources, context);
  source_options_add_selection (sources, context);
  cli_context_add_group (context, "output", "Output:", entries, format);

  return context;
}

static gboolean
print_graph (DagschedGraph *graph, DagschedPlan *plan, GraphFormat format)
{
  g_autoptr (GString) text = NULL;

  if (format == GRAPH_FORMAT_JSON)
    return graph_print_json (graph, plan);

  text = graph_to_dot (graph, plan);
  return cli_output_print (text->str, text->len);
}

int
command_graph_main (char **argv)
{
  g_auto (SourceOptions) sources = SOURCE_OPTIONS_INIT;
  guint format = GRAPH_FORMAT_DOT;
  g_autoptr (CliContext) context = create_context (&sources, &format);
  g_autoptr (DagschedGraph) graph = NULL;
  g_autoptr (DagschedPlan) plan = NULL;
  int status = CLI_STATUS_USAGE;

  if (!cli_context_parse (context, argv, &status))
    return status;

  graph = source_options_load_graph (&sources);
  if (graph == NULL)
    return CLI_STATUS_USAGE;
  plan = source_options_create_plan (&sources, graph, &status);
  if (plan == NULL)
    return status;

  return print_graph (graph, plan, format) ? CLI_STATUS_OK : CLI_STATUS_USAGE;
}
