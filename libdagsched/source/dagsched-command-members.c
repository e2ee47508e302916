/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "source/dagsched-command-members-private.h"

#include <signal.h>
#include <string.h>

#include "base/dagsched-suggest-private.h"
#include "model/dagsched-command-test.h"

static const struct
{
  const char *name;
  int number;
} signals[] = {
  { "HUP", SIGHUP },   { "INT", SIGINT },     { "QUIT", SIGQUIT }, { "ILL", SIGILL },
  { "TRAP", SIGTRAP }, { "ABRT", SIGABRT },   { "BUS", SIGBUS },   { "FPE", SIGFPE },
  { "KILL", SIGKILL }, { "USR1", SIGUSR1 },   { "SEGV", SIGSEGV }, { "USR2", SIGUSR2 },
  { "PIPE", SIGPIPE }, { "ALRM", SIGALRM },   { "TERM", SIGTERM }, { "CONT", SIGCONT },
  { "STOP", SIGSTOP }, { "TSTP", SIGTSTP },   { "TTIN", SIGTTIN }, { "TTOU", SIGTTOU },
  { "URG", SIGURG },   { "XCPU", SIGXCPU },   { "XFSZ", SIGXFSZ }, { "VTALRM", SIGVTALRM },
  { "PROF", SIGPROF }, { "WINCH", SIGWINCH }, { "IO", SIGIO },     { "SYS", SIGSYS },
};

const char *
dagsched_members_signal_name (int signum)
{
  for (guint i = 0; i < G_N_ELEMENTS (signals); i++)
    {
      if (signals[i].number == signum)
        return signals[i].name;
    }

  return NULL;
}

/* A program in the file's own directory, or beside it, is found from any working directory. */
char **
dagsched_members_read_command (const char *directory, JsonNode *node, const DagschedPlace *place)
{
  g_autoptr (GPtrArray) argv = g_ptr_array_new_with_free_func (g_free);
  JsonArray *array = dagsched_json_get_array (node, place, "an array of a program and its arguments");
  guint n = array != NULL ? json_array_get_length (array) : 0;

  if (array == NULL)
    return NULL;
  if (n == 0)
    {
      dagsched_place_add_problem (place,
                                  "expected an array of a program and its arguments, found an empty array");
      return NULL;
    }

  for (guint i = 0; i < n; i++)
    {
      DagschedPlace element = DAGSCHED_PLACE_ELEMENT (place, i);
      JsonNode *word = json_array_get_element (array, i);
      const char *argument =
        i == 0 ? dagsched_json_get_word (word, &element, "a program (a string that is not empty)")
               : dagsched_json_get_string (word, &element, "a string");

      if (argument == NULL)
        return NULL;
      if (i == 0 && (g_str_has_prefix (argument, "./") || g_str_has_prefix (argument, "../")))
        g_ptr_array_add (argv, g_canonicalize_filename (argument, directory));
      else
        g_ptr_array_add (argv, g_strdup (argument));
    }
  g_ptr_array_add (argv, NULL);

  return (char **) g_ptr_array_free (g_steal_pointer (&argv), FALSE);
}

void
dagsched_command_members_apply_command (const DagschedMembersContext *context,
                                        JsonNode *node,
                                        const DagschedPlace *place,
                                        DagschedTest *test)
{
  g_auto (GStrv) argv = NULL;

  /* In a manifest, the test was made with it. */
  if (context->use == DAGSCHED_MEMBERS_TEST)
    return;

  argv = dagsched_members_read_command (context->directory, node, place);
  if (argv == NULL)
    return;

  dagsched_command_test_set_argv (DAGSCHED_COMMAND_TEST (test), (const char *const *) argv);
  /* What was wrong with the former one. */
  dagsched_test_set_defect (test, NULL);
}

static gboolean
check_variable (const char *name, const DagschedPlace *place)
{
  if (*name != '\0' && strchr (name, '=') == NULL)
    return TRUE;

  dagsched_place_add_problem (place, "\"%s\" can't be the name of a variable", name);

  return FALSE;
}

/* As g_environ_setenv(), which looks through all of them each time. Takes @name and @definition. */
static void
define (GPtrArray *definitions, GHashTable *places, char *name, char *definition)
{
  gpointer place;

  if (!g_hash_table_lookup_extended (places, name, NULL, &place))
    {
      g_hash_table_insert (places, name, GUINT_TO_POINTER (definitions->len));
      g_ptr_array_add (definitions, definition);
      return;
    }

  g_free (name);
  g_free (definitions->pdata[GPOINTER_TO_UINT (place)]);
  definitions->pdata[GPOINTER_TO_UINT (place)] = definition;
}

