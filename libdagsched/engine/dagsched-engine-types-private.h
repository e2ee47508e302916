/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "engine/dagsched-admission-private.h"
#include "engine/dagsched-deadlines-private.h"
#include "engine/dagsched-deque-private.h"
#include "engine/dagsched-engine-private.h"
#include "engine/dagsched-parking-lot-private.h"
#include "engine/dagsched-record-private.h"
#include "engine/dagsched-event-ring-private.h"
#include "engine/dagsched-tracker-private.h"

G_BEGIN_DECLS

/* The inside of the engine, for its own files. Lock order: none is ever taken while another is held,
 * but for the parking lot's own. */

#define DAGSCHED_DEQUE_CAPACITY 8192
#define DAGSCHED_MAX_LOST 3

/* Counters of one thread: written by it, read by anyone (relaxed). */
typedef struct
{
  _Atomic guint64 n_wakeups_injected;
  _Atomic guint64 n_wakeups_stolen;
  _Atomic guint64 n_wakeups_assigned;
  _Atomic guint64 n_wakeups_spurious;
  _Atomic guint64 n_parks;
  _Atomic guint64 n_steals_tried;
  _Atomic guint64 n_steals_won;
  _Atomic guint64 n_tests_stolen;
  _Atomic guint64 n_injected;
  _Atomic guint64 n_lapses;
} DagschedThreadCounters;

/* The owner alone writes: no read-modify-write is needed. */
#define DAGSCHED_COUNT(counter, n)                                                                           \
  dagsched_store_relaxed (&(counter), dagsched_load_relaxed (&(counter)) + (n))

typedef enum
{
  DAGSCHED_LANE_STOP_NO,
  DAGSCHED_LANE_STOP_TIMED_OUT,
  DAGSCHED_LANE_STOP_CANCELLED,
} DagschedLaneStop;

/* One lane of concurrency; for functions it has a thread. */
typedef struct
{
  DagschedEngine *engine; /* read-only */
  guint32 number;         /* read-only */
  DagschedParker parker;
  DagschedDeque deque; /* with stealing: owned by the lane's thread of the moment */

  /* Protected by the engine's lock (ordered queue). */
  gboolean occupied;
  DagschedTicket ticket; /* what occupies it */

  DagschedTicket assigned; /* written before the parker is notified, read after */

  /* Of the function that runs: 0, or its test + 1 in the upper half and its generation in the lower. */
  _Atomic guint64 current;
  _Atomic guint32 attempt;   /* the number of that attempt */
  _Atomic guint n_stoppers;  /* who is about to look at current in order to stop it */
  GMutex stop_lock;          /* protects the next four */
  guint64 stopped;           /* the value of current that was told to stop */
  DagschedLaneStop stop;     /* why */
  gint64 give_up_ns;         /* when its thread is written off */
  GCancellable *cancellable; /* the thread's own reference: it keeps it when it is written off */

  GThread *thread; /* protected by the engine's threads_lock */

  _Atomic guint8 state;         /* DagschedWorkerState, for those who watch */
  _Atomic guint32 shown;        /* the test it carries out, for those who watch */
  _Atomic gint64 busy_ns;       /* of attempts that ended */
  _Atomic gint64 running_since; /* 0: nothing runs */
} DagschedLane;

struct _DagschedEngineThread
{
  DagschedEngine *engine;
  GThread *thread;    /* whose it is, for those that were not attached; else NULL */
  DagschedLane *lane; /* NULL: not a lane's */
  DagschedEventRing ring;
  DagschedRecordTable records;
  DagschedScratch scratch;
  GArray *starts; /* DagschedTicket: dispatched, to be started once no lock is held */
  gboolean starting;
  gboolean has_next; /* the lane's own next attempt (ordered) or test (stealing) */
  DagschedTicket next;
  guint32 next_test;
  guint n_spurious; /* in a row */
  guint64 random;   /* where the next search for a victim begins */
  DagschedThreadCounters counters;
};

struct _DagschedEngine
{
  _Atomic gint ref_count;
  const DagschedPlanView *view;
  DagschedEngineParams params;
  DagschedEngineHooks hooks;
  gpointer hooks_data;
  const DagschedExecutorFuncs *executor; /* (nullable) read-only after the start */
  gpointer executor_data;
  gboolean ordered; /* read-only */
  gint64 start_ns;  /* read-only after the start */
  _Atomic gint64 end_ns;

  DagschedTracker tracker;
  DagschedLane *lanes;
  DagschedDeadlines *deadlines;

  GMutex threads_lock;
  GPtrArray *threads; /* of DagschedEngineThread, grows only; protected by threads_lock */

  /* The ordered queue; all protected by lock. */
  GMutex lock;
  DagschedReadyQueue ready;
  DagschedAdmission *admission;
  guint32 *free_lanes; /* a stack */
  guint n_free_lanes;

  guint n_lane_threads; /* with stealing: read-only after the start */
  /* Stealing. */
  DagschedParkingLot lot;
  GAsyncQueue *injection; /* test + 1 as pointer */
  _Atomic guint n_injected;

  /* Who may still make something ready, or is it: attempts under way (ordered) or lanes that are not
   * parked (stealing), retries that wait for their time, injected tests, and whoever is just about it.
   * It falls to zero once: when the run has ended, or has stalled. */
  _Atomic gint n_busy;
  _Atomic guint n_failures;
  _Atomic guint8 ended;
  _Atomic guint8 stop_threads;
  _Atomic guint8 armed;          /* a drain is due */
  _Atomic gint64 output_pending; /* bytes in the rings */

