/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "live/dagsched-observer-private.h"

#include <glib-unix.h>
#include <unistd.h>

#include "base/dagsched-error.h"
#include "live/dagsched-live-directory-private.h"
#include "live/dagsched-live-link-private.h"
#include "model/dagsched-test-private.h"

/**
 * DagschedObserver:
 *
 * A run in another process, seen as if it were here: a [iface@Run].
 *
 * The other process publishes its run ([class@Publisher]; `dagsched run` does). An observer is made by
 * [func@Observer.connect_async], in whose context all of it is shown, from a picture of the whole at first. What
 * happens faster than it can be shown is left out; what is final is always right.
 *
 * What a picture of the run needs is here at once: names, suites, labels, dependencies, weights and expected
 * durations. What tests wrote, and all other settings of a test (its command among them), are not here until somebody
 * asks for them: [method@Run.load_attempts_async], [method@Run.follow_output]. When the other process is gone, its log
 * is asked instead.
 *
 * If the other process dies before the run has ended, the run ends here as
 * %DAGSCHED_VERDICT_INCOMPLETE, and tests that had not finished as %DAGSCHED_OUTCOME_CANCELLED.
 *
 * Since: 1.0
 */

enum
{
  PROP_0,
  PROP_CONNECTED,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void dagsched_observer_run_init (DagschedRunInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (DagschedObserver,
                               dagsched_observer,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (DAGSCHED_TYPE_RUN, dagsched_observer_run_init))

/* The interface. */

static GListModel *
get_tests (DagschedRun *run)
{
  return G_LIST_MODEL (DAGSCHED_OBSERVER (run)->test_list);
}

static GListModel *
get_workers (DagschedRun *run)
{
  return G_LIST_MODEL (DAGSCHED_OBSERVER (run)->worker_list);
}

static const char *
get_name (DagschedRun *run)
{
  return DAGSCHED_OBSERVER (run)->known.name;
}

static gint64
get_started_at (DagschedRun *run)
{
  return DAGSCHED_OBSERVER (run)->started_at;
}

static double
get_elapsed (DagschedRun *run)
{
  return dagsched_observer_count_elapsed (DAGSCHED_OBSERVER (run));
}

static guint
get_n_in_state (DagschedRun *run, DagschedState state)
{
  return DAGSCHED_OBSERVER (run)->n_in_state[state];
}

static guint
get_n_with_outcome (DagschedRun *run, DagschedOutcome outcome)
{
  return DAGSCHED_OBSERVER (run)->n_with_outcome[outcome];
}

static DagschedVerdict
get_verdict (DagschedRun *run)
{
  return DAGSCHED_OBSERVER (run)->verdict;
}

static const char *
get_problem (DagschedRun *run)
{
  return DAGSCHED_OBSERVER (run)->problem;
}

static guint
find_test (DagschedRun *run, DagschedTest *test)
{
  DagschedObserver *self = DAGSCHED_OBSERVER (run);
  guint32 number = dagsched_test_get_number (test);

  return number < self->n_tests && self->tests[number] == test ? number : DAGSCHED_RUN_NO_TEST;
}

static guint
get_n_dependencies (DagschedRun *run, guint number)
{
  DagschedObserver *self = DAGSCHED_OBSERVER (run);

  g_return_val_if_fail (number < self->n_tests, 0);

  return self->first_dependency[number + 1] - self->first_dependency[number];
}

static guint
get_dependency (DagschedRun *run, guint number, guint index, DagschedCondition *condition)
{
  DagschedObserver *self = DAGSCHED_OBSERVER (run);
  guint32 packed;

  g_return_val_if_fail (index < get_n_dependencies (run, number), DAGSCHED_RUN_NO_TEST);

  packed = self->dependencies[self->first_dependency[number] + index];
  *condition = DAGSCHED_LIVE_CONDITION (packed);
  return DAGSCHED_LIVE_NUMBER (packed);
}

static gboolean
get_span (DagschedRun *run, guint number, guint index, DagschedSpan *span)
{
  DagschedObserver *self = DAGSCHED_OBSERVER (run);
  guint32 next = number < self->n_tests ? self->shown[number].last_span : 0;

  for (; next != 0 && index > 0; index--)
    next = g_array_index (self->spans, DagschedObserverSpan, next - 1).previous;
  if (next == 0)
    return FALSE;

  *span = g_array_index (self->spans, DagschedObserverSpan, next - 1).span;
  return TRUE;
}

static void
send_frame (DagschedObserver *self, DagschedLiveFrameType type, gconstpointer payload, gsize length)
{
  if (dagsched_observer_is_connected (self))
    dagsched_live_reader_send (self->reader, dagsched_live_frame_new (type, payload, length));
}

static void
cancel (DagschedRun *run, gboolean kill)
{
  const DagschedLiveCancel record = { .kill = kill };

  send_frame (DAGSCHED_OBSERVER (run), DAGSCHED_LIVE_CANCEL, &record, sizeof record);
}

static void
follow_output (DagschedRun *run, DagschedTest *test, gboolean follow)
{
  DagschedObserver *self = DAGSCHED_OBSERVER (run);
  DagschedLiveFollow record = { .number = find_test (run, test), .follow = follow };
  gpointer key = GUINT_TO_POINTER (record.number);
  guint n = GPOINTER_TO_UINT (g_hash_table_lookup (self->follows, key));

  g_return_if_fail (record.number != DAGSCHED_RUN_NO_TEST);
  g_return_if_fail (follow || n > 0);

  n += follow ? 1 : -1;
  if (n > 0)
    g_hash_table_insert (self->follows, key, GUINT_TO_POINTER (n));
  else
    g_hash_table_remove (self->follows, key);
  if (n == (follow ? 1 : 0))
    send_frame (self, DAGSCHED_LIVE_FOLLOW, &record, sizeof record);
}

static void
dagsched_observer_run_init (DagschedRunInterface *iface)
{
  iface->get_tests = get_tests;
  iface->get_workers = get_workers;
  iface->dup_attempts = dagsched_observer_dup_attempts;
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
  iface->cancel = cancel;
  iface->load_attempts_async = dagsched_observer_load_attempts_async;
  iface->follow_output = follow_output;
  iface->load_output_async = dagsched_observer_load_output_async;
}

/* Connecting. */

static void
stop_listening (DagschedObserver *self)
{
  if (self->source != NULL)
    g_source_destroy (self->source);
  g_clear_pointer (&self->source, g_source_unref);
  if (self->cancel_source != NULL)
    g_source_destroy (self->cancel_source);
  g_clear_pointer (&self->cancel_source, g_source_unref);
}

/* Takes the reference that connecting holds, and @error. */
static void
fail_connecting (DagschedObserver *self, GError *error)
{
  g_autoptr (GTask) task = g_steal_pointer (&self->connecting);

  stop_listening (self);
  g_task_return_error (task, error);
  g_object_unref (self);
}

static void
end_connecting (DagschedObserver *self)
{
  g_autoptr (GTask) task = g_steal_pointer (&self->connecting);

  if (self->cancel_source != NULL)
    g_source_destroy (self->cancel_source);
  g_clear_pointer (&self->cancel_source, g_source_unref);
  dagsched_run_notify_progress (DAGSCHED_RUN (self), &self->seen);
  g_task_return_pointer (task, self, g_object_unref);
}

static void
go_on_connecting (DagschedObserver *self)
{
  DagschedLiveNews *news = dagsched_live_reader_take (self->reader);

  if (news == NULL)
    return;
  /* What follows comes when somebody had the time to be connected to it. */
  dagsched_live_reader_wake (self->reader);
  if (news->kind == DAGSCHED_LIVE_NEWS_BUILT)
    end_connecting (self);
  else
    fail_connecting (self, g_steal_pointer (&news->error));
  dagsched_live_news_free (news);
}

static gboolean
on_news (int fd, GIOCondition condition, gpointer data)
{
  g_autoptr (DagschedObserver) self = g_object_ref (data);

  dagsched_live_reader_clear (self->reader);
  if (self->connecting != NULL)
    go_on_connecting (self);
  else
    dagsched_observer_show_news (self);

  return G_SOURCE_CONTINUE;
}

static gboolean
on_cancelled (GCancellable *cancellable, gpointer data)
{
  fail_connecting (data, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "cancelled"));
  return G_SOURCE_REMOVE;
}

static void
listen (DagschedObserver *self)
{
  GCancellable *cancellable = g_task_get_cancellable (self->connecting);
  GMainContext *context = g_task_get_context (self->connecting);

  self->source = g_unix_fd_source_new (dagsched_live_reader_get_fd (self->reader), G_IO_IN);
  g_source_set_static_name (self->source, "dagsched observer");
  g_source_set_priority (self->source, G_PRIORITY_DEFAULT_IDLE);
  g_source_set_callback (self->source, G_SOURCE_FUNC (on_news), self, NULL);
  g_source_attach (self->source, context);
  if (cancellable == NULL)
    return;

  self->cancel_source = g_cancellable_source_new (cancellable);
  g_source_set_callback (self->cancel_source, G_SOURCE_FUNC (on_cancelled), self, NULL);
  g_source_attach (self->cancel_source, context);
}

static gboolean
open_connection (DagschedObserver *self, const char *address, GError **error)
{
  int fd;

  self->path = dagsched_live_socket_find (address, error);
  fd = self->path != NULL ? dagsched_live_socket_connect (self->path, error) : -1;
  if (fd < 0)
    return FALSE;
  if (!dagsched_live_socket_is_own (fd))
    {
      g_set_error (error, DAGSCHED_ERROR, DAGSCHED_ERROR_FAILED, "%s: the process there is another user's",
                   self->path);
      close (fd);
      return FALSE;
    }

  self->reader = dagsched_live_reader_new (fd, self, error);
  return self->reader != NULL;
}

/**
 * dagsched_observer_connect_async:
 * @address: the path of a run's socket, or the process id of its runner
 * @cancellable: (nullable): to give up waiting
 * @callback: (scope async) (closure user_data): called when the run is there, or can't be
 * @user_data: data for @callback
 *
 * Observes a run that another process of this user publishes. From here on it is shown in the thread-default main
 * context of the caller, and nowhere else: its signals, properties, list models, and @callback.
 *
 * Since: 1.0
 */
void
dagsched_observer_connect_async (const char *address,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  g_autoptr (DagschedObserver) self = NULL;
  GError *error = NULL;

  g_return_if_fail (address != NULL);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  g_task_set_source_tag (task, dagsched_observer_connect_async);
  if (g_task_return_error_if_cancelled (task))
    return;

  self = g_object_new (DAGSCHED_TYPE_OBSERVER, NULL);
  if (!open_connection (self, address, &error))
    {
      g_task_return_error (task, error);
      return;
    }

  self->connecting = g_steal_pointer (&task);
  listen (g_steal_pointer (&self));
}

/**
 * dagsched_observer_connect_finish:
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Gets the run that [func@Observer.connect_async] asked for.
 *
 * Fails with %DAGSCHED_ERROR_NOT_FOUND if there is no such run, or it has ended; with %DAGSCHED_ERROR_PARSE if what
 * is there is no run, or one of another version; with %DAGSCHED_ERROR_FAILED if it may not be observed; and with
 * %G_IO_ERROR_CANCELLED.
 *
 * Returns: (transfer full): the run, as it stands, or %NULL with @error set
 *
 * Since: 1.0
 */
DagschedObserver *
dagsched_observer_connect_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, dagsched_observer_connect_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

void
dagsched_observer_notify_connected (DagschedObserver *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CONNECTED]);
}

