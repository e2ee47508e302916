/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Attempts: who may end one, what is recorded of it, and whether another follows. */
#include "base/dagsched-retry-private.h"
#include "engine/dagsched-engine-types-private.h"

#define CLAIM_GENERATION(claim) ((claim) & ~DAGSCHED_CLAIM_RUNNING)

void
dagsched_engine_begin_attempt (DagschedEngine *engine, guint32 test, guint32 lane, DagschedTicket *ticket)
{
  DagschedCell *cell = &engine->tracker.cells[test];
  guint32 generation = CLAIM_GENERATION (dagsched_load_relaxed (&cell->claim) + 1);

  dagsched_store_relaxed (&cell->n_attempts, dagsched_load_relaxed (&cell->n_attempts) + 1);
  *ticket = (DagschedTicket){
    .test = test, .generation = generation, .attempt = dagsched_load_relaxed (&cell->n_attempts), .lane = lane
  };
  dagsched_store_release (&cell->claim, generation | DAGSCHED_CLAIM_RUNNING);
  dagsched_store_release (&cell->state, DAGSCHED_STATE_RUNNING);
}

gboolean
dagsched_engine_claim (DagschedEngine *engine, const DagschedTicket *ticket)
{
  guint32 running = ticket->generation | DAGSCHED_CLAIM_RUNNING;

  return atomic_compare_exchange_strong (&engine->tracker.cells[ticket->test].claim, &running,
                                         ticket->generation);
}

static DagschedOutcome
judge (const DagschedProfile *profile, DagschedOutcome outcome)
{
  if (profile->expected_failure && outcome == DAGSCHED_OUTCOME_FAILED)
    return DAGSCHED_OUTCOME_EXPECTED_FAILURE;
  if (profile->expected_failure && outcome == DAGSCHED_OUTCOME_PASSED)
    return DAGSCHED_OUTCOME_UNEXPECTED_PASS;

  return outcome;
}

static gboolean
wants_retry (DagschedEngine *engine, const DagschedProfile *profile, guint32 test, DagschedOutcome outcome)
{
  return dagsched_outcome_is_failure (outcome) && outcome != DAGSCHED_OUTCOME_UNEXPECTED_PASS &&
         engine->tracker.cells[test].n_attempts <= MIN (profile->retries, G_MAXUINT16 - 1) &&
         dagsched_tracker_may_start (&engine->tracker, test);
}

static void
stamp (DagschedEngine *engine, DagschedAttemptRecord *record, guint32 lane)
{
  gint64 since = dagsched_load_relaxed (&engine->lanes[lane].running_since);
  DagschedResult *result = &record->result;

  record->start_ns = (result->start_ns != 0 ? result->start_ns : since) - engine->start_ns;
  record->end_ns = (result->end_ns != 0 ? result->end_ns : dagsched_monotonic_ns ()) - engine->start_ns;
}

static DagschedAttemptRecord *
record_attempt (DagschedEngineThread *thread, const DagschedTicket *ticket, DagschedResult *result)
{
  DagschedEngine *engine = thread->engine;
  const DagschedProfile *profile = &engine->view->profiles[engine->view->profile[ticket->test]];
  DagschedCell *cell = &engine->tracker.cells[ticket->test];
  DagschedAttemptRecord *record = dagsched_record_table_append (&thread->records);
  DagschedEvent event = { .kind = DAGSCHED_EVENT_ATTEMPT, .test = ticket->test, .record = record };

  record->previous = dagsched_load_relaxed (&cell->last);
  record->test = ticket->test;
  record->attempt = ticket->attempt;
  record->lane = ticket->lane;
  record->log_offset = -1;
  record->result = *result;
  *result = (DagschedResult) DAGSCHED_RESULT_INIT;
  stamp (engine, record, ticket->lane);
  record->outcome = judge (profile, record->result.outcome);
  record->will_retry = wants_retry (engine, profile, ticket->test, record->outcome);
  engine->hooks.attempt (engine->hooks_data, record);
  dagsched_store_release (&cell->last, record);

  event.time_ns = record->end_ns;
  dagsched_engine_emit (engine, thread, &event);
  return record;
}

/* An attempt whose executor was lost does not count, but not for ever. */
static gboolean
forgive_loss (DagschedEngine *engine, const DagschedTicket *ticket, DagschedResult *result)
{
  DagschedCell *cell = &engine->tracker.cells[ticket->test];

  if (!result->lost || ++cell->n_lost > DAGSCHED_MAX_LOST ||
      !dagsched_tracker_may_start (&engine->tracker, ticket->test))
    return FALSE;

  dagsched_store_relaxed (&cell->n_attempts, dagsched_load_relaxed (&cell->n_attempts) - 1);
  dagsched_result_clear (result);
  return TRUE;
}

