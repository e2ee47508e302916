/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fixture.h"
#include "run/dagsched-recorder-private.h"

/* Tests and runs that are ended early. */

static void
test_time_out (Fixture *f, gconstpointer data)
{
  DagschedTest *a = add (f, "a", until_cancelled, NULL);
  DagschedTest *b = add (f, "b", pass, NULL);
  g_autoptr (DagschedScheduler) scheduler = NULL;

  dagsched_test_set_timeout (a, 0.01);
  depend (f, b, a, DAGSCHED_CONDITION_ALWAYS);
  scheduler = run (f);
  assert_outcome (a, DAGSCHED_OUTCOME_TIMED_OUT);
  assert_outcome (b, DAGSCHED_OUTCOME_PASSED);
}

/* A function that never returns costs its thread, not the run. */
static void
test_written_off (Fixture *f, gconstpointer ordered)
{
  Gate gate = { 0 };
  DagschedTest *a = add (f, "a", until_opened, &gate);
  DagschedTest *b = add (f, "b", pass, NULL);
  g_autoptr (DagschedScheduler) scheduler = NULL;

  g_object_set (f->options, "n-workers", 1, NULL);
  dagsched_test_set_priority (a, GPOINTER_TO_INT (ordered));
  dagsched_test_set_timeout (a, 0.01);
  dagsched_test_set_grace (a, 0.01);
  depend (f, b, a, DAGSCHED_CONDITION_ALWAYS);
  scheduler = run (f);
  assert_outcome (a, DAGSCHED_OUTCOME_TIMED_OUT);
  assert_outcome (b, DAGSCHED_OUTCOME_PASSED);
  g_clear_object (&scheduler);

  /* What it leaves is given up once it returns: in this thread. */
  gate_count (&gate);
  g_object_add_weak_pointer (G_OBJECT (a), (gpointer *) &a);
  g_object_unref (f->graph);
  while (a != NULL)
    g_main_context_iteration (NULL, TRUE);
  f->graph = dagsched_graph_new (NULL);
}

