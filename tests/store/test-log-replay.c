/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sample-run.h"

#include <fcntl.h>
#include <math.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Loading a log in another thread, and carrying its run out again step by step. */

typedef struct
{
  SampleRun *sample;
  char *dir;
  char *path;
  GFile *file;
  GAsyncResult *result; /* of the load that ended last */
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autofree char *lines = NULL;
  g_autoptr (GError) error = NULL;

  fixture->sample = sample_run_new ();
  fixture->dir = sample_dir_new ();
  fixture->path = g_build_filename (fixture->dir, "log.jsonl", NULL);
  fixture->file = g_file_new_for_path (fixture->path);
  lines = sample_run_dup_lines (fixture->sample);
  g_file_set_contents (fixture->path, lines, -1, &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  sample_run_free (fixture->sample);
  sample_dir_remove (fixture->dir);
  g_free (fixture->dir);
  g_free (fixture->path);
  g_object_unref (fixture->file);
  g_clear_object (&fixture->result);
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
put_and_load (Fixture *fixture, const char *lines)
{
  g_autoptr (GError) error = NULL;

  g_file_set_contents (fixture->path, lines, -1, &error);
  g_assert_no_error (error);

  return load (fixture);
}

static void
on_loaded (GObject *source, GAsyncResult *result, gpointer data)
{
  Fixture *fixture = data;

  g_assert_null (source);
  g_assert_null (fixture->result);
  fixture->result = g_object_ref (result);
}

static DagschedRunLog *
wait_for_load (Fixture *fixture, GError **error)
{
  DagschedRunLog *log;

  while (fixture->result == NULL)
    g_main_context_iteration (NULL, TRUE);

  log = dagsched_run_log_load_finish (fixture->result, error);
  g_clear_object (&fixture->result);

  return log;
}

static DagschedRunLog *
load_async (Fixture *fixture, GCancellable *cancellable, GError **error)
{
  dagsched_run_log_load_async (fixture->file, cancellable, on_loaded, fixture);
  g_assert_null (fixture->result);

  return wait_for_load (fixture, error);
}

static DagschedTest *
get_test (DagschedRunLog *log, guint number)
{
  DagschedTest *test = g_list_model_get_item (dagsched_run_get_tests (DAGSCHED_RUN (log)), number);

  g_object_unref (test);

  return test;
}

static DagschedWorker *
get_worker (DagschedRunLog *log, guint number)
{
  DagschedWorker *worker = g_list_model_get_item (dagsched_run_get_workers (DAGSCHED_RUN (log)), number);

  g_object_unref (worker);

  return worker;
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
  g_assert_cmpuint (attempt, ==, dagsched_test_get_n_attempts (test));
  note (events, "started", test);
}

static void
on_attempt (DagschedRun *run, DagschedTest *test, DagschedAttempt *attempt, gpointer events)
{
  note (events, "attempt", test);
}

static void
on_test_finished (DagschedRun *run, DagschedTest *test, gpointer events)
{
  note (events, "finished", test);
}

static void
on_worker (DagschedRun *run, DagschedWorker *worker, gpointer events)
{
  g_string_append_printf (events, "worker:%u:%u ", dagsched_worker_get_number (worker),
                          dagsched_worker_get_state (worker));
}

static void
on_finished (DagschedRun *run, gpointer events)
{
  g_string_append (events, "end");
}

static void
record (DagschedRunLog *log, GString *events)
{
  g_signal_connect (log, "test-ready", G_CALLBACK (on_ready), events);
  g_signal_connect (log, "test-started", G_CALLBACK (on_started), events);
  g_signal_connect (log, "attempt-finished", G_CALLBACK (on_attempt), events);
  g_signal_connect (log, "test-finished", G_CALLBACK (on_test_finished), events);
  g_signal_connect (log, "worker-changed", G_CALLBACK (on_worker), events);
  g_signal_connect (log, "finished", G_CALLBACK (on_finished), events);
}

static char *
dup_replayed (DagschedRunLog *log)
{
  GString *events = g_string_new (NULL);

  record (log, events);
  dagsched_run_log_replay (log);
  g_signal_handlers_disconnect_by_data (log, events);

  return g_string_free (events, FALSE);
}

static void
test_async (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (DagschedRunLog) at_once = load (fixture);
  g_autoptr (DagschedRunLog) log = load_async (fixture, NULL, &error);
  g_autofree char *expected = dup_replayed (at_once);
  g_autofree char *events = NULL;

  g_assert_no_error (error);
  g_assert_cmpuint (dagsched_run_get_n_in_state (DAGSCHED_RUN (log), DAGSCHED_STATE_PENDING), ==, 4);
  for (guint i = 0; i < 4; i++)
    sample_assert_same_settings (fixture->sample->tests[i], get_test (log, i));

  events = dup_replayed (log);
  g_assert_cmpstr (events, ==, expected);
  g_assert_finalize_object (g_steal_pointer (&log)); /* the thread keeps nothing */
}

static void
test_async_errors (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_file_set_contents (fixture->path, "{\"dagsched-log\":2}\n", -1, &error);
  g_assert_no_error (error);
  g_assert_null (load_async (fixture, NULL, &error));
  g_assert_error (error, DAGSCHED_ERROR, DAGSCHED_ERROR_PARSE);
  g_assert_nonnull (strstr (error->message, "version 2"));

  g_clear_error (&error);
  g_assert_cmpint (unlink (fixture->path), ==, 0);
  g_assert_null (load_async (fixture, NULL, &error));
  g_assert_error (error, DAGSCHED_ERROR, DAGSCHED_ERROR_NOT_FOUND);
}

static void
test_cancelled (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  g_cancellable_cancel (cancellable);
  g_assert_null (load_async (fixture, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* Reading a file that never ends ends where the next block would be read. */
static void
test_cancelled_between_blocks (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  static const char header[] = "{\"dagsched-log\":1,\"n-tests\":1}\n";
  int fd;

  g_assert_cmpint (unlink (fixture->path), ==, 0);
  g_assert_cmpint (mkfifo (fixture->path, 0600), ==, 0);
  fd = open (fixture->path, O_RDWR | O_CLOEXEC);
  g_assert_cmpint (fd, >=, 0);
  g_assert_cmpint (write (fd, header, sizeof header - 1), ==, sizeof header - 1);

  dagsched_run_log_load_async (fixture->file, cancellable, on_loaded, fixture);
  g_cancellable_cancel (cancellable);
  g_assert_cmpint (write (fd, "\n", 1), ==, 1); /* whoever reads already reads no more than this */
  g_assert_null (wait_for_load (fixture, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  close (fd);
}

static void
assert_counts (DagschedRunLog *log, guint n_pending, guint n_ready, guint n_running, guint n_finished)
{
  DagschedRun *run = DAGSCHED_RUN (log);

  g_assert_cmpuint (dagsched_run_get_n_in_state (run, DAGSCHED_STATE_PENDING), ==, n_pending);
  g_assert_cmpuint (dagsched_run_get_n_in_state (run, DAGSCHED_STATE_READY), ==, n_ready);
  g_assert_cmpuint (dagsched_run_get_n_in_state (run, DAGSCHED_STATE_RUNNING), ==, n_running);
  g_assert_cmpuint (dagsched_run_get_n_in_state (run, DAGSCHED_STATE_FINISHED), ==, n_finished);
  g_assert_cmpuint (dagsched_run_get_n_with_outcome (run, DAGSCHED_OUTCOME_NONE), ==, 4 - n_finished);
}

static void
assert_worker (DagschedRunLog *log, guint number, DagschedTest *test, double since, double utilization)
{
  DagschedWorker *worker = get_worker (log, number);

  g_assert_true (dagsched_worker_get_test (worker) == test);
  g_assert_cmpint (dagsched_worker_get_state (worker), ==,
                   test != NULL ? DAGSCHED_WORKER_STATE_RUNNING : DAGSCHED_WORKER_STATE_PARKED);
  g_assert_cmpfloat_with_epsilon (dagsched_worker_get_since (worker), since, 1e-9);
  g_assert_cmpfloat_with_epsilon (dagsched_worker_get_utilization (worker), utilization, 1e-9);
  /* The whole run is shorter than what "recent" is. */
  g_assert_cmpfloat_with_epsilon (dagsched_worker_get_recent_utilization (worker), utilization, 1e-9);
}

static guint
count_attempts (DagschedRunLog *log, guint number)
{
  g_autoptr (GPtrArray) attempts = dagsched_run_dup_attempts (DAGSCHED_RUN (log), get_test (log, number));

  return attempts->len;
}

static void
assert_as_before (DagschedRunLog *log)
{
  DagschedRun *run = DAGSCHED_RUN (log);
  DagschedSpan span;

  assert_counts (log, 4, 0, 0, 0);
  g_assert_cmpfloat (dagsched_run_get_elapsed (run), ==, 0);
  g_assert_cmpint (dagsched_run_get_verdict (run), ==, DAGSCHED_VERDICT_NONE);
  g_assert_null (dagsched_run_get_problem (run));
  for (guint i = 0; i < 4; i++)
    {
      g_assert_cmpint (dagsched_test_get_state (get_test (log, i)), ==, DAGSCHED_STATE_PENDING);
      g_assert_cmpuint (count_attempts (log, i), ==, 0);
      g_assert_false (dagsched_run_get_span (run, i, 0, &span));
    }
  assert_worker (log, 0, NULL, 0, 0);
  assert_worker (log, 1, NULL, 0, 0);
}

/* What is running, and since when; test 1 fails, waits for its retry and times out; test 2 is blocked. */
static void
test_steps (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DagschedRunLog) log = load (fixture);
  DagschedRun *run = DAGSCHED_RUN (log);
  DagschedSpan span;

  g_assert_cmpfloat_with_epsilon (dagsched_run_log_get_length (log), 0.018, 1e-9);
  assert_as_before (log);

  g_assert_true (dagsched_run_log_advance (log, 0));
  assert_counts (log, 2, 2, 0, 0);

  g_assert_true (dagsched_run_log_advance (log, 0.005));
  assert_counts (log, 2, 0, 2, 0);
  g_assert_cmpfloat (dagsched_run_get_elapsed (run), ==, 0.005);
  assert_worker (log, 0, get_test (log, 0), 0.001, 4.0 / 5);
  assert_worker (log, 1, get_test (log, 3), 0.002, 3.0 / 5);

  g_assert_true (dagsched_run_log_advance (log, 0.011));
  assert_counts (log, 1, 1, 1, 1);
  assert_worker (log, 0, NULL, 0.011, 10.0 / 11);
  assert_worker (log, 1, get_test (log, 3), 0.002, 9.0 / 11);
  g_assert_true (dagsched_run_get_span (run, 0, 0, &span));
  g_assert_cmpfloat_with_epsilon (span.duration, 0.01, 1e-9);
  g_assert_false (dagsched_run_get_span (run, 3, 0, &span));
  g_assert_cmpuint (count_attempts (log, 3), ==, 0);

  g_assert_true (dagsched_run_log_advance (log, 0.0145));
  assert_counts (log, 1, 1, 0, 2);
  g_assert_cmpuint (count_attempts (log, 1), ==, 1);
  g_assert_true (dagsched_run_get_span (run, 1, 0, &span));
  g_assert_true (span.will_retry);
  assert_worker (log, 1, NULL, 0.012, 10.0 / 14.5);

  g_assert_true (dagsched_run_log_advance (log, 0.0179));
  assert_counts (log, 0, 0, 0, 4);
  g_assert_cmpuint (count_attempts (log, 1), ==, 2);
  g_assert_true (dagsched_run_get_span (run, 1, 1, &span));
  g_assert_cmpuint (span.attempt, ==, 1);
  g_assert_false (dagsched_run_get_span (run, 1, 2, &span));
  g_assert_cmpint (dagsched_run_get_verdict (run), ==, DAGSCHED_VERDICT_NONE);

  g_assert_false (dagsched_run_log_advance (log, 0.018));
  g_assert_cmpint (dagsched_run_get_verdict (run), ==, DAGSCHED_VERDICT_FAILURE);
  g_assert_cmpfloat_with_epsilon (dagsched_run_get_elapsed (run), 0.018, 1e-9);

  dagsched_run_log_rewind (log);
  assert_as_before (log);
}

static void
assert_steps_say (DagschedRunLog *log, double step, const char *expected)
{
  g_autoptr (GString) events = g_string_new (NULL);
  guint n = 0;

  dagsched_run_log_rewind (log);
  record (log, events);
  while (dagsched_run_log_advance (log, step > 0 ? n * step : g_test_rand_double_range (0, 0.02)))
    n++;
  g_assert_false (dagsched_run_log_advance (log, INFINITY));
  g_assert_cmpstr (events->str, ==, expected);
  g_signal_handlers_disconnect_by_data (log, events);
}

/* However it is cut into steps, and whether time goes back and forth. */
static void
test_any_steps (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DagschedRunLog) log = load (fixture);
  g_autofree char *expected = dup_replayed (log);
  g_autofree char *again = dup_replayed (log);

  g_assert_true (g_str_has_suffix (expected, "end"));
  g_assert_cmpstr (again, ==, expected);
  assert_steps_say (log, 1, expected);
  for (guint i = 1; i < 100; i++)
    assert_steps_say (log, i * 0.0002, expected);
  for (guint i = 0; i < 100; i++)
    assert_steps_say (log, 0, expected);
}

static void
test_back (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DagschedRunLog) log = load (fixture);
  g_autoptr (GString) events = g_string_new (NULL);

  g_assert_true (dagsched_run_log_advance (log, 0.0145));
  record (log, events);
  g_assert_true (dagsched_run_log_advance (log, 0.005));
  g_assert_true (dagsched_run_log_advance (log, -INFINITY));
  g_assert_cmpstr (events->str, ==, "");
  g_assert_cmpfloat (dagsched_run_get_elapsed (DAGSCHED_RUN (log)), ==, 0.0145);
}

typedef struct
{
  DagschedRunLog *log;
  DagschedState states[4]; /* as a listener to tests-changed knows them */
  guint n_batches;
  gboolean is_told;
} Listener;

static void
on_changed (DagschedRun *run, GArray *numbers, gpointer data)
{
  Listener *listener = data;
  gboolean is_named[4] = { FALSE };

  g_assert_false (listener->is_told);
  listener->is_told = TRUE;
  listener->n_batches++;
  for (guint i = 0; i < numbers->len; i++)
    {
      guint32 number = g_array_index (numbers, guint32, i);

      g_assert_cmpuint (number, <, 4);
      g_assert_false (is_named[number]);
      is_named[number] = TRUE;
      listener->states[number] = dagsched_test_get_state (get_test (listener->log, number));
    }
}

static void
on_any_finished (DagschedRun *run, DagschedTest *test, gpointer data)
{
  g_assert_false (((Listener *) data)->is_told);
}

static void
assert_known (Listener *listener)
{
  for (guint i = 0; i < 4; i++)
    g_assert_cmpint (listener->states[i], ==, dagsched_test_get_state (get_test (listener->log, i)));
  listener->is_told = FALSE;
}

/* Once a step, after the other signals, each test once, none forgotten; nothing where nothing changes. */
static void
test_changes (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DagschedRunLog) log = load (fixture);
  Listener listener = { .log = log };

  g_signal_connect (log, "tests-changed", G_CALLBACK (on_changed), &listener);
  g_signal_connect (log, "test-finished", G_CALLBACK (on_any_finished), &listener);
  dagsched_run_log_rewind (log);
  g_assert_cmpuint (listener.n_batches, ==, 0);

  for (guint round = 0; round < 2; round++)
    {
      for (double now = 0; dagsched_run_log_advance (log, now); now += 0.0005)
        assert_known (&listener);
      assert_known (&listener);
      g_assert_cmpuint (listener.n_batches, ==, 9);

      dagsched_run_log_rewind (log);
      assert_known (&listener);
      g_assert_cmpuint (listener.n_batches, ==, 10);
      listener.n_batches = 0;
    }
}

static void
run_again (DagschedRunLog *log, guint *n_ends)
{
  if (++*n_ends < 3)
    {
      dagsched_run_log_rewind (log);
      assert_as_before (log);
      g_assert_false (dagsched_run_log_advance (log, INFINITY));
    }
}

/* A handler of the end may start it anew. */
static void
test_rewound_by_handler (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DagschedRunLog) log = load (fixture);
  guint n_ends = 0;

  g_signal_connect (log, "finished", G_CALLBACK (run_again), &n_ends);
  g_assert_false (dagsched_run_log_advance (log, INFINITY));
  g_assert_cmpuint (n_ends, ==, 3);
}

/* The lines of two threads, not in the order of their times, and one that comes after the end's. */
static void
test_out_of_order (Fixture *fixture, gconstpointer data)
{
  static const char lines[] =
    "{\"dagsched-log\":1,\"n-tests\":2,\"n-workers\":2}\n"
    "{\"test\":0,\"name\":\"a\"}\n"
    "{\"test\":1,\"name\":\"b\"}\n"
    "{\"event\":\"started\",\"test\":0,\"time\":2,\"attempt\":1,\"worker\":0}\n"
    "{\"event\":\"started\",\"test\":1,\"time\":1,\"attempt\":1,\"worker\":1}\n"
    "{\"event\":\"finished\",\"test\":1,\"time\":3,\"outcome\":\"passed\",\"attempts\":1}\n"
    "{\"event\":\"finished\",\"test\":0,\"time\":99,\"outcome\":\"passed\",\"attempts\":1}\n"
    "{\"event\":\"end\",\"time\":4,\"verdict\":\"success\",\"counts\":{\"passed\":2}}\n";
  g_autoptr (DagschedRunLog) log = put_and_load (fixture, lines);
  DagschedRun *run = DAGSCHED_RUN (log);

  g_assert_true (dagsched_run_log_advance (log, 1.5));
  g_assert_cmpuint (dagsched_run_get_n_in_state (run, DAGSCHED_STATE_READY), ==, 2);
  g_assert_true (dagsched_run_log_advance (log, 2));
  g_assert_cmpuint (dagsched_run_get_n_in_state (run, DAGSCHED_STATE_RUNNING), ==, 2);
  g_assert_true (dagsched_run_log_advance (log, 3.5));
  g_assert_cmpuint (dagsched_run_get_n_in_state (run, DAGSCHED_STATE_FINISHED), ==, 1);
  g_assert_false (dagsched_run_log_advance (log, 4));
  g_assert_cmpuint (dagsched_run_get_n_with_outcome (run, DAGSCHED_OUTCOME_PASSED), ==, 2);
  g_assert_cmpfloat (dagsched_run_get_elapsed (run), ==, 4);
}

/* What was busy in the last second only, of an attempt that is longer, and of one that goes on. */
static void
test_recent_utilization (Fixture *fixture, gconstpointer data)
{
  static const char lines[] =
    "{\"dagsched-log\":1,\"n-tests\":3,\"n-workers\":2}\n"
    "{\"test\":0,\"name\":\"a\"}\n"
    "{\"test\":1,\"name\":\"b\"}\n"
    "{\"test\":2,\"name\":\"c\"}\n"
    "{\"event\":\"started\",\"test\":0,\"time\":0,\"attempt\":1,\"worker\":0}\n"
    "{\"event\":\"started\",\"test\":2,\"time\":1,\"attempt\":1,\"worker\":1}\n"
    "{\"event\":\"attempt\",\"test\":0,\"time\":4.25,\"attempt\":1,\"worker\":0,\"outcome\":\"passed\","
    "\"start\":0,\"duration\":4.25}\n"
    "{\"event\":\"started\",\"test\":1,\"time\":4.5,\"attempt\":1,\"worker\":0}\n"
    "{\"event\":\"started\",\"test\":2,\"time\":100,\"attempt\":2,\"worker\":1}\n";
  g_autoptr (DagschedRunLog) log = put_and_load (fixture, lines);

  g_assert_true (dagsched_run_log_advance (log, 5));
  g_assert_cmpfloat_with_epsilon (dagsched_worker_get_recent_utilization (get_worker (log, 0)), 0.75, 1e-9);
  g_assert_cmpfloat_with_epsilon (dagsched_worker_get_utilization (get_worker (log, 0)), 4.75 / 5, 1e-9);

  g_assert_true (dagsched_run_log_advance (log, 8));
  g_assert_cmpfloat_with_epsilon (dagsched_worker_get_recent_utilization (get_worker (log, 0)), 1, 1e-9);
  g_assert_cmpfloat_with_epsilon (dagsched_worker_get_utilization (get_worker (log, 0)), 7.75 / 8, 1e-9);
}

/* What was running when the runner died runs until the end of what is known. */
static void
test_died (Fixture *fixture, gconstpointer data)
{
  g_autofree char *lines = sample_run_dup_lines (fixture->sample);
  g_autoptr (DagschedRunLog) log = NULL;

  *strstr (lines, "{\"event\":\"attempt\",\"test\":1,\"time\":0.017") = '\0';
  log = put_and_load (fixture, lines);
  g_assert_cmpfloat_with_epsilon (dagsched_run_log_get_length (log), 0.015, 1e-9);

  g_assert_true (dagsched_run_log_advance (log, 0.0135));
  g_assert_cmpint (dagsched_test_get_state (get_test (log, 1)), ==, DAGSCHED_STATE_RUNNING);
  g_assert_false (dagsched_run_log_advance (log, 0.015));
  g_assert_cmpint (dagsched_test_get_outcome (get_test (log, 1)), ==, DAGSCHED_OUTCOME_CANCELLED);
  g_assert_cmpint (dagsched_worker_get_state (get_worker (log, 1)), ==, DAGSCHED_WORKER_STATE_PARKED);
  g_assert_cmpint (dagsched_run_get_verdict (DAGSCHED_RUN (log)), ==, DAGSCHED_VERDICT_INCOMPLETE);
}

#define ADD(path, func) g_test_add ("/log-replay/" path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD ("async", test_async);
  ADD ("async-errors", test_async_errors);
  ADD ("cancelled", test_cancelled);
  ADD ("cancelled-between-blocks", test_cancelled_between_blocks);
  ADD ("steps", test_steps);
  ADD ("any-steps", test_any_steps);
  ADD ("back", test_back);
  ADD ("changes", test_changes);
  ADD ("rewound-by-handler", test_rewound_by_handler);
  ADD ("out-of-order", test_out_of_order);
  ADD ("recent-utilization", test_recent_utilization);
  ADD ("died", test_died);

  return g_test_run ();
}
