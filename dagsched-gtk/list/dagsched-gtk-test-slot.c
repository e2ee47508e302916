/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "list/dagsched-gtk-test-slot-private.h"

static guint changed_signal;

G_DEFINE_FINAL_TYPE (DagschedGtkTestSlot, dagsched_gtk_test_slot, G_TYPE_OBJECT)

static void
dagsched_gtk_test_slot_dispose (GObject *object)
{
  dagsched_gtk_test_slot_leave (DAGSCHED_GTK_TEST_SLOT (object));

  G_OBJECT_CLASS (dagsched_gtk_test_slot_parent_class)->dispose (object);
}

static void
dagsched_gtk_test_slot_class_init (DagschedGtkTestSlotClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = dagsched_gtk_test_slot_dispose;

  changed_signal = g_signal_new ("changed", DAGSCHED_GTK_TYPE_TEST_SLOT, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 NULL, G_TYPE_NONE, 0);
}

static void
dagsched_gtk_test_slot_init (DagschedGtkTestSlot *self)
{
}

DagschedGtkTestSlot *
dagsched_gtk_test_slot_new (DagschedGtkTestSlot **home, guint32 position, guint32 number)
{
  DagschedGtkTestSlot *self = g_object_new (DAGSCHED_GTK_TYPE_TEST_SLOT, NULL);

  self->home = home;
  self->position = position;
  self->number = number;
  *home = self;

  return self;
}

void
dagsched_gtk_test_slot_emit_changed (DagschedGtkTestSlot *self)
{
  self->is_dirty = FALSE;
  g_signal_emit (self, changed_signal, 0);
}

void
dagsched_gtk_test_slot_leave (DagschedGtkTestSlot *self)
{
  if (self->home != NULL)
    *self->home = NULL;
  self->home = NULL;
  self->number = DAGSCHED_GTK_NO_TEST;
}
