/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fixture.h"

/* The scheduler through its public face, with functions as tests. */

static void
tell (Fixture *f, const char *what, DagschedTest *test)
{
  g_string_append_printf (f->told, "%s(%s) ", what, dagsched_test_get_name (test));
}

static void
on_ready (DagschedTest *test, Fixture *f)
{
  tell (f, "ready", test);
}

static void
on_started (DagschedTest *test, guint worker, guint attempt, Fixture *f)
{
  tell (f, "started", test);
}

static void
on_attempt (DagschedTest *test, DagschedAttempt *attempt, Fixture *f)
{
  g_assert_true (DAGSCHED_IS_ATTEMPT (attempt));
  tell (f, "attempt", test);
}

static void
on_finished (DagschedTest *test, Fixture *f)
{
  tell (f, "finished", test);
}

static void
on_dependency (DagschedTest *test, DagschedTest *dependency, Fixture *f)
{
  tell (f, "told-of", dependency);
}

static void
listen (Fixture *f, DagschedTest *test)
{
  g_signal_connect (test, "ready", G_CALLBACK (on_ready), f);
  g_signal_connect (test, "started", G_CALLBACK (on_started), f);
  g_signal_connect (test, "attempt-finished", G_CALLBACK (on_attempt), f);
  g_signal_connect (test, "finished", G_CALLBACK (on_finished), f);
  g_signal_connect (test, "dependency-finished", G_CALLBACK (on_dependency), f);
}

static void
test_signals (Fixture *f, gconstpointer data)
{
  DagschedTest *a = add (f, "a", pass, NULL);
  DagschedTest *b = add (f, "b", pass, NULL);
  g_autoptr (DagschedScheduler) scheduler = NULL;

  depend (f, b, a, DAGSCHED_CONDITION_SUCCESS);
  listen (f, a);
  listen (f, b);
  scheduler = run (f);
  g_assert_cmpstr (f->told->str, ==,
                   "ready(a) started(a) attempt(a) finished(a) told-of(a) "
                   "ready(b) started(b) attempt(b) finished(b) ");
  g_assert_cmpint (dagsched_run_get_verdict (DAGSCHED_RUN (scheduler)), ==, DAGSCHED_VERDICT_SUCCESS);
  g_assert_cmpuint (dagsched_run_get_n_with_outcome (DAGSCHED_RUN (scheduler), DAGSCHED_OUTCOME_PASSED), ==,
                    2);
  g_assert_cmpuint (dagsched_run_get_n_in_state (DAGSCHED_RUN (scheduler), DAGSCHED_STATE_FINISHED), ==, 2);
}

static void
test_chain_of_blocked (Fixture *f, gconstpointer data)
{
  DagschedTest *a = add (f, "a", fail, NULL);
  DagschedTest *b = add (f, "b", pass, NULL);
  DagschedTest *c = add (f, "c", pass, NULL);
  DagschedTest *after = add (f, "after", pass, NULL);
  DagschedTest *collector = add (f, "collector", pass, NULL);
  DagschedTest *unneeded = add (f, "unneeded", pass, NULL);
  g_autoptr (DagschedScheduler) scheduler = NULL;

  depend (f, b, a, DAGSCHED_CONDITION_SUCCESS);
  depend (f, c, b, DAGSCHED_CONDITION_SUCCESS);
  depend (f, after, c, DAGSCHED_CONDITION_ALWAYS);
  depend (f, collector, a, DAGSCHED_CONDITION_FAILURE);
  depend (f, unneeded, after, DAGSCHED_CONDITION_FAILURE);
  scheduler = run (f);
  assert_outcome (a, DAGSCHED_OUTCOME_FAILED);
  assert_outcome (b, DAGSCHED_OUTCOME_BLOCKED);
  assert_outcome (c, DAGSCHED_OUTCOME_BLOCKED);
  assert_outcome (after, DAGSCHED_OUTCOME_PASSED);
  assert_outcome (collector, DAGSCHED_OUTCOME_PASSED);
  assert_outcome (unneeded, DAGSCHED_OUTCOME_SKIPPED);
  g_assert_cmpstr (dagsched_test_get_reason (a), ==, "as it should");
  g_assert_true (dagsched_test_get_blocked_by (c) == b);
  g_assert_true (dagsched_test_get_blocked_by (b) == a);
  g_assert_cmpint (dagsched_run_get_verdict (DAGSCHED_RUN (scheduler)), ==, DAGSCHED_VERDICT_FAILURE);
}

