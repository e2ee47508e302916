/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Parking and notification, and the end of a run: WORKERS workers that steal, and a thread from outside that
 * starts the run, injects INJECTED tests later, and stops the workers when the run has ended; on the weak
 * memory of memory.pml.
 *
 * Hold it beside the C; the inlines have the names of its functions, and go line by line:
 *
 *   MIRRORS dagsched-parking-lot.c: dagsched_parker_wait dagsched_parker_notify dagsched_parking_lot_announce
 *   MIRRORS dagsched-parking-lot.c: dagsched_parking_lot_retract take_first dagsched_parking_lot_wake
 *   MIRRORS dagsched-worker-loop.c: dagsched_worker_inject pop_injected dagsched_worker_spread_ready steal_from
 *   MIRRORS dagsched-worker-loop.c: steal find_test has_more park stealing_loop
 *   MIRRORS dagsched-engine.c: dagsched_engine_leave_busy dagsched_engine_check_end join_lanes
 *
 * Where a test is, is one place of memory: NOWHERE, IN_DEQUE (w), IN_QUEUE or IN_HAND.
 *
 *   - A deque: pushing is a late store, as the store of bottom is; taking (by the owner, which fences, or a thief) is one
 *     step on memory, which deque.pml shows the real one to amount to. An owner that sees its own deque empty
 *     does not fence here, so nothing below leans on the fence in dagsched_deque_pop().
 *   - The injection queue: a push is a late store that holds the queue's lock until it has come into memory.
 *   - n_idle is changed under the lot's lock only: its late read-modify-write and the unlocking are one.
 *   - The line in the lot is left open: any announced worker may be the first. That holds every
 *     order that "woken last" makes, so n_spurious is not here.
 *   - n_busy, n_unfinished and the cursor of roots are read by read-modify-writes, or where late is no
 *     worse than early; their changes are steps, and order nothing else.
 *
 * The graph is a forest: ROOTS tests are ready at the start, and DEPENDENTS (t) is a mask of those that become
 * ready when t finishes. A body is short, or long: a long one goes on for as long as there is a test that is ready
 * and a worker that runs none. So Spin reports a deadlock ("invalid end state") whenever a ready test is left
 * waiting although a worker is free, and not only where all sleep.
 *
 * What holds (or Spin reports an error):
 *   - no ready test while a worker sleeps that nobody has notified, unless somebody who is awake is about to look;
 *   - each test runs exactly once, and the run ends, exactly once, with no stall, and all threads end;
 *   - nobody announces itself twice.
 */

#ifndef WORKERS
#define WORKERS 3
#endif
#ifndef ROOTS
#define ROOTS 1
#endif
#ifndef INJECTED
#define INJECTED 0
#endif
#ifndef DEPENDENTS_OF_0
#define DEPENDENTS_OF_0 0
#endif
#ifndef DEPENDENTS_OF_1
#define DEPENDENTS_OF_1 0
#endif
#ifndef CHUNK
#define CHUNK 1 /* roots taken at once */
#endif
#ifndef PRELOADED
#define PRELOADED 0 /* tests in worker 0's deque at the start */
#endif
#ifndef THRESHOLD
#define THRESHOLD 99 /* work-stealing-threshold */
#endif
#ifndef STEALING
#define STEALING 1 /* enable-work-stealing */
#endif

/* Numbers: roots, preloaded and injected tests, dependents of test 0, dependents of test 1. */
#define FIRST_INJECTED (ROOTS + PRELOADED)
#define TESTS (ROOTS + PRELOADED + INJECTED + DEPENDENTS_OF_0 + DEPENDENTS_OF_1)
#define N_DEPENDENTS(t) ((t) == 0 -> DEPENDENTS_OF_0 : ((t) == 1 -> DEPENDENTS_OF_1 : 0))
#define FIRST_DEPENDENT(t) (ROOTS + PRELOADED + INJECTED + ((t) == 1 -> DEPENDENTS_OF_0 : 0))
#ifndef HELD
#define HELD 0 /* 1: worker 0 has test 0 in hand at the start; who takes the first is no matter */
#endif
#define INJECTS (INJECTED > 0 || !STEALING)
#define MOVES (THRESHOLD <= TESTS)

