/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <dagsched.h>
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fake-engine.h"

static void
test_timeout (void)
{
  g_autoptr (FakeEngine) engine = fake_engine_new ();
  g_autoptr (FakeCompletion) polite = NULL, deaf = NULL;
  g_autofree char *out = NULL, *mark = make_mark (), *script = NULL;

  script = g_strdup_printf ("trap '' TERM; sh -c 'trap \"\" TERM; sleep 1000; sleep 1001' %s & "
                            "setsid sh -c 'sleep 1000; :' %s & while :; do sleep 1000; done",
                            mark, mark);
  dagsched_test_set_timeout (
    DAGSCHED_TEST (fake_engine_add (engine, "polite", "trap 'echo ended; exit 0' TERM; sleep 1000 & wait")),
    0.2);
  dagsched_test_set_timeout (DAGSCHED_TEST (fake_engine_add (engine, "deaf", script)), 0.2);
  dagsched_test_set_grace (DAGSCHED_TEST (dagsched_graph_lookup (engine->graph, "deaf")), 0.1);
  fake_engine_open (engine, 2, NULL);
  polite = fake_engine_run (engine, "polite");
  deaf = fake_engine_run (engine, "deaf");

  assert_result (polite, DAGSCHED_OUTCOME_TIMED_OUT, "did not end within 0.2 s");
  g_assert_cmpint (polite->result.exit_status, ==, 0);
  out = fake_completion_dup_output (polite, FALSE);
  g_assert_cmpstr (out, ==, "ended\n");

  assert_result (deaf, DAGSCHED_OUTCOME_TIMED_OUT, "did not end within 0.2 s");
  g_assert_cmpint (deaf->result.term_signal, ==, SIGKILL);
  g_assert_cmpuint (count_marked (mark), ==, 0);
}

static void
test_stop_kills (void)
{
  g_autoptr (FakeEngine) engine = fake_engine_new ();
  g_autoptr (FakeCompletion) completion = NULL;
  DagschedTicket ticket;

  fake_engine_add (engine, "deaf", "trap '' TERM; echo ready; while :; do sleep 1000; done");
  fake_engine_open (engine, 1, NULL);
  ticket = fake_engine_start (engine, "deaf", 0);
  fake_engine_await_output (engine, "ready\n");
  engine->funcs->stop (engine->executor, &ticket, FALSE);
  engine->funcs->stop (engine->executor, &ticket, TRUE);
  completion = fake_engine_wait (engine);
  assert_result (completion, DAGSCHED_OUTCOME_CANCELLED, "stopped while it ran");
  g_assert_cmpint (completion->result.term_signal, ==, SIGKILL);
}

/* Who is told to end while it forks has children that were not there yet when everybody was told. */
static void
test_stop_while_it_forks (void)
{
  g_autoptr (FakeEngine) engine = fake_engine_new ();
  DagschedTest *test = DAGSCHED_TEST (fake_engine_add (engine, "forks",
                                                       "i=0; while [ $i -lt 2000 ]; do sleep 1000 & "
                                                       "i=$((i + 1)); [ $i -ne 200 ] || echo ready; done; "
                                                       "wait"));

  dagsched_test_set_grace (test, 1000);
  fake_engine_open (engine, 1, NULL);
  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (FakeCompletion) completion = NULL;
      DagschedTicket ticket;

      fake_engine_clear_output (engine);
      ticket = fake_engine_start (engine, "forks", 0);
      fake_engine_await_output (engine, "ready\n");
      engine->funcs->stop (engine->executor, &ticket, FALSE);
      completion = fake_engine_wait (engine);
      assert_result (completion, DAGSCHED_OUTCOME_CANCELLED, "stopped while it ran");
      g_assert_cmpint (completion->result.term_signal, ==, SIGTERM);
    }
}

