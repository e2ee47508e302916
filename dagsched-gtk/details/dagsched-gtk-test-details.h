/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(DAGSCHED_GTK_INSIDE) && !defined(DAGSCHED_GTK_COMPILATION)
#error "Only <dagsched-gtk.h> can be included directly."
#endif

#include "base/dagsched-gtk-version-macros.h"

G_BEGIN_DECLS

#define DAGSCHED_GTK_TYPE_TEST_DETAILS (dagsched_gtk_test_details_get_type ())

/* All there is to know of one test: what it wrote, what it is called with, what it waits for. */
DAGSCHED_GTK_AVAILABLE_IN_1_0
G_DECLARE_FINAL_TYPE (DagschedGtkTestDetails,
                      dagsched_gtk_test_details,
                      DAGSCHED_GTK,
                      TEST_DETAILS,
                      GtkWidget)

DAGSCHED_GTK_AVAILABLE_IN_1_0
GtkWidget *dagsched_gtk_test_details_new (void);

DAGSCHED_GTK_AVAILABLE_IN_1_0
DagschedRun *dagsched_gtk_test_details_get_run (DagschedGtkTestDetails *self);
DAGSCHED_GTK_AVAILABLE_IN_1_0
void dagsched_gtk_test_details_set_run (DagschedGtkTestDetails *self, DagschedRun *run);
DAGSCHED_GTK_AVAILABLE_IN_1_0
DagschedTest *dagsched_gtk_test_details_get_test (DagschedGtkTestDetails *self);
DAGSCHED_GTK_AVAILABLE_IN_1_0
void dagsched_gtk_test_details_set_test (DagschedGtkTestDetails *self, DagschedTest *test);
DAGSCHED_GTK_AVAILABLE_IN_1_0
DagschedHistory *dagsched_gtk_test_details_get_history (DagschedGtkTestDetails *self);
DAGSCHED_GTK_AVAILABLE_IN_1_0
void dagsched_gtk_test_details_set_history (DagschedGtkTestDetails *self, DagschedHistory *history);

G_END_DECLS
