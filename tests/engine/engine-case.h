/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "engine/dagsched-engine-types-private.h"

G_BEGIN_DECLS

/* An engine with an owner and an executor whose every step a test may have its hands in. */

#define MAX_TESTS 64

typedef struct _Case Case;

/* A run, and what is done where. NULL: a test passes at once. */
struct _Case
{
  DagschedGraph *graph;
  DagschedPlan *plan;
  DagschedPlanView view;       /* a copy, to be tampered with */
  guint n_phantoms[MAX_TESTS]; /* dependencies of each test that are nowhere */
  DagschedEngineParams params;
  DagschedEngine *engine;
  void (*execute) (Case *c, const DagschedTicket *ticket, GCancellable *cancellable, DagschedResult *result);
  gboolean passes_plainly; /* whatever execute does, the result is left as it was */
  void (*attempt) (Case *c, DagschedAttemptRecord *record);
  void (*told_end) (Case *c);
  void (*armed) (Case *c);
  void (*open) (Case *c);
  void (*start) (Case *c, DagschedAttemptHandle *attempt);
  void (*stop) (Case *c, const DagschedTicket *ticket);
  gpointer data;

  GMutex lock; /* protects all below */
  GCond cond;
  guint n_finished[MAX_TESTS];
  guint n_done; /* whatever a test counts */
  DagschedAttemptHandle *kept[MAX_TESTS];
  gboolean ended;
  gboolean freed;
};

Case *case_new (void);
/* What is run; the graph keeps the test. */
DagschedTest *case_add (Case *c, const char *name, DagschedKind kind);
void case_depend (Case *c, DagschedTest *dependent, DagschedTest *dependency, DagschedCondition condition);
/* From here on the view may be tampered with. */
void case_compile (Case *c);
guint32 case_number_of (Case *c, const char *name);

void case_start (Case *c);
/* Hangs where the engine does: the time-out of the test is the judge. */
void case_wait_for_end (Case *c);
/* Checks that every test has finished, once. */
void case_close (Case *c);
void case_assert_outcome (Case *c, const char *name, DagschedOutcome outcome);
/* Waits for the end, closes, and checks that the run ended as stalled and says what is @told. */
void case_assert_stalled (Case *c, const char *const *told);
/* Waits for threads that were written off: they keep the engine until they return. */
void case_free (Case *c);

/* Counts something, and waits until it was counted @n times. Any thread. */
void case_count (Case *c);
void case_wait_for (Case *c, guint n);
/* What the executor does where a test does not say otherwise. Takes @attempt. */
void case_pass (DagschedAttemptHandle *attempt);
/* Keeps an attempt until it is taken: (nullable) (transfer full). Any thread. */
void case_keep (Case *c, DagschedAttemptHandle *attempt);
DagschedAttemptHandle *case_take (Case *c, guint32 test);

G_END_DECLS
