/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/dagsched-engine-types-private.h"

gint64
dagsched_engine_now (DagschedEngine *engine)
{
  return dagsched_engine_time_of (engine, dagsched_monotonic_ns ());
}

/* Events. */

void
dagsched_engine_arm (DagschedEngineThread *thread)
{
  DagschedEngine *engine = thread->engine;

  /* Pairs with dagsched_engine_drain(): the event is stored, then armed is looked at. */
  DAGSCHED_FENCE ();
  if (dagsched_load_relaxed (&engine->armed) || atomic_exchange (&engine->armed, 1))
    return;

  if (thread->arms_late)
    thread->arming_due = TRUE;
  else
    engine->hooks.armed (engine->hooks_data);
}

void
dagsched_engine_emit (DagschedEngine *engine, DagschedEngineThread *thread, DagschedEvent *event)
{
  if (!dagsched_event_ring_push (&thread->ring, event))
    {
      if (event->kind == DAGSCHED_EVENT_OUTPUT)
        {
          atomic_fetch_sub (&engine->output_pending, g_bytes_get_size (event->output->bytes));
          dagsched_output_free (event->output);
        }
    }

  dagsched_engine_arm (thread);
}

void
dagsched_engine_arm_late (DagschedEngineThread *thread)
{
  thread->arms_late = FALSE;
  if (!thread->arming_due)
    return;

  thread->arming_due = FALSE;
  thread->engine->hooks.armed (thread->engine->hooks_data);
}

/* What follows at once on what a worker did before needs no look at the clock. */
static gint64
get_moment (DagschedEngineThread *thread)
{
  DagschedEngine *engine = thread->engine;

  return thread->lane != NULL && thread->now_ns != 0 ? dagsched_engine_time_of (engine, thread->now_ns)
                                                     : dagsched_engine_now (engine);
}

void
dagsched_engine_emit_ready (DagschedEngineThread *thread, guint32 test)
{
  dagsched_engine_emit (
    thread->engine, thread,
    &(DagschedEvent){ .kind = DAGSCHED_EVENT_READY, .test = test, .time_ns = get_moment (thread) });
}

void
dagsched_engine_say_started (DagschedEngineThread *thread,
                             const DagschedTicket *ticket,
                             gint64 since_ns,
                             gboolean is_watched)
{
  DagschedEngine *engine = thread->engine;
  gint64 time_ns = since_ns != 0 ? dagsched_engine_time_of (engine, since_ns) : get_moment (thread);

  if (engine->hooks.started != NULL)
    engine->hooks.started (engine->hooks_data, ticket, time_ns);
  if (is_watched)
    dagsched_engine_emit (engine, thread,
                          &(DagschedEvent){ .kind = DAGSCHED_EVENT_STARTED,
                                            .test = ticket->test,
                                            .lane = ticket->lane,
                                            .attempt = ticket->attempt,
                                            .time_ns = time_ns });
}

void
dagsched_engine_say_finished (DagschedEngineThread *thread, guint32 test, gboolean is_watched)
{
  DagschedEngine *engine = thread->engine;
  gint64 time_ns;

  thread->now_ns = dagsched_monotonic_ns ();
  time_ns = dagsched_engine_time_of (engine, thread->now_ns);
  if (engine->hooks.finished != NULL)
    {
      engine->hooks.finished (engine->hooks_data, test, time_ns);
      thread->now_ns = 0;
    }
  if (is_watched)
    dagsched_engine_emit (
      engine, thread, &(DagschedEvent){ .kind = DAGSCHED_EVENT_FINISHED, .test = test, .time_ns = time_ns });
}

static void
on_finished (gpointer data, guint32 test)
{
  DagschedEngineThread *thread = data;
  DagschedEngine *engine = thread->engine;

  dagsched_engine_tell_finished (thread, test, engine->tracker.cells[test].outcome);
  if (engine->view->n_holders != NULL)
    dagsched_holds_drop (thread, test);
}

void
dagsched_engine_finish (DagschedEngineThread *thread,
                        guint32 test,
                        DagschedOutcome outcome,
                        DagschedFlags flags,
                        DagschedWhy why)
{
  dagsched_tracker_finish (&thread->engine->tracker, &thread->scratch, test, outcome, flags, why, on_finished,
                           thread);
}

/* Threads. */

