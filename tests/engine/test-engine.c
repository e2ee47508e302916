/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The engine at its edges: stalls, cancellation at awkward moments, threads that are written off, and
 * the end of a run. */

#include "engine-case.h"

#include "base/dagsched-error.h"
#include "model/dagsched-graph.h"

/* Stalls: no graph has one, so the plan is falsified. */

static void
test_stall (gconstpointer kind)
{
  static const char *const told[] = { "\n  b waits for a dependency that is not in the plan",
                                      "\n  c waits for b", NULL };
  Case *c = case_new ();
  DagschedTest *a = case_add (c, "a", GPOINTER_TO_INT (kind));
  DagschedTest *b = case_add (c, "b", GPOINTER_TO_INT (kind));
  DagschedTest *dependent = case_add (c, "c", GPOINTER_TO_INT (kind));

  case_depend (c, b, a, DAGSCHED_CONDITION_SUCCESS);
  case_depend (c, dependent, b, DAGSCHED_CONDITION_ALWAYS);
  case_add (c, "d", GPOINTER_TO_INT (kind));
  case_compile (c);
  c->n_phantoms[case_number_of (c, "b")]++;
  case_start (c);
  case_assert_stalled (c, told);
  case_assert_outcome (c, "a", DAGSCHED_OUTCOME_PASSED);
  case_assert_outcome (c, "b", DAGSCHED_OUTCOME_CANCELLED);
  case_assert_outcome (c, "c", DAGSCHED_OUTCOME_CANCELLED);
  case_assert_outcome (c, "d", DAGSCHED_OUTCOME_PASSED);
  case_free (c);
}

/* Nothing at all can start. */
static void
test_stall_at_once (gconstpointer kind)
{
  static const char *const told[] = { "1 test can never finish", "\n  a waits for a dependency that", NULL };
  Case *c = case_new ();

  case_add (c, "a", GPOINTER_TO_INT (kind));
  case_compile (c);
  c->n_phantoms[0]++;
  case_start (c);
  case_assert_stalled (c, told);
  case_free (c);
}

/* A test that is ready, and wants more than there is. */
static void
test_stall_for_resource (void)
{
  static const char *const told[] = { "\n  greedy waits for 2 of resource \"one\" (1 free)", NULL };
  Case *c = case_new ();
  g_autoptr (DagschedResource) one = dagsched_resource_new ("one", 1);
  g_autofree DagschedDemand *demands = NULL;

  dagsched_graph_add_resource (c->graph, one, NULL);
  dagsched_test_set_requirement (case_add (c, "greedy", DAGSCHED_KIND_PROCESS), "one", 1);
  case_add (c, "modest", DAGSCHED_KIND_PROCESS);
  case_compile (c);
  demands = g_memdup2 (c->view.demands, sizeof *demands);
  demands->amount = 2;
  c->view.demands = demands;
  case_start (c);
  case_assert_stalled (c, told);
  case_assert_outcome (c, "modest", DAGSCHED_OUTCOME_PASSED);
  case_free (c);
}

/* No stall: retries that wait for their time, over and over, with nothing else to do. */
static void
fail_always (Case *c, const DagschedTicket *ticket, GCancellable *cancellable, DagschedResult *result)
{
  result->outcome = DAGSCHED_OUTCOME_FAILED;
}

static void
test_no_stall (gconstpointer priority)
{
  for (guint i = 0; i < 300; i++)
    {
      Case *c = case_new ();
      DagschedTest *a = case_add (c, "a", DAGSCHED_KIND_FUNCTION);

      dagsched_test_set_priority (a, GPOINTER_TO_INT (priority));
      dagsched_test_set_retries (a, 3);
      dagsched_test_set_retry_delay (a, i % 10 * 1e-6);
      c->execute = fail_always;
      case_compile (c);
      case_start (c);
      case_wait_for_end (c);
      case_close (c);
      g_assert_null (dagsched_engine_get_stall (c->engine));
      g_assert_cmpuint (dagsched_engine_get_n_attempts (c->engine, 0), ==, 4);
      case_free (c);
    }
}

