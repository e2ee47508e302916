/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A value as it was of late: it stays what it was until the next sample. */
#define DAGSCHED_GTK_N_SAMPLES 640

typedef struct
{
  struct
  {
    double time;
    float value;
  } samples[DAGSCHED_GTK_N_SAMPLES];
  guint first, n;
} DagschedGtkSamples;

void dagsched_gtk_samples_clear (DagschedGtkSamples *self);
/* Times go on; a sample of the same time replaces the last. */
void dagsched_gtk_samples_add (DagschedGtkSamples *self, double time, double value);
/* The mean between two times; 0 before the first sample. */
double dagsched_gtk_samples_get_mean (const DagschedGtkSamples *self, double from, double to);

G_END_DECLS
