/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Which part of a run's time stands where on a line of pixels. Seconds since the start of the run. */
typedef struct
{
  double origin; /* the time at the left edge, never before the start of the run */
  double scale;  /* seconds a pixel, > 0 */
  double width;  /* pixels */
} DagschedGtkTimeAxis;

/* A share of the width is left free behind the end of the run. */
#define DAGSCHED_GTK_TIME_AXIS_MARGIN 0.02

static inline double
dagsched_gtk_time_axis_to_x (const DagschedGtkTimeAxis *self, double time)
{
  return (time - self->origin) / self->scale;
}

static inline double
dagsched_gtk_time_axis_to_time (const DagschedGtkTimeAxis *self, double x)
{
  return self->origin + x * self->scale;
}

static inline double
dagsched_gtk_time_axis_get_visible (const DagschedGtkTimeAxis *self)
{
  return self->scale * self->width;
}

/* All of these keep the axis where a run that lasts until @end can be seen. */
void dagsched_gtk_time_axis_set_width (DagschedGtkTimeAxis *self, double width, double end);
void dagsched_gtk_time_axis_fit (DagschedGtkTimeAxis *self, double end);
void dagsched_gtk_time_axis_pan (DagschedGtkTimeAxis *self, double pixels, double end);
/* By @factor (above 1: nearer); what is at @x stays there. */
void dagsched_gtk_time_axis_zoom (DagschedGtkTimeAxis *self, double x, double factor, double end);
void dagsched_gtk_time_axis_show (DagschedGtkTimeAxis *self, double from, double to, double end);
/* Moves as little as shows the time at least @margin pixels from the edges. */
void dagsched_gtk_time_axis_reveal (DagschedGtkTimeAxis *self, double time, double margin, double end);
/* Moves so that @end stands near the right edge. */
void dagsched_gtk_time_axis_follow (DagschedGtkTimeAxis *self, double end);

/* A round time, at most a quarter after @end: what a run that still goes on is fitted to, so that the
 * scale changes seldom. */
double dagsched_gtk_time_axis_round_end (double end);

/* The shortest round interval that is at least so many pixels. */
double dagsched_gtk_time_axis_get_tick_interval (const DagschedGtkTimeAxis *self, double min_pixels);
/* Into how many parts an interval is divided by small ticks. */
guint dagsched_gtk_time_axis_get_n_subticks (double interval);
/* As exact as ticks at that interval need: "340 µs", "1.25 s", "12:05", "1:02:05". Free it. */
char *dagsched_gtk_time_axis_format (double time, double interval);

G_END_DECLS
