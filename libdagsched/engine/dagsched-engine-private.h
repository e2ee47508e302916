/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

#include "base/dagsched-output-private.h"
#include "base/dagsched-result-private.h"
#include "engine/dagsched-histogram-private.h"
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

/* One attempt, in the hands of an executor: whoever has it answers for that attempt, alone. It keeps the
 * engine, and comes to its end in one of two ways: the attempt is completed, or dropped. */
typedef struct _DagschedAttemptHandle DagschedAttemptHandle;

/* What an executor is to the engine. All but open and close may be called from any thread that
 * completes attempts, never under a lock of the engine. A lane's start is never called before its
 * previous attempt was completed. */
typedef struct
{
  /* Model thread, before the run. FALSE: nothing can run; the run ends at once with @error. */
  gboolean (*open) (gpointer self, DagschedEngine *engine, guint n_lanes, GError **error);
  /* Carries the attempt out: returns at once, completes later from any thread (or from inside start).
   * @attempt: (transfer full) */
  void (*start) (gpointer self, DagschedAttemptHandle *attempt);
  /* Ends an attempt early: the test's signal, grace, SIGKILL; with @kill SIGKILL at once. It
   * completes as CANCELLED, unless it had ended by itself. May be called for an attempt that has completed,
   * or was dropped. */
  void (*stop) (gpointer self, const DagschedTicket *ticket, gboolean kill);
  /* (nullable) Model thread: what the running attempt of @test has written so far. FALSE: none is running, and
   * @outputs, which is empty, stays so. */
  gboolean (*peek) (gpointer self, guint32 test, DagschedOutputs *outputs);
  /* (nullable) Whether the engine is paused may have changed, or changes just now: while it is
   * (dagsched_engine_is_paused()), what runs is to stand still, time-outs too, and nothing that start() is called for
   * begins. Several threads at once. */
  void (*apply_pause) (gpointer self);
  /* Nobody needs the fixture any more: end what it left running, and call dagsched_engine_released() once
   * nothing is left (from inside, if there is nothing). Called once for each fixture that ran. */
  void (*release) (gpointer self, guint32 fixture);
  /* Model thread, after the last completion: stops threads and processes, and waits for them. */
  void (*close) (gpointer self);
} DagschedExecutorFuncs;

/* For executors. @thread NULL: a thread that was not attached (slower: they share one). */
DagschedEngineThread *dagsched_engine_attach (DagschedEngine *engine);
const DagschedPlanView *dagsched_engine_get_view (DagschedEngine *engine);
/* Borrowed from the handle. */
const DagschedTicket *dagsched_attempt_handle_get_ticket (DagschedAttemptHandle *self);
/* Any thread, with no lock held that stop() or release() take. Takes @self, and the contents of @result. */
void dagsched_attempt_handle_complete (DagschedAttemptHandle *self,
                                       DagschedEngineThread *thread,
                                       DagschedResult *result);
/* The same, without a result: nobody knows what became of the attempt, and nobody ever will. Its test does
 * not finish, what it took is not given back; once nothing else runs or is delayed, that is a stall. */
void dagsched_attempt_handle_drop (DagschedAttemptHandle *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DagschedAttemptHandle, dagsched_attempt_handle_drop)
/* What release() was called for is done. */
void dagsched_engine_released (DagschedEngine *engine, DagschedEngineThread *thread, guint32 fixture);
/* Live output, lossy: for those who watch. @n_written: bytes of that stream by the end of @data. */
void dagsched_engine_output (DagschedEngine *engine,
                             DagschedEngineThread *thread,
                             const DagschedTicket *ticket,
                             gboolean is_error,
                             const char *data,
                             gsize length,
                             guint64 n_written);
/* The executor can't go on (no agent can be started): no further test starts. Takes @error. */
void dagsched_engine_fail (DagschedEngine *engine, GError *error);

/* One attempt, as it stands in the lossless record. Written by the completing thread, immutable
 * once published; lives as long as the engine. Of one that plainly passed there are only copies. */
