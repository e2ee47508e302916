/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "timeline/dagsched-gtk-layout-cache-private.h"
#include "timeline/dagsched-gtk-time-window-private.h"

G_BEGIN_DECLS

/* The time above the lanes, the titles of their headers, and which part of the run is seen. */

#define DAGSCHED_GTK_TYPE_TIMELINE_RULER (dagsched_gtk_timeline_ruler_get_type ())
G_DECLARE_FINAL_TYPE (DagschedGtkTimelineRuler,
                      dagsched_gtk_timeline_ruler,
                      DAGSCHED_GTK,
                      TIMELINE_RULER,
                      GtkWidget)

void dagsched_gtk_timeline_ruler_set_window (DagschedGtkTimelineRuler *self,
                                             DagschedGtkTimeWindow *window,
                                             DagschedGtkLayoutCache *layouts);

G_END_DECLS
