/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "source/dagsched-members-private.h"

#include <string.h>

#include "base/dagsched-suggest-private.h"
#include "model/dagsched-command-test.h"
#include "source/dagsched-command-members-private.h"

#define TEST DAGSCHED_MEMBERS_TEST
#define DEFAULTS DAGSCHED_MEMBERS_DEFAULTS
#define OVERRIDE DAGSCHED_MEMBERS_OVERRIDE
#define ANYWHERE (TEST | DEFAULTS | OVERRIDE)

typedef void (*ApplyFunc) (const DagschedMembersContext *context,
                           JsonNode *node,
                           const DagschedPlace *place,
                           DagschedTest *test);

gboolean
dagsched_members_is_name (const char *name)
{
  if (*name == '\0')
    return FALSE;
  for (; *name != '\0'; name++)
    {
      if (g_ascii_iscntrl (*name))
        return FALSE;
    }

  return TRUE;
}

const char *
dagsched_members_read_name (JsonNode *node, const DagschedPlace *place)
{
  const char *name = dagsched_json_get_word (node, place, "a name (a string that is not empty)");

  if (name != NULL && !dagsched_members_is_name (name))
    {
      dagsched_place_add_problem (place, "a name can't hold control characters, such as new lines");
      return NULL;
    }

  return name;
}

static void
apply_priority (const DagschedMembersContext *context,
                JsonNode *node,
                const DagschedPlace *place,
                DagschedTest *test)
{
  gint64 priority;

  if (dagsched_json_get_integer (node, place, G_MININT32, G_MAXINT32, &priority))
    dagsched_test_set_priority (test, (int) priority);
}

static void
apply_retries (const DagschedMembersContext *context,
               JsonNode *node,
               const DagschedPlace *place,
               DagschedTest *test)
{
  gint64 retries;

  if (dagsched_json_get_integer (node, place, 0, G_MAXINT32, &retries))
    dagsched_test_set_retries (test, (int) retries);
}

/* A number, or "all". */
static gboolean
get_amount (JsonNode *node, const DagschedPlace *place, guint least, guint *amount)
{
  gint64 number;

  if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING)
    {
      if (g_strcmp0 (json_node_get_string (node), "all") != 0)
        {
          dagsched_place_add_problem (place, "expected an integer ≥ %u or \"all\", found \"%s\"", least,
                                      json_node_get_string (node));
          return FALSE;
        }
      *amount = DAGSCHED_ALL;
      return TRUE;
    }
  if (!dagsched_json_get_integer (node, place, least, DAGSCHED_ALL - 1, &number))
    return FALSE;
  *amount = (guint) number;

  return TRUE;
}

static void
apply_slots (const DagschedMembersContext *context,
             JsonNode *node,
             const DagschedPlace *place,
             DagschedTest *test)
{
  guint slots;

  if (get_amount (node, place, 1, &slots))
    dagsched_test_set_slots (test, slots);
}

static void
apply_resources (const DagschedMembersContext *context,
                 JsonNode *node,
                 const DagschedPlace *place,
                 DagschedTest *test)
{
  JsonObject *object = dagsched_json_get_object (node, place, "an object of amounts");
  JsonObjectIter iter;
  const char *name;
  JsonNode *member;

  if (object == NULL)
    return;

  json_object_iter_init_ordered (&iter, object);
  while (json_object_iter_next_ordered (&iter, &name, &member))
    {
      DagschedPlace amount_place = DAGSCHED_PLACE_MEMBER (place, name);
      guint amount;

      if (get_amount (member, &amount_place, 0, &amount))
        dagsched_test_set_requirement (test, name, amount);
    }
}

static void
apply_group (const DagschedMembersContext *context,
             JsonNode *node,
             const DagschedPlace *place,
             DagschedTest *test)
{
  JsonObject *object =
    dagsched_json_get_object (node, place, "an object that names a group in each name-space");
  JsonObjectIter iter;
  const char *name;
  JsonNode *member;

  if (object == NULL)
    return;

  json_object_iter_init_ordered (&iter, object);
  while (json_object_iter_next_ordered (&iter, &name, &member))
    {
      DagschedPlace group_place = DAGSCHED_PLACE_MEMBER (place, name);
      const char *group = dagsched_json_get_word (member, &group_place, "the name of a group");

      if (group != NULL)
        dagsched_test_set_group (test, name, group);
    }
}

