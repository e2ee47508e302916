/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "graph/dagsched-gtk-layout-private.h"

G_BEGIN_DECLS

/* A layout in the making. Each step reads what those above it left.
 *
 * A group is a layer of a part of the graph; parts are what edges connect. Groups of a part follow each
 * other. Tests without any edge are no part: they stand in a block of their own. */

typedef struct
{
  const DagschedGtkLayoutGraph *graph;
  GCancellable *cancellable;
  guint n_tests;

  /* Layers: dagsched_gtk_draft_find_layers(). */
  guint32 *first_dependent, *dependents;
  guint32 *topological;
  guint32 *layers; /* of tests, then of all items */

  /* Parts: dagsched_gtk_draft_find_parts(). */
  guint n_parts;
  guint32 *parts;      /* of tests, then of all items; G_MAXUINT32: a single test */
  guint32 *part_group; /* n_parts + 1: the first group of each */

  /* Items, segments, groups: dagsched_gtk_draft_make_items(). */
  guint n_items;
  guint32 *chains; /* the first bend of the edges of a test with a condition */
  guint32 *first_in, *ins, *first_out, *outs;
  guint8 *in_conditions, *out_conditions;
  guint n_groups;
  guint32 *first_in_group; /* n_groups + 1 */
  guint32 *order;          /* the items of the groups, in order */
  guint32 *positions;      /* of each item in its group */

  /* Rows: dagsched_gtk_draft_place_rows(). */
  guint32 *rows, *columns; /* of each item */
  guint32 *first_row;      /* n_groups + 1 */
  guint8 *row_is_bend;
  float *row_y;       /* middles */
  guint32 *n_columns; /* of each group */

  /* Boxes: dagsched_gtk_draft_place_parts(). */
  float *x, *y;
  guint32 *bands;    /* of each group */
  GArray *band_tops; /* of float */
  float width, height;
} DagschedGtkDraft;

void dagsched_gtk_draft_find_layers (DagschedGtkDraft *self);
void dagsched_gtk_draft_find_parts (DagschedGtkDraft *self);
void dagsched_gtk_draft_make_items (DagschedGtkDraft *self);
/* One sweep over the layers, to the right or to the left. */
void dagsched_gtk_draft_sweep (DagschedGtkDraft *self, gboolean to_the_right);
guint64 dagsched_gtk_draft_count_crossings (DagschedGtkDraft *self);
void dagsched_gtk_draft_place_rows (DagschedGtkDraft *self, guint n_rounds);
void dagsched_gtk_draft_place_parts (DagschedGtkDraft *self);
/* Where the edges that leave each item go up or down. */
float *dagsched_gtk_draft_choose_lanes (DagschedGtkDraft *self);

static inline guint
dagsched_gtk_draft_group_of (const DagschedGtkDraft *self, guint32 item)
{
  return self->part_group[self->parts[item]] + self->layers[item];
}

static inline float
dagsched_gtk_draft_columns_width (guint n_columns)
{
  return n_columns * (DAGSCHED_GTK_NODE_WIDTH + DAGSCHED_GTK_SUBCOLUMN_GAP) - DAGSCHED_GTK_SUBCOLUMN_GAP;
}

G_END_DECLS
