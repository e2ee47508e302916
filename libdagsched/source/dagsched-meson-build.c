/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "source/dagsched-meson-private.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <string.h>
#include <unistd.h>

#include "source/dagsched-json-private.h"

/* So many targets are as good as all of them, and a command line has a limit. */
#define MAX_TARGETS 500

static const char *
find_program (const char *variable, const char *const *names)
{
  const char *chosen = g_getenv (variable);

  if (chosen != NULL && *chosen != '\0')
    return chosen;

  for (guint i = 0; names[i] != NULL; i++)
    {
      g_autofree char *path = g_find_program_in_path (names[i]);

      if (path != NULL)
        return names[i];
    }

  return NULL;
}

/* FALSE, with an error, if the program can't be started or fails. */
static gboolean
check_process (GSubprocess *process, const char *what, GError **error)
{
  if (g_subprocess_get_successful (process))
    return TRUE;

  if (g_subprocess_get_if_signaled (process))
    g_set_error (error, DAGSCHED_ERROR, DAGSCHED_ERROR_FAILED, "`%s` was ended by signal %d: nothing was run",
                 what, g_subprocess_get_term_sig (process));
  else
    g_set_error (error, DAGSCHED_ERROR, DAGSCHED_ERROR_FAILED,
                 "`%s` failed with exit status %d: nothing was run", what,
                 g_subprocess_get_exit_status (process));

  return FALSE;
}

static const char *
get_member_string (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) ? json_node_get_string (node) : NULL;
}

static void
add_files (GPtrArray *files, JsonObject *target, const char *directory)
{
  JsonNode *node = json_object_get_member (target, "filename");
  JsonArray *array = node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  gsize length = strlen (directory);

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      JsonNode *element = json_array_get_element (array, i);
      const char *file = JSON_NODE_HOLDS_VALUE (element) ? json_node_get_string (element) : NULL;

      if (file == NULL)
        continue;
      /* ninja calls what it builds by names relative to its directory. */
      if (strncmp (file, directory, length) == 0 && file[length] == '/')
        file += length + 1;
      g_ptr_array_add (files, g_strdup (file));
    }
}

/* The files that ninja makes for the targets with these ids; NULL with an error. */
static GPtrArray *
list_files (const char *directory, GHashTable *ids, GError **error)
{
  g_autofree char *path = g_build_filename (directory, "meson-info", "intro-targets.json", NULL);
  g_autoptr (DagschedProblems) problems = dagsched_problems_new ();
  DagschedPlace place = DAGSCHED_PLACE_FILE (path, problems);
  g_autoptr (GPtrArray) files = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (JsonNode) root = dagsched_json_load (path, path, problems, error);
  JsonArray *array;

  if (root == NULL)
    return NULL;

  array = dagsched_json_get_array (root, &place, "an array of targets");
  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      JsonNode *node = json_array_get_element (array, i);
      JsonObject *target = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
      const char *id = target != NULL ? get_member_string (target, "id") : NULL;

      if (id != NULL && g_hash_table_contains (ids, id))
        add_files (files, target, directory);
    }

  return dagsched_problems_check (problems, error) ? g_steal_pointer (&files) : NULL;
}

static gboolean
run_build (GPtrArray *argv, GError **error)
{
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_NONE);
  g_autoptr (GSubprocess) process = NULL;
  g_autofree char *what = NULL;
  /* Standard output is for results. */
  int fd = fcntl (STDERR_FILENO, F_DUPFD_CLOEXEC, 3);

  g_ptr_array_add (argv, NULL);
  what = argv->len > 8 ? g_strdup_printf ("%s %s %s …", (char *) argv->pdata[0], (char *) argv->pdata[1],
                                          (char *) argv->pdata[2])
                       : g_strjoinv (" ", (char **) argv->pdata);

  if (fd >= 0)
    g_subprocess_launcher_take_stdout_fd (launcher, fd);
  process = g_subprocess_launcher_spawnv (launcher, (const char *const *) argv->pdata, error);

  return process != NULL && g_subprocess_wait (process, NULL, error) && check_process (process, what, error);
}

static gboolean
set_no_program_error (const char *name, GError **error)
{
  g_set_error (error, DAGSCHED_ERROR, DAGSCHED_ERROR_NOT_FOUND,
               "`%s` is not installed, or not in PATH: it is needed to build the tests", name);

  return FALSE;
}

/* Where the build directory is not ninja's, meson knows what to run. */
static gboolean
build_with_meson (const char *directory, GError **error)
{
  static const char *const names[] = { "meson", NULL };
  g_autoptr (GPtrArray) argv = g_ptr_array_new ();
  const char *meson = find_program ("MESON", names);

  if (meson == NULL)
    return set_no_program_error ("meson", error);

  g_ptr_array_add (argv, (gpointer) meson);
  g_ptr_array_add (argv, (gpointer) "compile");
  g_ptr_array_add (argv, (gpointer) "-C");
  g_ptr_array_add (argv, (gpointer) directory);

  return run_build (argv, error);
}

gboolean
dagsched_meson_build (const char *directory, GHashTable *ids, GError **error)
{
  static const char *const names[] = { "ninja", "ninja-build", "samu", NULL };
  g_autofree char *build_file = g_build_filename (directory, "build.ninja", NULL);
  g_autoptr (GPtrArray) files = NULL;
  g_autoptr (GPtrArray) argv = g_ptr_array_new ();
  const char *ninja = find_program ("NINJA", names);

  if (!g_file_test (build_file, G_FILE_TEST_EXISTS))
    return build_with_meson (directory, error);
  if (ninja == NULL)
    return set_no_program_error ("ninja", error);

  files = list_files (directory, ids, error);
  if (files == NULL)
    return FALSE;
  /* Named no target, ninja would build everything. */
  if (files->len == 0)
    return TRUE;

  g_ptr_array_add (argv, (gpointer) ninja);
  g_ptr_array_add (argv, (gpointer) "-C");
  g_ptr_array_add (argv, (gpointer) directory);
  for (guint i = 0; i < files->len && files->len <= MAX_TARGETS; i++)
    g_ptr_array_add (argv, g_ptr_array_index (files, i));

  return run_build (argv, error);
}
