/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <dagsched.h>

#include "gate.h"

/* What the engine measures, and that it does so only when asked. */

static DagschedTest *
add (DagschedGraph *graph, const char *name, DagschedTestFunc func, gpointer data)
{
  g_autoptr (DagschedTest) test = DAGSCHED_TEST (dagsched_func_test_new (name, func, data, NULL));
  g_autoptr (GError) error = NULL;

  dagsched_graph_add_test (graph, test, &error);
  g_assert_no_error (error);
  return test; /* the graph keeps it */
}

static DagschedOutcome
pass_after_a_while (DagschedFuncTest *test, GCancellable *cancellable, gpointer data, GError **error)
{
  gint64 until = g_get_monotonic_time () + 1000;

  while (g_get_monotonic_time () < until)
    continue;
  return DAGSCHED_OUTCOME_PASSED;
}

static DagschedOutcome
fail (DagschedFuncTest *test, GCancellable *cancellable, gpointer data, GError **error)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, "wanted to");
  return DAGSCHED_OUTCOME_FAILED;
}

static DagschedOutcome
fail_once (DagschedFuncTest *test, GCancellable *cancellable, gpointer data, GError **error)
{
  gboolean *failed = data;

  if (*failed)
    return DAGSCHED_OUTCOME_PASSED;

  *failed = TRUE;
  return DAGSCHED_OUTCOME_FAILED;
}

static guint
count_attempts (DagschedScheduler *scheduler, DagschedTest *test)
{
  g_autoptr (GPtrArray) attempts = dagsched_run_dup_attempts (DAGSCHED_RUN (scheduler), test);

  return attempts->len;
}

static void
test_timestamps (gconstpointer enabled)
{
  gboolean failed = FALSE;
  g_autoptr (DagschedGraph) graph = dagsched_graph_new ("suite");
  g_autoptr (DagschedOptions) options = dagsched_options_new ();
  g_autoptr (DagschedScheduler) scheduler = dagsched_scheduler_new (graph, options);
  DagschedTest *passes = add (graph, "passes", pass_after_a_while, NULL);
  DagschedTest *fails = add (graph, "fails", fail, NULL);
  DagschedTest *flaky = add (graph, "flaky", fail_once, &failed);
  g_autoptr (GError) error = NULL;

  dagsched_test_set_retries (flaky, 1);
  g_object_set (options, "timestamps", enabled != NULL, NULL);
  g_assert_true (dagsched_scheduler_run (scheduler, NULL, &error));
  g_assert_no_error (error);

  g_assert_true ((dagsched_test_get_duration (passes) >= 0.001) == (enabled != NULL));
  g_assert_cmpuint (count_attempts (scheduler, passes), ==, enabled != NULL ? 1 : 0);
  g_assert_cmpuint (dagsched_test_get_n_attempts (passes), ==, 1);
  g_assert_null (dagsched_test_get_reason (passes));

  /* What is more than a pass is kept in any case. */
  g_assert_cmpuint (count_attempts (scheduler, fails), ==, 1);
  g_assert_cmpstr (dagsched_test_get_reason (fails), ==, "wanted to");
  g_assert_cmpuint (count_attempts (scheduler, flaky), ==, enabled != NULL ? 2 : 1);
  g_assert_cmpuint (dagsched_test_get_n_attempts (flaky), ==, 2);
  g_assert_cmpint (dagsched_test_get_flags (flaky), ==, DAGSCHED_FLAGS_FLAKY);
  g_assert_null (dagsched_test_get_reason (flaky));
}

typedef struct
{
  Gate gate;
  DagschedScheduler *scheduler;
} Meeting;

/* Both run at once: one of them on the worker that ran the root, the other on one that was woken for it. */
static DagschedOutcome
meet (DagschedFuncTest *test, GCancellable *cancellable, gpointer data, GError **error)
{
  Meeting *meeting = data;

  gate_count (&meeting->gate);
  gate_wait (&meeting->gate, 2);
  return DAGSCHED_OUTCOME_PASSED;
}

static guint64
get (DagschedStats *stats, const char *property)
{
  guint64 value;

  g_object_get (stats, property, &value, NULL);
  return value;
}

/* The root waits until the other worker is parked. */
static DagschedOutcome
wait_for_park (DagschedFuncTest *test, GCancellable *cancellable, gpointer data, GError **error)
{
  Meeting *meeting = data;

  for (;;)
    {
      g_autoptr (DagschedStats) stats = dagsched_scheduler_get_stats (meeting->scheduler);

      if (get (stats, "parks") > 0)
        return DAGSCHED_OUTCOME_PASSED;
      g_thread_yield ();
    }
}

static void
check_times (DagschedScheduler *scheduler, DagschedStats *stats)
{
  double elapsed = dagsched_run_get_elapsed (DAGSCHED_RUN (scheduler));

  for (guint i = 0; i < 2; i++)
    {
      double busy = dagsched_stats_get_busy_time (stats, i),
             parked = dagsched_stats_get_parked_time (stats, i);

      g_assert_cmpfloat (busy, >, 0);
      g_assert_cmpfloat (parked, >=, 0);
      g_assert_cmpfloat (busy + parked, >=, elapsed * 0.999);
    }
}

