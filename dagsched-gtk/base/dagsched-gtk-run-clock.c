/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/dagsched-gtk-run-clock-private.h"

#include <math.h>

#define SHORTEST_WAIT 0.016 /* seconds: a frame */
#define LONGEST_WAIT 60.0
/* After what brings news of the run: redrawing the time must not keep it away. */
#define PRIORITY (G_PRIORITY_DEFAULT_IDLE + 50)

struct _DagschedGtkRunClock
{
  GtkWidget *widget;
  GSourceFunc func;
  DagschedRun *run;
  double interval;
  double shown; /* the run's time at the last tick */
  guint timeout;
};

static void schedule (DagschedGtkRunClock *self);

static void
stop (DagschedGtkRunClock *self)
{
  g_clear_handle_id (&self->timeout, g_source_remove);
}

/* FALSE: the time stands still. */
static gboolean
advance (DagschedGtkRunClock *self)
{
  double elapsed = dagsched_run_get_elapsed (self->run);
  gboolean moves = elapsed != self->shown;

  self->shown = elapsed;
  if (moves)
    self->func (self->widget);

  return moves;
}

static gboolean
on_timeout (gpointer data)
{
  DagschedGtkRunClock *self = data;

  self->timeout = 0;
  if (advance (self))
    schedule (self);

  return G_SOURCE_REMOVE;
}

static gboolean
is_going_on (DagschedGtkRunClock *self)
{
  return self->run != NULL && gtk_widget_get_mapped (self->widget) && isfinite (self->interval) &&
         dagsched_run_get_started_at (self->run) != 0 &&
         dagsched_run_get_verdict (self->run) == DAGSCHED_VERDICT_NONE;
}

static void
schedule (DagschedGtkRunClock *self)
{
  if (!is_going_on (self))
    {
      stop (self);
      return;
    }
  if (self->timeout == 0)
    self->timeout =
      g_timeout_add_full (PRIORITY, (guint) ceil (CLAMP (self->interval, SHORTEST_WAIT, LONGEST_WAIT) * 1000),
                          on_timeout, self, NULL);
}

/* What is notified is said by the run anyway; here it only starts what stands still. */
static void
on_run_changed (DagschedGtkRunClock *self)
{
  schedule (self);
}

DagschedGtkRunClock *
dagsched_gtk_run_clock_new (GtkWidget *widget, GSourceFunc func)
{
  DagschedGtkRunClock *self = g_new0 (DagschedGtkRunClock, 1);

  self->widget = widget;
  self->func = func;
  self->interval = INFINITY;
  g_signal_connect_swapped (widget, "map", G_CALLBACK (on_run_changed), self);
  g_signal_connect_swapped (widget, "unmap", G_CALLBACK (stop), self);

  return self;
}

void
dagsched_gtk_run_clock_free (DagschedGtkRunClock *self)
{
  stop (self);
  dagsched_gtk_run_clock_set_run (self, NULL);
  g_signal_handlers_disconnect_by_data (self->widget, self);
  g_free (self);
}

void
dagsched_gtk_run_clock_set_run (DagschedGtkRunClock *self, DagschedRun *run)
{
  stop (self);
  if (self->run != NULL)
    g_signal_handlers_disconnect_by_data (self->run, self);
  g_set_object (&self->run, run);
  if (run == NULL)
    return;

  self->shown = dagsched_run_get_elapsed (run);
  g_signal_connect_swapped (run, "notify::elapsed", G_CALLBACK (on_run_changed), self);
  g_signal_connect_swapped (run, "notify::started-at", G_CALLBACK (on_run_changed), self);
  g_signal_connect_swapped (run, "notify::verdict", G_CALLBACK (on_run_changed), self);
  schedule (self);
}

void
dagsched_gtk_run_clock_set_interval (DagschedGtkRunClock *self, double seconds)
{
  if (seconds == self->interval)
    return;

  self->interval = seconds;
  stop (self);
  schedule (self);
}

gboolean
dagsched_gtk_run_clock_is_ticking (DagschedGtkRunClock *self)
{
  return self->timeout != 0;
}
