/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* How many bytes of the heap a test takes: in the model, in the plan, in the engine.
 *
 * Nothing is freed until the end: what GLib's slice allocator keeps of it would make the next sample small. */
#include <malloc.h>
#include <string.h>

#include "base/dagsched-large-private.h"
#include "bench-contestant.h"
#include "bench-error.h"
#include "bench-graph.h"
#include "bench-measurement.h"

#define FIRST_TESTS 10000
#define TESTS_FACTOR 10
#define WARM_UP_TESTS 100

/* Larger than anything that malloc keeps at hand. */
#define PROBE_SIZE 1000000

/* Looks at the heap when the last test runs: at the end of the run something may be free already. */
typedef struct
{
  guint n_tests;
  int n_run;        /* (atomic) */
  gsize heap_bytes; /* written by the test that runs last */
} Watch;

typedef struct
{
  const BenchParams *params;
  BenchResult *result;
  GPtrArray *kept; /* (element-type GObject) */
} Memory;

/* What is in use, in all arenas and in mappings of their own. */
static gsize
get_heap (void)
{
  struct mallinfo2 info = mallinfo2 ();

  return info.uordblks + info.hblkhd + dagsched_large_get_mapped_bytes ();
}

/* An allocator that stands in the place of the C library's (a sanitizer's, for instance) tells nothing. */
static gboolean
can_measure (GError **error)
{
  gsize before = get_heap ();
  char *probe = g_malloc (PROBE_SIZE);
  gboolean seen;

  memset (probe, 1, PROBE_SIZE);
  seen = get_heap () >= before + PROBE_SIZE;
  g_free (probe);
  if (!seen)
    g_set_error (error, BENCH_ERROR, BENCH_ERROR_SYSTEM, "the allocator of this build can't be measured");

  return seen;
}

static DagschedOutcome
watching_body (DagschedFuncTest *test, GCancellable *cancellable, gpointer user_data, GError **error)
{
  Watch *watch = user_data;

  if ((guint) g_atomic_int_add (&watch->n_run, 1) + 1 == watch->n_tests)
    watch->heap_bytes = get_heap ();
  return DAGSCHED_OUTCOME_PASSED;
}

/* The largest size goes without its number. */
static void
add_sample (Memory *self, const char *figure, guint n_tests, gsize bytes)
{
  g_autofree char *name = g_strdup_printf ("%s_%u", figure, n_tests);

  bench_result_add_sample (self->result, n_tests == self->params->tests ? figure : name, "B/test",
                           (double) bytes / n_tests);
}

typedef struct
{
  gsize plan;
  gsize engine;
} Used;

static gboolean
run (Memory *self, DagschedGraph *graph, gboolean timestamps, Watch *watch, Used *used, GError **error)
{
  g_autoptr (DagschedOptions) options = bench_options_new (self->params->workers, timestamps);
  DagschedScheduler *scheduler = dagsched_scheduler_new (graph, options);
  gsize start = get_heap ();
  gsize prepared;

  g_ptr_array_add (self->kept, scheduler);
  if (!dagsched_scheduler_prepare (scheduler, error))
    return FALSE;
  prepared = get_heap ();
  watch->n_run = 0;
  if (!dagsched_scheduler_run (scheduler, NULL, error))
    return FALSE;

  used->plan = prepared - start;
  used->engine = MAX (watch->heap_bytes, get_heap ()) - prepared;
  return bench_run_check (scheduler, watch->n_tests, error);
}

static gboolean
measure_ours (Memory *self, const BenchShape *shape, GError **error)
{
  guint n_tests = shape->n_tests;
  Watch watch = { .n_tests = n_tests };
  gsize start = get_heap ();
  DagschedGraph *graph = bench_graph_new (shape, watching_body, &watch, 0);
  gsize model = get_heap () - start;
  Used used;
  Used used_timed;

  g_ptr_array_add (self->kept, graph);
  if (!run (self, graph, FALSE, &watch, &used, error) || !run (self, graph, TRUE, &watch, &used_timed, error))
    return FALSE;

  add_sample (self, "model", n_tests, model);
  add_sample (self, "plan", n_tests, used.plan);
  add_sample (self, "engine", n_tests, used.engine);
  add_sample (self, "engine_timestamps", n_tests, used_timed.engine);
  add_sample (self, "plan_engine", n_tests, used.plan + used.engine);
  add_sample (self, "dagsched", n_tests, model + used.plan + used.engine);
  return TRUE;
}

/* Its graph alone: what it takes to run that comes from an allocator of its own. */
static void
measure_onetbb (Memory *self, const BenchShape *shape)
{
  const BenchContestant *onetbb = bench_rivals_find ("onetbb");
  BenchSetup setup = { .shape = shape, .workers = self->params->workers };
  gsize start = get_heap ();
  gpointer rival;

  if (onetbb == NULL || !bench_params_want_rival (self->params, "onetbb"))
    return;

  rival = onetbb->prepare (&setup);
  add_sample (self, "onetbb", shape->n_tests, get_heap () - start);
  onetbb->free (rival);
}

static gboolean
measure_size (Memory *self, guint n_tests, guint rounds, GError **error)
{
  g_autoptr (BenchShape) shape = bench_shape_new (BENCH_SHAPE_LAYERED, n_tests);

  for (guint i = 0; i < rounds; i++)
    {
      if (!measure_ours (self, shape, error))
        return FALSE;
      measure_onetbb (self, shape);
    }

  return TRUE;
}

/* What types and threads take, whatever the number of tests, is taken now. */
static gboolean
warm_up (Memory *self, GError **error)
{
  g_autoptr (BenchResult) unused = bench_result_new (self->result->benchmark);
  Memory warm_up = { .params = self->params, .result = unused, .kept = self->kept };

  return measure_size (&warm_up, WARM_UP_TESTS, 1, error);
}

/* 10⁴, 10⁵, … and at last as many as were asked for. */
static guint
get_next_size (guint n_tests, guint max)
{
  return n_tests < max ? MIN ((guint64) n_tests * TESTS_FACTOR, max) : 0;
}

static gboolean
measure_sizes (Memory *self, GError **error)
{
  guint max = self->params->tests;

  for (guint n_tests = MIN (FIRST_TESTS, max); n_tests != 0; n_tests = get_next_size (n_tests, max))
    {
      if (!measure_size (self, n_tests, self->params->rounds, error))
        return FALSE;
    }

  return TRUE;
}

gboolean
bench_measure_memory (const BenchParams *params, BenchResult *result, GError **error)
{
  g_autoptr (GPtrArray) kept = g_ptr_array_new_with_free_func (g_object_unref);
  Memory self = { .params = params, .result = result, .kept = kept };

  if (!can_measure (error) || !warm_up (&self, error) || !measure_sizes (&self, error))
    return FALSE;

  bench_result_compare (result, "onetbb", "dagsched", "onetbb");
  return TRUE;
}