#define OUTSIDE WORKERS
#define THREADS (WORKERS + 1)
#ifndef DEPTH
#define DEPTH 3
#endif

/* Places: one for each test, and two counters. */
#define N_IDLE TESTS
#define N_INJECTED (TESTS + 1)
#define PLACES (TESTS + 2)

#define NOWHERE 0
#define IN_QUEUE 1
#define IN_DEQUE(w) (2 + (w))

#include "memory.pml"

#define NO_TEST 255
#define NOBODY 255

bool announced[WORKERS]; /* protected by the lot's lock */
bool notified[WORKERS];  /* protected by the parker's lock */
#ifdef MUTANT_NO_PREDICATE
bool waiting[WORKERS];
#endif
byte queue_lock = NOBODY; /* whose unlocking of the injection queue has not come into memory */
byte n_own[WORKERS];      /* how many tests the owner sees in its deque */
byte cursor = HELD;
byte n_unfinished = TESTS;
#ifdef END
byte n_busy = WORKERS + 1;
#endif
bool ended;
bool stop_threads;

/* Who watches. */
byte n_ready = ROOTS + PRELOADED; /* ready, and not begun */
byte n_running;
bool started[TESTS];

/* dagsched-parking-lot.c */

inline dagsched_parker_wait (who)
{
#ifdef MUTANT_NO_PREDICATE
  waiting[who] = true;
  !waiting[who]
#else
  d_step { notified[who] -> notified[who] = false }
#endif
}

inline dagsched_parker_notify (who)
{
#ifdef MUTANT_NO_PREDICATE
  waiting[who] = false
#else
  notified[who] = true
#endif
}

inline dagsched_parking_lot_announce ()
{
  d_step {
#ifdef MUTANT_ANNOUNCE_WITHOUT_FENCE
    CAN_RMW (me, N_IDLE) ->
    WRITE_LATE (me, N_IDLE, memory[N_IDLE] + 1);
#else
    CAN_RMW_AND_FENCE (me, N_IDLE) ->
    memory[N_IDLE]++;
#endif
    assert (!announced[me]);
    announced[me] = true
  }
}

inline dagsched_parking_lot_retract (was_announced)
{
  d_step {
    !locked[N_IDLE] ->
    was_announced = announced[me];
    if
    :: was_announced ->
       announced[me] = false;
       memory[N_IDLE]--
    :: else
    fi
  };
#ifndef MUTANT_RETRACT_LEAVES_NOTIFICATION
  if
  :: was_announced -> skip
  :: else -> dagsched_parker_wait (me)
  fi
#endif
}

/* The lot's lock is free. */
inline take_first (parker)
{
  if
  :: announced[0] -> parker = 0
  :: announced[1] -> parker = 1
#if WORKERS > 2
  :: announced[2] -> parker = 2
#endif
#if WORKERS > 3
  :: announced[3] -> parker = 3
#endif
  fi;
  announced[parker] = false;
  memory[N_IDLE]--
}

inline dagsched_parking_lot_wake (how_many)
{
  n_wanted = how_many;
  do
  :: n_wanted > 0 ->
     atomic {
#ifndef MUTANT_WAKE_WITHOUT_FENCE
       FENCE (me);
#endif
       if
       :: memory[N_IDLE] > 0 && !locked[N_IDLE] ->
          take_first (parker);
          dagsched_parker_notify (parker);
          parker = NOBODY;
          n_wanted--
       :: memory[N_IDLE] == 0 -> n_wanted = 0
       fi
     }
  :: else -> break
  od
}

/* The searches; all leave test alone when they find nothing. */

inline take_from (place, test)
{
  m_ = 0;
  do
  :: m_ < TESTS && memory[m_] != place -> m_++
  :: else -> break
  od;
  if
  :: m_ < TESTS ->
     test = m_;
     memory[m_] = NOWHERE
  :: else
  fi;
  m_ = 0
}

