/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <dagsched.h>

#include "run-options.h"

G_BEGIN_DECLS

/* All that tells of a run: reporters, the run log, and the log's lines on standard output. */
typedef struct _RunReports RunReports;

/* Opens everything. @rerun_command: how to run the same tests again. FALSE: something can't be
 * written, which has been printed; the run should not start. */
RunReports *
run_reports_new (const ReportOptions *options, DagschedScheduler *scheduler, const char *rerun_command);
void run_reports_free (RunReports *self);

/* Tells people something during the run: by their report if it paints a terminal, which must not be
 * torn, else as any message. */
void run_reports_note (RunReports *self, const char *format, ...) G_GNUC_PRINTF (2, 3);

/* (nullable) Where the log is written. */
const char *run_reports_get_log_path (RunReports *self);

/* Completes everything after the run, and says why that could not be completed, if so: @problem
 * (nullable). FALSE: something that was asked for could not be written. */
gboolean run_reports_end (RunReports *self, const GError *problem);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RunReports, run_reports_free)

G_END_DECLS