static void
test_cancel (Fixture *f, gconstpointer ordered)
{
  DagschedTest *a = add (f, "a", until_cancelled, NULL);
  DagschedTest *b = add (f, "b", pass, NULL);
  DagschedTest *stop = add (f, "stop", pass, NULL);
  g_autoptr (DagschedScheduler) scheduler = dagsched_scheduler_new (f->graph, f->options);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  dagsched_test_set_priority (a, GPOINTER_TO_INT (ordered));
  dagsched_test_set_fixture (a, TRUE);
  dagsched_test_set_cleanup (a, "stop");
  depend (f, b, a, DAGSCHED_CONDITION_ALWAYS);
  g_signal_connect_swapped (a, "started", G_CALLBACK (g_cancellable_cancel), cancellable);
  g_assert_false (dagsched_scheduler_run (scheduler, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  assert_outcome (a, DAGSCHED_OUTCOME_CANCELLED);
  assert_outcome (b, DAGSCHED_OUTCOME_CANCELLED);
  assert_outcome (stop, DAGSCHED_OUTCOME_PASSED);
  g_assert_cmpstr (dagsched_run_get_problem (DAGSCHED_RUN (scheduler)), ==, "the run was cancelled");
}

static void
kill_all (DagschedTest *test, guint worker, guint attempt, DagschedScheduler *scheduler)
{
  dagsched_run_cancel (DAGSCHED_RUN (scheduler), TRUE);
}

static void
test_kill (Fixture *f, gconstpointer data)
{
  Gate gate = { 0 };
  DagschedTest *a = add (f, "a", until_opened, &gate);
  DagschedTest *stop = add (f, "stop", pass, NULL);
  g_autoptr (DagschedScheduler) scheduler = dagsched_scheduler_new (f->graph, f->options);
  g_autoptr (GError) error = NULL;

  dagsched_test_set_fixture (a, TRUE);
  dagsched_test_set_cleanup (a, "stop");
  g_signal_connect (a, "started", G_CALLBACK (kill_all), scheduler);
  g_assert_true (dagsched_scheduler_run (scheduler, NULL, &error));
  assert_outcome (a, DAGSCHED_OUTCOME_CANCELLED);
  assert_outcome (stop, DAGSCHED_OUTCOME_CANCELLED);
  g_assert_cmpint (dagsched_run_get_verdict (DAGSCHED_RUN (scheduler)), ==, DAGSCHED_VERDICT_FAILURE);
  g_clear_object (&scheduler);
  gate_count (&gate);
  g_object_add_weak_pointer (G_OBJECT (a), (gpointer *) &a);
  g_object_unref (f->graph);
  while (a != NULL)
    g_main_context_iteration (NULL, TRUE);
  f->graph = dagsched_graph_new (NULL);
}

static void
test_max_failures (Fixture *f, gconstpointer data)
{
  g_autoptr (DagschedScheduler) scheduler = NULL;

  for (guint i = 0; i < 10; i++)
    {
      g_autofree char *name = g_strdup_printf ("t%u", i);

      add (f, name, fail, NULL);
    }
  g_object_set (f->options, "n-workers", 1, "max-failures", 3, NULL);
  scheduler = run (f);
  g_assert_cmpuint (dagsched_run_get_n_with_outcome (DAGSCHED_RUN (scheduler), DAGSCHED_OUTCOME_FAILED), ==,
                    3);
  g_assert_cmpuint (dagsched_run_get_n_with_outcome (DAGSCHED_RUN (scheduler), DAGSCHED_OUTCOME_CANCELLED),
                    ==, 7);
}

static void
test_max_time (Fixture *f, gconstpointer data)
{
  DagschedTest *a = add (f, "a", until_cancelled, NULL);
  g_autoptr (DagschedScheduler) scheduler = NULL;

  g_object_set (f->options, "max-time", 0.01, NULL);
  scheduler = run (f);
  assert_outcome (a, DAGSCHED_OUTCOME_CANCELLED);
  g_assert_nonnull (strstr (dagsched_run_get_problem (DAGSCHED_RUN (scheduler)), "max-time"));
}

static DagschedOutcome
must_not_run (DagschedFuncTest *test, GCancellable *cancellable, gpointer data, GError **error)
{
  g_assert_not_reached ();
}

static void
cancel_prepared (DagschedScheduler *scheduler)
{
  g_assert_nonnull (dagsched_scheduler_get_plan (scheduler));
  dagsched_run_cancel (DAGSCHED_RUN (scheduler), FALSE);
}

/* Whoever sees the plan of a run that is being started may cancel it at once. */
static void
test_cancel_while_starting (Fixture *f, gconstpointer ordered)
{
  DagschedTest *a = add (f, "a", must_not_run, NULL);
  DagschedTest *b = add (f, "b", must_not_run, NULL);
  g_autoptr (DagschedScheduler) scheduler = dagsched_scheduler_new (f->graph, f->options);
  g_autoptr (GError) error = NULL;

  dagsched_test_set_priority (a, GPOINTER_TO_INT (ordered));
  depend (f, b, a, DAGSCHED_CONDITION_ALWAYS);
  g_signal_connect (scheduler, "notify::plan", G_CALLBACK (cancel_prepared), NULL);
  g_assert_true (dagsched_scheduler_run (scheduler, NULL, &error));
  g_assert_no_error (error);
  assert_outcome (a, DAGSCHED_OUTCOME_CANCELLED);
  assert_outcome (b, DAGSCHED_OUTCOME_CANCELLED);
  g_assert_cmpstr (dagsched_test_get_reason (a), ==, "the run was cancelled");
}

/* A recorder that counts what it is told of. */
typedef struct
{
  Gate finished;
  Gate ended;
} Counting;

static gboolean
recorder_begin (gpointer self, DagschedScheduler *scheduler, GError **error)
{
  return TRUE;
}

static void
recorder_started (gpointer self, const DagschedTicket *ticket, gint64 time_ns)
{
}

static void
recorder_attempt (gpointer self, const DagschedAttemptRecord *record, gint64 *log_offset)
{
}

static void
recorder_finished (gpointer self, const DagschedFinishedRecord *record)
{
  gate_count (&((Counting *) self)->finished);
}

static void
recorder_end (gpointer self, DagschedVerdict verdict, const char *problem, gint64 time_ns)
{
  g_assert_cmpint (verdict, ==, DAGSCHED_VERDICT_SUCCESS);
  gate_count (&((Counting *) self)->ended);
}

static const DagschedRecorderFuncs recorder_funcs = {
  .begin = recorder_begin,
  .started = recorder_started,
  .attempt = recorder_attempt,
  .finished = recorder_finished,
  .end = recorder_end,
};

/* The run ends, and its record is complete, with nobody there to look. */
static void
test_never_iterated (Fixture *f, gconstpointer ordered)
{
  Counting counting = { 0 };
  DagschedTest *last = NULL;
  g_autoptr (DagschedScheduler) scheduler = dagsched_scheduler_new (f->graph, f->options);

  for (guint i = 0; i < 5000; i++)
    {
      g_autofree char *name = g_strdup_printf ("t%u", i);
      DagschedTest *test = add (f, name, pass, NULL);

      dagsched_test_set_priority (test, i == 0 ? GPOINTER_TO_INT (ordered) : 0);
      if (i % 2 == 1)
        depend (f, test, last, DAGSCHED_CONDITION_SUCCESS);
      last = test;
    }
  dagsched_scheduler_add_recorder (scheduler, &recorder_funcs, &counting);
  dagsched_scheduler_run_async (scheduler, NULL, NULL, NULL);
  gate_wait (&counting.ended, 1);
  g_assert_cmpuint (counting.finished.count, ==, 5000);
  g_assert_cmpint (dagsched_test_get_state (last), ==, DAGSCHED_STATE_PENDING);

  while (dagsched_run_get_verdict (DAGSCHED_RUN (scheduler)) == DAGSCHED_VERDICT_NONE)
    g_main_context_iteration (NULL, TRUE);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpuint (dagsched_run_get_n_with_outcome (DAGSCHED_RUN (scheduler), DAGSCHED_OUTCOME_PASSED), ==,
                    5000);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD ("/scheduler/time-out", NULL, test_time_out);
  ADD ("/scheduler/written-off/stealing", NULL, test_written_off);
  ADD ("/scheduler/written-off/ordered", GINT_TO_POINTER (1), test_written_off);
  ADD ("/scheduler/cancel/stealing", NULL, test_cancel);
  ADD ("/scheduler/cancel/ordered", GINT_TO_POINTER (1), test_cancel);
  ADD ("/scheduler/cancel/starting/stealing", NULL, test_cancel_while_starting);
  ADD ("/scheduler/cancel/starting/ordered", GINT_TO_POINTER (1), test_cancel_while_starting);
  ADD ("/scheduler/kill", NULL, test_kill);
  ADD ("/scheduler/max-failures", NULL, test_max_failures);
  ADD ("/scheduler/max-time", NULL, test_max_time);
  ADD ("/scheduler/never-iterated/stealing", NULL, test_never_iterated);
  ADD ("/scheduler/never-iterated/ordered", GINT_TO_POINTER (1), test_never_iterated);

  return g_test_run ();
}