/* Whatever a test leaves behind is dead when its result is there. */
static void
test_leftovers (void)
{
  const char *scripts[] = {
    "sh -c 'sleep 1000; :' %s &",
    "setsid sh -c 'sleep 1000; :' %s &",
    "env -i setsid sh -c 'sleep 1000; :' %s &",
    "(setsid sh -c 'sh -c \"sleep 1000; :\" %s & sleep 1000' &)",
    "sh -c 'kill -STOP $$' %s &",
    "sh -c 'trap \"\" HUP TERM INT; sleep 1000; sleep 1000' %s & sleep 0",
  };

  for (guint i = 0; i < G_N_ELEMENTS (scripts); i++)
    {
      g_autofree char *mark = make_mark ();
      g_auto (GStrv) parts = g_strsplit (scripts[i], "%s", -1);
      g_autofree char *script = g_strjoinv (mark, parts);
      g_autoptr (FakeEngine) engine = fake_engine_new ();
      g_autoptr (FakeCompletion) completion = NULL;

      fake_engine_add (engine, "one", script);
      fake_engine_open (engine, 1, NULL);
      completion = fake_engine_run (engine, "one");
      assert_result (completion, DAGSCHED_OUTCOME_PASSED, NULL);
      g_assert_cmpint (completion->result.flags, ==, DAGSCHED_FLAGS_LEAKED);
      g_assert_cmpuint (count_marked (mark), ==, 0);
    }
}

/* A process that is none of the test's holds its standard output: this one. */
static void
test_held_pipe (void)
{
  g_autoptr (FakeEngine) engine = fake_engine_new ();
  g_autoptr (FakeCompletion) completion = NULL;
  g_autofree char *directory = g_dir_make_tmp ("dagsched-test-XXXXXX", NULL);
  g_autofree char *fifo = g_build_filename (directory, "fifo", NULL);
  g_autofree char *script = g_strdup_printf ("echo before; echo $$ > %s; read line < %s; exit 0", fifo, fifo);
  g_autofree char *path = NULL, *out = NULL, *line = NULL;
  int fd, go_fd;

  g_assert_no_errno (mkfifo (fifo, 0600));
  fake_engine_add (engine, "one", script);
  fake_engine_open (engine, 1, NULL);
  fake_engine_start (engine, "one", 0);

  g_assert_true (g_file_get_contents (fifo, &line, NULL, NULL));
  path = g_strdup_printf ("/proc/%d/fd/1", atoi (line));
  fd = g_open (path, O_WRONLY | O_CLOEXEC);
  g_assert_cmpint (fd, >=, 0);
  go_fd = g_open (fifo, O_WRONLY | O_CLOEXEC);
  g_assert_cmpint (write (go_fd, "go\n", 3), ==, 3);
  g_close (go_fd, NULL);

  completion = fake_engine_wait (engine);
  assert_result (completion, DAGSCHED_OUTCOME_PASSED, NULL);
  g_assert_cmpint (completion->result.flags, ==, DAGSCHED_FLAGS_LEAKED);
  out = fake_completion_dup_output (completion, FALSE);
  g_assert_cmpstr (out, ==, "before\n");
  g_close (fd, NULL);
  g_unlink (fifo);
  g_rmdir (directory);
}

