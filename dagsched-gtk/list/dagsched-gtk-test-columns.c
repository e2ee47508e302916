/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "list/dagsched-gtk-test-columns-private.h"

#include "list/dagsched-gtk-test-cell-private.h"

#define ROOM_BESIDE_STATE 46 /* for the icon, and at both ends */

typedef struct
{
  DagschedGtkTestColumns *columns;
  DagschedGtkTestColumn column;
  GtkColumnViewColumn *object;
  int width; /* while it is hidden: what it is to be then */
} Column;

struct _DagschedGtkTestColumns
{
  GtkColumnView *view;
  DagschedGtkTestModel *model;
  Column columns[DAGSCHED_GTK_TEST_N_COLUMNS];
  DagschedGtkTestColumnsFunc sort_changed;
  gpointer user_data;
  DagschedGtkTestColumn asked; /* see get_sort() */
  int width;
};

static void
set_up (Column *self, GtkListItem *item)
{
  gtk_list_item_set_child (item, dagsched_gtk_test_cell_new (self->column));
}

static void
bind (Column *self, GtkListItem *item)
{
  dagsched_gtk_test_cell_bind (DAGSCHED_GTK_TEST_CELL (gtk_list_item_get_child (item)),
                               dagsched_gtk_test_model_get_table (self->columns->model),
                               DAGSCHED_GTK_TEST_SLOT (gtk_list_item_get_item (item)));
}

static void
unbind (Column *self, GtkListItem *item)
{
  dagsched_gtk_test_cell_bind (DAGSCHED_GTK_TEST_CELL (gtk_list_item_get_child (item)), NULL, NULL);
}

static int
note_asked (gconstpointer a, gconstpointer b, gpointer user_data)
{
  Column *self = user_data;

  self->columns->asked = self->column;
  return -1;
}

static GtkListItemFactory *
create_factory (Column *self)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();

  g_signal_connect_swapped (factory, "setup", G_CALLBACK (set_up), self);
  g_signal_connect_swapped (factory, "bind", G_CALLBACK (bind), self);
  g_signal_connect_swapped (factory, "unbind", G_CALLBACK (unbind), self);

  return factory;
}

/* What states are called is longer in some languages. */
static int
measure_states (GtkWidget *widget)
{
  int widest = 0;

  for (DagschedGtkLook look = 0; look < DAGSCHED_GTK_N_LOOKS; look++)
    {
      g_autoptr (PangoLayout) layout =
        gtk_widget_create_pango_layout (widget, dagsched_gtk_look_get_title (look));
      int width;

      pango_layout_get_pixel_size (layout, &width, NULL);
      widest = MAX (widest, width);
    }

  return widest + ROOM_BESIDE_STATE;
}

static int
get_width (DagschedGtkTestColumns *self, DagschedGtkTestColumn column)
{
  int width = dagsched_gtk_test_column_get_width (column);

  return column == DAGSCHED_GTK_TEST_COLUMN_STATE ? MAX (width, measure_states (GTK_WIDGET (self->view)))
                                                  : width;
}

static void
add_column (DagschedGtkTestColumns *self, DagschedGtkTestColumn column)
{
  Column *c = &self->columns[column];
  int width = get_width (self, column);
  g_autoptr (GtkSorter) sorter = GTK_SORTER (gtk_custom_sorter_new (note_asked, c, NULL));

  c->columns = self;
  c->column = column;
  c->object = gtk_column_view_column_new (dagsched_gtk_test_column_get_title (column), create_factory (c));
  gtk_column_view_column_set_sorter (c->object, sorter);
  gtk_column_view_column_set_resizable (c->object, TRUE);
  gtk_column_view_column_set_expand (c->object, width < 0);
  gtk_column_view_column_set_fixed_width (c->object, width);
  gtk_column_view_append_column (self->view, c->object);
}

/* Numbers stand at the end of their column, and so does its title. */
static void
align_titles (DagschedGtkTestColumns *self)
{
  GtkWidget *header = gtk_widget_get_first_child (GTK_WIDGET (self->view));
  GtkWidget *title = header != NULL ? gtk_widget_get_first_child (header) : NULL;

  for (DagschedGtkTestColumn i = 0; title != NULL && i < DAGSCHED_GTK_TEST_N_COLUMNS; i++)
    {
      GtkWidget *box = gtk_widget_get_first_child (title);

      if (box != NULL && dagsched_gtk_test_column_is_number (i))
        gtk_widget_set_halign (box, GTK_ALIGN_END);
      title = gtk_widget_get_next_sibling (title);
    }
}

static void
on_sorter_changed (DagschedGtkTestColumns *self)
{
  self->sort_changed (self->user_data);
}

