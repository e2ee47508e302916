/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "engine/dagsched-admission-private.h"
#include "engine/dagsched-asymmetric-private.h"
#include "engine/dagsched-deadlines-private.h"
#include "engine/dagsched-deque-private.h"
#include "engine/dagsched-engine-private.h"
#include "engine/dagsched-parking-lot-private.h"
#include "engine/dagsched-record-private.h"
#include "engine/dagsched-event-ring-private.h"
#include "engine/dagsched-histogram-private.h"
#include "engine/dagsched-topology-private.h"
#include "engine/dagsched-tracker-private.h"
#include "engine/dagsched-undertaking-private.h"

G_BEGIN_DECLS

/* The inside of the engine, for its own files. Lock order: none is ever taken while another is held,
 * but for the parking lot's own and the clock's. */

#define DAGSCHED_DEQUE_CAPACITY 8192

/* Counters of one thread: written by it, read by anyone (relaxed). */
typedef struct
{
  _Atomic guint64 n_wakeups_injected;
  _Atomic guint64 n_wakeups_stolen;
  _Atomic guint64 n_wakeups_ready;
  _Atomic guint64 n_wakeups_released;
  _Atomic guint64 n_wakeups_spurious;
  _Atomic guint64 n_parks;
  _Atomic guint64 n_steals_tried;
  _Atomic guint64 n_steals_won;
  _Atomic guint64 n_tests_stolen;
  _Atomic guint64 n_injected;
} DagschedThreadCounters;

/* The owner alone writes: no read-modify-write is needed. */
#define DAGSCHED_COUNT(counter, n)                                                                           \
  dagsched_store_relaxed (&(counter), dagsched_load_relaxed (&(counter)) + (n))

typedef struct _DagschedLane DagschedLane;

/* One lane of concurrency; for functions it has a thread. What its thread writes for each test stands
 * together, apart from what others write. */
struct _DagschedLane
{
  DagschedEngine *engine; /* read-only */
  guint32 number;         /* read-only */

  _Alignas(DAGSCHED_CACHE_LINE) _Atomic guint32 shown; /* the test it carries out, for those who watch */
  _Atomic guint8 state;                                /* DagschedWorkerState, for those who watch */
  _Atomic gint64 running_since;                        /* when that began; 0: nobody has to know */
  _Atomic gint64 busy_since;                           /* 0: it is not busy */
  _Atomic gint64 busy_ns;                              /* until then */

  _Alignas(DAGSCHED_CACHE_LINE) GThread *thread; /* protected by the engine's threads_lock */
  DagschedEngineThread *_Atomic self;            /* what that thread has, or the last one had */
  DagschedParker parker;
  DagschedDeque deque; /* with stealing: owned by the lane's thread of the moment */

  /* Protected by the engine's lock (ordered queue). */
  gboolean occupied;
  DagschedTicket ticket;   /* what occupies it */
  DagschedLane *next_free; /* (nullable) if nothing does */

  /* Written before the parker is notified, read after. */
  DagschedTicket assigned;
  gboolean was_released; /* it had waited until a resource, or what else it requires, was given back */
};

struct _DagschedEngineThread
{
  DagschedEngine *engine;
  GThread *thread;    /* whose it is, for those that were not attached; else NULL */
  DagschedLane *lane; /* NULL: not a lane's */
  DagschedScratch scratch;
  gint64 now_ns; /* a moment ago; 0: long ago */
  /* Setting the timer for a drain takes longer than all that follows from the end of a test: meanwhile it is only
   * noted, and done after that. */
  gboolean arms_late;
  gboolean arming_due;
  DagschedResult result; /* empty: for what a function has to say */
  gboolean has_next;     /* the lane's own next attempt (ordered) or test (stealing) */
  guint32 next_test;
  DagschedTicket next;
  guint n_spurious; /* in a row */
  guint64 random;   /* where the next search for a victim begins */
  DagschedRecordTable records;
  GArray *starts; /* DagschedTicket: dispatched, to be started once no lock is held */
  gboolean starting;
  DagschedThreadCounters counters;
  DagschedHistogram start_latency; /* from ready to running, where it was measured */
  DagschedHistogram wake_latency;  /* from notified to awake */
  DagschedEventRing ring;
  DagschedUndertaking undertaking;
};