void
dagsched_command_members_apply_env (const DagschedMembersContext *context,
                                    JsonNode *node,
                                    const DagschedPlace *place,
                                    DagschedTest *test)
{
  JsonObject *object = dagsched_json_get_object (node, place, "an object of strings");
  DagschedCommandTest *command = DAGSCHED_COMMAND_TEST (test);
  const char *const *env = dagsched_command_test_get_env (command);
  g_autoptr (GPtrArray) merged = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GHashTable) places = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  JsonObjectIter iter;
  const char *name;
  JsonNode *member;

  if (object == NULL)
    return;

  for (guint i = 0; env != NULL && env[i] != NULL; i++)
    define (merged, places, g_strndup (env[i], strcspn (env[i], "=")), g_strdup (env[i]));
  json_object_iter_init_ordered (&iter, object);
  while (json_object_iter_next_ordered (&iter, &name, &member))
    {
      DagschedPlace member_place = DAGSCHED_PLACE_MEMBER (place, name);
      const char *value;

      if (!check_variable (name, place))
        continue;
      value = dagsched_json_get_string (member, &member_place, "a string");
      if (value != NULL)
        define (merged, places, g_strdup (name), g_strconcat (name, "=", value, NULL));
    }
  g_ptr_array_add (merged, NULL);
  dagsched_command_test_set_env (command, (const char *const *) merged->pdata);
}

void
dagsched_command_members_apply_unset_env (const DagschedMembersContext *context,
                                          JsonNode *node,
                                          const DagschedPlace *place,
                                          DagschedTest *test)
{
  g_autofree const char **names = dagsched_json_get_words (node, place, "an array of names of variables");
  gboolean good = names != NULL;

  for (guint i = 0; names != NULL && names[i] != NULL; i++)
    {
      DagschedPlace element = DAGSCHED_PLACE_ELEMENT (place, i);

      good = check_variable (names[i], &element) && good;
    }
  if (good)
    dagsched_command_test_set_unset_env (DAGSCHED_COMMAND_TEST (test), names);
}

void
dagsched_command_members_apply_workdir (const DagschedMembersContext *context,
                                        JsonNode *node,
                                        const DagschedPlace *place,
                                        DagschedTest *test)
{
  const char *workdir = dagsched_json_get_word (node, place, "a directory (a string that is not empty)");
  g_autofree char *absolute = NULL;

  if (workdir == NULL)
    return;

  absolute = g_canonicalize_filename (workdir, context->directory);
  dagsched_command_test_set_workdir (DAGSCHED_COMMAND_TEST (test), absolute);
}

void
dagsched_command_members_apply_protocol (const DagschedMembersContext *context,
                                         JsonNode *node,
                                         const DagschedPlace *place,
                                         DagschedTest *test)
{
  const char *word = dagsched_json_get_string (node, place, "the name of a protocol");
  DagschedProtocol protocol;
  DagschedSuggestion suggestion;
  g_autofree char *text = NULL;

  if (word == NULL)
    return;
  if (dagsched_protocol_from_string (word, &protocol))
    {
      dagsched_command_test_set_protocol (DAGSCHED_COMMAND_TEST (test), protocol);
      /* That a source did not know the former one. */
      dagsched_test_set_defect (test, NULL);
      return;
    }

  dagsched_suggestion_init (&suggestion, word);
  for (guint i = DAGSCHED_PROTOCOL_EXITCODE; i <= DAGSCHED_PROTOCOL_RUST; i++)
    dagsched_suggestion_offer (&suggestion, dagsched_protocol_to_string (i));
  text = dagsched_suggestion_dup_text (&suggestion);
  dagsched_place_add_problem (
    place, "expected \"exitcode\", \"tap\", \"glib\", \"gtest\" or \"rust\", found \"%s\"%s", word, text);
}

static gboolean
signal_from_name (const char *name, int *number)
{
  if (g_str_has_prefix (name, "SIG"))
    name += strlen ("SIG");

  for (guint i = 0; i < G_N_ELEMENTS (signals); i++)
    {
      if (strcmp (signals[i].name, name) == 0)
        {
          *number = signals[i].number;
          return TRUE;
        }
    }

  return FALSE;
}

