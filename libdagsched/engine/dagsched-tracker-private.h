/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/dagsched-outcome-private.h"
#include "engine/dagsched-atomic-private.h"
#include "engine/dagsched-engine-private.h"
#include "engine/dagsched-number-list-private.h"

G_BEGIN_DECLS

/* What the engine knows of one test while it runs: what it looks at for each of them, five to a cache
 * line. What only some tests have is in arrays of its own. */
typedef struct
{
  _Atomic gint32 pending; /* unfinished dependencies; falls to 0 once, then it is resolved */
  _Atomic guint32 claim;  /* the running attempt with DAGSCHED_CLAIM_RUNNING, else the last */
  _Atomic guint8 state;   /* DagschedState */
  _Atomic guint8
    doubt; /* more than its counter decides: a condition of some dependency did not hold, for one */
  guint8 outcome : 4; /* written before state becomes FINISHED, then read-only */
  guint8 why : 4;     /* DagschedWhy; likewise, but what is finished before the run has it from the start */
  guint8 flags;       /* likewise */
} DagschedCell;

G_STATIC_ASSERT (sizeof (DagschedCell) == 12);

/* A claim names an attempt: from the left whether it runs (only of those that an executor carries out:
 * functions are claimed on their lane), how many earlier ones don't count, as their executor was lost, and
 * how many were started. */
#define DAGSCHED_CLAIM_RUNNING 0x80000000u
#define DAGSCHED_CLAIM_ONE_LOST 0x20000000u
#define DAGSCHED_MAX_LOST 3
#define DAGSCHED_CLAIM_GET_N_LOST(claim) ((claim) >> 29 & DAGSCHED_MAX_LOST)
#define DAGSCHED_CLAIM_GET_ATTEMPT(claim)                                                                    \
  (((claim) & (DAGSCHED_CLAIM_ONE_LOST - 1)) - DAGSCHED_CLAIM_GET_N_LOST (claim))

/* Why a test has an outcome without an attempt. */
typedef enum
{
  DAGSCHED_WHY_NONE,            /* its last attempt says it */
  DAGSCHED_WHY_DISABLED,        /* dagsched_test_get_disabled() */
  DAGSCHED_WHY_DEFECT,          /* dagsched_test_get_defect() */
  DAGSCHED_WHY_BLOCKED,         /* by the test that dagsched_tracker_get_blocked_by() names */
  DAGSCHED_WHY_NOT_NEEDED,      /* that test did not fail */
  DAGSCHED_WHY_FIXTURE_NOT_RUN, /* a cleanup without anything to clean up */
  DAGSCHED_WHY_CANCELLED,       /* the run's own reason */
  DAGSCHED_WHY_EARLIER,         /* an earlier run came to it; until it is resolved, then NONE */
} DagschedWhy;

/* Of each test: its newest attempt's record, or, with the lowest bit set, what blocked it (a test that is
 * blocked never ran). */
typedef _Atomic guintptr DagschedLink;

/* Counts dependencies down and decides what becomes of each test whose last one has finished. */
typedef struct
{
  const DagschedPlanView *view;
  DagschedCell *cells;
  DagschedLink *_Atomic links; /* NULL until a test has something to link to */
  _Atomic gint32 *n_holders;   /* of each fixture: those who hold it still; NULL: no fixtures */
  guint8 *holds_nothing;       /* of each test: its holds are given up; by whoever completes it; likewise */
  DagschedNumberList roots;    /* tests without dependencies; from the start on, those that are ready */
  /* Those that their threads have told of: each thread counts what it finishes, and tells when it has
   * nothing else to do. */
  _Alignas(DAGSCHED_CACHE_LINE) _Atomic guint32 n_unfinished;
  _Alignas(DAGSCHED_CACHE_LINE) _Atomic guint8 closing; /* DagschedClosing */
} DagschedTracker;

/* What a thread has in its hands: each has its own. */
typedef struct
{
  DagschedNumberList stack; /* finished tests whose dependents are not counted down yet */
  DagschedNumberList ready; /* tests that became ready */
  guint32 n_finished;       /* that it has not told of yet */
} DagschedScratch;

/* Called for each test that finishes, before its dependents are counted down. */
typedef void (*DagschedFinishedFunc) (gpointer user_data, guint32 test);

void dagsched_tracker_init (DagschedTracker *self, const DagschedPlanView *view);
void dagsched_tracker_clear (DagschedTracker *self);
void dagsched_scratch_clear (DagschedScratch *self);

/* Before the start: these tests have their outcomes already. They are resolved first, in this order. */
void dagsched_tracker_take (DagschedTracker *self, const DagschedEarlierTest *tests, guint n_tests);
/* Resolves every test without dependencies. Once, before anything else. Those that are ready stay in roots;
 * what became ready by what the others came to is in scratch->ready. */
void dagsched_tracker_start (DagschedTracker *self,
                             DagschedScratch *scratch,
                             DagschedFinishedFunc finished,
                             gpointer user_data);
/* Gives @test its outcome, and its dependents what follows from it, without recursion. Those that
 * became ready are appended to scratch->ready. @test must not have an outcome. */
