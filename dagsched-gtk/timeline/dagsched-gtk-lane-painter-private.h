/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "timeline/dagsched-gtk-spans-private.h"

G_BEGIN_DECLS

/* Draws what ran into an image. All in pixels of the display. */
typedef struct
{
  guint32 *pixels; /* premultiplied ARGB, transparent before */
  guint stride;    /* pixels */
  guint width, height;
  gint64 first_column;   /* columns of a grid that begins with the run */
  double column_seconds; /* how much time a column is */
  guint unit;            /* pixels of the display a pixel of the widget */
  gboolean dark;
} DagschedGtkLaneImage;

/* Spans narrower than so many pixels of the widget are not told apart. */
#define DAGSCHED_GTK_LANE_MIN_SPAN 3

/* How much less high is what is no failure, at the top and at the bottom each: failures stick out, for those
 * who do not tell the colours apart. */
static inline guint
dagsched_gtk_lane_get_inset (guint height)
{
  return MAX (height / 8, 1);
}

void dagsched_gtk_lane_paint (const DagschedGtkLaneImage *image, DagschedGtkSpans *spans);

G_END_DECLS
