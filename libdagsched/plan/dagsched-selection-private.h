/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "plan/dagsched-selection.h"

G_BEGIN_DECLS

/* "-x beats the closure": an excluded test is not brought in as a dependency either. */
gboolean dagsched_selection_excludes (DagschedSelection *self, DagschedTest *test);

/* Filters, excludes and suites that matched no test of @graph, as messages with suggestions. */
char **dagsched_selection_list_unmatched (DagschedSelection *self, DagschedGraph *graph);

G_END_DECLS
