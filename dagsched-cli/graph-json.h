/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <dagsched.h>

G_BEGIN_DECLS

/* Prints the selected tests as lists of nodes and edges. FALSE: they can't be; the message has been printed. */
gboolean graph_print_json (DagschedGraph *graph, DagschedPlan *plan);

G_END_DECLS