static void
test_fixture (void)
{
  g_autoptr (FakeEngine) engine = fake_engine_new ();
  g_autoptr (FakeCompletion) fixture = NULL, user = NULL, other = NULL;
  g_autofree char *mark = make_mark (), *script = NULL, *out = NULL;
  DagschedTest *test;
  DagschedCommandTest *overriding;
  const char *env[] = { "PORT=7", NULL };

  script =
    g_strdup_printf ("mkfifo $TMPDIR/up; "
                     "(setsid sh -c 'echo > $1; while :; do echo noise; sleep 1000; done' %s $TMPDIR/up &); "
                     "read line < $TMPDIR/up; "
                     "echo PORT=4711 > $DAGSCHED_ENV; echo 'NAME=a = b' >> $DAGSCHED_ENV",
                     mark);
  test = DAGSCHED_TEST (fake_engine_add (engine, "fixture", script));
  dagsched_test_set_fixture (test, TRUE);
  fake_engine_add (engine, "user", "echo \"$PORT $NAME\"");
  overriding = fake_engine_add (engine, "other", "echo \"$PORT\"");
  dagsched_command_test_set_env (overriding, env);
  dagsched_graph_add_dependency (engine->graph, DAGSCHED_TEST (dagsched_graph_lookup (engine->graph, "user")),
                                 test, DAGSCHED_CONDITION_SUCCESS, NULL);
  dagsched_graph_add_dependency (engine->graph, DAGSCHED_TEST (overriding), test, DAGSCHED_CONDITION_SUCCESS,
                                 NULL);
  fake_engine_open (engine, 1, NULL);

  fixture = fake_engine_run (engine, "fixture");
  assert_result (fixture, DAGSCHED_OUTCOME_PASSED, NULL);
  g_assert_cmpint (fixture->result.flags, ==, DAGSCHED_FLAGS_NONE);
  g_assert_cmpuint (count_marked (mark), >=, 1);

  user = fake_engine_run (engine, "user");
  out = fake_completion_dup_output (user, FALSE);
  g_assert_cmpstr (out, ==, "4711 a = b\n");
  other = fake_engine_run (engine, "other");
  g_free (out);
  out = fake_completion_dup_output (other, FALSE);
  g_assert_cmpstr (out, ==, "7\n");
  g_assert_cmpuint (count_marked (mark), >=, 1);

  engine->funcs->release (engine->executor, fake_engine_lookup (engine, "fixture"));
  fake_engine_await_released (engine, 1);
  g_assert_cmpuint (count_marked (mark), ==, 0);
  /* Nothing is left to wait for. */
  engine->funcs->release (engine->executor, fake_engine_lookup (engine, "fixture"));
  fake_engine_await_released (engine, 2);
}

static void
test_fixture_fails (void)
{
  g_autoptr (FakeEngine) engine = fake_engine_new ();
  g_autoptr (FakeCompletion) fixture = NULL, again = NULL, wrong = NULL;
  g_autofree char *mark = make_mark (), *script = NULL;

  script = g_strdup_printf ("setsid sh -c 'sleep 1000; :' %s & exit 1", mark);
  dagsched_test_set_fixture (DAGSCHED_TEST (fake_engine_add (engine, "fixture", script)), TRUE);
  dagsched_test_set_fixture (
    DAGSCHED_TEST (fake_engine_add (engine, "wrong", "echo ok; echo 'no value' > $DAGSCHED_ENV")), TRUE);
  fake_engine_open (engine, 1, NULL);

  fixture = fake_engine_run (engine, "fixture");
  assert_result (fixture, DAGSCHED_OUTCOME_FAILED, "exit status 1");
  g_assert_cmpuint (count_marked (mark), ==, 0);
  again = fake_engine_run (engine, "fixture");
  assert_result (again, DAGSCHED_OUTCOME_FAILED, "exit status 1");
  wrong = fake_engine_run (engine, "wrong");
  assert_result (wrong, DAGSCHED_OUTCOME_ERRORED, "$DAGSCHED_ENV: line 1 is not NAME=value: \"no value\"");
}

/* The parent of a test's process is its slot, the parent of that the keeper. */
static pid_t
read_parent (pid_t pid)
{
  g_autofree char *path = g_strdup_printf ("/proc/%d/stat", (int) pid);
  g_autofree char *text = NULL;
  int parent;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_cmpint (sscanf (strrchr (text, ')') + 1, " %*c %d", &parent), ==, 1);
  return parent;
}

static void
check_loss (gboolean of_keeper)
{
  g_autoptr (FakeEngine) engine = fake_engine_new ();
  g_autoptr (FakeCompletion) lost = NULL, again = NULL;
  g_autofree char *mark = make_mark (), *script = NULL;
  pid_t victim;

  script = g_strdup_printf ("setsid sh -c 'sleep 1000; :' %s & echo pid $$.; sleep 1000", mark);
  fake_engine_add (engine, "one", script);
  fake_engine_add (engine, "two", "exit 0");
  fake_engine_open (engine, 2, NULL);
  fake_engine_start (engine, "one", 0);
  fake_engine_await_output (engine, ".\n");

  victim = read_parent (atoi (strstr (engine->output->str, "pid ") + 4));
  if (of_keeper)
    victim = read_parent (victim);
  g_assert_no_errno (kill (victim, SIGKILL));

  lost = fake_engine_wait (engine);
  g_assert_true (lost->result.lost);
  g_assert_cmpuint (count_marked (mark), ==, 0);
  again = fake_engine_run (engine, "two");
  assert_result (again, DAGSCHED_OUTCOME_PASSED, NULL);
}

