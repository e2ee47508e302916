/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/dagsched-suggest-private.h"
#include "model/dagsched-graph-private.h"

G_BEGIN_DECLS

/* The inside of DagschedGraph, for the files that implement it. */

typedef struct
{
  DagschedTest *test; /* one reference */
  DagschedEdge *edges;
  guint32 n_edges; /* the allocation follows from it, see add_edge() */
} DagschedNode;

/* A dependency on a name that no test had yet. */
typedef struct
{
  guint32 dependent;
  guint32 condition; /* DagschedCondition */
  guint32 position;  /* among the dependencies of the dependent, as they were declared */
  guint32 n_earlier; /* entries right before this one, of the same dependent */
  char *name;
  char *origin; /* (nullable) where the dependency was declared */
} DagschedUnresolved;

struct _DagschedGraph
{
  GObject parent_instance;

  int busy; /* (atomic) takes part in a run; all else is not written while it does */
  char *name;
  GArray *nodes;        /* of DagschedNode */
  GHashTable *numbers;  /* name (of the test) → number, which the table keeps in 4 bytes each */
  GArray *unresolved;   /* of DagschedUnresolved */
  gboolean may_resolve; /* a test was added after something unresolved was last looked at */
  GListStore *resources;
  GHashTable *resources_by_name; /* name (of the resource) → DagschedResource, borrowed */
  guint items_changed;           /* signal id */
};

void dagsched_unresolved_clear (gpointer unresolved);

gboolean dagsched_graph_is_busy (DagschedGraph *self, GError **error);
/* FALSE: it is not in this graph. */
gboolean dagsched_graph_number_of (DagschedGraph *self, DagschedTest *test, guint32 *number);

/* Dependencies on names that there are now become edges. */
void dagsched_graph_resolve (DagschedGraph *self);

/* All that is wrong, as GErrors, in the order: names, cleanups, resources, cycles. Free with g_ptr_array_unref(). */
GPtrArray *dagsched_graph_check (DagschedGraph *self);

G_END_DECLS