/* All that there is to be said of an attempt that plainly passed: for each test there is room for one. */
typedef struct
{
  gint64 start_ns; /* since the start of the run */
  gint64 end_ns;   /* 0: there is no such attempt */
  guint32 lane;
  guint32 attempt;
} DagschedPlainAttempt;

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
  gboolean records; /* read-only: each attempt leaves one, with its times */
  /* Read-only: all that there is to a test is what its function does. No times, no time-outs, nothing
   * expected of it, no fixtures, nobody who is told of each. */
  gboolean bare;
  DagschedPlainAttempt *plain; /* (nullable) of each test: by whoever completes it */
  /* When a test became ready, CLOCK_MONOTONIC: of one in 64, or of all of them where there are records. By
   * whoever makes it ready. */
  gint64 *ready_at;
  DagschedTopology *topology; /* read-only */
  gboolean asymmetric;        /* read-only: for dagsched_light_fence() */
  gint64 start_ns;            /* read-only after the start */
  _Atomic gint64 end_ns;

  DagschedTracker tracker;
  DagschedLane *lanes;
  DagschedDeadlines *deadlines;
  DagschedRunClock clock;
  /* For the threads of lanes that have something to carry out while the run is paused. */
  GMutex pause_lock;
  GCond resumed;

  GMutex threads_lock;
  GPtrArray *threads; /* of DagschedEngineThread, grows only; protected by threads_lock */

  /* The ordered queue; all protected by lock. What changes with each test stands beside it: whoever has the one has
   * the other. */
  _Alignas(DAGSCHED_CACHE_LINE) GMutex lock;
  DagschedLane *free_lane; /* (nullable) the first of a stack */
  DagschedAdmission *admission;
  DagschedReadyQueue ready;

  /* Stealing. */
  guint n_lane_threads; /* read-only after the start */
  _Alignas(DAGSCHED_CACHE_LINE) _Atomic guint32 next_root;
  _Alignas(DAGSCHED_CACHE_LINE) DagschedParkingLot lot;
  GAsyncQueue *injection; /* test + 1 as pointer */
  _Atomic guint n_injected;

  /* Who may still make something ready, or is it: attempts that somebody answers for (ordered) or lanes that are not
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
  char *stall;     /* likewise */
  GError *error;   /* likewise */
  guint n_failing; /* threads inside dagsched_engine_fail(); protected by problem_lock */
  gboolean closed; /* nobody gets in there any more; protected by problem_lock */
  GCond nobody_fails;
};

/* dagsched-engine.c */
gint64 dagsched_engine_now (DagschedEngine *engine);
/* A moment of CLOCK_MONOTONIC as time of the run. */
static inline gint64 dagsched_engine_time_of (DagschedEngine *engine, gint64 monotonic_ns);
/* Whoever shows the run is called, unless it has been already. */
void dagsched_engine_arm (DagschedEngineThread *thread);
/* Whether @thread shall make events, which costs time; if not, that there would be one is noted. What it tells of must
 * stand before. */
