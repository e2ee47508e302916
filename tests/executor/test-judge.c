/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <dagsched.h>

#include "executor/dagsched-judge-private.h"

static GKeyFile *corpus;

static void
judge (const DagschedJudgeParams *params,
       const char *output,
       gsize length,
       gsize step,
       DagschedResult *result)
{
  g_autoptr (DagschedJudge) self = dagsched_judge_new (params);

  for (gsize at = 0; at < length; at += step)
    dagsched_judge_feed (self, output + at, MIN (step, length - at));
  dagsched_judge_finish (self, result);
}

static void
assert_result (DagschedResult *result, const char *outcome, const char *reason)
{
  g_assert_cmpstr (result->reason, ==, reason);
  g_assert_cmpstr (dagsched_outcome_to_string (result->outcome), ==, outcome);
}

/* However the output is cut up on its way, the verdict is the same. */
static void
test_file (gconstpointer data)
{
  const char *name = data;
  const gsize steps[] = { G_MAXSSIZE, 1, 7 };
  g_autofree char *file = g_strconcat (name, ".tap", NULL);
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "executor", "tap", file, NULL);
  g_autofree char *outcome = g_key_file_get_string (corpus, name, "outcome", NULL);
  g_autofree char *reason = g_key_file_get_string (corpus, name, "reason", NULL);
  g_autofree char *protocol = g_key_file_get_string (corpus, name, "protocol", NULL);
  g_autofree char *output = NULL;
  DagschedJudgeParams params = { .protocol = DAGSCHED_PROTOCOL_TAP,
                                 .skip_code = 77,
                                 .one_path = g_key_file_get_boolean (corpus, name, "one_path", NULL) };
  gsize length;

  if (protocol != NULL)
    g_assert_true (dagsched_protocol_from_string (protocol, &params.protocol));
  g_assert_true (g_file_get_contents (path, &output, &length, NULL));

  for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
    {
      DagschedResult result = DAGSCHED_RESULT_INIT;

      result.term_signal = g_key_file_get_integer (corpus, name, "term_signal", NULL);
      if (result.term_signal == 0)
        result.exit_status = g_key_file_get_integer (corpus, name, "exit_status", NULL);
      judge (&params, output, length, steps[i], &result);
      assert_result (&result, outcome, reason);
      dagsched_result_clear (&result);
    }
}

/* A file that the list does not name would never be looked at. */
static void
test_all_listed (void)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "executor", "tap", NULL);
  g_autoptr (GDir) directory = g_dir_open (path, 0, NULL);
  const char *file;

  while ((file = g_dir_read_name (directory)) != NULL)
    {
      g_autofree char *name = g_strndup (file, strlen (file) - strlen (".tap"));

      if (g_str_has_suffix (file, ".tap"))
        g_assert_true (g_key_file_has_group (corpus, name));
    }
}

static void
check (DagschedProtocol protocol,
       int exit_status,
       int term_signal,
       const char *output,
       const char *outcome,
       const char *reason)
{
  DagschedResult result = DAGSCHED_RESULT_INIT;

  result.exit_status = term_signal == 0 ? exit_status : -1;
  result.term_signal = term_signal;
  judge (&(DagschedJudgeParams){ .protocol = protocol, .skip_code = 77 }, output, strlen (output), 5,
         &result);
  assert_result (&result, outcome, reason);
  dagsched_result_clear (&result);
}

static void
test_exit_status (void)
{
  const DagschedProtocol protocols[] = { DAGSCHED_PROTOCOL_EXITCODE, DAGSCHED_PROTOCOL_GTEST };

  for (guint i = 0; i < G_N_ELEMENTS (protocols); i++)
    {
      check (protocols[i], 0, 0, "not ok 1", "passed", NULL);
      check (protocols[i], 1, 0, "", "failed", "exit status 1");
      check (protocols[i], 77, 0, "", "skipped", "exit status 77");
      check (protocols[i], 99, 0, "", "errored", "exit status 99");
      check (protocols[i], 127, 0, "", "failed", "exit status 127");
      check (protocols[i], 0, 15, "", "failed", "killed by signal 15 (SIGTERM)");
      check (protocols[i], 0, 40, "", "failed", "killed by signal 40");
    }
}

static void
test_no_skip_code (void)
{
  DagschedResult result = DAGSCHED_RESULT_INIT;

  result.exit_status = 77;
  judge (&(DagschedJudgeParams){ .protocol = DAGSCHED_PROTOCOL_EXITCODE, .skip_code = -1 }, "", 0, 1,
         &result);
  assert_result (&result, "failed", "exit status 77");
  dagsched_result_clear (&result);
}

static void
test_rust (void)
{
  const DagschedProtocol rust = DAGSCHED_PROTOCOL_RUST;

  check (rust, 0, 0, "running 2 tests\ntest a::b ... ok\ntest c ... ignored\n\ntest result: ok. 1 passed\n",
         "passed", NULL);
  check (rust, 101, 0, "test a ... ok\ntest b::c ... FAILED\ntest d - should panic ... FAILED\n", "failed",
         "2 of 3 failed: b::c, d - should panic");
  check (rust, 0, 0, "test a ... ignored\ntest b ... ignored, no gpu\n", "skipped", "all tests were ignored");
  check (rust, 0, 0, "running 0 tests\n\ntest result: ok. 0 passed\n", "skipped", "there are no tests");
  check (rust, 101, 0, "test a ... ok\n", "errored", "exit status 101, though no test failed");
  check (rust, 0, 11, "test a ... ok\n", "errored", "killed by signal 11 (SIGSEGV), though no test failed");
  check (rust, 0, 0, "test a ... what\n", "errored",
         "a result that is neither ok, FAILED nor ignored: \"test a ... what\"");
}

int
main (int argc, char **argv)
{
  g_autofree char *path = NULL;
  g_auto (GStrv) names = NULL;
  int status;

  g_test_init (&argc, &argv, NULL);

  path = g_test_build_filename (G_TEST_DIST, "executor", "tap", "corpus.ini", NULL);
  corpus = g_key_file_new ();
  g_assert_true (g_key_file_load_from_file (corpus, path, G_KEY_FILE_NONE, NULL));
  names = g_key_file_get_groups (corpus, NULL);
  for (guint i = 0; names[i] != NULL; i++)
    {
      g_autofree char *test_path = g_strconcat ("/judge/tap/", names[i], NULL);

      g_test_add_data_func (test_path, names[i], test_file);
    }
  g_test_add_func ("/judge/tap-corpus-is-whole", test_all_listed);
  g_test_add_func ("/judge/exit-status", test_exit_status);
  g_test_add_func ("/judge/no-skip-code", test_no_skip_code);
  g_test_add_func ("/judge/rust", test_rust);
  status = g_test_run ();

  g_key_file_unref (corpus);
  return status;
}
