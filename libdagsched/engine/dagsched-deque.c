/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/dagsched-deque-private.h"

#include "engine/dagsched-step-private.h"

#ifdef DAGSCHED_THREAD_SANITIZER
_Atomic guint dagsched_fence_word;
#endif

void
dagsched_deque_init (DagschedDeque *self, guint capacity)
{
  g_assert (capacity >= 2 && (capacity & (capacity - 1)) == 0);

  atomic_init (&self->top, 0);
  atomic_init (&self->bottom, 0);
  self->slots = g_new0 (_Atomic guint32, capacity);
  self->capacity = capacity;
}

void
dagsched_deque_clear (DagschedDeque *self)
{
  g_clear_pointer (&self->slots, g_free);
}

static inline _Atomic guint32 *
slot_at (DagschedDeque *self, gint64 position)
{
  return &self->slots[position & (self->capacity - 1)];
}

gboolean
dagsched_deque_push (DagschedDeque *self, guint32 test)
{
  gint64 bottom = dagsched_load_relaxed (&self->bottom);
  gint64 top = dagsched_load_acquire (&self->top);

  if (bottom - top >= self->capacity)
    return FALSE;

  dagsched_store_relaxed (slot_at (self, bottom), test);
  DAGSCHED_STEP (DEQUE_PUSH);
  /* The paper's release fence and relaxed store, in one. */
  dagsched_store_release (&self->bottom, bottom + 1);
  return TRUE;
}

gboolean
dagsched_deque_pop (DagschedDeque *self, guint32 *test)
{
  gint64 bottom = dagsched_load_relaxed (&self->bottom) - 1;
  gint64 top;
  gboolean won = TRUE;

  dagsched_store_relaxed (&self->bottom, bottom);
  DAGSCHED_STEP (DEQUE_POP);
  DAGSCHED_FENCE ();
  DAGSCHED_STEP (DEQUE_POP_TOP);
  top = dagsched_load_relaxed (&self->top);

  if (top > bottom)
    {
      dagsched_store_relaxed (&self->bottom, bottom + 1);
      return FALSE;
    }

  *test = dagsched_load_relaxed (slot_at (self, bottom));
  if (top == bottom)
    {
      /* The last one: thieves may be after it. */
      won = atomic_compare_exchange_strong_explicit (&self->top, &top, top + 1, memory_order_seq_cst,
                                                     memory_order_relaxed);
      dagsched_store_relaxed (&self->bottom, bottom + 1);
    }

  return won;
}

/* A steal by the owner: nobody else moves the bottom, so there is nothing to fence. */
gboolean
dagsched_deque_take (DagschedDeque *self, guint32 *test)
{
  gint64 bottom = dagsched_load_relaxed (&self->bottom);
  gint64 top = dagsched_load_acquire (&self->top);

  while (top < bottom)
    {
      *test = dagsched_load_relaxed (slot_at (self, top));
      DAGSCHED_STEP (DEQUE_TAKE_CAS);
      if (atomic_compare_exchange_weak_explicit (&self->top, &top, top + 1, memory_order_seq_cst,
                                                 memory_order_acquire))
        return TRUE;
    }

  return FALSE;
}

DagschedSteal
dagsched_deque_steal (DagschedDeque *self, guint32 *test)
{
  gint64 top = dagsched_load_acquire (&self->top);
  gint64 bottom;

  DAGSCHED_STEP (DEQUE_STEAL);
  DAGSCHED_FENCE ();
  bottom = dagsched_load_acquire (&self->bottom);
  if (top >= bottom)
    return DAGSCHED_STEAL_EMPTY;

  *test = dagsched_load_relaxed (slot_at (self, top));
  DAGSCHED_STEP (DEQUE_STEAL_CAS);
  if (!atomic_compare_exchange_strong_explicit (&self->top, &top, top + 1, memory_order_seq_cst,
                                                memory_order_relaxed))
    return DAGSCHED_STEAL_LOST;

  return DAGSCHED_STEAL_WON;
}
