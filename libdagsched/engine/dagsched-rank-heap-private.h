/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A few test numbers of many, the lowest rank first: a 4-ary heap. Not locked. Ranks stand beside the numbers:
 * looking each of them up is a wait for memory. */
typedef struct
{
  const guint32 *rank; /* of each test; not owned */
  guint64 *entries;    /* rank in the upper half, test in the lower */
  guint length;
  guint allocated;
} DagschedRankHeap;

void dagsched_rank_heap_init (DagschedRankHeap *self, const guint32 *rank);
void dagsched_rank_heap_clear (DagschedRankHeap *self);
void dagsched_rank_heap_push (DagschedRankHeap *self, guint32 test);
gboolean dagsched_rank_heap_peek (DagschedRankHeap *self, guint32 *test);
gboolean dagsched_rank_heap_pop (DagschedRankHeap *self, guint32 *test);

G_END_DECLS
