/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Calls a function when something has changed, and not more often than once in an interval: at once,
 * or when the interval since the last call is over. Nothing changes: no timer. */
typedef struct _DagschedGtkThrottle DagschedGtkThrottle;

DagschedGtkThrottle *dagsched_gtk_throttle_new (guint interval_ms, GSourceFunc func, gpointer data);
void dagsched_gtk_throttle_free (DagschedGtkThrottle *self);
/* Something has changed. */
void dagsched_gtk_throttle_poke (DagschedGtkThrottle *self);
/* Calls the function now. */
void dagsched_gtk_throttle_flush (DagschedGtkThrottle *self);

G_END_DECLS
