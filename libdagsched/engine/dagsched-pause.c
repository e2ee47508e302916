/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How a run stands still for a while. */
#include "engine/dagsched-engine-types-private.h"

gboolean
dagsched_engine_is_paused (DagschedEngine *engine)
{
  return dagsched_run_clock_is_paused (&engine->clock);
}

static void
apply (DagschedEngine *engine)
{
  if (engine->executor != NULL && engine->executor->apply_pause != NULL)
    engine->executor->apply_pause (engine->executor_data);
}

static void
tell (DagschedEngine *engine, gint64 paused_ns)
{
  if (engine->hooks.paused != NULL && !atomic_load (&engine->ended))
    engine->hooks.paused (engine->hooks_data, dagsched_engine_now (engine), paused_ns);
}

/* Gives up a count of n_busy, and starts what may start. */
static void
settle (DagschedEngineThread *thread)
{
  DagschedEngine *engine = thread->engine;

  if (engine->ordered)
    {
      dagsched_dispatch_settle (thread, NULL, FALSE);
      dagsched_engine_check_end (thread);
    }
  else
    dagsched_engine_leave_busy (engine);
}

gboolean
dagsched_engine_pause (DagschedEngine *engine)
{
  DagschedEngineThread *thread = dagsched_engine_get_thread (engine, NULL);

  if (atomic_load (&engine->ended))
    return FALSE;

  /* A run in which nothing runs, as nothing may start, has not stalled. */
  atomic_fetch_add (&engine->n_busy, 1);
  if (!dagsched_run_clock_pause (&engine->clock))
    {
      settle (thread);
      return FALSE;
    }

  apply (engine);
  tell (engine, -1);
  return TRUE;
}

gboolean
dagsched_engine_resume (DagschedEngine *engine)
{
  DagschedEngineThread *thread = dagsched_engine_get_thread (engine, NULL);
  gint64 paused_ns;

  if (!dagsched_run_clock_resume (&engine->clock, &paused_ns))
    return FALSE;

  tell (engine, paused_ns);
  apply (engine);
  dagsched_deadlines_resume (engine->deadlines);
  g_mutex_lock (&engine->pause_lock);
  g_cond_broadcast (&engine->resumed);
  g_mutex_unlock (&engine->pause_lock);
  settle (thread);
  return TRUE;
}

void
dagsched_worker_wait_for_resume (DagschedEngineThread *thread)
{
  DagschedEngine *engine = thread->engine;

  dagsched_engine_check_end (thread);
  dagsched_lane_unshow (thread->lane, DAGSCHED_WORKER_STATE_PARKED);
  g_mutex_lock (&engine->pause_lock);
  while (dagsched_run_clock_is_paused (&engine->clock))
    g_cond_wait (&engine->resumed, &engine->pause_lock);
  g_mutex_unlock (&engine->pause_lock);
  thread->now_ns = 0;
}
