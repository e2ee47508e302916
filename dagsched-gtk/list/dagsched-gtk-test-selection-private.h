/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gtk/gtk.h>

#include "list/dagsched-gtk-test-model-private.h"

G_BEGIN_DECLS

/* Which tests are selected: a selection model over a DagschedGtkTestModel that keeps tests, not places, so that
 * they stay selected when the list is sorted or filtered anew. Those that are not shown count as not selected.
 *
 * Signal: "focus-changed": the test that was selected last is another. */

#define DAGSCHED_GTK_TYPE_TEST_SELECTION (dagsched_gtk_test_selection_get_type ())
G_DECLARE_FINAL_TYPE (DagschedGtkTestSelection,
                      dagsched_gtk_test_selection,
                      DAGSCHED_GTK,
                      TEST_SELECTION,
                      GObject)

DagschedGtkTestSelection *dagsched_gtk_test_selection_new (DagschedGtkTestModel *model);
/* The tests are others: forgets the selection, and whether one may be made of numbers below @n_tests. */
void dagsched_gtk_test_selection_reset (DagschedGtkTestSelection *self, guint n_tests);
/* The test that was selected last, shown or not; DAGSCHED_GTK_NO_TEST: none. */
guint32 dagsched_gtk_test_selection_get_focus (DagschedGtkTestSelection *self);
/* Selects this one alone; DAGSCHED_GTK_NO_TEST: nothing. */
void dagsched_gtk_test_selection_select_only (DagschedGtkTestSelection *self, guint32 number);

G_END_DECLS
