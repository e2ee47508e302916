/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "gtk-case.h"

#include <dagsched-gtk.h>

void
gtk_case_init (int *argc, char ***argv)
{
  GtkSettings *settings;

  g_test_init (argc, argv, NULL);
  dagsched_gtk_init ();
  settings = gtk_settings_get_default ();
  g_object_set (settings, "gtk-enable-animations", FALSE, "gtk-cursor-blink", FALSE, "gtk-font-name",
                "Cantarell 11", "gtk-xft-antialias", 1, "gtk-xft-hinting", 1, "gtk-xft-hintstyle",
                "hintslight", "gtk-xft-rgba", "none", "gtk-xft-dpi", 96 * 1024, "gtk-overlay-scrolling", TRUE,
                NULL);
  gtk_case_set_dark (FALSE);
}

void
gtk_case_set_dark (gboolean dark)
{
  adw_style_manager_set_color_scheme (adw_style_manager_get_default (),
                                      dark ? ADW_COLOR_SCHEME_FORCE_DARK : ADW_COLOR_SCHEME_FORCE_LIGHT);
}

GtkWindow *
gtk_case_present (GtkWidget *child, int width, int height)
{
  GtkWindow *window = GTK_WINDOW (gtk_window_new ());

  gtk_window_set_decorated (window, FALSE);
  gtk_window_set_default_size (window, width, height);
  gtk_window_set_child (window, child);
  gtk_window_present (window);
  gtk_case_settle (GTK_WIDGET (window));

  return window;
}

static void
on_after_paint (GdkFrameClock *clock, guint *n_frames)
{
  ++*n_frames;
}

/* Two frames: the first may still be one that was under way. */
void
gtk_case_settle (GtkWidget *widget)
{
  guint n_frames = 0;
  GdkFrameClock *clock;
  gulong handler;

  GTK_CASE_UNTIL (gtk_widget_get_mapped (widget) && gtk_widget_get_width (widget) > 0);
  clock = gtk_widget_get_frame_clock (widget);
  handler = g_signal_connect (clock, "after-paint", G_CALLBACK (on_after_paint), &n_frames);
  while (n_frames < 2)
    {
      gtk_widget_queue_draw (widget);
      g_main_context_iteration (NULL, TRUE);
    }
  g_signal_handler_disconnect (clock, handler);
}

gpointer
gtk_case_find (GtkWidget *widget, GType type, const char *name)
{
  if (g_type_is_a (G_OBJECT_TYPE (widget), type) &&
      (name == NULL || g_strcmp0 (gtk_widget_get_name (widget), name) == 0))
    return widget;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      gpointer found = gtk_case_find (child, type, name);

      if (found != NULL)
        return found;
    }

  return NULL;
}

gpointer
gtk_case_find_controller (GtkWidget *widget, GType type)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (widget);

  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i);

      if (G_OBJECT_TYPE (controller) == type)
        return controller; /* the widget keeps it */
    }

  return NULL;
}

static void
stop_beginning (GtkGesture *gesture)
{
  g_signal_stop_emission_by_name (gesture, "begin");
}

void
gtk_case_begin_gesture (GtkGesture *gesture)
{
  gulong handler = g_signal_connect (gesture, "begin", G_CALLBACK (stop_beginning), NULL);

  g_signal_emit_by_name (gesture, "begin", NULL);
  g_signal_handler_disconnect (gesture, handler);
}
