/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine-case.h"

#include "base/dagsched-error.h"
#include "model/dagsched-command-test.h"
#include "model/dagsched-func-test.h"
#include "model/dagsched-graph.h"

Case *
case_new (void)
{
  Case *c = g_new0 (Case, 1);

  c->graph = dagsched_graph_new ("case");
  c->params = (DagschedEngineParams){ .n_lanes = 2,
                                      .enable_work_stealing = TRUE,
                                      .work_stealing_threshold = 2,
                                      .max_spurious_wakeups = 2,
                                      .ring_capacity = 1024,
                                      .timestamps = TRUE };
  g_mutex_init (&c->lock);
  g_cond_init (&c->cond);
  return c;
}

static DagschedOutcome
no_function (DagschedFuncTest *test, GCancellable *cancellable, gpointer data, GError **error)
{
  g_assert_not_reached ();
}

DagschedTest *
case_add (Case *c, const char *name, DagschedKind kind)
{
  static const char *const argv[] = { "true", NULL };
  g_autoptr (DagschedTest) test = NULL;
  g_autoptr (GError) error = NULL;

  if (kind == DAGSCHED_KIND_FUNCTION)
    test = DAGSCHED_TEST (dagsched_func_test_new (name, no_function, NULL, NULL));
  else
    test = DAGSCHED_TEST (dagsched_command_test_new (name, argv));
  dagsched_graph_add_test (c->graph, test, &error);
  g_assert_no_error (error);
  return test; /* the graph keeps it */
}

void
case_depend (Case *c, DagschedTest *dependent, DagschedTest *dependency, DagschedCondition condition)
{
  g_autoptr (GError) error = NULL;

  dagsched_graph_add_dependency (c->graph, dependent, dependency, condition, &error);
  g_assert_no_error (error);
}

void
case_compile (Case *c)
{
  g_autoptr (GError) error = NULL;

  c->plan = dagsched_plan_new (c->graph, NULL, &error);
  g_assert_no_error (error);
  c->view = *dagsched_plan_get_view (c->plan);
  g_assert_cmpuint (c->view.n_tests, <=, MAX_TESTS);
}

guint32
case_number_of (Case *c, const char *name)
{
  for (guint32 i = 0; i < c->view.n_tests; i++)
    {
      if (g_str_equal (dagsched_test_get_name (c->view.tests[i]), name))
        return i;
    }

  g_assert_not_reached ();
}

void
case_count (Case *c)
{
  g_mutex_lock (&c->lock);
  c->n_done++;
  g_cond_broadcast (&c->cond);
  g_mutex_unlock (&c->lock);
}

void
case_wait_for (Case *c, guint n)
{
  g_mutex_lock (&c->lock);
  while (c->n_done < n)
    g_cond_wait (&c->cond, &c->lock);
  g_mutex_unlock (&c->lock);
}

/* The executor. */

void
case_pass (DagschedAttemptHandle *attempt)
{
  DagschedResult result = DAGSCHED_RESULT_INIT;

  result.outcome = DAGSCHED_OUTCOME_PASSED;
  dagsched_attempt_handle_complete (attempt, NULL, &result);
}

void
case_keep (Case *c, DagschedAttemptHandle *attempt)
{
  guint32 test = dagsched_attempt_handle_get_ticket (attempt)->test;

  g_mutex_lock (&c->lock);
  g_assert_null (c->kept[test]);
  c->kept[test] = attempt;
  g_mutex_unlock (&c->lock);
}

DagschedAttemptHandle *
case_take (Case *c, guint32 test)
{
  DagschedAttemptHandle *attempt;

  g_mutex_lock (&c->lock);
  attempt = g_steal_pointer (&c->kept[test]);
  g_mutex_unlock (&c->lock);
  return attempt;
}

static gboolean
executor_open (gpointer self, DagschedEngine *engine, guint n_lanes, GError **error)
{
  Case *c = self;

  if (c->open != NULL)
    c->open (c);
  return TRUE;
}

static void
executor_start (gpointer self, DagschedAttemptHandle *attempt)
{
  Case *c = self;

  if (c->start != NULL)
    c->start (c, attempt);
  else
    case_pass (attempt);
}

static void
executor_stop (gpointer self, const DagschedTicket *ticket, gboolean kill)
{
  Case *c = self;

  if (c->stop != NULL)
    c->stop (c, ticket);
}

static void
executor_release (gpointer self, guint32 fixture)
{
  Case *c = self;

  dagsched_engine_released (c->engine, NULL, fixture);
}

static void
executor_close (gpointer self)
{
}

/* The owner. */

static void
on_started (gpointer data, const DagschedTicket *ticket, gint64 time_ns)
{
}

static void
on_attempt (gpointer data, DagschedAttemptRecord *record)
{
  Case *c = data;

  if (c->attempt != NULL)
    c->attempt (c, record);
}

