/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "summary/dagsched-gtk-run-figures-private.h"

#include <math.h>
#include <stdlib.h>

/* What was expected counts as much as this share of all tests that have run. */
#define TRUST 0.05
/* Without expectations nothing is said before so many tests have run. */
#define MIN_RAN 3
#define SMOOTH_SECONDS 4.0
#define THROUGHPUT_SECONDS 3.0
#define N_SAMPLES 64

typedef struct
{
  double time;
  guint n;
} Sample;

struct _DagschedGtkRunFigures
{
  DagschedGtkRunGraph graph;
  gboolean knows;      /* how long most tests take */
  double *expected;    /* of each test: where it is not known, the mean of the others, or 1 */
  double *actual;      /* of each test: its last attempt; NAN: none */
  double *tail;        /* of each test: it and the longest path behind it, as expected */
  guint32 *order;      /* dependencies first */
  guint32 *by_tail;    /* longest first */
  guint first_by_tail; /* those before have finished */
  guint8 *finished;

  guint n_finished, n_ran;
  double total, left;   /* expected: of all tests, of those that have not finished */
  double expected_done; /* of those that ran and have finished */
  double actual_done;
  double busy; /* all attempts */

  Sample samples[N_SAMPLES]; /* of n_finished; a ring */
  guint n_samples, next_sample;
  double shown_left, shown_at; /* NAN: nothing was shown */
};

static gboolean
is_known (double seconds)
{
  return isfinite (seconds) && seconds > 0;
}

static void
fill_expected (DagschedGtkRunFigures *self)
{
  const DagschedGtkRunGraph *graph = &self->graph;
  guint n_known = 0;
  double sum = 0, mean;

  for (guint i = 0; i < graph->n_tests; i++)
    {
      n_known += is_known (graph->expected[i]);
      sum += is_known (graph->expected[i]) ? graph->expected[i] : 0;
    }

  mean = n_known > 0 ? sum / n_known : 1;
  self->knows = n_known > 0 && n_known >= graph->n_tests / 2;
  for (guint i = 0; i < graph->n_tests; i++)
    {
      self->expected[i] = is_known (graph->expected[i]) ? graph->expected[i] : mean;
      self->actual[i] = NAN;
      self->total += self->expected[i];
    }
  self->left = self->total;
}

static void
sort_topologically (DagschedGtkRunFigures *self)
{
  const DagschedGtkRunGraph *graph = &self->graph;
  g_autofree guint32 *n_left = g_new (guint32, graph->n_tests + 1);
  guint n = 0;

  for (guint i = 0; i < graph->n_tests; i++)
    {
      n_left[i] = graph->first_dependency[i + 1] - graph->first_dependency[i];
      if (n_left[i] == 0)
        self->order[n++] = i;
    }
  for (guint next = 0; next < n; next++)
    {
      guint32 test = self->order[next];

      for (guint32 i = graph->first_dependent[test]; i < graph->first_dependent[test + 1]; i++)
        {
          if (--n_left[graph->dependents[i]] == 0)
            self->order[n++] = graph->dependents[i];
        }
    }

  g_assert (n == graph->n_tests);
}

/* The longest path from each test on, if @cost is how long tests take. Returns the longest of all. */
static double
measure_paths (DagschedGtkRunFigures *self, const double *cost, double *tail)
{
  const DagschedGtkRunGraph *graph = &self->graph;
  double longest = 0;

  for (guint i = graph->n_tests; i > 0; i--)
    {
      guint32 test = self->order[i - 1];

      tail[test] = 0;
      for (guint32 j = graph->first_dependent[test]; j < graph->first_dependent[test + 1]; j++)
        tail[test] = MAX (tail[test], tail[graph->dependents[j]]);
      tail[test] += cost[test];
      longest = MAX (longest, tail[test]);
    }

  return longest;
}

static int
compare_tails (gconstpointer a, gconstpointer b, gpointer data)
{
  const double *tail = data;
  double first = tail[*(const guint32 *) a], second = tail[*(const guint32 *) b];

  return (first < second) - (first > second);
}

