/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "graph/dagsched-gtk-graph-view-private.h"

#include <glib/gi18n-lib.h>

/* What is shown: the run's table, its layout, what is marked. */

guint32
dagsched_gtk_graph_view_get_selected_number (DagschedGtkGraphView *self)
{
  guint number;

  if (self->selected == NULL || self->run == NULL)
    return DAGSCHED_GTK_NO_ITEM;

  number = dagsched_run_find_test (self->run, self->selected);

  return number != DAGSCHED_RUN_NO_TEST && self->scene != NULL && number < self->scene->layout->n_tests
           ? number
           : DAGSCHED_GTK_NO_ITEM;
}

static void
forget_dirty (DagschedGtkGraphView *self)
{
  for (guint i = 0; i < self->dirty->len; i++)
    self->is_dirty[g_array_index (self->dirty, guint32, i)] = FALSE;
  g_array_set_size (self->dirty, 0);
}

void
dagsched_gtk_graph_view_redraw (DagschedGtkGraphView *self)
{
  forget_dirty (self);
  dagsched_gtk_painter_invalidate (&self->painter);
  dagsched_gtk_painter_invalidate (&self->minimap);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
dagsched_gtk_graph_view_mark_selected (DagschedGtkGraphView *self)
{
  if (self->scene == NULL)
    return;

  dagsched_gtk_graph_scene_select (self->scene, dagsched_gtk_graph_view_get_selected_number (self));
  dagsched_gtk_graph_view_redraw (self);
}

void
dagsched_gtk_graph_view_mark_critical_path (DagschedGtkGraphView *self)
{
  g_clear_handle_id (&self->critical_timeout, g_source_remove);
  if (self->scene == NULL)
    return;

  dagsched_gtk_graph_scene_find_critical_path (self->scene, self->show_critical_path);
  dagsched_gtk_graph_view_redraw (self);
}

static void
mark_hits (DagschedGtkGraphView *self)
{
  if (self->scene == NULL)
    return;

  if (self->hits != NULL)
    dagsched_gtk_graph_scene_set_hits (self->scene, (const guint32 *) (gpointer) self->hits->data,
                                       self->hits->len, TRUE);
  else
    dagsched_gtk_graph_scene_set_hits (self->scene, NULL, 0, FALSE);
  dagsched_gtk_graph_view_redraw (self);
}

static char *
describe_selected (DagschedGtkGraphView *self, guint32 number)
{
  g_autofree char *caption = dagsched_gtk_graph_labels_describe (self->table, number);
  guint n_dependencies = self->table->first_dependency[number + 1] - self->table->first_dependency[number];
  guint n_dependents = self->table->first_dependent[number + 1] - self->table->first_dependent[number];

  /* Translators: what a screen reader says of the selected test: its name, “Passed · 1.2 s”, and how many tests
   * it depends on and how many depend on it */
  return g_strdup_printf (_ ("Selected: %s, %s; dependencies: %u, dependents: %u"),
                          dagsched_test_get_name (self->table->tests[number]), caption, n_dependencies,
                          n_dependents);
}

/* For assistive technologies. The list of tests is the accessible view of the graph; this says what is
 * selected. */
void
dagsched_gtk_graph_view_describe (DagschedGtkGraphView *self)
{
  guint32 number = dagsched_gtk_graph_view_get_selected_number (self);
  guint n = self->table != NULL ? self->table->n_tests : 0;
  g_autofree char *label = g_strdup_printf (ngettext ("Graph of %u test", "Graph of %u tests", n), n);
  g_autofree char *description =
    number != DAGSCHED_GTK_NO_ITEM ? describe_selected (self, number) : g_strdup (_ ("No test is selected"));

  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, label,
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, description, -1);
}

