/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "graph/dagsched-gtk-graph-view-private.h"

#include <adwaita.h>
#include <glib/gi18n-lib.h>
#include <math.h>

/**
 * DagschedGtkGraphView:
 *
 * Shows the tests of a run and what depends on what, from left to right, live.
 *
 * The look of a test is a colour and an icon, or a shape where there is no room for one. Edges whose
 * condition is *always* are dashed, those with *failure* dotted. What a selected test waits for and what waits
 * for it stands out, the others fade. A graph is laid out in a thread; `laid-out` says when it is as good as
 * it gets. Large graphs stay fluid: what is too small to be seen is not drawn, but failures always are.
 *
 * Dragging and scrolling move the drawing; Ctrl and scrolling, pinching, + and − zoom; F and Home show
 * all, Ctrl+0 is 100 %. Arrow keys move the drawing, or, when a test is selected (or with Alt), the
 * selection: right to dependents, left to dependencies. Enter activates, Escape selects nothing.
 *
 * Actions: `graph.fit`, `graph.zoom-in`, `graph.zoom-out`, `graph.zoom-reset`, `graph.show-critical-path`,
 * `graph.clear-selection`, `graph.activate`, `graph.export` (asks for a file).
 *
 * A screen reader is told what is selected; a list of the tests is what makes a graph accessible.
 *
 * Since: 1.0
 */
G_DEFINE_FINAL_TYPE (DagschedGtkGraphView, dagsched_gtk_graph_view, GTK_TYPE_WIDGET)

enum
{
  PROP_0,
  PROP_RUN,
  PROP_SELECTED,
  PROP_ZOOM,
  PROP_SHOW_CRITICAL_PATH,
  PROP_LAID_OUT,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

#define CONTROLS_MARGIN 12

static void
on_style_changed (DagschedGtkGraphView *self)
{
  self->style_is_old = TRUE;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
dagsched_gtk_graph_view_css_changed (GtkWidget *widget, GtkCssStyleChange *change)
{
  DagschedGtkGraphView *self = DAGSCHED_GTK_GRAPH_VIEW (widget);

  GTK_WIDGET_CLASS (dagsched_gtk_graph_view_parent_class)->css_changed (widget, change);
  on_style_changed (self);
}

static void
create_labels (DagschedGtkGraphView *self)
{
  PangoContext *context = gtk_widget_create_pango_context (GTK_WIDGET (self));

  g_clear_pointer (&self->labels, dagsched_gtk_graph_labels_free);
  self->labels = dagsched_gtk_graph_labels_new (context);
  g_object_unref (context);
}

/* Another font. */
static void
dagsched_gtk_graph_view_system_setting_changed (GtkWidget *widget, GtkSystemSetting setting)
{
  DagschedGtkGraphView *self = DAGSCHED_GTK_GRAPH_VIEW (widget);

  GTK_WIDGET_CLASS (dagsched_gtk_graph_view_parent_class)->system_setting_changed (widget, setting);
  create_labels (self);
}

static void
dagsched_gtk_graph_view_measure (GtkWidget *widget,
                                 GtkOrientation orientation,
                                 int for_size,
                                 int *minimum,
                                 int *natural,
                                 int *minimum_baseline,
                                 int *natural_baseline)
{
  DagschedGtkGraphView *self = DAGSCHED_GTK_GRAPH_VIEW (widget);

  gtk_widget_measure (self->controls, orientation, -1, minimum, NULL, NULL, NULL);
  *minimum += 2 * CONTROLS_MARGIN;
  *natural = MAX (*minimum, orientation == GTK_ORIENTATION_HORIZONTAL ? 600 : 400);
}

static void
dagsched_gtk_graph_view_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  DagschedGtkGraphView *self = DAGSCHED_GTK_GRAPH_VIEW (widget);
  GtkRequisition size;

  if (!self->has_moved)
    dagsched_gtk_graph_view_show_all (self);
  else
    dagsched_gtk_graph_view_set_camera (self, self->zoom, self->left, self->top);

  gtk_widget_get_preferred_size (self->controls, &size, NULL);
  gtk_widget_size_allocate (
    self->controls,
    &(GtkAllocation){ CONTROLS_MARGIN, height - CONTROLS_MARGIN - size.height, size.width, size.height }, -1);
}

static void
dagsched_gtk_graph_view_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  DagschedGtkGraphView *self = DAGSCHED_GTK_GRAPH_VIEW (widget);
  graphene_rect_t bounds;

