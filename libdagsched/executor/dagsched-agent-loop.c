/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "executor/dagsched-agent-executor-types-private.h"

#include <errno.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include "base/dagsched-error.h"

#define MAX_EVENTS 64
/* So often an agent is started again, and a slot that never finished anything opened again. */
#define MAX_RESTARTS 5
#define MAX_SLOT_LOSSES 20

/* No agent can be had any more: all that was asked for, and all that will be, is ERRORED. */
static void
give_up (DagschedAgentExecutor *self, GError *error)
{
  g_atomic_int_set (&self->broken, TRUE);
  dagsched_engine_fail (self->engine, error);

  for (guint i = 0; i < self->n_lanes; i++)
    {
      DagschedAgentJob *job = dagsched_agent_lane_take_job (&self->lanes[i]);

      if (job != NULL)
        dagsched_agent_job_complete_as (job, self->engine_thread, DAGSCHED_OUTCOME_ERRORED,
                                        dagsched_agent_executor_describe_broken ());
    }
}

/* What is not watched would be waited for without end. */
static gboolean
watch (DagschedAgentExecutor *self, int fd, gpointer what, GError **error)
{
  struct epoll_event event = { .events = EPOLLIN, .data.ptr = what };

  if (epoll_ctl (self->epoll_fd, EPOLL_CTL_ADD, fd, &event) == 0)
    return TRUE;

  g_set_error (error, DAGSCHED_ERROR, DAGSCHED_ERROR_EXECUTOR,
               "can't watch a socket of the agent: %s (see /proc/sys/fs/epoll/max_user_watches)",
               g_strerror (errno));
  return FALSE;
}

static gboolean
open_slot (DagschedAgentExecutor *self, guint lane_number, GError **error)
{
  DagschedAgentLane *lane = &self->lanes[lane_number];
  guint64 number = ++self->last_number;
  int fd = dagsched_agent_link_open_slot (&self->link, number, error);
  DagschedAgentSlot *slot;

  if (fd < 0)
    return FALSE;

  slot = dagsched_agent_slot_new (fd, self->epoll_fd, number, lane_number);
  if (!watch (self, fd, slot, error))
    {
      dagsched_agent_slot_free (slot);
      return FALSE;
    }

  g_hash_table_insert (self->slots, &slot->number, slot);
  g_mutex_lock (&lane->lock);
  lane->slot = slot;
  lane->lost = lane->job != NULL && lane->job->sent;
  g_mutex_unlock (&lane->lock);

  return TRUE;
}

/* The lane needs another slot. If the keeper is lost as well, restart() opens one. */
static gboolean
replace_slot (DagschedAgentExecutor *self, guint lane_number, GError **error)
{
  g_autoptr (GError) own_error = NULL;

  if (self->link.fd < 0 || open_slot (self, lane_number, &own_error) || self->link.ended)
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&own_error));
  return FALSE;
}

gboolean
dagsched_agent_executor_open_link (DagschedAgentExecutor *self, GError **error)
{
  if (!dagsched_agent_link_open (&self->link, self->program, self->artifacts, self->artifacts_are_temporary,
                                 error))
    return FALSE;

  dagsched_buffer_clear (&self->link_in);
  if (!watch (self, self->link.fd, &self->link, error))
    {
      dagsched_agent_link_clear (&self->link);
      return FALSE;
    }
  for (guint i = 0; i < self->n_lanes; i++)
    {
      if (!open_slot (self, i, error))
        return FALSE;
    }

  return TRUE;
}

/* The lane has a slot again: an attempt that the old one took with it is lost, one that came since is sent. */
static void
resume (DagschedAgentExecutor *self, DagschedAgentLane *lane)
{
  DagschedAgentJob *job = lane->lost ? dagsched_agent_lane_take_job (lane) : NULL;

  lane->lost = FALSE;
  if (job == NULL)
    {
      dagsched_agent_executor_serve (self, lane, self->engine_thread);
      return;
    }

  job->result.lost = TRUE;
  dagsched_agent_job_complete_as (job, self->engine_thread, DAGSCHED_OUTCOME_ERRORED,
                                  g_strdup ("the agent that ran it was lost"));
}

