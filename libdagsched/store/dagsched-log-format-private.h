/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "run/dagsched-options-private.h"
#include "run/dagsched-recorder-private.h"

G_BEGIN_DECLS

/* The lines of a run log, version 1, as data/schemas/run-log-1.schema.json describes them. Each
 * appends one whole line with its newline. The first four are for the model thread, as they read
 * objects; the others for any. */

#define DAGSCHED_LOG_VERSION 1

typedef struct
{
  const char *name;  /* (nullable) of the suite */
  gint64 started_at; /* µs since 1970 */
  guint n_tests;
  guint n_workers;
  guint n_earlier; /* tests that an earlier run finished, from which this one goes on */
  const DagschedOptionsView *options;
} DagschedLogHeader;

void dagsched_log_format_header (GString *line, const DagschedLogHeader *header);
/* @plan: for the dependencies of test @number; @test may be any test. */
void dagsched_log_format_test (GString *line, const DagschedPlanView *plan, guint32 number);

/* The line of a test without its dependencies. Model thread too. */
void dagsched_log_format_settings (GString *line, guint32 number, DagschedTest *test);

void dagsched_log_format_started (GString *line, const DagschedTicket *ticket, gint64 time_ns);
void dagsched_log_format_attempt (GString *line, const DagschedAttemptRecord *record);
void dagsched_log_format_finished (GString *line, const DagschedFinishedRecord *record);
/* @paused_ns: -1: it begins */
void dagsched_log_format_pause (GString *line, gint64 time_ns, gint64 paused_ns);

typedef struct
{
  DagschedVerdict verdict;
  const char *problem; /* (nullable) */
  guint counts[DAGSCHED_N_OUTCOMES];
  gint64 time_ns;
} DagschedLogEnd;

void dagsched_log_format_end (GString *line, const DagschedLogEnd *end);

/* A value of DagschedFlags as words of the format: "flaky", "leaked", "truncated". */
const char *dagsched_log_flag_to_string (guint bit);
#define DAGSCHED_LOG_N_FLAGS 3

/* Whether a file that begins with @data is a run log. */
gboolean dagsched_log_is_header (const char *data, gsize length);

G_END_DECLS
