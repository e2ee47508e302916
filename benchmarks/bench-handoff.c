/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "bench-handoff.h"

#include "bench-clock.h"

typedef enum
{
  ORDER_NONE,
  ORDER_RUN,
  ORDER_END
} Order;

struct _BenchHandoff
{
  GThread *thread;
  GMutex lock;
  GCond cond;
  Order order;   /* protected by lock */
  gint64 run_ns; /* written before answered is set, read after */
  int answered;  /* (atomic) */
};

static gpointer
wait_for_orders (gpointer data)
{
  BenchHandoff *self = data;
  Order order;

  do
    {
      g_mutex_lock (&self->lock);
      while (self->order == ORDER_NONE)
        g_cond_wait (&self->cond, &self->lock);
      self->run_ns = bench_now ();
      order = self->order;
      self->order = ORDER_NONE;
      g_mutex_unlock (&self->lock);
      g_atomic_int_set (&self->answered, TRUE);
    }
  while (order != ORDER_END);

  return NULL;
}

static void
give_order (BenchHandoff *self, Order order)
{
  g_mutex_lock (&self->lock);
  self->order = order;
  g_cond_signal (&self->cond);
  g_mutex_unlock (&self->lock);
}

BenchHandoff *
bench_handoff_new (void)
{
  BenchHandoff *self = g_new0 (BenchHandoff, 1);

  g_mutex_init (&self->lock);
  g_cond_init (&self->cond);
  self->thread = g_thread_new ("bench-handoff", wait_for_orders, self);

  return self;
}

void
bench_handoff_free (BenchHandoff *self)
{
  give_order (self, ORDER_END);
  g_thread_join (self->thread);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->cond);
  g_free (self);
}

gint64
bench_handoff_do (BenchHandoff *self)
{
  gint64 start;

  g_atomic_int_set (&self->answered, FALSE);
  start = bench_now ();
  give_order (self, ORDER_RUN);
  while (!g_atomic_int_get (&self->answered))
    ;

  return self->run_ns - start;
}
