/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "model/dagsched-test-private.h"

G_BEGIN_DECLS

/* The inside of DagschedTest, for the files that implement it. There can be a million tests, so
 * what few of them set lives in structs that are allocated when they do.
 *
 * Settings are written by whoever owns the test before a run, and read by any thread during it.
 * What is marked (run) belongs to the model thread. */

/* Settings that most tests of a program leave alone. */
typedef struct
{
  GRefString *origin;
  char **suites; /* dagsched_strv_intern() */
  char **labels;
  char *disabled;
  char *defect;
  char *cleanup;
  double timeout;
  double grace;
  double slow_after;
  double retry_delay;
  double weight;
  int retries;
  guint slots;
  GArray *requirements; /* (nullable) of DagschedRequirement */
  GArray *groups;       /* (nullable) of DagschedGroup */
  DagschedTest
    *command; /* (nullable) a DagschedCommandTest, in place of a function; see dagsched_test_peek_command() */
} DagschedTestExtra;

/* What only a test that did not plainly pass has. (run) */
typedef struct
{
  char *reason;
  DagschedTest
    *blocked_by; /* not owned: whoever owns both clears it, see dagsched_test_forget_blocked_by() */
} DagschedTestWhy;

typedef struct
{
  char *name; /* read-only after construction */
  DagschedTestExtra *extra;
  DagschedTestWhy *why;     /* (run) */
  double duration;          /* (run) */
  double expected_duration; /* seconds, 0: not known */
  int priority;
  guint32 number;     /* position in its graph; G_MAXUINT32: in none */
  guint32 repetition; /* 0: the plan repeats nothing */
  guint32 n_attempts; /* (run) */
  guint8 state;       /* (run) DagschedState */
  guint8 outcome;     /* (run) DagschedOutcome */
  guint8 flags;       /* (run) DagschedFlags */
  guint8 exclusive : 1;
  guint8 expected_failure : 1;
  guint8 fixture : 1;
} DagschedTestPrivate;

enum
{
  DAGSCHED_TEST_PROP_0,
  DAGSCHED_TEST_PROP_NAME,
  DAGSCHED_TEST_PROP_REPETITION,
  DAGSCHED_TEST_PROP_ORIGIN,
  DAGSCHED_TEST_PROP_SUITES,
  DAGSCHED_TEST_PROP_LABELS,
  DAGSCHED_TEST_PROP_PRIORITY,
  DAGSCHED_TEST_PROP_TIMEOUT,
  DAGSCHED_TEST_PROP_GRACE,
  DAGSCHED_TEST_PROP_SLOW_AFTER,
  DAGSCHED_TEST_PROP_RETRIES,
  DAGSCHED_TEST_PROP_RETRY_DELAY,
  DAGSCHED_TEST_PROP_SLOTS,
  DAGSCHED_TEST_PROP_EXCLUSIVE,
  DAGSCHED_TEST_PROP_EXPECTED_FAILURE,
  DAGSCHED_TEST_PROP_DISABLED,
  DAGSCHED_TEST_PROP_DEFECT,
  DAGSCHED_TEST_PROP_WEIGHT,
  DAGSCHED_TEST_PROP_EXPECTED_DURATION,
  DAGSCHED_TEST_PROP_FIXTURE,
  DAGSCHED_TEST_PROP_CLEANUP,
  DAGSCHED_TEST_PROP_STATE,
  DAGSCHED_TEST_PROP_OUTCOME,
  DAGSCHED_TEST_PROP_FLAGS,
  DAGSCHED_TEST_PROP_REASON,
  DAGSCHED_TEST_PROP_N_ATTEMPTS,
  DAGSCHED_TEST_PROP_DURATION,
  DAGSCHED_TEST_PROP_BLOCKED_BY,
  DAGSCHED_TEST_N_PROPS
};

extern GParamSpec *dagsched_test_properties[DAGSCHED_TEST_N_PROPS];

DagschedTestPrivate *dagsched_test_get_private (DagschedTest *self);
const DagschedTestExtra *dagsched_test_peek_extra (DagschedTest *self);
DagschedTestExtra *dagsched_test_ensure_extra (DagschedTest *self);
void dagsched_test_notify (DagschedTest *self, guint prop_id);

DagschedTestExtra *dagsched_test_copy_extra (const DagschedTestExtra *extra); /* NULL for NULL */
void dagsched_test_free_extra (DagschedTestExtra *extra);
void dagsched_test_free_why (DagschedTestWhy *why);
void dagsched_test_install_properties (GObjectClass *object_class);
void dagsched_test_install_signals (void);

G_END_DECLS
