/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "bench-shape.h"

G_BEGIN_DECLS

/* What a fast answer is worth: before anything is timed, each contestant runs once with bodies that
 * tell here that they run. */

typedef struct _BenchCheck BenchCheck;

typedef struct
{
  BenchCheck *check;
  guint32 test;
  int n_visits; /* (atomic) */
} BenchVisit;

struct _BenchCheck
{
  const BenchShape *shape; /* not owned */
  BenchVisit *visits;      /* one a test */
  int n_early;             /* (atomic) tests that ran before one of their dependencies */
};

BenchCheck *bench_check_new (const BenchShape *shape);
void bench_check_free (BenchCheck *self);

/* A body runs. From any thread. */
void bench_visit (BenchVisit *visit);

/* Once everything has run: fails, and names CONTESTANT, unless each test ran once and in its turn. */
gboolean bench_check_end (BenchCheck *self, const char *contestant, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BenchCheck, bench_check_free)

G_END_DECLS
