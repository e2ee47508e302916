/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "graph/dagsched-gtk-graph-scene-private.h"

#include <math.h>

/* Ways of segments: out of an item, up or down in the lane behind its layer, into the next. */

#define HALF_GAP (DAGSCHED_GTK_ROW_GAP / 2)
#define HALF_SUBCOLUMN (DAGSCHED_GTK_SUBCOLUMN_GAP / 2)
#define BEFORE_LINE 18.0f /* how far left of a line of layers its edges come down */

static void
add (graphene_point_t *points, guint *n, float x, float y)
{
  /* A point between two others on their line is none. */
  if (*n > 1 && ((points[*n - 1].x == x && points[*n - 2].x == x) ||
                 (points[*n - 1].y == y && points[*n - 2].y == y &&
                  (x - points[*n - 1].x) * (points[*n - 1].x - points[*n - 2].x) >= 0)))
    (*n)--;
  if (*n > 0 && fabsf (points[*n - 1].x - x) < 0.01f && fabsf (points[*n - 1].y - y) < 0.01f)
    return;
  points[(*n)++] = GRAPHENE_POINT_INIT (x, y);
}

/* Returns how far down the way is when it has reached the lane. */
static float
leave (const DagschedGtkLayout *layout, guint32 from, graphene_point_t *points, guint *n)
{
  float x = layout->x[from], y = layout->y[from];

  if (dagsched_gtk_layout_is_bend (layout, from))
    {
      add (points, n, x, y);
      return y;
    }

  x += DAGSCHED_GTK_NODE_WIDTH;
  add (points, n, x, y + DAGSCHED_GTK_NODE_HEIGHT / 2);
  if (layout->lanes[from] - x <= DAGSCHED_GTK_COLUMN_GAP)
    return y + DAGSCHED_GTK_NODE_HEIGHT / 2;

  /* Other columns of its layer are in the way: below them. */
  add (points, n, x + HALF_SUBCOLUMN, y + DAGSCHED_GTK_NODE_HEIGHT / 2);
  add (points, n, x + HALF_SUBCOLUMN, y + DAGSCHED_GTK_NODE_HEIGHT + HALF_GAP);

  return y + DAGSCHED_GTK_NODE_HEIGHT + HALF_GAP;
}

guint
dagsched_gtk_graph_scene_route (const DagschedGtkGraphScene *self,
                                guint32 from,
                                guint32 to,
                                graphene_point_t *points)
{
  const DagschedGtkLayout *layout = self->layout;
  gboolean is_bend = dagsched_gtk_layout_is_bend (layout, to);
  float lane = layout->lanes[from], x = layout->x[to];
  float y = layout->y[to] + (is_bend ? 0 : DAGSCHED_GTK_NODE_HEIGHT / 2);
  guint n = 0;
  float level = leave (layout, from, points, &n);

  if (layout->bands[from] != layout->bands[to])
    {
      float above = layout->band_tops[layout->bands[to]] - 24 + (from % 5) * 4.0f - 8;

      add (points, &n, lane, level);
      add (points, &n, lane, above);
      add (points, &n, x - BEFORE_LINE, above);
      add (points, &n, x - BEFORE_LINE, y);
    }
  else if (x - lane > DAGSCHED_GTK_COLUMN_GAP && !is_bend)
    {
      add (points, &n, lane, level);
      add (points, &n, lane, y + DAGSCHED_GTK_NODE_HEIGHT / 2 + HALF_GAP);
      add (points, &n, x - HALF_SUBCOLUMN, y + DAGSCHED_GTK_NODE_HEIGHT / 2 + HALF_GAP);
      add (points, &n, x - HALF_SUBCOLUMN, y);
    }
  else if (fabsf (level - y) >= 0.5f)
    {
      add (points, &n, lane, level);
      add (points, &n, lane, y);
    }
  else
    y = level;
  add (points, &n, x, y);

  return n;
}
