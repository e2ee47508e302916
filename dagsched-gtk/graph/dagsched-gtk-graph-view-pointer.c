/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "graph/dagsched-gtk-graph-view-private.h"

#include "base/dagsched-gtk-text-private.h"

#include <math.h>

/* Dragging, scrolling, pinching, clicking, hovering. */

#define THRESHOLD 6.0    /* pixels: a shorter drag is a click */
#define WHEEL_STEP 60.0  /* pixels a notch */
#define ZOOM_STEP 1.2    /* a notch */
#define FRICTION 5.0     /* a second: of the speed of gliding */
#define LEAST_SPEED 20.0 /* pixels a second */
#define MOST_HOVERED 300 /* segments */

void
dagsched_gtk_graph_view_hover (DagschedGtkGraphView *self, guint32 test)
{
  if (self->hovered == test)
    return;

  self->hovered = test;
  g_array_set_size (self->hovered_segments, 0);
  if (test != DAGSCHED_GTK_NO_ITEM)
    dagsched_gtk_graph_scene_list_related (self->scene, test, self->hovered_segments, MOST_HOVERED);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
dagsched_gtk_graph_view_stop_gliding (DagschedGtkGraphView *self)
{
  if (self->glide != 0)
    gtk_widget_remove_tick_callback (GTK_WIDGET (self), self->glide);
  self->glide = 0;
}

static gboolean
glide (GtkWidget *widget, GdkFrameClock *clock, gpointer user_data)
{
  DagschedGtkGraphView *self = DAGSCHED_GTK_GRAPH_VIEW (widget);
  gint64 now = gdk_frame_clock_get_frame_time (clock);
  double seconds = CLAMP ((now - self->glide_time) / 1e6, 0, 0.1);
  double left = self->left, top = self->top;

  self->glide_time = now;
  dagsched_gtk_graph_view_pan (self, self->speed_x * seconds, self->speed_y * seconds);
  self->speed_x *= exp (-FRICTION * seconds);
  self->speed_y *= exp (-FRICTION * seconds);
  /* It came to rest, or to the end of the drawing. */
  if (hypot (self->speed_x, self->speed_y) < LEAST_SPEED ||
      (seconds > 0 && left == self->left && top == self->top))
    {
      self->glide = 0;
      return G_SOURCE_REMOVE;
    }

  return G_SOURCE_CONTINUE;
}

static void
on_decelerate (GtkEventControllerScroll *scroll, double speed_x, double speed_y, DagschedGtkGraphView *self)
{
  gboolean animates;

  g_object_get (gtk_widget_get_settings (GTK_WIDGET (self)), "gtk-enable-animations", &animates, NULL);
  if (!animates || self->scene == NULL || hypot (speed_x, speed_y) < LEAST_SPEED)
    return;

  dagsched_gtk_graph_view_stop_gliding (self);
  self->speed_x = speed_x;
  self->speed_y = speed_y;
  self->glide_time = gdk_frame_clock_get_frame_time (gtk_widget_get_frame_clock (GTK_WIDGET (self)));
  self->glide = gtk_widget_add_tick_callback (GTK_WIDGET (self), glide, NULL, NULL);
}

static gboolean
on_scroll (GtkEventControllerScroll *scroll, double right, double down, DagschedGtkGraphView *self)
{
  GdkModifierType state = gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (scroll));
  GdkEvent *event = gtk_event_controller_get_current_event (GTK_EVENT_CONTROLLER (scroll));
  gboolean is_wheel = gdk_scroll_event_get_direction (event) != GDK_SCROLL_SMOOTH;
  double step = is_wheel ? WHEEL_STEP : 1;

  dagsched_gtk_graph_view_stop_gliding (self);
  if (state & GDK_CONTROL_MASK)
    dagsched_gtk_graph_view_zoom_about (self, self->zoom * pow (ZOOM_STEP, is_wheel ? -down : -down / 30),
                                        self->pointer_x, self->pointer_y);
  else if (state & GDK_SHIFT_MASK)
    dagsched_gtk_graph_view_pan (self, (down + right) * step, 0);
  else
    dagsched_gtk_graph_view_pan (self, right * step, down * step);

  return GDK_EVENT_STOP;
}

