/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "live-fixture.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/socket.h>

#include "live/dagsched-live-directory-private.h"
#include "live/dagsched-live-link-private.h"

void
live_remove_tree (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      if (g_file_test (child, G_FILE_TEST_IS_DIR) && !g_file_test (child, G_FILE_TEST_IS_SYMLINK))
        live_remove_tree (child);
      else
        g_remove (child);
    }
  g_rmdir (path);
}

/* Written before there are threads. */
static char *runtime_dir;

void
live_init (int *argc, char ***argv)
{
  g_autoptr (GError) error = NULL;

  runtime_dir = g_dir_make_tmp ("dagsched-live-XXXXXX", &error);
  g_assert_no_error (error);
  g_setenv ("XDG_RUNTIME_DIR", runtime_dir, TRUE);
  g_test_init (argc, argv, NULL);
}

int
live_run_tests (void)
{
  int status = g_test_run ();

  live_remove_tree (runtime_dir);
  g_clear_pointer (&runtime_dir, g_free);
  return status;
}

const char *
live_get_dir (void)
{
  return runtime_dir;
}

void
live_set_up (Live *live, gconstpointer data)
{
  live->graph = dagsched_graph_new ("suite");
  live->options = dagsched_options_new ();
}

void
live_tear_down (Live *live, gconstpointer data)
{
  g_assert_finalize_object (live->graph);
  g_assert_finalize_object (live->options);
}

void
live_wait (LivePredicate predicate, gpointer data)
{
  while (!predicate (data))
    g_main_context_iteration (g_main_context_get_thread_default (), TRUE);
}

static gboolean
is_set (gpointer flag)
{
  return *(const gboolean *) flag;
}

void
live_wait_for_flag (const gboolean *flag)
{
  live_wait (is_set, (gpointer) flag);
}

static void
set_flag (gboolean *flag)
{
  *flag = TRUE;
}

void
live_flag_signal (gpointer object, const char *signal, gboolean *flag)
{
  g_signal_connect_swapped (object, signal, G_CALLBACK (set_flag), flag);
}

DagschedTest *
live_add (Live *live, const char *name, DagschedTestFunc func, gpointer data)
{
  g_autoptr (DagschedTest) test = DAGSCHED_TEST (dagsched_func_test_new (name, func, data, NULL));
  g_autoptr (GError) error = NULL;

  g_assert_true (dagsched_graph_add_test (live->graph, test, &error));
  g_assert_no_error (error);
  return test; /* the graph keeps it */
}

DagschedTest *
live_add_command (Live *live, const char *name, const char *script)
{
  const char *const argv[] = { "sh", "-c", script, NULL };
  g_autoptr (DagschedTest) test = DAGSCHED_TEST (dagsched_command_test_new (name, argv));
  g_autoptr (GError) error = NULL;

  g_assert_true (dagsched_graph_add_test (live->graph, test, &error));
  g_assert_no_error (error);
  return test; /* the graph keeps it */
}

DagschedScheduler *
live_prepare (Live *live, DagschedPublisher **publisher)
{
  DagschedScheduler *scheduler = dagsched_scheduler_new (live->graph, live->options);
  g_autoptr (GError) error = NULL;

  dagsched_scheduler_prepare (scheduler, &error);
  g_assert_no_error (error);
  *publisher = dagsched_publisher_new (DAGSCHED_RUN (scheduler), NULL, &error);
  g_assert_no_error (error);
  return scheduler;
}

void
live_run (DagschedScheduler *scheduler)
{
  dagsched_scheduler_run_async (scheduler, NULL, NULL, NULL);
}

DagschedScheduler *
live_start (Live *live, DagschedPublisher **publisher)
{
  DagschedScheduler *scheduler = live_prepare (live, publisher);

  live_run (scheduler);
  return scheduler;
}

static gboolean
has_ended (gpointer run)
{
  return dagsched_run_get_verdict (run) != DAGSCHED_VERDICT_NONE;
}

void
live_wait_for_end (DagschedRun *run)
{
  live_wait (has_ended, run);
}

static void
take_result (GObject *source, GAsyncResult *result, gpointer data)
{
  *(GAsyncResult **) data = g_object_ref (result);
}

static gboolean
is_there (gpointer data)
{
  return *(gpointer *) data != NULL;
}

