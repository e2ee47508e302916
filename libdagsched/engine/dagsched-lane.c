/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A function under way on a lane's thread: time-outs, cancellation, and giving up on it. */
#include "engine/dagsched-engine-types-private.h"

static guint64
pack_current (const DagschedTicket *ticket)
{
  return (guint64) (ticket->test + 1) << 32 | ticket->generation;
}

static void
unpack_current (guint64 current, DagschedLane *lane, DagschedTicket *ticket)
{
  ticket->test = (guint32) (current >> 32) - 1;
  ticket->generation = (guint32) current;
  ticket->attempt = dagsched_load_relaxed (&lane->attempt);
  ticket->lane = lane->number;
}

static const DagschedProfile *
profile_of (DagschedEngine *engine, guint32 test)
{
  return &engine->view->profiles[engine->view->profile[test]];
}

void
dagsched_lane_show (DagschedLane *lane, guint32 test)
{
  dagsched_store_relaxed (&lane->shown, test);
  dagsched_store_relaxed (&lane->state, DAGSCHED_WORKER_STATE_RUNNING);
  dagsched_store_relaxed (&lane->running_since, dagsched_monotonic_ns ());
}

void
dagsched_lane_unshow (DagschedLane *lane)
{
  gint64 since = dagsched_load_relaxed (&lane->running_since);

  if (since == 0)
    return;

  atomic_fetch_add_explicit (&lane->busy_ns, dagsched_monotonic_ns () - since, memory_order_relaxed);
  dagsched_store_relaxed (&lane->running_since, 0);
  dagsched_store_relaxed (&lane->shown, DAGSCHED_NO_TEST);
  dagsched_store_relaxed (&lane->state, lane->engine->ordered ? DAGSCHED_WORKER_STATE_PARKED
                                                              : DAGSCHED_WORKER_STATE_SEARCHING);
}

/* Makes the attempt one that can be stopped. A cancellable that was fired, or that somebody is about
 * to fire for an earlier attempt, is not used again. */
static GCancellable *
begin (DagschedLane *lane, const DagschedTicket *ticket)
{
  GCancellable *cancellable = lane->cancellable;

  if (cancellable == NULL)
    {
      cancellable = g_cancellable_new ();
      g_mutex_lock (&lane->stop_lock);
      lane->cancellable = cancellable;
      g_mutex_unlock (&lane->stop_lock);
    }

  dagsched_store_relaxed (&lane->attempt, ticket->attempt);
  atomic_store (&lane->current, pack_current (ticket));
  return cancellable;
}

/* A run that was cancelled just before begin() found nothing to stop here: one sees the other. */
static void
execute (DagschedLane *lane, const DagschedTicket *ticket, GCancellable *cancellable, DagschedResult *result)
{
  DagschedEngine *engine = lane->engine;
  DagschedClosing closing = atomic_load (&engine->tracker.closing);

  if (!dagsched_engine_must_stop (engine, ticket->test, closing))
    {
      engine->hooks.execute (engine->hooks_data, ticket, cancellable, result);
      return;
    }

  result->outcome = DAGSCHED_OUTCOME_CANCELLED;
  result->reason = g_strdup ("was cancelled before it began");
}

/* From here on nobody stops the attempt any more. A stopper raises n_stoppers, then looks at
 * current; we clear current, then look at n_stoppers: one sees the other. */
static DagschedLaneStop
end (DagschedLane *lane)
{
  guint64 current = atomic_exchange (&lane->current, 0);
  DagschedLaneStop stop = DAGSCHED_LANE_STOP_NO;

  if (atomic_load (&lane->n_stoppers) == 0 && lane->stopped != current)
    return stop;

  g_mutex_lock (&lane->stop_lock);
  if (lane->stopped == current)
    {
      stop = lane->stop;
      g_clear_object (&lane->cancellable);
    }
  g_mutex_unlock (&lane->stop_lock);
  return stop;
}

static void
apply_stop (DagschedResult *result, DagschedLaneStop stop)
{
  if (stop == DAGSCHED_LANE_STOP_NO)
    return;

  /* It was told to stop, whatever it says now. */
  result->outcome =
    stop == DAGSCHED_LANE_STOP_TIMED_OUT ? DAGSCHED_OUTCOME_TIMED_OUT : DAGSCHED_OUTCOME_CANCELLED;
  if (result->reason == NULL)
    result->reason =
      g_strdup (stop == DAGSCHED_LANE_STOP_TIMED_OUT ? "overran its time-out" : "was cancelled");
}

/* The thread was written off: the cancellable is its own now, once write_off() has let go of it. */
static void
forget_cancellable (DagschedLane *lane, GCancellable *cancellable)
{
  g_mutex_lock (&lane->stop_lock);
  g_mutex_unlock (&lane->stop_lock);
  g_object_unref (cancellable);
}

