/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "source/dagsched-manifest-private.h"

#include <string.h>
#include <sys/stat.h>

#include "model/dagsched-command-test.h"
#include "source/dagsched-members-private.h"

#define FORMAT_VERSION 1
#define MAX_INCLUDE_DEPTH 64

/* One manifest and all that it includes. */
typedef struct
{
  DagschedGraph *graph;
  DagschedProblems *problems;
  GHashTable *read;    /* identities of the files that were read or are being read */
  GPtrArray *stack;    /* of char *: their identities and names, those being read, outermost first */
  GArray *pending;     /* of DagschedPending */
  GStringChunk *names; /* of pending dependencies */
} Reader;

/* One file of them. */
typedef struct
{
  Reader *reader;
  DagschedPlace place;
  char *directory;      /* absolute */
  JsonObject *defaults; /* (nullable) belongs to the file's tree */
} File;

static void read_file (Reader *reader, const char *path);

static DagschedMembersContext
get_context (const File *file, DagschedMembersUse use)
{
  return (DagschedMembersContext){
    .directory = file->directory,
    .use = use,
    .pending = file->reader->pending,
    .names = file->reader->names,
  };
}

static DagschedCommandTest *
create_test (const File *file, const char *name, const char *const *argv)
{
  DagschedCommandTest *test = dagsched_command_test_new (name, argv);

  dagsched_test_set_timeout (DAGSCHED_TEST (test), DAGSCHED_MANIFEST_DEFAULT_TIMEOUT);
  dagsched_command_test_set_workdir (test, file->directory);

  return test;
}

/* Told once, and not again for each test. */
static void
read_defaults (File *file, JsonNode *node)
{
  DagschedPlace place = DAGSCHED_PLACE_MEMBER (&file->place, "defaults");
  DagschedMembersContext context = get_context (file, DAGSCHED_MEMBERS_DEFAULTS);
  JsonObject *defaults = dagsched_json_get_object (node, &place, "an object");
  guint n_problems = dagsched_problems_get_n (file->reader->problems);
  g_autoptr (DagschedCommandTest) scratch = NULL;

  if (defaults == NULL)
    return;

  scratch = create_test (file, "defaults", (const char *const[]){ "true", NULL });
  dagsched_members_apply (&context, defaults, &place, DAGSCHED_TEST (scratch));
  if (dagsched_problems_get_n (file->reader->problems) == n_problems)
    file->defaults = defaults;
}

static void
add_test (File *file, DagschedTest *test, const DagschedPlace *place)
{
  DagschedPlace name_place = DAGSCHED_PLACE_MEMBER (place, "name");
  DagschedTest *other = dagsched_graph_lookup (file->reader->graph, dagsched_test_get_name (test));
  g_autofree char *origin = NULL;
  g_autoptr (GError) error = NULL;

  if (other != NULL)
    {
      const char *elsewhere = dagsched_test_get_origin (other);

      dagsched_place_add_problem_code (
        &name_place, DAGSCHED_ERROR_DUPLICATE_TEST, "another test is named \"%s\" already%s%s",
        dagsched_test_get_name (test), elsewhere != NULL ? ": " : "", elsewhere != NULL ? elsewhere : "");
      return;
    }

  origin = dagsched_place_to_string (place);
  dagsched_test_set_origin (test, origin);
  if (!dagsched_graph_add_test (file->reader->graph, test, &error))
    dagsched_place_add_problem_code (place, error->code, "%s", error->message);
}

static void
read_test (File *file, JsonNode *node, const DagschedPlace *place)
{
  DagschedPlace name_place = DAGSCHED_PLACE_MEMBER (place, "name");
  DagschedPlace command_place = DAGSCHED_PLACE_MEMBER (place, "command");
  DagschedMembersContext context = get_context (file, DAGSCHED_MEMBERS_TEST);
  DagschedMembersContext defaults_context = get_context (file, DAGSCHED_MEMBERS_DEFAULTS);
  JsonObject *object = dagsched_json_get_object (node, place, "an object");
  JsonNode *name_node, *command_node;
  const char *name = NULL;
  g_auto (GStrv) argv = NULL;
  g_autoptr (DagschedCommandTest) test = NULL;

  if (object == NULL)
    return;

  name_node = json_object_get_member (object, "name");
  if (name_node != NULL)
    name = dagsched_members_read_name (name_node, &name_place);
  else
    dagsched_place_add_problem (place, "has no \"name\"");

  command_node = json_object_get_member (object, "command");
  if (command_node != NULL)
    argv = dagsched_members_read_command (file->directory, command_node, &command_place);
  else
    dagsched_place_add_problem (place, "has no \"command\"");

  /* The other members are looked at all the same. */
  test = create_test (file, name != NULL ? name : "?", (const char *const *) argv);
  if (file->defaults != NULL)
    dagsched_members_apply_defaults (&defaults_context, file->defaults, place, object, DAGSCHED_TEST (test));
  dagsched_members_apply (&context, object, place, DAGSCHED_TEST (test));
  if (name != NULL && argv != NULL)
    add_test (file, DAGSCHED_TEST (test), place);
}

