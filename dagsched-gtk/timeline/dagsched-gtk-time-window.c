/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "timeline/dagsched-gtk-time-window-private.h"

#include <math.h>

#define REVEAL_MARGIN 48.0 /* pixels */

enum
{
  MOVED,
  GROWN,
  MARKED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (DagschedGtkTimeWindow, dagsched_gtk_time_window, G_TYPE_OBJECT)

static void
dagsched_gtk_time_window_class_init (DagschedGtkTimeWindowClass *klass)
{
  signals[MOVED] = g_signal_new ("moved", DAGSCHED_GTK_TYPE_TIME_WINDOW, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 NULL, G_TYPE_NONE, 0);
  signals[GROWN] = g_signal_new ("grown", DAGSCHED_GTK_TYPE_TIME_WINDOW, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 NULL, G_TYPE_NONE, 0);
  signals[MARKED] = g_signal_new ("marked", DAGSCHED_GTK_TYPE_TIME_WINDOW, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                  NULL, G_TYPE_NONE, 0);
}

static void
dagsched_gtk_time_window_init (DagschedGtkTimeWindow *self)
{
  self->axis = (DagschedGtkTimeAxis){ .scale = 1, .width = 1 };
  dagsched_gtk_time_window_reset (self);
}

DagschedGtkTimeWindow *
dagsched_gtk_time_window_new (void)
{
  return g_object_new (DAGSCHED_GTK_TYPE_TIME_WINDOW, NULL);
}

/* How far one can look: a run that goes on has some room to grow into, and one that has not begun too. */
static double
get_limit (DagschedGtkTimeWindow *self)
{
  if (!(self->end > 0))
    return 1;

  return self->is_live ? dagsched_gtk_time_axis_round_end (self->end) : self->end;
}

static void
adjust (DagschedGtkTimeWindow *self)
{
  if (self->is_fit)
    dagsched_gtk_time_axis_fit (&self->axis, get_limit (self));
  else if (self->follows && self->is_live)
    dagsched_gtk_time_axis_follow (&self->axis, self->end);
}

static void
tell_moved (DagschedGtkTimeWindow *self)
{
  g_signal_emit (self, signals[MOVED], 0);
}

void
dagsched_gtk_time_window_set_size (DagschedGtkTimeWindow *self, int header_width, double width)
{
  if (self->header_width == header_width && self->axis.width == width)
    return;

  self->header_width = header_width;
  dagsched_gtk_time_axis_set_width (&self->axis, width, get_limit (self));
  adjust (self);
  tell_moved (self);
}

void
dagsched_gtk_time_window_reset (DagschedGtkTimeWindow *self)
{
  self->end = 0;
  self->is_live = FALSE;
  self->is_fit = TRUE;
  self->follows = TRUE;
  self->pointer = NAN;
  self->range_from = NAN;
  self->range_to = NAN;
  self->selected = DAGSCHED_GTK_NO_TEST;
  adjust (self);
  tell_moved (self);
  g_signal_emit (self, signals[MARKED], 0);
}

void
dagsched_gtk_time_window_set_end (DagschedGtkTimeWindow *self, double end, gboolean is_live)
{
  double origin = self->axis.origin, scale = self->axis.scale;
  gboolean was_live = self->is_live;

  if (self->end == end && self->is_live == is_live)
    return;

  self->end = end;
  self->is_live = is_live;
  adjust (self);
  if (self->axis.origin == origin && self->axis.scale == scale && is_live == was_live)
    g_signal_emit (self, signals[GROWN], 0);
  else
    tell_moved (self);
}

void
dagsched_gtk_time_window_set_follows (DagschedGtkTimeWindow *self, gboolean follows)
{
  if (self->follows == follows)
    return;

  self->follows = follows;
  adjust (self);
  tell_moved (self);
}

void
dagsched_gtk_time_window_fit (DagschedGtkTimeWindow *self)
{
  self->is_fit = TRUE;
  self->follows = TRUE;
  adjust (self);
  tell_moved (self);
}

static void
leave_end (DagschedGtkTimeWindow *self)
{
  self->is_fit = FALSE;
  if (self->is_live)
    self->follows = FALSE;
}

void
dagsched_gtk_time_window_pan (DagschedGtkTimeWindow *self, double pixels)
{
  double origin = self->axis.origin;

  dagsched_gtk_time_axis_pan (&self->axis, pixels, get_limit (self));
  if (self->axis.origin == origin)
    return;

  leave_end (self);
  tell_moved (self);
}

void
dagsched_gtk_time_window_zoom (DagschedGtkTimeWindow *self, double x, double factor)
{
  gboolean at_end = isnan (x) && self->follows && self->is_live;
  double scale = self->axis.scale;

  if (isnan (x))
    x = at_end ? dagsched_gtk_time_axis_to_x (&self->axis, self->end) : self->axis.width / 2;
  dagsched_gtk_time_axis_zoom (&self->axis, x, factor, get_limit (self));
  if (self->axis.scale == scale)
    return;

  if (at_end)
    self->is_fit = FALSE;
  else
    leave_end (self);
  tell_moved (self);
}

void
dagsched_gtk_time_window_reveal (DagschedGtkTimeWindow *self, double from, double to)
{
  double origin = self->axis.origin;

  dagsched_gtk_time_axis_reveal (&self->axis, to, REVEAL_MARGIN, get_limit (self));
  dagsched_gtk_time_axis_reveal (&self->axis, from, MIN (REVEAL_MARGIN, from / self->axis.scale),
                                 get_limit (self));
  if (self->axis.origin == origin)
    return;

  leave_end (self);
  tell_moved (self);
}

void
dagsched_gtk_time_window_set_pointer (DagschedGtkTimeWindow *self, double time)
{
  if (self->pointer == time || (isnan (self->pointer) && isnan (time)))
    return;

  self->pointer = time;
  g_signal_emit (self, signals[MARKED], 0);
}

void
dagsched_gtk_time_window_set_range (DagschedGtkTimeWindow *self, double from, double to)
{
  self->range_from = MAX (MIN (from, to), 0);
  self->range_to = MIN (MAX (from, to), get_limit (self));
  if (isnan (from) || isnan (to))
    self->range_from = self->range_to = NAN;
  g_signal_emit (self, signals[MARKED], 0);
}

gboolean
dagsched_gtk_time_window_has_range (DagschedGtkTimeWindow *self)
{
  return self->range_to > self->range_from;
}

void
dagsched_gtk_time_window_set_selected (DagschedGtkTimeWindow *self, guint test)
{
  if (self->selected == test)
    return;

  self->selected = test;
  g_signal_emit (self, signals[MARKED], 0);
}
