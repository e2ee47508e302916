/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "model/dagsched-func-test.h"
#include "plan/dagsched-plan.h"

G_BEGIN_DECLS

/* How a plan is compiled. */
typedef struct
{
  DagschedOrder order;
  guint64 seed;              /* of DAGSCHED_ORDER_RANDOM */
  guint repeat;              /* ≥ 1 */
  int retries;               /* for tests that don't say (-1 in the test) */
  double timeout_multiplier; /* of every time-out; 0: no time-outs */
  gboolean isolate;          /* functions that a command is offered for are processes */
} DagschedPlanParams;

#define DAGSCHED_PLAN_PARAMS_INIT                                                                            \
  {                                                                                                          \
    .order = DAGSCHED_ORDER_AUTO, .repeat = 1, .timeout_multiplier = 1.0                                     \
  }

DagschedPlan *dagsched_plan_compile (DagschedGraph *graph,
                                     DagschedSelection *selection,
                                     const DagschedPlanParams *params,
                                     GError **error);

/* How an attempt of a test is carried out. */
typedef enum
{
  DAGSCHED_KIND_FUNCTION, /* the class has run(): on a worker's thread */
  DAGSCHED_KIND_PROCESS,  /* dagsched_test_peek_command(): by an agent */
} DagschedKind;

/* An amount of a resource that a test takes. */
typedef struct
{
  guint32 resource; /* number, index into DagschedPlanView.capacities */
  guint32 amount;   /* ≥ 1, ≤ the capacity */
} DagschedDemand;

/* Membership of a group. */
typedef struct
{
  guint32 name_space; /* number, < n_name_spaces */
  guint32 group;      /* number within its name-space */
} DagschedMembership;

/* What many tests have in common: one for each distinct combination. */
typedef struct
{
  gint64 timeout_ns; /* 0: none; multiplied already */
  gint64 grace_ns;
  gint64 slow_after_ns;  /* 0: never */
  gint64 retry_delay_ns; /* before the first retry; doubles each time, up to 60 s */
  guint32 retries;
  guint32 slots; /* ≥ 1; DAGSCHED_ALL: every lane of the run */
  guint32 n_demands;
  guint32 first_demand; /* index into DagschedPlanView.demands */
  guint32 n_memberships;
  guint32 first_membership; /* index into DagschedPlanView.memberships */
  guint8 kind;              /* DagschedKind */
  guint8 exclusive;
  guint8 expected_failure;
} DagschedProfile;

#define DAGSCHED_DEPENDENT_NUMBER(packed) ((packed) >> 2)
#define DAGSCHED_DEPENDENT_CONDITION(packed) ((DagschedCondition) ((packed) &3))
#define DAGSCHED_PACK_DEPENDENT(number, condition) (((number) << 2) | (condition))
#define DAGSCHED_MAX_TESTS (1u << 30)

#define DAGSCHED_NO_TEST G_MAXUINT32

/* The plan as arrays, indexed by test number; read-only after compilation, any thread. Edges to
 * tests that were not selected are gone; those from users to cleanups are there ("always"), and stand
 * for whatever a cleanup says of its fixture and its users itself.
 *
 * A million tests have to fit: 48 or 50 bytes for a function with three dependencies, of the 64 that plan
 * and engine may take together. So what only fixtures need is NULL where there are none. */
typedef struct
{
  guint32 n_tests;
  DagschedTest **tests; /* one reference each */

  guint32 *first_dependent;  /* n_tests + 1; into dependents */
  guint32 *dependents;       /* packed: number and condition */
  guint32 *first_dependency; /* n_tests + 1; into dependencies */
  guint32 *dependencies;     /* packed: number and condition */

  guint32 *rank;  /* place in the order: 0 starts first. A permutation, priorities included; NULL if not
                   * ordered */
  guint32 *order; /* the test at each place; likewise */

  guint32 *profile; /* index into profiles; NULL: not ordered, and all have the first */
  DagschedProfile *profiles;
  guint32 n_profiles;
  DagschedDemand *demands;
  DagschedMembership *memberships;

  /* What a DagschedFuncTest calls: it is called from here. The objects of the tests are spread over memory:
   * to touch one takes longer than all that a worker does for it. */
  DagschedTestFunc *functions; /* ≥ 1; those that are NULL stand for tests that are none */
  guint16 *function;           /* index into functions; NULL: all have the first */
  gpointer *user_data;         /* of each test; NULL: none is one */

  guint32 *capacities; /* of each resource */
  const char **resource_names;
  guint32 n_resources;
  guint32 n_name_spaces;

  /* Fixtures. A fixture is released (its processes are killed) when the count of tests that
   * hold it has fallen to zero: its cleanup if it has one, else each of its users. */
  guint32 *cleanup_of;    /* test → the fixture that it cleans up, or DAGSCHED_NO_TEST; NULL: no fixtures */
  guint32 *first_fixture; /* n_tests + 1; into fixtures; NULL: no fixtures */
  guint32 *fixtures;      /* the fixtures whose values a test gets: direct ones last */
  guint32 *n_holders;     /* of each fixture, ≥ 1 (it holds itself if nobody else does); else 0 */
  guint32 *first_held;    /* n_tests + 1; into held; NULL: no fixtures */
  guint32 *held;          /* the fixtures that a test holds */

  gboolean ordered; /* one ordered queue; else deques and stealing */
  gboolean has_functions;
  gboolean has_processes;
} DagschedPlanView;

static inline const DagschedProfile *
dagsched_plan_view_get_profile (const DagschedPlanView *view, guint32 test)
{
  return &view->profiles[view->profile != NULL ? view->profile[test] : 0];
}

/* Carries out a test of DAGSCHED_KIND_FUNCTION. */
static inline DagschedOutcome
dagsched_plan_view_call (const DagschedPlanView *view,
                         guint32 number,
                         GCancellable *cancellable,
                         GError **error)
{
  DagschedTestFunc function = view->functions[view->function != NULL ? view->function[number] : 0];
  DagschedTest *test = view->tests[number];

  if (G_LIKELY (function != NULL))
    return function ((DagschedFuncTest *) test, cancellable, view->user_data[number], error);

  return DAGSCHED_TEST_GET_CLASS (test)->run (test, cancellable, error);
}

const DagschedPlanView *dagsched_plan_get_view (DagschedPlan *self);
/* The number of a test in this plan; FALSE if it is not in it. Model thread. */
gboolean dagsched_plan_lookup (DagschedPlan *self, DagschedTest *test, guint32 *number);
/* Expected seconds: from the test's expected-duration, else its weight, else 1 (0 known: FALSE). */
gboolean dagsched_plan_has_durations (DagschedPlan *self);

G_END_DECLS
