/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "source/dagsched-meson-private.h"

#include <string.h>

#include "model/dagsched-command-test.h"
#include "source/dagsched-json-private.h"
#include "source/dagsched-source-private.h"

/* A build directory of meson, read through its introspection files. */
struct _DagschedMesonSource
{
  DagschedSource parent_instance;

  char *directory;     /* (nullable) absolute; set by a load */
  GHashTable *targets; /* name of a test → char **: ids of the build targets that it needs */
};

G_DEFINE_FINAL_TYPE (DagschedMesonSource, dagsched_meson_source, DAGSCHED_TYPE_SOURCE)

gboolean
dagsched_meson_is_build_directory (const char *path)
{
  static const char *const marks[] = { "meson-info/intro-tests.json", "meson-private/coredata.dat" };

  for (guint i = 0; i < G_N_ELEMENTS (marks); i++)
    {
      g_autofree char *mark = g_build_filename (path, marks[i], NULL);

      if (g_file_test (mark, G_FILE_TEST_IS_REGULAR))
        return TRUE;
    }

  return FALSE;
}

/* What one load needs. */
typedef struct
{
  DagschedMesonSource *self;
  DagschedGraph *graph;
  DagschedProblems *problems;
  DagschedMesonEnvironment *environment;
  GHashTable *names;   /* names given → GUINT_TO_POINTER (the number that the last one like it got) */
  gboolean has_suites; /* more than one: their names are part of the tests' */
} Load;

static const char *
get_string (JsonObject *object, const char *name, const DagschedPlace *place)
{
  DagschedPlace member_place = DAGSCHED_PLACE_MEMBER (place, name);
  JsonNode *node = json_object_get_member (object, name);

  if (node == NULL || JSON_NODE_HOLDS_NULL (node))
    return NULL;

  return dagsched_json_get_string (node, &member_place, "a string");
}

/* (transfer full); an empty list where there is no such member, NULL with a problem. */
static char **
get_strings (JsonObject *object, const char *name, const DagschedPlace *place)
{
  DagschedPlace member_place = DAGSCHED_PLACE_MEMBER (place, name);
  JsonNode *node = json_object_get_member (object, name);
  g_autoptr (GPtrArray) strings = g_ptr_array_new_with_free_func (g_free);
  JsonArray *array;
  guint n;

  if (node == NULL)
    return g_new0 (char *, 1);
  array = dagsched_json_get_array (node, &member_place, "an array of strings");
  if (array == NULL)
    return NULL;

  n = json_array_get_length (array);
  for (guint i = 0; i < n; i++)
    {
      DagschedPlace element = DAGSCHED_PLACE_ELEMENT (&member_place, i);
      const char *string = dagsched_json_get_string (json_array_get_element (array, i), &element, "a string");

      if (string == NULL)
        return NULL;
      g_ptr_array_add (strings, g_strdup (string));
    }
  g_ptr_array_add (strings, NULL);

  return (char **) g_ptr_array_free (g_steal_pointer (&strings), FALSE);
}

/* "project:a+b / name", as `meson test --list` has it: only where there is more than one suite. */
static char *
get_listed_name (const char *name, const char *const *suites, gboolean has_suites)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GString) joined = g_string_new (NULL);

  if (!has_suites || suites[0] == NULL)
    return g_strdup (name);

  for (guint i = 0; suites[i] != NULL; i++)
    {
      const char *colon = strchr (suites[i], ':');

      g_string_append_printf (joined, "%s%s", i > 0 ? "+" : "", colon != NULL ? colon + 1 : "");
    }
  g_string_append_len (text, suites[0], strcspn (suites[0], ":"));
  if (joined->len > 0)
    g_string_append_printf (text, ":%s", joined->str);
  g_string_append_printf (text, " / %s", name);

  return g_strdup (text->str);
}

/* meson lets names repeat: the second of a name is called "name #2". */
static char *
get_unique_name (Load *load, const char *listed)
{
  guint n = GPOINTER_TO_UINT (g_hash_table_lookup (load->names, listed));
  g_autofree char *name = g_strdup (listed);

  while (g_hash_table_contains (load->names, name))
    {
      g_free (name);
      name = g_strdup_printf ("%s #%u", listed, ++n);
    }
  if (n > 0)
    g_hash_table_insert (load->names, g_strdup (listed), GUINT_TO_POINTER (n));
  g_hash_table_insert (load->names, g_strdup (name), GUINT_TO_POINTER (1));

  return g_steal_pointer (&name);
}

