/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "timeline/dagsched-gtk-timeline-ruler-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "timeline/dagsched-gtk-timeline-header-private.h"

#define HEIGHT 30
#define MIN_TICK_PIXELS 72
#define TICK_LENGTH 6
#define SUBTICK_LENGTH 3
#define OVERVIEW_HEIGHT 3

struct _DagschedGtkTimelineRuler
{
  GtkWidget parent_instance;

  DagschedGtkTimeWindow *window;
  DagschedGtkLayoutCache *layouts; /* the view's */
};

G_DEFINE_FINAL_TYPE (DagschedGtkTimelineRuler, dagsched_gtk_timeline_ruler, GTK_TYPE_WIDGET)

/* Labels must not touch: very exact ones are long. */
static double
choose_interval (DagschedGtkTimelineRuler *self)
{
  const DagschedGtkTimeAxis *axis = &self->window->axis;
  double interval = dagsched_gtk_time_axis_get_tick_interval (axis, MIN_TICK_PIXELS);
  g_autofree char *text =
    dagsched_gtk_time_axis_format (dagsched_gtk_time_axis_to_time (axis, axis->width), interval);
  int width;

  pango_layout_get_pixel_size (dagsched_gtk_layout_cache_get (self->layouts, DAGSCHED_GTK_TEXT_SMALL, text),
                               &width, NULL);

  return width + 16 <= interval / axis->scale ? interval
                                              : dagsched_gtk_time_axis_get_tick_interval (axis, width + 16);
}

static void
snapshot_tick (GtkSnapshot *snapshot, const GdkRGBA *color, double x, int length)
{
  gtk_snapshot_append_color (
    snapshot, color, &GRAPHENE_RECT_INIT ((float) floor (x), HEIGHT - 1 - (float) length, 1, (float) length));
}

static void
snapshot_ticks (DagschedGtkTimelineRuler *self,
                GtkSnapshot *snapshot,
                const GdkRGBA *foreground,
                const GdkRGBA *faint)
{
  const DagschedGtkTimeAxis *axis = &self->window->axis;
  double interval = choose_interval (self);
  guint n_subticks = dagsched_gtk_time_axis_get_n_subticks (interval);
  double first = floor (axis->origin / interval);
  guint n_ticks = (guint) (axis->width * axis->scale / interval) + 2;

  for (guint i = 0; i <= n_ticks; i++)
    {
      double time = (first + i) * interval;
      double x = dagsched_gtk_time_axis_to_x (axis, time);
      g_autofree char *text = dagsched_gtk_time_axis_format (time, interval);

      snapshot_tick (snapshot, foreground, x, TICK_LENGTH);
      for (guint j = 1; j < n_subticks; j++)
        snapshot_tick (snapshot, faint, dagsched_gtk_time_axis_to_x (axis, time + interval * j / n_subticks),
                       SUBTICK_LENGTH);
      dagsched_gtk_layout_cache_draw (self->layouts, snapshot, DAGSCHED_GTK_TEXT_SMALL, text, foreground,
                                      (float) x + 4, HEIGHT / 2 - 3, 0);
    }
}

/* Which part of the run is seen, unless all of it is. */
static void
snapshot_overview (DagschedGtkTimelineRuler *self, GtkSnapshot *snapshot, const GdkRGBA *foreground)
{
  const DagschedGtkTimeAxis *axis = &self->window->axis;
  double visible = dagsched_gtk_time_axis_get_visible (axis);
  double from, width;

  if (!(self->window->end > 0) || visible >= self->window->end)
    return;

  from = axis->origin / self->window->end * axis->width;
  width = MAX (visible / self->window->end * axis->width, 12);
  from = MIN (from, axis->width - width);
  gtk_snapshot_append_color (
    snapshot, foreground,
    &GRAPHENE_RECT_INIT ((float) from, HEIGHT - OVERVIEW_HEIGHT, (float) width, OVERVIEW_HEIGHT));
}

