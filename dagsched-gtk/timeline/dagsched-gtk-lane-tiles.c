/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "timeline/dagsched-gtk-lane-tiles-private.h"

#include <math.h>

#include "timeline/dagsched-gtk-lane-painter-private.h"

#define TILE_WIDTH 256 /* pixels of the display */

struct _DagschedGtkLaneTiles
{
  GHashTable *nodes; /* number of the tile (gint64) → GskRenderNode */
  double column_seconds;
  int height;
  int unit;
  gboolean dark;
  guint n_drawn;
};

DagschedGtkLaneTiles *
dagsched_gtk_lane_tiles_new (void)
{
  DagschedGtkLaneTiles *self = g_new0 (DagschedGtkLaneTiles, 1);

  self->nodes =
    g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, (GDestroyNotify) gsk_render_node_unref);

  return self;
}

void
dagsched_gtk_lane_tiles_free (DagschedGtkLaneTiles *self)
{
  g_hash_table_unref (self->nodes);
  g_free (self);
}

void
dagsched_gtk_lane_tiles_clear (DagschedGtkLaneTiles *self)
{
  g_hash_table_remove_all (self->nodes);
}

static void
remove_tiles (DagschedGtkLaneTiles *self, double first, double last, gboolean inside)
{
  GHashTableIter iter;
  gpointer key;

  g_hash_table_iter_init (&iter, self->nodes);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    {
      double number = (double) *(gint64 *) key;

      if ((number >= first && number <= last) == inside)
        g_hash_table_iter_remove (&iter);
    }
}

void
dagsched_gtk_lane_tiles_invalidate (DagschedGtkLaneTiles *self, double from, double to)
{
  double tile_seconds = self->column_seconds * TILE_WIDTH;

  if (tile_seconds > 0)
    remove_tiles (self, floor (from / tile_seconds - 2.0 / TILE_WIDTH),
                  floor (to / tile_seconds + 2.0 / TILE_WIDTH), TRUE);
}

static GskRenderNode *
draw_tile (DagschedGtkLaneTiles *self, DagschedGtkSpans *spans, gint64 number)
{
  cairo_surface_t *surface =
    cairo_image_surface_create (CAIRO_FORMAT_ARGB32, TILE_WIDTH, self->height * self->unit);
  graphene_rect_t bounds =
    GRAPHENE_RECT_INIT (0, 0, (float) TILE_WIDTH / (float) self->unit, (float) self->height);
  GskRenderNode *node = gsk_cairo_node_new (&bounds);
  cairo_t *cr;

  cairo_surface_flush (surface);
  dagsched_gtk_lane_paint (
    &(DagschedGtkLaneImage){
      .pixels = (guint32 *) (gpointer) cairo_image_surface_get_data (surface),
      .stride = (guint) cairo_image_surface_get_stride (surface) / sizeof (guint32),
      .width = TILE_WIDTH,
      .height = (guint) (self->height * self->unit),
      .first_column = number * TILE_WIDTH,
      .column_seconds = self->column_seconds,
      .unit = (guint) self->unit,
      .dark = self->dark,
    },
    spans);
  cairo_surface_mark_dirty (surface);
  cairo_surface_set_device_scale (surface, self->unit, self->unit);

  cr = gsk_cairo_node_get_draw_context (node);
  cairo_set_source_surface (cr, surface, 0, 0);
  cairo_pattern_set_filter (cairo_get_source (cr), CAIRO_FILTER_NEAREST);
  cairo_paint (cr);
  cairo_destroy (cr);
  cairo_surface_destroy (surface);
  self->n_drawn++;

  return node;
}

static GskRenderNode *
get_tile (DagschedGtkLaneTiles *self, DagschedGtkSpans *spans, gint64 number)
{
  GskRenderNode *node = g_hash_table_lookup (self->nodes, &number);

  if (node == NULL)
    {
      node = draw_tile (self, spans, number);
      g_hash_table_insert (self->nodes, g_memdup2 (&number, sizeof number), node);
    }

  return node;
}

static void
configure (DagschedGtkLaneTiles *self, double column_seconds, int height, int unit, gboolean dark)
{
  if (self->column_seconds == column_seconds && self->height == height && self->unit == unit &&
      self->dark == dark)
    return;

  dagsched_gtk_lane_tiles_clear (self);
  self->column_seconds = column_seconds;
  self->height = height;
  self->unit = unit;
  self->dark = dark;
}

void
dagsched_gtk_lane_tiles_snapshot (DagschedGtkLaneTiles *self,
                                  GtkSnapshot *snapshot,
                                  DagschedGtkSpans *spans,
                                  const DagschedGtkTimeAxis *axis,
                                  int height,
                                  int unit,
                                  gboolean dark)
{
  double first_column, first, last;

  configure (self, axis->scale / unit, height, unit, dark);
  first_column = round (axis->origin / self->column_seconds);
  first = floor (first_column / TILE_WIDTH);
  last = floor ((first_column + axis->width * unit) / TILE_WIDTH);
  remove_tiles (self, first - 1, last + 1, FALSE);

  for (double number = first; number <= last; number++)
    {
      gtk_snapshot_save (snapshot);
      gtk_snapshot_translate (
        snapshot, &GRAPHENE_POINT_INIT ((float) ((number * TILE_WIDTH - first_column) / unit), 0));
      gtk_snapshot_append_node (snapshot, get_tile (self, spans, (gint64) number));
      gtk_snapshot_restore (snapshot);
    }
}

guint
dagsched_gtk_lane_tiles_get_n_drawn (DagschedGtkLaneTiles *self)
{
  return self->n_drawn;
}
