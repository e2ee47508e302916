/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "timeline/dagsched-gtk-timeline-view-private.h"

#include <adwaita.h>
#include <math.h>

#include "timeline/dagsched-gtk-timeline-header-private.h"
#include "timeline/dagsched-gtk-timeline-words-private.h"

/**
 * DagschedGtkTimelineView:
 *
 * Shows what each worker of a run did when: a lane for each, along the time, and how busy it is.
 *
 * It shows runs that go on as well as logs, and follows the former until somebody looks elsewhere. Where
 * there are more attempts than pixels it shows how busy each pixel was, and never hides a failure.
 *
 * Actions: `timeline.zoom-in`, `timeline.zoom-out`, `timeline.fit`, `timeline.follow`. GTK's thread.
 *
 * Since: 1.0
 */

#define NARROW_BELOW 600
#define HEADERS_INTERVAL_MS 100
#define ZOOM_STEP 1.5

enum
{
  PROP_0,
  PROP_RUN,
  PROP_SELECTED,
  PROP_FOLLOW,
  N_PROPS
};

enum
{
  ACTIVATE,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (DagschedGtkTimelineView, dagsched_gtk_timeline_view, GTK_TYPE_WIDGET)

static gboolean
update_headers (gpointer data)
{
  DagschedGtkTimelineView *self = data;
  g_autofree char *status = NULL;

  if (self->model == NULL)
    return G_SOURCE_REMOVE;

  dagsched_gtk_timeline_lanes_update_headers (self->lanes);
  status =
    dagsched_gtk_time_window_has_range (self->window)
      ? dagsched_gtk_timeline_describe_range (self->model, self->window->range_from, self->window->range_to)
      : dagsched_gtk_timeline_describe_run (self->model);
  if (g_strcmp0 (gtk_label_get_text (self->status), status) != 0)
    gtk_label_set_text (self->status, status);

  return G_SOURCE_REMOVE;
}

/* Nothing is drawn again before a pixel of time has passed. */
static void
update_end (DagschedGtkTimelineView *self)
{
  double elapsed = dagsched_run_get_elapsed (self->run), scale = self->window->axis.scale;
  gboolean is_live = dagsched_run_get_started_at (self->run) != 0 &&
                     dagsched_run_get_verdict (self->run) == DAGSCHED_VERDICT_NONE;

  if (is_live && self->window->is_live && elapsed >= self->window->end &&
      floor (elapsed / scale) == floor (self->window->end / scale))
    return;

  dagsched_gtk_time_window_set_end (self->window, elapsed, is_live);
}

static gboolean
on_frame (GtkWidget *widget, GdkFrameClock *clock, gpointer data)
{
  DagschedGtkTimelineView *self = DAGSCHED_GTK_TIMELINE_VIEW (widget);

  self->frame = 0;
  if (self->model == NULL)
    return G_SOURCE_REMOVE;

  update_end (self);
  dagsched_gtk_timeline_lanes_update_tracks (self->lanes);
  dagsched_gtk_throttle_poke (self->headers);

  return G_SOURCE_REMOVE;
}

static void
queue_frame (DagschedGtkTimelineView *self)
{
  if (self->frame == 0)
    self->frame = gtk_widget_add_tick_callback (GTK_WIDGET (self), on_frame, NULL, NULL);
}

static gboolean
on_clock (gpointer data)
{
  DagschedGtkTimelineView *self = data;

  update_end (self);
  dagsched_gtk_throttle_poke (self->headers);

  return G_SOURCE_REMOVE;
}

/* A pixel of time, where the end is seen; headers are up to date at least each second. */
static void
set_clock (DagschedGtkTimelineView *self)
{
  const DagschedGtkTimeAxis *axis = &self->window->axis;
  double x = dagsched_gtk_time_axis_to_x (axis, self->window->end);
  double interval = x >= 0 && x <= axis->width ? axis->scale : MAX (axis->scale, HEADERS_INTERVAL_MS / 1e3);

  dagsched_gtk_run_clock_set_interval (self->clock, MIN (interval, 1));
}

static void
on_moved (DagschedGtkTimelineView *self)
{
  set_clock (self);
  if (self->told_follow == self->window->follows)
    return;

  self->told_follow = self->window->follows;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FOLLOW]);
}

