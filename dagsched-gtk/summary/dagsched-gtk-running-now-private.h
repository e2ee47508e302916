/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/dagsched-gtk-run-table-private.h"
#include "summary/dagsched-gtk-run-figures-private.h"

G_BEGIN_DECLS

/* The tests that have been running longest. */

#define DAGSCHED_GTK_TYPE_RUNNING_NOW (dagsched_gtk_running_now_get_type ())
G_DECLARE_FINAL_TYPE (DagschedGtkRunningNow, dagsched_gtk_running_now, DAGSCHED_GTK, RUNNING_NOW, GtkWidget)

void dagsched_gtk_running_now_set (DagschedGtkRunningNow *self,
                                   DagschedGtkRunTable *table,
                                   double elapsed,
                                   DagschedGtkRunningTest *running, /* will be sorted */
                                   guint n_running);

G_END_DECLS
