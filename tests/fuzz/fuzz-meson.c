/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fuzz.h"

#include <glib/gstdio.h>

/* What meson wrote: intro-tests.json; behind a NUL, intro-projectinfo.json. */

FUZZ_READER (meson)
{
  g_autofree char *info = g_build_filename (fuzz_directory (), "meson-info", NULL);
  g_autofree char *tests = g_build_filename (info, "intro-tests.json", NULL);
  g_autofree char *project = g_build_filename (info, "intro-projectinfo.json", NULL);
  const uint8_t *nul = size > 0 ? memchr (data, '\0', size) : NULL;
  g_autoptr (DagschedSource) source = NULL;
  g_autoptr (DagschedGraph) graph = dagsched_graph_new (NULL);
  g_autoptr (GError) error = NULL;
  gboolean loaded;

  g_mkdir (info, 0700);
  fuzz_write (tests, data, nul != NULL ? (size_t) (nul - data) : size);
  if (nul != NULL)
    fuzz_write (project, nul + 1, size - (size_t) (nul + 1 - data));
  else
    g_unlink (project);

  source = dagsched_source_new_for_path (fuzz_directory (), "meson", &error);
  g_assert_no_error (error);
  loaded = dagsched_source_load (source, graph, &error);
  fuzz_check_error (loaded, error);
  if (loaded)
    fuzz_check_graph (graph);
  return 0;
}
