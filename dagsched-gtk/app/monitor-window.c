/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "monitor-window.h"

#include <glib/gi18n.h>

#include "monitor-recent.h"
#include "monitor-run-page.h"
#include "monitor-start-page.h"

struct _MonitorWindow
{
  AdwApplicationWindow parent_instance;

  AdwToastOverlay *toasts;
  GtkStack *stack;
  MonitorRunPage *run_page;
  AdwStatusPage *loading;
  AdwStatusPage *problem;
  GtkLabel *problem_text;

  GSettings *settings;
  MonitorSession *session;   /* (nullable) */
  GFile *file;               /* (nullable) what is open, or was to be opened */
  char *address;             /* (nullable) likewise, of a run in another process */
  GCancellable *cancellable; /* (nullable) of what is being opened */
  GtkFileChooserNative *chooser;
  gboolean closing; /* once the run has ended */
};

G_DEFINE_FINAL_TYPE (MonitorWindow, monitor_window, ADW_TYPE_APPLICATION_WINDOW)

static void
show (MonitorWindow *self, const char *page)
{
  gtk_stack_set_visible_child_name (self->stack, page);
}

static void
show_toast (MonitorWindow *self, const char *text)
{
  g_autofree char *title = g_markup_escape_text (text, -1);

  adw_toast_overlay_add_toast (self->toasts, adw_toast_new (title));
}

/* What a run did without is more than a line may have: the toast has the first. */
static void
on_session_problem (MonitorWindow *self, const char *message)
{
  show_toast (self, message);
}

static void
notify_ended (MonitorWindow *self)
{
  g_autoptr (GNotification) notification = NULL;
  g_autofree char *title = NULL;
  g_autofree char *body = NULL;

  if (gtk_window_is_active (GTK_WINDOW (self)) ||
      !g_settings_get_boolean (self->settings, "notify-when-finished"))
    return;

  g_object_get (self->session, "title", &title, NULL);
  body = monitor_run_page_dup_verdict (self->run_page);
  notification = g_notification_new (title);
  g_notification_set_body (notification, body);
  g_notification_set_default_action_and_target (
    notification, "app.show-window", "u", gtk_application_window_get_id (GTK_APPLICATION_WINDOW (self)));
  g_application_send_notification (G_APPLICATION (gtk_window_get_application (GTK_WINDOW (self))), NULL,
                                   notification);
}

static void
on_session_ended (MonitorWindow *self)
{
  if (self->closing)
    gtk_window_destroy (GTK_WINDOW (self));
  else
    notify_ended (self);
}

static void
set_session (MonitorWindow *self, MonitorSession *session)
{
  if (self->session != NULL)
    g_signal_handlers_disconnect_by_data (self->session, self);
  g_set_object (&self->session, session);
  monitor_run_page_set_session (self->run_page, session);
  if (session == NULL)
    {
      gtk_window_set_title (GTK_WINDOW (self), _ ("Test Monitor"));
      return;
    }

  g_object_bind_property (session, "title", self, "title", G_BINDING_SYNC_CREATE);
  g_signal_connect_object (session, "problem", G_CALLBACK (on_session_problem), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "ended", G_CALLBACK (on_session_ended), self, G_CONNECT_SWAPPED);
}

static void
show_problem (MonitorWindow *self, const GError *error)
{
  g_autofree char *name = self->file != NULL ? g_file_get_basename (self->file) : g_strdup (self->address);
  g_autofree char *title = g_strdup_printf (_ ("“%s” Could Not Be Opened"), name);
  g_autofree char *markup = g_markup_escape_text (title, -1);

  adw_status_page_set_title (self->problem, markup);
  gtk_label_set_label (self->problem_text, error->message);
  show (self, "problem");
}

void
monitor_window_show_session (MonitorWindow *self, MonitorSession *session)
{
  g_return_if_fail (MONITOR_IS_WINDOW (self));
  g_return_if_fail (MONITOR_IS_SESSION (session));

  set_session (self, session);
  show (self, "run");
}