void
dagsched_command_members_apply_stop_signal (const DagschedMembersContext *context,
                                            JsonNode *node,
                                            const DagschedPlace *place,
                                            DagschedTest *test)
{
  gint64 wide;
  int number;

  if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING)
    {
      if (!signal_from_name (json_node_get_string (node), &number))
        {
          dagsched_place_add_problem (place,
                                      "no signal is named \"%s\": write \"TERM\", \"INT\", … or a number",
                                      json_node_get_string (node));
          return;
        }
    }
  else
    {
      if (!dagsched_json_get_integer (node, place, 1, 64, &wide))
        return;
      number = (int) wide;
    }
  dagsched_command_test_set_stop_signal (DAGSCHED_COMMAND_TEST (test), number);
}

static gboolean
bytes_from_string (const char *string, guint64 *n_bytes)
{
  static const char units[] = "KMG";
  g_autofree char *digits = NULL;
  gsize length = strlen (string);
  const char *unit = length > 1 ? strchr (units, string[length - 1]) : NULL;
  guint shift = unit != NULL ? 10 * (guint) (unit - units + 1) : 0;

  digits = g_strndup (string, unit != NULL ? length - 1 : length);
  if (!g_ascii_string_to_unsigned (digits, 10, 1, G_MAXINT64 >> shift, n_bytes, NULL))
    return FALSE;
  *n_bytes <<= shift;

  return TRUE;
}

static gboolean
get_bytes (JsonNode *node, const DagschedPlace *place, guint64 *n_bytes)
{
  gint64 wide;

  if (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_STRING)
    {
      if (!dagsched_json_get_integer (node, place, 1, G_MAXINT64, &wide))
        return FALSE;
      *n_bytes = (guint64) wide;
      return TRUE;
    }
  if (bytes_from_string (json_node_get_string (node), n_bytes))
    return TRUE;

  dagsched_place_add_problem (place, "expected bytes (a number, or a string such as \"16M\"), found \"%s\"",
                              json_node_get_string (node));
  return FALSE;
}

void
dagsched_command_members_apply_output_limit (const DagschedMembersContext *context,
                                             JsonNode *node,
                                             const DagschedPlace *place,
                                             DagschedTest *test)
{
  guint64 n_bytes;

  if (get_bytes (node, place, &n_bytes))
    dagsched_command_test_set_output_limit (DAGSCHED_COMMAND_TEST (test), n_bytes);
}

void
dagsched_command_members_apply_memory_limit (const DagschedMembersContext *context,
                                             JsonNode *node,
                                             const DagschedPlace *place,
                                             DagschedTest *test)
{
  guint64 n_bytes;

  if (get_bytes (node, place, &n_bytes))
    dagsched_command_test_set_limit (DAGSCHED_COMMAND_TEST (test), DAGSCHED_LIMIT_MEMORY, n_bytes);
}

static void
apply_count (JsonNode *node,
             const DagschedPlace *place,
             gint64 least,
             DagschedTest *test,
             DagschedLimit limit)
{
  gint64 count;

  if (dagsched_json_get_integer (node, place, least, G_MAXINT32, &count))
    dagsched_command_test_set_limit (DAGSCHED_COMMAND_TEST (test), limit, (guint64) count);
}

/* The system counts whole seconds. */
void
dagsched_command_members_apply_cpu_limit (const DagschedMembersContext *context,
                                          JsonNode *node,
                                          const DagschedPlace *place,
                                          DagschedTest *test)
{
  apply_count (node, place, 1, test, DAGSCHED_LIMIT_CPU);
}

/* A program has three from the start, and opens its libraries. */
void
dagsched_command_members_apply_open_files_limit (const DagschedMembersContext *context,
                                                 JsonNode *node,
                                                 const DagschedPlace *place,
                                                 DagschedTest *test)
{
  apply_count (node, place, 4, test, DAGSCHED_LIMIT_OPEN_FILES);
}

void
dagsched_command_members_apply_process_limit (const DagschedMembersContext *context,
                                              JsonNode *node,
                                              const DagschedPlace *place,
                                              DagschedTest *test)
{
  apply_count (node, place, 1, test, DAGSCHED_LIMIT_PROCESSES);
}

void
dagsched_command_members_apply_skip_code (const DagschedMembersContext *context,
                                          JsonNode *node,
                                          const DagschedPlace *place,
                                          DagschedTest *test)
{
  gint64 code;

  if (dagsched_json_get_integer (node, place, -1, 255, &code))
    dagsched_command_test_set_skip_code (DAGSCHED_COMMAND_TEST (test), (int) code);
}
