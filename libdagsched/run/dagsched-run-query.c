/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "run/dagsched-run-private.h"

/* What can be asked of a run: DagschedRun's functions, and what follows from them. */

/**
 * dagsched_run_get_tests:
 * @self: a run
 *
 * Gets the tests of the run, in the order of the plan: a list model of [class@Test]. Model thread.
 *
 * Returns: (transfer none): the list model
 *
 * Since: 1.0
 */
GListModel *
dagsched_run_get_tests (DagschedRun *self)
{
  g_return_val_if_fail (DAGSCHED_IS_RUN (self), NULL);

  return DAGSCHED_RUN_GET_IFACE (self)->get_tests (self);
}

/**
 * dagsched_run_get_workers:
 * @self: a run
 *
 * Gets the workers of the run: a list model of [class@Worker]. Model thread.
 *
 * Returns: (transfer none): the list model
 *
 * Since: 1.0
 */
GListModel *
dagsched_run_get_workers (DagschedRun *self)
{
  g_return_val_if_fail (DAGSCHED_IS_RUN (self), NULL);

  return DAGSCHED_RUN_GET_IFACE (self)->get_workers (self);
}

/**
 * dagsched_run_dup_attempts:
 * @self: a run
 * @test: a test of the run
 *
 * Gets the attempts of a test that have ended, the first one first. Of a run in another process
 * they are without what the test wrote, and why, until that was loaded:
 * [method@Run.load_attempts_async]. Model thread.
 *
 * Returns: (transfer full) (element-type DagschedAttempt): the attempts
 *
 * Since: 1.0
 */
GPtrArray *
dagsched_run_dup_attempts (DagschedRun *self, DagschedTest *test)
{
  g_return_val_if_fail (DAGSCHED_IS_RUN (self), NULL);
  g_return_val_if_fail (DAGSCHED_IS_TEST (test), NULL);

  return DAGSCHED_RUN_GET_IFACE (self)->dup_attempts (self, test);
}

void
dagsched_run_default_load_attempts_async (DagschedRun *self,
                                          DagschedTest *test,
                                          GCancellable *cancellable,
                                          GAsyncReadyCallback callback,
                                          gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, dagsched_run_load_attempts_async);
  g_task_return_pointer (task, dagsched_run_dup_attempts (self, test), (GDestroyNotify) g_ptr_array_unref);
}

GPtrArray *
dagsched_run_default_load_attempts_finish (DagschedRun *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * dagsched_run_load_attempts_async:
 * @self: a run
 * @test: a test of the run
 * @cancellable: (nullable): to give up waiting
 * @callback: (scope async) (closure user_data): called when the attempts are there
 * @user_data: data for @callback
 *
 * Gets the attempts of a test that have ended, with all that is kept of them: what the test wrote
 * may have to come from another process, or from a file. So may settings of the test itself, such as its
 * command: once this has finished, @test has all of them. Model thread.
 *
 * Since: 1.0
 */
void
dagsched_run_load_attempts_async (DagschedRun *self,
                                  DagschedTest *test,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data)
{
  g_return_if_fail (DAGSCHED_IS_RUN (self));
  g_return_if_fail (DAGSCHED_IS_TEST (test));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  DAGSCHED_RUN_GET_IFACE (self)->load_attempts_async (self, test, cancellable, callback, user_data);
}

/**
 * dagsched_run_load_attempts_finish:
 * @self: a run
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Gets what [method@Run.load_attempts_async] asked for.
 *
 * Fails with %DAGSCHED_ERROR_FAILED or %DAGSCHED_ERROR_NOT_FOUND where the other process and its log
 * are gone, and with %G_IO_ERROR_CANCELLED.
 *
 * Returns: (transfer full) (element-type DagschedAttempt): the attempts, the first one first, or %NULL
 *
 * Since: 1.0
 */
GPtrArray *
dagsched_run_load_attempts_finish (DagschedRun *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (DAGSCHED_IS_RUN (self), NULL);
  g_return_val_if_fail (G_IS_ASYNC_RESULT (result), NULL);

  return DAGSCHED_RUN_GET_IFACE (self)->load_attempts_finish (self, result, error);
}

/**
 * dagsched_run_follow_output:
 * @self: a run
 * @test: a test of the run
 * @follow: whether to follow, or to follow no longer
 *
 * Has the [signal@Test::output] of a running test emitted, where that takes more than to be connected to
 * it: in a run that goes on in another process. Calls are counted: each that follows has to be taken
 * back by one that does not. Model thread.
 *
 * Since: 1.0
 */
void
dagsched_run_follow_output (DagschedRun *self, DagschedTest *test, gboolean follow)
{
  g_return_if_fail (DAGSCHED_IS_RUN (self));
  g_return_if_fail (DAGSCHED_IS_TEST (test));

  if (DAGSCHED_RUN_GET_IFACE (self)->follow_output != NULL)
    DAGSCHED_RUN_GET_IFACE (self)->follow_output (self, test, follow);
}

GTask *
dagsched_run_load_output_task_new (DagschedRun *self,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, dagsched_run_load_output_async);
  return task;
}

