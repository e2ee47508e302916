/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sample-log.h"

#include <glib/gstdio.h>
#include <unistd.h>

DagschedRunLog *
sample_log_new_from_lines (const char *lines)
{
  g_autofree char *path = NULL;
  g_autoptr (GFile) file = NULL;
  g_autoptr (GError) error = NULL;
  DagschedRunLog *log;
  int fd = g_file_open_tmp ("dagsched-sample-XXXXXX.jsonl", &path, &error);

  g_assert_no_error (error);
  close (fd);
  g_file_set_contents (path, lines, -1, &error);
  g_assert_no_error (error);
  file = g_file_new_for_path (path);
  log = dagsched_run_log_load (file, &error);
  g_assert_no_error (error);
  g_unlink (path);

  return log;
}

DagschedRunLog *
sample_log_new_small (void)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "gtk", "support", "small.jsonl", NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GError) error = NULL;
  DagschedRunLog *log = dagsched_run_log_load (file, &error);

  g_assert_no_error (error);

  return log;
}

static void
add_test_line (GString *lines, guint number, guint width)
{
  guint layer = number / width, place = number % width;

  g_string_append_printf (lines, "{\"test\":%u,\"name\":\"layer-%u/test-%u\"", number, layer, place);
  if (layer > 0)
    g_string_append_printf (lines, ",\"depends\":[[%u,\"success\"],[%u,\"always\"],[%u,\"always\"]]",
                            (layer - 1) * width + place, (layer - 1) * width + (place + 7) % width,
                            (layer - 1) * width + (place * 5 + 1) % width);
  g_string_append_printf (lines, ",\"suites\":[\"layer-%u\"],\"command\":[\"true\",\"%u\"]}\n", layer % 8,
                          number);
}

static void
add_event_lines (GString *lines, guint number, guint worker, double start, double duration)
{
  const char *outcome = number % 50 == 49 ? "failed" : "passed";

  g_string_append_printf (lines,
                          "{\"event\":\"started\",\"test\":%u,\"time\":%.6f,\"attempt\":1,\"worker\":%u}\n"
                          "{\"event\":\"attempt\",\"test\":%u,\"time\":%.6f,\"attempt\":1,\"worker\":%u,"
                          "\"outcome\":\"%s\",\"start\":%.6f,\"duration\":%.6f,\"exit-status\":%d}\n"
                          "{\"event\":\"finished\",\"test\":%u,\"time\":%.6f,\"outcome\":\"%s\","
                          "\"attempts\":1}\n",
                          number, start, worker, number, start + duration, worker, outcome, start, duration,
                          number % 50 == 49, number, start + duration, outcome);
}

DagschedRunLog *
sample_log_new_small_at (double seconds)
{
  DagschedRunLog *log = sample_log_new_small ();

  dagsched_run_log_rewind (log);
  g_assert_true (dagsched_run_log_advance (log, seconds));
  return log;
}

DagschedRunLog *
sample_log_new_layered (guint n_tests, guint width, guint n_workers)
{
  g_autoptr (GString) lines = g_string_new (NULL);
  g_autofree double *free_at = g_new0 (double, n_workers);
  double end = 0;

  g_string_append_printf (lines,
                          "{\"dagsched-log\":1,\"version\":\"1.0.0\",\"name\":\"layers\",\"host\":\"here\","
                          "\"pid\":1,\"started-at\":\"2026-01-02T03:04:05.000000Z\",\"n-tests\":%u,"
                          "\"n-workers\":%u,\"options\":{\"order\":\"auto\"}}\n",
                          n_tests, n_workers);
  for (guint i = 0; i < n_tests; i++)
    add_test_line (lines, i, width);
  for (guint i = 0; i < n_tests; i++)
    {
      guint worker = i % n_workers;
      double duration = 0.001 + 0.0001 * (i * 7919 % 97);

      add_event_lines (lines, i, worker, free_at[worker], duration);
      free_at[worker] += duration + 0.00005;
      end = MAX (end, free_at[worker]);
    }
  g_string_append_printf (lines, "{\"event\":\"end\",\"time\":%.6f,\"verdict\":\"failure\"}\n", end);

  return sample_log_new_from_lines (lines->str);
}
