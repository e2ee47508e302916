/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/dagsched-deadlines-private.h"

#include "engine/dagsched-step-private.h"

#define NEVER G_MAXINT64

typedef struct
{
  gint64 time_ns;
  DagschedDeadlineKind kind;
  guint32 number;
} Entry;

struct _DagschedDeadlines
{
  DagschedRunClock *clock;
  DagschedDeadlineFunc func;
  gpointer user_data;
  guint n_lanes;
  _Atomic gint64 *lanes; /* 0: none. Set by the lane's thread and who stops it, taken by the waiter */
  _Atomic gint64 armed;  /* what the waiter sleeps for; written by the waiter */
  GMutex lock;
  GCond cond;
  GArray *heap;    /* of Entry, a binary heap; protected by lock */
  gboolean stop;   /* protected by lock */
  GThread *thread; /* protected by lock; NULL: not started */
};

DagschedDeadlines *
dagsched_deadlines_new (DagschedRunClock *clock, guint n_lanes, DagschedDeadlineFunc func, gpointer user_data)
{
  DagschedDeadlines *self = g_new0 (DagschedDeadlines, 1);

  self->clock = clock;
  self->func = func;
  self->user_data = user_data;
  self->n_lanes = n_lanes;
  self->lanes = g_new0 (_Atomic gint64, n_lanes);
  atomic_init (&self->armed, NEVER);
  g_mutex_init (&self->lock);
  g_cond_init (&self->cond);
  self->heap = g_array_new (FALSE, FALSE, sizeof (Entry));
  return self;
}

void
dagsched_deadlines_stop (DagschedDeadlines *self)
{
  GThread *thread;

  g_mutex_lock (&self->lock);
  self->stop = TRUE;
  g_cond_signal (&self->cond);
  thread = g_steal_pointer (&self->thread);
  g_mutex_unlock (&self->lock);

  if (thread != NULL)
    g_thread_join (thread);
}

void
dagsched_deadlines_free (DagschedDeadlines *self)
{
  dagsched_deadlines_stop (self);
  g_array_unref (self->heap);
  g_free (self->lanes);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->cond);
  g_free (self);
}

static Entry *
entry_at (GArray *heap, guint position)
{
  return &g_array_index (heap, Entry, position);
}

static void
sift_up (GArray *heap, guint position)
{
  Entry entry = *entry_at (heap, position);

  while (position > 0 && entry.time_ns < entry_at (heap, (position - 1) / 2)->time_ns)
    {
      *entry_at (heap, position) = *entry_at (heap, (position - 1) / 2);
      position = (position - 1) / 2;
    }
  *entry_at (heap, position) = entry;
}

static void
sift_down (GArray *heap, guint position)
{
  Entry entry = *entry_at (heap, position);

  for (;;)
    {
      guint child = position * 2 + 1;

      if (child >= heap->len)
        break;
      if (child + 1 < heap->len && entry_at (heap, child + 1)->time_ns < entry_at (heap, child)->time_ns)
        child++;
      if (entry.time_ns <= entry_at (heap, child)->time_ns)
        break;
      *entry_at (heap, position) = *entry_at (heap, child);
      position = child;
    }
  *entry_at (heap, position) = entry;
}

static void
remove_at_unlocked (DagschedDeadlines *self, guint position)
{
  *entry_at (self->heap, position) = *entry_at (self->heap, self->heap->len - 1);
  g_array_set_size (self->heap, self->heap->len - 1);
  if (position < self->heap->len)
    sift_down (self->heap, position);
}

/* The due deadline that is taken: an entry of the heap or a lane's. */
static gboolean
take_due_unlocked (DagschedDeadlines *self, gint64 now, Entry *due)
{
  if (self->heap->len > 0 && entry_at (self->heap, 0)->time_ns <= now)
    {
      *due = *entry_at (self->heap, 0);
      remove_at_unlocked (self, 0);
      return TRUE;
    }

  for (guint lane = 0; lane < self->n_lanes; lane++)
    {
      gint64 time_ns = dagsched_load_acquire (&self->lanes[lane]);

      if (time_ns == 0 || time_ns > now)
        continue;

      DAGSCHED_STEP (DEADLINE_TAKE);
      if (atomic_compare_exchange_strong (&self->lanes[lane], &time_ns, 0))
        {
          *due = (Entry){ .time_ns = time_ns, .kind = DAGSCHED_DEADLINE_LANE, .number = lane };
          return TRUE;
        }
    }

  return FALSE;
}

static gint64
nearest_unlocked (DagschedDeadlines *self)
{
  gint64 nearest = self->heap->len > 0 ? entry_at (self->heap, 0)->time_ns : NEVER;

  for (guint lane = 0; lane < self->n_lanes; lane++)
    {
      gint64 time_ns = dagsched_load_acquire (&self->lanes[lane]);

      if (time_ns != 0)
        nearest = MIN (nearest, time_ns);
    }

  return nearest;
}

