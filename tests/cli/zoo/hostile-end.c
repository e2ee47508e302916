/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Those that end badly, that go for their parent, and that take what they are not to have. */
#include "hostile.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

static int
die_of_signal (int signum)
{
  struct rlimit none = { 0 };

  setrlimit (RLIMIT_CORE, &none);
  signal (signum, SIG_DFL);
  raise (signum);
  return 1;
}

static int
crash (void)
{
  return die_of_signal (SIGSEGV);
}

static int
abort_here (void)
{
  return die_of_signal (SIGABRT);
}

static volatile int depth;

static int
overflow_stack (void)
{
  struct rlimit none = { 0 };
  volatile char block[1 << 16];

  setrlimit (RLIMIT_CORE, &none);
  block[depth] = 1;
  return ++depth < 0 ? 0 : overflow_stack () + block[0];
}

static int
kill_group (void)
{
  kill (0, SIGKILL);
  return 1;
}

static int
crash_and_leave (void)
{
  if (hostile_is_child ())
    {
      setsid ();
      hostile_be_deaf ();
      hostile_wait ();
    }
  return die_of_signal (SIGSEGV);
}

/* Whoever started us, as a confused daemon does. */
static int
signal_parent (void)
{
  for (int i = 1; i < NSIG; i++)
    {
      if (i != SIGKILL && i != SIGSTOP && i != SIGCHLD)
        kill (getppid (), i);
    }
  return hostile_leave ();
}

static int
stop_parent (void)
{
  kill (getppid (), SIGSTOP);
  return hostile_leave ();
}

static int
stop_parent_and_hang (void)
{
  hostile_be_deaf ();
  kill (getppid (), SIGSTOP);
  hostile_hang ();
}

static int
kill_parent (void)
{
  if (hostile_is_child ())
    {
      setsid ();
      hostile_be_deaf ();
      hostile_wait ();
    }
  kill (getppid (), SIGKILL);
  hostile_hang ();
}

static int
take_memory (void)
{
  for (;;)
    {
      char *block = malloc (1 << 20);

      if (block == NULL)
        return 1;
      memset (block, 1, 1 << 20);
    }
}

static int
take_files (void)
{
  while (dup (STDIN_FILENO) >= 0)
    ;
  return errno == EMFILE ? 1 : 0;
}

static int
take_processor (void)
{
  hostile_spin ();
}

static int
take_processes (void)
{
  while (fork () >= 0)
    ;
  return 1;
}

const HostileKind hostile_kinds_that_end[] = {
  { "crash", crash },
  { "abort", abort_here },
  { "stack-overflow", overflow_stack },
  { "kill-group", kill_group },
  { "crash-and-leave", crash_and_leave },
  { "signal-slot", signal_parent },
  { "stop-slot", stop_parent },
  { "stop-slot-and-hang", stop_parent_and_hang },
  { "kill-slot", kill_parent },
  { "take-memory", take_memory },
  { "take-files", take_files },
  { "take-processor", take_processor },
  { "take-processes", take_processes },
  { NULL, NULL },
};
