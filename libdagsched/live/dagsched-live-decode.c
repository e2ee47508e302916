/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "live/dagsched-live-decode-private.h"

#include <math.h>
#include <string.h>

#include "model/dagsched-attempt-private.h"

/* Reads from the start of a payload on. What is not there is nothing, and @bad from then on. */
typedef struct
{
  const guint8 *position;
  gsize left;
  gboolean bad;
} Reader;

static gconstpointer
take (Reader *self, guint64 count, gsize size)
{
  gconstpointer taken = self->position;

  self->bad |= count > self->left / size;
  if (self->bad)
    return NULL;

  self->position += count * size;
  self->left -= count * size;
  return taken;
}

/* @length bytes without a NUL; NULL for none. */
static char *
take_text (Reader *self, guint64 length)
{
  const char *text = take (self, length, 1);

  self->bad |= text != NULL && !g_utf8_validate (text, (gssize) length, NULL);
  return self->bad || length == 0 ? NULL : g_strndup (text, length);
}

static gboolean
is_read (const Reader *self)
{
  return !self->bad && self->left == 0;
}

/* NaN is neither. */
static gboolean
is_time (double seconds)
{
  return seconds >= 0 && seconds <= G_MAXINT32;
}

void
dagsched_live_known_clear (DagschedLiveKnown *known)
{
  g_clear_pointer (&known->name, g_free);
  g_clear_pointer (&known->log_path, g_free);
}

gboolean
dagsched_live_decode_info (gconstpointer data, gsize length, DagschedLiveKnown *known)
{
  Reader reader = { data, length };
  const guint32 *identity = take (&reader, 2, sizeof (guint32));
  DagschedLiveInfoRecord record;
  DagschedLiveKnown found = { 0 };

  if (identity == NULL)
    return FALSE;
  found.magic = identity[0];
  found.version = identity[1];
  if (found.magic != DAGSCHED_LIVE_MAGIC || found.version != DAGSCHED_LIVE_VERSION)
    {
      *known = found;
      return TRUE;
    }

  if (length < sizeof record)
    return FALSE;
  memcpy (&record, data, sizeof record);
  take (&reader, 1, sizeof record - 2 * sizeof (guint32));
  found.started_at = record.started_at;
  found.n_tests = record.n_tests;
  found.pid = record.pid;
  found.name = take_text (&reader, record.name_length);
  found.log_path = take_text (&reader, record.log_length);
  if (is_read (&reader) && record.started_at >= 0 && record.pid > 0 &&
      record.n_tests <= DAGSCHED_LIVE_MAX_TESTS)
    {
      *known = found;
      return TRUE;
    }

  dagsched_live_known_clear (&found);
  return FALSE;
}

/* @n of a test. */
static gboolean
check_plan_texts (Reader *texts, guint64 n)
{
  for (guint64 i = 0; i < n; i++)
    {
      const char *text = (const char *) texts->position;
      const char *end = texts->left > 0 ? memchr (text, '\0', texts->left) : NULL;

      if (end == NULL || !g_utf8_validate (text, end - text, NULL))
        return FALSE;
      take (texts, (guint64) (end - text) + 1, 1);
    }

  return TRUE;
}

static gboolean
check_dependencies (const DagschedLivePlan *plan)
{
  for (guint32 i = 0; i < plan->header->n_dependencies; i++)
    {
      if (DAGSCHED_LIVE_NUMBER (plan->dependencies[i]) >= plan->header->n_tests ||
          DAGSCHED_LIVE_CONDITION (plan->dependencies[i]) > DAGSCHED_CONDITION_FAILURE)
        return FALSE;
    }

  return TRUE;
}

static gboolean
check_plan (const DagschedLivePlan *plan)
{
  Reader texts = { (const guint8 *) plan->texts, plan->header->text_size };
  guint64 n_dependencies = 0;

  for (guint32 i = 0; i < plan->header->n_tests; i++)
    {
      const DagschedLivePlanTest *test = &plan->tests[i];

      /* The name, the suites, the labels. */
      if (!is_time (test->expected_duration) || !is_time (test->weight) ||
          !check_plan_texts (&texts, 1 + (guint64) test->n_suites + test->n_labels))
        return FALSE;
      n_dependencies += test->n_dependencies;
    }

  return is_read (&texts) && n_dependencies == plan->header->n_dependencies && check_dependencies (plan);
}

gboolean
dagsched_live_decode_plan (GBytes *bytes, DagschedLivePlan *plan)
{
  DagschedLivePlan found = { .bytes = bytes };
  Reader reader = { 0 };

  reader.position = g_bytes_get_data (bytes, &reader.left);
  found.header = take (&reader, 1, sizeof *found.header);
  if (found.header == NULL || found.header->n_tests > DAGSCHED_LIVE_MAX_TESTS ||
      found.header->n_workers > DAGSCHED_LIVE_MAX_WORKERS)
    return FALSE;
  found.tests = take (&reader, found.header->n_tests, sizeof *found.tests);
  found.dependencies = take (&reader, found.header->n_dependencies, sizeof *found.dependencies);
  found.texts = take (&reader, found.header->text_size, 1);
  if (!is_read (&reader) || !check_plan (&found))
    return FALSE;

  *plan = found;
  return TRUE;
}

