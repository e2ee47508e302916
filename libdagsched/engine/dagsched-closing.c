/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How a run is cut short. */
#include "base/dagsched-error.h"
#include "engine/dagsched-engine-types-private.h"

/* The first problem stays: what follows is its consequence. Takes @error. */
static void
set_problem (DagschedEngine *engine, const char *problem, GError *error)
{
  g_mutex_lock (&engine->problem_lock);
  if (engine->problem == NULL)
    engine->problem = g_strdup (problem);
  if (engine->error == NULL)
    engine->error = g_steal_pointer (&error);
  g_mutex_unlock (&engine->problem_lock);
  g_clear_error (&error);
}

/* Raises the closing, never lowers it. */
static gboolean
raise_closing (DagschedEngine *engine, DagschedClosing closing)
{
  guint8 before = atomic_load (&engine->tracker.closing);

  while (before < closing)
    {
      if (atomic_compare_exchange_weak (&engine->tracker.closing, &before, closing))
        return TRUE;
    }

  return FALSE;
}

gboolean
dagsched_engine_must_stop (DagschedEngine *engine, guint32 test, DagschedClosing closing)
{
  gboolean is_cleanup =
    engine->view->cleanup_of != NULL && engine->view->cleanup_of[test] != DAGSCHED_NO_TEST;

  return closing == DAGSCHED_CLOSING_KILL || (closing == DAGSCHED_CLOSING_STOP && !is_cleanup);
}

static void
stop_running (DagschedEngine *engine, GArray *tickets, DagschedClosing closing)
{
  gboolean kill = closing == DAGSCHED_CLOSING_KILL;

  for (guint i = 0; i < tickets->len; i++)
    {
      const DagschedTicket *ticket = &g_array_index (tickets, DagschedTicket, i);
      const DagschedProfile *profile = dagsched_plan_view_get_profile (engine->view, ticket->test);

      if (!dagsched_engine_must_stop (engine, ticket->test, closing))
        continue;
      if (profile->kind == DAGSCHED_KIND_FUNCTION)
        dagsched_lane_cancel (&engine->lanes[ticket->lane], closing);
      else
        engine->executor->stop (engine->executor_data, ticket, kill);
    }
}

static void
stop_lanes (DagschedEngine *engine, DagschedClosing closing)
{
  for (guint i = 0; i < engine->n_lane_threads; i++)
    dagsched_lane_cancel (&engine->lanes[i], closing);
}

static gboolean
may_not_start (gpointer tracker, guint32 test)
{
  return !dagsched_tracker_may_start (tracker, test);
}

/* Cleanups go on waiting: they do run again. */
void
dagsched_engine_recall_delayed (DagschedEngineThread *thread)
{
  DagschedEngine *engine = thread->engine;
  g_autoptr (GArray) tests = g_array_new (FALSE, FALSE, sizeof (guint32));

  dagsched_deadlines_remove_some (engine->deadlines, DAGSCHED_DEADLINE_RETRY, may_not_start, &engine->tracker,
                                  tests);
  for (guint i = 0; i < tests->len; i++)
    {
      guint32 test = g_array_index (tests, guint32, i);

      if (engine->ordered)
        dagsched_number_list_push (&thread->scratch.ready, test);
      else
        dagsched_worker_inject (thread, test);
    }
  /* The caller's own count is left. */
  atomic_fetch_sub (&engine->n_busy, tests->len);
}

void
dagsched_engine_cancel (DagschedEngine *engine, DagschedClosing closing, const char *reason)
{
  DagschedEngineThread *thread = dagsched_engine_get_thread (engine, NULL);
  g_autoptr (GArray) tickets = g_array_new (FALSE, FALSE, sizeof (DagschedTicket));

  g_return_if_fail (closing != DAGSCHED_CLOSING_NO);

  if (atomic_load (&engine->ended))
    return;

  /* First: tests that are cancelled from the next line on give it as their reason. */
  set_problem (engine, reason, NULL);
  if (!raise_closing (engine, closing))
    return;
  /* A function either sees that on its lane, or is seen there from here on. */
  dagsched_heavy_fence (engine->asymmetric);
  /* Who is to end has to run for it. */
  if (closing >= DAGSCHED_CLOSING_STOP)
    dagsched_engine_resume (engine);

  atomic_fetch_add (&engine->n_busy, 1);
  dagsched_engine_recall_delayed (thread);
  if (engine->ordered)
    {
      dagsched_dispatch_cancel (thread, tickets);
      stop_running (engine, tickets, closing);
      dagsched_dispatch_settle (thread, NULL, FALSE);
    }
  else
    {
      stop_lanes (engine, closing);
      dagsched_parking_lot_wake (&engine->lot, engine->params.n_lanes);
      dagsched_engine_leave_busy (engine);
    }
  dagsched_engine_check_end (thread);
}

