/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gtk/gtk.h>

#include "timeline/dagsched-gtk-spans-private.h"
#include "timeline/dagsched-gtk-time-axis-private.h"

G_BEGIN_DECLS

/* Images of a lane, side by side, each made once: when the run grows only the last one is made again, and
 * when the lane is moved none is. */
typedef struct _DagschedGtkLaneTiles DagschedGtkLaneTiles;

DagschedGtkLaneTiles *dagsched_gtk_lane_tiles_new (void);
void dagsched_gtk_lane_tiles_free (DagschedGtkLaneTiles *self);
/* What is between these times has to be drawn again. */
void dagsched_gtk_lane_tiles_invalidate (DagschedGtkLaneTiles *self, double from, double to);
void dagsched_gtk_lane_tiles_clear (DagschedGtkLaneTiles *self);
void dagsched_gtk_lane_tiles_snapshot (DagschedGtkLaneTiles *self,
                                       GtkSnapshot *snapshot,
                                       DagschedGtkSpans *spans,
                                       const DagschedGtkTimeAxis *axis,
                                       int height,
                                       int unit,
                                       gboolean dark);
/* How many images have been made. */
guint dagsched_gtk_lane_tiles_get_n_drawn (DagschedGtkLaneTiles *self);

G_END_DECLS
