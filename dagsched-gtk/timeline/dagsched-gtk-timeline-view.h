/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(DAGSCHED_GTK_INSIDE) && !defined(DAGSCHED_GTK_COMPILATION)
#error "Only <dagsched-gtk.h> can be included directly."
#endif

#include "base/dagsched-gtk-version-macros.h"

G_BEGIN_DECLS

#define DAGSCHED_GTK_TYPE_TIMELINE_VIEW (dagsched_gtk_timeline_view_get_type ())

/* What each worker of a run did when. */
DAGSCHED_GTK_AVAILABLE_IN_1_0
G_DECLARE_FINAL_TYPE (DagschedGtkTimelineView,
                      dagsched_gtk_timeline_view,
                      DAGSCHED_GTK,
                      TIMELINE_VIEW,
                      GtkWidget)

DAGSCHED_GTK_AVAILABLE_IN_1_0
GtkWidget *dagsched_gtk_timeline_view_new (void);
DAGSCHED_GTK_AVAILABLE_IN_1_0
DagschedRun *dagsched_gtk_timeline_view_get_run (DagschedGtkTimelineView *self);
DAGSCHED_GTK_AVAILABLE_IN_1_0
void dagsched_gtk_timeline_view_set_run (DagschedGtkTimelineView *self, DagschedRun *run);
DAGSCHED_GTK_AVAILABLE_IN_1_0
DagschedTest *dagsched_gtk_timeline_view_get_selected (DagschedGtkTimelineView *self);
DAGSCHED_GTK_AVAILABLE_IN_1_0
void dagsched_gtk_timeline_view_set_selected (DagschedGtkTimelineView *self, DagschedTest *test);
DAGSCHED_GTK_AVAILABLE_IN_1_0
gboolean dagsched_gtk_timeline_view_get_follow (DagschedGtkTimelineView *self);
DAGSCHED_GTK_AVAILABLE_IN_1_0
void dagsched_gtk_timeline_view_set_follow (DagschedGtkTimelineView *self, gboolean follow);

G_END_DECLS
