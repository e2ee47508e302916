/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "live-fixture.h"

/* The command runs, and other processes watch. */

typedef struct
{
  char *dir;
  char *log;
  char *fifo; /* what tests named "wait" read a word from */
  DagschedLiveRuns *runs;
  GSubprocess *runner; /* (nullable) */
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  f->dir = g_build_filename (live_get_dir (), "suite", NULL);
  f->log = g_build_filename (f->dir, "run.jsonl", NULL);
  f->fifo = g_build_filename (f->dir, "fifo", NULL);
  g_assert_cmpint (g_mkdir (f->dir, 0700), ==, 0);
  g_assert_cmpint (mkfifo (f->fifo, 0600), ==, 0);
  f->runs = dagsched_live_runs_new (&error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  g_clear_object (&f->runner);
  g_clear_object (&f->runs);
  live_remove_tree (f->dir);
  g_free (f->dir);
  g_free (f->log);
  g_free (f->fifo);
}

static void
add_test (GString *manifest, const char *name, const char *script, const char *depends)
{
  g_string_append_printf (
    manifest, "%s{\"name\": \"%s\", \"command\": [\"sh\", \"-c\", \"%s\"]",
    strchr (manifest->str, '[') != NULL && !g_str_has_suffix (manifest->str, "[") ? ", " : "", name, script);
  if (depends != NULL)
    g_string_append_printf (manifest, ", \"depends\": [\"%s\"]", depends);
  g_string_append_c (manifest, '}');
}

static GString *
begin_manifest (void)
{
  return g_string_new ("{\"dagsched\": 1, \"name\": \"suite\", \"tests\": [");
}

/* Takes @manifest. */
static void
start_runner (Fixture *f, GString *manifest)
{
  g_autofree char *path = g_build_filename (f->dir, "dagsched.json", NULL);
  g_autofree char *log = g_strconcat ("--log=", f->log, NULL);
  g_autoptr (GSubprocessLauncher) launcher =
    g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_SILENCE | G_SUBPROCESS_FLAGS_STDERR_SILENCE);
  g_autoptr (GError) error = NULL;

  g_string_append (manifest, "]}");
  g_assert_true (g_file_set_contents (path, manifest->str, -1, NULL));
  g_string_free (manifest, TRUE);
  g_subprocess_launcher_set_cwd (launcher, f->dir);
  g_subprocess_launcher_setenv (launcher, "XDG_STATE_HOME", f->dir, TRUE);
  f->runner = g_subprocess_launcher_spawn (launcher, &error, g_getenv ("DAGSCHED"), "run", log, "-j2", NULL);
  g_assert_no_error (error);
}

static gboolean
has_run (gpointer runs)
{
  return g_list_model_get_n_items (runs) > 0;
}

static char *
wait_for_path (Fixture *f)
{
  g_autoptr (DagschedLiveRun) run = NULL;

  live_wait (has_run, f->runs);
  run = g_list_model_get_item (G_LIST_MODEL (f->runs), 0);
  return g_strdup (dagsched_live_run_get_path (run));
}

static DagschedObserver *
observe (Fixture *f)
{
  g_autofree char *path = wait_for_path (f);

  return live_observe (path);
}

/* The write end: a test that reads goes on when it is closed. */
static int
open_fifo (Fixture *f)
{
  int fd = open (f->fifo, O_WRONLY | O_CLOEXEC);

  g_assert_cmpint (fd, >=, 0);
  return fd;
}

static int
wait_for_runner (Fixture *f)
{
  g_assert_true (g_subprocess_wait (f->runner, NULL, NULL));
  return g_subprocess_get_if_exited (f->runner) ? g_subprocess_get_exit_status (f->runner) : -1;
}

static void
assert_outcome (DagschedObserver *observer, guint number, DagschedOutcome outcome)
{
  g_assert_cmpstr (
    dagsched_outcome_to_string (dagsched_test_get_outcome (live_get_test (DAGSCHED_RUN (observer), number))),
    ==, dagsched_outcome_to_string (outcome));
}

static void
assert_output (DagschedObserver *observer, guint number, const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) attempts =
    live_load (DAGSCHED_RUN (observer), live_get_test (DAGSCHED_RUN (observer), number), &error);
  GBytes *bytes;

  g_assert_no_error (error);
  g_assert_cmpuint (attempts->len, ==, 1);
  bytes = dagsched_attempt_get_standard_output (g_ptr_array_index (attempts, 0));
  g_assert_nonnull (bytes);
  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), expected, strlen (expected));
}

