/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "report/dagsched-junit-reporter.h"

#include <string.h>

#include "report/dagsched-causes-private.h"
#include "report/dagsched-junit-suites-private.h"
#include "report/dagsched-sink-private.h"
#include "report/dagsched-xml-private.h"

/**
 * DagschedJUnitReporter:
 *
 * Writes a report as JUnit XML when the run has ended, in the shape of the `junit-10.xsd` of Jenkins.
 *
 * A `testsuite` for each suite holds the tests whose first suite it is; tests without a suite are in
 * one by the run's name. What became of a test:
 *
 * | Outcome | Element |
 * |---|---|
 * | passed, expected failure | none |
 * | failed | `failure`, type `failed` |
 * | timed out | `failure`, type `timed-out` |
 * | unexpected pass | `failure`, type `unexpected-pass` |
 * | errored | `error`, type `errored` |
 * | skipped | `skipped`, type `skipped` |
 * | blocked | `skipped`, type `blocked`; its message is the chain to the root cause |
 * | cancelled | `error`, type `cancelled`, if an attempt had been made, else `skipped`, type `cancelled` |
 *
 * A run that was cancelled must not look like a success: where no other test is a failure or an
 * error, all that are cancelled are errors.
 *
 * Of a flaky test each failed attempt is a `flakyFailure` or `flakyError`; the test's output is that of the
 * last attempt. Of one that failed for good the first attempt is the `failure` or `error`, whose output
 * is the test's, and each further one a `rerunFailure` or `rerunError`. These hold their own output.
 *
 * The schema has properties for suites only, so what there is to say of a test is a property of its suite, named after both:
 * `origin:NAME`, `outcome:NAME` (where no element tells it), `attempts:NAME`, `flags:NAME`,
 * `artifacts:NAME`. A test's labels are its `group`.
 *
 * The file appears, or is replaced, whole and at once when the reporter is ended.
 *
 * All of it belongs to the thread of the run's model.
 *
 * Since: 1.0
 */
struct _DagschedJUnitReporter
{
  GObject parent_instance;

  char *path;

  DagschedRun *run;   /* (nullable) from begin to end */
  DagschedSink *sink; /* (nullable) from begin to end */
  DagschedCauses *causes;
  DagschedJUnitSuites suites; /* while the report is written */
};

