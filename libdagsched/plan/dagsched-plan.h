/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(DAGSCHED_INSIDE) && !defined(DAGSCHED_COMPILATION)
#error "Only <dagsched.h> can be included directly."
#endif

#include "model/dagsched-graph.h"
#include "plan/dagsched-selection.h"

G_BEGIN_DECLS

#define DAGSCHED_TYPE_PLAN (dagsched_plan_get_type ())

/* A graph compiled for one run: immutable. A GListModel of its tests. */
DAGSCHED_AVAILABLE_IN_1_0
G_DECLARE_FINAL_TYPE (DagschedPlan, dagsched_plan, DAGSCHED, PLAN, GObject)

DAGSCHED_AVAILABLE_IN_1_0
DagschedPlan *dagsched_plan_new (DagschedGraph *graph, DagschedSelection *selection, GError **error);
DAGSCHED_AVAILABLE_IN_1_0
DagschedGraph *dagsched_plan_get_graph (DagschedPlan *self);
DAGSCHED_AVAILABLE_IN_1_0
double dagsched_plan_get_critical_path (DagschedPlan *self);
DAGSCHED_AVAILABLE_IN_1_0
GPtrArray *dagsched_plan_list_critical_path (DagschedPlan *self);
DAGSCHED_AVAILABLE_IN_1_0
double dagsched_plan_get_total_work (DagschedPlan *self);
DAGSCHED_AVAILABLE_IN_1_0
const char *const *dagsched_plan_get_warnings (DagschedPlan *self);

G_END_DECLS