static inline gboolean dagsched_engine_is_watched (DagschedEngineThread *thread);
static inline void dagsched_engine_miss (DagschedEngineThread *thread);
/* Only then. */
void dagsched_engine_emit (DagschedEngine *engine, DagschedEngineThread *thread, DagschedEvent *event);
/* What thread->arms_late has put off. */
void dagsched_engine_arm_late (DagschedEngineThread *thread);
static inline void dagsched_engine_make_ready (DagschedEngineThread *thread, guint32 test);
/* @since_ns: when it started; 0: now. */
static inline void
dagsched_engine_tell_started (DagschedEngineThread *thread, const DagschedTicket *ticket, gint64 since_ns);
static inline void
dagsched_engine_tell_finished (DagschedEngineThread *thread, guint32 test, DagschedOutcome outcome);
/* For those three, where somebody listens. @time_ns: of CLOCK_MONOTONIC; 0: now. */
void dagsched_engine_emit_ready (DagschedEngineThread *thread, guint32 test);
void dagsched_engine_say_started (DagschedEngineThread *thread,
                                  const DagschedTicket *ticket,
                                  gint64 since_ns,
                                  gboolean is_watched);
void dagsched_engine_say_finished (DagschedEngineThread *thread, guint32 test, gboolean is_watched);
DagschedEngineThread *dagsched_engine_thread_new (DagschedEngine *engine, DagschedLane *lane);
DagschedEngineThread *dagsched_engine_get_thread (DagschedEngine *engine, DagschedEngineThread *thread);
DagschedEngine *dagsched_engine_ref (DagschedEngine *engine);
/* Gives a test an outcome without an attempt, or its final one; what becomes ready is in scratch. */
void dagsched_engine_finish (DagschedEngineThread *thread,
                             guint32 test,
                             DagschedOutcome outcome,
                             DagschedFlags flags,
                             DagschedWhy why);
/* Tells of what @thread has finished, and ends the run if that was the last of it. Before a thread has
 * nothing more to do. */
void dagsched_engine_check_end (DagschedEngineThread *thread);
/* With stealing: gives up one count of n_busy. */
void dagsched_engine_leave_busy (DagschedEngine *engine);

/* dagsched-attempts.c */
static inline void
dagsched_engine_begin_attempt (DagschedEngine *engine, guint32 test, guint32 lane, DagschedTicket *ticket);
gboolean dagsched_engine_claim (DagschedEngine *engine, const DagschedTicket *ticket);
/* Writes down that an attempt plainly passed; where there are timestamps. */
void dagsched_engine_record_plain (DagschedEngineThread *thread, const DagschedTicket *ticket);
/* What follows from a claimed attempt's end. */
void dagsched_engine_end_attempt (DagschedEngineThread *thread,
                                  const DagschedTicket *ticket,
                                  DagschedResult *result);

/* Its last attempt decides what becomes of the test. */
void dagsched_engine_finish_by_attempt (DagschedEngineThread *thread,
                                        const DagschedTicket *ticket,
                                        DagschedOutcome outcome,
                                        DagschedFlags flags);

/* dagsched-attempt-handle.c */
DagschedAttemptHandle *dagsched_attempt_handle_new (DagschedEngine *engine, const DagschedTicket *ticket);

/* dagsched-holds.c */
void dagsched_holds_init (DagschedEngine *engine);
void dagsched_holds_clear (DagschedEngine *engine);
/* @test has finished, without an attempt that ended just now. */
void dagsched_holds_drop (DagschedEngineThread *thread, guint32 test);
/* The last attempt of a test has ended. TRUE: the test finishes later, when what it was the last to hold
 * is gone; it keeps no lane meanwhile. */
gboolean dagsched_holds_await (DagschedEngineThread *thread,
                               const DagschedTicket *ticket,
                               DagschedOutcome outcome,
                               DagschedFlags flags);

/* dagsched-dispatch.c: the ordered queue */
/* @ended: (nullable) an attempt that gives back its lane; @again: its test is ready once more. */
void dagsched_dispatch_settle (DagschedEngineThread *thread, const DagschedTicket *ended, gboolean again);
void dagsched_dispatch_cancel (DagschedEngineThread *thread, GArray *tickets);
/* A claimed attempt that nobody answers for any more: it gives up its count of n_busy, and nothing else. */
void dagsched_dispatch_drop (DagschedEngine *engine);

