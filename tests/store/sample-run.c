/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sample-run.h"

#include <ftw.h>
#include <glib/gstdio.h>

#include "model/dagsched-test-private.h"

static guint32 first_dependency[] = { 0, 0, 1, 3, 3 };
static guint32 dependencies[] = {
  DAGSCHED_PACK_DEPENDENT (0, DAGSCHED_CONDITION_SUCCESS),
  DAGSCHED_PACK_DEPENDENT (1, DAGSCHED_CONDITION_SUCCESS),
  DAGSCHED_PACK_DEPENDENT (0, DAGSCHED_CONDITION_ALWAYS),
};

static const DagschedOptionsView options = { .order = DAGSCHED_ORDER_RANDOM,
                                             .seed = 42,
                                             .repeat = 1,
                                             .timeout_multiplier = 1.5,
                                             .max_failures = 3 };

static DagschedTest *
make_rich_test (void)
{
  const char *const argv[] = { "./prog", "--a b", "\xff\xfe", NULL };
  const char *const env[] = { "A=1", "B=\"quoted\"\n", NULL };
  const char *const suites[] = { "unit", "sl\\ow", NULL };
  DagschedCommandTest *test = dagsched_command_test_new ("set/up", argv);
  DagschedTest *base = DAGSCHED_TEST (test);

  dagsched_command_test_set_env (test, env);
  dagsched_command_test_set_unset_env (test, suites);
  dagsched_command_test_set_workdir (test, "/tmp/\xe9t\xe9");
  dagsched_command_test_set_protocol (test, DAGSCHED_PROTOCOL_TAP);
  dagsched_command_test_set_skip_code (test, 3);
  dagsched_command_test_set_stop_signal (test, 2);
  dagsched_command_test_set_output_limit (test, 123456);
  for (guint i = 0; i < DAGSCHED_N_LIMITS; i++)
    dagsched_command_test_set_limit (test, i, 1000 + i);
  dagsched_test_set_repetition (base, 2);
  dagsched_test_set_suites (base, suites);
  dagsched_test_set_labels (base, suites + 1);
  dagsched_test_set_origin (base, "suite.json: tests[0]");
  dagsched_test_set_priority (base, -7);
  dagsched_test_set_timeout (base, 1.25);
  dagsched_test_set_grace (base, 0.5);
  dagsched_test_set_slow_after (base, 10);
  dagsched_test_set_retries (base, 2);
  dagsched_test_set_retry_delay (base, 0.125);
  dagsched_test_set_slots (base, DAGSCHED_ALL);
  dagsched_test_set_exclusive (base, TRUE);
  dagsched_test_set_weight (base, 3.5);
  dagsched_test_set_expected_duration (base, 4.5);
  dagsched_test_set_fixture (base, TRUE);
  dagsched_test_set_cleanup (base, "clean/up");
  dagsched_test_set_requirement (base, "gpu", 2);
  dagsched_test_set_requirement (base, "database", DAGSCHED_ALL);
  dagsched_test_set_group (base, "phase", "A");

  return base;
}

static DagschedTest *
make_test (const char *name)
{
  const char *const argv[] = { "true", NULL };

  return DAGSCHED_TEST (dagsched_command_test_new (name, argv));
}

static GBytes *
make_binary (void)
{
  GByteArray *bytes = g_byte_array_new ();

  for (guint i = 0; i < 256; i++)
    g_byte_array_append (bytes, &(guint8){ i }, 1);

  return g_byte_array_free_to_bytes (bytes);
}

SampleRun *
sample_run_new (void)
{
  static const char text[] = "ok 1 \"caf\xc3\xa9\" \\ \t\b\f\r\x01\x1f\x7f \xf0\x9f\x98\x80\n";
  SampleRun *self = g_new0 (SampleRun, 1);
  g_autofree char *large = g_strnfill (100000, 'x');

  self->tests[0] = make_rich_test ();
  self->tests[1] = make_test ("flaky");
  self->tests[2] = make_test ("blocked");
  self->tests[3] = make_test ("fails");
  dagsched_test_set_disabled (self->tests[2], "a reason");
  dagsched_test_set_defect (self->tests[3], "not built");
  dagsched_test_set_expected_failure (self->tests[3], TRUE);

  self->plan.n_tests = 4;
  self->plan.tests = self->tests;
  self->plan.first_dependency = first_dependency;
  self->plan.dependencies = dependencies;
  self->header = (DagschedLogHeader){
    .name = "a suite", .started_at = 1700000000123456, .n_tests = 4, .n_workers = 2, .options = &options
  };
  self->text = g_bytes_new (text, sizeof text - 1);
  self->binary = make_binary ();
  self->large = g_bytes_new (large, 100000);

  return self;
}

