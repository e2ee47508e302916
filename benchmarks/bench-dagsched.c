/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "bench-dagsched.h"

#include "bench-check.h"
#include "bench-clock.h"

/* What the body of one test is given. */
typedef struct
{
  BenchDagsched *self;
  guint32 test;
} Call;

struct _BenchDagsched
{
  BenchSetup setup;
  DagschedGraph *graph;
  DagschedOptions *options;
  Call *calls; /* one a test; NULL if the bodies do nothing */
};

static DagschedOutcome
calling_body (DagschedFuncTest *test, GCancellable *cancellable, gpointer user_data, GError **error)
{
  const Call *call = user_data;

  call->self->setup.body (call->self->setup.body_data, call->test);
  return DAGSCHED_OUTCOME_PASSED;
}

static void
create_calls (BenchDagsched *self)
{
  guint32 n_tests = self->setup.shape->n_tests;

  self->calls = g_new (Call, n_tests + 1);
  for (guint32 i = 0; i < n_tests; i++)
    self->calls[i] = (Call){ .self = self, .test = i };
  self->graph = bench_graph_new (self->setup.shape, calling_body, self->calls, sizeof (Call));
}

static void
set_priorities (BenchDagsched *self)
{
  for (guint32 i = 0; i < self->setup.shape->n_tests; i++)
    {
      g_autoptr (DagschedTest) test = g_list_model_get_item (G_LIST_MODEL (self->graph), i);

      dagsched_test_set_priority (test, bench_setup_get_priority (&self->setup, i));
    }
}

BenchDagsched *
bench_dagsched_new (const BenchSetup *setup)
{
  BenchDagsched *self = g_new0 (BenchDagsched, 1);

  self->setup = *setup;
  if (setup->body != NULL)
    create_calls (self);
  else
    self->graph = bench_graph_new (setup->shape, bench_graph_trivial_body, NULL, 0);
  if (setup->prioritised)
    set_priorities (self);
  self->options = bench_options_new (setup->workers, setup->timestamps);

  return self;
}

void
bench_dagsched_free (BenchDagsched *self)
{
  g_object_unref (self->graph);
  g_object_unref (self->options);
  g_free (self->calls);
  g_free (self);
}

gboolean
bench_dagsched_run (BenchDagsched *self, BenchDagschedTimes *times, GError **error)
{
  g_autoptr (DagschedScheduler) scheduler = dagsched_scheduler_new (self->graph, self->options);
  gint64 before = bench_now ();
  gint64 prepared;
  gint64 cpu;
  gint64 own_cpu;

  if (!dagsched_scheduler_prepare (scheduler, error))
    return FALSE;
  prepared = bench_now ();
  cpu = bench_cpu_now ();
  own_cpu = bench_own_cpu_now ();
  if (!dagsched_scheduler_run (scheduler, NULL, error))
    return FALSE;
  times->wall_ns = bench_now () - prepared;
  times->cpu_ns = bench_cpu_now () - cpu;
  times->workers_ns = times->cpu_ns - (bench_own_cpu_now () - own_cpu);
  times->plan_ns = prepared - before;
  times->elapsed_ns = dagsched_run_get_elapsed (DAGSCHED_RUN (scheduler)) * BENCH_NS_PER_SECOND;

  return bench_run_check (scheduler, self->setup.shape->n_tests, error);
}

gboolean
bench_dagsched_check (const BenchSetup *setup, GError **error)
{
  g_autoptr (BenchCheck) check = bench_check_new (setup->shape);
  g_autoptr (BenchDagsched) self = NULL;
  BenchSetup checked = *setup;
  BenchDagschedTimes times;

  checked.body = bench_check_visit;
  checked.body_data = check;
  self = bench_dagsched_new (&checked);

  return bench_dagsched_run (self, &times, error) && bench_check_end (check, "dagsched", error);
}
