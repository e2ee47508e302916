/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "timeline/dagsched-gtk-timeline-header-private.h"

#include <adwaita.h>
#include <glib/gi18n-lib.h>

#include "base/dagsched-gtk-text-private.h"
#include "timeline/dagsched-gtk-samples-private.h"

#define COMPACT_BELOW 36
#define ICON_SIZE 12
#define SPARKLINE_WIDTH 48
#define SPARKLINE_HEIGHT 26
#define SPARKLINE_SECONDS 60.0
#define DIM_ALPHA 0.6f

struct _DagschedGtkTimelineHeader
{
  GtkWidget parent_instance;

  DagschedGtkLayoutCache *layouts; /* the view's */
  DagschedGtkTimelineModel *model;
  guint lane;
  DagschedWorker *worker;
  DagschedGtkSamples samples;
  GdkPaintable *icons[DAGSCHED_WORKER_STATE_RUNNING + 1];

  /* As it is drawn. */
  DagschedWorkerState state;
  gboolean is_over;
  double recent, whole, now;
};

G_DEFINE_FINAL_TYPE (DagschedGtkTimelineHeader, dagsched_gtk_timeline_header, GTK_TYPE_WIDGET)

static const char *
get_state_title (DagschedWorkerState state)
{
  switch (state)
    {
    case DAGSCHED_WORKER_STATE_RUNNING:
      return C_ ("worker", "Running");
    case DAGSCHED_WORKER_STATE_SEARCHING:
      return C_ ("worker", "Searching");
    case DAGSCHED_WORKER_STATE_PARKED:
    default:
      return C_ ("worker", "Parked");
    }
}

static GdkPaintable *
get_icon (DagschedGtkTimelineHeader *self, DagschedWorkerState state)
{
  static const char *const names[] = {
    [DAGSCHED_WORKER_STATE_PARKED] = "dagsched-parked-symbolic",
    [DAGSCHED_WORKER_STATE_SEARCHING] = "dagsched-searching-symbolic",
    [DAGSCHED_WORKER_STATE_RUNNING] = "dagsched-running-symbolic",
  };
  GtkWidget *widget = GTK_WIDGET (self);

  if (self->icons[state] == NULL)
    self->icons[state] = GDK_PAINTABLE (gtk_icon_theme_lookup_icon (
      gtk_icon_theme_get_for_display (gtk_widget_get_display (widget)), names[state], NULL, ICON_SIZE,
      gtk_widget_get_scale_factor (widget), GTK_TEXT_DIR_LTR, GTK_ICON_LOOKUP_FORCE_SYMBOLIC));

  return self->icons[state];
}

static void
snapshot_state (DagschedGtkTimelineHeader *self,
                GtkSnapshot *snapshot,
                const GdkRGBA *color,
                float x,
                float y)
{
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (x, (float) (int) (y - ICON_SIZE / 2.0f)));
  gtk_symbolic_paintable_snapshot_symbolic (GTK_SYMBOLIC_PAINTABLE (get_icon (self, self->state)), snapshot,
                                            ICON_SIZE, ICON_SIZE, color, 1);
  gtk_snapshot_restore (snapshot);
  dagsched_gtk_layout_cache_draw (self->layouts, snapshot, DAGSCHED_GTK_TEXT_SMALL,
                                  get_state_title (self->state), color, x + ICON_SIZE + 6, y, 0);
}

static double
get_sample (DagschedGtkTimelineHeader *self, double from, double to)
{
  if (self->is_over)
    return dagsched_gtk_timeline_model_get_lane_busy (self->model, self->lane, from, to) / (to - from);

  return dagsched_gtk_samples_get_mean (&self->samples, from, to);
}

