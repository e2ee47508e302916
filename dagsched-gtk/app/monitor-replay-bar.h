/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <dagsched.h>
#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Carries the run of a log out again: where it is, play and pause, and how fast. */

#define MONITOR_TYPE_REPLAY_BAR (monitor_replay_bar_get_type ())
G_DECLARE_FINAL_TYPE (MonitorReplayBar, monitor_replay_bar, MONITOR, REPLAY_BAR, GtkWidget)

/* @log: (nullable) */
void monitor_replay_bar_set_log (MonitorReplayBar *self, DagschedRunLog *log);

G_END_DECLS
