/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <dagsched.h>

#include "model/dagsched-test-private.h"
#include "run/dagsched-run-private.h"

G_BEGIN_DECLS

/* A run that does what a test of a reporter says. */

#define FAKE_TYPE_RUN (fake_run_get_type ())
G_DECLARE_FINAL_TYPE (FakeRun, fake_run, FAKE, RUN, GObject)

typedef struct
{
  DagschedOutcome outcome;
  double duration;
  const char *reason;
  const char *standard_output; /* up to its NUL, unless the length is given */
  gssize output_length;
  const char *standard_error;
  const char *artifacts;
} FakeAttempt;

FakeRun *fake_run_new (const char *name);
/* All that the reports tell: one test of each outcome and flag, blocked chains, hostile names and output. */
FakeRun *fake_run_new_of_everything (void);
/* Carries fake_run_new_of_everything() out. */
void fake_run_carry_out_everything (FakeRun *self);

DagschedTest *fake_run_add (FakeRun *self, const char *name, const char *suite);
void fake_run_start (FakeRun *self, DagschedTest *test, guint attempt);
/* Ends an attempt after which another follows. */
void fake_run_attempt (FakeRun *self, DagschedTest *test, const FakeAttempt *attempt);
/* Ends the last attempt, and the test with it. */
void fake_run_finish (FakeRun *self, DagschedTest *test, const FakeAttempt *attempt, DagschedFlags flags);
/* Ends a test that never ran. */
void fake_run_drop (FakeRun *self,
                    DagschedTest *test,
                    DagschedOutcome outcome,
                    const char *reason,
                    DagschedTest *blocked_by);
void fake_run_end (FakeRun *self, DagschedVerdict verdict, const char *problem, double elapsed);

/* Compares with tests/report/golden/NAME; with DAGSCHED_UPDATE_GOLDEN in the environment, writes it. */
void assert_golden (const char *name, const char *text);

G_END_DECLS
