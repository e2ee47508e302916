/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/dagsched-deadlines-private.h"
#include "engine/dagsched-parking-lot-private.h"

#define N_WORKERS 4
#define N_ITEMS 100000

typedef struct
{
  DagschedParkingLot lot;
  DagschedParker parkers[N_WORKERS];
  _Atomic guint n_items; /* stands for the queues */
  _Atomic guint n_done;
  _Atomic guint stop;
} Lot;

typedef struct
{
  Lot *lot;
  DagschedParker *parker;
} Worker;

static gboolean
take_item (Lot *lot)
{
  guint n = atomic_load_explicit (&lot->n_items, memory_order_relaxed);

  while (n > 0)
    {
      if (atomic_compare_exchange_weak (&lot->n_items, &n, n - 1))
        return TRUE;
    }

  return FALSE;
}

static gpointer
work (gpointer data)
{
  Worker *worker = data;
  Lot *lot = worker->lot;

  while (!atomic_load (&lot->stop))
    {
      if (take_item (lot))
        {
          atomic_fetch_add (&lot->n_done, 1);
          continue;
        }
      dagsched_parking_lot_announce (&lot->lot, worker->parker, FALSE);
      if (atomic_load (&lot->n_items) > 0 || atomic_load (&lot->stop))
        {
          if (!dagsched_parking_lot_retract (&lot->lot, worker->parker))
            dagsched_parking_lot_wake (&lot->lot, 1);
          continue;
        }
      dagsched_parker_wait (worker->parker);
    }

  return NULL;
}

/* Were a wake-up lost, an item would stay while everybody sleeps, and this would never end. */
static void
test_no_lost_wakeup (void)
{
  Lot lot = { 0 };
  Worker workers[N_WORKERS];
  GThread *threads[N_WORKERS];

  dagsched_parking_lot_init (&lot.lot);
  for (guint i = 0; i < N_WORKERS; i++)
    {
      dagsched_parker_init (&lot.parkers[i]);
      workers[i] = (Worker){ &lot, &lot.parkers[i] };
      threads[i] = g_thread_new ("worker", work, &workers[i]);
    }

  for (guint i = 0; i < N_ITEMS; i++)
    {
      atomic_fetch_add_explicit (&lot.n_items, 1, memory_order_relaxed);
      dagsched_parking_lot_wake (&lot.lot, 1);
      /* Now and then everybody has gone to sleep before the next item. */
      if (i % 1000 == 0)
        while (atomic_load (&lot.n_done) <= i)
          g_thread_yield ();
    }
  while (atomic_load (&lot.n_done) < N_ITEMS)
    g_thread_yield ();

  atomic_store (&lot.stop, 1);
  for (guint i = 0; i < N_WORKERS; i++)
    {
      dagsched_parking_lot_wake (&lot.lot, N_WORKERS);
      dagsched_parker_notify (&lot.parkers[i]);
    }
  for (guint i = 0; i < N_WORKERS; i++)
    {
      g_thread_join (threads[i]);
      dagsched_parker_clear (&lot.parkers[i]);
    }
  dagsched_parking_lot_clear (&lot.lot);
}

/* The last one who parked is woken first, one who asked for it last. */
static void
test_order (void)
{
  DagschedParkingLot lot;
  DagschedParker parkers[3];

  dagsched_parking_lot_init (&lot);
  for (guint i = 0; i < 3; i++)
    dagsched_parker_init (&parkers[i]);
  g_assert_cmpuint (dagsched_parking_lot_announce (&lot, &parkers[0], FALSE), ==, 1);
  g_assert_cmpuint (dagsched_parking_lot_announce (&lot, &parkers[1], FALSE), ==, 2);
  g_assert_cmpuint (dagsched_parking_lot_announce (&lot, &parkers[2], TRUE), ==, 3);

  g_assert_cmpuint (dagsched_parking_lot_wake (&lot, 1), ==, 1);
  g_assert_true (parkers[1].notified);
  g_assert_false (parkers[0].notified || parkers[2].notified);
  g_assert_cmpuint (dagsched_parking_lot_wake (&lot, 1), ==, 1);
  g_assert_true (parkers[0].notified);
  g_assert_false (parkers[2].notified);

  g_assert_true (dagsched_parking_lot_retract (&lot, &parkers[2]));
  g_assert_cmpuint (dagsched_parking_lot_wake (&lot, 5), ==, 0);
  /* A wake-up that came before the retraction is taken with it. */
  dagsched_parker_wait (&parkers[0]);
  dagsched_parking_lot_announce (&lot, &parkers[0], FALSE);
  dagsched_parking_lot_wake (&lot, 1);
  g_assert_false (dagsched_parking_lot_retract (&lot, &parkers[0]));
  g_assert_false (parkers[0].notified);

  for (guint i = 0; i < 3; i++)
    dagsched_parker_clear (&parkers[i]);
  dagsched_parking_lot_clear (&lot);
}

typedef struct
{
  GMutex lock;
  GCond cond;
  GArray *fired; /* guint32; protected by lock */
} Fired;

static void
on_deadline (gpointer data, DagschedDeadlineKind kind, guint32 number)
{
  Fired *fired = data;
  guint32 code = kind * 100 + number;

  g_mutex_lock (&fired->lock);
  g_array_append_val (fired->fired, code);
  g_cond_signal (&fired->cond);
  g_mutex_unlock (&fired->lock);
}

static void
wait_for (Fired *fired, guint n)
{
  g_mutex_lock (&fired->lock);
  while (fired->fired->len < n)
    g_cond_wait (&fired->cond, &fired->lock);
  g_mutex_unlock (&fired->lock);
}

