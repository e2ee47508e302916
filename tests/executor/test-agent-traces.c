/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <dagsched.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fake-engine.h"

/* Stack traces of what times out or crashes: by the debuggers of this machine, if there are any, and by programs that
 * stand in for them and misbehave. */

typedef struct
{
  FakeEngine *engine;
  char *directory; /* first in PATH */
  char *fifo;
  char *mark;
  char *path; /* the PATH of this process */
  guint64 process_limit;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  g_autofree char *path = NULL;

  f->engine = fake_engine_new ();
  f->directory = g_dir_make_tmp ("dagsched-test-XXXXXX", NULL);
  f->fifo = g_build_filename (f->directory, "fifo", NULL);
  g_assert_no_errno (mkfifo (f->fifo, 0600));
  f->mark = make_mark ();
  f->path = g_strdup (g_getenv ("PATH"));
  path = g_strdup_printf ("%s:%s", f->directory, f->path);
  g_setenv ("PATH", path, TRUE);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  const char *name;
  g_autoptr (GDir) directory = g_dir_open (f->directory, 0, NULL);

  fake_engine_free (f->engine);
  g_assert_cmpuint (count_marked (f->mark), ==, 0);
  g_setenv ("PATH", f->path, TRUE);

  while ((name = g_dir_read_name (directory)) != NULL)
    {
      g_autofree char *path = g_build_filename (f->directory, name, NULL);

      g_unlink (path);
    }
  g_rmdir (f->directory);
  g_free (f->directory);
  g_free (f->fifo);
  g_free (f->mark);
  g_free (f->path);
}

/* A program that is found before the real one. */
static void
make_tool (Fixture *f, const char *name, const char *script)
{
  g_autofree char *path = g_build_filename (f->directory, name, NULL);
  g_auto (GStrv) parts = g_strsplit (script, "MARK", -1);
  g_autofree char *body = g_strjoinv (f->mark, parts);
  g_autofree char *text = g_strdup_printf ("#!/bin/sh\n%s\n", body);

  g_assert_true (g_file_set_contents_full (path, text, -1, G_FILE_SET_CONTENTS_NONE, 0700, NULL));
}

/* Only the shell is there. */
static void
hide_tools (Fixture *f)
{
  const char *names[] = { "sh", "sleep" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *program = g_find_program_in_path (names[i]);
      g_autofree char *path = g_build_filename (f->directory, names[i], NULL);

      g_assert_no_errno (symlink (program, path));
    }
  g_setenv ("PATH", f->directory, TRUE);
}

static gboolean
need_tool (const char *name)
{
  g_autofree char *path = g_find_program_in_path (name);

  if (path == NULL)
    g_test_skip_printf ("%s is not installed", name);
  return path != NULL;
}

/* A test that does not end in time. */
static DagschedTest *
add (Fixture *f, const char *script)
{
  DagschedTest *test = DAGSCHED_TEST (fake_engine_add (f->engine, "one", script));

  dagsched_test_set_timeout (test, 0.2);
  dagsched_test_set_grace (test, 0.1);
  return test;
}

/* Runs this program, whose functions have names. */
static char *
describe_program (const char *mode)
{
  g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);

  return g_strdup_printf ("exec '%s' %s", self, mode);
}

static void
open_engine (Fixture *f)
{
  fake_engine_open (f->engine, 1, &(DagschedAgentParams){ .stack_traces = TRUE });
}

static void
assert_contains (const char *text, const char *part)
{
  if (strstr (text, part) == NULL)
    g_error ("\"%s\" is not in:\n%s", part, text);
}

/* Runs it, and returns its standard error, in which @part is: that has come so far before the time-out, or gets more
 * time. */
static char *
run_out_of_time (Fixture *f, const char *script, const char *part)
{
  for (double timeout = 0.2;; timeout *= 4)
    {
      g_autoptr (FakeCompletion) completion = NULL;
      g_autofree char *err = NULL;
      DagschedTest *test;

      fake_engine_free (f->engine);
      f->engine = fake_engine_new ();
      test = add (f, script);
      dagsched_test_set_timeout (test, timeout);
      dagsched_command_test_set_limit (DAGSCHED_COMMAND_TEST (test), DAGSCHED_LIMIT_PROCESSES,
                                       f->process_limit);
      open_engine (f);
      completion = fake_engine_run (f->engine, "one");
      g_assert_cmpint (completion->result.outcome, ==, DAGSCHED_OUTCOME_TIMED_OUT);
      g_assert_cmpint (completion->result.flags, ==, DAGSCHED_FLAGS_NONE);

      err = fake_completion_dup_output (completion, TRUE);
      if (timeout > 10)
        assert_contains (err, part);
      if (strstr (err, part) != NULL)
        return g_steal_pointer (&err);
    }
}

