/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "store/dagsched-log-pipe-private.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include "base/dagsched-error.h"

/* The owner and the thread hold a reference each. */
struct _DagschedLogPipe
{
  GAsyncQueue *queue; /* of GBytes; an empty one is the last */
  GThread *thread;    /* (nullable) NULL once it was joined; the owner's */
  int fd;             /* the thread's */
  int owners_fd;      /* read-only after init: what it is a duplicate of */
  int failed_errno;   /* the thread's; the owner's once it was joined */
  int is_dead;        /* (atomic) nothing more will be written: pushing is in vain */
};

/* A descriptor that somebody else made non-blocking is waited for. */
static gboolean
write_some (int fd, const char **data, gsize *length)
{
  ssize_t n = write (fd, *data, *length);

  if (n >= 0)
    {
      *data += n;
      *length -= n;
      return TRUE;
    }
  if (errno == EAGAIN)
    {
      struct pollfd writable = { .fd = fd, .events = POLLOUT };

      return poll (&writable, 1, -1) >= 0 || errno == EINTR;
    }

  return errno == EINTR;
}

static void
write_lines (DagschedLogPipe *self, GBytes *lines)
{
  gsize length;
  const char *data = g_bytes_get_data (lines, &length);

  while (length > 0 && self->failed_errno == 0)
    {
      if (!write_some (self->fd, &data, &length))
        self->failed_errno = errno;
    }

  if (self->failed_errno != 0)
    g_atomic_int_set (&self->is_dead, TRUE);
}

static void
clear (gpointer data)
{
  DagschedLogPipe *self = data;

  g_async_queue_unref (self->queue);
}

/* SIGPIPE goes to the thread that writes: blocked here, it ends with the thread. */
static gpointer
run (gpointer data)
{
  DagschedLogPipe *self = data;
  gboolean is_last = FALSE;
  sigset_t set;

  sigemptyset (&set);
  sigaddset (&set, SIGPIPE);
  pthread_sigmask (SIG_BLOCK, &set, NULL);

  while (!is_last)
    {
      g_autoptr (GBytes) lines = g_async_queue_pop (self->queue);

      is_last = g_bytes_get_size (lines) == 0;
      write_lines (self, lines);
    }

  close (self->fd); /* the reader sees the end as soon as the owner sees it */
  g_atomic_rc_box_release_full (self, clear);
  return NULL;
}

/* @what: the descriptor as its owner knows it. */
static gboolean
fail (GError **error, int what, int code)
{
  if (what == STDOUT_FILENO)
    g_set_error (error, DAGSCHED_ERROR, DAGSCHED_ERROR_LOG, "can't write the run log to standard output: %s",
                 g_strerror (code));
  else
    g_set_error (error, DAGSCHED_ERROR, DAGSCHED_ERROR_LOG, "can't write the run log to descriptor %d: %s",
                 what, g_strerror (code));

  return FALSE;
}

DagschedLogPipe *
dagsched_log_pipe_new (int fd, GError **error)
{
  DagschedLogPipe *self;
  int own_fd = fcntl (fd, F_DUPFD_CLOEXEC, 3);

  if (own_fd < 0)
    {
      fail (error, fd, errno);
      return NULL;
    }

  self = g_atomic_rc_box_new0 (DagschedLogPipe);
  self->fd = own_fd;
  self->owners_fd = fd;
  self->queue = g_async_queue_new_full ((GDestroyNotify) g_bytes_unref);
  self->thread = g_thread_try_new ("dagsched-log", run, g_atomic_rc_box_acquire (self), error);
  if (self->thread != NULL)
    return self;

  g_prefix_error (error, "can't start a thread that writes the run log (see ulimit -u): ");
  close (own_fd);
  g_atomic_rc_box_release (self);
  g_atomic_rc_box_release_full (self, clear);
  return NULL;
}

void
dagsched_log_pipe_push (DagschedLogPipe *self, const char *lines, gsize length)
{
  if (length > 0 && !g_atomic_int_get (&self->is_dead))
    g_async_queue_push (self->queue, g_bytes_new (lines, length));
}

static void
push_last (DagschedLogPipe *self)
{
  g_async_queue_push (self->queue, g_bytes_new_static ("", 0));
}

gboolean
dagsched_log_pipe_close (DagschedLogPipe *self, GError **error)
{
  if (self->thread != NULL)
    {
      push_last (self);
      g_thread_join (g_steal_pointer (&self->thread));
    }

  if (self->failed_errno == 0 || self->failed_errno == EPIPE)
    return TRUE;

  return fail (error, self->owners_fd, self->failed_errno);
}

void
dagsched_log_pipe_free (DagschedLogPipe *self)
{
  if (self->thread != NULL)
    {
      push_last (self);
      g_thread_unref (g_steal_pointer (&self->thread));
    }
  g_atomic_rc_box_release_full (self, clear);
}
