/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "list/dagsched-gtk-test-list-struct-private.h"

#include "base/dagsched-gtk-shell-line-private.h"
#include "list/dagsched-gtk-test-cell-private.h"

static void
copy (DagschedGtkTestList *self, char *(*dup_line) (DagschedTest *test))
{
  g_autoptr (GPtrArray) tests = dagsched_gtk_test_list_dup_selection (self);
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < tests->len; i++)
    {
      g_autofree char *line = dup_line (g_ptr_array_index (tests, i));

      if (line != NULL)
        g_string_append_printf (text, "%s%s", text->len > 0 ? "\n" : "", line);
    }
  if (text->len > 0)
    gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), text->str);
}

static char *
dup_name (DagschedTest *test)
{
  return g_strdup (dagsched_test_get_name (test));
}

static void
copy_name (GtkWidget *widget, const char *name, GVariant *parameter)
{
  copy (DAGSCHED_GTK_TEST_LIST (widget), dup_name);
}

static void
copy_command (GtkWidget *widget, const char *name, GVariant *parameter)
{
  copy (DAGSCHED_GTK_TEST_LIST (widget), dagsched_gtk_shell_line_of);
}

static void
show_details (GtkWidget *widget, const char *name, GVariant *parameter)
{
  DagschedGtkTestList *self = DAGSCHED_GTK_TEST_LIST (widget);
  DagschedTest *test = dagsched_gtk_test_list_get_selected (self);

  if (test != NULL)
    g_signal_emit_by_name (self, "show-details", test);
}

static void
run_again (GtkWidget *widget, const char *name, GVariant *parameter)
{
  DagschedGtkTestList *self = DAGSCHED_GTK_TEST_LIST (widget);
  g_autoptr (GPtrArray) tests = dagsched_gtk_test_list_dup_selection (self);

  if (tests->len > 0)
    g_signal_emit_by_name (self, "run-again", tests);
}

static GtkPopover *
find_menu (DagschedGtkTestList *self)
{
  for (GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (self)); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      if (GTK_IS_POPOVER (child))
        return GTK_POPOVER (child);
    }

  return NULL;
}

static void
pop_up_at (DagschedGtkTestList *self, GtkWidget *widget, double x, double y)
{
  GtkPopover *menu = find_menu (self);
  GdkRectangle place = { 0, 0, 1, 1 };
  double place_x, place_y;

  if (!gtk_widget_translate_coordinates (widget, GTK_WIDGET (self), x, y, &place_x, &place_y))
    return;

  place.x = (int) place_x;
  place.y = (int) place_y;
  gtk_popover_set_pointing_to (menu, &place);
  gtk_popover_popup (menu);
}

static void
pop_up (GtkWidget *widget, const char *name, GVariant *parameter)
{
  DagschedGtkTestList *self = DAGSCHED_GTK_TEST_LIST (widget);
  GtkWidget *row = dagsched_gtk_test_list_find_selected_row (self);

  if (row != NULL)
    pop_up_at (self, row, gtk_widget_get_width (row) / 4.0, gtk_widget_get_height (row) / 2.0);
}

static DagschedGtkTestCell *
find_cell (GtkWidget *widget)
{
  GtkWidget *child;

  if (widget == NULL)
    return NULL;
  if (DAGSCHED_GTK_IS_TEST_CELL (widget))
    return DAGSCHED_GTK_TEST_CELL (widget);

  /* Beside it: its row, or the place around it. */
  child = gtk_widget_get_first_child (widget);
  if (child != NULL && !DAGSCHED_GTK_IS_TEST_CELL (child))
    child = gtk_widget_get_first_child (child);

  return DAGSCHED_GTK_IS_TEST_CELL (child) ? DAGSCHED_GTK_TEST_CELL (child) : NULL;
}

static void
on_secondary_pressed (GtkGestureClick *gesture, int n_press, double x, double y, DagschedGtkTestList *self)
{
  GtkWidget *view = gtk_event_controller_get_widget (GTK_EVENT_CONTROLLER (gesture));
  DagschedGtkTestCell *cell = find_cell (gtk_widget_pick (view, x, y, GTK_PICK_DEFAULT));

  if (cell == NULL || dagsched_gtk_test_cell_get_number (cell) == DAGSCHED_GTK_NO_TEST)
    return;

  gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
  dagsched_gtk_test_list_select_position (self, dagsched_gtk_test_cell_get_position (cell));
  pop_up_at (self, view, x, y);
}

void
dagsched_gtk_test_list_install_actions (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "list.details", NULL, show_details);
  gtk_widget_class_install_action (widget_class, "list.run-again", NULL, run_again);
  gtk_widget_class_install_action (widget_class, "list.copy-name", NULL, copy_name);
  gtk_widget_class_install_action (widget_class, "list.copy-command", NULL, copy_command);
  gtk_widget_class_install_action (widget_class, "list.menu", NULL, pop_up);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_c, GDK_CONTROL_MASK, "list.copy-name", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Menu, 0, "list.menu", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_F10, GDK_SHIFT_MASK, "list.menu", NULL);
}

void
dagsched_gtk_test_list_add_menu (DagschedGtkTestList *self, GtkWidget *view)
{
  g_autoptr (GtkBuilder) builder =
    gtk_builder_new_from_resource ("/org/dagsched/gtk/list/dagsched-gtk-test-list-menu.ui");
  GtkWidget *menu = gtk_popover_menu_new_from_model (G_MENU_MODEL (gtk_builder_get_object (builder, "menu")));
  GtkGesture *gesture = gtk_gesture_click_new ();

  gtk_popover_set_has_arrow (GTK_POPOVER (menu), FALSE);
  gtk_widget_set_halign (menu, GTK_ALIGN_START);
  gtk_widget_set_parent (menu, GTK_WIDGET (self));

  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (gesture), GDK_BUTTON_SECONDARY);
  gtk_event_controller_set_propagation_phase (GTK_EVENT_CONTROLLER (gesture), GTK_PHASE_CAPTURE);
  g_signal_connect_object (gesture, "pressed", G_CALLBACK (on_secondary_pressed), self, 0);
  gtk_widget_add_controller (view, GTK_EVENT_CONTROLLER (gesture));
}

void
dagsched_gtk_test_list_update_actions (DagschedGtkTestList *self)
{
  DagschedTest *selected = dagsched_gtk_test_list_get_selected (self);
  GtkWidget *widget = GTK_WIDGET (self);

  gtk_widget_action_set_enabled (widget, "list.details", selected != NULL);
  gtk_widget_action_set_enabled (widget, "list.run-again", selected != NULL && self->can_run_again);
  gtk_widget_action_set_enabled (widget, "list.copy-name", selected != NULL);
  gtk_widget_action_set_enabled (widget, "list.copy-command",
                                 selected != NULL && DAGSCHED_IS_COMMAND_TEST (selected));
}

void
dagsched_gtk_test_list_allow_run_again (DagschedGtkTestList *self, gboolean allow)
{
  self->can_run_again = allow;
  dagsched_gtk_test_list_update_actions (self);
}
