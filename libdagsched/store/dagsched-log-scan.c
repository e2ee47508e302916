/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "store/dagsched-log-scan-private.h"

#include <string.h>

#include "model/dagsched-command-test.h"
#include "model/dagsched-test-private.h"
#include "store/dagsched-json-scanner-private.h"
#include "store/dagsched-log-format-private.h"

typedef struct _Member Member;
typedef gboolean (*ScanMember) (DagschedJsonScanner *scanner, const Member *member, DagschedLogLine *line);

struct _Member
{
  const char *name;
  ScanMember scan;
  gsize offset; /* of the field in DagschedLogLine, where scan() sets one */
  gint64 min;   /* of an integer */
  gint64 max;
};

#define FIELD(line, member, type) ((type *) G_STRUCT_MEMBER_P (line, (member)->offset))

static gboolean
scan_number (DagschedJsonScanner *scanner, const Member *member, DagschedLogLine *line)
{
  gint64 value;

  if (!dagsched_json_scan_integer (scanner, member->min, member->max, &value))
    return FALSE;

  *FIELD (line, member, guint32) = (guint32) value; /* or an int, which may be -1 */
  return TRUE;
}

static gboolean
scan_seconds (DagschedJsonScanner *scanner, const Member *member, DagschedLogLine *line)
{
  return dagsched_json_scan_double (scanner, FIELD (line, member, double));
}

static gboolean
scan_true (DagschedJsonScanner *scanner, const Member *member, DagschedLogLine *line)
{
  *FIELD (line, member, gboolean) = TRUE;

  return dagsched_json_scan_exactly (scanner, "true");
}

static gboolean
scan_text (DagschedJsonScanner *scanner, const Member *member, DagschedLogLine *line)
{
  return (*FIELD (line, member, char *) = dagsched_json_scan_text (scanner, NULL)) != NULL;
}

static gboolean
scan_bytes (DagschedJsonScanner *scanner, const Member *member, DagschedLogLine *line)
{
  gsize length;
  char *text = dagsched_json_scan_text (scanner, &length);

  if (text == NULL)
    return FALSE;

  *FIELD (line, member, GBytes *) = g_bytes_new_take (text, length);
  return TRUE;
}

static gboolean
scan_outcome (DagschedJsonScanner *scanner, const Member *member, DagschedLogLine *line)
{
  char word[DAGSCHED_JSON_MAX_WORD];

  return dagsched_json_scan_word (scanner, word) &&
         dagsched_outcome_from_string (word, &line->result.outcome) &&
         line->result.outcome != DAGSCHED_OUTCOME_NONE;
}

static gboolean
scan_flags (DagschedJsonScanner *scanner, const Member *member, DagschedLogLine *line)
{
  g_auto (GStrv) words = dagsched_json_scan_list (scanner);

  for (guint i = 0; words != NULL && i < DAGSCHED_LOG_N_FLAGS; i++)
    {
      if (g_strv_contains ((const char *const *) words, dagsched_log_flag_to_string (i)))
        line->result.flags |= 1u << i;
    }

  return words != NULL;
}

static gboolean
scan_name (DagschedJsonScanner *scanner, const Member *member, DagschedLogLine *line)
{
  g_autofree char *name = dagsched_json_scan_text (scanner, NULL);

  if (name == NULL)
    return FALSE;

  line->test = DAGSCHED_TEST (dagsched_command_test_new (name, NULL));
  return TRUE;
}

static gboolean
scan_command (DagschedJsonScanner *scanner, const Member *member, DagschedLogLine *line)
{
  g_auto (GStrv) command = dagsched_json_scan_list (scanner);

  if (command == NULL || line->test == NULL)
    return FALSE;

  dagsched_command_test_set_argv (DAGSCHED_COMMAND_TEST (line->test), (const char *const *) command);
  return TRUE;
}

static gboolean
scan_dependency (DagschedJsonScanner *scanner, GArray *dependencies)
{
  DagschedLogDependency dependency;
  char word[DAGSCHED_JSON_MAX_WORD];
  gint64 number;

  if (!dagsched_json_scan_exactly (scanner, "[") ||
      !dagsched_json_scan_integer (scanner, 0, G_MAXUINT32, &number) ||
      !dagsched_json_scan_exactly (scanner, ",") || !dagsched_json_scan_word (scanner, word) ||
      !dagsched_condition_from_string (word, &dependency.condition))
    return FALSE;

  dependency.number = (guint32) number;
  g_array_append_val (dependencies, dependency);
  return dagsched_json_scan_exactly (scanner, "]");
}

