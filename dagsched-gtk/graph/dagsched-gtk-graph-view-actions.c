/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "graph/dagsched-gtk-graph-view-private.h"

#include <adwaita.h>
#include <glib/gi18n-lib.h>
#include <math.h>

/* The keyboard, and actions. */

#define ZOOM_STEP 1.25
#define PAN_STEP 96.0

void
dagsched_gtk_graph_view_activate (DagschedGtkGraphView *self)
{
  if (self->selected != NULL)
    g_signal_emit_by_name (self, "activate", self->selected);
}

static void
zoom_by (DagschedGtkGraphView *self, double factor)
{
  dagsched_gtk_graph_view_zoom_about (self, self->zoom * factor,
                                      gtk_widget_get_width (GTK_WIDGET (self)) / 2.0,
                                      gtk_widget_get_height (GTK_WIDGET (self)) / 2.0);
}

static void
on_fit (GtkWidget *widget, const char *name, GVariant *parameter)
{
  dagsched_gtk_graph_view_fit (DAGSCHED_GTK_GRAPH_VIEW (widget));
}

static void
on_zoom_in (GtkWidget *widget, const char *name, GVariant *parameter)
{
  zoom_by (DAGSCHED_GTK_GRAPH_VIEW (widget), ZOOM_STEP);
}

static void
on_zoom_out (GtkWidget *widget, const char *name, GVariant *parameter)
{
  zoom_by (DAGSCHED_GTK_GRAPH_VIEW (widget), 1 / ZOOM_STEP);
}

static void
on_zoom_reset (GtkWidget *widget, const char *name, GVariant *parameter)
{
  DagschedGtkGraphView *self = DAGSCHED_GTK_GRAPH_VIEW (widget);

  zoom_by (self, 1 / self->zoom);
  dagsched_gtk_graph_view_reveal (self, dagsched_gtk_graph_view_get_selected_number (self));
}

static void
on_clear_selection (GtkWidget *widget, const char *name, GVariant *parameter)
{
  dagsched_gtk_graph_view_set_selected (DAGSCHED_GTK_GRAPH_VIEW (widget), NULL);
}

static void
on_activate (GtkWidget *widget, const char *name, GVariant *parameter)
{
  dagsched_gtk_graph_view_activate (DAGSCHED_GTK_GRAPH_VIEW (widget));
}

static void
show_problem (DagschedGtkGraphView *self, const GError *error)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *dialog = adw_message_dialog_new (GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL,
                                              _ ("The Graph Could Not Be Exported"), error->message);

  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "close", _ ("_Close"));
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
on_file_chosen (GtkNativeDialog *dialog, int response, DagschedGtkGraphView *self)
{
  g_autoptr (GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));
  g_autoptr (GError) error = NULL;

  g_clear_object (&self->file_chooser);
  if (response == GTK_RESPONSE_ACCEPT && file != NULL && !dagsched_gtk_graph_view_export (self, file, &error))
    show_problem (self, error);
}

static void
add_filter (GtkFileChooser *chooser, const char *name, const char *suffix)
{
  g_autoptr (GtkFileFilter) filter = gtk_file_filter_new ();

  gtk_file_filter_set_name (filter, name);
  gtk_file_filter_add_suffix (filter, suffix);
  gtk_file_chooser_add_filter (chooser, filter);
}

static void
on_export (GtkWidget *widget, const char *name, GVariant *parameter)
{
  DagschedGtkGraphView *self = DAGSCHED_GTK_GRAPH_VIEW (widget);
  GtkRoot *root = gtk_widget_get_root (widget);
  g_autofree char *file_name = NULL;
  const char *suite = self->run != NULL ? dagsched_run_get_name (self->run) : NULL;

  if (self->scene == NULL || self->file_chooser != NULL)
    return;

  self->file_chooser = G_OBJECT (
    gtk_file_chooser_native_new (_ ("Export Graph"), GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL,
                                 GTK_FILE_CHOOSER_ACTION_SAVE, _ ("_Export"), _ ("_Cancel")));
  file_name = g_strconcat (suite != NULL ? suite : "graph", ".svg", NULL);
  g_strdelimit (file_name, "/", '-');
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (self->file_chooser), file_name);
  add_filter (GTK_FILE_CHOOSER (self->file_chooser), _ ("Vector images (SVG)"), "svg");
  add_filter (GTK_FILE_CHOOSER (self->file_chooser), _ ("Images (PNG)"), "png");
  add_filter (GTK_FILE_CHOOSER (self->file_chooser), _ ("Documents (PDF)"), "pdf");
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->file_chooser), TRUE);
  g_signal_connect_object (self->file_chooser, "response", G_CALLBACK (on_file_chosen), self, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->file_chooser));
}