  dagsched_gtk_graph_view_draw (self, snapshot);
  if (gtk_widget_compute_bounds (self->controls, widget, &bounds) && gtk_widget_get_visible (self->controls))
    dagsched_gtk_graph_view_draw_frame (self, snapshot, &bounds);
  gtk_widget_snapshot_child (widget, self->controls, snapshot);
}

/* What is not seen needs no pixels. */
static void
dagsched_gtk_graph_view_unmap (GtkWidget *widget)
{
  DagschedGtkGraphView *self = DAGSCHED_GTK_GRAPH_VIEW (widget);

  dagsched_gtk_graph_view_stop_gliding (self);
  dagsched_gtk_graph_view_hover (self, DAGSCHED_GTK_NO_ITEM);
  GTK_WIDGET_CLASS (dagsched_gtk_graph_view_parent_class)->unmap (widget);
  dagsched_gtk_painter_clear (&self->painter);
  dagsched_gtk_painter_clear (&self->minimap);
  dagsched_gtk_canvas_tiles_clear (&self->tiles);
  dagsched_gtk_canvas_tiles_clear (&self->minimap_tiles);
}

static void
show_zoom (DagschedGtkGraphView *self)
{
  double percent = self->zoom * 100;
  g_autofree char *text = g_strdup_printf (percent < 9.95 ? "%.1f %%" : "%.0f %%", percent);

  gtk_button_set_label (GTK_BUTTON (self->zoom_button), text);
  gtk_widget_set_visible (self->controls, self->table != NULL && self->table->n_tests > 0);
}

