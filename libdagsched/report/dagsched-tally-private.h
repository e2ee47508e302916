/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "model/dagsched-test.h"
#include "report/dagsched-style-private.h"

G_BEGIN_DECLS

/* What became of the tests so far, in numbers. */
typedef struct
{
  guint n_tests;
  guint n_finished;
  guint n_with_outcome[DAGSCHED_N_OUTCOMES];
  guint n_failures; /* of any kind */
  guint n_flaky;
  double busy; /* seconds: all durations */
} DagschedTally;

void dagsched_tally_add (DagschedTally *self, DagschedTest *test);
/* "2 failed, 14 blocked, 325 passed", the worst first; nothing for what is nought. A comma comes
 * before each if @out is not empty. */
void dagsched_tally_append (const DagschedTally *self, const DagschedStyle *style, GString *out);
/* The same in few words, for a line that has to be short: all failures are one number, and what
 * passed is left out. */
void dagsched_tally_append_brief (const DagschedTally *self, const DagschedStyle *style, GString *out);

G_END_DECLS
