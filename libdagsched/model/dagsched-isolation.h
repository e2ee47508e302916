/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(DAGSCHED_INSIDE) && !defined(DAGSCHED_COMPILATION)
#error "Only <dagsched.h> can be included directly."
#endif

#include "model/dagsched-graph.h"

G_BEGIN_DECLS

DAGSCHED_AVAILABLE_IN_1_0
gboolean dagsched_graph_offer_functions (DagschedGraph *self, const char *const *argv, int *exit_status);

G_END_DECLS
