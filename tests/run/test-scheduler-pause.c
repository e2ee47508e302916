/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <math.h>

#include "fixture.h"

/* Runs that stand still for a while. */

#define N_WORKERS 4

typedef struct
{
  Gate gate;    /* so that none ends before the first pause */
  gint n_begun; /* (atomic) */
  gint n_ended; /* (atomic) */
} Counts;

static DagschedOutcome
count (DagschedFuncTest *test, GCancellable *cancellable, gpointer data, GError **error)
{
  Counts *counts = data;

  g_atomic_int_inc (&counts->n_begun);
  gate_wait (&counts->gate, 1);
  g_atomic_int_inc (&counts->n_ended);
  return DAGSCHED_OUTCOME_PASSED;
}

static void
await_count (gint *counter, gint at_least)
{
  while (g_atomic_int_get (counter) < at_least)
    g_thread_yield ();
}

static void
count_notify (GObject *object, GParamSpec *pspec, guint *n)
{
  (*n)++;
}

static gboolean
is_paused (DagschedScheduler *scheduler)
{
  return dagsched_run_get_paused (DAGSCHED_RUN (scheduler));
}

static void
finish (DagschedScheduler *scheduler)
{
  while (dagsched_run_get_verdict (DAGSCHED_RUN (scheduler)) == DAGSCHED_VERDICT_NONE)
    g_main_context_iteration (NULL, TRUE);
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

/* Once those have ended that were about to start, everything stands; and the run goes on from there, any number of
 * times. It has not stalled, though nothing runs. */
static void
test_nothing_starts (Fixture *f, gconstpointer ordered)
{
  const gint n_tests = 4000;
  Counts counts = { .n_begun = 0 };
  DagschedTest *last = NULL;
  g_autoptr (DagschedScheduler) scheduler = dagsched_scheduler_new (f->graph, f->options);
  guint n_notified = 0, n_pauses = 0;

  for (gint i = 0; i < n_tests; i++)
    {
      g_autofree char *name = g_strdup_printf ("t%d", i);
      DagschedTest *test = add (f, name, count, &counts);

      dagsched_test_set_priority (test, i == 0 ? GPOINTER_TO_INT (ordered) : 0);
      if (i % 3 != 0)
        depend (f, test, last, DAGSCHED_CONDITION_SUCCESS);
      last = test;
    }
  g_object_set (f->options, "n-workers", N_WORKERS, NULL);
  g_signal_connect (scheduler, "notify::paused", G_CALLBACK (count_notify), &n_notified);
  dagsched_scheduler_pause (scheduler);
  g_assert_false (is_paused (scheduler));

  dagsched_scheduler_run_async (scheduler, NULL, NULL, NULL);
  while (g_atomic_int_get (&counts.n_ended) < n_tests / 2)
    {
      gint n_begun;

      dagsched_scheduler_pause (scheduler);
      if (!is_paused (scheduler))
        break;
      n_pauses++;
      gate_count (&counts.gate);
      n_begun = g_atomic_int_get (&counts.n_begun);
      for (guint i = 0; i < 100; i++)
        {
          await_count (&counts.n_ended, g_atomic_int_get (&counts.n_begun));
          g_thread_yield ();
        }
      g_assert_cmpint (g_atomic_int_get (&counts.n_begun) - n_begun, <=, N_WORKERS);
      n_begun = g_atomic_int_get (&counts.n_begun);
      dagsched_scheduler_resume (scheduler);
      g_assert_false (is_paused (scheduler));
      await_count (&counts.n_begun, MIN (n_begun + 10, n_tests));
    }
  finish (scheduler);

  g_assert_cmpuint (n_pauses, >, 0);
  g_assert_cmpuint (n_notified, ==, 2 * n_pauses);
  g_assert_cmpint (counts.n_ended, ==, n_tests);
  g_assert_cmpint (dagsched_run_get_verdict (DAGSCHED_RUN (scheduler)), ==, DAGSCHED_VERDICT_SUCCESS);
  dagsched_scheduler_pause (scheduler);
  g_assert_false (is_paused (scheduler));
}

/* The function runs on: that takes no time of the run. */
static void
test_time_stands (Fixture *f, gconstpointer ordered)
{
  Gate gate = { 0 };
  DagschedTest *a = add (f, "a", until_opened, &gate);
  DagschedTest *b = add (f, "b", pass, NULL);
  g_autoptr (DagschedScheduler) scheduler = dagsched_scheduler_new (f->graph, f->options);
  DagschedRun *run = DAGSCHED_RUN (scheduler);
  DagschedSpan span;
  double elapsed;

  dagsched_test_set_priority (a, GPOINTER_TO_INT (ordered));
  depend (f, b, a, DAGSCHED_CONDITION_SUCCESS);
  g_object_set (f->options, "timestamps", TRUE, NULL);
  dagsched_scheduler_run_async (scheduler, NULL, NULL, NULL);
  while (dagsched_test_get_state (a) != DAGSCHED_STATE_RUNNING)
    g_main_context_iteration (NULL, TRUE);

  dagsched_scheduler_pause (scheduler);
  elapsed = dagsched_run_get_elapsed (run);
  gate_count (&gate);
  while (dagsched_test_get_state (a) != DAGSCHED_STATE_FINISHED)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpfloat (dagsched_run_get_elapsed (run), ==, elapsed);
  g_assert_cmpint (dagsched_test_get_state (b), !=, DAGSCHED_STATE_FINISHED);
  g_assert_true (dagsched_run_get_span (run, 0, 0, &span));
  /* Whole nanoseconds, as sums of fractions are not what they were. */
  g_assert_cmpint (llround ((span.start + span.duration) * 1e9), <=, llround (elapsed * 1e9));

  dagsched_scheduler_resume (scheduler);
  finish (scheduler);
  assert_outcome (b, DAGSCHED_OUTCOME_PASSED);
  g_assert_true (dagsched_run_get_span (run, 1, 0, &span));
  g_assert_cmpint (llround (span.start * 1e9), >=, llround (elapsed * 1e9));
  g_assert_cmpfloat (dagsched_run_get_elapsed (run), >=, span.start);
}

static void
test_cancel (Fixture *f, gconstpointer ordered)
{
  DagschedTest *a = add (f, "a", until_cancelled, NULL);
  DagschedTest *b = add (f, "b", pass, NULL);
  g_autoptr (DagschedScheduler) scheduler = dagsched_scheduler_new (f->graph, f->options);
  guint n_notified = 0;

  dagsched_test_set_priority (a, GPOINTER_TO_INT (ordered));
  depend (f, b, a, DAGSCHED_CONDITION_ALWAYS);
  g_signal_connect (scheduler, "notify::paused", G_CALLBACK (count_notify), &n_notified);
  dagsched_scheduler_run_async (scheduler, NULL, NULL, NULL);
  while (dagsched_test_get_state (a) != DAGSCHED_STATE_RUNNING)
    g_main_context_iteration (NULL, TRUE);

  dagsched_scheduler_pause (scheduler);
  g_assert_true (is_paused (scheduler));
  dagsched_run_cancel (DAGSCHED_RUN (scheduler), FALSE);
  g_assert_false (is_paused (scheduler));
  g_assert_cmpuint (n_notified, ==, 2);
  finish (scheduler);
  assert_outcome (a, DAGSCHED_OUTCOME_CANCELLED);
  assert_outcome (b, DAGSCHED_OUTCOME_CANCELLED);
}

/* The last test ends in a pause, and the run with it. */
static void
test_ends_paused (Fixture *f, gconstpointer ordered)
{
  Gate gate = { 0 };
  DagschedTest *a = add (f, "a", until_opened, &gate);
  g_autoptr (DagschedScheduler) scheduler = dagsched_scheduler_new (f->graph, f->options);

  dagsched_test_set_priority (a, GPOINTER_TO_INT (ordered));
  dagsched_scheduler_run_async (scheduler, NULL, NULL, NULL);
  while (dagsched_test_get_state (a) != DAGSCHED_STATE_RUNNING)
    g_main_context_iteration (NULL, TRUE);
  dagsched_scheduler_pause (scheduler);
  gate_count (&gate);
  finish (scheduler);
  assert_outcome (a, DAGSCHED_OUTCOME_PASSED);
  g_assert_false (is_paused (scheduler));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD ("/scheduler/pause/nothing-starts/stealing", NULL, test_nothing_starts);
  ADD ("/scheduler/pause/nothing-starts/ordered", GINT_TO_POINTER (1), test_nothing_starts);
  ADD ("/scheduler/pause/time-stands/stealing", NULL, test_time_stands);
  ADD ("/scheduler/pause/time-stands/ordered", GINT_TO_POINTER (1), test_time_stands);
  ADD ("/scheduler/pause/cancel/stealing", NULL, test_cancel);
  ADD ("/scheduler/pause/cancel/ordered", GINT_TO_POINTER (1), test_cancel);
  ADD ("/scheduler/pause/ends/stealing", NULL, test_ends_paused);
  ADD ("/scheduler/pause/ends/ordered", GINT_TO_POINTER (1), test_ends_paused);

  return g_test_run ();
}