static void
snapshot_titles (DagschedGtkTimelineRuler *self, GtkSnapshot *snapshot, const GdkRGBA *color)
{
  int header_width = self->window->header_width;
  float right = (float) header_width - DAGSCHED_GTK_HEADER_PADDING;

  if (header_width < DAGSCHED_GTK_HEADER_WIDTH)
    return;

  dagsched_gtk_layout_cache_draw (self->layouts, snapshot, DAGSCHED_GTK_TEXT_SMALL, _ ("Busy"), color,
                                  right - 2 * DAGSCHED_GTK_HEADER_SHARE_WIDTH - 48, HEIGHT / 2, 0);
  if (self->window->is_live)
    /* Translators: the last second, above shares of it */
    dagsched_gtk_layout_cache_draw (self->layouts, snapshot, DAGSCHED_GTK_TEXT_SMALL, _ ("1 s"), color,
                                    right - DAGSCHED_GTK_HEADER_SHARE_WIDTH, HEIGHT / 2, 1);
  /* Translators: the whole run, above shares of it */
  dagsched_gtk_layout_cache_draw (self->layouts, snapshot, DAGSCHED_GTK_TEXT_SMALL, _ ("run"), color, right,
                                  HEIGHT / 2, 1);
}

static void
dagsched_gtk_timeline_ruler_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  DagschedGtkTimelineRuler *self = DAGSCHED_GTK_TIMELINE_RULER (widget);
  int width = gtk_widget_get_width (widget);
  GdkRGBA foreground, dim, faint;

  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &foreground);
  dim = faint = foreground;
  dim.alpha *= 0.6f;
  faint.alpha *= 0.25f;
  snapshot_titles (self, snapshot, &dim);
  gtk_snapshot_append_color (snapshot, &faint, &GRAPHENE_RECT_INIT (0, HEIGHT - 1, (float) width, 1));

  gtk_snapshot_push_clip (snapshot,
                          &GRAPHENE_RECT_INIT ((float) self->window->header_width, 0,
                                               (float) MAX (width - self->window->header_width, 0), HEIGHT));
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT ((float) self->window->header_width, 0));
  snapshot_ticks (self, snapshot, &dim, &faint);
  snapshot_overview (self, snapshot, &dim);
  gtk_snapshot_restore (snapshot);
  gtk_snapshot_pop (snapshot);
}

static void
dagsched_gtk_timeline_ruler_measure (GtkWidget *widget,
                                     GtkOrientation orientation,
                                     int for_size,
                                     int *minimum,
                                     int *natural,
                                     int *minimum_baseline,
                                     int *natural_baseline)
{
  if (orientation == GTK_ORIENTATION_VERTICAL)
    *minimum = *natural = HEIGHT;
}

static void
dagsched_gtk_timeline_ruler_dispose (GObject *object)
{
  g_clear_object (&DAGSCHED_GTK_TIMELINE_RULER (object)->window);

  G_OBJECT_CLASS (dagsched_gtk_timeline_ruler_parent_class)->dispose (object);
}

static void
dagsched_gtk_timeline_ruler_class_init (DagschedGtkTimelineRulerClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = dagsched_gtk_timeline_ruler_dispose;
  widget_class->snapshot = dagsched_gtk_timeline_ruler_snapshot;
  widget_class->measure = dagsched_gtk_timeline_ruler_measure;

  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
dagsched_gtk_timeline_ruler_init (DagschedGtkTimelineRuler *self)
{
}

/* The share of the run that is seen. */
static void
on_grown (DagschedGtkTimelineRuler *self)
{
  if (!self->window->is_fit)
    gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
dagsched_gtk_timeline_ruler_set_window (DagschedGtkTimelineRuler *self,
                                        DagschedGtkTimeWindow *window,
                                        DagschedGtkLayoutCache *layouts)
{
  self->window = g_object_ref (window);
  self->layouts = layouts;
  g_signal_connect_object (window, "grown", G_CALLBACK (on_grown), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (window, "moved", G_CALLBACK (gtk_widget_queue_draw), self, G_CONNECT_SWAPPED);
}
