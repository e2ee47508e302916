/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "engine/dagsched-atomic-private.h"

G_BEGIN_DECLS

/* A bounded work-stealing deque of test numbers: D. Chase, Y. Lev, "Dynamic Circular Work-Stealing
 * Deque", SPAA 2005, with the memory orders of N. M. Lê, A. Pop, A. Cohen, F. Zappa Nardelli,
 * "Correct and Efficient Work-Stealing for Weak Memory Models", PPoPP 2013. It does not grow: a
 * full deque refuses, and the caller puts the test elsewhere. */
typedef struct
{
  _Alignas(DAGSCHED_CACHE_LINE) _Atomic gint64 top;    /* any thread */
  _Alignas(DAGSCHED_CACHE_LINE) _Atomic gint64 bottom; /* written by the owner, read by all */
  _Atomic guint32 *slots;                              /* the pointer: read-only after init */
  gint64 capacity;                                     /* a power of two; read-only after init */
} DagschedDeque;

typedef enum
{
  DAGSCHED_STEAL_EMPTY,
  DAGSCHED_STEAL_LOST, /* another thread was first: worth another try */
  DAGSCHED_STEAL_WON,
} DagschedSteal;

void dagsched_deque_init (DagschedDeque *self, guint capacity);
void dagsched_deque_clear (DagschedDeque *self);

/* Owner only. FALSE: full. */
gboolean dagsched_deque_push (DagschedDeque *self, guint32 test);
/* Owner only: the newest. FALSE: empty. */
gboolean dagsched_deque_pop (DagschedDeque *self, guint32 *test);
/* Owner only: the oldest. FALSE: empty. */
gboolean dagsched_deque_take (DagschedDeque *self, guint32 *test);
/* Any thread. */
DagschedSteal dagsched_deque_steal (DagschedDeque *self, guint32 *test);
/* Any thread: how many there were a moment ago. */
static inline guint
dagsched_deque_get_length (DagschedDeque *self)
{
  gint64 bottom = dagsched_load_relaxed (&self->bottom);
  gint64 top = dagsched_load_relaxed (&self->top);

  return bottom > top ? bottom - top : 0;
}

G_END_DECLS
