/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "graph/dagsched-gtk-painter-private.h"

#include <math.h>
#include <stdlib.h>

#define FADE 0.68f
#define MIN_FAILURE 3   /* pixels: failures are never smaller */
#define MOST_EDGES 6000 /* more are a grey mass */
#define FEW_EDGES 3000  /* a graph with no more has all of them drawn, also those that only pass */
#define MIN_EDGE_NODE 4 /* pixels: below, nodes are too small to see what an edge joins */
#define RING_MARGIN 6   /* units */

enum
{
  RING_SELECTED,
  RING_CRITICAL
};

static void
clear_sprites (DagschedGtkPainter *self)
{
  for (guint fade = 0; fade < 2; fade++)
    for (DagschedGtkLook look = 0; look < DAGSCHED_GTK_N_LOOKS; look++)
      dagsched_gtk_sprite_clear (&self->sprites[fade][look]);
  for (guint i = 0; i < DAGSCHED_GTK_N_RINGS; i++)
    dagsched_gtk_sprite_clear (&self->rings[i]);
}

void
dagsched_gtk_painter_clear (DagschedGtkPainter *self)
{
  clear_sprites (self);
  dagsched_gtk_canvas_clear (&self->canvas);
  g_clear_pointer (&self->visible, g_array_unref);
  self->is_valid = FALSE;
}

void
dagsched_gtk_painter_invalidate (DagschedGtkPainter *self)
{
  self->is_valid = FALSE;
}

typedef struct
{
  DagschedGtkPainter *painter;
  DagschedGtkLook look;
  gboolean is_faded;
  guint ring;
} SpriteKind;

static void
draw_sprite (cairo_t *cr, gpointer user_data)
{
  const SpriteKind *kind = user_data;
  DagschedGtkPainter *self = kind->painter;

  cairo_scale (cr, self->node_width / (double) DAGSCHED_GTK_NODE_WIDTH,
               self->node_height / (double) DAGSCHED_GTK_NODE_HEIGHT);
  dagsched_gtk_graph_style_draw_card (self->style, cr, kind->look, kind->is_faded ? FADE : 0, self->detail);
}

static void
draw_ring (cairo_t *cr, gpointer user_data)
{
  const SpriteKind *kind = user_data;
  DagschedGtkPainter *self = kind->painter;
  double line = MAX (3, 2 / self->zoom);

  cairo_scale (cr, self->node_width / (double) DAGSCHED_GTK_NODE_WIDTH,
               self->node_height / (double) DAGSCHED_GTK_NODE_HEIGHT);
  dagsched_gtk_graph_style_trace_card (cr, kind->ring == RING_SELECTED ? line / 2 + 1 : line / 2 - 1);
  gdk_cairo_set_source_rgba (cr, kind->ring == RING_SELECTED ? &self->style->accent : &self->style->text);
  cairo_set_line_width (cr, line);
  cairo_stroke (cr);
}

static const DagschedGtkSprite *
get_sprite (DagschedGtkPainter *self, DagschedGtkLook look, gboolean is_faded)
{
  DagschedGtkSprite *sprite = &self->sprites[is_faded][look];
  SpriteKind kind = { .painter = self, .look = look, .is_faded = is_faded };

  if (sprite->pixels == NULL)
    dagsched_gtk_sprite_init (sprite, self->node_width, self->node_height, 0, draw_sprite, &kind);

  return sprite;
}

static const DagschedGtkSprite *
get_ring (DagschedGtkPainter *self, guint ring)
{
  DagschedGtkSprite *sprite = &self->rings[ring];
  SpriteKind kind = { .painter = self, .ring = ring };
  int margin = (int) ceil (MAX (RING_MARGIN * self->zoom, 4));

  if (sprite->pixels == NULL)
    dagsched_gtk_sprite_init (sprite, self->node_width, self->node_height, margin, draw_ring, &kind);

  return sprite;
}

static void
choose_colors (DagschedGtkPainter *self)
{
  self->n_kept = 0;
  for (DagschedGtkLook look = 0; look < DAGSCHED_GTK_N_LOOKS; look++)
    {
      GdkRGBA color = self->style->looks[look];
      GdkRGBA faded;

      /* Tests that have not begun are many, and the ground on which the others stand out. */
      if (look == DAGSCHED_GTK_LOOK_PENDING)
        color = dagsched_gtk_mix (&color, &self->style->background, 0.45f);
      faded = dagsched_gtk_mix (&color, &self->style->background, FADE);
      self->colors[0][look] = dagsched_gtk_pack (&color);
      self->colors[1][look] = dagsched_gtk_pack (&faded);
      if (dagsched_gtk_look_is_failure (look))
        {
          self->kept[self->n_kept++] = self->colors[0][look];
          self->kept[self->n_kept++] = self->colors[1][look];
        }
    }
}

