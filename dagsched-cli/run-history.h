/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <dagsched.h>

G_BEGIN_DECLS

/* What earlier runs took becomes what tests are expected to take. NULL: @error says why it can't. */
DagschedHistory *run_history_apply (DagschedGraph *graph, GError **error);

G_END_DECLS
