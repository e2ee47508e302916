/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "bench-shape.h"

G_BEGIN_DECLS

/* What a fast answer is worth: before anything is timed, each contestant runs once with bodies that
 * tell here that they run. */

typedef struct
{
  const BenchShape *shape; /* not owned */
  int *n_visits;           /* (atomic) how often each test ran */
  int n_early;             /* (atomic) dependencies that had not run before their dependents */
} BenchCheck;

BenchCheck *bench_check_new (const BenchShape *shape);
void bench_check_free (BenchCheck *self);

/* The body of TEST: a BenchBody, its data a BenchCheck. From any thread. */
void bench_check_visit (gpointer self, guint32 test);

/* Once everything has run: fails, and names CONTESTANT, unless each test ran once and in its turn. */
gboolean bench_check_end (BenchCheck *self, const char *contestant, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BenchCheck, bench_check_free)

G_END_DECLS
