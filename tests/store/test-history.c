/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sample-run.h"

#include <sqlite3.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "store/dagsched-history-private.h"

typedef struct
{
  char *dir;
  char *path;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->dir = sample_dir_new ();
  fixture->path = g_build_filename (fixture->dir, "history.db", NULL);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  sample_dir_remove (fixture->dir);
  g_free (fixture->dir);
  g_free (fixture->path);
}

/* What a run was, without one: a line of a log says it. */

static GString *
begin_run (const char *suite, guint n_tests)
{
  GString *lines = g_string_new (NULL);

  g_string_printf (
    lines, "{\"dagsched-log\":1,\"name\":\"%s\",\"started-at\":\"2026-11-23T06:00:00Z\",\"n-tests\":%u}\n",
    suite, n_tests);
  return lines;
}

static void
add_test (GString *lines, guint number, const char *name, const char *outcome, double duration)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  g_ascii_dtostr (text, sizeof text, duration);
  g_string_append_printf (lines,
                          "{\"test\":%u,\"name\":\"%s\"}\n"
                          "{\"event\":\"attempt\",\"test\":%u,\"outcome\":\"%s\",\"duration\":%s}\n"
                          "{\"event\":\"finished\",\"test\":%u,\"outcome\":\"%s\",\"attempts\":1}\n",
                          number, name, number, outcome, text, number, outcome);
}

static DagschedRun *
end_run (Fixture *fixture, GString *lines)
{
  g_autofree char *path = g_build_filename (fixture->dir, "log", NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GError) error = NULL;
  DagschedRunLog *log;

  g_string_append (lines, "{\"event\":\"end\",\"time\":1,\"verdict\":\"success\"}\n");
  unlink (path); /* else each replacement is an fsync() */
  g_assert_true (g_file_set_contents (path, lines->str, lines->len, NULL));
  g_string_free (lines, TRUE);
  log = dagsched_run_log_load (file, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (dagsched_run_log_get_warnings (log)[0], ==, NULL);
  dagsched_run_log_replay (log);

  return DAGSCHED_RUN (log);
}

static DagschedHistory *
open_history (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  DagschedHistory *history = dagsched_history_open (fixture->path, &error);

  g_assert_no_error (error);

  return history;
}

static void
record (Fixture *fixture, DagschedHistory *history, GString *lines)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (DagschedRun) run = end_run (fixture, lines);

  dagsched_history_record (history, run, &error);
  g_assert_no_error (error);
}

static void
record_one (Fixture *fixture, DagschedHistory *history, const char *outcome, double duration)
{
  GString *lines = begin_run ("suite", 1);

  add_test (lines, 0, "a", outcome, duration);
  record (fixture, history, lines);
}

static double
expect (DagschedHistory *history, const char *suite, const char *name)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (DagschedGraph) graph = dagsched_graph_new (suite);
  g_autoptr (DagschedTest) test = DAGSCHED_TEST (dagsched_command_test_new (name, NULL));
  g_autoptr (DagschedTest) other = DAGSCHED_TEST (dagsched_command_test_new ("new one", NULL));

  dagsched_graph_add_test (graph, test, &error);
  dagsched_graph_add_test (graph, other, &error);
  dagsched_history_apply (history, graph, &error);
  g_assert_no_error (error);
  g_assert_cmpfloat (dagsched_test_get_expected_duration (other), ==, 0);

  return dagsched_test_get_expected_duration (test);
}