typedef struct _DagschedAttemptRecord DagschedAttemptRecord;
struct _DagschedAttemptRecord
{
  const DagschedAttemptRecord *previous; /* earlier attempt of the same test */
  DagschedResult *result;                /* its output may have been dropped: see log_offset */
  gint64 start_ns;                       /* since the start of the run; 0 without timestamps */
  gint64 end_ns;
  gint64 log_offset; /* -1: the output is in result; else it is in the log's line at this offset */
  guint32 test;
  guint32 attempt;
  guint32 lane;
  guint8 outcome; /* final outcome of the attempt: expected failures are applied */
  guint8 will_retry;
};

/* A test that has its outcome before the run starts: from the run that this one goes on with. */
typedef struct
{
  guint32 test;
  DagschedOutcome outcome;
  DagschedFlags flags;
  DagschedAttemptRecord *last; /* its last attempt, and by that those before; lives as long as the engine */
} DagschedEarlierTest;

/* How a run is to be carried out. */
typedef struct
{
  guint n_lanes; /* ≥ 1 */
  gboolean enable_work_stealing;
  guint work_stealing_threshold; /* ≥ 1 */
  guint max_spurious_wakeups;
  gboolean pin_workers;
  guint max_failures; /* 0: no limit */
  gint64 max_time_ns; /* 0: no limit */
  gint64 elapsed_ns; /* that the run has been going on for when it starts: all times count from before that */
  guint ring_capacity; /* events a thread; a power of two */
  /* Each attempt leaves a record with its times. If not, those that leave one have none, and those of
   * functions that plainly passed leave none. */
  gboolean timestamps;
} DagschedEngineParams;

/* What the engine tells its owner. Called on whichever thread it happens on, with no lock held. */
typedef struct
{
  /* The lossless path: before any dependent is counted down. (nullable) */
  void (*started) (gpointer data, const DagschedTicket *ticket, gint64 time_ns);
  void (*attempt) (gpointer data, DagschedAttemptRecord *record);
  void (*finished) (gpointer data, guint32 test, gint64 time_ns);
  /* Not nullable from here on. The last outcome stands. Once. */
  void (*ended) (gpointer data);
  /* The lossy path: the first event since a drain is in a ring. */
  void (*armed) (gpointer data);
  gboolean (*wants_output) (gpointer data, guint32 test);
  /* (nullable) carries a function out in place of what the plan has for it: tests of the engine do. TRUE: it
   * passed, and there is nothing else to say; then @result is as it was. */
  gboolean (*execute) (gpointer data,
                       const DagschedTicket *ticket,
                       GCancellable *cancellable,
                       DagschedResult *result);
  /* The engine is gone: nothing is called any more. */
  void (*freed) (gpointer data);
  /* (nullable) The run was paused (@paused_ns is -1), or goes on after so long a time that does not count. */
  void (*paused) (gpointer data, gint64 time_ns, gint64 paused_ns);
} DagschedEngineHooks;

/* @view must live until hooks->freed. */
DagschedEngine *dagsched_engine_new (const DagschedPlanView *view,
                                     const DagschedEngineParams *params,
                                     const DagschedEngineHooks *hooks,
                                     gpointer data);
/* Before the start; for DAGSCHED_KIND_PROCESS. */
void
dagsched_engine_set_executor (DagschedEngine *engine, const DagschedExecutorFuncs *funcs, gpointer executor);
/* Before the start: those that ended first come first. hooks->finished tells of each, in that order, before anything
 * starts; nothing else does. */
void dagsched_engine_take (DagschedEngine *engine, const DagschedEarlierTest *tests, guint n_tests);
gboolean dagsched_engine_start (DagschedEngine *engine, GError **error);
/* After it ended: stops and joins the threads, closes the executor. Model thread. */
void dagsched_engine_close (DagschedEngine *engine);
void dagsched_engine_unref (DagschedEngine *engine);

typedef enum
{
  DAGSCHED_CLOSING_NO,
  DAGSCHED_CLOSING_SOFT, /* nothing new starts; what runs goes on */
  DAGSCHED_CLOSING_STOP, /* what runs is stopped as well, but for cleanups */
  DAGSCHED_CLOSING_KILL, /* cleanups too, and at once */
} DagschedClosing;

/* No further test starts, but for cleanups of fixtures that ran. Any thread. The first reason stays. */
void dagsched_engine_cancel (DagschedEngine *engine, DagschedClosing closing, const char *reason);

