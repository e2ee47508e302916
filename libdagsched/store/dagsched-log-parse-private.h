/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

#include "base/dagsched-enums.h"
#include "base/dagsched-result-private.h"
#include "model/dagsched-test.h"

G_BEGIN_DECLS

/* Reads lines of a run log. Members that it does not know, or that have another type than they
 * should, are passed over as if they were not there. */

typedef enum
{
  DAGSCHED_LOG_LINE_UNKNOWN, /* of a later version */
  DAGSCHED_LOG_LINE_HEADER,
  DAGSCHED_LOG_LINE_TEST,
  DAGSCHED_LOG_LINE_STARTED,
  DAGSCHED_LOG_LINE_ATTEMPT,
  DAGSCHED_LOG_LINE_FINISHED,
  DAGSCHED_LOG_LINE_END,
} DagschedLogLineKind;

typedef struct
{
  guint32 number;
  DagschedCondition condition;
} DagschedLogDependency;

typedef struct
{
  DagschedLogLineKind kind;

  /* HEADER */
  gint64 version;
  char *name;        /* (nullable) */
  gint64 started_at; /* µs since 1970; 0: not known */
  guint32 n_tests;
  guint32 n_workers;

  /* TEST, STARTED, ATTEMPT, FINISHED; G_MAXUINT32: none */
  guint32 number;

  /* TEST */
  DagschedTest *test;
  GArray *dependencies; /* of DagschedLogDependency */

  /* STARTED, ATTEMPT, FINISHED, END */
  double time;

  /* STARTED, ATTEMPT: which; FINISHED: how many */
  guint32 attempt;
  guint32 worker;

  /* ATTEMPT; outcome, flags and reason also FINISHED */
  DagschedResult result;
  double start;
  double duration;
  gboolean will_retry;

  /* FINISHED; G_MAXUINT32: none */
  guint32 blocked_by;

  /* END */
  DagschedVerdict verdict;
  char *problem; /* (nullable) */
} DagschedLogLine;

/* FALSE with DAGSCHED_ERROR_PARSE: it is no JSON object. Clear @line in any case but that one. */
gboolean dagsched_log_parse_line (const char *data, gsize length, DagschedLogLine *line, GError **error);
/* The same, whatever the line, by json-glib. */
gboolean dagsched_log_parse_json (const char *data, gsize length, DagschedLogLine *line, GError **error);
/* What a line says that says nothing but its kind. */
void dagsched_log_line_init (DagschedLogLine *line, DagschedLogLineKind kind);
void dagsched_log_line_clear (DagschedLogLine *line);

/* The output in the line of an attempt. */
gboolean dagsched_log_parse_output (GBytes *line, GBytes **standard_output, GBytes **standard_error);

G_END_DECLS