/* Cancellation. */

static void
cancel_in_attempt (Case *c, DagschedAttemptRecord *record)
{
  g_assert_true (record->will_retry);
  dagsched_engine_cancel (c->engine, DAGSCHED_CLOSING_STOP, "enough");
}

/* The decision to try again has been taken when the run is cancelled: nobody waits for that retry's time. */
static void
test_cancel_before_delay (gconstpointer priority)
{
  Case *c = case_new ();
  DagschedTest *a = case_add (c, "a", DAGSCHED_KIND_FUNCTION);

  dagsched_test_set_priority (a, GPOINTER_TO_INT (priority));
  dagsched_test_set_retries (a, 1);
  dagsched_test_set_retry_delay (a, 60);
  c->execute = fail_always;
  c->attempt = cancel_in_attempt;
  case_compile (c);
  case_start (c);
  case_wait_for_end (c);
  case_close (c);
  g_assert_cmpint (dagsched_engine_get_elapsed_ns (c->engine), <, 50 * G_GINT64_CONSTANT (1000000000));
  case_assert_outcome (c, "a", DAGSCHED_OUTCOME_CANCELLED);
  case_free (c);
}

static void
fail_in_open (Case *c)
{
  dagsched_engine_fail (c->engine, g_error_new_literal (DAGSCHED_ERROR, DAGSCHED_ERROR_EXECUTOR, "no agent"));
}

/* An executor that fails as soon as it is open: that is no stall. */
static void
test_fail_in_open (void)
{
  Case *c = case_new ();
  const GError *error = NULL;

  case_depend (c, case_add (c, "b", DAGSCHED_KIND_PROCESS), case_add (c, "a", DAGSCHED_KIND_PROCESS),
               DAGSCHED_CONDITION_SUCCESS);
  c->open = fail_in_open;
  case_compile (c);
  case_start (c);
  case_wait_for_end (c);
  case_close (c);
  g_assert_null (dagsched_engine_get_stall (c->engine));
  dagsched_engine_get_problem (c->engine, &error);
  g_assert_error (error, DAGSCHED_ERROR, DAGSCHED_ERROR_EXECUTOR);
  case_assert_outcome (c, "a", DAGSCHED_OUTCOME_CANCELLED);
  case_free (c);
}

/* While the process is told to stop, the function on the other lane ends and its cleanup takes its place. */
enum
{
  BOTH_RUN = 2,
  STOPPING,
  CLEANUP_BEGAN,
  STOPPED,
};

static void
keep_and_count (Case *c, DagschedAttemptHandle *attempt)
{
  case_keep (c, attempt);
  case_count (c);
}

static void
fixture_and_cleanup (Case *c, const DagschedTicket *ticket, GCancellable *cancellable, DagschedResult *result)
{
  case_count (c);
  if (ticket->test == case_number_of (c, "fixture"))
    case_wait_for (c, STOPPING);
  else
    case_wait_for (c, STOPPED);
}

static void
stop_and_wait (Case *c, const DagschedTicket *ticket)
{
  case_count (c);
  case_wait_for (c, CLEANUP_BEGAN);
  case_pass (case_take (c, ticket->test));
}

static void
test_cleanup_is_not_stopped (void)
{
  Case *c = case_new ();
  DagschedTest *process = case_add (c, "process", DAGSCHED_KIND_PROCESS);
  DagschedTest *fixture = case_add (c, "fixture", DAGSCHED_KIND_FUNCTION);

  case_add (c, "cleanup", DAGSCHED_KIND_FUNCTION);
  dagsched_test_set_priority (process, 2);
  dagsched_test_set_priority (fixture, 1);
  dagsched_test_set_fixture (fixture, TRUE);
  dagsched_test_set_cleanup (fixture, "cleanup");
  c->start = keep_and_count;
  c->stop = stop_and_wait;
  c->execute = fixture_and_cleanup;
  case_compile (c);
  case_start (c);
  case_wait_for (c, BOTH_RUN);
  dagsched_engine_cancel (c->engine, DAGSCHED_CLOSING_STOP, "enough");
  case_count (c);
  case_wait_for_end (c);
  case_close (c);
  case_assert_outcome (c, "cleanup", DAGSCHED_OUTCOME_PASSED);
  case_free (c);
}

