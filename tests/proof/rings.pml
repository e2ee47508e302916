/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The rings of events, and who is called to drain them: PRODUCERS workers that each run TESTS tests, one after the
 * other, and the consumer that shows the run; on the weak memory of memory.pml.
 *
 * Hold it beside the C; the inlines have the names of its functions, and go line by line:
 *
 *   MIRRORS dagsched-event-ring.c: dagsched_event_ring_push dagsched_event_ring_open dagsched_event_ring_take_lapse
 *   MIRRORS dagsched-event-ring-private.h: dagsched_event_ring_miss
 *   MIRRORS dagsched-engine.c: dagsched_engine_arm dagsched_engine_emit
 *   MIRRORS dagsched-engine-view.c: take_lapses dagsched_engine_drain
 *   MIRRORS dagsched-carry-out.c: run_one
 *
 * What is left out, and why that is no loss:
 *   - A test has one event, its end, and one state, that it has ended: a worker's STATE is how many of its tests have.
 *     Whether it is watched is looked at when it begins, which may be any time before.
 *   - The consumer never drains but when it was called: not after a pause, and not at the end of the run.
 *   - A look at all states is one step: it comes after all that is said here.
 *   - hooks.armed sets a timer, a call of the kernel: what the thread stored comes into memory before it.
 *   - A heavy fence is a moment at which the buffers of all threads are empty.
 *
 * What holds (or Spin reports an error): when nobody has anything to do any more, every end has been shown; and no
 * slot is overwritten before it was read. */

#ifndef TESTS
#define TESTS 4
#endif
#ifndef PRODUCERS
#define PRODUCERS 1
#endif
#ifndef CAPACITY
#define CAPACITY 2
#endif

#define CONSUMER PRODUCERS
#define THREADS (PRODUCERS + 1)
#ifndef DEPTH
#define DEPTH 3
#endif

#define N_OWN (5 + CAPACITY)
#define HEAD(p) ((p) * N_OWN)
#define TAIL(p) ((p) * N_OWN + 1)
#define CLOSED(p) ((p) * N_OWN + 2)
#define MISSED(p) ((p) * N_OWN + 3)
#define STATE(p) ((p) * N_OWN + 4)
#define SLOT(p, position) ((p) * N_OWN + 5 + (position) % CAPACITY)
#define ARMED (PRODUCERS * N_OWN)
#define PLACES (ARMED + 1)

#include "memory.pml"

bool timer;
byte shown[PRODUCERS]; /* so many of its tests are known to have ended */
byte n_ended;          /* producers */

/* Producers. */

inline dagsched_engine_arm ()
{
#ifndef MUTANT_EMIT_WITHOUT_FENCE
  FENCE (me);
#endif
  LOAD (me, ARMED, armed);
  if
  :: armed -> skip
  :: else ->
     atomic {
       CAN_RMW (me, ARMED);
       armed = memory[ARMED];
       WRITE_LATE (me, ARMED, 1)
     };
     if
     :: armed -> skip
     :: else ->
        atomic {
          IS_DRAINED (me);
          timer = true
        }
     fi
  fi;
  armed = 0
}

/* And its caller, dagsched_engine_miss(). */
inline dagsched_event_ring_miss ()
{
#ifdef MUTANT_MISS_LOOKS_FIRST
  LOAD (me, CLOSED (me), closed);
#endif
  atomic {
    CAN_STORE (me);
    n_missed++;
    STORE_RELEASE (me, MISSED (me), n_missed)
  };
#if !defined(MUTANT_MISS_LOOKS_FIRST) && !defined(MUTANT_MISS_WITHOUT_LOOK)
  LOAD (me, CLOSED (me), closed);
#endif
  if
#ifndef MUTANT_MISS_WITHOUT_LOOK
  :: !closed -> dagsched_engine_arm ()
#endif
  :: else
  fi
}

inline dagsched_event_ring_push ()
{
  if
  :: head - tail_seen >= CAPACITY -> LOAD (me, TAIL (me), tail_seen)
  :: else
  fi;
  if
  :: head - tail_seen >= CAPACITY ->
#ifndef MUTANT_CLOSE_WITHOUT_COUNT
     atomic {
       CAN_STORE (me);
       n_missed++;
       STORE_RELEASE (me, MISSED (me), n_missed)
     };
#endif
     atomic {
       CAN_STORE (me);
       STORE_RELEASE (me, CLOSED (me), 1)
     }
  :: else ->
     atomic {
       CAN_STORE (me);
       STORE_RELAXED (me, SLOT (me, head), n_run)
     };
     atomic {
       CAN_STORE (me);
       head++;
#ifdef MUTANT_PUSH_WITHOUT_RELEASE
       STORE_RELAXED (me, HEAD (me), head)
#else
       STORE_RELEASE (me, HEAD (me), head)
#endif
     }
  fi
}

inline dagsched_engine_emit ()
{
  dagsched_event_ring_push ();
  dagsched_engine_arm ()
}

inline run_one ()
{
  LOAD (me, CLOSED (me), closed);
#ifdef MUTANT_COUNT_BEFORE_STATE
  if
  :: closed -> dagsched_event_ring_miss ()
  :: else
  fi;
#endif
  atomic {
    CAN_STORE (me);
    n_run++;
    STORE_RELEASE (me, STATE (me), n_run)
  };
  if
  :: !closed -> dagsched_engine_emit ()
#ifndef MUTANT_COUNT_BEFORE_STATE
  :: else -> dagsched_event_ring_miss ()
#else
  :: else
#endif
  fi;
  closed = 0
}