static gboolean
is_ptrace_restricted (void)
{
  g_autofree char *scope = NULL;

  return g_file_get_contents ("/proc/sys/kernel/yama/ptrace_scope", &scope, NULL, NULL) && atoi (scope) > 0 &&
         geteuid () != 0;
}

static void
check_hang (Fixture *f)
{
  g_autofree char *script = describe_program ("hang");
  /* The child comes last. What the system lets ancestors only is not for children
   * of the test. */
  g_autofree char *err =
    run_out_of_time (f, script, is_ptrace_restricted () ? "hangs_in_thread" : "hangs_in_child");

  assert_contains (err,
                   "before\n--- dagsched: it ran into its time-out, and this is where it was:\n--- process ");
  assert_contains (err, " hang\n");
  assert_contains (err, "hangs_in_main");
  assert_contains (err, "hangs_in_thread");
}

static void
test_eu_stack (Fixture *f, gconstpointer data)
{
  if (need_tool ("eu-stack"))
    check_hang (f);
}

static void
test_gdb (Fixture *f, gconstpointer data)
{
  g_autofree char *gdb = g_find_program_in_path ("gdb");
  g_autofree char *path = g_build_filename (f->directory, "gdb", NULL);

  if (!need_tool ("gdb"))
    return;

  hide_tools (f);
  g_assert_no_errno (symlink (gdb, path));
  check_hang (f);
}

static void
test_no_tool (Fixture *f, gconstpointer data)
{
  g_autofree char *err = NULL;

  hide_tools (f);
  err = run_out_of_time (
    f, "sleep 1000; :",
    ": sleep 1000\n--- dagsched: no stack traces, as there is neither eu-stack nor gdb to start: "
    "install elfutils or gdb\n");
  assert_contains (err, "sh -c sleep 1000; :\n");
}

static void
test_off (Fixture *f, gconstpointer data)
{
  g_autoptr (FakeCompletion) completion = NULL;
  g_autofree char *err = NULL;

  make_tool (f, "eu-stack", "echo traced");
  add (f, "sleep 1000");
  fake_engine_open (f->engine, 1, NULL);
  completion = fake_engine_run (f->engine, "one");
  assert_result (completion, DAGSCHED_OUTCOME_TIMED_OUT, "did not end within 0.2 s");
  err = fake_completion_dup_output (completion, TRUE);
  g_assert_cmpstr (err, ==, "");
}

/* Neither its children nor itself count as the test's: they are over its limit, and not left behind by it. */
static void
test_leaves_children (Fixture *f, gconstpointer data)
{
  g_autofree char *err = NULL;

  make_tool (f, "eu-stack",
             "(setsid sh -c 'trap \"\" TERM; echo > $1; sleep 1000; :' MARK ${0%/*}/fifo &)\n"
             "read line < ${0%/*}/fifo; echo traced");
  f->process_limit = 1;
  err = run_out_of_time (f, "exec sleep 1000", ": sleep 1000\ntraced\n");
}

static void
test_floods (Fixture *f, gconstpointer data)
{
  g_autofree char *err = NULL;

  make_tool (f, "eu-stack", "exec yes MARK");
  err = run_out_of_time (
    f, "sleep 1000; :", "--- eu-stack wrote too much: the rest is left out\n--- and 1 more\n");
  g_assert_cmpuint (strlen (err), <, 300 * 1024);
}

static void
test_fails (Fixture *f, gconstpointer data)
{
  g_autofree char *err = NULL;

  make_tool (f, "eu-stack", "echo \"eu-stack: process $4: Operation not permitted\" >&2; exit 2");
  err = run_out_of_time (f, "sleep 1000; :", ": sleep 1000\neu-stack: process ");
  assert_contains (err, "--- dagsched: what is not permitted is with CAP_SYS_PTRACE");
}

