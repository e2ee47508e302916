/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(DAGSCHED_INSIDE) && !defined(DAGSCHED_COMPILATION)
#error "Only <dagsched.h> can be included directly."
#endif

#include "model/dagsched-graph.h"

G_BEGIN_DECLS

#define DAGSCHED_TYPE_SELECTION (dagsched_selection_get_type ())

/* Which tests of a graph are wanted. */
DAGSCHED_AVAILABLE_IN_1_0
G_DECLARE_FINAL_TYPE (DagschedSelection, dagsched_selection, DAGSCHED, SELECTION, GObject)

DAGSCHED_AVAILABLE_IN_1_0
DagschedSelection *dagsched_selection_new (void);
DAGSCHED_AVAILABLE_IN_1_0
void dagsched_selection_add_filter (DagschedSelection *self, const char *glob);
DAGSCHED_AVAILABLE_IN_1_0
void dagsched_selection_add_name (DagschedSelection *self, const char *name);
DAGSCHED_AVAILABLE_IN_1_0
void dagsched_selection_add_exclude (DagschedSelection *self, const char *glob);
DAGSCHED_AVAILABLE_IN_1_0
void dagsched_selection_add_suite (DagschedSelection *self, const char *suite);
DAGSCHED_AVAILABLE_IN_1_0
gboolean dagsched_selection_get_with_dependencies (DagschedSelection *self);
DAGSCHED_AVAILABLE_IN_1_0
void dagsched_selection_set_with_dependencies (DagschedSelection *self, gboolean with_dependencies);
DAGSCHED_AVAILABLE_IN_1_0
gboolean dagsched_selection_matches (DagschedSelection *self, DagschedTest *test);

G_END_DECLS