static gint64
query (Fixture *fixture, const char *sql)
{
  sqlite3 *db;
  sqlite3_stmt *statement;
  gint64 value;

  g_assert_cmpint (sqlite3_open (fixture->path, &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_prepare_v2 (db, sql, -1, &statement, NULL), ==, SQLITE_OK);
  value = sqlite3_step (statement) == SQLITE_ROW ? sqlite3_column_int64 (statement, 0) : -1;
  sqlite3_finalize (statement);
  sqlite3_close (db);

  return value;
}

static void
assert_mean (double expected, guint n, ...)
{
  double durations[20];
  va_list args;

  va_start (args, n);
  for (guint i = 0; i < n; i++)
    durations[i] = va_arg (args, double);
  va_end (args);
  g_assert_cmpfloat_with_epsilon (dagsched_history_robust_mean (durations, n), expected, 1e-9);
}

static void
test_robust_mean (void)
{
  assert_mean (0, 0);
  assert_mean (3, 1, 3.0);
  assert_mean (2, 2, 1.0, 3.0);
  assert_mean (2, 3, 100.0, 1.0, 2.0);
  assert_mean (2.5, 4, 0.0, 3.0, 2.0, 99.0);
  assert_mean (4.5, 10, 1000.0, 3.0, 6.0, 4.0, 5.0, 0.0, 0.0, 999.0, 3.0, 6.0);
}

static void
test_durations (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DagschedHistory) history = open_history (fixture);

  g_assert_cmpfloat (expect (history, "suite", "a"), ==, 0);
  record_one (fixture, history, "passed", 2);
  g_assert_cmpfloat_with_epsilon (expect (history, "suite", "a"), 2, 1e-9);
  g_assert_cmpfloat (expect (history, "another suite", "a"), ==, 0);
  record_one (fixture, history, "failed", 500);
  record_one (fixture, history, "timed-out", 500);
  g_assert_cmpfloat_with_epsilon (expect (history, "suite", "a"), 2, 1e-9);
  record_one (fixture, history, "expected-failure", 4);
  g_assert_cmpfloat_with_epsilon (expect (history, "suite", "a"), 3, 1e-9);
  record_one (fixture, history, "passed", 1000);
  g_assert_cmpfloat_with_epsilon (expect (history, "suite", "a"), 4, 1e-9);
}

/* Ten new durations, and the old ones are forgotten; of twenty-five results, twenty are kept. */
static void
test_newest_count (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DagschedHistory) history = open_history (fixture);

  for (guint i = 0; i < 15; i++)
    record_one (fixture, history, "passed", 100);
  for (guint i = 0; i < 10; i++)
    record_one (fixture, history, "passed", 1);
  g_assert_cmpfloat_with_epsilon (expect (history, "suite", "a"), 1, 1e-9);
  g_assert_cmpint (query (fixture, "SELECT count(*) FROM result"), ==, 20);
  g_assert_cmpint (query (fixture, "SELECT min(run) FROM result"), ==, 5);
  g_assert_cmpint (query (fixture, "SELECT n_runs FROM test"), ==, 25);
}

static void
test_what_counts (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DagschedHistory) history = open_history (fixture);
  GString *lines = begin_run ("suite", 6);

  add_test (lines, 0, "passes", "passed", 1);
  add_test (lines, 1, "fails", "failed", 1);
  add_test (lines, 2, "cancelled", "cancelled", 1);
  g_string_append (
    lines, "{\"test\":3,\"name\":\"flaky\"}\n"
           "{\"event\":\"attempt\",\"test\":3,\"outcome\":\"failed\",\"will-retry\":true}\n"
           "{\"event\":\"attempt\",\"test\":3,\"outcome\":\"passed\",\"attempt\":2,\"duration\":3}\n"
           "{\"event\":\"finished\",\"test\":3,\"outcome\":\"passed\",\"attempts\":2,\"flags\":[\"flaky\"]}\n"
           "{\"test\":4,\"name\":\"blocked\"}\n"
           "{\"event\":\"finished\",\"test\":4,\"outcome\":\"blocked\",\"blocked-by\":1,\"attempts\":0}\n"
           "{\"test\":5,\"name\":\"disabled\"}\n"
           "{\"event\":\"finished\",\"test\":5,\"outcome\":\"skipped\",\"attempts\":0}\n");
  record (fixture, history, lines);

  g_assert_cmpint (query (fixture, "SELECT count(*) FROM test"), ==, 3);
  g_assert_cmpint (query (fixture, "SELECT n_failures FROM test WHERE name = 'fails'"), ==, 1);
  g_assert_cmpint (query (fixture, "SELECT sum(n_failures) FROM test"), ==, 1);
  g_assert_cmpint (query (fixture, "SELECT n_flaky FROM test WHERE name = 'flaky'"), ==, 1);
  g_assert_cmpint (query (fixture, "SELECT sum(flaky) FROM result"), ==, 1);
  g_assert_cmpint (query (fixture, "SELECT n_attempts FROM result WHERE flaky"), ==, 2);
}