/* Sixteen at most. */
static void
test_many (Fixture *f, gconstpointer data)
{
  g_autofree char *err = NULL;

  make_tool (f, "eu-stack", "echo traced");
  err = run_out_of_time (
    f, "for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19; do sleep 1000 & done; wait",
    "traced\n--- and 4 more\n");
}

/* It says on the fifo that it was started. */
static const char hanging_tool[] = "echo > ${0%/*}/fifo; sleep 1000; : MARK";

static void
await_tool (Fixture *f)
{
  g_autofree char *line = NULL;

  g_assert_true (g_file_get_contents (f->fifo, &line, NULL, NULL));
}

static void
check_stop (Fixture *f, gboolean kill)
{
  g_autoptr (FakeCompletion) completion = NULL;
  DagschedTest *test;
  DagschedTicket ticket;

  make_tool (f, "eu-stack", hanging_tool);
  test = add (f, "echo out; exec sleep 1000");
  dagsched_test_set_grace (test, 1000);
  open_engine (f);
  ticket = fake_engine_start (f->engine, "one", 0);
  await_tool (f);
  f->engine->funcs->stop (f->engine->executor, &ticket, kill);
  completion = fake_engine_wait (f->engine);
  assert_result (completion, DAGSCHED_OUTCOME_TIMED_OUT, "did not end within 0.2 s");
  g_assert_cmpint (completion->result.term_signal, ==, kill ? SIGKILL : SIGTERM);
}

static void
test_stopped (Fixture *f, gconstpointer data)
{
  check_stop (f, FALSE);
}

static void
test_killed (Fixture *f, gconstpointer data)
{
  check_stop (f, TRUE);
}

/* What it writes while it is looked at is there, and comes first. */
static void
test_ends_meanwhile (Fixture *f, gconstpointer data)
{
  g_autoptr (FakeCompletion) completion = NULL;
  g_autofree char *err = NULL;
  g_autofree char *script =
    g_strdup_printf ("read line < %s; yes line | head -n 100000; echo error >&2", f->fifo);

  make_tool (f, "eu-stack", hanging_tool);
  add (f, script);
  open_engine (f);
  completion = fake_engine_run (f->engine, "one");
  assert_result (completion, DAGSCHED_OUTCOME_TIMED_OUT, "did not end within 0.2 s");
  err = fake_completion_dup_output (completion, TRUE);
  g_assert_cmpstr (err, ==, "error\n");
}

static void
test_keeper_lost (Fixture *f, gconstpointer data)
{
  g_autoptr (FakeCompletion) lost = NULL;
  g_autofree char *path = NULL, *text = NULL;
  int slot, keeper;

  make_tool (f, "eu-stack", hanging_tool);
  add (f, "echo $PPID .; exec sleep 1000");
  open_engine (f);
  fake_engine_start (f->engine, "one", 0);
  fake_engine_await_output (f->engine, ".\n");
  slot = atoi (f->engine->output->str);
  path = g_strdup_printf ("/proc/%d/stat", slot);
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_cmpint (sscanf (strrchr (text, ')') + 1, " %*c %d", &keeper), ==, 1);

  await_tool (f);
  g_assert_no_errno (kill (keeper, SIGKILL));
  lost = fake_engine_wait (f->engine);
  g_assert_true (lost->result.lost);
  g_assert_cmpuint (count_marked (f->mark), ==, 0);
}

static void
test_traced_already (Fixture *f, gconstpointer data)
{
  g_autofree char *script = describe_program ("trace");
  g_autofree char *err = NULL;

  make_tool (f, "eu-stack", "echo traced $3");
  err = run_out_of_time (f, script, " traces it already\n");
  assert_contains (err, "--- no stack trace: process ");
}

/* Takes as long as one process may take. */
static void
test_hangs (Fixture *f, gconstpointer data)
{
  g_autofree char *err = NULL;

  make_tool (f, "eu-stack", "trap '' TERM; echo begins; sleep 1000; : MARK");
  err = run_out_of_time (f, "exec sleep 1000",
                         ": sleep 1000\nbegins\n--- eu-stack took too long, and was ended\n");
}

