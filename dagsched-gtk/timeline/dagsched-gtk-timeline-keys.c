/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A timeline by keyboard: lanes up and down, what ran on them left and right. */
#include <math.h>

#include "timeline/dagsched-gtk-timeline-view-private.h"

#define PAN_SHARE 0.25 /* of what is seen */

/* NULL: the focus is not on a lane. */
static DagschedGtkTimelineLane *
get_focus_lane (DagschedGtkTimelineView *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;

  return focus != NULL && self->model != NULL && gtk_widget_get_parent (focus) == GTK_WIDGET (self->lanes)
           ? DAGSCHED_GTK_TIMELINE_LANE (focus)
           : NULL;
}

static DagschedGtkSpans *
get_spans (DagschedGtkTimelineView *self, DagschedGtkTimelineLane *lane)
{
  return dagsched_gtk_timeline_model_get_spans (self->model, dagsched_gtk_timeline_lane_get_lane (lane));
}

/* The span that was gone to last; else the selected test's; -1: none of this lane. */
static int
find_current (DagschedGtkTimelineView *self, DagschedGtkTimelineLane *lane)
{
  DagschedGtkSpans *spans = get_spans (self, lane);
  guint n = dagsched_gtk_spans_get_length (spans);
  double start = NAN;
  DagschedSpan span;

  if (self->cursor_lane == dagsched_gtk_timeline_lane_get_lane (lane))
    start = self->cursor_start;
  for (guint i = 0; isnan (start) && self->window->selected != DAGSCHED_GTK_NO_TEST &&
                    dagsched_run_get_span (self->run, self->window->selected, i, &span);
       i++)
    {
      if (span.worker == dagsched_gtk_timeline_lane_get_lane (lane))
        start = span.start;
    }
  if (isnan (start))
    return -1;

  for (guint i = dagsched_gtk_spans_find (spans, start); i < n; i++)
    {
      const DagschedGtkSpan *candidate = dagsched_gtk_spans_get (spans, i);

      if (candidate->start > start)
        break;
      if (candidate->start == start && candidate->test == self->window->selected)
        return (int) i;
    }

  return -1;
}

/* Where to begin on a lane: near the middle of what is seen. */
static guint
find_middle (DagschedGtkTimelineView *self, DagschedGtkSpans *spans)
{
  const DagschedGtkTimeAxis *axis = &self->window->axis;
  guint found = dagsched_gtk_spans_find (spans, dagsched_gtk_time_axis_to_time (axis, axis->width / 2));

  return MIN (found, MAX (dagsched_gtk_spans_get_length (spans), 1) - 1);
}

/* The spans of a lane, and after them what runs. */
static DagschedGtkSpan
get_span (DagschedGtkTimelineLane *lane, DagschedGtkSpans *spans, int index)
{
  DagschedGtkSpan span;

  if ((guint) index < dagsched_gtk_spans_get_length (spans))
    return *dagsched_gtk_spans_get (spans, (guint) index);

  dagsched_gtk_timeline_track_get_running (dagsched_gtk_timeline_lane_get_track (lane), &span);
  return span;
}

static gboolean
move_along (GtkWidget *widget, GVariant *arguments, gpointer data)
{
  DagschedGtkTimelineView *self = DAGSCHED_GTK_TIMELINE_VIEW (widget);
  DagschedGtkTimelineLane *lane = get_focus_lane (self);
  DagschedGtkSpan span, running;
  DagschedGtkSpans *spans;
  gboolean runs;
  int current, n;

  if (lane == NULL)
    return FALSE;

  spans = get_spans (self, lane);
  runs = dagsched_gtk_timeline_track_get_running (dagsched_gtk_timeline_lane_get_track (lane), &running);
  n = (int) dagsched_gtk_spans_get_length (spans) + runs;
  if (n == 0)
    return TRUE;

  current = find_current (self, lane);
  if (current < 0 && runs && running.test == self->window->selected)
    current = n - 1;
  current = current < 0 ? (int) find_middle (self, spans)
                        : CLAMP (current + g_variant_get_int32 (arguments), 0, n - 1);
  span = get_span (lane, spans, current);
  dagsched_gtk_timeline_view_select_span (self, lane, &span);
  if (span.look != DAGSCHED_GTK_LOOK_RUNNING || !self->window->follows)
    dagsched_gtk_time_window_reveal (self->window, span.start, span.end);

  return TRUE;
}

static gboolean
move_lane (GtkWidget *widget, GVariant *arguments, gpointer data)
{
  DagschedGtkTimelineView *self = DAGSCHED_GTK_TIMELINE_VIEW (widget);
  DagschedGtkTimelineLane *lane = get_focus_lane (self);
  int n = (int) dagsched_gtk_timeline_lanes_get_n_lanes (self->lanes), to;

  if (lane == NULL)
    return FALSE;

  to = (int) dagsched_gtk_timeline_lane_get_lane (lane) + g_variant_get_int32 (arguments);
  if (to < 0 || to >= n)
    return FALSE; /* on to what is above or below */

  gtk_widget_grab_focus (GTK_WIDGET (dagsched_gtk_timeline_lanes_get_lane (self->lanes, (guint) to)));
  return TRUE;
}

