/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How others stop the function that a lane's thread carries out: time-outs, cancellation, and giving up on
 * it. */
#include "engine/dagsched-engine-types-private.h"

static void
unpack_current (guint64 current, DagschedLane *lane, DagschedUndertaking *undertaking, DagschedTicket *ticket)
{
  ticket->test = (guint32) (current >> 32) - 1;
  ticket->generation = (guint32) current;
  ticket->attempt = dagsched_load_relaxed (&undertaking->attempt);
  ticket->lane = lane->number;
}

static const DagschedProfile *
profile_of (DagschedEngine *engine, guint32 test)
{
  return dagsched_plan_view_get_profile (engine->view, test);
}

void
dagsched_lane_begin_busy (DagschedLane *lane, gint64 now_ns)
{
  dagsched_store_relaxed (&lane->busy_since, now_ns);
}

void
dagsched_lane_end_busy (DagschedLane *lane, gint64 now_ns)
{
  DagschedRunClock *clock = &lane->engine->clock;
  gint64 since = dagsched_load_relaxed (&lane->busy_since);

  if (since == 0)
    return;

  /* In this order: who watches may miss a moment, but counts none twice. */
  dagsched_store_relaxed (&lane->busy_since, 0);
  dagsched_store_relaxed (&lane->busy_ns, dagsched_load_relaxed (&lane->busy_ns) +
                                            dagsched_run_clock_at (clock, now_ns) -
                                            dagsched_run_clock_at (clock, since));
}

void
dagsched_lane_unshow (DagschedLane *lane, DagschedWorkerState state)
{
  dagsched_store_relaxed (&lane->shown, DAGSCHED_NO_TEST);
  dagsched_store_relaxed (&lane->state, state);
  dagsched_store_relaxed (&lane->running_since, 0);
}

void
dagsched_undertaking_init (DagschedUndertaking *self)
{
  g_mutex_init (&self->lock);
}

void
dagsched_undertaking_clear (DagschedUndertaking *self)
{
  g_mutex_clear (&self->lock);
  g_clear_object (&self->cancellable);
}

/* A cancellable that was fired, or that somebody is about to fire for an earlier attempt, is not used
 * again. */
gboolean
dagsched_undertaking_end_beside_stoppers (DagschedUndertaking *self, guint64 current, DagschedLaneStop *stop)
{
  gboolean taken;

  g_mutex_lock (&self->lock);
  taken = self->taken == current;
  if (dagsched_load_relaxed (&self->stopped) == current)
    {
      *stop = self->stop;
      g_clear_object (&self->cancellable);
    }
  g_mutex_unlock (&self->lock);
  return !taken;
}

/* It was told to stop, whatever it says now. */
void
dagsched_result_apply_stop (DagschedResult *result, DagschedLaneStop stop)
{
  result->outcome =
    stop == DAGSCHED_LANE_STOP_TIMED_OUT ? DAGSCHED_OUTCOME_TIMED_OUT : DAGSCHED_OUTCOME_CANCELLED;
  if (result->reason == NULL)
    result->reason =
      g_strdup (stop == DAGSCHED_LANE_STOP_TIMED_OUT ? "overran its time-out" : "was cancelled");
}

/* Announces a stopper, and locks. */
static void
begin_stopping (DagschedLane *lane, DagschedUndertaking *undertaking)
{
  atomic_fetch_add (&undertaking->n_stoppers, 1);
  dagsched_heavy_fence (lane->engine->asymmetric);
  g_mutex_lock (&undertaking->lock);
}

static void
end_stopping (DagschedUndertaking *undertaking)
{
  g_mutex_unlock (&undertaking->lock);
  atomic_fetch_sub (&undertaking->n_stoppers, 1);
}

/* Still under way, and not taken from its thread. */
static gboolean
is_current_unlocked (DagschedUndertaking *undertaking, guint64 current)
{
  return dagsched_load_acquire (&undertaking->current) == current && undertaking->taken != current;
}

/* Takes the attempt, and the lane, from the thread that carries it out; also what that has not told of. */
static gboolean
take_over (DagschedLane *lane, DagschedEngineThread *thread, guint64 current, DagschedEngineThread *heir)
{
  DagschedUndertaking *undertaking = &thread->undertaking;
  gboolean taken;

  begin_stopping (lane, undertaking);
  taken = is_current_unlocked (undertaking, current);
  if (taken)
    {
      undertaking->taken = current;
      heir->scratch.n_finished += thread->scratch.n_finished;
      thread->scratch.n_finished = 0;
    }
  end_stopping (undertaking);
  return taken;
}

