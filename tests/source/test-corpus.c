/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <dagsched.h>
#include <glib/gstdio.h>
#include <string.h>

/* Each file of the corpus is a case: those in good/ load, and load again from what is written of
 * them; those in bad/ (which the JSON Schema refuses, too) and beyond/ (which it can't) are refused
 * with the message that stands in the file of the same name with .err. */

static DagschedGraph *
load (const char *path, GError **error)
{
  g_autoptr (DagschedSource) source = dagsched_source_new_for_path (path, "manifest", error);
  g_autoptr (DagschedGraph) graph = dagsched_graph_new (NULL);

  if (source == NULL || !dagsched_source_load (source, graph, error) ||
      !dagsched_graph_validate (graph, error))
    return NULL;

  return g_steal_pointer (&graph);
}

static void
check_message (const char *path, const GError *error)
{
  g_autofree char *expected_path = g_strconcat (path, ".err", NULL);
  g_autofree char *directory = g_path_get_dirname (path);
  g_autofree char *parent = g_path_get_dirname (directory);
  g_autofree char *prefix = g_strconcat (directory, "/", NULL);
  g_autofree char *parent_prefix = g_strconcat (parent, "/", NULL);
  g_autoptr (GString) message = g_string_new (error != NULL ? error->message : "it was accepted");
  g_autofree char *expected = NULL;

  g_string_replace (message, prefix, "", 0);
  g_string_replace (message, parent_prefix, "", 0);
  g_string_append_c (message, '\n');

  if (g_getenv ("DAGSCHED_TEST_UPDATE") != NULL)
    g_assert_true (g_file_set_contents (expected_path, message->str, -1, NULL));
  g_assert_true (g_file_get_contents (expected_path, &expected, NULL, NULL));
  g_assert_cmpstr (message->str, ==, expected);
  g_assert_nonnull (error);
  g_assert_true (error->domain == DAGSCHED_ERROR);
}

static void
test_good (gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (DagschedGraph) graph = load (data, &error);
  g_autofree char *directory = g_dir_make_tmp ("dagsched-XXXXXX", NULL);
  g_autofree char *copy = g_build_filename (directory, "dagsched.json", NULL);
  g_autoptr (DagschedGraph) again = NULL;
  g_autofree char *text = NULL;
  g_autofree char *text_again = NULL;

  g_assert_no_error (error);

  text = dagsched_manifest_from_graph (graph, &error);
  g_assert_no_error (error);
  g_assert_true (g_file_set_contents (copy, text, -1, NULL));
  again = load (copy, &error);
  g_assert_no_error (error);
  text_again = dagsched_manifest_from_graph (again, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (text, ==, text_again);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (graph)), ==,
                    g_list_model_get_n_items (G_LIST_MODEL (again)));

  g_unlink (copy);
  g_rmdir (directory);
}

static void
test_refused (gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (DagschedGraph) graph = load (data, &error);

  check_message (data, error);
  g_assert_null (graph);
}

static gboolean
apply (const char *path, GError **error)
{
  g_autofree char *base =
    g_test_build_filename (G_TEST_DIST, "source", "corpus", "overrides", "base.dagsched.json", NULL);
  g_autoptr (DagschedGraph) graph = load (base, NULL);

  g_assert_nonnull (graph);

  return dagsched_manifest_apply_overrides (path, graph, error) && dagsched_graph_validate (graph, error);
}

static void
test_good_overrides (gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  apply (data, &error);
  g_assert_no_error (error);
}

static void
test_refused_overrides (gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (apply (data, &error));
  check_message (data, error);
}

static void
add_cases (const char *folder, GTestDataFunc func)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "source", "corpus", folder, NULL);
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;
  guint n = 0;

  g_assert_nonnull (dir);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *case_path = g_strdup_printf ("/corpus/%s/%s", folder, name);

      if (!g_str_has_suffix (name, ".json"))
        continue;
      g_test_add_data_func_full (case_path, g_build_filename (path, name, NULL), func, g_free);
      n++;
    }
  g_assert_cmpuint (n, >, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  add_cases ("good", test_good);
  add_cases ("bad", test_refused);
  add_cases ("beyond", test_refused);
  add_cases ("overrides/good", test_good_overrides);
  add_cases ("overrides/bad", test_refused_overrides);
  add_cases ("overrides/beyond", test_refused_overrides);

  return g_test_run ();
}
