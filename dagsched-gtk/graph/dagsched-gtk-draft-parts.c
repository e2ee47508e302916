/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "graph/dagsched-gtk-draft-private.h"

#include <math.h>
#include <stdlib.h>

/* Parts are put into boxes, long ones wrapped into bands as text is into lines, and the boxes on shelves. */

#define BAND_GAP 48.0f
#define BOX_GAP 48.0f
#define LONGEST 6.0f /* a part that would be wider than this times its height is wrapped */
#define MIN_LAYERS 8 /* a shorter one never is */
#define ASPECT 1.7f  /* of what it is wrapped into, and of the whole */

typedef struct
{
  guint part;
  float width, height;
} Box;

typedef struct
{
  float *tops, *bottoms; /* of each group: the edges of its rows */
} Extents;

static Extents
measure_groups (DagschedGtkDraft *self)
{
  Extents extents = { g_new (float, self->n_groups), g_new (float, self->n_groups) };

  for (guint group = 0; group < self->n_groups; group++)
    {
      extents.tops[group] = self->row_y[self->first_row[group]] - DAGSCHED_GTK_NODE_HEIGHT / 2;
      extents.bottoms[group] = self->row_y[self->first_row[group + 1] - 1] + DAGSCHED_GTK_NODE_HEIGHT / 2;
    }

  return extents;
}

/* Fills bands up to @limit, and says how wide and high that is; with @place, puts the groups there, the
 * left ends in @lefts. */
static Box
fill_bands (DagschedGtkDraft *self,
            guint part,
            const Extents *extents,
            float limit,
            float *lefts,
            float *shifts)
{
  guint first = self->part_group[part], end = self->part_group[part + 1];
  Box box = { .part = part };

  for (guint start = first, next; start < end; start = next)
    {
      float x = 0, top = INFINITY, bottom = -INFINITY;

      for (next = start; next < end; next++)
        {
          float width = dagsched_gtk_draft_columns_width (self->n_columns[next]);

          if (next > start && x + width > limit)
            break;
          if (lefts != NULL)
            lefts[next] = x;
          box.width = MAX (box.width, x + width);
          x += width + DAGSCHED_GTK_COLUMN_GAP;
          top = MIN (top, extents->tops[next]);
          bottom = MAX (bottom, extents->bottoms[next]);
        }
      box.height += start > first ? BAND_GAP : 0;
      for (guint group = start; shifts != NULL && group < next; group++)
        {
          shifts[group] = box.height - top;
          self->bands[group] = self->band_tops->len;
        }
      if (shifts != NULL)
        g_array_append_val (self->band_tops, box.height);
      box.height += bottom - top;
    }

  return box;
}

static float
choose_limit (DagschedGtkDraft *self, guint part, const Extents *extents)
{
  Box box = fill_bands (self, part, extents, INFINITY, NULL, NULL);
  float low = 0, high = box.width;

  if (self->part_group[part + 1] - self->part_group[part] <= MIN_LAYERS || box.width <= LONGEST * box.height)
    return INFINITY;

  for (guint i = 0; i < 30 && high - low > DAGSCHED_GTK_NODE_WIDTH / 2; i++)
    {
      float middle = (low + high) / 2;

      box = fill_bands (self, part, extents, middle, NULL, NULL);
      if (box.width >= ASPECT * box.height)
        high = middle;
      else
        low = middle;
    }

  return high;
}

static int
compare_boxes (gconstpointer a, gconstpointer b)
{
  const Box *one = a, *other = b;

  if (one->height != other->height)
    return one->height > other->height ? -1 : 1;
  return one->part < other->part ? -1 : 1;
}

static void
move_part (DagschedGtkDraft *self, guint part, float x, float y, float *lefts, float *shifts)
{
  for (guint group = self->part_group[part]; group < self->part_group[part + 1]; group++)
    {
      if (group == self->part_group[part] || self->bands[group] != self->bands[group - 1])
        g_array_index (self->band_tops, float, self->bands[group]) += y;
      lefts[group] += x;
      shifts[group] += y;
    }
}

