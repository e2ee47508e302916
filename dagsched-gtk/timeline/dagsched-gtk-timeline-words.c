/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "timeline/dagsched-gtk-timeline-words-private.h"

#include <glib/gi18n-lib.h>

#include "base/dagsched-gtk-text-private.h"

char *
dagsched_gtk_timeline_describe_run (DagschedGtkTimelineModel *model)
{
  guint n = dagsched_gtk_timeline_model_get_n_lanes (model);
  double elapsed = dagsched_run_get_elapsed (dagsched_gtk_timeline_model_get_run (model));
  g_autofree char *count = dagsched_gtk_text_count (n);
  g_autofree char *share = NULL;

  if (!(elapsed > 0))
    return g_strdup_printf (ngettext ("%s worker", "%s workers", n), count);

  share = dagsched_gtk_text_share (dagsched_gtk_timeline_model_get_busy (model, 0, elapsed) /
                                   (elapsed * MAX (n, 1)));
  /* Translators: a number, then a percentage */
  return g_strdup_printf (ngettext ("%s worker, %s busy", "%s workers, %s busy", n), count, share);
}

char *
dagsched_gtk_timeline_describe_range (DagschedGtkTimelineModel *model, double from, double to)
{
  double busy = dagsched_gtk_timeline_model_get_busy (model, from, to);
  guint n = MAX (dagsched_gtk_timeline_model_get_n_lanes (model), 1);
  g_autofree char *length = dagsched_gtk_text_duration (to - from);
  g_autofree char *sum = dagsched_gtk_text_duration (busy);
  g_autofree char *share = dagsched_gtk_text_share (busy / ((to - from) * n));

  /* Translators: how long a range is, a percentage, how long all tests together ran in it */
  return g_strdup_printf (_ ("%s selected: workers %s busy, tests ran for %s"), length, share, sum);
}

char *
dagsched_gtk_timeline_describe_span (DagschedGtkTimelineModel *model, const DagschedGtkSpan *span)
{
  g_autofree char *start = dagsched_gtk_text_duration (span->start);
  g_autofree char *length = dagsched_gtk_text_duration (span->end - span->start);
  const char *look = dagsched_gtk_look_get_title (span->look);
  DagschedTest *test = dagsched_gtk_timeline_model_get_table (model)->tests[span->test];
  g_autoptr (GString) text = g_string_new (dagsched_test_get_name (test));

  g_string_append_c (text, '\n');
  if (span->will_retry)
    /* Translators: an outcome, then the number of an attempt */
    g_string_append_printf (text, _ ("%s, attempt %u; tried again"), look, span->attempt);
  else if (span->attempt > 1)
    /* Translators: an outcome, then the number of an attempt */
    g_string_append_printf (text, _ ("%s, attempt %u"), look, span->attempt);
  else
    g_string_append (text, look);
  g_string_append_c (text, '\n');
  if (span->look == DAGSCHED_GTK_LOOK_RUNNING)
    /* Translators: two durations */
    g_string_append_printf (text, _ ("Started at %s, for %s now"), start, length);
  else
    /* Translators: two durations */
    g_string_append_printf (text, _ ("Started at %s, took %s"), start, length);

  return g_string_free (g_steal_pointer (&text), FALSE);
}
