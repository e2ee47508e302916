/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <dagsched.h>

#include "executor/dagsched-simulated-executor-private.h"
#include "run/dagsched-scheduler-private.h"

/* The schedule that the engine makes of tests whose duration is known: their weight, in seconds. */

#define NS_PER_SECOND G_GINT64_CONSTANT (1000000000)

typedef struct
{
  DagschedGraph *graph;
  DagschedOptions *options;
  GHashTable *outcomes; /* test → what its attempts come to, if they don't pass */
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  f->graph = dagsched_graph_new ("suite");
  f->options = dagsched_options_new ();
  g_object_set (f->options, "n-workers", 2, NULL);
  f->outcomes = g_hash_table_new (NULL, NULL);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  g_assert_finalize_object (f->graph);
  g_assert_finalize_object (f->options);
  g_hash_table_unref (f->outcomes);
}

static DagschedTest *
add (Fixture *f, const char *name, double seconds)
{
  static const char *const argv[] = { "must-not-run", NULL };
  g_autoptr (DagschedTest) test = DAGSCHED_TEST (dagsched_command_test_new (name, argv));
  g_autoptr (GError) error = NULL;

  dagsched_test_set_weight (test, seconds);
  g_assert_true (dagsched_graph_add_test (f->graph, test, &error));
  return test; /* the graph keeps it */
}

static DagschedTest *
add_after (Fixture *f,
           const char *name,
           double seconds,
           DagschedTest *dependency,
           DagschedCondition condition)
{
  DagschedTest *test = add (f, name, seconds);
  g_autoptr (GError) error = NULL;

  g_assert_true (dagsched_graph_add_dependency (f->graph, test, dependency, condition, &error));
  return test;
}

static void
add_resource (Fixture *f, const char *name, guint capacity)
{
  g_autoptr (DagschedResource) resource = dagsched_resource_new (name, capacity);

  g_assert_true (dagsched_graph_add_resource (f->graph, resource, NULL));
}

static void
will_be (Fixture *f, DagschedTest *test, DagschedOutcome outcome)
{
  g_hash_table_insert (f->outcomes, test, GINT_TO_POINTER (outcome));
}

static DagschedExecutor *
create_executor (Fixture *f, const DagschedPlanView *view)
{
  g_autofree gint64 *durations_ns = g_new (gint64, view->n_tests);
  g_autofree guint8 *outcomes = g_new (guint8, view->n_tests);

  for (guint32 i = 0; i < view->n_tests; i++)
    {
      gpointer outcome = g_hash_table_lookup (f->outcomes, view->tests[i]);

      durations_ns[i] = (gint64) (dagsched_test_get_weight (view->tests[i]) * (double) NS_PER_SECOND);
      outcomes[i] = outcome != NULL ? GPOINTER_TO_INT (outcome) : DAGSCHED_OUTCOME_PASSED;
    }

  return dagsched_simulated_executor_new (view->n_tests, durations_ns, outcomes);
}

static DagschedScheduler *
prepare (Fixture *f)
{
  DagschedScheduler *scheduler = dagsched_scheduler_new (f->graph, f->options);
  g_autoptr (DagschedExecutor) executor = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (dagsched_scheduler_prepare (scheduler, &error));
  executor = create_executor (f, scheduler->view);
  dagsched_scheduler_set_executor (scheduler, executor);
  return scheduler;
}

static DagschedScheduler *
run (Fixture *f)
{
  DagschedScheduler *scheduler = prepare (f);
  g_autoptr (GError) error = NULL;

  g_assert_true (dagsched_scheduler_run (scheduler, NULL, &error));
  g_assert_no_error (error);
  return scheduler;
}

static gint64
makespan_of (DagschedScheduler *scheduler)
{
  return dagsched_simulated_executor_get_now_ns (DAGSCHED_SIMULATED_EXECUTOR (scheduler->executor));
}

/* NAME@LANE:START-END of each attempt's record, tests in the order of the plan. */
static char *
dup_schedule (DagschedScheduler *scheduler)
{
  GString *text = g_string_new (NULL);

  for (guint32 i = 0; i < scheduler->view->n_tests; i++)
    {
      const DagschedAttemptRecord *record;
      DagschedAttemptRecord last;

      record = dagsched_engine_get_last_attempt (scheduler->engine, i, &last) ? &last : NULL;
      for (; record != NULL; record = record->previous)
        g_string_append_printf (
          text, "%s%s@%u:%g-%g", text->len > 0 ? " " : "", dagsched_test_get_name (scheduler->view->tests[i]),
          record->lane, (double) record->start_ns / NS_PER_SECOND, (double) record->end_ns / NS_PER_SECOND);
    }

  return g_string_free (text, FALSE);
}

