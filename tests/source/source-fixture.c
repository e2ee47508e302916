/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "source-fixture.h"

#include <glib/gstdio.h>

void
remove_tree (const char *path)
{
  g_autoptr (GDir) dir = NULL;
  const char *name;

  if (g_file_test (path, G_FILE_TEST_IS_DIR) && !g_file_test (path, G_FILE_TEST_IS_SYMLINK))
    {
      dir = g_dir_open (path, 0, NULL);
      while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
        {
          g_autofree char *child = g_build_filename (path, name, NULL);

          remove_tree (child);
        }
    }
  g_remove (path);
}

void
fixture_set_up (Fixture *fixture, gconstpointer data)
{
  fixture->directory = g_dir_make_tmp ("dagsched-source-XXXXXX", NULL);
  g_assert_nonnull (fixture->directory);
}

void
fixture_tear_down (Fixture *fixture, gconstpointer data)
{
  remove_tree (fixture->directory);
  g_free (fixture->directory);
}

char *
fixture_path (Fixture *fixture, const char *name)
{
  return g_build_filename (fixture->directory, name, NULL);
}

char *
fixture_write (Fixture *fixture, const char *name, const char *content)
{
  char *path = fixture_path (fixture, name);
  g_autofree char *directory = g_path_get_dirname (path);

  g_assert_cmpint (g_mkdir_with_parents (directory, 0700), ==, 0);
  g_assert_true (g_file_set_contents (path, content, -1, NULL));

  return path;
}

DagschedGraph *
fixture_load (Fixture *fixture, const char *name, GError **error)
{
  g_autofree char *path = fixture_path (fixture, name);
  g_autoptr (DagschedSource) source = dagsched_source_new_for_path (path, NULL, error);
  g_autoptr (DagschedGraph) graph = dagsched_graph_new (NULL);

  if (source == NULL || !dagsched_source_load (source, graph, error))
    return NULL;

  return g_steal_pointer (&graph);
}

void
fixture_assert_error (Fixture *fixture, const GError *error, DagschedError code, const char *message)
{
  g_autofree char *prefix = g_strconcat (fixture->directory, "/", NULL);
  g_autoptr (GString) text = NULL;

  g_assert_error (error, DAGSCHED_ERROR, (int) code);
  text = g_string_new (error->message);
  g_string_replace (text, prefix, "", 0);
  g_string_replace (text, fixture->directory, "DIR", 0);
  g_assert_cmpstr (text->str, ==, message);
}
