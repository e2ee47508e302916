/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "graph/dagsched-gtk-canvas-private.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

void
dagsched_gtk_canvas_resize (DagschedGtkCanvas *self, int width, int height)
{
  if (self->pixels != NULL && self->width == width && self->height == height)
    return;

  dagsched_gtk_canvas_clear (self);
  self->pixels = g_new0 (guint32, (gsize) width * height);
  self->stride = width;
  self->width = width;
  self->height = height;
  dagsched_gtk_canvas_clip (self, 0, 0, width, height);
}

void
dagsched_gtk_canvas_clear (DagschedGtkCanvas *self)
{
  g_free (self->pixels);
  *self = (DagschedGtkCanvas){ 0 };
}

void
dagsched_gtk_canvas_clip (DagschedGtkCanvas *self, int left, int top, int right, int bottom)
{
  self->clip_left = MAX (left, 0);
  self->clip_top = MAX (top, 0);
  self->clip_right = MIN (right, self->width);
  self->clip_bottom = MIN (bottom, self->height);
}

void
dagsched_gtk_canvas_shift (DagschedGtkCanvas *self, int right, int down)
{
  int n = self->width - abs (right);
  int from_x = MAX (-right, 0), to_x = MAX (right, 0);

  if (n <= 0)
    return;

  for (int i = 0; i < self->height - abs (down); i++)
    {
      int to = down > 0 ? self->height - 1 - i : i;
      guint32 *target = self->pixels + (gsize) to * self->stride + to_x;
      const guint32 *source = self->pixels + (gsize) (to - down) * self->stride + from_x;

      memmove (target, source, n * sizeof *target);
    }
}

static gboolean
clip_box (const DagschedGtkCanvas *self, int *x, int *y, int *right, int *bottom)
{
  *x = MAX (*x, self->clip_left);
  *y = MAX (*y, self->clip_top);
  *right = MIN (*right, self->clip_right);
  *bottom = MIN (*bottom, self->clip_bottom);

  return *x < *right && *y < *bottom;
}

void
dagsched_gtk_canvas_fill (DagschedGtkCanvas *self, int x, int y, int width, int height, guint32 color)
{
  int right = x + width, bottom = y + height;

  if (!clip_box (self, &x, &y, &right, &bottom))
    return;

  for (int row = y; row < bottom; row++)
    {
      guint32 *pixels = self->pixels + (gsize) row * self->stride;

      for (int column = x; column < right; column++)
        pixels[column] = color;
    }
}

static gboolean
is_kept (guint32 color, const guint32 *kept, guint n_kept)
{
  for (guint i = 0; i < n_kept; i++)
    {
      if ((color & 0xffffff) == kept[i])
        return TRUE;
    }

  return FALSE;
}

void
dagsched_gtk_canvas_fill_around (DagschedGtkCanvas *self,
                                 int x,
                                 int y,
                                 int width,
                                 int height,
                                 guint32 color,
                                 const guint32 *kept,
                                 guint n_kept)
{
  int right = x + width, bottom = y + height;

  if (!clip_box (self, &x, &y, &right, &bottom))
    return;

  for (int row = y; row < bottom; row++)
    {
      guint32 *pixels = self->pixels + (gsize) row * self->stride;

      for (int column = x; column < right; column++)
        if (!is_kept (pixels[column], kept, n_kept))
          pixels[column] = color;
    }
}

/* Two channels at a time. */
static inline guint32
over (guint32 above, guint32 below)
{
  guint32 rest = 255 - (above >> 24);
  guint32 even = ((below & 0xff00ff) * rest + 0x800080) >> 8 & 0xff00ff;
  guint32 odd = ((below >> 8 & 0xff00ff) * rest + 0x800080) & 0xff00ff00;

  return above + (even | odd);
}

void
dagsched_gtk_canvas_blit (DagschedGtkCanvas *self, const DagschedGtkSprite *sprite, int x, int y)
{
  int left = x - sprite->margin, top = y - sprite->margin;
  int right = left + sprite->width, bottom = top + sprite->height;
  int first_x = left, first_y = top;

  if (!clip_box (self, &left, &top, &right, &bottom))
    return;

  for (int row = top; row < bottom; row++)
    {
      guint32 *pixels = self->pixels + (gsize) row * self->stride;
      const guint32 *source = sprite->pixels + (gsize) (row - first_y) * sprite->width - first_x;

      for (int column = left; column < right; column++)
        {
          guint32 pixel = source[column];

          if (pixel >= 0xff000000)
            pixels[column] = pixel;
          else if (pixel != 0)
            pixels[column] = over (pixel, pixels[column]);
        }
    }
}

static void
mix (DagschedGtkCanvas *self, int x, int y, guint32 color, float share)
{
  guint32 alpha = (guint32) (CLAMP (share, 0, 1) * 255 + 0.5f), above = alpha << 24;

  if (alpha == 0 || x < self->clip_left || x >= self->clip_right || y < self->clip_top ||
      y >= self->clip_bottom)
    return;

  for (int shift = 0; shift < 24; shift += 8)
    above |= ((color >> shift & 0xff) * alpha / 255) << shift;
  self->pixels[(gsize) y * self->stride + x] = over (above, self->pixels[(gsize) y * self->stride + x]);
}

