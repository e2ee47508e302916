/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "executor/dagsched-agent-executor-types-private.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/dagsched-error.h"

#define DEFAULT_OUTPUT_LIMIT (16 * 1024 * 1024)

static void executor_iface_init (DagschedExecutorInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (DagschedAgentExecutor,
                               dagsched_agent_executor,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (DAGSCHED_TYPE_EXECUTOR, executor_iface_init))

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

/* Undoes open(). Nothing runs any more: what was not completed never will be. */
static void
clear (DagschedAgentExecutor *self)
{
  for (guint i = 0; i < self->n_lanes; i++)
    {
      g_clear_pointer (&self->lanes[i].job, dagsched_agent_job_free);
      g_mutex_clear (&self->lanes[i].lock);
    }
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

  if (!make_event_fds (self, error) || !make_artifacts (self, error) ||
      !dagsched_agent_executor_open_link (self, error))
    {
      clear (self);
      return FALSE;
    }

  self->thread = g_thread_try_new ("dagsched-agent", dagsched_agent_executor_serve_sockets, self, error);
  if (self->thread != NULL)
    return TRUE;

  g_prefix_error (error, "can't start a thread that talks to the agent (see ulimit -u): ");
  clear (self);
  return FALSE;
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
    .apply_pause = dagsched_agent_executor_apply_pause,
    .peek = dagsched_agent_executor_peek,
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
  self->stack_traces = params->stack_traces;
  self->output_limit = params->output_limit > 0 ? params->output_limit : DEFAULT_OUTPUT_LIMIT;
  self->run_output_limit = params->run_output_limit;

  if (params->limits != NULL)
    memcpy (self->limits, params->limits, sizeof self->limits);

  return DAGSCHED_EXECUTOR (self);
}
