/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The deque of Chase and Lev as dagsched-deque.c has it: an owner, THIEVES thieves, TESTS tests, a ring
 * of CAPACITY slots, on the weak memory of memory.pml.
 *
 * Hold it beside libdagsched/engine/dagsched-deque.c; the inlines have the names of its functions, and go
 * line by line:
 *
 *   MIRRORS dagsched-deque.c: slot_at dagsched_deque_push dagsched_deque_pop dagsched_deque_take dagsched_deque_steal
 *   MIRRORS dagsched-worker-loop.c: steal_from
 *
 * What is left out, and why that is no loss:
 *   - The owner pushes and pops in any order, until all tests have been pushed, then pops until it is refused.
 *   - A thief steals for as long as the owner works, which holds each way in which steal_from() takes one
 *     or several by single steals: it may stop after any.
 *   - Positions are bytes that start at CAPACITY; gint64 does not wrap, nor do TESTS pushes.
 *   - What becomes of a refused test is the caller's affair: here it tries again.
 *
 * What holds (or Spin reports an error):
 *   - no test is taken twice, and none is lost: when the owner was refused at last, each was taken once;
 *   - who takes position p gets the test that was pushed there: no slot is overwritten while in use.
 */

#ifndef TESTS
#define TESTS 4
#endif
#ifndef THIEVES
#define THIEVES 2
#endif
#ifndef CAPACITY
#ifdef MUTANT_CAPACITY_NOT_POWER_OF_TWO
#define CAPACITY 3
#else
#define CAPACITY 2
#endif
#endif

#define OWNER 0
#define THREADS (1 + THIEVES)
#ifndef DEPTH
#define DEPTH 3
#endif

#define TOP 0
#define BOTTOM 1
#define SLOTS 2
#define PLACES (SLOTS + CAPACITY)
#define slot_at(position) (SLOTS + ((position) & (CAPACITY - 1)))

#include "memory.pml"

/* Who watches. */
#define POSITIONS (CAPACITY + TESTS + 1)
byte pushed[POSITIONS]; /* which test was last pushed at the position */
byte taken;             /* a bit for each test */
byte n_pushed;
bool owner_has_ended;

inline take (position, test)
{
  assert (test == pushed[position]);
  assert (test >= 1 && test <= TESTS && !((taken >> (test - 1)) & 1));
  taken = taken | (1 << (test - 1))
}

#ifdef MUTANT_CAPACITY_OFF_BY_ONE
#define IS_FULL(bottom, top) ((bottom) - (top) > CAPACITY)
#else
#define IS_FULL(bottom, top) ((bottom) - (top) >= CAPACITY)
#endif

inline dagsched_deque_push ()
{
  LOAD (OWNER, BOTTOM, bottom);
  LOAD (OWNER, TOP, top);
  if
  :: IS_FULL (bottom, top) -> skip
  :: else ->
     atomic {
       CAN_STORE (OWNER);
       pushed[bottom] = n_pushed + 1;
       STORE_RELAXED (OWNER, slot_at (bottom), n_pushed + 1)
     };
     atomic {
       CAN_STORE (OWNER);
#ifdef MUTANT_PUSH_WITHOUT_RELEASE
       STORE_RELAXED (OWNER, BOTTOM, bottom + 1);
#else
       STORE_RELEASE (OWNER, BOTTOM, bottom + 1);
#endif
       n_pushed++
     }
  fi;
  d_step { bottom = 0; top = 0 }
}

inline dagsched_deque_pop (found)
{
  atomic {
    CAN_STORE (OWNER);
    LOAD (OWNER, BOTTOM, bottom);
    bottom--;
    STORE_RELAXED (OWNER, BOTTOM, bottom)
  };
#ifndef MUTANT_POP_WITHOUT_FENCE
  FENCE (OWNER);
#endif
  LOAD (OWNER, TOP, top);
  if
  :: top > bottom ->
     atomic {
       CAN_STORE (OWNER);
       STORE_RELAXED (OWNER, BOTTOM, bottom + 1);
       found = false
     }
  :: else ->
     LOAD (OWNER, slot_at (bottom), test);
     if
#ifndef MUTANT_POP_LAST_WITHOUT_CAS
     :: top == bottom ->
        atomic {
          CAN_RMW (OWNER, TOP);
          if
          :: memory[TOP] == top ->
             WRITE_LATE (OWNER, TOP, top + 1);
             take (bottom, test);
             found = true
          :: else -> found = false
          fi
        };
        atomic {
          CAN_STORE (OWNER);
          STORE_RELAXED (OWNER, BOTTOM, bottom + 1)
        }
#endif
     :: else ->
        d_step {
          take (bottom, test);
          found = true
        }
     fi
  fi;
  d_step { bottom = 0; top = 0; test = 0 }
}