static void
assert_schedule (DagschedScheduler *scheduler, const char *expected)
{
  g_autofree char *schedule = dup_schedule (scheduler);

  g_assert_cmpstr (schedule, ==, expected);
}

static void
test_lanes (Fixture *f, gconstpointer data)
{
  g_autoptr (DagschedScheduler) scheduler = NULL;
  g_autoptr (GPtrArray) attempts = NULL;
  DagschedTest *c;

  add (f, "a", 3);
  add (f, "b", 2);
  c = add (f, "c", 1.5);
  add (f, "d", 1);
  scheduler = run (f);
  assert_schedule (scheduler, "a@0:0-3 b@1:0-2 c@1:2-3.5 d@0:3-4");
  g_assert_cmpint (makespan_of (scheduler), ==, 4 * NS_PER_SECOND);

  /* The record is what reports and logs are made of. */
  attempts = dagsched_run_dup_attempts (DAGSCHED_RUN (scheduler), c);
  g_assert_cmpuint (attempts->len, ==, 1);
  g_assert_cmpfloat (dagsched_attempt_get_start_time (attempts->pdata[0]), ==, 2);
  g_assert_cmpfloat (dagsched_attempt_get_duration (attempts->pdata[0]), ==, 1.5);
  g_assert_cmpint (dagsched_run_get_verdict (DAGSCHED_RUN (scheduler)), ==, DAGSCHED_VERDICT_SUCCESS);
}

/* Of those that end together the first test comes first, and what it makes ready starts first. */
static void
test_ties (Fixture *f, gconstpointer data)
{
  DagschedTest *a = add (f, "a", 1);
  DagschedTest *b = add (f, "b", 1);
  g_autoptr (DagschedScheduler) scheduler = NULL;

  add_after (f, "after-b", 0.5, b, DAGSCHED_CONDITION_SUCCESS);
  add_after (f, "after-a", 0.5, a, DAGSCHED_CONDITION_SUCCESS);
  add (f, "zero", 0.000000001);
  scheduler = run (f);
  assert_schedule (scheduler, "a@0:0-1 b@1:0-1 after-b@1:1-1.5 after-a@0:1-1.5 zero@1:1.5-1.5");
}

static void
test_dependencies (Fixture *f, gconstpointer data)
{
  DagschedTest *a = add (f, "a", 1);
  DagschedTest *b = add_after (f, "b", 2, a, DAGSCHED_CONDITION_SUCCESS);
  g_autoptr (DagschedScheduler) scheduler = NULL;

  add_after (f, "c", 3, b, DAGSCHED_CONDITION_SUCCESS);
  add_after (f, "d", 5, a, DAGSCHED_CONDITION_SUCCESS);
  add (f, "e", 1);
  scheduler = run (f);
  assert_schedule (scheduler, "a@0:0-1 b@0:1-3 c@0:3-6 d@1:1-6 e@1:0-1");
}

static void
test_slots (Fixture *f, gconstpointer data)
{
  g_autoptr (DagschedScheduler) scheduler = NULL;

  g_object_set (f->options, "n-workers", 4, "order", DAGSCHED_ORDER_DECLARATION, NULL);
  dagsched_test_set_slots (add (f, "two", 2), 2);
  dagsched_test_set_slots (add (f, "three", 1), 3);
  add (f, "one", 3);
  dagsched_test_set_exclusive (add (f, "alone", 1), TRUE);
  scheduler = run (f);
  /* "three" does not fit beside "two" and "one". */
  assert_schedule (scheduler, "two@0:0-2 three@0:2-3 one@1:0-3 alone@1:3-4");
}

static void
test_resources (Fixture *f, gconstpointer data)
{
  g_autoptr (DagschedScheduler) scheduler = NULL;

  add_resource (f, "database", 1);
  g_object_set (f->options, "n-workers", 3, NULL);
  dagsched_test_set_requirement (add (f, "a", 4), "database", 1);
  dagsched_test_set_requirement (add (f, "b", 3), "database", DAGSCHED_ALL);
  add (f, "c", 2);
  dagsched_test_set_group (add (f, "d", 2), "phase", "one");
  dagsched_test_set_group (add (f, "e", 1), "phase", "two");
  scheduler = run (f);
  assert_schedule (scheduler, "a@0:0-4 b@0:4-7 c@1:0-2 d@2:0-2 e@2:2-3");
}

