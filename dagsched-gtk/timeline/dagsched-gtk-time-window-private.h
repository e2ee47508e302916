/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib-object.h>

#include "timeline/dagsched-gtk-time-axis-private.h"

G_BEGIN_DECLS

/* What part of a run's time is seen and marked, shared by all that draw it.
 *
 * Signals: "moved": the axis is another; "grown": the end is, and the axis is not; "marked": the pointer's time, the selected range or
 * the selected test is. */

#define DAGSCHED_GTK_TYPE_TIME_WINDOW (dagsched_gtk_time_window_get_type ())
G_DECLARE_FINAL_TYPE (DagschedGtkTimeWindow, dagsched_gtk_time_window, DAGSCHED_GTK, TIME_WINDOW, GObject)

#define DAGSCHED_GTK_NO_TEST G_MAXUINT

struct _DagschedGtkTimeWindow
{
  GObject parent_instance;

  /* Read-only for all but the functions below. */
  DagschedGtkTimeAxis axis;
  double end;        /* how far the run is */
  gboolean is_live;  /* it goes on */
  gboolean is_fit;   /* all of it is shown */
  gboolean follows;  /* what is shown moves on with a run that goes on */
  int header_width;  /* pixels before the axis begins */
  double pointer;    /* the time at the pointer; NAN: it is elsewhere */
  double range_from; /* the selected range; NAN: there is none */
  double range_to;
  guint selected; /* the number of the selected test */
};

DagschedGtkTimeWindow *dagsched_gtk_time_window_new (void);
void dagsched_gtk_time_window_set_size (DagschedGtkTimeWindow *self, int header_width, double width);
/* A new run: everything is shown and followed. */
void dagsched_gtk_time_window_reset (DagschedGtkTimeWindow *self);
void dagsched_gtk_time_window_set_end (DagschedGtkTimeWindow *self, double end, gboolean is_live);
void dagsched_gtk_time_window_set_follows (DagschedGtkTimeWindow *self, gboolean follows);
/* What people do. All but zooming about the end of what is followed ends following. */
void dagsched_gtk_time_window_fit (DagschedGtkTimeWindow *self);
void dagsched_gtk_time_window_pan (DagschedGtkTimeWindow *self, double pixels);
/* About pixel @x of the axis; NAN: about the end while it is followed, else about the middle. */
void dagsched_gtk_time_window_zoom (DagschedGtkTimeWindow *self, double x, double factor);
void dagsched_gtk_time_window_reveal (DagschedGtkTimeWindow *self, double from, double to);

void dagsched_gtk_time_window_set_pointer (DagschedGtkTimeWindow *self, double time);
/* In any order. */
void dagsched_gtk_time_window_set_range (DagschedGtkTimeWindow *self, double from, double to);
gboolean dagsched_gtk_time_window_has_range (DagschedGtkTimeWindow *self);
void dagsched_gtk_time_window_set_selected (DagschedGtkTimeWindow *self, guint test);

G_END_DECLS
