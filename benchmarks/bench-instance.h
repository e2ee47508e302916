/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <dagsched.h>

G_BEGIN_DECLS

/* Tests whose durations are known: what is scheduled in virtual time. */

typedef struct
{
  guint32 dependency;
  guint32 dependent;
} BenchEdge;

typedef struct
{
  gint64 duration_ns;
  guint32 slots; /* DAGSCHED_ALL: every one */
  guint32 needs; /* resources of capacity 1, one bit each */
} BenchTask;

#define BENCH_N_RESOURCES 32

typedef struct
{
  char *name;    /* of the family, or where it was recorded */
  GArray *tasks; /* (element-type BenchTask) */
  GArray *edges; /* (element-type BenchEdge) a graph without cycles */
} BenchInstance;

BenchInstance *bench_instance_new (const char *name);
void bench_instance_free (BenchInstance *self);

/* Its number. It takes one slot and no resource. */
guint32 bench_instance_add (BenchInstance *self, gint64 duration_ns);
void bench_instance_depend (BenchInstance *self, guint32 dependent, guint32 dependency);

/* No schedule is shorter: the longest path, all work divided by the workers, and the time for which each
 * resource is needed. */
gint64 bench_instance_get_bound_ns (const BenchInstance *self, guint workers);

/* Tests that are processes, each with its duration as its weight. Test I of the graph is task I. */
DagschedGraph *bench_instance_create_graph (const BenchInstance *self);

/* Random ones: which family they are of, and the same for the same SEED. */
guint bench_families_count (void);
BenchInstance *bench_families_create (guint family, guint n_tests, guint32 seed);

/* The shape of the measurement "contention": 12 kinds of tests of a millisecond, each of which needs one to
 * three of five things. */
BenchInstance *bench_contention_create (guint n_tests);

/* The tests of a run log, with the durations that they had. Its name is that of the file. */
BenchInstance *bench_recorded_load (GFile *log, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BenchInstance, bench_instance_free)

G_END_DECLS
