/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "engine/dagsched-atomic-private.h"
#include "engine/dagsched-engine-private.h"

G_BEGIN_DECLS

/* What the engine knows of one test while it runs. */
typedef struct
{
  _Atomic gint32 pending; /* unfinished dependencies; falls to 0 once, then it is resolved */
  _Atomic guint32 claim; /* generation of the running attempt with DAGSCHED_CLAIM_RUNNING, else of the last */
  _Atomic guint8 state;  /* DagschedState */
  _Atomic guint8 doubt;  /* a condition of some dependency did not hold */
  guint8 outcome;        /* written before state becomes FINISHED, then read-only */
  guint8 flags;          /* likewise */
  guint8 why;    /* DagschedWhy; likewise, but what is finished before the run has it from the start */
  guint8 n_lost; /* attempts whose executor was lost; by whoever completes the test */
  _Atomic guint16 n_attempts;          /* by whoever starts the test */
  guint32 blocked_by;                  /* like outcome */
  gboolean holds_nothing;              /* its holds on fixtures are given up; by whoever completes it */
  _Atomic gint32 n_holders;            /* of a fixture: those who hold it still */
  DagschedAttemptRecord *_Atomic last; /* newest attempt; published with release */
} DagschedCell;

#define DAGSCHED_CLAIM_RUNNING 0x80000000u

/* Why a test has an outcome without an attempt. */
typedef enum
{
  DAGSCHED_WHY_NONE,            /* its last attempt says it */
  DAGSCHED_WHY_DISABLED,        /* dagsched_test_get_disabled() */
  DAGSCHED_WHY_DEFECT,          /* dagsched_test_get_defect() */
  DAGSCHED_WHY_BLOCKED,         /* blocked_by */
  DAGSCHED_WHY_NOT_NEEDED,      /* blocked_by did not fail */
  DAGSCHED_WHY_FIXTURE_NOT_RUN, /* a cleanup without anything to clean up */
  DAGSCHED_WHY_CANCELLED,       /* the run's own reason */
} DagschedWhy;

/* Counts dependencies down and decides what becomes of each test whose last one has finished. */
typedef struct
{
  const DagschedPlanView *view;
  DagschedCell *cells;
  _Atomic guint32 n_unfinished;
  _Atomic guint8 closing; /* DagschedClosing */
} DagschedTracker;

/* A place to put numbers: each thread has its own. */
typedef struct
{
  GArray *stack; /* guint32: finished tests whose dependents are not counted down yet */
  GArray *ready; /* guint32: tests that became ready */
} DagschedScratch;

/* Called for each test that finishes, before its dependents are counted down. */
typedef void (*DagschedFinishedFunc) (gpointer user_data, guint32 test);

void dagsched_tracker_init (DagschedTracker *self, const DagschedPlanView *view);
void dagsched_tracker_clear (DagschedTracker *self);
void dagsched_scratch_init (DagschedScratch *self);
void dagsched_scratch_clear (DagschedScratch *self);

/* Resolves every test without dependencies. Once, before anything else. */
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
/* Whether @test may start now: while the run is closing only cleanups whose fixture ran. */
gboolean dagsched_tracker_may_start (DagschedTracker *self, guint32 test);

G_END_DECLS