/* Announces what it sleeps for, then looks at the lanes again: a lane that is set meanwhile either
 * is seen here, or sees the announcement and signals. */
static void
sleep_unlocked (DagschedDeadlines *self)
{
  gint64 nearest = nearest_unlocked (self), monotonic_ns;

  DAGSCHED_STEP (DEADLINE_ARM);
  dagsched_store_relaxed (&self->armed, nearest);
  DAGSCHED_FENCE ();
  DAGSCHED_STEP (DEADLINE_ARMED);
  if (nearest_unlocked (self) < nearest)
    return;

  if (nearest == NEVER || !dagsched_run_clock_foresee (self->clock, nearest, &monotonic_ns))
    g_cond_wait (&self->cond, &self->lock);
  else
    g_cond_wait_until (&self->cond, &self->lock, monotonic_ns / 1000 + 1);
}

static gpointer
waiter_thread (gpointer data)
{
  DagschedDeadlines *self = data;
  Entry due;

  g_mutex_lock (&self->lock);
  while (!self->stop)
    {
      if (take_due_unlocked (self, dagsched_run_clock_now (self->clock), &due))
        {
          g_mutex_unlock (&self->lock);
          DAGSCHED_STEP (DEADLINE_DUE);
          self->func (self->user_data, due.kind, due.number);
          g_mutex_lock (&self->lock);
        }
      else
        sleep_unlocked (self);
    }
  g_mutex_unlock (&self->lock);

  return NULL;
}

gboolean
dagsched_deadlines_start (DagschedDeadlines *self, GError **error)
{
  gboolean started;

  g_mutex_lock (&self->lock);
  self->thread = g_thread_try_new ("dagsched-time", waiter_thread, self, error);
  started = self->thread != NULL;
  g_mutex_unlock (&self->lock);

  if (!started)
    g_prefix_error (error, "can't start a thread that keeps deadlines (see ulimit -u): ");
  return started;
}

/* The waiter looks at the clock under the lock: either it sees that it goes, or it is woken. */
void
dagsched_deadlines_resume (DagschedDeadlines *self)
{
  g_mutex_lock (&self->lock);
  g_cond_signal (&self->cond);
  g_mutex_unlock (&self->lock);
}

void
dagsched_deadlines_add (DagschedDeadlines *self, DagschedDeadlineKind kind, guint32 number, gint64 time_ns)
{
  Entry entry = { .time_ns = time_ns, .kind = kind, .number = number };

  g_mutex_lock (&self->lock);
  g_array_append_val (self->heap, entry);
  sift_up (self->heap, self->heap->len - 1);
  if (time_ns < dagsched_load_relaxed (&self->armed))
    g_cond_signal (&self->cond);
  g_mutex_unlock (&self->lock);
}

gboolean
dagsched_deadlines_has (DagschedDeadlines *self, DagschedDeadlineKind kind, guint32 number)
{
  gboolean has = FALSE;

  g_mutex_lock (&self->lock);
  for (guint i = 0; !has && i < self->heap->len; i++)
    has = entry_at (self->heap, i)->kind == kind && entry_at (self->heap, i)->number == number;
  g_mutex_unlock (&self->lock);

  return has;
}

void
dagsched_deadlines_remove_some (DagschedDeadlines *self,
                                DagschedDeadlineKind kind,
                                DagschedDeadlineFilter filter,
                                gpointer user_data,
                                GArray *numbers)
{
  guint n_kept = 0;

  g_mutex_lock (&self->lock);
  for (guint i = 0; i < self->heap->len; i++)
    {
      Entry entry = *entry_at (self->heap, i);

      if (entry.kind == kind && filter (user_data, entry.number))
        g_array_append_val (numbers, entry.number);
      else
        *entry_at (self->heap, n_kept++) = entry;
    }
  g_array_set_size (self->heap, n_kept);
  for (guint i = n_kept / 2; i-- > 0;)
    sift_down (self->heap, i);
  g_mutex_unlock (&self->lock);
}

void
dagsched_deadlines_set_lane (DagschedDeadlines *self, guint32 lane, gint64 time_ns)
{
  gint64 before = atomic_load (&self->lanes[lane]);

  if (time_ns == 0)
    {
      dagsched_store_release (&self->lanes[lane], 0);
      return;
    }

  do
    {
      if (before != 0 && before <= time_ns)
        return;
    }
  while (!atomic_compare_exchange_weak (&self->lanes[lane], &before, time_ns));

  DAGSCHED_STEP (DEADLINE_LANE);
  DAGSCHED_FENCE ();
  if (time_ns < dagsched_load_relaxed (&self->armed))
    {
      g_mutex_lock (&self->lock);
      g_cond_signal (&self->cond);
      g_mutex_unlock (&self->lock);
    }
}
