/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/dagsched-gtk-throttle-private.h"

struct _DagschedGtkThrottle
{
  guint interval_ms;
  GSourceFunc func;
  gpointer data;
  gint64 called_us; /* monotonic; 0: never */
  guint source;
};

DagschedGtkThrottle *
dagsched_gtk_throttle_new (guint interval_ms, GSourceFunc func, gpointer data)
{
  DagschedGtkThrottle *self = g_new0 (DagschedGtkThrottle, 1);

  self->interval_ms = interval_ms;
  self->func = func;
  self->data = data;

  return self;
}

void
dagsched_gtk_throttle_free (DagschedGtkThrottle *self)
{
  g_clear_handle_id (&self->source, g_source_remove);
  g_free (self);
}

void
dagsched_gtk_throttle_flush (DagschedGtkThrottle *self)
{
  g_clear_handle_id (&self->source, g_source_remove);
  self->called_us = g_get_monotonic_time ();
  self->func (self->data);
}

static gboolean
on_timeout (gpointer data)
{
  DagschedGtkThrottle *self = data;

  self->source = 0;
  dagsched_gtk_throttle_flush (self);

  return G_SOURCE_REMOVE;
}

void
dagsched_gtk_throttle_poke (DagschedGtkThrottle *self)
{
  gint64 passed_ms = (g_get_monotonic_time () - self->called_us) / 1000;

  if (self->source != 0)
    return;

  if (self->called_us == 0 || passed_ms >= self->interval_ms)
    dagsched_gtk_throttle_flush (self);
  else
    self->source = g_timeout_add (self->interval_ms - (guint) passed_ms, on_timeout, self);
}
