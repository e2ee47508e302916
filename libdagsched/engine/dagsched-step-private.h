/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The steps of protocols between threads at which the stress tests delay somebody: DAGSCHED_STEP (NAME)
 * stands between two accesses whose order, or whose distance, somebody else's protocol relies on. It is
 * nothing, but in builds with -Ddebug_steps=true. */
typedef enum
{
  DAGSCHED_STEP_DEQUE_PUSH,      /* the slot is written, the bottom not yet */
  DAGSCHED_STEP_DEQUE_POP,       /* the bottom is lowered, the fence comes next */
  DAGSCHED_STEP_DEQUE_POP_TOP,   /* behind the fence, before the top is read */
  DAGSCHED_STEP_DEQUE_TAKE_CAS,  /* the owner has read the oldest, before the compare-and-swap for it */
  DAGSCHED_STEP_DEQUE_STEAL,     /* the top is read, the fence comes next */
  DAGSCHED_STEP_DEQUE_STEAL_CAS, /* the slot is read, before the compare-and-swap */
  DAGSCHED_STEP_PARK_ANNOUNCE,   /* before the announcement */
  DAGSCHED_STEP_PARK_ANNOUNCED,  /* announced and fenced, before the second look */
  DAGSCHED_STEP_PARK_RETRACT,    /* something was found, still announced */
  DAGSCHED_STEP_PARK_WAIT,       /* before the wait */
  DAGSCHED_STEP_WAKE,            /* work is stored, the fence comes next */
  DAGSCHED_STEP_WAKE_LOOK,       /* behind the fence, before the count of announcements is read */
  DAGSCHED_STEP_WAKE_NOTIFY,     /* taken off the line, not yet notified */
  DAGSCHED_STEP_RING_PUSH,       /* the slot is written, the head not yet */
  DAGSCHED_STEP_RING_LAPSE,      /* found full, not yet marked */
  DAGSCHED_STEP_RING_DROP,       /* the slot is read, the tail not yet moved */
  DAGSCHED_STEP_RING_OPEN,       /* found closed, not yet opened */
  DAGSCHED_STEP_DEADLINE_TAKE,   /* a lane's is due, before the compare-and-swap */
  DAGSCHED_STEP_DEADLINE_DUE,    /* taken from the heap or the lane, nobody called yet */
  DAGSCHED_STEP_DEADLINE_ARM,    /* what comes next is known, and not announced yet */
  DAGSCHED_STEP_DEADLINE_ARMED,  /* what is slept for is announced, before the second look */
  DAGSCHED_STEP_DEADLINE_LANE,   /* a lane's is set, the fence comes next */
  DAGSCHED_N_STEPS
} DagschedStep;

#ifdef DAGSCHED_DEBUG_STEPS

/* Called on any thread, also with locks held. */
typedef void (*DagschedStepFunc) (gpointer user_data, DagschedStep step);

/* %NULL: none. Threads may still be in the one before. */
void dagsched_step_set_hook (DagschedStepFunc func, gpointer user_data);
void dagsched_step_reach (DagschedStep step);

#define DAGSCHED_STEP(NAME) dagsched_step_reach (DAGSCHED_STEP_##NAME)

#else

#define DAGSCHED_STEP(NAME) ((void) DAGSCHED_STEP_##NAME)

#endif

G_END_DECLS
