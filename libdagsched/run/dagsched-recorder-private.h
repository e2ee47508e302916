/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "engine/dagsched-engine-private.h"
#include "run/dagsched-scheduler.h"

G_BEGIN_DECLS

/* A lossless observer of a run: the run log. Its functions but begin are called on whichever thread
 * completes an attempt (several at once: lock inside), before the dependents' counters fall. They
 * must not call back into the scheduler but for dagsched_scheduler_fail(). */

typedef struct
{
  guint32 test; /* number in the plan: position in dagsched_run_get_tests() */
  DagschedOutcome outcome;
  DagschedFlags flags;
  const char *reason; /* (nullable) */
  guint32 blocked_by; /* DAGSCHED_NO_TEST, or the dependency whose condition did not hold */
  guint32 n_attempts;
  gint64 time_ns;      /* since the start of the run */
  gboolean is_earlier; /* an earlier run came to it, from which this one goes on */
} DagschedFinishedRecord;

typedef struct
{
  /* Model thread, once the plan stands, before anything starts. FALSE: the run does not start. */
  gboolean (*begin) (gpointer self, DagschedScheduler *scheduler, GError **error);
  void (*started) (gpointer self, const DagschedTicket *ticket, gint64 time_ns);
  /* Attempts of an earlier run, from which this one goes on, are told of before anything starts.
   * @record: the output may be taken away after this when *log_offset is set to something ≥ 0. */
  void (*attempt) (gpointer self, const DagschedAttemptRecord *record, gint64 *log_offset);
  void (*finished) (gpointer self, const DagschedFinishedRecord *record);
  /* After the last outcome; any thread. */
  void (*end) (gpointer self, DagschedVerdict verdict, const char *problem, gint64 time_ns);
  /* Reads output back that attempt() took. Model thread. */
  gboolean (*load_output) (gpointer self,
                           gint64 log_offset,
                           GBytes **standard_output,
                           GBytes **standard_error);
  /* (nullable) The run was paused (@paused_ns is -1), or goes on after so long a time that does not count. */
  void (*paused) (gpointer self, gint64 time_ns, gint64 paused_ns);
} DagschedRecorderFuncs;

/* Before the run. @self must outlive the scheduler's run. At most one may take output (return offsets). */
void dagsched_scheduler_add_recorder (DagschedScheduler *scheduler,
                                      const DagschedRecorderFuncs *funcs,
                                      gpointer self);
/* Any thread: something that the run can't do without is gone (the log can't be written): no further
 * test starts, running ones are stopped, the verdict is INCOMPLETE. From the recorder's begin() on until its
 * end() has returned: the scheduler may be gone after that. Takes @error. */
void dagsched_scheduler_fail (DagschedScheduler *scheduler, GError *error);

G_END_DECLS
