/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sample-run.h"

#include <string.h>
#include <unistd.h>

typedef struct
{
  SampleRun *sample;
  char *dir;
  char *path;
  GFile *file;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->sample = sample_run_new ();
  fixture->dir = sample_dir_new ();
  fixture->path = g_build_filename (fixture->dir, "log.jsonl", NULL);
  fixture->file = g_file_new_for_path (fixture->path);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  sample_run_free (fixture->sample);
  sample_dir_remove (fixture->dir);
  g_free (fixture->dir);
  g_free (fixture->path);
  g_object_unref (fixture->file);
}

static void
put (Fixture *fixture, const char *data, gssize length)
{
  g_autoptr (GError) error = NULL;

  unlink (fixture->path); /* else each replacement is an fsync() */
  g_file_set_contents (fixture->path, data, length, &error);
  g_assert_no_error (error);
}

static DagschedRunLog *
load (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  DagschedRunLog *log = dagsched_run_log_load (fixture->file, &error);

  g_assert_no_error (error);

  return log;
}

static DagschedRunLog *
write_and_load (Fixture *fixture)
{
  g_autofree char *lines = sample_run_dup_lines (fixture->sample);

  put (fixture, lines, -1);

  return load (fixture);
}

static DagschedTest *
get_test (DagschedRunLog *log, guint number)
{
  DagschedTest *test = g_list_model_get_item (dagsched_run_get_tests (DAGSCHED_RUN (log)), number);

  g_object_unref (test);

  return test;
}

static DagschedAttempt *
dup_attempt (DagschedRunLog *log, guint test, guint index)
{
  g_autoptr (GPtrArray) attempts = dagsched_run_dup_attempts (DAGSCHED_RUN (log), get_test (log, test));

  g_assert_cmpuint (attempts->len, >, index);

  return g_object_ref (g_ptr_array_index (attempts, index));
}

static void
test_settings (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DagschedRunLog) log = write_and_load (fixture);

  g_assert_cmpuint (g_list_model_get_n_items (dagsched_run_get_tests (DAGSCHED_RUN (log))), ==, 4);
  for (guint i = 0; i < 4; i++)
    {
      DagschedTest *copy = get_test (log, i);

      sample_assert_same_settings (fixture->sample->tests[i], copy);
      g_assert_cmpuint (dagsched_test_get_requirement (copy, "gpu"), ==, i == 0 ? 2 : 0);
      g_assert_cmpuint (dagsched_test_get_requirement (copy, "database"), ==, i == 0 ? DAGSCHED_ALL : 0);
      g_assert_cmpstr (dagsched_test_get_group (copy, "phase"), ==, i == 0 ? "A" : NULL);
    }
}

static void
assert_bytes (GBytes *bytes, GBytes *expected)
{
  g_assert_nonnull (bytes);
  g_assert_true (g_bytes_equal (bytes, expected));
}

static void
test_outcomes (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DagschedRunLog) log = write_and_load (fixture);
  DagschedRun *run = DAGSCHED_RUN (log);

  g_assert_cmpint (dagsched_run_get_verdict (run), ==, DAGSCHED_VERDICT_NONE);
  g_assert_cmpuint (dagsched_run_get_n_in_state (run, DAGSCHED_STATE_PENDING), ==, 4);

  dagsched_run_log_replay (log);

  g_assert_null (dagsched_run_log_get_warnings (log)[0]);
  g_assert_cmpstr (dagsched_run_get_name (run), ==, "a suite");
  g_assert_cmpint (dagsched_run_get_started_at (run), ==, 1700000000123456);
  g_assert_cmpfloat_with_epsilon (dagsched_run_get_elapsed (run), 0.018, 1e-6);
  g_assert_cmpint (dagsched_run_get_verdict (run), ==, DAGSCHED_VERDICT_FAILURE);
  g_assert_cmpstr (dagsched_run_get_problem (run), ==, "a \"problem\"");
  g_assert_cmpuint (dagsched_run_get_n_in_state (run, DAGSCHED_STATE_FINISHED), ==, 4);
  g_assert_cmpuint (dagsched_run_get_n_with_outcome (run, DAGSCHED_OUTCOME_PASSED), ==, 1);
  g_assert_cmpuint (dagsched_run_get_n_with_outcome (run, DAGSCHED_OUTCOME_NONE), ==, 0);

  g_assert_cmpint (dagsched_test_get_outcome (get_test (log, 0)), ==, DAGSCHED_OUTCOME_PASSED);
  g_assert_cmpint (dagsched_test_get_outcome (get_test (log, 1)), ==, DAGSCHED_OUTCOME_TIMED_OUT);
  g_assert_cmpuint (dagsched_test_get_n_attempts (get_test (log, 1)), ==, 2);
  g_assert_cmpstr (dagsched_test_get_reason (get_test (log, 1)), ==, "timed out after 2 ms");
  g_assert_cmpfloat_with_epsilon (dagsched_test_get_duration (get_test (log, 1)), 0.002, 1e-6);
  g_assert_cmpint (dagsched_test_get_outcome (get_test (log, 2)), ==, DAGSCHED_OUTCOME_BLOCKED);
  g_assert_true (dagsched_test_get_blocked_by (get_test (log, 2)) == get_test (log, 1));
  g_assert_cmpint (dagsched_test_get_flags (get_test (log, 3)), ==, DAGSCHED_FLAGS_TRUNCATED);
}