static gboolean
check_spans (const DagschedLiveChanges *changes)
{
  for (guint32 i = 0; i < changes->header->n_spans; i++)
    {
      const DagschedLiveSpan *span = &changes->spans[i];

      if (!is_time (span->start) || !is_time (span->duration) || span->outcome >= DAGSCHED_N_OUTCOMES ||
          span->outcome == DAGSCHED_OUTCOME_NONE || span->attempt == 0 || span->will_retry > 1)
        return FALSE;
    }

  return TRUE;
}

static gboolean
check_workers (const DagschedLiveChanges *changes, guint32 n_tests, guint32 n_workers)
{
  for (guint32 i = 0; i < changes->header->n_workers; i++)
    {
      const DagschedLiveWorker *worker = &changes->workers[i];
      gboolean has_test = worker->test != DAGSCHED_RUN_NO_TEST;

      if (worker->number >= n_workers || !is_time (worker->since) || !isfinite (worker->utilization) ||
          !isfinite (worker->recent) || worker->state > DAGSCHED_WORKER_STATE_RUNNING ||
          (has_test && (worker->test >= n_tests || worker->state != DAGSCHED_WORKER_STATE_RUNNING)))
        return FALSE;
    }

  return TRUE;
}

#define ALL_FLAGS (DAGSCHED_FLAGS_FLAKY | DAGSCHED_FLAGS_LEAKED | DAGSCHED_FLAGS_TRUNCATED)

static gboolean
check_test (const DagschedLiveTest *test, guint32 n_tests)
{
  gboolean finished = test->state == DAGSCHED_STATE_FINISHED;
  gboolean has_outcome = test->outcome != DAGSCHED_OUTCOME_NONE;

  return test->number < n_tests && test->state <= DAGSCHED_STATE_FINISHED &&
         test->outcome < DAGSCHED_N_OUTCOMES && finished == has_outcome && (test->flags & ~ALL_FLAGS) == 0 &&
         (test->blocked_by < n_tests || test->blocked_by == DAGSCHED_RUN_NO_TEST) &&
         test->blocked_by != test->number;
}

static gboolean
check_tests (const DagschedLiveChanges *changes, guint32 n_tests, gboolean all)
{
  Reader texts = { (const guint8 *) changes->texts, changes->header->text_size };
  guint64 n_spans = 0;

  for (guint32 i = 0; i < changes->header->n_tests; i++)
    {
      const DagschedLiveTest *test = &changes->tests[i];
      const char *reason = take (&texts, test->reason_length, 1);

      if (!check_test (test, n_tests) || (all && test->number != i) || reason == NULL ||
          !g_utf8_validate (reason, test->reason_length, NULL))
        return FALSE;
      n_spans += test->n_spans;
    }

  return is_read (&texts) && n_spans == changes->header->n_spans &&
         (!all || changes->header->n_tests == n_tests);
}

gboolean
dagsched_live_decode_changes (GBytes *bytes,
                              guint32 n_tests,
                              guint32 n_workers,
                              gboolean all,
                              DagschedLiveChanges *changes)
{
  DagschedLiveChanges found = { .bytes = bytes };
  Reader reader = { 0 };

  reader.position = g_bytes_get_data (bytes, &reader.left);
  found.header = take (&reader, 1, sizeof *found.header);
  if (found.header == NULL || found.header->started_at < 0 || found.header->started_us < 0)
    return FALSE;
  found.spans = take (&reader, found.header->n_spans, sizeof *found.spans);
  found.workers = take (&reader, found.header->n_workers, sizeof *found.workers);
  found.tests = take (&reader, found.header->n_tests, sizeof *found.tests);
  found.texts = take (&reader, found.header->text_size, 1);
  if (!is_read (&reader) || !check_spans (&found) || !check_workers (&found, n_tests, n_workers) ||
      !check_tests (&found, n_tests, all))
    return FALSE;

  *changes = found;
  return TRUE;
}

void
dagsched_live_end_clear (DagschedLiveEnd *end)
{
  g_clear_pointer (&end->problem, g_free);
  g_clear_pointer (&end->stall, g_free);
}

