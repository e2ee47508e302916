/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib-unix.h>
#include <unistd.h>

#include "live-fixture.h"
#include "live/dagsched-live-decode-private.h"
#include "live/dagsched-live-link-private.h"

/* Observers that can't keep up, or don't want to. */

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
  self->link = dagsched_live_link_new (live_connect (publisher), DAGSCHED_LIVE_MAX_PAYLOAD, TRUE);
  live_send_observe (dagsched_live_link_get_fd (self->link));
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

  if (type != DAGSCHED_LIVE_PLAN && type != DAGSCHED_LIVE_STATE)
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

/* That all tests are reset when the run starts is more than it may be told of at once. */
static void
test_observer_before_the_start (Live *live, gconstpointer data)
{
  g_autoptr (DagschedPublisher) publisher = NULL;
  g_autoptr (DagschedScheduler) scheduler = NULL;
  g_autoptr (DagschedObserver) observer = NULL;
  LiveGate gate = { 0 };

  add_many (live, &gate);
  scheduler = live_prepare (live, &publisher);
  observer = live_observe (dagsched_publisher_get_path (publisher));
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

int
main (int argc, char *argv[])
{
  live_init (&argc, &argv);

  LIVE_ADD ("/lag/does-not-read", NULL, test_observer_that_does_not_read);
  LIVE_ADD ("/lag/falls-behind", NULL, test_observer_that_falls_behind);
  LIVE_ADD ("/lag/before-the-start", NULL, test_observer_before_the_start);

  return live_run_tests ();
}
