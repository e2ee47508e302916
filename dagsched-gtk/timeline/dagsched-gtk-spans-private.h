/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/dagsched-gtk-look-private.h"

G_BEGIN_DECLS

/* An attempt that has ended. */
typedef struct
{
  double start, end; /* seconds since the start of the run */
  guint32 test;
  guint16 attempt; /* from 1 on */
  guint8 look;     /* DagschedGtkLook */
  guint8 will_retry;
} DagschedGtkSpan;

/* What ran on one worker, sorted by start whatever the order in which it is added. Usually nothing
 * overlaps; what does is counted once. */
typedef struct _DagschedGtkSpans DagschedGtkSpans;

DagschedGtkSpans *dagsched_gtk_spans_new (void);
void dagsched_gtk_spans_free (DagschedGtkSpans *self);
void dagsched_gtk_spans_clear (DagschedGtkSpans *self);
void dagsched_gtk_spans_add (DagschedGtkSpans *self, const DagschedGtkSpan *span);

guint dagsched_gtk_spans_get_length (DagschedGtkSpans *self);
/* Until the next one is added. */
const DagschedGtkSpan *dagsched_gtk_spans_get (DagschedGtkSpans *self, guint index);
/* The first that may end after @time: all that follow start in order. The length: none does. */
guint dagsched_gtk_spans_find (DagschedGtkSpans *self, double time);
/* What is nearest to be pointed at between two times: a failure, else the longest. -1: nothing is there. */
int dagsched_gtk_spans_pick (DagschedGtkSpans *self, double from, double to);
double dagsched_gtk_spans_get_end (DagschedGtkSpans *self);
/* Seconds in which something ran. */
double dagsched_gtk_spans_get_busy (DagschedGtkSpans *self, double from, double to);
/* Between which times something was added since this was last asked. FALSE: nothing was. */
gboolean dagsched_gtk_spans_take_dirty (DagschedGtkSpans *self, double *from, double *to);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DagschedGtkSpans, dagsched_gtk_spans_free)

G_END_DECLS
