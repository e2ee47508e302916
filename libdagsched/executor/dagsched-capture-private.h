/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

#include "executor/dagsched-ring-private.h"

G_BEGIN_DECLS

/* One stream of an attempt's output, as it is kept: whole up to its limit, else the first and the last
 * half of it, with a line between them that says how much is not there. */
typedef struct
{
  GByteArray *head; /* NULL: nothing yet */
  DagschedRing tail;
  gsize room; /* what the head still takes */
} DagschedCapture;

void dagsched_capture_init (DagschedCapture *self, guint64 limit);
void dagsched_capture_clear (DagschedCapture *self);
/* @skipped bytes were cut by the agent before these. */
void dagsched_capture_append (DagschedCapture *self, const guint8 *data, gsize length, guint64 skipped);
/* What was captured until now, NULL for nothing. */
GBytes *dagsched_capture_peek (const DagschedCapture *self);
/* Bytes that were written. */
guint64 dagsched_capture_count (const DagschedCapture *self);
/* What was captured, NULL for nothing, and leaves the capture empty. */
GBytes *dagsched_capture_finish (DagschedCapture *self, gboolean *truncated);

G_END_DECLS