/* The last minute, or the whole run while it is shorter, and once it is over. */
static void
snapshot_sparkline (DagschedGtkTimelineHeader *self,
                    GtkSnapshot *snapshot,
                    const GdkRGBA *foreground,
                    float x,
                    float height)
{
  double seconds = self->is_over ? self->now : MIN (self->now, SPARKLINE_SECONDS);
  float y = (float) (int) (((float) gtk_widget_get_height (GTK_WIDGET (self)) - height) / 2);
  gboolean dark = adw_style_manager_get_dark (
    adw_style_manager_get_for_display (gtk_widget_get_display (GTK_WIDGET (self))));
  graphene_rect_t bounds = GRAPHENE_RECT_INIT (x, y, SPARKLINE_WIDTH, height);
  GdkRGBA color = *foreground;
  cairo_t *cr;

  color.alpha = 0.06f;
  gtk_snapshot_append_color (snapshot, &color, &bounds);
  if (!(seconds > 0))
    return;

  cr = gtk_snapshot_append_cairo (snapshot, &bounds);
  gdk_cairo_set_source_rgba (cr, dagsched_gtk_look_get_color (DAGSCHED_GTK_LOOK_RUNNING, dark));
  for (int i = 0; i < SPARKLINE_WIDTH; i++)
    {
      double from = self->now - seconds * (1 - (double) i / SPARKLINE_WIDTH);
      double share = CLAMP (get_sample (self, from, from + seconds / SPARKLINE_WIDTH), 0, 1);

      cairo_rectangle (cr, (double) x + i, (double) y + (double) height * (1 - share), 1,
                       (double) height * share);
    }
  cairo_fill (cr);
  cairo_destroy (cr);
}

static void
snapshot_share (DagschedGtkTimelineHeader *self,
                GtkSnapshot *snapshot,
                DagschedGtkTextStyle style,
                double share,
                const GdkRGBA *color,
                float right)
{
  g_autofree char *text = dagsched_gtk_text_share (share);

  dagsched_gtk_layout_cache_draw (self->layouts, snapshot, style, text, color, right,
                                  (float) gtk_widget_get_height (GTK_WIDGET (self)) / 2, 1);
}

static void
snapshot_wide (DagschedGtkTimelineHeader *self,
               GtkSnapshot *snapshot,
               const GdkRGBA *foreground,
               const GdkRGBA *dim)
{
  float width = (float) gtk_widget_get_width (GTK_WIDGET (self));
  float height = (float) gtk_widget_get_height (GTK_WIDGET (self));
  gboolean compact = height < COMPACT_BELOW;
  float x = DAGSCHED_GTK_HEADER_PADDING;
  float right = width - DAGSCHED_GTK_HEADER_PADDING;
  g_autofree char *number = g_strdup_printf (compact ? "%u" : _ ("Worker %u"), self->lane);

  dagsched_gtk_layout_cache_draw (
    self->layouts, snapshot, compact ? DAGSCHED_GTK_TEXT_SMALL : DAGSCHED_GTK_TEXT_BOLD, number, foreground,
    compact ? x + 18 : x, compact || self->is_over ? height / 2 : height / 2 - 9, compact ? 1 : 0);
  if (!self->is_over)
    snapshot_state (self, snapshot, self->state == DAGSCHED_WORKER_STATE_RUNNING ? foreground : dim,
                    compact ? x + 28 : x, compact ? height / 2 : height / 2 + 9);

  snapshot_share (self, snapshot, compact ? DAGSCHED_GTK_TEXT_SMALL : DAGSCHED_GTK_TEXT_NORMAL, self->whole,
                  dim, right);
  right -= DAGSCHED_GTK_HEADER_SHARE_WIDTH;
  if (!self->is_over)
    snapshot_share (self, snapshot, compact ? DAGSCHED_GTK_TEXT_SMALL : DAGSCHED_GTK_TEXT_NORMAL,
                    self->recent, foreground, right);
  right -= DAGSCHED_GTK_HEADER_SHARE_WIDTH;
  snapshot_sparkline (self, snapshot, foreground, right - SPARKLINE_WIDTH,
                      MIN (height - 4, SPARKLINE_HEIGHT));
}

static void
dagsched_gtk_timeline_header_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  DagschedGtkTimelineHeader *self = DAGSCHED_GTK_TIMELINE_HEADER (widget);
  int width = gtk_widget_get_width (widget);
  g_autofree char *number = NULL;
  GdkRGBA foreground, dim;

  if (self->model == NULL)
    return;

  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &foreground);
  dim = foreground;
  dim.alpha *= DIM_ALPHA;
  if (width > DAGSCHED_GTK_HEADER_NARROW_WIDTH)
    {
      snapshot_wide (self, snapshot, &foreground, &dim);
      return;
    }

  number = g_strdup_printf ("%u", self->lane);
  dagsched_gtk_layout_cache_draw (self->layouts, snapshot, DAGSCHED_GTK_TEXT_SMALL, number, &foreground,
                                  DAGSCHED_GTK_HEADER_PADDING + 16,
                                  (float) gtk_widget_get_height (widget) / 2, 1);
  snapshot_share (self, snapshot, DAGSCHED_GTK_TEXT_SMALL, self->is_over ? self->whole : self->recent, &dim,
                  (float) width - 8);
}

