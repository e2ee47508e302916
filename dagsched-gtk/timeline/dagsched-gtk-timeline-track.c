/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "timeline/dagsched-gtk-timeline-track-private.h"

#include <adwaita.h>
#include <math.h>

#include "timeline/dagsched-gtk-lane-painter-private.h"
#include "timeline/dagsched-gtk-lane-tiles-private.h"

#define COMPACT_BELOW 32 /* pixels of height */
#define MARGIN 5
#define COMPACT_MARGIN 1
#define LABEL_PADDING 5
#define MIN_LABEL_WIDTH 24
#define MAX_LABELS 60 /* a lane */
#define ICON_SIZE 12
#define MIN_SELECTED_WIDTH 5
#define POINTING_SLACK 2 /* pixels */

struct _DagschedGtkTimelineTrack
{
  GtkWidget parent_instance;

  DagschedGtkTimeWindow *window;
  DagschedGtkLayoutCache *layouts; /* the view's */
  DagschedGtkTimelineModel *model;
  guint lane;
  DagschedGtkLaneTiles *tiles;
  DagschedTest *running; /* as it is drawn; not to be looked into */
  GdkPaintable *icons[DAGSCHED_GTK_N_LOOKS];
};

G_DEFINE_FINAL_TYPE (DagschedGtkTimelineTrack, dagsched_gtk_timeline_track, GTK_TYPE_WIDGET)

static gboolean
is_dark (GtkWidget *widget)
{
  return adw_style_manager_get_dark (adw_style_manager_get_for_display (gtk_widget_get_display (widget)));
}

static int
get_margin (DagschedGtkTimelineTrack *self)
{
  return gtk_widget_get_height (GTK_WIDGET (self)) < COMPACT_BELOW ? COMPACT_MARGIN : MARGIN;
}

static DagschedGtkSpans *
get_spans (DagschedGtkTimelineTrack *self)
{
  return dagsched_gtk_timeline_model_get_spans (self->model, self->lane);
}

static double
to_x (DagschedGtkTimelineTrack *self, double time)
{
  return dagsched_gtk_time_axis_to_x (&self->window->axis, time);
}

/* What is seen of a span. FALSE: nothing. */
static gboolean
get_bounds (DagschedGtkTimelineTrack *self, double start, double end, int inset, graphene_rect_t *bounds)
{
  double width = self->window->axis.width;
  double from = to_x (self, start), to = to_x (self, end);
  int margin = get_margin (self) + inset;

  if (to < 0 || from > width)
    return FALSE;

  from = round (MAX (from, -8));
  to = MAX (round (MIN (to, width + 8)), from + 1);
  *bounds = GRAPHENE_RECT_INIT ((float) from, (float) margin, (float) (to - from),
                                (float) (gtk_widget_get_height (GTK_WIDGET (self)) - 2 * margin));
  return TRUE;
}

/* That nothing ran is seen as much as that something did. */
static void
snapshot_background (DagschedGtkTimelineTrack *self, GtkSnapshot *snapshot, const GdkRGBA *foreground)
{
  int margin = get_margin (self) + 1;
  GdkRGBA color = *foreground;

  color.alpha = 0.06f;
  gtk_snapshot_append_color (
    snapshot, &color,
    &GRAPHENE_RECT_INIT (0, (float) margin, (float) gtk_widget_get_width (GTK_WIDGET (self)),
                         (float) (gtk_widget_get_height (GTK_WIDGET (self)) - 2 * margin)));
}

static GdkPaintable *
get_icon (DagschedGtkTimelineTrack *self, DagschedGtkLook look)
{
  GtkWidget *widget = GTK_WIDGET (self);

  if (self->icons[look] == NULL)
    self->icons[look] = GDK_PAINTABLE (gtk_icon_theme_lookup_icon (
      gtk_icon_theme_get_for_display (gtk_widget_get_display (widget)),
      dagsched_gtk_look_get_icon_name (look), NULL, ICON_SIZE, gtk_widget_get_scale_factor (widget),
      GTK_TEXT_DIR_LTR, GTK_ICON_LOOKUP_FORCE_SYMBOLIC));

  return self->icons[look];
}

static void
snapshot_icon (DagschedGtkTimelineTrack *self,
               GtkSnapshot *snapshot,
               DagschedGtkLook look,
               float x,
               float y,
               const GdkRGBA *color)
{
  GdkPaintable *icon = get_icon (self, look);

  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (x, y - ICON_SIZE / 2.0f));
  gtk_symbolic_paintable_snapshot_symbolic (GTK_SYMBOLIC_PAINTABLE (icon), snapshot, ICON_SIZE, ICON_SIZE,
                                            color, 1);
  gtk_snapshot_restore (snapshot);
}

