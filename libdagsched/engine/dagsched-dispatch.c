/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The ordered queue: who starts next, on which lane. */
#include "engine/dagsched-engine-types-private.h"

/* TRUE: it is a function, on the thread's own lane. Counting it as busy is the caller's. */
static gboolean
occupy_unlocked (DagschedEngineThread *thread, guint32 test, gboolean was_released)
{
  DagschedEngine *engine = thread->engine;
  DagschedLane *lane = engine->free_lane;

  engine->free_lane = lane->next_free;
  dagsched_engine_begin_attempt (engine, test, lane->number, &lane->ticket);
  lane->occupied = TRUE;
  lane->was_released = was_released;
  g_array_append_val (thread->starts, lane->ticket);
  return lane == thread->lane &&
         dagsched_plan_view_get_profile (engine->view, test)->kind == DAGSCHED_KIND_FUNCTION;
}

static void
vacate_unlocked (DagschedEngine *engine, const DagschedTicket *ticket)
{
  DagschedLane *lane = &engine->lanes[ticket->lane];

  lane->occupied = FALSE;
  lane->next_free = engine->free_lane;
  engine->free_lane = lane;
  dagsched_admission_release (engine->admission, &engine->ready, ticket->test);
}

/* Gives up the caller's count. TRUE: tests remain that nothing will ever start; it is kept, and nobody
 * else finds them here: they are dagsched_engine_stall()'s. */
static gboolean
leave_busy_unlocked (DagschedEngine *engine)
{
  if (atomic_fetch_sub (&engine->n_busy, 1) != 1 || atomic_load (&engine->tracker.n_unfinished) == 0)
    return FALSE;

  atomic_fetch_add (&engine->n_busy, 1);
  dagsched_admission_expel (engine->admission, &engine->ready);
  dagsched_ready_queue_remove_all (&engine->ready);
  return TRUE;
}

/* The caller's count goes on with the first of what was started. The same otherwise. */
static gboolean
pass_busy_on_unlocked (DagschedEngine *engine, guint n_started)
{
  if (n_started == 0)
    return leave_busy_unlocked (engine);

  if (n_started > 1)
    atomic_fetch_add (&engine->n_busy, n_started - 1);
  return FALSE;
}

static void
show_started (DagschedEngine *engine, const DagschedTicket *ticket)
{
  DagschedLane *lane = &engine->lanes[ticket->lane];
  gint64 now = dagsched_monotonic_ns ();

  dagsched_lane_begin_busy (lane, now);
  dagsched_lane_show (lane, ticket->test, now);
}

static void
start_process (DagschedEngine *engine, const DagschedTicket *ticket)
{
  DagschedClosing closing;

  show_started (engine, ticket);
  engine->executor->start (engine->executor_data, dagsched_attempt_handle_new (engine, ticket));

  /* A run that was cancelled between dispatch and start told the executor to stop too early. */
  closing = atomic_load (&engine->tracker.closing);
  if (dagsched_engine_must_stop (engine, ticket->test, closing))
    engine->executor->stop (engine->executor_data, ticket, closing == DAGSCHED_CLOSING_KILL);
}

/* It is on no thread: nobody else can end it. */
static void
end_unstartable (DagschedEngineThread *thread, const DagschedTicket *ticket)
{
  DagschedResult result = DAGSCHED_RESULT_INIT;

  result.outcome = DAGSCHED_OUTCOME_ERRORED;
  result.reason = g_strdup ("no thread could be started for it");
  show_started (thread->engine, ticket);
  dagsched_engine_end_attempt (thread, ticket, &result);
}

static void
start_function (DagschedEngineThread *thread, const DagschedTicket *ticket)
{
  DagschedLane *lane = &thread->engine->lanes[ticket->lane];

  if (lane == thread->lane && !thread->has_next)
    {
      thread->next = *ticket;
      thread->has_next = TRUE;
    }
  else if (dagsched_lane_ensure_thread (lane))
    {
      lane->assigned = *ticket;
      dagsched_parker_notify (&lane->parker);
    }
  else
    end_unstartable (thread, ticket);
}

static void
start_one (DagschedEngineThread *thread, const DagschedTicket *ticket)
{
  DagschedEngine *engine = thread->engine;

  dagsched_engine_measure_start (thread, ticket->test, 0, thread->engine->records);
  dagsched_engine_tell_started (thread, ticket, 0);
  if (dagsched_plan_view_get_profile (engine->view, ticket->test)->kind == DAGSCHED_KIND_FUNCTION)
    start_function (thread, ticket);
  else
    start_process (engine, ticket);
}

/* An executor may complete inside start(): that comes back here, and is left to the outer call. */
static void
run_starts (DagschedEngineThread *thread)
{
  if (thread->starting)
    return;

  thread->starting = TRUE;
  for (guint i = 0; i < thread->starts->len; i++)
    {
      DagschedTicket ticket = g_array_index (thread->starts, DagschedTicket, i);

      start_one (thread, &ticket);
    }
  g_array_set_size (thread->starts, 0);
  thread->starting = FALSE;
}

static void
announce_ready (DagschedEngineThread *thread)
{
  for (guint i = 0; i < thread->scratch.ready.length; i++)
    dagsched_engine_make_ready (thread, thread->scratch.ready.numbers[i]);
}

/* Takes what may not start any more out of the ready queue: the engine began to close meanwhile. */
static void
sort_out_unlocked (DagschedEngine *engine, GArray *victims)
{
  g_autoptr (GArray) kept = g_array_new (FALSE, FALSE, sizeof (guint32));
  guint32 test;

  dagsched_admission_expel (engine->admission, &engine->ready);
  while (dagsched_ready_queue_pop (&engine->ready, &test))
    g_array_append_val (dagsched_tracker_may_start (&engine->tracker, test) ? kept : victims, test);
  for (guint i = 0; i < kept->len; i++)
    dagsched_ready_queue_push (&engine->ready, g_array_index (kept, guint32, i));
}

