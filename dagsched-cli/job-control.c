/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "job-control.h"

#include <errno.h>
#include <glib-unix.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <unistd.h>

/* GLib watches no signals of job control. A handler can be told nothing but by what is global. */
static int wake_fd = -1;
static guint source;

static void
on_stop_signal (int signum)
{
  int number = errno;

  eventfd_write (wake_fd, 1);
  errno = number;
}

static void
set_handler (void (*handler) (int))
{
  struct sigaction action = { .sa_handler = handler, .sa_flags = SA_RESTART };

  sigemptyset (&action.sa_mask);
  sigaction (SIGTSTP, &action, NULL);
}

void
job_control_ignore_terminal_stops (void)
{
  signal (SIGTTOU, SIG_IGN);
  signal (SIGTTIN, SIG_IGN);
}

typedef struct
{
  GSourceFunc func;
  gpointer data;
} Watch;

static gboolean
on_woken (gint fd, GIOCondition condition, gpointer data)
{
  Watch *watch = data;

  return watch->func (watch->data);
}

void
job_control_watch (GSourceFunc func, gpointer data)
{
  struct sigaction before;
  Watch *watch;

  if (sigaction (SIGTSTP, NULL, &before) != 0 || before.sa_handler == SIG_IGN)
    return;
  wake_fd = eventfd (0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (wake_fd < 0)
    return; /* stopped without further ado */

  watch = g_new (Watch, 1);
  *watch = (Watch){ func, data };
  source = g_unix_fd_add_full (G_PRIORITY_HIGH, wake_fd, G_IO_IN, on_woken, watch, g_free);
  set_handler (on_stop_signal);
}

void
job_control_unwatch (void)
{
  if (wake_fd < 0)
    return;

  set_handler (SIG_DFL);
  g_clear_handle_id (&source, g_source_remove);
  close (wake_fd);
  wake_fd = -1;
}

/* By the signal itself, so that the shell says what it always says. In a group that no shell looks after the kernel does
 * not stop anybody by it. */
void
job_control_stop (void)
{
  eventfd_t count;

  eventfd_read (wake_fd, &count);
  set_handler (SIG_DFL);
  raise (SIGTSTP);
  set_handler (on_stop_signal);
}
