/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "executor/dagsched-agent-executor-types-private.h"

#define MIN_SHARE 1024 /* bytes: how it ended is in there */

char *
dagsched_agent_executor_describe_broken (void)
{
  return g_strdup ("the agent that runs processes was lost, and could not be started again");
}

/* Takes the job out of the lane, which is free then: the engine may start the next attempt on it as soon
 * as it hears of the end of this one. */
DagschedAgentJob *
dagsched_agent_lane_take_job (DagschedAgentLane *lane)
{
  DagschedAgentJob *job;

  g_mutex_lock (&lane->lock);
  job = g_steal_pointer (&lane->job);
  g_mutex_unlock (&lane->lock);

  return job;
}

/* I/O thread: a job that was sent stays until that thread takes it out. */
DagschedAgentJob *
dagsched_agent_lane_peek_job (DagschedAgentLane *lane)
{
  DagschedAgentJob *job;

  g_mutex_lock (&lane->lock);
  job = lane->job;
  g_mutex_unlock (&lane->lock);

  return job;
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
  g_autoptr (GPtrArray) values = collect_values (self, job->ticket->test);
  DagschedRunMessage message;
  gboolean fits;

  dagsched_agent_job_describe (job, (const char *const *) self->wrapper, values, &message, owned);
  fits = dagsched_agent_slot_run (slot, &message);
  dagsched_run_message_clear (&message);
  job->sent = TRUE;

  return fits;
}

/* Sends the lane's job to its slot, if there are both. In a pause none is sent: its end has each lane served. */
void
dagsched_agent_executor_serve (DagschedAgentExecutor *self,
                               DagschedAgentLane *lane,
                               DagschedEngineThread *thread)
{
  DagschedAgentJob *refused = NULL;

  g_mutex_lock (&lane->lock);
  if (lane->job != NULL && !lane->job->sent && lane->slot != NULL && !lane->slot->paused &&
      !dagsched_engine_is_paused (self->engine) &&
      (lane->job->stopped || !send_job (self, lane->slot, lane->job)))
    refused = g_steal_pointer (&lane->job);
  g_mutex_unlock (&lane->lock);

  if (refused == NULL)
    return;
  if (refused->stopped)
    dagsched_agent_job_complete_as (refused, thread, DAGSCHED_OUTCOME_CANCELLED,
                                    g_strdup ("stopped before it ran"));
  else
    dagsched_agent_job_complete_as (
      refused, thread, DAGSCHED_OUTCOME_ERRORED,
      g_strdup_printf ("its command line and environment take more than %u MiB", DAGSCHED_FRAME_MAX >> 20));
}

/* What each stream of an attempt may have, so that all lanes together keep to what is left. */
static guint64
share_of_output (DagschedAgentExecutor *self)
{
  guint64 n_kept;

  if (self->run_output_limit == 0)
    return G_MAXUINT64;

  g_mutex_lock (&self->lock);
  n_kept = MIN (self->n_kept, self->run_output_limit);
  g_mutex_unlock (&self->lock);
  return MAX ((self->run_output_limit - n_kept) / (2 * self->n_lanes), MIN_SHARE);
}

void
dagsched_agent_executor_start (gpointer user_data, DagschedAttemptHandle *attempt)
{
  DagschedAgentExecutor *self = user_data;
  DagschedAgentLane *lane = &self->lanes[dagsched_attempt_handle_get_ticket (attempt)->lane];
  DagschedAgentJobParams params = { .stack_traces = self->stack_traces,
                                    .output_limit = self->output_limit,
                                    .output_share = share_of_output (self),
                                    .limits = self->limits,
                                    .artifacts = self->artifacts };
  DagschedAgentJob *job = dagsched_agent_job_new (self->view, attempt, &params);
  gboolean broken;

  g_mutex_lock (&lane->lock);
  g_assert (lane->job == NULL);
  /* Under the lock: give_up() sets it, and then empties each lane. */
  broken = g_atomic_int_get (&self->broken);
  if (!broken)
    lane->job = job;
  g_mutex_unlock (&lane->lock);

  if (broken)
    dagsched_agent_job_complete_as (job, NULL, DAGSCHED_OUTCOME_ERRORED,
                                    dagsched_agent_executor_describe_broken ());
  else
    dagsched_agent_executor_serve (self, lane, NULL);
}

void
dagsched_agent_executor_stop (gpointer user_data, const DagschedTicket *ticket, gboolean kill)
{
  DagschedAgentExecutor *self = user_data;
  DagschedAgentLane *lane = &self->lanes[ticket->lane];
  DagschedAgentJob *job;

  g_mutex_lock (&lane->lock);
  job = lane->job;
  if (job != NULL && job->ticket->test == ticket->test && job->ticket->generation == ticket->generation)
    {
      if (!job->sent)
        job->stopped = TRUE;
      else if (lane->slot != NULL)
        dagsched_agent_slot_stop (lane->slot, job->id, kill);
    }
  g_mutex_unlock (&lane->lock);
}

/* Whoever comes last finds, under each lock, how it is then. */
void
dagsched_agent_executor_apply_pause (gpointer user_data)
{
  DagschedAgentExecutor *self = user_data;
  GHashTableIter iter;
  gpointer slot;

  for (guint i = 0; i < self->n_lanes; i++)
    {
      DagschedAgentLane *lane = &self->lanes[i];

      g_mutex_lock (&lane->lock);
      if (lane->slot != NULL)
        dagsched_agent_slot_set_paused (lane->slot, dagsched_engine_is_paused (self->engine));
      g_mutex_unlock (&lane->lock);
      dagsched_agent_executor_serve (self, lane, NULL);
    }

  /* After the lanes: that is the way that slots go. */
  g_mutex_lock (&self->lock);
  g_hash_table_iter_init (&iter, self->fixture_slots);
  while (g_hash_table_iter_next (&iter, NULL, &slot))
    dagsched_agent_slot_set_paused (slot, dagsched_engine_is_paused (self->engine));
  g_mutex_unlock (&self->lock);
}

gboolean
dagsched_agent_executor_peek (gpointer user_data, guint32 test, DagschedOutputs *outputs)
{
  DagschedAgentExecutor *self = user_data;
  gboolean found = FALSE;

  for (guint i = 0; !found && i < self->n_lanes; i++)
    {
      DagschedAgentLane *lane = &self->lanes[i];

      g_mutex_lock (&lane->lock);
      found = lane->job != NULL && lane->job->ticket->test == test;
      if (found)
        dagsched_agent_job_peek_outputs (lane->job, outputs);
      g_mutex_unlock (&lane->lock);
    }

  return found;
}

void
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

  if (slot == NULL)
    dagsched_engine_released (self->engine, NULL, fixture);
}
