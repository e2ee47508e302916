/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "engine/dagsched-engine-private.h"
#include "run/dagsched-stats.h"

G_BEGIN_DECLS

DagschedStats *dagsched_stats_new (const DagschedCounters *counters);

/* Of one worker, in nanoseconds. */
typedef struct
{
  gint64 busy_ns;
  gint64 parked_ns;
} DagschedWorkerTimes;
void dagsched_stats_add_worker (DagschedStats *self, const DagschedWorkerTimes *times);

G_END_DECLS
