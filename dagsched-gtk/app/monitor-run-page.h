/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <adwaita.h>

#include "monitor-session.h"

G_BEGIN_DECLS

/* A session: its run in three views, the details of the selected test, and what can be done with it. */

#define MONITOR_TYPE_RUN_PAGE (monitor_run_page_get_type ())
G_DECLARE_FINAL_TYPE (MonitorRunPage, monitor_run_page, MONITOR, RUN_PAGE, GtkWidget)

void monitor_run_page_set_settings (MonitorRunPage *self, GSettings *settings);
void monitor_run_page_set_session (MonitorRunPage *self, MonitorSession *session);
/* What the run came to, in words. */
char *monitor_run_page_dup_verdict (MonitorRunPage *self);

G_END_DECLS
