/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Wakes a main context some time after any thread asked for it. A timerfd: GLib 2.74 rounds the
 * ready-times of its sources to milliseconds. */
typedef struct _DagschedNotifier DagschedNotifier;

/* @window: microseconds from the asking to the call; 0: at once. */
DagschedNotifier *dagsched_notifier_new (GMainContext *context,
                                         guint window,
                                         GSourceFunc func,
                                         gpointer user_data,
                                         GError **error);
void dagsched_notifier_free (DagschedNotifier *self);
/* Any thread. Asking again before the call changes nothing that matters: it is called once. */
void dagsched_notifier_arm (DagschedNotifier *self);
/* From now on for @ns, asking does not lead to a call before that time is over, nor does it if it was asked already.
 * Model thread. */
void dagsched_notifier_pause (DagschedNotifier *self, gint64 ns);
/* Asks for a call at once, behind what else is due; ends the pause. Any thread. */
void dagsched_notifier_arm_now (DagschedNotifier *self);

G_END_DECLS