static gboolean
is_inked (const DagschedGtkPen *pen, int along)
{
  switch (pen->dash)
    {
    case DAGSCHED_GTK_DASH_LONG:
      return along / pen->dash_unit % 8 < 5;
    case DAGSCHED_GTK_DASH_DOTS:
      return along / pen->dash_unit % 4 < 2;
    case DAGSCHED_GTK_DASH_NONE:
    default:
      return TRUE;
    }
}

static void
draw_line (DagschedGtkCanvas *self, float x0, float y0, float x1, float y1, const DagschedGtkPen *pen)
{
  gboolean across = fabsf (x1 - x0) > fabsf (y1 - y0);
  int from = lroundf (across ? MIN (x0, x1) : MIN (y0, y1)),
      to = lroundf (across ? MAX (x0, x1) : MAX (y0, y1));
  int side = (int) floorf ((across ? y0 : x0) - (pen->width - 1) / 2.0f + 0.5f);
  int low = MAX (from, across ? self->clip_left : self->clip_top);
  int high = MIN (to, across ? self->clip_right : self->clip_bottom);

  if (pen->dash == DAGSCHED_GTK_DASH_NONE)
    {
      dagsched_gtk_canvas_fill (self, across ? from : side, across ? side : from,
                                across ? to - from : pen->width, across ? pen->width : to - from, pen->color);
      return;
    }
  for (int at = low; at < high; at++)
    {
      if (is_inked (pen, at - from))
        dagsched_gtk_canvas_fill (self, across ? at : side, across ? side : at, across ? 1 : pen->width,
                                  across ? pen->width : 1, pen->color);
    }
}

/* A quarter of a ring about a middle; it lies in the quarter to which the signs point. */
static void
draw_corner (DagschedGtkCanvas *self,
             float x,
             float y,
             int right,
             int down,
             float radius,
             const DagschedGtkPen *pen)
{
  int reach = (int) ceilf (radius + pen->width);

  if (x + reach < self->clip_left || x - reach > self->clip_right || y + reach < self->clip_top ||
      y - reach > self->clip_bottom)
    return;

  for (int i = 0; i <= reach; i++)
    for (int j = 0; j <= reach; j++)
      {
        float away = fabsf (sqrtf ((float) (i * i + j * j)) - radius);

        mix (self, (int) lroundf (x) + i * right, (int) lroundf (y) + j * down, pen->color,
             0.5f + pen->width / 2.0f - away);
      }
}

static float
sign (float value)
{
  return value > 0 ? 1 : value < 0 ? -1 : 0;
}

void
dagsched_gtk_canvas_trace (DagschedGtkCanvas *self,
                           const graphene_point_t *points,
                           guint n_points,
                           float radius,
                           const DagschedGtkPen *pen)
{
  float cut = 0;

  for (guint i = 0; i + 1 < n_points; i++)
    {
      float right = sign (points[i + 1].x - points[i].x), down = sign (points[i + 1].y - points[i].y);
      float length = fabsf (points[i + 1].x - points[i].x) + fabsf (points[i + 1].y - points[i].y);
      float next = 0;

      if (i + 2 < n_points)
        {
          float then_right = sign (points[i + 2].x - points[i + 1].x);
          float then_down = sign (points[i + 2].y - points[i + 1].y);
          float then = fabsf (points[i + 2].x - points[i + 1].x) + fabsf (points[i + 2].y - points[i + 1].y);

          next = floorf (MIN (radius, MIN (length / 2, then / 2)));
          if (next >= 2)
            draw_corner (self, points[i + 1].x + (then_right - right) * next,
                         points[i + 1].y + (then_down - down) * next, (int) (right - then_right),
                         (int) (down - then_down), next, pen);
          else
            next = 0;
        }
      draw_line (self, points[i].x + right * cut, points[i].y + down * cut, points[i + 1].x - right * next,
                 points[i + 1].y - down * next, pen);
      cut = next;
    }
}

void
dagsched_gtk_sprite_init (DagschedGtkSprite *self,
                          int width,
                          int height,
                          int margin,
                          DagschedGtkSpriteDraw draw,
                          gpointer user_data)
{
  int full_width = width + 2 * margin, full_height = height + 2 * margin;
  cairo_surface_t *surface;
  cairo_t *cr;

  self->pixels = g_new0 (guint32, (gsize) full_width * full_height);
  self->width = full_width;
  self->height = full_height;
  self->margin = margin;
  surface = cairo_image_surface_create_for_data ((guchar *) self->pixels, CAIRO_FORMAT_ARGB32, full_width,
                                                 full_height, full_width * 4);
  cr = cairo_create (surface);
  cairo_translate (cr, margin, margin);
  draw (cr, user_data);
  cairo_destroy (cr);
  cairo_surface_finish (surface);
  cairo_surface_destroy (surface);
}

void
dagsched_gtk_sprite_clear (DagschedGtkSprite *self)
{
  g_clear_pointer (&self->pixels, g_free);
}
