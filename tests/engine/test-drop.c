/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Attempts that their executor drops, and those that merely run on. */

#include "engine-case.h"

#include "base/dagsched-error.h"
#include "model/dagsched-graph.h"

/* The executor keeps what is called a… and drops what is called d…; all else passes. */
static void
start_by_name (Case *c, DagschedAttemptHandle *attempt)
{
  guint32 test = dagsched_attempt_handle_get_ticket (attempt)->test;

  switch (*dagsched_test_get_name (c->view.tests[test]))
    {
    case 'a':
      case_keep (c, attempt);
      case_count (c);
      break;
    case 'd':
      dagsched_attempt_handle_drop (attempt);
      break;
    default:
      case_pass (attempt);
    }
}

static Case *
new_case (void)
{
  Case *c = case_new ();

  c->start = start_by_name;
  return c;
}

static DagschedTest *
add (Case *c, const char *name)
{
  return case_add (c, name, DAGSCHED_KIND_PROCESS);
}

static DagschedTest *
add_after (Case *c, const char *name, DagschedTest *dependency)
{
  DagschedTest *test = add (c, name);

  case_depend (c, test, dependency, DAGSCHED_CONDITION_SUCCESS);
  return test;
}

static void
add_resource (Case *c)
{
  g_autoptr (DagschedResource) one = dagsched_resource_new ("one", 1);

  dagsched_graph_add_resource (c->graph, one, NULL);
}

static DagschedAttemptHandle *
take_by_name (Case *c, const char *name)
{
  return case_take (c, case_number_of (c, name));
}

static gpointer
drop_in_thread (gpointer data)
{
  dagsched_attempt_handle_drop (data);
  return NULL;
}

static GThread *
drop_elsewhere (DagschedAttemptHandle *attempt)
{
  return g_thread_new ("dropper", drop_in_thread, attempt);
}

static void
assert_lanes_are_parked (Case *c)
{
  for (guint i = 0; i < c->params.n_lanes; i++)
    {
      DagschedLaneView lane;
      gint64 busy_ns;

      dagsched_engine_look_at_lane (c->engine, i, &lane);
      g_assert_cmpint (lane.state, ==, DAGSCHED_WORKER_STATE_PARKED);
      g_assert_cmpuint (lane.test, ==, DAGSCHED_NO_TEST);
      busy_ns = lane.busy_ns;
      dagsched_engine_look_at_lane (c->engine, i, &lane);
      g_assert_cmpint (lane.busy_ns, ==, busy_ns);
    }
}

static void
test_elsewhere (void)
{
  static const char *const told[] = { "\n  a was dropped by its executor\n", "\n  b waits for a\n",
                                      "\n  last waits for b", NULL };
  Case *c = new_case ();
  GThread *thread;

  add_after (c, "last", add_after (c, "b", add (c, "a")));
  add_after (c, "other", add (c, "one"));
  case_compile (c);
  case_start (c);
  case_wait_for (c, 1);
  thread = drop_elsewhere (take_by_name (c, "a"));
  case_assert_stalled (c, told);
  g_thread_join (thread);
  case_assert_outcome (c, "a", DAGSCHED_OUTCOME_CANCELLED);
  case_assert_outcome (c, "b", DAGSCHED_OUTCOME_CANCELLED);
  case_assert_outcome (c, "last", DAGSCHED_OUTCOME_CANCELLED);
  case_assert_outcome (c, "one", DAGSCHED_OUTCOME_PASSED);
  case_assert_outcome (c, "other", DAGSCHED_OUTCOME_PASSED);
  g_assert_cmpuint (dagsched_engine_get_n_attempts (c->engine, case_number_of (c, "a")), ==, 1);
  assert_lanes_are_parked (c);
  case_free (c);
}

static void
test_inside_start (void)
{
  static const char *const told[] = { "\n  d was dropped by its executor\n", "\n  then waits for d", NULL };
  Case *c = new_case ();

  add_after (c, "then", add (c, "d"));
  add_after (c, "other", add (c, "one"));
  case_compile (c);
  case_start (c);
  case_assert_stalled (c, told);
  case_assert_outcome (c, "d", DAGSCHED_OUTCOME_CANCELLED);
  case_assert_outcome (c, "then", DAGSCHED_OUTCOME_CANCELLED);
  case_assert_outcome (c, "other", DAGSCHED_OUTCOME_PASSED);
  case_free (c);
}

/* The run has ended before it is known to have started. */
static void
test_nothing_else (void)
{
  static const char *const told[] = { "1 test can never finish:\n  d was dropped by its executor", NULL };
  Case *c = new_case ();

  add (c, "d");
  case_compile (c);
  case_start (c);
  g_assert_true (dagsched_engine_has_ended (c->engine));
  case_assert_stalled (c, told);
  case_free (c);
}

