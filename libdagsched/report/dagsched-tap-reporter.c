/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "report/dagsched-tap-reporter.h"

#include "report/dagsched-causes-private.h"
#include "report/dagsched-sink-private.h"
#include "base/dagsched-text-private.h"

#define TAIL_LINES 40

/**
 * DagschedTapReporter:
 *
 * Writes a report in the Test Anything Protocol, version 14: the plan, then one test point for each
 * test as soon as it has finished.
 *
 * What makes the verdict a failure is `not ok`: also a test that passed unexpectedly, one that is
 * blocked by a failure, and one that was cancelled. A test that was skipped, or is blocked by one that
 * was, is `ok … # SKIP reason`; one that failed as expected is `not ok … # TODO reason`, which readers
 * of the protocol count as no failure. A YAML block follows each point but those of plain successes: outcome,
 * reason, duration, attempts, and for failures the last lines of the output. A run that could not
 * be completed ends in `Bail out!`.
 *
 * Names: `\` and `#` are escaped as the protocol says; control characters and bytes that are no
 * UTF-8 appear as `\n`, `\xNN` and the like, themselves escaped.
 *
 * All of it belongs to the thread of the run's model.
 *
 * Since: 1.0
 */
struct _DagschedTapReporter
{
  GObject parent_instance;

  GOutputStream *stream; /* (nullable) either this */
  char *path;            /* (nullable) or this */

  DagschedRun *run;     /* (nullable) from begin to end */
  DagschedSink *sink;   /* (nullable) from begin to end */
  GHashTable *reported; /* set of DagschedTest */
  DagschedCauses *causes;
  gulong handler;
};

