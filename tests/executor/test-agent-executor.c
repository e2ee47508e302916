/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <dagsched.h>
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fake-engine.h"

static void
run_one (const char *script, DagschedOutcome outcome, const char *reason)
{
  g_autoptr (FakeEngine) engine = fake_engine_new ();
  g_autoptr (FakeCompletion) completion = NULL;

  fake_engine_add (engine, "one", script);
  fake_engine_open (engine, 1, NULL);
  completion = fake_engine_run (engine, "one");
  assert_result (completion, outcome, reason);
}

static void
test_exit_status (void)
{
  run_one ("exit 0", DAGSCHED_OUTCOME_PASSED, NULL);
  run_one ("exit 1", DAGSCHED_OUTCOME_FAILED, "exit status 1");
  run_one ("exit 77", DAGSCHED_OUTCOME_SKIPPED, "exit status 77");
  run_one ("exit 99", DAGSCHED_OUTCOME_ERRORED, "exit status 99");
  run_one ("kill -SEGV $$", DAGSCHED_OUTCOME_FAILED, "killed by signal 11 (SIGSEGV)");
}

static void
test_times_and_status (void)
{
  g_autoptr (FakeEngine) engine = fake_engine_new ();
  g_autoptr (FakeCompletion) completion = NULL;
  gint64 before = g_get_monotonic_time () * 1000;

  fake_engine_add (engine, "one", "exit 3");
  fake_engine_open (engine, 1, NULL);
  completion = fake_engine_run (engine, "one");
  g_assert_cmpint (completion->result.exit_status, ==, 3);
  g_assert_cmpint (completion->result.term_signal, ==, 0);
  g_assert_cmpint (completion->result.start_ns, >=, before);
  g_assert_cmpint (completion->result.end_ns, >=, completion->result.start_ns);
  g_assert_cmpint (completion->result.end_ns, <=, (g_get_monotonic_time () + 1) * 1000);
  g_assert_null (completion->result.standard_output);
  g_assert_null (completion->result.artifacts);
}

static void
test_output (void)
{
  g_autoptr (FakeEngine) engine = fake_engine_new ();
  g_autoptr (FakeCompletion) completion = NULL;
  g_autofree char *out = NULL, *err = NULL;

  fake_engine_add (engine, "one", "echo one; echo two >&2; cat");
  fake_engine_open (engine, 1, NULL);
  completion = fake_engine_run (engine, "one");
  assert_result (completion, DAGSCHED_OUTCOME_PASSED, NULL);
  out = fake_completion_dup_output (completion, FALSE);
  err = fake_completion_dup_output (completion, TRUE);
  g_assert_cmpstr (out, ==, "one\n");
  g_assert_cmpstr (err, ==, "two\n");
}

static void
test_live_output (void)
{
  g_autoptr (FakeEngine) engine = fake_engine_new ();
  g_autoptr (FakeCompletion) completion = NULL;
  DagschedTicket ticket;

  fake_engine_add (engine, "one", "echo ready; sleep 1000");
  fake_engine_open (engine, 1, NULL);
  ticket = fake_engine_start (engine, "one", 0);
  fake_engine_await_output (engine, "ready\n");
  engine->funcs->stop (engine->executor, &ticket, FALSE);
  completion = fake_engine_wait (engine);
  assert_result (completion, DAGSCHED_OUTCOME_CANCELLED, "stopped while it ran");
  g_assert_cmpint (completion->result.term_signal, ==, SIGTERM);

  /* It has ended: nothing is there to stop. */
  engine->funcs->stop (engine->executor, &ticket, TRUE);
}

/* What it was given and has not completed is dropped, not forgotten: see fake_engine_free(). */
static void
test_closed_while_it_runs (void)
{
  g_autoptr (FakeEngine) engine = fake_engine_new ();

  fake_engine_add (engine, "one", "echo ready; sleep 1000");
  fake_engine_open (engine, 1, NULL);
  fake_engine_start (engine, "one", 0);
  fake_engine_await_output (engine, "ready\n");
}

static void
test_output_limit (void)
{
  g_autoptr (FakeEngine) engine = fake_engine_new ();
  g_autoptr (FakeCompletion) completion = NULL;
  g_autofree char *out = NULL;
  DagschedCommandTest *test;

  test = fake_engine_add (engine, "one", "printf abcdefghijklmnopqrstuvwxyz");
  dagsched_command_test_set_output_limit (test, 8);
  fake_engine_open (engine, 1, NULL);
  completion = fake_engine_run (engine, "one");
  out = fake_completion_dup_output (completion, FALSE);
  g_assert_cmpstr (out, ==, "abcd\n… 18 bytes cut …\nwxyz");
  g_assert_cmpint (completion->result.flags, ==, DAGSCHED_FLAGS_TRUNCATED);
}

