/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/dagsched-gtk-run-table-private.h"
#include "graph/dagsched-gtk-layout-private.h"

G_BEGIN_DECLS

/* What a drawing of a graph shows: where tests stand, how they look, what is marked. */

typedef enum
{
  DAGSCHED_GTK_MARK_SELECTED = 1 << 0,
  DAGSCHED_GTK_MARK_ANCESTOR = 1 << 1,
  DAGSCHED_GTK_MARK_DESCENDANT = 1 << 2,
  DAGSCHED_GTK_MARK_HIT = 1 << 3,
  DAGSCHED_GTK_MARK_CRITICAL = 1 << 4,
} DagschedGtkMarks;

#define DAGSCHED_GTK_MARK_RELATED                                                                            \
  (DAGSCHED_GTK_MARK_SELECTED | DAGSCHED_GTK_MARK_ANCESTOR | DAGSCHED_GTK_MARK_DESCENDANT)

typedef struct
{
  guint32 from, to; /* items */
  guint8 condition;
} DagschedGtkSegment;

typedef struct
{
  DagschedGtkRunTable *table;
  DagschedGtkLayout *layout;
  guint8 *marks; /* DagschedGtkMarks of each item */
  gboolean has_selection, has_hits;
  GArray *critical; /* of DagschedGtkSegment: the critical path */
} DagschedGtkGraphScene;

/* Takes @layout. */
DagschedGtkGraphScene *dagsched_gtk_graph_scene_new (DagschedGtkRunTable *table, DagschedGtkLayout *layout);
void dagsched_gtk_graph_scene_free (DagschedGtkGraphScene *self);

/* Marks a test, or none (DAGSCHED_GTK_NO_ITEM), and all that it waits for and that wait for it. */
void dagsched_gtk_graph_scene_select (DagschedGtkGraphScene *self, guint32 test);
/* NULL: nothing is searched for. */
void dagsched_gtk_graph_scene_set_hits (DagschedGtkGraphScene *self,
                                        const guint32 *numbers,
                                        guint n_numbers,
                                        gboolean is_searching);
/* Finds the longest path by duration, or forgets it. */
void dagsched_gtk_graph_scene_find_critical_path (DagschedGtkGraphScene *self, gboolean show);
/* The segments next to a test, then those behind them, up to @n_most. */
void dagsched_gtk_graph_scene_list_related (DagschedGtkGraphScene *self,
                                            guint32 test,
                                            GArray *segments,
                                            guint n_most);

static inline gboolean
dagsched_gtk_graph_scene_is_faded (const DagschedGtkGraphScene *self, guint32 item)
{
  guint8 wanted =
    (self->has_selection ? DAGSCHED_GTK_MARK_RELATED : 0) | (self->has_hits ? DAGSCHED_GTK_MARK_HIT : 0);

  return wanted != 0 && (self->marks[item] & wanted) == 0;
}

static inline gboolean
dagsched_gtk_graph_scene_is_related (const DagschedGtkGraphScene *self, guint32 from, guint32 to)
{
  guint8 up = DAGSCHED_GTK_MARK_ANCESTOR | DAGSCHED_GTK_MARK_SELECTED;
  guint8 down = DAGSCHED_GTK_MARK_DESCENDANT | DAGSCHED_GTK_MARK_SELECTED;

  return ((self->marks[from] & up) && (self->marks[to] & up)) ||
         ((self->marks[from] & down) && (self->marks[to] & down));
}

/* Points of horizontal and vertical lines from an item to the next. Returns how many, at most
 * DAGSCHED_GTK_ROUTE_MAX. */
#define DAGSCHED_GTK_ROUTE_MAX 9
guint dagsched_gtk_graph_scene_route (const DagschedGtkGraphScene *self,
                                      guint32 from,
                                      guint32 to,
                                      graphene_point_t *points);

G_END_DECLS
