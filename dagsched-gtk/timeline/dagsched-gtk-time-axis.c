/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "timeline/dagsched-gtk-time-axis-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#define MIN_SCALE 1e-9 /* seconds a pixel: clocks are no better */
#define MIN_END 1e-6
#define ROUND_STEP 1.25

static double
limit_end (double end)
{
  return isfinite (end) ? MAX (end, MIN_END) : MIN_END;
}

/* Zooming out ends where the whole run is seen. */
static double
get_max_scale (const DagschedGtkTimeAxis *self, double end)
{
  return limit_end (end) / ((1 - DAGSCHED_GTK_TIME_AXIS_MARGIN) * MAX (self->width, 1));
}

static void
clamp (DagschedGtkTimeAxis *self, double end)
{
  double max_scale = get_max_scale (self, end);
  double last;

  self->scale = CLAMP (self->scale, MIN (MIN_SCALE, max_scale), max_scale);
  last = limit_end (end) - dagsched_gtk_time_axis_get_visible (self) * (1 - DAGSCHED_GTK_TIME_AXIS_MARGIN);
  self->origin = CLAMP (self->origin, 0, MAX (last, 0));
}

void
dagsched_gtk_time_axis_set_width (DagschedGtkTimeAxis *self, double width, double end)
{
  self->width = MAX (width, 1);
  clamp (self, end);
}

void
dagsched_gtk_time_axis_fit (DagschedGtkTimeAxis *self, double end)
{
  self->origin = 0;
  self->scale = get_max_scale (self, end);
}

void
dagsched_gtk_time_axis_pan (DagschedGtkTimeAxis *self, double pixels, double end)
{
  self->origin += pixels * self->scale;
  clamp (self, end);
}

void
dagsched_gtk_time_axis_zoom (DagschedGtkTimeAxis *self, double x, double factor, double end)
{
  double time = dagsched_gtk_time_axis_to_time (self, x);
  double max_scale = get_max_scale (self, end);

  if (!(factor > 0) || !isfinite (factor))
    return;

  self->scale = CLAMP (self->scale / factor, MIN (MIN_SCALE, max_scale), max_scale);
  self->origin = time - x * self->scale;
  clamp (self, end);
}

void
dagsched_gtk_time_axis_show (DagschedGtkTimeAxis *self, double from, double to, double end)
{
  self->scale = MAX (to - from, MIN_SCALE) / MAX (self->width, 1);
  self->origin = from;
  clamp (self, end);
}

void
dagsched_gtk_time_axis_reveal (DagschedGtkTimeAxis *self, double time, double margin, double end)
{
  double x = dagsched_gtk_time_axis_to_x (self, time);

  margin = MIN (margin, self->width / 3);
  if (x < margin)
    self->origin -= (margin - x) * self->scale;
  else if (x > self->width - margin)
    self->origin += (x - self->width + margin) * self->scale;
  clamp (self, end);
}

void
dagsched_gtk_time_axis_follow (DagschedGtkTimeAxis *self, double end)
{
  self->origin = end;
  clamp (self, end);
}

double
dagsched_gtk_time_axis_round_end (double end)
{
  end = limit_end (end);

  return pow (ROUND_STEP, ceil (log (end) / log (ROUND_STEP) - 1e-9));
}

/* 1, 2 and 5 of the powers of ten. */
static double
round_up (double value)
{
  double power = pow (10, floor (log10 (value)));

  for (guint i = 0; i < 3; i++)
    {
      double step = ((const double[]){ 1, 2, 5 })[i] * power;

      if (value <= step * (1 + 1e-9))
        return step;
    }

  return 10 * power;
}

double
dagsched_gtk_time_axis_get_tick_interval (const DagschedGtkTimeAxis *self, double min_pixels)
{
  static const double ladder[] = { 10,  15,   30,   60,       120,      300,      600,
                                   900, 1800, 3600, 2 * 3600, 3 * 3600, 6 * 3600, 12 * 3600 };
  double least = self->scale * min_pixels;

  if (least <= 5)
    return round_up (least);
  for (guint i = 0; i < G_N_ELEMENTS (ladder); i++)
    {
      if (least <= ladder[i])
        return ladder[i];
    }

  return 86400 * round_up (least / 86400 < 1 ? 1 : least / 86400);
}

guint
dagsched_gtk_time_axis_get_n_subticks (double interval)
{
  double first = interval;

  if (interval >= 86400)
    first = interval / 86400;
  else if (interval >= 10)
    return interval == 15 || interval == 900 || interval == 3 * 3600 ? 3
           : interval == 120 || interval == 2 * 3600                 ? 4
           : interval == 10 || interval == 300 || interval == 600    ? 5
                                                                     : 6;
  first /= pow (10, floor (log10 (first) + 1e-9));

  return lround (first) == 2 ? 4 : 5;
}

static int
get_decimals (double interval)
{
  return CLAMP ((int) ceil (-log10 (interval) - 1e-9), 0, 12);
}

static char *
format_clock (double time, double interval)
{
  int decimals = get_decimals (interval);
  double unit = pow (10, -decimals);
  double rounded = floor (time / unit + 0.5) * unit;
  gint64 minutes = (gint64) (rounded / 60);
  double seconds = MAX (rounded - minutes * 60.0, 0);
  int width = decimals > 0 ? decimals + 3 : 2;

  if (minutes < 60)
    return g_strdup_printf ("%d:%0*.*f", (int) minutes, width, decimals, seconds);

  return g_strdup_printf ("%" G_GINT64_FORMAT ":%02d:%0*.*f", minutes / 60, (int) (minutes % 60), width,
                          decimals, seconds);
}

char *
dagsched_gtk_time_axis_format (double time, double interval)
{
  if (fabs (time) < interval / 2)
    return g_strdup ("0");
  if (time >= 60 - MIN (interval, 1) / 2)
    return format_clock (time, interval);
  if (time >= 1 - interval / 2 || interval >= 0.1)
    /* Translators: seconds */
    return g_strdup_printf (_ ("%.*f s"), get_decimals (interval), time);
  if (interval >= 1e-4)
    /* Translators: milliseconds */
    return g_strdup_printf (_ ("%.*f ms"), get_decimals (interval * 1e3), time * 1e3);

  /* Translators: microseconds */
  return g_strdup_printf (_ ("%.*f µs"), get_decimals (interval * 1e6), time * 1e6);
}
