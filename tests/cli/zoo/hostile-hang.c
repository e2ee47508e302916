/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Those that do not end. */
#include "hostile.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

static int
hang_quietly (void)
{
  hostile_hang ();
}

static int
hang_deaf (void)
{
  hostile_be_deaf ();
  hostile_hang ();
}

static int
hang_deaf_tree (void)
{
  hostile_prepare_to_become ();
  hostile_be_deaf ();
  for (int i = 0; i < 4; i++)
    {
      if (!hostile_is_child ())
        {
          hostile_wait_until_became (1);
          hostile_hang ();
        }
      setsid ();
    }
  hostile_became ();
  hostile_wait ();
}

static int
hang_stopped (void)
{
  hostile_tell_ready ();
  raise (SIGSTOP);
  return 1;
}

static int
hang_closed (void)
{
  hostile_tell_ready ();
  close_range (0, ~0u, 0);
  hostile_wait ();
}

static int
hang_spinning (void)
{
  hostile_tell_ready ();
  hostile_spin ();
}

static int
hang_in_vfork (void)
{
  hostile_tell_ready ();
  /* The parent sleeps where no signal but SIGKILL reaches it. */
  if (vfork () == 0)
    hostile_wait ();
  return 0;
}

static int
hang_headless (void)
{
  pthread_t thread;

  hostile_prepare_to_become ();
  if (pthread_create (&thread, NULL, hostile_fork_in_thread, NULL) != 0)
    hostile_give_up ("pthread_create");
  hostile_wait_until_became (1);
  hostile_tell_ready ();
  pthread_exit (NULL);
}

static void
on_term_exit (int signum)
{
  (void) signum;
  _exit (0);
}

static int
hang_until_told (void)
{
  signal (SIGTERM, on_term_exit);
  hostile_hang ();
}

static void
on_term_fork (int signum)
{
  signal (signum, SIG_IGN);
  for (int i = 0; i < 10; i++)
    {
      if (fork () == 0)
        {
          setsid ();
          hostile_wait ();
        }
    }
}

static int
hang_and_fork_when_told (void)
{
  signal (SIGTERM, on_term_fork);
  hostile_hang ();
}

static int
hang_with_comet (void)
{
  if (hostile_is_child ())
    hostile_fly (true);
  hostile_hang ();
}

static int
flood_without_end (void)
{
  static char line[4096];

  memset (line, 'x', sizeof line);
  line[sizeof line - 1] = '\n';
  hostile_tell_ready ();
  while (write (STDOUT_FILENO, line, sizeof line) > 0 || errno == EINTR)
    ;
  return 1;
}

const HostileKind hostile_kinds_that_hang[] = {
  { "hang", hang_quietly },
  { "hang-deaf", hang_deaf },
  { "hang-deaf-tree", hang_deaf_tree },
  { "hang-stopped", hang_stopped },
  { "hang-closed", hang_closed },
  { "hang-spinning", hang_spinning },
  { "hang-in-vfork", hang_in_vfork },
  { "hang-headless", hang_headless },
  { "hang-until-told", hang_until_told },
  { "hang-and-fork-when-told", hang_and_fork_when_told },
  { "hang-with-comet", hang_with_comet },
  { "flood", flood_without_end },
  { NULL, NULL },
};
