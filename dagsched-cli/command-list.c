/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <dagsched.h>

#include "cli-context.h"
#include "cli-output.h"
#include "cli-status.h"
#include "cli-value.h"
#include "commands.h"
#include "json-printer.h"
#include "source-options.h"
#include "test-json.h"

#define FORMAT_VERSION 1
#define WIDEST_NAME 48

typedef enum
{
  LIST_FORMAT_HUMAN,
  LIST_FORMAT_JSON,
} ListFormat;

static const char *const formats[] = { "human", "json", NULL };

static gboolean
parse_format (const char *option, const char *value, gpointer data, GError **error)
{
  return cli_value_parse_choice (option, value, formats, data, error);
}

static int
name_width (GListModel *tests)
{
  guint n_tests = g_list_model_get_n_items (tests);
  glong width = 0;

  for (guint i = 0; i < n_tests; i++)
    {
      g_autoptr (DagschedTest) test = g_list_model_get_item (tests, i);
      glong length = g_utf8_strlen (dagsched_test_get_name (test), -1);

      if (length <= WIDEST_NAME)
        width = MAX (width, length);
    }

  return (int) width;
}

static void
append_remark (GString *line, const char *remark)
{
  if (remark != NULL)
    g_string_append_printf (line, "  %s", remark);
}

static void
append_line (GString *text, DagschedTest *test, int width)
{
  g_autoptr (GString) line = g_string_new (dagsched_test_get_name (test));
  const char *const *suites = dagsched_test_get_suites (test);
  glong length = g_utf8_strlen (line->str, -1);

  for (; length < width; length++)
    g_string_append_c (line, ' ');
  if (suites != NULL && suites[0] != NULL)
    {
      g_autofree char *joined = g_strjoinv (", ", (char **) suites);

      append_remark (line, joined);
    }
  if (dagsched_test_get_fixture (test))
    append_remark (line, "(fixture)");
  if (dagsched_test_get_expected_failure (test))
    append_remark (line, "(expected to fail)");
  if (dagsched_test_get_disabled (test) != NULL)
    g_string_append_printf (line, "  (disabled: %s)", dagsched_test_get_disabled (test));
  if (dagsched_test_get_defect (test) != NULL)
    g_string_append_printf (line, "  (can't run: %s)", dagsched_test_get_defect (test));

  g_string_append (text, g_strchomp (line->str));
  g_string_append_c (text, '\n');
}

static gboolean
print_human (DagschedPlan *plan)
{
  GListModel *tests = G_LIST_MODEL (plan);
  guint n_tests = g_list_model_get_n_items (tests);
  int width = name_width (tests);
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < n_tests; i++)
    {
      g_autoptr (DagschedTest) test = g_list_model_get_item (tests, i);

      append_line (text, test, width);
    }

  return cli_output_print (text->str, text->len);
}

static gboolean
print_json (DagschedGraph *graph, DagschedPlan *plan)
{
  guint n_tests = g_list_model_get_n_items (G_LIST_MODEL (plan));
  g_autoptr (JsonPrinter) printer = json_printer_new ();
  JsonBuilder *builder = json_printer_get_builder (printer);

  json_printer_add_int (printer, "dagsched-list", FORMAT_VERSION);
  json_printer_add_string (printer, "name", dagsched_graph_get_name (graph));
  json_printer_begin_array (printer, "tests");
  for (guint i = 0; i < n_tests; i++)
    {
      g_autoptr (DagschedTest) test = g_list_model_get_item (G_LIST_MODEL (plan), i);

      json_builder_begin_object (builder);
      test_json_add_identity (builder, test);
      test_json_add_command (builder, test);
      test_json_add_dependencies (builder, graph, test);
      test_json_add_scheduling (builder, test);
      json_builder_end_object (builder);
      json_printer_add_element (printer);
    }
  json_printer_end_array (printer);

  return json_printer_end (printer);
}

static CliContext *
create_context (SourceOptions *sources, guint *format)
{
  const GOptionEntry entries[] = {
    { "format", 0, G_OPTION_FLAG_FILENAME, G_OPTION_ARG_CALLBACK, parse_format,
      "Print as human (default) or json", "FORMAT" },
    { NULL },
  };
  CliContext *context =
    cli_context_new ("list", "[SOURCE...]", "List the tests that a run with the same selection would take.",
                     "Examples:\n"
                     "  dagsched list -s db\n"
                     "  dagsched list --format=json build | jq -r '.tests[].name'\n");

  source_options_add_sources (sources, context);
  source_options_add_selection (sources, context);
  cli_context_add_group (context, "output", "Output:", entries, format);

  return context;
}

int
command_list_main (char **argv)
{
  g_auto (SourceOptions) sources = SOURCE_OPTIONS_INIT;
  guint format = LIST_FORMAT_HUMAN;
  g_autoptr (CliContext) context = create_context (&sources, &format);
  g_autoptr (DagschedGraph) graph = NULL;
  g_autoptr (DagschedPlan) plan = NULL;
  int status = CLI_STATUS_USAGE;
  gboolean printed;

  if (!cli_context_parse (context, argv, &status))
    return status;

  graph = source_options_load_graph (&sources);
  if (graph == NULL)
    return CLI_STATUS_USAGE;
  plan = source_options_create_plan (&sources, graph, &status);
  if (plan == NULL)
    return status;

  printed = format == LIST_FORMAT_JSON ? print_json (graph, plan) : print_human (plan);
  return printed ? CLI_STATUS_OK : CLI_STATUS_USAGE;
}
