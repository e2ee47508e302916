/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "agent-watch.h"

#include <errno.h>
#include <stdalign.h>
#include <sys/inotify.h>
#include <unistd.h>

/* One event tells all: a test that makes many files there is not slowed by the others. */
#define EVENTS (IN_CREATE | IN_MOVED_TO | IN_ONESHOT | IN_ONLYDIR | IN_DONT_FOLLOW)

void
agent_watch_init (AgentWatch *self)
{
  *self = (AgentWatch){ .fd = inotify_init1 (IN_CLOEXEC | IN_NONBLOCK), .watches = { -1, -1 } };
}

void
agent_watch_begin (AgentWatch *self, AgentWatchedDirectory which, const char *path)
{
  self->watches[which] = self->fd >= 0 ? inotify_add_watch (self->fd, path, EVENTS) : -1;
  self->untouched[which] = self->watches[which] >= 0;
}

static void
note (AgentWatch *self, const struct inotify_event *event)
{
  for (int i = 0; i < AGENT_N_WATCHES; i++)
    {
      if (event->wd == self->watches[i] || (event->mask & IN_Q_OVERFLOW) != 0)
        self->untouched[i] = false;
    }
}

void
agent_watch_take (AgentWatch *self)
{
  alignas (struct inotify_event) char events[4096];
  ssize_t length = TEMP_FAILURE_RETRY (read (self->fd, events, sizeof events));

  for (ssize_t i = 0; i < length;)
    {
      const struct inotify_event *event = (const struct inotify_event *) (events + i);

      note (self, event);
      i += (ssize_t) (sizeof *event + event->len);
    }
}

bool
agent_watch_is_untouched (const AgentWatch *self, AgentWatchedDirectory which)
{
  return self->untouched[which];
}

void
agent_watch_doubt (AgentWatch *self)
{
  for (int i = 0; i < AGENT_N_WATCHES; i++)
    self->untouched[i] = false;
}
