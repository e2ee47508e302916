/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fake-run.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

typedef struct
{
  char *directory;
  char *path;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  GError *error = NULL;

  fixture->directory = g_dir_make_tmp ("dagsched-report-XXXXXX", &error);
  g_assert_no_error (error);
  fixture->path = g_build_filename (fixture->directory, "report", NULL);
}

/* Nothing but the report may be left: no temporary file. */
static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_unlink (fixture->path);
  g_assert_cmpint (g_rmdir (fixture->directory), ==, 0);
  g_free (fixture->directory);
  g_free (fixture->path);
}

static void
report_everything (DagschedReporter *reporter)
{
  g_autoptr (FakeRun) run = fake_run_new_of_everything ();
  GError *error = NULL;

  g_assert_true (dagsched_reporter_begin (reporter, DAGSCHED_RUN (run), &error));
  g_assert_no_error (error);
  fake_run_carry_out_everything (run);
  g_assert_true (dagsched_reporter_end (reporter, &error));
  g_assert_no_error (error);
}

/* A run that had ended before the reporter heard of it: nothing but the end is left to look at. */
static void
report_late (DagschedReporter *reporter, FakeRun *run)
{
  GError *error = NULL;

  g_assert_true (dagsched_reporter_begin (reporter, DAGSCHED_RUN (run), &error));
  g_assert_no_error (error);
  g_assert_true (dagsched_reporter_end (reporter, &error));
  g_assert_no_error (error);
}

static char *
read_report (Fixture *fixture)
{
  GError *error = NULL;
  char *text;
  gsize length;

  g_file_get_contents (fixture->path, &text, &length, &error);
  g_assert_no_error (error);
  g_assert_true (g_utf8_validate (text, length, NULL));

  return text;
}

static void
test_junit_golden (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DagschedReporter) reporter = DAGSCHED_REPORTER (dagsched_junit_reporter_new (fixture->path));
  g_autofree char *text = NULL, *host = NULL;
  g_autoptr (GString) normal = NULL;

  report_everything (reporter);
  text = read_report (fixture);
  normal = g_string_new (text);
  host = g_strdup_printf ("hostname=\"%s\"", g_get_host_name ());
  g_string_replace (normal, host, "hostname=\"HOST\"", 0);
  assert_golden ("everything.xml", normal->str);
}

static void
validate (const char *path)
{
  g_autofree char *schema = g_test_build_filename (G_TEST_DIST, "report", "junit-10.xsd", NULL);
  g_autofree char *program = g_find_program_in_path ("xmllint");
  g_autofree char *errors = NULL;
  const char *const argv[] = { program, "--noout", "--nonet", "--huge", "--schema", schema, path, NULL };
  GError *error = NULL;
  int status;

  if (program == NULL)
    {
      g_test_skip ("xmllint is not there");
      return;
    }

  g_spawn_sync (NULL, (char **) argv, NULL, 0, NULL, NULL, NULL, &errors, &status, &error);
  g_assert_no_error (error);
  if (status != 0)
    g_test_message ("%s", errors);
  g_assert_cmpint (status, ==, 0);
}

static void
test_junit_valid (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DagschedReporter) reporter = DAGSCHED_REPORTER (dagsched_junit_reporter_new (fixture->path));

  report_everything (reporter);
  validate (fixture->path);
}

