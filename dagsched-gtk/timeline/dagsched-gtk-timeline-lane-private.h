/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "timeline/dagsched-gtk-timeline-track-private.h"

G_BEGIN_DECLS

/* A worker: its header and its track. */

#define DAGSCHED_GTK_TYPE_TIMELINE_LANE (dagsched_gtk_timeline_lane_get_type ())
G_DECLARE_FINAL_TYPE (DagschedGtkTimelineLane,
                      dagsched_gtk_timeline_lane,
                      DAGSCHED_GTK,
                      TIMELINE_LANE,
                      GtkWidget)

GtkWidget *dagsched_gtk_timeline_lane_new (DagschedGtkTimeWindow *window, DagschedGtkLayoutCache *layouts);
void dagsched_gtk_timeline_lane_set_lane (DagschedGtkTimelineLane *self,
                                          DagschedGtkTimelineModel *model,
                                          guint lane);
guint dagsched_gtk_timeline_lane_get_lane (DagschedGtkTimelineLane *self);
DagschedGtkTimelineTrack *dagsched_gtk_timeline_lane_get_track (DagschedGtkTimelineLane *self);
void dagsched_gtk_timeline_lane_update_header (DagschedGtkTimelineLane *self);
void dagsched_gtk_timeline_lane_restyle (DagschedGtkTimelineLane *self);
/* What is read out of the span that was gone to; NULL: nothing. */
void dagsched_gtk_timeline_lane_set_current (DagschedGtkTimelineLane *self, const char *text);

G_END_DECLS
