/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The plan and the engine against a tiny sequential reference, on thousands of random graphs with
 * conditions, failures, retries, resources, groups and fixtures. Checked: each test has exactly the
 * outcome that the reference gives it, once; no dependency order is violated, no capacity exceeded;
 * the run ends. Runs that are cancelled somewhere, or have an attempt dropped, are checked for all but the
 * outcomes. Runs that go on from an earlier one, of which they have some outcomes, come to the same as a whole one,
 * and start nothing of what they have. */

#include "engine/dagsched-engine-private.h"
#include "random-case.h"

#define N_LANES 4
#define N_COMPLETERS 2

typedef struct
{
  RandomCase random;
  DagschedPlan *plan;
  const DagschedPlanView *view;
  DagschedEngine *engine;
  guint cancel_after; /* attempts; 0: never */
  guint drop_after;   /* likewise */
  GArray *earlier;    /* of DagschedEarlierTest: have their outcomes before it starts */
  gboolean is_earlier[MAX_TESTS];

  GMutex lock; /* protects all below */
  GCond cond;
  GPtrArray *running; /* DagschedAttemptHandle, of the executor */
  guint n_finished[MAX_TESTS];
  guint n_started[MAX_TESTS];
  gboolean is_running[MAX_TESTS];
  guint used[N_RESOURCES];
  guint n_running;
  guint n_exclusive;
  guint in_group[3];
  guint n_completed;
  gboolean dropped;
  GArray *releasing; /* guint32: fixtures, of the executor */
  guint n_released[MAX_TESTS];
  gboolean is_gone[MAX_TESTS];
  gboolean ended;
  gboolean freed;
  gboolean stop;
  guint n_finished_in_all;
} Case;

/* What is checked while it runs. */

static void
check_dependencies_unlocked (Case *c, guint test)
{
  const Spec *spec = &c->random.specs[test];

  for (guint i = 0; i < spec->n_dependencies; i++)
    g_assert_cmpuint (c->n_finished[spec->dependencies[i]], ==, 1);
  /* A cleanup comes after everybody who uses its fixture. */
  for (guint i = 0; spec->cleans >= 0 && i < c->random.n_tests; i++)
    {
      for (guint j = 0; j < c->random.specs[i].n_dependencies; j++)
        {
          if ((int) c->random.specs[i].dependencies[j] == spec->cleans)
            g_assert_cmpuint (c->n_finished[i], ==, 1);
        }
    }
}

static void
check_capacities_unlocked (Case *c, guint test)
{
  const Spec *spec = &c->random.specs[test];

  g_assert_cmpuint (c->n_running, <=, N_LANES);
  g_assert_true (c->n_exclusive == 0 || c->n_running == 1);
  for (guint r = 0; r < N_RESOURCES; r++)
    g_assert_cmpuint (c->used[r], <=, random_case_capacities[r]);
  for (int g = 0; spec->group >= 0 && g < 3; g++)
    g_assert_true (g == spec->group || c->in_group[g] == 0);
}

static void
add_usage_unlocked (Case *c, guint test, int sign)
{
  const Spec *spec = &c->random.specs[test];

  c->n_running += sign;
  c->n_exclusive += spec->exclusive ? sign : 0;
  for (guint r = 0; r < N_RESOURCES; r++)
    c->used[r] += sign * (int) spec->amounts[r];
  if (spec->group >= 0)
    c->in_group[spec->group] += sign;
}

static void
begin_attempt (Case *c, const DagschedTicket *ticket)
{
  g_mutex_lock (&c->lock);
  g_assert_false (c->is_running[ticket->test]);
  g_assert_cmpuint (c->n_finished[ticket->test], ==, 0);
  g_assert_cmpuint (ticket->attempt, ==, ++c->n_started[ticket->test]);
  c->is_running[ticket->test] = TRUE;
  check_dependencies_unlocked (c, ticket->test);
  add_usage_unlocked (c, ticket->test, 1);
  check_capacities_unlocked (c, ticket->test);
  g_mutex_unlock (&c->lock);
}

