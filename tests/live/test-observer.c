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

#define STOOD_US (400 * 1000)

static gboolean
is_running (gpointer test)
{
  return dagsched_test_get_state (test) == DAGSCHED_STATE_RUNNING;
}

/* The time in which the run stood still does not count for those who watch either. */
static void
test_pause (Live *live, gconstpointer data)
{
  g_autoptr (DagschedPublisher) publisher = NULL;
  g_autoptr (DagschedScheduler) scheduler = NULL;
  g_autoptr (DagschedObserver) observer = NULL;
  LiveGate gate = { 0 };
  gboolean started = FALSE;
  DagschedTest *first = live_add (live, "first", live_wait_at_gate, &gate);
  DagschedTest *second = live_add (live, "second", live_wait_at_gate, &gate);
  gint64 begin;
  double observed;

  depend (live, second, first, DAGSCHED_CONDITION_ALWAYS);
  live_flag_signal (first, "started", &started);
  scheduler = live_start (live, &publisher);
  live_wait_for_flag (&started);
  observer = live_observe (dagsched_publisher_get_path (publisher));

  dagsched_scheduler_pause (scheduler);
  begin = g_get_monotonic_time ();
  while (g_get_monotonic_time () < begin + STOOD_US)
    g_thread_yield ();
  dagsched_scheduler_resume (scheduler);
  live_gate_open (&gate, 1);
  live_wait (is_running, live_get_test (DAGSCHED_RUN (observer), 1));
  observed = dagsched_run_get_elapsed (DAGSCHED_RUN (observer));
  g_assert_cmpfloat (observed, <,
                     dagsched_run_get_elapsed (DAGSCHED_RUN (scheduler)) + STOOD_US / 2.0 / G_USEC_PER_SEC);

  live_gate_open (&gate, 1);
  live_wait_for_end (DAGSCHED_RUN (observer));
  live_assert_same (DAGSCHED_RUN (scheduler), DAGSCHED_RUN (observer));
}

/* Who comes late sees the same: while the run goes on, and after its end. */
static void
test_late (Live *live, gconstpointer data)
{
  g_autoptr (DagschedPublisher) publisher = NULL;
  g_autoptr (DagschedScheduler) scheduler = NULL;
  g_autoptr (DagschedObserver) middle = NULL;
  g_autoptr (DagschedObserver) late = NULL;
  g_autoptr (DagschedWorker) worker = NULL;
  LiveGate gate = { 0 };
  gboolean started = FALSE;
  DagschedTest *fast = live_add (live, "fast", live_fail, NULL);
  DagschedTest *slow = live_add (live, "slow", live_wait_at_gate, &gate);

  depend (live, slow, fast, DAGSCHED_CONDITION_ALWAYS);
  g_object_set (live->options, "timestamps", TRUE, "n-workers", 1, NULL);
  live_flag_signal (slow, "started", &started);
  scheduler = live_start (live, &publisher);
  live_wait_for_flag (&started);

  middle = live_observe (dagsched_publisher_get_path (publisher));
  live_assert_same (DAGSCHED_RUN (scheduler), DAGSCHED_RUN (middle));
  g_assert_cmpfloat (dagsched_run_get_elapsed (DAGSCHED_RUN (middle)), >, 0);
  worker = g_list_model_get_item (dagsched_run_get_workers (DAGSCHED_RUN (middle)), 0);
  g_assert_cmpint (dagsched_worker_get_state (worker), ==, DAGSCHED_WORKER_STATE_RUNNING);
  g_assert_true (dagsched_worker_get_test (worker) == live_get_test (DAGSCHED_RUN (middle), 1));

  live_gate_open (&gate, 1);
  live_wait_for_end (DAGSCHED_RUN (middle));
  late = live_observe (dagsched_publisher_get_path (publisher));
  live_wait_for_end (DAGSCHED_RUN (late));
  live_assert_same (DAGSCHED_RUN (scheduler), DAGSCHED_RUN (middle));
  live_assert_same (DAGSCHED_RUN (scheduler), DAGSCHED_RUN (late));
}

#define N_MANY 10000

static void
add_many (Live *live, LiveGate *gate)
{
  DagschedTest *first = live_add (live, "first", live_wait_at_gate, gate);

  for (guint i = 1; i < N_MANY; i++)
    {
      g_autofree char *name = g_strdup_printf ("folder/test-%u", i);
      DagschedTest *test = live_add (live, name, i % 100 == 0 ? live_fail : live_pass, NULL);

      depend (live, test, first, DAGSCHED_CONDITION_SUCCESS);
    }
  g_object_set (live->options, "timestamps", TRUE, NULL);
}

static void
count_finished (DagschedRun *run, DagschedTest *test, guint *n_finished)
{
  ++*n_finished;
}

