/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "graph/dagsched-gtk-canvas-tiles-private.h"

#define TILE_SIZE 128 /* pixels */

/* The canvas does not say that its pixels are opaque; a texture has to. */
#define OPAQUE 0xff000000u

typedef struct
{
  int x, y, width, height;
  GBytes *pixels; /* of the node */
  GskRenderNode *node;
} Tile;

static void
tile_free (gpointer data)
{
  Tile *tile = data;

  g_clear_pointer (&tile->pixels, g_bytes_unref);
  g_clear_pointer (&tile->node, gsk_render_node_unref);
  g_free (tile);
}

static void
divide (DagschedGtkCanvasTiles *self, const DagschedGtkCanvas *canvas, int scale)
{
  g_clear_pointer (&self->tiles, g_ptr_array_unref);
  self->tiles = g_ptr_array_new_with_free_func (tile_free);
  self->width = canvas->width;
  self->height = canvas->height;
  self->scale = scale;
  for (int y = 0; y < canvas->height; y += TILE_SIZE)
    for (int x = 0; x < canvas->width; x += TILE_SIZE)
      {
        Tile *tile = g_new0 (Tile, 1);

        tile->x = x;
        tile->y = y;
        tile->width = MIN (TILE_SIZE, canvas->width - x);
        tile->height = MIN (TILE_SIZE, canvas->height - y);
        g_ptr_array_add (self->tiles, tile);
      }
}

static const guint32 *
get_row (const Tile *tile, const DagschedGtkCanvas *canvas, int row)
{
  return canvas->pixels + (gsize) (tile->y + row) * canvas->stride + tile->x;
}

static gboolean
row_differs (const guint32 *before, const guint32 *now, int width)
{
  guint32 difference = 0;

  for (int i = 0; i < width; i++)
    difference |= before[i] ^ (now[i] | OPAQUE);

  return difference != 0;
}

static gboolean
looks_as_before (const Tile *tile, const DagschedGtkCanvas *canvas)
{
  const guint32 *before;

  if (tile->pixels == NULL)
    return FALSE;

  before = g_bytes_get_data (tile->pixels, NULL);
  for (int row = 0; row < tile->height; row++)
    {
      if (row_differs (before + row * tile->width, get_row (tile, canvas, row), tile->width))
        return FALSE;
    }

  return TRUE;
}

static GBytes *
copy_pixels (const Tile *tile, const DagschedGtkCanvas *canvas)
{
  gsize n = (gsize) tile->width * tile->height;
  guint32 *pixels = g_new (guint32, n);

  for (int row = 0; row < tile->height; row++)
    {
      const guint32 *now = get_row (tile, canvas, row);

      for (int i = 0; i < tile->width; i++)
        pixels[row * tile->width + i] = now[i] | OPAQUE;
    }

  return g_bytes_new_take (pixels, n * sizeof *pixels);
}

static void
take (Tile *tile, const DagschedGtkCanvas *canvas, int scale)
{
  g_autoptr (GdkTexture) texture = NULL;

  g_clear_pointer (&tile->pixels, g_bytes_unref);
  g_clear_pointer (&tile->node, gsk_render_node_unref);
  tile->pixels = copy_pixels (tile, canvas);
  texture = gdk_memory_texture_new (tile->width, tile->height, GDK_MEMORY_DEFAULT, tile->pixels,
                                    tile->width * sizeof (guint32));
  tile->node = gsk_texture_node_new (
    texture, &GRAPHENE_RECT_INIT (tile->x / (float) scale, tile->y / (float) scale,
                                  tile->width / (float) scale, tile->height / (float) scale));
}

void
dagsched_gtk_canvas_tiles_append (DagschedGtkCanvasTiles *self,
                                  GtkSnapshot *snapshot,
                                  const DagschedGtkCanvas *canvas,
                                  int scale)
{
  if (self->tiles == NULL || self->width != canvas->width || self->height != canvas->height ||
      self->scale != scale)
    divide (self, canvas, scale);

  for (guint i = 0; i < self->tiles->len; i++)
    {
      Tile *tile = g_ptr_array_index (self->tiles, i);

      if (!looks_as_before (tile, canvas))
        take (tile, canvas, scale);
      gtk_snapshot_append_node (snapshot, tile->node);
    }
}

void
dagsched_gtk_canvas_tiles_clear (DagschedGtkCanvasTiles *self)
{
  g_clear_pointer (&self->tiles, g_ptr_array_unref);
}
