/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(DAGSCHED_GTK_INSIDE) && !defined(DAGSCHED_GTK_COMPILATION)
#error "Only <dagsched-gtk.h> can be included directly."
#endif

#include "base/dagsched-gtk-version-macros.h"

G_BEGIN_DECLS

#define DAGSCHED_GTK_TYPE_RUN_SUMMARY (dagsched_gtk_run_summary_get_type ())

/* How far a run is, and how it goes. */
DAGSCHED_GTK_AVAILABLE_IN_1_0
G_DECLARE_FINAL_TYPE (DagschedGtkRunSummary, dagsched_gtk_run_summary, DAGSCHED_GTK, RUN_SUMMARY, GtkWidget)

DAGSCHED_GTK_AVAILABLE_IN_1_0
GtkWidget *dagsched_gtk_run_summary_new (void);
DAGSCHED_GTK_AVAILABLE_IN_1_0
DagschedRun *dagsched_gtk_run_summary_get_run (DagschedGtkRunSummary *self);
DAGSCHED_GTK_AVAILABLE_IN_1_0
void dagsched_gtk_run_summary_set_run (DagschedGtkRunSummary *self, DagschedRun *run);

G_END_DECLS
