/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "engine/dagsched-engine-private.h"
#include "run/dagsched-scheduler.h"

G_BEGIN_DECLS

/* What a run came to before it was cut short, for one that goes on from there. Model thread. */
typedef struct
{
  GArray *tests;        /* of DagschedEarlierTest, those that ended first first */
  GHashTable *places;   /* number of a test → its place in tests, plus 1; any thread once the run is on */
  gint64 elapsed_ns;    /* that it had been going on for */
  gboolean is_recorded; /* the history has it */

  /* Sets what an attempt wrote in its result. Called once for each attempt, in their order. */
  void (*load_output) (gpointer data, DagschedAttemptRecord *record);
  gpointer data;
  GDestroyNotify free_data;
} DagschedEarlier;

DagschedEarlier *dagsched_earlier_new (void);
void dagsched_earlier_free (DagschedEarlier *self);
/* Attempts of it follow: at least one. */
void
dagsched_earlier_add_test (DagschedEarlier *self, guint32 test, DagschedOutcome outcome, DagschedFlags flags);
/* Of the test that was added last. Takes what @record's result refers to; previous is set here. */
void dagsched_earlier_add_attempt (DagschedEarlier *self, const DagschedAttemptRecord *record);
/* (nullable) any thread once the run is on */
const DagschedEarlierTest *dagsched_earlier_find (DagschedEarlier *self, guint32 test);

typedef void (*DagschedEarlierFunc) (gpointer user_data, DagschedAttemptRecord *record);
/* The first attempt first, each with its output. Once for each test. */
void dagsched_earlier_for_each_attempt (DagschedEarlier *self,
                                        const DagschedEarlierTest *test,
                                        DagschedEarlierFunc func,
                                        gpointer user_data);

/* Before the run, once it is prepared: it goes on from there. Takes @earlier, whose tests are those of the plan. */
void dagsched_scheduler_set_earlier (DagschedScheduler *self, DagschedEarlier *earlier);
/* (nullable) borrowed */
DagschedEarlier *dagsched_scheduler_get_earlier (DagschedScheduler *self);

G_END_DECLS
