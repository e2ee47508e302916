/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/dagsched-output-private.h"
#include "engine/dagsched-asymmetric-private.h"

G_BEGIN_DECLS

typedef enum
{
  DAGSCHED_EVENT_READY,
  DAGSCHED_EVENT_STARTED, /* lane, attempt */
  DAGSCHED_EVENT_ATTEMPT, /* record */
  DAGSCHED_EVENT_FINISHED,
  DAGSCHED_EVENT_OUTPUT, /* output, is_error */
} DagschedEventKind;

typedef struct _DagschedEvent
{
  gint64 time_ns; /* since the start of the run */
  guint32 test;
  guint16 kind;
  guint16 is_error;
  union
  {
    struct
    {
      guint32 lane;
      guint32 attempt;
    };
    gconstpointer record;   /* DagschedAttemptRecord, owned by the engine; NULL: it plainly passed */
    DagschedOutput *output; /* owned by the event */
  };
} DagschedEvent;

/* A bounded ring of events: one producer, one consumer. The producer never waits: a ring that is full is
 * closed, and what happens until the consumer opens it again is only counted: the consumer then reads the
 * states themselves. A closed ring costs its producer two loads and a store an event, and no fence.
 *
 * One sees the other: a producer counts what it misses, then looks whether the ring is open meanwhile; a consumer
 * opens the ring, then looks at the count, with a heavy fence in between (dagsched-asymmetric-private.h). */
typedef struct
{
  DagschedEvent *slots;
  guint32 capacity;                                   /* a power of two */
  _Alignas(DAGSCHED_CACHE_LINE) _Atomic guint32 head; /* written by the producer */
  guint32 tail_seen;                                  /* producer only */
  _Atomic guint32 closed;                             /* set by the producer, cleared by the consumer */
  _Atomic guint64 n_missed;                           /* events; written by the producer */
  _Alignas(DAGSCHED_CACHE_LINE) _Atomic guint32 tail; /* written by the consumer */
  guint64 n_missed_seen;                              /* consumer only */
} DagschedEventRing;

void dagsched_event_ring_init (DagschedEventRing *self, guint capacity);
void dagsched_event_ring_clear (DagschedEventRing *self);
/* Producer. What was missed must stand before. FALSE: the ring is open meanwhile, and the consumer may not know:
 * it has to be called. */
static inline gboolean
dagsched_event_ring_miss (DagschedEventRing *self, gboolean asymmetric)
{
  dagsched_store_release (&self->n_missed, dagsched_load_relaxed (&self->n_missed) + 1);
  dagsched_light_fence (asymmetric);
  return G_LIKELY (dagsched_load_relaxed (&self->closed));
}

/* Producer. FALSE: an event would be missed, and need not be made; dagsched_event_ring_miss(). */
static inline gboolean
dagsched_event_ring_is_open (DagschedEventRing *self)
{
  return G_LIKELY (!dagsched_load_relaxed (&self->closed));
}

/* Producer, of an open ring. FALSE: full; the event is not taken, but counted, and the ring closed. */
gboolean dagsched_event_ring_push (DagschedEventRing *self, const DagschedEvent *event);
/* Consumer. The oldest event, or NULL; valid until it is dropped. */
const DagschedEvent *dagsched_event_ring_peek (DagschedEventRing *self);
void dagsched_event_ring_drop (DagschedEventRing *self);
/* Consumer, of an empty ring. TRUE: it was closed, or its producer would go on at the slow pace of its consumer. */
gboolean dagsched_event_ring_open (DagschedEventRing *self);
/* Consumer; after a heavy fence, if any ring was opened. Whether events were missed since the last call: then the
 * states have to be read. */
gboolean dagsched_event_ring_take_lapse (DagschedEventRing *self);

G_END_DECLS