static gboolean
is_disconnected (gpointer observer)
{
  return !dagsched_observer_get_connected (observer);
}

static void
add_waiting_suite (GString *manifest)
{
  add_test (manifest, "first", "echo of the first", NULL);
  add_test (manifest, "wait", "cat fifo; echo waited", "first");
  add_test (manifest, "bad", "echo oh; exit 1", "wait");
  add_test (manifest, "after", "true", "bad");
}

static gboolean
first_has_passed (gpointer observer)
{
  return dagsched_test_get_outcome (live_get_test (observer, 0)) == DAGSCHED_OUTCOME_PASSED &&
         dagsched_test_get_state (live_get_test (observer, 1)) == DAGSCHED_STATE_RUNNING;
}

static void
test_to_the_end (Fixture *f, gconstpointer data)
{
  GString *manifest = begin_manifest ();
  g_autoptr (DagschedObserver) observer = NULL;
  g_autofree char *pid = NULL;
  int fifo;

  add_waiting_suite (manifest);
  start_runner (f, manifest);
  g_object_unref (observe (f));
  pid = g_strdup (g_subprocess_get_identifier (f->runner));
  observer = live_observe (pid);
  g_assert_cmpstr (dagsched_observer_get_log_path (observer), ==, f->log);
  live_wait (first_has_passed, observer);
  assert_output (observer, 0, "of the first\n");

  fifo = open_fifo (f);
  g_assert_cmpint (write (fifo, "word\n", 5), ==, 5);
  close (fifo);
  live_wait_for_end (DAGSCHED_RUN (observer));
  g_assert_cmpint (wait_for_runner (f), ==, 1);
  g_assert_cmpint (dagsched_run_get_verdict (DAGSCHED_RUN (observer)), ==, DAGSCHED_VERDICT_FAILURE);
  assert_outcome (observer, 1, DAGSCHED_OUTCOME_PASSED);
  assert_outcome (observer, 2, DAGSCHED_OUTCOME_FAILED);
  assert_outcome (observer, 3, DAGSCHED_OUTCOME_BLOCKED);

  /* The process is gone; its log is not. */
  live_wait (is_disconnected, observer);
  assert_output (observer, 1, "word\nwaited\n");
  assert_output (observer, 2, "oh\n");
  assert_output (observer, 0, "of the first\n");
  g_assert_cmpstr (
    dagsched_command_test_get_argv (DAGSCHED_COMMAND_TEST (live_get_test (DAGSCHED_RUN (observer), 0)))[0],
    !=, NULL);
}

static void
test_runner_killed (Fixture *f, gconstpointer data)
{
  GString *manifest = begin_manifest ();
  g_autoptr (DagschedObserver) observer = NULL;
  const char *problem;

  add_waiting_suite (manifest);
  start_runner (f, manifest);
  observer = observe (f);
  live_wait (first_has_passed, observer);
  g_subprocess_send_signal (f->runner, SIGKILL);
  live_wait_for_end (DAGSCHED_RUN (observer));
  g_assert_cmpint (dagsched_run_get_verdict (DAGSCHED_RUN (observer)), ==, DAGSCHED_VERDICT_INCOMPLETE);
  problem = dagsched_run_get_problem (DAGSCHED_RUN (observer));
  g_assert_nonnull (strstr (problem, "the connection to the run was lost"));
  g_assert_nonnull (strstr (problem, f->log));
  assert_outcome (observer, 0, DAGSCHED_OUTCOME_PASSED);
  for (guint i = 1; i < 4; i++)
    assert_outcome (observer, i, DAGSCHED_OUTCOME_CANCELLED);
  g_assert_cmpuint (dagsched_run_get_n_in_state (DAGSCHED_RUN (observer), DAGSCHED_STATE_FINISHED), ==, 4);
  assert_output (observer, 0, "of the first\n");

  /* What it left behind is cleared away by who lists runs. */
  while (g_file_test (dagsched_observer_get_path (observer), G_FILE_TEST_EXISTS))
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (f->runs)), ==, 0);
  wait_for_runner (f);
}