/* Where not even three quarters of the name fit, the number of an attempt may. */
static void
snapshot_text (DagschedGtkTimelineTrack *self,
               GtkSnapshot *snapshot,
               const DagschedGtkSpan *span,
               const GdkRGBA *color,
               const graphene_rect_t *bounds)
{
  const char *name =
    dagsched_test_get_name (dagsched_gtk_timeline_model_get_table (self->model)->tests[span->test]);
  g_autofree char *attempt = span->attempt > 1 ? g_strdup_printf ("↻%u", span->attempt) : g_strdup ("");
  g_autofree char *all = span->attempt > 1 ? g_strdup_printf ("%s %s", attempt, name) : g_strdup (name);
  const char *text = all;
  int width;

  pango_layout_get_pixel_size (dagsched_gtk_layout_cache_get (self->layouts, DAGSCHED_GTK_TEXT_SMALL, all),
                               &width, NULL);
  if (bounds->size.width < 0.75f * (float) width)
    text = attempt;

  gtk_snapshot_push_clip (snapshot, bounds);
  dagsched_gtk_layout_cache_draw (self->layouts, snapshot, DAGSCHED_GTK_TEXT_SMALL, text, color,
                                  bounds->origin.x, bounds->origin.y + bounds->size.height / 2, 0);
  gtk_snapshot_pop (snapshot);
}

/* An icon where there is something to say, and the name. TRUE: there was room for it. */
static gboolean
snapshot_label (DagschedGtkTimelineTrack *self,
                GtkSnapshot *snapshot,
                const DagschedGtkSpan *span,
                const graphene_rect_t *bounds)
{
  const GdkRGBA on_bar = is_dark (GTK_WIDGET (self)) ? (GdkRGBA){ 0, 0, 0, 0.9f } : (GdkRGBA){ 1, 1, 1, 1 };
  float left = MAX (bounds->origin.x, 0) + LABEL_PADDING;
  float right = MIN (bounds->origin.x + bounds->size.width, (float) self->window->axis.width) - LABEL_PADDING;

  if (right - left < MIN_LABEL_WIDTH - 2 * LABEL_PADDING || span->will_retry)
    return FALSE;

  if (span->look != DAGSCHED_GTK_LOOK_PASSED)
    {
      snapshot_icon (self, snapshot, span->look, left, bounds->origin.y + bounds->size.height / 2, &on_bar);
      left += ICON_SIZE + LABEL_PADDING;
    }
  if (right > left)
    snapshot_text (self, snapshot, span, &on_bar,
                   &GRAPHENE_RECT_INIT (left, bounds->origin.y, right - left, bounds->size.height));

  return TRUE;
}

static void
snapshot_labels (DagschedGtkTimelineTrack *self, GtkSnapshot *snapshot)
{
  const DagschedGtkTimeAxis *axis = &self->window->axis;
  DagschedGtkSpans *spans = get_spans (self);
  guint n = dagsched_gtk_spans_get_length (spans), n_labels = 0;
  double last = dagsched_gtk_time_axis_to_time (axis, axis->width);

  for (guint i = dagsched_gtk_spans_find (spans, axis->origin); i < n && n_labels < MAX_LABELS; i++)
    {
      const DagschedGtkSpan *span = dagsched_gtk_spans_get (spans, i);
      graphene_rect_t bounds;

      if (span->start > last)
        break;
      if (span->end - span->start >= MIN_LABEL_WIDTH * axis->scale &&
          get_bounds (self, span->start, span->end, 0, &bounds))
        n_labels += snapshot_label (self, snapshot, span, &bounds);
    }
}

/* The number of the test that runs. */
static guint
find_running (DagschedGtkTimelineTrack *self)
{
  DagschedWorker *worker = dagsched_gtk_timeline_model_get_worker (self->model, self->lane);
  DagschedTest *test = dagsched_worker_get_test (worker);

  return test != NULL ? dagsched_run_find_test (dagsched_gtk_timeline_model_get_run (self->model), test)
                      : DAGSCHED_GTK_NO_TEST;
}

gboolean
dagsched_gtk_timeline_track_get_running (DagschedGtkTimelineTrack *self, DagschedGtkSpan *span)
{
  guint test = find_running (self);
  double since = dagsched_gtk_timeline_model_get_running_since (self->model, self->lane);

  if (isnan (since) || test >= dagsched_gtk_timeline_model_get_table (self->model)->n_tests)
    return FALSE;

  *span = (DagschedGtkSpan){
    .start = since,
    .end = MAX (since, self->window->end),
    .test = test,
    .attempt = (guint16) MAX (
      dagsched_test_get_n_attempts (dagsched_gtk_timeline_model_get_table (self->model)->tests[test]), 1),
    .look = DAGSCHED_GTK_LOOK_RUNNING,
  };
  return TRUE;
}