/* Repetitions are runs of one test. */
static void
test_repetitions (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DagschedHistory) history = open_history (fixture);
  GString *lines = begin_run ("suite", 3);

  for (guint i = 0; i < 3; i++)
    add_test (lines, i, "a", "passed", i);
  record (fixture, history, lines);
  g_assert_cmpint (query (fixture, "SELECT n_runs FROM test WHERE name = 'a'"), ==, 3);
  g_assert_cmpfloat_with_epsilon (expect (history, "suite", "a"), 1, 1e-9);
}

static void
test_old_tests_are_forgotten (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DagschedHistory) history = open_history (fixture);
  GString *lines = begin_run ("suite", 1);

  record_one (fixture, history, "passed", 1);
  query (fixture, "UPDATE test SET last_run = last_run - 400 * 86400");
  add_test (lines, 0, "b", "passed", 1);
  record (fixture, history, lines);
  g_assert_cmpint (query (fixture, "SELECT count(*) FROM test WHERE name = 'a'"), ==, 0);
  g_assert_cmpint (query (fixture, "SELECT count(*) FROM result"), ==, 1);
}

static void
assert_not_opened (const char *path, int code, const char *words)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (DagschedHistory) history = dagsched_history_open (path, &error);

  g_assert_null (history);
  g_assert_error (error, DAGSCHED_ERROR, code);
  if (strstr (error->message, path) == NULL || strstr (error->message, words) == NULL)
    g_error ("“%s” does not name %s and %s", error->message, path, words);
}

static void
test_bad_files (Fixture *fixture, gconstpointer data)
{
  g_autofree char *garbage = g_strnfill (5000, 'x'),
                  *missing = g_build_filename (fixture->dir, "no", "db", NULL);

  assert_not_opened (missing, DAGSCHED_ERROR_FAILED, "can't open");
  assert_not_opened (fixture->dir, DAGSCHED_ERROR_FAILED, "can't open");
  assert_not_opened ("/proc/history.db", DAGSCHED_ERROR_FAILED, "can't open");

  g_assert_true (g_file_set_contents (fixture->path, garbage, -1, NULL));
  assert_not_opened (fixture->path, DAGSCHED_ERROR_PARSE, "remove this file");
}

static void
test_other_databases (Fixture *fixture, gconstpointer data)
{
  g_object_unref (open_history (fixture));
  query (fixture, "PRAGMA user_version = 99");
  assert_not_opened (fixture->path, DAGSCHED_ERROR_PARSE, "newer dagsched");
  g_assert_cmpint (query (fixture, "PRAGMA user_version"), ==, 99);

  query (fixture, "PRAGMA application_id = 7");
  assert_not_opened (fixture->path, DAGSCHED_ERROR_PARSE, "another program");
}

