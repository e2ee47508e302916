/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <dagsched.h>

#include "run-reports.h"

G_BEGIN_DECLS

/* Runs a scheduler that was prepared to its end in the default main context. SIGINT, SIGTERM and
 * SIGHUP cancel the run, a second one kills; *@signum is the first, 0 if there was none. Afterwards they
 * are ignored. SIGTSTP pauses it. */
gboolean run_session (DagschedScheduler *scheduler, RunReports *reports, int *signum, GError **error);

G_END_DECLS
