/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/dagsched-ready-queue-private.h"

#define ARITY 4

void
dagsched_ready_queue_init (DagschedReadyQueue *self, const guint32 *rank)
{
  *self = (DagschedReadyQueue){ .rank = rank };
}

void
dagsched_ready_queue_clear (DagschedReadyQueue *self)
{
  g_clear_pointer (&self->heap, g_free);
  self->length = self->allocated = 0;
}

void
dagsched_ready_queue_push (DagschedReadyQueue *self, guint32 test)
{
  guint64 entry = (guint64) self->rank[test] << 32 | test;
  guint hole = self->length++;

  if (self->length > self->allocated)
    {
      self->allocated = MAX (64, self->allocated * 2);
      self->heap = g_renew (guint64, self->heap, self->allocated);
    }

  while (hole > 0)
    {
      guint parent = (hole - 1) / ARITY;

      if (entry >= self->heap[parent])
        break;
      self->heap[hole] = self->heap[parent];
      hole = parent;
    }
  self->heap[hole] = entry;
}

gboolean
dagsched_ready_queue_peek (DagschedReadyQueue *self, guint32 *test)
{
  if (self->length == 0)
    return FALSE;

  *test = (guint32) self->heap[0];
  return TRUE;
}

static guint
first_child (DagschedReadyQueue *self, guint hole)
{
  guint child = hole * ARITY + 1;
  guint end = MIN (child + ARITY, self->length);
  guint best = child;

  for (guint i = child + 1; i < end; i++)
    {
      if (self->heap[i] < self->heap[best])
        best = i;
    }

  return best;
}

gboolean
dagsched_ready_queue_pop (DagschedReadyQueue *self, guint32 *test)
{
  guint hole = 0;
  guint64 last;

  if (!dagsched_ready_queue_peek (self, test))
    return FALSE;

  last = self->heap[--self->length];
  while (hole * ARITY + 1 < self->length)
    {
      guint child = first_child (self, hole);

      if (self->heap[child] >= last)
        break;
      self->heap[hole] = self->heap[child];
      hole = child;
    }
  if (self->length > 0)
    self->heap[hole] = last;

  return TRUE;
}
