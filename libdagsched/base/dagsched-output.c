/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/dagsched-output-private.h"

DagschedOutput *
dagsched_output_new (const char *data, gsize length, guint64 n_written)
{
  DagschedOutput *self = g_new (DagschedOutput, 1);

  self->bytes = g_bytes_new (data, length);
  self->n_written = n_written;
  return self;
}

void
dagsched_output_free (DagschedOutput *self)
{
  g_clear_pointer (&self->bytes, g_bytes_unref);
  g_free (self);
}

DagschedOutputs *
dagsched_outputs_new (void)
{
  return g_new0 (DagschedOutputs, 1);
}

void
dagsched_outputs_free (DagschedOutputs *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (self->streams); i++)
    g_clear_pointer (&self->streams[i].bytes, g_bytes_unref);
  g_free (self);
}