gboolean
dagsched_live_decode_end (gconstpointer data, gsize length, DagschedLiveEnd *end)
{
  Reader reader = { data, length };
  DagschedLiveEndRecord record;
  DagschedLiveEnd found = { 0 };

  if (take (&reader, 1, sizeof record) == NULL)
    return FALSE;
  memcpy (&record, data, sizeof record);
  found.elapsed = record.elapsed;
  found.verdict = record.verdict;
  found.problem = take_text (&reader, record.problem_length);
  found.stall = take_text (&reader, record.stall_length);
  if (is_read (&reader) && is_time (record.elapsed) && record.verdict > DAGSCHED_VERDICT_NONE &&
      record.verdict <= DAGSCHED_VERDICT_INCOMPLETE)
    {
      *end = found;
      return TRUE;
    }

  dagsched_live_end_clear (&found);
  return FALSE;
}

static GBytes *
take_bytes (Reader *self, GBytes *whole, guint64 length)
{
  const guint8 *data = take (self, length, 1);

  return data == NULL ? NULL
                      : g_bytes_new_from_bytes (
                          whole, (gsize) (data - (const guint8 *) g_bytes_get_data (whole, NULL)), length);
}

static gboolean
check_attempt (const DagschedLiveAttempt *record)
{
  return is_time (record->start) && is_time (record->duration) && record->outcome < DAGSCHED_N_OUTCOMES &&
         record->outcome != DAGSCHED_OUTCOME_NONE && (record->flags & ~ALL_FLAGS) == 0 &&
         record->will_retry <= 1 && record->exit_status >= -1 && record->term_signal >= 0 &&
         record->term_signal <= 1024;
}

/* What was there and was empty is not the same as what was not. */
static void
clear_absent (const DagschedLiveAttempt *record, DagschedResult *result)
{
  if (!(record->has & DAGSCHED_LIVE_HAS_OUTPUT))
    g_clear_pointer (&result->standard_output, g_bytes_unref);
  if (!(record->has & DAGSCHED_LIVE_HAS_ERROR))
    g_clear_pointer (&result->standard_error, g_bytes_unref);
  if (record->has & DAGSCHED_LIVE_HAS_REASON && result->reason == NULL)
    result->reason = g_strdup ("");
}

static DagschedAttempt *
take_attempt (Reader *reader, GBytes *whole)
{
  DagschedResult result = DAGSCHED_RESULT_INIT;
  DagschedLiveAttempt record;
  gconstpointer taken = take (reader, 1, sizeof record);

  if (taken == NULL)
    return NULL;
  memcpy (&record, taken, sizeof record);
  if (!check_attempt (&record))
    return NULL;

  result.outcome = record.outcome;
  result.flags = record.flags;
  result.exit_status = record.exit_status;
  result.term_signal = record.term_signal;
  result.reason = take_text (reader, record.reason_length);
  result.artifacts = take_text (reader, record.artifacts_length);
  result.standard_output = take_bytes (reader, whole, record.output_length);
  result.standard_error = take_bytes (reader, whole, record.error_length);
  clear_absent (&record, &result);
  if (reader->bad)
    {
      dagsched_result_clear (&result);
      return NULL;
    }

  return dagsched_attempt_new (record.number, record.worker, record.outcome, record.start, record.duration,
                               record.will_retry, &result);
}

gboolean
dagsched_live_decode_details (GBytes *bytes, DagschedLiveDetails *details)
{
  g_autoptr (GPtrArray) attempts = g_ptr_array_new_with_free_func (g_object_unref);
  Reader reader = { 0 };
  const DagschedLiveDetailsHeader *header;
  const char *settings;

  reader.position = g_bytes_get_data (bytes, &reader.left);
  header = take (&reader, 1, sizeof *header);
  if (header == NULL)
    return FALSE;
  settings = take (&reader, header->settings_length, 1);
  for (guint32 i = 0; i < header->n_attempts; i++)
    {
      DagschedAttempt *attempt = take_attempt (&reader, bytes);

      if (attempt == NULL)
        return FALSE;
      g_ptr_array_add (attempts, attempt);
    }
  if (!is_read (&reader))
    return FALSE;

  details->settings = settings;
  details->settings_length = header->settings_length;
  details->attempts = g_steal_pointer (&attempts);
  return TRUE;
}

DagschedOutputs *
dagsched_live_decode_written (GBytes *bytes)
{
  DagschedOutputs *outputs = dagsched_outputs_new ();
  Reader reader = { 0 };
  const DagschedLiveWrittenHeader *header;

  reader.position = g_bytes_get_data (bytes, &reader.left);
  header = take (&reader, 1, sizeof *header);
  for (guint i = 0; header != NULL && i < G_N_ELEMENTS (outputs->streams); i++)
    {
      outputs->streams[i].n_written = header->n_written[i];
      if (header->lengths[i] > 0)
        outputs->streams[i].bytes = take_bytes (&reader, bytes, header->lengths[i]);
    }
  if (is_read (&reader))
    return outputs;

  dagsched_outputs_free (outputs);
  return NULL;
}
