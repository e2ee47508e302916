/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* How runs are carried out, and how windows look. */

#define MONITOR_TYPE_PREFERENCES (monitor_preferences_get_type ())
G_DECLARE_FINAL_TYPE (MonitorPreferences, monitor_preferences, MONITOR, PREFERENCES, AdwPreferencesWindow)

GtkWindow *monitor_preferences_new (GSettings *settings);

G_END_DECLS
