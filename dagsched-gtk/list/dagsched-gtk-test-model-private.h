/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

#include "list/dagsched-gtk-test-column-private.h"
#include "list/dagsched-gtk-test-query-private.h"
#include "list/dagsched-gtk-test-slot-private.h"

G_BEGIN_DECLS

/* The tests that are shown, in their order: a list model of slots, over a permutation of numbers. Slots are made
 * when somebody asks for them.
 *
 * Signal: "rearranged": other tests are in the places, or in another order; after the list's own signal. */

#define DAGSCHED_GTK_TYPE_TEST_MODEL (dagsched_gtk_test_model_get_type ())
G_DECLARE_FINAL_TYPE (DagschedGtkTestModel, dagsched_gtk_test_model, DAGSCHED_GTK, TEST_MODEL, GObject)

/* No order but the plan's. */
#define DAGSCHED_GTK_TEST_UNSORTED DAGSCHED_GTK_TEST_N_COLUMNS

DagschedGtkTestModel *dagsched_gtk_test_model_new (void);
/* Forgets all; the next refresh fills it. */
void dagsched_gtk_test_model_set_table (DagschedGtkTestModel *self, DagschedGtkRunTable *table);
DagschedGtkRunTable *dagsched_gtk_test_model_get_table (DagschedGtkTestModel *self); /* (nullable) */

/* What is shown, and how: to be followed by a refresh. */
void dagsched_gtk_test_model_set_query (DagschedGtkTestModel *self,
                                        DagschedGtkTestQuery *query);             /* takes it */
void dagsched_gtk_test_model_set_looks (DagschedGtkTestModel *self, guint looks); /* bits; 0: all */
void dagsched_gtk_test_model_set_sort (DagschedGtkTestModel *self,
                                       DagschedGtkTestColumn column,
                                       gboolean is_descending);
/* Whether something leaves tests out. */
gboolean dagsched_gtk_test_model_is_filtered (DagschedGtkTestModel *self);
/* Whether a refresh may be due when tests change. */
gboolean dagsched_gtk_test_model_is_live (DagschedGtkTestModel *self);
void dagsched_gtk_test_model_refresh (DagschedGtkTestModel *self);

guint32 dagsched_gtk_test_model_get_number (DagschedGtkTestModel *self, guint position); /* or _NO_TEST */
/* GTK_INVALID_LIST_POSITION: it is not shown. */
guint dagsched_gtk_test_model_get_position (DagschedGtkTestModel *self, guint32 number);
const guint32 *dagsched_gtk_test_model_get_numbers (DagschedGtkTestModel *self, guint *n_numbers);

/* Tests changed: returns whether a row has to be told, which flush does. */
gboolean dagsched_gtk_test_model_note_changes (DagschedGtkTestModel *self, GArray *numbers);
/* The same of those rows that show a test that looks so. */
void dagsched_gtk_test_model_note_look (DagschedGtkTestModel *self, DagschedGtkLook look);
void dagsched_gtk_test_model_flush (DagschedGtkTestModel *self);

G_END_DECLS