/* The schema would be worth nothing if it took everything. */
static void
test_junit_schema_refuses (Fixture *fixture, gconstpointer data)
{
  g_autofree char *schema = g_test_build_filename (G_TEST_DIST, "report", "junit-10.xsd", NULL);
  g_autofree char *program = g_find_program_in_path ("xmllint");
  const char *const argv[] = { program, "--noout", "--schema", schema, fixture->path, NULL };
  const char *const wrong[] = {
    "<testsuites><testcase name='x'/></testsuites>",
    "<testsuites><testsuite name='x' tests='1' failures='0'/></testsuites>",
    "<testsuites><testsuite name='x' tests='1' failures='0' errors='0' time='1.2345'/></testsuites>",
    "<testsuites><testsuite name='x' tests='1' failures='0' errors='0'><testcase name='x'>"
    "<rerunFailure/></testcase></testsuite></testsuites>",
    "<testsuites><testsuite name='x' tests='1' failures='0' errors='0'><testcase name='x'>"
    "<properties/></testcase></testsuite></testsuites>",
  };

  if (program == NULL)
    {
      g_test_skip ("xmllint is not there");
      return;
    }

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      GError *error = NULL;
      int status;

      g_file_set_contents (fixture->path, wrong[i], -1, &error);
      g_assert_no_error (error);
      g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL, NULL, NULL, &status,
                    &error);
      g_assert_no_error (error);
      g_assert_cmpint (status, !=, 0);
    }
}

/* Every byte, alone and in pairs, and ten megabytes without a line's end. */
static void
test_junit_hostile_output (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DagschedReporter) reporter = DAGSCHED_REPORTER (dagsched_junit_reporter_new (fixture->path));
  g_autoptr (FakeRun) run = fake_run_new (NULL);
  g_autoptr (GString) output = g_string_new (NULL);
  DagschedTest *test = fake_run_add (run, "hostile", NULL);
  FakeAttempt attempt = { DAGSCHED_OUTCOME_FAILED, 1 };
  GError *error = NULL;

  for (guint i = 0; i < 256 * 256; i++)
    {
      g_string_append_c (output, i / 256);
      g_string_append_c (output, i % 256);
    }
  for (guint i = 0; i < 10 * 1024 * 1024 / 8; i++)
    g_string_append (output, "]]>\xe2\x82\xac&\033");
  attempt.standard_output = output->str;
  attempt.output_length = output->len;

  g_assert_true (dagsched_reporter_begin (reporter, DAGSCHED_RUN (run), &error));
  fake_run_start (run, test, 1);
  fake_run_finish (run, test, &attempt, 0);
  fake_run_end (run, DAGSCHED_VERDICT_FAILURE, NULL, 1);
  g_assert_true (dagsched_reporter_end (reporter, &error));
  g_assert_no_error (error);
  validate (fixture->path);
}

/* A cancelled run in which nothing had started is no success in the report either. */
static void
test_junit_cancelled (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DagschedReporter) reporter = DAGSCHED_REPORTER (dagsched_junit_reporter_new (fixture->path));
  g_autoptr (FakeRun) run = fake_run_new ("r");
  DagschedTest *first = fake_run_add (run, "a", NULL);
  g_autofree char *text = NULL;
  GError *error = NULL;

  fake_run_add (run, "b", NULL);
  g_assert_true (dagsched_reporter_begin (reporter, DAGSCHED_RUN (run), &error));
  fake_run_drop (run, first, DAGSCHED_OUTCOME_CANCELLED, NULL, NULL);
  fake_run_end (run, DAGSCHED_VERDICT_FAILURE, "interrupted", 0);
  g_assert_true (dagsched_reporter_end (reporter, &error));
  text = read_report (fixture);
  g_assert_nonnull (strstr (text, "tests=\"2\" failures=\"0\" errors=\"2\""));
  validate (fixture->path);
}

