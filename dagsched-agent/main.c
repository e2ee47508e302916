/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agent-keeper.h"

static void
on_child (int signum)
{
  (void) signum; /* only interrupts ppoll() */
}

/* Whatever was open in the host program stays with it. */
static int
take_standard_input (void)
{
  int null_fd, runner_fd;

  close_range (3, ~0u, 0);
  runner_fd = fcntl (STDIN_FILENO, F_DUPFD_CLOEXEC, 3);
  null_fd = TEMP_FAILURE_RETRY (open ("/dev/null", O_RDWR | O_CLOEXEC));
  if (runner_fd < 0 || null_fd < 0)
    return -1;

  /* Tests inherit these: nothing to read, and nothing on the host's terminal but what they print through
   * their runner. Our own complaints go where the host's do. */
  dup2 (null_fd, STDIN_FILENO);
  dup2 (null_fd, STDOUT_FILENO);
  if (fcntl (STDERR_FILENO, F_GETFD) < 0)
    dup2 (null_fd, STDERR_FILENO);
  close (null_fd);

  return runner_fd;
}

/* Who ends us closes our socket. A signal comes from a test that takes its parent for something else. */
static void
set_up_signals (void)
{
  struct sigaction action = { .sa_handler = SIG_DFL };
  sigset_t all;

  for (int i = 1; i < NSIG; i++)
    sigaction (i, &action, NULL);
  action.sa_handler = on_child;
  sigaction (SIGCHLD, &action, NULL);

  sigfillset (&all);
  sigprocmask (SIG_SETMASK, &all, NULL);
}

int
main (int argc, char **argv)
{
  struct stat status;
  int runner_fd;
  pid_t pid;

  if (argc == 2 && strcmp (argv[1], "--version") == 0)
    {
      puts ("dagsched-agent " DAGSCHED_VERSION);
      return 0;
    }
  if (argc != 1 || fstat (STDIN_FILENO, &status) < 0 || !S_ISSOCK (status.st_mode))
    {
      fputs ("dagsched-agent runs processes for dagsched, which starts it by itself: "
             "there is no use in starting it by hand.\n",
             stderr);
      return 2;
    }

  /* The program that started us waits for this process only. The keeper is none of its children: it
   * neither meets their SIGCHLD nor a wait for just any of them. */
  pid = fork ();
  if (pid != 0)
    _exit (pid < 0 ? 1 : 0);

  setsid ();
  runner_fd = take_standard_input ();
  if (runner_fd < 0)
    return 1;
  set_up_signals ();
  unsetenv ("G_TEST_ROOT_PROCESS");

  return agent_keeper_main (runner_fd);
}
