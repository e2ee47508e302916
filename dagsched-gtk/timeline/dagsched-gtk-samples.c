/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "timeline/dagsched-gtk-samples-private.h"

void
dagsched_gtk_samples_clear (DagschedGtkSamples *self)
{
  self->first = 0;
  self->n = 0;
}

static guint
get_index (const DagschedGtkSamples *self, guint i)
{
  return (self->first + i) % DAGSCHED_GTK_N_SAMPLES;
}

void
dagsched_gtk_samples_add (DagschedGtkSamples *self, double time, double value)
{
  guint index;

  if (self->n > 0 && time < self->samples[get_index (self, self->n - 1)].time)
    dagsched_gtk_samples_clear (self);
  if (self->n > 0 && time == self->samples[get_index (self, self->n - 1)].time)
    self->n--;
  if (self->n == DAGSCHED_GTK_N_SAMPLES)
    self->first = get_index (self, 1);
  else
    self->n++;

  index = get_index (self, self->n - 1);
  self->samples[index].time = time;
  self->samples[index].value = (float) value;
}

double
dagsched_gtk_samples_get_mean (const DagschedGtkSamples *self, double from, double to)
{
  double sum = 0, end = to;

  if (!(to > from))
    return 0;

  for (guint i = self->n; i > 0 && end > from; i--)
    {
      guint index = get_index (self, i - 1);
      double start = MAX (self->samples[index].time, from);

      if (start < end)
        {
          sum += (end - start) * (double) self->samples[index].value;
          end = start;
        }
    }

  return sum / (to - from);
}