void
sample_run_free (SampleRun *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (self->tests); i++)
    g_assert_finalize_object (self->tests[i]);
  g_bytes_unref (self->text);
  g_bytes_unref (self->binary);
  g_bytes_unref (self->large);
  g_free (self);
}

#define MS(n) ((gint64) (n) *1000000)

static void
start (DagschedRunLogWriter *writer, guint32 test, guint32 attempt, guint32 worker, gint64 time)
{
  const DagschedTicket ticket = { .test = test, .attempt = attempt, .lane = worker };

  dagsched_run_log_writer_started (writer, &ticket, time);
}

static gint64
end_attempt (DagschedRunLogWriter *writer, DagschedAttemptRecord record)
{
  gint64 offset = -1;

  dagsched_run_log_writer_attempt (writer, &record, &offset);

  return offset;
}

static void
finish (DagschedRunLogWriter *writer, DagschedFinishedRecord record)
{
  dagsched_run_log_writer_finished (writer, &record);
}

void
sample_run_write (SampleRun *self, DagschedRunLogWriter *writer, gint64 *large_offset)
{
  g_autoptr (GError) error = NULL;

  dagsched_run_log_writer_begin (writer, &self->header, &self->plan, NULL, NULL, &error);
  g_assert_no_error (error);

  start (writer, 0, 1, 0, MS (1));
  start (writer, 3, 1, 1, MS (2));
  end_attempt (writer,
               (DagschedAttemptRecord){ .test = 0,
                                        .attempt = 1,
                                        .lane = 0,
                                        .outcome = DAGSCHED_OUTCOME_PASSED,
                                        .start_ns = MS (1),
                                        .end_ns = MS (11),
                                        .result = &(DagschedResult){ .standard_output = self->text,
                                                                     .standard_error = self->binary } });
  finish (writer, (DagschedFinishedRecord){ .test = 0,
                                            .outcome = DAGSCHED_OUTCOME_PASSED,
                                            .blocked_by = DAGSCHED_NO_TEST,
                                            .n_attempts = 1,
                                            .time_ns = MS (11) });
  *large_offset = end_attempt (
    writer, (DagschedAttemptRecord){ .test = 3,
                                     .attempt = 1,
                                     .lane = 1,
                                     .outcome = DAGSCHED_OUTCOME_EXPECTED_FAILURE,
                                     .start_ns = MS (2),
                                     .end_ns = MS (12),
                                     .result = &(DagschedResult){ .exit_status = -1,
                                                                  .term_signal = 11,
                                                                  .flags = DAGSCHED_FLAGS_TRUNCATED,
                                                                  .reason = (char *) "killed by \xff",
                                                                  .artifacts = (char *) "/a/b",
                                                                  .standard_output = self->large } });
  finish (writer, (DagschedFinishedRecord){ .test = 3,
                                            .outcome = DAGSCHED_OUTCOME_EXPECTED_FAILURE,
                                            .blocked_by = DAGSCHED_NO_TEST,
                                            .n_attempts = 1,
                                            .flags = DAGSCHED_FLAGS_TRUNCATED,
                                            .time_ns = MS (12) });
  dagsched_run_log_writer_paused (writer, MS (13), -1);
  dagsched_run_log_writer_paused (writer, MS (13), MS (1000));
  start (writer, 1, 1, 0, MS (13));
  end_attempt (writer, (DagschedAttemptRecord){ .test = 1,
                                                .attempt = 1,
                                                .lane = 0,
                                                .will_retry = TRUE,
                                                .outcome = DAGSCHED_OUTCOME_FAILED,
                                                .start_ns = MS (13),
                                                .end_ns = MS (14),
                                                .result = &(DagschedResult){ .exit_status = 1 } });
  start (writer, 1, 2, 1, MS (15));
  end_attempt (writer,
               (DagschedAttemptRecord){
                 .test = 1,
                 .attempt = 2,
                 .lane = 1,
                 .outcome = DAGSCHED_OUTCOME_TIMED_OUT,
                 .start_ns = MS (15),
                 .end_ns = MS (17),
                 .result = &(DagschedResult){
                   .exit_status = -1, .term_signal = 15, .reason = (char *) "timed out after 2 ms" } });
  finish (writer, (DagschedFinishedRecord){ .test = 1,
                                            .outcome = DAGSCHED_OUTCOME_TIMED_OUT,
                                            .blocked_by = DAGSCHED_NO_TEST,
                                            .n_attempts = 2,
                                            .reason = "timed out after 2 ms",
                                            .time_ns = MS (17) });
  finish (writer, (DagschedFinishedRecord){
                    .test = 2, .outcome = DAGSCHED_OUTCOME_BLOCKED, .blocked_by = 1, .time_ns = MS (17) });
  dagsched_run_log_writer_end (writer, DAGSCHED_VERDICT_FAILURE, "a \"problem\"", MS (18));
}

