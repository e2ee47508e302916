/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/* A place in the list, and which test is in it now: what rows are bound to. When the list is sorted or filtered
 * anew the places stay and the tests in them change, so that no row need be made anew.
 *
 * Signal: "changed": another test is in it, or its test changed. */

#define DAGSCHED_GTK_TYPE_TEST_SLOT (dagsched_gtk_test_slot_get_type ())
G_DECLARE_FINAL_TYPE (DagschedGtkTestSlot, dagsched_gtk_test_slot, DAGSCHED_GTK, TEST_SLOT, GObject)

#define DAGSCHED_GTK_NO_TEST G_MAXUINT32

struct _DagschedGtkTestSlot
{
  GObject parent_instance;

  /* Written by the model only. */
  guint32 position;
  guint32 number; /* DAGSCHED_GTK_NO_TEST: it is no longer in the list */
  gboolean is_dirty;
  DagschedGtkTestSlot **home; /* (nullable) where the model keeps it: cleared when it goes */
};

DagschedGtkTestSlot *
dagsched_gtk_test_slot_new (DagschedGtkTestSlot **home, guint32 position, guint32 number);
void dagsched_gtk_test_slot_emit_changed (DagschedGtkTestSlot *self);
void dagsched_gtk_test_slot_leave (DagschedGtkTestSlot *self);

G_END_DECLS
