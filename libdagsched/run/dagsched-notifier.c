/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "run/dagsched-notifier-private.h"

#include <errno.h>
#include <glib-unix.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "base/dagsched-error.h"
#include "engine/dagsched-deadlines-private.h"

struct _DagschedNotifier
{
  int fd;                      /* read-only */
  guint window;                /* read-only; µs */
  _Atomic gint64 paused_until; /* CLOCK_MONOTONIC, ns */
  GSource *source;
  GSourceFunc func;
  gpointer user_data;
};

static gboolean
on_expired (int fd, GIOCondition condition, gpointer user_data)
{
  DagschedNotifier *self = user_data;
  guint64 n_expirations;

  /* Nothing to read: it was armed anew meanwhile, and will expire again. */
  if (read (fd, &n_expirations, sizeof n_expirations) == sizeof n_expirations)
    self->func (self->user_data);

  return G_SOURCE_CONTINUE;
}

DagschedNotifier *
dagsched_notifier_new (GMainContext *context,
                       guint window,
                       GSourceFunc func,
                       gpointer user_data,
                       GError **error)
{
  DagschedNotifier *self;
  int fd = timerfd_create (CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);

  if (fd < 0)
    {
      g_set_error (error, DAGSCHED_ERROR, DAGSCHED_ERROR_FAILED, "can't create a timer: %s",
                   g_strerror (errno));
      return NULL;
    }

  self = g_new0 (DagschedNotifier, 1);
  self->fd = fd;
  self->window = window;
  self->func = func;
  self->user_data = user_data;
  self->source = g_unix_fd_source_new (fd, G_IO_IN);
  g_source_set_static_name (self->source, "dagsched events");
  g_source_set_priority (self->source, G_PRIORITY_DEFAULT_IDLE);
  g_source_set_callback (self->source, G_SOURCE_FUNC (on_expired), self, NULL);
  g_source_attach (self->source, context);
  return self;
}

void
dagsched_notifier_free (DagschedNotifier *self)
{
  g_source_destroy (self->source);
  g_source_unref (self->source);
  close (self->fd);
  g_free (self);
}

static void
arm_for (DagschedNotifier *self, gint64 ns)
{
  struct itimerspec when = { .it_value = { .tv_sec = ns / 1000000000, .tv_nsec = ns % 1000000000 } };

  timerfd_settime (self->fd, 0, &when, NULL);
}

void
dagsched_notifier_arm (DagschedNotifier *self)
{
  gint64 ns = self->window * G_GINT64_CONSTANT (1000);
  gint64 paused_until = dagsched_load_relaxed (&self->paused_until);

  if (paused_until != 0)
    ns = MAX (ns, paused_until - dagsched_monotonic_ns ());
  /* Zero would disarm it. */
  arm_for (self, MAX (ns, 1));
}

void
dagsched_notifier_pause (DagschedNotifier *self, gint64 ns)
{
  struct itimerspec armed;

  dagsched_store_relaxed (&self->paused_until, dagsched_monotonic_ns () + ns);
  /* Who armed before did so for sooner. */
  if (timerfd_gettime (self->fd, &armed) == 0 && (armed.it_value.tv_sec != 0 || armed.it_value.tv_nsec != 0))
    dagsched_notifier_arm (self);
}

void
dagsched_notifier_arm_now (DagschedNotifier *self)
{
  dagsched_store_relaxed (&self->paused_until, 0);
  arm_for (self, 1);
}
