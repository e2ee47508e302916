/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "graph-case.h"
#include "sample-log.h"

/* The graph in files. */

static void
check_export (GraphCase *self, const char *name, const char *magic)
{
  g_autofree char *path = g_build_filename (g_get_tmp_dir (), name, NULL);
  g_autofree char *content = NULL;
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GError) error = NULL;
  gsize length;

  g_assert_true (dagsched_gtk_graph_view_export (self->view, file, &error));
  g_assert_no_error (error);
  g_file_get_contents (path, &content, &length, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (length, >, 10000);
  g_assert_true (g_str_has_prefix (content, magic));
  if (g_str_has_suffix (name, ".svg"))
    g_assert_nonnull (g_strrstr_len (content + length - 16, 16, "</svg>"));
  if (g_str_has_suffix (name, ".pdf"))
    g_assert_nonnull (g_strrstr_len (content + length - 16, 16, "%%EOF"));
  g_file_delete (file, NULL, NULL);
}

static void
check_export_fails (GraphCase *self, const char *path, int code)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GError) error = NULL;

  g_assert_false (dagsched_gtk_graph_view_export (self->view, file, &error));
  g_assert_error (error, G_IO_ERROR, code);
}

static void
test_export (void)
{
  GraphCase self;

  graph_case_open (&self, graph_case_replay (sample_log_new_small ()), 900, 600);
  dagsched_gtk_graph_view_set_show_critical_path (self.view, TRUE);
  check_export (&self, "dagsched-test-graph.png", "\x89PNG");
  check_export (&self, "dagsched-test-graph.svg", "<?xml");
  check_export (&self, "dagsched-test-graph.pdf", "%PDF");
  check_export_fails (&self, "/tmp/graph.gif", G_IO_ERROR_NOT_SUPPORTED);
  check_export_fails (&self, "/nonexistent/graph.png", G_IO_ERROR_NOT_FOUND);
  check_export_fails (&self, "/dev/full/graph.png", G_IO_ERROR_NOT_DIRECTORY);
  graph_case_close (&self);

  graph_case_open (&self, sample_log_new_layered (30000, 1000, 4), 900, 600);
  check_export_fails (&self, "/tmp/graph.png", G_IO_ERROR_NO_SPACE);
  check_export_fails (&self, "/tmp/graph.svg", G_IO_ERROR_NO_SPACE);
  graph_case_close (&self);
}

int
main (int argc, char *argv[])
{
  gtk_case_init (&argc, &argv);

  g_test_add_func ("/graph-export/formats", test_export);

  return g_test_run ();
}
