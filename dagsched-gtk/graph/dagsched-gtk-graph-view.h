/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(DAGSCHED_GTK_INSIDE) && !defined(DAGSCHED_GTK_COMPILATION)
#error "Only <dagsched-gtk.h> can be included directly."
#endif

#include "base/dagsched-gtk-version-macros.h"

G_BEGIN_DECLS

#define DAGSCHED_GTK_TYPE_GRAPH_VIEW (dagsched_gtk_graph_view_get_type ())

DAGSCHED_GTK_AVAILABLE_IN_1_0
G_DECLARE_FINAL_TYPE (DagschedGtkGraphView, dagsched_gtk_graph_view, DAGSCHED_GTK, GRAPH_VIEW, GtkWidget)

DAGSCHED_GTK_AVAILABLE_IN_1_0
GtkWidget *dagsched_gtk_graph_view_new (DagschedRun *run);
DAGSCHED_GTK_AVAILABLE_IN_1_0
DagschedRun *dagsched_gtk_graph_view_get_run (DagschedGtkGraphView *self);
DAGSCHED_GTK_AVAILABLE_IN_1_0
void dagsched_gtk_graph_view_set_run (DagschedGtkGraphView *self, DagschedRun *run);
DAGSCHED_GTK_AVAILABLE_IN_1_0
DagschedTest *dagsched_gtk_graph_view_get_selected (DagschedGtkGraphView *self);
DAGSCHED_GTK_AVAILABLE_IN_1_0
void dagsched_gtk_graph_view_set_selected (DagschedGtkGraphView *self, DagschedTest *selected);
DAGSCHED_GTK_AVAILABLE_IN_1_0
double dagsched_gtk_graph_view_get_zoom (DagschedGtkGraphView *self);
DAGSCHED_GTK_AVAILABLE_IN_1_0
void dagsched_gtk_graph_view_set_zoom (DagschedGtkGraphView *self, double zoom);
DAGSCHED_GTK_AVAILABLE_IN_1_0
gboolean dagsched_gtk_graph_view_get_show_critical_path (DagschedGtkGraphView *self);
DAGSCHED_GTK_AVAILABLE_IN_1_0
void dagsched_gtk_graph_view_set_show_critical_path (DagschedGtkGraphView *self, gboolean show_critical_path);
DAGSCHED_GTK_AVAILABLE_IN_1_0
gboolean dagsched_gtk_graph_view_get_laid_out (DagschedGtkGraphView *self);
DAGSCHED_GTK_AVAILABLE_IN_1_0
void dagsched_gtk_graph_view_set_hits (DagschedGtkGraphView *self, const guint *numbers, gsize n_numbers);
DAGSCHED_GTK_AVAILABLE_IN_1_0
void dagsched_gtk_graph_view_clear_hits (DagschedGtkGraphView *self);
DAGSCHED_GTK_AVAILABLE_IN_1_0
void dagsched_gtk_graph_view_fit (DagschedGtkGraphView *self);
DAGSCHED_GTK_AVAILABLE_IN_1_0
gboolean dagsched_gtk_graph_view_export (DagschedGtkGraphView *self, GFile *file, GError **error);

G_END_DECLS