/* FALSE: the fixture has another slot by now. */
static gboolean
forget_fixture_slot (DagschedAgentExecutor *self, DagschedAgentSlot *slot)
{
  gpointer key = GUINT_TO_POINTER (slot->fixture + 1);
  gboolean known;

  g_mutex_lock (&self->lock);
  known = g_hash_table_lookup (self->fixture_slots, key) == slot;
  if (known)
    g_hash_table_remove (self->fixture_slots, key);
  g_mutex_unlock (&self->lock);
  return known;
}

/* A slot that ended, and that nothing is left of. A lane whose attempt may run again gets a new one only
 * now: the old attempt must not be there any more beside the new. */
static void
bury_slot (DagschedAgentExecutor *self, DagschedAgentSlot *slot)
{
  guint number = slot->lane;
  guint fixture = slot->fixture;
  gboolean served = fixture == DAGSCHED_NO_TEST;
  gboolean released;
  g_autoptr (GError) error = NULL;

  if (!slot->ended || !(slot->gone || self->closing || self->link.fd < 0))
    return;

  released = !served && forget_fixture_slot (self, slot);
  g_hash_table_remove (self->slots, &slot->number);
  if (released)
    dagsched_engine_released (self->engine, self->engine_thread, fixture);

  if (!served || self->closing || self->link.fd < 0)
    return;
  if (++self->n_losses > MAX_SLOT_LOSSES + self->n_lanes)
    g_set_error (
      &error, DAGSCHED_ERROR, DAGSCHED_ERROR_EXECUTOR,
      "processes of the agent end as soon as they are started (no memory, or a limit on processes?)");
  if (error != NULL || !replace_slot (self, number, &error))
    give_up (self, g_steal_pointer (&error));
  else
    resume (self, &self->lanes[number]);
}

static void
end_slot (DagschedAgentExecutor *self, DagschedAgentSlot *slot)
{
  DagschedAgentLane *lane = &self->lanes[slot->lane];

  if (slot->ended)
    return;

  slot->ended = TRUE;
  epoll_ctl (self->epoll_fd, EPOLL_CTL_DEL, slot->fd, NULL);
  g_mutex_lock (&lane->lock);
  if (lane->slot == slot)
    lane->slot = NULL;
  g_mutex_unlock (&lane->lock);

  bury_slot (self, slot);
}

/* The fixture lives on in the slot: its lane gets another. */
static void
dedicate_slot (DagschedAgentExecutor *self, DagschedAgentSlot *slot, guint32 fixture)
{
  DagschedAgentLane *lane = &self->lanes[slot->lane];
  gpointer key = GUINT_TO_POINTER (fixture + 1);
  DagschedAgentSlot *old;

  slot->fixture = fixture;
  g_mutex_lock (&lane->lock);
  lane->slot = NULL;
  g_mutex_unlock (&lane->lock);

  g_mutex_lock (&self->lock);
  old = g_hash_table_lookup (self->fixture_slots, key);
  if (old != NULL)
    dagsched_agent_slot_shut (old);
  g_hash_table_insert (self->fixture_slots, key, slot);
  dagsched_agent_slot_set_paused (slot, dagsched_engine_is_paused (self->engine));
  g_mutex_unlock (&self->lock);
}

static void
keep_values (DagschedAgentExecutor *self, DagschedAgentJob *job)
{
  gpointer key = GUINT_TO_POINTER (job->ticket->test + 1);

  g_mutex_lock (&self->lock);
  if (job->values != NULL)
    g_hash_table_insert (self->fixture_values, key, g_steal_pointer (&job->values));
  else
    g_hash_table_remove (self->fixture_values, key);
  g_mutex_unlock (&self->lock);
}

static void
count_output (DagschedAgentExecutor *self, const DagschedResult *result)
{
  gsize n_kept = 0;

  if (result->standard_output != NULL)
    n_kept += g_bytes_get_size (result->standard_output);
  if (result->standard_error != NULL)
    n_kept += g_bytes_get_size (result->standard_error);
  g_mutex_lock (&self->lock);
  self->n_kept += n_kept;
  g_mutex_unlock (&self->lock);
}

