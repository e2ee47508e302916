/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "graph/dagsched-gtk-graph-view-private.h"

#include <math.h>

/* Which part of the drawing is seen, and how large. */

#define MARGIN 24.0   /* about the drawing when all is shown, about a test that is revealed */
#define BELOW 60.0    /* below it: the buttons are there */
#define IN_SIGHT 72.0 /* of the drawing, always */

static double
fitting_zoom (DagschedGtkGraphView *self)
{
  const DagschedGtkLayout *layout = self->scene->layout;
  double across = (gtk_widget_get_width (GTK_WIDGET (self)) - 2 * MARGIN) / MAX (layout->width, 1);
  double down = (gtk_widget_get_height (GTK_WIDGET (self)) - MARGIN - BELOW) / MAX (layout->height, 1);

  return CLAMP (MIN (across, down), 1e-5, 1.0);
}

static double
limit (double at, double length, double room)
{
  double kept = MIN (IN_SIGHT, length);

  return CLAMP (at, MIN (kept - room, 0), MAX (length - kept, 0));
}

void
dagsched_gtk_graph_view_set_camera (DagschedGtkGraphView *self, double zoom, double left, double top)
{
  gboolean has_zoomed;

  if (self->scene == NULL)
    return;

  zoom = CLAMP (zoom, MIN (fitting_zoom (self) / 2, 1), DAGSCHED_GTK_GRAPH_MAX_ZOOM);
  left = limit (left, self->scene->layout->width * zoom, gtk_widget_get_width (GTK_WIDGET (self)));
  top = limit (top, self->scene->layout->height * zoom, gtk_widget_get_height (GTK_WIDGET (self)));
  if (zoom == self->zoom && left == self->left && top == self->top)
    return;

  has_zoomed = zoom != self->zoom;
  self->zoom = zoom;
  self->left = left;
  self->top = top;
  gtk_widget_queue_draw (GTK_WIDGET (self));
  if (has_zoomed)
    g_object_notify (G_OBJECT (self), "zoom");
}

void
dagsched_gtk_graph_view_pan (DagschedGtkGraphView *self, double right, double down)
{
  self->has_moved = TRUE;
  dagsched_gtk_graph_view_set_camera (self, self->zoom, self->left + right, self->top + down);
}

/* What is at a point of the widget stays there. */
void
dagsched_gtk_graph_view_zoom_about (DagschedGtkGraphView *self, double zoom, double x, double y)
{
  double change;

  if (self->scene == NULL)
    return;

  zoom = CLAMP (zoom, MIN (fitting_zoom (self) / 2, 1), DAGSCHED_GTK_GRAPH_MAX_ZOOM);
  change = zoom / self->zoom;
  self->has_moved = TRUE;
  dagsched_gtk_graph_view_set_camera (self, zoom, (self->left + x) * change - x,
                                      (self->top + y) * change - y);
}

void
dagsched_gtk_graph_view_show_all (DagschedGtkGraphView *self)
{
  double zoom;

  self->has_moved = FALSE;
  if (self->scene == NULL || gtk_widget_get_width (GTK_WIDGET (self)) <= 0)
    return;

  zoom = fitting_zoom (self);
  dagsched_gtk_graph_view_set_camera (
    self, zoom, (self->scene->layout->width * zoom - gtk_widget_get_width (GTK_WIDGET (self))) / 2,
    (self->scene->layout->height * zoom - gtk_widget_get_height (GTK_WIDGET (self)) - MARGIN + BELOW) / 2);
}

static double
nearest (double at, double from, double to, double room)
{
  if (to - from > room - 2 * MARGIN)
    return (from + to - room) / 2;

  return CLAMP (at, to + MARGIN - room, from - MARGIN);
}

/* Moves as little as needed. */
void
dagsched_gtk_graph_view_reveal (DagschedGtkGraphView *self, guint32 test)
{
  double left, top;

  if (self->scene == NULL || test == DAGSCHED_GTK_NO_ITEM || dagsched_gtk_graph_view_shows_all (self) ||
      gtk_widget_get_width (GTK_WIDGET (self)) <= 0)
    return;

  left = self->scene->layout->x[test] * self->zoom;
  top = self->scene->layout->y[test] * self->zoom;
  dagsched_gtk_graph_view_set_camera (self, self->zoom,
                                      nearest (self->left, left, left + DAGSCHED_GTK_NODE_WIDTH * self->zoom,
                                               gtk_widget_get_width (GTK_WIDGET (self))),
                                      nearest (self->top, top, top + DAGSCHED_GTK_NODE_HEIGHT * self->zoom,
                                               gtk_widget_get_height (GTK_WIDGET (self))));
}

gboolean
dagsched_gtk_graph_view_shows_all (DagschedGtkGraphView *self)
{
  const DagschedGtkLayout *layout = self->scene->layout;

  return self->left <= 0.5 && self->top <= 0.5 &&
         layout->width * self->zoom - self->left <= gtk_widget_get_width (GTK_WIDGET (self)) + 0.5 &&
         layout->height * self->zoom - self->top <= gtk_widget_get_height (GTK_WIDGET (self)) + 0.5;
}

gboolean
dagsched_gtk_graph_view_is_in_sight (DagschedGtkGraphView *self, guint32 test)
{
  double left = self->scene->layout->x[test] * self->zoom - self->left;
  double top = self->scene->layout->y[test] * self->zoom - self->top;

  return left < gtk_widget_get_width (GTK_WIDGET (self)) && left + DAGSCHED_GTK_NODE_WIDTH * self->zoom > 0 &&
         top < gtk_widget_get_height (GTK_WIDGET (self)) && top + DAGSCHED_GTK_NODE_HEIGHT * self->zoom > 0;
}

guint32
dagsched_gtk_graph_view_pick (DagschedGtkGraphView *self, double x, double y)
{
  if (self->scene == NULL)
    return DAGSCHED_GTK_NO_ITEM;

  return dagsched_gtk_layout_pick (self->scene->layout, (x + self->left) / self->zoom,
                                   (y + self->top) / self->zoom);
}

/**
 * dagsched_gtk_graph_view_fit:
 * @self: a `DagschedGtkGraphView`
 *
 * Shows all, as large as there is room, but not larger than 100 %; also after the view's size changes, until
 * somebody moves or zooms.
 *
 * Since: 1.0
 */
void
dagsched_gtk_graph_view_fit (DagschedGtkGraphView *self)
{
  g_return_if_fail (DAGSCHED_GTK_IS_GRAPH_VIEW (self));

  dagsched_gtk_graph_view_stop_gliding (self);
  dagsched_gtk_graph_view_show_all (self);
}
