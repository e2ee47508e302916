/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "timeline/dagsched-gtk-spans-private.h"

#include <math.h>
#include <stdlib.h>

/* What is known of a span and all before it. */
typedef struct
{
  double busy;  /* seconds */
  double reach; /* the last end */
} Sum;

struct _DagschedGtkSpans
{
  GArray *spans;    /* of DagschedGtkSpan */
  GArray *sums;     /* of Sum: of the first spans; made as they are asked for */
  guint n_sorted;   /* the first spans: the others have come since */
  double least_new; /* the earliest start of the others */
  double dirty_from, dirty_to;
};

DagschedGtkSpans *
dagsched_gtk_spans_new (void)
{
  DagschedGtkSpans *self = g_new0 (DagschedGtkSpans, 1);

  self->spans = g_array_new (FALSE, FALSE, sizeof (DagschedGtkSpan));
  self->sums = g_array_new (FALSE, FALSE, sizeof (Sum));
  dagsched_gtk_spans_clear (self);

  return self;
}

void
dagsched_gtk_spans_free (DagschedGtkSpans *self)
{
  g_array_unref (self->spans);
  g_array_unref (self->sums);
  g_free (self);
}

void
dagsched_gtk_spans_clear (DagschedGtkSpans *self)
{
  g_array_set_size (self->spans, 0);
  g_array_set_size (self->sums, 0);
  self->n_sorted = 0;
  self->least_new = INFINITY;
  self->dirty_from = INFINITY;
  self->dirty_to = -INFINITY;
}

void
dagsched_gtk_spans_add (DagschedGtkSpans *self, const DagschedGtkSpan *span)
{
  DagschedGtkSpan added = *span;

  added.start = isfinite (added.start) ? added.start : 0;
  added.end = isfinite (added.end) ? MAX (added.end, added.start) : added.start;
  g_array_append_val (self->spans, added);
  self->least_new = MIN (self->least_new, added.start);
  self->dirty_from = MIN (self->dirty_from, added.start);
  self->dirty_to = MAX (self->dirty_to, added.end);
}

static DagschedGtkSpan *
peek (DagschedGtkSpans *self, guint index)
{
  return &g_array_index (self->spans, DagschedGtkSpan, index);
}

/* The first of the first @n spans that starts at @time or later. */
static guint
find_start (DagschedGtkSpans *self, guint n, double time)
{
  guint low = 0, high = n;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (peek (self, middle)->start < time)
        low = middle + 1;
      else
        high = middle;
    }

  return low;
}

static int
compare_spans (gconstpointer a, gconstpointer b)
{
  const DagschedGtkSpan *first = a, *second = b;

  if (first->start != second->start)
    return first->start < second->start ? -1 : 1;

  return (first->end > second->end) - (first->end < second->end);
}

static gboolean
is_sorted_from (DagschedGtkSpans *self, guint first)
{
  for (guint i = MAX (first, 1); i < self->spans->len; i++)
    {
      if (compare_spans (peek (self, i - 1), peek (self, i)) > 0)
        return FALSE;
    }

  return TRUE;
}

/* What comes late comes a little late: only the end is sorted again. */
static void
sort (DagschedGtkSpans *self)
{
  guint first;

  if (self->n_sorted == self->spans->len)
    return;

  if (!is_sorted_from (self, self->n_sorted))
    {
      first = find_start (self, self->n_sorted, self->least_new);
      qsort (peek (self, first), self->spans->len - first, sizeof (DagschedGtkSpan), compare_spans);
      g_array_set_size (self->sums, MIN (self->sums->len, first));
    }
  self->n_sorted = self->spans->len;
  self->least_new = INFINITY;
}

static void
sum_up (DagschedGtkSpans *self)
{
  Sum sum = { 0, -INFINITY };

  sort (self);
  if (self->sums->len > 0)
    sum = g_array_index (self->sums, Sum, self->sums->len - 1);
  for (guint i = self->sums->len; i < self->spans->len; i++)
    {
      const DagschedGtkSpan *span = peek (self, i);

      sum.busy += MAX (span->end - MAX (span->start, sum.reach), 0);
      sum.reach = MAX (sum.reach, span->end);
      g_array_append_val (self->sums, sum);
    }
}

guint
dagsched_gtk_spans_get_length (DagschedGtkSpans *self)
{
  return self->spans->len;
}

const DagschedGtkSpan *
dagsched_gtk_spans_get (DagschedGtkSpans *self, guint index)
{
  g_assert (index < self->spans->len);

  sort (self);
  return peek (self, index);
}

guint
dagsched_gtk_spans_find (DagschedGtkSpans *self, double time)
{
  guint low = 0, high;

  sum_up (self);
  high = self->sums->len;
  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (g_array_index (self->sums, Sum, middle).reach < time)
        low = middle + 1;
      else
        high = middle;
    }

  return low;
}

int
dagsched_gtk_spans_pick (DagschedGtkSpans *self, double from, double to)
{
  double best_length = -1;
  gboolean best_failed = FALSE;
  int best = -1;

  for (guint i = dagsched_gtk_spans_find (self, from); i < self->spans->len; i++)
    {
      const DagschedGtkSpan *span = peek (self, i);
      gboolean failed = dagsched_gtk_look_is_failure (span->look);

      if (span->start > to)
        break;
      if (span->end < from || failed < best_failed ||
          (failed == best_failed && span->end - span->start <= best_length))
        continue;
      best = (int) i;
      best_failed = failed;
      best_length = span->end - span->start;
    }

  return best;
}

double
dagsched_gtk_spans_get_end (DagschedGtkSpans *self)
{
  sum_up (self);

  return self->sums->len > 0 ? g_array_index (self->sums, Sum, self->sums->len - 1).reach : 0;
}

/* Whatever reaches beyond @time covers all from there to the last end. */
static double
get_busy_until (DagschedGtkSpans *self, double time)
{
  guint n = find_start (self, self->spans->len, time);
  const Sum *sum;

  if (n == 0)
    return 0;

  sum = &g_array_index (self->sums, Sum, n - 1);
  return sum->busy - MAX (sum->reach - time, 0);
}

double
dagsched_gtk_spans_get_busy (DagschedGtkSpans *self, double from, double to)
{
  if (!(to > from))
    return 0;

  sum_up (self);
  return MAX (get_busy_until (self, to) - get_busy_until (self, from), 0);
}

gboolean
dagsched_gtk_spans_take_dirty (DagschedGtkSpans *self, double *from, double *to)
{
  *from = self->dirty_from;
  *to = self->dirty_to;
  self->dirty_from = INFINITY;
  self->dirty_to = -INFINITY;

  return *from <= *to;
}