static void
test_junit_unwritable (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = g_build_filename (fixture->directory, "missing", "report.xml", NULL);
  g_autoptr (DagschedReporter) reporter = DAGSCHED_REPORTER (dagsched_junit_reporter_new (path));
  g_autoptr (FakeRun) run = fake_run_new ("r");
  g_autoptr (GError) error = NULL;

  g_assert_false (dagsched_reporter_begin (reporter, DAGSCHED_RUN (run), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_assert_nonnull (strstr (error->message, path));
}

static void
test_full_disk (gconstpointer data)
{
  gboolean tap = GPOINTER_TO_INT (data);
  g_autoptr (DagschedReporter) reporter = NULL;
  g_autoptr (FakeRun) run = fake_run_new_of_everything ();
  g_autoptr (GError) error = NULL;

  if (!g_file_test ("/dev/full", G_FILE_TEST_EXISTS))
    {
      g_test_skip ("/dev/full is not there");
      return;
    }

  reporter = tap ? DAGSCHED_REPORTER (dagsched_tap_reporter_new_for_path ("/dev/full"))
                 : DAGSCHED_REPORTER (dagsched_junit_reporter_new ("/dev/full"));
  g_assert_true (dagsched_reporter_begin (reporter, DAGSCHED_RUN (run), &error));
  fake_run_carry_out_everything (run);
  g_assert_false (dagsched_reporter_end (reporter, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE);
  g_assert_nonnull (strstr (error->message, "/dev/full"));
}

/* The old report stays until the new one is whole; a reporter that is thrown away leaves nothing. */
static void
test_junit_replaces (Fixture *fixture, gconstpointer data)
{
  DagschedReporter *reporter = DAGSCHED_REPORTER (dagsched_junit_reporter_new (fixture->path));
  g_autoptr (FakeRun) run = fake_run_new ("r");
  g_autofree char *text = NULL;
  GError *error = NULL;

  g_assert_true (g_file_set_contents (fixture->path, "old", -1, NULL));
  g_assert_true (dagsched_reporter_begin (reporter, DAGSCHED_RUN (run), &error));
  g_object_unref (reporter);
  text = read_report (fixture);
  g_assert_cmpstr (text, ==, "old");

  reporter = DAGSCHED_REPORTER (dagsched_junit_reporter_new (fixture->path));
  fake_run_end (run, DAGSCHED_VERDICT_SUCCESS, NULL, 0);
  report_late (reporter, run);
  g_object_unref (reporter);
  g_free (text);
  text = read_report (fixture);
  g_assert_true (g_str_has_prefix (text, "<?xml"));
}

/* What is replaced keeps its mode, and a link stays a link; a name as long as names may be is no trouble. */
static void
test_junit_keeps_mode (Fixture *fixture, gconstpointer data)
{
  g_autofree char *name = g_strnfill (255, 'x');
  g_autofree char *target = g_build_filename (fixture->directory, name, NULL);
  g_autoptr (DagschedReporter) reporter = DAGSCHED_REPORTER (dagsched_junit_reporter_new (fixture->path));
  g_autoptr (FakeRun) run = fake_run_new ("r");
  GStatBuf status;

  g_assert_cmpint (g_close (g_open (target, O_CREAT | O_WRONLY, 0600), NULL), ==, TRUE);
  g_assert_cmpint (symlink (target, fixture->path), ==, 0);
  report_late (reporter, run);
  g_assert_true (g_file_test (fixture->path, G_FILE_TEST_IS_SYMLINK));
  g_assert_cmpint (g_stat (target, &status), ==, 0);
  g_assert_cmpint (status.st_mode & 0777, ==, 0600);
  g_assert_cmpint (status.st_size, >, 3);
  g_unlink (target);
}

/* A reader of TAP 14 that takes nothing but what the specification allows at the top level. */
typedef struct
{
  guint n_planned;
  guint n_points;
  guint n_failed; /* neither skipped nor to do */
  gboolean bailed_out;
} Tap;

static gboolean
has_directive (const char *line, const char *directive)
{
  const char *p = line;

  while ((p = strchr (p, '#')) != NULL)
    {
      guint n_backslashes = 0;

      while (p - n_backslashes > line && p[-1 - (int) n_backslashes] == '\\')
        n_backslashes++;
      if (n_backslashes % 2 == 0)
        {
          g_assert_true (g_str_has_prefix (p, "# SKIP ") || g_str_has_prefix (p, "# TODO "));
          return strncmp (p + 2, directive, strlen (directive)) == 0;
        }
      p++;
    }

  return FALSE;
}

static void
read_point (Tap *tap, const char *line)
{
  gboolean ok = g_str_has_prefix (line, "ok ");
  char *end;

  g_assert_true (ok || g_str_has_prefix (line, "not ok "));
  g_assert_cmpuint (g_ascii_strtoull (line + (ok ? 3 : 7), &end, 10), ==, tap->n_points + 1);
  g_assert_true (g_str_has_prefix (end, " - "));
  tap->n_points++;
  if (!ok && !has_directive (line, "TODO"))
    tap->n_failed++;
  g_assert_false (!ok && has_directive (line, "SKIP"));
}

static Tap
read_tap (const char *text)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  gboolean in_block = FALSE;
  Tap tap = { 0 };
  guint i;

  g_assert_cmpstr (lines[0], ==, "TAP version 14");
  g_assert_true (g_str_has_prefix (lines[1], "1.."));
  tap.n_planned = g_ascii_strtoull (lines[1] + 3, NULL, 10);

  for (i = 2; lines[i] != NULL && lines[i + 1] != NULL; i++)
    {
      for (const char *p = lines[i]; *p != '\0'; p++)
        g_assert_true ((guchar) *p >= 0x20 || *p == '\t');
      g_assert_false (tap.bailed_out);
      if (in_block)
        {
          g_assert_true (g_str_has_prefix (lines[i], "  "));
          in_block = strcmp (lines[i], "  ...") != 0;
        }
      else if (strcmp (lines[i], "  ---") == 0)
        {
          g_assert_cmpuint (tap.n_points, >, 0);
          in_block = TRUE;
        }
      else if (g_str_has_prefix (lines[i], "Bail out! "))
        tap.bailed_out = TRUE;
      else
        read_point (&tap, lines[i]);
    }
  g_assert_false (in_block);
  g_assert_cmpstr (lines[i], ==, "");
  g_assert_cmpuint (tap.n_points, ==, tap.n_planned);

  return tap;
}

static void
test_tap_golden (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DagschedReporter) reporter =
    DAGSCHED_REPORTER (dagsched_tap_reporter_new_for_path (fixture->path));
  g_autofree char *text = NULL;
  Tap tap;

  report_everything (reporter);
  text = read_report (fixture);
  tap = read_tap (text);
  g_assert_cmpuint (tap.n_points, ==, 16);
  /* upload, slow, missing, surprise, hostile, long output; dump, list, purge blocked; cut and never cancelled */
  g_assert_cmpuint (tap.n_failed, ==, 11);
  g_assert_false (tap.bailed_out);
  assert_golden ("everything.tap", text);
}

static void
test_tap_incomplete (void)
{
  g_autoptr (GOutputStream) stream = g_memory_output_stream_new_resizable ();
  g_autoptr (DagschedReporter) reporter = DAGSCHED_REPORTER (dagsched_tap_reporter_new (stream));
  g_autoptr (FakeRun) run = fake_run_new ("r");
  DagschedTest *test = fake_run_add (run, "a", NULL);
  const FakeAttempt passed = { DAGSCHED_OUTCOME_PASSED, 1 };
  const char *text;
  GError *error = NULL;
  Tap tap;

  fake_run_add (run, "b", NULL);
  g_assert_true (dagsched_reporter_begin (reporter, DAGSCHED_RUN (run), &error));
  fake_run_start (run, test, 1);
  fake_run_finish (run, test, &passed, 0);
  g_output_stream_write_all (stream, "", 1, NULL, NULL, NULL);
  text = g_memory_output_stream_get_data (G_MEMORY_OUTPUT_STREAM (stream));
  g_assert_cmpstr (text, ==, "TAP version 14\n1..2\nok 1 - a\n"); /* as soon as it has finished */
  g_assert_true (g_seekable_seek (G_SEEKABLE (stream), -1, G_SEEK_CUR, NULL, NULL));

  fake_run_end (run, DAGSCHED_VERDICT_INCOMPLETE, "run.log: no space\nleft", 1);
  g_assert_true (dagsched_reporter_end (reporter, &error));
  g_output_stream_write_all (stream, "", 1, NULL, NULL, NULL);
  text = g_memory_output_stream_get_data (G_MEMORY_OUTPUT_STREAM (stream));
  tap = read_tap (text);
  g_assert_true (tap.bailed_out);
  g_assert_cmpuint (tap.n_failed, ==, 1);
  g_assert_nonnull (strstr (text, "Bail out! run.log: no space\\\\nleft\n"));
}

static void
test_tap_late (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DagschedReporter) reporter =
    DAGSCHED_REPORTER (dagsched_tap_reporter_new_for_path (fixture->path));
  g_autoptr (FakeRun) run = fake_run_new_of_everything ();
  g_autofree char *text = NULL;

  fake_run_carry_out_everything (run);
  report_late (reporter, run);
  text = read_report (fixture);
  g_assert_cmpuint (read_tap (text).n_failed, ==, 11);
}