DagschedGtkRunFigures *
dagsched_gtk_run_figures_new (const DagschedGtkRunGraph *graph)
{
  DagschedGtkRunFigures *self = g_new0 (DagschedGtkRunFigures, 1);

  self->graph = *graph;
  self->expected = g_new (double, graph->n_tests);
  self->actual = g_new (double, graph->n_tests);
  self->tail = g_new (double, graph->n_tests);
  self->order = g_new (guint32, graph->n_tests);
  self->by_tail = g_new (guint32, graph->n_tests);
  self->finished = g_new0 (guint8, graph->n_tests);
  self->shown_left = NAN;
  fill_expected (self);
  sort_topologically (self);
  measure_paths (self, self->expected, self->tail);
  for (guint i = 0; i < graph->n_tests; i++)
    self->by_tail[i] = i;
  if (graph->n_tests > 0)
    g_qsort_with_data (self->by_tail, (int) graph->n_tests, sizeof *self->by_tail, compare_tails, self->tail);
  self->graph.expected = NULL; /* it need not live any longer */

  return self;
}

void
dagsched_gtk_run_figures_free (DagschedGtkRunFigures *self)
{
  g_free (self->expected);
  g_free (self->actual);
  g_free (self->tail);
  g_free (self->order);
  g_free (self->by_tail);
  g_free (self->finished);
  g_free (self);
}

void
dagsched_gtk_run_figures_add_attempt (DagschedGtkRunFigures *self, guint test, double duration)
{
  g_assert (test < self->graph.n_tests);

  self->busy += duration;
  self->actual[test] = duration;
}

void
dagsched_gtk_run_figures_finish (DagschedGtkRunFigures *self, guint test)
{
  g_assert (test < self->graph.n_tests);

  if (self->finished[test])
    return;

  self->finished[test] = TRUE;
  self->n_finished++;
  self->left -= self->expected[test];
  if (isnan (self->actual[test]))
    return;

  self->n_ran++;
  self->expected_done += self->expected[test];
  self->actual_done += self->actual[test];
}

/* How long tests take, as a multiple of what was expected. NAN: nobody knows. */
static double
get_pace (DagschedGtkRunFigures *self)
{
  if (self->knows)
    return (self->actual_done + TRUST * self->total) / (self->expected_done + TRUST * self->total);
  if (self->n_ran >= MIN (MIN_RAN, self->graph.n_tests) && self->expected_done > 0)
    return self->actual_done / self->expected_done;

  return NAN;
}

static gboolean
is_running (guint test, const DagschedGtkRunningTest *running, guint n_running)
{
  for (guint i = 0; i < n_running; i++)
    {
      if (running[i].test == test)
        return TRUE;
    }

  return FALSE;
}

/* Of those that have not started; what depends on a test is behind it in this order. */
static double
get_longest_waiting (DagschedGtkRunFigures *self, const DagschedGtkRunningTest *running, guint n_running)
{
  while (self->first_by_tail < self->graph.n_tests && self->finished[self->by_tail[self->first_by_tail]])
    self->first_by_tail++;

  for (guint i = self->first_by_tail; i < self->graph.n_tests; i++)
    {
      guint32 test = self->by_tail[i];

      if (!self->finished[test] && !is_running (test, running, n_running))
        return self->tail[test];
    }

  return 0;
}

static double
get_busy (DagschedGtkRunFigures *self, double elapsed, const DagschedGtkRunningTest *running, guint n_running)
{
  double busy = self->busy;

  for (guint i = 0; i < n_running; i++)
    busy += MAX (elapsed - running[i].since, 0);

  return busy;
}

double
dagsched_gtk_run_figures_get_left (DagschedGtkRunFigures *self,
                                   double elapsed,
                                   guint n_workers,
                                   const DagschedGtkRunningTest *running,
                                   guint n_running)
{
  double pace = get_pace (self), trust, efficiency, work, path;

  if (isnan (pace) || n_workers == 0)
    return NAN;
  if (self->n_finished == self->graph.n_tests)
    return 0;

  path = get_longest_waiting (self, running, n_running) * pace;
  work = self->left * pace;
  for (guint i = 0; i < n_running; i++)
    {
      double whole = self->expected[running[i].test] * pace;
      double done = CLAMP (elapsed - running[i].since, 0, whole);

      path = MAX (path, self->tail[running[i].test] * pace - done);
      work -= done;
    }

  trust = TRUST * self->total * pace;
  efficiency =
    (get_busy (self, elapsed, running, n_running) + trust) / (MAX (elapsed, 0) * n_workers + trust);
  return MAX (path, MAX (work, 0) / (n_workers * CLAMP (efficiency, 0.05, 1)));
}