static void
on_marked (DagschedGtkTimelineView *self)
{
  if (self->model != NULL)
    dagsched_gtk_throttle_poke (self->headers);
}

static void
restyle (DagschedGtkTimelineView *self)
{
  dagsched_gtk_layout_cache_clear (self->layouts);
  dagsched_gtk_timeline_lanes_restyle (self->lanes);
  gtk_widget_queue_draw (GTK_WIDGET (self->ruler));
  gtk_widget_queue_draw (GTK_WIDGET (self->marks));
}

static void
show_lanes (DagschedGtkTimelineView *self)
{
  gboolean has_lanes = self->model != NULL && dagsched_gtk_timeline_model_get_n_lanes (self->model) > 0;

  dagsched_gtk_timeline_lanes_set_model (self->lanes, self->model, self->window, self->layouts);
  gtk_stack_set_visible_child_name (self->stack, has_lanes ? "lanes" : "empty");
  self->cursor_start = NAN;
  if (self->model == NULL)
    return;

  update_end (self);
  dagsched_gtk_throttle_flush (self->headers);
}

static void
apply_selected (DagschedGtkTimelineView *self)
{
  guint number = self->selected != NULL && self->run != NULL
                   ? dagsched_run_find_test (self->run, self->selected)
                   : DAGSCHED_RUN_NO_TEST;

  dagsched_gtk_time_window_set_selected (self->window, number);
  dagsched_gtk_timeline_lanes_redraw_tracks (self->lanes);
}

static void
on_reset (DagschedGtkTimelineView *self)
{
  show_lanes (self);
  apply_selected (self);
  queue_frame (self);
}

static void
set_model (DagschedGtkTimelineView *self, DagschedGtkTimelineModel *model)
{
  if (self->run != NULL)
    g_signal_handlers_disconnect_by_func (self->run, queue_frame, self);
  if (self->model != NULL)
    g_signal_handlers_disconnect_by_data (self->model, self);
  g_clear_object (&self->model);
  self->model = model;
  if (model == NULL)
    return;

  g_signal_connect_object (model, "changed", G_CALLBACK (queue_frame), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (model, "reset", G_CALLBACK (on_reset), self, G_CONNECT_SWAPPED);
}

static void
dagsched_gtk_timeline_view_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  DagschedGtkTimelineView *self = DAGSCHED_GTK_TIMELINE_VIEW (widget);
  int header_width = width < NARROW_BELOW ? DAGSCHED_GTK_HEADER_NARROW_WIDTH : DAGSCHED_GTK_HEADER_WIDTH;

  dagsched_gtk_time_window_set_size (self->window, header_width, MAX (width - header_width, 1));
  gtk_widget_size_allocate (GTK_WIDGET (self->stack), &(GtkAllocation){ 0, 0, width, height }, baseline);
}

static void
dagsched_gtk_timeline_view_measure (GtkWidget *widget,
                                    GtkOrientation orientation,
                                    int for_size,
                                    int *minimum,
                                    int *natural,
                                    int *minimum_baseline,
                                    int *natural_baseline)
{
  gtk_widget_measure (GTK_WIDGET (DAGSCHED_GTK_TIMELINE_VIEW (widget)->stack), orientation, for_size, minimum,
                      natural, minimum_baseline, natural_baseline);
}

static void
dagsched_gtk_timeline_view_css_changed (GtkWidget *widget, GtkCssStyleChange *change)
{
  GTK_WIDGET_CLASS (dagsched_gtk_timeline_view_parent_class)->css_changed (widget, change);
  restyle (DAGSCHED_GTK_TIMELINE_VIEW (widget));
}

static void
dagsched_gtk_timeline_view_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (dagsched_gtk_timeline_view_parent_class)->map (widget);
  queue_frame (DAGSCHED_GTK_TIMELINE_VIEW (widget));
}

