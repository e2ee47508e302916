/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fuzz.h"

#include "source/dagsched-manifest-private.h"

FUZZ_READER (manifest)
{
  const char *path = fuzz_file (data, size);
  g_autoptr (DagschedGraph) graph = dagsched_graph_new (NULL);
  g_autoptr (GError) error = NULL;
  gboolean loaded = dagsched_manifest_read (path, graph, &error);
  DagschedManifestKind kind = dagsched_manifest_sniff (path);

  fuzz_check_error (loaded, error);
  if (!loaded)
    return 0;

  /* What loads is recognised as what it is. */
  g_assert_cmpint (kind, ==, DAGSCHED_MANIFEST_KIND_MANIFEST);
  fuzz_check_graph (graph);
  return 0;
}
