/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "live-fixture.h"
#include "live/dagsched-live-link-private.h"

/* What peers ask for, and peers that behave badly: neither side comes to harm, and the run goes on. */

static gboolean
is_closed (gpointer data)
{
  char bytes[4096];
  ssize_t n;

  do
    n = recv (*(int *) data, bytes, sizeof bytes, MSG_DONTWAIT);
  while (n > 0);
  return n == 0 || errno == ECONNRESET;
}

/* The other side is a thread of this process: what it does is waited for by poll(). */
static void
wait_until_closed (int fd)
{
  struct pollfd polled = { .fd = fd, .events = POLLIN };

  while (!is_closed (&fd))
    g_assert_cmpint (poll (&polled, 1, -1), ==, 1);
  close (fd);
}

static void
run_to_end (DagschedScheduler *scheduler, LiveGate *gate)
{
  live_gate_open (gate, 1);
  live_wait_for_end (DAGSCHED_RUN (scheduler));
  g_assert_cmpint (dagsched_run_get_verdict (DAGSCHED_RUN (scheduler)), ==, DAGSCHED_VERDICT_SUCCESS);
}

static void
test_bad_observers (Live *live, gconstpointer data)
{
  const DagschedLiveObserve other_version = { DAGSCHED_LIVE_MAGIC, DAGSCHED_LIVE_VERSION + 1 };
  const DagschedLiveLoad too_far = { 1, 1 };
  const DagschedLiveFollow too_far_too = { G_MAXUINT32, 1 };
  const guint32 huge[] = { 1u << 30, DAGSCHED_LIVE_LOAD };
  g_autoptr (DagschedPublisher) publisher = NULL;
  g_autoptr (DagschedScheduler) scheduler = NULL;
  LiveGate gate = { 0 };
  int fds[7];

  live_add (live, "a", live_wait_at_gate, &gate);
  scheduler = live_start (live, &publisher);
  for (guint i = 0; i < G_N_ELEMENTS (fds); i++)
    fds[i] = live_connect (publisher);
  live_send_frame (fds[0], DAGSCHED_LIVE_OBSERVE, &other_version, sizeof other_version);
  live_send_frame (fds[1], DAGSCHED_LIVE_LOAD, &too_far, sizeof too_far);
  live_send_frame (fds[2], DAGSCHED_LIVE_FOLLOW, &too_far_too, sizeof too_far_too);
  live_send_frame (fds[3], DAGSCHED_LIVE_END, NULL, 0);
  live_send_frame (fds[4], DAGSCHED_LIVE_CANCEL, NULL, 0);
  g_assert_cmpint (send (fds[5], huge, sizeof huge, 0), ==, sizeof huge);
  live_send_observe (fds[6]);
  live_send_observe (fds[6]);
  for (guint i = 0; i < G_N_ELEMENTS (fds); i++)
    wait_until_closed (fds[i]);
  run_to_end (scheduler, &gate);
}

static void
test_garbage_from_observers (Live *live, gconstpointer data)
{
  g_autoptr (DagschedPublisher) publisher = NULL;
  g_autoptr (DagschedScheduler) scheduler = NULL;
  LiveGate gate = { 0 };

  live_add (live, "a", live_wait_at_gate, &gate);
  scheduler = live_start (live, &publisher);
  for (guint i = 0; i < 200; i++)
    {
      int fd = live_connect (publisher);
      guint8 bytes[512];

      for (guint j = 0; j < sizeof bytes; j++)
        bytes[j] = (guint8) g_test_rand_int_range (0, 256);
      bytes[3] |= 1; /* a frame that is too large */
      g_assert_cmpint (send (fd, bytes, sizeof bytes, MSG_NOSIGNAL), ==, sizeof bytes);
      wait_until_closed (fd);
    }
  run_to_end (scheduler, &gate);
}

/* They come and go at any moment; too many are turned away. */
static void
test_many_observers (Live *live, gconstpointer data)
{
  g_autoptr (DagschedPublisher) publisher = NULL;
  g_autoptr (DagschedScheduler) scheduler = NULL;
  g_autoptr (DagschedObserver) observer = NULL;
  LiveGate gate = { 0 };
  int fds[64], more;

  live_add (live, "a", live_wait_at_gate, &gate);
  scheduler = live_start (live, &publisher);
  for (guint i = 0; i < G_N_ELEMENTS (fds); i++)
    {
      fds[i] = live_connect (publisher);
      if (i % 2 == 0)
        live_send_observe (fds[i]);
    }
  more = live_connect (publisher);
  wait_until_closed (more);
  for (guint i = 0; i < G_N_ELEMENTS (fds); i++)
    close (fds[i]);

  /* Those that are gone make room, once that is noticed. */
  while (observer == NULL)
    observer = live_try_to_observe (dagsched_publisher_get_path (publisher), NULL, NULL);
  run_to_end (scheduler, &gate);
  live_wait_for_end (DAGSCHED_RUN (observer));
}

