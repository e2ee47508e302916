/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "monitor-application.h"

#include <dagsched-gtk.h>
#include <glib/gi18n.h>

#include "monitor-options.h"
#include "monitor-preferences.h"
#include "monitor-window.h"

struct _MonitorApplication
{
  AdwApplication parent_instance;

  GSettings *settings;
  GtkWindow *preferences; /* (nullable) weak */
};

G_DEFINE_FINAL_TYPE (MonitorApplication, monitor_application, ADW_TYPE_APPLICATION)

static const GOptionEntry options[] = {
  { "attach", 0, 0, G_OPTION_ARG_STRING, NULL,
    N_ ("Follow a run in another process: its socket or process id"), N_ ("RUN") },
  { "new-window", 0, 0, G_OPTION_ARG_NONE, NULL, N_ ("Open a new window"), NULL },
  { "version", 0, 0, G_OPTION_ARG_NONE, NULL, N_ ("Print the version, and exit"), NULL },
  { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, NULL, NULL, N_ ("[FILE…]") },
  { NULL },
};

static MonitorWindow *
create_window (MonitorApplication *self)
{
  return monitor_window_new (GTK_APPLICATION (self), self->settings);
}

/* The first goes into the window in front if nothing is open there. */
static MonitorWindow *
get_free_window (MonitorApplication *self)
{
  GtkWindow *window = gtk_application_get_active_window (GTK_APPLICATION (self));

  if (MONITOR_IS_WINDOW (window) && monitor_window_is_free (MONITOR_WINDOW (window)))
    return MONITOR_WINDOW (window);

  return create_window (self);
}

static void
monitor_application_activate (GApplication *application)
{
  GtkWindow *window = gtk_application_get_active_window (GTK_APPLICATION (application));

  if (window == NULL)
    window = GTK_WINDOW (create_window (MONITOR_APPLICATION (application)));
  gtk_window_present (window);
}

static void
open_file (MonitorApplication *self, GFile *file)
{
  MonitorWindow *window = get_free_window (self);

  monitor_window_open (window, file);
  gtk_window_present (GTK_WINDOW (window));
}

static void
attach (MonitorApplication *self, const char *address)
{
  MonitorWindow *window = get_free_window (self);

  monitor_window_attach (window, address);
  gtk_window_present (GTK_WINDOW (window));
}

static void
monitor_application_open (GApplication *application, GFile **files, int n_files, const char *hint)
{
  for (int i = 0; i < n_files; i++)
    open_file (MONITOR_APPLICATION (application), files[i]);
}

static int
monitor_application_command_line (GApplication *application, GApplicationCommandLine *line)
{
  MonitorApplication *self = MONITOR_APPLICATION (application);
  GVariantDict *dict = g_application_command_line_get_options_dict (line);
  g_autofree const char **paths = NULL;
  const char *address = NULL;

  g_variant_dict_lookup (dict, G_OPTION_REMAINING, "^a&ay", &paths);
  g_variant_dict_lookup (dict, "attach", "&s", &address);
  if (g_variant_dict_contains (dict, "new-window"))
    gtk_window_present (GTK_WINDOW (create_window (self)));
  else if (paths == NULL && address == NULL)
    g_application_activate (application);

  if (address != NULL)
    attach (self, address);

  for (guint i = 0; paths != NULL && paths[i] != NULL; i++)
    {
      g_autoptr (GFile) file = g_application_command_line_create_file_for_arg (line, paths[i]);

      open_file (self, file);
    }

  return 0;
}

static int
monitor_application_handle_local_options (GApplication *application, GVariantDict *dict)
{
  if (!g_variant_dict_contains (dict, "version"))
    return -1;

  g_print ("dagsched-gtk %s\n", dagsched_get_version ());

  return 0;
}

static void
action_new_window (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  gtk_window_present (GTK_WINDOW (create_window (data)));
}

static void
action_show_window (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  GtkWindow *window =
    gtk_application_get_window_by_id (GTK_APPLICATION (data), g_variant_get_uint32 (parameter));

  if (window != NULL)
    gtk_window_present (window);
}

static void
action_preferences (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  MonitorApplication *self = data;

  if (self->preferences == NULL)
    g_set_weak_pointer (&self->preferences, monitor_preferences_new (self->settings));
  gtk_window_set_transient_for (self->preferences,
                                gtk_application_get_active_window (GTK_APPLICATION (self)));
  gtk_window_present (self->preferences);
}