static void
finish_cancelled (DagschedEngineThread *thread, GArray *victims)
{
  for (guint i = 0; i < victims->len; i++)
    dagsched_engine_finish (thread, g_array_index (victims, guint32, i), DAGSCHED_OUTCOME_CANCELLED, 0,
                            DAGSCHED_WHY_CANCELLED);
  g_array_set_size (victims, 0);
}

/* The lock is held for some hundred nanoseconds at a time, by every worker for each test: going to sleep for
 * it, and being woken, takes ten times as long. So it is tried a few times first; not at once again, since to try
 * is to take its cache line from whoever has it. */
#define N_TRIES 32
#define N_RELAXED 12

static void
lock_briefly (GMutex *lock)
{
  for (guint i = 0; i < N_TRIES; i++)
    {
      if (g_mutex_trylock (lock))
        return;
      for (guint j = 0; j < N_RELAXED; j++)
        DAGSCHED_RELAX ();
    }

  g_mutex_lock (lock);
}

/* What this worker will probably start the time after next is asked for now: in an order of its own nothing is where
 * the processor expects it. (Forced: gcc takes a function that does nothing else for one without effect.) */
static G_ALWAYS_INLINE inline void
prefetch (DagschedEngine *engine, guint32 test)
{
  const DagschedPlanView *view = engine->view;

  __builtin_prefetch (&view->tests[test]);
  if (view->user_data != NULL)
    __builtin_prefetch (&view->user_data[test]);
  __builtin_prefetch (&view->profile[test]);
  __builtin_prefetch (&view->first_dependent[test]);
  DAGSCHED_PREFETCH_WRITE (&engine->tracker.cells[test]);
}

/* Starts what may start, and settles the caller's n_busy with it. All that several workers write they wait for in
 * turn: one that goes on with another test of its own tells of what it finished when it does not. */
static gboolean
start_unlocked (DagschedEngineThread *thread)
{
  DagschedEngine *engine = thread->engine;
  gboolean goes_on = FALSE, had_waited;
  guint n_started = 0;
  guint32 test;

  for (; engine->free_lane != NULL && !dagsched_run_clock_is_paused (&engine->clock) &&
         dagsched_admission_next (engine->admission, &engine->ready, &test, &had_waited);
       n_started++)
    goes_on |= occupy_unlocked (thread, test, had_waited);

  /* First: who brings the count to zero looks whether tests are unfinished, and that may be whoever ends what is
   * started here. */
  if (!goes_on)
    dagsched_tracker_tell (&engine->tracker, &thread->scratch);
  return pass_busy_on_unlocked (engine, n_started);
}

/* One round under the lock. Settles the caller's n_busy unless there are victims. */
static gboolean
settle_once (DagschedEngineThread *thread, const DagschedTicket *ended, GArray **victims)
{
  DagschedEngine *engine = thread->engine;
  gboolean stalled = FALSE, is_guessed = FALSE;
  guint32 upcoming;

  lock_briefly (&engine->lock);
  if (ended != NULL)
    vacate_unlocked (engine, ended);
  for (guint i = 0; i < thread->scratch.ready.length; i++)
    dagsched_ready_queue_push (&engine->ready, thread->scratch.ready.numbers[i]);
  thread->scratch.ready.length = 0;

  if (dagsched_load_relaxed (&engine->tracker.closing) != DAGSCHED_CLOSING_NO)
    {
      if (*victims == NULL)
        *victims = g_array_new (FALSE, FALSE, sizeof (guint32));
      sort_out_unlocked (engine, *victims);
    }
  if (*victims == NULL || (*victims)->len == 0)
    {
      stalled = start_unlocked (thread);
      is_guessed = dagsched_ready_queue_guess (&engine->ready, 2 * engine->params.n_lanes, &upcoming);
    }
  g_mutex_unlock (&engine->lock);

  if (is_guessed)
    prefetch (engine, upcoming);
  return stalled;
}

void
dagsched_dispatch_settle (DagschedEngineThread *thread, const DagschedTicket *ended, gboolean again)
{
  g_autoptr (GArray) victims = NULL;
  gboolean stalled;

  if (again)
    dagsched_number_list_push (&thread->scratch.ready, ended->test);
  announce_ready (thread);
  stalled = settle_once (thread, ended, &victims);
  while (victims != NULL && victims->len > 0)
    {
      finish_cancelled (thread, victims);
      announce_ready (thread);
      stalled = settle_once (thread, NULL, &victims);
    }

  if (stalled)
    dagsched_engine_stall (thread);
  run_starts (thread);
}

/* The closing has been set: sorts everything out that waits. Appends who runs to @tickets. */
void
dagsched_dispatch_cancel (DagschedEngineThread *thread, GArray *tickets)
{
  DagschedEngine *engine = thread->engine;

  g_mutex_lock (&engine->lock);
  for (guint i = 0; i < engine->params.n_lanes; i++)
    {
      if (engine->lanes[i].occupied)
        g_array_append_val (tickets, engine->lanes[i].ticket);
    }
  g_mutex_unlock (&engine->lock);
}

/* Nothing becomes free or ready by that: there is nothing to settle. */
void
dagsched_dispatch_drop (DagschedEngine *engine)
{
  gboolean stalled;

  g_mutex_lock (&engine->lock);
  stalled = leave_busy_unlocked (engine);
  g_mutex_unlock (&engine->lock);

  if (stalled)
    dagsched_engine_stall (dagsched_engine_get_thread (engine, NULL));
}