static void
snapshot_running (DagschedGtkTimelineTrack *self, GtkSnapshot *snapshot)
{
  int inset = (int) dagsched_gtk_lane_get_inset (
    (guint) MAX (gtk_widget_get_height (GTK_WIDGET (self)) - 2 * get_margin (self), 0));
  graphene_rect_t bounds;
  DagschedGtkSpan span;

  if (!dagsched_gtk_timeline_track_get_running (self, &span) ||
      !get_bounds (self, span.start, span.end, inset, &bounds))
    return;

  gtk_snapshot_append_color (
    snapshot, dagsched_gtk_look_get_color (DAGSCHED_GTK_LOOK_RUNNING, is_dark (GTK_WIDGET (self))), &bounds);
  if (gtk_widget_get_height (GTK_WIDGET (self)) >= COMPACT_BELOW)
    snapshot_label (self, snapshot, &span, &bounds);
}

static void
snapshot_frame (GtkSnapshot *snapshot, const graphene_rect_t *bounds, float width, const GdkRGBA *color)
{
  GskRoundedRect outline;

  gsk_rounded_rect_init_from_rect (&outline, bounds, 2);
  gtk_snapshot_append_border (snapshot, &outline, (float[]){ width, width, width, width },
                              (GdkRGBA[]){ *color, *color, *color, *color });
}

/* A frame of two lines: one of them stands out from whatever the bar's colour is. */
static void
snapshot_selected (DagschedGtkTimelineTrack *self,
                   GtkSnapshot *snapshot,
                   const DagschedGtkSpan *span,
                   const GdkRGBA *foreground)
{
  const GdkRGBA inner = is_dark (GTK_WIDGET (self)) ? (GdkRGBA){ 0, 0, 0, 1 } : (GdkRGBA){ 1, 1, 1, 1 };
  graphene_rect_t bounds;

  if (!get_bounds (self, span->start, span->end, 0, &bounds))
    return;

  if (bounds.size.width < MIN_SELECTED_WIDTH)
    {
      graphene_rect_inset (&bounds, (bounds.size.width - MIN_SELECTED_WIDTH) / 2, 0);
      gtk_snapshot_append_color (
        snapshot, dagsched_gtk_look_get_color (span->look, is_dark (GTK_WIDGET (self))), &bounds);
    }
  graphene_rect_inset (&bounds, -1, -1);
  snapshot_frame (snapshot, &bounds, 2, foreground);
  graphene_rect_inset (&bounds, 2, 2);
  if (bounds.size.width > 4)
    snapshot_frame (snapshot, &bounds, 1, &inner);
}

static void
snapshot_selection (DagschedGtkTimelineTrack *self, GtkSnapshot *snapshot, const GdkRGBA *foreground)
{
  DagschedRun *run = dagsched_gtk_timeline_model_get_run (self->model);
  guint test = self->window->selected;
  DagschedGtkSpan running;
  DagschedSpan span;

  if (test >= dagsched_gtk_timeline_model_get_table (self->model)->n_tests)
    return;

  for (guint i = 0; dagsched_run_get_span (run, test, i, &span); i++)
    {
      if (span.worker == self->lane)
        snapshot_selected (self, snapshot,
                           &(DagschedGtkSpan){
                             .start = span.start,
                             .end = span.start + span.duration,
                             .look = dagsched_gtk_look_of (DAGSCHED_STATE_FINISHED, span.outcome),
                           },
                           foreground);
    }
  if (dagsched_gtk_timeline_track_get_running (self, &running) && running.test == test)
    snapshot_selected (self, snapshot, &running, foreground);
}

static void
dagsched_gtk_timeline_track_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  DagschedGtkTimelineTrack *self = DAGSCHED_GTK_TIMELINE_TRACK (widget);
  int width = gtk_widget_get_width (widget), height = gtk_widget_get_height (widget);
  int margin = get_margin (self);
  GdkRGBA foreground;

  if (self->model == NULL || height <= 2 * margin + 3)
    return;

  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &foreground);
  gtk_snapshot_push_clip (snapshot, &GRAPHENE_RECT_INIT (0, 0, (float) width, (float) height));
  snapshot_background (self, snapshot, &foreground);
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (0, (float) margin));
  dagsched_gtk_lane_tiles_snapshot (self->tiles, snapshot, get_spans (self), &self->window->axis,
                                    height - 2 * margin, gtk_widget_get_scale_factor (widget),
                                    is_dark (widget));
  gtk_snapshot_restore (snapshot);
  snapshot_running (self, snapshot);
  if (height >= COMPACT_BELOW)
    snapshot_labels (self, snapshot);
  snapshot_selection (self, snapshot, &foreground);
  gtk_snapshot_pop (snapshot);
}

