/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A piece of what an attempt wrote to one of its streams. */
typedef struct
{
  GBytes *bytes;     /* (nullable) NULL: nothing */
  guint64 n_written; /* bytes that the attempt had written to the stream by the end of this */
} DagschedOutput;

/* Standard output and standard error, from the start of the attempt on. */
typedef struct
{
  DagschedOutput streams[2];
} DagschedOutputs;

DagschedOutput *dagsched_output_new (const char *data, gsize length, guint64 n_written);
void dagsched_output_free (DagschedOutput *self);
DagschedOutputs *dagsched_outputs_new (void);
void dagsched_outputs_free (DagschedOutputs *self);

G_END_DECLS
