/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/dagsched-gtk-span-feed-private.h"

void
dagsched_gtk_span_feed_clear (DagschedGtkSpanFeed *self)
{
  g_clear_pointer (&self->seen, g_free);
  self->n_tests = 0;
}

void
dagsched_gtk_span_feed_reset (DagschedGtkSpanFeed *self, DagschedGtkRunTable *table)
{
  dagsched_gtk_span_feed_clear (self);
  self->n_tests = table != NULL ? table->n_tests : 0;
  self->seen = g_new0 (guint16, self->n_tests);
}

void
dagsched_gtk_span_feed_read (DagschedGtkSpanFeed *self,
                             DagschedGtkRunTable *table,
                             guint number,
                             DagschedGtkSpanFunc func,
                             gpointer data)
{
  guint16 seen;
  DagschedSpan span;

  if (number >= self->n_tests)
    return;

  seen = self->seen[number];
  for (guint i = 0; dagsched_run_get_span (table->run, number, i, &span) && span.attempt > seen; i++)
    {
      self->seen[number] = MAX (self->seen[number], (guint16) MIN (span.attempt, G_MAXUINT16));
      func (number, &span, data);
    }
}
