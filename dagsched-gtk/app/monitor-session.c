/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "monitor-session.h"

#include <glib/gi18n.h>

#include "monitor-options.h"
#include "monitor-suite.h"

struct _MonitorSession
{
  GObject parent_instance;

  MonitorSessionKind kind;
  GFile *file;               /* (nullable) of LIVE */
  GSettings *settings;       /* likewise */
  GCancellable *cancellable; /* of what is being loaded */

  DagschedRun *run;
  DagschedHistory *history; /* (nullable) */
  gboolean fresh;           /* a scheduler that has not run yet */
  gboolean running;
  gboolean stopped;
  DagschedRunLogWriter *writer; /* (nullable) */
};

enum
{
  PROP_0,
  PROP_RUN,
  PROP_RUNNING,
  PROP_TITLE,
  PROP_SUBTITLE,
  N_PROPS
};

enum
{
  PROBLEM,
  ENDED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (MonitorSession, monitor_session, G_TYPE_OBJECT)

static void
tell_problem (MonitorSession *self, const char *message)
{
  g_signal_emit (self, signals[PROBLEM], 0, message);
}

static void
set_run (MonitorSession *self, DagschedRun *run)
{
  if (!g_set_object (&self->run, run))
    return;

  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_RUN]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TITLE]);
}

static void
set_running (MonitorSession *self, gboolean running)
{
  if (self->running == running)
    return;

  self->running = running;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_RUNNING]);
}

static char *
dup_title (MonitorSession *self)
{
  const char *name = dagsched_run_get_name (self->run);

  if (name != NULL)
    return g_strdup (name);

  return self->file != NULL ? g_file_get_basename (self->file) : g_strdup (_ ("Tests"));
}

static char *
dup_subtitle (MonitorSession *self)
{
  g_autofree char *path = self->file != NULL ? g_file_get_path (self->file) : NULL;
  const char *home = g_get_home_dir ();

  if (DAGSCHED_IS_OBSERVER (self->run))
    return g_strdup_printf (_ ("In process %d"), dagsched_observer_get_pid (DAGSCHED_OBSERVER (self->run)));
  if (self->file == NULL)
    return g_strdup ("");

  if (path != NULL && g_str_has_prefix (path, home) && path[strlen (home)] == G_DIR_SEPARATOR)
    return g_strconcat ("~", path + strlen (home), NULL);

  return path != NULL ? g_steal_pointer (&path) : g_file_get_parse_name (self->file);
}

/* Running. */

static void
close_writer (MonitorSession *self)
{
  g_autoptr (DagschedRunLogWriter) writer = g_steal_pointer (&self->writer);
  g_autoptr (GError) error = NULL;

  if (writer != NULL && !dagsched_run_log_writer_close (writer, &error))
    tell_problem (self, error->message);
}

static void
record_history (MonitorSession *self)
{
  g_autoptr (GError) error = NULL;

  if (self->history != NULL && !dagsched_history_record (self->history, self->run, &error))
    tell_problem (self, error->message);
}

static void
on_run_ended (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (MonitorSession) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!dagsched_scheduler_run_finish (DAGSCHED_SCHEDULER (source), result, &error) &&
      !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    tell_problem (self, error->message);
  close_writer (self);
  record_history (self);
  set_running (self, FALSE);
  g_signal_emit (self, signals[ENDED], 0);
}

/* A run that can't be logged is better than none. */
static void
attach_writer (MonitorSession *self, DagschedScheduler *scheduler)
{
  g_autoptr (GError) error = NULL;

  self->writer = dagsched_run_log_writer_new (NULL, &error);
  if (self->writer != NULL)
    dagsched_run_log_writer_attach (self->writer, scheduler);
  else
    tell_problem (self, error->message);
}

static void
run_prepared (MonitorSession *self)
{
  DagschedScheduler *scheduler = DAGSCHED_SCHEDULER (self->run);

  self->fresh = FALSE;
  if (self->stopped)
    {
      set_running (self, FALSE);
      return;
    }

  attach_writer (self, scheduler);
  dagsched_scheduler_run_async (scheduler, NULL, on_run_ended, g_object_ref (self));
}

static void
on_suite_loaded (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (MonitorSession) self = user_data;
  g_autoptr (DagschedHistory) history = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (DagschedScheduler) scheduler = monitor_suite_load_finish (result, &history, &error);

  if (scheduler == NULL)
    {
      set_running (self, FALSE);
      if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        tell_problem (self, error->message);
      return;
    }

  g_set_object (&self->history, history);
  set_run (self, DAGSCHED_RUN (scheduler));
  run_prepared (self);
}

void
monitor_session_start (MonitorSession *self, GPtrArray *names)
{
  g_autoptr (DagschedOptions) options = NULL;

  g_return_if_fail (MONITOR_IS_SESSION (self));
  g_return_if_fail (self->kind == MONITOR_SESSION_SUITE && !self->running);

  self->stopped = FALSE;
  set_running (self, TRUE);
  if (self->fresh && names == NULL)
    {
      run_prepared (self);
      return;
    }

  options = monitor_options_new (self->settings);
  if (names != NULL)
    {
      g_autoptr (DagschedSelection) selection = dagsched_selection_new ();

      for (guint i = 0; i < names->len; i++)
        dagsched_selection_add_name (selection, g_ptr_array_index (names, i));
      g_object_set (options, "selection", selection, NULL);
    }
  monitor_suite_load_async (self->file, options, self->cancellable, on_suite_loaded, g_object_ref (self));
}

