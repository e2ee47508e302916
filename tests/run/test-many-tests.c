/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fixture.h"

/* What shows very many tests at once asks a run by numbers, and is told of changes in batches. */

static void
test_numbers (Fixture *f, gconstpointer data)
{
  DagschedTest *a = add (f, "a", pass, NULL);
  DagschedTest *b = add (f, "b", pass, NULL);
  DagschedTest *c = add (f, "c", pass, NULL);
  g_autoptr (DagschedTest) stranger = DAGSCHED_TEST (dagsched_func_test_new ("d", pass, NULL, NULL));
  g_autoptr (DagschedScheduler) scheduler = dagsched_scheduler_new (f->graph, f->options);
  g_autoptr (GError) error = NULL;
  DagschedRun *run = DAGSCHED_RUN (scheduler);
  DagschedCondition condition = DAGSCHED_CONDITION_SUCCESS;

  depend (f, c, a, DAGSCHED_CONDITION_SUCCESS);
  depend (f, c, b, DAGSCHED_CONDITION_ALWAYS);
  g_assert_cmpuint (dagsched_run_find_test (run, a), ==, DAGSCHED_RUN_NO_TEST);
  g_assert_cmpuint (dagsched_run_get_n_in_state (run, DAGSCHED_STATE_PENDING), ==, 0);
  g_assert_true (dagsched_scheduler_prepare (scheduler, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (dagsched_run_get_n_in_state (run, DAGSCHED_STATE_PENDING), ==, 3);
  g_assert_cmpuint (dagsched_run_get_n_in_state (run, DAGSCHED_STATE_READY), ==, 0);

  g_assert_cmpuint (dagsched_run_find_test (run, a), ==, 0);
  g_assert_cmpuint (dagsched_run_find_test (run, c), ==, 2);
  g_assert_cmpuint (dagsched_run_find_test (run, stranger), ==, DAGSCHED_RUN_NO_TEST);
  g_assert_cmpuint (dagsched_run_get_n_dependencies (run, 0), ==, 0);
  g_assert_cmpuint (dagsched_run_get_n_dependencies (run, 2), ==, 2);
  g_assert_cmpuint (dagsched_run_get_dependency (run, 2, 0, NULL), ==, 0);
  g_assert_cmpuint (dagsched_run_get_dependency (run, 2, 1, &condition), ==, 1);
  g_assert_cmpint (condition, ==, DAGSCHED_CONDITION_ALWAYS);
}

/* What was counted: a sum of two may end a rounding above the number that stands for the same moment. */
static gint64
nanoseconds (double seconds)
{
  return (gint64) (seconds * 1e9 + 0.5);
}

static void
test_spans (Fixture *f, gconstpointer data)
{
  int n_runs = 0;
  DagschedTest *a = add (f, "a", fail_once, &n_runs);
  g_autoptr (DagschedScheduler) scheduler = NULL;
  DagschedSpan last, first, none;

  dagsched_test_set_retries (a, 1);
  scheduler = run (f);
  g_assert_true (dagsched_run_get_span (DAGSCHED_RUN (scheduler), 0, 0, &last));
  g_assert_true (dagsched_run_get_span (DAGSCHED_RUN (scheduler), 0, 1, &first));
  g_assert_false (dagsched_run_get_span (DAGSCHED_RUN (scheduler), 0, 2, &none));
  g_assert_false (dagsched_run_get_span (DAGSCHED_RUN (scheduler), 1, 0, &none));
  g_assert_cmpuint (first.attempt, ==, 1);
  g_assert_cmpint (first.outcome, ==, DAGSCHED_OUTCOME_FAILED);
  g_assert_true (first.will_retry);
  g_assert_cmpuint (last.attempt, ==, 2);
  g_assert_cmpint (last.outcome, ==, DAGSCHED_OUTCOME_PASSED);
  g_assert_false (last.will_retry);
  g_assert_cmpint (nanoseconds (last.start), >=, nanoseconds (first.start + first.duration));
  g_assert_cmpint (nanoseconds (last.start + last.duration), <=,
                   nanoseconds (dagsched_run_get_elapsed (DAGSCHED_RUN (scheduler))));
}

#define N_MANY 20000

static void
on_tests_changed (DagschedRun *run, GArray *numbers, guint8 *finished)
{
  for (guint i = 0; i < numbers->len; i++)
    {
      guint32 number = g_array_index (numbers, guint32, i);
      g_autoptr (DagschedTest) test = g_list_model_get_item (dagsched_run_get_tests (run), number);

      finished[number] = dagsched_test_get_state (test) == DAGSCHED_STATE_FINISHED;
    }
}

static void
test_changes (Fixture *f, gconstpointer data)
{
  g_autofree guint8 *finished = g_new0 (guint8, N_MANY);
  g_autoptr (DagschedScheduler) scheduler = NULL;
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < N_MANY; i++)
    {
      char name[16];

      g_snprintf (name, sizeof name, "%u", i);
      add (f, name, pass, NULL);
    }
  scheduler = dagsched_scheduler_new (f->graph, f->options);
  g_signal_connect (scheduler, "tests-changed", G_CALLBACK (on_tests_changed), finished);
  g_assert_true (dagsched_scheduler_run (scheduler, NULL, &error));
  g_assert_no_error (error);
  for (guint i = 0; i < N_MANY; i++)
    g_assert_true (finished[i]);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("/many-tests/numbers", NULL, test_numbers);
  ADD ("/many-tests/spans", NULL, test_spans);
  ADD ("/many-tests/changes", NULL, test_changes);

  return g_test_run ();
}