static void
test_attempts (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DagschedRunLog) log = write_and_load (fixture);
  g_autoptr (DagschedAttempt) plain = NULL, large = NULL, first = NULL, second = NULL;

  dagsched_run_log_replay (log);
  plain = dup_attempt (log, 0, 0);
  large = dup_attempt (log, 3, 0);
  first = dup_attempt (log, 1, 0);
  second = dup_attempt (log, 1, 1);

  assert_bytes (dagsched_attempt_get_standard_output (plain), fixture->sample->text);
  assert_bytes (dagsched_attempt_get_standard_error (plain), fixture->sample->binary);
  g_assert_cmpint (dagsched_attempt_get_exit_status (plain), ==, 0);
  assert_bytes (dagsched_attempt_get_standard_output (large), fixture->sample->large);
  g_assert_null (dagsched_attempt_get_standard_error (large));
  g_assert_cmpint (dagsched_attempt_get_outcome (large), ==, DAGSCHED_OUTCOME_EXPECTED_FAILURE);
  g_assert_cmpint (dagsched_attempt_get_exit_status (large), ==, -1);
  g_assert_cmpint (dagsched_attempt_get_term_signal (large), ==, 11);
  g_assert_cmpstr (dagsched_attempt_get_reason (large), ==, "killed by \xff");
  g_assert_cmpstr (dagsched_attempt_get_artifacts (large), ==, "/a/b");
  g_assert_cmpuint (dagsched_attempt_get_worker (large), ==, 1);
  g_assert_cmpint (dagsched_attempt_get_outcome (first), ==, DAGSCHED_OUTCOME_FAILED);
  g_assert_cmpuint (dagsched_attempt_get_number (second), ==, 2);
  g_assert_cmpfloat_with_epsilon (dagsched_attempt_get_start_time (second), 0.015, 1e-6);
}

static void
note (GString *events, const char *what, DagschedTest *test)
{
  g_string_append_printf (events, "%s:%s ", what, dagsched_test_get_name (test));
}

static void
on_ready (DagschedRun *run, DagschedTest *test, gpointer events)
{
  note (events, "ready", test);
}

static void
on_started (DagschedRun *run, DagschedTest *test, guint worker, guint attempt, gpointer events)
{
  note (events, "started", test);
}

static void
on_attempt (DagschedRun *run, DagschedTest *test, DagschedAttempt *attempt, gpointer events)
{
  note (events, "attempt", test);
}

static void
on_finished (DagschedRun *run, DagschedTest *test, gpointer events)
{
  g_assert_cmpint (dagsched_test_get_state (test), ==, DAGSCHED_STATE_FINISHED);
  note (events, "finished", test);
}

static void
on_end (DagschedRun *run, gpointer events)
{
  g_string_append (events, "end");
}

static void
test_signals (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DagschedRunLog) log = write_and_load (fixture);
  g_autoptr (GString) events = g_string_new (NULL);

  g_signal_connect (log, "test-ready", G_CALLBACK (on_ready), events);
  g_signal_connect (log, "test-started", G_CALLBACK (on_started), events);
  g_signal_connect (log, "attempt-finished", G_CALLBACK (on_attempt), events);
  g_signal_connect (log, "test-finished", G_CALLBACK (on_finished), events);
  g_signal_connect (log, "finished", G_CALLBACK (on_end), events);

  for (guint i = 0; i < 2; i++) /* a second replay is as the first */
    {
      g_string_truncate (events, 0);
      dagsched_run_log_replay (log);
      g_assert_cmpstr (events->str, ==,
                       "ready:set/up ready:fails started:set/up started:fails attempt:set/up "
                       "finished:set/up ready:flaky attempt:fails finished:fails started:flaky attempt:flaky "
                       "ready:flaky started:flaky attempt:flaky finished:flaky finished:blocked end");
    }
}

