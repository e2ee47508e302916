/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "monitor-start-page.h"

#include <dagsched.h>
#include <glib/gi18n.h>

#include "monitor-recent.h"

#define MAX_ROWS 8

struct _MonitorStartPage
{
  GtkWidget parent_instance;

  GtkWidget *opened_group;
  GtkListBox *opened_list;
  GtkWidget *logs_group;
  GtkListBox *logs_list;
  GtkWidget *live_group;
  GtkListBox *live_list;
  GtkWidget *welcome;

  DagschedLiveRuns *live; /* (nullable) while it is shown */
};

enum
{
  OPEN,
  ATTACH,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (MonitorStartPage, monitor_start_page, GTK_TYPE_WIDGET)

static void
on_row_activated (MonitorStartPage *self, AdwActionRow *row)
{
  g_signal_emit (self, signals[OPEN], 0, g_object_get_data (G_OBJECT (row), "file"));
}

static char *
dup_subtitle (const MonitorRecentItem *item)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_local (item->time);
  g_autofree char *when = time != NULL ? g_date_time_format (time, "%x %H:%M") : g_strdup ("");
  g_autoptr (GFile) parent = g_file_get_parent (item->file);
  g_autofree char *folder = parent != NULL ? g_file_get_parse_name (parent) : g_strdup ("/");

  return item->is_log ? g_steal_pointer (&when) : g_strdup_printf ("%s · %s", folder, when);
}

static GtkWidget *
create_row (MonitorStartPage *self, const MonitorRecentItem *item)
{
  GtkWidget *row = adw_action_row_new ();
  g_autofree char *title = g_markup_escape_text (item->title, -1);
  g_autofree char *plain = dup_subtitle (item);
  g_autofree char *subtitle = g_markup_escape_text (plain, -1);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 1);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 1);
  adw_action_row_add_prefix (
    ADW_ACTION_ROW (row),
    gtk_image_new_from_icon_name (item->is_log ? "document-open-recent-symbolic" : "view-list-symbolic"));
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), gtk_image_new_from_icon_name ("go-next-symbolic"));
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  g_object_set_data_full (G_OBJECT (row), "file", g_object_ref (item->file), g_object_unref);
  g_signal_connect_swapped (row, "activated", G_CALLBACK (on_row_activated), self);

  return row;
}

static void
fill (MonitorStartPage *self, GtkListBox *list, GtkWidget *group, GPtrArray *items)
{
  GtkWidget *row;

  while ((row = gtk_widget_get_first_child (GTK_WIDGET (list))) != NULL)
    gtk_list_box_remove (list, row);
  for (guint i = 0; i < items->len; i++)
    gtk_list_box_append (list, create_row (self, g_ptr_array_index (items, i)));
  gtk_widget_set_visible (group, items->len > 0);
}

static char *
dup_live_subtitle (DagschedLiveRun *run)
{
  guint n_tests = dagsched_live_run_get_n_tests (run);
  gint64 started_at = dagsched_live_run_get_started_at (run);
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_local (started_at / G_USEC_PER_SEC);
  g_autofree char *when = time != NULL && started_at > 0 ? g_date_time_format (time, "%X") : g_strdup ("–");

  return g_strdup_printf (
    /* Translators: tests of a run, when it started, the number of its process */
    ngettext ("%u test · since %s · process %d", "%u tests · since %s · process %d", n_tests), n_tests, when,
    dagsched_live_run_get_pid (run));
}

static void
on_live_row_activated (MonitorStartPage *self, AdwActionRow *row)
{
  g_signal_emit (self, signals[ATTACH], 0, g_object_get_data (G_OBJECT (row), "address"));
}

static GtkWidget *
create_live_row (gpointer item, gpointer data)
{
  DagschedLiveRun *run = item;
  GtkWidget *row = adw_action_row_new ();
  const char *name = dagsched_live_run_get_name (run);
  g_autofree char *title = g_markup_escape_text (name != NULL ? name : _ ("Tests"), -1);
  g_autofree char *subtitle = dup_live_subtitle (run);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row),
                             gtk_image_new_from_icon_name ("dagsched-running-symbolic"));
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), gtk_image_new_from_icon_name ("go-next-symbolic"));
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  g_object_set_data_full (G_OBJECT (row), "address", g_strdup (dagsched_live_run_get_path (run)), g_free);
  g_signal_connect_object (row, "activated", G_CALLBACK (on_live_row_activated), data, G_CONNECT_SWAPPED);

  return row;
}