/* Absolute, for any process may read it; and a file of its own for each test. */
static char *
get_gtest_argument (const char *name, const char *workdir)
{
  g_autofree char *file = g_strdelimit (g_strconcat (name, ".xml", NULL), "/", '_');
  g_autofree char *path = g_build_filename (workdir, file, NULL);

  return g_strconcat ("--gtest_output=xml:", path, NULL);
}

static void
set_protocol (DagschedCommandTest *test, const char *word)
{
  DagschedProtocol protocol;
  g_autofree char *defect = NULL;

  if (word == NULL)
    return;
  if (dagsched_protocol_from_string (word, &protocol))
    {
      dagsched_command_test_set_protocol (test, protocol);
      return;
    }

  defect = g_strdup_printf ("its protocol \"%s\" is not known: an overrides file can give it another", word);
  dagsched_test_set_defect (DAGSCHED_TEST (test), defect);
}

static void
set_command (Load *load, DagschedCommandTest *test, char **argv, const char *workdir)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) all = NULL;

  g_strv_builder_addv (builder, (const char **) argv);
  if (dagsched_command_test_get_protocol (test) == DAGSCHED_PROTOCOL_GTEST)
    {
      g_autofree char *argument = get_gtest_argument (dagsched_test_get_name (DAGSCHED_TEST (test)), workdir);

      g_strv_builder_add (builder, argument);
    }
  all = g_strv_builder_end (builder);
  dagsched_command_test_set_argv (test, (const char *const *) all);
  dagsched_command_test_set_workdir (test, workdir);

  if (strchr (argv[0], '/') != NULL)
    {
      g_autofree char *program = g_canonicalize_filename (argv[0], workdir);
      g_autofree char *defect = NULL;

      if (g_file_test (program, G_FILE_TEST_EXISTS) ||
          dagsched_test_get_defect (DAGSCHED_TEST (test)) != NULL)
        return;
      defect = g_strdup_printf ("%s is not built: run `ninja -C %s`, or use --rebuild", argv[0],
                                dagsched_source_get_path (DAGSCHED_SOURCE (load->self)));
      dagsched_test_set_defect (DAGSCHED_TEST (test), defect);
    }
}

static void
set_numbers (JsonObject *object, const DagschedPlace *place, DagschedTest *test)
{
  DagschedPlace timeout_place = DAGSCHED_PLACE_MEMBER (place, "timeout");
  DagschedPlace priority_place = DAGSCHED_PLACE_MEMBER (place, "priority");
  DagschedPlace parallel_place = DAGSCHED_PLACE_MEMBER (place, "is_parallel");
  JsonNode *node;
  gint64 number;
  gboolean is_parallel;

  if ((node = json_object_get_member (object, "timeout")) != NULL && !JSON_NODE_HOLDS_NULL (node) &&
      dagsched_json_get_integer (node, &timeout_place, G_MININT32, G_MAXINT32, &number))
    dagsched_test_set_timeout (test, (double) MAX (number, 0));
  if ((node = json_object_get_member (object, "priority")) != NULL &&
      dagsched_json_get_integer (node, &priority_place, G_MININT32, G_MAXINT32, &number))
    dagsched_test_set_priority (test, (int) number);
  if ((node = json_object_get_member (object, "is_parallel")) != NULL &&
      dagsched_json_get_boolean (node, &parallel_place, &is_parallel))
    dagsched_test_set_exclusive (test, !is_parallel);
}

static void
set_environment (Load *load, JsonObject *object, const DagschedPlace *place, DagschedCommandTest *test)
{
  DagschedPlace env_place = DAGSCHED_PLACE_MEMBER (place, "env");
  JsonNode *node = json_object_get_member (object, "env");
  JsonObject *variables = NULL;
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) env = NULL;
  JsonObjectIter iter;
  const char *name;
  JsonNode *member;

  if (node != NULL &&
      (variables = dagsched_json_get_object (node, &env_place, "an object of strings")) != NULL)
    {
      json_object_iter_init_ordered (&iter, variables);
      while (json_object_iter_next_ordered (&iter, &name, &member))
        {
          const char *value = get_string (variables, name, &env_place);

          g_autofree char *definition = g_strconcat (name, "=", value, NULL);

          /* An object has each name once. */
          if (value != NULL && *name != '\0' && strchr (name, '=') == NULL)
            g_strv_builder_add (builder, definition);
        }
    }

  env = dagsched_meson_environment_complete (load->environment, g_strv_builder_end (builder));
  dagsched_command_test_set_env (test, (const char *const *) env);
}

