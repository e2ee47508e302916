/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "store/dagsched-log-format-private.h"
#include "store/dagsched-run-log-writer.h"

G_BEGIN_DECLS

/* What the scheduler calls through DagschedRecorderFuncs, by name: for programs that have a plan and
 * records, but no scheduler. The contracts are those of run/dagsched-recorder-private.h. */

/* Takes @error. Any thread, once: the log can't be written any more. */
typedef void (*DagschedLogFailFunc) (gpointer data, GError *error);

/* FALSE if the writer belongs to a run already. */
gboolean dagsched_run_log_writer_claim (DagschedRunLogWriter *self);
/* @on_failure: (nullable) may be called until dagsched_run_log_writer_end(). */
gboolean dagsched_run_log_writer_begin (DagschedRunLogWriter *self,
                                        const DagschedLogHeader *header,
                                        const DagschedPlanView *plan,
                                        DagschedLogFailFunc on_failure,
                                        gpointer data,
                                        GError **error);
void
dagsched_run_log_writer_started (DagschedRunLogWriter *self, const DagschedTicket *ticket, gint64 time_ns);
void dagsched_run_log_writer_attempt (DagschedRunLogWriter *self,
                                      const DagschedAttemptRecord *record,
                                      gint64 *log_offset);
void dagsched_run_log_writer_finished (DagschedRunLogWriter *self, const DagschedFinishedRecord *record);
void dagsched_run_log_writer_paused (DagschedRunLogWriter *self, gint64 time_ns, gint64 paused_ns);
void dagsched_run_log_writer_end (DagschedRunLogWriter *self,
                                  DagschedVerdict verdict,
                                  const char *problem,
                                  gint64 time_ns);
gboolean dagsched_run_log_writer_load_output (DagschedRunLogWriter *self,
                                              gint64 log_offset,
                                              GBytes **standard_output,
                                              GBytes **standard_error);

G_END_DECLS
