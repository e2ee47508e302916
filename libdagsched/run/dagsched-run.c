/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "run/dagsched-run-private.h"

#include "base/dagsched-enum-types.h"

/**
 * DagschedRun:
 *
 * One execution of a plan, seen: a scheduler's own, one read from a log, one in another process.
 *
 * All of it, signals and changes of properties included, happens in the run's model thread. The signals
 * of one test come in order and `test-finished` exactly once for each test; where events are faster
 * than they can be told, some of the others may be left out.
 *
 * Since: 1.0
 */

G_DEFINE_INTERFACE (DagschedRun, dagsched_run, G_TYPE_OBJECT)

enum
{
  PROP_TESTS,
  PROP_WORKERS,
  PROP_NAME,
  PROP_STARTED_AT,
  PROP_ELAPSED,
  PROP_N_TESTS,
  PROP_N_PENDING,
  PROP_N_READY,
  PROP_N_RUNNING,
  PROP_N_FINISHED,
  PROP_N_PASSED,
  PROP_N_FAILED,
  PROP_N_TIMED_OUT,
  PROP_N_ERRORED,
  PROP_N_SKIPPED,
  PROP_N_BLOCKED,
  PROP_N_CANCELLED,
  PROP_N_EXPECTED_FAILURES,
  PROP_N_UNEXPECTED_PASSES,
  PROP_VERDICT,
  PROP_PROBLEM,
  PROP_PAUSED,
  N_PROPS
};

G_STATIC_ASSERT (N_PROPS == DAGSCHED_RUN_N_PROPERTIES);
G_STATIC_ASSERT (PROP_N_FINISHED - PROP_N_PENDING == DAGSCHED_STATE_FINISHED);
G_STATIC_ASSERT (PROP_N_UNEXPECTED_PASSES - PROP_N_PASSED ==
                 DAGSCHED_OUTCOME_UNEXPECTED_PASS - DAGSCHED_OUTCOME_PASSED);