static void
test_cancelled_from_outside (Fixture *f, gconstpointer data)
{
  GString *manifest = begin_manifest ();
  g_autoptr (DagschedObserver) observer = NULL;

  add_waiting_suite (manifest);
  start_runner (f, manifest);
  observer = observe (f);
  live_wait (first_has_passed, observer);
  dagsched_run_cancel (DAGSCHED_RUN (observer), FALSE);
  live_wait_for_end (DAGSCHED_RUN (observer));
  assert_outcome (observer, 1, DAGSCHED_OUTCOME_CANCELLED);
  g_assert_cmpint (wait_for_runner (f), ==, 1);
}

#define N_TESTS 1500

/* They write longer reasons than a socket holds. */
static void
add_many (GString *manifest)
{
  add_test (manifest, "wait", "cat fifo", NULL);
  for (guint i = 1; i < N_TESTS; i++)
    {
      g_autofree char *name = g_strdup_printf ("%u", i);

      add_test (manifest, name, i % 3 == 0 ? "exit 1" : "exit 0", "wait");
    }
}

static GSubprocess *
start_watcher (Fixture *f, GDataInputStream **lines)
{
  g_autofree char *path = wait_for_path (f);
  g_autofree char *line = NULL;
  g_autoptr (GError) error = NULL;
  GSubprocess *watcher = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error, WATCH_RUN, path, NULL);

  g_assert_no_error (error);
  *lines = g_data_input_stream_new (g_subprocess_get_stdout_pipe (watcher));
  line = g_data_input_stream_read_line (*lines, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (line, ==, "observing");
  return watcher;
}

static void
stop (GSubprocess *process)
{
  g_autofree char *path = g_strdup_printf ("/proc/%s/stat", g_subprocess_get_identifier (process));
  g_autofree char *status = NULL;

  g_subprocess_send_signal (process, SIGSTOP);
  do
    {
      g_clear_pointer (&status, g_free);
      g_assert_true (g_file_get_contents (path, &status, NULL, NULL));
    }
  while (strstr (status, ") T ") == NULL);
}

/* Stopped from before the first of many tests until the run is over, it still gets to know how it ended. */
static void
test_observer_stopped (Fixture *f, gconstpointer data)
{
  GString *manifest = begin_manifest ();
  g_autoptr (GSubprocess) watcher = NULL;
  g_autoptr (GDataInputStream) lines = NULL;
  g_autofree char *line = NULL;
  g_autofree char *expected =
    g_strdup_printf ("failure: %u passed, %u failed", N_TESTS - (N_TESTS - 1) / 3, (N_TESTS - 1) / 3);

  add_many (manifest);
  start_runner (f, manifest);
  watcher = start_watcher (f, &lines);
  stop (watcher);
  close (open_fifo (f));
  g_assert_cmpint (wait_for_runner (f), ==, 1);
  g_subprocess_send_signal (watcher, SIGCONT);
  line = g_data_input_stream_read_line (lines, NULL, NULL, NULL);
  g_assert_cmpstr (line, ==, expected);
  g_assert_true (g_subprocess_wait_check (watcher, NULL, NULL));
}

static void
test_observer_killed (Fixture *f, gconstpointer data)
{
  GString *manifest = begin_manifest ();
  g_autoptr (GSubprocess) watcher = NULL;
  g_autoptr (GDataInputStream) lines = NULL;
  g_autoptr (DagschedObserver) observer = NULL;

  add_waiting_suite (manifest);
  start_runner (f, manifest);
  watcher = start_watcher (f, &lines);
  g_subprocess_force_exit (watcher);
  g_subprocess_wait (watcher, NULL, NULL);
  observer = observe (f);
  close (open_fifo (f));
  live_wait_for_end (DAGSCHED_RUN (observer));
  assert_outcome (observer, 2, DAGSCHED_OUTCOME_FAILED);
  g_assert_cmpint (wait_for_runner (f), ==, 1);
}

#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char *argv[])
{
  live_init (&argc, &argv);

  ADD ("/processes/to-the-end", test_to_the_end);
  ADD ("/processes/runner-killed", test_runner_killed);
  ADD ("/processes/cancelled", test_cancelled_from_outside);
  ADD ("/processes/observer-stopped", test_observer_stopped);
  ADD ("/processes/observer-killed", test_observer_killed);

  return live_run_tests ();
}