static void
dagsched_gtk_timeline_track_dispose (GObject *object)
{
  DagschedGtkTimelineTrack *self = DAGSCHED_GTK_TIMELINE_TRACK (object);

  for (guint i = 0; i < DAGSCHED_GTK_N_LOOKS; i++)
    g_clear_object (&self->icons[i]);
  g_clear_object (&self->window);
  g_clear_object (&self->model);
  g_clear_pointer (&self->tiles, dagsched_gtk_lane_tiles_free);

  G_OBJECT_CLASS (dagsched_gtk_timeline_track_parent_class)->dispose (object);
}

static void
dagsched_gtk_timeline_track_class_init (DagschedGtkTimelineTrackClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = dagsched_gtk_timeline_track_dispose;
  widget_class->snapshot = dagsched_gtk_timeline_track_snapshot;

  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
dagsched_gtk_timeline_track_init (DagschedGtkTimelineTrack *self)
{
  self->tiles = dagsched_gtk_lane_tiles_new ();
}

/* What runs grows, and nothing else. */
static void
on_grown (DagschedGtkTimelineTrack *self)
{
  if (self->running != NULL)
    gtk_widget_queue_draw (GTK_WIDGET (self));
}

GtkWidget *
dagsched_gtk_timeline_track_new (DagschedGtkTimeWindow *window, DagschedGtkLayoutCache *layouts)
{
  DagschedGtkTimelineTrack *self = g_object_new (DAGSCHED_GTK_TYPE_TIMELINE_TRACK, NULL);

  self->window = g_object_ref (window);
  self->layouts = layouts;
  g_signal_connect_object (window, "grown", G_CALLBACK (on_grown), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (window, "moved", G_CALLBACK (gtk_widget_queue_draw), self, G_CONNECT_SWAPPED);

  return GTK_WIDGET (self);
}

void
dagsched_gtk_timeline_track_set_lane (DagschedGtkTimelineTrack *self,
                                      DagschedGtkTimelineModel *model,
                                      guint lane)
{
  g_set_object (&self->model, model);
  self->lane = lane;
  self->running = NULL;
  dagsched_gtk_lane_tiles_clear (self->tiles);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
dagsched_gtk_timeline_track_update (DagschedGtkTimelineTrack *self)
{
  DagschedTest *running =
    dagsched_worker_get_test (dagsched_gtk_timeline_model_get_worker (self->model, self->lane));
  double from, to;

  if (dagsched_gtk_spans_take_dirty (get_spans (self), &from, &to))
    dagsched_gtk_lane_tiles_invalidate (self->tiles, from, to);
  else if (running == self->running)
    return;

  self->running = running;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
dagsched_gtk_timeline_track_restyle (DagschedGtkTimelineTrack *self)
{
  dagsched_gtk_lane_tiles_clear (self->tiles);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

DagschedGtkTimelineHit
dagsched_gtk_timeline_track_find (DagschedGtkTimelineTrack *self, double x)
{
  const DagschedGtkTimeAxis *axis = &self->window->axis;
  double from = dagsched_gtk_time_axis_to_time (axis, x - POINTING_SLACK);
  double to = dagsched_gtk_time_axis_to_time (axis, x + POINTING_SLACK);
  double at = dagsched_gtk_time_axis_to_time (axis, x);
  DagschedGtkTimelineHit hit = { .test = DAGSCHED_GTK_NO_TEST };
  int index;

  if (self->model == NULL)
    return hit;

  if (dagsched_gtk_timeline_track_get_running (self, &hit.span) && to >= hit.span.start &&
      from <= hit.span.end)
    hit.is_running = TRUE;
  index = dagsched_gtk_spans_pick (get_spans (self), at, at);
  if (index < 0 && !hit.is_running)
    index = dagsched_gtk_spans_pick (get_spans (self), from, to);
  if (index >= 0)
    {
      hit.is_running = FALSE;
      hit.span = *dagsched_gtk_spans_get (get_spans (self), (guint) index);
    }
  if (index >= 0 || hit.is_running)
    hit.test = hit.span.test;

  return hit;
}

guint
dagsched_gtk_timeline_track_get_n_drawn (DagschedGtkTimelineTrack *self)
{
  return dagsched_gtk_lane_tiles_get_n_drawn (self->tiles);
}