enum
{
  TEST_READY,
  TEST_STARTED,
  ATTEMPT_FINISHED,
  TEST_FINISHED,
  TESTS_CHANGED,
  WORKER_CHANGED,
  STALLED,
  FINISHED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

#define FLAGS (G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS)

static void
create_properties (void)
{
  /**
   * DagschedRun:tests:
   *
   * The tests, in the order of the plan: a list model of [class@Test].
   *
   * Since: 1.0
   */
  properties[PROP_TESTS] = g_param_spec_object ("tests", NULL, NULL, G_TYPE_LIST_MODEL, FLAGS);
  /**
   * DagschedRun:workers:
   *
   * The workers: a list model of [class@Worker].
   *
   * Since: 1.0
   */
  properties[PROP_WORKERS] = g_param_spec_object ("workers", NULL, NULL, G_TYPE_LIST_MODEL, FLAGS);
  /**
   * DagschedRun:name:
   *
   * The name of the suite.
   *
   * Since: 1.0
   */
  properties[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL, FLAGS);
  /**
   * DagschedRun:started-at:
   *
   * When the run started: microseconds since 1970, UTC. 0: it has not.
   *
   * Since: 1.0
   */
  properties[PROP_STARTED_AT] = g_param_spec_int64 ("started-at", NULL, NULL, 0, G_MAXINT64, 0, FLAGS);
  /**
   * DagschedRun:elapsed:
   *
   * Seconds since the run started; once it has ended, how long it took.
   *
   * Since: 1.0
   */
  properties[PROP_ELAPSED] = g_param_spec_double ("elapsed", NULL, NULL, 0, G_MAXDOUBLE, 0, FLAGS);
  /**
   * DagschedRun:verdict:
   *
   * What the run as a whole came to.
   *
   * Since: 1.0
   */
  properties[PROP_VERDICT] =
    g_param_spec_enum ("verdict", NULL, NULL, DAGSCHED_TYPE_VERDICT, DAGSCHED_VERDICT_NONE, FLAGS);
  /**
   * DagschedRun:problem:
   *
   * Why the run could not be completed or was cancelled; %NULL if neither.
   *
   * Since: 1.0
   */
  properties[PROP_PROBLEM] = g_param_spec_string ("problem", NULL, NULL, NULL, FLAGS);
  /**
   * DagschedRun:paused:
   *
   * Whether the run stands still: see [method@Scheduler.pause]. Its time stands too.
   *
   * Since: 1.0
   */
  properties[PROP_PAUSED] = g_param_spec_boolean ("paused", NULL, NULL, FALSE, FLAGS);
}

static void
create_state_counts (void)
{
  /**
   * DagschedRun:n-tests:
   *
   * How many tests there are.
   *
   * Since: 1.0
   */
  properties[PROP_N_TESTS] = g_param_spec_uint ("n-tests", NULL, NULL, 0, G_MAXUINT, 0, FLAGS);
  /**
   * DagschedRun:n-pending:
   *
   * How many tests wait for a dependency.
   *
   * Since: 1.0
   */
  properties[PROP_N_PENDING] = g_param_spec_uint ("n-pending", NULL, NULL, 0, G_MAXUINT, 0, FLAGS);
  /**
   * DagschedRun:n-ready:
   *
   * How many tests may start.
   *
   * Since: 1.0
   */
  properties[PROP_N_READY] = g_param_spec_uint ("n-ready", NULL, NULL, 0, G_MAXUINT, 0, FLAGS);
  /**
   * DagschedRun:n-running:
   *
   * How many tests are running.
   *
   * Since: 1.0
   */
  properties[PROP_N_RUNNING] = g_param_spec_uint ("n-running", NULL, NULL, 0, G_MAXUINT, 0, FLAGS);
  /**
   * DagschedRun:n-finished:
   *
   * How many tests have their outcome.
   *
   * Since: 1.0
   */
  properties[PROP_N_FINISHED] = g_param_spec_uint ("n-finished", NULL, NULL, 0, G_MAXUINT, 0, FLAGS);
}

static void
create_outcome_counts (void)
{
  /**
   * DagschedRun:n-passed:
   *
   * How many tests have passed.
   *
   * Since: 1.0
   */
  properties[PROP_N_PASSED] = g_param_spec_uint ("n-passed", NULL, NULL, 0, G_MAXUINT, 0, FLAGS);
  /**
   * DagschedRun:n-failed:
   *
   * How many tests have failed.
   *
   * Since: 1.0
   */
  properties[PROP_N_FAILED] = g_param_spec_uint ("n-failed", NULL, NULL, 0, G_MAXUINT, 0, FLAGS);
  /**
   * DagschedRun:n-timed-out:
   *
   * How many tests did not end within their time-out.
   *
   * Since: 1.0
   */
  properties[PROP_N_TIMED_OUT] = g_param_spec_uint ("n-timed-out", NULL, NULL, 0, G_MAXUINT, 0, FLAGS);
  /**
   * DagschedRun:n-errored:
   *
   * How many tests could not run or broke their protocol.
   *
   * Since: 1.0
   */
  properties[PROP_N_ERRORED] = g_param_spec_uint ("n-errored", NULL, NULL, 0, G_MAXUINT, 0, FLAGS);
  /**
   * DagschedRun:n-skipped:
   *
   * How many tests were skipped.
   *
   * Since: 1.0
   */
  properties[PROP_N_SKIPPED] = g_param_spec_uint ("n-skipped", NULL, NULL, 0, G_MAXUINT, 0, FLAGS);
  /**
   * DagschedRun:n-blocked:
   *
   * How many tests are blocked by a dependency.
   *
   * Since: 1.0
   */
  properties[PROP_N_BLOCKED] = g_param_spec_uint ("n-blocked", NULL, NULL, 0, G_MAXUINT, 0, FLAGS);
  /**
   * DagschedRun:n-cancelled:
   *
   * How many tests were cancelled.
   *
   * Since: 1.0
   */
  properties[PROP_N_CANCELLED] = g_param_spec_uint ("n-cancelled", NULL, NULL, 0, G_MAXUINT, 0, FLAGS);
  /**
   * DagschedRun:n-expected-failures:
   *
   * How many tests failed as expected.
   *
   * Since: 1.0
   */
  properties[PROP_N_EXPECTED_FAILURES] =
    g_param_spec_uint ("n-expected-failures", NULL, NULL, 0, G_MAXUINT, 0, FLAGS);
  /**
   * DagschedRun:n-unexpected-passes:
   *
   * How many tests passed that were expected to fail.
   *
   * Since: 1.0
   */
  properties[PROP_N_UNEXPECTED_PASSES] =
    g_param_spec_uint ("n-unexpected-passes", NULL, NULL, 0, G_MAXUINT, 0, FLAGS);
}

static guint
add_signal (const char *name, guint n_params, GType first, GType second, GType third)
{
  return g_signal_new (name, DAGSCHED_TYPE_RUN, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, n_params,
                       first, second, third);
}

static void
create_test_signals (void)
{
  /**
   * DagschedRun::test-ready:
   * @self: the run
   * @test: the test
   *
   * A test may start: its dependencies have ended as they should.
   *
   * Since: 1.0
   */
  signals[TEST_READY] = add_signal ("test-ready", 1, DAGSCHED_TYPE_TEST, G_TYPE_NONE, G_TYPE_NONE);
  /**
   * DagschedRun::test-started:
   * @self: the run
   * @test: the test
   * @worker: the number of the worker that carries the attempt out
   * @attempt: the number of the attempt, from 1 on
   *
   * An attempt of a test started.
   *
   * Since: 1.0
   */
  signals[TEST_STARTED] = add_signal ("test-started", 3, DAGSCHED_TYPE_TEST, G_TYPE_UINT, G_TYPE_UINT);
  /**
   * DagschedRun::attempt-finished:
   * @self: the run
   * @test: the test
   * @attempt: the attempt
   *
   * An attempt of a test ended; another may follow.
   *
   * Since: 1.0
   */
  signals[ATTEMPT_FINISHED] =
    add_signal ("attempt-finished", 2, DAGSCHED_TYPE_TEST, DAGSCHED_TYPE_ATTEMPT, G_TYPE_NONE);
  /**
   * DagschedRun::test-finished:
   * @self: the run
   * @test: the test
   *
   * A test has its outcome. Emitted once for each test of the run.
   *
   * Since: 1.0
   */
  signals[TEST_FINISHED] = add_signal ("test-finished", 1, DAGSCHED_TYPE_TEST, G_TYPE_NONE, G_TYPE_NONE);
}

static void
create_run_signals (void)
{
  /**
   * DagschedRun::tests-changed:
   * @self: the run
   * @numbers: (element-type guint32): the numbers of the tests
   *
   * Tests started, ended an attempt, or changed their state. Emitted once for a batch of such changes,
   * after their other signals: for whoever shows very many tests at once. A number may occur twice.
   *
   * Since: 1.0
   */
  signals[TESTS_CHANGED] = add_signal ("tests-changed", 1, G_TYPE_ARRAY, G_TYPE_NONE, G_TYPE_NONE);
  /**
   * DagschedRun::worker-changed:
   * @self: the run
   * @worker: the worker
   *
   * A worker does something else than before.
   *
   * Since: 1.0
   */
  signals[WORKER_CHANGED] = add_signal ("worker-changed", 1, DAGSCHED_TYPE_WORKER, G_TYPE_NONE, G_TYPE_NONE);
  /**
   * DagschedRun::stalled:
   * @self: the run
   * @message: the tests that remain, and what each waits for
   *
   * Nothing is running, and nothing can ever start. The run ends.
   *
   * Since: 1.0
   */
  signals[STALLED] = add_signal ("stalled", 1, G_TYPE_STRING, G_TYPE_NONE, G_TYPE_NONE);
  /**
   * DagschedRun::finished:
   * @self: the run
   *
   * The run has ended: every test has its outcome, and the verdict stands.
   *
   * Since: 1.0
   */
  signals[FINISHED] = add_signal ("finished", 0, G_TYPE_NONE, G_TYPE_NONE, G_TYPE_NONE);
}

static void
dagsched_run_default_init (DagschedRunInterface *iface)
{
  create_properties ();
  create_state_counts ();
  create_outcome_counts ();
  for (guint i = 0; i < N_PROPS; i++)
    g_object_interface_install_property (iface, properties[i]);

  create_test_signals ();
  create_run_signals ();

  iface->load_attempts_async = dagsched_run_default_load_attempts_async;
  iface->load_attempts_finish = dagsched_run_default_load_attempts_finish;
  iface->load_output_async = dagsched_run_default_load_output_async;
}

static gboolean
is_connected (DagschedRun *self, guint signal)
{
  return g_signal_has_handler_pending (self, signals[signal], 0, TRUE);
}

void
dagsched_run_emit_test_ready (DagschedRun *self, DagschedTest *test)
{
  if (is_connected (self, TEST_READY))
    g_signal_emit (self, signals[TEST_READY], 0, test);
}

void
dagsched_run_emit_test_started (DagschedRun *self, DagschedTest *test, guint worker, guint attempt)
{
  if (is_connected (self, TEST_STARTED))
    g_signal_emit (self, signals[TEST_STARTED], 0, test, worker, attempt);
}

void
dagsched_run_emit_attempt_finished (DagschedRun *self, DagschedTest *test, DagschedAttempt *attempt)
{
  if (is_connected (self, ATTEMPT_FINISHED))
    g_signal_emit (self, signals[ATTEMPT_FINISHED], 0, test, attempt);
}

void
dagsched_run_emit_test_finished (DagschedRun *self, DagschedTest *test)
{
  if (is_connected (self, TEST_FINISHED))
    g_signal_emit (self, signals[TEST_FINISHED], 0, test);
}

void
dagsched_run_emit_tests_changed (DagschedRun *self, GArray *numbers)
{
  if (numbers->len == 0)
    return;

  if (is_connected (self, TESTS_CHANGED))
    g_signal_emit (self, signals[TESTS_CHANGED], 0, numbers);
  g_array_set_size (numbers, 0);
}

void
dagsched_run_emit_worker_changed (DagschedRun *self, DagschedWorker *worker)
{
  if (is_connected (self, WORKER_CHANGED))
    g_signal_emit (self, signals[WORKER_CHANGED], 0, worker);
}

void
dagsched_run_emit_stalled (DagschedRun *self, const char *message)
{
  if (is_connected (self, STALLED))
    g_signal_emit (self, signals[STALLED], 0, message);
}

void
dagsched_run_emit_finished (DagschedRun *self)
{
  if (is_connected (self, FINISHED))
    g_signal_emit (self, signals[FINISHED], 0);
}

gboolean
dagsched_run_wants_attempts (DagschedRun *self)
{
  return is_connected (self, ATTEMPT_FINISHED);
}

gboolean
dagsched_run_wants_changes (DagschedRun *self)
{
  return is_connected (self, TESTS_CHANGED);
}

void
dagsched_run_override_properties (GObjectClass *klass, guint first_id)
{
  gpointer iface = g_type_default_interface_ref (DAGSCHED_TYPE_RUN);

  for (guint i = 0; i < N_PROPS; i++)
    g_object_class_override_property (klass, first_id + i, properties[i]->name);
  g_type_default_interface_unref (iface);
}

static void
get_count (DagschedRun *self, guint property, GValue *value)
{
  if (property == PROP_N_TESTS)
    g_value_set_uint (value, g_list_model_get_n_items (dagsched_run_get_tests (self)));
  else if (property < PROP_N_PASSED)
    g_value_set_uint (value, dagsched_run_get_n_in_state (self, property - PROP_N_PENDING));
  else
    g_value_set_uint (
      value, dagsched_run_get_n_with_outcome (self, property - PROP_N_PASSED + DAGSCHED_OUTCOME_PASSED));
}

gboolean
dagsched_run_get_interface_property (DagschedRun *self, guint first_id, guint prop_id, GValue *value)
{
  if (prop_id < first_id || prop_id - first_id >= N_PROPS)
    return FALSE;

  switch (prop_id - first_id)
    {
    case PROP_TESTS:
      g_value_set_object (value, dagsched_run_get_tests (self));
      break;
    case PROP_WORKERS:
      g_value_set_object (value, dagsched_run_get_workers (self));
      break;
    case PROP_NAME:
      g_value_set_string (value, dagsched_run_get_name (self));
      break;
    case PROP_STARTED_AT:
      g_value_set_int64 (value, dagsched_run_get_started_at (self));
      break;
    case PROP_ELAPSED:
      g_value_set_double (value, dagsched_run_get_elapsed (self));
      break;
    case PROP_VERDICT:
      g_value_set_enum (value, dagsched_run_get_verdict (self));
      break;
    case PROP_PROBLEM:
      g_value_set_string (value, dagsched_run_get_problem (self));
      break;
    case PROP_PAUSED:
      g_value_set_boolean (value, dagsched_run_get_paused (self));
      break;
    default:
      get_count (self, prop_id - first_id, value);
    }

  return TRUE;
}

static void
notify_if (DagschedRun *self, gboolean changed, guint property)
{
  if (changed)
    g_object_notify_by_pspec (G_OBJECT (self), properties[property]);
}

static void
look (DagschedRun *self, DagschedRunSeen *now)
{
  guint *outcomes = now->counts + DAGSCHED_STATE_FINISHED + 1;

  for (guint i = 0; i <= DAGSCHED_STATE_FINISHED; i++)
    now->counts[i] = dagsched_run_get_n_in_state (self, i);
  for (guint i = DAGSCHED_OUTCOME_PASSED; i < DAGSCHED_N_OUTCOMES; i++)
    outcomes[i] = dagsched_run_get_n_with_outcome (self, i);
  outcomes[DAGSCHED_OUTCOME_NONE] = 0;

  now->n_tests = g_list_model_get_n_items (dagsched_run_get_tests (self));
  now->verdict = dagsched_run_get_verdict (self);
  now->paused = dagsched_run_get_paused (self);
  now->has_problem = dagsched_run_get_problem (self) != NULL;
  now->started_at = dagsched_run_get_started_at (self);
  now->elapsed = dagsched_run_get_elapsed (self);
}

void
dagsched_run_notify_progress (DagschedRun *self, DagschedRunSeen *seen)
{
  const guint *outcomes = seen->counts + DAGSCHED_STATE_FINISHED + 1;
  DagschedRunSeen last = *seen;
  const guint *last_outcomes = last.counts + DAGSCHED_STATE_FINISHED + 1;

  look (self, seen);

  g_object_freeze_notify (G_OBJECT (self));
  for (guint i = 0; i <= DAGSCHED_STATE_FINISHED; i++)
    notify_if (self, seen->counts[i] != last.counts[i], PROP_N_PENDING + i);
  for (guint i = DAGSCHED_OUTCOME_PASSED; i < DAGSCHED_N_OUTCOMES; i++)
    notify_if (self, outcomes[i] != last_outcomes[i], PROP_N_PASSED + i - DAGSCHED_OUTCOME_PASSED);
  notify_if (self, seen->n_tests != last.n_tests, PROP_N_TESTS);
  notify_if (self, seen->verdict != last.verdict, PROP_VERDICT);
  notify_if (self, seen->paused != last.paused, PROP_PAUSED);
  notify_if (self, seen->has_problem != last.has_problem, PROP_PROBLEM);
  notify_if (self, seen->started_at != last.started_at, PROP_STARTED_AT);
  notify_if (self, seen->elapsed != last.elapsed, PROP_ELAPSED);
  g_object_thaw_notify (G_OBJECT (self));
}
