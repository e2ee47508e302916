/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "summary/dagsched-gtk-segment-bar-private.h"

#include <adwaita.h>
#include <glib/gi18n-lib.h>

#include "base/dagsched-gtk-text-private.h"
#include "summary/dagsched-gtk-run-figures-private.h"

#define HEIGHT 12
#define MIN_WIDTH 120
#define MIN_SEGMENT 4
#define GAP 1

struct _DagschedGtkSegmentBar
{
  GtkWidget parent_instance;

  guint counts[DAGSCHED_GTK_N_LOOKS]; /* in the order of dagsched_gtk_look_order */
};

const guint8 dagsched_gtk_look_order[DAGSCHED_GTK_N_LOOKS] = {
  DAGSCHED_GTK_LOOK_FAILED,  DAGSCHED_GTK_LOOK_TIMED_OUT,
  DAGSCHED_GTK_LOOK_ERRORED, DAGSCHED_GTK_LOOK_UNEXPECTED_PASS,
  DAGSCHED_GTK_LOOK_BLOCKED, DAGSCHED_GTK_LOOK_CANCELLED,
  DAGSCHED_GTK_LOOK_PASSED,  DAGSCHED_GTK_LOOK_EXPECTED_FAILURE,
  DAGSCHED_GTK_LOOK_SKIPPED, DAGSCHED_GTK_LOOK_RUNNING,
  DAGSCHED_GTK_LOOK_READY,   DAGSCHED_GTK_LOOK_PENDING,
};

G_DEFINE_FINAL_TYPE (DagschedGtkSegmentBar, dagsched_gtk_segment_bar, GTK_TYPE_WIDGET)

static void
dagsched_gtk_segment_bar_measure (GtkWidget *widget,
                                  GtkOrientation orientation,
                                  int for_size,
                                  int *minimum,
                                  int *natural,
                                  int *minimum_baseline,
                                  int *natural_baseline)
{
  *minimum = *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? MIN_WIDTH : HEIGHT;
}

/* What waits is the trough. */
static gboolean
is_waiting (DagschedGtkLook look)
{
  return look == DAGSCHED_GTK_LOOK_PENDING || look == DAGSCHED_GTK_LOOK_READY;
}

static void
snapshot_segments (DagschedGtkSegmentBar *self, GtkSnapshot *snapshot, int width)
{
  GdkDisplay *display = gtk_widget_get_display (GTK_WIDGET (self));
  gboolean dark = adw_style_manager_get_dark (adw_style_manager_get_for_display (display));
  gboolean reversed = gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL;
  int widths[DAGSCHED_GTK_N_LOOKS], x = 0;

  dagsched_gtk_divide_segments (self->counts, DAGSCHED_GTK_N_LOOKS, width, MIN_SEGMENT, widths);
  for (guint i = 0; i < DAGSCHED_GTK_N_LOOKS; i++)
    {
      int drawn = MAX (widths[i] - GAP, 0);

      if (drawn > 0 && !is_waiting (dagsched_gtk_look_order[i]))
        gtk_snapshot_append_color (
          snapshot, dagsched_gtk_look_get_color (dagsched_gtk_look_order[i], dark),
          &GRAPHENE_RECT_INIT ((float) (reversed ? width - x - drawn : x), 0, (float) drawn, HEIGHT));
      x += widths[i];
    }
}

static void
dagsched_gtk_segment_bar_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  DagschedGtkSegmentBar *self = DAGSCHED_GTK_SEGMENT_BAR (widget);
  int width = gtk_widget_get_width (widget), height = gtk_widget_get_height (widget);
  GskRoundedRect outline;
  GdkRGBA trough;

  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &trough);
  trough.alpha *= 0.12f;
  gsk_rounded_rect_init_from_rect (&outline, &GRAPHENE_RECT_INIT (0, 0, (float) width, HEIGHT),
                                   HEIGHT / 2.0f);
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (0, (float) ((height - HEIGHT) / 2)));
  gtk_snapshot_push_rounded_clip (snapshot, &outline);
  gtk_snapshot_append_color (snapshot, &trough, &outline.bounds);
  snapshot_segments (self, snapshot, width);
  gtk_snapshot_pop (snapshot);
  gtk_snapshot_restore (snapshot);
}

static void
dagsched_gtk_segment_bar_class_init (DagschedGtkSegmentBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  widget_class->measure = dagsched_gtk_segment_bar_measure;
  widget_class->snapshot = dagsched_gtk_segment_bar_snapshot;

  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_PROGRESS_BAR);
}

static void
dagsched_gtk_segment_bar_init (DagschedGtkSegmentBar *self)
{
  AdwStyleManager *style = adw_style_manager_get_for_display (gtk_widget_get_display (GTK_WIDGET (self)));

  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Progress"), -1);
  g_signal_connect_object (style, "notify::dark", G_CALLBACK (gtk_widget_queue_draw), self,
                           G_CONNECT_SWAPPED);
}

static void
describe (DagschedGtkSegmentBar *self)
{
  g_autoptr (GString) text = g_string_new (NULL);
  guint n = 0, n_waiting = 0;

  for (guint i = 0; i < DAGSCHED_GTK_N_LOOKS; i++)
    {
      DagschedGtkLook look = dagsched_gtk_look_order[i];
      g_autofree char *count = dagsched_gtk_text_count (self->counts[i]);

      n += self->counts[i];
      n_waiting += is_waiting (look) || look == DAGSCHED_GTK_LOOK_RUNNING ? self->counts[i] : 0;
      if (self->counts[i] > 0)
        {
          g_string_append (text, text->len > 0 ? ", " : "");
          /* Translators: a state or an outcome and how many tests have it */
          g_string_append_printf (text, _ ("%s: %s"), dagsched_gtk_look_get_title (look), count);
        }
    }

  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_VALUE_MIN, 0.0,
                                  GTK_ACCESSIBLE_PROPERTY_VALUE_MAX, (double) n,
                                  GTK_ACCESSIBLE_PROPERTY_VALUE_NOW, (double) (n - n_waiting),
                                  GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT, text->str, -1);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self), text->str);
}

void
dagsched_gtk_segment_bar_set_counts (DagschedGtkSegmentBar *self, const guint *counts)
{
  gboolean changed = FALSE;

  for (guint i = 0; i < DAGSCHED_GTK_N_LOOKS; i++)
    {
      changed = changed || self->counts[i] != counts[dagsched_gtk_look_order[i]];
      self->counts[i] = counts[dagsched_gtk_look_order[i]];
    }
  if (!changed)
    return;

  describe (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}
