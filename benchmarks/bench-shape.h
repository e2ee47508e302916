/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What graphs that are measured look like. All contestants get the same one. */

typedef enum
{
  BENCH_SHAPE_CHAIN,       /* each test depends on the one before */
  BENCH_SHAPE_INDEPENDENT, /* no dependencies */
  BENCH_SHAPE_BINTREE,     /* each test has two dependents */
  BENCH_SHAPE_LAYERED,     /* layers of 1000, each test depends on three of the layer above */
  BENCH_N_SHAPES
} BenchShapeKind;

/* Numbers of tests: those of test I are in [first[I], first[I + 1]) of LIST. */
typedef struct
{
  guint32 *first;
  guint32 *list;
} BenchAdjacency;

/* Immutable. A test has a higher number than its dependencies. */
typedef struct
{
  BenchShapeKind kind;
  guint32 n_tests;
  guint32 n_dependencies;
  BenchAdjacency dependencies;
  BenchAdjacency dependents;
} BenchShape;

BenchShape *bench_shape_new (BenchShapeKind kind, guint32 n_tests);
void bench_shape_free (BenchShape *self);

/* How many tests, the first ones, have no more than MAX_DEPTH tests on the longest way to them. */
guint32 bench_shape_count_up_to_depth (const BenchShape *self, guint32 max_depth);

/* "all" for BENCH_N_SHAPES. */
const char *bench_shape_kind_to_string (BenchShapeKind kind);
gboolean bench_shape_kind_from_string (const char *string, BenchShapeKind *kind);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BenchShape, bench_shape_free)

G_END_DECLS
