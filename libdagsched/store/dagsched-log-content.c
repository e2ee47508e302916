/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "store/dagsched-log-content-private.h"

#include <stdarg.h>

#include "base/dagsched-error.h"
#include "base/dagsched-version.h"
#include "model/dagsched-attempt-private.h"
#include "model/dagsched-command-test.h"
#include "model/dagsched-test-private.h"
#include "store/dagsched-line-reader-private.h"
#include "store/dagsched-log-format-private.h"

#define MAX_WARNINGS 100
#define MAX_MISSING 100000 /* lines of tests, in all: each line that is there could have so many made up */

static void
clear_attempt (gpointer data)
{
  DagschedLogAttempt *attempt = data;

  dagsched_result_clear (&attempt->result);
}

static void
clear_test (gpointer data)
{
  DagschedLogTest *test = data;

  if (test->test != NULL)
    dagsched_test_forget_blocked_by (test->test);
  g_clear_object (&test->test);
  dagsched_result_clear (&test->end);
}

static DagschedLogContent *
content_new (GFile *file)
{
  DagschedLogContent *self = g_new0 (DagschedLogContent, 1);

  self->file = g_object_ref (file);
  self->tests = g_array_new (FALSE, TRUE, sizeof (DagschedLogTest));
  g_array_set_clear_func (self->tests, clear_test);
  self->dependencies = g_array_new (FALSE, FALSE, sizeof (DagschedLogDependency));
  self->attempts = g_array_new (FALSE, FALSE, sizeof (DagschedLogAttempt));
  g_array_set_clear_func (self->attempts, clear_attempt);
  self->events = g_array_new (FALSE, FALSE, sizeof (DagschedLogEvent));
  self->warnings = g_ptr_array_new_with_free_func (g_free);

  return self;
}

void
dagsched_log_content_free (DagschedLogContent *self)
{
  g_object_unref (self->file);
  g_free (self->name);
  g_array_unref (self->tests);
  g_array_unref (self->dependencies);
  g_array_unref (self->attempts);
  g_array_unref (self->events);
  g_free (self->first_dependent);
  g_free (self->dependents);
  g_free (self->problem);
  g_ptr_array_unref (self->warnings);
  g_free (self);
}

DagschedLogTest *
dagsched_log_content_get_test (DagschedLogContent *self, guint32 number)
{
  return number < self->tests->len ? &g_array_index (self->tests, DagschedLogTest, number) : NULL;
}

DagschedLogAttempt *
dagsched_log_content_get_attempt (DagschedLogContent *self, guint32 index)
{
  return index < self->attempts->len ? &g_array_index (self->attempts, DagschedLogAttempt, index) : NULL;
}

const DagschedLogDependency *
dagsched_log_content_get_dependency (DagschedLogContent *self, const DagschedLogTest *test, guint32 index)
{
  g_assert (index < test->n_dependencies);

  return &g_array_index (self->dependencies, DagschedLogDependency, test->first_dependency + index);
}

static void warn (DagschedLogContent *self, guint line, const char *format, ...) G_GNUC_PRINTF (3, 4);

static void
warn (DagschedLogContent *self, guint line, const char *format, ...)
{
  g_autofree char *name = g_file_get_parse_name (self->file);
  g_autofree char *text = NULL;
  va_list args;

  if (self->warnings->len == MAX_WARNINGS)
    g_ptr_array_add (self->warnings, g_strdup_printf ("%s: there are more lines like these", name));
  if (self->warnings->len >= MAX_WARNINGS)
    return;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  g_ptr_array_add (self->warnings, line > 0 ? g_strdup_printf ("%s:%u: %s", name, line, text)
                                            : g_strdup_printf ("%s: %s", name, text));
}

static void
add_test (DagschedLogContent *self, DagschedTest *test, const GArray *dependencies)
{
  const DagschedLogTest new_test = {
    .test = test,
    .first_dependency = self->dependencies->len,
    .n_dependencies = dependencies != NULL ? dependencies->len : 0,
    .last_attempt = DAGSCHED_LOG_NONE,
    .end = DAGSCHED_RESULT_INIT,
    .blocked_by = DAGSCHED_LOG_NONE,
  };

  g_array_append_val (self->tests, new_test);
  if (new_test.n_dependencies > 0)
    g_array_append_vals (self->dependencies, dependencies->data, dependencies->len);
}

/* The numbers of the tests that follow must stay right. */
static void
fill_gap (DagschedLogContent *self, guint32 number)
{
  for (; self->tests->len < number; self->n_missing++)
    {
      g_autofree char *name = g_strdup_printf ("(test number %u, whose line is damaged)", self->tests->len);

      add_test (self, DAGSCHED_TEST (dagsched_command_test_new (name, NULL)), NULL);
    }
}

static void
take_test (DagschedLogContent *self, DagschedLogLine *line, guint line_number)
{
  if (line->number < self->tests->len || line->number - self->tests->len > MAX_MISSING - self->n_missing ||
      line->number >= self->n_announced)
    {
      warn (self, line_number, "this line's test does not follow the one before it; skipped");
      return;
    }

  fill_gap (self, line->number);
  add_test (self, g_steal_pointer (&line->test), line->dependencies);
}

