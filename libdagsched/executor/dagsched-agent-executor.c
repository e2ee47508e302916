/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "executor/dagsched-agent-executor-private.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/dagsched-error.h"
#include "executor/dagsched-agent-job-private.h"
#include "executor/dagsched-agent-link-private.h"
#include "executor/dagsched-agent-slot-private.h"

#define DEFAULT_OUTPUT_LIMIT (16 * 1024 * 1024)
#define MAX_EVENTS 64
/* So often an agent is started again, and a slot that never finished anything opened again. */
#define MAX_RESTARTS 5
#define MAX_SLOT_LOSSES 20

/* A worker number: the slot process that serves it, and the attempt that it carries out. */
typedef struct
{
  GMutex lock;
  DagschedAgentSlot *slot; /* protected by lock; NULL while it is being replaced */
  DagschedAgentJob *job;   /* protected by lock: which; the job says who touches what of it */
  gboolean lost;           /* (I/O thread) the job went to the slot before this one */
} DagschedAgentLane;

struct _DagschedAgentExecutor
{
  GObject parent_instance;

  /* Read-only after open. */
  char *program;
  char *wanted_program;
  char **wrapper;
  char *artifacts;
  gboolean artifacts_are_temporary;
  guint64 output_limit;
  DagschedEngine *engine;
  const DagschedPlanView *view;
  DagschedAgentLane *lanes;
  guint n_lanes;
  int epoll_fd;
  int wake_fd; /* readable once close() was called */
  GThread *thread;

  /* I/O thread (the model thread, before that is started). */
  DagschedEngineThread *engine_thread;
  DagschedAgentLink link;
  DagschedBuffer link_in;
  GHashTable *slots; /* number → DagschedAgentSlot; owned */
  guint64 last_number;
  guint n_restarts;
  guint n_losses; /* since an attempt finished */
  gboolean closing;

  gint broken; /* (atomic) no agent is left: nothing can be carried out */

  /* lock is taken with no other held, or inside a lane's. */
  GMutex lock;
  GHashTable *fixture_slots;  /* protected by lock: test → DagschedAgentSlot; not owned */
  GHashTable *fixture_values; /* protected by lock: test → GStrv */
};

static void executor_iface_init (DagschedExecutorInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (DagschedAgentExecutor,
                               dagsched_agent_executor,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (DAGSCHED_TYPE_EXECUTOR, executor_iface_init))

static char *
describe_broken (void)
{
  return g_strdup ("the agent that runs processes was lost, and could not be started again");
}

/* Takes the job out of the lane, which is free then: the engine may start the next attempt on it as soon
 * as it hears of the end of this one. */
static DagschedAgentJob *
take_job (DagschedAgentLane *lane)
{
  DagschedAgentJob *job;

  g_mutex_lock (&lane->lock);
  job = g_steal_pointer (&lane->job);
  g_mutex_unlock (&lane->lock);

  return job;
}

/* I/O thread: a job that was sent stays until that thread takes it out. */
static DagschedAgentJob *
peek_job (DagschedAgentLane *lane)
{
  DagschedAgentJob *job;

  g_mutex_lock (&lane->lock);
  job = lane->job;
  g_mutex_unlock (&lane->lock);

  return job;
}

static void
complete (DagschedAgentExecutor *self, DagschedAgentJob *job, DagschedEngineThread *thread)
{
  dagsched_engine_complete (self->engine, thread, &job->ticket, &job->result);
  job->result = (DagschedResult) DAGSCHED_RESULT_INIT;
  dagsched_agent_job_free (job);
}

static void
complete_as (DagschedAgentExecutor *self,
             DagschedAgentJob *job,
             DagschedEngineThread *thread,
             DagschedOutcome outcome,
             char *reason)
{
  dagsched_result_clear (&job->result);
  job->result.outcome = outcome;
  job->result.reason = reason;
  complete (self, job, thread);
}

/* What the fixtures of a test handed on, the direct ones last. */
static GPtrArray *
collect_values (DagschedAgentExecutor *self, guint32 test)
{
  const DagschedPlanView *view = self->view;
  GPtrArray *values;

  if (view->first_fixture == NULL || view->first_fixture[test] == view->first_fixture[test + 1])
    return NULL;

  values = g_ptr_array_new_with_free_func (g_free);
  g_mutex_lock (&self->lock);
  for (guint32 i = view->first_fixture[test]; i < view->first_fixture[test + 1]; i++)
    {
      char **of_fixture =
        g_hash_table_lookup (self->fixture_values, GUINT_TO_POINTER (view->fixtures[i] + 1));

      for (; of_fixture != NULL && *of_fixture != NULL; of_fixture++)
        g_ptr_array_add (values, g_strdup (*of_fixture));
    }
  g_mutex_unlock (&self->lock);

  return values;
}

static gboolean
send_job (DagschedAgentExecutor *self, DagschedAgentSlot *slot, DagschedAgentJob *job)
{
  g_autoptr (GPtrArray) owned = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) values = collect_values (self, job->ticket.test);
  DagschedRunMessage message;
  gboolean fits;

  dagsched_agent_job_describe (job, (const char *const *) self->wrapper, values, &message, owned);
  fits = dagsched_agent_slot_run (slot, &message);
  dagsched_run_message_clear (&message);
  job->sent = TRUE;

  return fits;
}