static void
action_about (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  adw_show_about_window (gtk_application_get_active_window (GTK_APPLICATION (data)), "application-name",
                         _ ("Test Monitor"), "application-icon", MONITOR_APPLICATION_ID, "version",
                         dagsched_get_version (), "developer-name", _ ("The dagsched developers"),
                         "license-type", GTK_LICENSE_LGPL_2_1, "translator-credits", _ ("translator-credits"),
                         NULL);
}

/* Each window says whether it may be closed. */
static void
action_quit (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  g_autoptr (GList) windows = g_list_copy (gtk_application_get_windows (GTK_APPLICATION (data)));

  for (GList *link = windows; link != NULL; link = link->next)
    gtk_window_close (link->data);
}

static void
set_accelerators (GtkApplication *application)
{
  static const struct
  {
    const char *action;
    const char *accelerators[3];
  } keys[] = {
    { "win.open", { "<Control>o" } },
    { "app.new-window", { "<Control>n" } },
    { "app.quit", { "<Control>q" } },
    { "app.preferences", { "<Control>comma" } },
    { "window.close", { "<Control>w" } },
    { "win.reload", { "<Control>r" } },
    { "win.show-help-overlay", { "<Control>question" } },
  };

  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    gtk_application_set_accels_for_action (application, keys[i].action, keys[i].accelerators);
}

static void
on_appearance_changed (MonitorApplication *self)
{
  static const AdwColorScheme schemes[] = { ADW_COLOR_SCHEME_DEFAULT, ADW_COLOR_SCHEME_FORCE_LIGHT,
                                            ADW_COLOR_SCHEME_FORCE_DARK };
  guint choice = (guint) g_settings_get_enum (self->settings, "appearance");

  adw_style_manager_set_color_scheme (adw_application_get_style_manager (ADW_APPLICATION (self)),
                                      schemes[MIN (choice, G_N_ELEMENTS (schemes) - 1)]);
}

static void
monitor_application_startup (GApplication *application)
{
  static const GActionEntry entries[] = {
    { .name = "new-window", .activate = action_new_window },
    { .name = "show-window", .activate = action_show_window, .parameter_type = "u" },
    { .name = "preferences", .activate = action_preferences },
    { .name = "about", .activate = action_about },
    { .name = "quit", .activate = action_quit },
  };
  MonitorApplication *self = MONITOR_APPLICATION (application);

  G_APPLICATION_CLASS (monitor_application_parent_class)->startup (application);

  dagsched_gtk_init ();
  gtk_window_set_default_icon_name (MONITOR_APPLICATION_ID);
  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);
  set_accelerators (GTK_APPLICATION (self));
  g_signal_connect_object (self->settings, "changed::appearance", G_CALLBACK (on_appearance_changed), self,
                           G_CONNECT_SWAPPED);
  on_appearance_changed (self);
}

static void
monitor_application_dispose (GObject *object)
{
  MonitorApplication *self = MONITOR_APPLICATION (object);

  g_clear_weak_pointer (&self->preferences);
  g_clear_object (&self->settings);

  G_OBJECT_CLASS (monitor_application_parent_class)->dispose (object);
}

static void
monitor_application_class_init (MonitorApplicationClass *klass)
{
  GApplicationClass *application_class = G_APPLICATION_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = monitor_application_dispose;
  application_class->startup = monitor_application_startup;
  application_class->activate = monitor_application_activate;
  application_class->open = monitor_application_open;
  application_class->command_line = monitor_application_command_line;
  application_class->handle_local_options = monitor_application_handle_local_options;
}

static void
monitor_application_init (MonitorApplication *self)
{
  self->settings = g_settings_new (MONITOR_APPLICATION_ID);
  g_application_add_main_option_entries (G_APPLICATION (self), options);
}

MonitorApplication *
monitor_application_new (void)
{
  return g_object_new (MONITOR_TYPE_APPLICATION, "application-id", MONITOR_APPLICATION_ID, "flags",
                       G_APPLICATION_HANDLES_COMMAND_LINE | G_APPLICATION_HANDLES_OPEN, "resource-base-path",
                       "/org/dagsched/Monitor", NULL);
}
