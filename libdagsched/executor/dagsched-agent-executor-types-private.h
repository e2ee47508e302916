/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "executor/dagsched-agent-executor-private.h"
#include "executor/dagsched-agent-job-private.h"
#include "executor/dagsched-agent-link-private.h"
#include "executor/dagsched-agent-slot-private.h"

G_BEGIN_DECLS

/* What the files of the executor share: -dispatch.c sends attempts out and completes them, on any thread;
 * -loop.c is the I/O thread; the object itself opens and closes. */

/* A worker number: the slot process that serves it, and the attempt that it carries out. */
typedef struct
{
  GMutex lock;
  DagschedAgentSlot *slot; /* protected by lock; NULL while it is being replaced */
  DagschedAgentJob *job;   /* protected by lock: which; the job says who touches what of it */
  gboolean lost;           /* (I/O thread) the job went to the slot before this one */
} DagschedAgentLane;

struct _DagschedAgentExecutor
{
  GObject parent_instance;

  /* Read-only after open. */
  char *program;
  char *wanted_program;
  char **wrapper;
  char *artifacts;
  gboolean artifacts_are_temporary;
  gboolean stack_traces;
  guint64 output_limit;
  guint64 run_output_limit; /* 0: none */
  guint64 limits[DAGSCHED_N_LIMITS];
  DagschedEngine *engine;
  const DagschedPlanView *view;
  DagschedAgentLane *lanes;
  guint n_lanes;
  int epoll_fd;
  int wake_fd; /* readable once close() was called */
  GThread *thread;

  /* I/O thread (the model thread, before that is started). */
  DagschedEngineThread *engine_thread;
  DagschedAgentLink link;
  DagschedBuffer link_in;
  GHashTable *slots; /* number → DagschedAgentSlot; owned */
  guint64 last_number;
  guint n_restarts;
  guint n_losses; /* since an attempt finished */
  gboolean closing;

  gint broken; /* (atomic) no agent is left: nothing can be carried out */

  /* lock is taken with no other held, or inside a lane's. */
  GMutex lock;
  GHashTable *fixture_slots;  /* protected by lock: test → DagschedAgentSlot; not owned */
  GHashTable *fixture_values; /* protected by lock: test → GStrv */
  guint64 n_kept;             /* protected by lock: bytes of output, of all attempts that have finished */
};

/* Any thread: takes the job out of the lane, before it completes. */
DagschedAgentJob *dagsched_agent_lane_take_job (DagschedAgentLane *lane);
/* I/O thread: a job that was sent stays until that thread takes it out. */
DagschedAgentJob *dagsched_agent_lane_peek_job (DagschedAgentLane *lane);

/* Any thread: sends the lane's job to its slot, if there are both. */
void dagsched_agent_executor_serve (DagschedAgentExecutor *self,
                                    DagschedAgentLane *lane,
                                    DagschedEngineThread *thread);
char *dagsched_agent_executor_describe_broken (void);

/* DagschedExecutorFuncs */
void dagsched_agent_executor_start (gpointer user_data, DagschedAttemptHandle *attempt);
void dagsched_agent_executor_stop (gpointer user_data, const DagschedTicket *ticket, gboolean kill);
void dagsched_agent_executor_apply_pause (gpointer user_data);
gboolean dagsched_agent_executor_peek (gpointer user_data, guint32 test, DagschedOutputs *outputs);
void dagsched_agent_executor_release (gpointer user_data, guint32 fixture);

/* Before the I/O thread, or on it: starts an agent with a slot for each lane. */
gboolean dagsched_agent_executor_open_link (DagschedAgentExecutor *self, GError **error);
/* The I/O thread: runs until close() and until nothing is left of the agent. */
gpointer dagsched_agent_executor_serve_sockets (gpointer user_data);

G_END_DECLS