/* Sends the lane's job to its slot, if there are both. */
static void
serve (DagschedAgentExecutor *self, DagschedAgentLane *lane, DagschedEngineThread *thread)
{
  DagschedAgentJob *refused = NULL;

  g_mutex_lock (&lane->lock);
  if (lane->job != NULL && !lane->job->sent && lane->slot != NULL &&
      (lane->job->stopped || !send_job (self, lane->slot, lane->job)))
    refused = g_steal_pointer (&lane->job);
  g_mutex_unlock (&lane->lock);

  if (refused == NULL)
    return;
  if (refused->stopped)
    complete_as (self, refused, thread, DAGSCHED_OUTCOME_CANCELLED, g_strdup ("stopped before it ran"));
  else
    complete_as (
      self, refused, thread, DAGSCHED_OUTCOME_ERRORED,
      g_strdup_printf ("its command line and environment take more than %u MiB", DAGSCHED_FRAME_MAX >> 20));
}

static void
dagsched_agent_executor_start (gpointer user_data, const DagschedTicket *ticket)
{
  DagschedAgentExecutor *self = user_data;
  DagschedAgentLane *lane = &self->lanes[ticket->lane];
  DagschedAgentJobParams params = { .output_limit = self->output_limit, .artifacts = self->artifacts };
  DagschedAgentJob *job = dagsched_agent_job_new (self->view, ticket, &params);
  gboolean broken;

  g_mutex_lock (&lane->lock);
  g_assert (lane->job == NULL);
  /* Under the lock: give_up() sets it, and then empties each lane. */
  broken = g_atomic_int_get (&self->broken);
  if (!broken)
    lane->job = job;
  g_mutex_unlock (&lane->lock);

  if (broken)
    complete_as (self, job, NULL, DAGSCHED_OUTCOME_ERRORED, describe_broken ());
  else
    serve (self, lane, NULL);
}

static void
dagsched_agent_executor_stop (gpointer user_data, const DagschedTicket *ticket, gboolean kill)
{
  DagschedAgentExecutor *self = user_data;
  DagschedAgentLane *lane = &self->lanes[ticket->lane];
  DagschedAgentJob *job;

  g_mutex_lock (&lane->lock);
  job = lane->job;
  if (job != NULL && job->ticket.test == ticket->test && job->ticket.generation == ticket->generation)
    {
      if (!job->sent)
        job->stopped = TRUE;
      else if (lane->slot != NULL)
        dagsched_agent_slot_stop (lane->slot, job->id, kill);
    }
  g_mutex_unlock (&lane->lock);
}

static void
dagsched_agent_executor_release (gpointer user_data, guint32 fixture)
{
  DagschedAgentExecutor *self = user_data;
  DagschedAgentSlot *slot;

  /* Freed by the I/O thread, and only after it took it out of the table. */
  g_mutex_lock (&self->lock);
  slot = g_hash_table_lookup (self->fixture_slots, GUINT_TO_POINTER (fixture + 1));
  if (slot != NULL)
    dagsched_agent_slot_shut (slot);
  g_mutex_unlock (&self->lock);
}