static void
test_cancel (Live *live, gconstpointer data)
{
  g_autoptr (DagschedPublisher) publisher = NULL;
  g_autoptr (DagschedScheduler) scheduler = NULL;
  g_autoptr (DagschedObserver) observer = NULL;
  gboolean started = FALSE;

  live_flag_signal (live_add_command (live, "a", "exec sleep 1000"), "started", &started);
  scheduler = live_start (live, &publisher);
  observer = live_observe (dagsched_publisher_get_path (publisher));
  live_wait_for_flag (&started);
  g_assert_true (dagsched_run_can_cancel (DAGSCHED_RUN (observer)));
  dagsched_run_cancel (DAGSCHED_RUN (observer), GPOINTER_TO_INT (data));
  live_wait_for_end (DAGSCHED_RUN (observer));
  g_assert_cmpint (dagsched_test_get_outcome (live_get_test (DAGSCHED_RUN (observer), 0)), ==,
                   DAGSCHED_OUTCOME_CANCELLED);
  g_assert_cmpstr (dagsched_run_get_problem (DAGSCHED_RUN (observer)), ==, "the run was cancelled");
  live_wait_for_end (DAGSCHED_RUN (scheduler));
}

static void
assert_bytes (GBytes *bytes, const char *expected)
{
  g_assert_nonnull (bytes);
  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), expected, strlen (expected));
}

static void
assert_output (GPtrArray *attempts)
{
  DagschedAttempt *attempt = g_ptr_array_index (attempts, 0);

  g_assert_cmpuint (attempts->len, ==, 1);
  assert_bytes (dagsched_attempt_get_standard_output (attempt), "out\n");
  assert_bytes (dagsched_attempt_get_standard_error (attempt), "err\n");
  g_assert_cmpint (dagsched_attempt_get_exit_status (attempt), ==, 3);
  g_assert_cmpint (dagsched_attempt_get_outcome (attempt), ==, DAGSCHED_OUTCOME_FAILED);
  g_assert_nonnull (dagsched_attempt_get_reason (attempt));
}

static void
test_load (Live *live, gconstpointer data)
{
  DagschedTest *bad = live_add_command (live, "bad", "echo out; echo err >&2; exit 3");
  g_autoptr (DagschedTest) stranger = DAGSCHED_TEST (dagsched_command_test_new ("bad", NULL));
  g_autoptr (DagschedPublisher) publisher = NULL;
  g_autoptr (DagschedScheduler) scheduler = NULL;
  g_autoptr (DagschedObserver) observer = NULL;
  g_autoptr (GPtrArray) before = NULL;
  g_autoptr (GPtrArray) attempts = NULL;
  g_autoptr (GPtrArray) after = NULL;
  g_autoptr (GPtrArray) local = NULL;
  g_autoptr (GPtrArray) none = NULL;
  g_autoptr (GError) error = NULL;

  scheduler = live_start (live, &publisher);
  observer = live_observe (dagsched_publisher_get_path (publisher));
  live_wait_for_end (DAGSCHED_RUN (observer));
  live_wait_for_end (DAGSCHED_RUN (scheduler));

  before = dagsched_run_dup_attempts (DAGSCHED_RUN (observer), live_get_test (DAGSCHED_RUN (observer), 0));
  g_assert_cmpuint (before->len, ==, 1);
  g_assert_null (dagsched_attempt_get_standard_output (g_ptr_array_index (before, 0)));
  attempts = live_load (DAGSCHED_RUN (observer), live_get_test (DAGSCHED_RUN (observer), 0), &error);
  g_assert_no_error (error);
  assert_output (attempts);
  after = dagsched_run_dup_attempts (DAGSCHED_RUN (observer), live_get_test (DAGSCHED_RUN (observer), 0));
  assert_output (after);

  /* A run of this process is asked in the same way. */
  local = live_load (DAGSCHED_RUN (scheduler), bad, &error);
  g_assert_no_error (error);
  assert_output (local);
  none = live_load (DAGSCHED_RUN (observer), stranger, &error);
  g_assert_error (error, DAGSCHED_ERROR, DAGSCHED_ERROR_NOT_FOUND);
  g_assert_null (none);
}

/* Many at once: more than the publisher takes at a time. */
typedef struct
{
  guint n_loaded;
  guint n_cancelled;
} Loads;

