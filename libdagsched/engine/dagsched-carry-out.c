/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Functions, on a lane's thread: what is done for each test of a run that does nothing else, in one piece. */
#include "engine/dagsched-engine-types-private.h"

static guint64
pack_current (const DagschedTicket *ticket)
{
  return (guint64) (ticket->test + 1) << 32 | ticket->generation;
}

static inline void
execute (DagschedEngineThread *thread, const DagschedTicket *ticket, DagschedResult *result)
{
  DagschedEngine *engine = thread->engine;
  DagschedClosing closing = dagsched_load_relaxed (&engine->tracker.closing);

  if (G_LIKELY (closing == DAGSCHED_CLOSING_NO) || !dagsched_engine_must_stop (engine, ticket->test, closing))
    {
      engine->hooks.execute (engine->hooks_data, ticket, thread->undertaking.cancellable, result);
      return;
    }

  result->outcome = DAGSCHED_OUTCOME_CANCELLED;
  result->reason = g_strdup ("was cancelled before it began");
}

/* FALSE: the attempt was taken from the thread. */
static inline gboolean
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

  dagsched_lane_show (lane, ticket->test, since_ns);
  dagsched_undertaking_begin (&thread->undertaking, current, ticket->attempt, engine->asymmetric);
  if (profile->timeout_ns > 0)
    dagsched_deadlines_set_lane (engine->deadlines, lane->number, since_ns + profile->timeout_ns);

  execute (thread, ticket, result);

  if (!dagsched_undertaking_end (&thread->undertaking, current, engine->asymmetric, &stop))
    {
      dagsched_result_clear (result);
      return FALSE;
    }
  if (G_UNLIKELY (stop != DAGSCHED_LANE_STOP_NO))
    dagsched_result_apply_stop (result, stop);
  if (profile->timeout_ns > 0)
    dagsched_deadlines_set_lane (engine->deadlines, lane->number, 0);
  return TRUE;
}

gboolean
dagsched_lane_carry_out (DagschedEngineThread *thread, const DagschedTicket *ticket, gint64 since_ns)
{
  const DagschedProfile *profile = dagsched_plan_view_get_profile (thread->engine->view, ticket->test);
  DagschedResult result = DAGSCHED_RESULT_INIT;

  if (!carry_out (thread, ticket, profile, since_ns, &result))
    return FALSE;

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

  __builtin_prefetch (&engine->tracker.cells[test + AHEAD_FAR]);
  __builtin_prefetch (&view->first_dependent[test + AHEAD_FAR]);
  __builtin_prefetch (&view->tests[test + AHEAD_FAR]);
  if (engine->plain != NULL)
    __builtin_prefetch (&engine->plain[test + AHEAD_NEAR], TRUE);
  __builtin_prefetch (&view->dependents[view->first_dependent[test + AHEAD_NEAR]]);
  __builtin_prefetch (view->tests[test + AHEAD_NEAR]);
}

static void
on_finished (gpointer data, guint32 test)
{
  DagschedEngineThread *thread = data;

  dagsched_engine_tell_finished (thread, test, thread->engine->tracker.cells[test].outcome);
}

/* The same as dagsched_engine_end_attempt(), for what it most often comes to: the first attempt of a test
 * that no fixture has to do with has plainly passed. */
static inline void
finish_plain (DagschedEngineThread *thread, const DagschedTicket *ticket)
{
  DagschedEngine *engine = thread->engine;
  DagschedTracker *tracker = &engine->tracker;

  if (engine->records)
    dagsched_engine_record_plain (thread, ticket);
  dagsched_tracker_set_outcome (tracker, &thread->scratch, ticket->test, DAGSCHED_OUTCOME_PASSED, 0,
                                DAGSCHED_WHY_NONE);
  dagsched_engine_tell_finished (thread, ticket->test, DAGSCHED_OUTCOME_PASSED);
  dagsched_tracker_count_down (tracker, &thread->scratch, ticket->test, DAGSCHED_OUTCOME_PASSED);
  if (G_UNLIKELY (thread->scratch.stack.length > 0))
    dagsched_tracker_cascade (tracker, &thread->scratch, on_finished, thread);

  if (thread->scratch.ready.length == 1 && !thread->has_next)
    {
      thread->next_test = thread->scratch.ready.numbers[0];
      thread->has_next = TRUE;
      thread->scratch.ready.length = 0;
      dagsched_engine_make_ready (thread, thread->next_test);
    }
  else if (thread->scratch.ready.length > 0)
    dagsched_worker_spread_ready (thread);
}

gboolean
dagsched_worker_run (DagschedEngineThread *thread, guint32 test)
{
  DagschedEngine *engine = thread->engine;
  const DagschedProfile *profile = dagsched_plan_view_get_profile (engine->view, test);
  DagschedResult result = DAGSCHED_RESULT_INIT;
  DagschedTicket ticket;
  gint64 since_ns;

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
  if (!carry_out (thread, &ticket, profile, since_ns, &result))
    return FALSE;

  if (G_LIKELY (ticket.attempt == 1 && engine->view->n_holders == NULL &&
                dagsched_result_is_plain (&result, profile)))
    finish_plain (thread, &ticket);
  else
    dagsched_engine_end_attempt (thread, &ticket, &result);
  return TRUE;
}
