/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <dagsched.h>

#include "engine/dagsched-engine-types-private.h"
#include "run/dagsched-scheduler-private.h"

#include "gate.h"

/* Each tuning option changes what the engine does: those that no outcome shows. */

static DagschedOutcome
count_up (DagschedFuncTest *test, GCancellable *cancellable, gpointer data, GError **error)
{
  gate_count (data);
  return DAGSCHED_OUTCOME_PASSED;
}

static DagschedOutcome
wait_for_one (DagschedFuncTest *test, GCancellable *cancellable, gpointer data, GError **error)
{
  gate_wait (data, 1);
  return DAGSCHED_OUTCOME_PASSED;
}

static DagschedOutcome
pass (DagschedFuncTest *test, GCancellable *cancellable, gpointer data, GError **error)
{
  return DAGSCHED_OUTCOME_PASSED;
}

static DagschedTest *
add (DagschedGraph *graph, const char *name, DagschedTestFunc func, gpointer data, DagschedTest *dependency)
{
  g_autoptr (DagschedTest) test = DAGSCHED_TEST (dagsched_func_test_new (name, func, data, NULL));
  g_autoptr (GError) error = NULL;

  dagsched_graph_add_test (graph, test, &error);
  g_assert_no_error (error);
  if (dependency != NULL)
    dagsched_graph_add_dependency (graph, test, dependency, DAGSCHED_CONDITION_SUCCESS, &error);
  g_assert_no_error (error);
  return test; /* the graph keeps it */
}

/* One worker has a deque full of tests and is held up until another has carried out one of them. */
static void
run_with_threshold (guint threshold, guint64 *n_won, guint64 *n_moved)
{
  Gate gate = { 0 };
  g_autoptr (DagschedGraph) graph = dagsched_graph_new ("suite");
  g_autoptr (DagschedOptions) options = dagsched_options_new ();
  g_autoptr (DagschedScheduler) scheduler = dagsched_scheduler_new (graph, options);
  g_autoptr (DagschedStats) stats = NULL;
  g_autoptr (GError) error = NULL;
  DagschedTest *root = add (graph, "root", pass, NULL, NULL);

  /* The oldest in the deque is the second: the first would run next, but for those that wait longer. */
  add (graph, "first", count_up, &gate, root);
  add (graph, "second", wait_for_one, &gate, root);
  for (guint i = 0; i < 100; i++)
    {
      g_autofree char *name = g_strdup_printf ("t%u", i);

      add (graph, name, count_up, &gate, root);
    }
  g_object_set (options, "n-workers", 2, "work-stealing-threshold", threshold, NULL);
  g_assert_true (dagsched_scheduler_run (scheduler, NULL, &error));
  stats = dagsched_scheduler_get_stats (scheduler);
  g_object_get (stats, "steals-won", n_won, "tests-stolen", n_moved, NULL);
}

static void
test_threshold (void)
{
  guint64 n_won, n_moved;

  run_with_threshold (2, &n_won, &n_moved);
  g_assert_cmpuint (n_won, >, 0);
  g_assert_cmpuint (n_moved, >, n_won);

  run_with_threshold (1000, &n_won, &n_moved);
  g_assert_cmpuint (n_won, >, 0);
  g_assert_cmpuint (n_moved, ==, n_won);
}

/* The second test goes on when the model has shown that the first one finished. */
static void
test_batch_window (void)
{
  const guint window = 150000;
  Gate gate = { 0 };
  g_autoptr (DagschedGraph) graph = dagsched_graph_new ("suite");
  g_autoptr (DagschedOptions) options = dagsched_options_new ();
  g_autoptr (DagschedScheduler) scheduler = dagsched_scheduler_new (graph, options);
  g_autoptr (GError) error = NULL;
  DagschedTest *first = add (graph, "first", pass, NULL, NULL);

  add (graph, "second", wait_for_one, &gate, first);
  g_signal_connect_swapped (first, "finished", G_CALLBACK (gate_count), &gate);
  g_object_set (options, "notification-batch-window", window, NULL);
  g_assert_true (dagsched_scheduler_run (scheduler, NULL, &error));
  g_assert_cmpfloat (dagsched_run_get_elapsed (DAGSCHED_RUN (scheduler)), >=, window / 1e6);
}

static DagschedOutcome
take_two_milliseconds (DagschedFuncTest *test, GCancellable *cancellable, gpointer data, GError **error)
{
  g_usleep (2000);
  return DAGSCHED_OUTCOME_PASSED;
}

static void
count_call (DagschedRun *run, GArray *numbers, guint *n_calls)
{
  ++*n_calls;
}

/* Few events are shown no more often than every five windows: a machine that is busy only makes that less. */
static void
test_rest (void)
{
  const guint window = 4000;
  g_autoptr (DagschedGraph) graph = dagsched_graph_new ("suite");
  g_autoptr (DagschedOptions) options = dagsched_options_new ();
  g_autoptr (DagschedScheduler) scheduler = dagsched_scheduler_new (graph, options);
  g_autoptr (GError) error = NULL;
  guint n_calls = 0;

  for (guint i = 0; i < 150; i++)
    {
      g_autofree char *name = g_strdup_printf ("t%u", i);

      add (graph, name, take_two_milliseconds, NULL, NULL);
    }
  g_object_set (options, "notification-batch-window", window, "n-workers", 1, NULL);
  g_signal_connect (scheduler, "tests-changed", G_CALLBACK (count_call), &n_calls);
  g_assert_true (dagsched_scheduler_run (scheduler, NULL, &error));
  g_test_message ("%u calls in %g s", n_calls, dagsched_run_get_elapsed (DAGSCHED_RUN (scheduler)));
  g_assert_cmpfloat (n_calls, <=,
                     4 + 1.5 * dagsched_run_get_elapsed (DAGSCHED_RUN (scheduler)) / (5 * window / 1e6));
}