void
dagsched_run_load_output_return (GTask *task, DagschedOutputs *outputs)
{
  g_task_return_pointer (task, outputs, (GDestroyNotify) dagsched_outputs_free);
}

void
dagsched_run_default_load_output_async (DagschedRun *self,
                                        DagschedTest *test,
                                        GCancellable *cancellable,
                                        GAsyncReadyCallback callback,
                                        gpointer user_data)
{
  g_autoptr (GTask) task = dagsched_run_load_output_task_new (self, cancellable, callback, user_data);

  dagsched_run_load_output_return (task, dagsched_outputs_new ());
}

/**
 * dagsched_run_load_output_async:
 * @self: a run
 * @test: a test of the run
 * @cancellable: (nullable): to give up waiting
 * @callback: (scope async) (closure user_data): called when the output is there
 * @user_data: data for @callback
 *
 * Gets what the running attempt of a test has written so far, as far as it is kept: of a test that does not go on,
 * that is what there is to be seen. To see what it writes from then on as well, connect to [signal@Test::output] and
 * call [method@Run.follow_output] before this, and leave out of each emission what this has got already:
 * [method@Test.get_n_written] tells where it ends. Model thread.
 *
 * Since: 1.0
 */
void
dagsched_run_load_output_async (DagschedRun *self,
                                DagschedTest *test,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data)
{
  g_return_if_fail (DAGSCHED_IS_RUN (self));
  g_return_if_fail (DAGSCHED_IS_TEST (test));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  DAGSCHED_RUN_GET_IFACE (self)->load_output_async (self, test, cancellable, callback, user_data);
}

static void
take_stream (DagschedOutput *stream, GBytes **bytes, guint64 *n_written)
{
  if (bytes != NULL)
    *bytes = g_steal_pointer (&stream->bytes);
  if (n_written != NULL)
    *n_written = stream->n_written;
}

/**
 * dagsched_run_load_output_finish:
 * @self: a run
 * @result: what the callback was given
 * @standard_output: (out) (optional) (nullable) (transfer full): return location for what was written to standard
 *   output; %NULL is nothing
 * @n_written_output: (out) (optional): return location for how many bytes that were, with those that were cut
 * @standard_error: (out) (optional) (nullable) (transfer full): return location for what was written to standard error
 * @n_written_error: (out) (optional): return location for how many bytes that were
 * @error: return location for an error
 *
 * Gets what [method@Run.load_output_async] asked for: nothing, where no attempt of the test is running.
 *
 * Fails with %DAGSCHED_ERROR_FAILED where the other process is gone, and with %G_IO_ERROR_CANCELLED.
 *
 * Returns: whether it could be got
 *
 * Since: 1.0
 */
gboolean
dagsched_run_load_output_finish (DagschedRun *self,
                                 GAsyncResult *result,
                                 GBytes **standard_output,
                                 guint64 *n_written_output,
                                 GBytes **standard_error,
                                 guint64 *n_written_error,
                                 GError **error)
{
  DagschedOutputs *outputs;

  g_return_val_if_fail (DAGSCHED_IS_RUN (self), FALSE);
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  g_return_val_if_fail (g_task_get_source_tag (G_TASK (result)) == dagsched_run_load_output_async, FALSE);

  outputs = g_task_propagate_pointer (G_TASK (result), error);
  if (outputs == NULL)
    return FALSE;

  take_stream (&outputs->streams[0], standard_output, n_written_output);
  take_stream (&outputs->streams[1], standard_error, n_written_error);
  dagsched_outputs_free (outputs);
  return TRUE;
}

