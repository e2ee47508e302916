/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/dagsched-rank-heap-private.h"

#define ARITY 4

void
dagsched_rank_heap_init (DagschedRankHeap *self, const guint32 *rank)
{
  *self = (DagschedRankHeap){ .rank = rank };
}

void
dagsched_rank_heap_clear (DagschedRankHeap *self)
{
  g_clear_pointer (&self->entries, g_free);
  self->length = self->allocated = 0;
}

void
dagsched_rank_heap_push (DagschedRankHeap *self, guint32 test)
{
  guint64 entry = (guint64) self->rank[test] << 32 | test;
  guint hole = self->length++;

  if (self->length > self->allocated)
    {
      self->allocated = MAX (16, self->allocated * 2);
      self->entries = g_renew (guint64, self->entries, self->allocated);
    }

  while (hole > 0)
    {
      guint parent = (hole - 1) / ARITY;

      if (entry >= self->entries[parent])
        break;
      self->entries[hole] = self->entries[parent];
      hole = parent;
    }
  self->entries[hole] = entry;
}

static guint
first_child (DagschedRankHeap *self, guint hole)
{
  guint child = hole * ARITY + 1;
  guint end = MIN (child + ARITY, self->length);
  guint best = child;

  for (guint i = child + 1; i < end; i++)
    {
      if (self->entries[i] < self->entries[best])
        best = i;
    }

  return best;
}

static void
fill_hole (DagschedRankHeap *self, guint64 entry)
{
  guint hole = 0;

  while (hole * ARITY + 1 < self->length)
    {
      guint child = first_child (self, hole);

      if (self->entries[child] >= entry)
        break;
      self->entries[hole] = self->entries[child];
      hole = child;
    }
  self->entries[hole] = entry;
}

gboolean
dagsched_rank_heap_peek (DagschedRankHeap *self, guint32 *test)
{
  if (self->length == 0)
    return FALSE;

  *test = (guint32) self->entries[0];
  return TRUE;
}

gboolean
dagsched_rank_heap_pop (DagschedRankHeap *self, guint32 *test)
{
  if (!dagsched_rank_heap_peek (self, test))
    return FALSE;

  self->length--;
  if (self->length > 0)
    fill_hole (self, self->entries[self->length]);
  return TRUE;
}
