/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "list/dagsched-gtk-test-model-private.h"

#include <gtk/gtk.h>
#include <string.h>

#include "list/dagsched-gtk-test-order-private.h"

struct _DagschedGtkTestModel
{
  GObject parent_instance;

  DagschedGtkRunTable *table;  /* (nullable) */
  DagschedGtkTestQuery *query; /* (nullable) */
  guint looks;
  DagschedGtkTestColumn column;
  gboolean is_descending;
  DagschedGtkTestOrder *order;

  guint n_tests; /* of the arrays below */
  guint n_shown;
  guint32 *numbers;            /* by position, n_shown */
  guint32 *positions;          /* by number */
  DagschedGtkTestSlot **slots; /* by position: those that somebody holds */
  GPtrArray *dirty;            /* of slots; one reference each */
};

static void list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (DagschedGtkTestModel,
                               dagsched_gtk_test_model,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init))

static guint rearranged_signal;

static GType
get_item_type (GListModel *model)
{
  return DAGSCHED_GTK_TYPE_TEST_SLOT;
}

static guint
get_n_items (GListModel *model)
{
  return DAGSCHED_GTK_TEST_MODEL (model)->n_shown;
}

static gpointer
get_item (GListModel *model, guint position)
{
  DagschedGtkTestModel *self = DAGSCHED_GTK_TEST_MODEL (model);

  if (position >= self->n_shown)
    return NULL;
  if (self->slots[position] != NULL)
    return g_object_ref (self->slots[position]);

  return dagsched_gtk_test_slot_new (&self->slots[position], position, self->numbers[position]);
}

static void
list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

static void
forget_slots (DagschedGtkTestModel *self, guint first, guint end)
{
  for (guint i = first; i < end; i++)
    {
      if (self->slots[i] != NULL)
        dagsched_gtk_test_slot_leave (self->slots[i]);
    }
}

static void
clear (DagschedGtkTestModel *self)
{
  guint n_shown = self->n_shown;

  forget_slots (self, 0, self->n_tests);
  g_ptr_array_set_size (self->dirty, 0);
  self->n_shown = 0;
  self->n_tests = 0;
  g_clear_pointer (&self->numbers, g_free);
  g_clear_pointer (&self->positions, g_free);
  g_clear_pointer (&self->slots, g_free);
  dagsched_gtk_test_order_forget (self->order);
  if (n_shown > 0)
    g_list_model_items_changed (G_LIST_MODEL (self), 0, n_shown, 0);
}

static void
dagsched_gtk_test_model_dispose (GObject *object)
{
  DagschedGtkTestModel *self = DAGSCHED_GTK_TEST_MODEL (object);

  clear (self);
  g_clear_object (&self->table);
  g_clear_pointer (&self->query, dagsched_gtk_test_query_free);

  G_OBJECT_CLASS (dagsched_gtk_test_model_parent_class)->dispose (object);
}

static void
dagsched_gtk_test_model_finalize (GObject *object)
{
  DagschedGtkTestModel *self = DAGSCHED_GTK_TEST_MODEL (object);

  g_clear_pointer (&self->order, dagsched_gtk_test_order_free);
  g_clear_pointer (&self->dirty, g_ptr_array_unref);

  G_OBJECT_CLASS (dagsched_gtk_test_model_parent_class)->finalize (object);
}

static void
dagsched_gtk_test_model_class_init (DagschedGtkTestModelClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = dagsched_gtk_test_model_dispose;
  G_OBJECT_CLASS (klass)->finalize = dagsched_gtk_test_model_finalize;

  rearranged_signal = g_signal_new ("rearranged", DAGSCHED_GTK_TYPE_TEST_MODEL, G_SIGNAL_RUN_LAST, 0, NULL,
                                    NULL, NULL, G_TYPE_NONE, 0);
}

static void
dagsched_gtk_test_model_init (DagschedGtkTestModel *self)
{
  self->column = DAGSCHED_GTK_TEST_UNSORTED;
  self->order = dagsched_gtk_test_order_new ();
  self->dirty = g_ptr_array_new_with_free_func (g_object_unref);
}

DagschedGtkTestModel *
dagsched_gtk_test_model_new (void)
{
  return g_object_new (DAGSCHED_GTK_TYPE_TEST_MODEL, NULL);
}

void
dagsched_gtk_test_model_set_table (DagschedGtkTestModel *self, DagschedGtkRunTable *table)
{
  clear (self);
  g_set_object (&self->table, table);
  if (table == NULL)
    return;

  self->n_tests = table->n_tests;
  self->numbers = g_new (guint32, self->n_tests);
  self->positions = g_new (guint32, self->n_tests);
  self->slots = g_new0 (DagschedGtkTestSlot *, self->n_tests);
}

DagschedGtkRunTable *
dagsched_gtk_test_model_get_table (DagschedGtkTestModel *self)
{
  return self->table;
}

void
dagsched_gtk_test_model_set_query (DagschedGtkTestModel *self, DagschedGtkTestQuery *query)
{
  g_clear_pointer (&self->query, dagsched_gtk_test_query_free);
  self->query = query;
}

void
dagsched_gtk_test_model_set_looks (DagschedGtkTestModel *self, guint looks)
{
  self->looks = looks;
}

void
dagsched_gtk_test_model_set_sort (DagschedGtkTestModel *self,
                                  DagschedGtkTestColumn column,
                                  gboolean is_descending)
{
  self->column = column;
  self->is_descending = is_descending;
}

