/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "list/dagsched-gtk-test-selection-private.h"

#include <string.h>

struct _DagschedGtkTestSelection
{
  GObject parent_instance;

  DagschedGtkTestModel *model;
  guint8 *is_selected; /* by number */
  guint n_tests;
  guint32 anchor; /* from where Shift extends */
  guint32 focus;
};

static void list_model_init (GListModelInterface *iface);
static void selection_model_init (GtkSelectionModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (DagschedGtkTestSelection,
                               dagsched_gtk_test_selection,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init)
                                 G_IMPLEMENT_INTERFACE (GTK_TYPE_SELECTION_MODEL, selection_model_init))

static guint focus_changed_signal;

static GType
get_item_type (GListModel *list)
{
  return g_list_model_get_item_type (G_LIST_MODEL (DAGSCHED_GTK_TEST_SELECTION (list)->model));
}

static guint
get_n_items (GListModel *list)
{
  return g_list_model_get_n_items (G_LIST_MODEL (DAGSCHED_GTK_TEST_SELECTION (list)->model));
}

static gpointer
get_item (GListModel *list, guint position)
{
  return g_list_model_get_item (G_LIST_MODEL (DAGSCHED_GTK_TEST_SELECTION (list)->model), position);
}

static void
list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

static void
tell (DagschedGtkTestSelection *self)
{
  guint n = get_n_items (G_LIST_MODEL (self));

  if (n > 0)
    gtk_selection_model_selection_changed (GTK_SELECTION_MODEL (self), 0, n);
}

static void
set_focus (DagschedGtkTestSelection *self, guint32 number)
{
  if (self->focus == number)
    return;

  self->focus = number;
  g_signal_emit (self, focus_changed_signal, 0);
}

static gboolean
is_selected (GtkSelectionModel *model, guint position)
{
  DagschedGtkTestSelection *self = DAGSCHED_GTK_TEST_SELECTION (model);
  guint32 number = dagsched_gtk_test_model_get_number (self->model, position);

  return number < self->n_tests && self->is_selected[number];
}

static GtkBitset *
get_selection_in_range (GtkSelectionModel *model, guint position, guint n_items)
{
  GtkBitset *bits = gtk_bitset_new_empty ();
  guint end = MIN (position + n_items, get_n_items (G_LIST_MODEL (model)));

  for (guint i = position; i < end; i++)
    {
      if (is_selected (model, i))
        gtk_bitset_add (bits, i);
    }

  return bits;
}

static void
clear (DagschedGtkTestSelection *self)
{
  memset (self->is_selected, FALSE, self->n_tests);
}

static void
set_range (DagschedGtkTestSelection *self, guint position, guint n_items, gboolean value)
{
  for (guint i = position; i < position + n_items; i++)
    {
      guint32 number = dagsched_gtk_test_model_get_number (self->model, i);

      if (number < self->n_tests)
        self->is_selected[number] = value;
    }
}

static gboolean
select_item (GtkSelectionModel *model, guint position, gboolean unselect_rest)
{
  DagschedGtkTestSelection *self = DAGSCHED_GTK_TEST_SELECTION (model);

  if (unselect_rest)
    clear (self);
  set_range (self, position, 1, TRUE);
  self->anchor = dagsched_gtk_test_model_get_number (self->model, position);
  tell (self);
  set_focus (self, self->anchor);

  return TRUE;
}

static gboolean
unselect_item (GtkSelectionModel *model, guint position)
{
  DagschedGtkTestSelection *self = DAGSCHED_GTK_TEST_SELECTION (model);

  set_range (self, position, 1, FALSE);
  tell (self);

  return TRUE;
}

/* Of what Shift selects the end that is away from the anchor was chosen last. */
static gboolean
select_range (GtkSelectionModel *model, guint position, guint n_items, gboolean unselect_rest)
{
  DagschedGtkTestSelection *self = DAGSCHED_GTK_TEST_SELECTION (model);
  guint32 first = dagsched_gtk_test_model_get_number (self->model, position);
  guint32 last = dagsched_gtk_test_model_get_number (self->model, position + n_items - 1);

  if (unselect_rest)
    clear (self);
  set_range (self, position, n_items, TRUE);
  tell (self);
  set_focus (self, last == self->anchor || last == DAGSCHED_GTK_NO_TEST ? first : last);

  return TRUE;
}