void dagsched_tracker_finish (DagschedTracker *self,
                              DagschedScratch *scratch,
                              guint32 test,
                              DagschedOutcome outcome,
                              DagschedFlags flags,
                              DagschedWhy why,
                              DagschedFinishedFunc finished,
                              gpointer user_data);
/* The pieces of that, for the one place that does so for each test. */
static inline void dagsched_tracker_set_outcome (DagschedTracker *self,
                                                 DagschedScratch *scratch,
                                                 guint32 test,
                                                 DagschedOutcome outcome,
                                                 DagschedFlags flags,
                                                 DagschedWhy why);
static inline void dagsched_tracker_count_down (DagschedTracker *self,
                                                DagschedScratch *scratch,
                                                guint32 test,
                                                DagschedOutcome outcome);
/* All dependencies of @test have finished. */
void dagsched_tracker_resolve (DagschedTracker *self, DagschedScratch *scratch, guint32 test);
/* What follows from what is on the stack. */
void dagsched_tracker_cascade (DagschedTracker *self,
                               DagschedScratch *scratch,
                               DagschedFinishedFunc finished,
                               gpointer user_data);
/* Tells of what the thread has finished. TRUE: nothing is unfinished any more. */
gboolean dagsched_tracker_tell (DagschedTracker *self, DagschedScratch *scratch);
/* Whether @test may start while the run is closing: only cleanups whose fixture ran. */
gboolean dagsched_tracker_may_clean (DagschedTracker *self, guint32 test);

static inline gboolean
dagsched_tracker_may_start (DagschedTracker *self, guint32 test)
{
  return G_LIKELY (dagsched_load_relaxed (&self->closing) == DAGSCHED_CLOSING_NO) ||
         dagsched_tracker_may_clean (self, test);
}

/* Any thread. */
guint32 dagsched_tracker_get_blocked_by (DagschedTracker *self, guint32 test);
const DagschedAttemptRecord *dagsched_tracker_get_last_attempt (DagschedTracker *self, guint32 test);
/* Whoever has claimed the attempt. */
void
dagsched_tracker_set_last_attempt (DagschedTracker *self, guint32 test, const DagschedAttemptRecord *record);

/* How many attempts of a test were started, but for those that were lost. Any thread. */
static inline guint32
dagsched_cell_get_n_attempts (DagschedCell *cell)
{
  guint32 claim = dagsched_load_relaxed (&cell->claim);

  return DAGSCHED_CLAIM_GET_ATTEMPT (claim);
}

static inline void
dagsched_tracker_set_outcome (DagschedTracker *self,
                              DagschedScratch *scratch,
                              guint32 test,
                              DagschedOutcome outcome,
                              DagschedFlags flags,
                              DagschedWhy why)
{
  DagschedCell *cell = &self->cells[test];

  g_assert (dagsched_load_relaxed (&cell->state) != DAGSCHED_STATE_FINISHED);
  cell->outcome = outcome;
  cell->flags = flags;
  cell->why = why;
  dagsched_store_release (&cell->state, DAGSCHED_STATE_FINISHED);
  scratch->n_finished++;
}

/* Which conditions hold after @outcome: a bit each. */
static inline guint
dagsched_tracker_conditions_of (DagschedOutcome outcome)
{
  guint conditions = 1u << DAGSCHED_CONDITION_ALWAYS;

  if (DAGSCHED_OUTCOME_IN (outcome, DAGSCHED_SUCCESSES))
    conditions |= 1u << DAGSCHED_CONDITION_SUCCESS;
  else if (DAGSCHED_OUTCOME_IN (outcome, DAGSCHED_FAILURES))
    conditions |= 1u << DAGSCHED_CONDITION_FAILURE;
  return conditions;
}

/* Whether that was the last of its dependencies. Where one is left it is the caller's, and nobody else
 * touches the counter any more: no read-modify-write is needed. Otherwise each one releases what its
 * thread did before, and the last acquires it. */
static inline gboolean
dagsched_cell_count_one (DagschedCell *cell)
{
  if (dagsched_load_acquire (&cell->pending) != 1)
    return atomic_fetch_sub_explicit (&cell->pending, 1, memory_order_acq_rel) == 1;

  dagsched_store_relaxed (&cell->pending, 0);
  return TRUE;
}

static inline void
dagsched_tracker_count_down (DagschedTracker *self,
                             DagschedScratch *scratch,
                             guint32 test,
                             DagschedOutcome outcome)
{
  const DagschedPlanView *view = self->view;
  guint conditions = dagsched_tracker_conditions_of (outcome);
  const guint32 *end = &view->dependents[view->first_dependent[test + 1]];

  for (const guint32 *edge = &view->dependents[view->first_dependent[test]]; edge < end; edge++)
    {
      guint32 dependent = DAGSCHED_DEPENDENT_NUMBER (*edge);
      DagschedCell *cell = &self->cells[dependent];

      if (!(conditions & 1u << DAGSCHED_DEPENDENT_CONDITION (*edge)))
        dagsched_store_relaxed (&cell->doubt, 1);
      if (!dagsched_cell_count_one (cell))
        continue;
      if (G_LIKELY (!dagsched_load_relaxed (&cell->doubt)))
        dagsched_number_list_push (&scratch->ready, dependent);
      else
        dagsched_tracker_resolve (self, scratch, dependent);
    }
}

G_END_DECLS