static void
on_loaded (GObject *run, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) attempts = dagsched_run_load_attempts_finish (DAGSCHED_RUN (run), result, &error);
  Loads *loads = data;

  if (attempts != NULL)
    loads->n_loaded++;
  else
    g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  loads->n_cancelled += attempts == NULL;
}

static gboolean
are_answered (gpointer data)
{
  const Loads *loads = data;

  return loads->n_loaded + loads->n_cancelled == 100;
}

static void
test_many_loads (Live *live, gconstpointer data)
{
  g_autoptr (DagschedPublisher) publisher = NULL;
  g_autoptr (DagschedScheduler) scheduler = NULL;
  g_autoptr (DagschedObserver) observer = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Loads loads = { 0 };

  for (guint i = 0; i < 100; i++)
    {
      g_autofree char *name = g_strdup_printf ("%u", i);

      live_add (live, name, live_fail, NULL);
    }
  g_object_set (live->options, "timestamps", TRUE, NULL);
  scheduler = live_start (live, &publisher);
  observer = live_observe (dagsched_publisher_get_path (publisher));
  live_wait_for_end (DAGSCHED_RUN (observer));
  for (guint i = 0; i < 100; i++)
    dagsched_run_load_attempts_async (DAGSCHED_RUN (observer), live_get_test (DAGSCHED_RUN (observer), i),
                                      i == 99 ? cancellable : NULL, on_loaded, &loads);
  g_cancellable_cancel (cancellable);
  live_wait (are_answered, &loads);
  g_assert_cmpuint (loads.n_cancelled, ==, 1);
  live_wait_for_end (DAGSCHED_RUN (scheduler));
}

typedef struct
{
  GString *text;
  gsize expected;
} Output;

static void
on_output (DagschedTest *test, GBytes *bytes, Output *output)
{
  g_string_append_len (output->text, g_bytes_get_data (bytes, NULL), (gssize) g_bytes_get_size (bytes));
}

static gboolean
is_complete (gpointer data)
{
  const Output *output = data;

  return output->text->len >= output->expected;
}

/* The test writes when it is told to, by a byte each time. */
static void
test_follow (Live *live, gconstpointer data)
{
  g_autofree char *fifo = g_build_filename (live_get_dir (), "fifo", NULL);
  g_autofree char *script =
    g_strdup_printf ("exec 3<%s; while read -r word <&3; do echo $word; echo E$word >&2; done", fifo);
  g_autoptr (DagschedPublisher) publisher = NULL;
  g_autoptr (DagschedScheduler) scheduler = NULL;
  g_autoptr (DagschedObserver) observer = NULL;
  Output out = { g_string_new (NULL), 4 }, err = { g_string_new (NULL), 5 };
  DagschedTest *test;
  FILE *stream;

  g_assert_cmpint (mkfifo (fifo, 0600), ==, 0);
  live_add_command (live, "a", script);
  scheduler = live_start (live, &publisher);
  stream = fopen (fifo, "we");
  g_assert_nonnull (stream);
  observer = live_observe (dagsched_publisher_get_path (publisher));
  test = live_get_test (DAGSCHED_RUN (observer), 0);
  g_signal_connect (test, "output::standard-output", G_CALLBACK (on_output), &out);
  g_signal_connect (test, "output::standard-error", G_CALLBACK (on_output), &err);
  dagsched_run_follow_output (DAGSCHED_RUN (observer), test, TRUE);
  dagsched_run_follow_output (DAGSCHED_RUN (observer), test, TRUE);
  dagsched_run_follow_output (DAGSCHED_RUN (observer), test, FALSE);

  /* What is asked for is done in its order: when this is answered, the test is followed. */
  g_ptr_array_unref (live_load (DAGSCHED_RUN (observer), test, NULL));
  fputs ("one\n", stream);
  fflush (stream);
  live_wait (is_complete, &out);
  live_wait (is_complete, &err);
  g_assert_cmpstr (out.text->str, ==, "one\n");
  g_assert_cmpstr (err.text->str, ==, "Eone\n");

  dagsched_run_follow_output (DAGSCHED_RUN (observer), test, FALSE);
  g_ptr_array_unref (live_load (DAGSCHED_RUN (observer), test, NULL));
  fputs ("two\n", stream);
  fclose (stream);
  live_wait_for_end (DAGSCHED_RUN (observer));
  g_assert_cmpstr (out.text->str, ==, "one\n");
  g_string_free (out.text, TRUE);
  g_string_free (err.text, TRUE);
}

static void
assert_written (DagschedRun *run, DagschedTest *test, const char *expected)
{
  g_autofree char *written = live_load_output (run, test);

  g_assert_cmpstr (written, ==, expected);
}

static gboolean
has_begun (gpointer run)
{
  g_autofree char *written = live_load_output (run, live_get_test (run, 0));

  return g_str_equal (written, "begun\noh\n");
}