inline dagsched_deque_take (found)
{
  LOAD (OWNER, BOTTOM, bottom);
  LOAD (OWNER, TOP, top);
  if
  :: top >= bottom -> found = false
  :: else ->
     LOAD (OWNER, slot_at (top), test);
     atomic {
       CAN_RMW (OWNER, TOP);
       if
       :: memory[TOP] == top ->
          WRITE_LATE (OWNER, TOP, top + 1);
          take (top, test);
          found = true
#ifdef MUTANT_TAKE_WITHOUT_CAS
       :: memory[TOP] != top ->
          WRITE_LATE (OWNER, TOP, top + 1);
          take (top, test);
          found = true
#else
       :: else -> found = false
#endif
       fi
     }
  fi;
  d_step { bottom = 0; top = 0; test = 0 }
}

proctype owner ()
{
  byte bottom, top, test;
  bool found;

  do
  :: n_pushed < TESTS -> dagsched_deque_push ()
  :: n_pushed < TESTS -> dagsched_deque_pop (found)
  :: n_pushed < TESTS -> dagsched_deque_take (found)
  :: else -> break
  od;

  found = true;
  do
  :: found -> dagsched_deque_pop (found)
  :: else -> break
  od;
  assert (taken == (1 << TESTS) - 1);
  owner_has_ended = true
}

inline dagsched_deque_steal ()
{
#if defined(MUTANT_STEAL_READS_BOTTOM_FIRST)
  LOAD (me, BOTTOM, bottom);
  FENCE (me);
  LOAD (me, TOP, top);
#elif defined(MUTANT_STEAL_WITHOUT_FENCE)
  if
  :: LOAD (me, TOP, top); LOAD (me, BOTTOM, bottom)
  :: LOAD (me, BOTTOM, bottom); LOAD (me, TOP, top)
  fi;
#else
  LOAD (me, TOP, top);
  FENCE (me);
  LOAD (me, BOTTOM, bottom);
#endif
  if
  :: top >= bottom -> skip
  :: else ->
     LOAD (me, slot_at (top), test);
#ifdef MUTANT_STEAL_SEVERAL_WITH_ONE_CAS
     n = (bottom - top >= 2 -> 2 : 1);
     if
     :: n == 2 -> LOAD (me, slot_at (top + 1), another)
     :: else
     fi;
#endif
     atomic {
       CAN_RMW (me, TOP);
       if
       :: memory[TOP] == top ->
#ifdef MUTANT_STEAL_SEVERAL_WITH_ONE_CAS
          WRITE_LATE (me, TOP, top + n);
          if
          :: n == 2 -> take (top + 1, another)
          :: else
          fi;
#else
          WRITE_LATE (me, TOP, top + 1);
#endif
          take (top, test)
       :: else
       fi
     }
  fi;
  d_step {
#ifdef MUTANT_STEAL_SEVERAL_WITH_ONE_CAS
    n = 0;
    another = 0;
#endif
    top = 0; bottom = 0; test = 0
  }
}

proctype thief (byte me)
{
  byte bottom, top, test;
#ifdef MUTANT_STEAL_SEVERAL_WITH_ONE_CAS
  byte n, another;
#endif

  do
  :: owner_has_ended -> break
  :: else -> dagsched_deque_steal ()
  od
}

proctype flush ()
{
  byte t;

end:
  do
  :: d_step { !IS_DRAINED (OWNER) -> FLUSH (OWNER, 0) }
#ifdef REORDER
  :: d_step { CAN_FLUSH_SECOND (OWNER) -> FLUSH (OWNER, 1) }
  :: d_step { CAN_FLUSH_THIRD (OWNER) -> FLUSH (OWNER, 2) }
#endif
  :: d_step { !IS_DRAINED (1) -> FLUSH (1, 0) }
#if THIEVES > 1
  :: d_step { !IS_DRAINED (2) -> FLUSH (2, 0) }
#endif
#if THIEVES > 2
  :: d_step { !IS_DRAINED (3) -> FLUSH (3, 0) }
#endif
  od
}

init {
  atomic {
    memory[TOP] = CAPACITY;
    memory[BOTTOM] = CAPACITY;
    run flush ();
    run owner ();
    run thief (1);
#if THIEVES > 1
    run thief (2);
#endif
#if THIEVES > 2
    run thief (3)
#endif
  }
}
