/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "engine/dagsched-engine-private.h"
#include "executor/dagsched-capture-private.h"
#include "executor/dagsched-judge-private.h"
#include "executor/dagsched-message-private.h"
#include "model/dagsched-command-test.h"

G_BEGIN_DECLS

/* An attempt as the runner sees it, from its start to its result. Freed without having completed, it is
 * dropped. */
typedef struct
{
  DagschedAttemptHandle *attempt; /* until it is completed */

  /* Read-only after init. */
  const DagschedTicket *ticket; /* the handle's */
  guint64 id;
  DagschedCommandTest *test; /* the plan holds the reference */
  gint64 timeout_ns;
  gint64 grace_ns;
  gboolean stack_traces;
  guint64 output_limit;
  guint64 limits[DAGSCHED_N_LIMITS];
  gboolean is_fixture;
  char *artifacts;

  /* Protected by the lock of its lane. */
  gboolean sent;
  const char *program;         /* what is executed: the wrapper's, where there is one */
  gboolean stopped;            /* before it could be sent */
  DagschedCapture captures[2]; /* written by the I/O thread */

  /* I/O thread. */
  DagschedJudge *judge;
  gboolean finished;
  DagschedResult result; /* once it has finished */
  char **values;         /* what it handed on */
} DagschedAgentJob;

typedef struct
{
  gboolean stack_traces;
  guint64 output_limit; /* of tests that don't say */
  guint64 output_share; /* of all */
  const guint64 *limits;
  const char *artifacts; /* directory that those of attempts are made in */
} DagschedAgentJobParams;

/* @attempt: (transfer full) */
DagschedAgentJob *dagsched_agent_job_new (const DagschedPlanView *view,
                                          DagschedAttemptHandle *attempt,
                                          const DagschedAgentJobParams *params);
void dagsched_agent_job_free (DagschedAgentJob *self);
/* Both complete the attempt, and free the job: with its result, or with another, which takes @reason. The job
 * is in no lane any more. */
void dagsched_agent_job_complete (DagschedAgentJob *self, DagschedEngineThread *thread);
void dagsched_agent_job_complete_as (DagschedAgentJob *self,
                                     DagschedEngineThread *thread,
                                     DagschedOutcome outcome,
                                     char *reason);
/* What its slot is sent. @values: what the fixtures of the test handed on. The strings stay the job's and
 * the callers'; clear with dagsched_run_message_clear() and free what is in @owned. */
void dagsched_agent_job_describe (DagschedAgentJob *self,
                                  const char *const *wrapper,
                                  GPtrArray *values,
                                  DagschedRunMessage *message,
                                  GPtrArray *owned);
/* Under the lock of its lane, as the next two. Bytes that it has written to that stream until now. */
guint64 dagsched_agent_job_take_output (DagschedAgentJob *self, const DagschedOutputMessage *message);
void dagsched_agent_job_peek_outputs (DagschedAgentJob *self, DagschedOutputs *outputs);
void dagsched_agent_job_end_output (DagschedAgentJob *self);
/* Sets the rest of the result. */
void dagsched_agent_job_finish (DagschedAgentJob *self, const DagschedFinishedMessage *message);

G_END_DECLS
