/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

#include "model/dagsched-attempt.h"
#include "store/dagsched-log-parse-private.h"

G_BEGIN_DECLS

/* All that a run log says, in memory: but large outputs, which stay in the file. */

#define DAGSCHED_LOG_LARGE_OUTPUT (16 * 1024) /* bytes of a line from which on they do */

typedef struct
{
  guint32 number;
  guint32 worker;
  double start;
  double duration;
  gboolean will_retry;
  gint64 offset; /* of the line where the output is; -1: in result */
  DagschedResult result;
} DagschedLogAttempt;

typedef struct
{
  DagschedTest *test;
  GArray *dependencies; /* (nullable) of DagschedLogDependency */
  GArray *attempts;     /* (nullable) of DagschedLogAttempt */

  gboolean is_started;
  gboolean is_finished;
  DagschedResult end; /* outcome, flags and reason */
  guint32 blocked_by; /* G_MAXUINT32: none */
  guint32 n_attempts;
} DagschedLogTest;

typedef struct
{
  DagschedLogLineKind kind; /* STARTED, ATTEMPT, FINISHED */
  guint32 test;
  guint32 attempt; /* STARTED: its number; ATTEMPT: index into attempts */
  guint32 worker;
  double time;
} DagschedLogEvent;

typedef struct
{
  GFile *file;
  char *name; /* (nullable) */
  gint64 started_at;
  guint32 n_workers;
  guint32 n_announced; /* tests, by the header */

  GArray *tests;  /* of DagschedLogTest */
  GArray *events; /* of DagschedLogEvent */

  guint32 *first_dependent; /* n tests + 1 */
  guint32 *dependents;

  gboolean has_end;
  double elapsed; /* of the end, else of the last event */
  DagschedVerdict verdict;
  char *problem; /* (nullable) */

  GPtrArray *warnings; /* NULL-terminated */
} DagschedLogContent;

DagschedLogContent *dagsched_log_content_load (GFile *file, GError **error);
void dagsched_log_content_free (DagschedLogContent *self);
DagschedLogTest *dagsched_log_content_get_test (DagschedLogContent *self, guint32 number);
/* An object for one attempt, with its output, which may have to be read. */
DagschedAttempt *dagsched_log_content_make_attempt (DagschedLogContent *self, DagschedLogAttempt *attempt);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DagschedLogContent, dagsched_log_content_free)

G_END_DECLS
