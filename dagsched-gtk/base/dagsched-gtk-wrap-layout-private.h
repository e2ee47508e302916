/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Children side by side, each as wide as it likes, in as many lines as they need. */

#define DAGSCHED_GTK_TYPE_WRAP_LAYOUT (dagsched_gtk_wrap_layout_get_type ())
G_DECLARE_FINAL_TYPE (DagschedGtkWrapLayout,
                      dagsched_gtk_wrap_layout,
                      DAGSCHED_GTK,
                      WRAP_LAYOUT,
                      GtkLayoutManager)

/* Properties: column-spacing, row-spacing: pixels. */

G_END_DECLS