static void
count_notification (GObject *object, GParamSpec *pspec, gpointer names)
{
  g_hash_table_add (names, (gpointer) pspec->name);
}

static void
test_properties (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DagschedRunLog) log = write_and_load (fixture);
  g_autoptr (GHashTable) notified = g_hash_table_new (g_str_hash, g_str_equal);
  g_autofree char *problem = NULL, *name = NULL;
  g_autoptr (GListModel) workers = NULL, tests = NULL;
  g_autoptr (DagschedWorker) worker = NULL;
  guint n_tests, n_finished, n_timed_out, n_blocked, n_expected_failures, n_passed, n_pending;
  DagschedVerdict verdict;
  gint64 started_at;

  g_signal_connect (log, "notify", G_CALLBACK (count_notification), notified);
  dagsched_run_log_replay (log);

  g_object_get (log, "n-tests", &n_tests, "n-finished", &n_finished, "n-timed-out", &n_timed_out, "n-blocked",
                &n_blocked, "n-expected-failures", &n_expected_failures, "n-passed", &n_passed, "n-pending",
                &n_pending, "verdict", &verdict, "problem", &problem, "name", &name, "started-at",
                &started_at, "workers", &workers, "tests", &tests, NULL);
  g_assert_cmpuint (n_tests, ==, 4);
  g_assert_cmpuint (n_finished, ==, 4);
  g_assert_cmpuint (n_pending, ==, 0);
  g_assert_cmpuint (n_timed_out, ==, 1);
  g_assert_cmpuint (n_blocked, ==, 1);
  g_assert_cmpuint (n_passed, ==, 1);
  g_assert_cmpuint (n_expected_failures, ==, 1);
  g_assert_cmpint (verdict, ==, DAGSCHED_VERDICT_FAILURE);
  g_assert_cmpstr (problem, ==, "a \"problem\"");
  g_assert_cmpstr (name, ==, "a suite");
  g_assert_cmpint (started_at, >, 0);
  g_assert_cmpuint (g_list_model_get_n_items (tests), ==, 4);
  g_assert_cmpuint (g_list_model_get_n_items (workers), ==, 2);

  worker = g_list_model_get_item (workers, 0);
  g_assert_cmpfloat_with_epsilon (dagsched_worker_get_utilization (worker), 11.0 / 18, 1e-3);
  g_assert_cmpint (dagsched_worker_get_state (worker), ==, DAGSCHED_WORKER_STATE_PARKED);

  g_assert_true (g_hash_table_contains (notified, "n-finished"));
  g_assert_true (g_hash_table_contains (notified, "n-timed-out"));
  g_assert_true (g_hash_table_contains (notified, "verdict"));
  g_assert_true (g_hash_table_contains (notified, "elapsed"));
  g_assert_false (g_hash_table_contains (notified, "n-skipped"));
  g_assert_false (g_hash_table_contains (notified, "n-running"));
}

/* Whatever is cut off, it is a run that died, or no log at all; nothing is torn but the last line. */
static void
test_cut_anywhere (Fixture *fixture, gconstpointer data)
{
  g_autofree char *lines = NULL;
  gsize header_length, length;

  g_bytes_unref (fixture->sample->large); /* there is nothing to find out in every byte of it */
  fixture->sample->large = g_bytes_new_static ("large", 5);
  lines = sample_run_dup_lines (fixture->sample);
  length = strlen (lines);
  header_length = strchr (lines, '\n') - lines;

  for (gsize cut = 0; cut < length; cut++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (DagschedRunLog) log = NULL;

      put (fixture, lines, cut);
      log = dagsched_run_log_load (fixture->file, &error);
      if (cut < header_length)
        {
          g_assert_error (error, DAGSCHED_ERROR, DAGSCHED_ERROR_PARSE);
          continue;
        }
      g_assert_no_error (error);
      dagsched_run_log_replay (log);
      g_assert_cmpuint (dagsched_run_get_n_with_outcome (DAGSCHED_RUN (log), DAGSCHED_OUTCOME_NONE), ==, 0);
      if (cut < length - 1)
        g_assert_cmpint (dagsched_run_get_verdict (DAGSCHED_RUN (log)), ==, DAGSCHED_VERDICT_INCOMPLETE);
    }
}

