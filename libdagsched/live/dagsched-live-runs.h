/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(DAGSCHED_INSIDE) && !defined(DAGSCHED_COMPILATION)
#error "Only <dagsched.h> can be included directly."
#endif

#include <gio/gio.h>

#include "base/dagsched-version-macros.h"

G_BEGIN_DECLS

#define DAGSCHED_TYPE_LIVE_RUNS (dagsched_live_runs_get_type ())

/* The runs of this user that can be observed just now: a list model of DagschedLiveRun. */
DAGSCHED_AVAILABLE_IN_1_0
G_DECLARE_FINAL_TYPE (DagschedLiveRuns, dagsched_live_runs, DAGSCHED, LIVE_RUNS, GObject)

DAGSCHED_AVAILABLE_IN_1_0
DagschedLiveRuns *dagsched_live_runs_new (GError **error);

G_END_DECLS
