/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "list/dagsched-gtk-test-list-struct-private.h"

/* To sort and filter anew while what somebody looks at stays where it is. */

/* What is at a place on the screen, so that it can stay there. */
typedef struct
{
  guint32 number; /* DAGSCHED_GTK_NO_TEST: stay where it is */
  double offset;  /* of its row from the upper edge */
} Anchor;

/* All rows are of one height. 0: it is not known yet. */
static double
get_row_height (DagschedGtkTestList *self, guint n_rows)
{
  double upper = gtk_adjustment_get_upper (gtk_scrolled_window_get_vadjustment (self->scrolled));

  return n_rows > 0 && gtk_widget_get_mapped (GTK_WIDGET (self->view)) ? upper / n_rows : 0;
}

static gboolean
find_offset (DagschedGtkTestList *self, guint32 number, double height, double *offset)
{
  guint position = dagsched_gtk_test_model_get_position (self->model, number);
  GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (self->scrolled);

  *offset = position * height - gtk_adjustment_get_value (adjustment);
  return position != GTK_INVALID_LIST_POSITION && *offset > -height &&
         *offset < gtk_adjustment_get_page_size (adjustment);
}

/* The selected test if it can be seen, else the first that can. A list that stands at its beginning stays
 * there, unless somebody asked for another order. */
static Anchor
find_anchor (DagschedGtkTestList *self, gboolean is_asked)
{
  Anchor anchor = { .number = DAGSCHED_GTK_NO_TEST };
  double value = gtk_adjustment_get_value (gtk_scrolled_window_get_vadjustment (self->scrolled));
  double height = get_row_height (self, g_list_model_get_n_items (G_LIST_MODEL (self->model)));
  guint32 focus = dagsched_gtk_test_selection_get_focus (self->selection);

  if (height <= 0 || (value <= 0 && !is_asked))
    return anchor;
  if (find_offset (self, focus, height, &anchor.offset))
    anchor.number = focus;
  else if (value > 0)
    {
      anchor.number = dagsched_gtk_test_model_get_number (self->model, (guint) (value / height));
      find_offset (self, anchor.number, height, &anchor.offset);
    }

  return anchor;
}

void
dagsched_gtk_test_list_adjustment_changed (DagschedGtkTestList *self)
{
  double value = self->restored;

  if (value < 0)
    return;

  self->restored = -1;
  gtk_adjustment_set_value (gtk_scrolled_window_get_vadjustment (self->scrolled), value);
}

/* A list that has become longer or shorter knows so only once it is laid out. */
static void
restore_anchor (DagschedGtkTestList *self, const Anchor *anchor, double height, guint n_before)
{
  guint position = dagsched_gtk_test_model_get_position (self->model, anchor->number);

  if (anchor->number == DAGSCHED_GTK_NO_TEST || position == GTK_INVALID_LIST_POSITION)
    return;

  self->restored = MAX (position * height - anchor->offset, 0);
  if (g_list_model_get_n_items (G_LIST_MODEL (self->model)) == n_before)
    dagsched_gtk_test_list_adjustment_changed (self);
}

static gboolean
has_focus_in_view (DagschedGtkTestList *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;

  return focus != NULL && gtk_widget_is_ancestor (focus, GTK_WIDGET (self->view));
}

/* The keys go on from the selected test, not from where it was. */
static void
restore_focus (DagschedGtkTestList *self)
{
  GtkWidget *row = dagsched_gtk_test_list_find_selected_row (self);

  if (row != NULL && has_focus_in_view (self))
    gtk_widget_grab_focus (row);
}

void
dagsched_gtk_test_list_refresh (DagschedGtkTestList *self, gboolean is_asked)
{
  guint n_before = g_list_model_get_n_items (G_LIST_MODEL (self->model));
  Anchor anchor = find_anchor (self, is_asked);
  double height = get_row_height (self, n_before);

  dagsched_gtk_test_model_refresh (self->model);
  restore_anchor (self, &anchor, height, n_before);
  restore_focus (self);
}
