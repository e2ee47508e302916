/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gtk/gtk.h>

#include "list/dagsched-gtk-test-column-private.h"
#include "list/dagsched-gtk-test-slot-private.h"

G_BEGIN_DECLS

/* A cell of the list. It draws what its slot shows, and asks what that is only then: what a change costs
 * is one look at a flag, and it never changes the size of anything. */

#define DAGSCHED_GTK_TYPE_TEST_CELL (dagsched_gtk_test_cell_get_type ())
G_DECLARE_FINAL_TYPE (DagschedGtkTestCell, dagsched_gtk_test_cell, DAGSCHED_GTK, TEST_CELL, GtkWidget)

GtkWidget *dagsched_gtk_test_cell_new (DagschedGtkTestColumn column);
/* @slot NULL: none; @table outlives that. */
void dagsched_gtk_test_cell_bind (DagschedGtkTestCell *self,
                                  DagschedGtkRunTable *table,
                                  DagschedGtkTestSlot *slot);
/* DAGSCHED_GTK_NO_TEST: none. */
guint32 dagsched_gtk_test_cell_get_number (DagschedGtkTestCell *self);
guint32 dagsched_gtk_test_cell_get_position (DagschedGtkTestCell *self);
/* What it says now. Free it. */
char *dagsched_gtk_test_cell_dup_text (DagschedGtkTestCell *self);

G_END_DECLS