static void
test_blocked_by_skipped (Fixture *f, gconstpointer data)
{
  DagschedTest *a = add (f, "a", pass, NULL);
  DagschedTest *b = add (f, "b", pass, NULL);
  DagschedTest *c = add (f, "c", pass, NULL);
  g_autoptr (DagschedScheduler) scheduler = NULL;

  dagsched_test_set_disabled (a, "not here");
  depend (f, b, a, DAGSCHED_CONDITION_SUCCESS);
  depend (f, c, b, DAGSCHED_CONDITION_SUCCESS);
  scheduler = run (f);
  assert_outcome (a, DAGSCHED_OUTCOME_SKIPPED);
  assert_outcome (c, DAGSCHED_OUTCOME_BLOCKED);
  g_assert_cmpint (dagsched_run_get_verdict (DAGSCHED_RUN (scheduler)), ==, DAGSCHED_VERDICT_SUCCESS);
}

static void
test_defect (Fixture *f, gconstpointer data)
{
  DagschedTest *a = add (f, "a", pass, NULL);
  DagschedTest *b = add (f, "b", nonsense, NULL);
  g_autoptr (DagschedScheduler) scheduler = NULL;

  dagsched_test_set_defect (a, "not built");
  scheduler = run (f);
  assert_outcome (a, DAGSCHED_OUTCOME_ERRORED);
  g_assert_cmpstr (dagsched_test_get_reason (a), ==, "not built");
  assert_outcome (b, DAGSCHED_OUTCOME_ERRORED);
}

static void
test_flaky (Fixture *f, gconstpointer data)
{
  int count = 0;
  DagschedTest *a = add (f, "a", fail_once, &count);
  g_autoptr (DagschedScheduler) scheduler = NULL;
  g_autoptr (GPtrArray) attempts = NULL;

  dagsched_test_set_retry_delay (a, 0.001);
  g_object_set (f->options, "retries", 2, NULL);
  scheduler = run (f);
  assert_outcome (a, DAGSCHED_OUTCOME_PASSED);
  g_assert_cmpuint (dagsched_test_get_n_attempts (a), ==, 2);
  g_assert_cmpuint (dagsched_test_get_flags (a), ==, DAGSCHED_FLAGS_FLAKY);
  attempts = dagsched_run_dup_attempts (DAGSCHED_RUN (scheduler), a);
  g_assert_cmpuint (attempts->len, ==, 2);
  g_assert_cmpint (dagsched_attempt_get_outcome (attempts->pdata[0]), ==, DAGSCHED_OUTCOME_FAILED);
  g_assert_cmpint (dagsched_attempt_get_outcome (attempts->pdata[1]), ==, DAGSCHED_OUTCOME_PASSED);
  g_assert_cmpint (dagsched_run_get_verdict (DAGSCHED_RUN (scheduler)), ==, DAGSCHED_VERDICT_SUCCESS);
}

static void
test_flaky_fails (Fixture *f, gconstpointer data)
{
  int count = 0;
  g_autoptr (DagschedScheduler) scheduler = NULL;

  add (f, "a", fail_once, &count);
  g_object_set (f->options, "retries", 1, "flaky-fails", TRUE, NULL);
  scheduler = run (f);
  g_assert_cmpint (dagsched_run_get_verdict (DAGSCHED_RUN (scheduler)), ==, DAGSCHED_VERDICT_FAILURE);
}

