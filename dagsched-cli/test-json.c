/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-json.h"

#include <string.h>

void
test_json_add_string (JsonBuilder *builder, const char *member, const char *value)
{
  json_builder_set_member_name (builder, member);
  if (value != NULL)
    json_builder_add_string_value (builder, value);
  else
    json_builder_add_null_value (builder);
}

void
test_json_add_strv (JsonBuilder *builder, const char *member, const char *const *values)
{
  json_builder_set_member_name (builder, member);
  json_builder_begin_array (builder);
  for (guint i = 0; values != NULL && values[i] != NULL; i++)
    json_builder_add_string_value (builder, values[i]);
  json_builder_end_array (builder);
}

void
test_json_add_seconds (JsonBuilder *builder, const char *member, double value)
{
  json_builder_set_member_name (builder, member);
  if (value > 0)
    json_builder_add_double_value (builder, value);
  else
    json_builder_add_null_value (builder);
}

void
test_json_add_amount (JsonBuilder *builder, const char *member, guint amount)
{
  json_builder_set_member_name (builder, member);
  if (amount == DAGSCHED_ALL)
    json_builder_add_string_value (builder, "all");
  else
    json_builder_add_int_value (builder, amount);
}

static void
add_boolean (JsonBuilder *builder, const char *member, gboolean value)
{
  json_builder_set_member_name (builder, member);
  json_builder_add_boolean_value (builder, value);
}

static void
add_integer (JsonBuilder *builder, const char *member, gint64 value)
{
  json_builder_set_member_name (builder, member);
  json_builder_add_int_value (builder, value);
}

void
test_json_add_identity (JsonBuilder *builder, DagschedTest *test)
{
  test_json_add_string (builder, "name", dagsched_test_get_name (test));
  test_json_add_strv (builder, "suites", dagsched_test_get_suites (test));
  test_json_add_strv (builder, "labels", dagsched_test_get_labels (test));
  test_json_add_string (builder, "origin", dagsched_test_get_origin (test));
}

static void
add_requirements (JsonBuilder *builder, DagschedTest *test)
{
  g_auto (GStrv) resources = dagsched_test_list_requirements (test);
  g_auto (GStrv) name_spaces = dagsched_test_list_group_name_spaces (test);

  json_builder_set_member_name (builder, "resources");
  json_builder_begin_object (builder);
  for (guint i = 0; resources != NULL && resources[i] != NULL; i++)
    test_json_add_amount (builder, resources[i], dagsched_test_get_requirement (test, resources[i]));
  json_builder_end_object (builder);

  json_builder_set_member_name (builder, "group");
  json_builder_begin_object (builder);
  for (guint i = 0; name_spaces != NULL && name_spaces[i] != NULL; i++)
    test_json_add_string (builder, name_spaces[i], dagsched_test_get_group (test, name_spaces[i]));
  json_builder_end_object (builder);
}

void
test_json_add_scheduling (JsonBuilder *builder, DagschedTest *test)
{
  add_integer (builder, "priority", dagsched_test_get_priority (test));
  test_json_add_amount (builder, "slots", dagsched_test_get_slots (test));
  add_boolean (builder, "exclusive", dagsched_test_get_exclusive (test));
  add_requirements (builder, test);
  test_json_add_seconds (builder, "timeout", dagsched_test_get_timeout (test));
  add_integer (builder, "retries", MAX (dagsched_test_get_retries (test), 0));
  add_boolean (builder, "expected-failure", dagsched_test_get_expected_failure (test));
  test_json_add_string (builder, "disabled", dagsched_test_get_disabled (test));
  test_json_add_string (builder, "defect", dagsched_test_get_defect (test));
  add_boolean (builder, "fixture", dagsched_test_get_fixture (test));
  test_json_add_string (builder, "cleanup", dagsched_test_get_cleanup (test));
  test_json_add_seconds (builder, "weight", dagsched_test_get_weight (test));
}

static void
add_environment (JsonBuilder *builder, const char *const *env)
{
  json_builder_set_member_name (builder, "env");
  json_builder_begin_object (builder);
  for (guint i = 0; env != NULL && env[i] != NULL; i++)
    {
      const char *equals = strchr (env[i], '=');
      g_autofree char *name =
        g_strndup (env[i], equals != NULL ? (gsize) (equals - env[i]) : strlen (env[i]));

      test_json_add_string (builder, name, equals != NULL ? equals + 1 : "");
    }
  json_builder_end_object (builder);
}

void
test_json_add_command (JsonBuilder *builder, DagschedTest *test)
{
  DagschedCommandTest *command;

  if (!DAGSCHED_IS_COMMAND_TEST (test))
    return;

  command = DAGSCHED_COMMAND_TEST (test);
  test_json_add_strv (builder, "command", dagsched_command_test_get_argv (command));
  test_json_add_string (builder, "workdir", dagsched_command_test_get_workdir (command));
  add_environment (builder, dagsched_command_test_get_env (command));
  test_json_add_strv (builder, "unset-env", dagsched_command_test_get_unset_env (command));
  test_json_add_string (builder, "protocol",
                        dagsched_protocol_to_string (dagsched_command_test_get_protocol (command)));
}

void
test_json_add_dependencies (JsonBuilder *builder, DagschedGraph *graph, DagschedTest *test)
{
  guint n_dependencies = dagsched_graph_get_n_dependencies (graph, test);

  json_builder_set_member_name (builder, "depends");
  json_builder_begin_array (builder);
  for (guint i = 0; i < n_dependencies; i++)
    {
      DagschedCondition condition;
      DagschedTest *dependency = dagsched_graph_get_dependency (graph, test, i, &condition);

      json_builder_begin_object (builder);
      test_json_add_string (builder, "test", dagsched_test_get_name (dependency));
      test_json_add_string (builder, "when", dagsched_condition_to_string (condition));
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
}