/* Reports of a chain of 100 000 blocked tests take no time that grows with its square. */
static void
test_long_chain (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DagschedReporter) tap = DAGSCHED_REPORTER (dagsched_tap_reporter_new_for_path ("/dev/null"));
  g_autoptr (DagschedReporter) junit = DAGSCHED_REPORTER (dagsched_junit_reporter_new ("/dev/null"));
  g_autoptr (FakeRun) run = fake_run_new ("chain");
  const FakeAttempt failed = { DAGSCHED_OUTCOME_FAILED, 1 };
  g_autoptr (GPtrArray) tests = g_ptr_array_new ();
  GError *error = NULL;

  for (guint i = 0; i < 100000; i++)
    {
      char name[16];

      g_snprintf (name, sizeof name, "%u", i);
      g_ptr_array_add (tests, fake_run_add (run, name, NULL));
    }
  g_assert_true (dagsched_reporter_begin (tap, DAGSCHED_RUN (run), &error));
  g_assert_true (dagsched_reporter_begin (junit, DAGSCHED_RUN (run), &error));
  fake_run_start (run, tests->pdata[0], 1);
  fake_run_finish (run, tests->pdata[0], &failed, 0);
  for (guint i = 1; i < tests->len; i++)
    fake_run_drop (run, tests->pdata[i], DAGSCHED_OUTCOME_BLOCKED, NULL, tests->pdata[i - 1]);
  fake_run_end (run, DAGSCHED_VERDICT_FAILURE, NULL, 1);
  g_assert_true (dagsched_reporter_end (tap, &error));
  g_assert_true (dagsched_reporter_end (junit, &error));

  for (guint i = 0; i < tests->len; i++)
    dagsched_test_forget_blocked_by (tests->pdata[i]);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)
  ADD ("/report/junit/golden", test_junit_golden);
  ADD ("/report/junit/valid", test_junit_valid);
  ADD ("/report/junit/schema-refuses", test_junit_schema_refuses);
  ADD ("/report/junit/hostile-output", test_junit_hostile_output);
  ADD ("/report/junit/cancelled", test_junit_cancelled);
  ADD ("/report/junit/unwritable", test_junit_unwritable);
  ADD ("/report/junit/replaces", test_junit_replaces);
  ADD ("/report/junit/keeps-mode", test_junit_keeps_mode);
  ADD ("/report/tap/golden", test_tap_golden);
  ADD ("/report/tap/late", test_tap_late);
  ADD ("/report/long-chain", test_long_chain);
  g_test_add_func ("/report/tap/incomplete", test_tap_incomplete);
  g_test_add_data_func ("/report/junit/full-disk", GINT_TO_POINTER (FALSE), test_full_disk);
  g_test_add_data_func ("/report/tap/full-disk", GINT_TO_POINTER (TRUE), test_full_disk);

  return g_test_run ();
}
