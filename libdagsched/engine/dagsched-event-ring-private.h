/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "engine/dagsched-atomic-private.h"

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
    gconstpointer record; /* DagschedAttemptRecord, owned by the engine */
    GBytes *output;       /* owned by the event */
  };
} DagschedEvent;

/* A bounded ring of events: one producer, one consumer. The producer never waits: a full ring is
 * marked lapsed, and the event is lost (DESIGN: the consumer then reads the states themselves). */
typedef struct
{
  DagschedEvent *slots;
  guint32 capacity;                                   /* a power of two */
  _Alignas(DAGSCHED_CACHE_LINE) _Atomic guint32 head; /* written by the producer */
  guint32 tail_seen;                                  /* producer only */
  _Atomic guint32 lapsed;                             /* set by the producer, cleared by the consumer */
  _Alignas(DAGSCHED_CACHE_LINE) _Atomic guint32 tail; /* written by the consumer */
} DagschedEventRing;

void dagsched_event_ring_init (DagschedEventRing *self, guint capacity);
void dagsched_event_ring_clear (DagschedEventRing *self);
/* Producer. FALSE: full; the event is not taken. */
gboolean dagsched_event_ring_push (DagschedEventRing *self, const DagschedEvent *event);
/* Consumer. The oldest event, or NULL; valid until it is dropped. */
const DagschedEvent *dagsched_event_ring_peek (DagschedEventRing *self);
void dagsched_event_ring_drop (DagschedEventRing *self);
/* Consumer. Whether events were lost since the last call. */
gboolean dagsched_event_ring_take_lapse (DagschedEventRing *self);

G_END_DECLS
