/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/dagsched-result-private.h"
#include "plan/dagsched-plan-private.h"

G_BEGIN_DECLS

/* The engine: carries out a plan. Numbers in, numbers out; it never touches a GObject. */
typedef struct _DagschedEngine DagschedEngine;

/* A thread that completes attempts: it owns an attempt table and an event ring. */
typedef struct _DagschedEngineThread DagschedEngineThread;

/* Names one attempt. Plain data. */
typedef struct
{
  guint32 test;
  guint32 generation; /* differs for each start of the test; late results carry an old one */
  guint32 attempt;    /* 1…: as users count; a lost attempt keeps its number when it runs again */
  guint32 lane;       /* worker number, < n_lanes; no two attempts hold one at a time */
} DagschedTicket;

/* What an executor is to the engine. All but open and close may be called from any thread that
 * completes attempts, never under a lock of the engine. A lane's start is never called before its
 * previous attempt was completed. */
typedef struct
{
  /* Model thread, before the run. FALSE: nothing can run; the run ends at once with @error. */
  gboolean (*open) (gpointer self, DagschedEngine *engine, guint n_lanes, GError **error);
  /* Carries the attempt out: returns at once, completes later from any thread (or from inside start). */
  void (*start) (gpointer self, const DagschedTicket *ticket);
  /* Ends an attempt early: the test's signal, grace, SIGKILL; with @kill SIGKILL at once. It
   * completes as CANCELLED, unless it had ended by itself. May be called for an attempt that has completed. */
  void (*stop) (gpointer self, const DagschedTicket *ticket, gboolean kill);
  /* Nobody needs the fixture any more: end what it left running. Called once for each fixture that ran. */
  void (*release) (gpointer self, guint32 fixture);
  /* Model thread, after the last completion: stops threads and processes, and waits for them. */
  void (*close) (gpointer self);
} DagschedExecutorFuncs;

/* For executors. @thread NULL: a thread that was not attached (slower: they share one). */
DagschedEngineThread *dagsched_engine_attach (DagschedEngine *engine);
const DagschedPlanView *dagsched_engine_get_view (DagschedEngine *engine);
/* Takes the contents of @result. The first completion of a ticket counts, others are dropped. */
void dagsched_engine_complete (DagschedEngine *engine,
                               DagschedEngineThread *thread,
                               const DagschedTicket *ticket,
                               DagschedResult *result);
/* Live output, lossy: for those who watch. */
void dagsched_engine_output (DagschedEngine *engine,
                             DagschedEngineThread *thread,
                             const DagschedTicket *ticket,
                             gboolean is_error,
                             const char *data,
                             gsize length);
/* The executor can't go on (no agent can be started): no further test starts. Takes @error. */
void dagsched_engine_fail (DagschedEngine *engine, GError *error);

/* One attempt, as it stands in the lossless record. Written by the completing thread, immutable
 * once published; lives as long as the engine. */
typedef struct _DagschedAttemptRecord DagschedAttemptRecord;
struct _DagschedAttemptRecord
{
  const DagschedAttemptRecord *previous; /* earlier attempt of the same test */
  guint32 test;
  guint32 attempt;
  guint32 lane;
  guint8 outcome; /* final outcome of the attempt: expected failures are applied */
  guint8 will_retry;
  gint64 start_ns; /* since the start of the run */
  gint64 end_ns;
  DagschedResult result; /* its output may have been dropped: see output_offset */
  gint64 log_offset;     /* -1: the output is in result; else it is in the log's line at this offset */
};

G_END_DECLS