static void
on_pinch_begin (GtkGesture *gesture, GdkEventSequence *sequence, DagschedGtkGraphView *self)
{
  dagsched_gtk_graph_view_stop_gliding (self);
  self->pinch_zoom = self->zoom;
  gtk_gesture_set_state (gesture, GTK_EVENT_SEQUENCE_CLAIMED);
}

static void
on_pinch (GtkGestureZoom *gesture, double scale, DagschedGtkGraphView *self)
{
  double x = self->pointer_x, y = self->pointer_y;

  /* Two fingers that began at one point have none. */
  if (!(scale > 0))
    return;

  if (gtk_gesture_is_active (GTK_GESTURE (gesture)))
    gtk_gesture_get_bounding_box_center (GTK_GESTURE (gesture), &x, &y);
  dagsched_gtk_graph_view_zoom_about (self, self->pinch_zoom * scale, x, y);
}

static void
on_drag_begin (GtkGestureDrag *gesture, double x, double y, DagschedGtkGraphView *self)
{
  dagsched_gtk_graph_view_stop_gliding (self);
  gtk_widget_grab_focus (GTK_WIDGET (self));
  self->drag_x = self->drag_y = 0;
  self->is_dragging = FALSE;
  self->is_in_minimap = dagsched_gtk_graph_view_is_in_minimap (self, x, y);
  if (self->is_in_minimap)
    {
      gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
      dagsched_gtk_graph_view_go_in_minimap (self, x, y);
    }
}

static void
on_drag_update (GtkGestureDrag *gesture, double x, double y, DagschedGtkGraphView *self)
{
  double start_x, start_y;

  if (self->is_in_minimap)
    {
      gtk_gesture_drag_get_start_point (gesture, &start_x, &start_y);
      dagsched_gtk_graph_view_go_in_minimap (self, start_x + x, start_y + y);
      return;
    }
  if (!self->is_dragging)
    {
      if (hypot (x, y) < THRESHOLD)
        return;
      self->is_dragging = TRUE;
      gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
      gtk_widget_set_cursor_from_name (GTK_WIDGET (self), "grabbing");
      dagsched_gtk_graph_view_hover (self, DAGSCHED_GTK_NO_ITEM);
    }
  dagsched_gtk_graph_view_pan (self, self->drag_x - x, self->drag_y - y);
  self->drag_x = x;
  self->drag_y = y;
}

static void
on_drag_end (GtkGestureDrag *gesture, double x, double y, DagschedGtkGraphView *self)
{
  self->is_dragging = FALSE;
  self->is_in_minimap = FALSE;
  gtk_widget_set_cursor (GTK_WIDGET (self), NULL);
}

static void
on_released (GtkGestureClick *gesture, int n_press, double x, double y, DagschedGtkGraphView *self)
{
  guint32 test = dagsched_gtk_graph_view_pick (self, x, y);

  if (self->is_in_minimap)
    return;

  dagsched_gtk_graph_view_set_selected (self, test != DAGSCHED_GTK_NO_ITEM ? self->table->tests[test] : NULL);
  if (n_press == 2)
    dagsched_gtk_graph_view_activate (self);
}

static void
on_motion (GtkEventControllerMotion *motion, double x, double y, DagschedGtkGraphView *self)
{
  self->pointer_x = x;
  self->pointer_y = y;
  if (self->is_dragging || dagsched_gtk_graph_view_is_in_minimap (self, x, y))
    return;

  dagsched_gtk_graph_view_hover (self, dagsched_gtk_graph_view_pick (self, x, y));
}

static void
on_leave (GtkEventControllerMotion *motion, DagschedGtkGraphView *self)
{
  dagsched_gtk_graph_view_hover (self, DAGSCHED_GTK_NO_ITEM);
}

