/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "store/dagsched-log-parse-private.h"

#include <json-glib/json-glib.h>
#include <string.h>

#include "base/dagsched-error.h"
#include "model/dagsched-command-test.h"
#include "model/dagsched-test-private.h"
#include "store/dagsched-log-format-private.h"
#include "store/dagsched-log-members-private.h"
#include "store/dagsched-log-scan-private.h"

#define MAX_DEPTH 64

static DagschedVerdict
verdict_from_word (const char *word)
{
  for (guint i = DAGSCHED_VERDICT_SUCCESS; i <= DAGSCHED_VERDICT_INCOMPLETE; i++)
    {
      if (g_strcmp0 (word, dagsched_verdict_to_string (i)) == 0)
        return i;
    }

  return DAGSCHED_VERDICT_INCOMPLETE;
}

/* 0: not known. Nobody ran anything before 1970. */
static gint64
get_time_of_day (JsonObject *object, const char *member)
{
  g_autofree char *text = dagsched_log_dup_text (object, member);
  g_autoptr (GDateTime) time = text != NULL ? g_date_time_new_from_iso8601 (text, NULL) : NULL;

  if (time == NULL)
    return 0;

  return MAX (g_date_time_to_unix (time) * G_USEC_PER_SEC + g_date_time_get_microsecond (time), 0);
}

static void
read_header (JsonObject *object, DagschedLogLine *line)
{
  line->version = dagsched_log_get_int (object, "dagsched-log", 0, G_MAXINT64, 0);
  line->name = dagsched_log_dup_text (object, "name");
  line->started_at = get_time_of_day (object, "started-at");
  line->n_tests = dagsched_log_get_int (object, "n-tests", 0, DAGSCHED_MAX_TESTS, 0);
  line->n_workers = dagsched_log_get_int (object, "n-workers", 0, G_MAXUINT16, 0);
}

