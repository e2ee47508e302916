/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "engine/dagsched-atomic-private.h"

G_BEGIN_DECLS

/* Where one worker sleeps. */
typedef struct _DagschedParker DagschedParker;
struct _DagschedParker
{
  GMutex lock;
  GCond cond;
  gboolean notified;  /* protected by lock */
  gint64 notified_ns; /* protected by lock; when that was, CLOCK_MONOTONIC */
  DagschedParker *up; /* protected by the lot's lock: towards the one woken first */
  DagschedParker *down;
  gboolean announced; /* protected by the lot's lock */
};

void dagsched_parker_init (DagschedParker *self);
void dagsched_parker_clear (DagschedParker *self);
/* Sleeps until notified, and takes the notification. Returns when it was given, in nanoseconds of
 * CLOCK_MONOTONIC. */
gint64 dagsched_parker_wait (DagschedParker *self);
void dagsched_parker_notify (DagschedParker *self);

/* An event count (D. Vyukov's): who wants to sleep announces it, fences, looks once more at every
 * place where work may be, and either retracts or waits; who makes work stores it, fences, and
 * looks at the count of announcements. One of the two sees the other. Lock order: the lot's, then
 * (never together) a parker's. */
typedef struct
{
  _Atomic guint n_idle; /* announced; changed under lock, read by producers */
  GMutex lock;
  DagschedParker *first; /* protected by lock: woken first, parked last */
  DagschedParker *last;  /* protected by lock */
} DagschedParkingLot;

void dagsched_parking_lot_init (DagschedParkingLot *self);
void dagsched_parking_lot_clear (DagschedParkingLot *self);
/* Announces, and fences; returns how many are announced now. @woken_last: at the end of the line. */
guint dagsched_parking_lot_announce (DagschedParkingLot *self, DagschedParker *parker, gboolean woken_last);
/* Takes the announcement back. FALSE: it had been woken meanwhile (the wake-up is taken). */
gboolean dagsched_parking_lot_retract (DagschedParkingLot *self, DagschedParker *parker);
/* After work was stored: fences, then wakes at most @n_wanted. Returns how many. */
guint dagsched_parking_lot_wake (DagschedParkingLot *self, guint n_wanted);

G_END_DECLS
