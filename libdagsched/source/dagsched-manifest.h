/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(DAGSCHED_INSIDE) && !defined(DAGSCHED_COMPILATION)
#error "Only <dagsched.h> can be included directly."
#endif

#include "source/dagsched-source.h"

G_BEGIN_DECLS

/* Lays an overrides file over a graph that was loaded from any source. */
DAGSCHED_AVAILABLE_IN_1_0
gboolean dagsched_manifest_apply_overrides (const char *path, DagschedGraph *graph, GError **error);
/* The manifest that describes @graph: JSON text, which loads as the same graph. */
DAGSCHED_AVAILABLE_IN_1_0
char *dagsched_manifest_from_graph (DagschedGraph *graph, GError **error);

G_END_DECLS
