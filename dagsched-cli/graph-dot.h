/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <dagsched.h>

G_BEGIN_DECLS

/* The selected tests in the language of Graphviz. Arrows point from a test to what waits for it. */
GString *graph_to_dot (DagschedGraph *graph, DagschedPlan *plan);

G_END_DECLS