DagschedEngineThread *
dagsched_engine_thread_new (DagschedEngine *engine, DagschedLane *lane)
{
  /* Its ring has parts of cache lines of their own. */
  DagschedEngineThread *thread = g_aligned_alloc0 (1, sizeof *thread, DAGSCHED_CACHE_LINE);

  thread->engine = engine;
  thread->lane = lane;
  thread->result = (DagschedResult) DAGSCHED_RESULT_INIT;
  thread->random = lane != NULL ? lane->number + 1 : 1;
  dagsched_event_ring_init (&thread->ring, engine->params.ring_capacity);
  thread->starts = g_array_new (FALSE, FALSE, sizeof (DagschedTicket));
  dagsched_undertaking_init (&thread->undertaking);

  g_mutex_lock (&engine->threads_lock);
  g_ptr_array_add (engine->threads, thread);
  g_mutex_unlock (&engine->threads_lock);
  return thread;
}

static void
thread_free (gpointer data)
{
  DagschedEngineThread *thread = data;

  dagsched_event_ring_clear (&thread->ring);
  dagsched_record_table_clear (&thread->records);
  dagsched_scratch_clear (&thread->scratch);
  g_array_unref (thread->starts);
  dagsched_undertaking_clear (&thread->undertaking);
  g_aligned_free (thread);
}

DagschedEngineThread *
dagsched_engine_attach (DagschedEngine *engine)
{
  return dagsched_engine_thread_new (engine, NULL);
}

/* For a thread that was not attached: the one that it was given the first time. */
DagschedEngineThread *
dagsched_engine_get_thread (DagschedEngine *engine, DagschedEngineThread *thread)
{
  GThread *self = g_thread_self ();

  if (thread != NULL)
    return thread;

  g_mutex_lock (&engine->threads_lock);
  for (guint i = 0; i < engine->threads->len && thread == NULL; i++)
    {
      DagschedEngineThread *known = g_ptr_array_index (engine->threads, i);

      if (known->thread == self)
        thread = known;
    }
  g_mutex_unlock (&engine->threads_lock);

  if (thread == NULL)
    {
      thread = dagsched_engine_thread_new (engine, NULL);
      g_mutex_lock (&engine->threads_lock);
      thread->thread = self;
      g_mutex_unlock (&engine->threads_lock);
    }

  return thread;
}

/* Life. */

static void
on_deadline (gpointer data, DagschedDeadlineKind kind, guint32 number)
{
  DagschedEngine *engine = data;
  DagschedEngineThread *thread = dagsched_engine_get_thread (engine, NULL);

  switch (kind)
    {
    case DAGSCHED_DEADLINE_LANE:
      dagsched_lane_deadline (&engine->lanes[number]);
      break;
    case DAGSCHED_DEADLINE_MAX_TIME:
      dagsched_engine_cancel (engine, DAGSCHED_CLOSING_STOP, "the run took longer than its limit (max-time)");
      break;
    case DAGSCHED_DEADLINE_RETRY:
      /* Its count of n_busy goes on with it. */
      if (engine->ordered)
        {
          dagsched_number_list_push (&thread->scratch.ready, number);
          dagsched_dispatch_settle (thread, NULL, FALSE);
          dagsched_engine_check_end (thread);
        }
      else
        {
          dagsched_worker_inject (thread, number);
          dagsched_parking_lot_wake (&engine->lot, 1);
          dagsched_engine_leave_busy (engine);
        }
      break;
    default:
      g_assert_not_reached ();
    }
}

static void
lane_init (DagschedLane *lane, DagschedEngine *engine, guint number)
{
  lane->engine = engine;
  lane->number = number;
  dagsched_parker_init (&lane->parker);
  atomic_init (&lane->shown, DAGSCHED_NO_TEST);
  if (!engine->ordered)
    dagsched_deque_init (&lane->deque, DAGSCHED_DEQUE_CAPACITY);
}

static void
lane_clear (DagschedLane *lane)
{
  dagsched_parker_clear (&lane->parker);
  dagsched_deque_clear (&lane->deque);
}

/* Of the lanes: with stealing there is no use for more than there are tests. */
static guint
count_threads (DagschedEngine *engine)
{
  guint n_lanes = engine->params.n_lanes;

  return engine->ordered ? n_lanes : CLAMP (engine->view->n_tests, 1, n_lanes);
}