static void
test_slot_lost (void)
{
  check_loss (FALSE);
}

static void
test_keeper_lost (void)
{
  check_loss (TRUE);
}

static void
test_keeper_lost_too_often (void)
{
  g_autoptr (FakeEngine) engine = fake_engine_new ();
  g_autoptr (FakeCompletion) after = NULL;
  g_autoptr (GError) error = NULL;

  fake_engine_add (engine, "one", "kill -9 $(cut -d' ' -f4 /proc/$PPID/stat); sleep 1000");
  fake_engine_open (engine, 1, NULL);
  for (guint i = 0; i < 5; i++)
    {
      g_autoptr (FakeCompletion) lost = fake_engine_run (engine, "one");

      g_assert_true (lost->result.lost);
    }

  after = fake_engine_run (engine, "one");
  assert_result (after, DAGSCHED_OUTCOME_ERRORED,
                 "the agent that runs processes was lost, and could not be started again");
  g_assert_false (after->result.lost);
  error = fake_engine_await_error (engine);
  g_assert_error (error, DAGSCHED_ERROR, DAGSCHED_ERROR_EXECUTOR);
}

/* What runs where this program is started with an argument: a runner that never ends by itself. */
static int
run_for_ever (const char *script)
{
  FakeEngine *engine = fake_engine_new ();

  fake_engine_add (engine, "one", script);
  fake_engine_open (engine, 1, NULL);
  fake_engine_start (engine, "one", 0);
  fake_engine_await_output (engine, ".\n");
  g_print ("%s", engine->output->str);
  fflush (stdout);
  fake_completion_free (fake_engine_wait (engine));

  return 1;
}

static void
await_end (pid_t pid)
{
  int fd = (int) syscall (SYS_pidfd_open, pid, 0);
  struct pollfd event = { .fd = fd, .events = POLLIN };

  /* Gone already, else within the second that is promised, and then some for a busy machine. */
  if (fd < 0)
    {
      g_assert_cmpint (errno, ==, ESRCH);
      return;
    }
  g_assert_cmpint (poll (&event, 1, 10000), ==, 1);
  g_close (fd, NULL);
}

static void
test_runner_killed (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) runner = NULL;
  g_autoptr (GDataInputStream) output = NULL;
  const char *script =
    "setsid sh -c 'trap \"\" TERM; echo $$ $PPID $TMPDIR; echo .; sleep 1000; :' & sleep 1000";
  g_autofree char *line = NULL;
  g_auto (GStrv) words = NULL;

  runner = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error, "/proc/self/exe", script, NULL);
  g_assert_no_error (error);
  output = g_data_input_stream_new (g_subprocess_get_stdout_pipe (runner));
  line = g_data_input_stream_read_line (output, NULL, NULL, &error);
  g_assert_no_error (error);
  words = g_strsplit (line, " ", 3);
  g_assert_cmpuint (g_strv_length (words), ==, 3);

  g_subprocess_force_exit (runner);
  g_assert_true (g_subprocess_wait (runner, NULL, &error));
  await_end (atoi (words[0]));
  await_end (atoi (words[1]));
}

int
main (int argc, char **argv)
{
  if (argc == 2 && *argv[1] != '-')
    return run_for_ever (argv[1]);

  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/containment/timeout", test_timeout);
  g_test_add_func ("/containment/stop-kills", test_stop_kills);
  g_test_add_func ("/containment/stop-while-it-forks", test_stop_while_it_forks);
  g_test_add_func ("/containment/leftovers", test_leftovers);
  g_test_add_func ("/containment/held-pipe", test_held_pipe);
  g_test_add_func ("/containment/fixture", test_fixture);
  g_test_add_func ("/containment/fixture-fails", test_fixture_fails);
  g_test_add_func ("/containment/slot-lost", test_slot_lost);
  g_test_add_func ("/containment/keeper-lost", test_keeper_lost);
  g_test_add_func ("/containment/keeper-lost-too-often", test_keeper_lost_too_often);
  g_test_add_func ("/containment/runner-killed", test_runner_killed);

  return g_test_run ();
}
