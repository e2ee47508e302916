/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(DAGSCHED_INSIDE) && !defined(DAGSCHED_COMPILATION)
#error "Only <dagsched.h> can be included directly."
#endif

#include <gio/gio.h>

#include "base/dagsched-enums.h"

G_BEGIN_DECLS

#define DAGSCHED_TYPE_STATS (dagsched_stats_get_type ())

/* The engine's counters at one moment: properties, and what is not one number. */
DAGSCHED_AVAILABLE_IN_1_0
G_DECLARE_FINAL_TYPE (DagschedStats, dagsched_stats, DAGSCHED, STATS, GObject)

DAGSCHED_AVAILABLE_IN_1_0
double dagsched_stats_get_start_latency (DagschedStats *self, double percent);
DAGSCHED_AVAILABLE_IN_1_0
double dagsched_stats_get_wake_latency (DagschedStats *self, double percent);
DAGSCHED_AVAILABLE_IN_1_0
double dagsched_stats_get_busy_time (DagschedStats *self, guint worker);
DAGSCHED_AVAILABLE_IN_1_0
double dagsched_stats_get_parked_time (DagschedStats *self, guint worker);

G_END_DECLS
