/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/dagsched-gtk-run-table-private.h"
#include "graph/dagsched-gtk-graph-labels-private.h"
#include "graph/dagsched-gtk-graph-scene-private.h"
#include "graph/dagsched-gtk-graph-style-private.h"
#include "graph/dagsched-gtk-graph-view.h"
#include "graph/dagsched-gtk-canvas-tiles-private.h"
#include "graph/dagsched-gtk-painter-private.h"

G_BEGIN_DECLS

struct _DagschedGtkGraphView
{
  GtkWidget parent_instance;

  DagschedRun *run;
  DagschedGtkRunTable *table;
  DagschedTest *selected;
  gboolean show_critical_path;

  /* content */
  DagschedGtkLayoutGraph *graph; /* what is laid out, or will be */
  GCancellable *layout_cancellable;
  gboolean laid_out; /* no better layout follows */
  DagschedGtkGraphScene *scene;
  GArray *hits;  /* of guint32; NULL: nothing is searched for */
  GArray *dirty; /* of guint32: tests that look otherwise than drawn */
  guint8 *is_dirty;
  guint critical_timeout;

  /* camera: pixels of the widget; the drawing's corner is at -left, -top */
  double zoom, left, top;
  gboolean has_moved; /* the user has chosen what to see */

  /* drawing */
  DagschedGtkGraphStyle style;
  DagschedGtkPainter painter, minimap;
  DagschedGtkCanvasTiles tiles, minimap_tiles;
  DagschedGtkGraphLabels *labels;
  gboolean style_is_old;
  guint32 hovered;
  GArray *hovered_segments;

  /* input */
  double pointer_x, pointer_y;
  double drag_x, drag_y; /* where the last step of a drag was */
  gboolean is_dragging, is_in_minimap;
  double pinch_zoom;
  double speed_x, speed_y; /* pixels a second */
  gint64 glide_time;
  guint glide;

  GtkWidget *controls;
  GtkWidget *zoom_button;
  GObject *file_chooser;
};

/* dagsched-gtk-graph-view-content.c */
void dagsched_gtk_graph_view_attach (DagschedGtkGraphView *self);
void dagsched_gtk_graph_view_detach (DagschedGtkGraphView *self);
void dagsched_gtk_graph_view_mark_selected (DagschedGtkGraphView *self);
void dagsched_gtk_graph_view_mark_critical_path (DagschedGtkGraphView *self);
guint32 dagsched_gtk_graph_view_get_selected_number (DagschedGtkGraphView *self);
void dagsched_gtk_graph_view_redraw (DagschedGtkGraphView *self);
void dagsched_gtk_graph_view_describe (DagschedGtkGraphView *self);

/* dagsched-gtk-graph-view-camera.c */
#define DAGSCHED_GTK_GRAPH_MAX_ZOOM 4.0
void dagsched_gtk_graph_view_set_camera (DagschedGtkGraphView *self, double zoom, double left, double top);
void dagsched_gtk_graph_view_pan (DagschedGtkGraphView *self, double right, double down);
void dagsched_gtk_graph_view_zoom_about (DagschedGtkGraphView *self, double zoom, double x, double y);
void dagsched_gtk_graph_view_show_all (DagschedGtkGraphView *self);
void dagsched_gtk_graph_view_reveal (DagschedGtkGraphView *self, guint32 test);
gboolean dagsched_gtk_graph_view_shows_all (DagschedGtkGraphView *self);
gboolean dagsched_gtk_graph_view_is_in_sight (DagschedGtkGraphView *self, guint32 test);
guint32 dagsched_gtk_graph_view_pick (DagschedGtkGraphView *self, double x, double y);

/* dagsched-gtk-graph-view-draw.c */
void dagsched_gtk_graph_view_draw (DagschedGtkGraphView *self, GtkSnapshot *snapshot);
/* What lies above the drawing: background and border. */
void dagsched_gtk_graph_view_draw_frame (DagschedGtkGraphView *self,
                                         GtkSnapshot *snapshot,
                                         const graphene_rect_t *bounds);

/* dagsched-gtk-graph-view-minimap.c */
gboolean dagsched_gtk_graph_view_has_minimap (DagschedGtkGraphView *self);
gboolean dagsched_gtk_graph_view_is_in_minimap (DagschedGtkGraphView *self, double x, double y);
void dagsched_gtk_graph_view_go_in_minimap (DagschedGtkGraphView *self, double x, double y);
void dagsched_gtk_graph_view_draw_minimap (DagschedGtkGraphView *self, GtkSnapshot *snapshot);

/* dagsched-gtk-graph-view-pointer.c */
void dagsched_gtk_graph_view_add_controllers (DagschedGtkGraphView *self);
void dagsched_gtk_graph_view_stop_gliding (DagschedGtkGraphView *self);
void dagsched_gtk_graph_view_hover (DagschedGtkGraphView *self, guint32 test);

/* dagsched-gtk-graph-view-actions.c */
void dagsched_gtk_graph_view_install_actions (GtkWidgetClass *widget_class);
void dagsched_gtk_graph_view_activate (DagschedGtkGraphView *self);

G_END_DECLS