static void
on_opened (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (MonitorWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (MonitorSession) session = monitor_session_open_finish (result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  g_clear_object (&self->cancellable);
  if (session == NULL)
    {
      show_problem (self, error);
      return;
    }

  if (self->file != NULL)
    monitor_recent_add (self->file, monitor_session_get_kind (session) == MONITOR_SESSION_LOG);
  monitor_window_show_session (self, session);
}

static void
cancel_opening (MonitorWindow *self)
{
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
}

static void
show_loading (MonitorWindow *self, GFile *file, const char *address, const char *description)
{
  g_autofree char *markup = g_markup_escape_text (description, -1);
  char *copy = g_strdup (address);

  cancel_opening (self);
  set_session (self, NULL);
  g_set_object (&self->file, file);
  g_free (self->address);
  self->address = copy;
  adw_status_page_set_description (self->loading, markup);
  show (self, "loading");
  self->cancellable = g_cancellable_new ();
}

void
monitor_window_attach (MonitorWindow *self, const char *address)
{
  g_return_if_fail (MONITOR_IS_WINDOW (self));
  g_return_if_fail (address != NULL);

  show_loading (self, NULL, address, address);
  monitor_session_attach_async (address, self->cancellable, on_opened, g_object_ref (self));
}

void
monitor_window_open (MonitorWindow *self, GFile *file)
{
  g_autofree char *name = NULL;

  g_return_if_fail (MONITOR_IS_WINDOW (self));
  g_return_if_fail (G_IS_FILE (file));

  name = g_file_get_parse_name (file);
  show_loading (self, file, NULL, name);
  monitor_session_open_async (file, self->settings, self->cancellable, on_opened, g_object_ref (self));
}

gboolean
monitor_window_is_free (MonitorWindow *self)
{
  g_return_val_if_fail (MONITOR_IS_WINDOW (self), FALSE);

  return self->session == NULL && self->cancellable == NULL;
}

/* Actions. */

static void
on_file_chosen (MonitorWindow *self, int response)
{
  g_autoptr (GtkFileChooserNative) chooser = g_steal_pointer (&self->chooser);
  g_autoptr (GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser));

  if (response == GTK_RESPONSE_ACCEPT && file != NULL)
    monitor_window_open (self, file);
}

static void
add_filters (GtkFileChooser *chooser)
{
  g_autoptr (GtkFileFilter) known = gtk_file_filter_new ();
  g_autoptr (GtkFileFilter) all = gtk_file_filter_new ();

  gtk_file_filter_set_name (known, _ ("Suites and logs"));
  gtk_file_filter_add_suffix (known, "json");
  gtk_file_filter_add_suffix (known, "jsonl");
  gtk_file_filter_set_name (all, _ ("All files"));
  gtk_file_filter_add_pattern (all, "*");
  gtk_file_chooser_add_filter (chooser, known);
  gtk_file_chooser_add_filter (chooser, all);
}

static void
choose (MonitorWindow *self, const char *title, GtkFileChooserAction action)
{
  g_clear_object (&self->chooser);
  self->chooser = gtk_file_chooser_native_new (title, GTK_WINDOW (self), action, NULL, NULL);
  if (action == GTK_FILE_CHOOSER_ACTION_OPEN)
    add_filters (GTK_FILE_CHOOSER (self->chooser));
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->chooser), TRUE);
  g_signal_connect_object (self->chooser, "response", G_CALLBACK (on_file_chosen), self, G_CONNECT_SWAPPED);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

static void
action_open (GtkWidget *widget, const char *name, GVariant *parameter)
{
  choose (MONITOR_WINDOW (widget), _ ("Open a Suite or the Log of a Run"), GTK_FILE_CHOOSER_ACTION_OPEN);
}

static void
action_open_directory (GtkWidget *widget, const char *name, GVariant *parameter)
{
  choose (MONITOR_WINDOW (widget), _ ("Open a Build Directory"), GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER);
}

static gboolean
is_running (MonitorWindow *self)
{
  return self->session != NULL && monitor_session_get_kind (self->session) == MONITOR_SESSION_SUITE &&
         monitor_session_get_running (self->session);
}

static void
action_reload (GtkWidget *widget, const char *name, GVariant *parameter)
{
  MonitorWindow *self = MONITOR_WINDOW (widget);
  g_autoptr (GFile) file = self->file != NULL ? g_object_ref (self->file) : NULL;
  g_autofree char *address = g_strdup (self->address);

  if (is_running (self))
    show_toast (self, _ ("The run goes on: stop it first"));
  else if (file != NULL)
    monitor_window_open (self, file);
  else if (address != NULL)
    monitor_window_attach (self, address);
}

static void
close_session (MonitorWindow *self)
{
  cancel_opening (self);
  set_session (self, NULL);
  g_clear_object (&self->file);
  g_clear_pointer (&self->address, g_free);
  show (self, "start");
}

static void
on_stop_response (MonitorWindow *self, const char *response, AdwMessageDialog *dialog)
{
  if (!g_str_equal (response, "stop"))
    return;

  if (!is_running (self))
    {
      gtk_window_destroy (GTK_WINDOW (self));
      return;
    }

  self->closing = TRUE;
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
  monitor_session_stop (self->session);
}