static void
test_order (Fixture *f, gconstpointer data)
{
  DagschedTest *a = add (f, "a", pass, NULL);
  DagschedTest *b = add (f, "b", pass, NULL);
  DagschedTest *c = add (f, "c", pass, NULL);
  g_autoptr (DagschedScheduler) scheduler = NULL;

  dagsched_test_set_weight (a, 1);
  dagsched_test_set_weight (b, 3);
  dagsched_test_set_weight (c, 2);
  g_signal_connect (a, "started", G_CALLBACK (on_started), f);
  g_signal_connect (b, "started", G_CALLBACK (on_started), f);
  g_signal_connect (c, "started", G_CALLBACK (on_started), f);
  g_object_set (f->options, "n-workers", 1, "order", GPOINTER_TO_INT (data), NULL);
  scheduler = run (f);
  g_assert_cmpstr (f->told->str, ==,
                   GPOINTER_TO_INT (data) == DAGSCHED_ORDER_DECLARATION
                     ? "started(a) started(b) started(c) "
                     : "started(b) started(c) started(a) ");
}

static void
test_no_stealing (Fixture *f, gconstpointer enabled)
{
  DagschedTest *root = add (f, "root", pass, NULL);
  g_autoptr (DagschedScheduler) scheduler = NULL;
  g_autoptr (DagschedStats) stats = NULL;
  guint64 n_injected, n_stolen;

  for (guint i = 0; i < 1000; i++)
    {
      g_autofree char *name = g_strdup_printf ("t%u", i);

      depend (f, add (f, name, pass, NULL), root, DAGSCHED_CONDITION_SUCCESS);
    }
  g_object_set (f->options, "n-workers", 4, "enable-work-stealing", enabled != NULL, NULL);
  scheduler = run (f);
  stats = dagsched_scheduler_get_stats (scheduler);
  g_object_get (stats, "tests-injected", &n_injected, "tests-stolen", &n_stolen, NULL);
  if (enabled != NULL)
    g_assert_cmpuint (n_injected, ==, 0);
  else
    {
      /* The first of those that the root makes ready is run next by the same worker. */
      g_assert_cmpuint (n_injected, ==, 999);
      g_assert_cmpuint (n_stolen, ==, 0);
    }
}

/* Everything that runs does so at once: as many as there are workers. */
static DagschedOutcome
meet (DagschedFuncTest *test, GCancellable *cancellable, gpointer data, GError **error)
{
  gate_count (data);
  gate_wait (data, 8);
  return DAGSCHED_OUTCOME_PASSED;
}

static void
test_workers (Fixture *f, gconstpointer data)
{
  Gate gate = { 0 };
  g_autoptr (DagschedScheduler) scheduler = NULL;

  for (guint i = 0; i < 8; i++)
    {
      g_autofree char *name = g_strdup_printf ("t%u", i);

      add (f, name, meet, &gate);
    }
  g_object_set (f->options, "n-workers", 8, NULL);
  scheduler = run (f);
  g_assert_cmpuint (g_list_model_get_n_items (dagsched_run_get_workers (DAGSCHED_RUN (scheduler))), ==, 8);
}

static void
look_at_worker (DagschedRun *scheduler, DagschedTest *test, guint number, guint attempt, Gate *gate)
{
  g_autoptr (DagschedWorker) worker = g_list_model_get_item (dagsched_run_get_workers (scheduler), number);

  g_assert_cmpuint (dagsched_worker_get_number (worker), ==, number);
  g_assert_cmpint (dagsched_worker_get_state (worker), ==, DAGSCHED_WORKER_STATE_RUNNING);
  g_assert_true (dagsched_worker_get_test (worker) == test);
  gate_count (gate);
}

static void
count_change (DagschedRun *scheduler, DagschedWorker *worker, guint *n_changes)
{
  (*n_changes)++;
}

