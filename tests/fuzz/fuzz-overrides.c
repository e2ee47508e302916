/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fuzz.h"

static DagschedGraph *
make_graph (void)
{
  static const char *const names[] = { "db/start", "db/query", "api", "db/stop" };
  static const char *const suites[] = { "unit", NULL };
  static const char *const argv[] = { "true", NULL };
  DagschedGraph *graph = dagsched_graph_new ("suite");

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr (DagschedCommandTest) test = dagsched_command_test_new (names[i], argv);

      dagsched_test_set_suites (DAGSCHED_TEST (test), suites);
      g_assert_true (dagsched_graph_add_test (graph, DAGSCHED_TEST (test), NULL));
    }
  return graph;
}

FUZZ_READER (overrides)
{
  g_autoptr (DagschedGraph) graph = make_graph ();
  g_autoptr (GError) error = NULL;
  gboolean applied = dagsched_manifest_apply_overrides (fuzz_file (data, size), graph, &error);

  fuzz_check_error (applied, error);
  if (applied)
    fuzz_check_graph (graph);
  return 0;
}
