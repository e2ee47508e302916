/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "live/dagsched-live-decode-private.h"
#include "live/dagsched-live-run.h"

G_BEGIN_DECLS

DagschedLiveRun *dagsched_live_run_new (const char *path, const DagschedLiveKnown *known);
/* What was told later. Notifies. */
void dagsched_live_run_set_started_at (DagschedLiveRun *self, gint64 started_at);

G_END_DECLS