static void dagsched_tap_reporter_iface_init (DagschedReporterInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (DagschedTapReporter,
                               dagsched_tap_reporter,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (DAGSCHED_TYPE_REPORTER,
                                                      dagsched_tap_reporter_iface_init))

/* Fit to be shown, with what the protocol takes for its own escaped. */
static void
append_escaped (GString *out, const char *text)
{
  g_autoptr (GString) safe = g_string_new (NULL);

  dagsched_text_append (safe, text, -1, DAGSCHED_TEXT_NONE);
  for (const char *p = safe->str; *p != '\0'; p++)
    {
      if (*p == '\\' || *p == '#')
        g_string_append_c (out, '\\');
      g_string_append_c (out, *p);
    }
}

/* A YAML double-quoted scalar: JSON's escapes are all valid there. */
static void
append_quoted (GString *out, const char *key, const char *text)
{
  g_autoptr (GString) safe = g_string_new (NULL);

  dagsched_text_append (safe, text, -1, DAGSCHED_TEXT_NONE);
  g_string_append_printf (out, "  %s: \"", key);
  for (const char *p = safe->str; *p != '\0'; p++)
    {
      if (*p == '\\' || *p == '"')
        g_string_append_c (out, '\\');
      g_string_append_c (out, *p);
    }
  g_string_append (out, "\"\n");
}

/* A YAML literal block; the 2 says how deep it is indented, for its first line may begin with blanks. */
static void
append_output (GString *out, const char *key, GBytes *output)
{
  g_autoptr (GPtrArray) lines = NULL;
  guint64 n_lines;

  if (output == NULL || g_bytes_get_size (output) == 0)
    return;

  lines = dagsched_text_dup_tail (output, TAIL_LINES, DAGSCHED_TEXT_NONE, &n_lines);
  if (n_lines > lines->len)
    g_string_append_printf (out, "  %s-lines: %" G_GUINT64_FORMAT "\n", key, n_lines);
  g_string_append_printf (out, "  %s: |2\n", key);
  for (guint i = 0; i < lines->len; i++)
    g_string_append_printf (out, "    %s\n", (const char *) lines->pdata[i]);
}

static void
append_flags (GString *out, DagschedFlags flags)
{
  if (flags & DAGSCHED_FLAGS_FLAKY)
    g_string_append (out, "  flaky: true\n");
  if (flags & DAGSCHED_FLAGS_LEAKED)
    g_string_append (out, "  leaked: true\n");
  if (flags & DAGSCHED_FLAGS_TRUNCATED)
    g_string_append (out, "  truncated: true\n");
}

static void
append_last_attempt (DagschedTapReporter *self, GString *out, DagschedTest *test)
{
  g_autoptr (GPtrArray) attempts = dagsched_run_dup_attempts (self->run, test);
  DagschedAttempt *last;

  if (attempts == NULL || attempts->len == 0)
    return;

  last = g_ptr_array_index (attempts, attempts->len - 1);
  if (dagsched_attempt_get_artifacts (last) != NULL)
    append_quoted (out, "artifacts", dagsched_attempt_get_artifacts (last));
  append_output (out, "stdout", dagsched_attempt_get_standard_output (last));
  append_output (out, "stderr", dagsched_attempt_get_standard_error (last));
}

static void
append_block (DagschedTapReporter *self, GString *out, DagschedTest *test)
{
  DagschedOutcome outcome = dagsched_test_get_outcome (test);
  g_autofree char *reason = dagsched_causes_dup_reason (self->causes, test);

  g_string_append_printf (out, "  ---\n  outcome: %s\n", dagsched_outcome_to_string (outcome));
  if (reason != NULL)
    append_quoted (out, "message", reason);
  if (dagsched_test_get_n_attempts (test) > 0)
    {
      g_string_append (out, "  duration_ms: ");
      dagsched_text_append_seconds (out, dagsched_test_get_duration (test) * 1000, 3);
      g_string_append_printf (out, "\n  attempts: %u\n", dagsched_test_get_n_attempts (test));
    }
  append_flags (out, dagsched_test_get_flags (test));
  if (dagsched_outcome_is_failure (outcome) || outcome == DAGSCHED_OUTCOME_CANCELLED)
    append_last_attempt (self, out, test);
  g_string_append (out, "  ...\n");
}

static gboolean
is_ok (DagschedTapReporter *self, DagschedTest *test)
{
  switch (dagsched_test_get_outcome (test))
    {
    case DAGSCHED_OUTCOME_PASSED:
    case DAGSCHED_OUTCOME_SKIPPED:
      return TRUE;
    case DAGSCHED_OUTCOME_BLOCKED:
      return !dagsched_causes_is_blocked_by_failure (self->causes, test);
    case DAGSCHED_OUTCOME_NONE:
    case DAGSCHED_OUTCOME_FAILED:
    case DAGSCHED_OUTCOME_TIMED_OUT:
    case DAGSCHED_OUTCOME_ERRORED:
    case DAGSCHED_OUTCOME_CANCELLED:
    case DAGSCHED_OUTCOME_EXPECTED_FAILURE:
    case DAGSCHED_OUTCOME_UNEXPECTED_PASS:
    default:
      return FALSE;
    }
}

static const char *
get_directive (DagschedTest *test, gboolean ok)
{
  DagschedOutcome outcome = dagsched_test_get_outcome (test);

  if (outcome == DAGSCHED_OUTCOME_EXPECTED_FAILURE)
    return "TODO";

  return ok && outcome != DAGSCHED_OUTCOME_PASSED ? "SKIP" : NULL;
}

static void
append_point (DagschedTapReporter *self, GString *out, DagschedTest *test)
{
  g_autofree char *name = dagsched_causes_dup_name (test);
  gboolean ok = is_ok (self, test);
  const char *directive = get_directive (test, ok);

  g_string_append_printf (out, "%sok %u - ", ok ? "" : "not ", g_hash_table_size (self->reported));
  append_escaped (out, name);
  if (directive != NULL)
    {
      g_autofree char *reason = dagsched_causes_dup_reason (self->causes, test);

      g_string_append_printf (out, " # %s ", directive);
      append_escaped (out, reason);
    }
  g_string_append_c (out, '\n');

  if (!ok || dagsched_test_get_flags (test) != DAGSCHED_FLAGS_NONE)
    append_block (self, out, test);
}

static void
report_test (DagschedTapReporter *self, DagschedTest *test)
{
  g_autoptr (GString) out = NULL;

  if (!g_hash_table_add (self->reported, test) || dagsched_sink_is_dead (self->sink))
    return;

  out = g_string_new (NULL);
  append_point (self, out, test);
  dagsched_sink_write (self->sink, out->str, out->len);
}

static void
test_finished_cb (DagschedRun *run, DagschedTest *test, DagschedTapReporter *self)
{
  report_test (self, test);
  dagsched_sink_flush (self->sink);
}

static DagschedSink *
open_sink (DagschedTapReporter *self, GError **error)
{
  if (self->stream != NULL)
    return dagsched_sink_new_for_stream (self->stream);

  return dagsched_sink_new_for_path (self->path, FALSE, error);
}

static gboolean
dagsched_tap_reporter_begin (DagschedReporter *reporter, DagschedRun *run, GError **error)
{
  DagschedTapReporter *self = DAGSCHED_TAP_REPORTER (reporter);
  g_autofree char *head = NULL;
  guint n_tests = g_list_model_get_n_items (dagsched_run_get_tests (run));

  g_return_val_if_fail (self->run == NULL, FALSE);

  self->sink = open_sink (self, error);
  if (self->sink == NULL)
    return FALSE;

  self->run = g_object_ref (run);
  self->handler = g_signal_connect (run, "test-finished", G_CALLBACK (test_finished_cb), self);
  head = g_strdup_printf ("TAP version 14\n1..%u%s\n", n_tests, n_tests == 0 ? " # SKIP no tests" : "");
  dagsched_sink_write_string (self->sink, head);
  dagsched_sink_flush (self->sink);

  return TRUE;
}

static void
report_the_rest (DagschedTapReporter *self)
{
  GListModel *tests = dagsched_run_get_tests (self->run);
  guint n_tests = g_list_model_get_n_items (tests);

  for (guint i = 0; i < n_tests; i++)
    {
      g_autoptr (DagschedTest) test = g_list_model_get_item (tests, i);

      report_test (self, test);
    }
}

static void
report_bail_out (DagschedTapReporter *self)
{
  const char *problem = dagsched_run_get_problem (self->run);
  g_autoptr (GString) out = NULL;

  if (dagsched_run_get_verdict (self->run) != DAGSCHED_VERDICT_INCOMPLETE)
    return;

  out = g_string_new ("Bail out! ");
  append_escaped (out, problem != NULL ? problem : "the run could not be completed");
  g_string_append_c (out, '\n');
  dagsched_sink_write (self->sink, out->str, out->len);
}

static gboolean
dagsched_tap_reporter_end (DagschedReporter *reporter, GError **error)
{
  DagschedTapReporter *self = DAGSCHED_TAP_REPORTER (reporter);
  gboolean written;

  g_return_val_if_fail (self->run != NULL, FALSE);

  report_the_rest (self);
  report_bail_out (self);
  written = dagsched_sink_close (self->sink, error);

  g_clear_signal_handler (&self->handler, self->run);
  g_clear_object (&self->run);
  g_clear_pointer (&self->sink, dagsched_sink_free);

  return written;
}

static void
dagsched_tap_reporter_dispose (GObject *object)
{
  DagschedTapReporter *self = DAGSCHED_TAP_REPORTER (object);

  if (self->run != NULL)
    g_clear_signal_handler (&self->handler, self->run);
  g_clear_object (&self->run);
  g_clear_object (&self->stream);

  G_OBJECT_CLASS (dagsched_tap_reporter_parent_class)->dispose (object);
}

static void
dagsched_tap_reporter_finalize (GObject *object)
{
  DagschedTapReporter *self = DAGSCHED_TAP_REPORTER (object);

  g_clear_pointer (&self->sink, dagsched_sink_free);
  g_clear_pointer (&self->causes, dagsched_causes_free);
  g_clear_pointer (&self->reported, g_hash_table_unref);
  g_free (self->path);

  G_OBJECT_CLASS (dagsched_tap_reporter_parent_class)->finalize (object);
}

static void
dagsched_tap_reporter_class_init (DagschedTapReporterClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = dagsched_tap_reporter_dispose;
  object_class->finalize = dagsched_tap_reporter_finalize;
}

static void
dagsched_tap_reporter_init (DagschedTapReporter *self)
{
  self->reported = g_hash_table_new (NULL, NULL);
  self->causes = dagsched_causes_new ();
}

static void
dagsched_tap_reporter_iface_init (DagschedReporterInterface *iface)
{
  iface->begin = dagsched_tap_reporter_begin;
  iface->end = dagsched_tap_reporter_end;
}

/**
 * dagsched_tap_reporter_new:
 * @stream: where the report goes; it is flushed after each test, and not closed
 *
 * Creates a reporter that writes the Test Anything Protocol to a stream.
 *
 * A stream that blocks delays the signals of the run, never its tests.
 *
 * Returns: (transfer full): a new reporter
 *
 * Since: 1.0
 */
DagschedTapReporter *
dagsched_tap_reporter_new (GOutputStream *stream)
{
  DagschedTapReporter *self;

  g_return_val_if_fail (G_IS_OUTPUT_STREAM (stream), NULL);

  self = g_object_new (DAGSCHED_TYPE_TAP_REPORTER, NULL);
  self->stream = g_object_ref (stream);

  return self;
}

/**
 * dagsched_tap_reporter_new_for_path:
 * @path: (type filename): the file, which is created or emptied when the reporter is begun; `-`: standard output
 *
 * Creates a reporter that writes the Test Anything Protocol to a file, each test as it finishes.
 *
 * Returns: (transfer full): a new reporter
 *
 * Since: 1.0
 */
DagschedTapReporter *
dagsched_tap_reporter_new_for_path (const char *path)
{
  DagschedTapReporter *self;

  g_return_val_if_fail (path != NULL, NULL);

  self = g_object_new (DAGSCHED_TYPE_TAP_REPORTER, NULL);
  self->path = g_strdup (path);

  return self;
}
