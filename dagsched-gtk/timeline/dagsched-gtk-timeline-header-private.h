/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "timeline/dagsched-gtk-layout-cache-private.h"
#include "timeline/dagsched-gtk-timeline-model-private.h"

G_BEGIN_DECLS

/* What there is to say of a worker: its number, what it does, how busy it is and was. */

#define DAGSCHED_GTK_TYPE_TIMELINE_HEADER (dagsched_gtk_timeline_header_get_type ())
G_DECLARE_FINAL_TYPE (DagschedGtkTimelineHeader,
                      dagsched_gtk_timeline_header,
                      DAGSCHED_GTK,
                      TIMELINE_HEADER,
                      GtkWidget)

/* The widths of a header, and where its two columns of shares end, from the right. */
#define DAGSCHED_GTK_HEADER_WIDTH 276
#define DAGSCHED_GTK_HEADER_NARROW_WIDTH 84
#define DAGSCHED_GTK_HEADER_PADDING 12
#define DAGSCHED_GTK_HEADER_SHARE_WIDTH 58

GtkWidget *dagsched_gtk_timeline_header_new (DagschedGtkLayoutCache *layouts);
void dagsched_gtk_timeline_header_set_lane (DagschedGtkTimelineHeader *self,
                                            DagschedGtkTimelineModel *model,
                                            guint lane);
/* Shows what has changed. */
void dagsched_gtk_timeline_header_update (DagschedGtkTimelineHeader *self);
/* What it shows, in words. Free it. */
char *dagsched_gtk_timeline_header_dup_description (DagschedGtkTimelineHeader *self);

G_END_DECLS