/* Nothing starts until it is resumed, nothing becomes due, and the time of the run stands; processes stand still.
 * Functions run on. FALSE: it was paused already, or has ended. Any thread. */
gboolean dagsched_engine_pause (DagschedEngine *engine);
/* FALSE: it was not paused. (What stops running tests resumes by itself.) */
gboolean dagsched_engine_resume (DagschedEngine *engine);
/* For executors too. */
gboolean dagsched_engine_is_paused (DagschedEngine *engine);

/* What stands of a test; any thread. Outcome, flags and blocked_by once its state is FINISHED. */
DagschedState dagsched_engine_get_state (DagschedEngine *engine, guint32 test);
DagschedOutcome dagsched_engine_get_outcome (DagschedEngine *engine, guint32 test);
DagschedFlags dagsched_engine_get_flags (DagschedEngine *engine, guint32 test);
guint32 dagsched_engine_get_blocked_by (DagschedEngine *engine, guint32 test);
guint dagsched_engine_get_n_attempts (DagschedEngine *engine, guint32 test);
/* A copy, of which the result is borrowed. FALSE: there is none. */
gboolean
dagsched_engine_get_last_attempt (DagschedEngine *engine, guint32 test, DagschedAttemptRecord *record);
/* The same for an event without a record, or from its hook. */
void dagsched_engine_get_plain_attempt (DagschedEngine *engine, guint32 test, DagschedAttemptRecord *record);
/* (nullable) why it has its outcome; free it. */
char *dagsched_engine_dup_reason (DagschedEngine *engine, guint32 test);

/* See peek(). Model thread, until the engine is closed. */
gboolean dagsched_engine_peek (DagschedEngine *engine, guint32 test, DagschedOutputs *outputs);

/* What a test that neither runs nor has finished waits for: "db/start", "2 slots (1 free)". Free it. Any thread. */
char *dagsched_engine_dup_obstacle (DagschedEngine *engine, guint32 test);

gboolean dagsched_engine_has_ended (DagschedEngine *engine);
/* (nullable) why the run was cut short. Once ended: borrowed. @error: of dagsched_engine_fail() or a stall. */
const char *dagsched_engine_get_problem (DagschedEngine *engine, const GError **error);
/* (nullable) what each test that remained waited for, if the run has stalled. Once ended: borrowed. */
const char *dagsched_engine_get_stall (DagschedEngine *engine);
gint64 dagsched_engine_get_elapsed_ns (DagschedEngine *engine);

/* A lane, as a moment shows it. Any thread. */
typedef struct
{
  DagschedWorkerState state;
  guint32 test; /* DAGSCHED_NO_TEST: none */
  gint64 busy_ns;
} DagschedLaneView;
void dagsched_engine_look_at_lane (DagschedEngine *engine, guint32 lane, DagschedLaneView *view);

/* Counters, summed over all threads. Any thread. */
typedef struct
{
  guint64 n_wakeups_injected;
  guint64 n_wakeups_stolen;
  guint64 n_wakeups_ready;
  guint64 n_wakeups_released;
  guint64 n_wakeups_spurious;
  guint64 n_parks;
  guint64 n_steals_tried;
  guint64 n_steals_won;
  guint64 n_tests_stolen;
  guint64 n_injected;
  guint64 n_lapses;
  DagschedHistogramView start_latency;
  DagschedHistogramView wake_latency;
} DagschedCounters;
void dagsched_engine_count (DagschedEngine *engine, DagschedCounters *counters);

/* The consumer of the rings; one thread. Oldest first. @lapsed: events were lost, look at the states; only
 * told of when everything was drained. */
typedef enum
{
  DAGSCHED_DRAIN_EMPTY,
  DAGSCHED_DRAIN_MORE, /* the budget was used up */
} DagschedDrain;
struct _DagschedEvent;
typedef void (*DagschedEventFunc) (gpointer data, const struct _DagschedEvent *event);
DagschedDrain dagsched_engine_drain (DagschedEngine *engine,
                                     gint64 budget_ns,
                                     DagschedEventFunc func,
                                     gpointer data,
                                     guint *n_drained,
                                     gboolean *lapsed);

G_END_DECLS