void
monitor_session_stop (MonitorSession *self)
{
  g_return_if_fail (MONITOR_IS_SESSION (self));

  if (dagsched_run_can_cancel (self->run))
    dagsched_run_cancel (self->run, self->stopped);
  self->stopped = TRUE;
}

/* Opening. */

static MonitorSession *
session_new (MonitorSessionKind kind)
{
  MonitorSession *self = g_object_new (MONITOR_TYPE_SESSION, NULL);

  self->kind = kind;

  return self;
}

static void
on_opened_suite (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  MonitorSession *self = g_task_get_task_data (task);
  DagschedScheduler *scheduler;
  GError *error = NULL;

  scheduler = monitor_suite_load_finish (result, &self->history, &error);
  if (scheduler == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  self->run = DAGSCHED_RUN (scheduler);
  self->fresh = TRUE;
  g_task_return_pointer (task, g_object_ref (self), g_object_unref);
}

static void
open_log_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  MonitorSession *self = data;
  GError *error = NULL;
  DagschedRunLog *log = NULL;

  if (dagsched_run_log_is_run_log (self->file))
    {
      log = dagsched_run_log_load (self->file, &error);
      self->kind = MONITOR_SESSION_LOG;
    }

  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, log, g_object_unref);
}

static void
on_opened_log (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  MonitorSession *self = g_task_get_task_data (task);
  GError *error = NULL;
  DagschedRunLog *log = g_task_propagate_pointer (G_TASK (result), &error);

  if (error != NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  if (log == NULL)
    {
      g_autoptr (DagschedOptions) options = monitor_options_new (self->settings);

      monitor_suite_load_async (self->file, options, g_task_get_cancellable (task), on_opened_suite,
                                g_object_ref (task));
      return;
    }

  self->run = DAGSCHED_RUN (log);
  dagsched_run_log_replay (log);
  g_task_return_pointer (task, g_object_ref (self), g_object_unref);
}

void
monitor_session_open_async (GFile *file,
                            GSettings *settings,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);
  g_autoptr (MonitorSession) self = session_new (MONITOR_SESSION_SUITE);
  g_autoptr (GTask) loading = g_task_new (NULL, cancellable, on_opened_log, task);

  self->file = g_object_ref (file);
  self->settings = g_object_ref (settings);
  g_task_set_task_data (task, g_object_ref (self), g_object_unref);
  g_task_set_task_data (loading, g_object_ref (self), g_object_unref);
  g_task_run_in_thread (loading, open_log_in_thread);
}

static void
on_others_run_ended (MonitorSession *self)
{
  set_running (self, FALSE);
  g_signal_emit (self, signals[ENDED], 0);
}

MonitorSession *
monitor_session_new_live (DagschedRun *run)
{
  MonitorSession *self = session_new (MONITOR_SESSION_LIVE);

  self->run = g_object_ref (run);
  self->running = dagsched_run_get_verdict (run) == DAGSCHED_VERDICT_NONE;
  g_signal_connect_object (run, "finished", G_CALLBACK (on_others_run_ended), self, G_CONNECT_SWAPPED);

  return self;
}

static void
on_attached (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  g_autoptr (DagschedObserver) observer = dagsched_observer_connect_finish (result, &error);

  if (observer != NULL)
    g_task_return_pointer (task, monitor_session_new_live (DAGSCHED_RUN (observer)), g_object_unref);
  else
    g_task_return_error (task, error);
}

void
monitor_session_attach_async (const char *address,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);

  dagsched_observer_connect_async (address, cancellable, on_attached, task);
}

MonitorSession *
monitor_session_open_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

MonitorSessionKind
monitor_session_get_kind (MonitorSession *self)
{
  return self->kind;
}

GFile *
monitor_session_get_file (MonitorSession *self)
{
  return self->file;
}

DagschedRun *
monitor_session_get_run (MonitorSession *self)
{
  return self->run;
}

DagschedHistory *
monitor_session_get_history (MonitorSession *self)
{
  return self->history;
}

gboolean
monitor_session_get_running (MonitorSession *self)
{
  return self->running;
}

static void
monitor_session_dispose (GObject *object)
{
  MonitorSession *self = MONITOR_SESSION (object);

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->run);
  g_clear_object (&self->history);
  g_clear_object (&self->writer);
  g_clear_object (&self->file);
  g_clear_object (&self->settings);

  G_OBJECT_CLASS (monitor_session_parent_class)->dispose (object);
}

static void
monitor_session_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  MonitorSession *self = MONITOR_SESSION (object);

  switch (prop_id)
    {
    case PROP_RUN:
      g_value_set_object (value, self->run);
      break;
    case PROP_RUNNING:
      g_value_set_boolean (value, self->running);
      break;
    case PROP_TITLE:
      g_value_take_string (value, dup_title (self));
      break;
    case PROP_SUBTITLE:
      g_value_take_string (value, dup_subtitle (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
monitor_session_class_init (MonitorSessionClass *klass)
{
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = monitor_session_dispose;
  object_class->get_property = monitor_session_get_property;

  properties[PROP_RUN] = g_param_spec_object ("run", NULL, NULL, DAGSCHED_TYPE_RUN, flags);
  properties[PROP_RUNNING] = g_param_spec_boolean ("running", NULL, NULL, FALSE, flags);
  properties[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, NULL, flags);
  properties[PROP_SUBTITLE] = g_param_spec_string ("subtitle", NULL, NULL, NULL, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[PROBLEM] = g_signal_new ("problem", MONITOR_TYPE_SESSION, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[ENDED] =
    g_signal_new ("ended", MONITOR_TYPE_SESSION, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
monitor_session_init (MonitorSession *self)
{
  self->cancellable = g_cancellable_new ();
}