/* As the first version left it: what is there stays, and the rest is added. */
static void
test_first_version (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DagschedHistory) history = NULL;

  g_object_unref (open_history (fixture));
  query (fixture, "INSERT INTO suite VALUES (1, 'suite')");
  query (fixture, "INSERT INTO test (suite, name, n_runs, last_run) VALUES (1, 'a', 7, 1800000000)");
  query (fixture, "ALTER TABLE test DROP COLUMN durations");
  query (fixture, "DROP TABLE result");
  query (fixture, "CREATE TABLE result (test INTEGER NOT NULL REFERENCES test (id) ON DELETE CASCADE,"
                  "  slot INTEGER NOT NULL, run INTEGER NOT NULL, started_at INTEGER NOT NULL,"
                  "  outcome TEXT NOT NULL, flaky INTEGER NOT NULL, n_attempts INTEGER NOT NULL,"
                  "  duration REAL NOT NULL, PRIMARY KEY (test, slot)) WITHOUT ROWID");
  query (fixture, "INSERT INTO result VALUES (1, 6, 6, 1800000000, 'passed', 0, 3, 2.5)");
  query (fixture, "PRAGMA user_version = 1");

  history = open_history (fixture);
  g_assert_cmpfloat (expect (history, "suite", "a"), ==, 0);
  record_one (fixture, history, "passed", 2);
  g_assert_cmpfloat_with_epsilon (expect (history, "suite", "a"), 2, 1e-9);
  g_assert_cmpint (query (fixture, "SELECT n_runs FROM test"), ==, 8);
  g_assert_cmpint (query (fixture, "SELECT n_attempts FROM result WHERE run = 6 AND slot = 6"), ==, 3);
  g_assert_cmpint (query (fixture, "SELECT n_attempts FROM result WHERE run = 7 AND slot = 7"), ==, 1);
  g_assert_cmpint (query (fixture, "PRAGMA user_version"), ==, 3);
}

/* Damaged in the middle: found when it is used, and nothing is half written. */
static void
test_damaged_later (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DagschedHistory) history = open_history (fixture);
  g_autoptr (GError) error = NULL;
  g_autoptr (DagschedRun) run = NULL;
  GString *lines = begin_run ("suite", 1);

  record_one (fixture, history, "passed", 1);
  query (fixture, "DROP TABLE result");
  add_test (lines, 0, "a", "passed", 1);
  run = end_run (fixture, lines);
  g_assert_false (dagsched_history_record (history, run, &error));
  g_assert_error (error, DAGSCHED_ERROR, DAGSCHED_ERROR_FAILED);
  g_assert_nonnull (strstr (error->message, fixture->path));
  g_assert_cmpint (query (fixture, "SELECT n_runs FROM test"), ==, 1);
}

#define N_PROCESSES 3
#define N_RECORDS 20

static void
record_in_child (Fixture *fixture)
{
  g_autoptr (DagschedHistory) history = NULL;
  g_autofree char *dir = fixture->dir;

  fixture->dir = g_strdup_printf ("%s/%d", dir, (int) getpid ());
  g_mkdir_with_parents (fixture->dir, 0700);
  history = open_history (fixture);
  for (guint i = 0; i < N_RECORDS; i++)
    record_one (fixture, history, "passed", 1);
}

/* They create the file at the same time as well. */
static void
test_processes (Fixture *fixture, gconstpointer data)
{
  for (guint i = 0; i < N_PROCESSES; i++)
    {
      pid_t pid = fork ();

      g_assert_cmpint (pid, >=, 0);
      if (pid == 0)
        {
          record_in_child (fixture);
          _exit (0);
        }
    }
  for (guint i = 0; i < N_PROCESSES; i++)
    {
      int status;

      g_assert_cmpint (wait (&status), >, 0);
      g_assert_cmpint (status, ==, 0);
    }

  g_assert_cmpint (query (fixture, "SELECT n_runs FROM test"), ==, N_PROCESSES * N_RECORDS);
  g_assert_cmpint (query (fixture, "SELECT count(*) FROM result"), ==, 20);
}

static void
test_default_place (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (DagschedHistory) history G_GNUC_UNUSED = dagsched_history_open (NULL, &error);
  g_autofree char *path = g_build_filename (g_get_user_state_dir (), "dagsched", "history.db", NULL);

  g_assert_no_error (error);
  g_assert_true (g_file_test (path, G_FILE_TEST_EXISTS));
}

static void
report (const char *what, guint n_tests)
{
  double seconds = g_test_timer_elapsed ();

  g_test_minimized_result (seconds, "%s %u tests: %.3f s", what, n_tests, seconds);
}

