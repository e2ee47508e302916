/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "model/dagsched-graph.h"

/* A random graph, and a tiny sequential reference that says what becomes of its tests. */

#define MAX_TESTS 60
#define MAX_DEPENDENCIES 4
#define MAX_ATTEMPTS 4
#define N_RESOURCES 2

typedef enum
{
  SHAPE_RANDOM, /* up to MAX_TESTS, with fixtures and cleanups */
  SHAPE_CHAIN,
  SHAPE_INDEPENDENT,
  SHAPE_TREE,    /* binary */
  SHAPE_LAYERED, /* each depends on some of the layer before */
  SHAPE_FANS,    /* one, many that depend on it, one that depends on them; and again */
  N_SHAPES
} Shape;

typedef enum
{
  HANG_NOT,
  HANG_UNTIL_CANCELLED,
  HANG_FOR_GOOD, /* its thread is written off */
} Hang;

/* What is asked for, and what the reference makes of it. */
typedef struct
{
  DagschedOutcome
    results[MAX_ATTEMPTS]; /* of its attempts: PASSED, FAILED, ERRORED, SKIPPED; TIMED_OUT where it hangs */
  Hang hang;
  guint n_retries;
  gboolean expected_failure;
  gboolean disabled;
  gboolean exclusive;
  gboolean delayed; /* its retries */
  guint amounts[N_RESOURCES];
  int group; /* -1: none */
  guint n_dependencies;
  guint *dependencies;
  DagschedCondition *conditions;
  int cleanup; /* of a fixture: which test; -1: no fixture */
  int cleans;  /* of a cleanup: which fixture; -1: none */
  guint n_attempts;
  DagschedOutcome outcome;
} Spec;

typedef DagschedTest *(*RandomCaseMakeFunc) (gpointer user_data, guint number, const char *name);

typedef struct
{
  GRand *rand;
  Shape shape;
  guint n_tests;
  Spec *specs;
  gboolean functions;               /* no requirements: deques and stealing */
  guint breadth;                    /* of layers and fans; 0: random. Set before the first call */
  guint failure_rarity;             /* one result in so many is no success */
  guint hang_rarity;                /* one test in so many hangs; 0: none. Set before the first call */
  RandomCaseMakeFunc make_function; /* NULL: functions that are never called */
  gpointer make_data;
} RandomCase;

extern const guint random_case_capacities[N_RESOURCES];

/* Makes the tests and computes what becomes of each of them. */
void random_case_init (RandomCase *c, guint seed, gboolean functions);
/* Functions. @n_tests is nothing to SHAPE_RANDOM. */
void random_case_init_shape (RandomCase *c, guint seed, Shape shape, guint n_tests);
void random_case_clear (RandomCase *c);
DagschedGraph *random_case_make_graph (RandomCase *c);
