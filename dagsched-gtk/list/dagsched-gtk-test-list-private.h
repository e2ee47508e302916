/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gtk/gtk.h>

#include "list/dagsched-gtk-test-columns-private.h"
#include "list/dagsched-gtk-test-list.h"

G_BEGIN_DECLS

/* What can be done with the tests that are selected: actions, keys, a menu. */
void dagsched_gtk_test_list_install_actions (GtkWidgetClass *widget_class);
/* @view: where the menu comes up. */
void dagsched_gtk_test_list_add_menu (DagschedGtkTestList *self, GtkWidget *view);
void dagsched_gtk_test_list_update_actions (DagschedGtkTestList *self);
void dagsched_gtk_test_list_allow_run_again (DagschedGtkTestList *self, gboolean allow);

/* For the menu. */
void dagsched_gtk_test_list_select_position (DagschedGtkTestList *self, guint position); /* unless it is */
GtkWidget *dagsched_gtk_test_list_find_selected_row (DagschedGtkTestList *self);         /* (nullable) */

/* For tests and benchmarks. */
DagschedGtkTestModel *dagsched_gtk_test_list_get_model (DagschedGtkTestList *self);
DagschedGtkTestColumns *dagsched_gtk_test_list_get_columns (DagschedGtkTestList *self);

G_END_DECLS
