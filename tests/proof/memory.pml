/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A weakly ordered memory for the models: Promela's own is sequentially consistent, and would not
 * miss a fence.
 *
 * Each thread has a store buffer. What it stores stands there first, where only the thread itself
 * sees it (LOAD looks there before memory), and comes into memory at any later moment: flush(). A
 * fence waits until the thread's buffer is empty.
 *
 *   STORE_RELEASE   comes into memory after everything that the thread stored before it
 *   STORE_RELAXED   may overtake what stands before it, but not what goes to the same place
 *   RMW, CAS        read memory itself, so each sees the one before; but what they write is late like
 *                   any other (release) store, and until it has come nobody else's read-modify-write of the
 *                   place gets through: C11 orders an atomic_fetch_add() with no later load of another
 *                   place. On x86 these drain the buffer; that is one of the cases covered here.
 *
 * That is x86's total store order (Owens, Sarkar, Sewell 2009) and more: stores that overtake stores,
 * and loads that overtake read-modify-writes. Loads that overtake loads are not in it: where a fence
 * or an acquire orders two loads, the mutant that drops it swaps them.
 *
 * A buffer has DEPTH entries; a thread whose buffer is full waits for a flush.
 *
 * The including model defines THREADS, PLACES and DEPTH, and starts flush(). With -DREORDER, relaxed
 * stores overtake; without, buffers are first in, first out (where a model has no relaxed stores
 * it is the same). */

typedef StoreBuffer {
  byte n;
  byte place[DEPTH];
  byte value[DEPTH];
#ifdef REORDER
  bit release[DEPTH];
#endif
};

StoreBuffer buffer[THREADS];
byte memory[PLACES];
bool locked[PLACES]; /* a read-modify-write of it has not come into memory yet */
byte m_; /* a scratch variable of the steps below, 0 between them */

#define HAS_ROOM(me) (buffer[me].n < DEPTH)
#define IS_DRAINED(me) (buffer[me].n == 0)
/* Guards: a step that stores, or reads, modifies and writes, starts with the one it needs. */
#define CAN_STORE(me) HAS_ROOM (me)
#define CAN_RMW(me, where) (HAS_ROOM (me) && !locked[where])
/* With a fence right behind it nothing of the thread comes between the two: one step on memory. */
#define CAN_RMW_AND_FENCE(me, where) (IS_DRAINED (me) && !locked[where])

inline PUT (me, where, what, is_release)
{
  buffer[me].place[buffer[me].n] = where;
  buffer[me].value[buffer[me].n] = what;
#ifdef REORDER
  buffer[me].release[buffer[me].n] = is_release;
#endif
  buffer[me].n++;
}

#define STORE_RELEASE(me, where, what) PUT (me, where, what, 1)
#define STORE_RELAXED(me, where, what) PUT (me, where, what, 0)

/* What the thread sees: the youngest of its own stores, else memory. */
inline LOAD (me, where, into)
{
  d_step {
    into = memory[where];
    m_ = 0;
    do
    :: m_ < buffer[me].n ->
       if
       :: buffer[me].place[m_] == where -> into = buffer[me].value[m_]
       :: else
       fi;
       m_++
    :: else -> break
    od;
    m_ = 0
  }
}

inline FENCE (me)
{
  IS_DRAINED (me)
}

/* After CAN_RMW: the value in memory is the latest. */
inline WRITE_LATE (me, where, what)
{
  locked[where] = true;
  PUT (me, where, what, 1)
}

/* Entry i of a thread's buffer comes into memory. */
inline FLUSH (thread, i)
{
  memory[buffer[thread].place[i]] = buffer[thread].value[i];
  locked[buffer[thread].place[i]] = false;
  m_ = i + 1;
  do
  :: m_ < buffer[thread].n ->
     buffer[thread].place[m_ - 1] = buffer[thread].place[m_];
     buffer[thread].value[m_ - 1] = buffer[thread].value[m_];
#ifdef REORDER
     buffer[thread].release[m_ - 1] = buffer[thread].release[m_];
#endif
     m_++
  :: else -> break
  od;
  buffer[thread].n--;
  m_ = buffer[thread].n;
  buffer[thread].place[m_] = 0;
  buffer[thread].value[m_] = 0;
#ifdef REORDER
  buffer[thread].release[m_] = 0;
#endif
  m_ = 0
}

#define CAN_FLUSH_SECOND(thread)                                                                              \
  (buffer[thread].n > 1 && !buffer[thread].release[1] && buffer[thread].place[1] != buffer[thread].place[0])

#define CAN_FLUSH_THIRD(thread)                                                                               \
  (buffer[thread].n > 2 && !buffer[thread].release[2] &&                                                      \
   buffer[thread].place[2] != buffer[thread].place[0] && buffer[thread].place[2] != buffer[thread].place[1])
