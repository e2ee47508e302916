/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(DAGSCHED_INSIDE) && !defined(DAGSCHED_COMPILATION)
#error "Only <dagsched.h> can be included directly."
#endif

#include <gio/gio.h>

#include "model/dagsched-resource.h"
#include "model/dagsched-test.h"

G_BEGIN_DECLS

#define DAGSCHED_TYPE_GRAPH (dagsched_graph_get_type ())

/* A GListModel of its tests, in the order in which they were added. */
DAGSCHED_AVAILABLE_IN_1_0
G_DECLARE_FINAL_TYPE (DagschedGraph, dagsched_graph, DAGSCHED, GRAPH, GObject)

DAGSCHED_AVAILABLE_IN_1_0
DagschedGraph *dagsched_graph_new (const char *name);
DAGSCHED_AVAILABLE_IN_1_0
const char *dagsched_graph_get_name (DagschedGraph *self);
DAGSCHED_AVAILABLE_IN_1_0
void dagsched_graph_set_name (DagschedGraph *self, const char *name);
DAGSCHED_AVAILABLE_IN_1_0
gboolean dagsched_graph_add_test (DagschedGraph *self, DagschedTest *test, GError **error);
DAGSCHED_AVAILABLE_IN_1_0
DagschedTest *dagsched_graph_lookup (DagschedGraph *self, const char *name);
DAGSCHED_AVAILABLE_IN_1_0
gboolean dagsched_graph_add_dependency (DagschedGraph *self,
                                        DagschedTest *dependent,
                                        DagschedTest *dependency,
                                        DagschedCondition condition,
                                        GError **error);
DAGSCHED_AVAILABLE_IN_1_0
void dagsched_graph_add_dependency_by_name (DagschedGraph *self,
                                            DagschedTest *dependent,
                                            const char *dependency,
                                            DagschedCondition condition,
                                            const char *origin);
DAGSCHED_AVAILABLE_IN_1_0
gboolean dagsched_graph_add_resource (DagschedGraph *self, DagschedResource *resource, GError **error);
DAGSCHED_AVAILABLE_IN_1_0
DagschedResource *dagsched_graph_lookup_resource (DagschedGraph *self, const char *name);
DAGSCHED_AVAILABLE_IN_1_0
GListModel *dagsched_graph_get_resources (DagschedGraph *self);
DAGSCHED_AVAILABLE_IN_1_0
guint dagsched_graph_get_n_dependencies (DagschedGraph *self, DagschedTest *test);
DAGSCHED_AVAILABLE_IN_1_0
DagschedTest *dagsched_graph_get_dependency (DagschedGraph *self,
                                             DagschedTest *test,
                                             guint position,
                                             DagschedCondition *condition);
DAGSCHED_AVAILABLE_IN_1_0
char **dagsched_graph_list_problems (DagschedGraph *self);
DAGSCHED_AVAILABLE_IN_1_0
gboolean dagsched_graph_validate (DagschedGraph *self, GError **error);

G_END_DECLS
