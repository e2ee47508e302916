/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "graph/dagsched-gtk-canvas-private.h"

G_BEGIN_DECLS

/* A canvas as render nodes, one for each tile of it. A tile that looks as before has the same node as before:
 * GTK sees that, and draws and sends only what has changed. */
typedef struct
{
  GPtrArray *tiles; /* (nullable) */
  int width, height, scale;
} DagschedGtkCanvasTiles;

/* @scale: pixels of the canvas a pixel of the snapshot. */
void dagsched_gtk_canvas_tiles_append (DagschedGtkCanvasTiles *self,
                                       GtkSnapshot *snapshot,
                                       const DagschedGtkCanvas *canvas,
                                       int scale);
void dagsched_gtk_canvas_tiles_clear (DagschedGtkCanvasTiles *self);

G_END_DECLS