/* A reason; false takes back what defaults or earlier overrides say. */
static void
apply_disabled (const DagschedMembersContext *context,
                JsonNode *node,
                const DagschedPlace *place,
                DagschedTest *test)
{
  const char *reason;

  if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_BOOLEAN &&
      !json_node_get_boolean (node))
    {
      dagsched_test_set_disabled (test, NULL);
      return;
    }

  reason = dagsched_json_get_word (node, place, "a reason (a string that is not empty) or false");
  if (reason != NULL)
    dagsched_test_set_disabled (test, reason);
}

static void
apply_fixture (const DagschedMembersContext *context,
               JsonNode *node,
               const DagschedPlace *place,
               DagschedTest *test)
{
  static const char *const known[] = { "cleanup", NULL };
  DagschedPlace cleanup_place = DAGSCHED_PLACE_MEMBER (place, "cleanup");
  const char *cleanup = NULL;
  JsonObject *object;
  JsonNode *member;

  if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_BOOLEAN)
    {
      dagsched_test_set_fixture (test, json_node_get_boolean (node));
      dagsched_test_set_cleanup (test, NULL);
      return;
    }

  object = dagsched_json_get_object (node, place, "true, false or an object with the member \"cleanup\"");
  if (object == NULL)
    return;

  dagsched_members_check_unknown (object, place, known);
  member = json_object_get_member (object, "cleanup");
  if (member != NULL)
    cleanup = dagsched_members_read_name (member, &cleanup_place);
  dagsched_test_set_fixture (test, TRUE);
  dagsched_test_set_cleanup (test, cleanup);
}

static gboolean
read_condition (JsonNode *node, const DagschedPlace *place, guint8 *condition)
{
  const char *word = dagsched_json_get_string (node, place, "\"success\", \"always\" or \"failure\"");
  DagschedSuggestion suggestion;
  g_autofree char *text = NULL;
  DagschedCondition value;

  if (word == NULL)
    return FALSE;
  if (dagsched_condition_from_string (word, &value))
    {
      *condition = value;
      return TRUE;
    }

  dagsched_suggestion_init (&suggestion, word);
  for (guint i = DAGSCHED_CONDITION_SUCCESS; i <= DAGSCHED_CONDITION_FAILURE; i++)
    dagsched_suggestion_offer (&suggestion, dagsched_condition_to_string (i));
  text = dagsched_suggestion_dup_text (&suggestion);
  dagsched_place_add_problem (place, "expected \"success\", \"always\" or \"failure\", found \"%s\"%s", word,
                              text);

  return FALSE;
}

static const char *
read_dependency (JsonNode *node, const DagschedPlace *place, guint8 *condition)
{
  static const char *const known[] = { "test", "when", NULL };
  DagschedPlace test_place = DAGSCHED_PLACE_MEMBER (place, "test");
  DagschedPlace when_place = DAGSCHED_PLACE_MEMBER (place, "when");
  JsonObject *object;
  JsonNode *test, *when;

  if (!JSON_NODE_HOLDS_OBJECT (node))
    return dagsched_json_get_word (node, place,
                                   "the name of a test, or an object with \"test\" and \"when\"");

  object = json_node_get_object (node);
  dagsched_members_check_unknown (object, place, known);
  test = json_object_get_member (object, "test");
  when = json_object_get_member (object, "when");
  if (when != NULL && !read_condition (when, &when_place, condition))
    return NULL;
  if (test == NULL)
    {
      dagsched_place_add_problem (place, "has no \"test\"");
      return NULL;
    }

  return dagsched_json_get_word (test, &test_place, "the name of a test");
}

static void
apply_depends (const DagschedMembersContext *context,
               JsonNode *node,
               const DagschedPlace *place,
               DagschedTest *test)
{
  JsonArray *array = dagsched_json_get_array (node, place, "an array of dependencies");
  guint n = array != NULL ? json_array_get_length (array) : 0;

  for (guint i = 0; i < n; i++)
    {
      DagschedPlace element = DAGSCHED_PLACE_ELEMENT (place, i);
      DagschedPending pending = {
        .dependent = test,
        .place = context->depends_place,
        .index = i,
        .condition = DAGSCHED_CONDITION_SUCCESS,
        .of_pattern = context->of_pattern,
      };
      const char *name = read_dependency (json_array_get_element (array, i), &element, &pending.condition);

      if (name == NULL)
        continue;
      pending.name = g_string_chunk_insert (context->names, name);
      g_array_append_val (context->pending, pending);
    }
}