/**
 * dagsched_run_get_name:
 * @self: a run
 *
 * Gets the name of the suite. Model thread.
 *
 * Returns: (transfer none) (nullable): the name, or %NULL if it has none
 *
 * Since: 1.0
 */
const char *
dagsched_run_get_name (DagschedRun *self)
{
  g_return_val_if_fail (DAGSCHED_IS_RUN (self), NULL);

  return DAGSCHED_RUN_GET_IFACE (self)->get_name (self);
}

/**
 * dagsched_run_get_started_at:
 * @self: a run
 *
 * Gets when the run started. Model thread.
 *
 * Returns: microseconds since 1970, UTC; 0 if it has not started
 *
 * Since: 1.0
 */
gint64
dagsched_run_get_started_at (DagschedRun *self)
{
  g_return_val_if_fail (DAGSCHED_IS_RUN (self), 0);

  return DAGSCHED_RUN_GET_IFACE (self)->get_started_at (self);
}

/**
 * dagsched_run_get_elapsed:
 * @self: a run
 *
 * Gets how long the run has been going on or, once it has ended, how long it took. Model thread.
 *
 * Returns: seconds; 0 if it has not started
 *
 * Since: 1.0
 */
double
dagsched_run_get_elapsed (DagschedRun *self)
{
  g_return_val_if_fail (DAGSCHED_IS_RUN (self), 0.0);

  return DAGSCHED_RUN_GET_IFACE (self)->get_elapsed (self);
}

/**
 * dagsched_run_get_n_in_state:
 * @self: a run
 * @state: a state
 *
 * Counts the tests in a state. Model thread.
 *
 * Returns: how many they are
 *
 * Since: 1.0
 */
guint
dagsched_run_get_n_in_state (DagschedRun *self, DagschedState state)
{
  g_return_val_if_fail (DAGSCHED_IS_RUN (self), 0);
  g_return_val_if_fail (state <= DAGSCHED_STATE_FINISHED, 0);

  return DAGSCHED_RUN_GET_IFACE (self)->get_n_in_state (self, state);
}

/**
 * dagsched_run_get_n_with_outcome:
 * @self: a run
 * @outcome: an outcome; %DAGSCHED_OUTCOME_NONE counts those that have not finished
 *
 * Counts the tests with an outcome. Model thread.
 *
 * Returns: how many they are
 *
 * Since: 1.0
 */
guint
dagsched_run_get_n_with_outcome (DagschedRun *self, DagschedOutcome outcome)
{
  g_return_val_if_fail (DAGSCHED_IS_RUN (self), 0);
  g_return_val_if_fail (outcome < DAGSCHED_N_OUTCOMES, 0);

  return DAGSCHED_RUN_GET_IFACE (self)->get_n_with_outcome (self, outcome);
}

/**
 * dagsched_run_get_verdict:
 * @self: a run
 *
 * Gets what the run as a whole came to. Model thread.
 *
 * Returns: the verdict; %DAGSCHED_VERDICT_NONE until the run has ended
 *
 * Since: 1.0
 */
DagschedVerdict
dagsched_run_get_verdict (DagschedRun *self)
{
  g_return_val_if_fail (DAGSCHED_IS_RUN (self), DAGSCHED_VERDICT_NONE);

  return DAGSCHED_RUN_GET_IFACE (self)->get_verdict (self);
}

/**
 * dagsched_run_get_problem:
 * @self: a run
 *
 * Gets why the run could not be completed, or was cancelled. Model thread.
 *
 * Returns: (transfer none) (nullable): a message for people, or %NULL
 *
 * Since: 1.0
 */
const char *
dagsched_run_get_problem (DagschedRun *self)
{
  g_return_val_if_fail (DAGSCHED_IS_RUN (self), NULL);

  return DAGSCHED_RUN_GET_IFACE (self)->get_problem (self);
}

/**
 * dagsched_run_get_paused:
 * @self: a run
 *
 * Gets whether the run stands still: see [method@Scheduler.pause].
 *
 * Returns: whether it is paused
 *
 * Since: 1.0
 */
gboolean
dagsched_run_get_paused (DagschedRun *self)
{
  g_return_val_if_fail (DAGSCHED_IS_RUN (self), FALSE);

  return DAGSCHED_RUN_GET_IFACE (self)->get_paused != NULL &&
         DAGSCHED_RUN_GET_IFACE (self)->get_paused (self);
}

