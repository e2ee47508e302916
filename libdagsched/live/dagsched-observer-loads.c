/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The details of the tests of an observed run: from what is shown, from the other process, or from its log. */
#include "live/dagsched-observer-private.h"

#include <glib-unix.h>

#include "base/dagsched-error.h"
#include "base/dagsched-pointers-private.h"
#include "live/dagsched-live-link-private.h"
#include "model/dagsched-attempt-private.h"
#include "model/dagsched-test-private.h"

/* What was loaded stays for so many tests: outputs may be large. */
#define MAX_LOADED 16

/* What somebody waits for. */
typedef struct
{
  DagschedObserver *observer; /* not owned */
  GTask *task;
  guint32 request;
  guint32 number;
  GSource *cancel_source; /* (nullable) */
} Load;

static void
load_free (gpointer data)
{
  Load *self = data;

  if (self->cancel_source != NULL)
    g_source_destroy (self->cancel_source);
  g_clear_pointer (&self->cancel_source, g_source_unref);
  g_clear_object (&self->task);
  g_free (self);
}

static void log_reading_free (gpointer data);

static void
unref_task (gpointer task)
{
  g_object_unref (task);
}

void
dagsched_observer_init_loads (DagschedObserver *self)
{
  self->loads = g_hash_table_new_full (NULL, NULL, NULL, load_free);
  self->loaded = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) g_ptr_array_unref);
  g_queue_init (&self->loaded_order);
}

static void
fail_closed (GTask *task)
{
  g_task_return_new_error (task, DAGSCHED_ERROR, DAGSCHED_ERROR_FAILED, "the run is not observed any more");
}

void
dagsched_observer_clear_loads (DagschedObserver *self)
{
  GHashTableIter iter;
  gpointer load;

  g_hash_table_iter_init (&iter, self->loads);
  while (g_hash_table_iter_next (&iter, NULL, &load))
    fail_closed (((Load *) load)->task);
  g_hash_table_unref (self->loads);
  g_hash_table_unref (self->loaded);
  g_queue_clear (&self->loaded_order);
  g_clear_object (&self->log);
  g_clear_pointer (&self->log_reading, log_reading_free);
  g_clear_pointer (&self->log_mailbox, dagsched_live_mailbox_unref);
}

static GPtrArray *
copy_attempts (GPtrArray *attempts)
{
  GPtrArray *copy = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < attempts->len; i++)
    g_ptr_array_add (copy, g_object_ref (g_ptr_array_index (attempts, i)));
  return copy;
}

/* (nullable): those of a test that has had another attempt since are not all. */
static GPtrArray *
find_loaded (DagschedObserver *self, guint32 number)
{
  GPtrArray *attempts = g_hash_table_lookup (self->loaded, GUINT_TO_POINTER (number));

  return attempts != NULL && attempts->len >= self->shown[number].n_spans ? attempts : NULL;
}

static void
keep_loaded (DagschedObserver *self, guint32 number, GPtrArray *attempts)
{
  gpointer key = GUINT_TO_POINTER (number);

  g_queue_remove (&self->loaded_order, key);
  g_queue_push_tail (&self->loaded_order, key);
  g_hash_table_insert (self->loaded, key, copy_attempts (attempts));
  while (self->loaded_order.length > MAX_LOADED)
    g_hash_table_remove (self->loaded, g_queue_pop_head (&self->loaded_order));
}

DagschedAttempt *
dagsched_observer_new_attempt (const DagschedSpan *span)
{
  DagschedResult result = DAGSCHED_RESULT_INIT;

  result.outcome = span->outcome;
  return dagsched_attempt_new (span->attempt, span->worker, span->outcome, span->start, span->duration,
                               span->will_retry, &result);
}