/* The reader of a manifest has looked at it already. */
typedef struct
{
  const char *name;
  DagschedMembersUse use;
  gboolean of_commands; /* only DagschedCommandTests have it */
  gboolean merges;      /* with that of the defaults; the others replace it */
  /* One of these; none: it was read before. */
  ApplyFunc apply;
  void (*set_words) (DagschedTest *test, const char *const *words);
  void (*set_seconds) (DagschedTest *test, double seconds);
  void (*set_boolean) (DagschedTest *test, gboolean boolean);
} MemberInfo;

/* Sorted by name. */
#define WORDS(setter) .set_words = setter
#define SECONDS(setter) .set_seconds = setter
#define BOOLEAN(setter) .set_boolean = setter

static const MemberInfo members[] = {
  { "command", TEST | OVERRIDE, TRUE, FALSE, dagsched_command_members_apply_command },
  { "cpu-limit", ANYWHERE, TRUE, FALSE, dagsched_command_members_apply_cpu_limit },
  { "depends", TEST | OVERRIDE, FALSE, FALSE, apply_depends },
  { "disabled", ANYWHERE, FALSE, FALSE, apply_disabled },
  { "env", ANYWHERE, TRUE, TRUE, dagsched_command_members_apply_env },
  { "exclusive", ANYWHERE, FALSE, FALSE, BOOLEAN (dagsched_test_set_exclusive) },
  { "expected-failure", ANYWHERE, FALSE, FALSE, BOOLEAN (dagsched_test_set_expected_failure) },
  { "fixture", TEST | OVERRIDE, FALSE, FALSE, apply_fixture },
  { "grace", ANYWHERE, FALSE, FALSE, SECONDS (dagsched_test_set_grace) },
  { "group", ANYWHERE, FALSE, TRUE, apply_group },
  { "labels", ANYWHERE, FALSE, FALSE, WORDS (dagsched_test_set_labels) },
  { "memory-limit", ANYWHERE, TRUE, FALSE, dagsched_command_members_apply_memory_limit },
  { "name", TEST },
  { "open-files-limit", ANYWHERE, TRUE, FALSE, dagsched_command_members_apply_open_files_limit },
  { "output-limit", ANYWHERE, TRUE, FALSE, dagsched_command_members_apply_output_limit },
  { "priority", ANYWHERE, FALSE, FALSE, apply_priority },
  { "process-limit", ANYWHERE, TRUE, FALSE, dagsched_command_members_apply_process_limit },
  { "protocol", ANYWHERE, TRUE, FALSE, dagsched_command_members_apply_protocol },
  { "resources", ANYWHERE, FALSE, TRUE, apply_resources },
  { "retries", ANYWHERE, FALSE, FALSE, apply_retries },
  { "retry-delay", ANYWHERE, FALSE, FALSE, SECONDS (dagsched_test_set_retry_delay) },
  { "skip-code", ANYWHERE, TRUE, FALSE, dagsched_command_members_apply_skip_code },
  { "slots", ANYWHERE, FALSE, FALSE, apply_slots },
  { "slow-after", ANYWHERE, FALSE, FALSE, SECONDS (dagsched_test_set_slow_after) },
  { "stop-signal", ANYWHERE, TRUE, FALSE, dagsched_command_members_apply_stop_signal },
  { "suites", ANYWHERE, FALSE, FALSE, WORDS (dagsched_test_set_suites) },
  { "timeout", ANYWHERE, FALSE, FALSE, SECONDS (dagsched_test_set_timeout) },
  { "unset-env", ANYWHERE, TRUE, FALSE, dagsched_command_members_apply_unset_env },
  { "weight", ANYWHERE, FALSE, FALSE, SECONDS (dagsched_test_set_weight) },
  { "workdir", ANYWHERE, TRUE, FALSE, dagsched_command_members_apply_workdir },
};