/* A flood of both streams, in both ways of cutting: by the agent, and here where the output is parsed. */
static void
check_flood (DagschedProtocol protocol)
{
  g_autoptr (FakeEngine) engine = fake_engine_new ();
  g_autoptr (FakeCompletion) completion = NULL;
  DagschedCommandTest *test;

  test = fake_engine_add (engine, "one",
                          "echo 1..1; yes | head -c 20000000; yes | head -c 20000000 >&2; "
                          "echo; echo ok 1");
  dagsched_command_test_set_output_limit (test, 100000);
  dagsched_command_test_set_protocol (test, protocol);
  fake_engine_open (engine, 1, NULL);
  completion = fake_engine_run (engine, "one");
  assert_result (completion, DAGSCHED_OUTCOME_PASSED, NULL);
  g_assert_cmpint (completion->result.flags, ==, DAGSCHED_FLAGS_TRUNCATED);
  g_assert_cmpuint (g_bytes_get_size (completion->result.standard_output), <, 100100);
  g_assert_cmpuint (g_bytes_get_size (completion->result.standard_output), >=, 100000);
  g_assert_cmpuint (g_bytes_get_size (completion->result.standard_error), <, 100100);
}

static void
test_flood (void)
{
  check_flood (DAGSCHED_PROTOCOL_EXITCODE);
  check_flood (DAGSCHED_PROTOCOL_TAP);
}

/* What is started in a pause begins when that has ended. A slot that was sent it would give up. */
static void
test_start_in_pause (void)
{
  g_autoptr (FakeEngine) engine = fake_engine_new ();
  g_autoptr (FakeCompletion) completion = NULL;
  DagschedTicket stopped;

  fake_engine_add (engine, "one", "exit 0");
  fake_engine_add (engine, "two", "sleep 1000");
  fake_engine_open (engine, 2, NULL);
  fake_engine_set_paused (engine, TRUE);
  fake_engine_start (engine, "one", 0);
  fake_engine_set_paused (engine, FALSE);
  completion = fake_engine_wait (engine);
  assert_result (completion, DAGSCHED_OUTCOME_PASSED, NULL);
  g_assert_false (completion->result.lost);
  g_clear_pointer (&completion, fake_completion_free);

  fake_engine_set_paused (engine, TRUE);
  stopped = fake_engine_start (engine, "two", 1);
  engine->funcs->stop (engine->executor, &stopped, FALSE);
  fake_engine_set_paused (engine, FALSE);
  completion = fake_engine_wait (engine);
  assert_result (completion, DAGSCHED_OUTCOME_CANCELLED, "stopped before it ran");
}

/* One that is told to end in a pause does so after it, and is told once. */
static void
test_stop_in_pause (void)
{
  g_autoptr (FakeEngine) engine = fake_engine_new ();
  g_autoptr (FakeCompletion) completion = NULL;
  DagschedTicket ticket;

  fake_engine_add (engine, "one", "trap 'echo told; exit 3' TERM; echo up; while :; do sleep 0.01; done");
  fake_engine_open (engine, 1, NULL);
  ticket = fake_engine_start (engine, "one", 0);
  fake_engine_await_output (engine, "up\n");
  fake_engine_set_paused (engine, TRUE);
  engine->funcs->stop (engine->executor, &ticket, FALSE);
  fake_engine_set_paused (engine, FALSE);
  completion = fake_engine_wait (engine);
  assert_result (completion, DAGSCHED_OUTCOME_CANCELLED, "stopped while it ran");
  g_assert_cmpint (completion->result.exit_status, ==, 3);
}

static void
check_exec_failure (const char *program, const char *workdir, const char *reason)
{
  g_autoptr (FakeEngine) engine = fake_engine_new ();
  g_autoptr (FakeCompletion) completion = NULL, next = NULL;
  DagschedCommandTest *test = fake_engine_add (engine, "one", "");
  const char *argv[] = { program, NULL };

  dagsched_command_test_set_argv (test, argv);
  dagsched_command_test_set_workdir (test, workdir);
  fake_engine_add (engine, "next", "exit 0");
  fake_engine_open (engine, 1, NULL);
  completion = fake_engine_run (engine, "one");
  assert_result (completion, DAGSCHED_OUTCOME_ERRORED, reason);
  g_assert_cmpint (completion->result.exit_status, ==, -1);

  next = fake_engine_run (engine, "next");
  assert_result (next, DAGSCHED_OUTCOME_PASSED, NULL);
}

