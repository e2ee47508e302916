/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Pixels that are written one by one: a hundred thousand rectangles cost a few milliseconds, where cairo or
 * render nodes need fifty. Coordinates are pixels; all is clipped. */
typedef struct
{
  guint32 *pixels; /* 0xRRGGBB */
  int stride;      /* in pixels */
  int width, height;
  int clip_left, clip_top, clip_right, clip_bottom;
} DagschedGtkCanvas;

/* A small picture, premultiplied, that is laid over the canvas. */
typedef struct
{
  guint32 *pixels;
  int width, height;
  int margin; /* how far it reaches beyond what it stands for, on each side */
} DagschedGtkSprite;

typedef enum
{
  DAGSCHED_GTK_DASH_NONE,
  DAGSCHED_GTK_DASH_LONG,
  DAGSCHED_GTK_DASH_DOTS,
} DagschedGtkDash;

typedef struct
{
  guint32 color; /* 0xRRGGBB */
  int width;
  DagschedGtkDash dash;
  int dash_unit; /* pixels */
} DagschedGtkPen;

void dagsched_gtk_canvas_resize (DagschedGtkCanvas *self, int width, int height);
void dagsched_gtk_canvas_clear (DagschedGtkCanvas *self);
void dagsched_gtk_canvas_clip (DagschedGtkCanvas *self, int left, int top, int right, int bottom);
/* Moves what is drawn. What comes in from outside is left as it was. */
void dagsched_gtk_canvas_shift (DagschedGtkCanvas *self, int right, int down);
void dagsched_gtk_canvas_fill (DagschedGtkCanvas *self, int x, int y, int width, int height, guint32 color);
/* Where a pixel has one of @n_kept colours, it keeps it. */
void dagsched_gtk_canvas_fill_around (DagschedGtkCanvas *self,
                                      int x,
                                      int y,
                                      int width,
                                      int height,
                                      guint32 color,
                                      const guint32 *kept,
                                      guint n_kept);
void dagsched_gtk_canvas_blit (DagschedGtkCanvas *self, const DagschedGtkSprite *sprite, int x, int y);
/* Horizontal and vertical lines through the points, with round corners. */
void dagsched_gtk_canvas_trace (DagschedGtkCanvas *self,
                                const graphene_point_t *points,
                                guint n_points,
                                float radius,
                                const DagschedGtkPen *pen);

typedef void (*DagschedGtkSpriteDraw) (cairo_t *cr, gpointer user_data);
void dagsched_gtk_sprite_init (DagschedGtkSprite *self,
                               int width,
                               int height,
                               int margin,
                               DagschedGtkSpriteDraw draw,
                               gpointer user_data);
void dagsched_gtk_sprite_clear (DagschedGtkSprite *self);

G_END_DECLS
