/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>
#include <unistd.h>

#include "live-fixture.h"

/* Publisher and observer in one process: an observed run looks like the run itself. */

static void
depend (Live *live, DagschedTest *dependent, DagschedTest *dependency, DagschedCondition condition)
{
  g_autoptr (GError) error = NULL;

  dagsched_graph_add_dependency (live->graph, dependent, dependency, condition, &error);
  g_assert_no_error (error);
}

static DagschedOutcome
fail_twice (DagschedFuncTest *test, GCancellable *cancellable, gpointer data, GError **error)
{
  return g_atomic_int_add ((int *) data, 1) < 2 ? DAGSCHED_OUTCOME_FAILED : DAGSCHED_OUTCOME_PASSED;
}

/* One of each that can become of a test, behind a gate. */
static void
add_all_kinds (Live *live, LiveGate *gate, int *n_runs)
{
  DagschedTest *first = live_add (live, "first", live_wait_at_gate, gate);
  DagschedTest *bad = live_add (live, "bad", live_fail, NULL);
  DagschedTest *blocked = live_add (live, "blocked", live_pass, NULL);
  DagschedTest *after = live_add (live, "after", live_pass, NULL);
  DagschedTest *flaky = live_add (live, "flaky", fail_twice, n_runs);
  DagschedTest *disabled = live_add (live, "disabled", live_pass, NULL);
  static const char *const suites[] = { "db", "slow", NULL };

  depend (live, bad, first, DAGSCHED_CONDITION_SUCCESS);
  depend (live, blocked, bad, DAGSCHED_CONDITION_SUCCESS);
  depend (live, after, blocked, DAGSCHED_CONDITION_ALWAYS);
  depend (live, flaky, first, DAGSCHED_CONDITION_SUCCESS);
  dagsched_test_set_retries (flaky, 3);
  dagsched_test_set_disabled (disabled, "not today");
  dagsched_test_set_suites (first, suites);
  dagsched_test_set_expected_duration (first, 2.5);
  g_object_set (live->options, "timestamps", TRUE, "n-workers", 2, NULL);
}

static void
tell (GString *told, const char *what, DagschedTest *test)
{
  g_string_append_printf (told, "%s(%s) ", what, dagsched_test_get_name (test));
}

static void
on_ready (DagschedRun *run, DagschedTest *test, GString *told)
{
  tell (told, "ready", test);
}

static void
on_started (DagschedRun *run, DagschedTest *test, guint worker, guint attempt, GString *told)
{
  g_assert_cmpuint (worker, <, 2);
  tell (told, "started", test);
}

static void
on_attempt (DagschedRun *run, DagschedTest *test, DagschedAttempt *attempt, GString *told)
{
  tell (told, dagsched_outcome_to_string (dagsched_attempt_get_outcome (attempt)), test);
}

static void
on_finished (DagschedRun *run, DagschedTest *test, GString *told)
{
  tell (told, "finished", test);
}

/* In the order of each test. */
static void
assert_told (const char *told, const char *name, const char *expected)
{
  g_auto (GStrv) words = g_strsplit (told, " ", -1);
  g_autofree char *suffix = g_strdup_printf ("(%s)", name);
  g_autoptr (GString) of_test = g_string_new (NULL);

  for (guint i = 0; words[i] != NULL; i++)
    {
      if (g_str_has_suffix (words[i], suffix))
        g_string_append_len (of_test, words[i], (gssize) (strlen (words[i]) - strlen (suffix)));
      if (g_str_has_suffix (words[i], suffix))
        g_string_append_c (of_test, ' ');
    }
  g_assert_cmpstr (of_test->str, ==, expected);
}

static void
on_changed (DagschedRun *run, GArray *numbers, gboolean *seen)
{
  for (guint i = 0; i < numbers->len; i++)
    seen[g_array_index (numbers, guint32, i)] = TRUE;
}

static void
test_whole_run (Live *live, gconstpointer data)
{
  g_autoptr (GString) told = g_string_new (NULL);
  g_autoptr (DagschedPublisher) publisher = NULL;
  g_autoptr (DagschedScheduler) scheduler = NULL;
  g_autoptr (DagschedObserver) observer = NULL;
  LiveGate gate = { 0 };
  int n_runs = 0;
  gboolean changed[6] = { FALSE }, finished = FALSE, notified = FALSE;

  add_all_kinds (live, &gate, &n_runs);
  scheduler = live_start (live, &publisher);
  observer = live_observe (dagsched_publisher_get_path (publisher));
  g_assert_cmpint (dagsched_observer_get_pid (observer), ==, (int) getpid ());
  g_assert_true (dagsched_observer_get_connected (observer));
  g_signal_connect (observer, "test-ready", G_CALLBACK (on_ready), told);
  g_signal_connect (observer, "test-started", G_CALLBACK (on_started), told);
  g_signal_connect (observer, "attempt-finished", G_CALLBACK (on_attempt), told);
  g_signal_connect (observer, "test-finished", G_CALLBACK (on_finished), told);
  g_signal_connect (observer, "tests-changed", G_CALLBACK (on_changed), changed);
  live_flag_signal (observer, "finished", &finished);
  live_flag_signal (observer, "notify::n-failed", &notified);

  live_gate_open (&gate, 1);
  live_wait_for_flag (&finished);
  live_wait_for_end (DAGSCHED_RUN (scheduler));
  g_assert_cmpint (dagsched_run_get_verdict (DAGSCHED_RUN (observer)), ==, DAGSCHED_VERDICT_FAILURE);
  g_assert_true (notified);
  live_assert_same (DAGSCHED_RUN (scheduler), DAGSCHED_RUN (observer));
  g_assert_cmpfloat (dagsched_run_get_elapsed (DAGSCHED_RUN (scheduler)), ==,
                     dagsched_run_get_elapsed (DAGSCHED_RUN (observer)));

  assert_told (told->str, "bad", "ready started failed finished ");
  assert_told (told->str, "blocked", "finished ");
  assert_told (told->str, "flaky",
               "ready started failed ready started failed ready started passed finished ");
  for (guint i = 1; i < 5; i++)
    g_assert_true (changed[i]);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  LIVE_ADD ("/observer/whole-run", NULL, test_whole_run);

  return g_test_run ();
}
