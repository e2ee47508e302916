/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <dagsched.h>

G_BEGIN_DECLS

/* Whether a test is among the nodes of a graph that is printed: number of each selected test. */
typedef struct
{
  GHashTable *numbers; /* (element-type DagschedTest guint) */
} GraphNodes;

void graph_nodes_init (GraphNodes *self, DagschedPlan *plan);
void graph_nodes_clear (GraphNodes *self);
gboolean graph_nodes_lookup (const GraphNodes *self, DagschedTest *test, guint *number);

/* Calls @func for each dependency between two selected tests. */
typedef void (*GraphEdgeFunc) (DagschedTest *dependent,
                               DagschedTest *dependency,
                               DagschedCondition condition,
                               gpointer user_data);
void graph_nodes_foreach_edge (const GraphNodes *self,
                               DagschedGraph *graph,
                               DagschedPlan *plan,
                               GraphEdgeFunc func,
                               gpointer user_data);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (GraphNodes, graph_nodes_clear)

G_END_DECLS