/**
 * dagsched_observer_close:
 * @self: an observer
 *
 * Stops observing: nothing changes any more, and the other process does nothing for it. Giving up the last reference
 * does the same.
 *
 * Since: 1.0
 */
void
dagsched_observer_close (DagschedObserver *self)
{
  g_return_if_fail (DAGSCHED_IS_OBSERVER (self));

  if (self->reader == NULL)
    return;

  stop_listening (self);
  g_clear_pointer (&self->reader, dagsched_live_reader_free);
  if (!self->lost)
    dagsched_observer_notify_connected (self);
  self->lost = TRUE;
  dagsched_observer_turn_to_log (self);
}

/* The object. */

static void
dagsched_observer_dispose (GObject *object)
{
  DagschedObserver *self = DAGSCHED_OBSERVER (object);

  stop_listening (self);
  g_clear_pointer (&self->reader, dagsched_live_reader_free);
  for (guint32 i = 0; i < self->n_tests; i++)
    {
      dagsched_test_forget_blocked_by (self->tests[i]);
      dagsched_test_set_number (self->tests[i], G_MAXUINT32);
    }
  self->n_tests = 0;

  G_OBJECT_CLASS (dagsched_observer_parent_class)->dispose (object);
}

static void
dagsched_observer_finalize (GObject *object)
{
  DagschedObserver *self = DAGSCHED_OBSERVER (object);

  dagsched_observer_clear_cursor (self);
  dagsched_observer_clear_loads (self);
  g_hash_table_unref (self->follows);
  g_object_unref (self->test_list);
  g_object_unref (self->worker_list);
  g_array_unref (self->spans);
  g_array_unref (self->changed);
  g_free (self->tests);
  g_free (self->workers);
  g_free (self->first_dependency);
  g_free (self->dependencies);
  g_free (self->first_dependent);
  g_free (self->dependents);
  g_free (self->shown);
  g_free (self->problem);
  g_free (self->path);
  dagsched_live_known_clear (&self->known);

  G_OBJECT_CLASS (dagsched_observer_parent_class)->finalize (object);
}

