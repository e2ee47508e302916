/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/dagsched-error.h"
#include "base/dagsched-suggest-private.h"
#include "source/dagsched-manifest-private.h"
#include "source/dagsched-source-private.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

/* Which type of source a path is. */

#define WHAT_THERE_IS                                                                                        \
  "a manifest (dagsched.json, *.dagsched.json or a JSON file with the member \"dagsched\") or a meson "      \
  "build "                                                                                                   \
  "directory"

static gboolean
is_manifest (const char *path)
{
  g_auto (GStrv) files = NULL;

  if (!g_file_test (path, G_FILE_TEST_IS_DIR))
    return dagsched_manifest_sniff (path) == DAGSCHED_MANIFEST_KIND_MANIFEST;

  files = dagsched_manifest_list (path);

  return files[0] != NULL;
}

typedef struct
{
  const char *name;
  gboolean (*recognise) (const char *path);
  GType (*get_type) (void);
} SourceType;

/* The first that recognises a path has it. */
static const SourceType types[] = {
  { "manifest", is_manifest, dagsched_manifest_source_get_type },
  { "meson", dagsched_meson_is_build_directory, dagsched_meson_source_get_type },
};

static const char *const type_names[] = { "manifest", "meson", NULL };

G_STATIC_ASSERT (G_N_ELEMENTS (type_names) == G_N_ELEMENTS (types) + 1);

/**
 * dagsched_source_list_types:
 *
 * Lists the types of source that [ctor@Source.new_for_path] can create.
 *
 * Returns: (transfer none) (array zero-terminated=1): their names
 *
 * Since: 1.0
 */
const char *const *
dagsched_source_list_types (void)
{
  return type_names;
}

static const SourceType *
find_type (const char *name, GError **error)
{
  DagschedSuggestion suggestion;
  g_autofree char *text = NULL;
  g_autofree char *list = NULL;

  dagsched_suggestion_init (&suggestion, name);
  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    {
      if (strcmp (types[i].name, name) == 0)
        return &types[i];
      dagsched_suggestion_offer (&suggestion, types[i].name);
    }

  text = dagsched_suggestion_dup_text (&suggestion);
  list = g_strjoinv (", ", (char **) type_names);
  g_set_error (error, DAGSCHED_ERROR, DAGSCHED_ERROR_NOT_FOUND,
               "there is no type of source called \"%s\"%s; there are: %s", name, text, list);

  return NULL;
}

static gboolean
exists (const char *path, GError **error)
{
  struct stat info;

  if (stat (path, &info) == 0)
    return TRUE;

  g_set_error (error, DAGSCHED_ERROR, DAGSCHED_ERROR_NOT_FOUND, "%s: can't be read: %s", path,
               g_strerror (errno));

  return FALSE;
}

static const SourceType *
recognise (const char *path, GError **error)
{
  g_autofree char *list = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    {
      if (types[i].recognise (path))
        return &types[i];
    }

  if (dagsched_manifest_sniff (path) == DAGSCHED_MANIFEST_KIND_OVERRIDES)
    {
      g_set_error (error, DAGSCHED_ERROR, DAGSCHED_ERROR_NOT_FOUND,
                   "%s: is an overrides file, not a source of tests: give it with --overrides", path);
      return NULL;
    }

  list = g_strjoinv ("|", (char **) type_names);
  g_set_error (error, DAGSCHED_ERROR, DAGSCHED_ERROR_NOT_FOUND,
               "%s: is no source of tests that is known: looked for " WHAT_THERE_IS
               "; to insist, give --source-type=%s",
               path, list);

  return NULL;
}

static int
compare_strings (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

static void
add_build_directories (GPtrArray *candidates, const char *directory)
{
  g_autoptr (GDir) dir = g_dir_open (directory, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (directory, name, NULL);

      if (*name != '.' && dagsched_meson_is_build_directory (path))
        g_ptr_array_add (candidates, g_steal_pointer (&path));
    }
  g_ptr_array_sort (candidates, compare_strings);
}

char **
dagsched_source_list_candidates (const char *directory)
{
  g_autoptr (GPtrArray) candidates = g_ptr_array_new_with_free_func (g_free);
  g_auto (GStrv) manifests = dagsched_manifest_list (directory);

  for (guint i = 0; manifests[i] != NULL; i++)
    g_ptr_array_add (candidates, g_strdup (manifests[i]));
  if (dagsched_meson_is_build_directory (directory))
    g_ptr_array_add (candidates, g_strdup (directory));
  if (candidates->len == 0)
    add_build_directories (candidates, directory);
  g_ptr_array_add (candidates, NULL);

  return (char **) g_ptr_array_free (g_steal_pointer (&candidates), FALSE);
}

/* "./dagsched.json" is what a person would call "dagsched.json". */
static const char *
skip_dot (const char *path)
{
  return g_str_has_prefix (path, "./") ? path + 2 : path;
}

static char *
find_path (GError **error)
{
  g_auto (GStrv) candidates = dagsched_source_list_candidates (".");
  g_autofree char *current = g_get_current_dir ();
  g_autoptr (GString) list = g_string_new (NULL);

  if (g_strv_length (candidates) == 1)
    return g_strdup (skip_dot (candidates[0]));

  if (candidates[0] == NULL)
    {
      g_set_error (error, DAGSCHED_ERROR, DAGSCHED_ERROR_NOT_FOUND,
                   "%s: there are no tests here: looked for " WHAT_THERE_IS "; name one", current);
      return NULL;
    }

  for (guint i = 0; candidates[i] != NULL; i++)
    g_string_append_printf (list, "%s%s", i > 0 ? ", " : "", skip_dot (candidates[i]));
  g_set_error (error, DAGSCHED_ERROR, DAGSCHED_ERROR_NOT_FOUND,
               "%s: tests could be read from several places here: name one or more of %s", current,
               list->str);

  return NULL;
}

/**
 * dagsched_source_new_for_path:
 * @path: (nullable) (type filename): a file or directory; %NULL: what is found in the current directory
 * @type: (nullable): one of [func@Dagsched.Source.list_types]; %NULL: recognised by content
 * @error: return location for an error
 *
 * Creates a source of one of the types that the library has.
 *
 * In the current directory, its manifests are looked for (`dagsched.json` alone if it is there, else every
 * `*.dagsched.json`), and whether it is itself a build directory; if neither, build directories right below
 * it. There must be one.
 *
 * Errors: %DAGSCHED_ERROR_NOT_FOUND if @path is not there or not recognised, there is nothing or
 * too much to choose from, or no type of that name.
 *
 * Returns: (transfer full): a source
 *
 * Since: 1.0
 */
DagschedSource *
dagsched_source_new_for_path (const char *path, const char *type, GError **error)
{
  g_autofree char *found = NULL;
  const SourceType *source_type = NULL;

  if (type != NULL && (source_type = find_type (type, error)) == NULL)
    return NULL;

  if (path == NULL && type != NULL && source_type->recognise ("."))
    found = g_strdup (".");
  else if (path == NULL)
    found = find_path (error);
  else if (exists (path, error))
    found = g_strdup (path);
  if (found == NULL)
    return NULL;

  if (source_type == NULL && (source_type = recognise (found, error)) == NULL)
    return NULL;

  return g_object_new (source_type->get_type (), "path", found, "type-name", source_type->name, NULL);
}
