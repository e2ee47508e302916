/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <dagsched.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* The selected tests as lists of nodes and edges. */
JsonNode *graph_to_json (DagschedGraph *graph, DagschedPlan *plan);

G_END_DECLS
