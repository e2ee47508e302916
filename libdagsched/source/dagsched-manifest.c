/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "source/dagsched-manifest.h"

#include <json-glib/json-glib.h>
#include <signal.h>
#include <string.h>

#include "model/dagsched-command-test.h"
#include "source/dagsched-manifest-private.h"
#include "source/dagsched-members-private.h"

/* What the model has where a manifest says nothing. */
#define DEFAULT_GRACE 5
#define DEFAULT_SKIP_CODE 77

typedef struct
{
  DagschedGraph *graph;
  JsonBuilder *builder;
  DagschedProblems *problems;
  DagschedTest *test; /* the one that is being written */
  char *current_directory;
} Writer;

/* Neither JSON nor a report could carry what is not UTF-8. */
static void
add_string (Writer *self, const char *string)
{
  g_autofree char *valid = NULL;

  if (!g_utf8_validate (string, -1, NULL))
    {
      valid = g_utf8_make_valid (string, -1);
      dagsched_problems_add (self->problems, DAGSCHED_ERROR_FAILED,
                             "test \"%s\" can't be written in a manifest: \"%s\" is not valid UTF-8",
                             self->test != NULL ? dagsched_test_get_name (self->test) : "", valid);
      return;
    }
  json_builder_add_string_value (self->builder, string);
}

static void
set_string (Writer *self, const char *member, const char *string)
{
  json_builder_set_member_name (self->builder, member);
  add_string (self, string);
}

static void
set_number (Writer *self, const char *member, double number, double unsaid)
{
  if (number == unsaid)
    return;

  json_builder_set_member_name (self->builder, member);
  if (number == (double) (gint64) number)
    json_builder_add_int_value (self->builder, (gint64) number);
  else
    json_builder_add_double_value (self->builder, number);
}

static void
set_flag (Writer *self, const char *member, gboolean value)
{
  if (!value)
    return;

  json_builder_set_member_name (self->builder, member);
  json_builder_add_boolean_value (self->builder, TRUE);
}

static void
set_strings (Writer *self, const char *member, const char *const *strings)
{
  if (strings == NULL || strings[0] == NULL)
    return;

  json_builder_set_member_name (self->builder, member);
  json_builder_begin_array (self->builder);
  for (guint i = 0; strings[i] != NULL; i++)
    add_string (self, strings[i]);
  json_builder_end_array (self->builder);
}

static void
set_amount (Writer *self, const char *member, guint amount)
{
  json_builder_set_member_name (self->builder, member);
  if (amount == DAGSCHED_ALL)
    json_builder_add_string_value (self->builder, "all");
  else
    json_builder_add_int_value (self->builder, amount);
}

static void
write_dependencies (Writer *self)
{
  guint n = dagsched_graph_get_n_dependencies (self->graph, self->test);

  if (n == 0)
    return;

  json_builder_set_member_name (self->builder, "depends");
  json_builder_begin_array (self->builder);
  for (guint i = 0; i < n; i++)
    {
      DagschedCondition condition;
      DagschedTest *dependency = dagsched_graph_get_dependency (self->graph, self->test, i, &condition);

      if (condition == DAGSCHED_CONDITION_SUCCESS)
        {
          add_string (self, dagsched_test_get_name (dependency));
          continue;
        }
      json_builder_begin_object (self->builder);
      set_string (self, "test", dagsched_test_get_name (dependency));
      set_string (self, "when", dagsched_condition_to_string (condition));
      json_builder_end_object (self->builder);
    }
  json_builder_end_array (self->builder);
}

static void
write_fixture (Writer *self)
{
  const char *cleanup = dagsched_test_get_cleanup (self->test);

  if (!dagsched_test_get_fixture (self->test))
    return;
  if (cleanup == NULL)
    {
      set_flag (self, "fixture", TRUE);
      return;
    }

  json_builder_set_member_name (self->builder, "fixture");
  json_builder_begin_object (self->builder);
  set_string (self, "cleanup", cleanup);
  json_builder_end_object (self->builder);
}

static void
write_admission (Writer *self)
{
  g_auto (GStrv) resources = dagsched_test_list_requirements (self->test);
  g_auto (GStrv) name_spaces = dagsched_test_list_group_name_spaces (self->test);

  if (dagsched_test_get_slots (self->test) != 1)
    set_amount (self, "slots", dagsched_test_get_slots (self->test));
  set_flag (self, "exclusive", dagsched_test_get_exclusive (self->test));

  if (resources[0] != NULL)
    {
      json_builder_set_member_name (self->builder, "resources");
      json_builder_begin_object (self->builder);
      for (guint i = 0; resources[i] != NULL; i++)
        set_amount (self, resources[i], dagsched_test_get_requirement (self->test, resources[i]));
      json_builder_end_object (self->builder);
    }
  if (name_spaces[0] != NULL)
    {
      json_builder_set_member_name (self->builder, "group");
      json_builder_begin_object (self->builder);
      for (guint i = 0; name_spaces[i] != NULL; i++)
        set_string (self, name_spaces[i], dagsched_test_get_group (self->test, name_spaces[i]));
      json_builder_end_object (self->builder);
    }
}