/* Returns whether now is the moment to cancel. @drop: (nullable) whether it is that to drop the attempt. */
static gboolean
end_attempt (Case *c, const DagschedTicket *ticket, gboolean *drop)
{
  gboolean cancel;

  g_mutex_lock (&c->lock);
  c->is_running[ticket->test] = FALSE;
  add_usage_unlocked (c, ticket->test, -1);
  cancel = ++c->n_completed == c->cancel_after;
  if (drop != NULL)
    {
      *drop = c->n_completed == c->drop_after;
      c->dropped |= *drop;
    }
  g_mutex_unlock (&c->lock);
  return cancel;
}

static DagschedOutcome
result_of (Case *c, const DagschedTicket *ticket)
{
  g_assert_cmpuint (ticket->attempt, >=, 1);
  g_assert_cmpuint (ticket->attempt, <=, G_N_ELEMENTS (c->random.specs[0].results));
  return c->random.specs[ticket->test].results[ticket->attempt - 1];
}

/* The executor: attempts end on threads of its own, in a random order. */

static gboolean
executor_open (gpointer self, DagschedEngine *engine, guint n_lanes, GError **error)
{
  return TRUE;
}

static void
executor_start (gpointer self, DagschedAttemptHandle *attempt)
{
  Case *c = self;

  begin_attempt (c, dagsched_attempt_handle_get_ticket (attempt));
  g_mutex_lock (&c->lock);
  g_ptr_array_add (c->running, attempt);
  g_cond_broadcast (&c->cond);
  g_mutex_unlock (&c->lock);
}

static void
executor_stop (gpointer self, const DagschedTicket *ticket, gboolean kill)
{
}

static void
executor_release (gpointer self, guint32 fixture)
{
  Case *c = self;

  g_mutex_lock (&c->lock);
  g_assert_false (c->is_running[fixture]);
  g_assert_cmpuint (++c->n_released[fixture], ==, 1);
  g_array_append_val (c->releasing, fixture);
  g_cond_broadcast (&c->cond);
  g_mutex_unlock (&c->lock);
}

static void
executor_close (gpointer self)
{
  Case *c = self;

  g_mutex_lock (&c->lock);
  g_assert_cmpuint (c->running->len, ==, 0);
  c->stop = TRUE;
  g_cond_broadcast (&c->cond);
  g_mutex_unlock (&c->lock);
}

/* Some are gone at once, most a while later. */
static gboolean
release_one_unlocked (Case *c, DagschedEngineThread *thread)
{
  guint32 fixture;

  if (c->releasing->len == 0)
    return FALSE;

  fixture = g_array_index (c->releasing, guint32, 0);
  g_array_remove_index (c->releasing, 0);
  c->is_gone[fixture] = TRUE;
  g_mutex_unlock (&c->lock);
  dagsched_engine_released (c->engine, thread, fixture);
  g_mutex_lock (&c->lock);
  return TRUE;
}

/* Takes @attempt. */
static void
end_or_drop (Case *c, DagschedEngineThread *thread, DagschedAttemptHandle *attempt)
{
  const DagschedTicket *ticket = dagsched_attempt_handle_get_ticket (attempt);
  DagschedResult result = DAGSCHED_RESULT_INIT;
  gboolean drop;

  result.outcome = result_of (c, ticket);
  if (end_attempt (c, ticket, &drop))
    dagsched_engine_cancel (c->engine, DAGSCHED_CLOSING_STOP, "cancelled by the test");
  if (drop)
    dagsched_attempt_handle_drop (attempt);
  else
    dagsched_attempt_handle_complete (attempt, thread, &result);
}