gboolean
dagsched_lane_carry_out (DagschedEngineThread *thread, const DagschedTicket *ticket)
{
  DagschedEngine *engine = thread->engine;
  DagschedLane *lane = thread->lane;
  gint64 timeout_ns = profile_of (engine, ticket->test)->timeout_ns;
  DagschedResult result = DAGSCHED_RESULT_INIT;
  GCancellable *cancellable;

  dagsched_lane_show (lane, ticket->test);
  cancellable = begin (lane, ticket);
  if (timeout_ns > 0)
    dagsched_deadlines_set_lane (engine->deadlines, lane->number, dagsched_monotonic_ns () + timeout_ns);

  execute (lane, ticket, cancellable, &result);

  if (!dagsched_engine_claim (engine, ticket))
    {
      forget_cancellable (lane, cancellable);
      dagsched_result_clear (&result);
      return FALSE;
    }
  apply_stop (&result, end (lane));
  if (timeout_ns > 0)
    dagsched_deadlines_set_lane (engine->deadlines, lane->number, 0);
  dagsched_engine_end_attempt (thread, ticket, &result);
  return TRUE;
}

/* Takes the attempt, and the lane, from the thread that carries it out. */
static gboolean
take_over (DagschedLane *lane, const DagschedTicket *ticket)
{
  gboolean taken;

  g_mutex_lock (&lane->stop_lock);
  taken = dagsched_engine_claim (lane->engine, ticket);
  if (taken)
    {
      lane->cancellable = NULL;
      atomic_store (&lane->current, 0);
    }
  g_mutex_unlock (&lane->stop_lock);
  return taken;
}

/* The function does not return: its thread is left to itself, and the lane gets another. */
static void
write_off (DagschedLane *lane, guint64 current, DagschedLaneStop stop)
{
  DagschedEngine *engine = lane->engine;
  DagschedResult result = DAGSCHED_RESULT_INIT;
  DagschedTicket ticket;

  unpack_current (current, lane, &ticket);
  if (!take_over (lane, &ticket))
    return;

  dagsched_deadlines_set_lane (engine->deadlines, lane->number, 0);
  dagsched_lane_forget_thread (lane);

  apply_stop (&result, stop);
  g_free (result.reason);
  result.reason = g_strdup ("did not return when it was told to stop; its thread was given up");
  dagsched_engine_end_attempt (dagsched_engine_get_thread (engine, NULL), &ticket, &result);
  /* Only now: the lane showed the old attempt until here. */
  if (!engine->ordered && !dagsched_engine_has_ended (engine))
    dagsched_lane_replace_thread (lane);
}

/* Marks the attempt as told to stop. NULL: it runs no more, or was told before. */
static GCancellable *
tell_to_stop (DagschedLane *lane, guint64 current, DagschedLaneStop stop, gint64 *give_up_ns)
{
  GCancellable *cancellable = NULL;
  DagschedTicket ticket;

  atomic_fetch_add (&lane->n_stoppers, 1);
  g_mutex_lock (&lane->stop_lock);
  if (atomic_load (&lane->current) == current && lane->stopped != current)
    {
      unpack_current (current, lane, &ticket);
      lane->stopped = current;
      lane->stop = stop;
      lane->give_up_ns = dagsched_monotonic_ns () + profile_of (lane->engine, ticket.test)->grace_ns;
      *give_up_ns = lane->give_up_ns;
      cancellable = g_object_ref (lane->cancellable);
    }
  g_mutex_unlock (&lane->stop_lock);
  atomic_fetch_sub (&lane->n_stoppers, 1);

  return cancellable;
}

/* @current, and not whatever has taken its place on the lane. */
static void
stop_attempt (DagschedLane *lane, guint64 current, DagschedLaneStop stop, gboolean kill)
{
  gint64 give_up_ns;
  g_autoptr (GCancellable) cancellable = tell_to_stop (lane, current, stop, &give_up_ns);

  if (cancellable != NULL)
    {
      if (!kill)
        dagsched_deadlines_set_lane (lane->engine->deadlines, lane->number, give_up_ns);
      g_cancellable_cancel (cancellable);
    }
  if (kill)
    write_off (lane, current, stop);
}

void
dagsched_lane_cancel (DagschedLane *lane, DagschedClosing closing)
{
  guint64 current = atomic_load (&lane->current);
  DagschedTicket ticket;

  if (current == 0)
    return;

  unpack_current (current, lane, &ticket);
  if (dagsched_engine_must_stop (lane->engine, ticket.test, closing))
    stop_attempt (lane, current, DAGSCHED_LANE_STOP_CANCELLED, closing == DAGSCHED_CLOSING_KILL);
}

/* A deadline may be one of an attempt that has ended: what is due is decided by the one that runs. */
void
dagsched_lane_deadline (DagschedLane *lane)
{
  guint64 current = atomic_load (&lane->current);
  gint64 now = dagsched_monotonic_ns ();
  gint64 due_ns;
  gboolean was_told;
  DagschedLaneStop stop;
  DagschedTicket ticket;

  if (current == 0)
    return;

  unpack_current (current, lane, &ticket);
  g_mutex_lock (&lane->stop_lock);
  was_told = lane->stopped == current;
  stop = lane->stop;
  due_ns = lane->give_up_ns;
  g_mutex_unlock (&lane->stop_lock);

  if (!was_told)
    due_ns =
      dagsched_load_relaxed (&lane->running_since) + profile_of (lane->engine, ticket.test)->timeout_ns;
  if (!was_told && profile_of (lane->engine, ticket.test)->timeout_ns == 0)
    return;

  if (now < due_ns)
    dagsched_deadlines_set_lane (lane->engine->deadlines, lane->number, due_ns);
  else if (was_told)
    write_off (lane, current, stop);
  else
    stop_attempt (lane, current, DAGSCHED_LANE_STOP_TIMED_OUT, FALSE);
}
