/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The threads of lanes: they carry out functions, and with stealing they find them as well. */
#include "engine/dagsched-engine-types-private.h"

/* Where a test was found. */
typedef enum
{
  FOUND_NOTHING,
  FOUND_OWN,
  FOUND_INJECTED,
  FOUND_ROOT,
  FOUND_STOLEN,
} Found;

void
dagsched_worker_inject (DagschedEngineThread *thread, guint32 test)
{
  DagschedEngine *engine = thread->engine;

  /* Counted first: a searcher that sees the count but not yet the test is woken after the push. It keeps
   * the run busy itself: all lanes may be parked. */
  atomic_fetch_add (&engine->n_busy, 1);
  atomic_fetch_add (&engine->n_injected, 1);
  g_async_queue_push (engine->injection, GUINT_TO_POINTER (test + 1));
  DAGSCHED_COUNT (thread->counters.n_injected, 1);
}

static gboolean
pop_injected (DagschedEngine *engine, guint32 *test)
{
  gpointer item;

  if (dagsched_load_relaxed (&engine->n_injected) == 0)
    return FALSE;

  item = g_async_queue_try_pop (engine->injection);
  if (item == NULL)
    return FALSE;

  atomic_fetch_sub (&engine->n_injected, 1);
  atomic_fetch_sub (&engine->n_busy, 1);
  *test = GPOINTER_TO_UINT (item) - 1;
  return TRUE;
}

void
dagsched_worker_offer_roots (DagschedEngineThread *thread)
{
  DagschedEngine *engine = thread->engine;
  const DagschedNumberList *roots = &engine->tracker.roots;

  for (guint i = 0; i < roots->length; i++)
    dagsched_engine_make_ready (thread, roots->numbers[i]);
  dagsched_worker_spread_ready (thread);
}

/* Where thieves can take it, or whoever comes first. */
static void
offer (DagschedEngineThread *thread, guint32 test)
{
  if (thread->lane == NULL || !thread->engine->params.enable_work_stealing ||
      !dagsched_deque_push (&thread->lane->deque, test))
    dagsched_worker_inject (thread, test);
}

static void
wake_others (DagschedEngineThread *thread, guint n_wanted)
{
  DagschedEngine *engine = thread->engine;

  if (thread->lane == NULL || engine->n_lane_threads > 1)
    dagsched_parking_lot_wake (&engine->lot, n_wanted);
}

/* Newly ready tests: the first runs here next, the others go where thieves can take them. */
void
dagsched_worker_spread_ready (DagschedEngineThread *thread)
{
  DagschedNumberList *ready = &thread->scratch.ready;
  guint n_offered = 0;

  for (guint i = 0; i < ready->length; i++)
    {
      guint32 test = ready->numbers[i];

      dagsched_engine_make_ready (thread, test);
      if (thread->lane != NULL && !thread->has_next)
        {
          thread->next_test = test;
          thread->has_next = TRUE;
          continue;
        }
      offer (thread, test);
      n_offered++;
    }
  ready->length = 0;

  if (n_offered > 0)
    wake_others (thread, n_offered);
}

/* So many roots are taken at once at most: what is taken can be stolen again. */
#define MAX_ROOTS_TAKEN 64

static guint
count_roots (DagschedEngine *engine)
{
  guint32 next = dagsched_load_relaxed (&engine->next_root);

  return next < engine->tracker.roots.length ? engine->tracker.roots.length - next : 0;
}

static guint32
advance_roots (DagschedEngine *engine, guint n_wanted)
{
  guint32 first;

  if (engine->n_lane_threads > 1)
    return atomic_fetch_add_explicit (&engine->next_root, n_wanted, memory_order_relaxed);

  /* Nobody else takes any. */
  first = dagsched_load_relaxed (&engine->next_root);
  dagsched_store_relaxed (&engine->next_root, first + n_wanted);
  return first;
}

static gboolean
take_root (DagschedEngineThread *thread, guint32 *test)
{
  DagschedEngine *engine = thread->engine;
  guint n_left = count_roots (engine);
  guint32 first, end, n_wanted = 1;

  if (n_left == 0)
    return FALSE;

  if (engine->params.enable_work_stealing && engine->n_lane_threads > 1)
    n_wanted = CLAMP (n_left / (2 * engine->n_lane_threads), 1, MAX_ROOTS_TAKEN);
  first = advance_roots (engine, n_wanted);
  if (first >= engine->tracker.roots.length)
    return FALSE;

  *test = engine->tracker.roots.numbers[first];
  end = MIN (first + n_wanted, engine->tracker.roots.length);
  for (guint32 i = first + 1; i < end; i++)
    offer (thread, engine->tracker.roots.numbers[i]);
  if (end - first > 1)
    wake_others (thread, end - first - 1);
  return TRUE;
}

