/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "graph/dagsched-gtk-layout-private.h"

#include <math.h>
#include <string.h>

DagschedGtkLayoutGraph *
dagsched_gtk_layout_graph_new (guint n_tests,
                               const guint32 *first_dependency,
                               const guint32 *dependencies,
                               const guint8 *conditions)
{
  DagschedGtkLayoutGraph *self = g_new0 (DagschedGtkLayoutGraph, 1);
  gsize n_edges = first_dependency[n_tests];

  self->n_tests = n_tests;
  self->first_dependency = g_memdup2 (first_dependency, (n_tests + 1) * sizeof *first_dependency);
  self->dependencies = g_memdup2 (dependencies, n_edges * sizeof *dependencies);
  self->conditions = g_memdup2 (conditions, n_edges);

  return self;
}

gboolean
dagsched_gtk_layout_graph_equal (const DagschedGtkLayoutGraph *self,
                                 guint n_tests,
                                 const guint32 *first_dependency,
                                 const guint32 *dependencies,
                                 const guint8 *conditions)
{
  gsize n_edges;

  if (self->n_tests != n_tests ||
      memcmp (self->first_dependency, first_dependency, (n_tests + 1) * sizeof *first_dependency) != 0)
    return FALSE;

  n_edges = first_dependency[n_tests];

  return n_edges == 0 || (memcmp (self->dependencies, dependencies, n_edges * sizeof *dependencies) == 0 &&
                          memcmp (self->conditions, conditions, n_edges) == 0);
}

void
dagsched_gtk_layout_graph_free (DagschedGtkLayoutGraph *self)
{
  g_free (self->first_dependency);
  g_free (self->dependencies);
  g_free (self->conditions);
  g_free (self);
}

DagschedGtkLayout *
dagsched_gtk_layout_ref (DagschedGtkLayout *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
dagsched_gtk_layout_unref (DagschedGtkLayout *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_free (self->x);
  g_free (self->y);
  g_free (self->layers);
  g_free (self->bands);
  g_free (self->lanes);
  g_free (self->band_tops);
  g_free (self->topological);
  g_free (self->first_in);
  g_free (self->ins);
  g_free (self->in_conditions);
  g_free (self->first_out);
  g_free (self->outs);
  g_free (self->out_conditions);
  g_free (self->first_in_cell);
  g_free (self->in_cells);
  g_free (self);
}

static guint
cell_at (float at, float size, guint n)
{
  return at > 0 ? MIN ((guint) (at / size), n - 1) : 0;
}

static guint
cell_of (const DagschedGtkLayout *self, guint32 item)
{
  return cell_at (self->y[item], self->cell_height, self->n_rows) * self->n_columns +
         cell_at (self->x[item], self->cell_width, self->n_columns);
}

/* Cells of about eight nodes; larger where the drawing is sparse, so that they are never many more than
 * the items. */
static void
size_cells (DagschedGtkLayout *self)
{
  float width = 2 * (DAGSCHED_GTK_NODE_WIDTH + DAGSCHED_GTK_COLUMN_GAP);
  float height = 4 * (DAGSCHED_GTK_NODE_HEIGHT + DAGSCHED_GTK_ROW_GAP);
  float scale = sqrtf (self->width / width * (self->height / height) / (2.0f * self->n_items + 16));

  scale = MAX (scale, 1);
  self->cell_width = width * scale;
  self->cell_height = height * scale;
  self->n_columns = 1 + (guint) (self->width / self->cell_width);
  self->n_rows = 1 + (guint) (self->height / self->cell_height);
}

void
dagsched_gtk_layout_index (DagschedGtkLayout *self)
{
  g_autofree guint32 *next = NULL;
  guint n_cells;

  size_cells (self);
  n_cells = self->n_columns * self->n_rows;
  self->first_in_cell = g_new0 (guint32, n_cells + 1);
  for (guint32 item = 0; item < self->n_items; item++)
    self->first_in_cell[cell_of (self, item) + 1]++;
  for (guint cell = 0; cell < n_cells; cell++)
    self->first_in_cell[cell + 1] += self->first_in_cell[cell];

  self->in_cells = g_new (guint32, self->n_items);
  next = g_memdup2 (self->first_in_cell, n_cells * sizeof *next);
  for (guint32 item = 0; item < self->n_items; item++)
    self->in_cells[next[cell_of (self, item)]++] = item;
}

void
dagsched_gtk_layout_visit (const DagschedGtkLayout *self,
                           float x,
                           float y,
                           float width,
                           float height,
                           DagschedGtkLayoutVisit visit,
                           gpointer user_data)
{
  /* Items are in the cell of their top left corner. */
  guint left = cell_at (x - DAGSCHED_GTK_NODE_WIDTH, self->cell_width, self->n_columns);
  guint right = cell_at (x + width, self->cell_width, self->n_columns);
  guint top = cell_at (y - DAGSCHED_GTK_NODE_HEIGHT, self->cell_height, self->n_rows);
  guint bottom = cell_at (y + height, self->cell_height, self->n_rows);

  for (guint row = top; row <= bottom; row++)
    {
      guint32 first = self->first_in_cell[row * self->n_columns + left];
      guint32 end = self->first_in_cell[row * self->n_columns + right + 1];

      for (guint32 i = first; i < end; i++)
        visit (self->in_cells[i], user_data);
    }
}

typedef struct
{
  const DagschedGtkLayout *layout;
  float x, y;
  guint32 found;
} Pick;

static void
pick_item (guint32 item, gpointer user_data)
{
  Pick *pick = user_data;
  const DagschedGtkLayout *layout = pick->layout;

  if (!dagsched_gtk_layout_is_bend (layout, item) && pick->x >= layout->x[item] &&
      pick->x < layout->x[item] + DAGSCHED_GTK_NODE_WIDTH && pick->y >= layout->y[item] &&
      pick->y < layout->y[item] + DAGSCHED_GTK_NODE_HEIGHT)
    pick->found = item;
}

guint32
dagsched_gtk_layout_pick (const DagschedGtkLayout *self, float x, float y)
{
  Pick pick = { .layout = self, .x = x, .y = y, .found = DAGSCHED_GTK_NO_ITEM };

  dagsched_gtk_layout_visit (self, x, y, 0, 0, pick_item, &pick);

  return pick.found;
}