static DagschedResult
steal_result (DagschedLogLine *line)
{
  const DagschedResult empty = DAGSCHED_RESULT_INIT;
  DagschedResult result = line->result;

  line->result = empty;

  return result;
}

static guint32
add_attempt (DagschedLogContent *self, DagschedLogTest *test, DagschedLogLine *line, const DagschedLine *raw)
{
  DagschedLogAttempt attempt = {
    .number = line->attempt,
    .worker = line->worker,
    .previous = test->last_attempt,
    .start = line->start,
    .duration = line->duration,
    .will_retry = line->will_retry,
    .offset = -1,
    .result = steal_result (line),
  };

  if (raw->length >= DAGSCHED_LOG_LARGE_OUTPUT)
    {
      attempt.offset = raw->offset;
      g_clear_pointer (&attempt.result.standard_output, g_bytes_unref);
      g_clear_pointer (&attempt.result.standard_error, g_bytes_unref);
    }

  g_array_append_val (self->attempts, attempt);
  test->last_attempt = self->attempts->len - 1;

  return test->last_attempt;
}

static void
finish_test (DagschedLogTest *test, DagschedLogLine *line)
{
  test->is_finished = TRUE;
  test->end = steal_result (line);
  test->blocked_by = line->blocked_by;
  test->n_attempts = line->attempt;
}

static void
take_event (DagschedLogContent *self, DagschedLogLine *line, const DagschedLine *raw)
{
  DagschedLogTest *test = dagsched_log_content_get_test (self, line->number);
  DagschedLogEvent event = {
    .kind = line->kind,
    .test = line->number,
    .attempt = line->attempt,
    .worker = line->worker,
    .time = line->time,
  };

  if (test == NULL || test->is_finished)
    {
      warn (self, raw->number, "this line is about %s; skipped",
            test == NULL ? "a test that is not in the log" : "a test that had finished");
      return;
    }

  if (line->kind == DAGSCHED_LOG_LINE_ATTEMPT)
    event.attempt = add_attempt (self, test, line, raw);
  else if (line->kind == DAGSCHED_LOG_LINE_FINISHED)
    finish_test (test, line);
  test->is_started |= line->kind != DAGSCHED_LOG_LINE_FINISHED;
  g_array_append_val (self->events, event);

  if (!self->has_end)
    self->elapsed = MAX (self->elapsed, line->time);
}

static void
take_end (DagschedLogContent *self, DagschedLogLine *line)
{
  self->has_end = TRUE;
  self->elapsed = line->time;
  self->verdict = line->verdict;
  g_free (self->problem);
  self->problem = g_steal_pointer (&line->problem);
}

static void
take_line (DagschedLogContent *self, DagschedLogLine *line, const DagschedLine *raw)
{
  switch (line->kind)
    {
    case DAGSCHED_LOG_LINE_TEST:
      take_test (self, line, raw->number);
      break;
    case DAGSCHED_LOG_LINE_STARTED:
    case DAGSCHED_LOG_LINE_ATTEMPT:
    case DAGSCHED_LOG_LINE_FINISHED:
      take_event (self, line, raw);
      break;
    case DAGSCHED_LOG_LINE_END:
      take_end (self, line);
      break;
    case DAGSCHED_LOG_LINE_HEADER:
      warn (self, raw->number, "a second header; skipped");
      break;
    case DAGSCHED_LOG_LINE_UNKNOWN:
      break;
    }
}

static gboolean
fail_reading (GFile *file, GError **error, const GError *cause)
{
  g_autofree char *name = g_file_get_parse_name (file);
  gboolean is_missing = g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);

  if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_propagate_error (error, g_error_copy (cause));
      return FALSE;
    }

  g_set_error (error, DAGSCHED_ERROR, is_missing ? DAGSCHED_ERROR_NOT_FOUND : DAGSCHED_ERROR_FAILED,
               "%s: can't read the run log: %s", name, cause->message);

  return FALSE;
}

static gboolean
take_header (DagschedLogContent *self, DagschedLineReader *reader, GError **error)
{
  g_autoptr (GError) cause = NULL;
  g_autofree char *name = g_file_get_parse_name (self->file);
  DagschedLine raw = { .number = 0 };
  DagschedLogLine line = { .kind = DAGSCHED_LOG_LINE_UNKNOWN };

  if (!dagsched_line_reader_next (reader, &raw, &cause) && cause != NULL)
    return fail_reading (self->file, error, cause);

  if (raw.number == 0 || !dagsched_log_parse_line (raw.data, raw.length, &line, NULL) ||
      line.kind != DAGSCHED_LOG_LINE_HEADER)
    {
      dagsched_log_line_clear (&line);
      g_set_error (error, DAGSCHED_ERROR, DAGSCHED_ERROR_PARSE,
                   "%s: not a run log: its first line is not the header of one", name);
      return FALSE;
    }

  self->name = g_steal_pointer (&line.name);
  self->started_at = line.started_at;
  self->n_announced = line.n_tests;
  self->n_workers = line.n_workers;
  dagsched_log_line_clear (&line);

  if (line.version == DAGSCHED_LOG_VERSION)
    return TRUE;

  g_set_error (error, DAGSCHED_ERROR, DAGSCHED_ERROR_PARSE,
               "%s: a run log of format version %" G_GINT64_FORMAT
               "; dagsched %s reads version %d: use the dagsched that wrote it, or a newer one",
               name, line.version, dagsched_get_version (), DAGSCHED_LOG_VERSION);
  return FALSE;
}

