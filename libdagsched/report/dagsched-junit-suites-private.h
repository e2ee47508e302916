/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "run/dagsched-run.h"

G_BEGIN_DECLS

/* What JUnit makes of a run: its tests in suites, and of each test one of four kinds. */

typedef enum
{
  DAGSCHED_JUNIT_SUCCESS,
  DAGSCHED_JUNIT_FAILURE,
  DAGSCHED_JUNIT_ERROR,
  DAGSCHED_JUNIT_SKIPPED,
} DagschedJUnitKind;

#define DAGSCHED_N_JUNIT_KINDS (DAGSCHED_JUNIT_SKIPPED + 1)

typedef struct
{
  const char *name; /* not owned */
  GPtrArray *tests; /* of DagschedTest, not owned: the run holds them */
  guint n_of_kind[DAGSCHED_N_JUNIT_KINDS];
  double duration; /* seconds: of all tests */
} DagschedJUnitSuite;

typedef struct
{
  GPtrArray *suites; /* of DagschedJUnitSuite */
  guint n_of_kind[DAGSCHED_N_JUNIT_KINDS];
  gboolean cancelled_is_error; /* nothing else would show that the run is no success */
} DagschedJUnitSuites;

void dagsched_junit_suites_init (DagschedJUnitSuites *self, DagschedRun *run);
void dagsched_junit_suites_clear (DagschedJUnitSuites *self);
DagschedJUnitKind dagsched_junit_suites_get_kind (const DagschedJUnitSuites *self, DagschedTest *test);
/* Of an attempt, or of a test as if nothing special were said of what is cancelled. */
DagschedJUnitKind dagsched_junit_get_plain_kind (DagschedOutcome outcome);

G_END_DECLS
