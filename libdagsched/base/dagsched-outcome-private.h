/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/dagsched-enums.h"

G_BEGIN_DECLS

/* The sets of outcomes that dagsched_outcome_is_success() and dagsched_outcome_is_failure() tell apart, for
 * those who ask for each test. */
#define DAGSCHED_OUTCOME_BIT(outcome) (1u << (outcome))
#define DAGSCHED_SUCCESSES                                                                                   \
  (DAGSCHED_OUTCOME_BIT (DAGSCHED_OUTCOME_PASSED) | DAGSCHED_OUTCOME_BIT (DAGSCHED_OUTCOME_EXPECTED_FAILURE))
#define DAGSCHED_FAILURES                                                                                    \
  (DAGSCHED_OUTCOME_BIT (DAGSCHED_OUTCOME_FAILED) | DAGSCHED_OUTCOME_BIT (DAGSCHED_OUTCOME_TIMED_OUT) |      \
   DAGSCHED_OUTCOME_BIT (DAGSCHED_OUTCOME_ERRORED) |                                                         \
   DAGSCHED_OUTCOME_BIT (DAGSCHED_OUTCOME_UNEXPECTED_PASS))

#define DAGSCHED_OUTCOME_IN(outcome, set) ((DAGSCHED_OUTCOME_BIT (outcome) & (set)) != 0)

G_END_DECLS
