/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/dagsched-event-ring-private.h"

#include "engine/dagsched-step-private.h"

void
dagsched_event_ring_init (DagschedEventRing *self, guint capacity)
{
  g_assert (capacity >= 2 && (capacity & (capacity - 1)) == 0);

  self->slots = g_new (DagschedEvent, capacity);
  self->capacity = capacity;
  self->tail_seen = 0;
  atomic_init (&self->head, 0);
  atomic_init (&self->tail, 0);
  atomic_init (&self->closed, 0);
  atomic_init (&self->n_missed, 0);
  self->n_missed_seen = 0;
}

void
dagsched_event_ring_clear (DagschedEventRing *self)
{
  while (self->slots != NULL && dagsched_event_ring_peek (self) != NULL)
    dagsched_event_ring_drop (self);
  g_clear_pointer (&self->slots, g_free);
}

gboolean
dagsched_event_ring_push (DagschedEventRing *self, const DagschedEvent *event)
{
  guint32 head = dagsched_load_relaxed (&self->head);

  if (head - self->tail_seen >= self->capacity)
    {
      self->tail_seen = dagsched_load_acquire (&self->tail);
      if (head - self->tail_seen >= self->capacity)
        {
          DAGSCHED_STEP (RING_LAPSE);
          dagsched_store_release (&self->n_missed, dagsched_load_relaxed (&self->n_missed) + 1);
          dagsched_store_release (&self->closed, 1);
          return FALSE;
        }
    }

  self->slots[head & (self->capacity - 1)] = *event;
  DAGSCHED_STEP (RING_PUSH);
  dagsched_store_release (&self->head, head + 1);
  return TRUE;
}

const DagschedEvent *
dagsched_event_ring_peek (DagschedEventRing *self)
{
  guint32 tail = dagsched_load_relaxed (&self->tail);

  if (tail == dagsched_load_acquire (&self->head))
    return NULL;

  return &self->slots[tail & (self->capacity - 1)];
}

void
dagsched_event_ring_drop (DagschedEventRing *self)
{
  guint32 tail = dagsched_load_relaxed (&self->tail);
  const DagschedEvent *event = &self->slots[tail & (self->capacity - 1)];

  if (event->kind == DAGSCHED_EVENT_OUTPUT)
    dagsched_output_free (event->output);
  DAGSCHED_STEP (RING_DROP);
  dagsched_store_release (&self->tail, tail + 1);
}

gboolean
dagsched_event_ring_open (DagschedEventRing *self)
{
  if (!dagsched_load_acquire (&self->closed))
    return FALSE;

  DAGSCHED_STEP (RING_OPEN);
  dagsched_store_relaxed (&self->closed, 0);
  return TRUE;
}

gboolean
dagsched_event_ring_take_lapse (DagschedEventRing *self)
{
  guint64 n_missed = dagsched_load_acquire (&self->n_missed);
  gboolean lapsed = n_missed != self->n_missed_seen;

  self->n_missed_seen = n_missed;
  return lapsed;
}
