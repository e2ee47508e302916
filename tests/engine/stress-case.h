/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <dagsched.h>

/* One random graph of functions, run by a scheduler with random options: it ends, each test has finished
 * once and with the outcome of the reference, and nothing started before what it depends on had ended. */

typedef enum
{
  CANCEL_NOT,
  CANCEL_CANCELLABLE,  /* fired by a function */
  CANCEL_STOP,         /* by an observer in the model's thread */
  CANCEL_KILL,         /* likewise */
  CANCEL_MAX_FAILURES, /* by the engine */
} Cancel;

typedef struct
{
  guint seed;
  guint shape; /* of random-case.h */
  guint n_tests;
  guint breadth; /* of layers and fans; 0: random */
  guint hang_rarity;
  gboolean observed; /* somebody is connected to each test */
  gboolean blocked;  /* and holds the model up until all attempts have begun; not with a cancellation */
  Cancel cancel;
  guint cancel_after; /* attempts, finished tests or failures */
  guint
    pause_rarity; /* after one in so many finished tests the run stands still for a moment, if observed; 0: never */

  /* Options. */
  guint n_workers;
  gboolean enable_work_stealing;
  guint work_stealing_threshold;
  guint max_spurious_wakeups;
  guint notification_batch_window;
  gboolean timestamps;
  DagschedOrder order;
} StressParams;

/* All of them follow from @seed, but that the largest graphs are @scale times as large. As many seeds in a row as stress_params_n_combinations() says have every
 * combination of the first six options. */
void stress_params_init (StressParams *params, guint seed, guint scale);
guint stress_params_n_combinations (void);
/* One line, to repeat it. */
char *stress_params_describe (const StressParams *params);

/* Returns how many tests were in it. */
guint stress_case_run (const StressParams *params);