static gboolean
has_query (DagschedGtkTestModel *self)
{
  return self->query != NULL && !dagsched_gtk_test_query_is_empty (self->query);
}

gboolean
dagsched_gtk_test_model_is_filtered (DagschedGtkTestModel *self)
{
  return self->looks != 0 || has_query (self);
}

gboolean
dagsched_gtk_test_model_is_live (DagschedGtkTestModel *self)
{
  return self->looks != 0 || (has_query (self) && dagsched_gtk_test_query_is_live (self->query)) ||
         (self->column != DAGSCHED_GTK_TEST_UNSORTED && dagsched_gtk_test_column_is_live (self->column));
}

static guint
filter (DagschedGtkTestModel *self, guint32 *numbers)
{
  gboolean is_asked = has_query (self);
  guint n = 0;

  for (guint i = 0; i < self->n_tests; i++)
    {
      if ((self->looks == 0 || (self->looks & 1u << self->table->looks[i]) != 0) &&
          (!is_asked || dagsched_gtk_test_query_matches (self->query, self->table, i)))
        numbers[n++] = i;
    }

  return n;
}

static void
fill_positions (DagschedGtkTestModel *self)
{
  for (guint i = 0; i < self->n_tests; i++)
    self->positions[i] = GTK_INVALID_LIST_POSITION;
  for (guint i = 0; i < self->n_shown; i++)
    self->positions[self->numbers[i]] = i;
}

/* Those that stay. The others are told by the list's own signal. */
static void
refill_slots (DagschedGtkTestModel *self, guint n)
{
  for (guint i = 0; i < n; i++)
    {
      DagschedGtkTestSlot *slot = self->slots[i];

      if (slot == NULL || slot->number == self->numbers[i])
        continue;
      slot->number = self->numbers[i];
      g_ptr_array_add (self->dirty, g_object_ref (slot));
    }
}

static void
rearrange (DagschedGtkTestModel *self, guint32 *numbers, guint n_shown)
{
  guint n_before = self->n_shown, n_both = MIN (n_before, n_shown);

  g_free (self->numbers);
  self->numbers = numbers;
  self->n_shown = n_shown;
  fill_positions (self);
  forget_slots (self, n_shown, n_before);
  refill_slots (self, n_both);
  if (n_before != n_shown)
    g_list_model_items_changed (G_LIST_MODEL (self), n_both, n_before - n_both, n_shown - n_both);
  dagsched_gtk_test_model_flush (self);
  g_signal_emit (self, rearranged_signal, 0);
}

void
dagsched_gtk_test_model_refresh (DagschedGtkTestModel *self)
{
  g_autofree guint32 *numbers = NULL;
  guint n_shown;

  if (self->table == NULL)
    return;

  numbers = g_new (guint32, self->n_tests);
  n_shown = filter (self, numbers);
  if (self->column != DAGSCHED_GTK_TEST_UNSORTED)
    dagsched_gtk_test_order_sort (self->order, self->table, self->column, self->is_descending, numbers,
                                  n_shown);

  if (n_shown != self->n_shown ||
      (n_shown > 0 && memcmp (numbers, self->numbers, n_shown * sizeof *numbers) != 0))
    rearrange (self, g_steal_pointer (&numbers), n_shown);
}

guint32
dagsched_gtk_test_model_get_number (DagschedGtkTestModel *self, guint position)
{
  return position < self->n_shown ? self->numbers[position] : DAGSCHED_GTK_NO_TEST;
}

guint
dagsched_gtk_test_model_get_position (DagschedGtkTestModel *self, guint32 number)
{
  return number < self->n_tests && self->n_shown > 0 ? self->positions[number] : GTK_INVALID_LIST_POSITION;
}

const guint32 *
dagsched_gtk_test_model_get_numbers (DagschedGtkTestModel *self, guint *n_numbers)
{
  *n_numbers = self->n_shown;
  return self->numbers;
}

static void
note_slot (DagschedGtkTestModel *self, DagschedGtkTestSlot *slot)
{
  if (slot == NULL || slot->is_dirty)
    return;

  slot->is_dirty = TRUE;
  g_ptr_array_add (self->dirty, g_object_ref (slot));
}

gboolean
dagsched_gtk_test_model_note_changes (DagschedGtkTestModel *self, GArray *numbers)
{
  for (guint i = 0; i < numbers->len; i++)
    {
      guint position = dagsched_gtk_test_model_get_position (self, g_array_index (numbers, guint32, i));

      if (position != GTK_INVALID_LIST_POSITION)
        note_slot (self, self->slots[position]);
    }

  return self->dirty->len > 0;
}

void
dagsched_gtk_test_model_note_look (DagschedGtkTestModel *self, DagschedGtkLook look)
{
  for (guint i = 0; i < self->n_shown; i++)
    {
      if (self->slots[i] != NULL && self->table->looks[self->numbers[i]] == look)
        note_slot (self, self->slots[i]);
    }
}

void
dagsched_gtk_test_model_flush (DagschedGtkTestModel *self)
{
  g_autoptr (GPtrArray) dirty = g_steal_pointer (&self->dirty);

  self->dirty = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < dirty->len; i++)
    dagsched_gtk_test_slot_emit_changed (g_ptr_array_index (dirty, i));
}
