/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "run/dagsched-run-private.h"
#include "store/dagsched-log-content-private.h"
#include "store/dagsched-run-log.h"

G_BEGIN_DECLS

/* What the files of DagschedRunLog share: -replay.c carries the run out again, the object itself reads
 * it and answers. */

struct _DagschedRunLog
{
  GObject parent_instance;

  DagschedLogContent *content;
  GListStore *tests;
  GListStore *workers;
  GHashTable *numbers; /* DagschedTest → its number */

  guint32 *n_waited;   /* of each test: dependencies that have not finished */
  guint32 *last_shown; /* of each test: the attempt that ended last; DAGSCHED_LOG_NONE */
  double *busy;        /* of each worker: seconds */
  guint n_in_state[DAGSCHED_STATE_FINISHED + 1];
  guint n_with_outcome[DAGSCHED_N_OUTCOMES];
  double elapsed;
  DagschedVerdict verdict;
  const char *problem; /* (nullable) of the content, or static */
  DagschedRunSeen seen;

  guint n_replayed; /* events */
  gboolean has_begun;
  gboolean has_ended;
  gboolean is_moving; /* rewind() or advance() is under way */

  GArray *changed; /* of guint32: the tests that changed since tests-changed */
  guint32 *noted;  /* of each test: the last batch that has it among them */
  guint32 batch;
  gboolean wants_changes;
};

/* As before it started: emits nothing but what changes of the tests. */
void dagsched_run_log_reset (DagschedRunLog *self);

G_END_DECLS
