/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "list/dagsched-gtk-test-column-private.h"

G_BEGIN_DECLS

/* Sorts tests by what a column shows; equal ones stay in the plan's order. Names, which do not change, are
 * ranked once. */
typedef struct _DagschedGtkTestOrder DagschedGtkTestOrder;

DagschedGtkTestOrder *dagsched_gtk_test_order_new (void);
void dagsched_gtk_test_order_free (DagschedGtkTestOrder *self);
/* Whatever was ranked may be another. */
void dagsched_gtk_test_order_forget (DagschedGtkTestOrder *self);
/* @numbers: ascending, of tests of @table. */
void dagsched_gtk_test_order_sort (DagschedGtkTestOrder *self,
                                   DagschedGtkRunTable *table,
                                   DagschedGtkTestColumn column,
                                   gboolean is_descending,
                                   guint32 *numbers,
                                   guint n_numbers);
/* As people sort: whatever the case, and x2 before x10. */
int dagsched_gtk_test_order_compare_names (const char *a, const char *b);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DagschedGtkTestOrder, dagsched_gtk_test_order_free)

G_END_DECLS
