/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "model/dagsched-graph.h"

/* A random graph, and a tiny sequential reference that says what becomes of its tests. */

#define MAX_TESTS 60
#define MAX_DEPENDENCIES 4
#define N_RESOURCES 2

/* What is asked for, and what the reference makes of it. */
typedef struct
{
  DagschedOutcome results[4]; /* of its attempts: PASSED, FAILED, ERRORED, SKIPPED */
  guint n_retries;
  gboolean expected_failure;
  gboolean disabled;
  gboolean exclusive;
  gboolean delayed; /* its retries */
  guint amounts[N_RESOURCES];
  int group; /* -1: none */
  guint n_dependencies;
  guint dependencies[MAX_DEPENDENCIES];
  DagschedCondition conditions[MAX_DEPENDENCIES];
  int cleanup; /* of a fixture: which test; -1: no fixture */
  int cleans;  /* of a cleanup: which fixture; -1: none */
  guint n_attempts;
  DagschedOutcome outcome;
} Spec;

typedef struct
{
  GRand *rand;
  guint n_tests;
  Spec specs[MAX_TESTS];
  gboolean functions; /* no requirements: deques and stealing */
} RandomCase;

extern const guint random_case_capacities[N_RESOURCES];

/* Makes the tests and computes what becomes of each of them. */
void random_case_init (RandomCase *c, guint seed, gboolean functions);
void random_case_clear (RandomCase *c);
DagschedGraph *random_case_make_graph (RandomCase *c);