/* No agent can be had any more: all that was asked for, and all that will be, is ERRORED. */
static void
give_up (DagschedAgentExecutor *self, GError *error)
{
  g_atomic_int_set (&self->broken, TRUE);
  dagsched_engine_fail (self->engine, error);

  for (guint i = 0; i < self->n_lanes; i++)
    {
      DagschedAgentJob *job = take_job (&self->lanes[i]);

      if (job != NULL)
        complete_as (self, job, self->engine_thread, DAGSCHED_OUTCOME_ERRORED, describe_broken ());
    }
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
  g_hash_table_insert (self->slots, &slot->number, slot);
  g_mutex_lock (&lane->lock);
  lane->slot = slot;
  lane->lost = lane->job != NULL && lane->job->sent;
  g_mutex_unlock (&lane->lock);

  return TRUE;
}

static gboolean
open_link (DagschedAgentExecutor *self, GError **error)
{
  struct epoll_event event = { .events = EPOLLIN, .data.ptr = &self->link };

  if (!dagsched_agent_link_open (&self->link, self->program, self->artifacts, self->artifacts_are_temporary,
                                 error))
    return FALSE;

  dagsched_buffer_clear (&self->link_in);
  epoll_ctl (self->epoll_fd, EPOLL_CTL_ADD, self->link.fd, &event);
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
  DagschedAgentJob *job = lane->lost ? take_job (lane) : NULL;

  lane->lost = FALSE;
  if (job == NULL)
    {
      serve (self, lane, self->engine_thread);
      return;
    }

  job->result.lost = TRUE;
  complete_as (self, job, self->engine_thread, DAGSCHED_OUTCOME_ERRORED,
               g_strdup ("the agent that ran it was lost"));
}

static void
forget_fixture_slot (DagschedAgentExecutor *self, DagschedAgentSlot *slot)
{
  gpointer key = GUINT_TO_POINTER (slot->fixture + 1);

  g_mutex_lock (&self->lock);
  if (g_hash_table_lookup (self->fixture_slots, key) == slot)
    g_hash_table_remove (self->fixture_slots, key);
  g_mutex_unlock (&self->lock);
}

/* A slot that ended, and that nothing is left of. A lane whose attempt may run again gets a new one only
 * now: the old attempt must not be there any more beside the new. */
static void
bury_slot (DagschedAgentExecutor *self, DagschedAgentSlot *slot)
{
  guint number = slot->lane;
  gboolean served = slot->fixture == DAGSCHED_NO_TEST;
  g_autoptr (GError) error = NULL;

  if (!slot->ended || !(slot->gone || self->closing || self->link.fd < 0))
    return;

  if (!served)
    forget_fixture_slot (self, slot);
  g_hash_table_remove (self->slots, &slot->number);

  if (!served || self->closing || self->link.fd < 0)
    return;
  if (++self->n_losses > MAX_SLOT_LOSSES + self->n_lanes)
    g_set_error (
      &error, DAGSCHED_ERROR, DAGSCHED_ERROR_EXECUTOR,
      "processes of the agent end as soon as they are started (no memory, or a limit on processes?)");
  if (error != NULL || !open_slot (self, number, &error))
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
  g_mutex_unlock (&self->lock);
}

static void
keep_values (DagschedAgentExecutor *self, DagschedAgentJob *job)
{
  gpointer key = GUINT_TO_POINTER (job->ticket.test + 1);

  g_mutex_lock (&self->lock);
  if (job->values != NULL)
    g_hash_table_insert (self->fixture_values, key, g_steal_pointer (&job->values));
  else
    g_hash_table_remove (self->fixture_values, key);
  g_mutex_unlock (&self->lock);
}

static void
handle_finished (DagschedAgentExecutor *self, DagschedAgentSlot *slot, const DagschedFinishedMessage *message)
{
  DagschedAgentLane *lane = &self->lanes[slot->lane];
  DagschedAgentJob *job = peek_job (lane);
  g_autoptr (GError) error = NULL;
  gboolean passed;

  self->n_losses = 0;
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
      dedicate_slot (self, slot, job->ticket.test);
      open_slot (self, slot->lane, &error);
    }

  complete (self, take_job (lane), self->engine_thread);
  if (error != NULL)
    give_up (self, g_steal_pointer (&error));
}

