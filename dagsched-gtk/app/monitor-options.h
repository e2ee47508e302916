/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <dagsched.h>

G_BEGIN_DECLS

#define MONITOR_APPLICATION_ID "org.dagsched.Monitor"

/* Whether the schema of the settings is installed: without it GLib would end the program. */
gboolean monitor_options_have_settings (void);

/* How a run is carried out, as the preferences say. (transfer full) */
DagschedOptions *monitor_options_new (GSettings *settings);

G_END_DECLS