static void
write_settings (Writer *self)
{
  DagschedTest *test = self->test;

  set_strings (self, "suites", dagsched_test_get_suites (test));
  set_strings (self, "labels", dagsched_test_get_labels (test));
  set_number (self, "priority", dagsched_test_get_priority (test), 0);
  set_number (self, "timeout", dagsched_test_get_timeout (test), DAGSCHED_MANIFEST_DEFAULT_TIMEOUT);
  set_number (self, "grace", dagsched_test_get_grace (test), DEFAULT_GRACE);
  set_number (self, "slow-after", dagsched_test_get_slow_after (test), 0);
  set_number (self, "retries", dagsched_test_get_retries (test), -1);
  set_number (self, "retry-delay", dagsched_test_get_retry_delay (test), 0);
  set_number (self, "weight", dagsched_test_get_weight (test), 0);
  set_flag (self, "expected-failure", dagsched_test_get_expected_failure (test));
  if (dagsched_test_get_disabled (test) != NULL)
    set_string (self, "disabled", dagsched_test_get_disabled (test));
}

static char *
dup_workdir (Writer *self)
{
  const char *workdir = dagsched_command_test_get_workdir (DAGSCHED_COMMAND_TEST (self->test));

  return g_canonicalize_filename (workdir != NULL ? workdir : ".", self->current_directory);
}

/* A relative program is relative to the working directory when it is started, but to the manifest in one. */
static void
write_argv (Writer *self, const char *workdir)
{
  const char *const *argv = dagsched_command_test_get_argv (DAGSCHED_COMMAND_TEST (self->test));

  json_builder_set_member_name (self->builder, "command");
  json_builder_begin_array (self->builder);
  for (guint i = 0; argv[i] != NULL; i++)
    {
      if (i == 0 && (g_str_has_prefix (argv[i], "./") || g_str_has_prefix (argv[i], "../")))
        {
          g_autofree char *program = g_canonicalize_filename (argv[i], workdir);

          add_string (self, program);
        }
      else
        {
          add_string (self, argv[i]);
        }
    }
  json_builder_end_array (self->builder);
}

static void
write_env (Writer *self)
{
  const char *const *env = dagsched_command_test_get_env (DAGSCHED_COMMAND_TEST (self->test));

  if (env == NULL || env[0] == NULL)
    return;

  json_builder_set_member_name (self->builder, "env");
  json_builder_begin_object (self->builder);
  for (guint i = 0; env[i] != NULL; i++)
    {
      const char *equals = strchr (env[i], '=');
      g_autofree char *name = equals != NULL ? g_strndup (env[i], equals - env[i]) : NULL;

      if (name != NULL && *name != '\0')
        set_string (self, name, equals + 1);
    }
  json_builder_end_object (self->builder);
}

static void
write_stop_signal (Writer *self, int stop_signal)
{
  const char *name = dagsched_members_signal_name (stop_signal);

  if (stop_signal == SIGTERM)
    return;
  if (name != NULL)
    set_string (self, "stop-signal", name);
  else
    set_number (self, "stop-signal", stop_signal, SIGTERM);
}

static void
write_limit (Writer *self, const char *name, guint64 limit)
{
  if (limit == 0)
    return;

  json_builder_set_member_name (self->builder, name);
  json_builder_add_int_value (self->builder, (gint64) MIN (limit, G_MAXINT64));
}

static void
write_command (Writer *self)
{
  DagschedCommandTest *command = DAGSCHED_COMMAND_TEST (self->test);
  g_autofree char *workdir = dup_workdir (self);

  write_argv (self, workdir);
  set_string (self, "workdir", workdir);
  write_env (self);
  set_strings (self, "unset-env", dagsched_command_test_get_unset_env (command));
  if (dagsched_command_test_get_protocol (command) != DAGSCHED_PROTOCOL_EXITCODE)
    set_string (self, "protocol", dagsched_protocol_to_string (dagsched_command_test_get_protocol (command)));
  set_number (self, "skip-code", dagsched_command_test_get_skip_code (command), DEFAULT_SKIP_CODE);
  write_stop_signal (self, dagsched_command_test_get_stop_signal (command));
  write_limit (self, "output-limit", dagsched_command_test_get_output_limit (command));
  for (guint i = 0; i < DAGSCHED_N_LIMITS; i++)
    write_limit (self, dagsched_limit_to_string (i), dagsched_command_test_get_limit (command, i));
}

