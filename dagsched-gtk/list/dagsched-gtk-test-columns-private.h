/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gtk/gtk.h>

#include "list/dagsched-gtk-test-model-private.h"

G_BEGIN_DECLS

/* The columns of the list: their cells, which of them there is room for, and by which one it is sorted. */
typedef struct _DagschedGtkTestColumns DagschedGtkTestColumns;

/* Called when somebody wants it sorted otherwise. */
typedef void (*DagschedGtkTestColumnsFunc) (gpointer user_data);

/* Adds the columns to @view, which shows slots of @model. */
DagschedGtkTestColumns *dagsched_gtk_test_columns_new (GtkColumnView *view,
                                                       DagschedGtkTestModel *model,
                                                       DagschedGtkTestColumnsFunc sort_changed,
                                                       gpointer user_data);
/* Before @view goes. */
void dagsched_gtk_test_columns_free (DagschedGtkTestColumns *self);
/* Shows those that there is room for. */
void dagsched_gtk_test_columns_set_width (DagschedGtkTestColumns *self, int width);
/* DAGSCHED_GTK_TEST_UNSORTED: by none. */
DagschedGtkTestColumn dagsched_gtk_test_columns_get_sort (DagschedGtkTestColumns *self,
                                                          gboolean *is_descending);
void dagsched_gtk_test_columns_sort_by (DagschedGtkTestColumns *self,
                                        DagschedGtkTestColumn column,
                                        GtkSortType type);
/* The row that shows a test now; NULL: none does. */
GtkWidget *dagsched_gtk_test_columns_find_row (DagschedGtkTestColumns *self, guint32 number);

G_END_DECLS
