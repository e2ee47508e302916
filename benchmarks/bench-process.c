/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "bench-process.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <poll.h>
#include <spawn.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench-clock.h"
#include "bench-error.h"

extern char **environ;

static gboolean
fail (GError **error, const char *program, const char *what, int number)
{
  g_set_error (error, BENCH_ERROR, BENCH_ERROR_SYSTEM, "%s: %s: %s", program, what, g_strerror (number));
  return FALSE;
}

static gboolean
check_status (const char *program, int status, GError **error)
{
  if (WIFEXITED (status) && WEXITSTATUS (status) == 0)
    return TRUE;

  g_set_error (error, BENCH_ERROR, BENCH_ERROR_WRONG, "%s: %s %d", program,
               WIFEXITED (status) ? "exit status" : "killed by signal",
               WIFEXITED (status) ? WEXITSTATUS (status) : WTERMSIG (status));
  return FALSE;
}

static int
remove_entry (const char *path, const struct stat *status, int type, struct FTW *place)
{
  (void) remove (path);
  return 0;
}

void
bench_process_remove_tree (const char *dir)
{
  nftw (dir, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

gboolean
bench_process_run (const BenchProcess *self, gint64 *elapsed_ns, GError **error)
{
  const char *input = self->input != NULL ? self->input : "/dev/null";
  posix_spawn_file_actions_t actions;
  gint64 start = bench_now ();
  int status, number;
  pid_t pid;

  posix_spawn_file_actions_init (&actions);
  posix_spawn_file_actions_addchdir_np (&actions, self->dir);
  posix_spawn_file_actions_addopen (&actions, STDIN_FILENO, input, O_RDONLY, 0);
  posix_spawn_file_actions_addopen (&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  number = posix_spawn (&pid, self->argv[0], &actions, NULL, self->argv, self->environment);
  posix_spawn_file_actions_destroy (&actions);
  if (number != 0)
    return fail (error, self->argv[0], "can't be started", number);

  waitpid (pid, &status, 0);
  *elapsed_ns = bench_now () - start;
  return check_status (self->argv[0], status, error);
}

/* One of the processes that are under way. */
typedef struct
{
  pid_t pid;  /* 0: none */
  int fds[2]; /* of pipes; -1: at its end */
} Slot;

typedef struct
{
  const char *command;
  gboolean pipes;
  Slot *slots;
  guint n_slots;
  guint n_left; /* to start */
  guint n_running;
} Loop;

static gboolean
open_pipes (Slot *slot, int write_fds[2], posix_spawn_file_actions_t *actions)
{
  for (int i = 0; i < 2; i++)
    {
      int fds[2];

      if (pipe2 (fds, O_CLOEXEC) < 0)
        return FALSE;
      slot->fds[i] = fds[0];
      write_fds[i] = fds[1];
      posix_spawn_file_actions_adddup2 (actions, fds[1], i + 1);
    }

  return TRUE;
}

static gboolean
start (Loop *self, Slot *slot, GError **error)
{
  char *argv[] = { (char *) self->command, NULL };
  posix_spawn_file_actions_t actions;
  int write_fds[2] = { -1, -1 };
  int number;

  posix_spawn_file_actions_init (&actions);
  posix_spawn_file_actions_addopen (&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  if (!self->pipes || open_pipes (slot, write_fds, &actions))
    number = posix_spawn (&slot->pid, self->command, &actions, NULL, argv, environ);
  else
    number = errno;
  posix_spawn_file_actions_destroy (&actions);

  for (int i = 0; i < 2 && write_fds[i] >= 0; i++)
    close (write_fds[i]);
  if (number != 0)
    return fail (error, self->command, "can't be started", number);

  self->n_left--;
  self->n_running++;
  return TRUE;
}

static gboolean
start_more (Loop *self, GError **error)
{
  for (guint i = 0; i < self->n_slots && self->n_left > 0; i++)
    {
      if (self->slots[i].pid == 0 && !start (self, &self->slots[i], error))
        return FALSE;
    }

  return TRUE;
}

/* Reads what there is of one pipe; closes it at its end. */
static void
read_some (int *fd)
{
  char data[4096];

  if (read (*fd, data, sizeof data) > 0)
    return;

  close (*fd);
  *fd = -1;
}

/* Until a process has closed both its ends. */
static Slot *
await_ends (Loop *self, struct pollfd *events)
{
  for (;;)
    {
      for (guint i = 0; i < 2 * self->n_slots; i++)
        events[i] = (struct pollfd){ .fd = self->slots[i / 2].fds[i % 2], .events = POLLIN };
      poll (events, 2 * self->n_slots, -1);

      for (guint i = 0; i < 2 * self->n_slots; i++)
        {
          Slot *slot = &self->slots[i / 2];

          if (events[i].revents != 0)
            read_some (&slot->fds[i % 2]);
          if (slot->pid != 0 && slot->fds[0] < 0 && slot->fds[1] < 0)
            return slot;
        }
    }
}

static gboolean
wait_for_one (Loop *self, struct pollfd *events, GError **error)
{
  pid_t pid = self->pipes ? await_ends (self, events)->pid : -1;
  int status;

  pid = waitpid (pid, &status, 0);
  self->n_running--;
  for (guint i = 0; i < self->n_slots; i++)
    {
      if (self->slots[i].pid == pid)
        self->slots[i].pid = 0;
    }

  return check_status (self->command, status, error);
}

gboolean
bench_process_loop (const char *command,
                    guint n_tests,
                    guint workers,
                    gboolean pipes,
                    gint64 *elapsed_ns,
                    GError **error)
{
  g_autofree Slot *slots = g_new0 (Slot, workers);
  g_autofree struct pollfd *events = g_new0 (struct pollfd, 2 * workers);
  Loop self = { .command = command, .pipes = pipes, .slots = slots, .n_slots = workers, .n_left = n_tests };
  gint64 started;

  for (guint i = 0; i < workers; i++)
    slots[i].fds[0] = slots[i].fds[1] = -1;

  started = bench_now ();
  while (self.n_left > 0 || self.n_running > 0)
    {
      if (!start_more (&self, error) || !wait_for_one (&self, events, error))
        return FALSE;
    }
  *elapsed_ns = bench_now () - started;

  return TRUE;
}
