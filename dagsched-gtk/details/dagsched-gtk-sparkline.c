/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "details/dagsched-gtk-sparkline-private.h"

#include <adwaita.h>
#include <glib/gi18n-lib.h>
#include <math.h>

#include "base/dagsched-gtk-look-private.h"
#include "base/dagsched-gtk-text-private.h"

#define BAR 9
#define GAP 3
#define HEIGHT 48
#define MIN_BAR 3 /* a duration of nothing is a bar too */

struct _DagschedGtkSparkline
{
  GtkWidget parent_instance;

  GArray *results; /* (nullable) of DagschedHistoryResult */
};

G_DEFINE_FINAL_TYPE (DagschedGtkSparkline, dagsched_gtk_sparkline, GTK_TYPE_WIDGET)

static guint
get_n (DagschedGtkSparkline *self)
{
  return self->results != NULL ? self->results->len : 0;
}

static void
dagsched_gtk_sparkline_measure (GtkWidget *widget,
                                GtkOrientation orientation,
                                int for_size,
                                int *minimum,
                                int *natural,
                                int *minimum_baseline,
                                int *natural_baseline)
{
  guint n = get_n (DAGSCHED_GTK_SPARKLINE (widget));

  if (orientation == GTK_ORIENTATION_VERTICAL)
    *minimum = *natural = HEIGHT;
  else
    *minimum = *natural = n > 0 ? (int) n * (BAR + GAP) - GAP : 0;
}

static double
find_longest (GArray *results)
{
  double longest = 0;

  for (guint i = 0; i < results->len; i++)
    longest = MAX (longest, g_array_index (results, DagschedHistoryResult, i).duration);

  return longest;
}

static DagschedGtkLook
get_look (const DagschedHistoryResult *result)
{
  return dagsched_gtk_look_of (DAGSCHED_STATE_FINISHED, result->outcome);
}

static void
dagsched_gtk_sparkline_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  DagschedGtkSparkline *self = DAGSCHED_GTK_SPARKLINE (widget);
  gboolean is_dark = adw_style_manager_get_dark (adw_style_manager_get_default ());
  double longest = get_n (self) > 0 ? find_longest (self->results) : 0;
  int height = gtk_widget_get_height (widget);

  for (guint i = 0; i < get_n (self); i++)
    {
      const DagschedHistoryResult *result = &g_array_index (self->results, DagschedHistoryResult, i);
      double share = longest > 0 ? result->duration / longest : 0;
      float bar = (float) MAX (round (share * height), MIN_BAR);
      GskRoundedRect outline;

      gsk_rounded_rect_init_from_rect (&outline,
                                       &GRAPHENE_RECT_INIT (i * (BAR + GAP), height - bar, BAR, bar), 1.5f);
      gtk_snapshot_push_rounded_clip (snapshot, &outline);
      gtk_snapshot_append_color (snapshot, dagsched_gtk_look_get_color (get_look (result), is_dark),
                                 &outline.bounds);
      gtk_snapshot_pop (snapshot);
    }
}

static char *
dup_when (gint64 seconds)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (seconds);
  g_autoptr (GDateTime) local = utc != NULL ? g_date_time_to_local (utc) : NULL;

  return local != NULL ? g_date_time_format (local, "%x %H:%M") : g_strdup ("");
}

static gboolean
dagsched_gtk_sparkline_query_tooltip (GtkWidget *widget,
                                      int x,
                                      int y,
                                      gboolean is_keyboard,
                                      GtkTooltip *tooltip)
{
  DagschedGtkSparkline *self = DAGSCHED_GTK_SPARKLINE (widget);
  guint i = (guint) MAX (x, 0) / (BAR + GAP);
  const DagschedHistoryResult *result;
  g_autofree char *duration = NULL;
  g_autofree char *when = NULL;
  g_autofree char *text = NULL;

  if (i >= get_n (self))
    return FALSE;

  result = &g_array_index (self->results, DagschedHistoryResult, i);
  duration = dagsched_gtk_text_duration (result->duration);
  when = dup_when (result->started_at);
  /* Translators: an outcome, a duration, a date with time */
  text = g_strdup_printf (_ ("%s, %s\n%s"), dagsched_gtk_look_get_title (get_look (result)), duration, when);
  gtk_tooltip_set_text (tooltip, text);
  return TRUE;
}

static void
dagsched_gtk_sparkline_finalize (GObject *object)
{
  g_clear_pointer (&DAGSCHED_GTK_SPARKLINE (object)->results, g_array_unref);

  G_OBJECT_CLASS (dagsched_gtk_sparkline_parent_class)->finalize (object);
}

static void
dagsched_gtk_sparkline_class_init (DagschedGtkSparklineClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = dagsched_gtk_sparkline_finalize;
  widget_class->measure = dagsched_gtk_sparkline_measure;
  widget_class->snapshot = dagsched_gtk_sparkline_snapshot;
  widget_class->query_tooltip = dagsched_gtk_sparkline_query_tooltip;
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
dagsched_gtk_sparkline_init (DagschedGtkSparkline *self)
{
  gtk_widget_set_has_tooltip (GTK_WIDGET (self), TRUE);
  g_signal_connect_object (adw_style_manager_get_default (), "notify::dark",
                           G_CALLBACK (gtk_widget_queue_draw), self, G_CONNECT_SWAPPED);
}

char *
dagsched_gtk_sparkline_dup_text (GArray *results)
{
  double longest = find_longest (results), shortest = longest;
  g_autofree char *last = NULL;
  g_autofree char *from = NULL;
  g_autofree char *to = NULL;
  g_autofree char *range = NULL;
  guint n_failed = 0;

  if (results->len == 0)
    return g_strdup ("");

  for (guint i = 0; i < results->len; i++)
    {
      const DagschedHistoryResult *result = &g_array_index (results, DagschedHistoryResult, i);

      shortest = MIN (shortest, result->duration);
      n_failed += dagsched_outcome_is_failure (result->outcome);
    }
  last =
    dagsched_gtk_text_duration (g_array_index (results, DagschedHistoryResult, results->len - 1).duration);
  from = dagsched_gtk_text_duration (shortest);
  to = dagsched_gtk_text_duration (longest);
  range = g_strdup_printf (
    /* Translators: durations; then in how many runs */
    ngettext ("Last time %s; %s to %s in %u run", "Last time %s; %s to %s in %u runs", results->len), last,
    from, to, results->len);
  if (n_failed == 0)
    return g_steal_pointer (&range);

  /* Translators: what comes before; then how many of the runs failed */
  return g_strdup_printf (ngettext ("%s, %u of which failed", "%s, %u of which failed", n_failed), range,
                          n_failed);
}

void
dagsched_gtk_sparkline_set_results (DagschedGtkSparkline *self, GArray *results)
{
  g_autofree char *text = results != NULL ? dagsched_gtk_sparkline_dup_text (results) : g_strdup ("");

  g_clear_pointer (&self->results, g_array_unref);
  self->results = results != NULL ? g_array_ref (results) : NULL;
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
  gtk_widget_queue_resize (GTK_WIDGET (self));
}