static gpointer
completer (gpointer data)
{
  Case *c = data;
  DagschedEngineThread *thread = dagsched_engine_attach (c->engine);
  guint random = GPOINTER_TO_UINT (g_thread_self ());

  g_mutex_lock (&c->lock);
  while (!c->stop)
    {
      DagschedAttemptHandle *attempt;

      if (c->running->len == 0 && release_one_unlocked (c, thread))
        continue;
      if (c->running->len == 0)
        {
          g_cond_wait (&c->cond, &c->lock);
          continue;
        }
      random = random * 1103515245 + 12345;
      attempt = g_ptr_array_remove_index_fast (c->running, (random >> 8) % c->running->len);
      g_mutex_unlock (&c->lock);

      end_or_drop (c, thread, attempt);
      g_mutex_lock (&c->lock);
    }
  g_mutex_unlock (&c->lock);

  return NULL;
}

/* The engine's owner. */

static void
on_started (gpointer data, const DagschedTicket *ticket, gint64 time_ns)
{
}

static void
on_attempt (gpointer data, DagschedAttemptRecord *record)
{
}

/* Before anything starts, in their order. */
static void
check_earlier_unlocked (Case *c, guint32 test)
{
  g_assert_cmpuint (c->n_completed, ==, 0);
  g_assert_cmpuint (c->n_running, ==, 0);
  g_assert_cmpuint (g_array_index (c->earlier, DagschedEarlierTest, c->n_finished_in_all++).test, ==, test);
}

static void
on_finished (gpointer data, guint32 test, gint64 time_ns)
{
  Case *c = data;

  const Spec *spec = &c->random.specs[test];

  g_mutex_lock (&c->lock);
  g_assert_cmpuint (++c->n_finished[test], ==, 1);
  if (c->is_earlier[test])
    check_earlier_unlocked (c, test);
  /* What a fixture left running is gone when its cleanup has finished. */
  if (!c->dropped && spec->cleans >= 0 && c->n_started[test] > 0 && c->n_started[spec->cleans] > 0 &&
      !c->random.functions)
    g_assert_true (c->is_gone[spec->cleans]);
  g_mutex_unlock (&c->lock);
}

static void
on_ended (gpointer data)
{
  Case *c = data;

  g_mutex_lock (&c->lock);
  g_assert_false (c->ended);
  c->ended = TRUE;
  g_cond_broadcast (&c->cond);
  g_mutex_unlock (&c->lock);
}

static void
on_armed (gpointer data)
{
}

static gboolean
wants_output (gpointer data, guint32 test)
{
  return FALSE;
}

static gboolean
execute (gpointer data, const DagschedTicket *ticket, GCancellable *cancellable, DagschedResult *result)
{
  Case *c = data;

  begin_attempt (c, ticket);
  result->outcome = result_of (c, ticket);
  if (ticket->test % 7 == 0)
    g_thread_yield ();
  if (end_attempt (c, ticket, NULL))
    dagsched_engine_cancel (c->engine, DAGSCHED_CLOSING_STOP, "cancelled by the test");
  return FALSE;
}

static void
on_freed (gpointer data)
{
  ((Case *) data)->freed = TRUE;
}

static void
assert_attempts_of_earlier (Case *c, guint test)
{
  DagschedAttemptRecord last;

  g_assert_cmpuint (c->n_started[test], ==, 0);
  g_assert_cmpuint (dagsched_engine_get_n_attempts (c->engine, test), ==, c->random.specs[test].n_attempts);
  g_assert_true (dagsched_engine_get_last_attempt (c->engine, test, &last));
  g_assert_cmpuint (last.test, ==, test);
  g_assert_cmpint (dagsched_engine_get_flags (c->engine, test), ==, DAGSCHED_FLAGS_LEAKED);
}

/* Threads may not be to be had (tests/faults). */
static gboolean
has_faults (void)
{
  return g_getenv ("DAGSCHED_FAULTS") != NULL;
}

/* Each lane gets its thread when it is first needed, or its test is ERRORED. Who steals does with fewer. */
static gboolean
was_cut_short (Case *c)
{
  return has_faults () && c->random.functions && c->view->ordered;
}

