/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "graph/dagsched-gtk-draft-private.h"

#include <stdlib.h>

/* Lanes: where in the gap behind a layer edges go up or down. Those of different tests that would lie on
 * each other get lanes beside each other, as long as there are any. */

#define MAX_LANES 8
#define LANE_WIDTH 6.0f

typedef struct
{
  guint32 item;
  float top, bottom;
} Stretch;

static int
compare_stretches (gconstpointer a, gconstpointer b)
{
  const Stretch *one = a, *other = b;

  if (one->top != other->top)
    return one->top < other->top ? -1 : 1;
  return one->item < other->item ? -1 : 1;
}

static float
middle_of (DagschedGtkDraft *self, guint32 item)
{
  return self->y[item] + (item < self->n_tests ? DAGSCHED_GTK_NODE_HEIGHT / 2 : 0);
}

static guint
find_stretches (DagschedGtkDraft *self, guint group, Stretch *stretches)
{
  guint n = 0;

  for (guint32 i = self->first_in_group[group]; i < self->first_in_group[group + 1]; i++)
    {
      guint32 item = self->order[i];
      Stretch stretch = { item, middle_of (self, item), middle_of (self, item) };

      for (guint32 out = self->first_out[item]; out < self->first_out[item + 1]; out++)
        {
          stretch.top = MIN (stretch.top, middle_of (self, self->outs[out]));
          stretch.bottom = MAX (stretch.bottom, middle_of (self, self->outs[out]));
        }
      if (stretch.top < stretch.bottom)
        stretches[n++] = stretch;
    }

  return n;
}

/* The first lane that is free at the top of each stretch (the left-edge algorithm of channel routing:
 * Hashimoto and Stevens, 1971); when none is, the one that is free soonest. */
static guint
assign (Stretch *stretches, guint n, guint8 *lanes)
{
  float ends[MAX_LANES] = { 0 };
  guint n_lanes = 0;

  for (guint i = 0; i < n; i++)
    {
      guint best = 0;

      for (guint lane = 1; lane < n_lanes && ends[best] >= stretches[i].top; lane++)
        if (ends[lane] < stretches[i].top || ends[lane] < ends[best])
          best = lane;
      if (n_lanes == 0 || (ends[best] >= stretches[i].top && n_lanes < MAX_LANES))
        best = n_lanes++;
      else if (ends[best] >= stretches[i].top)
        stretches[i].bottom = MAX (stretches[i].bottom, ends[best]);
      ends[best] = stretches[i].bottom;
      lanes[i] = best;
    }

  return n_lanes;
}

float *
dagsched_gtk_draft_choose_lanes (DagschedGtkDraft *self)
{
  g_autofree Stretch *stretches = g_new (Stretch, self->n_items);
  g_autofree guint8 *assigned = g_new (guint8, self->n_items);
  float *lanes = g_new0 (float, self->n_items);

  for (guint group = 0; group < self->n_groups; group++)
    {
      guint32 first = self->order[self->first_in_group[group]];
      float left =
        self->x[first] - self->columns[first] * (DAGSCHED_GTK_NODE_WIDTH + DAGSCHED_GTK_SUBCOLUMN_GAP);
      float middle =
        left + dagsched_gtk_draft_columns_width (self->n_columns[group]) + DAGSCHED_GTK_COLUMN_GAP / 2;
      guint n = find_stretches (self, group, stretches), n_lanes;

      for (guint32 i = self->first_in_group[group]; i < self->first_in_group[group + 1]; i++)
        lanes[self->order[i]] = middle;
      qsort (stretches, n, sizeof *stretches, compare_stretches);
      n_lanes = assign (stretches, n, assigned);
      for (guint i = 0; i < n; i++)
        lanes[stretches[i].item] = middle + (assigned[i] - (n_lanes - 1) / 2.0f) * LANE_WIDTH;
    }

  return lanes;
}