static void
test_outcomes (Fixture *f, gconstpointer data)
{
  DagschedTest *a = add (f, "a", 1);
  DagschedTest *blocked = add_after (f, "blocked", 1, a, DAGSCHED_CONDITION_SUCCESS);
  DagschedTest *skipped = add (f, "skipped", 2);
  g_autoptr (DagschedScheduler) scheduler = NULL;

  add_after (f, "collector", 1, a, DAGSCHED_CONDITION_FAILURE);
  add_after (f, "always", 1, blocked, DAGSCHED_CONDITION_ALWAYS);
  will_be (f, a, DAGSCHED_OUTCOME_FAILED);
  will_be (f, skipped, DAGSCHED_OUTCOME_SKIPPED);
  scheduler = run (f);
  assert_schedule (scheduler, "a@0:0-1 skipped@1:0-2 collector@0:1-2 always@1:2-3");
  g_assert_cmpint (dagsched_test_get_outcome (a), ==, DAGSCHED_OUTCOME_FAILED);
  g_assert_cmpint (dagsched_test_get_outcome (blocked), ==, DAGSCHED_OUTCOME_BLOCKED);
  g_assert_cmpint (dagsched_test_get_outcome (skipped), ==, DAGSCHED_OUTCOME_SKIPPED);
}

static void
test_time_out (Fixture *f, gconstpointer data)
{
  DagschedTest *a = add (f, "a", 10);
  DagschedTest *b = add (f, "b", 2);
  g_autoptr (DagschedScheduler) scheduler = NULL;

  dagsched_test_set_timeout (a, 1.5);
  dagsched_test_set_timeout (b, 2);
  dagsched_test_set_retries (a, 1);
  scheduler = run (f);
  assert_schedule (scheduler, "a@0:1.5-3 a@0:0-1.5 b@1:0-2");
  g_assert_cmpint (dagsched_test_get_outcome (a), ==, DAGSCHED_OUTCOME_TIMED_OUT);
  g_assert_cmpstr (dagsched_test_get_reason (a), ==, "did not end within 1.5 s");
  g_assert_cmpint (dagsched_test_get_outcome (b), ==, DAGSCHED_OUTCOME_PASSED);
}

/* A delay passes in real time; the clock waits for it when nothing else is under way. */
static void
test_delayed_retry (Fixture *f, gconstpointer data)
{
  DagschedTest *a = add (f, "a", 1);
  g_autoptr (DagschedScheduler) scheduler = NULL;

  g_object_set (f->options, "n-workers", 1, NULL);
  dagsched_test_set_retries (a, 1);
  dagsched_test_set_retry_delay (a, 0.001);
  will_be (f, a, DAGSCHED_OUTCOME_FAILED);
  scheduler = run (f);
  assert_schedule (scheduler, "a@0:1-2 a@0:0-1");
}

static void
test_fixture (Fixture *f, gconstpointer data)
{
  DagschedTest *start = add (f, "start", 1);
  DagschedTest *user = add_after (f, "user", 3, start, DAGSCHED_CONDITION_SUCCESS);
  g_autoptr (DagschedScheduler) scheduler = NULL;

  dagsched_test_set_fixture (start, TRUE);
  dagsched_test_set_cleanup (start, "stop");
  add (f, "stop", 1);
  add_after (f, "other-user", 1, start, DAGSCHED_CONDITION_SUCCESS);
  will_be (f, user, DAGSCHED_OUTCOME_FAILED);
  scheduler = run (f);
  assert_schedule (scheduler, "start@0:0-1 user@0:1-4 stop@0:4-5 other-user@1:1-2");
}

