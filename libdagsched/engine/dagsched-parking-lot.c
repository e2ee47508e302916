/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/dagsched-parking-lot-private.h"

#include "engine/dagsched-deadlines-private.h"
#include "engine/dagsched-step-private.h"

void
dagsched_parker_init (DagschedParker *self)
{
  *self = (DagschedParker){ 0 };
  g_mutex_init (&self->lock);
  g_cond_init (&self->cond);
}

void
dagsched_parker_clear (DagschedParker *self)
{
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->cond);
}

gint64
dagsched_parker_wait (DagschedParker *self)
{
  gint64 notified_ns;

  DAGSCHED_STEP (PARK_WAIT);
  g_mutex_lock (&self->lock);
  while (!self->notified)
    g_cond_wait (&self->cond, &self->lock);
  self->notified = FALSE;
  notified_ns = self->notified_ns;
  g_mutex_unlock (&self->lock);
  return notified_ns;
}

void
dagsched_parker_notify (DagschedParker *self)
{
  gint64 now = dagsched_monotonic_ns ();

  g_mutex_lock (&self->lock);
  self->notified = TRUE;
  self->notified_ns = now;
  g_mutex_unlock (&self->lock);
  /* Not under the lock: who wakes would have to sleep once more, for that. */
  g_cond_signal (&self->cond);
}

void
dagsched_parking_lot_init (DagschedParkingLot *self)
{
  atomic_init (&self->n_idle, 0);
  g_mutex_init (&self->lock);
  self->first = self->last = NULL;
}

void
dagsched_parking_lot_clear (DagschedParkingLot *self)
{
  g_mutex_clear (&self->lock);
}

static void
link_first_unlocked (DagschedParkingLot *self, DagschedParker *parker)
{
  parker->up = NULL;
  parker->down = self->first;
  if (self->first != NULL)
    self->first->up = parker;
  else
    self->last = parker;
  self->first = parker;
}

static void
link_last_unlocked (DagschedParkingLot *self, DagschedParker *parker)
{
  parker->down = NULL;
  parker->up = self->last;
  if (self->last != NULL)
    self->last->down = parker;
  else
    self->first = parker;
  self->last = parker;
}

static void
unlink_unlocked (DagschedParkingLot *self, DagschedParker *parker)
{
  if (parker->up != NULL)
    parker->up->down = parker->down;
  else
    self->first = parker->down;
  if (parker->down != NULL)
    parker->down->up = parker->up;
  else
    self->last = parker->up;
  parker->up = parker->down = NULL;
  parker->announced = FALSE;
  atomic_fetch_sub_explicit (&self->n_idle, 1, memory_order_relaxed);
}

guint
dagsched_parking_lot_announce (DagschedParkingLot *self, DagschedParker *parker, gboolean woken_last)
{
  guint n_idle;

  DAGSCHED_STEP (PARK_ANNOUNCE);
  g_mutex_lock (&self->lock);
  g_assert (!parker->announced);
  parker->announced = TRUE;
  if (woken_last)
    link_last_unlocked (self, parker);
  else
    link_first_unlocked (self, parker);
  n_idle = atomic_fetch_add_explicit (&self->n_idle, 1, memory_order_seq_cst) + 1;
  g_mutex_unlock (&self->lock);

  DAGSCHED_FENCE ();
  DAGSCHED_STEP (PARK_ANNOUNCED);
  return n_idle;
}

gboolean
dagsched_parking_lot_retract (DagschedParkingLot *self, DagschedParker *parker)
{
  gboolean announced;

  DAGSCHED_STEP (PARK_RETRACT);
  g_mutex_lock (&self->lock);
  announced = parker->announced;
  if (announced)
    unlink_unlocked (self, parker);
  g_mutex_unlock (&self->lock);

  /* Whoever unlinked it is about to notify it: take that, or it would wake the next sleep. */
  if (!announced)
    dagsched_parker_wait (parker);

  return announced;
}

static DagschedParker *
take_first (DagschedParkingLot *self)
{
  DagschedParker *parker;

  g_mutex_lock (&self->lock);
  parker = self->first;
  if (parker != NULL)
    unlink_unlocked (self, parker);
  g_mutex_unlock (&self->lock);

  return parker;
}

guint
dagsched_parking_lot_wake (DagschedParkingLot *self, guint n_wanted)
{
  guint n_woken = 0;

  DAGSCHED_STEP (WAKE);
  DAGSCHED_FENCE ();
  DAGSCHED_STEP (WAKE_LOOK);
  while (n_woken < n_wanted && dagsched_load_relaxed (&self->n_idle) > 0)
    {
      DagschedParker *parker = take_first (self);

      if (parker == NULL)
        break;
      DAGSCHED_STEP (WAKE_NOTIFY);
      dagsched_parker_notify (parker);
      n_woken++;
    }

  return n_woken;
}