GPtrArray *
dagsched_observer_dup_attempts (DagschedRun *run, DagschedTest *test)
{
  DagschedObserver *self = DAGSCHED_OBSERVER (run);
  guint number = dagsched_run_find_test (run, test);
  GPtrArray *attempts = number != DAGSCHED_RUN_NO_TEST ? find_loaded (self, number) : NULL;

  if (attempts != NULL)
    return copy_attempts (attempts);

  attempts = g_ptr_array_new_with_free_func (g_object_unref);
  if (number == DAGSCHED_RUN_NO_TEST)
    return attempts;

  for (guint32 next = self->shown[number].last_span; next != 0;)
    {
      const DagschedObserverSpan *span = &g_array_index (self->spans, DagschedObserverSpan, next - 1);

      g_ptr_array_add (attempts, dagsched_observer_new_attempt (&span->span));
      next = span->previous;
    }
  dagsched_pointers_reverse (attempts);
  return attempts;
}

gboolean
dagsched_observer_is_connected (DagschedObserver *self)
{
  return self->reader != NULL && !self->lost;
}

/* From the log. */

/* What the thread that reads the log comes to. */
typedef struct
{
  DagschedRunLog *log; /* (nullable) */
  GError *error;
} LogResult;

static void
log_result_free (gpointer data)
{
  LogResult *self = data;

  g_clear_object (&self->log);
  g_clear_error (&self->error);
  g_free (self);
}

/* Given to the thread, and given back by it. */
typedef struct
{
  char *path;
  DagschedLiveMailbox *mailbox;
} LogReading;

static gpointer
read_log (gpointer data)
{
  LogReading *self = data;
  g_autoptr (GFile) file = g_file_new_for_path (self->path);
  LogResult *result = g_new0 (LogResult, 1);

  result->log = dagsched_run_log_load (file, &result->error);
  /* What is shown is what has been replayed. */
  if (result->log != NULL)
    dagsched_run_log_replay (result->log);
  dagsched_live_mailbox_push (self->mailbox, result);
  return NULL;
}

/* What is said of another test is passed over. */
static gboolean
adopt_settings (DagschedObserver *self, guint32 number, DagschedTest *from)
{
  DagschedTest *test = self->tests[number];

  if (from == NULL || g_strcmp0 (dagsched_test_get_name (from), dagsched_test_get_name (test)) != 0)
    return FALSE;

  dagsched_test_adopt_settings (test, from);
  return TRUE;
}

static void
answer_from_log (DagschedObserver *self, GTask *task)
{
  guint32 number = GPOINTER_TO_UINT (g_task_get_task_data (task));
  GListModel *tests = dagsched_run_get_tests (DAGSCHED_RUN (self->log));
  g_autoptr (DagschedTest) test = g_list_model_get_item (tests, number);
  GPtrArray *attempts;

  if (!adopt_settings (self, number, test))
    {
      g_task_return_new_error (task, DAGSCHED_ERROR, DAGSCHED_ERROR_NOT_FOUND,
                               "%s is not the log of this run any more", self->known.log_path);
      return;
    }

  attempts = dagsched_run_dup_attempts (DAGSCHED_RUN (self->log), test);
  keep_loaded (self, number, attempts);
  g_task_return_pointer (task, attempts, (GDestroyNotify) g_ptr_array_unref);
}

static void
answer_waits (DagschedObserver *self, const GError *error)
{
  g_autoptr (GPtrArray) waits = g_steal_pointer (&self->log_waits);

  for (guint i = 0; i < waits->len; i++)
    {
      if (self->log != NULL)
        answer_from_log (self, g_ptr_array_index (waits, i));
      else
        g_task_return_error (g_ptr_array_index (waits, i), g_error_copy (error));
    }
}

static gboolean
on_log_read (int fd, GIOCondition condition, gpointer data)
{
  DagschedObserver *self = data;
  LogResult *result = dagsched_live_mailbox_take (self->log_mailbox);

  g_thread_join (g_steal_pointer (&self->log_thread));
  self->log = g_steal_pointer (&result->log);
  answer_waits (self, result->error);
  log_result_free (result);
  return G_SOURCE_REMOVE;
}