/* Threads that are written off. */

static void
use_cancellable_late (Case *c,
                      const DagschedTicket *ticket,
                      GCancellable *cancellable,
                      DagschedResult *result)
{
  gpointer alive = cancellable;

  if (ticket->test != case_number_of (c, "stuck"))
    return;

  g_object_add_weak_pointer (G_OBJECT (cancellable), &alive);
  case_wait_for (c, 1);
  g_assert_nonnull (alive);
  g_assert_true (g_cancellable_is_cancelled (cancellable));
  g_object_remove_weak_pointer (G_OBJECT (cancellable), &alive);
}

/* The function still has its cancellable; the lane goes on as if nothing had been. */
static void
test_written_off (gconstpointer priority)
{
  Case *c = case_new ();
  DagschedTest *stuck = case_add (c, "stuck", DAGSCHED_KIND_FUNCTION);

  for (guint i = 0; i < 20; i++)
    {
      g_autofree char *name = g_strdup_printf ("t%u", i);

      case_add (c, name, DAGSCHED_KIND_FUNCTION);
    }
  c->params.n_lanes = 1;
  dagsched_test_set_timeout (stuck, 0.001);
  dagsched_test_set_grace (stuck, 0.001);
  dagsched_test_set_priority (stuck, GPOINTER_TO_INT (priority));
  c->execute = use_cancellable_late;
  case_compile (c);
  case_start (c);
  case_wait_for_end (c);
  case_close (c);
  case_assert_outcome (c, "stuck", DAGSCHED_OUTCOME_TIMED_OUT);
  for (guint32 i = 0; i < c->view.n_tests; i++)
    {
      DagschedAttemptRecord record;

      g_assert_true (dagsched_engine_get_last_attempt (c->engine, i, &record));
      g_assert_cmpint (record.start_ns, >=, 0);
      g_assert_cmpint (record.end_ns, >=, record.start_ns);
    }
  case_count (c);
  case_free (c);
}

/* The function of one test ends just when its time is up: that is nothing to the next. */

static void
spin_to_the_limit (Case *c, const DagschedTicket *ticket, GCancellable *cancellable, DagschedResult *result)
{
  gint64 until = g_get_monotonic_time () + 100;

  while (ticket->test % 2 == 0 && g_get_monotonic_time () < until)
    ;
}

static void
test_time_out_of_another (gconstpointer priority)
{
  for (guint round = 0; round < 40; round++)
    {
      Case *c = case_new ();
      DagschedTest *last = NULL;

      for (guint i = 0; i < MAX_TESTS; i++)
        {
          g_autofree char *name = g_strdup_printf ("t%u", i);
          DagschedTest *test = case_add (c, name, DAGSCHED_KIND_FUNCTION);

          dagsched_test_set_timeout (test, i % 2 == 0 ? 0.0001 : 60);
          dagsched_test_set_priority (test, GPOINTER_TO_INT (priority));
          if (last != NULL)
            case_depend (c, test, last, DAGSCHED_CONDITION_ALWAYS);
          last = test;
        }
      c->params.n_lanes = 1;
      c->execute = spin_to_the_limit;
      case_compile (c);
      case_start (c);
      case_wait_for_end (c);
      case_close (c);
      for (guint32 i = 1; i < MAX_TESTS; i += 2)
        g_assert_cmpint (dagsched_engine_get_outcome (c->engine, i), ==, DAGSCHED_OUTCOME_PASSED);
      case_free (c);
    }
}

/* A ready test never waits behind a busy worker: all meet, as there are as many workers. */

#define N_MEETING 12

static void
meet (Case *c, const DagschedTicket *ticket, GCancellable *cancellable, DagschedResult *result)
{
  if (ticket->test == 0)
    return;

  case_count (c);
  case_wait_for (c, N_MEETING);
}

