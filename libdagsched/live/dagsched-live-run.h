/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(DAGSCHED_INSIDE) && !defined(DAGSCHED_COMPILATION)
#error "Only <dagsched.h> can be included directly."
#endif

#include <gio/gio.h>

#include "base/dagsched-version-macros.h"

G_BEGIN_DECLS

#define DAGSCHED_TYPE_LIVE_RUN (dagsched_live_run_get_type ())

/* A run that can be observed. */
DAGSCHED_AVAILABLE_IN_1_0
G_DECLARE_FINAL_TYPE (DagschedLiveRun, dagsched_live_run, DAGSCHED, LIVE_RUN, GObject)

DAGSCHED_AVAILABLE_IN_1_0
const char *dagsched_live_run_get_name (DagschedLiveRun *self);
DAGSCHED_AVAILABLE_IN_1_0
const char *dagsched_live_run_get_path (DagschedLiveRun *self);
DAGSCHED_AVAILABLE_IN_1_0
int dagsched_live_run_get_pid (DagschedLiveRun *self);
DAGSCHED_AVAILABLE_IN_1_0
gint64 dagsched_live_run_get_started_at (DagschedLiveRun *self);
DAGSCHED_AVAILABLE_IN_1_0
guint dagsched_live_run_get_n_tests (DagschedLiveRun *self);

G_END_DECLS