/* FALSE: that is no slot of ours. */
static gboolean
handle_slot_frame (DagschedAgentExecutor *self,
                   DagschedAgentSlot *slot,
                   DagschedFrameType type,
                   DagschedFrameReader *payload)
{
  DagschedAgentJob *job = slot->fixture == DAGSCHED_NO_TEST ? peek_job (&self->lanes[slot->lane]) : NULL;
  DagschedOutputMessage output;
  DagschedFinishedMessage finished;
  guint64 id;

  if (job == NULL)
    return FALSE;

  if (type == DAGSCHED_FRAME_OUTPUT && dagsched_output_message_get (&output, payload) && output.id == job->id)
    {
      dagsched_agent_job_take_output (job, &output);
      dagsched_engine_output (self->engine, self->engine_thread, &job->ticket, output.stream == 1,
                              (const char *) output.data, output.length);
      return TRUE;
    }
  if (type == DAGSCHED_FRAME_FINISHED && dagsched_finished_message_get (&finished, payload) &&
      finished.id == job->id)
    {
      handle_finished (self, slot, &finished);
      return TRUE;
    }
  if (type == DAGSCHED_FRAME_RELEASED && dagsched_number_message_get (&id, payload) && id == job->id)
    {
      complete (self, take_job (&self->lanes[slot->lane]), self->engine_thread);
      return TRUE;
    }

  return FALSE;
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

  while ((status = dagsched_frame_next (&slot->in, &type, &payload, &length)) == DAGSCHED_FRAME_COMPLETE)
    {
      if (!handle_slot_frame (self, slot, type, &payload))
        {
          status = DAGSCHED_FRAME_BROKEN;
          break;
        }
      dagsched_buffer_consume (&slot->in, length);
    }

  /* It does not speak our language (any more): it ends, and its attempt is lost. */
  if (status == DAGSCHED_FRAME_BROKEN)
    shutdown (slot->fd, SHUT_RDWR);
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
  if (error != NULL || !open_link (self, &error))
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

static gpointer
serve_sockets (gpointer user_data)
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

static gboolean
make_artifacts (DagschedAgentExecutor *self, GError **error)
{
  if (self->artifacts == NULL)
    {
      self->artifacts_are_temporary = TRUE;
      self->artifacts = g_dir_make_tmp ("dagsched-artifacts-XXXXXX", error);
      return self->artifacts != NULL;
    }

  if (g_mkdir_with_parents (self->artifacts, 0777) == 0)
    return TRUE;

  g_set_error (error, DAGSCHED_ERROR, DAGSCHED_ERROR_EXECUTOR,
               "%s: can't make this directory for artifacts: %s", self->artifacts, g_strerror (errno));
  return FALSE;
}

static gboolean
make_event_fds (DagschedAgentExecutor *self, GError **error)
{
  struct epoll_event event = { .events = EPOLLIN, .data.ptr = &self->wake_fd };

  self->epoll_fd = epoll_create1 (EPOLL_CLOEXEC);
  self->wake_fd = eventfd (0, EFD_CLOEXEC);
  if (self->epoll_fd >= 0 && self->wake_fd >= 0 &&
      epoll_ctl (self->epoll_fd, EPOLL_CTL_ADD, self->wake_fd, &event) == 0)
    return TRUE;

  g_set_error (error, DAGSCHED_ERROR, DAGSCHED_ERROR_EXECUTOR,
               "can't make file descriptors to wait on: %s (see ulimit -n)", g_strerror (errno));
  return FALSE;
}

/* Undoes open(). Nothing runs any more. */
static void
clear (DagschedAgentExecutor *self)
{
  for (guint i = 0; i < self->n_lanes; i++)
    g_mutex_clear (&self->lanes[i].lock);
  g_clear_pointer (&self->lanes, g_free);
  self->n_lanes = 0;
  g_hash_table_remove_all (self->slots);
  g_hash_table_remove_all (self->fixture_slots);
  g_hash_table_remove_all (self->fixture_values);
  dagsched_agent_link_clear (&self->link);
  dagsched_buffer_clear (&self->link_in);
  if (self->epoll_fd >= 0)
    close (self->epoll_fd);
  if (self->wake_fd >= 0)
    close (self->wake_fd);
  self->epoll_fd = self->wake_fd = -1;

  /* One that holds artifacts stays: results name it. */
  if (self->artifacts_are_temporary && self->artifacts != NULL)
    {
      g_rmdir (self->artifacts);
      g_clear_pointer (&self->artifacts, g_free);
    }
}

static gboolean
dagsched_agent_executor_open (gpointer user_data, DagschedEngine *engine, guint n_lanes, GError **error)
{
  DagschedAgentExecutor *self = user_data;

  self->engine = engine;
  self->view = dagsched_engine_get_view (engine);
  self->closing = FALSE;
  self->broken = FALSE;
  self->n_restarts = self->n_losses = 0;
  g_free (self->program);
  self->program = dagsched_agent_link_find_program (self->wanted_program);

  self->n_lanes = n_lanes;
  self->lanes = g_new0 (DagschedAgentLane, n_lanes);
  for (guint i = 0; i < n_lanes; i++)
    g_mutex_init (&self->lanes[i].lock);

  if (!make_event_fds (self, error) || !make_artifacts (self, error) || !open_link (self, error))
    {
      clear (self);
      return FALSE;
    }

  self->thread = g_thread_new ("dagsched-agent", serve_sockets, self);
  return TRUE;
}

static void
dagsched_agent_executor_close (gpointer user_data)
{
  DagschedAgentExecutor *self = user_data;

  if (self->thread == NULL)
    return;

  eventfd_write (self->wake_fd, 1);
  g_clear_pointer (&self->thread, g_thread_join);
  clear (self);
}

static void
dagsched_agent_executor_finalize (GObject *object)
{
  DagschedAgentExecutor *self = DAGSCHED_AGENT_EXECUTOR (object);

  dagsched_agent_executor_close (self);
  g_clear_pointer (&self->slots, g_hash_table_unref);
  g_clear_pointer (&self->fixture_slots, g_hash_table_unref);
  g_clear_pointer (&self->fixture_values, g_hash_table_unref);
  g_clear_pointer (&self->program, g_free);
  g_clear_pointer (&self->wanted_program, g_free);
  g_clear_pointer (&self->wrapper, g_strfreev);
  g_clear_pointer (&self->artifacts, g_free);
  g_mutex_clear (&self->lock);

  G_OBJECT_CLASS (dagsched_agent_executor_parent_class)->finalize (object);
}

static void
dagsched_agent_executor_class_init (DagschedAgentExecutorClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = dagsched_agent_executor_finalize;
}

static void
dagsched_agent_executor_init (DagschedAgentExecutor *self)
{
  self->epoll_fd = self->wake_fd = -1;
  self->link = (DagschedAgentLink) DAGSCHED_AGENT_LINK_INIT;
  self->slots =
    g_hash_table_new_full (g_int64_hash, g_int64_equal, NULL, (GDestroyNotify) dagsched_agent_slot_free);
  self->fixture_slots = g_hash_table_new (NULL, NULL);
  self->fixture_values = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) g_strfreev);
  g_mutex_init (&self->lock);
}

static void
executor_iface_init (DagschedExecutorInterface *iface)
{
  iface->funcs = (DagschedExecutorFuncs){
    .open = dagsched_agent_executor_open,
    .start = dagsched_agent_executor_start,
    .stop = dagsched_agent_executor_stop,
    .release = dagsched_agent_executor_release,
    .close = dagsched_agent_executor_close,
  };
}

DagschedExecutor *
dagsched_agent_executor_new (const DagschedAgentParams *params)
{
  DagschedAgentExecutor *self = g_object_new (DAGSCHED_TYPE_AGENT_EXECUTOR, NULL);

  self->wanted_program = g_strdup (params->agent_path);
  self->wrapper = g_strdupv ((char **) params->wrapper);
  /* Tests get the path, and run elsewhere. */
  if (params->artifacts_root != NULL)
    self->artifacts = g_canonicalize_filename (params->artifacts_root, NULL);
  self->output_limit = params->output_limit > 0 ? params->output_limit : DEFAULT_OUTPUT_LIMIT;

  return DAGSCHED_EXECUTOR (self);
}