  GMutex releasing_lock;
  GHashTable *releasing; /* fixture → who waits for its end; protected by releasing_lock */

  GMutex problem_lock;
  char *problem;   /* protected by problem_lock; set once */
  GError *error;   /* likewise */
  guint n_failing; /* threads inside dagsched_engine_fail(); protected by problem_lock */
  gboolean closed; /* nobody gets in there any more; protected by problem_lock */
  GCond nobody_fails;
  _Atomic guint8 stalled;
};

/* dagsched-engine.c */
gint64 dagsched_engine_now (DagschedEngine *engine);
void dagsched_engine_emit (DagschedEngine *engine, DagschedEngineThread *thread, DagschedEvent *event);
void dagsched_engine_make_ready (DagschedEngine *engine, DagschedEngineThread *thread, guint32 test);
DagschedEngineThread *dagsched_engine_thread_new (DagschedEngine *engine, DagschedLane *lane);
DagschedEngineThread *dagsched_engine_get_thread (DagschedEngine *engine, DagschedEngineThread *thread);
DagschedEngine *dagsched_engine_ref (DagschedEngine *engine);
/* Gives a test an outcome without an attempt, or its final one; what becomes ready is in scratch. */
void dagsched_engine_finish (DagschedEngineThread *thread,
                             guint32 test,
                             DagschedOutcome outcome,
                             DagschedFlags flags,
                             DagschedWhy why);
void dagsched_engine_check_end (DagschedEngine *engine);
/* With stealing: gives up one count of n_busy. */
void dagsched_engine_leave_busy (DagschedEngine *engine);

/* dagsched-attempts.c */
void
dagsched_engine_begin_attempt (DagschedEngine *engine, guint32 test, guint32 lane, DagschedTicket *ticket);
gboolean dagsched_engine_claim (DagschedEngine *engine, const DagschedTicket *ticket);
/* What follows from a claimed attempt's end. */
void dagsched_engine_end_attempt (DagschedEngineThread *thread,
                                  const DagschedTicket *ticket,
                                  DagschedResult *result);

/* Its last attempt decides what becomes of the test. */
void dagsched_engine_finish_by_attempt (DagschedEngineThread *thread,
                                        const DagschedTicket *ticket,
                                        const DagschedAttemptRecord *record);

/* dagsched-holds.c */
void dagsched_holds_init (DagschedEngine *engine);
void dagsched_holds_clear (DagschedEngine *engine);
/* @test has finished, without an attempt that ended just now. */
void dagsched_holds_drop (DagschedEngineThread *thread, guint32 test);
/* The last attempt of a test has ended. TRUE: the test finishes later, when what it was the last to hold
 * is gone; it keeps no lane meanwhile. */
gboolean dagsched_holds_await (DagschedEngineThread *thread,
                               const DagschedTicket *ticket,
                               const DagschedAttemptRecord *record);

/* dagsched-dispatch.c: the ordered queue */
/* @ended: (nullable) an attempt that gives back its lane; @again: its test is ready once more. */
void dagsched_dispatch_settle (DagschedEngineThread *thread, const DagschedTicket *ended, gboolean again);
void dagsched_dispatch_cancel (DagschedEngineThread *thread, GArray *tickets);

/* dagsched-worker-loop.c: threads of lanes, and stealing */
gboolean dagsched_lane_ensure_thread (DagschedLane *lane);
/* Its thread was written off. With the ordered queue who assigns to the lane next starts another; with
 * stealing that is dagsched_lane_replace_thread(). */
void dagsched_lane_forget_thread (DagschedLane *lane);
void dagsched_lane_replace_thread (DagschedLane *lane);
gboolean dagsched_worker_start_all (DagschedEngine *engine, GError **error);
void dagsched_worker_spread_ready (DagschedEngineThread *thread);
void dagsched_worker_inject (DagschedEngineThread *thread, guint32 test);

/* dagsched-lane.c: functions under way */
/* Runs the function, and completes the attempt. FALSE: the thread was written off meanwhile. */
gboolean dagsched_lane_carry_out (DagschedEngineThread *thread, const DagschedTicket *ticket);
/* Stops the function that runs on the lane, if one does that @closing ends: fires its cancellable; when
 * it is to be killed, or has not returned within its grace, its thread is written off. */
void dagsched_lane_cancel (DagschedLane *lane, DagschedClosing closing);
void dagsched_lane_deadline (DagschedLane *lane);
void dagsched_lane_show (DagschedLane *lane, guint32 test);
void dagsched_lane_unshow (DagschedLane *lane);

/* dagsched-closing.c */
/* Whether an attempt of @test is ended by @closing: cleanups only by the last degree of it. */
gboolean dagsched_engine_must_stop (DagschedEngine *engine, guint32 test, DagschedClosing closing);
/* Makes retries that wait for their time ready: what is left of them is the caller's to settle. */
void dagsched_engine_recall_delayed (DagschedEngineThread *thread);
/* Finishes everything that is left; the caller's n_busy is given up. */
void dagsched_engine_stall (DagschedEngineThread *thread);

G_END_DECLS
