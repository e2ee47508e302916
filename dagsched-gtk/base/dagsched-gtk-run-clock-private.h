/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <dagsched.h>
#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Calls a function as a run's time passes: while the run goes on and the widget is mapped. While the time
 * stands still, as that of a log whose replay was halted, nothing ticks. */
typedef struct _DagschedGtkRunClock DagschedGtkRunClock;

/* @func: gets @widget. The clock must be freed before the widget is disposed of. */
DagschedGtkRunClock *dagsched_gtk_run_clock_new (GtkWidget *widget, GSourceFunc func);
void dagsched_gtk_run_clock_free (DagschedGtkRunClock *self);
void dagsched_gtk_run_clock_set_run (DagschedGtkRunClock *self, DagschedRun *run);
/* How often: seconds; at most about once a frame. Infinite: never. */
void dagsched_gtk_run_clock_set_interval (DagschedGtkRunClock *self, double seconds);
/* Whether it has something to wait for. */
gboolean dagsched_gtk_run_clock_is_ticking (DagschedGtkRunClock *self);

G_END_DECLS