/* Of @n tests the one that is nearest in height. */
static guint32
nearest_of (const DagschedGtkLayout *layout, guint32 test, const guint32 *others, guint n)
{
  guint32 nearest = DAGSCHED_GTK_NO_ITEM;

  for (guint i = 0; i < n; i++)
    {
      if (nearest == DAGSCHED_GTK_NO_ITEM ||
          fabsf (layout->y[others[i]] - layout->y[test]) < fabsf (layout->y[nearest] - layout->y[test]))
        nearest = others[i];
    }

  return nearest;
}

typedef struct
{
  const DagschedGtkLayout *layout;
  float x, y; /* from where */
  int down;   /* only tests further down (1) or up (-1), in the same column; 0: wherever they are */
  guint32 found;
  float distance;
} Search;

static void
consider (guint32 item, gpointer user_data)
{
  Search *search = user_data;
  float across, down, distance;

  if (dagsched_gtk_layout_is_bend (search->layout, item))
    return;

  across = fabsf (search->layout->x[item] - search->x);
  down = search->layout->y[item] - search->y;
  distance = across + fabsf (down);
  if ((search->down == 0 || (down * search->down > 1 && across < DAGSCHED_GTK_NODE_WIDTH / 2)) &&
      distance < search->distance)
    {
      search->found = item;
      search->distance = distance;
    }
}

static guint32
search_beside (const DagschedGtkLayout *layout, guint32 test, int down)
{
  Search search = { layout, layout->x[test], layout->y[test], down, DAGSCHED_GTK_NO_ITEM, G_MAXFLOAT };
  float near = 20 * (DAGSCHED_GTK_NODE_HEIGHT + DAGSCHED_GTK_ROW_GAP);

  dagsched_gtk_layout_visit (layout, search.x, down > 0 ? search.y : search.y - near, DAGSCHED_GTK_NODE_WIDTH,
                             near, consider, &search);
  if (search.found == DAGSCHED_GTK_NO_ITEM)
    dagsched_gtk_layout_visit (layout, search.x, 0, DAGSCHED_GTK_NODE_WIDTH, layout->height, consider,
                               &search);

  return search.found;
}

static guint32
search_in_the_middle (DagschedGtkGraphView *self)
{
  const DagschedGtkLayout *layout = self->scene->layout;
  double width = gtk_widget_get_width (GTK_WIDGET (self)), height = gtk_widget_get_height (GTK_WIDGET (self));
  Search search = { layout,
                    (self->left + width / 2) / self->zoom,
                    (self->top + height / 2) / self->zoom,
                    0,
                    DAGSCHED_GTK_NO_ITEM,
                    G_MAXFLOAT };

  dagsched_gtk_layout_visit (layout, self->left / self->zoom, self->top / self->zoom, width / self->zoom,
                             height / self->zoom, consider, &search);

  return search.found;
}

