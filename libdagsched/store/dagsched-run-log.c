/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "store/dagsched-run-log-struct-private.h"

#include "base/dagsched-pointers-private.h"
#include "run/dagsched-worker-private.h"
#include "store/dagsched-log-format-private.h"

/**
 * DagschedRunLog:
 *
 * A run that is read from its log.
 *
 * After loading, the run is as it was before it started; [method@RunLog.replay] carries it out again at
 * once, [method@RunLog.advance] step by step, with all the signals of a run: whatever can show or report
 * a run can show or report its log. All of it belongs in one thread, that which loaded it.
 *
 * Since: 1.0
 */

static void dagsched_run_log_run_init (DagschedRunInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (DagschedRunLog,
                               dagsched_run_log,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (DAGSCHED_TYPE_RUN, dagsched_run_log_run_init))

static GListModel *
get_tests (DagschedRun *run)
{
  return G_LIST_MODEL (DAGSCHED_RUN_LOG (run)->tests);
}

static GListModel *
get_workers (DagschedRun *run)
{
  return G_LIST_MODEL (DAGSCHED_RUN_LOG (run)->workers);
}

static DagschedLogAttempt *
get_last_shown (DagschedRunLog *self, guint32 number)
{
  return dagsched_log_content_get_attempt (self->content, self->last_shown[number]);
}

static GPtrArray *
dup_attempts (DagschedRun *run, DagschedTest *test)
{
  DagschedRunLog *self = DAGSCHED_RUN_LOG (run);
  g_autoptr (GPtrArray) attempts = g_ptr_array_new_with_free_func (g_object_unref);
  gpointer number;

  if (!g_hash_table_lookup_extended (self->numbers, test, NULL, &number))
    return g_steal_pointer (&attempts);

  for (DagschedLogAttempt *attempt = get_last_shown (self, GPOINTER_TO_UINT (number)); attempt != NULL;
       attempt = dagsched_log_content_get_attempt (self->content, attempt->previous))
    {
      if (!attempt->result.lost)
        g_ptr_array_add (attempts, dagsched_log_content_make_attempt (self->content, attempt));
    }
  dagsched_pointers_reverse (attempts);

  return g_steal_pointer (&attempts);
}

static const char *
get_name (DagschedRun *run)
{
  return DAGSCHED_RUN_LOG (run)->content->name;
}

static gint64
get_started_at (DagschedRun *run)
{
  return DAGSCHED_RUN_LOG (run)->content->started_at;
}

static double
get_elapsed (DagschedRun *run)
{
  return DAGSCHED_RUN_LOG (run)->elapsed;
}

static guint
get_n_in_state (DagschedRun *run, DagschedState state)
{
  return DAGSCHED_RUN_LOG (run)->n_in_state[state];
}

static guint
get_n_with_outcome (DagschedRun *run, DagschedOutcome outcome)
{
  return DAGSCHED_RUN_LOG (run)->n_with_outcome[outcome];
}

static DagschedVerdict
get_verdict (DagschedRun *run)
{
  return DAGSCHED_RUN_LOG (run)->verdict;
}

static const char *
get_problem (DagschedRun *run)
{
  return DAGSCHED_RUN_LOG (run)->problem;
}

static guint
find_test (DagschedRun *run, DagschedTest *test)
{
  gpointer number;

  return g_hash_table_lookup_extended (DAGSCHED_RUN_LOG (run)->numbers, test, NULL, &number)
           ? GPOINTER_TO_UINT (number)
           : DAGSCHED_RUN_NO_TEST;
}

static guint
get_n_dependencies (DagschedRun *run, guint number)
{
  DagschedLogTest *logged = dagsched_log_content_get_test (DAGSCHED_RUN_LOG (run)->content, number);

  g_return_val_if_fail (logged != NULL, 0);

  return logged->n_dependencies;
}

static guint
get_dependency (DagschedRun *run, guint number, guint index, DagschedCondition *condition)
{
  DagschedRunLog *self = DAGSCHED_RUN_LOG (run);
  DagschedLogTest *logged = dagsched_log_content_get_test (self->content, number);
  const DagschedLogDependency *dependency;

  g_return_val_if_fail (logged != NULL && index < logged->n_dependencies, DAGSCHED_RUN_NO_TEST);

  dependency = dagsched_log_content_get_dependency (self->content, logged, index);
  *condition = dependency->condition;
  return dependency->number;
}

static gboolean
get_span (DagschedRun *run, guint number, guint index, DagschedSpan *span)
{
  DagschedRunLog *self = DAGSCHED_RUN_LOG (run);
  DagschedLogAttempt *attempt;

  if (number >= self->content->tests->len)
    return FALSE;

  attempt = get_last_shown (self, number);
  for (; attempt != NULL && index > 0; index--)
    attempt = dagsched_log_content_get_attempt (self->content, attempt->previous);
  if (attempt == NULL)
    return FALSE;

  *span = (DagschedSpan){
    .attempt = attempt->number,
    .worker = attempt->worker,
    .outcome = attempt->result.outcome,
    .will_retry = attempt->will_retry,
    .start = attempt->start,
    .duration = attempt->duration,
  };
  return TRUE;
}

static void
dagsched_run_log_run_init (DagschedRunInterface *iface)
{
  iface->get_tests = get_tests;
  iface->get_workers = get_workers;
  iface->dup_attempts = dup_attempts;
  iface->get_name = get_name;
  iface->get_started_at = get_started_at;
  iface->get_elapsed = get_elapsed;
  iface->get_n_in_state = get_n_in_state;
  iface->get_n_with_outcome = get_n_with_outcome;
  iface->get_verdict = get_verdict;
  iface->get_problem = get_problem;
  iface->find_test = find_test;
  iface->get_n_dependencies = get_n_dependencies;
  iface->get_dependency = get_dependency;
  iface->get_span = get_span;
}

static void
fill_models (DagschedRunLog *self)
{
  guint32 n_tests = self->content->tests->len;
  g_autofree gpointer *tests = g_new (gpointer, n_tests);

  for (guint32 i = 0; i < n_tests; i++)
    {
      tests[i] = dagsched_log_content_get_test (self->content, i)->test;
      g_hash_table_insert (self->numbers, tests[i], GUINT_TO_POINTER (i));
    }
  g_list_store_splice (self->tests, 0, 0, tests, n_tests);

  for (guint i = 0; i < self->content->n_workers; i++)
    {
      g_autoptr (DagschedWorker) worker = dagsched_worker_new (i);

      g_list_store_append (self->workers, worker);
    }
}

/* Nobody else sees the object yet: any thread. */
static DagschedRunLog *
load (GFile *file, GCancellable *cancellable, GError **error)
{
  DagschedLogContent *content = dagsched_log_content_load (file, cancellable, error);
  DagschedRunLog *self;

  if (content == NULL)
    return NULL;

  self = g_object_new (DAGSCHED_TYPE_RUN_LOG, NULL);
  self->content = content;
  self->n_waited = g_new0 (guint32, content->tests->len);
  self->last_shown = g_new0 (guint32, content->tests->len);
  self->noted = g_new0 (guint32, content->tests->len);
  self->busy = g_new0 (double, content->n_workers);
  fill_models (self);
  dagsched_run_log_reset (self);

  return self;
}

/**
 * dagsched_run_log_load:
 * @file: a run log
 * @error: return location for an error
 *
 * Reads a run log. Lines that are damaged are skipped: dagsched_run_log_get_warnings() has them.
 *
 * The outputs of tests that are large stay in the file, and are read when an attempt is asked for.
 *
 * Errors: %DAGSCHED_ERROR_NOT_FOUND if there is no such file, %DAGSCHED_ERROR_PARSE if it is not a run log
 * or one of a format version that this library does not know, %DAGSCHED_ERROR_FAILED if it can't be read.
 *
 * Returns: (transfer full): the run, or %NULL with @error set
 *
 * Since: 1.0
 */
DagschedRunLog *
dagsched_run_log_load (GFile *file, GError **error)
{
  g_return_val_if_fail (G_IS_FILE (file), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  return load (file, NULL, error);
}

static void
load_in_thread (GTask *task, gpointer source, gpointer file, GCancellable *cancellable)
{
  GError *error = NULL;
  DagschedRunLog *self = load (file, cancellable, &error);

  if (self != NULL)
    g_task_return_pointer (task, self, g_object_unref);
  else
    g_task_return_error (task, error);
}

/**
 * dagsched_run_log_load_async:
 * @file: a run log
 * @cancellable: (nullable): to stop reading
 * @callback: called when the log has been read, in the caller's thread-default main context
 * @user_data: for @callback
 *
 * Reads a run log in another thread. The run then belongs in the calling one.
 *
 * Since: 1.0
 */
void
dagsched_run_log_load_async (GFile *file,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (G_IS_FILE (file));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_source_tag (task, dagsched_run_log_load_async);
  g_task_set_task_data (task, g_object_ref (file), g_object_unref);
  g_task_run_in_thread (task, load_in_thread);
}

/**
 * dagsched_run_log_load_finish:
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Ends dagsched_run_log_load_async().
 *
 * Errors: those of dagsched_run_log_load(), and %G_IO_ERROR_CANCELLED.
 *
 * Returns: (transfer full): the run, or %NULL with @error set
 *
 * Since: 1.0
 */
DagschedRunLog *
dagsched_run_log_load_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, dagsched_run_log_load_async), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * dagsched_run_log_is_run_log:
 * @file: a file
 *
 * Tells whether a file looks like a run log, by its first bytes. One that can't be read does not.
 *
 * Returns: whether it does
 *
 * Since: 1.0
 */
gboolean
dagsched_run_log_is_run_log (GFile *file)
{
  g_autoptr (GFileInputStream) stream = NULL;
  char head[64];
  gsize length = 0;

  g_return_val_if_fail (G_IS_FILE (file), FALSE);

  stream = g_file_read (file, NULL, NULL);

  return stream != NULL &&
         g_input_stream_read_all (G_INPUT_STREAM (stream), head, sizeof head, &length, NULL, NULL) &&
         dagsched_log_is_header (head, length);
}

/**
 * dagsched_run_log_get_warnings:
 * @self: a run log
 *
 * Gets what is wrong with the log and did not keep it from being read: damaged lines and the like.
 *
 * Returns: (transfer none) (array zero-terminated=1): messages for people
 *
 * Since: 1.0
 */
const char *const *
dagsched_run_log_get_warnings (DagschedRunLog *self)
{
  g_return_val_if_fail (DAGSCHED_IS_RUN_LOG (self), NULL);

  return (const char *const *) self->content->warnings->pdata;
}

static void
dagsched_run_log_finalize (GObject *object)
{
  DagschedRunLog *self = DAGSCHED_RUN_LOG (object);

  g_clear_pointer (&self->content, dagsched_log_content_free);
  g_clear_object (&self->tests);
  g_clear_object (&self->workers);
  g_clear_pointer (&self->numbers, g_hash_table_unref);
  g_clear_pointer (&self->n_waited, g_free);
  g_clear_pointer (&self->last_shown, g_free);
  g_clear_pointer (&self->noted, g_free);
  g_clear_pointer (&self->busy, g_free);
  g_array_unref (self->changed);

  G_OBJECT_CLASS (dagsched_run_log_parent_class)->finalize (object);
}

static void
dagsched_run_log_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  if (!dagsched_run_get_interface_property (DAGSCHED_RUN (object), 1, prop_id, value))
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
dagsched_run_log_class_init (DagschedRunLogClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = dagsched_run_log_finalize;
  object_class->get_property = dagsched_run_log_get_property;

  dagsched_run_override_properties (object_class, 1);
}

static void
dagsched_run_log_init (DagschedRunLog *self)
{
  self->tests = g_list_store_new (DAGSCHED_TYPE_TEST);
  self->workers = g_list_store_new (DAGSCHED_TYPE_WORKER);
  self->numbers = g_hash_table_new (NULL, NULL);
  self->changed = g_array_new (FALSE, FALSE, sizeof (guint32));
}
