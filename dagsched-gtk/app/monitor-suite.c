/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "monitor-suite.h"

#include <glib/gi18n.h>

typedef struct
{
  GFile *file;
  DagschedOptions *options;
  DagschedHistory *history; /* (nullable) */
} Load;

static void
load_free (gpointer data)
{
  Load *load = data;

  g_object_unref (load->file);
  g_object_unref (load->options);
  g_clear_object (&load->history);
  g_free (load);
}

/* A window has no room for a thousand problems. */
#define MAX_PROBLEMS 12

static gboolean
check_problems (DagschedGraph *graph, GError **error)
{
  g_auto (GStrv) problems = dagsched_graph_list_problems (graph);
  guint n_problems = problems != NULL ? g_strv_length (problems) : 0;
  g_autofree char *text = NULL;

  if (n_problems == 0)
    return TRUE;

  if (n_problems > MAX_PROBLEMS)
    {
      guint n_more = n_problems - (MAX_PROBLEMS - 1);

      for (guint i = MAX_PROBLEMS - 1; i < n_problems; i++)
        g_clear_pointer (&problems[i], g_free);
      problems[MAX_PROBLEMS - 1] = g_strdup_printf (
        ngettext ("There is %u problem more.", "There are %u problems more.", n_more), n_more);
    }
  text = g_strjoinv ("\n", problems);
  g_set_error_literal (error, DAGSCHED_ERROR, DAGSCHED_ERROR_FAILED, text);

  return FALSE;
}

static DagschedGraph *
load_graph (GFile *file, GError **error)
{
  g_autofree char *path = g_file_get_path (file);
  g_autoptr (DagschedGraph) graph = dagsched_graph_new (NULL);
  g_autoptr (DagschedSource) source = NULL;

  if (path == NULL)
    {
      g_autofree char *name = g_file_get_parse_name (file);

      g_set_error (error, DAGSCHED_ERROR, DAGSCHED_ERROR_NOT_FOUND,
                   _ ("%s is not on this machine: copy it here first"), name);
      return NULL;
    }

  source = dagsched_source_new_for_path (path, NULL, error);
  if (source == NULL || !dagsched_source_load (source, graph, error) || !check_problems (graph, error))
    return NULL;

  return g_steal_pointer (&graph);
}

static void
apply_history (Load *load, DagschedGraph *graph)
{
  g_autoptr (GError) error = NULL;

  load->history = dagsched_history_open (NULL, &error);
  if (load->history == NULL || !dagsched_history_apply (load->history, graph, &error))
    g_message ("the history of earlier runs is not used: %s", error->message);
}

static void
load_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Load *load = data;
  GError *error = NULL;
  g_autoptr (DagschedGraph) graph = load_graph (load->file, &error);
  g_autoptr (DagschedScheduler) scheduler = NULL;

  if (graph != NULL)
    {
      apply_history (load, graph);
      scheduler = dagsched_scheduler_new (graph, load->options);
      if (!dagsched_scheduler_prepare (scheduler, &error))
        g_clear_object (&scheduler);
    }

  if (scheduler != NULL)
    g_task_return_pointer (task, g_steal_pointer (&scheduler), g_object_unref);
  else
    g_task_return_error (task, error);
}

void
monitor_suite_load_async (GFile *file,
                          DagschedOptions *options,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Load *load = g_new0 (Load, 1);

  load->file = g_object_ref (file);
  load->options = g_object_ref (options);
  g_task_set_task_data (task, load, load_free);
  g_task_run_in_thread (task, load_in_thread);
}

DagschedScheduler *
monitor_suite_load_finish (GAsyncResult *result, DagschedHistory **history, GError **error)
{
  Load *load = g_task_get_task_data (G_TASK (result));
  DagschedScheduler *scheduler = g_task_propagate_pointer (G_TASK (result), error);

  if (scheduler != NULL)
    *history = g_steal_pointer (&load->history);

  return scheduler;
}