static void
set_zoom (DagschedGtkPainter *self, double zoom)
{
  self->zoom = zoom;
  self->node_width = MAX ((int) lround (DAGSCHED_GTK_NODE_WIDTH * zoom), 1);
  self->node_height = MAX ((int) lround (DAGSCHED_GTK_NODE_HEIGHT * zoom), 1);
  self->radius = 8 * zoom;
  self->detail = self->node_height >= DAGSCHED_GTK_FULL_HEIGHT    ? DAGSCHED_GTK_CARD_FULL
                 : self->node_height >= DAGSCHED_GTK_BADGE_HEIGHT ? DAGSCHED_GTK_CARD_BADGE
                                                                  : DAGSCHED_GTK_CARD_BAR;
}

static int
pixel_x (const DagschedGtkPainter *self, float x)
{
  return (int) lround (x * self->zoom) - self->left;
}

static int
pixel_y (const DagschedGtkPainter *self, float y)
{
  return (int) lround (y * self->zoom) - self->top;
}

static void
paint_small_test (DagschedGtkPainter *self, int x, int y, DagschedGtkLook look, gboolean is_faded)
{
  guint32 color = self->colors[is_faded][look];
  int width = self->node_width, height = self->node_height;

  if (!dagsched_gtk_look_is_failure (look))
    {
      dagsched_gtk_canvas_fill_around (&self->canvas, x, y, width, height, color, self->kept, self->n_kept);
      return;
    }
  if (width < MIN_FAILURE)
    {
      x -= (MIN_FAILURE - width) / 2;
      width = MIN_FAILURE;
    }
  if (height < MIN_FAILURE)
    {
      y -= (MIN_FAILURE - height) / 2;
      height = MIN_FAILURE;
    }
  dagsched_gtk_canvas_fill (&self->canvas, x, y, width, height, color);
}

static void
paint_test (DagschedGtkPainter *self, const DagschedGtkGraphScene *scene, guint32 test)
{
  int x = pixel_x (self, scene->layout->x[test]), y = pixel_y (self, scene->layout->y[test]);
  DagschedGtkLook look = scene->table->looks[test];
  gboolean is_faded = dagsched_gtk_graph_scene_is_faded (scene, test);

  if (self->node_height < DAGSCHED_GTK_BAR_HEIGHT)
    {
      paint_small_test (self, x, y, look, is_faded);
      return;
    }

  /* What it was before must not shine through at the corners. */
  dagsched_gtk_canvas_fill (&self->canvas, x, y, self->node_width, self->node_height,
                            dagsched_gtk_pack (&self->style->background));
  dagsched_gtk_canvas_blit (&self->canvas, get_sprite (self, look, is_faded), x, y);
}

static void
paint_ring (DagschedGtkPainter *self, const DagschedGtkGraphScene *scene, guint32 test)
{
  guint8 mark = scene->marks[test];
  int x, y;

  if (!self->with_edges || !(mark & (DAGSCHED_GTK_MARK_SELECTED | DAGSCHED_GTK_MARK_CRITICAL)))
    return;

  x = pixel_x (self, scene->layout->x[test]);
  y = pixel_y (self, scene->layout->y[test]);
  if (mark & DAGSCHED_GTK_MARK_CRITICAL)
    dagsched_gtk_canvas_blit (&self->canvas, get_ring (self, RING_CRITICAL), x, y);
  if (mark & DAGSCHED_GTK_MARK_SELECTED)
    dagsched_gtk_canvas_blit (&self->canvas, get_ring (self, RING_SELECTED), x, y);
}

static void
trace_segment (DagschedGtkPainter *self,
               const DagschedGtkGraphScene *scene,
               guint32 from,
               guint32 to,
               const DagschedGtkPen *pen)
{
  graphene_point_t points[DAGSCHED_GTK_ROUTE_MAX];
  guint n = dagsched_gtk_graph_scene_route (scene, from, to, points);

  for (guint i = 0; i < n; i++)
    points[i] = GRAPHENE_POINT_INIT (lroundf (points[i].x * self->zoom) - self->left,
                                     lroundf (points[i].y * self->zoom) - self->top);
  dagsched_gtk_canvas_trace (&self->canvas, points, n, self->radius, pen);
}

static DagschedGtkDash
dash_of (guint8 condition)
{
  return condition == DAGSCHED_CONDITION_ALWAYS    ? DAGSCHED_GTK_DASH_LONG
         : condition == DAGSCHED_CONDITION_FAILURE ? DAGSCHED_GTK_DASH_DOTS
                                                   : DAGSCHED_GTK_DASH_NONE;
}