static void
wait_until_idle (DagschedEngine *engine, guint n_idle, guint64 n_parks)
{
  DagschedCounters counters;

  do
    {
      g_thread_yield ();
      dagsched_engine_count (engine, &counters);
    }
  while (atomic_load (&engine->lot.n_idle) != n_idle || counters.n_parks < n_parks);
}

/* Wakes somebody for nothing, ten times. */
static void
wake_for_nothing (DagschedEngine *engine)
{
  wait_until_idle (engine, 2, 2);
  for (guint i = 0; i < 10; i++)
    {
      DagschedCounters counters;

      dagsched_engine_count (engine, &counters);
      g_assert_cmpuint (dagsched_parking_lot_wake (&engine->lot, 1), ==, 1);
      wait_until_idle (engine, 2, counters.n_parks + 1);
    }
}

static guint
count_who_woke (DagschedEngine *engine)
{
  guint n_woken = 0;

  for (guint i = 0; i < engine->threads->len; i++)
    {
      DagschedEngineThread *thread = g_ptr_array_index (engine->threads, i);

      n_woken += atomic_load (&thread->counters.n_wakeups_spurious) > 0;
    }

  return n_woken;
}

/* With two workers that sleep and one that is held up: how many of them are ever woken for nothing. */
static guint
count_woken (guint max_spurious_wakeups)
{
  Gate gate = { 0 };
  g_autoptr (DagschedGraph) graph = dagsched_graph_new ("suite");
  g_autoptr (DagschedOptions) options = dagsched_options_new ();
  g_autoptr (DagschedScheduler) scheduler = dagsched_scheduler_new (graph, options);
  DagschedTest *held_up = add (graph, "held-up", wait_for_one, &gate, NULL);
  guint n_woken;

  add (graph, "a", pass, NULL, held_up);
  add (graph, "b", pass, NULL, held_up);
  g_object_set (options, "n-workers", 3, "max-spurious-wakeups", max_spurious_wakeups, NULL);
  dagsched_scheduler_run_async (scheduler, NULL, NULL, NULL);
  wake_for_nothing (scheduler->engine);
  n_woken = count_who_woke (scheduler->engine);

  gate_count (&gate);
  while (dagsched_run_get_verdict (DAGSCHED_RUN (scheduler)) == DAGSCHED_VERDICT_NONE)
    g_main_context_iteration (NULL, TRUE);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  return n_woken;
}

static void
test_spurious_wakeups (void)
{
  /* The one that parked last is woken first, time and again, for its warm cache … */
  g_assert_cmpuint (count_woken (1000), ==, 1);
  /* … but not for ever when it never finds anything. */
  g_assert_cmpuint (count_woken (1), ==, 2);
}

static void
count_notify (GObject *object, GParamSpec *pspec, guint *count)
{
  (*count)++;
}

static void
test_agent_path (void)
{
  static const char *const argv[] = { "true", NULL };
  g_autoptr (DagschedGraph) graph = dagsched_graph_new ("suite");
  g_autoptr (DagschedOptions) options = dagsched_options_new ();
  g_autoptr (DagschedScheduler) scheduler = dagsched_scheduler_new (graph, options);
  g_autoptr (DagschedTest) test = DAGSCHED_TEST (dagsched_command_test_new ("a", argv));
  g_autoptr (GError) error = NULL;
  guint n_verdicts = 0;

  g_assert_true (dagsched_graph_add_test (graph, test, &error));
  g_object_set (options, "agent-path", "/nowhere/agent", NULL);
  g_signal_connect (scheduler, "notify::verdict", G_CALLBACK (count_notify), &n_verdicts);
  g_assert_false (dagsched_scheduler_run (scheduler, NULL, &error));
  g_assert_error (error, DAGSCHED_ERROR, DAGSCHED_ERROR_EXECUTOR);
  g_assert_nonnull (strstr (error->message, "/nowhere/agent"));
  g_assert_cmpint (dagsched_test_get_state (test), !=, DAGSCHED_STATE_RUNNING);
  g_assert_cmpint (dagsched_run_get_verdict (DAGSCHED_RUN (scheduler)), ==, DAGSCHED_VERDICT_INCOMPLETE);
  g_assert_cmpuint (n_verdicts, ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/tuning/work-stealing-threshold", test_threshold);
  g_test_add_func ("/tuning/rest", test_rest);
  g_test_add_func ("/tuning/notification-batch-window", test_batch_window);
  g_test_add_func ("/tuning/max-spurious-wakeups", test_spurious_wakeups);
  g_test_add_func ("/tuning/agent-path", test_agent_path);

  return g_test_run ();
}
