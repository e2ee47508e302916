/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <dagsched.h>

#include "engine/dagsched-engine-private.h"
#include "executor/dagsched-agent-executor-private.h"

/* An engine that starts what a test tells it to, and keeps what comes back. Its functions stand in for
 * those of the real one. */
typedef struct
{
  DagschedGraph *graph;
  DagschedPlan *plan;
  DagschedExecutor *executor;
  const DagschedExecutorFuncs *funcs;
  GAsyncQueue *completions; /* of FakeCompletion */
  GMutex lock;
  GCond cond;
  GString *output;  /* protected by lock: what came live */
  guint n_released; /* protected by lock */
  GError *error;    /* protected by lock: of dagsched_engine_fail() */
  guint32 generation;
  gint n_handles; /* (atomic) that the executor has */
  gint paused;    /* (atomic) */
} FakeEngine;

typedef struct
{
  DagschedTicket ticket;
  DagschedResult result;
} FakeCompletion;

FakeEngine *fake_engine_new (void);
/* Before open. */
DagschedCommandTest *fake_engine_add (FakeEngine *self, const char *name, const char *script);
void fake_engine_open (FakeEngine *self, guint n_lanes, const DagschedAgentParams *params);
DagschedTicket fake_engine_start (FakeEngine *self, const char *name, guint lane);
FakeCompletion *fake_engine_wait (FakeEngine *self);
void fake_engine_set_paused (FakeEngine *self, gboolean paused);
/* Both, on lane 0. */
FakeCompletion *fake_engine_run (FakeEngine *self, const char *name);
guint32 fake_engine_lookup (FakeEngine *self, const char *name);
/* Waits until @text has come as live output. */
void fake_engine_await_output (FakeEngine *self, const char *text);
void fake_engine_clear_output (FakeEngine *self);
/* Waits until the executor has said so often that a fixture is gone. */
void fake_engine_await_released (FakeEngine *self, guint n_released);
GError *fake_engine_await_error (FakeEngine *self);
void fake_engine_free (FakeEngine *self);
void fake_completion_free (FakeCompletion *self);
/* Standard output or error as a string; "" for none. */
char *fake_completion_dup_output (FakeCompletion *self, gboolean is_error);

/* Processes are found by an argument that no other process has. */
char *make_mark (void);
guint count_marked (const char *mark);
void assert_result (FakeCompletion *completion, DagschedOutcome outcome, const char *reason);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FakeEngine, fake_engine_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FakeCompletion, fake_completion_free)
