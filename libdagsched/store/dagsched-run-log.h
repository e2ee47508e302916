/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(DAGSCHED_INSIDE) && !defined(DAGSCHED_COMPILATION)
#error "Only <dagsched.h> can be included directly."
#endif

#include "run/dagsched-scheduler.h"

G_BEGIN_DECLS

#define DAGSCHED_TYPE_RUN_LOG (dagsched_run_log_get_type ())

/* A run read from its log. Implements DagschedRun. */
DAGSCHED_AVAILABLE_IN_1_0
G_DECLARE_FINAL_TYPE (DagschedRunLog, dagsched_run_log, DAGSCHED, RUN_LOG, GObject)

/* Whether a file looks like a run log: by its first line. */
DAGSCHED_AVAILABLE_IN_1_0
gboolean dagsched_run_log_is_run_log (GFile *file);
/* Reads it all; the run is then as it was before it started, and replay() carries it out again. */
DAGSCHED_AVAILABLE_IN_1_0
DagschedRunLog *dagsched_run_log_load (GFile *file, GError **error);
DAGSCHED_AVAILABLE_IN_1_0
void dagsched_run_log_load_async (GFile *file,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data);
DAGSCHED_AVAILABLE_IN_1_0
DagschedRunLog *dagsched_run_log_load_finish (GAsyncResult *result, GError **error);
/* As before it started; on to a moment of the run; both, to its end: emits everything in order, at
 * once. Tests without an outcome then end CANCELLED, "the runner died". */
DAGSCHED_AVAILABLE_IN_1_0
void dagsched_run_log_rewind (DagschedRunLog *self);
DAGSCHED_AVAILABLE_IN_1_0
gboolean dagsched_run_log_advance (DagschedRunLog *self, double seconds);
DAGSCHED_AVAILABLE_IN_1_0
void dagsched_run_log_replay (DagschedRunLog *self);
/* Has a run go on from where the log ends. */
DAGSCHED_AVAILABLE_IN_1_0
gboolean dagsched_run_log_resume (DagschedRunLog *self,
                                  DagschedScheduler *scheduler,
                                  guint *n_finished,
                                  GError **error);
DAGSCHED_AVAILABLE_IN_1_0
double dagsched_run_log_get_length (DagschedRunLog *self); /* seconds */
/* Torn lines, unknown versions and the like: for people. */
DAGSCHED_AVAILABLE_IN_1_0
const char *const *dagsched_run_log_get_warnings (DagschedRunLog *self);

G_END_DECLS
