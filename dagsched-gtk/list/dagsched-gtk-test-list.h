/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(DAGSCHED_GTK_INSIDE) && !defined(DAGSCHED_GTK_COMPILATION)
#error "Only <dagsched-gtk.h> can be included directly."
#endif

#include "base/dagsched-gtk-version-macros.h"

G_BEGIN_DECLS

#define DAGSCHED_GTK_TYPE_TEST_LIST (dagsched_gtk_test_list_get_type ())

/* The tests of a run, to be filtered, sorted and selected. */
DAGSCHED_GTK_AVAILABLE_IN_1_0
G_DECLARE_FINAL_TYPE (DagschedGtkTestList, dagsched_gtk_test_list, DAGSCHED_GTK, TEST_LIST, GtkWidget)

DAGSCHED_GTK_AVAILABLE_IN_1_0
GtkWidget *dagsched_gtk_test_list_new (void);

DAGSCHED_GTK_AVAILABLE_IN_1_0
DagschedRun *dagsched_gtk_test_list_get_run (DagschedGtkTestList *self);
DAGSCHED_GTK_AVAILABLE_IN_1_0
void dagsched_gtk_test_list_set_run (DagschedGtkTestList *self, DagschedRun *run);
DAGSCHED_GTK_AVAILABLE_IN_1_0
DagschedTest *dagsched_gtk_test_list_get_selected (DagschedGtkTestList *self);
DAGSCHED_GTK_AVAILABLE_IN_1_0
void dagsched_gtk_test_list_set_selected (DagschedGtkTestList *self, DagschedTest *test);
DAGSCHED_GTK_AVAILABLE_IN_1_0
const char *dagsched_gtk_test_list_get_filter (DagschedGtkTestList *self);
DAGSCHED_GTK_AVAILABLE_IN_1_0
void dagsched_gtk_test_list_set_filter (DagschedGtkTestList *self, const char *filter);
DAGSCHED_GTK_AVAILABLE_IN_1_0
GPtrArray *dagsched_gtk_test_list_dup_selection (DagschedGtkTestList *self); /* of DagschedTest */
/* Numbers of tests, as guint32; NULL: nothing is filtered. */
DAGSCHED_GTK_AVAILABLE_IN_1_0
GArray *dagsched_gtk_test_list_get_matches (DagschedGtkTestList *self);
/* To where a filter is typed. */
DAGSCHED_GTK_AVAILABLE_IN_1_0
void dagsched_gtk_test_list_focus_filter (DagschedGtkTestList *self);

G_END_DECLS