/**
 * dagsched_run_find_test:
 * @self: a run
 * @test: a test
 *
 * Gets the number of a test in the run: its position in dagsched_run_get_tests(). Model thread.
 *
 * Returns: the number, or `G_MAXUINT` if the test is not part of the run
 *
 * Since: 1.0
 */
guint
dagsched_run_find_test (DagschedRun *self, DagschedTest *test)
{
  g_return_val_if_fail (DAGSCHED_IS_RUN (self), DAGSCHED_RUN_NO_TEST);
  g_return_val_if_fail (DAGSCHED_IS_TEST (test), DAGSCHED_RUN_NO_TEST);

  return DAGSCHED_RUN_GET_IFACE (self)->find_test (self, test);
}

/**
 * dagsched_run_get_n_dependencies:
 * @self: a run
 * @number: the number of a test
 *
 * Counts the tests of the run on which a test depends, directly. Model thread.
 *
 * Returns: how many they are
 *
 * Since: 1.0
 */
guint
dagsched_run_get_n_dependencies (DagschedRun *self, guint number)
{
  g_return_val_if_fail (DAGSCHED_IS_RUN (self), 0);

  return DAGSCHED_RUN_GET_IFACE (self)->get_n_dependencies (self, number);
}

/**
 * dagsched_run_get_dependency:
 * @self: a run
 * @number: the number of a test
 * @index: which of its dependencies: less than dagsched_run_get_n_dependencies()
 * @condition: (out) (optional): return location for the condition
 *
 * Gets a dependency of a test. Those that are not part of the run are not among them; that of a
 * cleanup on each user of its fixture is. Model thread.
 *
 * Returns: the number of the test on which @number depends
 *
 * Since: 1.0
 */
guint
dagsched_run_get_dependency (DagschedRun *self, guint number, guint index, DagschedCondition *condition)
{
  DagschedCondition unused;

  g_return_val_if_fail (DAGSCHED_IS_RUN (self), DAGSCHED_RUN_NO_TEST);

  return DAGSCHED_RUN_GET_IFACE (self)->get_dependency (self, number, index,
                                                        condition != NULL ? condition : &unused);
}

/**
 * dagsched_run_get_span:
 * @self: a run
 * @number: the number of a test
 * @index: which of its attempts that have ended, the last one being 0, the one before it 1, and so on
 * @span: (out caller-allocates): return location for when and where it took place
 *
 * Gets when and where an attempt took place, without the rest of it: for many tests at once. Model thread.
 *
 * Returns: whether there is such an attempt
 *
 * Since: 1.0
 */
gboolean
dagsched_run_get_span (DagschedRun *self, guint number, guint index, DagschedSpan *span)
{
  g_return_val_if_fail (DAGSCHED_IS_RUN (self), FALSE);
  g_return_val_if_fail (span != NULL, FALSE);

  return DAGSCHED_RUN_GET_IFACE (self)->get_span (self, number, index, span);
}

/**
 * dagsched_run_can_cancel:
 * @self: a run
 *
 * Tells whether the run is one that can be cancelled: a log can't.
 *
 * Returns: whether it is
 *
 * Since: 1.0
 */
gboolean
dagsched_run_can_cancel (DagschedRun *self)
{
  g_return_val_if_fail (DAGSCHED_IS_RUN (self), FALSE);

  return DAGSCHED_RUN_GET_IFACE (self)->cancel != NULL;
}

/**
 * dagsched_run_cancel:
 * @self: a run that can be cancelled
 * @kill: whether to end everything at once
 *
 * Ends the run early: no further test starts, what runs is stopped (its signal, its grace, then
 * SIGKILL; a function's cancellable fires), and every test gets its outcome. Cleanups of fixtures
 * that ran are still carried out. With @kill running processes and cleanups are killed at once.
 *
 * Does nothing before the run and after it. May be called again with @kill.
 *
 * Since: 1.0
 */
void
dagsched_run_cancel (DagschedRun *self, gboolean kill)
{
  g_return_if_fail (DAGSCHED_IS_RUN (self));
  g_return_if_fail (dagsched_run_can_cancel (self));

  DAGSCHED_RUN_GET_IFACE (self)->cancel (self, kill);
}
