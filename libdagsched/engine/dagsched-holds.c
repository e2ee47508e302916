/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Fixtures: each is held by those who need it, and by itself until it has finished. Who gives up the
 * last hold with an attempt of its own finishes only once nothing of the fixture is left: what depends
 * on a cleanup, or repeats the fixture, must not meet it. */
#include "engine/dagsched-engine-types-private.h"

/* A test that has ended and waits for the fixtures that it was the last to hold. */
typedef struct
{
  DagschedTicket ticket;
  DagschedOutcome outcome;
  DagschedFlags flags;
  _Atomic guint n_left; /* fixtures, and whoever makes this */
} Pending;

void
dagsched_holds_init (DagschedEngine *engine)
{
  const DagschedPlanView *view = engine->view;

  g_mutex_init (&engine->releasing_lock);
  engine->releasing = g_hash_table_new (NULL, NULL);
  for (guint32 i = 0; view->n_holders != NULL && i < view->n_tests; i++)
    {
      if (dagsched_test_get_fixture (view->tests[i]))
        atomic_fetch_add (&engine->tracker.n_holders[i], 1);
    }
}

void
dagsched_holds_clear (DagschedEngine *engine)
{
  g_mutex_clear (&engine->releasing_lock);
  g_hash_table_unref (engine->releasing);
}

/* Whether that was the last hold on something that an executor may have kept. */
static gboolean
drop_hold (DagschedEngine *engine, guint32 fixture)
{
  return atomic_fetch_sub (&engine->tracker.n_holders[fixture], 1) == 1 &&
         dagsched_cell_get_n_attempts (&engine->tracker.cells[fixture]) > 0 && engine->executor != NULL &&
         dagsched_plan_view_get_profile (engine->view, fixture)->kind == DAGSCHED_KIND_PROCESS;
}

/* Appends those that nobody holds any more. */
static void
drop_holds_of (DagschedEngine *engine, guint32 test, GArray *released)
{
  const DagschedPlanView *view = engine->view;

  engine->tracker.holds_nothing[test] = TRUE;
  for (guint32 i = view->first_held[test]; i < view->first_held[test + 1]; i++)
    {
      if (drop_hold (engine, view->held[i]))
        g_array_append_val (released, view->held[i]);
    }
  if (dagsched_test_get_fixture (view->tests[test]) && drop_hold (engine, test))
    g_array_append_val (released, test);
}

static void
release_all (DagschedEngine *engine, GArray *released)
{
  for (guint i = 0; i < released->len; i++)
    engine->executor->release (engine->executor_data, g_array_index (released, guint32, i));
}

void
dagsched_holds_drop (DagschedEngineThread *thread, guint32 test)
{
  DagschedEngine *engine = thread->engine;
  g_autoptr (GArray) released = NULL;

  if (engine->view->n_holders == NULL || engine->tracker.holds_nothing[test])
    return;

  released = g_array_new (FALSE, FALSE, sizeof (guint32));
  drop_holds_of (engine, test, released);
  release_all (engine, released);
}

static void
expect_all (DagschedEngine *engine, GArray *released, Pending *pending)
{
  g_mutex_lock (&engine->releasing_lock);
  for (guint i = 0; i < released->len; i++)
    g_hash_table_insert (engine->releasing, GUINT_TO_POINTER (g_array_index (released, guint32, i)), pending);
  g_mutex_unlock (&engine->releasing_lock);
}

gboolean
dagsched_holds_await (DagschedEngineThread *thread,
                      const DagschedTicket *ticket,
                      DagschedOutcome outcome,
                      DagschedFlags flags)
{
  DagschedEngine *engine = thread->engine;
  g_autoptr (GArray) released = NULL;
  Pending *pending;

  if (engine->view->n_holders == NULL)
    return FALSE;

  released = g_array_new (FALSE, FALSE, sizeof (guint32));
  drop_holds_of (engine, ticket->test, released);
  if (released->len == 0)
    return FALSE;

  pending = g_new (Pending, 1);
  pending->ticket = *ticket;
  pending->outcome = outcome;
  pending->flags = flags;
  atomic_init (&pending->n_left, released->len + 1);
  expect_all (engine, released, pending);
  atomic_fetch_add (&engine->n_busy, 1);
  release_all (engine, released);
  if (atomic_fetch_sub (&pending->n_left, 1) > 1)
    return TRUE;

  /* There was nothing to wait for. */
  atomic_fetch_sub (&engine->n_busy, 1);
  g_free (pending);
  return FALSE;
}

void
dagsched_engine_released (DagschedEngine *engine, DagschedEngineThread *thread, guint32 fixture)
{
  gpointer key = GUINT_TO_POINTER (fixture);
  Pending *pending;

  g_mutex_lock (&engine->releasing_lock);
  pending = g_hash_table_lookup (engine->releasing, key);
  g_hash_table_remove (engine->releasing, key);
  g_mutex_unlock (&engine->releasing_lock);

  if (pending == NULL || atomic_fetch_sub (&pending->n_left, 1) > 1)
    return;

  thread = dagsched_engine_get_thread (engine, thread);
  dagsched_engine_finish_by_attempt (thread, &pending->ticket, pending->outcome, pending->flags);
  g_free (pending);
  /* Its count of n_busy goes with this. */
  dagsched_dispatch_settle (thread, NULL, FALSE);
  dagsched_engine_check_end (thread);
}
