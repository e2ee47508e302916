/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(DAGSCHED_INSIDE) && !defined(DAGSCHED_COMPILATION)
#error "Only <dagsched.h> can be included directly."
#endif

#include <gio/gio.h>

#include "base/dagsched-enums.h"

G_BEGIN_DECLS

#define DAGSCHED_TYPE_STATS (dagsched_stats_get_type ())

/* Counters of the engine at one moment: properties only. */
DAGSCHED_AVAILABLE_IN_1_0
G_DECLARE_FINAL_TYPE (DagschedStats, dagsched_stats, DAGSCHED, STATS, GObject)

G_END_DECLS