static void
test_meeting (void)
{
  for (guint round = 0; round < 100; round++)
    {
      Case *c = case_new ();
      DagschedTest *root = case_add (c, "root", DAGSCHED_KIND_FUNCTION);

      for (guint i = 0; i < N_MEETING; i++)
        {
          g_autofree char *name = g_strdup_printf ("t%u", i);

          case_depend (c, case_add (c, name, DAGSCHED_KIND_FUNCTION), root, DAGSCHED_CONDITION_SUCCESS);
        }
      c->params.n_lanes = N_MEETING;
      c->execute = meet;
      case_compile (c);
      case_start (c);
      case_wait_for_end (c);
      case_close (c);
      case_free (c);
    }
}

/* The end of a run. */

static void
complete_when_stopped (Case *c, const DagschedTicket *ticket)
{
  case_pass (case_take (c, ticket->test));
}

static void
take_time (Case *c)
{
  case_count (c);
  g_thread_yield ();
  g_usleep (5000);
  c->data = NULL;
}

static gpointer
fail_from_outside (gpointer data)
{
  Case *c = data;

  dagsched_engine_fail (c->engine, g_error_new_literal (DAGSCHED_ERROR, DAGSCHED_ERROR_LOG, "disk full"));
  return NULL;
}

/* A thread that nobody joins ends the run: nothing is called any more once close() has returned. */
static void
test_close_waits (void)
{
  Case *c = case_new ();
  GThread *thread;

  case_add (c, "a", DAGSCHED_KIND_PROCESS);
  c->start = keep_and_count;
  c->stop = complete_when_stopped;
  c->told_end = take_time;
  c->data = c;
  case_compile (c);
  case_start (c);
  case_wait_for (c, 1);
  thread = g_thread_new ("outside", fail_from_outside, c);
  case_wait_for (c, 2);
  dagsched_engine_close (c->engine);
  g_assert_null (c->data);
  g_thread_join (thread);
  case_wait_for_end (c);
  case_free (c);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_data_func ("/engine/stall/stealing", GINT_TO_POINTER (DAGSCHED_KIND_FUNCTION), test_stall);
  g_test_add_data_func ("/engine/stall/ordered", GINT_TO_POINTER (DAGSCHED_KIND_PROCESS), test_stall);
  g_test_add_data_func ("/engine/stall/at-once/stealing", GINT_TO_POINTER (DAGSCHED_KIND_FUNCTION),
                        test_stall_at_once);
  g_test_add_data_func ("/engine/stall/at-once/ordered", GINT_TO_POINTER (DAGSCHED_KIND_PROCESS),
                        test_stall_at_once);
  g_test_add_func ("/engine/stall/resource", test_stall_for_resource);
  g_test_add_data_func ("/engine/no-stall/stealing", NULL, test_no_stall);
  g_test_add_data_func ("/engine/no-stall/ordered", GINT_TO_POINTER (1), test_no_stall);
  g_test_add_data_func ("/engine/cancel/before-delay/stealing", NULL, test_cancel_before_delay);
  g_test_add_data_func ("/engine/cancel/before-delay/ordered", GINT_TO_POINTER (1), test_cancel_before_delay);
  g_test_add_func ("/engine/cancel/cleanup", test_cleanup_is_not_stopped);
  g_test_add_func ("/engine/fail-in-open", test_fail_in_open);
  g_test_add_data_func ("/engine/written-off/stealing", NULL, test_written_off);
  g_test_add_data_func ("/engine/written-off/ordered", GINT_TO_POINTER (1), test_written_off);
  g_test_add_data_func ("/engine/time-out-of-another/stealing", NULL, test_time_out_of_another);
  g_test_add_data_func ("/engine/time-out-of-another/ordered", GINT_TO_POINTER (1), test_time_out_of_another);
  g_test_add_func ("/engine/meeting", test_meeting);
  g_test_add_func ("/engine/close-waits", test_close_waits);

  return g_test_run ();
}