/* dagsched-worker-loop.c: threads of lanes, and stealing */
gboolean dagsched_lane_ensure_thread (DagschedLane *lane);
/* Its thread was written off. With the ordered queue who assigns to the lane next starts another; with
 * stealing that is dagsched_lane_replace_thread(). */
void dagsched_lane_forget_thread (DagschedLane *lane);
void dagsched_lane_replace_thread (DagschedLane *lane);
gboolean dagsched_worker_start_all (DagschedEngine *engine, GError **error);
/* What is ready at the start, before any worker is there. */
void dagsched_worker_offer_roots (DagschedEngineThread *thread);
void dagsched_worker_spread_ready (DagschedEngineThread *thread);
void dagsched_worker_inject (DagschedEngineThread *thread, guint32 test);

/* dagsched-carry-out.c: functions, on a lane's thread. FALSE: it was written off meanwhile. */
/* With the ordered queue. @since_ns: when it started. */
gboolean
dagsched_lane_carry_out (DagschedEngineThread *thread, const DagschedTicket *ticket, gint64 since_ns);
/* With stealing: a test that is ready. */
gboolean dagsched_worker_run (DagschedEngineThread *thread, guint32 test);

/* dagsched-lane.c: what a lane shows, and how others stop what it carries out */
void dagsched_result_apply_stop (DagschedResult *result, DagschedLaneStop stop);
/* Stops the function that runs on the lane, if one does that @closing ends: fires its cancellable; when
 * it is to be killed, or has not returned within its grace, its thread is written off. */
void dagsched_lane_cancel (DagschedLane *lane, DagschedClosing closing);
void dagsched_lane_deadline (DagschedLane *lane);
/* The lane is busy from now on, or no more. Whoever carries something out on it. */
void dagsched_lane_begin_busy (DagschedLane *lane, gint64 now_ns);
void dagsched_lane_end_busy (DagschedLane *lane, gint64 now_ns);
/* For those who watch: what the lane carries out; that it is done with it. */
static inline void dagsched_lane_show (DagschedLane *lane, guint32 test, gint64 since_ns);
void dagsched_lane_unshow (DagschedLane *lane, DagschedWorkerState state);

/* dagsched-pause.c */
/* Between two tests: returns once the run is not paused, or ends. */
void dagsched_worker_wait_for_resume (DagschedEngineThread *thread);

/* dagsched-closing.c */
/* Whether an attempt of @test is ended by @closing: cleanups only by the last degree of it. */
gboolean dagsched_engine_must_stop (DagschedEngine *engine, guint32 test, DagschedClosing closing);
/* Makes retries that wait for their time ready: what is left of them is the caller's to settle. */
void dagsched_engine_recall_delayed (DagschedEngineThread *thread);
/* Finishes everything that is left; the caller's n_busy is given up. */
void dagsched_engine_stall (DagschedEngineThread *thread);

/* What is done for each test stands here, to be one piece where it is used. */

static inline gint64
dagsched_engine_time_of (DagschedEngine *engine, gint64 monotonic_ns)
{
  return dagsched_run_clock_at (&engine->clock, monotonic_ns) - engine->start_ns;
}

static inline void
dagsched_engine_begin_attempt (DagschedEngine *engine, guint32 test, guint32 lane, DagschedTicket *ticket)
{
  DagschedCell *cell = &engine->tracker.cells[test];
  guint32 generation = (dagsched_load_relaxed (&cell->claim) + 1) & ~DAGSCHED_CLAIM_RUNNING;

  dagsched_store_release (&cell->claim, generation | DAGSCHED_CLAIM_RUNNING);
  dagsched_store_release (&cell->state, DAGSCHED_STATE_RUNNING);
  ticket->test = test;
  ticket->generation = generation;
  ticket->attempt = DAGSCHED_CLAIM_GET_ATTEMPT (generation);
  ticket->lane = lane;
}

