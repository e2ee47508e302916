/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <dagsched.h>
#include <gtk/gtk.h>

G_BEGIN_DECLS

/* How long a test took in the last runs, and what became of it: a bar for each, the last one at the right. */

#define DAGSCHED_GTK_TYPE_SPARKLINE (dagsched_gtk_sparkline_get_type ())
G_DECLARE_FINAL_TYPE (DagschedGtkSparkline, dagsched_gtk_sparkline, DAGSCHED_GTK, SPARKLINE, GtkWidget)

/* @results: (nullable) of DagschedHistoryResult, the oldest first; it takes a reference. */
void dagsched_gtk_sparkline_set_results (DagschedGtkSparkline *self, GArray *results);
/* In words: "Last: 1.24 s. Between 1.10 s and 2.30 s in 20 runs, 2 of which failed." Free it. */
char *dagsched_gtk_sparkline_dup_text (GArray *results);

G_END_DECLS