static gboolean
is_odd (gpointer data, guint32 number)
{
  return number % 2 == 1;
}

static void
test_deadlines (void)
{
  Fired fired = { .fired = g_array_new (FALSE, FALSE, sizeof (guint32)) };
  DagschedRunClock clock;
  DagschedDeadlines *deadlines = dagsched_deadlines_new (&clock, 2, on_deadline, &fired);
  gint64 now = dagsched_monotonic_ns ();
  g_autoptr (GArray) removed = g_array_new (FALSE, FALSE, sizeof (guint32));
  g_autoptr (GError) error = NULL;

  g_assert_true (dagsched_deadlines_start (deadlines, &error));
  g_assert_no_error (error);

  dagsched_run_clock_init (&clock);
  /* Never fire in this test. */
  dagsched_deadlines_set_lane (deadlines, 0, now + 3600 * G_GINT64_CONSTANT (1000000000));
  dagsched_deadlines_add (deadlines, DAGSCHED_DEADLINE_RETRY, 9, now + 3600 * G_GINT64_CONSTANT (1000000000));
  dagsched_deadlines_add (deadlines, DAGSCHED_DEADLINE_RETRY, 8, now + 3600 * G_GINT64_CONSTANT (1000000000));
  /* Nearer ones, given while the waiter sleeps for a farther one. */
  dagsched_deadlines_add (deadlines, DAGSCHED_DEADLINE_RETRY, 2, now + 20000000);
  dagsched_deadlines_add (deadlines, DAGSCHED_DEADLINE_RETRY, 1, now + 10000000);
  wait_for (&fired, 2);
  dagsched_deadlines_set_lane (deadlines, 1, now + 21000000);
  wait_for (&fired, 3);

  g_assert_cmpuint (g_array_index (fired.fired, guint32, 0), ==, DAGSCHED_DEADLINE_RETRY * 100 + 1);
  g_assert_cmpuint (g_array_index (fired.fired, guint32, 1), ==, DAGSCHED_DEADLINE_RETRY * 100 + 2);
  g_assert_cmpuint (g_array_index (fired.fired, guint32, 2), ==, DAGSCHED_DEADLINE_LANE * 100 + 1);

  dagsched_deadlines_remove_some (deadlines, DAGSCHED_DEADLINE_RETRY, is_odd, NULL, removed);
  g_assert_cmpuint (removed->len, ==, 1);
  g_assert_cmpuint (g_array_index (removed, guint32, 0), ==, 9);
  g_assert_true (dagsched_deadlines_has (deadlines, DAGSCHED_DEADLINE_RETRY, 8));

  dagsched_deadlines_free (deadlines);
  g_assert_cmpuint (fired.fired->len, ==, 3);
  dagsched_run_clock_clear (&clock);
  g_array_unref (fired.fired);
}

/* What is due while the clock stands waits until it goes again, and then for what was left of its time. */
static void
test_deadlines_stand (void)
{
  Fired fired = { .fired = g_array_new (FALSE, FALSE, sizeof (guint32)) };
  DagschedRunClock clock;
  DagschedDeadlines *deadlines = dagsched_deadlines_new (&clock, 1, on_deadline, &fired);
  gint64 stood_at, begin, paused_ns;

  dagsched_run_clock_init (&clock);
  g_assert_true (dagsched_deadlines_start (deadlines, NULL));
  g_assert_true (dagsched_run_clock_pause (&clock));
  g_assert_false (dagsched_run_clock_pause (&clock));
  begin = dagsched_monotonic_ns ();
  stood_at = dagsched_run_clock_now (&clock);
  dagsched_deadlines_add (deadlines, DAGSCHED_DEADLINE_RETRY, 1, stood_at + 1000000);
  dagsched_deadlines_set_lane (deadlines, 0, stood_at + 2000000);
  while (dagsched_monotonic_ns () < begin + 20000000)
    g_thread_yield ();
  g_assert_cmpint (dagsched_run_clock_now (&clock), ==, stood_at);
  g_mutex_lock (&fired.lock);
  g_assert_cmpuint (fired.fired->len, ==, 0);
  g_mutex_unlock (&fired.lock);

  g_assert_true (dagsched_run_clock_resume (&clock, &paused_ns));
  g_assert_cmpint (paused_ns, >=, 20000000);
  dagsched_deadlines_resume (deadlines);
  wait_for (&fired, 2);
  g_assert_cmpint (dagsched_run_clock_now (&clock), >=, stood_at + 2000000);
  /* Moments before, in and after it. */
  g_assert_cmpint (dagsched_run_clock_at (&clock, begin - 5000000000), ==, begin - 5000000000);
  g_assert_cmpint (dagsched_run_clock_at (&clock, begin + 10000000), ==, stood_at);
  g_assert_cmpint (dagsched_run_clock_at (&clock, begin + 3600000000000), ==,
                   begin + 3600000000000 - paused_ns);
  g_assert_false (dagsched_run_clock_resume (&clock, &paused_ns));

  dagsched_deadlines_free (deadlines);
  dagsched_run_clock_clear (&clock);
  g_array_unref (fired.fired);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/parking-lot/no-lost-wakeup", test_no_lost_wakeup);
  g_test_add_func ("/parking-lot/order", test_order);
  g_test_add_func ("/deadlines", test_deadlines);
  g_test_add_func ("/deadlines/stand", test_deadlines_stand);

  return g_test_run ();
}