static void
test_worker (Fixture *f, gconstpointer data)
{
  Gate gate = { 0 };
  DagschedTest *a = add (f, "a", until_opened, &gate);
  g_autoptr (DagschedScheduler) scheduler = NULL;
  g_autoptr (DagschedWorker) worker = NULL;
  g_autoptr (GError) error = NULL;
  guint n_changes = 0;
  double busy;

  g_object_set (f->options, "n-workers", 1, NULL);
  scheduler = dagsched_scheduler_new (f->graph, f->options);
  g_signal_connect (scheduler, "test-started", G_CALLBACK (look_at_worker), &gate);
  g_signal_connect (scheduler, "worker-changed", G_CALLBACK (count_change), &n_changes);
  g_assert_true (dagsched_scheduler_run (scheduler, NULL, &error));

  worker = g_list_model_get_item (dagsched_run_get_workers (DAGSCHED_RUN (scheduler)), 0);
  g_assert_cmpuint (n_changes, ==, 2);
  g_assert_cmpint (dagsched_worker_get_state (worker), !=, DAGSCHED_WORKER_STATE_RUNNING);
  g_assert_null (dagsched_worker_get_test (worker));
  g_assert_cmpfloat (dagsched_worker_get_utilization (worker), <=, 1);
  g_assert_cmpfloat (dagsched_worker_get_recent_utilization (worker), <=, 1);
  busy = dagsched_worker_get_utilization (worker) * dagsched_run_get_elapsed (DAGSCHED_RUN (scheduler));
  g_assert_cmpfloat (busy, >=, dagsched_test_get_duration (a) * 0.9);
}

static void
test_busy (Fixture *f, gconstpointer data)
{
  DagschedTest *a = add (f, "a", until_cancelled, NULL);
  g_autoptr (DagschedScheduler) first = dagsched_scheduler_new (f->graph, NULL);
  g_autoptr (DagschedScheduler) second = dagsched_scheduler_new (f->graph, NULL);
  g_autoptr (GError) error = NULL;

  dagsched_scheduler_run_async (first, NULL, NULL, NULL);
  g_assert_false (dagsched_scheduler_run (second, NULL, &error));
  g_assert_error (error, DAGSCHED_ERROR, DAGSCHED_ERROR_BUSY);
  g_clear_error (&error);
  g_assert_false (dagsched_scheduler_run (first, NULL, &error));
  g_assert_error (error, DAGSCHED_ERROR, DAGSCHED_ERROR_BUSY);
  dagsched_run_cancel (DAGSCHED_RUN (first), FALSE);
  while (dagsched_run_get_verdict (DAGSCHED_RUN (first)) == DAGSCHED_VERDICT_NONE)
    g_main_context_iteration (NULL, TRUE);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  assert_outcome (a, DAGSCHED_OUTCOME_CANCELLED);
}

static void
on_test_finished (DagschedRun *scheduler, DagschedTest *test, guint8 *counts)
{
  counts[atoi (dagsched_test_get_name (test))]++;
}

static void
hold_up (DagschedTest *test, Gate *gate)
{
  /* Until all others have run: far more events than a ring takes. */
  gate_wait (gate, 30000);
}

static DagschedOutcome
pass_and_count (DagschedFuncTest *test, GCancellable *cancellable, gpointer data, GError **error)
{
  gate_count (data);
  return DAGSCHED_OUTCOME_PASSED;
}

/* A stalled main loop does not stall the run, and in the end every test has told that it finished, once. */
static void
test_slow_observer (Fixture *f, gconstpointer data)
{
  enum
  {
    N = 30000
  };
  g_autofree guint8 *counts = g_malloc0 (N);
  Gate gate = { 0 };
  g_autoptr (DagschedScheduler) scheduler = NULL;
  g_autoptr (DagschedStats) stats = NULL;
  g_autoptr (GError) error = NULL;
  guint64 n_lapses;

  for (guint i = 0; i < N; i++)
    {
      g_autofree char *name = g_strdup_printf ("%u", i);
      DagschedTest *test = add (f, name, pass_and_count, &gate);

      g_signal_connect (test, "ready", G_CALLBACK (hold_up), &gate);
    }
  scheduler = dagsched_scheduler_new (f->graph, f->options);
  g_signal_connect (scheduler, "test-finished", G_CALLBACK (on_test_finished), counts);
  g_assert_true (dagsched_scheduler_run (scheduler, NULL, &error));
  for (guint i = 0; i < N; i++)
    g_assert_cmpuint (counts[i], ==, 1);
  stats = dagsched_scheduler_get_stats (scheduler);
  g_object_get (stats, "lapses", &n_lapses, NULL);
  g_assert_cmpuint (n_lapses, >, 0);
}

