/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fuzz.h"

#include <math.h>

#include "model/dagsched-test-private.h"
#include "store/dagsched-log-format-private.h"
#include "store/dagsched-run-log-struct-private.h"

/* A run log, whole or torn. What loads can be replayed and reported, each test then has its outcome, and what is written
 * of it reads the same. */

#define MAX_SECONDS 1e9

static DagschedRunLog *
load (const uint8_t *data, size_t size, GError **error)
{
  g_autoptr (GFile) file = g_file_new_for_path (fuzz_file (data, size));

  return dagsched_run_log_load (file, error);
}

static gint64
to_ns (double seconds)
{
  return llround (MIN (seconds, MAX_SECONDS) * 1e6) * 1000;
}

static void
write_tests (GString *out, const DagschedLogContent *content)
{
  guint32 n = content->tests->len;
  g_autofree guint32 *first = g_new0 (guint32, (gsize) n + 1);
  g_autofree DagschedTest **tests = g_new0 (DagschedTest *, (gsize) n + 1);
  g_autoptr (GArray) packed = g_array_new (FALSE, FALSE, sizeof (guint32));
  DagschedPlanView view = { .n_tests = n, .tests = tests, .first_dependency = first };

  for (guint32 i = 0; i < n; i++)
    {
      const DagschedLogTest *test = &g_array_index (content->tests, DagschedLogTest, i);

      tests[i] = test->test;
      for (guint32 j = 0; j < test->n_dependencies; j++)
        {
          const DagschedLogDependency *dependency =
            &g_array_index (content->dependencies, DagschedLogDependency, test->first_dependency + j);
          guint32 value = DAGSCHED_PACK_DEPENDENT (dependency->number, dependency->condition);

          g_assert_cmpuint (dependency->number, <, n);
          g_array_append_val (packed, value);
        }
      first[i + 1] = packed->len;
    }

  view.dependencies = (guint32 *) packed->data;
  for (guint32 i = 0; i < n; i++)
    dagsched_log_format_test (out, &view, i);
}

static void
write_attempt (GString *out, DagschedRunLog *log, const DagschedLogEvent *event)
{
  DagschedLogAttempt *attempt = dagsched_log_content_get_attempt (log->content, event->attempt);
  gint64 end_ns = to_ns (event->time), duration_ns = MIN (to_ns (attempt->duration), end_ns);
  const DagschedAttemptRecord record = {
    .test = event->test,
    .attempt = attempt->number,
    .lane = attempt->worker,
    .outcome = attempt->result.outcome,
    .start_ns = end_ns - duration_ns,
    .end_ns = end_ns,
    .will_retry = attempt->will_retry,
    .result = &attempt->result,
  };

  dagsched_log_format_attempt (out, &record);
}

static void
write_event (GString *out, DagschedRunLog *log, const DagschedLogEvent *event)
{
  const DagschedLogTest *test = dagsched_log_content_get_test (log->content, event->test);
  const DagschedTicket ticket = { .test = event->test, .attempt = event->attempt, .lane = event->worker };
  const DagschedFinishedRecord record = {
    .test = event->test,
    .outcome = test->end.outcome,
    .flags = test->end.flags,
    .reason = test->end.reason,
    .blocked_by = test->blocked_by,
    .n_attempts = test->n_attempts,
    .time_ns = to_ns (event->time),
  };

  if (event->kind == DAGSCHED_LOG_LINE_STARTED)
    dagsched_log_format_started (out, &ticket, to_ns (event->time));
  else if (event->kind == DAGSCHED_LOG_LINE_ATTEMPT)
    write_attempt (out, log, event);
  else
    dagsched_log_format_finished (out, &record);
}

static GString *
write_log (DagschedRunLog *log)
{
  const DagschedLogContent *content = log->content;
  GString *out = g_string_new (NULL);
  const DagschedLogHeader header = {
    .name = content->name,
    .started_at = content->started_at,
    .n_tests = content->tests->len,
    .n_workers = content->n_workers,
  };
  const DagschedLogEnd end = {
    .verdict = content->verdict,
    .problem = content->problem,
    .time_ns = to_ns (content->elapsed),
  };

  dagsched_log_format_header (out, &header);
  write_tests (out, content);
  for (guint i = 0; i < content->events->len; i++)
    write_event (out, log, &g_array_index (content->events, DagschedLogEvent, i));
  if (content->has_end)
    dagsched_log_format_end (out, &end);
  return out;
}