/* Not all the host's sources, but what the run needs of its context. */
static void
iterate_until_ended (DagschedScheduler *scheduler)
{
  while (dagsched_run_get_verdict (DAGSCHED_RUN (scheduler)) == DAGSCHED_VERDICT_NONE)
    g_main_context_iteration (NULL, TRUE);
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

/* The clock stands still until the context is iterated: what runs ends the moment it began. */
static void
test_cancel (Fixture *f, gconstpointer data)
{
  DagschedTest *a = add (f, "a", 5);
  DagschedTest *b = add (f, "b", 4);
  g_autoptr (DagschedScheduler) scheduler = NULL;

  g_object_set (f->options, "n-workers", 1, NULL);
  scheduler = prepare (f);
  dagsched_scheduler_run_async (scheduler, NULL, NULL, NULL);
  g_assert_cmpint (makespan_of (scheduler), ==, 0);
  dagsched_run_cancel (DAGSCHED_RUN (scheduler), FALSE);
  iterate_until_ended (scheduler);
  assert_schedule (scheduler, "a@0:0-0");
  g_assert_cmpint (dagsched_test_get_outcome (a), ==, DAGSCHED_OUTCOME_CANCELLED);
  g_assert_cmpstr (dagsched_test_get_reason (a), ==, "stopped while it ran");
  g_assert_cmpint (dagsched_test_get_outcome (b), ==, DAGSCHED_OUTCOME_CANCELLED);
}

static void
cancel_on_attempt (gpointer self, const DagschedAttemptRecord *record, gint64 *log_offset)
{
  DagschedScheduler *scheduler = self;

  if (g_str_equal (dagsched_test_get_name (scheduler->view->tests[record->test]), "trigger"))
    dagsched_run_cancel (DAGSCHED_RUN (scheduler), FALSE);
}

static gboolean
on_begin (gpointer self, DagschedScheduler *scheduler, GError **error)
{
  return TRUE;
}

static void
on_started (gpointer self, const DagschedTicket *ticket, gint64 time_ns)
{
}

static void
on_finished (gpointer self, const DagschedFinishedRecord *record)
{
}

static void
on_end (gpointer self, DagschedVerdict verdict, const char *problem, gint64 time_ns)
{
}

/* In the middle of it, from inside a completion: those that run end there and then. What ends at that time
 * anyway has ended by itself. */
static void
test_cancel_halfway (Fixture *f, gconstpointer data)
{
  static const DagschedRecorderFuncs recorder = { on_begin, on_started, cancel_on_attempt, on_finished,
                                                  on_end };
  g_autoptr (DagschedScheduler) scheduler = NULL;

  g_object_set (f->options, "n-workers", 3, NULL);
  add (f, "trigger", 2);
  add (f, "long", 5);
  add (f, "ends-with-it", 2);
  add (f, "never", 1);
  scheduler = prepare (f);
  dagsched_scheduler_add_recorder (scheduler, &recorder, scheduler);
  g_assert_true (dagsched_scheduler_run (scheduler, NULL, NULL));
  assert_schedule (scheduler, "trigger@1:0-2 long@0:0-2 ends-with-it@2:0-2");
  g_assert_cmpint (dagsched_test_get_outcome (dagsched_graph_lookup (f->graph, "long")), ==,
                   DAGSCHED_OUTCOME_CANCELLED);
  g_assert_cmpint (dagsched_test_get_outcome (dagsched_graph_lookup (f->graph, "ends-with-it")), ==,
                   DAGSCHED_OUTCOME_PASSED);
}

/* Layers of tests with random durations, dependencies and demands. */
static void
make_random (Fixture *f, guint n_tests, guint seed)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);
  g_autoptr (GPtrArray) tests = g_ptr_array_new ();

  add_resource (f, "database", 2);
  for (guint i = 0; i < n_tests; i++)
    {
      g_autofree char *name = g_strdup_printf ("t%u", i);
      DagschedTest *test = add (f, name, g_rand_int_range (rand, 1, 100));

      for (guint d = 0; d < 3 && i >= 20; d++)
        {
          DagschedTest *dependency = tests->pdata[g_rand_int_range (rand, i - 20, i)];

          dagsched_graph_add_dependency (f->graph, test, dependency, DAGSCHED_CONDITION_SUCCESS, NULL);
        }
      if (g_rand_int_range (rand, 0, 4) == 0)
        dagsched_test_set_requirement (test, "database", g_rand_int_range (rand, 1, 3));
      dagsched_test_set_slots (test, g_rand_int_range (rand, 0, 8) == 0 ? 3 : 1);
      g_ptr_array_add (tests, test);
    }
}

static void
test_deterministic (Fixture *f, gconstpointer data)
{
  g_autofree char *schedule = NULL;

  make_random (f, 2000, 1);
  g_object_set (f->options, "n-workers", 7, NULL);
  for (guint i = 0; i < 5; i++)
    {
      g_autoptr (DagschedScheduler) scheduler = run (f);
      g_autofree char *again = dup_schedule (scheduler);

      g_assert_true (schedule == NULL || g_str_equal (schedule, again));
      g_free (schedule);
      schedule = g_steal_pointer (&again);
    }
}

static int
compare_starts (gconstpointer a, gconstpointer b)
{
  gint64 x = *(const gint64 *) a, y = *(const gint64 *) b;

  return x < y ? -1 : x > y;
}

