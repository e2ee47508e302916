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
  guint n_flaky;
  double busy; /* seconds: all durations */
} DagschedTally;

typedef enum
{
  DAGSCHED_TALLY_BAD = 1 << 0, /* what makes the verdict a failure, and flaky tests */
  DAGSCHED_TALLY_REST = 1 << 1,
  DAGSCHED_TALLY_PASSED = 1 << 2,
  DAGSCHED_TALLY_ALL = 7,
} DagschedTallyParts;

void dagsched_tally_add (DagschedTally *self, DagschedTest *test);
/* "2 failed, 14 blocked, 325 passed", the worst first; nothing for what is nought. A comma comes
 * before each if @out is not empty. */
void dagsched_tally_append (const DagschedTally *self,
                            DagschedTallyParts parts,
                            const DagschedStyle *style,
                            GString *out);

G_END_DECLS