double
dagsched_gtk_run_figures_smooth_left (DagschedGtkRunFigures *self, double left, double elapsed)
{
  double passed = elapsed - self->shown_at;

  if (isnan (left))
    return NAN;

  if (isnan (self->shown_left) || passed < 0)
    self->shown_left = left;
  else
    self->shown_left = left + (MAX (self->shown_left - passed, 0) - left) * exp (-passed / SMOOTH_SECONDS);
  self->shown_at = elapsed;

  return self->shown_left;
}

double
dagsched_gtk_run_figures_get_throughput (DagschedGtkRunFigures *self, double elapsed)
{
  const Sample *oldest = NULL;
  guint last = (self->next_sample + N_SAMPLES - 1) % N_SAMPLES;

  if (self->n_samples == 0 || elapsed - self->samples[last].time >= THROUGHPUT_SECONDS / (N_SAMPLES - 2))
    {
      self->samples[self->next_sample] = (Sample){ elapsed, self->n_finished };
      self->next_sample = (self->next_sample + 1) % N_SAMPLES;
      self->n_samples = MIN (self->n_samples + 1, N_SAMPLES);
    }
  for (guint i = 1; i <= self->n_samples; i++)
    {
      const Sample *sample = &self->samples[(self->next_sample + N_SAMPLES - i) % N_SAMPLES];

      if (oldest != NULL && elapsed - sample->time > THROUGHPUT_SECONDS)
        break;
      oldest = sample;
    }
  if (self->n_finished == 0 || oldest == NULL || !(elapsed - oldest->time > 0.5))
    return NAN;

  return (self->n_finished - oldest->n) / (elapsed - oldest->time);
}

double
dagsched_gtk_run_figures_get_efficiency (DagschedGtkRunFigures *self,
                                         double elapsed,
                                         guint n_workers,
                                         const DagschedGtkRunningTest *running,
                                         guint n_running)
{
  double busy = get_busy (self, elapsed, running, n_running);

  if (n_workers == 0 || !(elapsed > 0) || !(busy > 0))
    return NAN;

  return MIN (busy / (elapsed * n_workers), 1);
}

double
dagsched_gtk_run_figures_get_bound (DagschedGtkRunFigures *self, guint n_workers)
{
  double pace = get_pace (self), work = 0;
  g_autofree double *cost = NULL;
  g_autofree double *tail = NULL;

  if (n_workers == 0 || (isnan (pace) && self->n_finished < self->graph.n_tests))
    return NAN;

  cost = g_new (double, self->graph.n_tests);
  tail = g_new (double, self->graph.n_tests);
  for (guint i = 0; i < self->graph.n_tests; i++)
    {
      cost[i] = self->finished[i] ? 0 : self->expected[i] * pace;
      if (!isnan (self->actual[i]))
        cost[i] = MAX (self->actual[i], cost[i]);
      work += cost[i];
    }

  return MAX (measure_paths (self, cost, tail), work / n_workers);
}

void
dagsched_gtk_divide_segments (const guint *counts, guint n, int width, int least, int *widths)
{
  guint64 total = 0;
  int n_present = 0, given = 0, largest = -1;

  for (guint i = 0; i < n; i++)
    {
      total += counts[i];
      n_present += counts[i] > 0;
    }
  least = n_present > 0 ? MIN (least, width / n_present) : 0;
  for (guint i = 0; i < n; i++)
    {
      widths[i] = counts[i] > 0 ? MAX ((int) ((double) width * counts[i] / (double) total + 0.5), least) : 0;
      given += widths[i];
      if (largest < 0 || widths[i] > widths[largest])
        largest = (int) i;
    }

  /* Rounding and small segments at the cost of the largest; of all of them, if there are many. */
  while (n_present > 0 && given != width)
    {
      int excess = given - width, room = widths[largest] - least;
      int taken = excess > 0 ? MIN (excess, MAX (room, 0)) : excess;

      if (taken == 0)
        break;
      widths[largest] -= taken;
      given -= taken;
      for (guint i = 0; i < n; i++)
        {
          if (widths[i] > widths[largest])
            largest = (int) i;
        }
    }
}