/* Shelves of boxes, the tallest first. */
static void
pack (DagschedGtkDraft *self, Box *boxes, float room, float *lefts, float *shifts)
{
  float x = 0, y = 0, shelf = 0, width = 0;

  if (self->n_parts == 0)
    return;

  for (guint i = 0; i < self->n_parts; i++)
    width = MAX (width, boxes[i].width);
  width = MAX (width, sqrtf (ASPECT * room));

  qsort (boxes, self->n_parts, sizeof *boxes, compare_boxes);
  for (guint i = 0; i < self->n_parts; i++)
    {
      if (x > 0 && x + boxes[i].width > width)
        {
          y += shelf + BOX_GAP;
          x = shelf = 0;
        }
      move_part (self, boxes[i].part, x, y, lefts, shifts);
      self->width = MAX (self->width, x + boxes[i].width);
      x += boxes[i].width + BOX_GAP;
      shelf = MAX (shelf, boxes[i].height);
    }
  self->height = y + shelf;
}

/* Tests without edges: a block of their own, read as text is, below the others. */
static void
place_singles (DagschedGtkDraft *self, guint n_singles, float room)
{
  const float across = DAGSCHED_GTK_NODE_WIDTH + DAGSCHED_GTK_SUBCOLUMN_GAP;
  const float down = DAGSCHED_GTK_NODE_HEIGHT + DAGSCHED_GTK_ROW_GAP;
  float top = self->n_parts > 0 ? self->height + BOX_GAP : 0;
  float width = MAX (self->width, sqrtf (ASPECT * room));
  guint n_columns = MAX ((guint) ((width + DAGSCHED_GTK_SUBCOLUMN_GAP) / across), 1), n = 0;

  if (n_singles == 0)
    return;

  for (guint32 test = 0; test < self->n_tests; test++)
    {
      if (self->parts[test] != G_MAXUINT32)
        continue;
      self->x[test] = n % n_columns * across;
      self->y[test] = top + n / n_columns * down;
      n++;
    }
  self->width = MAX (self->width, MIN (n, n_columns) * across - DAGSCHED_GTK_SUBCOLUMN_GAP);
  self->height = top + (n + n_columns - 1) / n_columns * down - DAGSCHED_GTK_ROW_GAP;
}

static void
place_items (DagschedGtkDraft *self, const float *lefts, const float *shifts)
{
  for (guint32 item = 0; item < self->n_items; item++)
    {
      guint group;

      if (self->parts[item] == G_MAXUINT32)
        continue;
      group = dagsched_gtk_draft_group_of (self, item);
      self->x[item] =
        lefts[group] + self->columns[item] * (DAGSCHED_GTK_NODE_WIDTH + DAGSCHED_GTK_SUBCOLUMN_GAP);
      self->y[item] = self->row_y[self->rows[item]] + shifts[group] -
                      (item < self->n_tests ? DAGSCHED_GTK_NODE_HEIGHT / 2 : 0);
    }
}

static guint
count_singles (DagschedGtkDraft *self)
{
  guint n = 0;

  for (guint32 test = 0; test < self->n_tests; test++)
    n += self->parts[test] == G_MAXUINT32;

  return n;
}

void
dagsched_gtk_draft_place_parts (DagschedGtkDraft *self)
{
  Extents extents = measure_groups (self);
  g_autofree float *lefts = g_new (float, self->n_groups);
  g_autofree float *shifts = g_new (float, self->n_groups);
  g_autofree Box *boxes = g_new (Box, self->n_parts);
  guint n_singles = count_singles (self);
  float room = n_singles * (DAGSCHED_GTK_NODE_WIDTH + DAGSCHED_GTK_SUBCOLUMN_GAP) *
               (DAGSCHED_GTK_NODE_HEIGHT + DAGSCHED_GTK_ROW_GAP);

  self->width = self->height = 0;
  g_array_set_size (self->band_tops, 0);
  for (guint part = 0; part < self->n_parts; part++)
    {
      boxes[part] = fill_bands (self, part, &extents, choose_limit (self, part, &extents), lefts, shifts);
      room += (boxes[part].width + BOX_GAP) * (boxes[part].height + BOX_GAP);
    }
  pack (self, boxes, room, lefts, shifts);
  place_singles (self, n_singles, room);
  place_items (self, lefts, shifts);
  g_free (extents.tops);
  g_free (extents.bottoms);
}