/* A thief moves up to half of what it finds to its own deque, one compare-and-swap each: taking
 * several with one is unsound, since the owner pops without one while more than one is left. */
static gboolean
steal_from (DagschedEngineThread *thread, DagschedDeque *victim, guint32 *test, gboolean *lost)
{
  DagschedEngine *engine = thread->engine;
  guint length = dagsched_deque_get_length (victim);
  guint n_more = length >= engine->params.work_stealing_threshold ? length / 2 : 1;
  guint n_moved = 0;
  DagschedSteal steal;
  guint32 another;

  if (length == 0)
    return FALSE;

  DAGSCHED_COUNT (thread->counters.n_steals_tried, 1);
  steal = dagsched_deque_steal (victim, test);
  if (steal != DAGSCHED_STEAL_WON)
    {
      *lost |= steal == DAGSCHED_STEAL_LOST;
      return FALSE;
    }

  DAGSCHED_COUNT (thread->counters.n_steals_won, 1);
  DAGSCHED_COUNT (thread->counters.n_tests_stolen, 1);
  while (--n_more > 0 && n_more <= length && dagsched_deque_steal (victim, &another) == DAGSCHED_STEAL_WON)
    {
      offer (thread, another);
      DAGSCHED_COUNT (thread->counters.n_tests_stolen, 1);
      n_moved++;
    }
  /* On their way they were in no queue: who looked just then sleeps, and this thread is about to be busy. */
  if (n_moved > 0)
    wake_others (thread, n_moved);
  return TRUE;
}

/* xorshift64 (G. Marsaglia, "Xorshift RNGs", 2003): good enough to spread thieves. */
static guint
next_random (DagschedEngineThread *thread)
{
  thread->random ^= thread->random << 13;
  thread->random ^= thread->random >> 7;
  thread->random ^= thread->random << 17;
  return thread->random >> 32;
}

/* Nearest first, and among those that are equally near from a random one on. */
static gboolean
steal_in_ring (DagschedEngineThread *thread, const DagschedVictimRing *ring, guint32 *test, gboolean *lost)
{
  DagschedEngine *engine = thread->engine;
  guint first = next_random (thread) % ring->n;

  for (guint i = 0; i < ring->n; i++)
    {
      guint32 victim = dagsched_victim_ring_get (ring, (first + i) % ring->n);

      if (steal_from (thread, &engine->lanes[victim].deque, test, lost))
        return TRUE;
    }

  return FALSE;
}

static gboolean
steal (DagschedEngineThread *thread, guint32 *test)
{
  DagschedEngine *engine = thread->engine;
  const DagschedVictimRing *rings;
  guint n_rings;
  gboolean lost;

  if (!engine->params.enable_work_stealing)
    return FALSE;

  rings = dagsched_topology_get_rings (engine->topology, thread->lane->number, &n_rings);
  do
    {
      lost = FALSE;
      for (guint i = 0; i < n_rings; i++)
        {
          if (steal_in_ring (thread, &rings[i], test, &lost))
            return TRUE;
        }
    }
  while (lost);

  return FALSE;
}

/* Of its own tests a worker runs the oldest: in a wide graph it goes over memory in order, and what was
 * ready first is run first. Where there are very many, as at every level of a tree, it runs the newest, or
 * they would not fit. */
#define MANY_TESTS 512

static gboolean
take_own (DagschedEngineThread *thread, guint32 *test)
{
  DagschedDeque *deque = &thread->lane->deque;

  return dagsched_deque_get_length (deque) < MANY_TESTS ? dagsched_deque_take (deque, test)
                                                        : dagsched_deque_pop (deque, test);
}

G_STATIC_ASSERT (MANY_TESTS < DAGSCHED_DEQUE_CAPACITY);

/* What a test made ready runs next here, unless others wait longer. FALSE: thieves took them all. */
static gboolean
take_next (DagschedEngineThread *thread, guint32 *test)
{
  DagschedDeque *deque = &thread->lane->deque;
  guint length = dagsched_deque_get_length (deque);

  *test = thread->next_test;
  thread->has_next = FALSE;
  if (length == 0 || length >= MANY_TESTS)
    return TRUE;

  /* In this order: who was woken for what is there finds something, and does not sleep again. */
  dagsched_deque_push (deque, *test);
  return dagsched_deque_take (deque, test);
}