inline get_length (place, length)
{
  m_ = 0;
  length = 0;
  do
  :: m_ < TESTS ->
     length = length + (memory[m_] == place -> 1 : 0);
     m_++
  :: else -> break
  od;
  m_ = 0
}

/* Fences before it takes. */
inline dagsched_deque_pop ()
{
  if
  :: n_own[me] == 0
  :: else ->
     FENCE (me);
     d_step {
       take_from (IN_DEQUE (me), test);
       n_own[me] = n_own[me] - (test != NO_TEST -> 1 : 0)
     }
  fi
}

inline dagsched_deque_push (t)
{
  d_step {
    CAN_STORE (me) ->
    n_own[me]++;
    STORE_RELEASE (me, t, IN_DEQUE (me))
  }
}

/* dagsched-worker-loop.c */

inline dagsched_worker_inject (t)
{
  d_step {
    CAN_RMW (me, N_INJECTED) ->
#if defined(END) && !defined(MUTANT_INJECTED_NOT_BUSY)
    n_busy++;
#endif
    WRITE_LATE (me, N_INJECTED, memory[N_INJECTED] + 1)
  };
  d_step {
    CAN_STORE (me) && queue_lock == NOBODY ->
    queue_lock = me;
    STORE_RELEASE (me, t, IN_QUEUE)
  }
}

/* The count was not 0. */
inline pop_injected ()
{
  d_step {
    queue_lock == NOBODY && !locked[N_INJECTED] ->
    n = 0;
    take_from (IN_QUEUE, test);
    memory[N_INJECTED] = memory[N_INJECTED] - (test != NO_TEST -> 1 : 0);
#if defined(END) && !defined(MUTANT_INJECTED_NOT_BUSY)
    n_busy = n_busy - (test != NO_TEST -> 1 : 0)
#endif
  }
}

/* Newly ready tests: more … more_end - 1. */
inline dagsched_worker_spread_ready ()
{
  do
  :: more < more_end ->
     if
     :: next == NO_TEST -> next = more
     :: else ->
#if STEALING
        dagsched_deque_push (more);
#else
        dagsched_worker_inject (more);
#endif
        n++
     fi;
     more++
  :: else -> break
  od;
  atomic { more = 0; more_end = 0 };
#ifdef MUTANT_WAKE_ONE_FOR_ALL
  n = (n > 0 -> 1 : 0);
#endif
  dagsched_parking_lot_wake (n);
  n = 0
}

/* A chunk of roots, the first to run next. */
inline take_roots ()
{
  if
  :: cursor < ROOTS ->
     test = cursor;
     cursor = (cursor + CHUNK < ROOTS -> cursor + CHUNK : ROOTS);
#if CHUNK > 1
     more = test + 1;
     more_end = cursor
#endif
  :: else
  fi
}

/* The others of the chunk. */
inline push_roots ()
{
#ifndef MUTANT_ROOTS_WAKE_ONE
  n = more_end - more;
#else
  n = (more < more_end -> 1 : 0);
#endif
  do
  :: more < more_end ->
     dagsched_deque_push (more);
     more++
  :: else -> break
  od;
  atomic { more = 0; more_end = 0 };
#ifndef MUTANT_ROOTS_WITHOUT_WAKE
  dagsched_parking_lot_wake (n);
#endif
  n = 0
}

