/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "timeline/dagsched-gtk-timeline-lane-private.h"

G_BEGIN_DECLS

/* The lanes of a run, one below the other: as high as there is room for, and no less than can be read. */

#define DAGSCHED_GTK_TYPE_TIMELINE_LANES (dagsched_gtk_timeline_lanes_get_type ())
G_DECLARE_FINAL_TYPE (DagschedGtkTimelineLanes,
                      dagsched_gtk_timeline_lanes,
                      DAGSCHED_GTK,
                      TIMELINE_LANES,
                      GtkWidget)

/* @model: (nullable) */
void dagsched_gtk_timeline_lanes_set_model (DagschedGtkTimelineLanes *self,
                                            DagschedGtkTimelineModel *model,
                                            DagschedGtkTimeWindow *window,
                                            DagschedGtkLayoutCache *layouts);
guint dagsched_gtk_timeline_lanes_get_n_lanes (DagschedGtkTimelineLanes *self);
DagschedGtkTimelineLane *dagsched_gtk_timeline_lanes_get_lane (DagschedGtkTimelineLanes *self, guint lane);
/* Draws again what has changed. */
void dagsched_gtk_timeline_lanes_update_tracks (DagschedGtkTimelineLanes *self);
void dagsched_gtk_timeline_lanes_update_headers (DagschedGtkTimelineLanes *self);
/* What is selected is another. */
void dagsched_gtk_timeline_lanes_redraw_tracks (DagschedGtkTimelineLanes *self);
/* The look of everything is another. */
void dagsched_gtk_timeline_lanes_restyle (DagschedGtkTimelineLanes *self);
/* The lane at @y; NULL: there is none. */
DagschedGtkTimelineLane *dagsched_gtk_timeline_lanes_pick (DagschedGtkTimelineLanes *self, double y);

G_END_DECLS
