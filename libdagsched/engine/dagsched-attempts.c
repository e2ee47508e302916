/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Attempts: who may end one, what is recorded of it, and whether another follows. */
#include "base/dagsched-retry-private.h"
#include "engine/dagsched-engine-types-private.h"

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
         dagsched_cell_get_n_attempts (&engine->tracker.cells[test]) <= profile->retries &&
         dagsched_tracker_may_start (&engine->tracker, test);
}

static const DagschedProfile *
profile_of (DagschedEngine *engine, const DagschedTicket *ticket)
{
  return dagsched_plan_view_get_profile (engine->view, ticket->test);
}

/* An executor may know better than the lane. Without timestamps nobody does. */
static void
stamp (DagschedEngineThread *thread, DagschedAttemptRecord *record)
{
  DagschedEngine *engine = thread->engine;
  const DagschedResult *result = record->result;
  gint64 start_ns = result->start_ns;

  if (start_ns == 0)
    start_ns = dagsched_load_relaxed (&engine->lanes[record->lane].running_since);
  if (start_ns == 0)
    return;

  thread->now_ns = dagsched_monotonic_ns ();
  record->start_ns = dagsched_engine_time_of (engine, start_ns);
  record->end_ns = dagsched_engine_time_of (engine, result->end_ns != 0 ? result->end_ns : thread->now_ns);
}

static DagschedResult *
keep_result (DagschedResult *result)
{
  DagschedResult *kept = g_new (DagschedResult, 1);

  *kept = *result;
  *result = (DagschedResult) DAGSCHED_RESULT_INIT;
  return kept;
}

static void
tell_attempt (DagschedEngineThread *thread, DagschedAttemptRecord *record)
{
  DagschedEngine *engine = thread->engine;

  if (engine->hooks.attempt == NULL)
    return;

  engine->hooks.attempt (engine->hooks_data, record);
  /* That may have taken any time. */
  thread->now_ns = 0;
}

/* @record: NULL if it is a plain one. */
static void
emit_attempt (DagschedEngineThread *thread, guint32 test, const DagschedAttemptRecord *record, gint64 time_ns)
{
  if (dagsched_engine_is_watched (thread))
    dagsched_engine_emit (
      thread->engine, thread,
      &(DagschedEvent){ .kind = DAGSCHED_EVENT_ATTEMPT, .test = test, .record = record, .time_ns = time_ns });
}

void
dagsched_engine_record_plain (DagschedEngineThread *thread, const DagschedTicket *ticket)
{
  DagschedEngine *engine = thread->engine;
  DagschedPlainAttempt *plain = &engine->plain[ticket->test];
  DagschedAttemptRecord record;

  plain->start_ns =
    dagsched_engine_time_of (engine, dagsched_load_relaxed (&engine->lanes[ticket->lane].running_since));
  thread->now_ns = dagsched_monotonic_ns ();
  plain->end_ns = dagsched_engine_time_of (engine, thread->now_ns);
  plain->lane = ticket->lane;
  plain->attempt = ticket->attempt;

  if (engine->hooks.attempt != NULL)
    {
      dagsched_engine_get_plain_attempt (engine, ticket->test, &record);
      tell_attempt (thread, &record);
    }
  emit_attempt (thread, ticket->test, NULL, plain->end_ns);
}

static const DagschedAttemptRecord *
record_attempt (DagschedEngineThread *thread, const DagschedTicket *ticket, DagschedResult *result)
{
  DagschedEngine *engine = thread->engine;
  const DagschedProfile *profile = profile_of (engine, ticket);
  DagschedAttemptRecord *record = dagsched_record_table_append (&thread->records);

  record->previous = dagsched_tracker_get_last_attempt (&engine->tracker, ticket->test);
  record->test = ticket->test;
  record->attempt = ticket->attempt;
  record->lane = ticket->lane;
  record->log_offset = -1;
  record->result = keep_result (result);
  stamp (thread, record);
  record->outcome = judge (profile, record->result->outcome);
  record->will_retry = wants_retry (engine, profile, ticket->test, record->outcome);
  tell_attempt (thread, record);
  dagsched_tracker_set_last_attempt (&engine->tracker, ticket->test, record);
  emit_attempt (thread, ticket->test, record, record->end_ns);
  return record;
}

/* An attempt whose executor was lost does not count, but not for ever. */
static gboolean
forgive_loss (DagschedEngine *engine, const DagschedTicket *ticket, DagschedResult *result)
{
  DagschedCell *cell = &engine->tracker.cells[ticket->test];
  guint32 claim = dagsched_load_relaxed (&cell->claim);

  if (!result->lost || DAGSCHED_CLAIM_GET_N_LOST (claim) == DAGSCHED_MAX_LOST ||
      !dagsched_tracker_may_start (&engine->tracker, ticket->test))
    return FALSE;

  dagsched_store_relaxed (&cell->claim, claim + DAGSCHED_CLAIM_ONE_LOST);
  dagsched_result_clear (result);
  return TRUE;
}

static void
delay_retry (DagschedEngineThread *thread, const DagschedTicket *ticket, gint64 delay_ns)
{
  DagschedEngine *engine = thread->engine;

  atomic_fetch_add (&engine->n_busy, 1);
  dagsched_engine_make_ready (thread, ticket->test);
  dagsched_deadlines_add (engine->deadlines, DAGSCHED_DEADLINE_RETRY, ticket->test,
                          dagsched_run_clock_now (&engine->clock) +
                            dagsched_retry_delay_ns (delay_ns, ticket->attempt));

  /* A run that was cancelled just before has called those back who waited then: one sees the other. */
  if (atomic_load (&engine->tracker.closing) != DAGSCHED_CLOSING_NO)
    dagsched_engine_recall_delayed (thread);
}

