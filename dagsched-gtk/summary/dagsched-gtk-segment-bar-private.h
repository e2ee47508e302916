/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/dagsched-gtk-look-private.h"

G_BEGIN_DECLS

/* How many tests have which look: segments in a fixed order, failures first. */

#define DAGSCHED_GTK_TYPE_SEGMENT_BAR (dagsched_gtk_segment_bar_get_type ())
G_DECLARE_FINAL_TYPE (DagschedGtkSegmentBar, dagsched_gtk_segment_bar, DAGSCHED_GTK, SEGMENT_BAR, GtkWidget)

/* The order in which looks stand, wherever all of them do. */
extern const guint8 dagsched_gtk_look_order[DAGSCHED_GTK_N_LOOKS];

/* @counts: of each look */
void dagsched_gtk_segment_bar_set_counts (DagschedGtkSegmentBar *self, const guint *counts);

G_END_DECLS