static void
run_crash (Fixture *f, rlim_t limit, char **err)
{
  g_autoptr (FakeCompletion) completion = NULL;
  g_autofree char *script = describe_program ("crash");
  struct rlimit old, new;

  g_assert_no_errno (getrlimit (RLIMIT_CORE, &old));
  new = old;
  new.rlim_cur = MIN (limit, old.rlim_max);
  g_assert_no_errno (setrlimit (RLIMIT_CORE, &new));
  dagsched_command_test_set_workdir (fake_engine_add (f->engine, "one", script), f->directory);
  open_engine (f);
  g_assert_no_errno (setrlimit (RLIMIT_CORE, &old));

  completion = fake_engine_run (f->engine, "one");
  assert_result (completion, DAGSCHED_OUTCOME_FAILED, "killed by signal 6 (SIGABRT)");
  *err = fake_completion_dup_output (completion, TRUE);
}

static void
test_crash (Fixture *f, gconstpointer data)
{
  g_autofree char *pattern = NULL, *err = NULL, *begin = NULL;

  g_assert_true (g_file_get_contents ("/proc/sys/kernel/core_pattern", &pattern, NULL, NULL));
  run_crash (f, RLIM_INFINITY, &err);
  if (!g_str_has_prefix (pattern, "core"))
    {
      assert_contains (err, "--- dagsched: it crashed");
      return;
    }

  begin = g_strdup_printf ("--- dagsched: it crashed, and by its core file %s/core", f->directory);
  if (strstr (err, "the kernel wrote no core file") != NULL || strstr (err, "limited to 0") != NULL)
    {
      g_test_skip ("no core files here");
      return;
    }
  assert_contains (err, begin);
  if (strstr (err, "neither eu-stack nor gdb") == NULL)
    assert_contains (err, "crashes_here");
}

static void
test_crash_without_core (Fixture *f, gconstpointer data)
{
  g_autofree char *pattern = NULL, *err = NULL;

  g_assert_true (g_file_get_contents ("/proc/sys/kernel/core_pattern", &pattern, NULL, NULL));
  run_crash (f, 0, &err);
  assert_contains (err, "--- dagsched: it crashed; ");
  if (pattern[0] != '|')
    assert_contains (err, "their size is limited to 0 (ulimit -c unlimited)\n");
}

G_NO_INLINE static void
hangs_in_main (void)
{
  for (;;)
    pause ();
}

/* Not the same as the one above, or the compiler would make one of both. */
G_NO_INLINE static void
hangs_in_child (void)
{
  while (pause () < 0)
    g_printerr ("woken\n");
}

G_NO_INLINE static gpointer
hangs_in_thread (gpointer data)
{
  for (;;)
    pause ();

  return data;
}

G_NO_INLINE static void
crashes_here (void)
{
  abort ();
}

static void
trace_child (void)
{
  pid_t pid = fork ();

  if (pid == 0)
    {
      ptrace (PTRACE_TRACEME, 0, NULL, NULL);
      raise (SIGSTOP);
    }
  waitpid (pid, NULL, 0);
}

static int
misbehave (const char *mode)
{
  if (g_str_equal (mode, "crash"))
    crashes_here ();
  if (g_str_equal (mode, "trace"))
    trace_child ();
  if (g_str_equal (mode, "hang"))
    {
      g_printerr ("before");
      g_thread_unref (g_thread_new ("hangs", hangs_in_thread, NULL));
      if (fork () == 0)
        hangs_in_child ();
    }
  hangs_in_main ();
  return 0;
}

#define ADD(path, function) g_test_add (path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  if (argc == 2 && *argv[1] != '-')
    return misbehave (argv[1]);

  g_test_init (&argc, &argv, NULL);

  ADD ("/traces/eu-stack", test_eu_stack);
  ADD ("/traces/no-tool", test_no_tool);
  ADD ("/traces/off", test_off);
  ADD ("/traces/leaves-children", test_leaves_children);
  ADD ("/traces/floods", test_floods);
  ADD ("/traces/fails", test_fails);
  ADD ("/traces/many", test_many);
  ADD ("/traces/stopped", test_stopped);
  ADD ("/traces/killed", test_killed);
  ADD ("/traces/ends-meanwhile", test_ends_meanwhile);
  ADD ("/traces/keeper-lost", test_keeper_lost);
  ADD ("/traces/traced-already", test_traced_already);
  ADD ("/traces/crash", test_crash);
  ADD ("/traces/crash-without-core", test_crash_without_core);

  if (g_test_slow ())
    {
      ADD ("/traces/slow/gdb", test_gdb);
      ADD ("/traces/slow/hangs", test_hangs);
    }

  return g_test_run ();
}