static void
handle_finished (DagschedAgentExecutor *self, DagschedAgentSlot *slot, const DagschedFinishedMessage *message)
{
  DagschedAgentLane *lane = &self->lanes[slot->lane];
  DagschedAgentJob *job = dagsched_agent_lane_peek_job (lane);
  g_autoptr (GError) error = NULL;
  gboolean passed;

  self->n_losses = 0;
  g_mutex_lock (&lane->lock);
  dagsched_agent_job_end_output (job);
  g_mutex_unlock (&lane->lock);
  count_output (self, &job->result);
  dagsched_agent_job_finish (job, message);
  passed = job->result.outcome == DAGSCHED_OUTCOME_PASSED;
  if (job->is_fixture)
    keep_values (self, job);

  if (message->flags & DAGSCHED_FINISHED_KEPT)
    {
      /* What a fixture that did not come up left is in the way of its next attempt: it goes first. */
      if (!passed)
        {
          dagsched_agent_slot_release (slot, job->id);
          return;
        }
      dedicate_slot (self, slot, job->ticket->test);
      replace_slot (self, slot->lane, &error);
    }

  dagsched_agent_job_complete (dagsched_agent_lane_take_job (lane), self->engine_thread);
  if (error != NULL)
    give_up (self, g_steal_pointer (&error));
}

static void
handle_output (DagschedAgentExecutor *self,
               DagschedAgentSlot *slot,
               DagschedAgentJob *job,
               const DagschedOutputMessage *message)
{
  DagschedAgentLane *lane = &self->lanes[slot->lane];
  guint64 n_written;

  g_mutex_lock (&lane->lock);
  n_written = dagsched_agent_job_take_output (job, message);
  g_mutex_unlock (&lane->lock);
  dagsched_engine_output (self->engine, self->engine_thread, job->ticket, message->stream == 1,
                          (const char *) message->data, message->length, n_written);
}

/* FALSE: that is no slot of ours. */
static gboolean
handle_slot_frame (DagschedAgentExecutor *self,
                   DagschedAgentSlot *slot,
                   DagschedFrameType type,
                   DagschedFrameReader *payload)
{
  DagschedAgentJob *job =
    slot->fixture == DAGSCHED_NO_TEST ? dagsched_agent_lane_peek_job (&self->lanes[slot->lane]) : NULL;
  DagschedOutputMessage output;
  DagschedFinishedMessage finished;
  guint64 id;

  /* It finishes once; after that it can only say that what it had kept is gone. */
  if (job == NULL || job->finished != (type == DAGSCHED_FRAME_RELEASED))
    return FALSE;

  if (type == DAGSCHED_FRAME_OUTPUT && dagsched_output_message_get (&output, payload) && output.id == job->id)
    {
      handle_output (self, slot, job, &output);
      return TRUE;
    }
  if (type == DAGSCHED_FRAME_FINISHED && dagsched_finished_message_get (&finished, payload) &&
      finished.id == job->id && (job->is_fixture || !(finished.flags & DAGSCHED_FINISHED_KEPT)))
    {
      handle_finished (self, slot, &finished);
      return TRUE;
    }
  if (type == DAGSCHED_FRAME_RELEASED && dagsched_number_message_get (&id, payload) && id == job->id)
    {
      dagsched_agent_job_complete (dagsched_agent_lane_take_job (&self->lanes[slot->lane]),
                                   self->engine_thread);
      return TRUE;
    }

  return FALSE;
}

/* It does not speak our language (any more): it is told to end, and its attempt is lost. Until its end is read, what it
 * holds is there. */
static void
break_slot (DagschedAgentSlot *slot)
{
  slot->is_broken = TRUE;
  dagsched_agent_slot_shut (slot);
}

static void
handle_slot (DagschedAgentExecutor *self, DagschedAgentSlot *slot, guint32 events)
{
  DagschedFrameReader payload;
  DagschedFrameType type;
  DagschedFrameStatus status;
  gsize length;

  if (events & EPOLLOUT)
    dagsched_agent_slot_flush (slot);
  if (!(events & ~EPOLLOUT))
    return;

  if (!dagsched_agent_slot_receive (slot))
    {
      end_slot (self, slot);
      return;
    }

  while (!slot->is_broken &&
         (status = dagsched_frame_next (&slot->in, &type, &payload, &length)) != DAGSCHED_FRAME_PARTIAL)
    {
      if (status == DAGSCHED_FRAME_BROKEN || !handle_slot_frame (self, slot, type, &payload))
        break_slot (slot);
      else
        dagsched_buffer_consume (&slot->in, length);
    }
  if (slot->is_broken)
    dagsched_buffer_clear (&slot->in);
}

static void
handle_gone (DagschedAgentExecutor *self, guint64 number)
{
  DagschedAgentSlot *slot = g_hash_table_lookup (self->slots, &number);

  if (slot == NULL)
    return;

  slot->gone = TRUE;
  bury_slot (self, slot);
}

