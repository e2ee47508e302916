/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What others may look at while the engine works. */
#include "engine/dagsched-engine-types-private.h"

const DagschedPlanView *
dagsched_engine_get_view (DagschedEngine *engine)
{
  return engine->view;
}

DagschedState
dagsched_engine_get_state (DagschedEngine *engine, guint32 test)
{
  return dagsched_load_acquire (&engine->tracker.cells[test].state);
}

DagschedOutcome
dagsched_engine_get_outcome (DagschedEngine *engine, guint32 test)
{
  return engine->tracker.cells[test].outcome;
}

DagschedFlags
dagsched_engine_get_flags (DagschedEngine *engine, guint32 test)
{
  return engine->tracker.cells[test].flags;
}

guint32
dagsched_engine_get_blocked_by (DagschedEngine *engine, guint32 test)
{
  return dagsched_tracker_get_blocked_by (&engine->tracker, test);
}

guint
dagsched_engine_get_n_attempts (DagschedEngine *engine, guint32 test)
{
  return dagsched_cell_get_n_attempts (&engine->tracker.cells[test]);
}

void
dagsched_engine_get_plain_attempt (DagschedEngine *engine, guint32 test, DagschedAttemptRecord *record)
{
  /* Nobody writes to it: there is no output to be taken away. */
  static DagschedResult plain_result = { .outcome = DAGSCHED_OUTCOME_PASSED, .exit_status = -1 };
  const DagschedPlainAttempt *plain = &engine->plain[test];

  *record = (DagschedAttemptRecord){
    .previous = dagsched_tracker_get_last_attempt (&engine->tracker, test),
    .result = &plain_result,
    .start_ns = plain->start_ns,
    .end_ns = plain->end_ns,
    .log_offset = -1,
    .test = test,
    .attempt = plain->attempt,
    .lane = plain->lane,
    .outcome = DAGSCHED_OUTCOME_PASSED,
  };
}

gboolean
dagsched_engine_get_last_attempt (DagschedEngine *engine, guint32 test, DagschedAttemptRecord *record)
{
  const DagschedAttemptRecord *last;

  /* A plain one is the last; it may be half written until the test has finished. */
  if (engine->plain != NULL && dagsched_engine_get_state (engine, test) == DAGSCHED_STATE_FINISHED &&
      engine->plain[test].end_ns != 0)
    {
      dagsched_engine_get_plain_attempt (engine, test, record);
      return TRUE;
    }

  last = dagsched_tracker_get_last_attempt (&engine->tracker, test);
  if (last != NULL)
    *record = *last;
  return last != NULL;
}

static char *
dup_problem (DagschedEngine *engine)
{
  char *problem;

  g_mutex_lock (&engine->problem_lock);
  problem = g_strdup (engine->problem);
  g_mutex_unlock (&engine->problem_lock);
  return problem;
}

char *
dagsched_engine_dup_reason (DagschedEngine *engine, guint32 test)
{
  const DagschedCell *cell = &engine->tracker.cells[test];
  DagschedTest *object = engine->view->tests[test];
  const DagschedAttemptRecord *last = dagsched_tracker_get_last_attempt (&engine->tracker, test);
  guint32 blocked_by = dagsched_engine_get_blocked_by (engine, test);
  const char *other = NULL;

  if (blocked_by != DAGSCHED_NO_TEST)
    other = dagsched_test_get_name (engine->view->tests[blocked_by]);

  switch ((DagschedWhy) cell->why)
    {
    case DAGSCHED_WHY_DISABLED:
      return g_strdup_printf ("disabled: %s", dagsched_test_get_disabled (object));
    case DAGSCHED_WHY_DEFECT:
      return g_strdup (dagsched_test_get_defect (object));
    case DAGSCHED_WHY_BLOCKED:
      return g_strdup_printf ("blocked by %s (%s)", other,
                              dagsched_outcome_to_string (engine->tracker.cells[blocked_by].outcome));
    case DAGSCHED_WHY_NOT_NEEDED:
      return g_strdup_printf ("not needed: %s did not fail", other);
    case DAGSCHED_WHY_FIXTURE_NOT_RUN:
      return g_strdup ("not needed: its fixture did not run");
    case DAGSCHED_WHY_CANCELLED:
      return dup_problem (engine);
    case DAGSCHED_WHY_NONE:
    default:
      /* One that plainly passed has no reason, whatever those before it had. */
      return last != NULL && dagsched_cell_get_n_attempts (&engine->tracker.cells[test]) == last->attempt
               ? g_strdup (last->result->reason)
               : NULL;
    }
}

gboolean
dagsched_engine_has_ended (DagschedEngine *engine)
{
  return atomic_load (&engine->ended);
}

const char *
dagsched_engine_get_stall (DagschedEngine *engine)
{
  const char *stall;

  g_mutex_lock (&engine->problem_lock);
  stall = engine->stall;
  g_mutex_unlock (&engine->problem_lock);
  return stall;
}

const char *
dagsched_engine_get_problem (DagschedEngine *engine, const GError **error)
{
  const char *problem;

  g_mutex_lock (&engine->problem_lock);
  problem = engine->problem;
  if (error != NULL)
    *error = engine->error;
  g_mutex_unlock (&engine->problem_lock);
  return problem;
}

