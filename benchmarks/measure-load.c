/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* From a manifest to a plan. json-glib's parser alone is shown beside it: what is left when the text has
 * been taken apart. */
#include <dagsched.h>
#include <errno.h>
#include <glib/gstdio.h>
#include <json-glib/json-glib.h>

#include "bench-clock.h"
#include "bench-measurement.h"
#include "bench-shape.h"

/* Three dependencies a test, but in the first layer. */
static char *
create_manifest (guint n_tests)
{
  g_autoptr (BenchShape) shape = bench_shape_new (BENCH_SHAPE_LAYERED, n_tests);
  GString *text = g_string_new ("{ \"dagsched\": 1, \"name\": \"load\", \"tests\": [");

  for (guint32 i = 0; i < n_tests; i++)
    {
      const char *separator = ", \"depends\": [ ";

      g_string_append_printf (text,
                              "%s\n  { \"name\": \"test-%u\", \"command\": [ \"./test\", \"--number=%u\" ]",
                              i == 0 ? "" : ",", i, i);
      for (guint32 j = shape->dependencies.first[i]; j < shape->dependencies.first[i + 1]; j++)
        {
          g_string_append_printf (text, "%s\"test-%u\"", separator, shape->dependencies.list[j]);
          separator = ", ";
        }
      g_string_append (text, shape->dependencies.first[i] < shape->dependencies.first[i + 1] ? " ] }" : " }");
    }
  g_string_append (text, "\n] }\n");

  return g_string_free (text, FALSE);
}

static void
add_sample (BenchResult *result, const char *figure, gint64 ns, guint n_tests)
{
  bench_result_add_sample (result, figure, "ns/test", (double) ns / n_tests);
}

static gboolean
load (const char *path, guint n_tests, BenchResult *result, GError **error)
{
  g_autoptr (DagschedGraph) graph = dagsched_graph_new (NULL);
  g_autoptr (DagschedSource) source = NULL;
  g_autoptr (DagschedPlan) plan = NULL;
  gint64 start = bench_now ();
  gint64 loaded;
  gint64 end;

  source = dagsched_source_new_for_path (path, NULL, error);
  if (source == NULL || !dagsched_source_load (source, graph, error))
    return FALSE;
  loaded = bench_now ();
  plan = dagsched_plan_new (graph, NULL, error);
  if (plan == NULL)
    return FALSE;
  end = bench_now ();

  g_assert (g_list_model_get_n_items (G_LIST_MODEL (plan)) == n_tests);
  add_sample (result, "dagsched", end - start, n_tests);
  add_sample (result, "dagsched_load", loaded - start, n_tests);
  add_sample (result, "dagsched_plan", end - loaded, n_tests);
  bench_result_add_sample (result, "dagsched_rate", "tests/s", n_tests * BENCH_NS_PER_SECOND / (end - start));
  return TRUE;
}

static gboolean
parse (const char *path, guint n_tests, BenchResult *result, GError **error)
{
  g_autoptr (JsonParser) parser = json_parser_new_immutable ();
  gint64 start = bench_now ();

  if (!json_parser_load_from_file (parser, path, error))
    return FALSE;

  add_sample (result, "json_glib", bench_now () - start, n_tests);
  return TRUE;
}

static gboolean
measure_file (const BenchParams *params, const char *path, BenchResult *result, GError **error)
{
  g_autofree char *manifest = create_manifest (params->tests);

  if (!g_file_set_contents (path, manifest, -1, error))
    return FALSE;

  for (guint i = 0; i < params->rounds; i++)
    {
      if (!load (path, params->tests, result, error) || !parse (path, params->tests, result, error))
        return FALSE;
    }

  return TRUE;
}

gboolean
bench_measure_load (const BenchParams *params, BenchResult *result, GError **error)
{
  g_autofree char *dir = g_dir_make_tmp ("dagsched-bench-XXXXXX", error);
  g_autofree char *path = NULL;
  gboolean measured;

  if (dir == NULL)
    return FALSE;

  path = g_build_filename (dir, "dagsched.json", NULL);
  measured = measure_file (params, path, result, error);
  g_unlink (path);
  g_rmdir (dir);

  return measured;
}