static void
dagsched_gtk_timeline_view_dispose (GObject *object)
{
  DagschedGtkTimelineView *self = DAGSCHED_GTK_TIMELINE_VIEW (object);

  set_model (self, NULL);
  if (self->frame != 0)
    gtk_widget_remove_tick_callback (GTK_WIDGET (self), self->frame);
  self->frame = 0;
  g_clear_pointer (&self->clock, dagsched_gtk_run_clock_free);
  g_clear_pointer (&self->headers, dagsched_gtk_throttle_free);
  g_clear_pointer ((GtkWidget **) &self->stack, gtk_widget_unparent);
  g_clear_object (&self->window);
  g_clear_object (&self->selected);
  g_clear_object (&self->run);
  g_clear_pointer (&self->layouts, dagsched_gtk_layout_cache_free);

  G_OBJECT_CLASS (dagsched_gtk_timeline_view_parent_class)->dispose (object);
}

static void
dagsched_gtk_timeline_view_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  DagschedGtkTimelineView *self = DAGSCHED_GTK_TIMELINE_VIEW (object);

  switch (prop_id)
    {
    case PROP_RUN:
      g_value_set_object (value, self->run);
      break;
    case PROP_SELECTED:
      g_value_set_object (value, self->selected);
      break;
    case PROP_FOLLOW:
      g_value_set_boolean (value, self->window->follows);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
dagsched_gtk_timeline_view_set_property (GObject *object,
                                         guint prop_id,
                                         const GValue *value,
                                         GParamSpec *pspec)
{
  DagschedGtkTimelineView *self = DAGSCHED_GTK_TIMELINE_VIEW (object);

  switch (prop_id)
    {
    case PROP_RUN:
      dagsched_gtk_timeline_view_set_run (self, g_value_get_object (value));
      break;
    case PROP_SELECTED:
      dagsched_gtk_timeline_view_set_selected (self, g_value_get_object (value));
      break;
    case PROP_FOLLOW:
      dagsched_gtk_timeline_view_set_follow (self, g_value_get_boolean (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
zoom (GtkWidget *widget, const char *action, GVariant *parameter)
{
  DagschedGtkTimelineView *self = DAGSCHED_GTK_TIMELINE_VIEW (widget);

  dagsched_gtk_time_window_zoom (self->window, NAN,
                                 g_str_has_suffix (action, "in") ? ZOOM_STEP : 1 / ZOOM_STEP);
}

static void
fit (GtkWidget *widget, const char *action, GVariant *parameter)
{
  dagsched_gtk_time_window_fit (DAGSCHED_GTK_TIMELINE_VIEW (widget)->window);
}

static void
create_properties (GObjectClass *object_class)
{
  /**
   * DagschedGtkTimelineView:run:
   *
   * The run that is shown.
   *
   * Since: 1.0
   */
  properties[PROP_RUN] =
    g_param_spec_object ("run", NULL, NULL, DAGSCHED_TYPE_RUN,
                         G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  /**
   * DagschedGtkTimelineView:selected:
   *
   * The test that is selected: what ran of it is emphasised.
   *
   * Since: 1.0
   */
  properties[PROP_SELECTED] =
    g_param_spec_object ("selected", NULL, NULL, DAGSCHED_TYPE_TEST,
                         G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  /**
   * DagschedGtkTimelineView:follow:
   *
   * Whether what is shown moves on with a run that goes on. Whoever looks elsewhere ends it.
   *
   * Since: 1.0
   */
  properties[PROP_FOLLOW] = g_param_spec_boolean (
    "follow", NULL, NULL, TRUE, G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  g_type_ensure (DAGSCHED_GTK_TYPE_TIMELINE_RULER);
  g_type_ensure (DAGSCHED_GTK_TYPE_TIMELINE_LANES);
  g_type_ensure (DAGSCHED_GTK_TYPE_TIMELINE_MARKS);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/dagsched/gtk/timeline/dagsched-gtk-timeline-view.ui");
  gtk_widget_class_bind_template_child (widget_class, DagschedGtkTimelineView, stack);
  gtk_widget_class_bind_template_child (widget_class, DagschedGtkTimelineView, ruler);
  gtk_widget_class_bind_template_child (widget_class, DagschedGtkTimelineView, scroller);
  gtk_widget_class_bind_template_child (widget_class, DagschedGtkTimelineView, lanes);
  gtk_widget_class_bind_template_child (widget_class, DagschedGtkTimelineView, marks);
  gtk_widget_class_bind_template_child (widget_class, DagschedGtkTimelineView, status);
  gtk_widget_class_install_action (widget_class, "timeline.zoom-in", NULL, zoom);
  gtk_widget_class_install_action (widget_class, "timeline.zoom-out", NULL, zoom);
  gtk_widget_class_install_action (widget_class, "timeline.fit", NULL, fit);
  gtk_widget_class_install_property_action (widget_class, "timeline.follow", "follow");
}

static void
dagsched_gtk_timeline_view_class_init (DagschedGtkTimelineViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = dagsched_gtk_timeline_view_dispose;
  object_class->get_property = dagsched_gtk_timeline_view_get_property;
  object_class->set_property = dagsched_gtk_timeline_view_set_property;
  widget_class->size_allocate = dagsched_gtk_timeline_view_size_allocate;
  widget_class->measure = dagsched_gtk_timeline_view_measure;
  widget_class->css_changed = dagsched_gtk_timeline_view_css_changed;
  widget_class->map = dagsched_gtk_timeline_view_map;

  create_properties (object_class);
  /**
   * DagschedGtkTimelineView::activate:
   * @self: the view
   * @test: the test
   *
   * A test was double-clicked, or Enter pressed on it.
   *
   * Since: 1.0
   */
  signals[ACTIVATE] = g_signal_new ("activate", DAGSCHED_GTK_TYPE_TIMELINE_VIEW, G_SIGNAL_RUN_LAST, 0, NULL,
                                    NULL, NULL, G_TYPE_NONE, 1, DAGSCHED_TYPE_TEST);
  bind_template (widget_class);
  dagsched_gtk_timeline_view_class_add_bindings (widget_class);
}

static void
dagsched_gtk_timeline_view_init (DagschedGtkTimelineView *self)
{
  AdwStyleManager *style = adw_style_manager_get_for_display (gtk_widget_get_display (GTK_WIDGET (self)));

  self->window = dagsched_gtk_time_window_new ();
  self->layouts = dagsched_gtk_layout_cache_new (GTK_WIDGET (self));
  self->headers = dagsched_gtk_throttle_new (HEADERS_INTERVAL_MS, update_headers, self);
  self->told_follow = TRUE;
  self->cursor_start = NAN;
  gtk_widget_init_template (GTK_WIDGET (self));
  self->clock = dagsched_gtk_run_clock_new (GTK_WIDGET (self), on_clock);
  dagsched_gtk_timeline_ruler_set_window (self->ruler, self->window, self->layouts);
  dagsched_gtk_timeline_marks_set_window (self->marks, self->window, self->layouts);
  dagsched_gtk_timeline_view_add_controllers (self);
  g_signal_connect_object (self->window, "moved", G_CALLBACK (on_moved), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->window, "marked", G_CALLBACK (on_marked), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (style, "notify::dark", G_CALLBACK (restyle), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (style, "notify::high-contrast", G_CALLBACK (restyle), self, G_CONNECT_SWAPPED);
  g_signal_connect (self, "notify::scale-factor", G_CALLBACK (restyle), NULL);
}

void
dagsched_gtk_timeline_view_activate_selected (DagschedGtkTimelineView *self)
{
  if (self->selected != NULL)
    g_signal_emit (self, signals[ACTIVATE], 0, self->selected);
}

void
dagsched_gtk_timeline_view_select_span (DagschedGtkTimelineView *self,
                                        DagschedGtkTimelineLane *lane,
                                        const DagschedGtkSpan *span)
{
  g_autofree char *text = dagsched_gtk_timeline_describe_span (self->model, span);

  self->cursor_lane = dagsched_gtk_timeline_lane_get_lane (lane);
  self->cursor_start = span->start;
  dagsched_gtk_timeline_lane_set_current (lane, text);
  if (g_set_object (&self->selected, dagsched_gtk_timeline_model_get_table (self->model)->tests[span->test]))
    {
      apply_selected (self);
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SELECTED]);
    }
}

/**
 * dagsched_gtk_timeline_view_new:
 *
 * Creates a view without a run.
 *
 * Returns: the view
 *
 * Since: 1.0
 */
GtkWidget *
dagsched_gtk_timeline_view_new (void)
{
  return g_object_new (DAGSCHED_GTK_TYPE_TIMELINE_VIEW, NULL);
}

/**
 * dagsched_gtk_timeline_view_get_run:
 * @self: a view
 *
 * Gets the run that is shown.
 *
 * Returns: (transfer none) (nullable): the run
 *
 * Since: 1.0
 */
DagschedRun *
dagsched_gtk_timeline_view_get_run (DagschedGtkTimelineView *self)
{
  g_return_val_if_fail (DAGSCHED_GTK_IS_TIMELINE_VIEW (self), NULL);

  return self->run;
}

/**
 * dagsched_gtk_timeline_view_set_run:
 * @self: a view
 * @run: (nullable): a run of GTK's thread
 *
 * Sets the run to show. All of it is shown, and followed.
 *
 * Since: 1.0
 */
void
dagsched_gtk_timeline_view_set_run (DagschedGtkTimelineView *self, DagschedRun *run)
{
  g_return_if_fail (DAGSCHED_GTK_IS_TIMELINE_VIEW (self));
  g_return_if_fail (run == NULL || DAGSCHED_IS_RUN (run));

  if (self->run == run)
    return;

  set_model (self, run != NULL ? dagsched_gtk_timeline_model_new (run) : NULL);
  g_set_object (&self->run, run);
  if (run != NULL)
    {
      g_signal_connect_object (run, "notify::verdict", G_CALLBACK (queue_frame), self, G_CONNECT_SWAPPED);
      g_signal_connect_object (run, "notify::started-at", G_CALLBACK (queue_frame), self, G_CONNECT_SWAPPED);
    }
  dagsched_gtk_time_window_reset (self->window);
  dagsched_gtk_run_clock_set_run (self->clock, run);
  show_lanes (self);
  apply_selected (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_RUN]);
}

/**
 * dagsched_gtk_timeline_view_get_selected:
 * @self: a view
 *
 * Gets the test that is selected.
 *
 * Returns: (transfer none) (nullable): the test
 *
 * Since: 1.0
 */
DagschedTest *
dagsched_gtk_timeline_view_get_selected (DagschedGtkTimelineView *self)
{
  g_return_val_if_fail (DAGSCHED_GTK_IS_TIMELINE_VIEW (self), NULL);

  return self->selected;
}

/**
 * dagsched_gtk_timeline_view_set_selected:
 * @self: a view
 * @test: (nullable): a test
 *
 * Selects a test. Unless a run is followed, its last attempt is brought into view.
 *
 * Since: 1.0
 */
void
dagsched_gtk_timeline_view_set_selected (DagschedGtkTimelineView *self, DagschedTest *test)
{
  DagschedSpan span;

  g_return_if_fail (DAGSCHED_GTK_IS_TIMELINE_VIEW (self));
  g_return_if_fail (test == NULL || DAGSCHED_IS_TEST (test));

  if (!g_set_object (&self->selected, test))
    return;

  self->cursor_start = NAN;
  apply_selected (self);
  if (!(self->window->is_live && self->window->follows) && self->window->selected != DAGSCHED_RUN_NO_TEST &&
      dagsched_run_get_span (self->run, self->window->selected, 0, &span))
    dagsched_gtk_time_window_reveal (self->window, span.start, span.start + span.duration);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SELECTED]);
}

/**
 * dagsched_gtk_timeline_view_get_follow:
 * @self: a view
 *
 * Gets whether what is shown moves on with a run that goes on.
 *
 * Returns: whether it does
 *
 * Since: 1.0
 */
gboolean
dagsched_gtk_timeline_view_get_follow (DagschedGtkTimelineView *self)
{
  g_return_val_if_fail (DAGSCHED_GTK_IS_TIMELINE_VIEW (self), FALSE);

  return self->window->follows;
}

/**
 * dagsched_gtk_timeline_view_set_follow:
 * @self: a view
 * @follow: whether what is shown shall move on
 *
 * Sets whether what is shown moves on with a run that goes on.
 *
 * Since: 1.0
 */
void
dagsched_gtk_timeline_view_set_follow (DagschedGtkTimelineView *self, gboolean follow)
{
  g_return_if_fail (DAGSCHED_GTK_IS_TIMELINE_VIEW (self));

  dagsched_gtk_time_window_set_follows (self->window, follow);
}