DagschedObserver *
live_try_to_observe (const char *address, GCancellable *cancellable, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  dagsched_observer_connect_async (address, cancellable, take_result, &result);
  live_wait (is_there, &result);
  return dagsched_observer_connect_finish (result, error);
}

DagschedObserver *
live_observe (const char *address)
{
  g_autoptr (GError) error = NULL;
  DagschedObserver *observer = live_try_to_observe (address, NULL, &error);

  g_assert_no_error (error);
  g_assert_true (DAGSCHED_IS_OBSERVER (observer));
  return observer;
}

static void
append_stream (GString *text, GBytes *bytes, guint64 n_written)
{
  if (bytes != NULL)
    g_string_append_len (text, g_bytes_get_data (bytes, NULL), (gssize) g_bytes_get_size (bytes));
  g_assert_cmpuint (n_written, ==, bytes != NULL ? g_bytes_get_size (bytes) : 0);
}

char *
live_load_output (DagschedRun *run, DagschedTest *test)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GBytes) output = NULL;
  g_autoptr (GBytes) errors = NULL;
  g_autoptr (GError) error = NULL;
  GString *text = g_string_new (NULL);
  guint64 n_output, n_error;

  dagsched_run_load_output_async (run, test, NULL, take_result, &result);
  live_wait (is_there, &result);
  dagsched_run_load_output_finish (run, result, &output, &n_output, &errors, &n_error, &error);
  g_assert_no_error (error);
  append_stream (text, output, n_output);
  append_stream (text, errors, n_error);
  return g_string_free (text, FALSE);
}

GPtrArray *
live_load (DagschedRun *run, DagschedTest *test, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  dagsched_run_load_attempts_async (run, test, NULL, take_result, &result);
  live_wait (is_there, &result);
  return dagsched_run_load_attempts_finish (run, result, error);
}

DagschedTest *
live_get_test (DagschedRun *run, guint number)
{
  g_autoptr (DagschedTest) test = g_list_model_get_item (dagsched_run_get_tests (run), number);

  return test; /* the list keeps it */
}

static void
assert_same_spans (DagschedRun *run, DagschedRun *observed, guint number)
{
  for (guint i = 0;; i++)
    {
      DagschedSpan a, b;
      gboolean there = dagsched_run_get_span (run, number, i, &a);

      g_assert_cmpint (there, ==, dagsched_run_get_span (observed, number, i, &b));
      if (!there)
        return;
      g_assert_cmpuint (a.attempt, ==, b.attempt);
      g_assert_cmpuint (a.worker, ==, b.worker);
      g_assert_cmpint (a.outcome, ==, b.outcome);
      g_assert_cmpint (a.will_retry, ==, b.will_retry);
      g_assert_cmpfloat (a.start, ==, b.start);
      g_assert_cmpfloat (a.duration, ==, b.duration);
    }
}

static void
assert_same_dependencies (DagschedRun *run, DagschedRun *observed, guint number)
{
  guint n = dagsched_run_get_n_dependencies (run, number);

  g_assert_cmpuint (n, ==, dagsched_run_get_n_dependencies (observed, number));
  for (guint i = 0; i < n; i++)
    {
      DagschedCondition a, b;

      g_assert_cmpuint (dagsched_run_get_dependency (run, number, i, &a), ==,
                        dagsched_run_get_dependency (observed, number, i, &b));
      g_assert_cmpint (a, ==, b);
    }
}

static void
assert_same_test (DagschedRun *run, DagschedRun *observed, guint number)
{
  DagschedTest *a = live_get_test (run, number), *b = live_get_test (observed, number);
  DagschedTest *a_by = dagsched_test_get_blocked_by (a), *b_by = dagsched_test_get_blocked_by (b);

  g_assert_cmpstr (dagsched_test_get_name (a), ==, dagsched_test_get_name (b));
  g_assert_true (g_strv_equal (dagsched_test_get_suites (a), dagsched_test_get_suites (b)));
  g_assert_cmpuint (dagsched_test_get_repetition (a), ==, dagsched_test_get_repetition (b));
  g_assert_cmpfloat (dagsched_test_get_expected_duration (a), ==, dagsched_test_get_expected_duration (b));
  g_assert_cmpint (dagsched_test_get_state (a), ==, dagsched_test_get_state (b));
  g_assert_cmpint (dagsched_test_get_outcome (a), ==, dagsched_test_get_outcome (b));
  g_assert_cmpint (dagsched_test_get_flags (a), ==, dagsched_test_get_flags (b));
  g_assert_cmpstr (dagsched_test_get_reason (a), ==, dagsched_test_get_reason (b));
  g_assert_cmpuint (dagsched_test_get_n_attempts (a), ==, dagsched_test_get_n_attempts (b));
  g_assert_cmpfloat (dagsched_test_get_duration (a), ==, dagsched_test_get_duration (b));
  g_assert_cmpstr (a_by != NULL ? dagsched_test_get_name (a_by) : NULL, ==,
                   b_by != NULL ? dagsched_test_get_name (b_by) : NULL);
  g_assert_cmpuint (dagsched_run_find_test (observed, b), ==, number);
  assert_same_spans (run, observed, number);
  assert_same_dependencies (run, observed, number);
}

