/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "monitor-recent.h"

#define SUITE_TYPE "application/vnd.dagsched.manifest+json"
#define LOG_TYPE "application/vnd.dagsched.run-log+jsonl"

static char suite_group[] = "dagsched-suites";
static char log_group[] = "dagsched-logs";

void
monitor_recent_item_free (MonitorRecentItem *item)
{
  g_object_unref (item->file);
  g_free (item->title);
  g_free (item);
}

static GPtrArray *
new_list (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) monitor_recent_item_free);
}

static int
compare_items (gconstpointer a, gconstpointer b)
{
  const MonitorRecentItem *const *item_a = a, *const *item_b = b;

  return ((*item_a)->time < (*item_b)->time) - ((*item_a)->time > (*item_b)->time);
}

static GPtrArray *
newest_of (GPtrArray *list, guint max)
{
  g_ptr_array_sort (list, compare_items);
  if (list->len > max)
    g_ptr_array_set_size (list, (int) max);

  return list;
}

/* A suite is known by the folder that it is in: all manifests have the same name. */
static char *
dup_title (GFile *file, gboolean is_log)
{
  g_autofree char *name = g_file_get_basename (file);
  g_autoptr (GFile) parent = g_file_get_parent (file);

  return !is_log && g_str_equal (name, "dagsched.json") && parent != NULL ? g_file_get_basename (parent)
                                                                          : g_steal_pointer (&name);
}

static MonitorRecentItem *
new_item (GFile *file, gboolean is_log, gint64 time)
{
  MonitorRecentItem *item = g_new0 (MonitorRecentItem, 1);

  item->file = g_object_ref (file);
  item->is_log = is_log;
  item->title = dup_title (file, is_log);
  item->time = time;

  return item;
}

static void
add_opened (GPtrArray *list, GtkRecentInfo *info)
{
  gboolean is_log = gtk_recent_info_has_group (info, log_group);
  g_autoptr (GFile) file = g_file_new_for_uri (gtk_recent_info_get_uri (info));
  GDateTime *visited = gtk_recent_info_get_visited (info);

  if ((is_log || gtk_recent_info_has_group (info, suite_group)) && gtk_recent_info_exists (info))
    g_ptr_array_add (list, new_item (file, is_log, visited != NULL ? g_date_time_to_unix (visited) : 0));
}

GPtrArray *
monitor_recent_list_opened (guint max)
{
  GPtrArray *list = new_list ();
  GList *infos = gtk_recent_manager_get_items (gtk_recent_manager_get_default ());

  for (GList *link = infos; link != NULL; link = link->next)
    add_opened (list, link->data);
  g_list_free_full (infos, (GDestroyNotify) gtk_recent_info_unref);

  return newest_of (list, max);
}

static void
add_logs (GPtrArray *list, GFileEnumerator *files)
{
  GFileInfo *info;
  GFile *file;

  while (g_file_enumerator_iterate (files, &info, &file, NULL, NULL) && info != NULL)
    {
      g_autoptr (GDateTime) modified = g_file_info_get_modification_date_time (info);

      if (g_str_has_suffix (g_file_info_get_name (info), ".jsonl"))
        g_ptr_array_add (list, new_item (file, TRUE, modified != NULL ? g_date_time_to_unix (modified) : 0));
    }
}

GPtrArray *
monitor_recent_list_logs (guint max)
{
  GPtrArray *list = new_list ();
  g_autofree char *path = g_build_filename (g_get_user_state_dir (), "dagsched", "runs", NULL);
  g_autoptr (GFile) directory = g_file_new_for_path (path);
  g_autoptr (GFileEnumerator) files =
    g_file_enumerate_children (directory, G_FILE_ATTRIBUTE_STANDARD_NAME "," G_FILE_ATTRIBUTE_TIME_MODIFIED,
                               G_FILE_QUERY_INFO_NONE, NULL, NULL);

  if (files != NULL)
    add_logs (list, files);

  return newest_of (list, max);
}

void
monitor_recent_add (GFile *file, gboolean is_log)
{
  g_autofree char *uri = g_file_get_uri (file);
  char *groups[] = { is_log ? log_group : suite_group, NULL };
  char *mime_type = is_log ? (char *) LOG_TYPE : (char *) SUITE_TYPE;
  GtkRecentData data = {
    .mime_type = mime_type,
    .app_name = (char *) g_get_application_name (),
    .app_exec = (char *) "dagsched-gtk %u",
    .groups = groups,
  };

  gtk_recent_manager_add_full (gtk_recent_manager_get_default (), uri, &data);
}
