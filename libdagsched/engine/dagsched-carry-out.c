/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Functions, on a lane's thread: what is done for each test of a run that does nothing else, in one piece. */
#include "engine/dagsched-engine-types-private.h"

static guint64
pack_current (const DagschedTicket *ticket)
{
  return (guint64) (ticket->test + 1) << 32 | ticket->generation;
}

/* TRUE: it passed, and there is nothing else to say. */
static G_ALWAYS_INLINE inline gboolean
call (DagschedEngine *engine, guint32 test, GCancellable *cancellable, DagschedResult *result)
{
  GError *error = NULL;
  DagschedOutcome outcome = dagsched_plan_view_call (engine->view, test, cancellable, &error);

  if (G_LIKELY (outcome == DAGSCHED_OUTCOME_PASSED && error == NULL))
    return TRUE;

  dagsched_result_take_returned (result, outcome, error);
  return FALSE;
}

/* The same. @bare: see DagschedEngine. */
static G_ALWAYS_INLINE inline gboolean
execute (DagschedEngineThread *thread,
         const DagschedTicket *ticket,
         DagschedResult *result,
         const gboolean bare)
{
  DagschedEngine *engine = thread->engine;
  DagschedClosing closing = dagsched_load_relaxed (&engine->tracker.closing);

  if (G_UNLIKELY (closing != DAGSCHED_CLOSING_NO) &&
      dagsched_engine_must_stop (engine, ticket->test, closing))
    {
      result->outcome = DAGSCHED_OUTCOME_CANCELLED;
      result->reason = g_strdup ("was cancelled before it began");
      return FALSE;
    }
  if (!bare && engine->hooks.execute != NULL)
    return engine->hooks.execute (engine->hooks_data, ticket, thread->undertaking.cancellable, result);

  return call (engine, ticket->test, thread->undertaking.cancellable, result);
}

typedef enum
{
  ENDED_TAKEN, /* the attempt was taken from the thread */
  ENDED_PLAIN, /* it passed, and there is nothing else to say: the result is as it was */
  ENDED_WITH_RESULT,
} Ended;

static G_ALWAYS_INLINE inline Ended
carry_out (DagschedEngineThread *thread,
           const DagschedTicket *ticket,
           gint64 timeout_ns,
           gint64 since_ns,
           DagschedResult *result,
           const gboolean bare)
{
  DagschedEngine *engine = thread->engine;
  DagschedLane *lane = thread->lane;
  guint64 current = pack_current (ticket);
  DagschedLaneStop stop;
  gboolean is_plain;

  dagsched_lane_show (lane, ticket->test, since_ns);
  dagsched_undertaking_begin (&thread->undertaking, current, ticket->attempt, engine->asymmetric);
  if (timeout_ns > 0)
    dagsched_deadlines_set_lane (engine->deadlines, lane->number,
                                 dagsched_run_clock_at (&engine->clock, since_ns) + timeout_ns);

  is_plain = execute (thread, ticket, result, bare);

  if (!dagsched_undertaking_end (&thread->undertaking, current, engine->asymmetric, &stop))
    {
      dagsched_result_clear (result);
      return ENDED_TAKEN;
    }
  if (timeout_ns > 0)
    dagsched_deadlines_set_lane (engine->deadlines, lane->number, 0);
  if (G_LIKELY (is_plain && stop == DAGSCHED_LANE_STOP_NO))
    return ENDED_PLAIN;

  if (stop != DAGSCHED_LANE_STOP_NO)
    dagsched_result_apply_stop (result, stop);
  return ENDED_WITH_RESULT;
}

gboolean
dagsched_lane_carry_out (DagschedEngineThread *thread, const DagschedTicket *ticket, gint64 since_ns)
{
  const DagschedProfile *profile = dagsched_plan_view_get_profile (thread->engine->view, ticket->test);
  DagschedResult result = DAGSCHED_RESULT_INIT;

  switch (carry_out (thread, ticket, profile->timeout_ns, since_ns, &result, FALSE))
    {
    case ENDED_TAKEN:
      return FALSE;
    case ENDED_PLAIN:
      result.outcome = DAGSCHED_OUTCOME_PASSED;
      break;
    case ENDED_WITH_RESULT:
    default:
      break;
    }

  dagsched_engine_end_attempt (thread, ticket, &result);
  return TRUE;
}