static void
check_written (DagschedRunLog *log)
{
  g_autoptr (GString) text = write_log (log), text_again = NULL;
  g_autoptr (DagschedRunLog) again = NULL;
  g_autoptr (GError) error = NULL;

  again = load ((const uint8_t *) text->str, text->len, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (again->content->tests->len, ==, log->content->tests->len);
  g_assert_cmpuint (again->content->events->len, ==, log->content->events->len);
  g_assert_null (dagsched_run_log_get_warnings (again)[0]);
  text_again = write_log (again);
  g_assert_cmpstr (text_again->str, ==, text->str);
}

static void
check_ended (DagschedRunLog *log)
{
  DagschedRun *run = DAGSCHED_RUN (log);
  guint n_tests = log->content->tests->len, n_ended = 0;

  g_assert_cmpuint (dagsched_run_get_n_in_state (run, DAGSCHED_STATE_FINISHED), ==, n_tests);
  g_assert_cmpint (dagsched_run_get_verdict (run), !=, DAGSCHED_VERDICT_NONE);
  for (guint i = DAGSCHED_OUTCOME_PASSED; i < DAGSCHED_N_OUTCOMES; i++)
    n_ended += dagsched_run_get_n_with_outcome (run, i);
  g_assert_cmpuint (n_ended, ==, n_tests);
  for (guint i = 0; i < n_tests; i++)
    {
      DagschedTest *test = dagsched_log_content_get_test (log->content, i)->test;
      g_autoptr (GPtrArray) attempts = dagsched_run_dup_attempts (run, test);

      g_assert_cmpint (dagsched_test_get_outcome (test), !=, DAGSCHED_OUTCOME_NONE);
      for (guint j = 0; j < attempts->len; j++)
        g_assert_cmpint (dagsched_attempt_get_outcome (attempts->pdata[j]), !=, DAGSCHED_OUTCOME_NONE);
    }
}

static void
check_xml (const char *path)
{
  static const GMarkupParser nothing = { 0 };
  g_autoptr (GMarkupParseContext) context = g_markup_parse_context_new (&nothing, 0, NULL, NULL);
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;
  gsize length;

  g_assert_true (g_file_get_contents (path, &text, &length, NULL));
  g_markup_parse_context_parse (context, text, (gssize) length, &error);
  g_assert_no_error (error);
  g_markup_parse_context_end_parse (context, &error);
  g_assert_no_error (error);
}

static void
check_text (GOutputStream *stream)
{
  GMemoryOutputStream *memory = G_MEMORY_OUTPUT_STREAM (stream);

  g_assert_true (g_utf8_validate (g_memory_output_stream_get_data (memory),
                                  (gssize) g_memory_output_stream_get_data_size (memory), NULL));
}

static void
report (DagschedRunLog *log)
{
  g_autofree char *path = g_build_filename (fuzz_directory (), "report.xml", NULL);
  g_autoptr (GOutputStream) tap = g_memory_output_stream_new_resizable ();
  g_autoptr (GOutputStream) terminal = g_memory_output_stream_new_resizable ();
  g_autoptr (GPtrArray) reporters = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GError) error = NULL;

  g_ptr_array_add (reporters, dagsched_junit_reporter_new (path));
  g_ptr_array_add (reporters, dagsched_tap_reporter_new (tap));
  g_ptr_array_add (reporters, dagsched_terminal_reporter_new (terminal));
  for (guint i = 0; i < reporters->len; i++)
    {
      dagsched_reporter_begin (reporters->pdata[i], DAGSCHED_RUN (log), &error);
      g_assert_no_error (error);
    }
  dagsched_run_log_replay (log);
  for (guint i = 0; i < reporters->len; i++)
    {
      dagsched_reporter_end (reporters->pdata[i], &error);
      g_assert_no_error (error);
    }
  check_xml (path);
  check_text (tap);
  check_text (terminal);
}

FUZZ_READER (log)
{
  g_autoptr (GFile) file = g_file_new_for_path (fuzz_file (data, size));
  gboolean looks_like_one = dagsched_run_log_is_run_log (file);
  g_autoptr (GError) error = NULL;
  g_autoptr (DagschedRunLog) log = load (data, size, &error);

  fuzz_check_error (log != NULL, error);
  if (log == NULL)
    return 0;

  /* Its outputs may be read from the file: that changes with what is written below. */
  report (log);
  check_ended (log);
  dagsched_run_log_rewind (log);
  dagsched_run_log_advance (log, dagsched_run_log_get_length (log) / 2);
  dagsched_run_log_replay (log);
  check_ended (log);
  if (looks_like_one)
    check_written (log);
  return 0;
}
