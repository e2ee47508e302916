/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Pointer and fingers on a timeline: pan, zoom, ranges, clicks, tooltips. */
#include <glib/gi18n-lib.h>
#include <math.h>

#include "timeline/dagsched-gtk-timeline-view-private.h"
#include "timeline/dagsched-gtk-timeline-words-private.h"

#define SCROLL_PIXELS 80 /* a click of a wheel */
#define SCROLL_ZOOM 1.25
#define DRAG_THRESHOLD 4

/* Where a place on the view is on the axis. */
static double
to_axis (DagschedGtkTimelineView *self, double x)
{
  return x - self->window->header_width;
}

static double
to_time (DagschedGtkTimelineView *self, double x)
{
  return dagsched_gtk_time_axis_to_time (&self->window->axis, to_axis (self, x));
}

static DagschedGtkTimelineLane *
pick_lane (DagschedGtkTimelineView *self, double x, double y)
{
  double lanes_y;

  if (!gtk_widget_translate_coordinates (GTK_WIDGET (self), GTK_WIDGET (self->lanes), x, y, NULL, &lanes_y))
    return NULL;

  return dagsched_gtk_timeline_lanes_pick (self->lanes, lanes_y);
}

static gboolean
is_on_axis (DagschedGtkTimelineView *self, double x, double y)
{
  graphene_rect_t bounds;

  return self->model != NULL && to_axis (self, x) >= 0 &&
         gtk_widget_compute_bounds (GTK_WIDGET (self->marks), GTK_WIDGET (self), &bounds) &&
         graphene_rect_contains_point (&bounds, &GRAPHENE_POINT_INIT ((float) x, (float) y));
}

static void
on_motion (GtkEventControllerMotion *controller, double x, double y, DagschedGtkTimelineView *self)
{
  dagsched_gtk_time_window_set_pointer (self->window,
                                        is_on_axis (self, x, y) ? MAX (to_time (self, x), 0) : NAN);
}

static void
on_leave (GtkEventControllerMotion *controller, DagschedGtkTimelineView *self)
{
  dagsched_gtk_time_window_set_pointer (self->window, NAN);
}

static double
get_pointer_x (DagschedGtkTimelineView *self)
{
  return dagsched_gtk_time_axis_to_x (&self->window->axis, self->window->pointer);
}

static gboolean
lanes_scroll (DagschedGtkTimelineView *self)
{
  GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (self->scroller);

  return gtk_adjustment_get_upper (adjustment) > gtk_adjustment_get_page_size (adjustment);
}

/* Where there is nothing to scroll up and down, that moves the time too. */
static gboolean
on_scroll (GtkEventControllerScroll *controller, double dx, double dy, DagschedGtkTimelineView *self)
{
  GdkModifierType state = gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (controller));
  double unit =
    gtk_event_controller_scroll_get_unit (controller) == GDK_SCROLL_UNIT_WHEEL ? SCROLL_PIXELS : 1;

  if (self->model == NULL)
    return GDK_EVENT_PROPAGATE;

  if (state & GDK_CONTROL_MASK)
    {
      dagsched_gtk_time_window_zoom (self->window, get_pointer_x (self),
                                     pow (SCROLL_ZOOM, -dy * (unit == 1 ? 1.0 / SCROLL_PIXELS : 1)));
      return GDK_EVENT_STOP;
    }
  if (dx == 0 && ((state & GDK_SHIFT_MASK) || !lanes_scroll (self)))
    dx = dy;
  if (dx == 0)
    return GDK_EVENT_PROPAGATE;

  dagsched_gtk_time_window_pan (self->window, dx * unit);
  return GDK_EVENT_STOP;
}

static void
on_drag_begin (GtkGestureDrag *gesture, double x, double y, DagschedGtkTimelineView *self)
{
  GdkModifierType state = gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (gesture));
  GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (self->scroller);

  if (!is_on_axis (self, x, y))
    {
      gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_DENIED);
      return;
    }

  self->pan_origin = self->window->axis.origin;
  self->drag_start = MAX (to_time (self, x), 0);
  self->drag_scroll = gtk_adjustment_get_value (adjustment);
  self->drags_range = (state & GDK_SHIFT_MASK) != 0;
}

static void
on_drag_update (GtkGestureDrag *gesture, double dx, double dy, DagschedGtkTimelineView *self)
{
  const DagschedGtkTimeAxis *axis = &self->window->axis;
  double x, y;

  if (gtk_gesture_get_sequence_state (
        GTK_GESTURE (gesture), gtk_gesture_single_get_current_sequence (GTK_GESTURE_SINGLE (gesture))) !=
      GTK_EVENT_SEQUENCE_CLAIMED)
    {
      if (hypot (dx, dy) < DRAG_THRESHOLD)
        return;
      gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
    }

  gtk_gesture_drag_get_start_point (gesture, &x, &y);
  if (self->drags_range)
    {
      dagsched_gtk_time_window_set_range (self->window, self->drag_start, MAX (to_time (self, x + dx), 0));
      return;
    }

  dagsched_gtk_time_window_pan (self->window, (self->pan_origin - axis->origin) / axis->scale - dx);
  gtk_adjustment_set_value (gtk_scrolled_window_get_vadjustment (self->scroller), self->drag_scroll - dy);
}

