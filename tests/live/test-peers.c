/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <glib-unix.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "live-fixture.h"
#include "live/dagsched-live-directory-private.h"
#include "live/dagsched-live-decode-private.h"
#include "live/dagsched-live-link-private.h"

/* What peers ask for, and peers that behave badly: neither side comes to harm, and the run goes on. */

static int
connect_to (DagschedPublisher *publisher)
{
  g_autoptr (GError) error = NULL;
  int fd = dagsched_live_socket_connect (dagsched_publisher_get_path (publisher), &error);

  g_assert_no_error (error);
  return fd;
}

static void
send_frame (int fd, DagschedLiveFrameType type, gconstpointer payload, gsize length)
{
  g_autoptr (GBytes) frame = dagsched_live_frame_new (type, payload, length);
  gsize size;
  const char *data = g_bytes_get_data (frame, &size);

  g_assert_cmpint (send (fd, data, size, MSG_NOSIGNAL), ==, (ssize_t) size);
}

static void
send_observe (int fd)
{
  const DagschedLiveObserve observe = { DAGSCHED_LIVE_MAGIC, DAGSCHED_LIVE_VERSION };

  send_frame (fd, DAGSCHED_LIVE_OBSERVE, &observe, sizeof observe);
}

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
    fds[i] = connect_to (publisher);
  send_frame (fds[0], DAGSCHED_LIVE_OBSERVE, &other_version, sizeof other_version);
  send_frame (fds[1], DAGSCHED_LIVE_LOAD, &too_far, sizeof too_far);
  send_frame (fds[2], DAGSCHED_LIVE_FOLLOW, &too_far_too, sizeof too_far_too);
  send_frame (fds[3], DAGSCHED_LIVE_END, NULL, 0);
  send_frame (fds[4], DAGSCHED_LIVE_CANCEL, NULL, 0);
  g_assert_cmpint (send (fds[5], huge, sizeof huge, 0), ==, sizeof huge);
  send_observe (fds[6]);
  send_observe (fds[6]);
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
      int fd = connect_to (publisher);
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
      fds[i] = connect_to (publisher);
      if (i % 2 == 0)
        send_observe (fds[i]);
    }
  more = connect_to (publisher);
  wait_until_closed (more);
  for (guint i = 0; i < G_N_ELEMENTS (fds); i++)
    close (fds[i]);

  /* Those that are gone make room, once that is noticed. */
  while (observer == NULL)
    observer = live_try_to_observe (dagsched_publisher_get_path (publisher), NULL, NULL);
  run_to_end (scheduler, &gate);
  live_wait_for_end (DAGSCHED_RUN (observer));
}

/* An observer that reads when the test wants it to. */
typedef struct
{
  DagschedLiveLink *link;
  GBytes *last_state;
  guint n_states;
  guint n_changes;
  gboolean has_end;
} Reader;

static void
reader_init (Reader *self, DagschedPublisher *publisher)
{
  *self = (Reader){ 0 };
  self->link = dagsched_live_link_new (connect_to (publisher), DAGSCHED_LIVE_MAX_PAYLOAD, TRUE);
  send_observe (dagsched_live_link_get_fd (self->link));
}

static void
reader_clear (Reader *self)
{
  dagsched_live_link_free (self->link);
  g_clear_pointer (&self->last_state, g_bytes_unref);
}

static void
take_document (Reader *self, DagschedLiveFrameType type)
{
  int fd;

  if (type != DAGSCHED_LIVE_PLAN && type != DAGSCHED_LIVE_STATE && type != DAGSCHED_LIVE_SETTINGS)
    return;

  fd = dagsched_live_link_take_document (self->link);
  g_assert_cmpint (fd, >=, 0);
  if (type == DAGSCHED_LIVE_STATE)
    {
      g_clear_pointer (&self->last_state, g_bytes_unref);
      self->last_state = dagsched_live_document_read (fd);
      self->n_states++;
    }
  close (fd);
}

static DagschedLiveRead
reader_read (Reader *self)
{
  DagschedLiveRead status = dagsched_live_link_read (self->link);
  DagschedLiveFrame frame;
  gboolean broken;

  g_assert_cmpint (status, !=, DAGSCHED_LIVE_READ_BROKEN);
  while (dagsched_live_link_take (self->link, &frame, &broken))
    {
      g_assert_false (self->has_end);
      self->n_changes += frame.type == DAGSCHED_LIVE_CHANGES;
      self->has_end = frame.type == DAGSCHED_LIVE_END;
      take_document (self, frame.type);
    }
  g_assert_false (broken);
  return status;
}

static gboolean
on_readable (int fd, GIOCondition condition, gpointer reader)
{
  return reader_read (reader) == DAGSCHED_LIVE_READ_MORE;
}

static void
assert_last_state (const Reader *self, guint n_tests, guint n_expected)
{
  DagschedLiveChanges changes;
  guint n_failed = 0;

  g_assert_true (dagsched_live_decode_changes (self->last_state, n_tests, 1, TRUE, &changes));
  for (guint i = 0; i < n_tests; i++)
    n_failed += changes.tests[i].outcome == DAGSCHED_OUTCOME_FAILED;
  g_assert_cmpuint (n_failed, ==, n_expected);
}

#define N_MANY 60000

/* The first one and the last one wait at the gate. */
static void
add_many (Live *live, LiveGate *gate)
{
  for (guint i = 0; i < N_MANY; i++)
    {
      g_autofree char *name = g_strdup_printf ("%u", i);
      gboolean waits = i == 0 || i == N_MANY - 1;

      live_add (live, name, waits ? live_wait_at_gate : i % 10 == 0 ? live_fail : live_pass, gate);
    }
  g_object_set (live->options, "timestamps", TRUE, "n-workers", 1, "order", DAGSCHED_ORDER_DECLARATION, NULL);
}