/* A program that is not there is found missing when the manifest is run, too. */
static gboolean
is_missing_program (DagschedTest *test)
{
  const char *const *argv = dagsched_command_test_get_argv (DAGSCHED_COMMAND_TEST (test));

  return g_path_is_absolute (argv[0]) && !g_file_test (argv[0], G_FILE_TEST_EXISTS);
}

/* Says why a test can't be written; NULL: it can. */
static const char *
find_obstacle (DagschedTest *test)
{
  const char *const *argv;

  if (!DAGSCHED_IS_COMMAND_TEST (test))
    return "it is not carried out by a command";

  argv = dagsched_command_test_get_argv (DAGSCHED_COMMAND_TEST (test));
  if (argv == NULL || argv[0] == NULL || *argv[0] == '\0')
    return "it has no command";
  if (!dagsched_members_is_name (dagsched_test_get_name (test)))
    return "its name is empty or has control characters";
  if (dagsched_test_get_defect (test) != NULL && !is_missing_program (test))
    return dagsched_test_get_defect (test);

  return NULL;
}

static void
write_test (Writer *self, DagschedTest *test)
{
  const char *obstacle = find_obstacle (test);

  if (obstacle != NULL)
    {
      dagsched_problems_add (self->problems, DAGSCHED_ERROR_FAILED,
                             "test \"%s\" can't be written in a manifest: %s", dagsched_test_get_name (test),
                             obstacle);
      return;
    }

  self->test = test;
  json_builder_begin_object (self->builder);
  set_string (self, "name", dagsched_test_get_name (test));
  write_command (self);
  write_dependencies (self);
  write_fixture (self);
  write_admission (self);
  write_settings (self);
  json_builder_end_object (self->builder);
}

static void
write_resources (Writer *self)
{
  GListModel *resources = dagsched_graph_get_resources (self->graph);
  guint n = g_list_model_get_n_items (resources);

  if (n == 0)
    return;

  json_builder_set_member_name (self->builder, "resources");
  json_builder_begin_object (self->builder);
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (DagschedResource) resource = g_list_model_get_item (resources, i);

      json_builder_set_member_name (self->builder, dagsched_resource_get_name (resource));
      json_builder_add_int_value (self->builder, dagsched_resource_get_capacity (resource));
    }
  json_builder_end_object (self->builder);
}

static void
write_graph (Writer *self)
{
  const char *name = dagsched_graph_get_name (self->graph);
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->graph));

  json_builder_begin_object (self->builder);
  json_builder_set_member_name (self->builder, "dagsched");
  json_builder_add_int_value (self->builder, 1);
  if (name != NULL && *name != '\0')
    set_string (self, "name", name);
  write_resources (self);
  json_builder_set_member_name (self->builder, "tests");
  json_builder_begin_array (self->builder);
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (DagschedTest) test = g_list_model_get_item (G_LIST_MODEL (self->graph), i);

      write_test (self, test);
    }
  json_builder_end_array (self->builder);
  json_builder_end_object (self->builder);
}

static char *
generate (JsonBuilder *builder)
{
  g_autoptr (JsonGenerator) generator = json_generator_new ();
  g_autoptr (JsonNode) root = json_builder_get_root (builder);
  GString *text = g_string_new (NULL);

  json_generator_set_pretty (generator, TRUE);
  json_generator_set_root (generator, root);
  json_generator_to_gstring (generator, text);
  g_string_append_c (text, '\n');

  return g_string_free (text, FALSE);
}

/**
 * dagsched_manifest_from_graph:
 * @graph: a valid graph
 * @error: return location for an error
 *
 * Writes the manifest that describes @graph. It loads as the same graph from wherever it is put: its paths
 * are absolute. Of each test, only what is not as a manifest has it by default is written.
 *
 * Errors: %DAGSCHED_ERROR_FAILED if a manifest can't describe a test, such as one that a function carries
 * out; the message names all of these. What [method@Dagsched.Graph.validate] says of @graph.
 *
 * Returns: (transfer full): JSON text, or %NULL with @error
 *
 * Since: 1.0
 */
char *
dagsched_manifest_from_graph (DagschedGraph *graph, GError **error)
{
  g_autoptr (DagschedProblems) problems = dagsched_problems_new ();
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autofree char *current = g_get_current_dir ();
  Writer writer = { .graph = graph, .builder = builder, .problems = problems, .current_directory = current };

  g_return_val_if_fail (DAGSCHED_IS_GRAPH (graph), NULL);

  if (!dagsched_graph_validate (graph, error))
    return NULL;

  write_graph (&writer);
  if (!dagsched_problems_check (problems, error))
    return NULL;

  return generate (builder);
}