static Found
find_test (DagschedEngineThread *thread, guint32 *test)
{
  if (take_own (thread, test))
    return FOUND_OWN;
  if (pop_injected (thread->engine, test))
    return FOUND_INJECTED;
  if (take_root (thread, test))
    return FOUND_ROOT;
  if (steal (thread, test))
    return FOUND_STOLEN;

  return FOUND_NOTHING;
}

static gboolean
has_more (DagschedEngineThread *thread)
{
  return dagsched_deque_get_length (&thread->lane->deque) > 0 ||
         dagsched_load_relaxed (&thread->engine->n_injected) > 0 || count_roots (thread->engine) > 0;
}

static void
count_wakeup (DagschedEngineThread *thread, Found found)
{
  DagschedThreadCounters *counters = &thread->counters;

  thread->n_spurious = found == FOUND_NOTHING ? thread->n_spurious + 1 : 0;
  if (found == FOUND_INJECTED || found == FOUND_ROOT)
    DAGSCHED_COUNT (counters->n_wakeups_injected, 1);
  else if (found == FOUND_STOLEN)
    DAGSCHED_COUNT (counters->n_wakeups_stolen, 1);
  else if (found == FOUND_NOTHING)
    DAGSCHED_COUNT (counters->n_wakeups_spurious, 1);
}

static void
wake_up (DagschedEngineThread *thread, gint64 notified_ns)
{
  gint64 now = dagsched_monotonic_ns ();

  dagsched_lane_begin_busy (thread->lane, now);
  dagsched_histogram_record (&thread->wake_latency, now - notified_ns);
}

/* Sleeps until there may be something. Returns what it found; FOUND_NOTHING only when it has to end
 * or was woken for nothing. */
static Found
park (DagschedEngineThread *thread, guint32 *test)
{
  DagschedEngine *engine = thread->engine;
  DagschedLane *lane = thread->lane;
  gboolean woken_last = thread->n_spurious >= MAX (engine->params.max_spurious_wakeups, 1);
  Found found = FOUND_NOTHING;
  gint64 notified_ns;

  /* Before the count of n_busy is given up: who gives up the last one looks whether tests are unfinished. */
  dagsched_engine_check_end (thread);

  dagsched_parking_lot_announce (&engine->lot, &lane->parker, woken_last);
  if (!atomic_load (&engine->stop_threads))
    found = find_test (thread, test);
  if (found != FOUND_NOTHING || atomic_load (&engine->stop_threads))
    {
      /* A wake-up that was meant for something else must not get lost with this one. */
      if (!dagsched_parking_lot_retract (&engine->lot, &lane->parker) || has_more (thread))
        dagsched_parking_lot_wake (&engine->lot, 1);
      return found;
    }

  DAGSCHED_COUNT (thread->counters.n_parks, 1);
  dagsched_store_relaxed (&lane->state, DAGSCHED_WORKER_STATE_PARKED);
  dagsched_lane_end_busy (lane, dagsched_monotonic_ns ());
  dagsched_engine_leave_busy (engine);
  notified_ns = dagsched_parker_wait (&lane->parker);
  atomic_fetch_add (&engine->n_busy, 1);
  wake_up (thread, notified_ns);
  dagsched_store_relaxed (&lane->state, DAGSCHED_WORKER_STATE_SEARCHING);
  if (atomic_load (&engine->stop_threads))
    return FOUND_NOTHING;

  found = find_test (thread, test);
  count_wakeup (thread, found);
  if (found != FOUND_NOTHING && has_more (thread))
    dagsched_parking_lot_wake (&engine->lot, 1);
  return found;
}

static gboolean
is_done (DagschedEngineThread *thread)
{
  return atomic_load (&thread->engine->stop_threads) != 0;
}

static gboolean
find_or_park (DagschedEngineThread *thread, guint32 *test)
{
  thread->now_ns = 0;
  dagsched_lane_unshow (thread->lane, DAGSCHED_WORKER_STATE_SEARCHING);
  return find_test (thread, test) != FOUND_NOTHING || park (thread, test) != FOUND_NOTHING;
}

static void
stealing_loop (DagschedEngineThread *thread)
{
  guint32 test;

  dagsched_lane_begin_busy (thread->lane, dagsched_monotonic_ns ());
  while (!is_done (thread))
    {
      if (thread->has_next ? !take_next (thread, &test) : !find_or_park (thread, &test))
        continue;

      if (!dagsched_worker_run (thread, test))
        return;
    }
  dagsched_lane_end_busy (thread->lane, dagsched_monotonic_ns ());
}