static gboolean
take_lines (DagschedLogContent *self, DagschedLineReader *reader, GError **error)
{
  g_autoptr (GError) cause = NULL;
  DagschedLine raw;

  while (dagsched_line_reader_next (reader, &raw, &cause))
    {
      DagschedLogLine line;

      if (raw.length == 0)
        continue;

      if (!dagsched_log_parse_line (raw.data, raw.length, &line, NULL))
        {
          warn (self, raw.number, "this line is damaged; skipped");
          continue;
        }
      take_line (self, &line, &raw);
      dagsched_log_line_clear (&line);
    }

  return cause == NULL || fail_reading (self->file, error, cause);
}

/* Dependencies on tests that are not there are gone, as in a plan. */
static void
drop_wild_dependencies (DagschedLogContent *self, DagschedLogTest *test)
{
  DagschedLogDependency *list;
  guint32 n = 0;

  /* Where no test has any there is no array. */
  if (test->n_dependencies == 0)
    return;

  list = &g_array_index (self->dependencies, DagschedLogDependency, test->first_dependency);
  for (guint32 i = 0; i < test->n_dependencies; i++)
    {
      if (list[i].number >= self->tests->len)
        continue;

      self->first_dependent[list[i].number + 1]++;
      list[n++] = list[i];
    }
  test->n_dependencies = n;
}

static void
index_dependents (DagschedLogContent *self)
{
  guint32 n_tests = self->tests->len;
  g_autofree guint32 *next = NULL;

  self->first_dependent = g_new0 (guint32, n_tests + 1);
  for (guint32 i = 0; i < n_tests; i++)
    drop_wild_dependencies (self, &g_array_index (self->tests, DagschedLogTest, i));
  for (guint32 i = 0; i < n_tests; i++)
    self->first_dependent[i + 1] += self->first_dependent[i];

  self->dependents = g_new (guint32, self->first_dependent[n_tests]);
  next = g_memdup2 (self->first_dependent, (n_tests + 1) * sizeof *next);
  for (guint32 i = 0; i < n_tests; i++)
    {
      const DagschedLogTest *test = &g_array_index (self->tests, DagschedLogTest, i);

      for (guint32 j = 0; j < test->n_dependencies; j++)
        self->dependents[next[dagsched_log_content_get_dependency (self, test, j)->number]++] = i;
    }
}

DagschedLogContent *
dagsched_log_content_load (GFile *file, GCancellable *cancellable, GError **error)
{
  g_autoptr (GError) cause = NULL;
  g_autoptr (GFileInputStream) stream = g_file_read (file, cancellable, &cause);
  g_autoptr (DagschedLogContent) self = NULL;
  g_autoptr (DagschedLineReader) reader = NULL;

  if (stream == NULL)
    {
      fail_reading (file, error, cause);
      return NULL;
    }

  self = content_new (file);
  reader = dagsched_line_reader_new (G_INPUT_STREAM (stream), cancellable);
  if (!take_header (self, reader, error) || !take_lines (self, reader, error))
    return NULL;

  if (self->tests->len < self->n_announced)
    warn (self, 0, "only %u of its %u tests are there", self->tests->len, self->n_announced);
  index_dependents (self);
  g_ptr_array_add (self->warnings, NULL);

  return g_steal_pointer (&self);
}

/* Output that can't be read any more is not there: the file was replaced. */
static void
load_output (DagschedLogContent *self, DagschedLogAttempt *attempt, DagschedResult *result)
{
  g_autoptr (GBytes) line = dagsched_line_reader_load (self->file, attempt->offset, NULL);

  if (line != NULL)
    dagsched_log_parse_output (line, &result->standard_output, &result->standard_error);
}

DagschedAttempt *
dagsched_log_content_make_attempt (DagschedLogContent *self, DagschedLogAttempt *attempt)
{
  DagschedResult result = attempt->result;

  result.reason = g_strdup (result.reason);
  result.artifacts = g_strdup (result.artifacts);
  if (result.standard_output != NULL)
    g_bytes_ref (result.standard_output);
  if (result.standard_error != NULL)
    g_bytes_ref (result.standard_error);
  if (attempt->offset >= 0)
    load_output (self, attempt, &result);

  return dagsched_attempt_new (attempt->number, attempt->worker, result.outcome, attempt->start,
                               attempt->duration, attempt->will_retry, &result);
}
