/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Where the tests of a graph stand: a layered drawing from left to right (Sugiyama, Tagawa and Toda,
 * "Methods for Visual Understanding of Hierarchical System Structures", 1981; Gansner, Koutsofios, North
 * and Vo, "A Technique for Drawing Directed Graphs", 1993), on compact arrays. Immutable once it is
 * handed out, so any thread may look at it. Lengths are in units of a pixel at a zoom of 100 %. */

#define DAGSCHED_GTK_NODE_WIDTH 192.0f
#define DAGSCHED_GTK_NODE_HEIGHT 48.0f
#define DAGSCHED_GTK_COLUMN_GAP 72.0f    /* between layers: edges go up and down in it */
#define DAGSCHED_GTK_SUBCOLUMN_GAP 24.0f /* between the columns of a layer that is wrapped */
#define DAGSCHED_GTK_ROW_GAP 12.0f

#define DAGSCHED_GTK_NO_ITEM G_MAXUINT32
#define DAGSCHED_GTK_N_CONDITIONS 3 /* DagschedCondition */

typedef struct
{
  /* An item is a test, or (n_tests and more) a bend of edges that pass a layer. */
  guint n_tests, n_items;
  float *x, *y;    /* top left; of a bend, the left end of its line */
  guint32 *layers; /* counted in its part of the graph */
  guint32 *bands;  /* counted over the drawing: the lines into which long graphs are wrapped, as text is */
  float *lanes;    /* where what leaves an item goes up or down */
  float *band_tops;
  guint32 n_bands;
  guint32 *topological; /* the tests, dependencies first */

  /* Segments, pieces of edges between items: first_x[i] … first_x[i + 1] - 1. Edges of one test with one
   * condition share their bends. */
  guint32 *first_in, *ins;
  guint8 *in_conditions;
  guint32 *first_out, *outs;
  guint8 *out_conditions;

  float width, height;

  /*< private >*/
  gatomicrefcount ref_count;
  guint n_columns, n_rows; /* of cells that say which items are where */
  float cell_width, cell_height;
  guint32 *first_in_cell, *in_cells;
} DagschedGtkLayout;

/* What is to be laid out: its own copy of the arrays of a table of a run. */
typedef struct
{
  guint n_tests;
  guint32 *first_dependency; /* n_tests + 1 */
  guint32 *dependencies;
  guint8 *conditions;
} DagschedGtkLayoutGraph;

DagschedGtkLayoutGraph *dagsched_gtk_layout_graph_new (guint n_tests,
                                                       const guint32 *first_dependency,
                                                       const guint32 *dependencies,
                                                       const guint8 *conditions);
gboolean dagsched_gtk_layout_graph_equal (const DagschedGtkLayoutGraph *self,
                                          guint n_tests,
                                          const guint32 *first_dependency,
                                          const guint32 *dependencies,
                                          const guint8 *conditions);
void dagsched_gtk_layout_graph_free (DagschedGtkLayoutGraph *self);

DagschedGtkLayout *dagsched_gtk_layout_ref (DagschedGtkLayout *self);
void dagsched_gtk_layout_unref (DagschedGtkLayout *self);

static inline gboolean
dagsched_gtk_layout_is_bend (const DagschedGtkLayout *self, guint32 item)
{
  return item >= self->n_tests;
}

/* Calls @visit with each item that may touch the rectangle, each once. */
typedef void (*DagschedGtkLayoutVisit) (guint32 item, gpointer user_data);
void dagsched_gtk_layout_visit (const DagschedGtkLayout *self,
                                float x,
                                float y,
                                float width,
                                float height,
                                DagschedGtkLayoutVisit visit,
                                gpointer user_data);
/* The test at a point, or DAGSCHED_GTK_NO_ITEM. */
guint32 dagsched_gtk_layout_pick (const DagschedGtkLayout *self, float x, float y);
/* Sorts the items into cells: the last step of making a layout. */
void dagsched_gtk_layout_index (DagschedGtkLayout *self);

/* Called with a layout (its owner then), and whether better ones follow. */
typedef void (*DagschedGtkLayoutReady) (DagschedGtkLayout *layout, gboolean more, gpointer user_data);
/* Lays out: calls @ready soon with a first layout, in the order of declaration, then with better ones.
 * Returns early, having called no more, when cancelled. Any thread. The same graph is laid out the same. */
void dagsched_gtk_layout_make (const DagschedGtkLayoutGraph *graph,
                               GCancellable *cancellable,
                               DagschedGtkLayoutReady ready,
                               gpointer user_data);
/* The same in a thread of its own; takes @graph. @ready is called in the calling thread's main context,
 * unless cancelled, and never after that. @user_data is destroyed there at the end. */
void dagsched_gtk_layout_make_async (DagschedGtkLayoutGraph *graph,
                                     GCancellable *cancellable,
                                     DagschedGtkLayoutReady ready,
                                     gpointer user_data,
                                     GDestroyNotify destroy);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DagschedGtkLayout, dagsched_gtk_layout_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DagschedGtkLayoutGraph, dagsched_gtk_layout_graph_free)

G_END_DECLS
