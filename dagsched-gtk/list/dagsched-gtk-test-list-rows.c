/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "list/dagsched-gtk-test-list-struct-private.h"

/* Rows: which are selected, where they are. */

/**
 * dagsched_gtk_test_list_dup_selection:
 * @self: a list
 *
 * Gets the tests that are shown and selected, in the order in which they are shown.
 *
 * Returns: (transfer full) (element-type Dagsched.Test): the tests
 *
 * Since: 1.0
 */
GPtrArray *
dagsched_gtk_test_list_dup_selection (DagschedGtkTestList *self)
{
  GPtrArray *tests;
  guint n;

  g_return_val_if_fail (DAGSCHED_GTK_IS_TEST_LIST (self), NULL);

  tests = g_ptr_array_new_with_free_func (g_object_unref);
  n = g_list_model_get_n_items (G_LIST_MODEL (self->model));
  for (guint i = 0; i < n; i++)
    {
      if (gtk_selection_model_is_selected (GTK_SELECTION_MODEL (self->selection), i))
        g_ptr_array_add (tests, g_object_ref (dagsched_gtk_test_list_peek_test (
                                  self, dagsched_gtk_test_model_get_number (self->model, i))));
    }

  return tests;
}

void
dagsched_gtk_test_list_select_position (DagschedGtkTestList *self, guint position)
{
  if (!gtk_selection_model_is_selected (GTK_SELECTION_MODEL (self->selection), position))
    gtk_selection_model_select_item (GTK_SELECTION_MODEL (self->selection), position, TRUE);
}

GtkWidget *
dagsched_gtk_test_list_find_selected_row (DagschedGtkTestList *self)
{
  guint32 number = dagsched_gtk_test_selection_get_focus (self->selection);

  return number != DAGSCHED_GTK_NO_TEST ? dagsched_gtk_test_columns_find_row (self->columns, number) : NULL;
}

void
dagsched_gtk_test_list_focus_row (DagschedGtkTestList *self)
{
  GtkWidget *row = dagsched_gtk_test_list_find_selected_row (self);

  gtk_widget_grab_focus (row != NULL ? row : GTK_WIDGET (self->view));
}

void
dagsched_gtk_test_list_scroll_to (DagschedGtkTestList *self, guint32 number)
{
  guint position = dagsched_gtk_test_model_get_position (self->model, number);
  GtkWidget *list = gtk_widget_get_last_child (GTK_WIDGET (self->view));

  if (position != GTK_INVALID_LIST_POSITION)
    gtk_widget_activate_action (list, "list.scroll-to-item", "u", position);
}

DagschedGtkTestModel *
dagsched_gtk_test_list_get_model (DagschedGtkTestList *self)
{
  return self->model;
}

DagschedGtkTestColumns *
dagsched_gtk_test_list_get_columns (DagschedGtkTestList *self)
{
  return self->columns;
}