static gboolean
is_bare (const DagschedPlanView *view, const DagschedEngineParams *params, const DagschedEngineHooks *hooks)
{
  if (params->timestamps || hooks->started != NULL || hooks->finished != NULL || hooks->execute != NULL ||
      view->n_holders != NULL)
    return FALSE;

  for (guint32 i = 0; i < view->n_profiles; i++)
    {
      if (view->profiles[i].timeout_ns > 0 || view->profiles[i].expected_failure)
        return FALSE;
    }

  return TRUE;
}

DagschedEngine *
dagsched_engine_new (const DagschedPlanView *view,
                     const DagschedEngineParams *params,
                     const DagschedEngineHooks *hooks,
                     gpointer data)
{
  DagschedEngine *engine = g_aligned_alloc0 (1, sizeof (DagschedEngine), DAGSCHED_CACHE_LINE);

  atomic_init (&engine->ref_count, 1);
  engine->view = view;
  engine->params = *params;
  engine->hooks = *hooks;
  engine->hooks_data = data;
  engine->ordered = view->ordered;
  engine->records = params->timestamps;
  engine->bare = is_bare (view, params, hooks);
  engine->asymmetric = dagsched_asymmetric_is_available ();
  dagsched_tracker_init (&engine->tracker, view);
  engine->topology = params->pin_workers ? dagsched_topology_new (count_threads (engine), TRUE)
                                         : dagsched_topology_new_flat (count_threads (engine));
  /* Zeroed here, so that the run need not ask the kernel for it page by page. */
  engine->ready_at = dagsched_large_new (
    (engine->records ? view->n_tests : view->n_tests >> DAGSCHED_SAMPLE_SHIFT) + 1, sizeof (gint64));
  if (engine->records && view->has_functions)
    engine->plain = dagsched_large_new (view->n_tests, sizeof *engine->plain);
  dagsched_holds_init (engine);
  /* Whoever starts it: a problem that comes sooner is no stall. */
  atomic_init (&engine->n_busy, 1);
  dagsched_run_clock_init (&engine->clock);
  g_mutex_init (&engine->pause_lock);
  g_cond_init (&engine->resumed);
  engine->deadlines = dagsched_deadlines_new (&engine->clock, params->n_lanes, on_deadline, engine);
  g_mutex_init (&engine->threads_lock);
  engine->threads = g_ptr_array_new_with_free_func (thread_free);
  g_mutex_init (&engine->lock);
  if (view->ordered)
    dagsched_ready_queue_init (&engine->ready, view);
  engine->admission = dagsched_admission_new (view, params->n_lanes);
  dagsched_parking_lot_init (&engine->lot);
  engine->injection = g_async_queue_new ();
  g_mutex_init (&engine->problem_lock);
  g_cond_init (&engine->nobody_fails);

  engine->lanes = g_aligned_alloc0 (params->n_lanes, sizeof (DagschedLane), DAGSCHED_CACHE_LINE);
  for (guint i = params->n_lanes; i-- > 0;)
    {
      lane_init (&engine->lanes[i], engine, i);
      engine->lanes[i].next_free = engine->free_lane;
      engine->free_lane = &engine->lanes[i];
    }
  return engine;
}

DagschedEngine *
dagsched_engine_ref (DagschedEngine *engine)
{
  atomic_fetch_add (&engine->ref_count, 1);
  return engine;
}

void
dagsched_engine_unref (DagschedEngine *engine)
{
  DagschedEngineHooks hooks = engine->hooks;
  gpointer hooks_data = engine->hooks_data;

  if (atomic_fetch_sub (&engine->ref_count, 1) != 1)
    return;

  for (guint i = 0; i < engine->params.n_lanes; i++)
    lane_clear (&engine->lanes[i]);
  g_aligned_free (engine->lanes);
  g_ptr_array_unref (engine->threads);
  dagsched_admission_free (engine->admission);
  dagsched_ready_queue_clear (&engine->ready);
  dagsched_parking_lot_clear (&engine->lot);
  g_async_queue_unref (engine->injection);
  dagsched_tracker_clear (&engine->tracker);
  dagsched_holds_clear (engine);
  g_mutex_clear (&engine->threads_lock);
  g_mutex_clear (&engine->lock);
  g_mutex_clear (&engine->problem_lock);
  g_cond_clear (&engine->nobody_fails);
  dagsched_deadlines_free (engine->deadlines);
  dagsched_run_clock_clear (&engine->clock);
  g_mutex_clear (&engine->pause_lock);
  g_cond_clear (&engine->resumed);
  g_clear_error (&engine->error);
  g_free (engine->problem);
  g_free (engine->stall);
  dagsched_large_free (engine->plain);
  dagsched_large_free (engine->ready_at);
  dagsched_topology_free (engine->topology);
  g_aligned_free (engine);
  hooks.freed (hooks_data);
}

