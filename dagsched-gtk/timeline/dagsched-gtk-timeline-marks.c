/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "timeline/dagsched-gtk-timeline-marks-private.h"

#include <adwaita.h>
#include <math.h>

#include "base/dagsched-gtk-look-private.h"

#define RULER_HEIGHT 30
#define BUBBLE_PADDING 6
#define BUBBLE_HEIGHT 20
/* A time is written as exactly as a pixel is. */
#define PIXELS_A_DIGIT 1.0

struct _DagschedGtkTimelineMarks
{
  GtkWidget parent_instance;

  DagschedGtkTimeWindow *window;
  DagschedGtkLayoutCache *layouts; /* the view's */
};

G_DEFINE_FINAL_TYPE (DagschedGtkTimelineMarks, dagsched_gtk_timeline_marks, GTK_TYPE_WIDGET)

static float
to_x (DagschedGtkTimelineMarks *self, double time)
{
  const DagschedGtkTimeAxis *axis = &self->window->axis;

  return (float) round (CLAMP (dagsched_gtk_time_axis_to_x (axis, time), -8, axis->width + 8));
}

static void
snapshot_line (DagschedGtkTimelineMarks *self,
               GtkSnapshot *snapshot,
               double time,
               float top,
               const GdkRGBA *color)
{
  gtk_snapshot_append_color (
    snapshot, color,
    &GRAPHENE_RECT_INIT (to_x (self, time), top, 1, (float) gtk_widget_get_height (GTK_WIDGET (self)) - top));
}

static gboolean
is_dark (DagschedGtkTimelineMarks *self)
{
  GtkWidget *widget = GTK_WIDGET (self);

  return adw_style_manager_get_dark (adw_style_manager_get_for_display (gtk_widget_get_display (widget)));
}

static void
snapshot_range (DagschedGtkTimelineMarks *self, GtkSnapshot *snapshot, const GdkRGBA *foreground)
{
  const GdkRGBA veil = is_dark (self) ? (GdkRGBA){ 0, 0, 0, 0.55f } : (GdkRGBA){ 1, 1, 1, 0.65f };
  float height = (float) gtk_widget_get_height (GTK_WIDGET (self));
  float from, to;

  if (!dagsched_gtk_time_window_has_range (self->window))
    return;

  from = MAX (to_x (self, self->window->range_from), 0);
  to = MIN (to_x (self, self->window->range_to), (float) self->window->axis.width);
  gtk_snapshot_append_color (snapshot, &veil, &GRAPHENE_RECT_INIT (0, RULER_HEIGHT, from, height));
  gtk_snapshot_append_color (
    snapshot, &veil,
    &GRAPHENE_RECT_INIT (to, RULER_HEIGHT, MAX ((float) self->window->axis.width - to, 0), height));
  snapshot_line (self, snapshot, self->window->range_from, 0, foreground);
  snapshot_line (self, snapshot, self->window->range_to, 0, foreground);
}

static void
snapshot_pointer (DagschedGtkTimelineMarks *self, GtkSnapshot *snapshot, const GdkRGBA *foreground)
{
  const GdkRGBA background = is_dark (self) ? (GdkRGBA){ 0.15f, 0.15f, 0.15f, 1 } : (GdkRGBA){ 1, 1, 1, 1 };
  double interval = pow (10, floor (log10 (self->window->axis.scale * PIXELS_A_DIGIT)));
  g_autofree char *text = NULL;
  GskRoundedRect bubble;
  int width;
  float x;

  if (isnan (self->window->pointer))
    return;

  text = dagsched_gtk_time_axis_format (self->window->pointer, interval);
  pango_layout_get_pixel_size (dagsched_gtk_layout_cache_get (self->layouts, DAGSCHED_GTK_TEXT_SMALL, text),
                               &width, NULL);
  x = to_x (self, self->window->pointer) - (float) (width / 2 + BUBBLE_PADDING);
  x = CLAMP (x, 0, MAX ((float) self->window->axis.width - (float) width - 2 * BUBBLE_PADDING, 0));
  snapshot_line (self, snapshot, self->window->pointer, BUBBLE_HEIGHT, foreground);
  gsk_rounded_rect_init_from_rect (
    &bubble, &GRAPHENE_RECT_INIT (x, 2, (float) width + 2 * BUBBLE_PADDING, BUBBLE_HEIGHT),
    BUBBLE_HEIGHT / 2.0f);
  gtk_snapshot_push_rounded_clip (snapshot, &bubble);
  gtk_snapshot_append_color (snapshot, foreground, &bubble.bounds);
  gtk_snapshot_pop (snapshot);
  dagsched_gtk_layout_cache_draw (self->layouts, snapshot, DAGSCHED_GTK_TEXT_SMALL, text, &background,
                                  x + BUBBLE_PADDING, 2 + BUBBLE_HEIGHT / 2, 0);
}

static void
dagsched_gtk_timeline_marks_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  DagschedGtkTimelineMarks *self = DAGSCHED_GTK_TIMELINE_MARKS (widget);
  int width = gtk_widget_get_width (widget), height = gtk_widget_get_height (widget);
  GdkRGBA foreground;

  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &foreground);
  gtk_snapshot_push_clip (snapshot, &GRAPHENE_RECT_INIT ((float) self->window->header_width, 0,
                                                         (float) MAX (width - self->window->header_width, 0),
                                                         (float) height));
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT ((float) self->window->header_width, 0));
  snapshot_range (self, snapshot, &foreground);
  if (self->window->is_live)
    snapshot_line (self, snapshot, self->window->end, RULER_HEIGHT,
                   dagsched_gtk_look_get_color (DAGSCHED_GTK_LOOK_RUNNING, is_dark (self)));
  snapshot_pointer (self, snapshot, &foreground);
  gtk_snapshot_restore (snapshot);
  gtk_snapshot_pop (snapshot);
}

static void
dagsched_gtk_timeline_marks_dispose (GObject *object)
{
  g_clear_object (&DAGSCHED_GTK_TIMELINE_MARKS (object)->window);

  G_OBJECT_CLASS (dagsched_gtk_timeline_marks_parent_class)->dispose (object);
}

static void
dagsched_gtk_timeline_marks_class_init (DagschedGtkTimelineMarksClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = dagsched_gtk_timeline_marks_dispose;
  widget_class->snapshot = dagsched_gtk_timeline_marks_snapshot;

  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
dagsched_gtk_timeline_marks_init (DagschedGtkTimelineMarks *self)
{
  gtk_widget_set_can_target (GTK_WIDGET (self), FALSE);
}

void
dagsched_gtk_timeline_marks_set_window (DagschedGtkTimelineMarks *self,
                                        DagschedGtkTimeWindow *window,
                                        DagschedGtkLayoutCache *layouts)
{
  self->window = g_object_ref (window);
  self->layouts = layouts;
  g_signal_connect_object (window, "moved", G_CALLBACK (gtk_widget_queue_draw), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (window, "grown", G_CALLBACK (gtk_widget_queue_draw), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (window, "marked", G_CALLBACK (gtk_widget_queue_draw), self, G_CONNECT_SWAPPED);
}