/* Many tests: a quick look in each run of the suite, its time with `-m perf`. */
static void
test_many (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DagschedHistory) history = open_history (fixture);
  g_autoptr (DagschedGraph) graph = dagsched_graph_new ("suite");
  g_autoptr (GError) error = NULL;
  g_autoptr (DagschedRun) run = NULL;
  const guint n_tests = g_test_perf () ? 100000 : 5000;
  const guint n_runs = g_test_perf () ? 20 : 2;
  GString *lines = begin_run ("suite", n_tests);

  for (guint i = 0; i < n_tests; i++)
    {
      g_autofree char *name = g_strdup_printf ("group %u/test %u", i / 100, i);
      g_autoptr (DagschedTest) test = DAGSCHED_TEST (dagsched_command_test_new (name, NULL));

      add_test (lines, i, name, "passed", i + 1);
      dagsched_graph_add_test (graph, test, NULL);
    }
  run = end_run (fixture, lines);

  for (guint i = 0; i < n_runs; i++)
    {
      g_test_timer_start ();
      g_assert_true (dagsched_history_record (history, run, &error));
      report ("record", n_tests);
    }
  g_test_timer_start ();
  g_assert_true (dagsched_history_apply (history, graph, &error));
  report ("apply", n_tests);

  for (guint i = 0; i < n_tests; i++)
    {
      g_autoptr (DagschedTest) test = g_list_model_get_item (G_LIST_MODEL (graph), i);

      g_assert_cmpfloat_with_epsilon (dagsched_test_get_expected_duration (test), i + 1, 1e-6);
    }
}

/* The last 20, the oldest first, of this test of this suite alone. */
static void
test_results (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DagschedHistory) history = open_history (fixture);
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) results = dagsched_history_dup_results (history, "suite", "a", &error);
  const DagschedHistoryResult *result;

  g_assert_no_error (error);
  g_assert_cmpuint (results->len, ==, 0);
  for (guint i = 0; i < 23; i++)
    record_one (fixture, history, i == 22 ? "failed" : "passed", i + 0.5);

  g_clear_pointer (&results, g_array_unref);
  results = dagsched_history_dup_results (history, "suite", "a", &error);
  g_assert_no_error (error);
  g_assert_cmpuint (results->len, ==, 20);
  result = &g_array_index (results, DagschedHistoryResult, 0);
  g_assert_cmpfloat (result->duration, ==, 3.5);
  g_assert_cmpint (result->outcome, ==, DAGSCHED_OUTCOME_PASSED);
  g_assert_cmpint (result->started_at, ==, 1795413600);
  g_assert_cmpuint (result->n_attempts, ==, 1);
  g_assert_false (result->is_flaky);
  result = &g_array_index (results, DagschedHistoryResult, 19);
  g_assert_cmpfloat (result->duration, ==, 22.5);
  g_assert_cmpint (result->outcome, ==, DAGSCHED_OUTCOME_FAILED);

  g_clear_pointer (&results, g_array_unref);
  results = dagsched_history_dup_results (history, "other", "a", &error);
  g_assert_no_error (error);
  g_assert_cmpuint (results->len, ==, 0);
}

#define ADD(path, func) g_test_add ("/history/" path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  /* Not by G_TEST_OPTION_ISOLATE_DIRS: what that leaks looks as if we leaked it. */
  char *state = sample_dir_new ();
  int status;

  g_setenv ("XDG_STATE_HOME", state, TRUE);
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/history/robust-mean", test_robust_mean);
  ADD ("durations", test_durations);
  ADD ("newest-count", test_newest_count);
  ADD ("what-counts", test_what_counts);
  ADD ("results", test_results);
  ADD ("repetitions", test_repetitions);
  ADD ("old-tests-are-forgotten", test_old_tests_are_forgotten);
  ADD ("bad-files", test_bad_files);
  ADD ("other-databases", test_other_databases);
  ADD ("first-version", test_first_version);
  ADD ("damaged-later", test_damaged_later);
  ADD ("processes", test_processes);
  ADD ("default-place", test_default_place);
  ADD ("many", test_many);

  status = g_test_run ();
  sample_dir_remove (state);
  g_free (state);
  return status;
}
