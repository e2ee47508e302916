/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "timeline/dagsched-gtk-timeline-model-private.h"

G_BEGIN_DECLS

/* What a timeline shows, in words, translated. Free them. */

char *dagsched_gtk_timeline_describe_run (DagschedGtkTimelineModel *model);
char *dagsched_gtk_timeline_describe_range (DagschedGtkTimelineModel *model, double from, double to);
/* Lines: the test, what became of it, when. */
char *dagsched_gtk_timeline_describe_span (DagschedGtkTimelineModel *model, const DagschedGtkSpan *span);

G_END_DECLS