void
live_assert_same (DagschedRun *run, DagschedRun *observed)
{
  guint n_tests = g_list_model_get_n_items (dagsched_run_get_tests (run));

  g_assert_cmpstr (dagsched_run_get_name (run), ==, dagsched_run_get_name (observed));
  g_assert_cmpint (dagsched_run_get_started_at (run), ==, dagsched_run_get_started_at (observed));
  g_assert_cmpint (dagsched_run_get_verdict (run), ==, dagsched_run_get_verdict (observed));
  g_assert_cmpstr (dagsched_run_get_problem (run), ==, dagsched_run_get_problem (observed));
  g_assert_cmpuint (n_tests, ==, g_list_model_get_n_items (dagsched_run_get_tests (observed)));
  g_assert_cmpuint (g_list_model_get_n_items (dagsched_run_get_workers (run)), ==,
                    g_list_model_get_n_items (dagsched_run_get_workers (observed)));
  for (guint i = 0; i <= DAGSCHED_STATE_FINISHED; i++)
    g_assert_cmpuint (dagsched_run_get_n_in_state (run, i), ==, dagsched_run_get_n_in_state (observed, i));
  for (guint i = DAGSCHED_OUTCOME_PASSED; i < DAGSCHED_N_OUTCOMES; i++)
    g_assert_cmpuint (dagsched_run_get_n_with_outcome (run, i), ==,
                      dagsched_run_get_n_with_outcome (observed, i));
  for (guint i = 0; i < n_tests; i++)
    assert_same_test (run, observed, i);
}

void
live_gate_open (LiveGate *gate, guint n)
{
  g_mutex_lock (&gate->lock);
  gate->n_open += n;
  g_cond_broadcast (&gate->cond);
  g_mutex_unlock (&gate->lock);
}

DagschedOutcome
live_wait_at_gate (DagschedFuncTest *test, GCancellable *cancellable, gpointer data, GError **error)
{
  LiveGate *gate = data;
  guint place;

  g_mutex_lock (&gate->lock);
  place = gate->n_entered++;
  while (place >= gate->n_open)
    g_cond_wait (&gate->cond, &gate->lock);
  g_mutex_unlock (&gate->lock);
  return DAGSCHED_OUTCOME_PASSED;
}

DagschedOutcome
live_pass (DagschedFuncTest *test, GCancellable *cancellable, gpointer data, GError **error)
{
  return DAGSCHED_OUTCOME_PASSED;
}

DagschedOutcome
live_fail (DagschedFuncTest *test, GCancellable *cancellable, gpointer data, GError **error)
{
  g_set_error_literal (error, DAGSCHED_ERROR, DAGSCHED_ERROR_FAILED, "as it should");
  return DAGSCHED_OUTCOME_FAILED;
}

int
live_connect (DagschedPublisher *publisher)
{
  g_autoptr (GError) error = NULL;
  int fd = dagsched_live_socket_connect (dagsched_publisher_get_path (publisher), &error);

  g_assert_no_error (error);
  return fd;
}

void
live_send_frame (int fd, DagschedLiveFrameType type, gconstpointer payload, gsize length)
{
  g_autoptr (GBytes) frame = dagsched_live_frame_new (type, payload, length);
  gsize size;
  const char *data = g_bytes_get_data (frame, &size);

  g_assert_cmpint (send (fd, data, size, MSG_NOSIGNAL), ==, (ssize_t) size);
}

void
live_send_observe (int fd)
{
  const DagschedLiveObserve observe = { DAGSCHED_LIVE_MAGIC, DAGSCHED_LIVE_VERSION };

  live_send_frame (fd, DAGSCHED_LIVE_OBSERVE, &observe, sizeof observe);
}
