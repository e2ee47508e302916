/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "graph/dagsched-gtk-graph-view-private.h"

#include <math.h>

/* The whole drawing in a corner, and which part of it is seen. */

#define MARGIN 12
#define PADDING 6
#define MOST_WIDTH 180.0
#define MOST_HEIGHT 120.0
#define LEAST 24

/* Of its drawing, in pixels of the widget. */
static graphene_rect_t
get_box (DagschedGtkGraphView *self)
{
  const DagschedGtkLayout *layout = self->scene->layout;
  int width = gtk_widget_get_width (GTK_WIDGET (self)), height = gtk_widget_get_height (GTK_WIDGET (self));
  double zoom =
    MIN (MIN (MOST_WIDTH, width * 0.4) / layout->width, MIN (MOST_HEIGHT, height * 0.3) / layout->height);
  double across = MAX (ceil (layout->width * zoom), LEAST), down = MAX (ceil (layout->height * zoom), LEAST);

  return GRAPHENE_RECT_INIT (width - MARGIN - PADDING - across, height - MARGIN - PADDING - down, across,
                             down);
}

static double
get_zoom (DagschedGtkGraphView *self, const graphene_rect_t *box)
{
  return MIN (box->size.width / self->scene->layout->width, box->size.height / self->scene->layout->height);
}

gboolean
dagsched_gtk_graph_view_has_minimap (DagschedGtkGraphView *self)
{
  return self->scene != NULL && self->scene->layout->n_tests > 0 && !dagsched_gtk_graph_view_shows_all (self);
}

gboolean
dagsched_gtk_graph_view_is_in_minimap (DagschedGtkGraphView *self, double x, double y)
{
  graphene_rect_t box;

  if (!dagsched_gtk_graph_view_has_minimap (self))
    return FALSE;

  box = get_box (self);
  graphene_rect_inset (&box, -PADDING, -PADDING);

  return graphene_rect_contains_point (&box, &GRAPHENE_POINT_INIT (x, y));
}

/* What is at a point of the minimap comes to the middle. */
void
dagsched_gtk_graph_view_go_in_minimap (DagschedGtkGraphView *self, double x, double y)
{
  graphene_rect_t box = get_box (self);
  double zoom = get_zoom (self, &box);

  self->has_moved = TRUE;
  dagsched_gtk_graph_view_set_camera (
    self, self->zoom, (x - box.origin.x) / zoom * self->zoom - gtk_widget_get_width (GTK_WIDGET (self)) / 2.0,
    (y - box.origin.y) / zoom * self->zoom - gtk_widget_get_height (GTK_WIDGET (self)) / 2.0);
}

static void
draw_seen (DagschedGtkGraphView *self, GtkSnapshot *snapshot, const graphene_rect_t *box, double zoom)
{
  double scale = zoom / self->zoom;
  graphene_rect_t seen = GRAPHENE_RECT_INIT (
    box->origin.x + self->left * scale, box->origin.y + self->top * scale,
    gtk_widget_get_width (GTK_WIDGET (self)) * scale, gtk_widget_get_height (GTK_WIDGET (self)) * scale);
  GdkRGBA accent = self->style.accent, veil = self->style.accent;
  GskRoundedRect outline;

  if (seen.size.width < 6)
    graphene_rect_inset (&seen, (seen.size.width - 6) / 2, 0);
  if (seen.size.height < 6)
    graphene_rect_inset (&seen, 0, (seen.size.height - 6) / 2);
  veil.alpha = 0.12f;
  gtk_snapshot_append_color (snapshot, &veil, &seen);
  gsk_rounded_rect_init_from_rect (&outline, &seen, 2);
  gtk_snapshot_append_border (snapshot, &outline, (float[4]){ 1.5f, 1.5f, 1.5f, 1.5f },
                              (GdkRGBA[4]){ accent, accent, accent, accent });
}

void
dagsched_gtk_graph_view_draw_minimap (DagschedGtkGraphView *self, GtkSnapshot *snapshot)
{
  int scale = gtk_widget_get_scale_factor (GTK_WIDGET (self));
  graphene_rect_t box = get_box (self), frame = box;
  double zoom = get_zoom (self, &box);

  graphene_rect_inset (&frame, -PADDING, -PADDING);
  dagsched_gtk_painter_paint (&self->minimap, self->scene, (int) box.size.width * scale,
                              (int) box.size.height * scale, zoom * scale, 0, 0);
  dagsched_gtk_graph_view_draw_frame (self, snapshot, &frame);
  gtk_snapshot_push_clip (snapshot, &frame);
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &box.origin);
  dagsched_gtk_canvas_tiles_append (&self->minimap_tiles, snapshot, &self->minimap.canvas, scale);
  gtk_snapshot_restore (snapshot);
  draw_seen (self, snapshot, &box, zoom);
  gtk_snapshot_pop (snapshot);
}