static void
add_test (Load *load, DagschedCommandTest *test, JsonObject *object, const DagschedPlace *place)
{
  g_autofree char *origin = dagsched_place_to_string (place);
  g_auto (GStrv) depends = get_strings (object, "depends", place);
  g_autoptr (GError) error = NULL;

  dagsched_test_set_origin (DAGSCHED_TEST (test), origin);
  if (!dagsched_graph_add_test (load->graph, DAGSCHED_TEST (test), &error))
    dagsched_problems_add (load->problems, error->code, "%s", error->message);
  else if (depends != NULL)
    g_hash_table_replace (load->self->targets, g_strdup (dagsched_test_get_name (DAGSCHED_TEST (test))),
                          g_steal_pointer (&depends));
}

static void
read_test (Load *load, JsonNode *node, const DagschedPlace *place)
{
  JsonObject *object = dagsched_json_get_object (node, place, "an object");
  const char *name, *workdir;
  g_auto (GStrv) argv = NULL;
  g_auto (GStrv) suites = NULL;
  g_autofree char *listed = NULL;
  g_autofree char *unique = NULL;
  g_autofree char *directory = NULL;
  g_autoptr (DagschedCommandTest) test = NULL;

  if (object == NULL)
    return;

  name = get_string (object, "name", place);
  argv = get_strings (object, "cmd", place);
  suites = get_strings (object, "suite", place);
  workdir = get_string (object, "workdir", place);
  if (name == NULL || argv == NULL || argv[0] == NULL || suites == NULL)
    {
      dagsched_place_add_problem (place, "has no \"name\", \"cmd\" or \"suite\" that could be read");
      return;
    }

  listed = get_listed_name (name, (const char *const *) suites, load->has_suites);
  unique = get_unique_name (load, listed);
  directory = g_canonicalize_filename (workdir != NULL ? workdir : ".", load->self->directory);

  test = dagsched_command_test_new (unique, (const char *const *) argv);
  dagsched_test_set_suites (DAGSCHED_TEST (test), (const char *const *) suites);
  set_protocol (test, get_string (object, "protocol", place));
  set_command (load, test, argv, directory);
  set_numbers (object, place, DAGSCHED_TEST (test));
  set_environment (load, object, place, test);
  add_test (load, test, object, place);
}

static gboolean
count_suites (JsonArray *array)
{
  const char *only = NULL;
  guint n = json_array_get_length (array);

  for (guint i = 0; i < n; i++)
    {
      JsonNode *node = json_array_get_element (array, i);
      JsonNode *suite =
        JSON_NODE_HOLDS_OBJECT (node) ? json_object_get_member (json_node_get_object (node), "suite") : NULL;
      JsonArray *suites = suite != NULL && JSON_NODE_HOLDS_ARRAY (suite) ? json_node_get_array (suite) : NULL;

      for (guint j = 0; suites != NULL && j < json_array_get_length (suites); j++)
        {
          JsonNode *word = json_array_get_element (suites, j);
          const char *string = JSON_NODE_HOLDS_VALUE (word) ? json_node_get_string (word) : NULL;

          if (only != NULL && g_strcmp0 (only, string) != 0)
            return TRUE;
          only = string;
        }
    }

  return FALSE;
}

static void
read_tests (Load *load, JsonNode *root, const char *name)
{
  DagschedPlace place = DAGSCHED_PLACE_FILE (name, load->problems);
  JsonArray *array = dagsched_json_get_array (root, &place, "an array of tests");
  guint n = array != NULL ? json_array_get_length (array) : 0;

  if (array == NULL)
    return;

  load->has_suites = count_suites (array);
  for (guint i = 0; i < n; i++)
    {
      /* The file is one array: "FILE: tests[3]" reads better than "FILE: [3]". */
      DagschedPlace tests_place = DAGSCHED_PLACE_MEMBER (&place, "tests");
      DagschedPlace element = DAGSCHED_PLACE_ELEMENT (&tests_place, i);

      read_test (load, json_array_get_element (array, i), &element);
    }
}

