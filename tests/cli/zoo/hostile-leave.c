/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Those that leave processes behind. */
#include "hostile.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#define MANY 100

static int
leave_child (void)
{
  if (hostile_is_child ())
    hostile_wait ();
  return hostile_leave ();
}

static int
leave_child_and_fail (void)
{
  leave_child ();
  return 1;
}

static int
leave_grandchild (void)
{
  hostile_prepare_to_become ();
  if (hostile_is_child ())
    {
      if (hostile_is_child ())
        {
          hostile_became ();
          hostile_wait ();
        }
      _exit (0);
    }

  hostile_wait_until_became (1);
  return hostile_leave ();
}

/* What daemon(3) does, and more: nothing of it leads back here. */
static int
leave_daemon (void)
{
  hostile_prepare_to_become ();
  if (hostile_is_child ())
    {
      setsid ();
      if (hostile_is_child ())
        {
          setsid ();
          (void) !chdir ("/");
          prctl (PR_SET_NAME, "kworker");
          clearenv ();
          hostile_be_deaf ();
          hostile_became ();
          close_range (0, ~0u, 0);
          hostile_wait ();
        }
      _exit (0);
    }

  hostile_wait_until_became (1);
  return hostile_leave ();
}

/* A daemon that is started anew, as another program: with no descriptor, environment or name of ours. */
static int
leave_program (void)
{
  if (hostile_is_child ())
    {
      setsid ();
      close_range (0, 2, 0);
      execle ("/bin/sleep", "sleep", "1000000", NULL, (char *[]){ NULL });
      _exit (99);
    }

  return hostile_leave ();
}

static int
leave_stopped (void)
{
  siginfo_t info;

  if (hostile_is_child ())
    {
      setsid ();
      raise (SIGSTOP);
      hostile_wait ();
    }

  waitid (P_ALL, 0, &info, WSTOPPED | WNOWAIT);
  return hostile_leave ();
}

static int
leave_traced (void)
{
  hostile_prepare_to_become ();
  if (hostile_is_child ())
    {
      siginfo_t info;

      if (hostile_is_child ())
        {
          ptrace (PTRACE_TRACEME, 0, NULL, NULL);
          raise (SIGUSR1);
          hostile_wait ();
        }
      waitid (P_ALL, 0, &info, WSTOPPED | WNOWAIT);
      hostile_became ();
      hostile_wait ();
    }

  hostile_wait_until_became (1);
  return hostile_leave ();
}

static int
leave_groups (void)
{
  hostile_prepare_to_become ();
  for (int i = 0; i < MANY; i++)
    {
      if (hostile_is_child ())
        {
          if (i % 2 == 0)
            setpgid (0, 0);
          else
            setsid ();
          hostile_be_deaf ();
          hostile_became ();
          hostile_wait ();
        }
    }

  hostile_wait_until_became (MANY);
  return hostile_leave ();
}

/* Orphans go to a child, not to who started us. */
static int
leave_reaper (void)
{
  hostile_prepare_to_become ();
  if (hostile_is_child ())
    {
      prctl (PR_SET_CHILD_SUBREAPER, 1);
      for (int i = 0; i < 10; i++)
        {
          if (hostile_is_child ())
            {
              if (hostile_is_child ())
                {
                  setsid ();
                  hostile_became ();
                  hostile_wait ();
                }
              _exit (0);
            }
        }
      hostile_wait ();
    }

  hostile_wait_until_became (10);
  return hostile_leave ();
}

/* A child whose first thread has ended: it looks like a zombie, and is none; and one of its threads has a child. */
static int
leave_headless (void)
{
  hostile_prepare_to_become ();
  if (hostile_is_child ())
    {
      pthread_t thread;

      if (pthread_create (&thread, NULL, hostile_fork_in_thread, NULL) != 0)
        _exit (99);
      pthread_exit (NULL);
    }

  hostile_wait_until_became (1);
  return hostile_leave ();
}

static int
leave_comet (void)
{
  if (hostile_is_child ())
    hostile_fly (false);
  return hostile_leave ();
}

static int
leave_comet_in_sessions (void)
{
  if (hostile_is_child ())
    hostile_fly (true);
  return hostile_leave ();
}

static int
leave_comets (void)
{
  for (int i = 0; i < 8; i++)
    {
      if (hostile_is_child ())
        hostile_fly (i % 2 == 0);
    }

  return hostile_leave ();
}

/* The first process of a namespace, with all that is in it. */
static int
leave_namespace (void)
{
  if (unshare (geteuid () == 0 ? CLONE_NEWPID : CLONE_NEWUSER | CLONE_NEWPID) < 0)
    return 77;

  hostile_prepare_to_become ();
  if (hostile_is_child ())
    {
      for (int i = 0; i < 10; i++)
        {
          if (hostile_is_child ())
            {
              setsid ();
              hostile_became ();
              hostile_wait ();
            }
        }
      hostile_wait ();
    }

  hostile_wait_until_became (10);
  return hostile_leave ();
}

/* Ended, but nobody took note: nothing that could be left behind. */
static int
leave_zombies (void)
{
  for (int i = 0; i < MANY; i++)
    {
      siginfo_t info;
      pid_t pid = fork ();

      if (pid == 0)
        _exit (0);
      waitid (P_PID, (id_t) pid, &info, WEXITED | WNOWAIT);
    }

  return hostile_leave ();
}

const HostileKind hostile_kinds_that_leave[] = {
  { "leave-child", leave_child },           { "leave-child-and-fail", leave_child_and_fail },
  { "leave-grandchild", leave_grandchild }, { "leave-daemon", leave_daemon },
  { "leave-program", leave_program },       { "leave-stopped", leave_stopped },
  { "leave-traced", leave_traced },         { "leave-groups", leave_groups },
  { "leave-reaper", leave_reaper },         { "leave-headless", leave_headless },
  { "leave-comet", leave_comet },           { "leave-comet-in-sessions", leave_comet_in_sessions },
  { "leave-comets", leave_comets },         { "leave-namespace", leave_namespace },
  { "leave-zombies", leave_zombies },       { NULL, NULL },
};