/* What is in the middle of the view stays there when a better layout replaces the one before. */
static void
keep_in_place (DagschedGtkGraphView *self, DagschedGtkLayout *layout, double *left, double *top)
{
  const DagschedGtkLayout *old = self->scene->layout;
  double x = (self->left + gtk_widget_get_width (GTK_WIDGET (self)) / 2.0) / self->zoom;
  double y = (self->top + gtk_widget_get_height (GTK_WIDGET (self)) / 2.0) / self->zoom;
  guint32 nearest = 0;
  double distance = G_MAXDOUBLE;

  for (guint32 i = 0; i < layout->n_tests; i++)
    {
      double away = (old->x[i] - x) * (old->x[i] - x) + (old->y[i] - y) * (old->y[i] - y);

      if (away < distance)
        {
          distance = away;
          nearest = i;
        }
    }
  *left += (layout->x[nearest] - old->x[nearest]) * self->zoom;
  *top += (layout->y[nearest] - old->y[nearest]) * self->zoom;
}

static void
set_laid_out (DagschedGtkGraphView *self, gboolean laid_out)
{
  if (self->laid_out == laid_out)
    return;

  self->laid_out = laid_out;
  g_object_notify (G_OBJECT (self), "laid-out");
}

static void
on_layout (DagschedGtkLayout *layout, gboolean more, gpointer user_data)
{
  DagschedGtkGraphView *self = user_data;
  double left = self->left, top = self->top;

  if (self->scene != NULL && self->has_moved && layout->n_tests > 0)
    keep_in_place (self, layout, &left, &top);

  g_clear_pointer (&self->scene, dagsched_gtk_graph_scene_free);
  self->scene = dagsched_gtk_graph_scene_new (self->table, layout);
  dagsched_gtk_graph_view_hover (self, DAGSCHED_GTK_NO_ITEM);
  mark_hits (self);
  dagsched_gtk_graph_view_mark_selected (self);
  dagsched_gtk_graph_view_mark_critical_path (self);
  if (self->has_moved)
    dagsched_gtk_graph_view_set_camera (self, self->zoom, left, top);
  else
    dagsched_gtk_graph_view_show_all (self);
  dagsched_gtk_graph_view_describe (self);
  set_laid_out (self, !more);
}

static void
forget_layout (DagschedGtkGraphView *self)
{
  if (self->layout_cancellable != NULL)
    g_cancellable_cancel (self->layout_cancellable);
  g_clear_object (&self->layout_cancellable);
  g_clear_handle_id (&self->critical_timeout, g_source_remove);
  dagsched_gtk_graph_view_stop_gliding (self);
  dagsched_gtk_graph_view_hover (self, DAGSCHED_GTK_NO_ITEM);
  dagsched_gtk_graph_view_redraw (self);
  g_clear_pointer (&self->scene, dagsched_gtk_graph_scene_free);
  g_clear_pointer (&self->graph, dagsched_gtk_layout_graph_free);
  g_clear_pointer (&self->is_dirty, g_free);
  if (self->labels != NULL)
    dagsched_gtk_graph_labels_forget (self->labels);
  set_laid_out (self, FALSE);
}

static void
lay_out (DagschedGtkGraphView *self)
{
  const DagschedGtkRunTable *table = self->table;

  forget_layout (self);
  self->has_moved = FALSE;
  self->is_dirty = g_new0 (guint8, table->n_tests);
  self->graph = dagsched_gtk_layout_graph_new (table->n_tests, table->first_dependency, table->dependencies,
                                               table->conditions);
  self->layout_cancellable = g_cancellable_new ();
  dagsched_gtk_layout_make_async (dagsched_gtk_layout_graph_new (table->n_tests, table->first_dependency,
                                                                 table->dependencies, table->conditions),
                                  self->layout_cancellable, on_layout, g_object_ref (self), g_object_unref);
  dagsched_gtk_graph_view_describe (self);
}

static gboolean
on_critical_timeout (gpointer user_data)
{
  DagschedGtkGraphView *self = user_data;

  self->critical_timeout = 0;
  dagsched_gtk_graph_view_mark_critical_path (self);

  return G_SOURCE_REMOVE;
}