static void
read_tests (File *file, JsonNode *node)
{
  DagschedPlace place = DAGSCHED_PLACE_MEMBER (&file->place, "tests");
  JsonArray *array = dagsched_json_get_array (node, &place, "an array of tests");
  guint n = array != NULL ? json_array_get_length (array) : 0;

  for (guint i = 0; i < n; i++)
    {
      DagschedPlace element = DAGSCHED_PLACE_ELEMENT (&place, i);

      read_test (file, json_array_get_element (array, i), &element);
    }
}

static void
read_include (File *file, const char *name, const DagschedPlace *place)
{
  g_autofree char *directory = g_path_get_dirname (file->place.member);
  g_autofree char *path = NULL;

  if (g_path_is_absolute (name) || g_strcmp0 (directory, ".") == 0)
    path = g_strdup (name);
  else
    path = g_build_filename (directory, name, NULL);

  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    dagsched_place_add_problem_code (place, DAGSCHED_ERROR_NOT_FOUND,
                                     "there is no file \"%s\" (it is relative to the file that includes it)",
                                     path);
  else if (file->reader->stack->len / 2 >= MAX_INCLUDE_DEPTH)
    dagsched_place_add_problem (place, "files include each other more than %d deep", MAX_INCLUDE_DEPTH);
  else
    read_file (file->reader, path);
}

static void
read_includes (File *file, JsonNode *node)
{
  DagschedPlace place = DAGSCHED_PLACE_MEMBER (&file->place, "include");
  g_autofree const char **names = dagsched_json_get_words (node, &place, "an array of names of files");

  for (guint i = 0; names != NULL && names[i] != NULL; i++)
    {
      DagschedPlace element = DAGSCHED_PLACE_ELEMENT (&place, i);

      read_include (file, names[i], &element);
    }
}

static gboolean
check_version (File *file, JsonObject *root)
{
  DagschedPlace place = DAGSCHED_PLACE_MEMBER (&file->place, "dagsched");
  JsonNode *node = json_object_get_member (root, "dagsched");

  if (node == NULL)
    {
      if (json_object_has_member (root, "dagsched-overrides"))
        dagsched_place_add_problem (&file->place,
                                    "is an overrides file, not a manifest: give it with --overrides");
      else
        dagsched_place_add_problem (&file->place, "is no manifest: it has no member \"dagsched\": %d",
                                    FORMAT_VERSION);
      return FALSE;
    }

  return dagsched_json_check_version (node, &place, FORMAT_VERSION);
}

/* The outermost file names the graph. */
static void
read_graph_name (File *file, JsonNode *node)
{
  DagschedPlace place = DAGSCHED_PLACE_MEMBER (&file->place, "name");
  const char *name = dagsched_members_read_name (node, &place);
  const char *current = dagsched_graph_get_name (file->reader->graph);

  if (name != NULL && file->reader->stack->len == 2 && (current == NULL || *current == '\0'))
    dagsched_graph_set_name (file->reader->graph, name);
}

static void
read_root (File *file, JsonObject *root)
{
  static const char *const known[] = { "$schema",   "dagsched", "name",  "defaults",
                                       "resources", "include",  "tests", NULL };
  DagschedPlace schema_place = DAGSCHED_PLACE_MEMBER (&file->place, "$schema");
  DagschedPlace resources_place = DAGSCHED_PLACE_MEMBER (&file->place, "resources");
  JsonNode *node;

  if (!check_version (file, root))
    return;

  dagsched_members_check_unknown (root, &file->place, known);
  if ((node = json_object_get_member (root, "$schema")) != NULL)
    dagsched_json_get_string (node, &schema_place, "the address of a JSON Schema");
  if ((node = json_object_get_member (root, "name")) != NULL)
    read_graph_name (file, node);
  if ((node = json_object_get_member (root, "resources")) != NULL)
    dagsched_members_add_resources (node, &resources_place, file->reader->graph);
  if ((node = json_object_get_member (root, "defaults")) != NULL)
    read_defaults (file, node);
  if ((node = json_object_get_member (root, "include")) != NULL)
    read_includes (file, node);
  if ((node = json_object_get_member (root, "tests")) != NULL)
    read_tests (file, node);
}