/* Those members of a test that are its properties by the same name. */
static void
read_properties (JsonObject *object, DagschedTest *test)
{
  static const char *const names[] = {
    "origin",     "suites",  "labels",      "priority",          "timeout",      "grace",
    "slow-after", "retries", "retry-delay", "exclusive",         "fixture",      "expected-failure",
    "disabled",   "defect",  "weight",      "expected-duration", "cleanup",      "env",
    "unset-env",  "workdir", "skip-code",   "stop-signal",       "output-limit",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    dagsched_log_set_property (object, names[i], G_OBJECT (test));
  for (guint i = 0; i < DAGSCHED_N_LIMITS; i++)
    dagsched_log_set_property (object, dagsched_limit_to_string (i), G_OBJECT (test));
}

static guint
get_amount (JsonNode *node)
{
  if (JSON_NODE_TYPE (node) != JSON_NODE_VALUE)
    return 1;
  if (json_node_get_value_type (node) == G_TYPE_STRING)
    return DAGSCHED_ALL;

  return CLAMP (json_node_get_int (node), 1, G_MAXUINT32 - 1);
}

static void
read_resource (JsonArray *array, guint index, JsonNode *node, gpointer test)
{
  JsonArray *pair = JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  g_autofree char *name = NULL;

  if (pair == NULL || json_array_get_length (pair) != 2)
    return;

  name = dagsched_log_dup_node_text (json_array_get_element (pair, 0));
  if (name != NULL)
    dagsched_test_set_requirement (test, name, get_amount (json_array_get_element (pair, 1)));
}

static void
read_group (JsonArray *array, guint index, JsonNode *node, gpointer test)
{
  g_auto (GStrv) pair = dagsched_log_dup_node_list (node);

  if (pair != NULL && g_strv_length (pair) == 2)
    dagsched_test_set_group (test, pair[0], pair[1]);
}

static void
read_dependency (JsonArray *array, guint index, JsonNode *node, gpointer dependencies)
{
  JsonArray *pair = JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  DagschedLogDependency dependency = { .condition = DAGSCHED_CONDITION_SUCCESS };
  g_autofree char *word = NULL;

  if (pair == NULL || json_array_get_length (pair) != 2)
    return;

  word = dagsched_log_dup_node_text (json_array_get_element (pair, 1));
  dependency.number =
    dagsched_log_get_node_int (json_array_get_element (pair, 0), 0, G_MAXUINT32, G_MAXUINT32);
  dagsched_condition_from_string (word, &dependency.condition);
  g_array_append_val (dependencies, dependency);
}

static void
for_each (JsonObject *object, const char *member, JsonArrayForeach func, gpointer data)
{
  JsonNode *node = json_object_get_member (object, member);

  if (node != NULL && JSON_NODE_HOLDS_ARRAY (node))
    json_array_foreach_element (json_node_get_array (node), func, data);
}

static void
read_test (JsonObject *object, DagschedLogLine *line)
{
  g_autofree char *name = dagsched_log_dup_text (object, "name");
  g_autofree char *protocol_word = dagsched_log_dup_text (object, "protocol");
  g_auto (GStrv) command = dagsched_log_dup_node_list (json_object_get_member (object, "command"));
  DagschedProtocol protocol = DAGSCHED_PROTOCOL_EXITCODE;
  DagschedCommandTest *test;

  test = dagsched_command_test_new (name != NULL ? name : "", (const char *const *) command);
  line->test = DAGSCHED_TEST (test);
  dagsched_test_set_repetition (line->test, dagsched_log_get_int (object, "repetition", 0, G_MAXUINT32, 0));
  read_properties (object, line->test);
  if (json_object_has_member (object, "slots"))
    dagsched_test_set_slots (line->test, get_amount (json_object_get_member (object, "slots")));
  if (dagsched_protocol_from_string (protocol_word, &protocol))
    dagsched_command_test_set_protocol (test, protocol);
  for_each (object, "resources", read_resource, test);
  for_each (object, "groups", read_group, test);

  line->dependencies = g_array_new (FALSE, FALSE, sizeof (DagschedLogDependency));
  for_each (object, "depends", read_dependency, line->dependencies);
}

static DagschedFlags
get_flags (JsonObject *object)
{
  g_auto (GStrv) words = dagsched_log_dup_node_list (json_object_get_member (object, "flags"));
  DagschedFlags flags = DAGSCHED_FLAGS_NONE;

  for (guint i = 0; words != NULL && i < DAGSCHED_LOG_N_FLAGS; i++)
    {
      if (g_strv_contains ((const char *const *) words, dagsched_log_flag_to_string (i)))
        flags |= 1u << i;
    }

  return flags;
}

static void
read_outcome (JsonObject *object, DagschedResult *result)
{
  g_autofree char *word = dagsched_log_dup_text (object, "outcome");

  if (!dagsched_outcome_from_string (word, &result->outcome) || result->outcome == DAGSCHED_OUTCOME_NONE)
    result->outcome = DAGSCHED_OUTCOME_ERRORED;
  result->flags = get_flags (object);
  result->reason = dagsched_log_dup_text (object, "reason");
}

static void
read_attempt (JsonObject *object, DagschedLogLine *line)
{
  DagschedResult *result = &line->result;

  read_outcome (object, result);
  result->exit_status = dagsched_log_get_int (object, "exit-status", -1, G_MAXINT, -1);
  result->term_signal = dagsched_log_get_int (object, "signal", 0, 1024, 0);
  result->artifacts = dagsched_log_dup_text (object, "artifacts");
  result->lost = dagsched_log_get_boolean (object, "lost");
  result->standard_output = dagsched_log_get_bytes (object, "stdout");
  result->standard_error = dagsched_log_get_bytes (object, "stderr");
  line->start = dagsched_log_get_double (object, "start");
  line->duration = dagsched_log_get_double (object, "duration");
  line->will_retry = dagsched_log_get_boolean (object, "will-retry");
}

static void
read_end (JsonObject *object, DagschedLogLine *line)
{
  g_autofree char *word = dagsched_log_dup_text (object, "verdict");

  line->verdict = verdict_from_word (word);
  line->problem = dagsched_log_dup_text (object, "problem");
}

static void
read_finished (JsonObject *object, DagschedLogLine *line)
{
  read_outcome (object, &line->result);
  line->attempt = dagsched_log_get_int (object, "attempts", 0, G_MAXUINT32, 0);
  line->blocked_by = dagsched_log_get_int (object, "blocked-by", 0, G_MAXUINT32, G_MAXUINT32);
}

static DagschedLogLineKind
get_kind (JsonObject *object)
{
  g_autofree char *event = dagsched_log_dup_text (object, "event");

  if (event == NULL && json_object_has_member (object, "dagsched-log"))
    return DAGSCHED_LOG_LINE_HEADER;
  if (event == NULL && json_object_has_member (object, "test"))
    return DAGSCHED_LOG_LINE_TEST;
  if (g_strcmp0 (event, "started") == 0)
    return DAGSCHED_LOG_LINE_STARTED;
  if (g_strcmp0 (event, "attempt") == 0)
    return DAGSCHED_LOG_LINE_ATTEMPT;
  if (g_strcmp0 (event, "finished") == 0)
    return DAGSCHED_LOG_LINE_FINISHED;
  if (g_strcmp0 (event, "end") == 0)
    return DAGSCHED_LOG_LINE_END;

  return DAGSCHED_LOG_LINE_UNKNOWN;
}

static void
read_line (JsonObject *object, DagschedLogLine *line)
{
  line->number = dagsched_log_get_int (object, "test", 0, G_MAXUINT32, G_MAXUINT32);
  line->time = dagsched_log_get_double (object, "time");
  line->attempt = dagsched_log_get_int (object, "attempt", 0, G_MAXUINT32, 1);
  line->worker = dagsched_log_get_int (object, "worker", 0, G_MAXUINT16, DAGSCHED_NO_WORKER);

  if (line->kind == DAGSCHED_LOG_LINE_HEADER)
    read_header (object, line);
  else if (line->kind == DAGSCHED_LOG_LINE_TEST)
    read_test (object, line);
  else if (line->kind == DAGSCHED_LOG_LINE_ATTEMPT)
    read_attempt (object, line);
  else if (line->kind == DAGSCHED_LOG_LINE_FINISHED)
    read_finished (object, line);
  else if (line->kind == DAGSCHED_LOG_LINE_END)
    read_end (object, line);
}

/* The parser takes what is no JSON: several values, other quotes, and comments, in which brackets could hide. And it
 * recurses: no line of ours nests deeper than four. */
static gboolean
is_one_object (const char *data, gsize length)
{
  gboolean in_string = FALSE, has_ended = FALSE;
  guint depth = 0;

  for (const char *at = data; at < data + length; at++)
    {
      if (in_string && *at == '\\')
        at++;
      else if (*at == '"' && depth > 0)
        in_string = !in_string;
      else if (in_string || g_ascii_isspace (*at))
        continue;
      else if (*at == '{' || (*at == '[' && depth > 0))
        depth++;
      else if (depth > 0 && (*at == '}' || *at == ']'))
        has_ended = --depth == 0;
      else if (depth == 0 || strchr ("/'#", *at) != NULL)
        return FALSE;
      if (depth > MAX_DEPTH || (depth > 0 && has_ended))
        return FALSE;
    }

  return has_ended;
}

static JsonParser *
parse (const char *data, gsize length, JsonObject **object, GError **error)
{
  /* An immutable one leaks what it read of a line that is none. */
  g_autoptr (JsonParser) parser = json_parser_new ();
  JsonNode *root = NULL;

  if (length <= G_MAXSSIZE && is_one_object (data, length) &&
      json_parser_load_from_data (parser, data, length, NULL))
    root = json_parser_get_root (parser);
  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root))
    {
      g_set_error_literal (error, DAGSCHED_ERROR, DAGSCHED_ERROR_PARSE, "not a JSON object");
      return NULL;
    }

  *object = json_node_get_object (root);
  return g_steal_pointer (&parser);
}