/* The run was cut short while it waited. */
static void
finish_unstarted (DagschedEngineThread *thread, guint32 test)
{
  dagsched_engine_finish (thread, test, DAGSCHED_OUTCOME_CANCELLED, 0, DAGSCHED_WHY_CANCELLED);
  dagsched_worker_spread_ready (thread);
}

/* When what is about to start does so; 0: nobody has to know. What follows at once on what the thread did
 * before needs no look at the clock. */
static inline gint64
start_time (DagschedEngineThread *thread, const DagschedProfile *profile)
{
  if (!thread->engine->records && profile->timeout_ns == 0)
    return 0;

  return thread->now_ns != 0 ? thread->now_ns : dagsched_monotonic_ns ();
}

/* A test as short as the benchmarks' is nothing but waiting for memory: its cell and its dependents are
 * touched once in a run. Tests mostly run in about the order in which they were declared, so what
 * stands a little further on is asked for now. What is written as the only one who has it: stores take their turns,
 * and one that first has to take its line from the processor that wrote it last holds up all that follow. (Forced:
 * gcc takes a function that does nothing else for one without effect.) */
#define AHEAD_NEAR 16
#define AHEAD_FAR 48

static G_ALWAYS_INLINE inline void
prefetch_ahead (DagschedEngine *engine, guint32 test, const gboolean bare)
{
  const DagschedPlanView *view = engine->view;

  if (G_UNLIKELY (test + AHEAD_FAR >= view->n_tests))
    return;

  if (!bare && engine->plain != NULL)
    DAGSCHED_PREFETCH_WRITE (&engine->plain[test + AHEAD_NEAR]);
  /* Of these several are on a line. */
  if ((test & 3) != 0)
    return;
  __builtin_prefetch (&view->dependents[view->first_dependent[test + AHEAD_NEAR]]);
  DAGSCHED_PREFETCH_WRITE (&engine->tracker.cells[test + AHEAD_FAR]);
  __builtin_prefetch (&view->first_dependent[test + AHEAD_FAR]);
  __builtin_prefetch (&view->tests[test + AHEAD_FAR]);
}

/* The counters of several dependents, which other workers write too, are counted down one after the other: an
 * atomic operation waits for the one before. Asked for before the function runs they come all at once. */
#define MAX_PREFETCHED 4

static G_ALWAYS_INLINE inline void
prefetch_dependents (DagschedEngine *engine, guint32 test)
{
  const DagschedPlanView *view = engine->view;
  guint32 edge = view->first_dependent[test];
  guint32 end = view->first_dependent[test + 1];

  if (end - edge < 2)
    return;

  for (end = MIN (end, edge + MAX_PREFETCHED); edge < end; edge++)
    DAGSCHED_PREFETCH_WRITE (&engine->tracker.cells[DAGSCHED_DEPENDENT_NUMBER (view->dependents[edge])]);
}

static void
on_finished (gpointer data, guint32 test)
{
  DagschedEngineThread *thread = data;

  dagsched_engine_tell_finished (thread, test, thread->engine->tracker.cells[test].outcome);
}

/* The one test that became ready runs here next. */
static G_ALWAYS_INLINE inline void
keep_next (DagschedEngineThread *thread, gboolean is_watched, const gboolean bare)
{
  guint32 next = thread->scratch.ready.numbers[0];

  thread->scratch.ready.length = 0;
  thread->next_test = next;
  thread->has_next = TRUE;
  dagsched_engine_note_ready (thread, next, !bare && thread->engine->records);
  if (G_UNLIKELY (is_watched))
    dagsched_engine_emit_ready (thread, next);
}

/* The same as dagsched_engine_end_attempt(), for what it most often comes to: the first attempt of a test
 * that no fixture has to do with has plainly passed. */