static void
check_outcomes (Case *c)
{
  for (guint i = 0; i < c->random.n_tests; i++)
    {
      DagschedOutcome outcome = dagsched_engine_get_outcome (c->engine, i);

      g_assert_cmpuint (c->n_finished[i], ==, 1);
      g_assert_cmpint (dagsched_engine_get_state (c->engine, i), ==, DAGSCHED_STATE_FINISHED);
      g_assert_cmpuint (c->n_released[i], ==,
                        !c->random.functions && c->random.specs[i].cleanup >= 0 && c->n_started[i] > 0 ? 1
                                                                                                       : 0);
      if (c->dropped || was_cut_short (c))
        continue;
      if (c->cancel_after == 0)
        {
          g_assert_cmpint (outcome, ==, c->random.specs[i].outcome);
          if (c->is_earlier[i])
            assert_attempts_of_earlier (c, i);
          else
            g_assert_cmpuint (c->n_started[i], ==, c->random.specs[i].n_attempts);
        }
      /* A cancelled run cleans up all the same. */
      else if (c->random.specs[i].cleans >= 0 && c->n_started[c->random.specs[i].cleans] > 0 &&
               !c->random.specs[i].disabled)
        g_assert_cmpuint (c->n_started[i], >=, 1);
    }
}

static void
wait_for_end (Case *c)
{
  g_mutex_lock (&c->lock);
  while (!c->ended)
    g_cond_wait (&c->cond, &c->lock);
  g_mutex_unlock (&c->lock);
}

static void
fail_to_start (Case *c, const GError *error)
{
  g_assert_true (has_faults ());
  g_assert_error (error, G_THREAD_ERROR, G_THREAD_ERROR_AGAIN);

  g_mutex_lock (&c->lock);
  c->stop = TRUE;
  g_cond_broadcast (&c->cond);
  g_mutex_unlock (&c->lock);
}

static void
run_engine (Case *c)
{
  static const DagschedEngineHooks hooks = { on_started, on_attempt,   on_finished, on_ended,
                                             on_armed,   wants_output, execute,     on_freed };
  static const DagschedExecutorFuncs funcs = {
    .open = executor_open,
    .start = executor_start,
    .stop = executor_stop,
    .release = executor_release,
    .close = executor_close,
  };
  DagschedEngineParams params = { .n_lanes = N_LANES,
                                  .enable_work_stealing = g_rand_boolean (c->random.rand),
                                  .work_stealing_threshold = g_rand_int_range (c->random.rand, 1, 4),
                                  .max_spurious_wakeups = 2,
                                  .ring_capacity = 16 };
  GThread *completers[N_COMPLETERS] = { NULL };
  g_autoptr (GError) error = NULL;

  c->engine = dagsched_engine_new (c->view, &params, &hooks, c);
  if (c->earlier != NULL)
    dagsched_engine_take (c->engine, (const DagschedEarlierTest *) (gpointer) c->earlier->data,
                          c->earlier->len);
  if (c->view->has_processes)
    {
      dagsched_engine_set_executor (c->engine, &funcs, c);
      for (guint i = 0; i < N_COMPLETERS; i++)
        completers[i] = g_thread_new ("completer", completer, c);
    }

  if (dagsched_engine_start (c->engine, &error))
    wait_for_end (c);
  else
    fail_to_start (c, error);
  dagsched_engine_close (c->engine);
  for (guint i = 0; i < N_COMPLETERS && completers[i] != NULL; i++)
    g_thread_join (completers[i]);

  g_assert_true ((dagsched_engine_get_stall (c->engine) != NULL) == c->dropped);
  if (c->ended)
    check_outcomes (c);
  dagsched_engine_unref (c->engine);
  g_assert_true (c->freed);
}

typedef enum
{
  WHOLE,
  CANCELLED,
  DROPPED,
  RESUMED,
} Mode;

/* Of what ran in the reference some, wherever it is in the graph. Which fixtures may be among it, is not the engine's
 * to know. */