static void
drop (DagschedScheduler *scheduler, DagschedScheduler **reference)
{
  g_clear_object (reference);
}

static void
test_given_up_inside (Fixture *f, gconstpointer data)
{
  DagschedScheduler *scheduler = dagsched_scheduler_new (f->graph, NULL);

  add (f, "a", pass, NULL);
  g_object_add_weak_pointer (G_OBJECT (scheduler), (gpointer *) data);
  g_signal_connect (scheduler, "finished", G_CALLBACK (drop), &scheduler);
  dagsched_scheduler_run_async (scheduler, NULL, NULL, NULL);
  while (scheduler != NULL)
    g_main_context_iteration (NULL, TRUE);
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static void
test_nothing (Fixture *f, gconstpointer data)
{
  g_autoptr (DagschedScheduler) scheduler = run (f);

  g_assert_cmpint (dagsched_run_get_verdict (DAGSCHED_RUN (scheduler)), ==, DAGSCHED_VERDICT_SUCCESS);
}

static gboolean
must_not_run (gpointer data)
{
  *(gboolean *) data = TRUE;
  return G_SOURCE_REMOVE;
}

/* run() has a context of its own: what the host has in its own waits. */
static void
test_private_context (Fixture *f, gconstpointer data)
{
  gboolean ran = FALSE;
  g_autoptr (DagschedScheduler) scheduler = NULL;

  g_idle_add_full (G_PRIORITY_HIGH, must_not_run, &ran, NULL);
  add (f, "a", pass, NULL);
  scheduler = run (f);
  g_assert_false (ran);
  while (!ran)
    g_main_context_iteration (NULL, TRUE);
}

int
main (int argc, char **argv)
{
  static gpointer gone;

  g_test_init (&argc, &argv, NULL);

  ADD ("/scheduler/signals", NULL, test_signals);
  ADD ("/scheduler/chain-of-blocked", NULL, test_chain_of_blocked);
  ADD ("/scheduler/blocked-by-skipped", NULL, test_blocked_by_skipped);
  ADD ("/scheduler/defect", NULL, test_defect);
  ADD ("/scheduler/flaky", NULL, test_flaky);
  ADD ("/scheduler/flaky-fails", NULL, test_flaky_fails);
  ADD ("/scheduler/order/declaration", GINT_TO_POINTER (DAGSCHED_ORDER_DECLARATION), test_order);
  ADD ("/scheduler/order/critical-path", GINT_TO_POINTER (DAGSCHED_ORDER_CRITICAL_PATH), test_order);
  ADD ("/scheduler/order/longest", GINT_TO_POINTER (DAGSCHED_ORDER_LONGEST), test_order);
  ADD ("/scheduler/stealing/off", NULL, test_no_stealing);
  ADD ("/scheduler/stealing/on", GINT_TO_POINTER (1), test_no_stealing);
  ADD ("/scheduler/workers", NULL, test_workers);
  ADD ("/scheduler/worker", NULL, test_worker);
  ADD ("/scheduler/busy", NULL, test_busy);
  ADD ("/scheduler/slow-observer", NULL, test_slow_observer);
  ADD ("/scheduler/given-up-inside", &gone, test_given_up_inside);
  ADD ("/scheduler/nothing", NULL, test_nothing);
  ADD ("/scheduler/private-context", NULL, test_private_context);

  return g_test_run ();
}
