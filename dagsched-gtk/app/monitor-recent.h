/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* What was opened and run lately: suites and logs that were opened, and the logs of the state directory. */

typedef struct
{
  GFile *file;
  char *title;
  gboolean is_log;
  gint64 time; /* seconds since 1970 */
} MonitorRecentItem;

void monitor_recent_item_free (MonitorRecentItem *item);

/* Of MonitorRecentItem, the newest first. Reads the names in a directory, no files. */
GPtrArray *monitor_recent_list_opened (guint max);
GPtrArray *monitor_recent_list_logs (guint max);
void monitor_recent_add (GFile *file, gboolean is_log);

G_END_DECLS
