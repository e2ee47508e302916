/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Functions, on a lane's thread: what is done for each test of a run that does nothing else, in one piece. */
#include "engine/dagsched-engine-types-private.h"

static guint64
pack_current (const DagschedTicket *ticket)
{
  return (guint64) (ticket->test + 1) << 32 | ticket->generation;
}

/* TRUE: it passed, and there is nothing else to say. */
static inline gboolean
execute (DagschedEngineThread *thread, const DagschedTicket *ticket, DagschedResult *result)
{
  DagschedEngine *engine = thread->engine;
  DagschedClosing closing = dagsched_load_relaxed (&engine->tracker.closing);

  if (G_LIKELY (closing == DAGSCHED_CLOSING_NO) || !dagsched_engine_must_stop (engine, ticket->test, closing))
    return engine->hooks.execute (engine->hooks_data, ticket, thread->undertaking.cancellable, result);

  result->outcome = DAGSCHED_OUTCOME_CANCELLED;
  result->reason = g_strdup ("was cancelled before it began");
  return FALSE;
}

typedef enum
{
  ENDED_TAKEN, /* the attempt was taken from the thread */
  ENDED_PLAIN, /* it passed, and there is nothing else to say: the result is as it was */
  ENDED_WITH_RESULT,
} Ended;

static inline Ended
carry_out (DagschedEngineThread *thread,
           const DagschedTicket *ticket,
           const DagschedProfile *profile,
           gint64 since_ns,
           DagschedResult *result)
{
  DagschedEngine *engine = thread->engine;
  DagschedLane *lane = thread->lane;
  guint64 current = pack_current (ticket);
  DagschedLaneStop stop;
  gboolean is_plain;

  dagsched_lane_show (lane, ticket->test, since_ns);
  dagsched_undertaking_begin (&thread->undertaking, current, ticket->attempt, engine->asymmetric);
  if (profile->timeout_ns > 0)
    dagsched_deadlines_set_lane (engine->deadlines, lane->number, since_ns + profile->timeout_ns);

  is_plain = execute (thread, ticket, result);

  if (!dagsched_undertaking_end (&thread->undertaking, current, engine->asymmetric, &stop))
    {
      dagsched_result_clear (result);
      return ENDED_TAKEN;
    }
  if (profile->timeout_ns > 0)
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

  switch (carry_out (thread, ticket, profile, since_ns, &result))
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

/* A test as short as the benchmarks' is nothing but waiting for memory: its cell, its dependents and its
 * object are touched once in a run. Tests mostly run in about the order in which they were declared, so what
 * stands a little further on is asked for now. (Forced: gcc takes a function that does nothing else for one
 * without effect.) */
#define AHEAD_NEAR 16
#define AHEAD_FAR 48

static G_ALWAYS_INLINE inline void
prefetch_ahead (DagschedEngine *engine, guint32 test)
{
  const DagschedPlanView *view = engine->view;

  if (G_UNLIKELY (test + AHEAD_FAR >= view->n_tests))
    return;

  /* Its class is at its beginning; what the class needs of it often on the next line. */
  __builtin_prefetch (view->tests[test + AHEAD_NEAR]);
  __builtin_prefetch ((const char *) view->tests[test + AHEAD_NEAR] + DAGSCHED_CACHE_LINE / 2);
  __builtin_prefetch (&view->dependents[view->first_dependent[test + AHEAD_NEAR]]);
  if (engine->plain != NULL)
    __builtin_prefetch (&engine->plain[test + AHEAD_NEAR], TRUE);
  /* Of these several are on a line. */
  if ((test & 3) != 0)
    return;
  __builtin_prefetch (&engine->tracker.cells[test + AHEAD_FAR]);
  __builtin_prefetch (&view->first_dependent[test + AHEAD_FAR]);
  __builtin_prefetch (&view->tests[test + AHEAD_FAR]);
}

static void
on_finished (gpointer data, guint32 test)
{
  DagschedEngineThread *thread = data;

  dagsched_engine_tell_finished (thread, test, thread->engine->tracker.cells[test].outcome);
}

/* The one test that became ready runs here next. */
static inline void
keep_next (DagschedEngineThread *thread, gboolean is_watched)
{
  guint32 next = thread->scratch.ready.numbers[0];

  thread->scratch.ready.length = 0;
  thread->next_test = next;
  thread->has_next = TRUE;
  dagsched_engine_note_ready (thread, next);
  if (G_UNLIKELY (is_watched))
    dagsched_engine_emit_ready (thread, next);
}

/* The same as dagsched_engine_end_attempt(), for what it most often comes to: the first attempt of a test
 * that no fixture has to do with has plainly passed. What a closed ring misses of it is counted once, when
 * all of it stands. */
static inline void
finish_plain (DagschedEngineThread *thread, const DagschedTicket *ticket)
{
  DagschedEngine *engine = thread->engine;
  DagschedTracker *tracker = &engine->tracker;
  gboolean is_watched = !dagsched_load_relaxed (&thread->ring.closed);

  if (engine->records)
    dagsched_engine_record_plain (thread, ticket);
  dagsched_tracker_set_outcome (tracker, &thread->scratch, ticket->test, DAGSCHED_OUTCOME_PASSED, 0,
                                DAGSCHED_WHY_NONE);
  if (G_UNLIKELY (is_watched || engine->hooks.finished != NULL))
    dagsched_engine_say_finished (thread, ticket->test, is_watched);
  dagsched_tracker_count_down (tracker, &thread->scratch, ticket->test, DAGSCHED_OUTCOME_PASSED);
  if (G_UNLIKELY (thread->scratch.stack.length > 0))
    dagsched_tracker_cascade (tracker, &thread->scratch, on_finished, thread);

  if (thread->scratch.ready.length == 1)
    keep_next (thread, is_watched);
  else if (thread->scratch.ready.length > 0)
    dagsched_worker_spread_ready (thread);
  if (!is_watched)
    dagsched_event_ring_count_missed (&thread->ring);
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

gboolean
dagsched_worker_run (DagschedEngineThread *thread, guint32 test)
{
  DagschedEngine *engine = thread->engine;
  const DagschedProfile *profile = dagsched_plan_view_get_profile (engine->view, test);
  DagschedTicket ticket;
  gint64 since_ns;
  Ended ended;

  if (G_UNLIKELY (!dagsched_tracker_may_start (&engine->tracker, test)))
    {
      finish_unstarted (thread, test);
      return TRUE;
    }

  prefetch_ahead (engine, test);
  dagsched_engine_begin_attempt (engine, test, thread->lane->number, &ticket);
  since_ns = start_time (thread, profile);
  dagsched_engine_measure_start (thread, test, since_ns);
  dagsched_engine_tell_started (thread, &ticket, since_ns);

  ended = carry_out (thread, &ticket, profile, since_ns, &thread->result);
  if (ended == ENDED_TAKEN)
    return FALSE;
  if (G_LIKELY (ended == ENDED_PLAIN && ticket.attempt == 1 && engine->view->n_holders == NULL &&
                !profile->expected_failure))
    {
      finish_plain (thread, &ticket);
      return TRUE;
    }

  end_with_result (thread, &ticket, ended);
  return TRUE;
}