static void
test_exec_failures (void)
{
  g_autofree char *directory = g_dir_make_tmp ("dagsched-test-XXXXXX", NULL);
  g_autofree char *plain = g_build_filename (directory, "plain", NULL);
  g_autofree char *lost = g_build_filename (directory, "lost", NULL);

  g_file_set_contents (plain, "no program", -1, NULL);
  g_file_set_contents (lost, "#!/no/such/interpreter\n", -1, NULL);
  g_chmod (lost, 0755);

  check_exec_failure ("no-such-program", NULL, "no-such-program: No such file or directory (not in $PATH)");
  check_exec_failure ("./plain", directory, "./plain: Permission denied (not executable: chmod +x?)");
  check_exec_failure ("./lost", directory,
                      "./lost: No such file or directory (it is there, but the interpreter or loader that it "
                      "names is not)");
  check_exec_failure ("true", "/no/such/directory", "workdir /no/such/directory: No such file or directory");
  g_chmod (plain, 0755);
  check_exec_failure ("./plain", directory,
                      "./plain: Exec format error (no program for this machine; a script begins with a line "
                      "#!/…)");

  g_unlink (plain);
  g_unlink (lost);
  g_rmdir (directory);
}

static void
test_environment (void)
{
  g_autoptr (FakeEngine) engine = fake_engine_new ();
  g_autoptr (FakeCompletion) completion = NULL;
  g_autofree char *out = NULL;
  const char *env[] = { "OWN=value", NULL }, *unset[] = { "GONE", NULL };
  DagschedCommandTest *test;

  g_setenv ("GONE", "still here", TRUE);
  g_setenv ("G_TEST_ROOT_PROCESS", "1", TRUE);
  test = fake_engine_add (engine, "a/b",
                          "echo \"$DAGSCHED_TEST $DAGSCHED_ATTEMPT $DAGSCHED_WORKER $OWN\" \"${GONE-unset}\" "
                          "\"${G_TEST_ROOT_PROCESS-unset}\" \"${DAGSCHED_ENV-unset}\"; pwd; ls -A $TMPDIR; "
                          "test -d $DAGSCHED_ARTIFACTS");
  dagsched_command_test_set_env (test, env);
  dagsched_command_test_set_unset_env (test, unset);
  dagsched_command_test_set_workdir (test, "/usr");
  fake_engine_open (engine, 2, NULL);
  fake_engine_start (engine, "a/b", 1);
  completion = fake_engine_wait (engine);
  assert_result (completion, DAGSCHED_OUTCOME_PASSED, NULL);
  out = fake_completion_dup_output (completion, FALSE);
  g_assert_cmpstr (out, ==, "a/b 1 1 value unset unset unset\n/usr\n");
  g_unsetenv ("GONE");
  g_unsetenv ("G_TEST_ROOT_PROCESS");
}

static void
test_wrapper (void)
{
  g_autoptr (FakeEngine) engine = fake_engine_new ();
  g_autoptr (FakeCompletion) completion = NULL;
  g_autofree char *out = NULL;
  const char *wrapper[] = { "env", "WRAPPED=yes", NULL };

  fake_engine_add (engine, "one", "echo $WRAPPED");
  fake_engine_open (engine, 1, &(DagschedAgentParams){ .wrapper = wrapper });
  completion = fake_engine_run (engine, "one");
  out = fake_completion_dup_output (completion, FALSE);
  g_assert_cmpstr (out, ==, "yes\n");
}

static void
test_wrapper_missing (void)
{
  g_autoptr (FakeEngine) engine = fake_engine_new ();
  g_autoptr (FakeCompletion) completion = NULL;
  const char *wrapper[] = { "no-such-wrapper", NULL };

  fake_engine_add (engine, "one", "exit 0");
  fake_engine_open (engine, 1, &(DagschedAgentParams){ .wrapper = wrapper });
  completion = fake_engine_run (engine, "one");
  assert_result (completion, DAGSCHED_OUTCOME_ERRORED,
                 "no-such-wrapper: No such file or directory (not in $PATH)");
}

