/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <adwaita.h>

#include "monitor-session.h"

G_BEGIN_DECLS

/* A window: the start page, then what is opened in it. */

#define MONITOR_TYPE_WINDOW (monitor_window_get_type ())
G_DECLARE_FINAL_TYPE (MonitorWindow, monitor_window, MONITOR, WINDOW, AdwApplicationWindow)

MonitorWindow *monitor_window_new (GtkApplication *application, GSettings *settings);
/* Whether nothing is opened in it, so that something can be. */
gboolean monitor_window_is_free (MonitorWindow *self);
void monitor_window_show_session (MonitorWindow *self, MonitorSession *session);
void monitor_window_open (MonitorWindow *self, GFile *file);
/* A run in another process: the path of its socket, or its process id. */
void monitor_window_attach (MonitorWindow *self, const char *address);

G_END_DECLS