static void
dagsched_gtk_graph_view_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  DagschedGtkGraphView *self = DAGSCHED_GTK_GRAPH_VIEW (object);

  switch (id)
    {
    case PROP_RUN:
      g_value_set_object (value, self->run);
      break;
    case PROP_SELECTED:
      g_value_set_object (value, self->selected);
      break;
    case PROP_ZOOM:
      g_value_set_double (value, self->zoom);
      break;
    case PROP_SHOW_CRITICAL_PATH:
      g_value_set_boolean (value, self->show_critical_path);
      break;
    case PROP_LAID_OUT:
      g_value_set_boolean (value, self->laid_out);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
dagsched_gtk_graph_view_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  DagschedGtkGraphView *self = DAGSCHED_GTK_GRAPH_VIEW (object);

  switch (id)
    {
    case PROP_RUN:
      dagsched_gtk_graph_view_set_run (self, g_value_get_object (value));
      break;
    case PROP_SELECTED:
      dagsched_gtk_graph_view_set_selected (self, g_value_get_object (value));
      break;
    case PROP_ZOOM:
      dagsched_gtk_graph_view_set_zoom (self, g_value_get_double (value));
      break;
    case PROP_SHOW_CRITICAL_PATH:
      dagsched_gtk_graph_view_set_show_critical_path (self, g_value_get_boolean (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
dagsched_gtk_graph_view_dispose (GObject *object)
{
  DagschedGtkGraphView *self = DAGSCHED_GTK_GRAPH_VIEW (object);

  dagsched_gtk_graph_view_detach (self);
  dagsched_gtk_graph_view_stop_gliding (self);
  g_clear_object (&self->run);
  g_clear_object (&self->selected);
  g_clear_object (&self->file_chooser);
  g_clear_pointer (&self->controls, gtk_widget_unparent);

  G_OBJECT_CLASS (dagsched_gtk_graph_view_parent_class)->dispose (object);
}

static void
dagsched_gtk_graph_view_finalize (GObject *object)
{
  DagschedGtkGraphView *self = DAGSCHED_GTK_GRAPH_VIEW (object);

  dagsched_gtk_painter_clear (&self->painter);
  dagsched_gtk_painter_clear (&self->minimap);
  dagsched_gtk_canvas_tiles_clear (&self->tiles);
  dagsched_gtk_canvas_tiles_clear (&self->minimap_tiles);
  dagsched_gtk_graph_style_clear (&self->style);
  g_clear_pointer (&self->labels, dagsched_gtk_graph_labels_free);
  g_array_unref (self->dirty);
  g_array_unref (self->hovered_segments);
  g_clear_pointer (&self->hits, g_array_unref);

  G_OBJECT_CLASS (dagsched_gtk_graph_view_parent_class)->finalize (object);
}

static void
install_properties (GObjectClass *object_class)
{
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  /**
   * DagschedGtkGraphView:run:
   *
   * The run that is shown, or %NULL.
   *
   * Since: 1.0
   */
  properties[PROP_RUN] = g_param_spec_object ("run", NULL, NULL, DAGSCHED_TYPE_RUN, flags);

  /**
   * DagschedGtkGraphView:selected:
   *
   * The test that is selected, or %NULL.
   *
   * Since: 1.0
   */
  properties[PROP_SELECTED] = g_param_spec_object ("selected", NULL, NULL, DAGSCHED_TYPE_TEST, flags);

  /**
   * DagschedGtkGraphView:zoom:
   *
   * How large the graph is: 1 is 100 %, where names are written as large as elsewhere.
   *
   * Since: 1.0
   */
  properties[PROP_ZOOM] = g_param_spec_double ("zoom", NULL, NULL, 0, DAGSCHED_GTK_GRAPH_MAX_ZOOM, 1, flags);

  /**
   * DagschedGtkGraphView:show-critical-path:
   *
   * Whether the longest path by duration stands out: what tests took, else what they are expected to take.
   *
   * Since: 1.0
   */
  properties[PROP_SHOW_CRITICAL_PATH] = g_param_spec_boolean ("show-critical-path", NULL, NULL, FALSE, flags);

  /**
   * DagschedGtkGraphView:laid-out:
   *
   * Whether the graph is laid out, and no better layout follows.
   *
   * Since: 1.0
   */
  properties[PROP_LAID_OUT] =
    g_param_spec_boolean ("laid-out", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
dagsched_gtk_graph_view_class_init (DagschedGtkGraphViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = dagsched_gtk_graph_view_get_property;
  object_class->set_property = dagsched_gtk_graph_view_set_property;
  object_class->dispose = dagsched_gtk_graph_view_dispose;
  object_class->finalize = dagsched_gtk_graph_view_finalize;
  widget_class->measure = dagsched_gtk_graph_view_measure;
  widget_class->size_allocate = dagsched_gtk_graph_view_size_allocate;
  widget_class->snapshot = dagsched_gtk_graph_view_snapshot;
  widget_class->unmap = dagsched_gtk_graph_view_unmap;
  widget_class->css_changed = dagsched_gtk_graph_view_css_changed;
  widget_class->system_setting_changed = dagsched_gtk_graph_view_system_setting_changed;
  install_properties (object_class);

  /**
   * DagschedGtkGraphView::activate:
   * @self: the view
   * @test: the test
   *
   * A test was double-clicked, or Enter pressed with it selected.
   *
   * Since: 1.0
   */
  g_signal_new ("activate", DAGSCHED_GTK_TYPE_GRAPH_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                1, DAGSCHED_TYPE_TEST);

  gtk_widget_class_set_css_name (widget_class, "graph");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/dagsched/gtk/graph/dagsched-gtk-graph-view.ui");
  gtk_widget_class_bind_template_child (widget_class, DagschedGtkGraphView, controls);
  gtk_widget_class_bind_template_child (widget_class, DagschedGtkGraphView, zoom_button);
  dagsched_gtk_graph_view_install_actions (widget_class);
}

static void
dagsched_gtk_graph_view_init (DagschedGtkGraphView *self)
{
  AdwStyleManager *manager;

  self->zoom = 1;
  self->style_is_old = TRUE;
  self->hovered = DAGSCHED_GTK_NO_ITEM;
  self->painter.style = self->minimap.style = &self->style;
  self->painter.with_edges = TRUE;
  self->dirty = g_array_new (FALSE, FALSE, sizeof (guint32));
  self->hovered_segments = g_array_new (FALSE, FALSE, sizeof (DagschedGtkSegment));
  gtk_widget_init_template (GTK_WIDGET (self));
  create_labels (self);
  dagsched_gtk_graph_view_add_controllers (self);

  manager = adw_style_manager_get_for_display (gtk_widget_get_display (GTK_WIDGET (self)));
  g_signal_connect_object (manager, "notify::dark", G_CALLBACK (on_style_changed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (manager, "notify::high-contrast", G_CALLBACK (on_style_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect (self, "notify::zoom", G_CALLBACK (show_zoom), NULL);
  g_signal_connect (self, "notify::run", G_CALLBACK (show_zoom), NULL);
  show_zoom (self);
  dagsched_gtk_graph_view_describe (self);
}

/**
 * dagsched_gtk_graph_view_new:
 * @run: (nullable): the run to show
 *
 * Creates a view.
 *
 * Returns: (transfer floating): a new `DagschedGtkGraphView`
 *
 * Since: 1.0
 */
GtkWidget *
dagsched_gtk_graph_view_new (DagschedRun *run)
{
  g_return_val_if_fail (run == NULL || DAGSCHED_IS_RUN (run), NULL);

  return g_object_new (DAGSCHED_GTK_TYPE_GRAPH_VIEW, "run", run, NULL);
}

/**
 * dagsched_gtk_graph_view_get_run:
 * @self: a `DagschedGtkGraphView`
 *
 * Gets the run that is shown.
 *
 * Returns: (transfer none) (nullable): the run
 *
 * Since: 1.0
 */
DagschedRun *
dagsched_gtk_graph_view_get_run (DagschedGtkGraphView *self)
{
  g_return_val_if_fail (DAGSCHED_GTK_IS_GRAPH_VIEW (self), NULL);

  return self->run;
}

/**
 * dagsched_gtk_graph_view_set_run:
 * @self: a `DagschedGtkGraphView`
 * @run: (nullable): the run to show
 *
 * Shows another run. Nothing is selected then.
 *
 * Since: 1.0
 */
void
dagsched_gtk_graph_view_set_run (DagschedGtkGraphView *self, DagschedRun *run)
{
  g_return_if_fail (DAGSCHED_GTK_IS_GRAPH_VIEW (self));
  g_return_if_fail (run == NULL || DAGSCHED_IS_RUN (run));

  if (self->run == run)
    return;

  dagsched_gtk_graph_view_set_selected (self, NULL);
  dagsched_gtk_graph_view_detach (self);
  g_set_object (&self->run, run);
  if (run != NULL)
    dagsched_gtk_graph_view_attach (self);
  else
    dagsched_gtk_graph_view_describe (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_RUN]);
}

/**
 * dagsched_gtk_graph_view_get_selected:
 * @self: a `DagschedGtkGraphView`
 *
 * Gets the test that is selected.
 *
 * Returns: (transfer none) (nullable): the test
 *
 * Since: 1.0
 */
DagschedTest *
dagsched_gtk_graph_view_get_selected (DagschedGtkGraphView *self)
{
  g_return_val_if_fail (DAGSCHED_GTK_IS_GRAPH_VIEW (self), NULL);

  return self->selected;
}

/**
 * dagsched_gtk_graph_view_set_selected:
 * @self: a `DagschedGtkGraphView`
 * @selected: (nullable): a test of the run
 *
 * Selects a test, and moves the drawing so that it is seen.
 *
 * Since: 1.0
 */
void
dagsched_gtk_graph_view_set_selected (DagschedGtkGraphView *self, DagschedTest *selected)
{
  g_return_if_fail (DAGSCHED_GTK_IS_GRAPH_VIEW (self));
  g_return_if_fail (selected == NULL || DAGSCHED_IS_TEST (selected));

  if (!g_set_object (&self->selected, selected))
    return;

  dagsched_gtk_graph_view_mark_selected (self);
  dagsched_gtk_graph_view_reveal (self, dagsched_gtk_graph_view_get_selected_number (self));
  dagsched_gtk_graph_view_describe (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SELECTED]);
}

/**
 * dagsched_gtk_graph_view_get_zoom:
 * @self: a `DagschedGtkGraphView`
 *
 * Gets how large the graph is.
 *
 * Returns: 1 for 100 %
 *
 * Since: 1.0
 */
double
dagsched_gtk_graph_view_get_zoom (DagschedGtkGraphView *self)
{
  g_return_val_if_fail (DAGSCHED_GTK_IS_GRAPH_VIEW (self), 1);

  return self->zoom;
}

/**
 * dagsched_gtk_graph_view_set_zoom:
 * @self: a `DagschedGtkGraphView`
 * @zoom: 1 for 100 %; at most 4, and at least half of what shows all
 *
 * Zooms. What is in the middle stays there. Does nothing while no graph is laid out.
 *
 * Since: 1.0
 */
void
dagsched_gtk_graph_view_set_zoom (DagschedGtkGraphView *self, double zoom)
{
  g_return_if_fail (DAGSCHED_GTK_IS_GRAPH_VIEW (self));
  g_return_if_fail (zoom >= 0);

  dagsched_gtk_graph_view_zoom_about (self, zoom, gtk_widget_get_width (GTK_WIDGET (self)) / 2.0,
                                      gtk_widget_get_height (GTK_WIDGET (self)) / 2.0);
}

/**
 * dagsched_gtk_graph_view_get_show_critical_path:
 * @self: a `DagschedGtkGraphView`
 *
 * Gets whether the longest path by duration stands out.
 *
 * Returns: whether it does
 *
 * Since: 1.0
 */
gboolean
dagsched_gtk_graph_view_get_show_critical_path (DagschedGtkGraphView *self)
{
  g_return_val_if_fail (DAGSCHED_GTK_IS_GRAPH_VIEW (self), FALSE);

  return self->show_critical_path;
}

/**
 * dagsched_gtk_graph_view_set_show_critical_path:
 * @self: a `DagschedGtkGraphView`
 * @show_critical_path: whether it shall
 *
 * Lets the longest path by duration stand out, or not. While a run goes on it is found anew once a second.
 *
 * Since: 1.0
 */
void
dagsched_gtk_graph_view_set_show_critical_path (DagschedGtkGraphView *self, gboolean show_critical_path)
{
  g_return_if_fail (DAGSCHED_GTK_IS_GRAPH_VIEW (self));

  show_critical_path = !!show_critical_path;
  if (self->show_critical_path == show_critical_path)
    return;

  self->show_critical_path = show_critical_path;
  dagsched_gtk_graph_view_mark_critical_path (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SHOW_CRITICAL_PATH]);
}

/**
 * dagsched_gtk_graph_view_get_laid_out:
 * @self: a `DagschedGtkGraphView`
 *
 * Gets whether the graph is laid out, and no better layout follows.
 *
 * Returns: whether it is
 *
 * Since: 1.0
 */
gboolean
dagsched_gtk_graph_view_get_laid_out (DagschedGtkGraphView *self)
{
  g_return_val_if_fail (DAGSCHED_GTK_IS_GRAPH_VIEW (self), FALSE);

  return self->laid_out;
}