static gboolean
scan_dependencies (DagschedJsonScanner *scanner, const Member *member, DagschedLogLine *line)
{
  if (!dagsched_json_scan_exactly (scanner, "["))
    return FALSE;

  do
    {
      if (!scan_dependency (scanner, line->dependencies))
        return FALSE;
    }
  while (dagsched_json_scan_exactly (scanner, ","));

  return dagsched_json_scan_exactly (scanner, "]");
}

static gboolean
scan_value (DagschedJsonScanner *scanner, GValue *value)
{
  gint64 integer;
  double number;

  switch (G_VALUE_TYPE (value))
    {
    case G_TYPE_STRING:
      g_value_take_string (value, dagsched_json_scan_text (scanner, NULL));
      return g_value_get_string (value) != NULL;
    case G_TYPE_BOOLEAN:
      g_value_set_boolean (value, TRUE);
      return dagsched_json_scan_exactly (scanner, "true");
    case G_TYPE_DOUBLE:
      if (!dagsched_json_scan_double (scanner, &number))
        return FALSE;
      g_value_set_double (value, number);
      return TRUE;
    case G_TYPE_INT:
      if (!dagsched_json_scan_integer (scanner, G_MININT, G_MAXINT, &integer))
        return FALSE;
      g_value_set_int (value, (int) integer);
      return TRUE;
    default: /* a boxed type is no constant */
      g_assert (G_VALUE_HOLDS (value, G_TYPE_STRV));
      g_value_take_boxed (value, dagsched_json_scan_list (scanner));
      return g_value_get_boxed (value) != NULL;
    }
}

/* A property by the name of the member. */
static gboolean
scan_property (DagschedJsonScanner *scanner, const Member *member, DagschedLogLine *line)
{
  g_auto (GValue) value = G_VALUE_INIT;
  GParamSpec *pspec;

  if (line->test == NULL)
    return FALSE;

  pspec = g_object_class_find_property (G_OBJECT_GET_CLASS (line->test), member->name);
  g_assert (pspec != NULL);
  g_value_init (&value, pspec->value_type);
  if (!scan_value (scanner, &value) || g_param_value_validate (pspec, &value))
    return FALSE;

  g_object_set_property (G_OBJECT (line->test), member->name, &value);
  return TRUE;
}

#define OFFSET(field) G_STRUCT_OFFSET (DagschedLogLine, field)

/* In the order in which they are written; a member may be left out. */
static const Member test_members[] = {
  { .name = "name", .scan = scan_name },
  { .name = "depends", .scan = scan_dependencies },
  { .name = "origin", .scan = scan_property },
  { .name = "suites", .scan = scan_property },
  { .name = "labels", .scan = scan_property },
  { .name = "priority", .scan = scan_property },
  { .name = "timeout", .scan = scan_property },
  { .name = "grace", .scan = scan_property },
  { .name = "slow-after", .scan = scan_property },
  { .name = "retries", .scan = scan_property },
  { .name = "retry-delay", .scan = scan_property },
  { .name = "exclusive", .scan = scan_property },
  { .name = "expected-failure", .scan = scan_property },
  { .name = "disabled", .scan = scan_property },
  { .name = "defect", .scan = scan_property },
  { .name = "weight", .scan = scan_property },
  { .name = "expected-duration", .scan = scan_property },
  { .name = "fixture", .scan = scan_property },
  { .name = "cleanup", .scan = scan_property },
  { .name = "command", .scan = scan_command },
  { .name = "env", .scan = scan_property },
  { .name = "unset-env", .scan = scan_property },
  { .name = "workdir", .scan = scan_property },
  { .name = "skip-code", .scan = scan_property },
};

#define NUMBER(member, field, low, high)                                                                     \
  {                                                                                                          \
    .name = member, .scan = scan_number, .offset = OFFSET (field), .min = low, .max = high                   \
  }
#define TEST NUMBER ("test", number, 0, G_MAXUINT32)
#define TIME                                                                                                 \
  {                                                                                                          \
    .name = "time", .scan = scan_seconds, .offset = OFFSET (time)                                            \
  }
#define ATTEMPT NUMBER ("attempt", attempt, 0, G_MAXUINT32)
#define WORKER NUMBER ("worker", worker, 0, G_MAXUINT16)
#define FLAGS                                                                                                \
  {                                                                                                          \
    .name = "flags", .scan = scan_flags                                                                      \
  }
