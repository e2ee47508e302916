/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "graph/dagsched-gtk-graph-view-private.h"

#include <math.h>

/* A frame: the canvas, the texts on it, what the pointer is on, the minimap. */

#define LEAST_LABEL_ZOOM 0.42 /* below, no text can be read */
#define NEAR_ZOOM 0.7         /* from here on there is room for a caption */
#define FADED_TEXT 0.45f

static void
update_style (DagschedGtkGraphView *self)
{
  if (!self->style_is_old)
    return;

  self->style_is_old = FALSE;
  if (dagsched_gtk_graph_style_update (&self->style, GTK_WIDGET (self)))
    {
      dagsched_gtk_painter_invalidate (&self->painter);
      dagsched_gtk_painter_invalidate (&self->minimap);
    }
}

static void
paint_canvas (DagschedGtkGraphView *self, GtkSnapshot *snapshot)
{
  int scale = gtk_widget_get_scale_factor (GTK_WIDGET (self));
  const guint32 *dirty = (const guint32 *) (gpointer) self->dirty->data;

  dagsched_gtk_painter_touch (&self->painter, self->scene, dirty, self->dirty->len);
  dagsched_gtk_painter_touch (&self->minimap, self->scene, dirty, self->dirty->len);
  for (guint i = 0; i < self->dirty->len; i++)
    self->is_dirty[dirty[i]] = FALSE;
  g_array_set_size (self->dirty, 0);
  dagsched_gtk_painter_paint (&self->painter, self->scene, gtk_widget_get_width (GTK_WIDGET (self)) * scale,
                              gtk_widget_get_height (GTK_WIDGET (self)) * scale, self->zoom * scale,
                              (int) lround (self->left * scale), (int) lround (self->top * scale));
  dagsched_gtk_canvas_tiles_append (&self->tiles, snapshot, &self->painter.canvas, scale);
}

static void
append_text (DagschedGtkGraphView *self,
             GtkSnapshot *snapshot,
             PangoLayout *layout,
             guint32 test,
             float top,
             const GdkRGBA *color)
{
  graphene_point_t origin = GRAPHENE_POINT_INIT (
    round (self->scene->layout->x[test] * self->zoom) - round (self->left) +
      DAGSCHED_GTK_CARD_TEXT_LEFT * self->zoom,
    round (self->scene->layout->y[test] * self->zoom) - round (self->top) + top * self->zoom);

  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &origin);
  if (self->zoom != 1)
    gtk_snapshot_scale (snapshot, self->zoom, self->zoom);
  gtk_snapshot_append_layout (snapshot, layout, color);
  gtk_snapshot_restore (snapshot);
}

static void
append_label (DagschedGtkGraphView *self, GtkSnapshot *snapshot, guint32 test)
{
  gboolean is_near = self->zoom >= NEAR_ZOOM;
  PangoLayout *name = dagsched_gtk_graph_labels_get_name (self->labels, self->scene, test, is_near);
  GdkRGBA color = self->style.text, dim = self->style.dim_text;

  if (dagsched_gtk_graph_scene_is_faded (self->scene, test))
    color.alpha = dim.alpha = FADED_TEXT;
  append_text (self, snapshot, name, test, dagsched_gtk_graph_labels_get_name_top (name, is_near), &color);
  if (is_near)
    {
      PangoLayout *caption = dagsched_gtk_graph_labels_get_caption (self->labels, self->scene, test);

      append_text (self, snapshot, caption, test, dagsched_gtk_graph_labels_get_caption_top (caption), &dim);
    }
}

static void
collect_test (guint32 item, gpointer user_data)
{
  GArray *items = user_data;

  g_array_append_val (items, item);
}

static void
append_labels (DagschedGtkGraphView *self, GtkSnapshot *snapshot)
{
  g_autoptr (GArray) items = NULL;
  guint n = 0;

  if (self->zoom < LEAST_LABEL_ZOOM)
    return;

  items = g_array_new (FALSE, FALSE, sizeof (guint32));
  dagsched_gtk_layout_visit (self->scene->layout, self->left / self->zoom, self->top / self->zoom,
                             gtk_widget_get_width (GTK_WIDGET (self)) / self->zoom,
                             gtk_widget_get_height (GTK_WIDGET (self)) / self->zoom, collect_test, items);
  for (guint i = 0; i < items->len; i++)
    {
      guint32 item = g_array_index (items, guint32, i);

      if (!dagsched_gtk_layout_is_bend (self->scene->layout, item) &&
          dagsched_gtk_graph_view_is_in_sight (self, item))
        g_array_index (items, guint32, n++) = item;
    }
  for (guint i = 0; n <= DAGSCHED_GTK_MOST_LABELS && i < n; i++)
    append_label (self, snapshot, g_array_index (items, guint32, i));
}

