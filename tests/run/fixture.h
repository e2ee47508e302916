/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <dagsched.h>

#include "gate.h"

/* What the scheduler's tests have in common: a graph of functions, and how to run it. */

typedef struct
{
  DagschedGraph *graph;
  DagschedOptions *options;
  GString *told; /* what was emitted, a word each */
} Fixture;

static inline void
set_up (Fixture *f, gconstpointer data)
{
  f->graph = dagsched_graph_new ("suite");
  f->options = dagsched_options_new ();
  f->told = g_string_new (NULL);
}

static inline void
tear_down (Fixture *f, gconstpointer data)
{
  g_assert_finalize_object (f->graph);
  g_assert_finalize_object (f->options);
  g_string_free (f->told, TRUE);
}

static inline DagschedOutcome
pass (DagschedFuncTest *test, GCancellable *cancellable, gpointer data, GError **error)
{
  return DAGSCHED_OUTCOME_PASSED;
}

static inline DagschedOutcome
fail (DagschedFuncTest *test, GCancellable *cancellable, gpointer data, GError **error)
{
  g_set_error_literal (error, DAGSCHED_ERROR, DAGSCHED_ERROR_FAILED, "as it should");
  return DAGSCHED_OUTCOME_FAILED;
}

static inline DagschedOutcome
fail_once (DagschedFuncTest *test, GCancellable *cancellable, gpointer data, GError **error)
{
  return g_atomic_int_add ((int *) data, 1) == 0 ? DAGSCHED_OUTCOME_FAILED : DAGSCHED_OUTCOME_PASSED;
}

static inline DagschedOutcome
nonsense (DagschedFuncTest *test, GCancellable *cancellable, gpointer data, GError **error)
{
  return DAGSCHED_OUTCOME_BLOCKED;
}

/* Returns when it is told to. */
static inline DagschedOutcome
until_cancelled (DagschedFuncTest *test, GCancellable *cancellable, gpointer data, GError **error)
{
  GPollFD fd;

  g_assert_true (g_cancellable_make_pollfd (cancellable, &fd));
  g_poll (&fd, 1, -1);
  g_cancellable_release_fd (cancellable);
  return DAGSCHED_OUTCOME_PASSED;
}

/* Does not care about its cancellable. */
static inline DagschedOutcome
until_opened (DagschedFuncTest *test, GCancellable *cancellable, gpointer data, GError **error)
{
  gate_wait (data, 1);
  return DAGSCHED_OUTCOME_PASSED;
}

static inline DagschedTest *
add (Fixture *f, const char *name, DagschedTestFunc func, gpointer data)
{
  g_autoptr (DagschedTest) test = DAGSCHED_TEST (dagsched_func_test_new (name, func, data, NULL));
  g_autoptr (GError) error = NULL;

  g_assert_true (dagsched_graph_add_test (f->graph, test, &error));
  g_assert_no_error (error);
  return test; /* the graph keeps it */
}

static inline void
depend (Fixture *f, DagschedTest *dependent, DagschedTest *dependency, DagschedCondition condition)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (dagsched_graph_add_dependency (f->graph, dependent, dependency, condition, &error));
  g_assert_no_error (error);
}

static inline DagschedScheduler *
run (Fixture *f)
{
  DagschedScheduler *scheduler = dagsched_scheduler_new (f->graph, f->options);
  g_autoptr (GError) error = NULL;

  g_assert_true (dagsched_scheduler_run (scheduler, NULL, &error));
  g_assert_no_error (error);
  return scheduler;
}

static inline void
assert_outcome (DagschedTest *test, DagschedOutcome outcome)
{
  g_assert_cmpstr (dagsched_outcome_to_string (dagsched_test_get_outcome (test)), ==,
                   dagsched_outcome_to_string (outcome));
  g_assert_cmpint (dagsched_test_get_state (test), ==, DAGSCHED_STATE_FINISHED);
}

#define ADD(path, data, func) g_test_add (path, Fixture, data, set_up, func, tear_down)