static void
apply_member (const MemberInfo *member,
              const DagschedMembersContext *context,
              JsonNode *node,
              const DagschedPlace *place,
              DagschedTest *test)
{
  g_autofree const char **words = NULL;
  double seconds;
  gboolean boolean;

  if (member->apply != NULL)
    member->apply (context, node, place, test);
  else if (member->set_words != NULL &&
           (words = dagsched_json_get_words (node, place, "an array of strings")) != NULL)
    member->set_words (test, words);
  else if (member->set_seconds != NULL && dagsched_json_get_seconds (node, place, &seconds))
    member->set_seconds (test, seconds);
  else if (member->set_boolean != NULL && dagsched_json_get_boolean (node, place, &boolean))
    member->set_boolean (test, boolean);
}

static const MemberInfo *
find_member (const char *name, DagschedMembersUse use)
{
  guint low = 0, high = G_N_ELEMENTS (members);

  while (low < high)
    {
      guint middle = (low + high) / 2;
      int order = strcmp (name, members[middle].name);

      if (order == 0)
        return (members[middle].use & use) != 0 ? &members[middle] : NULL;
      if (order < 0)
        high = middle;
      else
        low = middle + 1;
    }

  return NULL;
}

static void
add_unknown (const char *name, const DagschedPlace *place, DagschedMembersUse use)
{
  DagschedSuggestion suggestion;
  g_autofree char *text = NULL;

  if (find_member (name, ANYWHERE) != NULL)
    {
      dagsched_place_add_problem (place, "\"%s\" can't stand in %s", name,
                                  use == DEFAULTS ? "the defaults" : "an overrides file");
      return;
    }

  dagsched_suggestion_init (&suggestion, name);
  for (guint i = 0; i < G_N_ELEMENTS (members); i++)
    {
      if ((members[i].use & use) != 0)
        dagsched_suggestion_offer (&suggestion, members[i].name);
    }
  text = dagsched_suggestion_dup_text (&suggestion);
  dagsched_place_add_problem (place, "unknown member \"%s\"%s", name, text);
}

void
dagsched_members_apply (const DagschedMembersContext *context,
                        JsonObject *object,
                        const DagschedPlace *place,
                        DagschedTest *test)
{
  gboolean is_command = DAGSCHED_IS_COMMAND_TEST (test);
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;

  json_object_iter_init_ordered (&iter, object);
  while (json_object_iter_next_ordered (&iter, &name, &node))
    {
      const MemberInfo *member = find_member (name, context->use);
      DagschedPlace member_place = DAGSCHED_PLACE_MEMBER (place, name);

      if (member == NULL)
        add_unknown (name, place, context->use);
      else if (member->of_commands && !is_command)
        dagsched_place_add_problem (&member_place, "test \"%s\" is not carried out by a command",
                                    dagsched_test_get_name (test));
      else
        apply_member (member, context, node, &member_place, test);
    }
}

void
dagsched_members_apply_defaults (const DagschedMembersContext *context,
                                 JsonObject *defaults,
                                 const DagschedPlace *place,
                                 JsonObject *object,
                                 DagschedTest *test)
{
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;

  json_object_iter_init_ordered (&iter, defaults);
  while (json_object_iter_next_ordered (&iter, &name, &node))
    {
      const MemberInfo *member = find_member (name, DEFAULTS);
      DagschedPlace member_place = DAGSCHED_PLACE_MEMBER (place, name);

      if (member != NULL && (member->merges || !json_object_has_member (object, name)))
        apply_member (member, context, node, &member_place, test);
    }
}

void
dagsched_members_check_unknown (JsonObject *object, const DagschedPlace *place, const char *const *known)
{
  JsonObjectIter iter;
  const char *name;

  json_object_iter_init_ordered (&iter, object);
  while (json_object_iter_next_ordered (&iter, &name, NULL))
    {
      DagschedSuggestion suggestion;
      g_autofree char *text = NULL;

      if (g_strv_contains (known, name))
        continue;

      dagsched_suggestion_init (&suggestion, name);
      for (guint i = 0; known[i] != NULL; i++)
        dagsched_suggestion_offer (&suggestion, known[i]);
      text = dagsched_suggestion_dup_text (&suggestion);
      dagsched_place_add_problem (place, "unknown member \"%s\"%s", name, text);
    }
}