#define REASON                                                                                               \
  {                                                                                                          \
    .name = "reason", .scan = scan_text, .offset = OFFSET (result.reason)                                    \
  }

static const Member started_members[] = { TEST, TIME, ATTEMPT, WORKER };

static const Member attempt_members[] = {
  TEST,
  TIME,
  ATTEMPT,
  WORKER,
  { .name = "outcome", .scan = scan_outcome },
  { .name = "start", .scan = scan_seconds, .offset = OFFSET (start) },
  { .name = "duration", .scan = scan_seconds, .offset = OFFSET (duration) },
  { .name = "will-retry", .scan = scan_true, .offset = OFFSET (will_retry) },
  FLAGS,
  NUMBER ("exit-status", result.exit_status, -1, G_MAXINT),
  NUMBER ("signal", result.term_signal, 0, 1024),
  REASON,
  { .name = "lost", .scan = scan_true, .offset = OFFSET (result.lost) },
  { .name = "artifacts", .scan = scan_text, .offset = OFFSET (result.artifacts) },
  { .name = "stdout", .scan = scan_bytes, .offset = OFFSET (result.standard_output) },
  { .name = "stderr", .scan = scan_bytes, .offset = OFFSET (result.standard_error) },
};

static const Member finished_members[] = {
  TEST,
  TIME,
  { .name = "outcome", .scan = scan_outcome },
  NUMBER ("attempts", attempt, 0, G_MAXUINT32),
  FLAGS,
  NUMBER ("blocked-by", blocked_by, 0, G_MAXUINT32),
  REASON,
};

typedef struct
{
  const char *start; /* of the line */
  DagschedLogLineKind kind;
  const Member *members;
  gsize n_members;
} Kind;

#define KIND(line_start, line_kind, kind_members)                                                            \
  {                                                                                                          \
    .start = line_start, .kind = DAGSCHED_LOG_LINE_##line_kind, .members = kind_members,                     \
    .n_members = G_N_ELEMENTS (kind_members)                                                                 \
  }

static const Kind kinds[] = {
  KIND ("{\"event\":\"started\"", STARTED, started_members),
  KIND ("{\"event\":\"attempt\"", ATTEMPT, attempt_members),
  KIND ("{\"event\":\"finished\"", FINISHED, finished_members),
  KIND ("{\"test\":", TEST, test_members),
};

/* The next member's, from *next on, and past it. */
static const Member *
find_member (DagschedJsonScanner *scanner, const Kind *kind, gsize *next)
{
  if (!dagsched_json_scan_exactly (scanner, ",\""))
    return NULL;

  while (*next < kind->n_members)
    {
      const Member *member = &kind->members[(*next)++];
      const char *start = scanner->position;

      if (dagsched_json_scan_exactly (scanner, member->name) && dagsched_json_scan_exactly (scanner, "\":"))
        return member;
      scanner->position = start;
    }

  return NULL;
}

static gboolean
scan_members (DagschedJsonScanner *scanner, const Kind *kind, DagschedLogLine *line)
{
  gsize next = 0;

  while (!dagsched_json_scan_exactly (scanner, "}"))
    {
      const Member *member = find_member (scanner, kind, &next);

      if (member == NULL || !member->scan (scanner, member, line))
        return FALSE;
    }

  return scanner->position == scanner->end;
}

/* The rest of a line of a test, whose number comes without a name here: that is what tells its kind. */
static gboolean
scan_test (DagschedJsonScanner *scanner, const Kind *kind, DagschedLogLine *line)
{
  static const Member number = TEST;

  line->dependencies = g_array_new (FALSE, FALSE, sizeof (DagschedLogDependency));

  return scan_number (scanner, &number, line) && scan_members (scanner, kind, line) && line->test != NULL;
}

gboolean
dagsched_log_scan_line (const char *data, gsize length, DagschedLogLine *line)
{
  DagschedJsonScanner scanner = { .position = data, .end = data + length };
  const Kind *kind = NULL;
  gboolean is_scanned;

  for (gsize i = 0; i < G_N_ELEMENTS (kinds) && kind == NULL; i++)
    kind = dagsched_json_scan_exactly (&scanner, kinds[i].start) ? &kinds[i] : NULL;
  if (kind == NULL)
    return FALSE;

  dagsched_log_line_init (line, kind->kind);
  is_scanned = kind->kind == DAGSCHED_LOG_LINE_TEST ? scan_test (&scanner, kind, line)
                                                    : scan_members (&scanner, kind, line);
  if (!is_scanned)
    dagsched_log_line_clear (line);

  return is_scanned;
}