static void
ask_whether_to_stop (MonitorWindow *self)
{
  GtkWidget *dialog = adw_message_dialog_new (
    GTK_WINDOW (self), _ ("Stop the Run?"), _ ("Tests that run are ended. What has finished is in the log."));

  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _ ("_Cancel"), "stop",
                                    _ ("_Stop and Close"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "stop", ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  g_signal_connect_object (dialog, "response", G_CALLBACK (on_stop_response), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
action_close_session (GtkWidget *widget, const char *name, GVariant *parameter)
{
  MonitorWindow *self = MONITOR_WINDOW (widget);

  if (is_running (self))
    show_toast (self, _ ("The run goes on: stop it first"));
  else
    close_session (self);
}

static gboolean
monitor_window_close_request (GtkWindow *window)
{
  MonitorWindow *self = MONITOR_WINDOW (window);

  if (!gtk_window_is_maximized (window))
    g_settings_set (self->settings, "window-size", "(ii)", gtk_widget_get_width (GTK_WIDGET (self)),
                    gtk_widget_get_height (GTK_WIDGET (self)));
  g_settings_set_boolean (self->settings, "window-maximized", gtk_window_is_maximized (window));
  if (is_running (self))
    {
      ask_whether_to_stop (self);
      return TRUE;
    }

  return GTK_WINDOW_CLASS (monitor_window_parent_class)->close_request (window);
}

static gboolean
on_drop (MonitorWindow *self, const GValue *value)
{
  GSList *files = g_value_get_boxed (value);

  if (files == NULL || is_running (self))
    return FALSE;

  monitor_window_open (self, files->data);
  return TRUE;
}

static void
monitor_window_dispose (GObject *object)
{
  MonitorWindow *self = MONITOR_WINDOW (object);

  cancel_opening (self);
  if (self->run_page != NULL)
    set_session (self, NULL);
  g_clear_object (&self->chooser);
  g_clear_object (&self->file);
  g_clear_pointer (&self->address, g_free);
  g_clear_object (&self->settings);

  G_OBJECT_CLASS (monitor_window_parent_class)->dispose (object);
}

static void
monitor_window_class_init (MonitorWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = monitor_window_dispose;
  GTK_WINDOW_CLASS (klass)->close_request = monitor_window_close_request;

  g_type_ensure (MONITOR_TYPE_START_PAGE);
  g_type_ensure (MONITOR_TYPE_RUN_PAGE);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/dagsched/Monitor/monitor-window.ui");
  gtk_widget_class_bind_template_child (widget_class, MonitorWindow, toasts);
  gtk_widget_class_bind_template_child (widget_class, MonitorWindow, stack);
  gtk_widget_class_bind_template_child (widget_class, MonitorWindow, run_page);
  gtk_widget_class_bind_template_child (widget_class, MonitorWindow, loading);
  gtk_widget_class_bind_template_child (widget_class, MonitorWindow, problem);
  gtk_widget_class_bind_template_child (widget_class, MonitorWindow, problem_text);
  gtk_widget_class_bind_template_callback (widget_class, monitor_window_open);
  gtk_widget_class_bind_template_callback (widget_class, monitor_window_attach);

  gtk_widget_class_install_action (widget_class, "win.open", NULL, action_open);
  gtk_widget_class_install_action (widget_class, "win.open-directory", NULL, action_open_directory);
  gtk_widget_class_install_action (widget_class, "win.reload", NULL, action_reload);
  gtk_widget_class_install_action (widget_class, "win.close-session", NULL, action_close_session);
}

static void
monitor_window_init (MonitorWindow *self)
{
  GtkDropTarget *drop;

  gtk_widget_init_template (GTK_WIDGET (self));
  drop = gtk_drop_target_new (GDK_TYPE_FILE_LIST, GDK_ACTION_COPY);
  g_signal_connect_object (drop, "drop", G_CALLBACK (on_drop), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (drop));
}

MonitorWindow *
monitor_window_new (GtkApplication *application, GSettings *settings)
{
  MonitorWindow *self = g_object_new (MONITOR_TYPE_WINDOW, "application", application, NULL);
  int width, height;

  self->settings = g_object_ref (settings);
  monitor_run_page_set_settings (self->run_page, settings);
  g_settings_get (settings, "window-size", "(ii)", &width, &height);
  gtk_window_set_default_size (GTK_WINDOW (self), width, height);
  if (g_settings_get_boolean (settings, "window-maximized"))
    gtk_window_maximize (GTK_WINDOW (self));

  return self;
}
