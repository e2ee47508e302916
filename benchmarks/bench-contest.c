/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "bench-contest.h"

#include <string.h>

#include "bench-clock.h"
#include "bench-dagsched.h"

/* Enough to see that everything runs, and in the right order. */
#define MAX_CHECKED 10000

/* Until the threads of the one before have gone to sleep. */
#define PAUSE_US 5000

typedef struct
{
  const BenchContestant *contestant;
  BenchShape *shape;
  gpointer self;
} Rival;

static void
rival_clear (gpointer data)
{
  Rival *rival = data;

  rival->contestant->free (rival->self);
  bench_shape_free (rival->shape);
}

static gboolean
takes_part (const BenchContestant *rival, const BenchContest *self)
{
  return bench_params_want_rival (self->params, rival->name) &&
         (rival->prioritises || !self->setup.prioritised) &&
         (self->only == NULL || strcmp (self->only, rival->name) == 0);
}

static gboolean
check_all (const BenchContest *self, BenchResult *result, GError **error)
{
  guint32 n_tests = MIN (self->setup.shape->n_tests, MAX_CHECKED);
  g_autoptr (BenchShape) shape = bench_shape_new (self->setup.shape->kind, n_tests);
  BenchSetup setup = self->setup;

  setup.shape = shape;
  bench_result_set_parameter (result, "checked-tests", n_tests);
  if (!bench_dagsched_check (&setup, error))
    return FALSE;

  for (const BenchContestant *const *rival = bench_rivals_list (); *rival != NULL; rival++)
    {
      g_autoptr (BenchShape) fitting = bench_contestant_fit_shape (*rival, shape);

      setup.shape = fitting;
      if (takes_part (*rival, self) && !bench_contestant_check (*rival, &setup, error))
        return FALSE;
    }

  return TRUE;
}

static GArray *
prepare_rivals (const BenchContest *self, BenchResult *result)
{
  GArray *rivals = g_array_new (FALSE, FALSE, sizeof (Rival));
  const BenchShape *shape = self->setup.shape;

  g_array_set_clear_func (rivals, rival_clear);
  for (const BenchContestant *const *known = bench_rivals_list (); *known != NULL; known++)
    {
      BenchSetup setup = self->setup;
      Rival rival = { .contestant = *known };

      if (!takes_part (*known, self))
        continue;
      rival.shape = bench_contestant_fit_shape (*known, shape);
      setup.shape = rival.shape;
      rival.self = (*known)->prepare (&setup);
      g_array_append_val (rivals, rival);
      /* Only polling has limits. */
      if (rival.shape->n_tests < shape->n_tests)
        bench_result_set_parameter (result, "polling-tests", rival.shape->n_tests);
    }

  return rivals;
}

static void
add_sample (const BenchContest *self, BenchResult *result, const char *figure, gint64 ns, guint32 n_tests)
{
  g_autofree char *name = g_strconcat (figure, self->suffix, NULL);

  bench_result_add_sample (result, name, "ns/test", (double) ns / n_tests);
}

static gboolean
run_ours (const BenchContest *self, BenchDagsched *dagsched, BenchResult *result, GError **error)
{
  guint32 n_tests = self->setup.shape->n_tests;
  BenchDagschedTimes times;

  if (!bench_dagsched_run (dagsched, &times, error))
    return FALSE;
  if (result == NULL)
    return TRUE;

  add_sample (self, result, "dagsched", times.elapsed_ns, n_tests);
  if (self->suffix == NULL)
    {
      add_sample (self, result, "dagsched_wall", times.wall_ns, n_tests);
      add_sample (self, result, "dagsched_cpu", times.cpu_ns, n_tests);
      add_sample (self, result, "dagsched_workers_cpu", MAX (times.workers_ns, 0), n_tests);
      add_sample (self, result, "dagsched_plan", times.plan_ns, n_tests);
    }
  return TRUE;
}

/* A rival keeps its graph, and that has lain idle while the others ran; ours has just been compiled. Virtual machines
 * that give back what lies idle make the next run ten times slower: each runs once before it is timed. */
static void
run_rival (const BenchContest *self, const Rival *rival, BenchResult *result)
{
  const char *name = rival->contestant->name;
  g_autofree char *cpu_name = g_strconcat (name, "_cpu", NULL);
  gint64 elapsed_ns = rival->contestant->run (rival->self);
  gint64 cpu = bench_cpu_now ();

  if (result != NULL)
    elapsed_ns = rival->contestant->run (rival->self);
  cpu = bench_cpu_now () - cpu;
  if (result == NULL)
    return;

  add_sample (self, result, name, elapsed_ns, rival->shape->n_tests);
  if (self->suffix == NULL)
    add_sample (self, result, cpu_name, cpu, rival->shape->n_tests);
}

/* RESULT NULL: to warm up. */
static gboolean
run_round (const BenchContest *self,
           BenchDagsched *dagsched,
           GArray *rivals,
           BenchResult *result,
           GError **error)
{
  if (!run_ours (self, dagsched, result, error))
    return FALSE;

  for (guint i = 0; i < rivals->len; i++)
    {
      g_usleep (PAUSE_US);
      run_rival (self, &g_array_index (rivals, Rival, i), result);
    }
  g_usleep (PAUSE_US);

  return TRUE;
}

gboolean
bench_contest_hold (const BenchContest *self, BenchResult *result, GError **error)
{
  g_autoptr (BenchDagsched) dagsched = NULL;
  g_autoptr (GArray) rivals = NULL;

  if (!check_all (self, result, error))
    return FALSE;

  dagsched = bench_dagsched_new (&self->setup);
  rivals = prepare_rivals (self, result);
  if (!run_round (self, dagsched, rivals, NULL, error))
    return FALSE;
  for (guint i = 0; i < self->params->rounds; i++)
    {
      if (!run_round (self, dagsched, rivals, result, error))
        return FALSE;
    }

  return TRUE;
}

void
bench_contest_compare (BenchResult *result)
{
  for (const BenchContestant *const *rival = bench_rivals_list (); *rival != NULL; rival++)
    bench_result_compare (result, (*rival)->name, "dagsched", (*rival)->name);
}
