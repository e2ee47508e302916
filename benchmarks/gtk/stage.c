/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "stage.h"

#include "monitor-application.h"
#include "monitor-options.h"
#include "monitor-session.h"
#include "monitor-window.h"

struct _Stage
{
  GtkWidget *window;
  GtkWidget *view;                 /* not owned */
  MonitorApplication *application; /* (nullable) */
  GSettings *settings;             /* (nullable) */
};

static const struct
{
  const char *name;
  GType (*get_type) (void);
} views[] = {
  { "graph", dagsched_gtk_graph_view_get_type },
  { "workers", dagsched_gtk_timeline_view_get_type },
  { "tests", dagsched_gtk_test_list_get_type },
  { "summary", dagsched_gtk_run_summary_get_type },
};

static gboolean
find_type (const char *name, GType *type)
{
  for (guint i = 0; i < G_N_ELEMENTS (views); i++)
    {
      if (g_str_equal (name, views[i].name))
        {
          *type = views[i].get_type ();
          return TRUE;
        }
    }

  return FALSE;
}

static GtkWidget *
find_descendant (GtkWidget *widget, GType type)
{
  GtkWidget *found = g_type_is_a (G_OBJECT_TYPE (widget), type) ? widget : NULL;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child))
    found = find_descendant (child, type);

  return found;
}

static void
create_application (Stage *self, const char *view)
{
  self->application = monitor_application_new ();
  g_application_set_flags (G_APPLICATION (self->application), G_APPLICATION_NON_UNIQUE);
  g_application_register (G_APPLICATION (self->application), NULL, NULL);
  self->settings = g_settings_new (MONITOR_APPLICATION_ID);
  if (!g_str_equal (view, "summary"))
    g_settings_set_string (self->settings, "view", view);
  self->window = GTK_WIDGET (monitor_window_new (GTK_APPLICATION (self->application), self->settings));
}

static void
create_bare (Stage *self, GType type)
{
  dagsched_gtk_init ();
  self->window = gtk_window_new ();
  gtk_window_set_child (GTK_WINDOW (self->window), g_object_new (type, NULL));
}

Stage *
stage_new (const char *view, gboolean application, int width, int height)
{
  Stage *self;
  GType type;

  if (!find_type (view, &type))
    return NULL;

  self = g_new0 (Stage, 1);
  if (application)
    create_application (self, view);
  else
    create_bare (self, type);
  self->view = find_descendant (self->window, type);
  gtk_window_set_default_size (GTK_WINDOW (self->window), width, height);
  gtk_window_set_decorated (GTK_WINDOW (self->window), FALSE);
  gtk_window_present (GTK_WINDOW (self->window));
  stage_wait_until_painted (self);

  return self;
}

void
stage_free (Stage *self)
{
  gtk_window_destroy (GTK_WINDOW (self->window));
  g_clear_object (&self->settings);
  g_clear_object (&self->application);
  g_free (self);
}

GtkWidget *
stage_get_window (Stage *self)
{
  return self->window;
}

GtkWidget *
stage_get_view (Stage *self)
{
  return self->view;
}

void
stage_show (Stage *self, DagschedRun *run)
{
  if (self->application != NULL && run != NULL)
    {
      g_autoptr (MonitorSession) session = monitor_session_new_live (run);

      monitor_window_show_session (MONITOR_WINDOW (self->window), session);
    }
  else if (self->application != NULL)
    {
      gtk_widget_activate_action (self->window, "win.close-session", NULL);
    }
  else
    {
      g_object_set (self->view, "run", run, NULL);
    }
}

static void
on_loaded (GObject *source, GAsyncResult *result, gpointer loaded)
{
  g_autoptr (GError) error = NULL;

  *(DagschedRunLog **) loaded = dagsched_run_log_load_finish (result, &error);
  if (error != NULL)
    g_error ("%s", error->message);
}

static gboolean
has_run (Stage *self)
{
  g_autoptr (DagschedRun) run = NULL;

  g_object_get (self->view, "run", &run, NULL);

  return run != NULL;
}

void
stage_open_log (Stage *self, const char *path)
{
  g_autoptr (GFile) file = g_file_new_for_commandline_arg (path);
  g_autoptr (DagschedRunLog) log = NULL;

  if (self->application != NULL)
    {
      monitor_window_open (MONITOR_WINDOW (self->window), file);
      while (!has_run (self))
        g_main_context_iteration (NULL, TRUE);
      return;
    }

  dagsched_run_log_load_async (file, NULL, on_loaded, &log);
  while (log == NULL)
    g_main_context_iteration (NULL, TRUE);
  stage_show (self, DAGSCHED_RUN (log));
  dagsched_run_log_replay (log);
}

static void
on_painted (GdkFrameClock *clock, gboolean *painted)
{
  *painted = TRUE;
}

void
stage_wait_until_painted (Stage *self)
{
  GdkFrameClock *clock = gtk_widget_get_frame_clock (self->window);
  gboolean painted = FALSE;

  g_signal_connect (clock, "after-paint", G_CALLBACK (on_painted), &painted);
  gtk_widget_queue_draw (self->window);
  while (!painted)
    g_main_context_iteration (NULL, TRUE);
  g_signal_handlers_disconnect_by_data (clock, &painted);
}