static DagschedGtkTimelineHit
find (DagschedGtkTimelineView *self, double x, double y, DagschedGtkTimelineLane **lane)
{
  *lane = self->model != NULL && to_axis (self, x) >= 0 ? pick_lane (self, x, y) : NULL;
  if (*lane == NULL)
    return (DagschedGtkTimelineHit){ .test = DAGSCHED_GTK_NO_TEST };

  return dagsched_gtk_timeline_track_find (dagsched_gtk_timeline_lane_get_track (*lane), to_axis (self, x));
}

static void
on_released (GtkGestureClick *gesture, int n_press, double x, double y, DagschedGtkTimelineView *self)
{
  DagschedGtkTimelineLane *lane;
  DagschedGtkTimelineHit hit = find (self, x, y, &lane);

  if (lane == NULL)
    return;

  gtk_widget_grab_focus (GTK_WIDGET (lane));
  if (hit.test != DAGSCHED_GTK_NO_TEST)
    {
      dagsched_gtk_timeline_view_select_span (self, lane, &hit.span);
      if (n_press == 2)
        dagsched_gtk_timeline_view_activate_selected (self);
      return;
    }

  dagsched_gtk_timeline_lane_set_current (lane, NULL);
  dagsched_gtk_timeline_view_set_selected (self, NULL);
  dagsched_gtk_time_window_set_range (self->window, NAN, NAN);
}

static void
on_pinch_begin (GtkGesture *gesture, GdkEventSequence *sequence, DagschedGtkTimelineView *self)
{
  self->last_pinch = 1;
}

static void
on_pinch (GtkGestureZoom *gesture, double scale, DagschedGtkTimelineView *self)
{
  double x = NAN;

  if (self->model == NULL || !(scale > 0))
    return;

  if (gtk_gesture_is_active (GTK_GESTURE (gesture)) &&
      gtk_gesture_get_bounding_box_center (GTK_GESTURE (gesture), &x, &(double){ 0 }))
    x = to_axis (self, x);
  dagsched_gtk_time_window_zoom (self->window, x, scale / self->last_pinch);
  self->last_pinch = scale;
}

static gboolean
on_query_tooltip (GtkWidget *widget,
                  int x,
                  int y,
                  gboolean by_keyboard,
                  GtkTooltip *tooltip,
                  DagschedGtkTimelineView *self)
{
  DagschedGtkTimelineLane *lane;
  DagschedGtkTimelineHit hit;
  g_autofree char *text = NULL;
  g_autofree char *all = NULL;

  if (by_keyboard)
    return FALSE;

  hit = find (self, x, y, &lane);
  if (hit.test == DAGSCHED_GTK_NO_TEST)
    return FALSE;

  text = dagsched_gtk_timeline_describe_span (self->model, &hit.span);
  /* Translators: what ran, then the number of a worker */
  all = g_strdup_printf (_ ("%s\nWorker %u"), text, dagsched_gtk_timeline_lane_get_lane (lane));
  gtk_tooltip_set_text (tooltip, all);
  gtk_tooltip_set_tip_area (tooltip, &(GdkRectangle){ x - 4, y - 4, 8, 8 });

  return TRUE;
}

static void
add_controller (DagschedGtkTimelineView *self, gpointer controller)
{
  gtk_widget_add_controller (GTK_WIDGET (self), controller);
}

/* Before the scrolled window sees it. */
static void
add_scrolling (DagschedGtkTimelineView *self)
{
  GtkEventController *scroll = gtk_event_controller_scroll_new (GTK_EVENT_CONTROLLER_SCROLL_BOTH_AXES);

  gtk_event_controller_set_propagation_phase (scroll, GTK_PHASE_CAPTURE);
  g_signal_connect (scroll, "scroll", G_CALLBACK (on_scroll), self);
  add_controller (self, scroll);
}

void
dagsched_gtk_timeline_view_add_controllers (DagschedGtkTimelineView *self)
{
  GtkEventController *motion = gtk_event_controller_motion_new ();
  GtkGesture *drag = gtk_gesture_drag_new (), *click = gtk_gesture_click_new (),
             *pinch = gtk_gesture_zoom_new ();

  g_signal_connect (motion, "enter", G_CALLBACK (on_motion), self);
  g_signal_connect (motion, "motion", G_CALLBACK (on_motion), self);
  g_signal_connect (motion, "leave", G_CALLBACK (on_leave), self);
  add_controller (self, motion);
  add_scrolling (self);
  g_signal_connect (click, "released", G_CALLBACK (on_released), self);
  add_controller (self, click);
  g_signal_connect (drag, "drag-begin", G_CALLBACK (on_drag_begin), self);
  g_signal_connect (drag, "drag-update", G_CALLBACK (on_drag_update), self);
  add_controller (self, drag);
  g_signal_connect (pinch, "begin", G_CALLBACK (on_pinch_begin), self);
  g_signal_connect (pinch, "scale-changed", G_CALLBACK (on_pinch), self);
  add_controller (self, pinch);

  gtk_widget_set_has_tooltip (GTK_WIDGET (self), TRUE);
  g_signal_connect (self, "query-tooltip", G_CALLBACK (on_query_tooltip), self);
}