static void dagsched_junit_reporter_iface_init (DagschedReporterInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (DagschedJUnitReporter,
                               dagsched_junit_reporter,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (DAGSCHED_TYPE_REPORTER,
                                                      dagsched_junit_reporter_iface_init))

static const char *const kind_elements[DAGSCHED_N_JUNIT_KINDS] = { NULL, "failure", "error", "skipped" };

static const char *
get_type_word (DagschedOutcome outcome)
{
  return dagsched_outcome_to_string (outcome == DAGSCHED_OUTCOME_NONE ? DAGSCHED_OUTCOME_CANCELLED : outcome);
}

static void
put (DagschedJUnitReporter *self, const char *text)
{
  dagsched_sink_write_string (self->sink, text);
}

static void
write_output (DagschedJUnitReporter *self, const char *indent, const char *element, GBytes *output)
{
  gsize size;
  const char *data;

  if (output == NULL || g_bytes_get_size (output) == 0)
    return;

  data = g_bytes_get_data (output, &size);
  put (self, indent);
  put (self, "<");
  put (self, element);
  put (self, ">");
  dagsched_xml_write_text (self->sink, data, size);
  put (self, "</");
  put (self, element);
  put (self, ">\n");
}

/* An element that begins with @prefix and says what became of an attempt. */
static void
write_attempt (DagschedJUnitReporter *self, DagschedAttempt *attempt, const char *prefix)
{
  DagschedOutcome outcome = dagsched_attempt_get_outcome (attempt);
  const char *suffix =
    dagsched_junit_get_plain_kind (outcome) == DAGSCHED_JUNIT_FAILURE ? "Failure" : "Error";

  put (self, "      <");
  put (self, prefix);
  put (self, suffix);
  dagsched_xml_write_attribute (self->sink, "type", get_type_word (outcome));
  dagsched_xml_write_attribute (self->sink, "message", dagsched_attempt_get_reason (attempt));
  put (self, ">\n");
  write_output (self, "        ", "system-out", dagsched_attempt_get_standard_output (attempt));
  write_output (self, "        ", "system-err", dagsched_attempt_get_standard_error (attempt));
  put (self, "      </");
  put (self, prefix);
  put (self, suffix);
  put (self, ">\n");
}

/* The attempt for which the test's own element and output stand: that of a success is the last, that of
 * a failure the first of its kind (the suite counts the test by its outcome, and has to add up). */
static guint
find_main_attempt (GPtrArray *attempts, DagschedJUnitKind kind)
{
  if (kind == DAGSCHED_JUNIT_FAILURE || kind == DAGSCHED_JUNIT_ERROR)
    {
      for (guint i = 0; i < attempts->len; i++)
        {
          if (dagsched_junit_get_plain_kind (dagsched_attempt_get_outcome (attempts->pdata[i])) == kind)
            return i;
        }
    }

  return attempts->len - 1;
}

static void
write_outcome (DagschedJUnitReporter *self,
               DagschedTest *test,
               DagschedJUnitKind kind,
               DagschedAttempt *attempt)
{
  DagschedOutcome outcome = dagsched_test_get_outcome (test);
  g_autofree char *reason = dagsched_causes_dup_reason (self->causes, test);
  const char *message = reason;

  if (kind == DAGSCHED_JUNIT_SUCCESS)
    return;

  if (attempt != NULL && dagsched_junit_get_plain_kind (dagsched_attempt_get_outcome (attempt)) == kind)
    {
      outcome = dagsched_attempt_get_outcome (attempt);
      if (dagsched_attempt_get_reason (attempt) != NULL)
        message = dagsched_attempt_get_reason (attempt);
    }

  put (self, "      <");
  put (self, kind_elements[kind]);
  dagsched_xml_write_attribute (self->sink, "type", get_type_word (outcome));
  dagsched_xml_write_attribute (self->sink, "message", message);
  put (self, "/>\n");
}

static void
write_attempts (DagschedJUnitReporter *self, DagschedTest *test, DagschedJUnitKind kind, GPtrArray *attempts)
{
  guint main_attempt;
  DagschedAttempt *attempt;

  if (attempts == NULL || attempts->len == 0)
    {
      write_outcome (self, test, kind, NULL);
      return;
    }

  main_attempt = find_main_attempt (attempts, kind);
  attempt = attempts->pdata[main_attempt];
  write_outcome (self, test, kind, attempt);
  for (guint i = 0; i < attempts->len; i++)
    {
      if (i != main_attempt)
        write_attempt (self, attempts->pdata[i], kind == DAGSCHED_JUNIT_SUCCESS ? "flaky" : "rerun");
    }
  write_output (self, "      ", "system-out", dagsched_attempt_get_standard_output (attempt));
  write_output (self, "      ", "system-err", dagsched_attempt_get_standard_error (attempt));
}

static void
write_test (DagschedJUnitReporter *self, DagschedJUnitSuite *suite, DagschedTest *test)
{
  g_autofree char *name = dagsched_causes_dup_name (test);
  g_autoptr (GPtrArray) attempts = dagsched_run_dup_attempts (self->run, test);
  const char *const *labels = dagsched_test_get_labels (test);
  DagschedJUnitKind kind = dagsched_junit_suites_get_kind (&self->suites, test);

  put (self, "    <testcase");
  dagsched_xml_write_attribute (self->sink, "name", name);
  dagsched_xml_write_attribute (self->sink, "classname", suite->name);
  dagsched_xml_write_seconds (self->sink, "time", dagsched_test_get_duration (test));
  if (labels != NULL && labels[0] != NULL)
    {
      g_autofree char *group = g_strjoinv (" ", (char **) labels);

      dagsched_xml_write_attribute (self->sink, "group", group);
    }
  put (self, ">\n");
  write_attempts (self, test, kind, attempts);
  put (self, "    </testcase>\n");
}

static void
write_property (DagschedJUnitReporter *self, const char *key, DagschedTest *test, const char *value)
{
  g_autofree char *name = NULL;

  if (value == NULL || *value == '\0')
    return;

  if (test != NULL)
    {
      g_autofree char *test_name = dagsched_causes_dup_name (test);

      name = g_strdup_printf ("%s:%s", key, test_name);
    }
  put (self, "      <property");
  dagsched_xml_write_attribute (self->sink, "name", name != NULL ? name : key);
  dagsched_xml_write_attribute (self->sink, "value", value);
  put (self, "/>\n");
}

static char *
dup_flags (DagschedFlags flags)
{
  const char *words[4];
  guint n = 0;

  if (flags & DAGSCHED_FLAGS_FLAKY)
    words[n++] = "flaky";
  if (flags & DAGSCHED_FLAGS_LEAKED)
    words[n++] = "leaked";
  if (flags & DAGSCHED_FLAGS_TRUNCATED)
    words[n++] = "truncated";
  words[n] = NULL;

  return g_strjoinv (" ", (char **) words);
}

static char *
dup_artifacts (DagschedJUnitReporter *self, DagschedTest *test)
{
  g_autoptr (GPtrArray) attempts = NULL;

  if (!dagsched_outcome_is_failure (dagsched_test_get_outcome (test)))
    return NULL;

  attempts = dagsched_run_dup_attempts (self->run, test);
  if (attempts == NULL || attempts->len == 0)
    return NULL;

  return g_strdup (dagsched_attempt_get_artifacts (attempts->pdata[attempts->len - 1]));
}

static void
write_test_properties (DagschedJUnitReporter *self, DagschedTest *test)
{
  DagschedOutcome outcome = dagsched_test_get_outcome (test);
  g_autofree char *flags = dup_flags (dagsched_test_get_flags (test));
  g_autofree char *artifacts = dup_artifacts (self, test);

  write_property (self, "origin", test, dagsched_test_get_origin (test));
  if (outcome == DAGSCHED_OUTCOME_EXPECTED_FAILURE)
    write_property (self, "outcome", test, dagsched_outcome_to_string (outcome));
  if (dagsched_test_get_n_attempts (test) > 1)
    {
      g_autofree char *n_attempts = g_strdup_printf ("%u", dagsched_test_get_n_attempts (test));

      write_property (self, "attempts", test, n_attempts);
    }
  write_property (self, "flags", test, flags);
  write_property (self, "artifacts", test, artifacts);
}

static void
write_properties (DagschedJUnitReporter *self, DagschedJUnitSuite *suite)
{
  put (self, "    <properties>\n");
  write_property (self, "run", NULL, dagsched_run_get_name (self->run));
  write_property (self, "verdict", NULL, dagsched_verdict_to_string (dagsched_run_get_verdict (self->run)));
  write_property (self, "problem", NULL, dagsched_run_get_problem (self->run));
  for (guint i = 0; i < suite->tests->len; i++)
    write_test_properties (self, suite->tests->pdata[i]);
  put (self, "    </properties>\n");
}

static char *
dup_timestamp (DagschedRun *run)
{
  gint64 started_at = dagsched_run_get_started_at (run);
  g_autoptr (GDateTime) time = NULL;

  if (started_at > 0)
    time = g_date_time_new_from_unix_utc (started_at / G_USEC_PER_SEC);

  return time != NULL ? g_date_time_format (time, "%Y-%m-%dT%H:%M:%SZ") : NULL;
}

static void
write_suite (DagschedJUnitReporter *self, DagschedJUnitSuite *suite)
{
  g_autofree char *timestamp = dup_timestamp (self->run);

  put (self, "  <testsuite");
  dagsched_xml_write_attribute (self->sink, "name", suite->name);
  dagsched_xml_write_uint (self->sink, "tests", suite->tests->len);
  dagsched_xml_write_uint (self->sink, "failures", suite->n_of_kind[DAGSCHED_JUNIT_FAILURE]);
  dagsched_xml_write_uint (self->sink, "errors", suite->n_of_kind[DAGSCHED_JUNIT_ERROR]);
  dagsched_xml_write_uint (self->sink, "skipped", suite->n_of_kind[DAGSCHED_JUNIT_SKIPPED]);
  dagsched_xml_write_seconds (self->sink, "time", suite->duration);
  dagsched_xml_write_attribute (self->sink, "timestamp", timestamp);
  dagsched_xml_write_attribute (self->sink, "hostname", g_get_host_name ());
  put (self, ">\n");

  write_properties (self, suite);
  for (guint i = 0; i < suite->tests->len && !dagsched_sink_is_dead (self->sink); i++)
    write_test (self, suite, suite->tests->pdata[i]);
  put (self, "  </testsuite>\n");
}

static void
write_report (DagschedJUnitReporter *self)
{
  put (self, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites");
  dagsched_xml_write_attribute (self->sink, "name", dagsched_run_get_name (self->run));
  dagsched_xml_write_uint (self->sink, "tests",
                           g_list_model_get_n_items (dagsched_run_get_tests (self->run)));
  dagsched_xml_write_uint (self->sink, "failures", self->suites.n_of_kind[DAGSCHED_JUNIT_FAILURE]);
  dagsched_xml_write_uint (self->sink, "errors", self->suites.n_of_kind[DAGSCHED_JUNIT_ERROR]);
  dagsched_xml_write_seconds (self->sink, "time", dagsched_run_get_elapsed (self->run));
  put (self, ">\n");
  for (guint i = 0; i < self->suites.suites->len; i++)
    write_suite (self, self->suites.suites->pdata[i]);
  put (self, "</testsuites>\n");
}

static gboolean
dagsched_junit_reporter_begin (DagschedReporter *reporter, DagschedRun *run, GError **error)
{
  DagschedJUnitReporter *self = DAGSCHED_JUNIT_REPORTER (reporter);

  g_return_val_if_fail (self->run == NULL, FALSE);

  self->sink = dagsched_sink_new_for_path (self->path, TRUE, error);
  if (self->sink == NULL)
    return FALSE;

  self->run = g_object_ref (run);

  return TRUE;
}

static gboolean
dagsched_junit_reporter_end (DagschedReporter *reporter, GError **error)
{
  DagschedJUnitReporter *self = DAGSCHED_JUNIT_REPORTER (reporter);
  gboolean written;

  g_return_val_if_fail (self->run != NULL, FALSE);

  dagsched_junit_suites_init (&self->suites, self->run);
  write_report (self);
  dagsched_junit_suites_clear (&self->suites);
  written = dagsched_sink_close (self->sink, error);

  g_clear_object (&self->run);
  g_clear_pointer (&self->sink, dagsched_sink_free);

  return written;
}

static void
dagsched_junit_reporter_dispose (GObject *object)
{
  DagschedJUnitReporter *self = DAGSCHED_JUNIT_REPORTER (object);

  g_clear_object (&self->run);

  G_OBJECT_CLASS (dagsched_junit_reporter_parent_class)->dispose (object);
}

static void
dagsched_junit_reporter_finalize (GObject *object)
{
  DagschedJUnitReporter *self = DAGSCHED_JUNIT_REPORTER (object);

  g_clear_pointer (&self->sink, dagsched_sink_free);
  g_clear_pointer (&self->causes, dagsched_causes_free);
  g_free (self->path);

  G_OBJECT_CLASS (dagsched_junit_reporter_parent_class)->finalize (object);
}

static void
dagsched_junit_reporter_class_init (DagschedJUnitReporterClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = dagsched_junit_reporter_dispose;
  object_class->finalize = dagsched_junit_reporter_finalize;
}

static void
dagsched_junit_reporter_init (DagschedJUnitReporter *self)
{
  self->causes = dagsched_causes_new ();
}

static void
dagsched_junit_reporter_iface_init (DagschedReporterInterface *iface)
{
  iface->begin = dagsched_junit_reporter_begin;
  iface->end = dagsched_junit_reporter_end;
}

/**
 * dagsched_junit_reporter_new:
 * @path: (type filename): the file, in a directory that exists; `-`: standard output
 *
 * Creates a reporter that writes JUnit XML. That the file can be written is checked when the
 * reporter is begun.
 *
 * Returns: (transfer full): a new reporter
 *
 * Since: 1.0
 */
DagschedJUnitReporter *
dagsched_junit_reporter_new (const char *path)
{
  DagschedJUnitReporter *self;

  g_return_val_if_fail (path != NULL, NULL);

  self = g_object_new (DAGSCHED_TYPE_JUNIT_REPORTER, NULL);
  self->path = g_strdup (path);

  return self;
}