static void
log_reading_free (gpointer data)
{
  LogReading *self = data;

  g_free (self->path);
  dagsched_live_mailbox_unref (self->mailbox);
  g_free (self);
}

/* The tasks that wait keep the observer until it is read. */
static gboolean
start_reading (DagschedObserver *self, GMainContext *context, GError **error)
{
  g_autoptr (GSource) source = NULL;

  if (self->log_mailbox == NULL)
    self->log_mailbox = dagsched_live_mailbox_new (log_result_free, error);
  if (self->log_mailbox == NULL)
    return FALSE;

  if (self->log_reading == NULL)
    {
      LogReading *reading = g_new0 (LogReading, 1);

      reading->path = g_strdup (self->known.log_path);
      reading->mailbox = dagsched_live_mailbox_ref (self->log_mailbox);
      self->log_reading = reading;
    }
  dagsched_live_mailbox_clear (self->log_mailbox);
  self->log_thread = g_thread_try_new ("dagsched-log", read_log, self->log_reading, error);
  if (self->log_thread == NULL)
    return FALSE;

  source = g_unix_fd_source_new (dagsched_live_mailbox_get_fd (self->log_mailbox), G_IO_IN);
  g_source_set_static_name (source, "dagsched log of an observed run");
  g_source_set_callback (source, G_SOURCE_FUNC (on_log_read), self, NULL);
  g_source_attach (source, context);
  return TRUE;
}

static void
load_from_log (DagschedObserver *self, GTask *task)
{
  GError *error = NULL;

  if (self->known.log_path == NULL)
    {
      g_task_return_new_error (task, DAGSCHED_ERROR, DAGSCHED_ERROR_NOT_FOUND,
                               "the process that ran the tests is gone, and it wrote no log");
      return;
    }
  if (self->log != NULL)
    {
      answer_from_log (self, task);
      return;
    }
  if (self->log_waits != NULL)
    {
      g_ptr_array_add (self->log_waits, g_object_ref (task));
      return;
    }

  if (!start_reading (self, g_task_get_context (task), &error))
    {
      g_task_return_error (task, error);
      return;
    }

  self->log_waits = g_ptr_array_new_with_free_func (unref_task);
  g_ptr_array_add (self->log_waits, g_object_ref (task));
}

/* Nothing runs any more. */
static void
return_nothing_written (GTask *task)
{
  dagsched_run_load_output_return (task, dagsched_outputs_new ());
}

static gboolean
is_for_details (GTask *task)
{
  return g_task_get_source_tag (task) == dagsched_run_load_attempts_async;
}

void
dagsched_observer_turn_to_log (DagschedObserver *self)
{
  g_autoptr (GPtrArray) tasks = g_ptr_array_new_with_free_func (unref_task);
  GHashTableIter iter;
  gpointer load;

  g_hash_table_iter_init (&iter, self->loads);
  while (g_hash_table_iter_next (&iter, NULL, &load))
    g_ptr_array_add (tasks, g_object_ref (((Load *) load)->task));
  g_hash_table_remove_all (self->loads);
  for (guint i = 0; i < tasks->len; i++)
    {
      if (is_for_details (g_ptr_array_index (tasks, i)))
        load_from_log (self, g_ptr_array_index (tasks, i));
      else
        return_nothing_written (g_ptr_array_index (tasks, i));
    }
}

/* From the other process. */

static gboolean
on_cancelled (GCancellable *cancellable, gpointer data)
{
  Load *load = data;
  g_autoptr (GTask) task = g_object_ref (load->task);

  g_hash_table_remove (load->observer->loads, GUINT_TO_POINTER (load->request));
  g_task_return_error_if_cancelled (task);
  return G_SOURCE_REMOVE;
}

static void
watch_cancellable (Load *load)
{
  GCancellable *cancellable = g_task_get_cancellable (load->task);

  if (cancellable == NULL)
    return;

  load->cancel_source = g_cancellable_source_new (cancellable);
  g_source_set_callback (load->cancel_source, G_SOURCE_FUNC (on_cancelled), load, NULL);
  g_source_attach (load->cancel_source, g_task_get_context (load->task));
}

