/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A program that behaves as badly as tests do: one kind of behaviour a name. zoo.py says what becomes of each. */
#include "hostile.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* (nullable) made once all is set up; then the program stays instead of ending */
static const char *ready_path;
const char *hostile_argument;

_Noreturn void
hostile_wait (void)
{
  for (;;)
    pause ();
}

_Noreturn void
hostile_give_up (const char *what)
{
  perror (what);
  exit (99);
}

void
hostile_tell_ready (void)
{
  int fd = ready_path != NULL ? open (ready_path, O_CREAT | O_WRONLY | O_CLOEXEC, 0644) : -1;

  if (fd >= 0)
    close (fd);
}

/* The end of those that leave something behind. */
int
hostile_leave (void)
{
  hostile_tell_ready ();
  if (ready_path != NULL)
    hostile_wait ();
  return 0;
}

/* The end of those that never end. */
_Noreturn void
hostile_hang (void)
{
  hostile_tell_ready ();
  hostile_wait ();
}

bool
hostile_is_child (void)
{
  pid_t pid = fork ();

  if (pid < 0)
    hostile_give_up ("fork");
  return pid == 0;
}

void
hostile_be_deaf (void)
{
  for (int i = 1; i < NSIG; i++)
    signal (i, i == SIGCHLD ? SIG_DFL : SIG_IGN);
}

/* Where a child tells its parent that it is what it was to become. */
static int became_fds[2];

void
hostile_prepare_to_become (void)
{
  if (pipe2 (became_fds, O_CLOEXEC) < 0)
    hostile_give_up ("pipe2");
}

void
hostile_became (void)
{
  (void) !write (became_fds[1], "", 1);
}

void
hostile_wait_until_became (int n)
{
  char byte;

  while (n-- > 0 && read (became_fds[0], &byte, 1) == 1)
    ;
}

_Noreturn void
hostile_spin (void)
{
  for (volatile unsigned i = 0;; i++)
    ;
}

/* Never the same process for long: each starts the next and ends. */
_Noreturn void
hostile_fly (bool in_sessions)
{
  for (;;)
    {
      pid_t pid = fork ();

      if (pid > 0)
        _exit (0);
      if (pid == 0 && in_sessions)
        setsid ();
    }
}

void *
hostile_fork_in_thread (void *data)
{
  (void) data;
  if (hostile_is_child ())
    hostile_wait ();
  hostile_became ();
  hostile_wait ();
}

static const HostileKind *const all[] = {
  hostile_kinds_that_leave, hostile_kinds_that_hang,   hostile_kinds_that_write,
  hostile_kinds_that_end,   hostile_kinds_that_litter,
};

static const HostileKind *
find (const char *name)
{
  for (size_t i = 0; i < sizeof all / sizeof *all; i++)
    {
      for (const HostileKind *kind = all[i]; kind->name != NULL; kind++)
        {
          if (strcmp (kind->name, name) == 0)
            return kind;
        }
    }

  return NULL;
}

int
main (int argc, char **argv)
{
  const HostileKind *kind = argc > 1 ? find (argv[1]) : NULL;

  if (kind == NULL)
    {
      fputs ("usage: hostile KIND [ARGUMENT]\n", stderr);
      return 2;
    }

  ready_path = getenv ("HOSTILE_READY");
  hostile_argument = argc > 2 ? argv[2] : NULL;
  return kind->behave ();
}
