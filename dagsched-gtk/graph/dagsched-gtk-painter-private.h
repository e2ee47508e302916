/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "graph/dagsched-gtk-canvas-private.h"
#include "graph/dagsched-gtk-graph-scene-private.h"
#include "graph/dagsched-gtk-graph-style-private.h"

G_BEGIN_DECLS

/* Draws a part of a scene on a canvas, and keeps it up to date: after a move only what came into sight is
 * drawn, after changes only the tests that changed. */

#define DAGSCHED_GTK_N_RINGS 2

typedef struct
{
  /* Set by its owner. */
  DagschedGtkGraphStyle *style;
  gboolean with_edges;

  /* Read-only for its owner. */
  DagschedGtkCanvas canvas;
  DagschedGtkCardDetail detail;

  /*< private >*/
  gboolean is_valid;
  double zoom; /* pixels per unit */
  int left, top;
  int node_width, node_height; /* pixels */
  float radius;                /* of corners */
  DagschedGtkSprite sprites[2][DAGSCHED_GTK_N_LOOKS];
  DagschedGtkSprite rings[DAGSCHED_GTK_N_RINGS];
  guint32 colors[2][DAGSCHED_GTK_N_LOOKS];
  guint32 kept[8];
  guint n_kept;
  GArray *visible; /* of guint32 */
} DagschedGtkPainter;

/* Nodes from these heights on, in pixels, have a shape, an icon, a text. */
#define DAGSCHED_GTK_BAR_HEIGHT 5
#define DAGSCHED_GTK_BADGE_HEIGHT 10
#define DAGSCHED_GTK_FULL_HEIGHT 20

void dagsched_gtk_painter_clear (DagschedGtkPainter *self);
/* All must be drawn again. */
void dagsched_gtk_painter_invalidate (DagschedGtkPainter *self);
/* Draws what is not yet. @left, @top: of the canvas in the drawing, in pixels. @scene may be NULL. */
void dagsched_gtk_painter_paint (DagschedGtkPainter *self,
                                 const DagschedGtkGraphScene *scene,
                                 int width,
                                 int height,
                                 double zoom,
                                 int left,
                                 int top);
/* Draws tests again that look otherwise now. */
void dagsched_gtk_painter_touch (DagschedGtkPainter *self,
                                 const DagschedGtkGraphScene *scene,
                                 const guint32 *numbers,
                                 guint n_numbers);

G_END_DECLS
