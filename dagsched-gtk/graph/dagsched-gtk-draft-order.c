/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "graph/dagsched-gtk-draft-private.h"

#include <string.h>

/* The order of the items of a layer: barycenter sweeps (Sugiyama, Tagawa, Toda 1981). Places are compared
 * as shares of their layers, as an edge without bends may come from any layer. */

typedef struct
{
  guint64 *keys, *spare; /* place wanted << 32 | place so far */
  guint32 *items;
} Sorter;

static void
sort_few (guint64 *keys, guint n)
{
  for (guint i = 1; i < n; i++)
    {
      guint64 key = keys[i];
      guint at = i;

      for (; at > 0 && keys[at - 1] > key; at--)
        keys[at] = keys[at - 1];
      keys[at] = key;
    }
}

/* By digits of the upper half: the lower one is sorted already. */
static void
sort_many (guint64 *keys, guint64 *spare, guint n)
{
  for (guint shift = 32; shift < 64; shift += 8)
    {
      guint32 starts[257] = { 0 };

      for (guint i = 0; i < n; i++)
        starts[(keys[i] >> shift & 0xff) + 1]++;
      for (guint digit = 0; digit < 256; digit++)
        starts[digit + 1] += starts[digit];
      for (guint i = 0; i < n; i++)
        spare[starts[keys[i] >> shift & 0xff]++] = keys[i];
      memcpy (keys, spare, n * sizeof *keys);
    }
}

static float
place_of (DagschedGtkDraft *self, guint32 item)
{
  guint group = dagsched_gtk_draft_group_of (self, item);

  return (self->positions[item] + 0.5f) / (self->first_in_group[group + 1] - self->first_in_group[group]);
}

static float
wanted_place (DagschedGtkDraft *self, guint32 item, const guint32 *first, const guint32 *neighbours)
{
  float sum = 0;

  if (first[item] == first[item + 1])
    return place_of (self, item);

  for (guint32 i = first[item]; i < first[item + 1]; i++)
    sum += place_of (self, neighbours[i]);

  return sum / (first[item + 1] - first[item]);
}

static void
sort_group (DagschedGtkDraft *self,
            guint group,
            Sorter *sorter,
            const guint32 *first,
            const guint32 *neighbours)
{
  guint32 *order = self->order + self->first_in_group[group];
  guint n = self->first_in_group[group + 1] - self->first_in_group[group];

  for (guint32 i = 0; i < n; i++)
    {
      guint64 wanted = wanted_place (self, order[i], first, neighbours) * (1u << 31);

      sorter->keys[i] = wanted << 32 | i;
      sorter->items[i] = order[i];
    }
  if (n < 64)
    sort_few (sorter->keys, n);
  else
    sort_many (sorter->keys, sorter->spare, n);
  for (guint32 i = 0; i < n; i++)
    {
      order[i] = sorter->items[(guint32) sorter->keys[i]];
      self->positions[order[i]] = i;
    }
}

void
dagsched_gtk_draft_sweep (DagschedGtkDraft *self, gboolean to_the_right)
{
  g_autofree guint64 *keys = g_new (guint64, self->n_items);
  g_autofree guint64 *spare = g_new (guint64, self->n_items);
  g_autofree guint32 *items = g_new (guint32, self->n_items);
  Sorter sorter = { keys, spare, items };

  for (guint i = 0; i < self->n_groups && !g_cancellable_is_cancelled (self->cancellable); i++)
    {
      if (to_the_right)
        sort_group (self, i, &sorter, self->first_in, self->ins);
      else
        sort_group (self, self->n_groups - 1 - i, &sorter, self->first_out, self->outs);
    }
}

/* Of the segments from a layer to the next, by a Fenwick tree over the places of the next: Barth, Mutzel
 * and Jünger, "Simple and Efficient Bilayer Cross Counting", 2004. */
static guint64
count_between (DagschedGtkDraft *self, guint group, guint32 *tree, guint64 *places)
{
  guint n_next = self->first_in_group[group + 2] - self->first_in_group[group + 1];
  guint64 n_crossings = 0, n_seen = 0;

  memset (tree, 0, (n_next + 1) * sizeof *tree);
  for (guint32 i = self->first_in_group[group]; i < self->first_in_group[group + 1]; i++)
    {
      guint32 item = self->order[i];
      guint n = 0;

      for (guint32 out = self->first_out[item]; out < self->first_out[item + 1]; out++)
        {
          guint32 to = self->outs[out];

          if (self->layers[to] != self->layers[item] + 1)
            continue;
          places[n++] = self->positions[to];
          n_crossings += n_seen;
          for (guint32 at = self->positions[to] + 1; at > 0; at -= at & -at)
            n_crossings -= tree[at];
        }
      for (guint k = 0; k < n; k++, n_seen++)
        for (guint32 at = places[k] + 1; at <= n_next; at += at & -at)
          tree[at]++;
    }

  return n_crossings;
}

guint64
dagsched_gtk_draft_count_crossings (DagschedGtkDraft *self)
{
  g_autofree guint32 *tree = g_new (guint32, self->n_items + 1);
  g_autofree guint64 *places = g_new (guint64, MAX (self->first_out[self->n_items], 1));
  guint64 n = 0;

  for (guint part = 0; part < self->n_parts; part++)
    for (guint group = self->part_group[part]; group + 1 < self->part_group[part + 1]; group++)
      n += count_between (self, group, tree, places);

  return n;
}