static char *
describe_test (DagschedGtkGraphView *self, guint32 test)
{
  const char *name = dagsched_test_get_name (self->table->tests[test]);
  const char *reason = dagsched_test_get_reason (self->table->tests[test]);
  g_autofree char *caption = dagsched_gtk_graph_labels_describe (self->table, test);
  g_autofree char *shown_name = g_markup_escape_text (name, -1);
  g_autofree char *shown_caption = g_markup_escape_text (caption, -1);
  g_autofree char *shown_reason = reason != NULL ? g_markup_escape_text (reason, -1) : NULL;

  return g_strdup_printf ("<b>%s</b>\n%s%s%s", shown_name, shown_caption, shown_reason != NULL ? "\n" : "",
                          shown_reason != NULL ? shown_reason : "");
}

static gboolean
on_query_tooltip (GtkWidget *widget, int x, int y, gboolean by_keyboard, GtkTooltip *tooltip)
{
  DagschedGtkGraphView *self = DAGSCHED_GTK_GRAPH_VIEW (widget);
  guint32 test = by_keyboard ? dagsched_gtk_graph_view_get_selected_number (self)
                             : dagsched_gtk_graph_view_pick (self, x, y);
  g_autofree char *text = NULL;
  GdkRectangle box;

  if (test == DAGSCHED_GTK_NO_ITEM || (!by_keyboard && dagsched_gtk_graph_view_is_in_minimap (self, x, y)))
    return FALSE;

  text = describe_test (self, test);
  box = (GdkRectangle){ (int) (self->scene->layout->x[test] * self->zoom - self->left),
                        (int) (self->scene->layout->y[test] * self->zoom - self->top),
                        MAX ((int) (DAGSCHED_GTK_NODE_WIDTH * self->zoom), 1),
                        MAX ((int) (DAGSCHED_GTK_NODE_HEIGHT * self->zoom), 1) };
  gtk_tooltip_set_markup (tooltip, text);
  gtk_tooltip_set_tip_area (tooltip, &box);

  return TRUE;
}

static void
add_gestures (DagschedGtkGraphView *self)
{
  GtkGesture *drag = gtk_gesture_drag_new ();
  GtkGesture *middle = gtk_gesture_drag_new ();
  GtkGesture *click = gtk_gesture_click_new ();
  GtkGesture *pinch = gtk_gesture_zoom_new ();

  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (middle), GDK_BUTTON_MIDDLE);
  g_signal_connect (drag, "drag-begin", G_CALLBACK (on_drag_begin), self);
  g_signal_connect (drag, "drag-update", G_CALLBACK (on_drag_update), self);
  g_signal_connect (drag, "drag-end", G_CALLBACK (on_drag_end), self);
  g_signal_connect (middle, "drag-begin", G_CALLBACK (on_drag_begin), self);
  g_signal_connect (middle, "drag-update", G_CALLBACK (on_drag_update), self);
  g_signal_connect (middle, "drag-end", G_CALLBACK (on_drag_end), self);
  g_signal_connect (click, "released", G_CALLBACK (on_released), self);
  g_signal_connect (pinch, "begin", G_CALLBACK (on_pinch_begin), self);
  g_signal_connect (pinch, "scale-changed", G_CALLBACK (on_pinch), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (click));
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (drag));
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (middle));
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (pinch));
}

void
dagsched_gtk_graph_view_add_controllers (DagschedGtkGraphView *self)
{
  GtkEventController *scroll = gtk_event_controller_scroll_new (GTK_EVENT_CONTROLLER_SCROLL_BOTH_AXES |
                                                                GTK_EVENT_CONTROLLER_SCROLL_KINETIC);
  GtkEventController *motion = gtk_event_controller_motion_new ();

  g_signal_connect (scroll, "scroll", G_CALLBACK (on_scroll), self);
  g_signal_connect (scroll, "decelerate", G_CALLBACK (on_decelerate), self);
  g_signal_connect (motion, "motion", G_CALLBACK (on_motion), self);
  g_signal_connect (motion, "leave", G_CALLBACK (on_leave), self);
  gtk_widget_add_controller (GTK_WIDGET (self), scroll);
  gtk_widget_add_controller (GTK_WIDGET (self), motion);
  add_gestures (self);

  gtk_widget_set_has_tooltip (GTK_WIDGET (self), TRUE);
  g_signal_connect (self, "query-tooltip", G_CALLBACK (on_query_tooltip), NULL);
}
