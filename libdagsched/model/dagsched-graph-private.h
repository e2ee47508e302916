/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "model/dagsched-graph.h"

G_BEGIN_DECLS

/* The graph as numbers, for the compiler of plans. Test numbers are positions in the list model. */

typedef struct
{
  guint32 dependency; /* test number */
  guint32 condition;  /* DagschedCondition */
} DagschedEdge;

guint dagsched_graph_get_n_tests (DagschedGraph *self);
DagschedTest *dagsched_graph_peek_test (DagschedGraph *self, guint number);
const DagschedEdge *dagsched_graph_peek_edges (DagschedGraph *self, guint number, guint *n_edges);
gboolean dagsched_graph_lookup_number (DagschedGraph *self, const char *name, guint *number);

/* A graph takes part in one run at a time; FALSE with DAGSCHED_ERROR_BUSY if it does already. */
gboolean dagsched_graph_acquire (DagschedGraph *self, GError **error);
void dagsched_graph_release (DagschedGraph *self);

G_END_DECLS