DagschedGtkTestColumns *
dagsched_gtk_test_columns_new (GtkColumnView *view,
                               DagschedGtkTestModel *model,
                               DagschedGtkTestColumnsFunc sort_changed,
                               gpointer user_data)
{
  DagschedGtkTestColumns *self = g_new0 (DagschedGtkTestColumns, 1);

  self->view = view;
  self->model = g_object_ref (model);
  self->sort_changed = sort_changed;
  self->user_data = user_data;
  self->width = G_MAXINT;
  for (DagschedGtkTestColumn column = 0; column < DAGSCHED_GTK_TEST_N_COLUMNS; column++)
    add_column (self, column);
  g_signal_connect_swapped (gtk_column_view_get_sorter (view), "changed", G_CALLBACK (on_sorter_changed),
                            self);

  return self;
}

void
dagsched_gtk_test_columns_free (DagschedGtkTestColumns *self)
{
  g_signal_handlers_disconnect_by_data (gtk_column_view_get_sorter (self->view), self);
  gtk_column_view_set_model (self->view, NULL);
  for (DagschedGtkTestColumn column = 0; column < DAGSCHED_GTK_TEST_N_COLUMNS; column++)
    {
      gtk_column_view_remove_column (self->view, self->columns[column].object);
      g_object_unref (self->columns[column].object);
    }
  g_object_unref (self->model);
  g_free (self);
}

/* GTK 4.8 keeps room for a hidden column: it has to be of no width too. */
static void
set_visible (Column *self, gboolean is_visible)
{
  gtk_column_view_column_set_visible (self->object, is_visible);
  gtk_column_view_column_set_expand (self->object,
                                     is_visible && dagsched_gtk_test_column_get_width (self->column) < 0);
  if (!is_visible)
    self->width = gtk_column_view_column_get_fixed_width (self->object);
  gtk_column_view_column_set_fixed_width (self->object, is_visible ? self->width : 0);
}

static gboolean
crosses (int before, int after, int threshold)
{
  return (before >= threshold) != (after >= threshold);
}

void
dagsched_gtk_test_columns_set_width (DagschedGtkTestColumns *self, int width)
{
  int before = self->width;

  self->width = width;
  align_titles (self);
  for (DagschedGtkTestColumn column = 0; column < DAGSCHED_GTK_TEST_N_COLUMNS; column++)
    {
      int threshold = dagsched_gtk_test_column_get_threshold (column);

      if (crosses (before, width, threshold))
        set_visible (&self->columns[column], width >= threshold);
    }
  if (crosses (before, width, DAGSCHED_GTK_TEST_COLUMN_WORDS_THRESHOLD))
    {
      gboolean has_words = width >= DAGSCHED_GTK_TEST_COLUMN_WORDS_THRESHOLD;
      GtkColumnViewColumn *state = self->columns[DAGSCHED_GTK_TEST_COLUMN_STATE].object;

      gtk_column_view_column_set_title (
        state, has_words ? dagsched_gtk_test_column_get_title (DAGSCHED_GTK_TEST_COLUMN_STATE) : "");
      gtk_column_view_column_set_fixed_width (state, has_words
                                                       ? get_width (self, DAGSCHED_GTK_TEST_COLUMN_STATE)
                                                       : DAGSCHED_GTK_TEST_COLUMN_ICON_WIDTH);
    }
}

/* The view's sorter does not say by which column it sorts (before GTK 4.10), but asks it first: each says that the
 * first of two is the smaller, so that what comes out is the direction. */
DagschedGtkTestColumn
dagsched_gtk_test_columns_get_sort (DagschedGtkTestColumns *self, gboolean *is_descending)
{
  GtkOrdering ordering;

  self->asked = DAGSCHED_GTK_TEST_UNSORTED;
  ordering = gtk_sorter_compare (gtk_column_view_get_sorter (self->view), self->view, self->model);
  *is_descending = ordering == GTK_ORDERING_LARGER;

  return self->asked;
}

void
dagsched_gtk_test_columns_sort_by (DagschedGtkTestColumns *self,
                                   DagschedGtkTestColumn column,
                                   GtkSortType type)
{
  gtk_column_view_sort_by_column (
    self->view, column == DAGSCHED_GTK_TEST_UNSORTED ? NULL : self->columns[column].object, type);
}

/* The cell in @row. */
static DagschedGtkTestCell *
find_cell (GtkWidget *row)
{
  GtkWidget *cell = gtk_widget_get_first_child (row);
  GtkWidget *child = cell != NULL ? gtk_widget_get_first_child (cell) : NULL;

  return DAGSCHED_GTK_IS_TEST_CELL (child) ? DAGSCHED_GTK_TEST_CELL (child) : NULL;
}

GtkWidget *
dagsched_gtk_test_columns_find_row (DagschedGtkTestColumns *self, guint32 number)
{
  GtkWidget *list = gtk_widget_get_last_child (GTK_WIDGET (self->view));

  for (GtkWidget *row = gtk_widget_get_first_child (list); row != NULL;
       row = gtk_widget_get_next_sibling (row))
    {
      DagschedGtkTestCell *cell = find_cell (row);

      if (cell != NULL && dagsched_gtk_test_cell_get_number (cell) == number)
        return row;
    }

  return NULL;
}
