/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(DAGSCHED_INSIDE) && !defined(DAGSCHED_COMPILATION)
#error "Only <dagsched.h> can be included directly."
#endif

#include "run/dagsched-scheduler.h"

G_BEGIN_DECLS

#define DAGSCHED_TYPE_RUN_LOG_WRITER (dagsched_run_log_writer_get_type ())

/* Writes the log of a run: attach it before the run starts, keep it until the run has ended. */
DAGSCHED_AVAILABLE_IN_1_0
G_DECLARE_FINAL_TYPE (DagschedRunLogWriter, dagsched_run_log_writer, DAGSCHED, RUN_LOG_WRITER, GObject)

/* Creates @path (NULL: a new file in the state directory, of which the newest 50 are kept). An
 * existing file is replaced unless it is not a run log: then an error. */
DAGSCHED_AVAILABLE_IN_1_0
DagschedRunLogWriter *dagsched_run_log_writer_new (const char *path, GError **error);
/* Writes the same lines to a descriptor (a pipe, a terminal) by a thread of its own; a slow reader
 * doesn't slow the run (lines wait in memory), a closed one ends the writing. @fd is duplicated. */
DAGSCHED_AVAILABLE_IN_1_0
DagschedRunLogWriter *dagsched_run_log_writer_new_resumed (const char *path, GError **error);
DAGSCHED_AVAILABLE_IN_1_0
DagschedRunLogWriter *dagsched_run_log_writer_new_for_fd (int fd, GError **error);
DAGSCHED_AVAILABLE_IN_1_0
void dagsched_run_log_writer_attach (DagschedRunLogWriter *self, DagschedScheduler *scheduler);
DAGSCHED_AVAILABLE_IN_1_0
const char *dagsched_run_log_writer_get_path (DagschedRunLogWriter *self);
/* After the run: waits until everything is written; FALSE if it could not be. */
DAGSCHED_AVAILABLE_IN_1_0
gboolean dagsched_run_log_writer_close (DagschedRunLogWriter *self, GError **error);

G_END_DECLS