static void
test_latencies (void)
{
  g_autoptr (DagschedGraph) graph = dagsched_graph_new ("suite");
  g_autoptr (DagschedOptions) options = dagsched_options_new ();
  g_autoptr (DagschedScheduler) scheduler = dagsched_scheduler_new (graph, options);
  g_autoptr (DagschedStats) before = dagsched_scheduler_get_stats (scheduler);
  g_autoptr (DagschedStats) stats = NULL;
  g_autoptr (GError) error = NULL;
  Meeting meeting = { .scheduler = scheduler };
  DagschedTest *root = add (graph, "root", wait_for_park, &meeting);

  dagsched_graph_add_dependency (graph, add (graph, "a", meet, &meeting), root, DAGSCHED_CONDITION_SUCCESS,
                                 NULL);
  dagsched_graph_add_dependency (graph, add (graph, "b", meet, &meeting), root, DAGSCHED_CONDITION_SUCCESS,
                                 NULL);
  g_object_set (options, "n-workers", 2, NULL);
  g_assert_cmpfloat (dagsched_stats_get_wake_latency (before, 50), ==, 0);
  g_assert_cmpfloat (dagsched_stats_get_start_latency (before, 50), ==, 0);
  g_assert_true (dagsched_scheduler_run (scheduler, NULL, &error));

  stats = dagsched_scheduler_get_stats (scheduler);
  g_assert_cmpuint (get (stats, "parks"), >, 0);
  g_assert_cmpuint (get (stats, "wakeups-stolen"), >, 0);
  g_assert_cmpfloat (dagsched_stats_get_wake_latency (stats, 50), >, 0);
  g_assert_cmpfloat (dagsched_stats_get_wake_latency (stats, 100), >=,
                     dagsched_stats_get_wake_latency (stats, 50));
  g_assert_cmpfloat (dagsched_stats_get_start_latency (stats, 100), >=,
                     dagsched_stats_get_start_latency (stats, 0));
  g_assert_cmpfloat (dagsched_stats_get_start_latency (stats, 100), >, 0);
  g_assert_cmpfloat (dagsched_stats_get_start_latency (stats, 100), <=,
                     dagsched_run_get_elapsed (DAGSCHED_RUN (scheduler)) * 1.1);
  check_times (scheduler, stats);
}

/* Of the ordered queue: b and c run at once, so that a worker is woken for one of them. Both wait for what the
 * test before them holds, or for that test. */
static void
test_wakeups (gconstpointer contended)
{
  g_autoptr (DagschedGraph) graph = dagsched_graph_new ("suite");
  g_autoptr (DagschedOptions) options = dagsched_options_new ();
  g_autoptr (DagschedResource) resource = dagsched_resource_new ("room", 2);
  g_autoptr (DagschedScheduler) scheduler = dagsched_scheduler_new (graph, options);
  g_autoptr (DagschedStats) stats = NULL;
  g_autoptr (GError) error = NULL;
  Meeting meeting = { .scheduler = scheduler };
  DagschedTest *a = add (graph, "a", pass_after_a_while, NULL);
  DagschedTest *b = add (graph, "b", meet, &meeting);
  DagschedTest *c = add (graph, "c", meet, &meeting);

  dagsched_graph_add_resource (graph, resource, NULL);
  dagsched_test_set_priority (a, 1);
  dagsched_test_set_requirement (b, "room", 1);
  dagsched_test_set_requirement (c, "room", 1);
  if (contended != NULL)
    dagsched_test_set_requirement (a, "room", 2);
  else
    {
      dagsched_graph_add_dependency (graph, b, a, DAGSCHED_CONDITION_SUCCESS, NULL);
      dagsched_graph_add_dependency (graph, c, a, DAGSCHED_CONDITION_SUCCESS, NULL);
    }
  g_object_set (options, "n-workers", 2, NULL);
  g_assert_true (dagsched_scheduler_run (scheduler, NULL, &error));
  g_assert_no_error (error);

  /* The other one is run by the worker that ran the test before. */
  stats = dagsched_scheduler_get_stats (scheduler);
  g_assert_cmpuint (get (stats, "wakeups-ready"), ==, contended != NULL ? 1 : 2);
  g_assert_cmpuint (get (stats, "wakeups-released"), ==, contended != NULL ? 1 : 0);
  g_assert_cmpuint (get (stats, "wakeups-injected"), ==, 0);
  g_assert_cmpuint (get (stats, "wakeups-stolen"), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_data_func ("/stats/timestamps", GINT_TO_POINTER (TRUE), test_timestamps);
  g_test_add_data_func ("/stats/no-timestamps", NULL, test_timestamps);
  g_test_add_func ("/stats/latencies", test_latencies);
  g_test_add_data_func ("/stats/wakeups/released", GINT_TO_POINTER (TRUE), test_wakeups);
  g_test_add_data_func ("/stats/wakeups/ready", NULL, test_wakeups);

  return g_test_run ();
}
