/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "frames.h"

#include <poll.h>
#include <time.h>

struct _Frames
{
  GdkFrameClock *clock;
  gulong handlers[2];
  GArray *intervals; /* of double: ms */
  GArray *paints;
  GArray *applied;
  gint64 started;
  double started_cpu, started_process_cpu;
  gint64 frame_at, paint_at;
  gint64 woken_at; /* when poll() returned */
  gint64 busy;     /* µs since the last frame that were not spent in poll() */
  gint64 painting; /* of them */
};

/* GLib's poll function has no data. */
static Frames *current;

static double
read_clock (clockid_t clock)
{
  struct timespec time;

  clock_gettime (clock, &time);
  return (double) time.tv_sec + (double) time.tv_nsec / 1e9;
}

static int
poll_and_count (GPollFD *fds, guint n_fds, int timeout)
{
  int result;

  current->busy += g_get_monotonic_time () - current->woken_at;
  result = poll ((struct pollfd *) fds, n_fds, timeout);
  current->woken_at = g_get_monotonic_time ();
  return result;
}

static void
append (GArray *array, gint64 us)
{
  double ms = (double) us / 1000;

  g_array_append_val (array, ms);
}

static void
on_before_paint (GdkFrameClock *clock, Frames *self)
{
  self->paint_at = g_get_monotonic_time ();
}

static void
on_after_paint (GdkFrameClock *clock, Frames *self)
{
  gint64 now = g_get_monotonic_time ();

  self->busy += now - self->woken_at;
  self->woken_at = now;
  self->painting = now - self->paint_at;
  if (self->frame_at != 0)
    {
      append (self->intervals, now - self->frame_at);
      append (self->paints, self->painting);
      append (self->applied, MAX (self->busy - self->painting, 0));
    }
  self->frame_at = now;
  self->busy = 0;
}

Frames *
frames_start (GtkWidget *window)
{
  Frames *self = g_new0 (Frames, 1);

  g_assert (current == NULL);
  current = self;
  self->clock = g_object_ref (gtk_widget_get_frame_clock (window));
  self->intervals = g_array_new (FALSE, FALSE, sizeof (double));
  self->paints = g_array_new (FALSE, FALSE, sizeof (double));
  self->applied = g_array_new (FALSE, FALSE, sizeof (double));
  self->handlers[0] = g_signal_connect (self->clock, "before-paint", G_CALLBACK (on_before_paint), self);
  self->handlers[1] = g_signal_connect (self->clock, "after-paint", G_CALLBACK (on_after_paint), self);
  self->started = self->woken_at = self->paint_at = g_get_monotonic_time ();
  self->started_cpu = read_clock (CLOCK_THREAD_CPUTIME_ID);
  self->started_process_cpu = read_clock (CLOCK_PROCESS_CPUTIME_ID);
  g_main_context_set_poll_func (NULL, poll_and_count);

  return self;
}

static int
compare (gconstpointer a, gconstpointer b)
{
  const double *x = a, *y = b;

  return (*x > *y) - (*x < *y);
}

static double
sum (GArray *array)
{
  double total = 0;

  for (guint i = 0; i < array->len; i++)
    total += g_array_index (array, double, i);

  return total;
}

static double
quantile (GArray *array, double share)
{
  if (array->len == 0)
    return 0;

  g_array_sort (array, compare);
  return g_array_index (array, double, (guint) (share * (array->len - 1)));
}

FramesResult
frames_stop (Frames *self)
{
  double seconds = (double) (g_get_monotonic_time () - self->started) / G_USEC_PER_SEC;
  double interval = quantile (self->intervals, 0.5);
  FramesResult result = {
    .n_frames = self->intervals->len,
    .seconds = seconds,
    .median_fps = interval > 0 ? 1000 / interval : 0,
    .worst_ms = quantile (self->intervals, 1),
    .paint_ms = quantile (self->paints, 0.5),
    .apply_ms = quantile (self->applied, 0.5),
    .apply_share = sum (self->applied) / 1000 / seconds,
    .cpu_share = (read_clock (CLOCK_THREAD_CPUTIME_ID) - self->started_cpu) / seconds,
    .process_cpu = (read_clock (CLOCK_PROCESS_CPUTIME_ID) - self->started_process_cpu) / seconds,
  };

  g_main_context_set_poll_func (NULL, NULL);
  current = NULL;
  for (guint i = 0; i < G_N_ELEMENTS (self->handlers); i++)
    g_signal_handler_disconnect (self->clock, self->handlers[i]);
  g_object_unref (self->clock);
  g_array_unref (self->intervals);
  g_array_unref (self->paints);
  g_array_unref (self->applied);
  g_free (self);

  return result;
}