static void
update_welcome (MonitorStartPage *self)
{
  gtk_widget_set_visible (self->welcome, !gtk_widget_get_visible (self->live_group) &&
                                           !gtk_widget_get_visible (self->opened_group) &&
                                           !gtk_widget_get_visible (self->logs_group));
}

void
monitor_start_page_refresh (MonitorStartPage *self)
{
  g_autoptr (GPtrArray) opened = monitor_recent_list_opened (MAX_ROWS);
  g_autoptr (GPtrArray) logs = monitor_recent_list_logs (MAX_ROWS);

  g_return_if_fail (MONITOR_IS_START_PAGE (self));

  fill (self, self->opened_list, self->opened_group, opened);
  fill (self, self->logs_list, self->logs_group, logs);
  update_welcome (self);
}

static void
on_live_changed (MonitorStartPage *self)
{
  gtk_widget_set_visible (self->live_group, g_list_model_get_n_items (G_LIST_MODEL (self->live)) > 0);
  update_welcome (self);
}

/* Where nothing can be watched there is nothing to show. */
static void
watch_live (MonitorStartPage *self)
{
  g_autoptr (GError) error = NULL;

  if (self->live != NULL)
    return;

  self->live = dagsched_live_runs_new (&error);
  if (self->live == NULL)
    {
      g_message ("runs that go on are not shown: %s", error->message);
      return;
    }
  gtk_list_box_bind_model (self->live_list, G_LIST_MODEL (self->live), create_live_row, self, NULL);
  g_signal_connect_object (self->live, "items-changed", G_CALLBACK (on_live_changed), self,
                           G_CONNECT_SWAPPED);
  on_live_changed (self);
}

static void
monitor_start_page_map (GtkWidget *widget)
{
  watch_live (MONITOR_START_PAGE (widget));
  monitor_start_page_refresh (MONITOR_START_PAGE (widget));

  GTK_WIDGET_CLASS (monitor_start_page_parent_class)->map (widget);
}

static void
monitor_start_page_unmap (GtkWidget *widget)
{
  MonitorStartPage *self = MONITOR_START_PAGE (widget);

  gtk_list_box_bind_model (self->live_list, NULL, NULL, NULL, NULL);
  g_clear_object (&self->live);

  GTK_WIDGET_CLASS (monitor_start_page_parent_class)->unmap (widget);
}

static void
monitor_start_page_dispose (GObject *object)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (object))) != NULL)
    gtk_widget_unparent (child);

  G_OBJECT_CLASS (monitor_start_page_parent_class)->dispose (object);
}

static void
monitor_start_page_class_init (MonitorStartPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = monitor_start_page_dispose;
  widget_class->map = monitor_start_page_map;
  widget_class->unmap = monitor_start_page_unmap;

  signals[OPEN] = g_signal_new ("open", MONITOR_TYPE_START_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                G_TYPE_NONE, 1, G_TYPE_FILE);
  signals[ATTACH] = g_signal_new ("attach", MONITOR_TYPE_START_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 1, G_TYPE_STRING);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/dagsched/Monitor/monitor-start-page.ui");
  gtk_widget_class_bind_template_child (widget_class, MonitorStartPage, opened_group);
  gtk_widget_class_bind_template_child (widget_class, MonitorStartPage, opened_list);
  gtk_widget_class_bind_template_child (widget_class, MonitorStartPage, logs_group);
  gtk_widget_class_bind_template_child (widget_class, MonitorStartPage, logs_list);
  gtk_widget_class_bind_template_child (widget_class, MonitorStartPage, live_group);
  gtk_widget_class_bind_template_child (widget_class, MonitorStartPage, live_list);
  gtk_widget_class_bind_template_child (widget_class, MonitorStartPage, welcome);
}

static void
monitor_start_page_init (MonitorStartPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