/* The function does not return: its thread is left to itself, and the lane gets another. */
static void
write_off (DagschedLane *lane, DagschedEngineThread *thread, guint64 current, DagschedLaneStop stop)
{
  DagschedEngine *engine = lane->engine;
  DagschedEngineThread *heir = dagsched_engine_get_thread (engine, NULL);
  DagschedResult result = DAGSCHED_RESULT_INIT;
  DagschedTicket ticket;

  unpack_current (current, lane, &thread->undertaking, &ticket);
  if (!take_over (lane, thread, current, heir))
    return;

  dagsched_deadlines_set_lane (engine->deadlines, lane->number, 0);
  dagsched_lane_forget_thread (lane);

  dagsched_result_apply_stop (&result, stop);
  g_free (result.reason);
  result.reason = g_strdup ("did not return when it was told to stop; its thread was given up");
  dagsched_engine_end_attempt (heir, &ticket, &result);
  if (engine->ordered)
    return;

  /* Only now: the lane showed the old attempt until here. */
  dagsched_lane_unshow (lane, DAGSCHED_WORKER_STATE_SEARCHING);
  dagsched_lane_end_busy (lane, dagsched_monotonic_ns ());
  if (!dagsched_engine_has_ended (engine))
    dagsched_lane_replace_thread (lane);
}

/* Marks the attempt as told to stop. NULL: it runs no more, or was told before. */
static GCancellable *
tell_to_stop (DagschedLane *lane,
              DagschedEngineThread *thread,
              guint64 current,
              DagschedLaneStop stop,
              gint64 *give_up_ns)
{
  DagschedUndertaking *undertaking = &thread->undertaking;
  GCancellable *cancellable = NULL;
  DagschedTicket ticket;

  begin_stopping (lane, undertaking);
  if (is_current_unlocked (undertaking, current) && dagsched_load_relaxed (&undertaking->stopped) != current)
    {
      unpack_current (current, lane, undertaking, &ticket);
      dagsched_store_relaxed (&undertaking->stopped, current);
      undertaking->stop = stop;
      undertaking->give_up_ns =
        dagsched_run_clock_now (&lane->engine->clock) + profile_of (lane->engine, ticket.test)->grace_ns;
      *give_up_ns = undertaking->give_up_ns;
      cancellable = g_object_ref (undertaking->cancellable);
    }
  end_stopping (undertaking);

  return cancellable;
}

/* @current, and not whatever has taken its place on the lane. */
static void
stop_attempt (DagschedLane *lane,
              DagschedEngineThread *thread,
              guint64 current,
              DagschedLaneStop stop,
              gboolean kill)
{
  gint64 give_up_ns;
  g_autoptr (GCancellable) cancellable = tell_to_stop (lane, thread, current, stop, &give_up_ns);

  if (cancellable != NULL)
    {
      if (!kill)
        dagsched_deadlines_set_lane (lane->engine->deadlines, lane->number, give_up_ns);
      g_cancellable_cancel (cancellable);
    }
  if (kill)
    write_off (lane, thread, current, stop);
}

/* What the lane's thread carries out; 0: nothing. */
static guint64
look_at_current (DagschedLane *lane, DagschedEngineThread **thread)
{
  *thread = atomic_load (&lane->self);
  return *thread != NULL ? dagsched_load_acquire (&(*thread)->undertaking.current) : 0;
}

/* The closing stands, and a heavy fence was after it. */
void
dagsched_lane_cancel (DagschedLane *lane, DagschedClosing closing)
{
  DagschedEngineThread *thread;
  guint64 current = look_at_current (lane, &thread);
  DagschedTicket ticket;

  if (current == 0)
    return;

  unpack_current (current, lane, &thread->undertaking, &ticket);
  if (dagsched_engine_must_stop (lane->engine, ticket.test, closing))
    stop_attempt (lane, thread, current, DAGSCHED_LANE_STOP_CANCELLED, closing == DAGSCHED_CLOSING_KILL);
}

/* When it is due that somebody looks after the attempt, by the run's clock; 0: never. */
static gint64
find_due (DagschedLane *lane,
          DagschedEngineThread *thread,
          guint64 current,
          gboolean *was_told,
          DagschedLaneStop *stop)
{
  DagschedUndertaking *undertaking = &thread->undertaking;
  gint64 timeout_ns, due_ns;
  DagschedTicket ticket;

  g_mutex_lock (&undertaking->lock);
  *was_told = dagsched_load_relaxed (&undertaking->stopped) == current;
  *stop = undertaking->stop;
  due_ns = undertaking->give_up_ns;
  g_mutex_unlock (&undertaking->lock);
  if (*was_told)
    return due_ns;

  unpack_current (current, lane, undertaking, &ticket);
  timeout_ns = profile_of (lane->engine, ticket.test)->timeout_ns;
  if (timeout_ns == 0)
    return 0;

  return dagsched_run_clock_at (&lane->engine->clock, dagsched_load_relaxed (&lane->running_since)) +
         timeout_ns;
}

/* A deadline may be one of an attempt that has ended: what is due is decided by the one that runs. */
void
dagsched_lane_deadline (DagschedLane *lane)
{
  DagschedEngineThread *thread;
  guint64 current = look_at_current (lane, &thread);
  gboolean was_told;
  DagschedLaneStop stop;
  gint64 due_ns;

  if (current == 0)
    return;

  due_ns = find_due (lane, thread, current, &was_told, &stop);
  if (due_ns == 0)
    return;

  if (dagsched_run_clock_now (&lane->engine->clock) < due_ns)
    dagsched_deadlines_set_lane (lane->engine->deadlines, lane->number, due_ns);
  else if (was_told)
    write_off (lane, thread, current, stop);
  else
    stop_attempt (lane, thread, current, DAGSCHED_LANE_STOP_TIMED_OUT, FALSE);
}