static void
on_finished (gpointer data, guint32 test, gint64 time_ns)
{
  Case *c = data;

  g_mutex_lock (&c->lock);
  g_assert_cmpuint (++c->n_finished[test], ==, 1);
  g_mutex_unlock (&c->lock);
}

static void
on_ended (gpointer data)
{
  Case *c = data;

  if (c->told_end != NULL)
    c->told_end (c);

  g_mutex_lock (&c->lock);
  g_assert_false (c->ended);
  c->ended = TRUE;
  g_cond_broadcast (&c->cond);
  g_mutex_unlock (&c->lock);
}

static void
on_armed (gpointer data)
{
  Case *c = data;

  if (c->armed != NULL)
    c->armed (c);
}

static gboolean
wants_output (gpointer data, guint32 test)
{
  return FALSE;
}

static gboolean
on_execute (gpointer data, const DagschedTicket *ticket, GCancellable *cancellable, DagschedResult *result)
{
  Case *c = data;

  if (!c->passes_plainly)
    result->outcome = DAGSCHED_OUTCOME_PASSED;
  if (c->execute != NULL)
    c->execute (c, ticket, cancellable, result);
  return c->passes_plainly;
}

static void
on_freed (gpointer data)
{
  Case *c = data;

  g_mutex_lock (&c->lock);
  c->freed = TRUE;
  g_cond_broadcast (&c->cond);
  g_mutex_unlock (&c->lock);
}

static void
add_phantoms (Case *c)
{
  DagschedTracker *tracker = &c->engine->tracker;
  guint n_roots = 0;

  for (guint32 i = 0; i < c->view.n_tests; i++)
    atomic_fetch_add (&tracker->cells[i].pending, c->n_phantoms[i]);
  for (guint i = 0; i < tracker->roots.length; i++)
    {
      if (c->n_phantoms[tracker->roots.numbers[i]] == 0)
        tracker->roots.numbers[n_roots++] = tracker->roots.numbers[i];
    }
  tracker->roots.length = n_roots;
}

void
case_start (Case *c)
{
  static const DagschedEngineHooks hooks = { on_started, on_attempt,   on_finished, on_ended,
                                             on_armed,   wants_output, on_execute,  on_freed };
  static const DagschedExecutorFuncs funcs = {
    .open = executor_open,
    .start = executor_start,
    .stop = executor_stop,
    .release = executor_release,
    .close = executor_close,
  };
  g_autoptr (GError) error = NULL;

  c->engine = dagsched_engine_new (&c->view, &c->params, &hooks, c);
  add_phantoms (c);
  if (c->view.has_processes)
    dagsched_engine_set_executor (c->engine, &funcs, c);
  g_assert_true (dagsched_engine_start (c->engine, &error));
  g_assert_no_error (error);
}

void
case_wait_for_end (Case *c)
{
  g_mutex_lock (&c->lock);
  while (!c->ended)
    g_cond_wait (&c->cond, &c->lock);
  g_mutex_unlock (&c->lock);
}

void
case_close (Case *c)
{
  dagsched_engine_close (c->engine);
  for (guint32 i = 0; i < c->view.n_tests; i++)
    {
      g_assert_cmpuint (c->n_finished[i], ==, 1);
      g_assert_cmpint (dagsched_engine_get_state (c->engine, i), ==, DAGSCHED_STATE_FINISHED);
    }
}

void
case_assert_outcome (Case *c, const char *name, DagschedOutcome outcome)
{
  g_assert_cmpstr (
    dagsched_outcome_to_string (dagsched_engine_get_outcome (c->engine, case_number_of (c, name))), ==,
    dagsched_outcome_to_string (outcome));
}

static void
assert_told (const char *text, const char *const *told)
{
  for (; *told != NULL; told++)
    {
      if (strstr (text, *told) == NULL)
        g_test_message ("%s", text);
      g_assert_nonnull (strstr (text, *told));
    }
}

void
case_assert_stalled (Case *c, const char *const *told)
{
  const GError *error = NULL;

  case_wait_for_end (c);
  case_close (c);
  g_assert_cmpstr (dagsched_engine_get_stall (c->engine), ==,
                   dagsched_engine_get_problem (c->engine, &error));
  g_assert_error (error, DAGSCHED_ERROR, DAGSCHED_ERROR_STALLED);
  g_assert_cmpstr (error->message, ==, dagsched_engine_get_stall (c->engine));
  assert_told (error->message, told);
}

void
case_free (Case *c)
{
  g_clear_pointer (&c->engine, dagsched_engine_unref);
  g_mutex_lock (&c->lock);
  while (!c->freed)
    g_cond_wait (&c->cond, &c->lock);
  g_mutex_unlock (&c->lock);

  g_object_unref (c->plan);
  g_object_unref (c->graph);
  g_mutex_clear (&c->lock);
  g_cond_clear (&c->cond);
  g_free (c);
}