/* A source that has no name is called as the project; without that, as its directory. */
static void
name_graph (Load *load)
{
  const char *current = dagsched_graph_get_name (load->graph);
  g_autofree char *path = g_build_filename (load->self->directory, "meson-info/intro-projectinfo.json", NULL);
  g_autofree char *fallback = g_path_get_basename (load->self->directory);
  g_autoptr (DagschedProblems) ignored = dagsched_problems_new ();
  DagschedPlace place = DAGSCHED_PLACE_FILE (path, ignored);
  g_autoptr (JsonNode) root = NULL;
  const char *name = NULL;

  if (current != NULL && *current != '\0')
    return;

  root = dagsched_json_load (path, path, ignored, NULL);
  if (root != NULL && JSON_NODE_HOLDS_OBJECT (root))
    name = get_string (json_node_get_object (root), "descriptive_name", &place);
  dagsched_graph_set_name (load->graph, name != NULL ? name : fallback);
}

/* `meson introspect --tests` prints that file, and can't do without it, either. */
static gboolean
check_directory (const char *path, const char *tests_file, GError **error)
{
  if (g_file_test (tests_file, G_FILE_TEST_EXISTS))
    return TRUE;

  if (dagsched_meson_is_build_directory (path))
    g_set_error (
      error, DAGSCHED_ERROR, DAGSCHED_ERROR_NOT_FOUND,
      "%s: meson has not finished to set it up: there is no meson-info/intro-tests.json; run `meson "
      "setup --reconfigure %s`",
      path, path);
  else
    g_set_error (
      error, DAGSCHED_ERROR, DAGSCHED_ERROR_NOT_FOUND,
      "%s: is not a build directory of meson: there is no meson-info/intro-tests.json; run `meson setup %s`",
      path, path);

  return FALSE;
}

static gboolean
dagsched_meson_source_load (DagschedSource *source, DagschedGraph *graph, GError **error)
{
  DagschedMesonSource *self = DAGSCHED_MESON_SOURCE (source);
  const char *path = dagsched_source_get_path (source);
  g_autofree char *current = g_get_current_dir ();
  g_autoptr (DagschedProblems) problems = dagsched_problems_new ();
  g_autoptr (GHashTable) names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (DagschedMesonEnvironment) environment =
    dagsched_meson_environment_new (g_get_environ (), g_random_int ());
  Load load = { self, graph, problems, environment, names, FALSE };
  g_autofree char *name = g_build_filename (path, "meson-info", "intro-tests.json", NULL);
  g_autoptr (JsonNode) root = NULL;

  if (!check_directory (path, name, error))
    return FALSE;

  g_free (self->directory);
  self->directory = g_canonicalize_filename (path, current);
  g_hash_table_remove_all (self->targets);

  root = dagsched_json_load (name, name, problems, error);
  if (root == NULL)
    return FALSE;
  read_tests (&load, root, name);
  name_graph (&load);

  return dagsched_problems_check (problems, error);
}

static gboolean
dagsched_meson_source_rebuild (DagschedSource *source, GListModel *tests, GError **error)
{
  DagschedMesonSource *self = DAGSCHED_MESON_SOURCE (source);
  g_autoptr (GHashTable) ids = g_hash_table_new (g_str_hash, g_str_equal);
  guint n = g_list_model_get_n_items (tests);
  guint n_own = 0;

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (DagschedTest) test = g_list_model_get_item (tests, i);
      char **targets = g_hash_table_lookup (self->targets, dagsched_test_get_name (test));

      n_own += targets != NULL;
      for (guint j = 0; targets != NULL && targets[j] != NULL; j++)
        g_hash_table_add (ids, targets[j]);
    }
  if (n_own == 0)
    return TRUE;

  return dagsched_meson_build (self->directory, ids, error);
}

static void
dagsched_meson_source_finalize (GObject *object)
{
  DagschedMesonSource *self = DAGSCHED_MESON_SOURCE (object);

  g_clear_pointer (&self->directory, g_free);
  g_clear_pointer (&self->targets, g_hash_table_unref);

  G_OBJECT_CLASS (dagsched_meson_source_parent_class)->finalize (object);
}

static void
dagsched_meson_source_class_init (DagschedMesonSourceClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = dagsched_meson_source_finalize;
  DAGSCHED_SOURCE_CLASS (klass)->load = dagsched_meson_source_load;
  DAGSCHED_SOURCE_CLASS (klass)->rebuild = dagsched_meson_source_rebuild;
}

static void
dagsched_meson_source_init (DagschedMesonSource *self)
{
  self->targets = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_strfreev);
}
