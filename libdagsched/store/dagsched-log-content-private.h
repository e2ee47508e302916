/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

#include "model/dagsched-attempt.h"
#include "store/dagsched-log-parse-private.h"

G_BEGIN_DECLS

/* All that a run log says, in memory: but large outputs, which stay in the file. */

#define DAGSCHED_LOG_LARGE_OUTPUT (16 * 1024) /* bytes of a line from which on they do */

#define DAGSCHED_LOG_NONE G_MAXUINT32 /* no test, no attempt */

typedef struct
{
  guint32 number;
  guint32 worker;
  guint32 previous; /* attempt of the same test */
  double start;
  double duration;
  gboolean will_retry;
  gint64 offset; /* of the line where the output is; -1: in result */
  DagschedResult result;
} DagschedLogAttempt;

typedef struct
{
  DagschedTest *test;
  guint32 first_dependency;
  guint32 n_dependencies;
  guint32 last_attempt;

  gboolean is_started;
  gboolean is_finished;
  DagschedResult end; /* outcome, flags and reason */
  guint32 blocked_by;
  guint32 n_attempts;
} DagschedLogTest;

typedef struct
{
  DagschedLogLineKind kind; /* STARTED, ATTEMPT, FINISHED */
  guint32 test;
  guint32 attempt; /* STARTED: its number; ATTEMPT: which of the content's */
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
  guint32 n_missing;   /* of those that are there: their lines are damaged */

  /* A few large arrays: allocations for each of many tests would take longer than their lines. */
  GArray *tests;        /* of DagschedLogTest */
  GArray *dependencies; /* of DagschedLogDependency: those of one test after those of the other */
  GArray *attempts;     /* of DagschedLogAttempt, in the order of their lines */
  GArray *events;       /* of DagschedLogEvent */

  guint32 *first_dependent; /* n tests + 1 */
  guint32 *dependents;

  gboolean has_end;
  double elapsed; /* of the end, else of the last event */
  DagschedVerdict verdict;
  char *problem; /* (nullable) */

  GPtrArray *warnings; /* NULL-terminated */
} DagschedLogContent;

/* @cancellable: (nullable) asked for each block of the file. */
DagschedLogContent *dagsched_log_content_load (GFile *file, GCancellable *cancellable, GError **error);
void dagsched_log_content_free (DagschedLogContent *self);
/* NULL: there is none of that number. */
DagschedLogTest *dagsched_log_content_get_test (DagschedLogContent *self, guint32 number);
DagschedLogAttempt *dagsched_log_content_get_attempt (DagschedLogContent *self, guint32 index);
/* @index: less than n_dependencies. */
const DagschedLogDependency *
dagsched_log_content_get_dependency (DagschedLogContent *self, const DagschedLogTest *test, guint32 index);
/* An object for one attempt, with its output, which may have to be read. */
DagschedAttempt *dagsched_log_content_make_attempt (DagschedLogContent *self, DagschedLogAttempt *attempt);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DagschedLogContent, dagsched_log_content_free)

G_END_DECLS