static DagschedGtkPen
make_pen (DagschedGtkPainter *self, const GdkRGBA *color, double width, guint8 condition)
{
  return (DagschedGtkPen){ .color = dagsched_gtk_pack (color),
                           .width =
                             MAX ((int) lround (width * MIN (self->zoom * 1.2, 2)), width > 1.5 ? 2 : 1),
                           .dash = dash_of (condition),
                           .dash_unit = MAX ((int) lround (1.2 * self->zoom), 1) };
}

static void
trace_plain (DagschedGtkPainter *self,
             const DagschedGtkGraphScene *scene,
             guint32 from,
             guint32 to,
             guint8 condition)
{
  gboolean is_faded = scene->has_selection || dagsched_gtk_graph_scene_is_faded (scene, from) ||
                      dagsched_gtk_graph_scene_is_faded (scene, to);
  GdkRGBA color = dagsched_gtk_mix (&self->style->edge, &self->style->background, is_faded ? 0.65f : 0);
  DagschedGtkPen pen = make_pen (self, &color, 1, condition);

  trace_segment (self, scene, from, to, &pen);
}

/* Each segment once: at its end, or at its beginning when the end is out of sight. */
static void
paint_edges_of (DagschedGtkPainter *self, const DagschedGtkGraphScene *scene, guint32 item, gboolean related)
{
  const DagschedGtkLayout *layout = scene->layout;

  for (guint32 i = layout->first_in[item]; i < layout->first_in[item + 1]; i++)
    {
      gboolean is_related =
        scene->has_selection && dagsched_gtk_graph_scene_is_related (scene, layout->ins[i], item);

      if (is_related && related)
        {
          DagschedGtkPen pen = make_pen (self, &self->style->accent, 2, layout->in_conditions[i]);

          trace_segment (self, scene, layout->ins[i], item, &pen);
        }
      else if (!is_related && !related)
        trace_plain (self, scene, layout->ins[i], item, layout->in_conditions[i]);
    }
}

static gboolean
is_in_sight (DagschedGtkPainter *self, const DagschedGtkGraphScene *scene, guint32 item)
{
  int x = pixel_x (self, scene->layout->x[item]), y = pixel_y (self, scene->layout->y[item]);

  return x + self->node_width >= self->canvas.clip_left && x < self->canvas.clip_right &&
         y + self->node_height >= self->canvas.clip_top && y < self->canvas.clip_bottom;
}

static void
paint_outs_of (DagschedGtkPainter *self, const DagschedGtkGraphScene *scene, guint32 item, gboolean related)
{
  const DagschedGtkLayout *layout = scene->layout;

  for (guint32 i = layout->first_out[item]; i < layout->first_out[item + 1]; i++)
    {
      guint32 to = layout->outs[i];
      gboolean is_related = scene->has_selection && dagsched_gtk_graph_scene_is_related (scene, item, to);
      DagschedGtkPen pen;

      if (is_in_sight (self, scene, to) || is_related != related)
        continue;
      if (!is_related)
        {
          trace_plain (self, scene, item, to, layout->out_conditions[i]);
          continue;
        }
      pen = make_pen (self, &self->style->accent, 2, layout->out_conditions[i]);
      trace_segment (self, scene, item, to, &pen);
    }
}

static guint
count_edges (const DagschedGtkGraphScene *scene, const GArray *items)
{
  guint n = 0;

  for (guint i = 0; i < items->len; i++)
    {
      guint32 item = g_array_index (items, guint32, i);

      n += scene->layout->first_in[item + 1] - scene->layout->first_in[item];
      n += scene->layout->first_out[item + 1] - scene->layout->first_out[item];
    }

  return n;
}

static void
paint_edges (DagschedGtkPainter *self, const DagschedGtkGraphScene *scene, gboolean related)
{
  guint n_all = scene->layout->first_in[scene->layout->n_items];

  if (n_all <= FEW_EDGES)
    {
      for (guint32 item = 0; item < scene->layout->n_items; item++)
        paint_edges_of (self, scene, item, related);
      return;
    }
  if (count_edges (scene, self->visible) > 2 * MOST_EDGES)
    return;

  for (guint i = 0; i < self->visible->len; i++)
    {
      paint_edges_of (self, scene, g_array_index (self->visible, guint32, i), related);
      paint_outs_of (self, scene, g_array_index (self->visible, guint32, i), related);
    }
}

static void
paint_critical_path (DagschedGtkPainter *self, const DagschedGtkGraphScene *scene)
{
  for (guint i = 0; i < scene->critical->len; i++)
    {
      const DagschedGtkSegment *segment = &g_array_index (scene->critical, DagschedGtkSegment, i);
      DagschedGtkPen pen = make_pen (self, &self->style->text, 3, DAGSCHED_CONDITION_SUCCESS);

      trace_segment (self, scene, segment->from, segment->to, &pen);
    }
}