static void
take_some (Case *c, DagschedAttemptRecord *records)
{
  guint rarity = g_rand_int_range (c->random.rand, 1, 4);

  c->earlier = g_array_new (FALSE, FALSE, sizeof (DagschedEarlierTest));
  for (guint i = c->random.n_tests; i-- > 0;)
    {
      const Spec *spec = &c->random.specs[i];
      DagschedEarlierTest test = { .test = i, .outcome = spec->outcome, .flags = DAGSCHED_FLAGS_LEAKED };

      if (spec->n_attempts == 0 || spec->cleanup >= 0 || spec->cleans >= 0 ||
          g_rand_int_range (c->random.rand, 0, rarity) != 0)
        continue;
      records[i] = (DagschedAttemptRecord){ .test = i, .attempt = spec->n_attempts };
      test.last = &records[i];
      c->is_earlier[i] = TRUE;
      g_array_append_val (c->earlier, test);
    }
}

static void
run_case (guint seed, gboolean functions, Mode mode)
{
  g_autofree Case *c = g_new0 (Case, 1);
  g_autofree DagschedAttemptRecord *records = g_new0 (DagschedAttemptRecord, MAX_TESTS);
  g_autoptr (DagschedGraph) graph = NULL;
  g_autoptr (GError) error = NULL;

  random_case_init (&c->random, seed, functions);
  g_mutex_init (&c->lock);
  g_cond_init (&c->cond);
  c->running = g_ptr_array_new ();
  c->releasing = g_array_new (FALSE, FALSE, sizeof (guint32));
  if (mode == CANCELLED)
    c->cancel_after = g_rand_int_range (c->random.rand, 1, c->random.n_tests + 1);
  else if (mode == DROPPED)
    c->drop_after = g_rand_int_range (c->random.rand, 1, c->random.n_tests + 1);
  else if (mode == RESUMED)
    take_some (c, records);

  graph = random_case_make_graph (&c->random);
  c->plan = dagsched_plan_new (graph, NULL, &error);
  g_assert_no_error (error);
  c->view = dagsched_plan_get_view (c->plan);
  g_assert_cmpuint (c->view->n_tests, ==, c->random.n_tests);
  run_engine (c);

  g_object_unref (c->plan);
  g_ptr_array_unref (c->running);
  g_array_unref (c->releasing);
  g_clear_pointer (&c->earlier, g_array_unref);
  g_mutex_clear (&c->lock);
  g_cond_clear (&c->cond);
  random_case_clear (&c->random);
}

static guint
n_cases (void)
{
  return g_test_slow () ? 20000 : 500;
}

static void
test_processes (void)
{
  for (guint seed = 0; seed < n_cases (); seed++)
    run_case (seed, FALSE, WHOLE);
}

static void
test_functions (void)
{
  for (guint seed = 0; seed < n_cases (); seed++)
    run_case (seed + 100000, TRUE, WHOLE);
}

static void
test_cancelled_processes (void)
{
  for (guint seed = 0; seed < n_cases (); seed++)
    run_case (seed + 200000, FALSE, CANCELLED);
}

static void
test_cancelled_functions (void)
{
  for (guint seed = 0; seed < n_cases (); seed++)
    run_case (seed + 300000, TRUE, CANCELLED);
}

static void
test_dropped_processes (void)
{
  for (guint seed = 0; seed < n_cases (); seed++)
    run_case (seed + 400000, FALSE, DROPPED);
}

static void
test_resumed_processes (void)
{
  for (guint seed = 0; seed < n_cases (); seed++)
    run_case (seed + 500000, FALSE, RESUMED);
}

static void
test_resumed_functions (void)
{
  for (guint seed = 0; seed < n_cases (); seed++)
    run_case (seed + 600000, TRUE, RESUMED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/differential/processes", test_processes);
  g_test_add_func ("/differential/functions", test_functions);
  g_test_add_func ("/differential/cancelled-processes", test_cancelled_processes);
  g_test_add_func ("/differential/cancelled-functions", test_cancelled_functions);
  g_test_add_func ("/differential/dropped-processes", test_dropped_processes);
  g_test_add_func ("/differential/resumed-processes", test_resumed_processes);
  g_test_add_func ("/differential/resumed-functions", test_resumed_functions);

  return g_test_run ();
}