static void
load_from_process (DagschedObserver *self, GTask *task, guint32 number)
{
  Load *load = g_new0 (Load, 1);
  DagschedLiveLoad record = { .number = number };

  load->observer = self;
  load->task = g_object_ref (task);
  load->number = number;
  load->request = record.request = ++self->n_requests;
  g_hash_table_insert (self->loads, GUINT_TO_POINTER (load->request), load);
  watch_cancellable (load);
  dagsched_live_reader_send (
    self->reader,
    dagsched_live_frame_new (is_for_details (task) ? DAGSCHED_LIVE_LOAD : DAGSCHED_LIVE_LOAD_WRITTEN, &record,
                             sizeof record));
}

/* (nullable): what was cancelled is not waited for any more; and an answer may be to something else, from a peer that
 * is broken. */
static GTask *
take_load (DagschedObserver *self, guint32 request, gboolean for_details, guint32 *number)
{
  Load *load = g_hash_table_lookup (self->loads, GUINT_TO_POINTER (request));
  GTask *task;

  if (load == NULL || is_for_details (load->task) != for_details)
    return NULL;

  *number = load->number;
  task = g_object_ref (load->task);
  g_hash_table_remove (self->loads, GUINT_TO_POINTER (request));
  return task;
}

void
dagsched_observer_take_details (DagschedObserver *self, DagschedLiveNews *news)
{
  guint32 number;
  g_autoptr (GTask) task = take_load (self, news->number, TRUE, &number);

  if (task == NULL)
    return;

  adopt_settings (self, number, news->settings);
  keep_loaded (self, number, news->attempts);
  g_task_return_pointer (task, g_steal_pointer (&news->attempts), (GDestroyNotify) g_ptr_array_unref);
}

void
dagsched_observer_take_written (DagschedObserver *self, DagschedLiveNews *news)
{
  guint32 number;
  g_autoptr (GTask) task = take_load (self, news->number, FALSE, &number);

  if (task != NULL)
    dagsched_run_load_output_return (task, g_steal_pointer (&news->outputs));
}

void
dagsched_observer_load_attempts_async (DagschedRun *run,
                                       DagschedTest *test,
                                       GCancellable *cancellable,
                                       GAsyncReadyCallback callback,
                                       gpointer user_data)
{
  DagschedObserver *self = DAGSCHED_OBSERVER (run);
  g_autoptr (GTask) task = g_task_new (run, cancellable, callback, user_data);
  guint number = dagsched_run_find_test (run, test);

  g_task_set_source_tag (task, dagsched_run_load_attempts_async);
  g_task_set_task_data (task, GUINT_TO_POINTER (number), NULL);
  if (g_task_return_error_if_cancelled (task))
    return;

  if (number == DAGSCHED_RUN_NO_TEST)
    g_task_return_new_error (task, DAGSCHED_ERROR, DAGSCHED_ERROR_NOT_FOUND, "%s is no test of this run",
                             dagsched_test_get_name (test));
  else if (self->shown[number].n_spans > 0 && find_loaded (self, number) != NULL)
    g_task_return_pointer (task, copy_attempts (find_loaded (self, number)),
                           (GDestroyNotify) g_ptr_array_unref);
  else if (dagsched_observer_is_connected (self))
    load_from_process (self, task, number);
  else
    load_from_log (self, task);
}

void
dagsched_observer_load_output_async (DagschedRun *run,
                                     DagschedTest *test,
                                     GCancellable *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data)
{
  DagschedObserver *self = DAGSCHED_OBSERVER (run);
  g_autoptr (GTask) task = dagsched_run_load_output_task_new (run, cancellable, callback, user_data);
  guint number = dagsched_run_find_test (run, test);

  if (g_task_return_error_if_cancelled (task))
    return;

  if (number != DAGSCHED_RUN_NO_TEST && dagsched_observer_is_connected (self))
    load_from_process (self, task, number);
  else
    return_nothing_written (task);
}