/* Whoever it is: dagsched_engine_close() waits for it. */
static gboolean
enter_failing (DagschedEngine *engine)
{
  gboolean closed;

  g_mutex_lock (&engine->problem_lock);
  closed = engine->closed;
  if (!closed)
    engine->n_failing++;
  g_mutex_unlock (&engine->problem_lock);
  return !closed;
}

static void
leave_failing (DagschedEngine *engine)
{
  g_mutex_lock (&engine->problem_lock);
  if (--engine->n_failing == 0)
    g_cond_signal (&engine->nobody_fails);
  g_mutex_unlock (&engine->problem_lock);
}

void
dagsched_engine_fail (DagschedEngine *engine, GError *error)
{
  g_autofree char *message = g_strdup (error->message);

  set_problem (engine, message, error);
  if (!enter_failing (engine))
    return;

  dagsched_engine_cancel (engine, DAGSCHED_CLOSING_STOP, message);
  leave_failing (engine);
}

/* What each test that nothing will ever finish waits for: the first few of them. */
#define MAX_TOLD 10

/* Attempts under way are counted as busy: in a stall only one that was dropped still looks like one. */
static gboolean
was_dropped (DagschedEngine *engine, guint32 test)
{
  return dagsched_engine_get_state (engine, test) == DAGSCHED_STATE_RUNNING;
}

static void
tell_obstacle (DagschedEngine *engine, guint32 test, GString *text)
{
  g_autofree char *obstacle = NULL;

  g_string_append_printf (text, "\n  %s ", dagsched_test_get_name (engine->view->tests[test]));
  if (was_dropped (engine, test))
    {
      g_string_append (text, "was dropped by its executor");
      return;
    }

  obstacle = dagsched_engine_dup_obstacle (engine, test);
  g_string_append_printf (text, "waits for %s", obstacle);
}

/* Returns how many there are. */
static guint
tell_remaining (DagschedEngine *engine, gboolean dropped, guint *n_told, GString *text)
{
  guint n = 0;

  for (guint32 i = 0; i < engine->view->n_tests; i++)
    {
      if (dagsched_engine_get_state (engine, i) == DAGSCHED_STATE_FINISHED ||
          was_dropped (engine, i) != dropped)
        continue;
      n++;
      if (*n_told < MAX_TOLD)
        {
          tell_obstacle (engine, i, text);
          (*n_told)++;
        }
    }

  return n;
}

static char *
tell_stall (DagschedEngine *engine)
{
  GString *text = g_string_new (NULL);
  guint n_told = 0;
  guint n = tell_remaining (engine, TRUE, &n_told, text);

  /* First those that the others wait for. */
  n += tell_remaining (engine, FALSE, &n_told, text);
  if (n > n_told)
    g_string_append_printf (text, "\n  and %u more", n - n_told);
  g_string_prepend (text, n == 1 ? "stalled: 1 test can never finish:"
                                 : "stalled: tests remain that can never finish:");
  return g_string_free (text, FALSE);
}

static void
set_stall (DagschedEngine *engine)
{
  g_autofree char *text = tell_stall (engine);

  set_problem (engine, text, g_error_new_literal (DAGSCHED_ERROR, DAGSCHED_ERROR_STALLED, text));
  g_mutex_lock (&engine->problem_lock);
  engine->stall = g_steal_pointer (&text);
  g_mutex_unlock (&engine->problem_lock);
}

/* What was dropped is shown no more: its test finishes. */
static void
clear_lanes (DagschedEngine *engine)
{
  gint64 now = dagsched_monotonic_ns ();

  for (guint i = 0; i < engine->params.n_lanes; i++)
    {
      dagsched_lane_unshow (&engine->lanes[i], DAGSCHED_WORKER_STATE_PARKED);
      dagsched_lane_end_busy (&engine->lanes[i], now);
    }
}

static void
finish_remaining (DagschedEngineThread *thread)
{
  DagschedEngine *engine = thread->engine;

  /* All of them are finished here, so nothing is to follow from counting them down. */
  for (guint32 i = 0; i < engine->view->n_tests; i++)
    {
      DagschedCell *cell = &engine->tracker.cells[i];

      if (dagsched_load_acquire (&cell->state) != DAGSCHED_STATE_FINISHED)
        dagsched_store_relaxed (&cell->pending, G_MININT32 / 2);
    }
  for (guint32 i = 0; i < engine->view->n_tests; i++)
    {
      if (dagsched_load_acquire (&engine->tracker.cells[i].state) != DAGSCHED_STATE_FINISHED)
        dagsched_engine_finish (thread, i, DAGSCHED_OUTCOME_CANCELLED, 0, DAGSCHED_WHY_CANCELLED);
    }
}

void
dagsched_engine_stall (DagschedEngineThread *thread)
{
  DagschedEngine *engine = thread->engine;

  set_stall (engine);
  raise_closing (engine, DAGSCHED_CLOSING_KILL);
  if (engine->ordered)
    clear_lanes (engine);
  finish_remaining (thread);
  atomic_fetch_sub (&engine->n_busy, 1);
  dagsched_engine_check_end (thread);
}