static void
delay_retry (DagschedEngineThread *thread, const DagschedTicket *ticket, gint64 delay_ns)
{
  DagschedEngine *engine = thread->engine;

  atomic_fetch_add (&engine->n_busy, 1);
  dagsched_engine_make_ready (engine, thread, ticket->test);
  dagsched_deadlines_add (engine->deadlines, DAGSCHED_DEADLINE_RETRY, ticket->test,
                          dagsched_monotonic_ns () + dagsched_retry_delay_ns (delay_ns, ticket->attempt));

  /* A run that was cancelled just before has called those back who waited then: one sees the other. */
  if (atomic_load (&engine->tracker.closing) != DAGSCHED_CLOSING_NO)
    dagsched_engine_recall_delayed (thread);
}

void
dagsched_engine_finish_by_attempt (DagschedEngineThread *thread,
                                   const DagschedTicket *ticket,
                                   const DagschedAttemptRecord *record)
{
  DagschedEngine *engine = thread->engine;
  DagschedFlags flags = record->result.flags;

  /* What earlier attempts left behind or cut counts for the test as well. */
  for (const DagschedAttemptRecord *r = record->previous; r != NULL; r = r->previous)
    flags |= r->result.flags;
  if (record->outcome == DAGSCHED_OUTCOME_PASSED && ticket->attempt > 1)
    flags |= DAGSCHED_FLAGS_FLAKY;
  dagsched_engine_finish (thread, ticket->test, record->outcome, flags, DAGSCHED_WHY_NONE);

  if (engine->params.max_failures > 0 && dagsched_outcome_is_failure (record->outcome) &&
      atomic_load (&engine->n_failures) >= engine->params.max_failures)
    {
      g_autofree char *reason =
        engine->params.max_failures == 1
          ? g_strdup ("stopped after the first failure (max-failures)")
          : g_strdup_printf ("stopped after %u failures (max-failures)", engine->params.max_failures);

      dagsched_engine_cancel (engine, DAGSCHED_CLOSING_SOFT, reason);
    }
}

void
dagsched_engine_end_attempt (DagschedEngineThread *thread,
                             const DagschedTicket *ticket,
                             DagschedResult *result)
{
  DagschedEngine *engine = thread->engine;
  gint64 delay_ns = engine->view->profiles[engine->view->profile[ticket->test]].retry_delay_ns;
  gboolean again = FALSE;

  if (forgive_loss (engine, ticket, result))
    again = TRUE;
  else
    {
      const DagschedAttemptRecord *record = record_attempt (thread, ticket, result);

      if (record->will_retry && delay_ns > 0)
        delay_retry (thread, ticket, delay_ns);
      else if (record->will_retry)
        again = TRUE;
      else if (!dagsched_holds_await (thread, ticket, record))
        dagsched_engine_finish_by_attempt (thread, ticket, record);
    }
  dagsched_lane_unshow (&engine->lanes[ticket->lane]);

  if (engine->ordered)
    dagsched_dispatch_settle (thread, ticket, again);
  else
    {
      if (again)
        g_array_append_val (thread->scratch.ready, ticket->test);
      dagsched_worker_spread_ready (thread);
    }
  dagsched_engine_check_end (engine);
}

void
dagsched_engine_complete (DagschedEngine *engine,
                          DagschedEngineThread *thread,
                          const DagschedTicket *ticket,
                          DagschedResult *result)
{
  if (!dagsched_engine_claim (engine, ticket))
    {
      dagsched_result_clear (result);
      return;
    }

  dagsched_engine_end_attempt (dagsched_engine_get_thread (engine, thread), ticket, result);
}

/* Not all of what a flood prints is for those who watch. */
#define MAX_OUTPUT_PENDING (4 * 1024 * 1024)

void
dagsched_engine_output (DagschedEngine *engine,
                        DagschedEngineThread *thread,
                        const DagschedTicket *ticket,
                        gboolean is_error,
                        const char *data,
                        gsize length)
{
  DagschedEvent event = { .kind = DAGSCHED_EVENT_OUTPUT, .test = ticket->test, .is_error = is_error };

  if (!engine->hooks.wants_output (engine->hooks_data, ticket->test) ||
      atomic_load (&engine->output_pending) + (gint64) length > MAX_OUTPUT_PENDING)
    return;

  atomic_fetch_add (&engine->output_pending, length);
  event.output = g_bytes_new (data, length);
  event.time_ns = dagsched_engine_now (engine);
  dagsched_engine_emit (engine, dagsched_engine_get_thread (engine, thread), &event);
}
