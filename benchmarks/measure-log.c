/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* From a run log to the run as it ended: what the monitor does with it before anything is seen. Beside it,
 * what its lines take to read, our way and json-glib's. */
#include <dagsched.h>
#include <glib/gstdio.h>
#include <string.h>

#include "bench-clock.h"
#include "bench-log.h"
#include "bench-measurement.h"
#include "store/dagsched-log-parse-private.h"

static void
add_seconds (BenchResult *result, const char *figure, gint64 ns)
{
  bench_result_add_sample (result, figure, "s", (double) ns / BENCH_NS_PER_SECOND);
}

static void
add_changes (DagschedRun *run, GArray *numbers, gpointer n_changes)
{
  *(guint *) n_changes += numbers->len;
}

static gboolean
load (const char *path, const BenchParams *params, guint n_lines, BenchResult *result, GError **error)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (DagschedRunLog) log = NULL;
  gint64 start = bench_now ();
  gint64 loaded;
  gint64 end;
  guint n_changes = 0;

  log = dagsched_run_log_load (file, error);
  if (log == NULL)
    return FALSE;
  loaded = bench_now ();
  g_signal_connect (log, "tests-changed", G_CALLBACK (add_changes), &n_changes);
  dagsched_run_log_advance (log, dagsched_run_log_get_length (log));
  end = bench_now ();

  g_assert (dagsched_run_get_verdict (DAGSCHED_RUN (log)) == DAGSCHED_VERDICT_SUCCESS);
  g_assert (n_changes == params->tests);
  add_seconds (result, "load", loaded - start);
  add_seconds (result, "replay", end - loaded);
  bench_result_add_sample (result, "dagsched", "ns/line", (double) (loaded - start) / n_lines);
  return TRUE;
}

typedef gboolean (*ParseLine) (const char *data, gsize length, DagschedLogLine *line, GError **error);

static gboolean
parse_lines (GBytes *log,
             ParseLine parse,
             guint n_lines,
             const char *figure,
             BenchResult *result,
             GError **error)
{
  gsize length;
  const char *data = g_bytes_get_data (log, &length);
  const char *end = data + length;
  gint64 start = bench_now ();

  for (const char *newline; (newline = memchr (data, '\n', (gsize) (end - data))) != NULL; data = newline + 1)
    {
      DagschedLogLine line;

      if (!parse (data, (gsize) (newline - data), &line, error))
        return FALSE;
      dagsched_log_line_clear (&line);
    }

  bench_result_add_sample (result, figure, "ns/line", (double) (bench_now () - start) / n_lines);
  return TRUE;
}

static gboolean
measure_file (const BenchParams *params, const char *path, BenchResult *result, GError **error)
{
  g_autoptr (GBytes) log = NULL;
  char *data;
  gsize length;
  guint n_lines;

  if (!bench_log_write (path, params->tests, &n_lines, error) ||
      !g_file_get_contents (path, &data, &length, error))
    return FALSE;

  log = g_bytes_new_take (data, length);
  bench_result_set_parameter (result, "lines", n_lines);
  for (guint i = 0; i < params->rounds; i++)
    {
      if (!load (path, params, n_lines, result, error) ||
          !parse_lines (log, dagsched_log_parse_line, n_lines, "dagsched_lines", result, error) ||
          !parse_lines (log, dagsched_log_parse_json, n_lines, "json_glib", result, error))
        return FALSE;
    }

  bench_result_compare (result, "json_glib", "dagsched_lines", "json_glib");
  return TRUE;
}

gboolean
bench_measure_log (const BenchParams *params, BenchResult *result, GError **error)
{
  g_autofree char *dir = g_dir_make_tmp ("dagsched-bench-XXXXXX", error);
  g_autofree char *path = NULL;
  gboolean measured;

  if (dir == NULL)
    return FALSE;

  path = g_build_filename (dir, "log.jsonl", NULL);
  measured = measure_file (params, path, result, error);
  g_unlink (path);
  g_rmdir (dir);

  return measured;
}