static G_ALWAYS_INLINE inline void
finish_plain (DagschedEngineThread *thread,
              const DagschedTicket *ticket,
              gboolean is_watched,
              const gboolean bare)
{
  DagschedEngine *engine = thread->engine;
  DagschedTracker *tracker = &engine->tracker;

  if (!bare && engine->records)
    dagsched_engine_record_plain (thread, ticket);
  dagsched_tracker_set_outcome (tracker, &thread->scratch, ticket->test, DAGSCHED_OUTCOME_PASSED, 0,
                                DAGSCHED_WHY_NONE);
  if (G_UNLIKELY (is_watched) || (!bare && engine->hooks.finished != NULL))
    dagsched_engine_say_finished (thread, ticket->test, is_watched);
  dagsched_tracker_count_down (tracker, &thread->scratch, ticket->test, DAGSCHED_OUTCOME_PASSED);
  if (G_UNLIKELY (thread->scratch.stack.length > 0))
    dagsched_tracker_cascade (tracker, &thread->scratch, on_finished, thread);

  if (thread->scratch.ready.length == 1)
    keep_next (thread, is_watched, bare);
  else if (thread->scratch.ready.length > 0)
    dagsched_worker_spread_ready (thread);
}

/* The thread's result is empty again afterwards. */
static void
end_with_result (DagschedEngineThread *thread, const DagschedTicket *ticket, Ended ended)
{
  DagschedResult result = thread->result;

  thread->result = (DagschedResult) DAGSCHED_RESULT_INIT;
  if (ended == ENDED_PLAIN)
    result.outcome = DAGSCHED_OUTCOME_PASSED;
  dagsched_engine_end_attempt (thread, ticket, &result);
}

/* @is_watched: whether the thread's ring was open when it began; what a closed one misses of it is counted
 * once, when all of it stands. */
static G_ALWAYS_INLINE inline gboolean
run_one (DagschedEngineThread *thread, guint32 test, const gboolean bare)
{
  DagschedEngine *engine = thread->engine;
  const DagschedProfile *profile = bare ? NULL : dagsched_plan_view_get_profile (engine->view, test);
  gint64 timeout_ns = bare ? 0 : profile->timeout_ns;
  gboolean is_watched = dagsched_event_ring_is_open (&thread->ring);
  gint64 since_ns = 0;
  DagschedTicket ticket;
  Ended ended;

  if (G_UNLIKELY (!dagsched_tracker_may_start (&engine->tracker, test)))
    {
      finish_unstarted (thread, test);
      return TRUE;
    }

  prefetch_ahead (engine, test, bare);
  prefetch_dependents (engine, test);
  dagsched_engine_begin_attempt (engine, test, thread->lane->number, &ticket);
  if (!bare)
    since_ns = start_time (thread, profile);
  dagsched_engine_measure_start (thread, test, since_ns, !bare && engine->records);
  if (G_UNLIKELY (is_watched) || (!bare && engine->hooks.started != NULL))
    dagsched_engine_say_started (thread, &ticket, since_ns, is_watched);
  /* Nobody knows how long it will take. */
  thread->now_ns = 0;

  ended = carry_out (thread, &ticket, timeout_ns, since_ns, &thread->result, bare);
  if (ended == ENDED_TAKEN)
    return FALSE;
  if (G_UNLIKELY (is_watched))
    thread->arms_late = TRUE;
  if (G_LIKELY (ended == ENDED_PLAIN && ticket.attempt == 1) &&
      (bare || (engine->view->n_holders == NULL && !profile->expected_failure)))
    finish_plain (thread, &ticket, is_watched, bare);
  else
    end_with_result (thread, &ticket, ended);

  if (G_UNLIKELY (is_watched))
    dagsched_engine_arm_late (thread);
  else
    dagsched_engine_miss (thread);
  return TRUE;
}

/* And what that makes ready, as long as nothing that waits longer is there. */
static G_ALWAYS_INLINE inline gboolean
run_on (DagschedEngineThread *thread, guint32 test, const gboolean bare)
{
  for (;;)
    {
      if (G_UNLIKELY (dagsched_run_clock_is_paused (&thread->engine->clock)))
        dagsched_worker_wait_for_resume (thread);
      if (!run_one (thread, test, bare))
        return FALSE;
      if (!thread->has_next || dagsched_deque_get_length (&thread->lane->deque) > 0)
        return TRUE;
      test = thread->next_test;
      thread->has_next = FALSE;
    }
}

gboolean
dagsched_worker_run (DagschedEngineThread *thread, guint32 test)
{
  return thread->engine->bare ? run_on (thread, test, TRUE) : run_on (thread, test, FALSE);
}