static void
dagsched_observer_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  if (prop_id == PROP_CONNECTED)
    g_value_set_boolean (value, dagsched_observer_get_connected (DAGSCHED_OBSERVER (object)));
  else if (!dagsched_run_get_interface_property (DAGSCHED_RUN (object), N_PROPS, prop_id, value))
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
dagsched_observer_class_init (DagschedObserverClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = dagsched_observer_dispose;
  object_class->finalize = dagsched_observer_finalize;
  object_class->get_property = dagsched_observer_get_property;

  /**
   * DagschedObserver:connected:
   *
   * Whether the other process is there, and tells what happens. It may be gone once the run has ended.
   *
   * Since: 1.0
   */
  properties[PROP_CONNECTED] = g_param_spec_boolean (
    "connected", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);
  dagsched_run_override_properties (object_class, N_PROPS);
}

static void
dagsched_observer_init (DagschedObserver *self)
{
  self->test_list = g_list_store_new (DAGSCHED_TYPE_TEST);
  self->worker_list = g_list_store_new (DAGSCHED_TYPE_WORKER);
  self->spans = g_array_new (FALSE, FALSE, sizeof (DagschedObserverSpan));
  self->changed = g_array_new (FALSE, FALSE, sizeof (guint32));
  self->follows = g_hash_table_new (NULL, NULL);
  dagsched_observer_init_loads (self);
}

