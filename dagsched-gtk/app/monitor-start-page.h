/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* What a window shows first: runs that go on, and what was opened and run lately. Signals: "open" (GFile),
 * "attach" (address of a run). */

#define MONITOR_TYPE_START_PAGE (monitor_start_page_get_type ())
G_DECLARE_FINAL_TYPE (MonitorStartPage, monitor_start_page, MONITOR, START_PAGE, GtkWidget)

/* Looks again at what there is. */
void monitor_start_page_refresh (MonitorStartPage *self);

G_END_DECLS