/* With one lane nothing is ever idle, and nothing overlaps. */
static void
test_one_lane (Fixture *f, gconstpointer data)
{
  g_autoptr (DagschedScheduler) scheduler = NULL;
  g_autoptr (GArray) starts = g_array_new (FALSE, FALSE, sizeof (gint64));
  gint64 work_ns = 0;

  make_random (f, 3000, 2);
  g_object_set (f->options, "n-workers", 1, NULL);
  scheduler = run (f);
  for (guint32 i = 0; i < scheduler->view->n_tests; i++)
    {
      DagschedAttemptRecord record;

      g_assert_true (dagsched_engine_get_last_attempt (scheduler->engine, i, &record));
      g_array_append_val (starts, record.start_ns);
      work_ns += record.end_ns - record.start_ns;
    }
  g_array_sort (starts, compare_starts);
  for (guint i = 1; i < starts->len; i++)
    g_assert_cmpint (g_array_index (starts, gint64, i - 1), <, g_array_index (starts, gint64, i));
  g_assert_cmpint (makespan_of (scheduler), ==, work_ns);
}

static void
on_stalled (DagschedRun *run, const char *message, gpointer data)
{
  *(char **) data = g_strdup (message);
}

static void
on_run (GObject *object, GAsyncResult *result, gpointer data)
{
  *(GAsyncResult **) data = g_object_ref (result);
}

/* One that is closed drops what it holds: the run ends, and the model shows that. The clock is started from
 * this thread's context, so nothing has ended before. */
static void
test_dropped (Fixture *f, gconstpointer data)
{
  g_autoptr (DagschedScheduler) scheduler = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *stall = NULL;
  GListModel *workers;

  add_after (f, "b", 1, add (f, "a", 1), DAGSCHED_CONDITION_SUCCESS);
  scheduler = prepare (f);
  g_signal_connect (scheduler, "stalled", G_CALLBACK (on_stalled), &stall);
  dagsched_scheduler_run_async (scheduler, NULL, on_run, &result);
  dagsched_engine_close (scheduler->engine);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_false (dagsched_scheduler_run_finish (scheduler, result, &error));
  g_assert_error (error, DAGSCHED_ERROR, DAGSCHED_ERROR_STALLED);
  g_assert_cmpstr (stall, ==,
                   "stalled: tests remain that can never finish:"
                   "\n  a was dropped by its executor\n  b waits for a");
  g_assert_cmpint (dagsched_run_get_verdict (DAGSCHED_RUN (scheduler)), ==, DAGSCHED_VERDICT_INCOMPLETE);
  g_assert_cmpint (dagsched_test_get_outcome (dagsched_graph_lookup (f->graph, "a")), ==,
                   DAGSCHED_OUTCOME_CANCELLED);

  workers = dagsched_run_get_workers (DAGSCHED_RUN (scheduler));
  for (guint i = 0; i < g_list_model_get_n_items (workers); i++)
    {
      g_autoptr (DagschedWorker) worker = g_list_model_get_item (workers, i);

      g_assert_null (dagsched_worker_get_test (worker));
    }
}

/* A plan without processes needs no executor: one that was set is neither opened nor in the way. */
static void
test_nothing (Fixture *f, gconstpointer data)
{
  g_autoptr (DagschedScheduler) scheduler = run (f);

  g_assert_cmpint (dagsched_run_get_verdict (DAGSCHED_RUN (scheduler)), ==, DAGSCHED_VERDICT_SUCCESS);
  g_assert_cmpint (makespan_of (scheduler), ==, 0);
}

#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD ("/simulated/lanes", test_lanes);
  ADD ("/simulated/ties", test_ties);
  ADD ("/simulated/dependencies", test_dependencies);
  ADD ("/simulated/slots", test_slots);
  ADD ("/simulated/resources", test_resources);
  ADD ("/simulated/outcomes", test_outcomes);
  ADD ("/simulated/time-out", test_time_out);
  ADD ("/simulated/delayed-retry", test_delayed_retry);
  ADD ("/simulated/fixture", test_fixture);
  ADD ("/simulated/cancel", test_cancel);
  ADD ("/simulated/cancel-halfway", test_cancel_halfway);
  ADD ("/simulated/deterministic", test_deterministic);
  ADD ("/simulated/one-lane", test_one_lane);
  ADD ("/simulated/dropped", test_dropped);
  ADD ("/simulated/nothing", test_nothing);

  return g_test_run ();
}
