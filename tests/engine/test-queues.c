/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/dagsched-event-ring-private.h"
#include "engine/dagsched-ready-queue-private.h"

static void
test_ready_order (void)
{
  enum
  {
    N = 2000
  };
  g_autofree guint32 *rank = g_new (guint32, N);
  DagschedReadyQueue queue;
  guint32 test, last = 0;

  for (guint32 i = 0; i < N; i++)
    rank[i] = (i * 7919u) % N;
  dagsched_ready_queue_init (&queue, rank);
  for (guint32 i = 0; i < N; i++)
    {
      dagsched_ready_queue_push (&queue, i);
      if (i % 3 == 0)
        {
          g_assert_true (dagsched_ready_queue_pop (&queue, &test));
          dagsched_ready_queue_push (&queue, test);
        }
    }
  for (guint32 i = 0; i < N; i++)
    {
      g_assert_true (dagsched_ready_queue_pop (&queue, &test));
      g_assert_true (i == 0 || rank[test] > last);
      last = rank[test];
    }
  g_assert_false (dagsched_ready_queue_pop (&queue, &test));
  dagsched_ready_queue_clear (&queue);
}

/* Beside the plainest queue there is: it looks at all that it has. */
static void
test_ready_random (void)
{
  enum
  {
    N = 400
  };
  gboolean in_queue[N] = { FALSE };
  guint32 rank[N], test, first;
  DagschedReadyQueue queue;

  for (guint32 i = 0; i < N; i++)
    rank[i] = (i * 7919u) % N;
  dagsched_ready_queue_init (&queue, rank);
  for (guint i = 0; i < 40000; i++)
    {
      guint32 another = g_test_rand_int_range (0, N);

      /* It fills in one half of the time, and empties in the other. */
      if (!in_queue[another] && g_test_rand_int_range (0, 3) < (i / 5000 % 2 == 0 ? 2 : 1))
        {
          dagsched_ready_queue_push (&queue, another);
          in_queue[another] = TRUE;
          continue;
        }
      first = G_MAXUINT32;
      for (guint32 j = 0; j < N; j++)
        {
          if (in_queue[j] && (first == G_MAXUINT32 || rank[j] < rank[first]))
            first = j;
        }
      g_assert_true (dagsched_ready_queue_peek (&queue, &test) == (first != G_MAXUINT32));
      if (first == G_MAXUINT32)
        continue;
      g_assert_cmpuint (test, ==, first);
      g_assert_true (dagsched_ready_queue_guess (&queue, 0, &test));
      g_assert_cmpuint (test, ==, first);
      g_assert_true (dagsched_ready_queue_pop (&queue, &test));
      g_assert_cmpuint (test, ==, first);
      in_queue[first] = FALSE;
    }
  dagsched_ready_queue_clear (&queue);
}

static void
test_ring_lapse (void)
{
  DagschedEventRing ring = { 0 };
  DagschedEvent event = { .kind = DAGSCHED_EVENT_READY };

  dagsched_event_ring_init (&ring, 4);
  g_assert_null (dagsched_event_ring_peek (&ring));
  for (event.test = 0; event.test < 4; event.test++)
    g_assert_true (dagsched_event_ring_push (&ring, &event));
  g_assert_false (dagsched_event_ring_take_lapse (&ring));
  g_assert_true (dagsched_event_ring_is_open (&ring));
  g_assert_false (dagsched_event_ring_push (&ring, &event));
  g_assert_false (dagsched_event_ring_is_open (&ring));
  g_assert_true (dagsched_event_ring_take_lapse (&ring));
  g_assert_true (dagsched_event_ring_is_open (&ring));
  g_assert_false (dagsched_event_ring_take_lapse (&ring));
  g_assert_cmpuint (ring.n_missed, ==, 2);

  /* What was there before is there still, in order; and there is room again. */
  for (guint i = 0; i < 4; i++)
    {
      g_assert_cmpuint (dagsched_event_ring_peek (&ring)->test, ==, i);
      dagsched_event_ring_drop (&ring);
    }
  g_assert_true (dagsched_event_ring_push (&ring, &event));
  dagsched_event_ring_clear (&ring);
}

#define N_EVENTS 300000

static gpointer
produce (gpointer data)
{
  DagschedEventRing *ring = data;
  DagschedEvent event = { .kind = DAGSCHED_EVENT_STARTED };
  guint n_pushed = 0;

  for (guint i = 0; i < N_EVENTS; i++)
    {
      event.test = i;
      event.time_ns = i * 3;
      n_pushed += dagsched_event_ring_push (ring, &event);
    }

  return GUINT_TO_POINTER (n_pushed);
}

static guint
consume (DagschedEventRing *ring, gint64 *last)
{
  const DagschedEvent *event;
  guint n = 0;

  while ((event = dagsched_event_ring_peek (ring)) != NULL)
    {
      g_assert_cmpint (event->test, >, *last);
      g_assert_cmpint (event->time_ns, ==, event->test * 3);
      *last = event->test;
      dagsched_event_ring_drop (ring);
      n++;
    }

  return n;
}

static void
test_ring_threads (void)
{
  DagschedEventRing ring = { 0 };
  GThread *producer;
  gint64 last = -1;
  guint n_taken = 0, n_pushed;

  dagsched_event_ring_init (&ring, 64);
  producer = g_thread_new ("producer", produce, &ring);
  for (guint i = 0; i < 10000; i++)
    n_taken += consume (&ring, &last);
  n_pushed = GPOINTER_TO_UINT (g_thread_join (producer));
  n_taken += consume (&ring, &last);
  g_assert_cmpuint (n_taken, ==, n_pushed);
  g_assert_true (dagsched_event_ring_take_lapse (&ring) == (n_pushed < N_EVENTS));
  dagsched_event_ring_clear (&ring);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/ready-queue/order", test_ready_order);
  g_test_add_func ("/ready-queue/order-random", test_ready_random);
  g_test_add_func ("/event-ring/lapse", test_ring_lapse);
  g_test_add_func ("/event-ring/threads", test_ring_threads);

  return g_test_run ();
}