static gboolean
handle_link_frame (DagschedAgentExecutor *self, DagschedFrameType type, DagschedFrameReader *payload)
{
  guint64 number;

  if (type != DAGSCHED_FRAME_GONE || !dagsched_number_message_get (&number, payload))
    return FALSE;

  handle_gone (self, number);
  return TRUE;
}

/* FALSE: the keeper has gone. */
static gboolean
receive_from_link (DagschedAgentExecutor *self)
{
  DagschedFrameReader payload;
  DagschedFrameType type;
  DagschedFrameStatus status;
  gsize length;
  ssize_t n_read;

  do
    n_read = recv (self->link.fd, dagsched_buffer_reserve (&self->link_in, 4096), 4096, MSG_DONTWAIT);
  while (n_read < 0 && errno == EINTR);
  if (n_read < 0 && errno == EAGAIN)
    return TRUE;
  if (n_read <= 0)
    return FALSE;

  dagsched_buffer_commit (&self->link_in, (gsize) n_read);
  while ((status = dagsched_frame_next (&self->link_in, &type, &payload, &length)) == DAGSCHED_FRAME_COMPLETE)
    {
      if (!handle_link_frame (self, type, &payload))
        return FALSE;
      dagsched_buffer_consume (&self->link_in, length);
    }

  return status == DAGSCHED_FRAME_PARTIAL;
}

/* The keeper has gone. Its slots see that too, kill what they hold and end: once the last has,
 * a new one takes over. */
static void
lose_link (DagschedAgentExecutor *self)
{
  g_autoptr (GPtrArray) ended = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer slot;

  epoll_ctl (self->epoll_fd, EPOLL_CTL_DEL, self->link.fd, NULL);
  dagsched_agent_link_clear (&self->link);

  g_hash_table_iter_init (&iter, self->slots);
  while (g_hash_table_iter_next (&iter, NULL, &slot))
    {
      if (((DagschedAgentSlot *) slot)->ended)
        g_ptr_array_add (ended, slot);
    }
  for (guint i = 0; i < ended->len; i++)
    bury_slot (self, ended->pdata[i]);
}

static void
restart (DagschedAgentExecutor *self)
{
  g_autoptr (GError) error = NULL;

  if (++self->n_restarts > MAX_RESTARTS)
    g_set_error (&error, DAGSCHED_ERROR, DAGSCHED_ERROR_EXECUTOR, "%s: ended %u times while it was needed",
                 self->program, self->n_restarts);
  if (error != NULL || !dagsched_agent_executor_open_link (self, &error))
    {
      give_up (self, g_steal_pointer (&error));
      return;
    }

  for (guint i = 0; i < self->n_lanes; i++)
    resume (self, &self->lanes[i]);
}

/* Everybody at the other ends sees that we have gone, and ends what it holds. */
static void
begin_closing (DagschedAgentExecutor *self)
{
  GHashTableIter iter;
  gpointer slot;

  self->closing = TRUE;
  epoll_ctl (self->epoll_fd, EPOLL_CTL_DEL, self->wake_fd, NULL);
  if (self->link.fd >= 0)
    shutdown (self->link.fd, SHUT_WR);
  g_hash_table_iter_init (&iter, self->slots);
  while (g_hash_table_iter_next (&iter, NULL, &slot))
    dagsched_agent_slot_shut (slot);
}

static void
handle_event (DagschedAgentExecutor *self, const struct epoll_event *event)
{
  if (event->data.ptr == &self->wake_fd)
    begin_closing (self);
  else if (event->data.ptr != &self->link)
    handle_slot (self, event->data.ptr, event->events);
  else if (self->link.fd >= 0 && !receive_from_link (self))
    lose_link (self);
}

gpointer
dagsched_agent_executor_serve_sockets (gpointer user_data)
{
  DagschedAgentExecutor *self = user_data;
  struct epoll_event events[MAX_EVENTS];

  self->engine_thread = dagsched_engine_attach (self->engine);
  while (!self->closing || self->link.fd >= 0 || g_hash_table_size (self->slots) > 0)
    {
      int n_events = epoll_wait (self->epoll_fd, events, MAX_EVENTS, -1);

      for (int i = 0; i < n_events; i++)
        handle_event (self, &events[i]);
      if (self->link.fd < 0 && g_hash_table_size (self->slots) == 0 && !self->closing && !self->broken)
        restart (self);
    }

  return NULL;
}