static void
on_recent (DagschedGtkTimelineHeader *self)
{
  dagsched_gtk_samples_add (&self->samples,
                            dagsched_run_get_elapsed (dagsched_gtk_timeline_model_get_run (self->model)),
                            dagsched_worker_get_recent_utilization (self->worker));
}

static void
unset_lane (DagschedGtkTimelineHeader *self)
{
  if (self->worker != NULL)
    g_signal_handlers_disconnect_by_data (self->worker, self);
  g_clear_object (&self->worker);
  dagsched_gtk_samples_clear (&self->samples);
  g_clear_object (&self->model);
}

static void
dagsched_gtk_timeline_header_dispose (GObject *object)
{
  DagschedGtkTimelineHeader *self = DAGSCHED_GTK_TIMELINE_HEADER (object);

  unset_lane (self);
  for (guint i = 0; i < G_N_ELEMENTS (self->icons); i++)
    g_clear_object (&self->icons[i]);

  G_OBJECT_CLASS (dagsched_gtk_timeline_header_parent_class)->dispose (object);
}

static void
dagsched_gtk_timeline_header_class_init (DagschedGtkTimelineHeaderClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = dagsched_gtk_timeline_header_dispose;
  widget_class->snapshot = dagsched_gtk_timeline_header_snapshot;

  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
dagsched_gtk_timeline_header_init (DagschedGtkTimelineHeader *self)
{
}

GtkWidget *
dagsched_gtk_timeline_header_new (DagschedGtkLayoutCache *layouts)
{
  DagschedGtkTimelineHeader *self = g_object_new (DAGSCHED_GTK_TYPE_TIMELINE_HEADER, NULL);

  self->layouts = layouts;

  return GTK_WIDGET (self);
}

void
dagsched_gtk_timeline_header_set_lane (DagschedGtkTimelineHeader *self,
                                       DagschedGtkTimelineModel *model,
                                       guint lane)
{
  unset_lane (self);
  self->model = g_object_ref (model);
  self->lane = lane;
  self->now = -1;
  self->worker = g_object_ref (dagsched_gtk_timeline_model_get_worker (model, lane));
  g_signal_connect_object (self->worker, "notify::recent-utilization", G_CALLBACK (on_recent), self,
                           G_CONNECT_SWAPPED);
  dagsched_gtk_timeline_header_update (self);
}

/* A log knows nothing of how busy its workers were but what ran on them. */
static double
get_whole (DagschedGtkTimelineHeader *self, double elapsed)
{
  double whole = dagsched_worker_get_utilization (self->worker);

  if (whole > 0 || !(elapsed > 0))
    return whole;

  return dagsched_gtk_timeline_model_get_lane_busy (self->model, self->lane, 0, elapsed) / elapsed;
}

void
dagsched_gtk_timeline_header_update (DagschedGtkTimelineHeader *self)
{
  DagschedRun *run = dagsched_gtk_timeline_model_get_run (self->model);
  double elapsed = dagsched_run_get_elapsed (run), whole = get_whole (self, elapsed);
  double recent = dagsched_worker_get_recent_utilization (self->worker);
  gboolean is_over = dagsched_run_get_verdict (run) != DAGSCHED_VERDICT_NONE;
  DagschedWorkerState state = dagsched_worker_get_state (self->worker);

  if (self->now == elapsed && self->is_over == is_over && self->state == state && self->recent == recent &&
      self->whole == whole)
    return;

  self->now = elapsed;
  self->is_over = is_over;
  self->state = state;
  self->recent = recent;
  self->whole = whole;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

char *
dagsched_gtk_timeline_header_dup_description (DagschedGtkTimelineHeader *self)
{
  g_autofree char *recent = dagsched_gtk_text_share (self->recent);
  g_autofree char *whole = dagsched_gtk_text_share (self->whole);

  if (self->is_over)
    /* Translators: a share of the time, as "82 %" */
    return g_strdup_printf (_ ("Busy %s of the run"), whole);

  /* Translators: what a worker does, then shares of the time, as "82 %" */
  return g_strdup_printf (_ ("%s. Busy %s of the last second, %s of the run"), get_state_title (self->state),
                          recent, whole);
}
