/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/dagsched-gtk-run-table-private.h"
#include "timeline/dagsched-gtk-spans-private.h"

G_BEGIN_DECLS

/* What ran on each worker of a run.
 *
 * Signals: "changed": attempts have ended, or others are running; "reset": everything may be another, the
 * number of workers included. */

#define DAGSCHED_GTK_TYPE_TIMELINE_MODEL (dagsched_gtk_timeline_model_get_type ())
G_DECLARE_FINAL_TYPE (DagschedGtkTimelineModel,
                      dagsched_gtk_timeline_model,
                      DAGSCHED_GTK,
                      TIMELINE_MODEL,
                      GObject)

DagschedGtkTimelineModel *dagsched_gtk_timeline_model_new (DagschedRun *run);
DagschedRun *dagsched_gtk_timeline_model_get_run (DagschedGtkTimelineModel *self);
DagschedGtkRunTable *dagsched_gtk_timeline_model_get_table (DagschedGtkTimelineModel *self);
guint dagsched_gtk_timeline_model_get_n_lanes (DagschedGtkTimelineModel *self);
DagschedGtkSpans *dagsched_gtk_timeline_model_get_spans (DagschedGtkTimelineModel *self, guint lane);
DagschedWorker *dagsched_gtk_timeline_model_get_worker (DagschedGtkTimelineModel *self, guint lane);
/* Seconds in which tests ran, on all workers together; what still runs included. */
double dagsched_gtk_timeline_model_get_busy (DagschedGtkTimelineModel *self, double from, double to);
/* The same on one worker. */
double dagsched_gtk_timeline_model_get_lane_busy (DagschedGtkTimelineModel *self,
                                                  guint lane,
                                                  double from,
                                                  double to);
/* Since when the worker's test runs, as it can be drawn; NAN: it runs none. */
double dagsched_gtk_timeline_model_get_running_since (DagschedGtkTimelineModel *self, guint lane);

G_END_DECLS