void
dagsched_engine_set_executor (DagschedEngine *engine, const DagschedExecutorFuncs *funcs, gpointer executor)
{
  engine->executor = funcs;
  engine->executor_data = executor;
}

void
dagsched_engine_take (DagschedEngine *engine, const DagschedEarlierTest *tests, guint n_tests)
{
  dagsched_tracker_take (&engine->tracker, tests, n_tests);
}

gboolean
dagsched_engine_start (DagschedEngine *engine, GError **error)
{
  DagschedEngineThread *thread = dagsched_engine_get_thread (engine, NULL);

  /* Before anybody else is there to look. */
  thread->now_ns = dagsched_monotonic_ns ();
  engine->start_ns = thread->now_ns - engine->params.elapsed_ns;
  engine->n_lane_threads = engine->ordered ? 0 : count_threads (engine);

  if (!dagsched_deadlines_start (engine->deadlines, error))
    return FALSE;
  if (engine->executor != NULL &&
      !engine->executor->open (engine->executor_data, engine, engine->params.n_lanes, error))
    return FALSE;

  if (engine->params.max_time_ns > 0)
    dagsched_deadlines_add (engine->deadlines, DAGSCHED_DEADLINE_MAX_TIME, 0,
                            thread->now_ns + engine->params.max_time_ns);

  dagsched_tracker_start (&engine->tracker, &thread->scratch, on_finished, thread);
  if (engine->ordered)
    {
      for (guint i = 0; i < engine->tracker.roots.length; i++)
        dagsched_number_list_push (&thread->scratch.ready, engine->tracker.roots.numbers[i]);
      dagsched_dispatch_settle (thread, NULL, FALSE);
    }
  else
    {
      dagsched_worker_offer_roots (thread);
      if (!dagsched_worker_start_all (engine, error))
        return FALSE;
    }
  dagsched_engine_check_end (thread);
  if (!engine->ordered)
    dagsched_engine_leave_busy (engine);
  thread->now_ns = 0;
  return TRUE;
}

void
dagsched_engine_leave_busy (DagschedEngine *engine)
{
  if (atomic_fetch_sub (&engine->n_busy, 1) != 1 || atomic_load (&engine->tracker.n_unfinished) == 0)
    return;

  atomic_fetch_add (&engine->n_busy, 1);
  dagsched_engine_stall (dagsched_engine_get_thread (engine, NULL));
}

void
dagsched_engine_check_end (DagschedEngineThread *thread)
{
  DagschedEngine *engine = thread->engine;

  if (!dagsched_tracker_tell (&engine->tracker, &thread->scratch) || atomic_exchange (&engine->ended, 1))
    return;

  atomic_store (&engine->end_ns, dagsched_monotonic_ns ());
  engine->hooks.ended (engine->hooks_data);
}

static void
join_lanes (DagschedEngine *engine)
{
  atomic_store (&engine->stop_threads, 1);
  for (guint i = 0; i < engine->params.n_lanes; i++)
    {
      DagschedLane *lane = &engine->lanes[i];
      GThread *thread;

      dagsched_parker_notify (&lane->parker);
      g_mutex_lock (&engine->threads_lock);
      thread = g_steal_pointer (&lane->thread);
      g_mutex_unlock (&engine->threads_lock);
      if (thread != NULL)
        g_thread_join (thread);
    }
}

/* A thread that is none of ours may still tell of a problem: it is on its way out. */
static void
shut_out (DagschedEngine *engine)
{
  g_mutex_lock (&engine->problem_lock);
  engine->closed = TRUE;
  while (engine->n_failing > 0)
    g_cond_wait (&engine->nobody_fails, &engine->problem_lock);
  g_mutex_unlock (&engine->problem_lock);
}

/* The executor comes last: all others may be about to tell it something that it need not know any more.
 * Threads that were written off have nothing to do with it, and keep the engine. */
void
dagsched_engine_close (DagschedEngine *engine)
{
  shut_out (engine);
  dagsched_deadlines_stop (engine->deadlines);
  join_lanes (engine);
  if (engine->executor != NULL)
    engine->executor->close (engine->executor_data);
}
