/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "timeline/dagsched-gtk-lane-painter-private.h"

#include <math.h>

#include "timeline/dagsched-gtk-density-private.h"

#define HATCH_ALPHA 0.4
#define HATCH_PERIOD 5 /* pixels of the widget */
#define HATCH_WIDTH 2

typedef struct
{
  int from, to; /* columns, maybe outside of the image */
  gboolean begins, ends;
  const DagschedGtkSpan *span;
} Bar;

static guint32
pack (const GdkRGBA *color, double alpha)
{
  return (guint32) lround (alpha * 255) << 24 | (guint32) lround (color->red * alpha * 255) << 16 |
         (guint32) lround (color->green * alpha * 255) << 8 | (guint32) lround (color->blue * alpha * 255);
}

static void
fill_column (const DagschedGtkLaneImage *image, guint x, guint top, guint bottom, guint32 color)
{
  guint32 *pixel = image->pixels + (gsize) top * image->stride + x;

  for (guint y = top; y < bottom; y++, pixel += image->stride)
    *pixel = color;
}

static guint32
pack_look (const DagschedGtkLaneImage *image, DagschedGtkLook look)
{
  return pack (dagsched_gtk_look_get_color (look, image->dark), 1);
}

static void
paint_density (const DagschedGtkLaneImage *image, const DagschedGtkDensity *columns)
{
  guint inset = dagsched_gtk_lane_get_inset (image->height);
  guint32 success = pack_look (image, DAGSCHED_GTK_LOOK_PASSED);

  for (guint x = 0; x < image->width; x++)
    {
      const DagschedGtkDensity *column = &columns[x];
      DagschedGtkDensityBar bar = dagsched_gtk_density_get_bar (column, image->height - 2 * inset);
      guint bottom = image->height - inset - bar.failure;

      if (bar.other > 0)
        fill_column (image, x, bottom - bar.other, bottom, pack_look (image, column->other_look));
      bottom -= bar.other;
      if (bar.success > 0)
        fill_column (image, x, bottom - bar.success, bottom, success);
    }
}

/* Above all the rest, set off from it, and never as thin as a single pixel. */
static void
paint_failures (const DagschedGtkLaneImage *image, const DagschedGtkDensity *columns)
{
  guint inset = dagsched_gtk_lane_get_inset (image->height);

  for (guint x = 0; x < image->width; x++)
    {
      const DagschedGtkDensity *column = &columns[x];
      guint top;

      if (!(column->failure > 0) && x > 0 && columns[x - 1].failure > 0)
        column = &columns[x - 1];
      if (!(column->failure > 0))
        continue;

      top = image->height - inset - dagsched_gtk_density_get_bar (column, image->height - 2 * inset).failure;
      fill_column (image, x, top, image->height, pack_look (image, column->failure_look));
      fill_column (image, x, top - MIN (image->unit, top), top, 0);
    }
}

/* Corners are left out, so that bars look soft. */
static gboolean
is_corner (const Bar *bar, int x, guint unit)
{
  return bar->to - bar->from > (int) (6 * unit) &&
         ((bar->begins && x < bar->from + (int) unit) || (bar->ends && x >= bar->to - (int) unit));
}

static void
paint_hatched (const DagschedGtkLaneImage *image, guint x, guint top, guint bottom, DagschedGtkLook look)
{
  const GdkRGBA *color = dagsched_gtk_look_get_color (look, image->dark);
  guint32 full = pack (color, 1), light = pack (color, HATCH_ALPHA);
  guint period = HATCH_PERIOD * image->unit;
  guint column = (guint) ((image->first_column + x) % period);

  for (guint y = top; y < bottom; y++)
    image->pixels[(gsize) y * image->stride + x] =
      (column + y) % period < HATCH_WIDTH * image->unit ? full : light;
}

static void
paint_bar (const DagschedGtkLaneImage *image, const Bar *bar)
{
  guint inset =
    dagsched_gtk_look_is_failure (bar->span->look) ? 0 : dagsched_gtk_lane_get_inset (image->height);
  guint32 color = pack_look (image, bar->span->look);

  for (int x = MAX (bar->from, 0); x < MIN (bar->to, (int) image->width); x++)
    {
      guint cut = inset + (is_corner (bar, x, image->unit) ? image->unit : 0);

      if (bar->span->will_retry)
        paint_hatched (image, (guint) x, cut, image->height - cut, bar->span->look);
      else
        fill_column (image, (guint) x, cut, image->height - cut, color);
    }
}

/* Between two bars a pixel is left free. */
static Bar
get_bar (const DagschedGtkLaneImage *image, const DagschedGtkSpan *span, double from, double to)
{
  double limit = image->width + 64.0;

  return (Bar){
    .from = (int) lround (CLAMP (from, -64, limit)),
    .to = (int) lround (CLAMP (to, -64, limit)) - (int) image->unit,
    .begins = from >= -64,
    .ends = to <= limit,
    .span = span,
  };
}

void
dagsched_gtk_lane_paint (const DagschedGtkLaneImage *image, DagschedGtkSpans *spans)
{
  g_autofree DagschedGtkDensity *columns = g_new0 (DagschedGtkDensity, image->width);
  g_autoptr (GArray) bars = g_array_new (FALSE, FALSE, sizeof (Bar));
  double start = (double) image->first_column;
  guint n = dagsched_gtk_spans_get_length (spans);

  if (image->height < 3)
    return;

  for (guint i = dagsched_gtk_spans_find (spans, start * image->column_seconds); i < n; i++)
    {
      const DagschedGtkSpan *span = dagsched_gtk_spans_get (spans, i);
      double from = span->start / image->column_seconds - start;
      double to = span->end / image->column_seconds - start;

      if (from >= image->width)
        break;
      if (to - from >= DAGSCHED_GTK_LANE_MIN_SPAN * image->unit)
        g_array_append_vals (bars, &(Bar[]){ get_bar (image, span, from, to) }, 1);
      else
        dagsched_gtk_density_add (columns, image->width, 0, 1, from, to, span->look);
    }

  paint_density (image, columns);
  for (guint i = 0; i < bars->len; i++)
    paint_bar (image, &g_array_index (bars, Bar, i));
  paint_failures (image, columns);
}
