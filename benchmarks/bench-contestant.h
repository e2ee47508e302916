/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "bench-shape.h"

G_BEGIN_DECLS

/* Who carries out a shape: dagsched and its rivals. */

/* What a test does. From any thread. */
typedef void (*BenchBody) (gpointer data, guint32 test);

typedef struct
{
  const BenchShape *shape; /* valid until the contestant is freed */
  guint workers;
  gboolean timestamps;  /* whether each body's start and end are recorded */
  gboolean prioritised; /* whether tests have priorities */
  BenchBody body;       /* NULL: nothing */
  gpointer body_data;
} BenchSetup;

/* All but the time in run() is spent beforehand and afterwards: graphs are built, threads started. */
typedef struct
{
  const char *name;     /* as the ratios call it */
  guint32 max_depth;    /* of a shape that it is given; 0: any */
  guint32 max_tests;    /* likewise */
  gboolean prioritises; /* whether it heeds BenchSetup.prioritised */

  gpointer (*prepare) (const BenchSetup *setup);
  /* May be called again and again. Nanoseconds from the first test's start to the last one's end. */
  gint64 (*run) (gpointer self);
  void (*free) (gpointer self);
} BenchContestant;

#define BENCH_N_PRIORITIES 1000

/* The same for each contestant: from 0 to BENCH_N_PRIORITIES - 1. */
static inline guint32
bench_setup_get_priority (const BenchSetup *setup, guint32 test)
{
  return setup->prioritised ? (test * 2654435761U >> 8) % BENCH_N_PRIORITIES : 0;
}

/* Those that this build has, NULL at the end. */
const BenchContestant *const *bench_rivals_list (void);

/* NULL if there is none of that name. */
const BenchContestant *bench_rivals_find (const char *name);

/* The part of SHAPE that CONTESTANT is asked to carry out: a new one, with as many tests at the most. */
BenchShape *bench_contestant_fit_shape (const BenchContestant *contestant, const BenchShape *shape);

/* Runs once with bodies that are counted. */
gboolean bench_contestant_check (const BenchContestant *contestant, const BenchSetup *setup, GError **error);

extern const BenchContestant bench_gthreadpool;
extern const BenchContestant bench_polling;
extern const BenchContestant bench_onetbb; /* where it is built */

G_END_DECLS
