/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "timeline/dagsched-gtk-layout-cache-private.h"
#include "timeline/dagsched-gtk-time-window-private.h"

G_BEGIN_DECLS

/* What lies over ruler and lanes: the pointer's time, the selected range, how far the run is. */

#define DAGSCHED_GTK_TYPE_TIMELINE_MARKS (dagsched_gtk_timeline_marks_get_type ())
G_DECLARE_FINAL_TYPE (DagschedGtkTimelineMarks,
                      dagsched_gtk_timeline_marks,
                      DAGSCHED_GTK,
                      TIMELINE_MARKS,
                      GtkWidget)

void dagsched_gtk_timeline_marks_set_window (DagschedGtkTimelineMarks *self,
                                             DagschedGtkTimeWindow *window,
                                             DagschedGtkLayoutCache *layouts);

G_END_DECLS
