/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/dagsched-event-ring-private.h"
#include "engine/dagsched-rank-heap-private.h"
#include "engine/dagsched-ready-queue-private.h"

/* A permutation, if @n and 7919 have no common divisor. */
static DagschedPlanView *
view_new (guint32 n)
{
  DagschedPlanView *view = g_new0 (DagschedPlanView, 1);

  view->n_tests = n;
  view->ordered = TRUE;
  view->rank = g_new (guint32, MAX (n, 1));
  view->order = g_new (guint32, MAX (n, 1));
  for (guint32 i = 0; i < n; i++)
    {
      view->rank[i] = (guint32) (i * G_GUINT64_CONSTANT (7919) % n);
      view->order[view->rank[i]] = i;
    }
  return view;
}

static void
view_free (DagschedPlanView *view)
{
  g_free (view->rank);
  g_free (view->order);
  g_free (view);
}

/* Of so many tests that each number of levels has its turn, at its limits as well. */
static void
test_ready_sizes (void)
{
  const guint32 sizes[] = { 0, 1, 2, 63, 64, 65, 4095, 4096, 4097, 262143, 262144, 262145, 1000000 };

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      DagschedPlanView *view = view_new (sizes[i]);
      DagschedReadyQueue queue;
      guint32 test;

      dagsched_ready_queue_init (&queue, view);
      g_assert_false (dagsched_ready_queue_pop (&queue, &test));
      for (guint round = 0; round < 2; round++)
        {
          for (guint32 j = 0; j < sizes[i]; j++)
            dagsched_ready_queue_push (&queue, j);
          for (guint32 j = 0; j < sizes[i] / (2 - round); j++)
            {
              g_assert_true (dagsched_ready_queue_pop (&queue, &test));
              g_assert_cmpuint (view->rank[test], ==, j);
            }
          dagsched_ready_queue_remove_all (&queue);
          g_assert_false (dagsched_ready_queue_pop (&queue, &test));
          g_assert_false (dagsched_ready_queue_guess (&queue, 0, &test));
        }
      dagsched_ready_queue_clear (&queue);
      view_free (view);
    }
}

/* Both queues beside the plainest one there is: it looks at all that it has. */
static void
test_ready_random (void)
{
  enum
  {
    N = 400
  };
  gboolean in_queue[N] = { FALSE };
  DagschedPlanView *view = view_new (N);
  DagschedReadyQueue queue;
  DagschedRankHeap heap;
  guint32 test, first;

  dagsched_ready_queue_init (&queue, view);
  dagsched_rank_heap_init (&heap, view->rank);
  for (guint i = 0; i < 40000; i++)
    {
      guint32 another = g_test_rand_int_range (0, N);

      /* They fill in one half of the time, and empty in the other. */
      if (!in_queue[another] && g_test_rand_int_range (0, 3) < (i / 5000 % 2 == 0 ? 2 : 1))
        {
          dagsched_ready_queue_push (&queue, another);
          dagsched_rank_heap_push (&heap, another);
          in_queue[another] = TRUE;
          continue;
        }
      first = G_MAXUINT32;
      for (guint32 j = 0; j < N; j++)
        {
          if (in_queue[j] && (first == G_MAXUINT32 || view->rank[j] < view->rank[first]))
            first = j;
        }
      g_assert_true (dagsched_rank_heap_peek (&heap, &test) == (first != G_MAXUINT32));
      g_assert_true (dagsched_ready_queue_guess (&queue, 0, &test) == (first != G_MAXUINT32));
      if (first == G_MAXUINT32)
        continue;
      g_assert_cmpuint (test, ==, first);
      if (dagsched_ready_queue_guess (&queue, 5, &test))
        g_assert_true (in_queue[test] && view->rank[test] > view->rank[first]);
      g_assert_true (dagsched_ready_queue_pop (&queue, &test));
      g_assert_cmpuint (test, ==, first);
      g_assert_true (dagsched_rank_heap_pop (&heap, &test));
      g_assert_cmpuint (test, ==, first);
      in_queue[first] = FALSE;
    }
  dagsched_ready_queue_clear (&queue);
  dagsched_rank_heap_clear (&heap);
  view_free (view);
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
  g_assert_true (dagsched_event_ring_miss (&ring, FALSE));
  g_assert_true (dagsched_event_ring_open (&ring));
  g_assert_true (dagsched_event_ring_take_lapse (&ring));
  g_assert_true (dagsched_event_ring_is_open (&ring));
  g_assert_false (dagsched_event_ring_open (&ring));
  g_assert_false (dagsched_event_ring_take_lapse (&ring));
  g_assert_cmpuint (ring.n_missed, ==, 2);
  /* Its producer took it for closed. */
  g_assert_false (dagsched_event_ring_miss (&ring, FALSE));
  g_assert_true (dagsched_event_ring_take_lapse (&ring));

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

  g_test_add_func ("/ready-queue/sizes", test_ready_sizes);
  g_test_add_func ("/ready-queue/random", test_ready_random);
  g_test_add_func ("/event-ring/lapse", test_ring_lapse);
  g_test_add_func ("/event-ring/threads", test_ring_threads);

  return g_test_run ();
}