inline steal_from (victim)
{
#if MOVES
  d_step {
    get_length (IN_DEQUE (victim), n);
    take_from (IN_DEQUE (victim), test);
    n_own[victim] = n_own[victim] - (n > 0 -> 1 : 0);
    n = (n >= THRESHOLD -> n / 2 : 1)
  };
  do
  :: n > 1 ->
     d_step {
       take_from (IN_DEQUE (victim), another);
       n_own[victim] = n_own[victim] - (another != NO_TEST -> 1 : 0)
     };
     if
     :: another == NO_TEST -> break
     :: else
     fi;
     dagsched_deque_push (another);
     atomic {
       another = NO_TEST;
       n_moved++;
       n--
     }
  :: else -> break
  od;
  n = 0;
#ifdef MUTANT_MOVE_WITHOUT_WAKE
  n_moved = 0;
#endif
#ifdef MUTANT_MOVE_WAKES_ONE
  n_moved = (n_moved > 0 -> 1 : 0);
#endif
  dagsched_parking_lot_wake (n_moved);
  skip;
  d_step {
    n_moved = 0;
    n = 0
  }
#else
  d_step {
    take_from (IN_DEQUE (victim), test);
    n_own[victim] = n_own[victim] - (test != NO_TEST -> 1 : 0);
    n = 0
  }
#endif
}

/* next_random(): which victim is the first. */
inline choose_first ()
{
  if
  :: true -> first = 0
#if WORKERS > 2
  :: true -> first = 1
#endif
#if WORKERS > 3
  :: true -> first = 2
#endif
  fi
}

/* The first, and all others in turn. */
inline steal ()
{
  n_left = WORKERS - 1;
  do
  :: test == NO_TEST && n_left > 0 ->
     steal_from ((me + 1 + first) % WORKERS);
     atomic {
       first = (first + 1) % (WORKERS - 1);
       n_left--
     }
  :: else -> break
  od;
  atomic {
    first = 0;
    n_left = 0
  }
}

/* What stays empty once it is, the own deque and the roots, is looked at in one step with what comes next. */
inline find_test ()
{
  atomic {
    dagsched_deque_pop ();
#if INJECTS
    LOAD (me, N_INJECTED, n)
  };
  if
  :: test == NO_TEST && n > 0 -> pop_injected ()
  :: else -> n = 0
  fi;
  atomic {
#endif
    if
    :: test == NO_TEST -> take_roots ()
    :: else
    fi;
#if STEALING
    choose_first ()
#endif
  };
#if CHUNK > 1
  push_roots ();
#endif
#if STEALING
  steal ()
#endif
}

inline has_more (more_there)
{
  d_step {
#if INJECTS
    LOAD (me, N_INJECTED, n);
#endif
    more_there = n_own[me] > 0 || n > 0;
    n = 0
  }
}

#ifdef END
/* dagsched-engine.c */

/* What this thread has finished, all at once. */
inline settle_finished ()
{
  if
  :: n_finished > 0 ->
     d_step {
       n_unfinished = n_unfinished - n_finished;
       n_finished = 0;
       is_last = n_unfinished == 0
     };
     if
     :: is_last ->
        d_step {
          assert (!ended);
          is_last = false;
          ended = true
        }
     :: else
     fi
  :: else
  fi
}

inline dagsched_engine_leave_busy ()
{
  d_step {
    n_busy--;
    is_last = n_busy == 0
  };
  if
  :: is_last ->
     assert (n_unfinished == 0); /* a stall */
     is_last = false
  :: else
  fi
}
#endif

inline park ()
{
#ifdef MUTANT_CHECK_BEFORE_ANNOUNCE
  find_test ();
  dagsched_parking_lot_announce ();
#else
  dagsched_parking_lot_announce ();
#ifndef MUTANT_NO_RECHECK
  find_test ();
#endif
#endif
  if
  :: test != NO_TEST || stop_threads ->
     dagsched_parking_lot_retract (was_announced);
     has_more (more_there);
#ifdef MUTANT_RETRACT_DROPS_NOTIFICATION
     was_announced = true;
#endif
     n = (!was_announced || more_there -> 1 : 0);
     atomic {
       was_announced = false;
       more_there = false
     };
     dagsched_parking_lot_wake (n);
     n = 0
  :: else ->
#if defined(END) && defined(MUTANT_SETTLE_AFTER_BUSY)
     dagsched_engine_leave_busy ();
     settle_finished ();
#elif defined(END)
     settle_finished ();
     dagsched_engine_leave_busy ();
#endif
     dagsched_parker_wait (me);
#if defined(END) && !defined(MUTANT_WOKEN_NOT_BUSY)
     n_busy++;
#endif
     find_test ();
#if !defined(MUTANT_NO_WAKE_ON) && !defined(MUTANT_WAKE_ONE_FOR_ALL)
     has_more (more_there);
     n = (test != NO_TEST && more_there -> 1 : 0);
     more_there = false;
     dagsched_parking_lot_wake (n);
     n = 0
#endif
  fi
}