static gboolean
carry_out_assigned (DagschedEngineThread *thread, const DagschedTicket *ticket)
{
  gint64 now = dagsched_monotonic_ns ();

  dagsched_lane_begin_busy (thread->lane, now);
  return dagsched_lane_carry_out (thread, ticket, now);
}

static void
count_assignment (DagschedEngineThread *thread)
{
  if (thread->lane->was_released)
    DAGSCHED_COUNT (thread->counters.n_wakeups_released, 1);
  else
    DAGSCHED_COUNT (thread->counters.n_wakeups_ready, 1);
}

/* With the ordered queue a lane's thread is told what to do. */
static void
assigned_loop (DagschedEngineThread *thread)
{
  DagschedLane *lane = thread->lane;

  for (;;)
    {
      gint64 notified_ns = dagsched_parker_wait (&lane->parker);
      DagschedTicket ticket;

      if (is_done (thread))
        return;

      wake_up (thread, notified_ns);
      count_assignment (thread);
      ticket = lane->assigned;
      for (;;)
        {
          if (!carry_out_assigned (thread, &ticket))
            return;
          if (!thread->has_next)
            break;
          ticket = thread->next;
          thread->has_next = FALSE;
        }
      DAGSCHED_COUNT (thread->counters.n_parks, 1);
    }
}

static gpointer
worker_thread (gpointer data)
{
  DagschedEngineThread *thread = data;
  DagschedEngine *engine = thread->engine;

  dagsched_topology_bind (engine->topology, thread->lane->number);
  if (engine->ordered)
    assigned_loop (thread);
  else
    stealing_loop (thread);
  dagsched_engine_unref (engine);
  return NULL;
}

static gboolean
start_thread (DagschedLane *lane, GError **error)
{
  DagschedEngine *engine = lane->engine;
  g_autofree char *name = g_strdup_printf ("dagsched-%u", lane->number);
  DagschedEngineThread *thread = dagsched_engine_thread_new (engine, lane);
  gboolean started;

  /* It may be written off before it is known here. */
  atomic_store (&lane->self, thread);
  g_mutex_lock (&engine->threads_lock);
  lane->thread = g_thread_try_new (name, worker_thread, thread, error);
  started = lane->thread != NULL;
  g_mutex_unlock (&engine->threads_lock);
  return started;
}

/* Only whoever may assign to the lane calls this: one thread at a time. */
gboolean
dagsched_lane_ensure_thread (DagschedLane *lane)
{
  if (lane->thread != NULL)
    return TRUE;

  dagsched_engine_ref (lane->engine);
  if (start_thread (lane, NULL))
    return TRUE;

  dagsched_engine_unref (lane->engine);
  return FALSE;
}

void
dagsched_lane_forget_thread (DagschedLane *lane)
{
  g_mutex_lock (&lane->engine->threads_lock);
  g_thread_unref (g_steal_pointer (&lane->thread));
  g_mutex_unlock (&lane->engine->threads_lock);
}

/* No thread can be had for the lane, and perhaps it was the last: no further test starts, and what waits
 * is finished here. */
static void
abandon (DagschedLane *lane)
{
  DagschedEngine *engine = lane->engine;
  DagschedEngineThread *thread = dagsched_engine_thread_new (engine, lane);
  guint32 test;

  dagsched_engine_cancel (engine, DAGSCHED_CLOSING_KILL, "no thread could be started for a worker");
  while (thread->has_next || find_test (thread, &test) != FOUND_NOTHING)
    {
      if (thread->has_next)
        test = thread->next_test;
      thread->has_next = FALSE;
      dagsched_worker_run (thread, test);
    }
  dagsched_engine_check_end (thread);
  dagsched_engine_leave_busy (engine);
}

/* The successor takes over the deque, and the count of n_busy: the old thread, whose claim has failed,
 * never touches them again. */
void
dagsched_lane_replace_thread (DagschedLane *lane)
{
  if (!dagsched_lane_ensure_thread (lane))
    abandon (lane);
}

/* With fewer workers than were asked for a run takes longer, and is the same. */
gboolean
dagsched_worker_start_all (DagschedEngine *engine, GError **error)
{
  for (guint i = 0; i < engine->n_lane_threads; i++)
    {
      DagschedLane *lane = &engine->lanes[i];

      dagsched_engine_ref (engine);
      atomic_fetch_add (&engine->n_busy, 1);
      if (!start_thread (lane, i == 0 ? error : NULL))
        {
          atomic_fetch_sub (&engine->n_busy, 1);
          dagsched_engine_unref (engine);
          if (i == 0)
            g_prefix_error (error, "can't start a thread for a worker (see ulimit -u): ");
          return i > 0;
        }
    }

  return TRUE;
}
