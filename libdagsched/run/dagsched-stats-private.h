/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "engine/dagsched-engine-private.h"
#include "run/dagsched-stats.h"

G_BEGIN_DECLS

DagschedStats *dagsched_stats_new (const DagschedCounters *counters);

G_END_DECLS