gint64
dagsched_engine_get_elapsed_ns (DagschedEngine *engine)
{
  gint64 end_ns = atomic_load (&engine->end_ns);

  if (engine->start_ns == 0)
    return 0;

  return dagsched_engine_time_of (engine, end_ns != 0 ? end_ns : dagsched_monotonic_ns ());
}

void
dagsched_engine_look_at_lane (DagschedEngine *engine, guint32 lane, DagschedLaneView *view)
{
  DagschedLane *self = &engine->lanes[lane];
  gint64 since = dagsched_load_relaxed (&self->busy_since);

  view->state = dagsched_load_relaxed (&self->state);
  view->test = dagsched_load_relaxed (&self->shown);
  view->busy_ns = dagsched_load_relaxed (&self->busy_ns);
  if (since != 0)
    view->busy_ns +=
      MAX (dagsched_run_clock_now (&engine->clock) - dagsched_run_clock_at (&engine->clock, since), 0);
}

#define SUM(field) counters->field += dagsched_load_relaxed (&thread->counters.field)

void
dagsched_engine_count (DagschedEngine *engine, DagschedCounters *counters)
{
  *counters = (DagschedCounters){ 0 };

  g_mutex_lock (&engine->threads_lock);
  for (guint i = 0; i < engine->threads->len; i++)
    {
      DagschedEngineThread *thread = g_ptr_array_index (engine->threads, i);

      SUM (n_wakeups_injected);
      SUM (n_wakeups_stolen);
      SUM (n_wakeups_ready);
      SUM (n_wakeups_released);
      SUM (n_wakeups_spurious);
      SUM (n_parks);
      SUM (n_steals_tried);
      SUM (n_steals_won);
      SUM (n_tests_stolen);
      SUM (n_injected);
      dagsched_histogram_view_add (&counters->start_latency, &thread->start_latency);
      dagsched_histogram_view_add (&counters->wake_latency, &thread->wake_latency);
      counters->n_lapses += dagsched_load_relaxed (&thread->ring.n_missed);
    }
  g_mutex_unlock (&engine->threads_lock);
}

/* The ring whose oldest event is the oldest of all. */
static DagschedEventRing *
find_oldest (GPtrArray *threads)
{
  DagschedEventRing *oldest = NULL;
  gint64 oldest_ns = G_MAXINT64;

  for (guint i = 0; i < threads->len; i++)
    {
      DagschedEngineThread *thread = g_ptr_array_index (threads, i);
      const DagschedEvent *event = dagsched_event_ring_peek (&thread->ring);

      if (event != NULL && event->time_ns < oldest_ns)
        {
          oldest = &thread->ring;
          oldest_ns = event->time_ns;
        }
    }

  return oldest;
}

static GPtrArray *
dup_threads (DagschedEngine *engine)
{
  GPtrArray *threads;

  g_mutex_lock (&engine->threads_lock);
  threads = g_ptr_array_sized_new (engine->threads->len);
  for (guint i = 0; i < engine->threads->len; i++)
    g_ptr_array_add (threads, g_ptr_array_index (engine->threads, i));
  g_mutex_unlock (&engine->threads_lock);
  return threads;
}

gboolean
dagsched_engine_peek (DagschedEngine *engine, guint32 test, DagschedOutputs *outputs)
{
  return engine->executor != NULL && engine->executor->peek != NULL &&
         engine->executor->peek (engine->executor_data, test, outputs);
}

/* What was missed until now is seen here; whoever misses something from here on finds its ring open. */
static gboolean
take_lapses (DagschedEngine *engine, GPtrArray *threads)
{
  gboolean opened = FALSE, lapsed = FALSE;

  for (guint i = 0; i < threads->len; i++)
    {
      DagschedEngineThread *thread = g_ptr_array_index (threads, i);

      opened |= dagsched_event_ring_open (&thread->ring);
    }
  if (opened)
    dagsched_heavy_fence (engine->asymmetric);
  for (guint i = 0; i < threads->len; i++)
    {
      DagschedEngineThread *thread = g_ptr_array_index (threads, i);

      lapsed |= dagsched_event_ring_take_lapse (&thread->ring);
    }

  return lapsed;
}

DagschedDrain
dagsched_engine_drain (DagschedEngine *engine,
                       gint64 budget_ns,
                       DagschedEventFunc func,
                       gpointer data,
                       guint *n_drained,
                       gboolean *lapsed)
{
  g_autoptr (GPtrArray) threads = NULL;
  gint64 deadline = dagsched_monotonic_ns () + budget_ns;
  DagschedEventRing *ring;

  /* First of all: what is pushed from here on arms the next drain. */
  atomic_store (&engine->armed, 0);
  DAGSCHED_FENCE ();
  threads = dup_threads (engine);
  *lapsed = FALSE;

  for (*n_drained = 0; (ring = find_oldest (threads)) != NULL;)
    {
      const DagschedEvent *event = dagsched_event_ring_peek (ring);

      if (event->kind == DAGSCHED_EVENT_OUTPUT)
        atomic_fetch_sub (&engine->output_pending, g_bytes_get_size (event->output->bytes));
      func (data, event);
      dagsched_event_ring_drop (ring);
      if (++*n_drained % 32 == 0 && dagsched_monotonic_ns () > deadline)
        return DAGSCHED_DRAIN_MORE;
    }

  /* Only now that they are empty: see there. */
  *lapsed = take_lapses (engine, threads);
  return DAGSCHED_DRAIN_EMPTY;
}