static void
test_tmpdir_is_emptied (void)
{
  g_autoptr (FakeEngine) engine = fake_engine_new ();
  g_autofree char *root = NULL;
  const char *messes[] = {
    "touch $TMPDIR/file $TMPDIR/.hidden; ln -s / $TMPDIR/link; mkfifo $TMPDIR/fifo; echo $TMPDIR",
    "mkdir -p $TMPDIR/a/b/c; touch $TMPDIR/a/b/c/d; chmod 0 $TMPDIR/a/b/c $TMPDIR/a/b; chmod 500 $TMPDIR/a",
    "rm -r $TMPDIR",
    "rm -r $TMPDIR; touch $TMPDIR",
    "rm -r $TMPDIR; ln -s /usr $TMPDIR",
    "chmod 0 $TMPDIR",
    "cd $TMPDIR; i=0; while [ $i -lt 400 ]; do mkdir directory-with-a-long-name; cd "
    "directory-with-a-long-name; "
    "i=$((i + 1)); done",
  };

  for (guint i = 0; i < G_N_ELEMENTS (messes); i++)
    {
      g_autofree char *name = g_strdup_printf ("mess-%u", i);

      fake_engine_add (engine, name, messes[i]);
    }
  fake_engine_add (engine, "check", "test -d $TMPDIR && test -w $TMPDIR && test -z \"$(ls -A $TMPDIR)\"");
  fake_engine_open (engine, 1, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (messes); i++)
    {
      g_autofree char *name = g_strdup_printf ("mess-%u", i);
      g_autoptr (FakeCompletion) mess = fake_engine_run (engine, name);
      g_autoptr (FakeCompletion) check = fake_engine_run (engine, "check");

      assert_result (mess, DAGSCHED_OUTCOME_PASSED, NULL);
      assert_result (check, DAGSCHED_OUTCOME_PASSED, NULL);
      if (i == 0)
        root = fake_completion_dup_output (mess, FALSE);
    }
  g_assert_true (g_file_test ("/usr/bin", G_FILE_TEST_IS_DIR));

  g_strchomp (root);
  g_clear_pointer (&engine, fake_engine_free);
  g_assert_false (g_file_test (root, G_FILE_TEST_EXISTS));
}

static void
test_artifacts (void)
{
  g_autofree char *root = g_dir_make_tmp ("dagsched-test-XXXXXX", NULL);
  g_autofree char *file = NULL;
  g_autoptr (FakeEngine) engine = fake_engine_new ();
  g_autoptr (FakeCompletion) some = NULL, none = NULL;

  fake_engine_add (engine, "a/some", "touch $DAGSCHED_ARTIFACTS/file; exit 1");
  fake_engine_add (engine, "none", "exit 1");
  fake_engine_open (engine, 1, &(DagschedAgentParams){ .artifacts_root = root });
  some = fake_engine_run (engine, "a/some");
  none = fake_engine_run (engine, "none");

  file = g_build_filename (some->result.artifacts, "file", NULL);
  g_assert_true (g_str_has_prefix (file, root));
  g_assert_true (g_file_test (file, G_FILE_TEST_EXISTS));
  g_assert_null (none->result.artifacts);

  /* Nothing else stays: neither directories that were empty nor those that slots had in reserve. */
  g_clear_pointer (&engine, fake_engine_free);
  g_unlink (file);
  g_rmdir (some->result.artifacts);
  g_assert_cmpint (g_rmdir (root), ==, 0);
}