static void
stop_after_failures (DagschedEngine *engine)
{
  guint max_failures = engine->params.max_failures;
  g_autofree char *reason = max_failures == 1
                              ? g_strdup ("stopped after the first failure (max-failures)")
                              : g_strdup_printf ("stopped after %u failures (max-failures)", max_failures);

  dagsched_engine_cancel (engine, DAGSCHED_CLOSING_SOFT, reason);
}

void
dagsched_engine_finish_by_attempt (DagschedEngineThread *thread,
                                   const DagschedTicket *ticket,
                                   DagschedOutcome outcome,
                                   DagschedFlags flags)
{
  DagschedEngine *engine = thread->engine;
  guint max_failures = engine->params.max_failures;

  dagsched_engine_finish (thread, ticket->test, outcome, flags, DAGSCHED_WHY_NONE);
  if (max_failures > 0 && dagsched_outcome_is_failure (outcome) &&
      atomic_load (&engine->n_failures) >= max_failures)
    stop_after_failures (engine);
}

/* What earlier attempts left behind or cut counts for the test as well. */
static DagschedFlags
collect_flags (DagschedEngine *engine,
               const DagschedTicket *ticket,
               DagschedOutcome outcome,
               DagschedFlags flags)
{
  const DagschedAttemptRecord *record;

  if (ticket->attempt == 1)
    return flags;

  record = dagsched_tracker_get_last_attempt (&engine->tracker, ticket->test);
  for (; record != NULL; record = record->previous)
    flags |= record->result->flags;
  return outcome == DAGSCHED_OUTCOME_PASSED ? flags | DAGSCHED_FLAGS_FLAKY : flags;
}

static void
finish_or_await (DagschedEngineThread *thread,
                 const DagschedTicket *ticket,
                 DagschedOutcome outcome,
                 DagschedFlags flags)
{
  flags = collect_flags (thread->engine, ticket, outcome, flags);
  if (!dagsched_holds_await (thread, ticket, outcome, flags))
    dagsched_engine_finish_by_attempt (thread, ticket, outcome, flags);
}

/* TRUE: the test is ready for its next attempt. */
static gboolean
conclude (DagschedEngineThread *thread, const DagschedTicket *ticket, DagschedResult *result)
{
  DagschedEngine *engine = thread->engine;
  const DagschedProfile *profile = profile_of (engine, ticket);
  const DagschedAttemptRecord *record;

  if (dagsched_result_is_plain (result, profile))
    {
      if (engine->records)
        dagsched_engine_record_plain (thread, ticket);
      finish_or_await (thread, ticket, DAGSCHED_OUTCOME_PASSED, 0);
      return FALSE;
    }

  record = record_attempt (thread, ticket, result);
  if (record->will_retry && profile->retry_delay_ns > 0)
    delay_retry (thread, ticket, profile->retry_delay_ns);
  else if (!record->will_retry)
    finish_or_await (thread, ticket, record->outcome, record->result->flags);

  return record->will_retry && profile->retry_delay_ns == 0;
}

void
dagsched_engine_end_attempt (DagschedEngineThread *thread,
                             const DagschedTicket *ticket,
                             DagschedResult *result)
{
  DagschedEngine *engine = thread->engine;
  gboolean again;

  thread->arms_late = TRUE;
  again = forgive_loss (engine, ticket, result) || conclude (thread, ticket, result);
  if (engine->ordered)
    {
      dagsched_lane_unshow (&engine->lanes[ticket->lane], DAGSCHED_WORKER_STATE_PARKED);
      dagsched_lane_end_busy (&engine->lanes[ticket->lane], dagsched_monotonic_ns ());
      dagsched_dispatch_settle (thread, ticket, again);
    }
  else
    {
      if (again)
        dagsched_number_list_push (&thread->scratch.ready, ticket->test);
      dagsched_worker_spread_ready (thread);
    }
  dagsched_engine_arm_late (thread);
  /* A worker tells of what it finished when it finds nothing more to do. */
  if (engine->ordered ? !thread->has_next : thread->lane == NULL)
    dagsched_engine_check_end (thread);
}

/* Not all of what a flood prints is for those who watch. */
#define MAX_OUTPUT_PENDING (4 * 1024 * 1024)

void
dagsched_engine_output (DagschedEngine *engine,
                        DagschedEngineThread *thread,
                        const DagschedTicket *ticket,
                        gboolean is_error,
                        const char *data,
                        gsize length,
                        guint64 n_written)
{
  DagschedEvent event = { .kind = DAGSCHED_EVENT_OUTPUT, .test = ticket->test, .is_error = is_error };

  if (!engine->hooks.wants_output (engine->hooks_data, ticket->test) ||
      atomic_load (&engine->output_pending) + (gint64) length > MAX_OUTPUT_PENDING)
    return;
  thread = dagsched_engine_get_thread (engine, thread);
  if (!dagsched_engine_is_watched (thread))
    return;

  atomic_fetch_add (&engine->output_pending, length);
  event.output = dagsched_output_new (data, length, n_written);
  event.time_ns = dagsched_engine_now (engine);
  dagsched_engine_emit (engine, thread, &event);
}
