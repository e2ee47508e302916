/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Functions in processes of their own: this program is started again for each of them. */
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "fixture.h"

static DagschedOutcome
say (DagschedOutcome outcome, const char *text, GError **error)
{
  g_set_error_literal (error, DAGSCHED_ERROR, DAGSCHED_ERROR_FAILED, text);
  return outcome;
}

static DagschedOutcome
skip (DagschedFuncTest *test, GCancellable *cancellable, gpointer data, GError **error)
{
  return say (DAGSCHED_OUTCOME_SKIPPED, "not here", error);
}

static DagschedOutcome
go_wrong (DagschedFuncTest *test, GCancellable *cancellable, gpointer data, GError **error)
{
  return say (DAGSCHED_OUTCOME_ERRORED, "no such thing", error);
}

static DagschedOutcome
crash (DagschedFuncTest *test, GCancellable *cancellable, gpointer data, GError **error)
{
  struct rlimit none = { 0 };

  setrlimit (RLIMIT_CORE, &none);
  abort ();
}

static DagschedOutcome
run_on (DagschedFuncTest *test, GCancellable *cancellable, gpointer data, GError **error)
{
  while (pause () < 0)
    ;
  return DAGSCHED_OUTCOME_PASSED;
}

/* Written before any graph is run. */
static gboolean runs_graphs; /* and is no process of one function */
static char **arguments;

static DagschedOutcome
pass_here (DagschedFuncTest *test, GCancellable *cancellable, gpointer data, GError **error)
{
  return runs_graphs ? DAGSCHED_OUTCOME_PASSED : DAGSCHED_OUTCOME_FAILED;
}

static void
make_tests (Fixture *f)
{
  add (f, "passes", pass, NULL);
  add (f, "fails", fail, NULL);
  add (f, "skips", skip, NULL);
  add (f, "goes wrong", go_wrong, NULL);
  add (f, "talks nonsense", nonsense, NULL);
  add (f, "crashes", crash, NULL);
  dagsched_test_set_timeout (add (f, "heeds", until_cancelled, NULL), 0.2);
  dagsched_test_set_timeout (add (f, "runs on", run_on, NULL), 0.2);
  dagsched_test_set_grace (DAGSCHED_TEST (dagsched_graph_lookup (f->graph, "runs on")), 0.1);
  add (f, "where", pass_here, NULL);
}

static gboolean
offer (Fixture *f, int *exit_status)
{
  return dagsched_graph_offer_functions (f->graph, (const char *const *) arguments, exit_status);
}

static void
assert_ended (Fixture *f, const char *name, DagschedOutcome outcome, const char *reason)
{
  DagschedTest *test = dagsched_graph_lookup (f->graph, name);
  g_autofree char *actual = NULL;

  g_object_get (test, "reason", &actual, NULL);
  g_test_message ("%s: %s", name, actual);
  g_assert_cmpint (dagsched_test_get_outcome (test), ==, outcome);
  if (reason != NULL)
    g_assert_nonnull (strstr (actual, reason));
}

static void
run_all (Fixture *f)
{
  g_autoptr (DagschedScheduler) scheduler = dagsched_scheduler_new (f->graph, f->options);
  g_autoptr (GError) error = NULL;

  dagsched_scheduler_run (scheduler, NULL, &error);
  g_assert_no_error (error);
}

static void
test_each_in_its_process (Fixture *f, gconstpointer data)
{
  int exit_status;

  make_tests (f);
  g_assert_false (offer (f, &exit_status));
  g_object_set (f->options, "isolate", TRUE, NULL);
  run_all (f);

  assert_ended (f, "passes", DAGSCHED_OUTCOME_PASSED, NULL);
  assert_ended (f, "fails", DAGSCHED_OUTCOME_FAILED, "exit status 1");
  assert_ended (f, "skips", DAGSCHED_OUTCOME_SKIPPED, "exit status 77");
  assert_ended (f, "goes wrong", DAGSCHED_OUTCOME_ERRORED, "exit status 99");
  assert_ended (f, "talks nonsense", DAGSCHED_OUTCOME_ERRORED, "exit status 99");
  assert_ended (f, "crashes", DAGSCHED_OUTCOME_FAILED, "SIGABRT");
  assert_ended (f, "heeds", DAGSCHED_OUTCOME_TIMED_OUT, "0.2 s");
  assert_ended (f, "runs on", DAGSCHED_OUTCOME_TIMED_OUT, "0.2 s");
  assert_ended (f, "where", DAGSCHED_OUTCOME_FAILED, NULL);
}

/* Those that are not offered run as they always do; and so do all if nobody asked for processes. */
static void
test_only_if_offered_and_asked_for (Fixture *f, gconstpointer data)
{
  gboolean offered = GPOINTER_TO_INT (data);
  int exit_status;

  add (f, "where", pass_here, NULL);
  if (offered)
    g_assert_false (offer (f, &exit_status));
  g_object_set (f->options, "isolate", !offered, NULL);
  run_all (f);
  assert_ended (f, "where", DAGSCHED_OUTCOME_PASSED, NULL);
}

static void
test_repetitions (Fixture *f, gconstpointer data)
{
  g_autoptr (DagschedScheduler) scheduler = NULL;
  int exit_status;

  add (f, "where", pass_here, NULL);
  g_assert_false (offer (f, &exit_status));
  g_object_set (f->options, "isolate", TRUE, "repeat", 3, NULL);
  scheduler = dagsched_scheduler_new (f->graph, f->options);
  g_assert_true (dagsched_scheduler_run (scheduler, NULL, NULL));
  g_assert_cmpuint (dagsched_run_get_n_with_outcome (DAGSCHED_RUN (scheduler), DAGSCHED_OUTCOME_FAILED), ==,
                    3);
}

/* What a function of another program would be. */
static void
test_unknown_function (Fixture *f, gconstpointer data)
{
  const char *argv[] = { arguments[0], "--dagsched-function=elsewhere", NULL };
  int exit_status;

  add (f, "where", pass_here, NULL);
  g_assert_true (dagsched_graph_offer_functions (f->graph, argv, &exit_status));
  g_assert_cmpint (exit_status, ==, 99);
}

#define ADD(path, data, func) g_test_add (path, Fixture, data, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_auto (GStrv) copy = g_strdupv (argv);
  Fixture offered;
  int exit_status;
  gboolean is_one;

  arguments = copy;
  set_up (&offered, NULL);
  make_tests (&offered);
  is_one = offer (&offered, &exit_status);
  tear_down (&offered, NULL);
  if (is_one)
    return exit_status;

  runs_graphs = TRUE;
  g_test_init (&argc, &argv, NULL);
  ADD ("/isolation/each-in-its-process", NULL, test_each_in_its_process);
  ADD ("/isolation/only-if-offered", GINT_TO_POINTER (FALSE), test_only_if_offered_and_asked_for);
  ADD ("/isolation/only-if-asked-for", GINT_TO_POINTER (TRUE), test_only_if_offered_and_asked_for);
  ADD ("/isolation/repetitions", NULL, test_repetitions);
  ADD ("/isolation/unknown-function", NULL, test_unknown_function);

  return g_test_run ();
}