proctype producer (byte me)
{
  byte head, tail_seen, n_run, n_missed;
  bit closed, armed;

  do
  :: n_run < TESTS -> run_one ()
  :: else -> break
  od;
  n_ended++
}

/* The consumer. */

inline dagsched_event_ring_open (p)
{
  LOAD (CONSUMER, CLOSED (p), value);
  if
  :: value ->
     atomic {
       CAN_STORE (CONSUMER);
       STORE_RELAXED (CONSUMER, CLOSED (p), 0);
       opened = true
     }
  :: else
  fi
}

inline dagsched_event_ring_take_lapse (p)
{
  d_step {
    LOAD (CONSUMER, MISSED (p), value);
    if
    :: value != n_missed_seen[p] ->
       n_missed_seen[p] = value;
       lapsed = true
    :: else
    fi
  }
}

/* The last of them is the consumer; with one producer it is 1. */
#define ARE_ALL_DRAINED (IS_DRAINED (0) && IS_DRAINED (1) && IS_DRAINED (CONSUMER))

inline heavy_fence ()
{
  ARE_ALL_DRAINED
}

#if PRODUCERS > 1
#define FOR_EACH_RING(what) what (0); what (1)
#else
#define FOR_EACH_RING(what) what (0)
#endif

inline take_lapses ()
{
#ifdef MUTANT_COUNT_BEFORE_OPENING
  FOR_EACH_RING (dagsched_event_ring_take_lapse);
#endif
  FOR_EACH_RING (dagsched_event_ring_open);
  if
#ifndef MUTANT_OPEN_WITHOUT_FENCE
  :: opened -> heavy_fence ()
#endif
  :: else
  fi;
#ifndef MUTANT_COUNT_BEFORE_OPENING
  FOR_EACH_RING (dagsched_event_ring_take_lapse)
#endif
}

inline note (p, n)
{
  if
  :: n > shown[p] -> shown[p] = n
  :: else
  fi
}

inline drain_ring (p)
{
  do
  :: LOAD (CONSUMER, HEAD (p), value);
     if
     :: value == tail[p] -> break
     :: else
     fi;
     d_step {
       LOAD (CONSUMER, SLOT (p, tail[p]), value);
       /* They come in order. */
       assert (value > last_event[p]);
       last_event[p] = value;
       note (p, value)
     };
     atomic {
       CAN_STORE (CONSUMER);
       tail[p]++;
       STORE_RELEASE (CONSUMER, TAIL (p), tail[p])
     }
  od
}

inline disarm ()
{
  atomic {
    CAN_STORE (CONSUMER);
    STORE_RELEASE (CONSUMER, ARMED, 0)
  };
#ifndef MUTANT_DISARM_WITHOUT_FENCE
  FENCE (CONSUMER)
#endif
}

inline look_at (p)
{
  LOAD (CONSUMER, STATE (p), value);
  note (p, value)
}

inline dagsched_engine_drain ()
{
#ifndef MUTANT_DISARM_LAST
  disarm ();
#endif
  FOR_EACH_RING (drain_ring);
  take_lapses ();
#ifdef MUTANT_DISARM_LAST
  disarm ();
#endif
  if
  :: lapsed ->
     d_step {
       FOR_EACH_RING (look_at);
       lapsed = false
     }
  :: else
  fi;
  d_step {
    opened = false;
    value = 0
  }
}

#define IS_QUIET (n_ended == PRODUCERS && !timer && ARE_ALL_DRAINED)

active proctype consumer ()
{
  byte tail[PRODUCERS], n_missed_seen[PRODUCERS], last_event[PRODUCERS], value;
  bool opened, lapsed;

end:
  do
  :: atomic { timer -> timer = false };
     dagsched_engine_drain ()
  :: d_step {
       IS_QUIET ->
       assert (shown[0] == TESTS);
#if PRODUCERS > 1
       assert (shown[1] == TESTS)
#endif
     };
     break
  od
}

/* The consumer stores ARMED, which producers exchange: what it stores comes before such an exchange or after it. */
#define CAN_FLUSH_CONSUMER (!IS_DRAINED (CONSUMER) && !locked[buffer[CONSUMER].place[0]])

active proctype flush ()
{
end:
  do
  :: d_step { CAN_FLUSH_CONSUMER -> FLUSH (CONSUMER, 0) }
  :: d_step { !IS_DRAINED (0) -> FLUSH (0, 0) }
#if PRODUCERS > 1
  :: d_step { !IS_DRAINED (1) -> FLUSH (1, 0) }
#endif
#ifdef REORDER
  :: d_step { CAN_FLUSH_SECOND (0) -> FLUSH (0, 1) }
  :: d_step { CAN_FLUSH_THIRD (0) -> FLUSH (0, 2) }
  :: d_step { CAN_FLUSH_SECOND (CONSUMER) -> FLUSH (CONSUMER, 1) }
  :: d_step { CAN_FLUSH_THIRD (CONSUMER) -> FLUSH (CONSUMER, 2) }
#endif
  od
}

init {
  atomic {
    run producer (0);
#if PRODUCERS > 1
    run producer (1)
#endif
  }
}