/* Only marks: what is out of sight, and not in a minimap, causes no frame. */
static void
on_changed (DagschedGtkRunTable *table, GArray *numbers, gpointer user_data)
{
  DagschedGtkGraphView *self = user_data;
  gboolean is_seen = FALSE;

  if (self->scene == NULL)
    return;

  for (guint i = 0; i < numbers->len; i++)
    {
      guint32 number = g_array_index (numbers, guint32, i);

      if (number >= table->n_tests || self->is_dirty[number])
        continue;
      self->is_dirty[number] = TRUE;
      g_array_append_val (self->dirty, number);
      is_seen = is_seen || dagsched_gtk_graph_view_is_in_sight (self, number);
    }
  if (is_seen || dagsched_gtk_graph_view_has_minimap (self))
    gtk_widget_queue_draw (GTK_WIDGET (self));
  if (self->show_critical_path && self->critical_timeout == 0)
    self->critical_timeout = g_timeout_add_seconds (1, on_critical_timeout, self);
  if (self->selected != NULL)
    dagsched_gtk_graph_view_describe (self);
}

static void
on_reset (DagschedGtkRunTable *table, gpointer user_data)
{
  DagschedGtkGraphView *self = user_data;

  if (!dagsched_gtk_layout_graph_equal (self->graph, table->n_tests, table->first_dependency,
                                        table->dependencies, table->conditions))
    lay_out (self);
  else
    dagsched_gtk_graph_view_mark_critical_path (self);
  dagsched_gtk_graph_view_redraw (self);
}

void
dagsched_gtk_graph_view_attach (DagschedGtkGraphView *self)
{
  self->table = dagsched_gtk_run_table_get (self->run);
  g_signal_connect_object (self->table, "changed", G_CALLBACK (on_changed), self, 0);
  g_signal_connect_object (self->table, "reset", G_CALLBACK (on_reset), self, 0);
  lay_out (self);
}

void
dagsched_gtk_graph_view_detach (DagschedGtkGraphView *self)
{
  if (self->table == NULL)
    return;

  g_signal_handlers_disconnect_by_data (self->table, self);
  forget_layout (self);
  g_clear_object (&self->table);
}

/**
 * dagsched_gtk_graph_view_set_hits:
 * @self: a `DagschedGtkGraphView`
 * @numbers: (array length=n_numbers) (nullable): the numbers of tests, in any order
 * @n_numbers: how many there are
 *
 * Shows which tests were searched for: all others fade. Without any number all fade.
 *
 * To be called in the thread of GTK.
 *
 * Since: 1.0
 */
void
dagsched_gtk_graph_view_set_hits (DagschedGtkGraphView *self, const guint *numbers, gsize n_numbers)
{
  g_return_if_fail (DAGSCHED_GTK_IS_GRAPH_VIEW (self));
  g_return_if_fail (numbers != NULL || n_numbers == 0);
  g_return_if_fail (n_numbers <= G_MAXUINT);

  g_clear_pointer (&self->hits, g_array_unref);
  self->hits = g_array_new (FALSE, FALSE, sizeof (guint32));
  if (n_numbers > 0)
    g_array_append_vals (self->hits, numbers, n_numbers);
  mark_hits (self);
}

/**
 * dagsched_gtk_graph_view_clear_hits:
 * @self: a `DagschedGtkGraphView`
 *
 * Nothing is searched for any more: no test fades for it.
 *
 * To be called in the thread of GTK.
 *
 * Since: 1.0
 */
void
dagsched_gtk_graph_view_clear_hits (DagschedGtkGraphView *self)
{
  g_return_if_fail (DAGSCHED_GTK_IS_GRAPH_VIEW (self));

  if (self->hits == NULL)
    return;

  g_clear_pointer (&self->hits, g_array_unref);
  mark_hits (self);
}
