/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "timeline/dagsched-gtk-layout-cache-private.h"
#include "timeline/dagsched-gtk-time-window-private.h"
#include "timeline/dagsched-gtk-timeline-model-private.h"

G_BEGIN_DECLS

/* What one worker ran, along the time. */

#define DAGSCHED_GTK_TYPE_TIMELINE_TRACK (dagsched_gtk_timeline_track_get_type ())
G_DECLARE_FINAL_TYPE (DagschedGtkTimelineTrack,
                      dagsched_gtk_timeline_track,
                      DAGSCHED_GTK,
                      TIMELINE_TRACK,
                      GtkWidget)

/* What a place on a track stands for. */
typedef struct
{
  guint test; /* DAGSCHED_GTK_NO_TEST: nothing */
  gboolean is_running;
  DagschedGtkSpan span; /* that runs: without an end */
} DagschedGtkTimelineHit;

GtkWidget *dagsched_gtk_timeline_track_new (DagschedGtkTimeWindow *window, DagschedGtkLayoutCache *layouts);
void dagsched_gtk_timeline_track_set_lane (DagschedGtkTimelineTrack *self,
                                           DagschedGtkTimelineModel *model,
                                           guint lane);
/* Draws again what has changed. */
void dagsched_gtk_timeline_track_update (DagschedGtkTimelineTrack *self);
/* The look of everything has changed. */
void dagsched_gtk_timeline_track_restyle (DagschedGtkTimelineTrack *self);
/* What runs now: it has no end yet, and reaches to that of the run. FALSE: nothing does. */
gboolean dagsched_gtk_timeline_track_get_running (DagschedGtkTimelineTrack *self, DagschedGtkSpan *span);
DagschedGtkTimelineHit dagsched_gtk_timeline_track_find (DagschedGtkTimelineTrack *self, double x);
guint dagsched_gtk_timeline_track_get_n_drawn (DagschedGtkTimelineTrack *self);

G_END_DECLS
