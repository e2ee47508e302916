/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define DAGSCHED_READY_FRONT 64

/* The ordered queue: test numbers, the lowest rank first. Not locked. A 4-ary heap, and before it the front: those
 * that come before all in the heap, sorted. Workers on several processors take from the queue in turn; what one has
 * written the other waits for, and to take from a heap of a million is to write a dozen places, but from the front
 * it is one. Ranks stand beside the numbers: looking each of them up is a wait for memory as well. */
typedef struct
{
  const guint32 *rank;                 /* of each test; not owned */
  guint64 front[DAGSCHED_READY_FRONT]; /* rank in the upper half, test in the lower; the first one last */
  guint n_front;
  guint64 *heap; /* likewise */
  guint n_heap;
  guint allocated;
} DagschedReadyQueue;

void dagsched_ready_queue_init (DagschedReadyQueue *self, const guint32 *rank);
void dagsched_ready_queue_clear (DagschedReadyQueue *self);
void dagsched_ready_queue_push (DagschedReadyQueue *self, guint32 test);
gboolean dagsched_ready_queue_peek (DagschedReadyQueue *self, guint32 *test);
gboolean dagsched_ready_queue_pop (DagschedReadyQueue *self, guint32 *test);
/* The one that would come @position places later, if that is known without a search. */
static inline gboolean
dagsched_ready_queue_guess (const DagschedReadyQueue *self, guint position, guint32 *test)
{
  if (position >= self->n_front)
    return FALSE;

  *test = (guint32) self->front[self->n_front - 1 - position];
  return TRUE;
}

G_END_DECLS