static inline void
dagsched_lane_show (DagschedLane *lane, guint32 test, gint64 since_ns)
{
  dagsched_store_relaxed (&lane->shown, test);
  dagsched_store_relaxed (&lane->state, DAGSCHED_WORKER_STATE_RUNNING);
  dagsched_store_relaxed (&lane->running_since, since_ns);
}

#define DAGSCHED_SAMPLE_SHIFT 6

/* @records: the engine's, here and below. */
static inline gboolean
dagsched_engine_is_sampled (guint32 test, gboolean records)
{
  return records || (test & ((1u << DAGSCHED_SAMPLE_SHIFT) - 1)) == 0;
}

static inline gint64 *
dagsched_engine_get_ready_at (DagschedEngine *engine, guint32 test, gboolean records)
{
  return &engine->ready_at[records ? test : test >> DAGSCHED_SAMPLE_SHIFT];
}

/* @since_ns: when it started; 0: now. */
static inline void
dagsched_engine_measure_start (DagschedEngineThread *thread, guint32 test, gint64 since_ns, gboolean records)
{
  if (dagsched_engine_is_sampled (test, records))
    dagsched_histogram_record (&thread->start_latency,
                               (since_ns != 0 ? since_ns : dagsched_monotonic_ns ()) -
                                 *dagsched_engine_get_ready_at (thread->engine, test, records));
}

static inline void
dagsched_engine_note_ready (DagschedEngineThread *thread, guint32 test, gboolean records)
{
  if (dagsched_engine_is_sampled (test, records))
    *dagsched_engine_get_ready_at (thread->engine, test, records) =
      thread->now_ns != 0 ? thread->now_ns : dagsched_monotonic_ns ();
  dagsched_store_release (&thread->engine->tracker.cells[test].state, DAGSCHED_STATE_READY);
}

static inline void
dagsched_engine_miss (DagschedEngineThread *thread)
{
  if (!dagsched_event_ring_miss (&thread->ring, thread->engine->asymmetric))
    dagsched_engine_arm (thread);
}

static inline gboolean
dagsched_engine_is_watched (DagschedEngineThread *thread)
{
  if (G_LIKELY (dagsched_event_ring_is_open (&thread->ring)))
    return TRUE;

  dagsched_engine_miss (thread);
  return FALSE;
}

static inline void
dagsched_engine_make_ready (DagschedEngineThread *thread, guint32 test)
{
  dagsched_engine_note_ready (thread, test, thread->engine->records);
  if (dagsched_engine_is_watched (thread))
    dagsched_engine_emit_ready (thread, test);
}

static inline void
dagsched_engine_tell_started (DagschedEngineThread *thread, const DagschedTicket *ticket, gint64 since_ns)
{
  gboolean is_watched = dagsched_engine_is_watched (thread);

  if (is_watched || thread->engine->hooks.started != NULL)
    dagsched_engine_say_started (thread, ticket, since_ns, is_watched);
}

static inline void
dagsched_engine_tell_finished (DagschedEngineThread *thread, guint32 test, DagschedOutcome outcome)
{
  gboolean is_watched = dagsched_engine_is_watched (thread);

  if (is_watched || thread->engine->hooks.finished != NULL)
    dagsched_engine_say_finished (thread, test, is_watched);
  if (G_UNLIKELY (DAGSCHED_OUTCOME_IN (outcome, DAGSCHED_FAILURES)))
    atomic_fetch_add (&thread->engine->n_failures, 1);
}

/* Nothing is to be said of the attempt of a function but that it passed. */
static inline gboolean
dagsched_result_is_plain (const DagschedResult *result, const DagschedProfile *profile)
{
  return profile->kind == DAGSCHED_KIND_FUNCTION && result->outcome == DAGSCHED_OUTCOME_PASSED &&
         !profile->expected_failure && result->reason == NULL && result->flags == 0 &&
         result->exit_status == -1 && result->term_signal == 0 && result->start_ns == 0 &&
         result->standard_output == NULL && result->standard_error == NULL && result->artifacts == NULL;
}

G_END_DECLS