/* What still runs, and what that makes ready, goes on. */
static void
test_others_run (void)
{
  static const char *const told[] = { "\n  d was dropped by its executor", NULL };
  Case *c = new_case ();

  add (c, "d");
  add_after (c, "then", add (c, "a"));
  case_compile (c);
  case_start (c);
  case_wait_for (c, 1);
  g_assert_cmpint (dagsched_engine_get_state (c->engine, case_number_of (c, "d")), ==,
                   DAGSCHED_STATE_RUNNING);
  g_assert_false (dagsched_engine_has_ended (c->engine));
  case_pass (take_by_name (c, "a"));
  case_assert_stalled (c, told);
  case_assert_outcome (c, "a", DAGSCHED_OUTCOME_PASSED);
  case_assert_outcome (c, "then", DAGSCHED_OUTCOME_PASSED);
  case_free (c);
}

static void
fail_first (Case *c, const DagschedTicket *ticket, GCancellable *cancellable, DagschedResult *result)
{
  result->outcome = ticket->attempt == 1 ? DAGSCHED_OUTCOME_FAILED : DAGSCHED_OUTCOME_PASSED;
}

/* So does what is only delayed. */
static void
test_delayed (void)
{
  static const char *const told[] = { "\n  d was dropped by its executor", NULL };
  Case *c = new_case ();
  DagschedTest *retried = case_add (c, "retried", DAGSCHED_KIND_FUNCTION);

  add (c, "d");
  dagsched_test_set_retries (retried, 1);
  dagsched_test_set_retry_delay (retried, 0.001);
  c->execute = fail_first;
  case_compile (c);
  case_start (c);
  case_assert_stalled (c, told);
  case_assert_outcome (c, "retried", DAGSCHED_OUTCOME_PASSED);
  case_free (c);
}

/* Nobody knows what still uses what it took. */
static void
test_keeps_what_it_took (void)
{
  static const char *const told[] = { "\n  d was dropped by its executor",
                                      "\n  thrifty waits for 1 of resource \"one\" (0 free)",
                                      "\n  wide waits for 2 slots (1 free)", NULL };
  Case *c = new_case ();
  DagschedTest *dropped = add (c, "d");

  add_resource (c);
  dagsched_test_set_requirement (dropped, "one", 1);
  dagsched_test_set_priority (dropped, 1);
  dagsched_test_set_requirement (add (c, "thrifty"), "one", 1);
  dagsched_test_set_slots (add (c, "wide"), 2);
  add (c, "modest");
  case_compile (c);
  case_start (c);
  case_assert_stalled (c, told);
  case_assert_outcome (c, "thrifty", DAGSCHED_OUTCOME_CANCELLED);
  case_assert_outcome (c, "wide", DAGSCHED_OUTCOME_CANCELLED);
  case_assert_outcome (c, "modest", DAGSCHED_OUTCOME_PASSED);
  case_free (c);
}

/* The cause is told of, however many wait for it. */
static void
test_cause_comes_first (void)
{
  static const char *const told[] = {
    "stalled: tests remain that can never finish:\n  d was dropped by its executor\n",
    "waits for 1 slot (0 free)", "\n  and 3 more", NULL
  };
  Case *c = new_case ();

  for (guint i = 0; i < 12; i++)
    {
      g_autofree char *name = g_strdup_printf ("t%u", i);

      add (c, name);
    }
  dagsched_test_set_priority (add (c, "d"), 1);
  c->params.n_lanes = 1;
  case_compile (c);
  case_start (c);
  case_assert_stalled (c, told);
  case_free (c);
}

/* Cancellation. */

static void
drop_when_stopped (Case *c, const DagschedTicket *ticket)
{
  g_clear_pointer (&c->data, g_thread_join);
  c->data = drop_elsewhere (case_take (c, ticket->test));
}

static void
drop_inside_stop (Case *c, const DagschedTicket *ticket)
{
  dagsched_attempt_handle_drop (case_take (c, ticket->test));
}

static void
cancel_and_drop (void (*stop) (Case *c, const DagschedTicket *ticket))
{
  static const char *const told[] = { "\n  a was dropped by its executor", "\n  cleanup waits for a", NULL };
  Case *c = new_case ();
  DagschedTest *fixture = add (c, "fixture");
  const GError *error = NULL;

  add (c, "cleanup");
  dagsched_test_set_fixture (fixture, TRUE);
  dagsched_test_set_cleanup (fixture, "cleanup");
  add_after (c, "then", add_after (c, "a", fixture));
  c->stop = stop;
  case_compile (c);
  case_start (c);
  case_wait_for (c, 1);
  dagsched_engine_cancel (c->engine, DAGSCHED_CLOSING_STOP, "enough");
  case_wait_for_end (c);
  case_close (c);
  g_clear_pointer (&c->data, g_thread_join);
  g_assert_cmpstr (dagsched_engine_get_problem (c->engine, &error), ==, "enough");
  g_assert_error (error, DAGSCHED_ERROR, DAGSCHED_ERROR_STALLED);
  for (guint i = 0; told[i] != NULL; i++)
    g_assert_nonnull (strstr (dagsched_engine_get_stall (c->engine), told[i]));
  case_assert_outcome (c, "a", DAGSCHED_OUTCOME_CANCELLED);
  case_assert_outcome (c, "then", DAGSCHED_OUTCOME_CANCELLED);
  case_assert_outcome (c, "cleanup", DAGSCHED_OUTCOME_CANCELLED);
  case_free (c);
}

