/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "executor/dagsched-agent-slot-private.h"

#include <errno.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "plan/dagsched-plan-private.h"

#define RECEIVE_SIZE (64 * 1024)

DagschedAgentSlot *
dagsched_agent_slot_new (int fd, int epoll_fd, guint64 number, guint lane)
{
  DagschedAgentSlot *self = g_new0 (DagschedAgentSlot, 1);

  self->fd = fd;
  self->epoll_fd = epoll_fd;
  self->number = number;
  self->lane = lane;
  self->fixture = DAGSCHED_NO_TEST;
  g_mutex_init (&self->lock);

  return self;
}

void
dagsched_agent_slot_free (DagschedAgentSlot *self)
{
  epoll_ctl (self->epoll_fd, EPOLL_CTL_DEL, self->fd, NULL);
  close (self->fd);
  dagsched_buffer_clear (&self->in);
  dagsched_buffer_clear (&self->out);
  g_mutex_clear (&self->lock);
  g_free (self);
}

static void
watch_writing (DagschedAgentSlot *self, gboolean blocked)
{
  struct epoll_event event = { .events = blocked ? EPOLLIN | EPOLLOUT : EPOLLIN, .data.ptr = self };

  if (self->blocked == blocked)
    return;

  self->blocked = blocked;
  epoll_ctl (self->epoll_fd, EPOLL_CTL_MOD, self->fd, &event);
}

/* A slot that has died takes nothing: that is seen where its socket is read. */
static void
flush_unlocked (DagschedAgentSlot *self)
{
  while (dagsched_buffer_get_length (&self->out) > 0)
    {
      ssize_t n_sent = send (self->fd, dagsched_buffer_peek (&self->out),
                             dagsched_buffer_get_length (&self->out), MSG_DONTWAIT | MSG_NOSIGNAL);

      if (n_sent >= 0)
        dagsched_buffer_consume (&self->out, (gsize) n_sent);
      else if (errno == EAGAIN)
        {
          watch_writing (self, TRUE);
          return;
        }
      else if (errno != EINTR)
        dagsched_buffer_clear (&self->out);
    }

  watch_writing (self, FALSE);
}

gboolean
dagsched_agent_slot_run (DagschedAgentSlot *self, const DagschedRunMessage *message)
{
  gboolean fits;

  g_mutex_lock (&self->lock);
  fits = dagsched_run_message_put (message, &self->out);
  flush_unlocked (self);
  g_mutex_unlock (&self->lock);

  return fits;
}

void
dagsched_agent_slot_stop (DagschedAgentSlot *self, guint64 id, gboolean kill)
{
  DagschedStopMessage message = { .id = id, .kill = kill != FALSE };

  g_mutex_lock (&self->lock);
  dagsched_stop_message_put (&message, &self->out);
  flush_unlocked (self);
  g_mutex_unlock (&self->lock);
}

void
dagsched_agent_slot_release (DagschedAgentSlot *self, guint64 id)
{
  g_mutex_lock (&self->lock);
  dagsched_number_message_put (DAGSCHED_FRAME_RELEASE, id, &self->out);
  flush_unlocked (self);
  g_mutex_unlock (&self->lock);
}

void
dagsched_agent_slot_set_paused (DagschedAgentSlot *self, gboolean paused)
{
  g_mutex_lock (&self->lock);
  if (self->paused != paused)
    {
      dagsched_number_message_put (paused ? DAGSCHED_FRAME_PAUSE : DAGSCHED_FRAME_RESUME, self->number,
                                   &self->out);
      flush_unlocked (self);
    }
  self->paused = paused;
  g_mutex_unlock (&self->lock);
}

void
dagsched_agent_slot_shut (DagschedAgentSlot *self)
{
  /* Writing only: what ends this side is that the process has ended, and with it all that it held. */
  shutdown (self->fd, SHUT_WR);
}

void
dagsched_agent_slot_flush (DagschedAgentSlot *self)
{
  g_mutex_lock (&self->lock);
  flush_unlocked (self);
  g_mutex_unlock (&self->lock);
}

gboolean
dagsched_agent_slot_receive (DagschedAgentSlot *self)
{
  ssize_t n_read;

  do
    n_read = recv (self->fd, dagsched_buffer_reserve (&self->in, RECEIVE_SIZE), RECEIVE_SIZE, MSG_DONTWAIT);
  while (n_read < 0 && errno == EINTR);

  if (n_read < 0 && errno == EAGAIN)
    return TRUE;
  if (n_read <= 0)
    return FALSE;

  dagsched_buffer_commit (&self->in, (gsize) n_read);
  return TRUE;
}
