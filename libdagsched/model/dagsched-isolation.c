/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Functions that are carried out in a process of their own: the program runs itself, and says which function it is to be. */
#include "model/dagsched-isolation-private.h"

#include <glib/gstdio.h>
#include <signal.h>

#include "model/dagsched-test-struct-private.h"

#define ARGUMENT "--dagsched-function="

/* As DagschedCommandTest:protocol has them. */
#define EXIT_FAILED 1
#define EXIT_SKIPPED 77
#define EXIT_ERRORED 99

static gboolean
is_function (DagschedTest *test)
{
  return DAGSCHED_TEST_GET_CLASS (test)->run != NULL;
}

DagschedCommandTest *
dagsched_test_peek_command (DagschedTest *self)
{
  if (DAGSCHED_IS_COMMAND_TEST (self))
    return DAGSCHED_COMMAND_TEST (self);

  return (DagschedCommandTest *) dagsched_test_peek_extra (self)->command;
}

/* The program, its arguments, and which function. */
static void
offer (DagschedTest *test, const char *const *argv)
{
  const char *name = dagsched_test_get_name (test);
  g_autofree char *argument = g_strconcat (ARGUMENT, name, NULL);
  g_autoptr (GPtrArray) command = g_ptr_array_new ();
  DagschedTestExtra *extra = dagsched_test_ensure_extra (test);

  for (; *argv != NULL; argv++)
    g_ptr_array_add (command, (gpointer) *argv);
  g_ptr_array_add (command, argument);
  g_ptr_array_add (command, NULL);

  g_clear_object (&extra->command);
  extra->command = DAGSCHED_TEST (dagsched_command_test_new (name, (const char *const *) command->pdata));
}

static gpointer
cancel_when_told (gpointer data)
{
  g_autoptr (GCancellable) cancellable = data;
  sigset_t term;
  int signum;

  sigemptyset (&term);
  sigaddset (&term, SIGTERM);
  sigwait (&term, &signum);
  g_cancellable_cancel (cancellable);
  return NULL;
}

static int
get_exit_status (DagschedTest *test, DagschedOutcome outcome)
{
  switch (outcome)
    {
    case DAGSCHED_OUTCOME_PASSED:
      return 0;
    case DAGSCHED_OUTCOME_FAILED:
      return EXIT_FAILED;
    case DAGSCHED_OUTCOME_SKIPPED:
      return EXIT_SKIPPED;
    case DAGSCHED_OUTCOME_NONE:
    case DAGSCHED_OUTCOME_ERRORED:
    case DAGSCHED_OUTCOME_TIMED_OUT:
    case DAGSCHED_OUTCOME_BLOCKED:
    case DAGSCHED_OUTCOME_CANCELLED:
    case DAGSCHED_OUTCOME_EXPECTED_FAILURE:
    case DAGSCHED_OUTCOME_UNEXPECTED_PASS:
    default:
      return EXIT_ERRORED;
    }
}

/* Where there is no thread to be had SIGTERM ends the process, as it does others. */
static void
watch_for_stop (GCancellable *cancellable)
{
  GThread *thread;
  sigset_t term;

  sigemptyset (&term);
  sigaddset (&term, SIGTERM);
  pthread_sigmask (SIG_BLOCK, &term, NULL);
  thread = g_thread_try_new ("dagsched-stop", cancel_when_told, g_object_ref (cancellable), NULL);
  if (thread != NULL)
    {
      g_thread_unref (thread);
      return;
    }

  pthread_sigmask (SIG_UNBLOCK, &term, NULL);
  g_object_unref (cancellable);
}

static int
carry_out (DagschedTest *test)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  DagschedOutcome outcome;

  watch_for_stop (cancellable);
  outcome = DAGSCHED_TEST_GET_CLASS (test)->run (test, cancellable, &error);
  if (error != NULL)
    g_printerr ("%s\n", error->message);

  return get_exit_status (test, outcome);
}

/* (nullable) the name in a command line that offer() made. */
static const char *
find_name (const char *const *argv)
{
  const char *last = NULL;

  for (; *argv != NULL; argv++)
    last = *argv;

  return last != NULL && g_str_has_prefix (last, ARGUMENT) ? last + strlen (ARGUMENT) : NULL;
}

/**
 * dagsched_graph_offer_functions:
 * @self: a graph with all of its tests
 * @argv: (array zero-terminated=1): the command line that starts this program, as main() got it; a script puts its
 *   interpreter before it
 * @exit_status: (out): what to end with, where that is asked for
 *
 * Offers the functions of the tests by name, so that with [property@Options:isolate] each attempt can be carried out in a
 * process of its own: a function that crashes, leaks or overruns is then one failed test, instead of the end of the program.
 * That process is this program again, with one more argument, `--dagsched-function=NAME`. It makes the same graph, comes
 * here, and finds that it is to be one function:
 *
 * ```c
 * if (dagsched_graph_offer_functions (graph, (const char *const *) argv, &exit_status))
 *   return exit_status;
 * ```
 *
 * So the program must do nothing before that it would not do once a test; what functions share in its memory is not shared any
 * more. The @cancellable of the function fires on SIGTERM. What its error says is written to standard error.
 *
 * To be called before the graph is run, in the thread of the model.
 *
 * Returns: whether this process was started for one function, and has carried it out: it then ends with @exit_status
 *
 * Since: 1.0
 */
gboolean
dagsched_graph_offer_functions (DagschedGraph *self, const char *const *argv, int *exit_status)
{
  const char *name;
  DagschedTest *asked_for;

  g_return_val_if_fail (DAGSCHED_IS_GRAPH (self), FALSE);
  g_return_val_if_fail (argv != NULL && argv[0] != NULL, FALSE);
  g_return_val_if_fail (exit_status != NULL, FALSE);

  *exit_status = 0;
  name = find_name (argv);
  if (name == NULL)
    {
      for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self)); i++)
        {
          g_autoptr (DagschedTest) test = g_list_model_get_item (G_LIST_MODEL (self), i);

          if (is_function (test))
            offer (test, argv);
        }
      return FALSE;
    }

  asked_for = dagsched_graph_lookup (self, name);
  if (asked_for != NULL && is_function (asked_for))
    *exit_status = carry_out (asked_for);
  else
    {
      g_printerr ("%s: no function is called \"%s\"\n", argv[0], name);
      *exit_status = EXIT_ERRORED;
    }
  return TRUE;
}