static void
collect_visible (guint32 item, gpointer user_data)
{
  g_array_append_val (user_data, item);
}

/* Failures last: nothing may hide them. */
static void
paint_tests (DagschedGtkPainter *self,
             const DagschedGtkGraphScene *scene,
             const guint32 *items,
             guint n_items)
{
  gboolean is_small = self->node_height < MIN_FAILURE || self->node_width < MIN_FAILURE;

  for (guint i = 0; i < n_items; i++)
    if (!dagsched_gtk_layout_is_bend (scene->layout, items[i]) &&
        !(is_small && dagsched_gtk_look_is_failure (scene->table->looks[items[i]])))
      paint_test (self, scene, items[i]);
  for (guint i = 0; is_small && i < n_items; i++)
    if (!dagsched_gtk_layout_is_bend (scene->layout, items[i]) &&
        dagsched_gtk_look_is_failure (scene->table->looks[items[i]]))
      paint_test (self, scene, items[i]);
  for (guint i = 0; i < n_items; i++)
    if (!dagsched_gtk_layout_is_bend (scene->layout, items[i]))
      paint_ring (self, scene, items[i]);
}

static void
paint_box (DagschedGtkPainter *self,
           const DagschedGtkGraphScene *scene,
           int left,
           int top,
           int right,
           int bottom)
{
  DagschedGtkCanvas *canvas = &self->canvas;
  int margin = MAX ((int) ceil (2 * RING_MARGIN * self->zoom), 8);

  dagsched_gtk_canvas_clip (canvas, left, top, right, bottom);
  dagsched_gtk_canvas_fill (canvas, left, top, right - left, bottom - top,
                            dagsched_gtk_pack (&self->style->background));
  if (scene != NULL && right > left && bottom > top)
    {
      g_array_set_size (self->visible, 0);
      dagsched_gtk_layout_visit (scene->layout, (left + self->left - margin) / self->zoom,
                                 (top + self->top - margin) / self->zoom,
                                 (right - left + 2 * margin) / self->zoom,
                                 (bottom - top + 2 * margin) / self->zoom, collect_visible, self->visible);
      if (self->with_edges && self->node_height >= MIN_EDGE_NODE)
        {
          paint_edges (self, scene, FALSE);
          if (scene->has_selection)
            paint_edges (self, scene, TRUE);
        }
      if (self->with_edges)
        paint_critical_path (self, scene);
      paint_tests (self, scene, (const guint32 *) (gpointer) self->visible->data, self->visible->len);
    }
  dagsched_gtk_canvas_clip (canvas, 0, 0, canvas->width, canvas->height);
}

static void
paint_moved (DagschedGtkPainter *self, const DagschedGtkGraphScene *scene, int right, int down)
{
  int width = self->canvas.width, height = self->canvas.height;

  dagsched_gtk_canvas_shift (&self->canvas, right, down);
  if (right != 0)
    paint_box (self, scene, right > 0 ? 0 : width + right, 0, right > 0 ? right : width, height);
  if (down != 0)
    paint_box (self, scene, 0, down > 0 ? 0 : height + down, width, down > 0 ? down : height);
}

void
dagsched_gtk_painter_paint (DagschedGtkPainter *self,
                            const DagschedGtkGraphScene *scene,
                            int width,
                            int height,
                            double zoom,
                            int left,
                            int top)
{
  int right = self->left - left, down = self->top - top;

  if (self->visible == NULL)
    self->visible = g_array_new (FALSE, FALSE, sizeof (guint32));
  if (self->canvas.width != width || self->canvas.height != height || self->zoom != zoom ||
      abs (right) >= width || abs (down) >= height)
    self->is_valid = FALSE;
  if (self->is_valid && right == 0 && down == 0)
    return;

  dagsched_gtk_canvas_resize (&self->canvas, width, height);
  self->left = left;
  self->top = top;
  if (self->is_valid)
    paint_moved (self, scene, right, down);
  else
    {
      set_zoom (self, zoom);
      clear_sprites (self);
      choose_colors (self);
      paint_box (self, scene, 0, 0, width, height);
    }
  self->is_valid = TRUE;
}

void
dagsched_gtk_painter_touch (DagschedGtkPainter *self,
                            const DagschedGtkGraphScene *scene,
                            const guint32 *numbers,
                            guint n_numbers)
{
  if (!self->is_valid || n_numbers == 0)
    return;

  paint_tests (self, scene, numbers, n_numbers);
}