/* Whatever the attempt before did to its directory, the next one has a new one, and nobody else's is gone. */
static void
check_artifacts_after_mess (const char *root)
{
  g_autoptr (FakeEngine) engine = fake_engine_new ();
  const char *messes[] = {
    "touch $DAGSCHED_ARTIFACTS/file; rm $DAGSCHED_ARTIFACTS/file",
    "mkdir -p $DAGSCHED_ARTIFACTS/a/b",
    "touch $TMPDIR/file; mv $TMPDIR/file $DAGSCHED_ARTIFACTS/",
    "rmdir $DAGSCHED_ARTIFACTS",
    "rmdir $DAGSCHED_ARTIFACTS; mkdir $DAGSCHED_ARTIFACTS; touch $DAGSCHED_ARTIFACTS/file",
    "mv $DAGSCHED_ARTIFACTS $DAGSCHED_ARTIFACTS~; mkdir $DAGSCHED_ARTIFACTS; rmdir $DAGSCHED_ARTIFACTS~",
    "rmdir $DAGSCHED_ARTIFACTS; ln -s /usr $DAGSCHED_ARTIFACTS",
    "chmod 0 $DAGSCHED_ARTIFACTS",
    "touch -d 2001-01-01 $DAGSCHED_ARTIFACTS/file $DAGSCHED_ARTIFACTS",
  };

  /* What a mess put in its place is nobody's to remove, but ours. */
  fake_engine_add (engine, "check",
                   "rm -f ${DAGSCHED_ARTIFACTS%/*}/mess-6.1; test -d $DAGSCHED_ARTIFACTS && test ! -h "
                   "$DAGSCHED_ARTIFACTS && "
                   "test -w $DAGSCHED_ARTIFACTS && test -z \"$(ls -A $DAGSCHED_ARTIFACTS)\"");
  for (guint i = 0; i < G_N_ELEMENTS (messes); i++)
    {
      g_autofree char *name = g_strdup_printf ("mess-%u", i);

      fake_engine_add (engine, name, messes[i]);
    }
  fake_engine_open (engine, 1, &(DagschedAgentParams){ .artifacts_root = root });

  for (guint i = 0; i < G_N_ELEMENTS (messes); i++)
    {
      g_autofree char *name = g_strdup_printf ("mess-%u", i);
      g_autoptr (FakeCompletion) mess = fake_engine_run (engine, name);
      g_autoptr (FakeCompletion) check = fake_engine_run (engine, "check");

      g_test_message ("%s", messes[i]);
      assert_result (mess, DAGSCHED_OUTCOME_PASSED, NULL);
      g_assert_null (mess->result.artifacts);
      assert_result (check, DAGSCHED_OUTCOME_PASSED, NULL);
    }
}

static void
test_artifacts_are_new (void)
{
  g_autofree char *root = g_dir_make_tmp ("dagsched-test-XXXXXX", NULL);

  check_artifacts_after_mess (NULL);
  check_artifacts_after_mess (root);
  g_assert_cmpint (g_rmdir (root), ==, 0);
}

static void
check_no_agent (const char *path, const char *message)
{
  g_autoptr (FakeEngine) engine = fake_engine_new ();
  g_autoptr (DagschedExecutor) executor = NULL;
  g_autoptr (GError) error = NULL;

  fake_engine_add (engine, "one", "exit 0");
  engine->plan = dagsched_plan_new (engine->graph, NULL, NULL);
  executor = dagsched_agent_executor_new (&(DagschedAgentParams){ .agent_path = path });
  g_assert_false (
    dagsched_executor_get_funcs (executor)->open (executor, (DagschedEngine *) engine, 2, &error));
  g_assert_error (error, DAGSCHED_ERROR, DAGSCHED_ERROR_EXECUTOR);
  g_assert_nonnull (strstr (error->message, message));
}

static void
test_no_agent (void)
{
  check_no_agent ("/no/such/agent", "/no/such/agent: can't start the agent: No such file or directory");
  check_no_agent ("/bin/true", "/bin/true: is no agent, or could not start");
}

/* We are a library in somebody's program: its children and its SIGCHLD are its own. */
static void
test_host_is_untouched (void)
{
  g_autoptr (FakeEngine) engine = fake_engine_new ();
  g_autoptr (FakeCompletion) completion = NULL;
  struct sigaction before, after;
  siginfo_t info = { 0 };

  sigaction (SIGCHLD, NULL, &before);
  fake_engine_add (engine, "one", "exit 0");
  fake_engine_open (engine, 1, NULL);
  completion = fake_engine_run (engine, "one");
  sigaction (SIGCHLD, NULL, &after);
  g_assert_true (before.sa_handler == after.sa_handler);
  g_assert_cmpint (waitid (P_ALL, 0, &info, WEXITED | WNOHANG), ==, -1);
  g_assert_cmpint (errno, ==, ECHILD);
}

static void
test_host_ignores_children (void)
{
  signal (SIGCHLD, SIG_IGN);
  run_one ("exit 0", DAGSCHED_OUTCOME_PASSED, NULL);
  run_one ("exit 7", DAGSCHED_OUTCOME_FAILED, "exit status 7");
  signal (SIGCHLD, SIG_DFL);
}