inline run_found ()
{
  atomic {
    assert (!started[test]);
    started[test] = true;
    n_ready--;
    n_running++;
    if
    :: test != 0 || N_DEPENDENTS (0) == 0 -> is_long = true
#ifdef SHORT
    :: true -> is_long = false
#endif
    :: test == 0 && N_DEPENDENTS (0) > 0 -> is_long = false
    fi
  };
  d_step {
    !is_long || n_ready == 0 || n_running == WORKERS ->
    is_long = false;
    n_running--;
#ifdef END
    n_finished++;
#else
    n_unfinished--;
    ended = n_unfinished == 0;
#endif
    more = FIRST_DEPENDENT (test);
    more_end = more + N_DEPENDENTS (test);
    n_ready = n_ready + N_DEPENDENTS (test);
    test = NO_TEST
  };
  dagsched_worker_spread_ready ()
}

/* The flag to stop is looked at where nothing was found: it is raised when everything has been run. */
proctype worker (byte me)
{
  byte test = NO_TEST, next = (HELD && me == 0 -> 0 : NO_TEST), another = NO_TEST, parker = NOBODY;
  byte more, more_end, n, n_moved, n_wanted, first, n_left;
  bool was_announced, more_there, is_long;
#ifdef END
  byte n_finished;
  bool is_last;
#endif

  do
  :: next != NO_TEST ->
     atomic {
       test = next;
       next = NO_TEST
     };
     run_found ()
  :: else ->
     find_test ();
     if
     :: test == NO_TEST -> park ()
     :: else
     fi;
     if
     :: test != NO_TEST -> run_found ()
     :: else ->
        if
        :: stop_threads -> break
        :: else
        fi
     fi
  od
}

/* Starts the run, injects what comes later, stops the workers. */
proctype outside (byte me)
{
  byte parker = NOBODY;
  byte t = FIRST_INJECTED, n_wanted;
#ifdef END
  bool is_last;
#endif

  do
  :: t < FIRST_INJECTED + INJECTED ->
     n_ready++;
     dagsched_worker_inject (t);
     dagsched_parking_lot_wake (1);
     t++
  :: else -> break
  od;
#ifdef END
  dagsched_engine_leave_busy ();
#endif

  /* join_lanes() */
  ended -> stop_threads = true;
  t = 0;
  do
  :: t < WORKERS ->
     dagsched_parker_notify (t);
     t++
  :: else -> break
  od
}

#define FLUSH_FIRST(thread)                                                                                    \
  d_step {                                                                                                     \
    !IS_DRAINED (thread) ->                                                                                    \
    queue_lock =                                                                                               \
      (buffer[thread].place[0] < TESTS && buffer[thread].value[0] == IN_QUEUE -> NOBODY : queue_lock);         \
    FLUSH (thread, 0)                                                                                          \
  }

proctype flush ()
{
end:
  do
  :: FLUSH_FIRST (0)
  :: FLUSH_FIRST (1)
  :: FLUSH_FIRST (2)
#if WORKERS > 2
  :: FLUSH_FIRST (3)
#endif
#if WORKERS > 3
  :: FLUSH_FIRST (4)
#endif
  od
}

init {
  atomic {
#if PRELOADED
    do
    :: n_own[0] < PRELOADED ->
       memory[ROOTS + n_own[0]] = IN_DEQUE (0);
       n_own[0]++
    :: else -> break
    od;
#endif
    run flush ();
    run outside (OUTSIDE);
    run worker (0);
    run worker (1);
#if WORKERS > 2
    run worker (2);
#endif
#if WORKERS > 3
    run worker (3);
#endif
  }
}