char *
sample_run_dup_lines (SampleRun *self)
{
  g_autofree char *dir = sample_dir_new ();
  g_autofree char *path = g_build_filename (dir, "log", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (DagschedRunLogWriter) writer = dagsched_run_log_writer_new (path, &error);
  char *lines;
  gint64 offset;

  g_assert_no_error (error);
  sample_run_write (self, writer, &offset);
  dagsched_run_log_writer_close (writer, &error);
  g_assert_no_error (error);
  g_file_get_contents (path, &lines, NULL, &error);
  g_assert_no_error (error);
  sample_dir_remove (dir);

  return lines;
}

static void
assert_same_property (GObject *a, GObject *b, GParamSpec *pspec)
{
  g_auto (GValue) value_a = G_VALUE_INIT, value_b = G_VALUE_INIT;

  g_object_get_property (a, pspec->name, g_value_init (&value_a, pspec->value_type));
  g_object_get_property (b, pspec->name, g_value_init (&value_b, pspec->value_type));
  if (pspec->value_type == G_TYPE_STRV)
    g_assert_cmpstrv (g_value_get_boxed (&value_a), g_value_get_boxed (&value_b));
  else if (g_param_values_cmp (pspec, &value_a, &value_b) != 0)
    g_error ("property %s differs", pspec->name);
}

void
sample_assert_same_settings (DagschedTest *a, DagschedTest *b)
{
  guint n_pspecs, n_a, n_b;
  g_autofree GParamSpec **pspecs = g_object_class_list_properties (G_OBJECT_GET_CLASS (a), &n_pspecs);

  for (guint i = 0; i < n_pspecs; i++)
    {
      if (pspecs[i]->flags & G_PARAM_WRITABLE)
        assert_same_property (G_OBJECT (a), G_OBJECT (b), pspecs[i]);
    }

  g_assert_cmpuint (dagsched_test_get_repetition (a), ==, dagsched_test_get_repetition (b));
  dagsched_test_peek_requirements (a, &n_a);
  dagsched_test_peek_requirements (b, &n_b);
  g_assert_cmpuint (n_a, ==, n_b);
  dagsched_test_peek_groups (a, &n_a);
  dagsched_test_peek_groups (b, &n_b);
  g_assert_cmpuint (n_a, ==, n_b);
}

char *
sample_dir_new (void)
{
  g_autoptr (GError) error = NULL;
  char *dir = g_dir_make_tmp ("dagsched-store-XXXXXX", &error);

  g_assert_no_error (error);

  return dir;
}

static int
remove_one (const char *path, const struct stat *info, int type, struct FTW *ftw)
{
  return g_remove (path);
}

void
sample_dir_remove (const char *path)
{
  g_assert_cmpint (nftw (path, remove_one, 16, FTW_DEPTH | FTW_PHYS), ==, 0);
}