static void
append_line (DagschedGtkGraphView *self,
             GtkSnapshot *snapshot,
             const graphene_point_t *from,
             const graphene_point_t *to)
{
  GdkRGBA color = self->style.accent;
  double x0 = round (MIN (from->x, to->x) * self->zoom - self->left);
  double y0 = round (MIN (from->y, to->y) * self->zoom - self->top);
  double x1 = round (MAX (from->x, to->x) * self->zoom - self->left) + 1;
  double y1 = round (MAX (from->y, to->y) * self->zoom - self->top) + 1;

  color.alpha = 0.9f;
  if (x1 < 0 || y1 < 0 || x0 > gtk_widget_get_width (GTK_WIDGET (self)) ||
      y0 > gtk_widget_get_height (GTK_WIDGET (self)))
    return;

  gtk_snapshot_append_color (snapshot, &color, &GRAPHENE_RECT_INIT (x0, y0, x1 - x0, y1 - y0));
}

static void
append_ring (DagschedGtkGraphView *self, GtkSnapshot *snapshot, guint32 test, float width)
{
  GdkRGBA color = self->style.accent;
  GskRoundedRect outline;
  graphene_rect_t box =
    GRAPHENE_RECT_INIT (round (self->scene->layout->x[test] * self->zoom) - round (self->left) - 1,
                        round (self->scene->layout->y[test] * self->zoom) - round (self->top) - 1,
                        MAX (round (DAGSCHED_GTK_NODE_WIDTH * self->zoom), 1) + 2,
                        MAX (round (DAGSCHED_GTK_NODE_HEIGHT * self->zoom), 1) + 2);

  if (!dagsched_gtk_graph_view_is_in_sight (self, test))
    return;

  gsk_rounded_rect_init_from_rect (&outline, &box, 10 * self->zoom);
  gtk_snapshot_append_border (snapshot, &outline, (float[4]){ width, width, width, width },
                              (GdkRGBA[4]){ color, color, color, color });
}

/* Around the test under the pointer and along what it waits for and what waits for it, the nearest first. The
 * others do not fade as they do about a selected test: all would flash when the pointer passes. */
static void
append_hovered (DagschedGtkGraphView *self, GtkSnapshot *snapshot)
{
  const DagschedGtkLayout *layout = self->scene->layout;

  if (self->hovered == DAGSCHED_GTK_NO_ITEM)
    return;

  for (guint i = 0; self->painter.detail != DAGSCHED_GTK_CARD_BAR && i < self->hovered_segments->len; i++)
    {
      const DagschedGtkSegment *segment = &g_array_index (self->hovered_segments, DagschedGtkSegment, i);
      graphene_point_t points[DAGSCHED_GTK_ROUTE_MAX];
      guint n = dagsched_gtk_graph_scene_route (self->scene, segment->from, segment->to, points);

      for (guint k = 0; k + 1 < n; k++)
        append_line (self, snapshot, &points[k], &points[k + 1]);
      if (!dagsched_gtk_layout_is_bend (layout, segment->from))
        append_ring (self, snapshot, segment->from, 1);
      if (!dagsched_gtk_layout_is_bend (layout, segment->to))
        append_ring (self, snapshot, segment->to, 1);
    }
  append_ring (self, snapshot, self->hovered, 2);
}

void
dagsched_gtk_graph_view_draw_frame (DagschedGtkGraphView *self,
                                    GtkSnapshot *snapshot,
                                    const graphene_rect_t *bounds)
{
  const GdkRGBA *border = &self->style.border;
  GskRoundedRect outline;

  gsk_rounded_rect_init_from_rect (&outline, bounds, 6);
  gtk_snapshot_push_rounded_clip (snapshot, &outline);
  gtk_snapshot_append_color (snapshot, &self->style.background, bounds);
  gtk_snapshot_pop (snapshot);
  gtk_snapshot_append_border (snapshot, &outline, (float[4]){ 1, 1, 1, 1 },
                              (GdkRGBA[4]){ *border, *border, *border, *border });
}

static void
append_focus (DagschedGtkGraphView *self, GtkSnapshot *snapshot)
{
  GskRoundedRect outline;
  GdkRGBA color = self->style.accent;

  if (!gtk_widget_has_visible_focus (GTK_WIDGET (self)))
    return;

  color.alpha = 0.6f;
  gsk_rounded_rect_init_from_rect (&outline,
                                   &GRAPHENE_RECT_INIT (2, 2, gtk_widget_get_width (GTK_WIDGET (self)) - 4,
                                                        gtk_widget_get_height (GTK_WIDGET (self)) - 4),
                                   6);
  gtk_snapshot_append_border (snapshot, &outline, (float[4]){ 2, 2, 2, 2 },
                              (GdkRGBA[4]){ color, color, color, color });
}

void
dagsched_gtk_graph_view_draw (DagschedGtkGraphView *self, GtkSnapshot *snapshot)
{
  graphene_rect_t bounds = GRAPHENE_RECT_INIT (0, 0, gtk_widget_get_width (GTK_WIDGET (self)),
                                               gtk_widget_get_height (GTK_WIDGET (self)));

  if (bounds.size.width < 1 || bounds.size.height < 1)
    return;

  update_style (self);
  gtk_snapshot_push_clip (snapshot, &bounds);
  if (self->scene != NULL)
    {
      paint_canvas (self, snapshot);
      append_labels (self, snapshot);
      append_hovered (self, snapshot);
    }
  if (dagsched_gtk_graph_view_has_minimap (self))
    dagsched_gtk_graph_view_draw_minimap (self, snapshot);
  append_focus (self, snapshot);
  gtk_snapshot_pop (snapshot);
}