static gboolean
unselect_range (GtkSelectionModel *model, guint position, guint n_items)
{
  DagschedGtkTestSelection *self = DAGSCHED_GTK_TEST_SELECTION (model);

  set_range (self, position, n_items, FALSE);
  tell (self);

  return TRUE;
}

static gboolean
select_all (GtkSelectionModel *model)
{
  DagschedGtkTestSelection *self = DAGSCHED_GTK_TEST_SELECTION (model);

  set_range (self, 0, get_n_items (G_LIST_MODEL (self)), TRUE);
  tell (self);

  return TRUE;
}

static gboolean
unselect_all (GtkSelectionModel *model)
{
  DagschedGtkTestSelection *self = DAGSCHED_GTK_TEST_SELECTION (model);

  clear (self);
  tell (self);
  set_focus (self, DAGSCHED_GTK_NO_TEST);

  return TRUE;
}

static gboolean
set_selection (GtkSelectionModel *model, GtkBitset *selected, GtkBitset *mask)
{
  DagschedGtkTestSelection *self = DAGSCHED_GTK_TEST_SELECTION (model);
  guint n = get_n_items (G_LIST_MODEL (self));
  GtkBitsetIter iter;
  guint position;

  for (gboolean is_valid = gtk_bitset_iter_init_first (&iter, mask, &position); is_valid && position < n;
       is_valid = gtk_bitset_iter_next (&iter, &position))
    set_range (self, position, 1, gtk_bitset_contains (selected, position));
  tell (self);

  return TRUE;
}

static void
selection_model_init (GtkSelectionModelInterface *iface)
{
  iface->is_selected = is_selected;
  iface->get_selection_in_range = get_selection_in_range;
  iface->select_item = select_item;
  iface->unselect_item = unselect_item;
  iface->select_range = select_range;
  iface->unselect_range = unselect_range;
  iface->select_all = select_all;
  iface->unselect_all = unselect_all;
  iface->set_selection = set_selection;
}

static void
dagsched_gtk_test_selection_finalize (GObject *object)
{
  DagschedGtkTestSelection *self = DAGSCHED_GTK_TEST_SELECTION (object);

  g_clear_object (&self->model);
  g_clear_pointer (&self->is_selected, g_free);

  G_OBJECT_CLASS (dagsched_gtk_test_selection_parent_class)->finalize (object);
}

static void
dagsched_gtk_test_selection_class_init (DagschedGtkTestSelectionClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = dagsched_gtk_test_selection_finalize;

  focus_changed_signal = g_signal_new ("focus-changed", DAGSCHED_GTK_TYPE_TEST_SELECTION, G_SIGNAL_RUN_LAST,
                                       0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
dagsched_gtk_test_selection_init (DagschedGtkTestSelection *self)
{
  self->anchor = DAGSCHED_GTK_NO_TEST;
  self->focus = DAGSCHED_GTK_NO_TEST;
}

DagschedGtkTestSelection *
dagsched_gtk_test_selection_new (DagschedGtkTestModel *model)
{
  DagschedGtkTestSelection *self = g_object_new (DAGSCHED_GTK_TYPE_TEST_SELECTION, NULL);

  self->model = g_object_ref (model);
  g_signal_connect_object (model, "items-changed", G_CALLBACK (g_list_model_items_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (model, "rearranged", G_CALLBACK (tell), self, G_CONNECT_SWAPPED);

  return self;
}

void
dagsched_gtk_test_selection_reset (DagschedGtkTestSelection *self, guint n_tests)
{
  g_free (self->is_selected);
  self->is_selected = g_new0 (guint8, n_tests);
  self->n_tests = n_tests;
  self->anchor = DAGSCHED_GTK_NO_TEST;
  tell (self);
  set_focus (self, DAGSCHED_GTK_NO_TEST);
}

guint32
dagsched_gtk_test_selection_get_focus (DagschedGtkTestSelection *self)
{
  return self->focus;
}

void
dagsched_gtk_test_selection_select_only (DagschedGtkTestSelection *self, guint32 number)
{
  if (self->n_tests > 0)
    clear (self);
  if (number < self->n_tests)
    self->is_selected[number] = TRUE;
  self->anchor = number;
  tell (self);
  set_focus (self, number);
}
