/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

/* Something that one thread waits for and another does. */
typedef struct
{
  GMutex lock;
  GCond cond;
  guint count;
} Gate;

static inline void
gate_count (Gate *gate)
{
  g_mutex_lock (&gate->lock);
  gate->count++;
  g_cond_broadcast (&gate->cond);
  g_mutex_unlock (&gate->lock);
}

static inline void
gate_wait (Gate *gate, guint count)
{
  g_mutex_lock (&gate->lock);
  while (gate->count < count)
    g_cond_wait (&gate->cond, &gate->lock);
  g_mutex_unlock (&gate->lock);
}