/* To a dependent, a dependency, or the next test above or below. */
static gboolean
on_move (GtkWidget *widget, GVariant *arguments, gpointer user_data)
{
  DagschedGtkGraphView *self = DAGSCHED_GTK_GRAPH_VIEW (widget);
  guint32 test = dagsched_gtk_graph_view_get_selected_number (self), next;
  const DagschedGtkRunTable *table = self->table;
  int right, down;
  gboolean always;

  g_variant_get (arguments, "(iib)", &right, &down, &always);
  if (self->scene == NULL || (test == DAGSCHED_GTK_NO_ITEM && !always))
    {
      dagsched_gtk_graph_view_pan (self, right * PAN_STEP, down * PAN_STEP);
      return TRUE;
    }

  if (test == DAGSCHED_GTK_NO_ITEM)
    next = search_in_the_middle (self);
  else if (right > 0)
    next = nearest_of (self->scene->layout, test, table->dependents + table->first_dependent[test],
                       table->first_dependent[test + 1] - table->first_dependent[test]);
  else if (right < 0)
    next = nearest_of (self->scene->layout, test, table->dependencies + table->first_dependency[test],
                       table->first_dependency[test + 1] - table->first_dependency[test]);
  else
    next = search_beside (self->scene->layout, test, down);

  if (next == DAGSCHED_GTK_NO_ITEM)
    gtk_widget_error_bell (widget);
  else
    dagsched_gtk_graph_view_set_selected (self, table->tests[next]);

  return TRUE;
}

static gboolean
on_pan (GtkWidget *widget, GVariant *arguments, gpointer user_data)
{
  int right, down;

  g_variant_get (arguments, "(ii)", &right, &down);
  dagsched_gtk_graph_view_pan (DAGSCHED_GTK_GRAPH_VIEW (widget), right * PAN_STEP, down * PAN_STEP);

  return TRUE;
}

static void
bind_arrow (GtkWidgetClass *widget_class, guint key, guint keypad_key, int right, int down)
{
  const guint keys[] = { key, keypad_key };

  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      gtk_widget_class_add_binding (widget_class, keys[i], 0, on_move, "(iib)", right, down, FALSE);
      gtk_widget_class_add_binding (widget_class, keys[i], GDK_ALT_MASK, on_move, "(iib)", right, down, TRUE);
      gtk_widget_class_add_binding (widget_class, keys[i], GDK_CONTROL_MASK, on_pan, "(ii)", right, down);
    }
}

static void
bind (GtkWidgetClass *widget_class, guint key, const char *action)
{
  gtk_widget_class_add_binding_action (widget_class, key, 0, action, NULL);
  gtk_widget_class_add_binding_action (widget_class, key, GDK_CONTROL_MASK, action, NULL);
}

void
dagsched_gtk_graph_view_install_actions (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "graph.fit", NULL, on_fit);
  gtk_widget_class_install_action (widget_class, "graph.zoom-in", NULL, on_zoom_in);
  gtk_widget_class_install_action (widget_class, "graph.zoom-out", NULL, on_zoom_out);
  gtk_widget_class_install_action (widget_class, "graph.zoom-reset", NULL, on_zoom_reset);
  gtk_widget_class_install_action (widget_class, "graph.clear-selection", NULL, on_clear_selection);
  gtk_widget_class_install_action (widget_class, "graph.activate", NULL, on_activate);
  gtk_widget_class_install_action (widget_class, "graph.export", NULL, on_export);
  gtk_widget_class_install_property_action (widget_class, "graph.show-critical-path", "show-critical-path");

  bind (widget_class, GDK_KEY_plus, "graph.zoom-in");
  bind (widget_class, GDK_KEY_equal, "graph.zoom-in");
  bind (widget_class, GDK_KEY_KP_Add, "graph.zoom-in");
  bind (widget_class, GDK_KEY_minus, "graph.zoom-out");
  bind (widget_class, GDK_KEY_KP_Subtract, "graph.zoom-out");
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_0, GDK_CONTROL_MASK, "graph.zoom-reset", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_KP_0, GDK_CONTROL_MASK, "graph.zoom-reset",
                                       NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_f, 0, "graph.fit", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Home, 0, "graph.fit", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_KP_Home, 0, "graph.fit", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Return, 0, "graph.activate", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_KP_Enter, 0, "graph.activate", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_ISO_Enter, 0, "graph.activate", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "graph.clear-selection", NULL);
  bind_arrow (widget_class, GDK_KEY_Left, GDK_KEY_KP_Left, -1, 0);
  bind_arrow (widget_class, GDK_KEY_Right, GDK_KEY_KP_Right, 1, 0);
  bind_arrow (widget_class, GDK_KEY_Up, GDK_KEY_KP_Up, 0, -1);
  bind_arrow (widget_class, GDK_KEY_Down, GDK_KEY_KP_Down, 0, 1);
}