/* A tear in the middle, as after a full disk: each line once is missing its second half. */
static void
test_torn_lines (Fixture *fixture, gconstpointer data)
{
  g_autofree char *text = sample_run_dup_lines (fixture->sample);
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  for (guint i = 1; lines[i][0] != '\0'; i++)
    {
      g_autofree char *line = g_strdup (lines[i]), *torn = NULL, *number = g_strdup_printf (":%u: ", i + 1);
      g_autoptr (DagschedRunLog) log = NULL;

      lines[i][strlen (line) / 2] = '\0';
      torn = g_strjoinv ("\n", lines);
      put (fixture, torn, -1);
      log = load (fixture);
      g_assert_nonnull (strstr (dagsched_run_log_get_warnings (log)[0], number));
      dagsched_run_log_replay (log);
      g_assert_cmpuint (dagsched_run_get_n_in_state (DAGSCHED_RUN (log), DAGSCHED_STATE_FINISHED), >=, 3);
      g_assert_cmpuint (dagsched_run_get_n_with_outcome (DAGSCHED_RUN (log), DAGSCHED_OUTCOME_NONE), ==, 0);
      strcpy (lines[i], line);
    }
}

static void
test_died (Fixture *fixture, gconstpointer data)
{
  g_autofree char *lines = sample_run_dup_lines (fixture->sample);
  char *cut = strstr (lines, "{\"event\":\"started\",\"test\":1,\"time\":0.015");
  g_autoptr (DagschedRunLog) log = NULL;

  g_assert_nonnull (cut);
  put (fixture, lines, cut - lines);
  log = load (fixture);
  dagsched_run_log_replay (log);

  g_assert_cmpint (dagsched_test_get_outcome (get_test (log, 0)), ==, DAGSCHED_OUTCOME_PASSED);
  g_assert_cmpint (dagsched_test_get_outcome (get_test (log, 1)), ==, DAGSCHED_OUTCOME_CANCELLED);
  g_assert_cmpstr (dagsched_test_get_reason (get_test (log, 1)), ==, "the runner died");
  g_assert_cmpint (dagsched_test_get_outcome (get_test (log, 2)), ==, DAGSCHED_OUTCOME_CANCELLED);
  g_assert_cmpstr (dagsched_run_get_problem (DAGSCHED_RUN (log)), ==, "the runner died");
  g_assert_cmpfloat_with_epsilon (dagsched_run_get_elapsed (DAGSCHED_RUN (log)), 0.014, 1e-6);
}

static void
assert_no_log (Fixture *fixture, const char *content, int code, const char *words)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (DagschedRunLog) log = NULL;

  put (fixture, content, -1);
  log = dagsched_run_log_load (fixture->file, &error);
  g_assert_null (log);
  g_assert_error (error, DAGSCHED_ERROR, code);
  g_assert_nonnull (strstr (error->message, fixture->path));
  g_assert_nonnull (strstr (error->message, words));
}

static void
test_no_logs (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GFile) missing = g_file_get_child (fixture->file, "missing");

  assert_no_log (fixture, "", DAGSCHED_ERROR_PARSE, "not a run log");
  assert_no_log (fixture, "\n", DAGSCHED_ERROR_PARSE, "not a run log");
  assert_no_log (fixture, "{}\n", DAGSCHED_ERROR_PARSE, "not a run log");
  assert_no_log (fixture, "[1]\n", DAGSCHED_ERROR_PARSE, "not a run log");
  assert_no_log (fixture, "{\"dagsched\":1}\n", DAGSCHED_ERROR_PARSE, "not a run log");
  assert_no_log (fixture, "{\"dagsched-log\":2}\n", DAGSCHED_ERROR_PARSE, "version 2");
  assert_no_log (fixture, "{\"dagsched-log\":\"x\"}\n", DAGSCHED_ERROR_PARSE, "version 0");
  g_assert_false (dagsched_run_log_is_run_log (missing));
  g_assert_null (dagsched_run_log_load (missing, &error));
  g_assert_error (error, DAGSCHED_ERROR, DAGSCHED_ERROR_FAILED); /* a file is no directory */

  g_clear_error (&error);
  g_assert_cmpint (unlink (fixture->path), ==, 0);
  g_assert_null (dagsched_run_log_load (fixture->file, &error));
  g_assert_error (error, DAGSCHED_ERROR, DAGSCHED_ERROR_NOT_FOUND);
}

static void
test_is_run_log (Fixture *fixture, gconstpointer data)
{
  g_autofree char *lines = sample_run_dup_lines (fixture->sample);

  put (fixture, lines, -1);
  g_assert_true (dagsched_run_log_is_run_log (fixture->file));
  put (fixture, lines + 1, -1);
  g_assert_false (dagsched_run_log_is_run_log (fixture->file));
}