/**
 * dagsched_observer_get_path:
 * @self: an observer
 *
 * Gets where the run is published.
 *
 * Returns: (transfer none) (type filename): the path of its socket
 *
 * Since: 1.0
 */
const char *
dagsched_observer_get_path (DagschedObserver *self)
{
  g_return_val_if_fail (DAGSCHED_IS_OBSERVER (self), NULL);

  return self->path;
}

/**
 * dagsched_observer_get_log_path:
 * @self: an observer
 *
 * Gets where the other process writes the log of the run.
 *
 * Returns: (transfer none) (nullable) (type filename): a path, or %NULL if it writes none
 *
 * Since: 1.0
 */
const char *
dagsched_observer_get_log_path (DagschedObserver *self)
{
  g_return_val_if_fail (DAGSCHED_IS_OBSERVER (self), NULL);

  return self->known.log_path;
}

/**
 * dagsched_observer_get_pid:
 * @self: an observer
 *
 * Gets which process carries the run out.
 *
 * Returns: its process id
 *
 * Since: 1.0
 */
int
dagsched_observer_get_pid (DagschedObserver *self)
{
  g_return_val_if_fail (DAGSCHED_IS_OBSERVER (self), 0);

  return self->known.pid;
}

/**
 * dagsched_observer_get_connected:
 * @self: an observer
 *
 * Gets [property@Observer:connected].
 *
 * Returns: whether the other process is there
 *
 * Since: 1.0
 */
gboolean
dagsched_observer_get_connected (DagschedObserver *self)
{
  g_return_val_if_fail (DAGSCHED_IS_OBSERVER (self), FALSE);

  return dagsched_observer_is_connected (self);
}