static gboolean
activate (GtkWidget *widget, GVariant *arguments, gpointer data)
{
  DagschedGtkTimelineView *self = DAGSCHED_GTK_TIMELINE_VIEW (widget);

  if (get_focus_lane (self) == NULL)
    return FALSE;

  dagsched_gtk_timeline_view_activate_selected (self);
  return TRUE;
}

static gboolean
pan (GtkWidget *widget, GVariant *arguments, gpointer data)
{
  DagschedGtkTimelineView *self = DAGSCHED_GTK_TIMELINE_VIEW (widget);

  dagsched_gtk_time_window_pan (self->window,
                                g_variant_get_int32 (arguments) * PAN_SHARE * self->window->axis.width);
  return TRUE;
}

static gboolean
go_to_start (GtkWidget *widget, GVariant *arguments, gpointer data)
{
  DagschedGtkTimelineView *self = DAGSCHED_GTK_TIMELINE_VIEW (widget);

  dagsched_gtk_time_window_pan (self->window, -self->window->axis.origin / self->window->axis.scale);
  return TRUE;
}

static gboolean
go_to_end (GtkWidget *widget, GVariant *arguments, gpointer data)
{
  DagschedGtkTimelineView *self = DAGSCHED_GTK_TIMELINE_VIEW (widget);

  if (self->window->is_live)
    dagsched_gtk_time_window_set_follows (self->window, TRUE);
  else
    dagsched_gtk_time_window_pan (self->window, self->window->end / self->window->axis.scale);
  return TRUE;
}

/* Nothing to leave: it may mean something to the window. */
static gboolean
leave (GtkWidget *widget, GVariant *arguments, gpointer data)
{
  DagschedGtkTimelineView *self = DAGSCHED_GTK_TIMELINE_VIEW (widget);

  if (!dagsched_gtk_time_window_has_range (self->window))
    return FALSE;

  dagsched_gtk_time_window_set_range (self->window, NAN, NAN);
  return TRUE;
}

static void
bind_number (GtkWidgetClass *widget_class,
             guint key,
             guint keypad,
             GdkModifierType modifiers,
             GtkShortcutFunc func,
             int number)
{
  gtk_widget_class_add_binding (widget_class, key, modifiers, func, "i", number);
  gtk_widget_class_add_binding (widget_class, keypad, modifiers, func, "i", number);
}

static void
bind_zoom (GtkWidgetClass *widget_class)
{
  static const guint nearer[] = { GDK_KEY_plus, GDK_KEY_equal, GDK_KEY_KP_Add };
  static const guint farther[] = { GDK_KEY_minus, GDK_KEY_KP_Subtract };
  static const guint all[] = { GDK_KEY_0, GDK_KEY_KP_0 };

  for (guint modifiers = 0; modifiers <= GDK_CONTROL_MASK; modifiers += GDK_CONTROL_MASK)
    {
      for (guint i = 0; i < G_N_ELEMENTS (nearer); i++)
        gtk_widget_class_add_binding_action (widget_class, nearer[i], modifiers, "timeline.zoom-in", NULL);
      for (guint i = 0; i < G_N_ELEMENTS (farther); i++)
        gtk_widget_class_add_binding_action (widget_class, farther[i], modifiers, "timeline.zoom-out", NULL);
      for (guint i = 0; i < G_N_ELEMENTS (all); i++)
        gtk_widget_class_add_binding_action (widget_class, all[i], modifiers, "timeline.fit", NULL);
    }
}

void
dagsched_gtk_timeline_view_class_add_bindings (GtkWidgetClass *widget_class)
{
  static const guint enter[] = { GDK_KEY_Return, GDK_KEY_KP_Enter, GDK_KEY_ISO_Enter };

  bind_number (widget_class, GDK_KEY_Left, GDK_KEY_KP_Left, 0, move_along, -1);
  bind_number (widget_class, GDK_KEY_Right, GDK_KEY_KP_Right, 0, move_along, 1);
  bind_number (widget_class, GDK_KEY_Up, GDK_KEY_KP_Up, 0, move_lane, -1);
  bind_number (widget_class, GDK_KEY_Down, GDK_KEY_KP_Down, 0, move_lane, 1);
  bind_number (widget_class, GDK_KEY_Left, GDK_KEY_KP_Left, GDK_CONTROL_MASK, pan, -1);
  bind_number (widget_class, GDK_KEY_Right, GDK_KEY_KP_Right, GDK_CONTROL_MASK, pan, 1);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Home, 0, go_to_start, NULL);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_End, 0, go_to_end, NULL);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Escape, 0, leave, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (enter); i++)
    gtk_widget_class_add_binding (widget_class, enter[i], 0, activate, NULL);
  bind_zoom (widget_class);
}