/* What a test wrote before anybody looked, and how far what it tells of afterwards goes. */
static void
test_written (Live *live, gconstpointer data)
{
  g_autofree char *fifo = g_build_filename (live_get_dir (), "written", NULL);
  g_autofree char *script = g_strdup_printf (
    "exec 3<%s; echo oh >&2; echo begun; read -r word <&3; echo $word; read -r word <&3", fifo);
  g_autoptr (DagschedPublisher) publisher = NULL;
  g_autoptr (DagschedScheduler) scheduler = NULL;
  g_autoptr (DagschedObserver) observer = NULL;
  Output out = { g_string_new (NULL), 4 };
  DagschedTest *test, *local;
  FILE *stream;

  g_assert_cmpint (mkfifo (fifo, 0600), ==, 0);
  local = live_add_command (live, "a", script);
  scheduler = live_start (live, &publisher);
  stream = fopen (fifo, "we");
  g_assert_nonnull (stream);
  observer = live_observe (dagsched_publisher_get_path (publisher));
  test = live_get_test (DAGSCHED_RUN (observer), 0);
  live_wait (has_begun, observer);
  assert_written (DAGSCHED_RUN (scheduler), local, "begun\noh\n");

  g_signal_connect (test, "output::standard-output", G_CALLBACK (on_output), &out);
  dagsched_run_follow_output (DAGSCHED_RUN (observer), test, TRUE);
  assert_written (DAGSCHED_RUN (observer), test, "begun\noh\n");
  fputs ("two\n", stream);
  fflush (stream);
  live_wait (is_complete, &out);
  g_assert_cmpstr (out.text->str, ==, "two\n");
  g_assert_cmpuint (dagsched_test_get_n_written (test, FALSE), ==, strlen ("begun\ntwo\n"));
  assert_written (DAGSCHED_RUN (observer), test, "begun\ntwo\noh\n");

  fclose (stream);
  live_wait_for_end (DAGSCHED_RUN (observer));
  assert_written (DAGSCHED_RUN (observer), test, "");
  live_wait_for_end (DAGSCHED_RUN (scheduler));
  assert_written (DAGSCHED_RUN (scheduler), local, "");
  g_string_free (out.text, TRUE);
}

/* A follower that goes away is forgotten. */
static void
test_follower_that_leaves (Live *live, gconstpointer data)
{
  g_autoptr (DagschedPublisher) publisher = NULL;
  g_autoptr (DagschedScheduler) scheduler = NULL;
  g_autoptr (DagschedObserver) observer = NULL;
  LiveGate gate = { 0 };
  DagschedTest *test = live_add (live, "a", live_wait_at_gate, &gate);

  scheduler = live_start (live, &publisher);
  observer = live_observe (dagsched_publisher_get_path (publisher));
  dagsched_run_follow_output (DAGSCHED_RUN (observer), live_get_test (DAGSCHED_RUN (observer), 0), TRUE);
  g_ptr_array_unref (live_load (DAGSCHED_RUN (observer), live_get_test (DAGSCHED_RUN (observer), 0), NULL));
  g_assert_true (g_signal_has_handler_pending (test, g_signal_lookup ("output", DAGSCHED_TYPE_TEST),
                                               g_quark_from_string ("standard-output"), FALSE));
  dagsched_observer_close (observer);
  while (g_signal_has_handler_pending (test, g_signal_lookup ("output", DAGSCHED_TYPE_TEST),
                                       g_quark_from_string ("standard-output"), FALSE))
    g_main_context_iteration (NULL, TRUE);
  g_assert_false (dagsched_observer_get_connected (observer));
  run_to_end (scheduler, &gate);
}

int
main (int argc, char *argv[])
{
  live_init (&argc, &argv);

  LIVE_ADD ("/peers/bad-observers", NULL, test_bad_observers);
  LIVE_ADD ("/peers/garbage", NULL, test_garbage_from_observers);
  LIVE_ADD ("/peers/many", NULL, test_many_observers);
  LIVE_ADD ("/peers/cancel", GINT_TO_POINTER (FALSE), test_cancel);
  LIVE_ADD ("/peers/kill", GINT_TO_POINTER (TRUE), test_cancel);
  LIVE_ADD ("/peers/load", NULL, test_load);
  LIVE_ADD ("/peers/many-loads", NULL, test_many_loads);
  LIVE_ADD ("/peers/follow", NULL, test_follow);
  LIVE_ADD ("/peers/written", NULL, test_written);
  LIVE_ADD ("/peers/follower-that-leaves", NULL, test_follower_that_leaves);

  return live_run_tests ();
}
