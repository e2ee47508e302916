/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/dagsched-gtk-run-clock-private.h"
#include "base/dagsched-gtk-throttle-private.h"
#include "timeline/dagsched-gtk-timeline-lanes-private.h"
#include "timeline/dagsched-gtk-timeline-marks-private.h"
#include "timeline/dagsched-gtk-timeline-ruler-private.h"
#include "timeline/dagsched-gtk-timeline-view.h"

G_BEGIN_DECLS

struct _DagschedGtkTimelineView
{
  GtkWidget parent_instance;

  GtkStack *stack;
  DagschedGtkTimelineRuler *ruler;
  GtkScrolledWindow *scroller;
  DagschedGtkTimelineLanes *lanes;
  DagschedGtkTimelineMarks *marks;
  GtkLabel *status;

  DagschedRun *run;                /* (nullable) */
  DagschedGtkTimelineModel *model; /* (nullable): of the run */
  DagschedTest *selected;          /* (nullable) */
  DagschedGtkTimeWindow *window;
  DagschedGtkLayoutCache *layouts;
  DagschedGtkRunClock *clock;
  DagschedGtkThrottle *headers; /* what changes all the time and is read: ten times a second at most */
  guint frame;                  /* a tick callback */
  gboolean told_follow;         /* as it was notified */

  /* The span that the keyboard has gone to. */
  guint cursor_lane;
  double cursor_start;

  /* The pointer. */
  double pan_origin; /* of the axis, when a drag began */
  double drag_start; /* the time there */
  double drag_scroll;
  gboolean drags_range;
  double last_pinch;
};

void dagsched_gtk_timeline_view_add_controllers (DagschedGtkTimelineView *self);
void dagsched_gtk_timeline_view_class_add_bindings (GtkWidgetClass *widget_class);
/* Selects what is there; tells assistive technology of it. */
void dagsched_gtk_timeline_view_select_span (DagschedGtkTimelineView *self,
                                             DagschedGtkTimelineLane *lane,
                                             const DagschedGtkSpan *span);
void dagsched_gtk_timeline_view_activate_selected (DagschedGtkTimelineView *self);

G_END_DECLS
