/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/dagsched-ready-queue-private.h"

#include <string.h>

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
  self->n_front = self->n_heap = self->allocated = 0;
}

/* The heap. */

static void
push_to_heap (DagschedReadyQueue *self, guint64 entry)
{
  guint hole = self->n_heap++;

  if (self->n_heap > self->allocated)
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

static guint
first_child (DagschedReadyQueue *self, guint hole)
{
  guint child = hole * ARITY + 1;
  guint end = MIN (child + ARITY, self->n_heap);
  guint best = child;

  for (guint i = child + 1; i < end; i++)
    {
      if (self->heap[i] < self->heap[best])
        best = i;
    }

  return best;
}

static guint64
pop_from_heap (DagschedReadyQueue *self)
{
  guint64 first = self->heap[0];
  guint64 last = self->heap[--self->n_heap];
  guint hole = 0;

  while (hole * ARITY + 1 < self->n_heap)
    {
      guint child = first_child (self, hole);

      if (self->heap[child] >= last)
        break;
      self->heap[hole] = self->heap[child];
      hole = child;
    }
  if (self->n_heap > 0)
    self->heap[hole] = last;

  return first;
}

/* The front. */

/* There is room. */
static void
insert_into_front (DagschedReadyQueue *self, guint64 entry)
{
  guint place = self->n_front++;

  /* New ones mostly come before those that wait: longest paths first. */
  while (place > 0 && self->front[place - 1] < entry)
    {
      self->front[place] = self->front[place - 1];
      place--;
    }
  self->front[place] = entry;
}

static void
drop_last_of_front (DagschedReadyQueue *self)
{
  push_to_heap (self, self->front[0]);
  memmove (&self->front[0], &self->front[1], --self->n_front * sizeof self->front[0]);
}

/* Half of it: what becomes ready next may belong there too. */
static void
fill_front (DagschedReadyQueue *self)
{
  guint n = MIN (self->n_heap, DAGSCHED_READY_FRONT / 2);

  for (guint i = n; i-- > 0;)
    self->front[i] = pop_from_heap (self);
  self->n_front = n;
}

void
dagsched_ready_queue_push (DagschedReadyQueue *self, guint32 test)
{
  guint64 entry = (guint64) self->rank[test] << 32 | test;
  gboolean is_full = self->n_front == DAGSCHED_READY_FRONT;
  gboolean belongs_there =
    self->n_front > 0 ? entry < self->front[0] || (self->n_heap == 0 && !is_full) : self->n_heap == 0;

  if (!belongs_there)
    {
      push_to_heap (self, entry);
      return;
    }

  if (is_full)
    drop_last_of_front (self);
  insert_into_front (self, entry);
}

gboolean
dagsched_ready_queue_peek (DagschedReadyQueue *self, guint32 *test)
{
  if (self->n_front == 0)
    fill_front (self);
  if (self->n_front == 0)
    return FALSE;

  *test = (guint32) self->front[self->n_front - 1];
  return TRUE;
}

gboolean
dagsched_ready_queue_pop (DagschedReadyQueue *self, guint32 *test)
{
  if (!dagsched_ready_queue_peek (self, test))
    return FALSE;

  self->n_front--;
  return TRUE;
}