static void
test_after_cancel (void)
{
  cancel_and_drop (drop_when_stopped);
}

static void
test_inside_stop (void)
{
  cancel_and_drop (drop_inside_stop);
}

/* All at once: one of them finds the stall. */

#define N_AT_ONCE 6

static void
test_all_at_once (void)
{
  for (guint round = 0; round < 100; round++)
    {
      Case *c = new_case ();
      GThread *threads[N_AT_ONCE];

      for (guint i = 0; i < N_AT_ONCE; i++)
        {
          g_autofree char *name = g_strdup_printf ("a%u", i);

          add (c, name);
        }
      c->params.n_lanes = N_AT_ONCE;
      case_compile (c);
      case_start (c);
      case_wait_for (c, N_AT_ONCE);
      for (guint32 i = 0; i < N_AT_ONCE; i++)
        threads[i] = drop_elsewhere (case_take (c, i));
      if (round % 2 == 1)
        dagsched_engine_cancel (c->engine, DAGSCHED_CLOSING_STOP, "enough");
      for (guint i = 0; i < N_AT_ONCE; i++)
        g_thread_join (threads[i]);
      case_wait_for_end (c);
      case_close (c);
      g_assert_nonnull (dagsched_engine_get_stall (c->engine));
      case_free (c);
    }
}

/* Whoever owns the engine need not wait for those who hold attempts. */

static void
give_up_engine (Case *c)
{
  dagsched_engine_close (c->engine);
  g_clear_pointer (&c->engine, dagsched_engine_unref);
  g_assert_false (c->freed);
}

static void
test_keeps_engine (gconstpointer drop)
{
  Case *c = new_case ();

  add (c, "a");
  c->told_end = give_up_engine;
  case_compile (c);
  case_start (c);
  case_wait_for (c, 1);
  if (drop != NULL)
    dagsched_attempt_handle_drop (case_take (c, 0));
  else
    case_pass (case_take (c, 0));
  g_assert_true (c->freed);
  case_free (c);
}

/* No stall: somebody still answers for the attempt. */

static void
count_attempt (Case *c, DagschedAttemptRecord *record)
{
  case_count (c);
}

static void
test_runs_on (void)
{
  Case *c = new_case ();
  DagschedLaneView lane;

  add_after (c, "then", add (c, "a"));
  add_after (c, "other", add (c, "one"));
  c->params.n_lanes = 1;
  dagsched_test_set_priority (dagsched_graph_lookup (c->graph, "one"), 1);
  dagsched_test_set_priority (dagsched_graph_lookup (c->graph, "other"), 1);
  c->attempt = count_attempt;
  case_compile (c);
  case_start (c);
  /* Two that ended, and the one that began. */
  case_wait_for (c, 3);
  g_assert_false (dagsched_engine_has_ended (c->engine));
  g_assert_cmpint (dagsched_engine_get_state (c->engine, case_number_of (c, "a")), ==,
                   DAGSCHED_STATE_RUNNING);
  dagsched_engine_look_at_lane (c->engine, 0, &lane);
  g_assert_cmpint (lane.state, ==, DAGSCHED_WORKER_STATE_RUNNING);
  g_assert_cmpuint (lane.test, ==, case_number_of (c, "a"));
  case_pass (take_by_name (c, "a"));
  case_wait_for_end (c);
  case_close (c);
  g_assert_null (dagsched_engine_get_stall (c->engine));
  g_assert_null (dagsched_engine_get_problem (c->engine, NULL));
  case_assert_outcome (c, "then", DAGSCHED_OUTCOME_PASSED);
  case_free (c);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/drop/elsewhere", test_elsewhere);
  g_test_add_func ("/drop/inside-start", test_inside_start);
  g_test_add_func ("/drop/nothing-else", test_nothing_else);
  g_test_add_func ("/drop/others-run", test_others_run);
  g_test_add_func ("/drop/delayed", test_delayed);
  g_test_add_func ("/drop/keeps-what-it-took", test_keeps_what_it_took);
  g_test_add_func ("/drop/cause-comes-first", test_cause_comes_first);
  g_test_add_func ("/drop/after-cancel", test_after_cancel);
  g_test_add_func ("/drop/inside-stop", test_inside_stop);
  g_test_add_func ("/drop/all-at-once", test_all_at_once);
  g_test_add_data_func ("/drop/keeps-engine/completed", NULL, test_keeps_engine);
  g_test_add_data_func ("/drop/keeps-engine/dropped", GINT_TO_POINTER (TRUE), test_keeps_engine);
  g_test_add_func ("/drop/runs-on", test_runs_on);

  return g_test_run ();
}
