/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The ordered queue: a 4-ary heap of test numbers, the lowest rank first. Not locked. Ranks stand in the heap:
 * there may be a million tests, and looking each of them up is a wait for memory. */
typedef struct
{
  const guint32 *rank; /* of each test; not owned */
  guint64 *heap;       /* rank in the upper half, test in the lower */
  guint length;
  guint allocated;
} DagschedReadyQueue;

void dagsched_ready_queue_init (DagschedReadyQueue *self, const guint32 *rank);
void dagsched_ready_queue_clear (DagschedReadyQueue *self);
void dagsched_ready_queue_push (DagschedReadyQueue *self, guint32 test);
gboolean dagsched_ready_queue_peek (DagschedReadyQueue *self, guint32 *test);
gboolean dagsched_ready_queue_pop (DagschedReadyQueue *self, guint32 *test);

G_END_DECLS