void
dagsched_log_line_init (DagschedLogLine *line, DagschedLogLineKind kind)
{
  const DagschedLogLine empty = {
    .kind = kind,
    .number = G_MAXUINT32,
    .attempt = kind == DAGSCHED_LOG_LINE_FINISHED ? 0 : 1,
    .worker = DAGSCHED_NO_WORKER,
    .result = DAGSCHED_RESULT_INIT,
    .blocked_by = G_MAXUINT32,
  };

  *line = empty;
  if (kind == DAGSCHED_LOG_LINE_ATTEMPT || kind == DAGSCHED_LOG_LINE_FINISHED)
    line->result.outcome = DAGSCHED_OUTCOME_ERRORED;
}

gboolean
dagsched_log_parse_json (const char *data, gsize length, DagschedLogLine *line, GError **error)
{
  JsonObject *object;
  g_autoptr (JsonParser) parser = parse (data, length, &object, error);

  if (parser == NULL)
    return FALSE;

  dagsched_log_line_init (line, get_kind (object));
  read_line (object, line);

  return TRUE;
}

gboolean
dagsched_log_parse_line (const char *data, gsize length, DagschedLogLine *line, GError **error)
{
  return dagsched_log_scan_line (data, length, line) || dagsched_log_parse_json (data, length, line, error);
}

void
dagsched_log_line_clear (DagschedLogLine *line)
{
  g_clear_pointer (&line->name, g_free);
  g_clear_object (&line->test);
  g_clear_pointer (&line->dependencies, g_array_unref);
  dagsched_result_clear (&line->result);
  g_clear_pointer (&line->problem, g_free);
}

gboolean
dagsched_log_parse_output (GBytes *line, GBytes **standard_output, GBytes **standard_error)
{
  gsize length;
  const char *data = g_bytes_get_data (line, &length);
  JsonObject *object;
  g_autoptr (JsonParser) parser = parse (data, length, &object, NULL);

  if (parser == NULL)
    return FALSE;

  *standard_output = dagsched_log_get_bytes (object, "stdout");
  *standard_error = dagsched_log_get_bytes (object, "stderr");

  return TRUE;
}
