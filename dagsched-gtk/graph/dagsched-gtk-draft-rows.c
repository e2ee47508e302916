/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "graph/dagsched-gtk-draft-private.h"

#include <math.h>

/* Rows: which items of a layer stand beside each other, and how far down. */

#define BEND_HEIGHT 6.0f
#define SMALL_STEP 10.0f
#define MIN_ROWS 12  /* a lower layer is never wrapped */
#define TALLEST 0.8f /* a part that would be taller than this times its width has its layers wrapped */

static guint
count_tests (DagschedGtkDraft *self, guint group)
{
  guint n = 0;

  for (guint32 i = self->first_in_group[group]; i < self->first_in_group[group + 1]; i++)
    n += self->order[i] < self->n_tests;

  return n;
}

static float
width_with (const guint32 *n_tests, guint n_groups, guint n_rows)
{
  float width = 0;

  for (guint i = 0; i < n_groups; i++)
    width += dagsched_gtk_draft_columns_width (MAX ((n_tests[i] + n_rows - 1) / n_rows, 1)) +
             DAGSCHED_GTK_COLUMN_GAP;

  return width;
}

/* How many rows the layers of a part may have: as many as they have, unless that makes it a thin column. */
static guint
choose_n_rows (const guint32 *n_tests, guint n_groups)
{
  const float pitch = DAGSCHED_GTK_NODE_HEIGHT + DAGSCHED_GTK_ROW_GAP;
  guint low = MIN_ROWS, high = MIN_ROWS;

  for (guint i = 0; i < n_groups; i++)
    high = MAX (high, n_tests[i]);
  if (high * pitch <= 2 * width_with (n_tests, n_groups, high))
    return high;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (middle * pitch >= TALLEST * width_with (n_tests, n_groups, middle))
        high = middle;
      else
        low = middle + 1;
    }

  return high;
}

static void
choose_columns (DagschedGtkDraft *self)
{
  g_autofree guint32 *n_tests = g_new (guint32, self->n_groups);

  for (guint group = 0; group < self->n_groups; group++)
    n_tests[group] = count_tests (self, group);
  for (guint part = 0; part < self->n_parts; part++)
    {
      guint first = self->part_group[part], n = self->part_group[part + 1] - first;
      guint n_rows = choose_n_rows (n_tests + first, n);

      for (guint group = first; group < first + n; group++)
        self->n_columns[group] = MAX ((n_tests[group] + n_rows - 1) / n_rows, 1);
    }
}

/* Row by row in the layer's order, so that neighbours in the order are near each other. A bend has a row of
 * its own. */
static guint32
fill_rows (DagschedGtkDraft *self, guint group, guint32 row)
{
  guint32 open = G_MAXUINT32;
  guint column = 0;

  for (guint32 i = self->first_in_group[group]; i < self->first_in_group[group + 1]; i++)
    {
      guint32 item = self->order[i];
      gboolean is_bend = item >= self->n_tests;

      if (is_bend || column == 0)
        {
          self->row_is_bend[row] = is_bend;
          self->rows[item] = row++;
          self->columns[item] = 0;
          if (is_bend)
            continue;
          open = row - 1;
        }
      self->rows[item] = open;
      self->columns[item] = column++;
      if (column == self->n_columns[group])
        column = 0;
    }

  return row;
}

static float
distance (DagschedGtkDraft *self, guint32 row)
{
  float above = self->row_is_bend[row - 1] ? BEND_HEIGHT : DAGSCHED_GTK_NODE_HEIGHT;
  float below = self->row_is_bend[row] ? BEND_HEIGHT : DAGSCHED_GTK_NODE_HEIGHT;

  if (self->row_is_bend[row - 1] && self->row_is_bend[row])
    return DAGSCHED_GTK_ROW_GAP;

  return (above + below) / 2 + DAGSCHED_GTK_ROW_GAP;
}

/* One below the other, the middle of the layer at 0. */
static void
stack (DagschedGtkDraft *self, guint group)
{
  guint32 first = self->first_row[group], end = self->first_row[group + 1];
  float y = 0;

  for (guint32 row = first; row < end; row++)
    {
      y += row > first ? distance (self, row) : 0;
      self->row_y[row] = y;
    }
  for (guint32 row = first; row < end; row++)
    self->row_y[row] -= y / 2;
}

/* Blocks of rows that want to stand where there is not room for all. */
typedef struct
{
  double sum, weight;
  guint32 n;
} Block;

/* The places nearest to the wanted ones, by least squares, that keep order and distance: isotonic
 * regression, pooling adjacent violators (Ayer, Brunk, Ewing, Reid and Silverman, 1955). */
