/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/dagsched-gtk-run-table-private.h"

G_BEGIN_DECLS

/* Each attempt that has ended, once: what of a test's attempts has been seen before. */
typedef struct
{
  guint16 *seen; /* of each test: the highest number of an attempt */
  guint n_tests;
} DagschedGtkSpanFeed;

typedef void (*DagschedGtkSpanFunc) (guint number, const DagschedSpan *span, gpointer data);

/* Forgets what was seen. Call it for each new table, and when a table is reset. */
void dagsched_gtk_span_feed_reset (DagschedGtkSpanFeed *self, DagschedGtkRunTable *table);
void dagsched_gtk_span_feed_clear (DagschedGtkSpanFeed *self);
/* Calls @func for those of the test's attempts that have ended since the last time, the newest first. */
void dagsched_gtk_span_feed_read (DagschedGtkSpanFeed *self,
                                  DagschedGtkRunTable *table,
                                  guint number,
                                  DagschedGtkSpanFunc func,
                                  gpointer data);

G_END_DECLS