static DagschedScheduler *
start_many (Live *live, LiveGate *gate, DagschedPublisher **publisher)
{
  DagschedScheduler *scheduler;
  gboolean started = FALSE;

  add_many (live, gate);
  live_flag_signal (dagsched_graph_lookup (live->graph, "0"), "started", &started);
  scheduler = live_start (live, publisher);
  live_wait_for_flag (&started);
  return scheduler;
}

/* As a stopped process: it has asked for everything, and reads nothing until the run is over and gone. */
static void
test_observer_that_does_not_read (Live *live, gconstpointer data)
{
  g_autoptr (DagschedPublisher) publisher = NULL;
  g_autoptr (DagschedScheduler) scheduler = NULL;
  g_autoptr (DagschedObserver) other = NULL;
  LiveGate gate = { 0 };
  Reader reader;

  scheduler = start_many (live, &gate, &publisher);
  reader_init (&reader, publisher);
  /* Somebody who reads goes on all the same. */
  other = live_observe (dagsched_publisher_get_path (publisher));
  live_gate_open (&gate, 2);
  live_wait_for_end (DAGSCHED_RUN (other));
  live_wait_for_end (DAGSCHED_RUN (scheduler));
  live_assert_same (DAGSCHED_RUN (scheduler), DAGSCHED_RUN (other));
  g_clear_object (&publisher);

  while (reader_read (&reader) == DAGSCHED_LIVE_READ_MORE)
    ;
  g_assert_true (reader.has_end);
  g_assert_cmpuint (reader.n_states, ==, 2);
  assert_last_state (&reader, N_MANY, N_MANY / 10 - 1);
  g_test_message ("%u frames of changes came before it fell behind", reader.n_changes);
  reader_clear (&reader);
}

static gboolean
all_but_the_last_have_finished (gpointer run)
{
  return dagsched_run_get_n_in_state (run, DAGSCHED_STATE_FINISHED) == N_MANY - 1;
}

static gboolean
has_all_settings (gpointer run)
{
  return dagsched_test_get_slow_after (live_get_test (run, N_MANY - 1)) == 3;
}

/* That all tests are reset when the run starts is more than it may be told of at once. */
static void
test_observer_before_the_start (Live *live, gconstpointer data)
{
  g_autoptr (DagschedPublisher) publisher = NULL;
  g_autoptr (DagschedScheduler) scheduler = NULL;
  g_autoptr (DagschedObserver) observer = NULL;
  g_autofree char *last = g_strdup_printf ("%u", N_MANY - 1);
  LiveGate gate = { 0 };

  add_many (live, &gate);
  dagsched_test_set_slow_after (dagsched_graph_lookup (live->graph, last), 3);
  scheduler = live_prepare (live, &publisher);
  observer = live_observe (dagsched_publisher_get_path (publisher));
  live_wait (has_all_settings, observer);
  live_run (scheduler);
  live_gate_open (&gate, 1);
  live_wait (all_but_the_last_have_finished, observer);
  live_gate_open (&gate, 1);
  live_wait_for_end (DAGSCHED_RUN (observer));
  live_wait_for_end (DAGSCHED_RUN (scheduler));
  live_assert_same (DAGSCHED_RUN (scheduler), DAGSCHED_RUN (observer));
}

static gboolean
has_second_state (gpointer reader)
{
  return ((Reader *) reader)->n_states == 2;
}

static gboolean
has_end (gpointer reader)
{
  return ((Reader *) reader)->has_end;
}

/* It reads on while the run goes on, and gets what stands then, and each change from then on. */
static void
test_observer_that_falls_behind (Live *live, gconstpointer data)
{
  g_autoptr (DagschedPublisher) publisher = NULL;
  g_autoptr (DagschedScheduler) scheduler = NULL;
  LiveGate gate = { 0 };
  guint n_changes;
  Reader reader;

  scheduler = start_many (live, &gate, &publisher);
  reader_init (&reader, publisher);
  /* It is told of changes once this, which asks later, is there. */
  g_object_unref (live_observe (dagsched_publisher_get_path (publisher)));
  live_gate_open (&gate, 1);
  live_wait (all_but_the_last_have_finished, scheduler);

  g_unix_fd_add (dagsched_live_link_get_fd (reader.link), G_IO_IN, on_readable, &reader);
  live_wait (has_second_state, &reader);
  assert_last_state (&reader, N_MANY, N_MANY / 10 - 1);
  n_changes = reader.n_changes;
  live_gate_open (&gate, 1);
  live_wait (has_end, &reader);
  g_assert_cmpuint (reader.n_changes, >, n_changes);
  g_assert_cmpuint (reader.n_states, ==, 2);
  g_assert_true (g_source_remove_by_user_data (&reader));
  reader_clear (&reader);
  live_wait_for_end (DAGSCHED_RUN (scheduler));
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
  LIVE_ADD ("/peers/does-not-read", NULL, test_observer_that_does_not_read);
  LIVE_ADD ("/peers/falls-behind", NULL, test_observer_that_falls_behind);
  LIVE_ADD ("/peers/before-the-start", NULL, test_observer_before_the_start);
  LIVE_ADD ("/peers/cancel", GINT_TO_POINTER (FALSE), test_cancel);
  LIVE_ADD ("/peers/kill", GINT_TO_POINTER (TRUE), test_cancel);
  LIVE_ADD ("/peers/load", NULL, test_load);
  LIVE_ADD ("/peers/many-loads", NULL, test_many_loads);
  LIVE_ADD ("/peers/follow", NULL, test_follow);
  LIVE_ADD ("/peers/follower-that-leaves", NULL, test_follower_that_leaves);

  return live_run_tests ();
}