static void
spread (DagschedGtkDraft *self, guint group, const double *wanted, const double *weights, Block *blocks)
{
  guint32 first = self->first_row[group], end = self->first_row[group + 1], row = first;
  double below = 0;
  guint n = 0;

  for (guint32 r = first; r < end; r++)
    {
      below += r > first ? distance (self, r) : 0;
      blocks[n++] = (Block){ (wanted[r] - below) * weights[r], weights[r], 1 };
      while (n > 1 && blocks[n - 2].sum * blocks[n - 1].weight >= blocks[n - 1].sum * blocks[n - 2].weight)
        {
          blocks[n - 2].sum += blocks[n - 1].sum;
          blocks[n - 2].weight += blocks[n - 1].weight;
          blocks[n - 2].n += blocks[n - 1].n;
          n--;
        }
    }

  below = 0;
  for (guint b = 0; b < n; b++)
    for (guint32 i = 0; i < blocks[b].n; i++, row++)
      {
        below += row > first ? distance (self, row) : 0;
        self->row_y[row] = blocks[b].sum / blocks[b].weight + below;
      }
}

static void
add_wishes (DagschedGtkDraft *self,
            guint32 item,
            const guint32 *first,
            const guint32 *neighbours,
            double *wanted,
            double *weights)
{
  guint32 row = self->rows[item];

  for (guint32 i = first[item]; i < first[item + 1]; i++)
    {
      /* Lines that pass should be straight above all. */
      double weight = item >= self->n_tests && neighbours[i] >= self->n_tests ? 64 : 1;

      wanted[row] += weight * self->row_y[self->rows[neighbours[i]]];
      weights[row] += weight;
    }
}

static void
align (DagschedGtkDraft *self, guint group, guint directions, double *wanted, double *weights, Block *blocks)
{
  guint32 first = self->first_row[group], end = self->first_row[group + 1];

  for (guint32 row = first; row < end; row++)
    wanted[row] = weights[row] = 0;
  for (guint32 i = self->first_in_group[group]; i < self->first_in_group[group + 1]; i++)
    {
      if (directions & 1)
        add_wishes (self, self->order[i], self->first_in, self->ins, wanted, weights);
      if (directions & 2)
        add_wishes (self, self->order[i], self->first_out, self->outs, wanted, weights);
    }
  for (guint32 row = first; row < end; row++)
    {
      wanted[row] = weights[row] > 0 ? wanted[row] / weights[row] : self->row_y[row];
      weights[row] = weights[row] > 0 ? weights[row] : 0.1;
    }
  spread (self, group, wanted, weights, blocks);
}

/* Bends may come a little nearer to others than rows usually do. */
static gboolean
has_room (DagschedGtkDraft *self, guint group, guint32 row, float y)
{
  for (guint32 other = row; other <= row + 1; other++)
    {
      gboolean is_between_tests;
      float other_y;

      if (other == self->first_row[group] || other == self->first_row[group + 1])
        continue;
      other_y = self->row_y[other == row ? row - 1 : other];
      is_between_tests = !self->row_is_bend[other] && !self->row_is_bend[other - 1];
      if (fabsf (y - other_y) < distance (self, other) - (is_between_tests ? 0 : DAGSCHED_GTK_ROW_GAP / 2))
        return FALSE;
    }

  return TRUE;
}

/* Steps of a few pixels only look untidy: who can stands level with what leads to it. */
static void
straighten (DagschedGtkDraft *self, guint group)
{
  for (guint32 i = self->first_in_group[group]; i < self->first_in_group[group + 1]; i++)
    {
      guint32 item = self->order[i], row = self->rows[item];
      float nearest = INFINITY;

      if (self->n_columns[group] > 1 && !self->row_is_bend[row])
        continue;
      for (guint32 in = self->first_in[item]; in < self->first_in[item + 1]; in++)
        {
          float y = self->row_y[self->rows[self->ins[in]]];

          if (fabsf (y - self->row_y[row]) < fabsf (nearest - self->row_y[row]))
            nearest = y;
        }
      if (fabsf (nearest - self->row_y[row]) < SMALL_STEP && has_room (self, group, row, nearest))
        self->row_y[row] = nearest;
    }
}

void
dagsched_gtk_draft_place_rows (DagschedGtkDraft *self, guint n_rounds)
{
  g_autofree double *wanted = g_new (double, self->n_items);
  g_autofree double *weights = g_new (double, self->n_items);
  g_autofree Block *blocks = g_new (Block, self->n_items);
  guint32 row = 0;

  choose_columns (self);
  for (guint group = 0; group < self->n_groups; group++)
    {
      self->first_row[group] = row;
      row = fill_rows (self, group, row);
      self->first_row[group + 1] = row;
      stack (self, group);
    }

  for (guint round = 0; round < n_rounds && !g_cancellable_is_cancelled (self->cancellable); round++)
    {
      gboolean is_rough = round < n_rounds / 2;

      for (guint group = 0; group < self->n_groups; group++)
        align (self, group, is_rough ? 1 : 3, wanted, weights, blocks);
      for (guint group = self->n_groups; group-- > 0;)
        align (self, group, is_rough ? 2 : 3, wanted, weights, blocks);
    }
  for (guint group = 0; group < self->n_groups; group++)
    straighten (self, group);
}