static void
read_content (Reader *reader, const char *path)
{
  g_autofree char *current = g_get_current_dir ();
  g_autofree char *absolute = g_canonicalize_filename (path, current);
  g_autofree char *directory = g_path_get_dirname (absolute);
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) root = NULL;
  File file = {
    .reader = reader,
    .place = DAGSCHED_PLACE_FILE (path, reader->problems),
    .directory = directory,
  };
  JsonObject *object;

  root = dagsched_json_load (path, path, reader->problems, &error);
  if (root == NULL)
    {
      dagsched_problems_add (reader->problems, error->code, "%s", error->message);
      return;
    }

  object = dagsched_json_get_object (root, &file.place, "an object");
  if (object != NULL)
    read_root (&file, object);
}

/* The same file may have many names. */
static char *
get_identity (const char *path)
{
  struct stat info;

  if (stat (path, &info) != 0)
    return g_strdup (path);

  return g_strdup_printf ("%" G_GUINT64_FORMAT ":%" G_GUINT64_FORMAT, (guint64) info.st_dev,
                          (guint64) info.st_ino);
}

static void
add_cycle (Reader *reader, guint first, const char *path)
{
  g_autoptr (GString) chain = g_string_new (NULL);

  for (guint i = first; i < reader->stack->len; i += 2)
    g_string_append_printf (chain, "%s → ", (const char *) g_ptr_array_index (reader->stack, i + 1));
  dagsched_problems_add (
    reader->problems, DAGSCHED_ERROR_PARSE, "%s: files include each other in a circle: %s%s",
    (const char *) g_ptr_array_index (reader->stack, reader->stack->len - 1), chain->str, path);
}

/* A file that several others include is read once. */
static void
read_file (Reader *reader, const char *path)
{
  g_autofree char *identity = get_identity (path);

  for (guint i = 0; i < reader->stack->len; i += 2)
    {
      if (g_strcmp0 (g_ptr_array_index (reader->stack, i), identity) == 0)
        {
          add_cycle (reader, i, path);
          return;
        }
    }
  if (!g_hash_table_add (reader->read, g_strdup (identity)))
    return;

  g_ptr_array_add (reader->stack, g_steal_pointer (&identity));
  g_ptr_array_add (reader->stack, g_strdup (path));
  read_content (reader, path);
  g_ptr_array_set_size (reader->stack, reader->stack->len - 2);
}

/* A manifest that does not say its name is called as its file, or its directory. */
static void
ensure_graph_name (DagschedGraph *graph, const char *path)
{
  const char *current_name = dagsched_graph_get_name (graph);
  g_autofree char *current = g_get_current_dir ();
  g_autofree char *absolute = g_canonicalize_filename (path, current);
  g_autofree char *name = g_path_get_basename (absolute);
  g_autofree char *directory = g_path_get_dirname (absolute);

  if (current_name != NULL && *current_name != '\0')
    return;

  if (g_strcmp0 (name, "dagsched.json") == 0)
    {
      g_free (name);
      name = g_path_get_basename (directory);
    }
  else if (g_str_has_suffix (name, ".dagsched.json"))
    {
      name[strlen (name) - strlen (".dagsched.json")] = '\0';
    }
  else if (g_str_has_suffix (name, ".json"))
    {
      name[strlen (name) - strlen (".json")] = '\0';
    }
  dagsched_graph_set_name (graph, name);
}

gboolean
dagsched_manifest_read (const char *path, DagschedGraph *graph, GError **error)
{
  g_autoptr (DagschedProblems) problems = dagsched_problems_new ();
  g_autoptr (GHashTable) read = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GPtrArray) stack = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GArray) pending = g_array_new (FALSE, FALSE, sizeof (DagschedPending));
  GStringChunk *names = g_string_chunk_new (4096);
  Reader reader = { graph, problems, read, stack, pending, names };
  gboolean good;

  read_file (&reader, path);
  good = dagsched_problems_check (problems, error) && dagsched_members_add_pending (pending, graph, error);
  if (good)
    ensure_graph_name (graph, path);
  g_string_chunk_free (names);

  return good;
}
