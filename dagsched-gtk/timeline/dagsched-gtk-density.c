/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "timeline/dagsched-gtk-density-private.h"

#include <math.h>

/* So that what takes no time is something all the same. */
#define MIN_SHARE 0.001f
/* A column in which next to nothing ran is so high. */
#define MIN_HEIGHT 0.3
#define MIN_FAILURE_HEIGHT 0.4
#define MIN_FAILURE_PIXELS 3

static void
add_share (DagschedGtkDensity *self, float share, DagschedGtkLook look)
{
  share = MAX (share, MIN_SHARE);
  if (dagsched_gtk_look_is_failure (look))
    {
      self->failure += share;
      self->failure_look = look;
    }
  else if (dagsched_gtk_look_is_success (look))
    {
      self->success += share;
    }
  else
    {
      self->other += share;
      self->other_look = look;
    }
}

void
dagsched_gtk_density_add (DagschedGtkDensity *columns,
                          guint n_columns,
                          double time,
                          double scale,
                          double start,
                          double end,
                          DagschedGtkLook look)
{
  double from = (start - time) / scale, to = (end - time) / scale;
  double first = floor (from), last = floor (to);

  if (last > first && to == last) /* the column in which it ends has nothing of it */
    last--;
  for (double i = MAX (first, 0); i <= MIN (last, n_columns - 1.0); i++)
    add_share (&columns[(guint) i], (float) (MIN (to, i + 1) - MAX (from, i)), look);
}

DagschedGtkDensityBar
dagsched_gtk_density_get_bar (const DagschedGtkDensity *self, guint height)
{
  double busy = self->success + self->failure + self->other;
  DagschedGtkDensityBar bar = { 0 };
  guint all;

  if (!(busy > 0))
    return bar;

  all = CLAMP ((guint) lround (height * (MIN_HEIGHT + (1 - MIN_HEIGHT) * MIN (busy, 1.0))), MIN (height, 1),
               height);
  if (self->failure > 0)
    bar.failure = CLAMP ((guint) lround (all * self->failure / busy),
                         MIN (MAX ((guint) (height * MIN_FAILURE_HEIGHT), MIN_FAILURE_PIXELS), all), all);
  bar.other = (guint) lround ((all - bar.failure) * self->other / (busy - self->failure + 1e-12));
  bar.other = MIN (bar.other, all - bar.failure);
  bar.success = all - bar.failure - bar.other;
  if (!(self->success > 0))
    {
      bar.other += bar.success;
      bar.success = 0;
    }
  if (!(self->other > 0))
    {
      bar.failure += bar.other;
      bar.other = 0;
    }

  return bar;
}
