/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A directed graph as two arrays: the nodes that @node points to are
 * to[first[node]] … to[first[node + 1] - 1]. */
typedef struct
{
  guint32 n_nodes;
  guint32 *first; /* n_nodes + 1 */
  guint32 *to;
} DagschedDigraph;

void dagsched_digraph_clear (DagschedDigraph *digraph);
/* Every edge turned round, the other ends in ascending order. */
void dagsched_digraph_reverse (const DagschedDigraph *digraph, DagschedDigraph *reversed);

/* @nodes is a circle: each points to the next, the last to the first, which is the lowest. */
typedef void (*DagschedCycleFunc) (const guint32 *nodes, guint n_nodes, gpointer user_data);

/* Calls @func for each strongly connected component that holds a cycle, with a shortest one (in a
 * component too large to search from each of its nodes: a short one), in order of their lowest node. */
void
dagsched_digraph_foreach_cycle (const DagschedDigraph *digraph, DagschedCycleFunc func, gpointer user_data);

G_END_DECLS