/* What later versions may add, and what nobody should have written. */
static void
test_strange_lines (Fixture *fixture, gconstpointer data)
{
  static const char lines[] =
    "{\"dagsched-log\":1,\"n-tests\":3,\"later\":{\"a\":[1]}}\n"
    "{\"test\":0,\"name\":\"a\",\"depends\":[[7,\"success\"],[1],\"x\"],\"retries\":1e3,"
    "\"timeout\":-5,\"skip-code\":70000,\"command\":[1],\"suites\":\"no\",\"later\":1}\n"
    "{\"test\":0,\"name\":\"again\"}\n"
    "{\"test\":2,\"name\":\"c\",\"depends\":[[0,\"success\"],[2,\"always\"]]}\n"
    "{\"test\":4000000000,\"name\":\"far\"}\n"
    "{\"event\":\"later\",\"test\":0}\n"
    "{\"event\":\"attempt\",\"test\":0,\"worker\":77,\"outcome\":\"later\",\"stdout\":{}}\n"
    "{\"event\":\"finished\",\"test\":0,\"outcome\":\"passed\",\"blocked-by\":99}\n"
    "{\"event\":\"finished\",\"test\":0,\"outcome\":\"failed\"}\n"
    "{\"event\":\"finished\",\"test\":9,\"outcome\":\"failed\"}\n"
    "{\"dagsched-log\":1}\n"
    "\xff\xfe\n"
    "null\n";
  g_autoptr (DagschedRunLog) log = NULL;

  put (fixture, lines, -1);
  log = load (fixture);
  g_assert_cmpuint (g_strv_length ((char **) dagsched_run_log_get_warnings (log)), ==, 7);
  dagsched_run_log_replay (log);

  g_assert_cmpuint (g_list_model_get_n_items (dagsched_run_get_tests (DAGSCHED_RUN (log))), ==, 3);
  g_assert_cmpstr (dagsched_test_get_name (get_test (log, 0)), ==, "a");
  g_assert_cmpfloat (dagsched_test_get_timeout (get_test (log, 0)), ==, 0);
  g_assert_cmpint (dagsched_test_get_outcome (get_test (log, 0)), ==, DAGSCHED_OUTCOME_PASSED);
  g_assert_nonnull (strstr (dagsched_test_get_name (get_test (log, 1)), "damaged"));
  g_assert_cmpint (dagsched_test_get_outcome (get_test (log, 2)), ==, DAGSCHED_OUTCOME_CANCELLED);
}

static void
test_read_back (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (DagschedRunLogWriter) writer = dagsched_run_log_writer_new (fixture->path, &error);
  g_autoptr (GBytes) standard_output = NULL, standard_error = NULL;
  gint64 offset = -1;

  g_assert_no_error (error);
  sample_run_write (fixture->sample, writer, &offset);
  g_assert_cmpint (offset, >, 0);
  g_assert_true (dagsched_run_log_writer_close (writer, &error));
  g_assert_true (dagsched_run_log_writer_load_output (writer, offset, &standard_output, &standard_error));
  assert_bytes (standard_output, fixture->sample->large);
  g_assert_null (standard_error);
  g_assert_false (dagsched_run_log_writer_load_output (writer, 1 << 30, &standard_output, &standard_error));
}

/* 40 MB of what takes most room, and what is no text. */
static void
test_huge_output (Fixture *fixture, gconstpointer data)
{
  const gsize size = 7 * 1000 * 1000;
  char *huge = g_malloc (size);
  g_autoptr (DagschedRunLog) log = NULL;
  g_autoptr (DagschedAttempt) attempt = NULL;

  memset (huge, data != NULL ? 0xff : 0x01, size);
  g_bytes_unref (fixture->sample->large);
  fixture->sample->large = g_bytes_new_take (huge, size);

  log = write_and_load (fixture);
  dagsched_run_log_replay (log);
  attempt = dup_attempt (log, 3, 0);
  assert_bytes (dagsched_attempt_get_standard_output (attempt), fixture->sample->large);
}

#define ADD(path, data, func) g_test_add ("/run-log/" path, Fixture, data, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD ("settings", NULL, test_settings);
  ADD ("outcomes", NULL, test_outcomes);
  ADD ("attempts", NULL, test_attempts);
  ADD ("signals", NULL, test_signals);
  ADD ("properties", NULL, test_properties);
  ADD ("cut-anywhere", NULL, test_cut_anywhere);
  ADD ("torn-lines", NULL, test_torn_lines);
  ADD ("died", NULL, test_died);
  ADD ("no-logs", NULL, test_no_logs);
  ADD ("is-run-log", NULL, test_is_run_log);
  ADD ("strange-lines", NULL, test_strange_lines);
  ADD ("read-back", NULL, test_read_back);
  ADD ("huge-text", NULL, test_huge_output);
  ADD ("huge-binary", "binary", test_huge_output);

  return g_test_run ();
}
