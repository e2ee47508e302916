/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "plan/dagsched-plan-private.h"

G_BEGIN_DECLS

/* 64 to this power is more than there are tests. */
#define DAGSCHED_READY_MAX_LEVELS 6

/* The ordered queue: test numbers, the lowest rank first. Not locked. Ranks are the numbers from 0 on, so the queue
 * is a set of bits, one a rank, with a bit above for each word of 64 that has any, and so on up to one word: of a
 * million tests the first is found in four steps, and what is written is mostly one word (compare P. van Emde Boas,
 * "Preserving order in a forest in less than logarithmic time", 1975). It matters: workers on several processors take
 * from it in turn, and what one has written the next waits for. */
typedef struct
{
  const guint32 *rank;                        /* of each test; not owned */
  const guint32 *order;                       /* the test of each rank; not owned */
  guint64 *levels[DAGSCHED_READY_MAX_LEVELS]; /* from the ranks up to one word; one block of memory */
  guint n_levels;
  guint32 n_words; /* of the lowest level */
} DagschedReadyQueue;

/* @view: of an ordered plan. */
void dagsched_ready_queue_init (DagschedReadyQueue *self, const DagschedPlanView *view);
void dagsched_ready_queue_clear (DagschedReadyQueue *self);
void dagsched_ready_queue_remove_all (DagschedReadyQueue *self);
/* @test is not in the queue. */
void dagsched_ready_queue_push (DagschedReadyQueue *self, guint32 test);
gboolean dagsched_ready_queue_pop (DagschedReadyQueue *self, guint32 *test);
/* A test that is popped before long, about @position places after the next one. FALSE: it would take a search. */
gboolean dagsched_ready_queue_guess (const DagschedReadyQueue *self, guint position, guint32 *test);

G_END_DECLS