/* Larger than the socket takes at once, and than the kernel allows. */
static void
test_large_environment (void)
{
  g_autoptr (FakeEngine) engine = fake_engine_new ();
  g_autoptr (FakeCompletion) fits = NULL, exceeds = NULL, refused = NULL;
  g_autoptr (GPtrArray) env = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *filler = g_strnfill (100000, 'x');
  g_autofree char *huge G_GNUC_UNUSED = g_strdup_printf ("HUGE=%s", filler);
  DagschedCommandTest *test;

  for (guint i = 0; i < 200; i++)
    g_ptr_array_add (env, g_strdup_printf ("LARGE%u=%s", i, filler));
  g_ptr_array_add (env, NULL);

  test = fake_engine_add (engine, "refused", "exit 0");
  dagsched_command_test_set_env (test, (const char *const *) env->pdata);
  g_clear_pointer (&env->pdata[100], g_free);
  test = fake_engine_add (engine, "exceeds", "exit 0");
  dagsched_command_test_set_env (test, (const char *const *) env->pdata);
  g_clear_pointer (&env->pdata[10], g_free);
  test = fake_engine_add (engine, "fits", "test ${#LARGE9} = 100000");
  dagsched_command_test_set_env (test, (const char *const *) env->pdata);
  fake_engine_open (engine, 1, NULL);

  fits = fake_engine_run (engine, "fits");
  assert_result (fits, DAGSCHED_OUTCOME_PASSED, NULL);
  exceeds = fake_engine_run (engine, "exceeds");
  assert_result (exceeds, DAGSCHED_OUTCOME_ERRORED, "/bin/sh: Argument list too long");
  refused = fake_engine_run (engine, "refused");
  assert_result (refused, DAGSCHED_OUTCOME_ERRORED, "its command line and environment take more than 16 MiB");
}

/* What a slot says out of turn is not taken for anything: the slot is given up, and with it the attempt. */
static void
test_out_of_turn (void)
{
  static const char *const tests[] = { "released-first", "kept-by-no-fixture", "finished-twice",
                                       "output-after-the-end" };
  g_autofree char *agent = g_test_build_filename (G_TEST_DIST, "executor", "odd-agent.py", NULL);
  const DagschedAgentParams params = { .agent_path = agent };
  g_autoptr (FakeEngine) engine = fake_engine_new ();
  FakeCompletion *good;

  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    {
      DagschedCommandTest *test = fake_engine_add (engine, tests[i], "exit 1");

      dagsched_test_set_fixture (DAGSCHED_TEST (test), i >= 2);
      if (i >= 2) /* what failed keeps nothing: it waits until that is gone */
        dagsched_command_test_set_protocol (test, DAGSCHED_PROTOCOL_TAP);
    }
  fake_engine_add (engine, "good", "exit 0");
  fake_engine_open (engine, 1, &params);

  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    {
      FakeCompletion *completion = fake_engine_run (engine, tests[i]);

      g_assert_true (completion->result.lost);
      assert_result (completion, DAGSCHED_OUTCOME_ERRORED, "the agent that ran it was lost");
      fake_completion_free (completion);
    }
  good = fake_engine_run (engine, "good");
  assert_result (good, DAGSCHED_OUTCOME_PASSED, NULL);
  fake_completion_free (good);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/agent/exit-status", test_exit_status);
  g_test_add_func ("/agent/times-and-status", test_times_and_status);
  g_test_add_func ("/agent/output", test_output);
  g_test_add_func ("/agent/live-output", test_live_output);
  g_test_add_func ("/agent/closed-while-it-runs", test_closed_while_it_runs);
  g_test_add_func ("/agent/output-limit", test_output_limit);
  g_test_add_func ("/agent/flood", test_flood);
  g_test_add_func ("/agent/exec-failures", test_exec_failures);
  g_test_add_func ("/agent/environment", test_environment);
  g_test_add_func ("/agent/wrapper", test_wrapper);
  g_test_add_func ("/agent/wrapper-missing", test_wrapper_missing);
  g_test_add_func ("/agent/tmpdir-is-emptied", test_tmpdir_is_emptied);
  g_test_add_func ("/agent/artifacts", test_artifacts);
  g_test_add_func ("/agent/artifacts-are-new", test_artifacts_are_new);
  g_test_add_func ("/agent/no-agent", test_no_agent);
  g_test_add_func ("/agent/pause/start", test_start_in_pause);
  g_test_add_func ("/agent/pause/stop", test_stop_in_pause);
  g_test_add_func ("/agent/host-is-untouched", test_host_is_untouched);
  g_test_add_func ("/agent/host-ignores-children", test_host_ignores_children);
  g_test_add_func ("/agent/large-environment", test_large_environment);
  g_test_add_func ("/agent/out-of-turn", test_out_of_turn);

  return g_test_run ();
}