static void
test_many_tests (Live *live, gconstpointer data)
{
  g_autoptr (DagschedPublisher) publisher = NULL;
  g_autoptr (DagschedScheduler) scheduler = NULL;
  DagschedObserver *observers[2];
  guint n_finished[2] = { 0, 0 };
  LiveGate gate = { 0 };

  add_many (live, &gate);
  scheduler = live_start (live, &publisher);
  for (guint i = 0; i < G_N_ELEMENTS (observers); i++)
    {
      observers[i] = live_observe (dagsched_publisher_get_path (publisher));
      g_signal_connect (observers[i], "test-finished", G_CALLBACK (count_finished), &n_finished[i]);
    }
  live_gate_open (&gate, 1);
  for (guint i = 0; i < G_N_ELEMENTS (observers); i++)
    {
      live_wait_for_end (DAGSCHED_RUN (observers[i]));
      live_wait_for_end (DAGSCHED_RUN (scheduler));
      g_assert_cmpuint (n_finished[i], ==, N_MANY);
      live_assert_same (DAGSCHED_RUN (scheduler), DAGSCHED_RUN (observers[i]));
      g_assert_finalize_object (observers[i]);
    }
}

/* What a picture needs is there at once, the rest of what is known of a test when somebody asks for it. */
static void
test_settings (Live *live, gconstpointer data)
{
  static const char *const env[] = { "A=1", "B=zwei", NULL };
  static const char *const labels[] = { "fast", NULL };
  DagschedTest *test = live_add_command (live, "a", "exit 0");
  g_autoptr (DagschedResource) resource = dagsched_resource_new ("gpu", 2);
  g_autoptr (DagschedPublisher) publisher = NULL;
  g_autoptr (DagschedScheduler) scheduler = NULL;
  g_autoptr (DagschedObserver) observer = NULL;
  g_autoptr (GPtrArray) attempts = NULL;
  g_autoptr (GError) error = NULL;
  DagschedTest *seen, *other;

  live_add_command (live, "b", "exit 0");
  dagsched_graph_add_resource (live->graph, resource, &error);
  g_assert_no_error (error);
  dagsched_command_test_set_env (DAGSCHED_COMMAND_TEST (test), env);
  dagsched_command_test_set_workdir (DAGSCHED_COMMAND_TEST (test), "/");
  dagsched_command_test_set_protocol (DAGSCHED_COMMAND_TEST (test), DAGSCHED_PROTOCOL_TAP);
  dagsched_test_set_labels (test, labels);
  dagsched_test_set_timeout (test, 17);
  dagsched_test_set_weight (test, 7);
  dagsched_test_set_priority (test, 3);
  dagsched_test_set_requirement (test, "gpu", 2);
  dagsched_test_set_group (test, "phase", "A");
  scheduler = live_prepare (live, &publisher);
  observer = live_observe (dagsched_publisher_get_path (publisher));
  seen = live_get_test (DAGSCHED_RUN (observer), 0);
  other = live_get_test (DAGSCHED_RUN (observer), 1);
  g_assert_true (g_strv_equal (dagsched_test_get_labels (seen), labels));
  g_assert_cmpfloat (dagsched_test_get_weight (seen), ==, 7);
  g_assert_null (dagsched_command_test_get_argv (DAGSCHED_COMMAND_TEST (seen))[0]);

  attempts = live_load (DAGSCHED_RUN (observer), seen, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (attempts->len, ==, 0);
  g_assert_null (dagsched_command_test_get_argv (DAGSCHED_COMMAND_TEST (other))[0]);
  g_assert_true (g_strv_equal (dagsched_command_test_get_argv (DAGSCHED_COMMAND_TEST (seen)),
                               dagsched_command_test_get_argv (DAGSCHED_COMMAND_TEST (test))));
  g_assert_true (g_strv_equal (dagsched_command_test_get_env (DAGSCHED_COMMAND_TEST (seen)), env));
  g_assert_cmpstr (dagsched_command_test_get_workdir (DAGSCHED_COMMAND_TEST (seen)), ==, "/");
  g_assert_cmpint (dagsched_command_test_get_protocol (DAGSCHED_COMMAND_TEST (seen)), ==,
                   DAGSCHED_PROTOCOL_TAP);
  g_assert_true (g_strv_equal (dagsched_test_get_labels (seen), labels));
  g_assert_cmpfloat (dagsched_test_get_timeout (seen), ==, 17);
  g_assert_cmpint (dagsched_test_get_priority (seen), ==, 3);
  g_assert_cmpuint (dagsched_test_get_requirement (seen, "gpu"), ==, 2);
  g_assert_cmpstr (dagsched_test_get_group (seen, "phase"), ==, "A");
}

/* Before the run the graph is as an earlier run left it. */
static void
test_second_run (Live *live, gconstpointer data)
{
  g_autoptr (DagschedScheduler) first = NULL;
  g_autoptr (DagschedPublisher) publisher = NULL;
  g_autoptr (DagschedScheduler) scheduler = NULL;
  g_autoptr (DagschedObserver) observer = NULL;
  g_autoptr (GError) error = NULL;
  LiveGate gate = { 0 };
  guint n_finished = 0;

  live_add (live, "a", live_wait_at_gate, &gate);
  live_add (live, "b", live_fail, NULL);
  g_object_set (live->options, "timestamps", TRUE, NULL);
  live_gate_open (&gate, 1);
  first = dagsched_scheduler_new (live->graph, live->options);
  g_assert_true (dagsched_scheduler_run (first, NULL, &error));

  scheduler = live_prepare (live, &publisher);
  observer = live_observe (dagsched_publisher_get_path (publisher));
  g_assert_cmpint (dagsched_test_get_state (live_get_test (DAGSCHED_RUN (observer), 0)), ==,
                   DAGSCHED_STATE_FINISHED);
  g_signal_connect (observer, "test-finished", G_CALLBACK (count_finished), &n_finished);
  live_run (scheduler);
  live_gate_open (&gate, 1);
  live_wait_for_end (DAGSCHED_RUN (observer));
  live_assert_same (DAGSCHED_RUN (scheduler), DAGSCHED_RUN (observer));
  g_assert_cmpuint (n_finished, ==, 2);
}

/* A run that does not start ends all the same. */
static void
test_run_that_can_not_start (Live *live, gconstpointer data)
{
  g_autoptr (DagschedPublisher) publisher = NULL;
  g_autoptr (DagschedScheduler) scheduler = NULL;
  g_autoptr (DagschedObserver) observer = NULL;

  live_add_command (live, "a", "exit 0");
  g_object_set (live->options, "agent-path", "/nowhere/agent", NULL);
  scheduler = live_prepare (live, &publisher);
  observer = live_observe (dagsched_publisher_get_path (publisher));
  live_run (scheduler);
  live_wait_for_end (DAGSCHED_RUN (scheduler));
  dagsched_publisher_close (publisher);
  live_wait_for_end (DAGSCHED_RUN (observer));
  g_assert_cmpint (dagsched_run_get_verdict (DAGSCHED_RUN (observer)), ==, DAGSCHED_VERDICT_INCOMPLETE);
  g_assert_cmpstr (dagsched_run_get_problem (DAGSCHED_RUN (observer)), ==,
                   dagsched_run_get_problem (DAGSCHED_RUN (scheduler)));
}

typedef struct
{
  const char *path;
  LiveGate *gate;
} Elsewhere;

/* The run goes on only once it is observed. */
static gpointer
observe_elsewhere (gpointer data)
{
  const Elsewhere *elsewhere = data;
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (DagschedObserver) observer = NULL;
  guint n_passed;

  g_main_context_push_thread_default (context);
  observer = live_observe (elsewhere->path);
  live_gate_open (elsewhere->gate, 1);
  live_wait_for_end (DAGSCHED_RUN (observer));
  n_passed = dagsched_run_get_n_with_outcome (DAGSCHED_RUN (observer), DAGSCHED_OUTCOME_PASSED);
  g_clear_object (&observer);
  g_main_context_pop_thread_default (context);
  return GUINT_TO_POINTER (n_passed);
}

/* A run in a context of its own, which nobody else iterates. */
static void
test_run_in_its_own_context (Live *live, gconstpointer data)
{
  g_autoptr (DagschedPublisher) publisher = NULL;
  g_autoptr (DagschedScheduler) scheduler = NULL;
  g_autoptr (GError) error = NULL;
  LiveGate gate = { 0 };
  Elsewhere elsewhere = { .gate = &gate };
  GThread *thread;

  live_add (live, "a", live_wait_at_gate, &gate);
  live_add (live, "b", live_pass, NULL);
  scheduler = live_prepare (live, &publisher);
  elsewhere.path = dagsched_publisher_get_path (publisher);
  thread = g_thread_new ("observer", observe_elsewhere, &elsewhere);
  g_assert_true (dagsched_scheduler_run (scheduler, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (GPOINTER_TO_UINT (g_thread_join (thread)), ==, 2);
}

int
main (int argc, char *argv[])
{
  live_init (&argc, &argv);

  LIVE_ADD ("/observer/whole-run", NULL, test_whole_run);
  LIVE_ADD ("/observer/pause", NULL, test_pause);
  LIVE_ADD ("/observer/late", NULL, test_late);
  LIVE_ADD ("/observer/many-tests", NULL, test_many_tests);
  LIVE_ADD ("/observer/settings", NULL, test_settings);
  LIVE_ADD ("/observer/second-run", NULL, test_second_run);
  LIVE_ADD ("/observer/can-not-start", NULL, test_run_that_can_not_start);
  LIVE_ADD ("/observer/own-context", NULL, test_run_in_its_own_context);

  return live_run_tests ();
}
