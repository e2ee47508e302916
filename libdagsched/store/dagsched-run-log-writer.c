/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "store/dagsched-run-log-writer-private.h"

#include <string.h>

#include "base/dagsched-error.h"
#include "store/dagsched-log-file-private.h"
#include "store/dagsched-log-format-private.h"
#include "store/dagsched-log-pipe-private.h"
#include "store/dagsched-log-parse-private.h"

#define N_KEPT 50
#define TAKEN_OUTPUT (16 * 1024)   /* bytes of output from which on the log is where it is kept */
#define PLAN_CHUNK (256 * 1024)    /* bytes of the plan's lines that are written at once */
#define LARGEST_SPARE (256 * 1024) /* bytes of a buffer that is kept for the next line */

/**
 * DagschedRunLogWriter:
 *
 * Writes the log of a run: JSON Lines, to a file or a descriptor.
 *
 * A line is in the file before what follows from it starts, so that a log tells all that had
 * finished, whatever becomes of the program.
 *
 * A writer serves one run. To be made, attached and closed in the thread that starts the run.
 *
 * Since: 1.0
 */
struct _DagschedRunLogWriter
{
  GObject parent_instance;

  DagschedLogFile *file; /* (nullable) one of both; protected by @lock while the run goes on */
  DagschedLogPipe *pipe; /* (nullable) read-only after init */
  gboolean is_attached;  /* model thread */
  guint
    n_earlier_left; /* model thread: of the run that this one goes on from; then the file gets its place */

  GMutex lock;
  GQueue spares;                     /* of GString; protected by @lock */
  DagschedLogFailFunc fail;          /* (nullable) from begin to end; protected by @lock */
  gpointer fail_data;                /* protected by @lock */
  GError *error;                     /* (nullable) the first one; protected by @lock */
  guint counts[DAGSCHED_N_OUTCOMES]; /* protected by @lock */
};

G_DEFINE_FINAL_TYPE (DagschedRunLogWriter, dagsched_run_log_writer, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_PATH,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

/* Lines are formatted outside the lock: outputs may be large. */
static GString *
take_buffer (DagschedRunLogWriter *self)
{
  GString *buffer;

  g_mutex_lock (&self->lock);
  buffer = g_queue_pop_head (&self->spares);
  g_mutex_unlock (&self->lock);

  return buffer != NULL ? buffer : g_string_sized_new (1024);
}

static void
give_buffer_unlocked (DagschedRunLogWriter *self, GString *buffer)
{
  if (buffer->allocated_len > LARGEST_SPARE)
    {
      g_string_free (buffer, TRUE);
      return;
    }

  g_string_truncate (buffer, 0);
  g_queue_push_head (&self->spares, buffer);
}

/* Writes @buffer and takes it back. The first failure ends the run, but further lines are still
 * tried: what ended in the meantime is worth its line. Returns the offset, or -1. */
static gint64
write_lines (DagschedRunLogWriter *self, GString *buffer)
{
  g_autoptr (GError) error = NULL;
  DagschedLogFailFunc fail = NULL;
  gpointer fail_data = NULL;
  gint64 offset = -1;

  if (self->pipe != NULL)
    dagsched_log_pipe_push (self->pipe, buffer->str, buffer->len);

  g_mutex_lock (&self->lock);
  if (self->file != NULL && !dagsched_log_file_append (self->file, buffer->str, buffer->len, &offset, &error))
    {
      offset = -1;
      if (self->error == NULL)
        {
          self->error = g_error_copy (error);
          fail = self->fail;
          fail_data = self->fail_data;
        }
    }
  give_buffer_unlocked (self, buffer);
  g_mutex_unlock (&self->lock);

  if (fail != NULL)
    fail (fail_data, g_steal_pointer (&error));

  return offset;
}

static gboolean
check_written (DagschedRunLogWriter *self, GError **error)
{
  gboolean is_written;

  g_mutex_lock (&self->lock);
  is_written = self->error == NULL;
  if (!is_written && error != NULL)
    *error = g_error_copy (self->error);
  g_mutex_unlock (&self->lock);

  return is_written;
}

gboolean
dagsched_run_log_writer_begin (DagschedRunLogWriter *self,
                               const DagschedLogHeader *header,
                               const DagschedPlanView *plan,
                               DagschedLogFailFunc on_failure,
                               gpointer data,
                               GError **error)
{
  GString *lines;

  if (self->file != NULL && !dagsched_log_file_begin (self->file, header->name, error))
    return FALSE;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PATH]);

  lines = take_buffer (self);
  dagsched_log_format_header (lines, header);
  for (guint32 i = 0; i < plan->n_tests; i++)
    {
      dagsched_log_format_test (lines, plan, i);
      if (lines->len >= PLAN_CHUNK)
        {
          write_lines (self, lines);
          if (!check_written (self, error))
            return FALSE;
          lines = take_buffer (self);
        }
    }
  write_lines (self, lines);
  if (!check_written (self, error))
    return FALSE;

  self->n_earlier_left = header->n_earlier;
  if (self->n_earlier_left == 0 && self->file != NULL && !dagsched_log_file_put_in_place (self->file, error))
    return FALSE;

  g_mutex_lock (&self->lock);
  self->fail = on_failure;
  self->fail_data = data;
  g_mutex_unlock (&self->lock);

  return TRUE;
}

gboolean
dagsched_run_log_writer_claim (DagschedRunLogWriter *self)
{
  gboolean is_first = !self->is_attached;

  self->is_attached = TRUE;

  return is_first;
}

void
dagsched_run_log_writer_started (DagschedRunLogWriter *self, const DagschedTicket *ticket, gint64 time_ns)
{
  GString *line = take_buffer (self);

  dagsched_log_format_started (line, ticket, time_ns);
  write_lines (self, line);
}

void
dagsched_run_log_writer_paused (DagschedRunLogWriter *self, gint64 time_ns, gint64 paused_ns)
{
  GString *line = take_buffer (self);

  dagsched_log_format_pause (line, time_ns, paused_ns);
  write_lines (self, line);
}

static gboolean
is_large (const DagschedResult *result)
{
  gsize size = result->standard_output != NULL ? g_bytes_get_size (result->standard_output) : 0;

  size += result->standard_error != NULL ? g_bytes_get_size (result->standard_error) : 0;

  return size >= TAKEN_OUTPUT;
}

void
dagsched_run_log_writer_attempt (DagschedRunLogWriter *self,
                                 const DagschedAttemptRecord *record,
                                 gint64 *log_offset)
{
  GString *line = take_buffer (self);
  gint64 offset;

  dagsched_log_format_attempt (line, record);
  offset = write_lines (self, line);

  if (offset >= 0 && is_large (record->result) && dagsched_log_file_is_regular (self->file))
    *log_offset = offset;
}

/* All is in it that the other file has. */
static void
put_in_place (DagschedRunLogWriter *self)
{
  g_autoptr (GError) error = NULL;
  DagschedLogFailFunc fail;
  gpointer fail_data;

  g_mutex_lock (&self->lock);
  fail = self->fail;
  fail_data = self->fail_data;
  if (self->error == NULL && !dagsched_log_file_put_in_place (self->file, &error))
    self->error = g_error_copy (error);
  g_mutex_unlock (&self->lock);

  if (error != NULL && fail != NULL)
    fail (fail_data, g_steal_pointer (&error));
}

void
dagsched_run_log_writer_finished (DagschedRunLogWriter *self, const DagschedFinishedRecord *record)
{
  GString *line = take_buffer (self);

  g_mutex_lock (&self->lock);
  self->counts[record->outcome]++;
  g_mutex_unlock (&self->lock);

  dagsched_log_format_finished (line, record);
  write_lines (self, line);
  if (record->is_earlier && --self->n_earlier_left == 0 && self->file != NULL)
    put_in_place (self);
}

void
dagsched_run_log_writer_end (DagschedRunLogWriter *self,
                             DagschedVerdict verdict,
                             const char *problem,
                             gint64 time_ns)
{
  GString *line = take_buffer (self);
  DagschedLogEnd end = { .verdict = verdict, .problem = problem, .time_ns = time_ns };

  g_mutex_lock (&self->lock);
  self->fail = NULL;
  memcpy (end.counts, self->counts, sizeof end.counts);
  g_mutex_unlock (&self->lock);

  dagsched_log_format_end (line, &end);
  write_lines (self, line);
}

gboolean
dagsched_run_log_writer_load_output (DagschedRunLogWriter *self,
                                     gint64 log_offset,
                                     GBytes **standard_output,
                                     GBytes **standard_error)
{
  g_autoptr (GBytes) line = NULL;

  if (self->file == NULL)
    return FALSE;

  line = dagsched_log_file_read_line (self->file, log_offset);

  return line != NULL && dagsched_log_parse_output (line, standard_output, standard_error);
}

/**
 * dagsched_run_log_writer_new:
 * @path: (nullable) (type filename): the file; %NULL: a new one in `$XDG_STATE_HOME/dagsched/runs`
 * @error: return location for an error
 *
 * Creates a writer of a file, which is opened at once and locked until the writer is closed.
 *
 * A run log that is there already is replaced, when the run starts; no other file is. Without a
 * @path, the newest 50 logs in that directory are kept.
 *
 * Errors: %DAGSCHED_ERROR_LOG if the file can't be written, is something else than a run log, or if
 * another run is writing it.
 *
 * Returns: (transfer full): the writer, or %NULL with @error set
 *
 * Since: 1.0
 */
DagschedRunLogWriter *
dagsched_run_log_writer_new (const char *path, GError **error)
{
  DagschedLogFile *file;
  DagschedRunLogWriter *self;

  if (path != NULL)
    {
      file = dagsched_log_file_open (path, error);
    }
  else
    {
      g_autofree char *directory = dagsched_log_file_dup_default_directory ();

      file = dagsched_log_file_open_in (directory, N_KEPT, error);
    }

  if (file == NULL)
    return NULL;

  self = g_object_new (DAGSCHED_TYPE_RUN_LOG_WRITER, NULL);
  self->file = file;

  return self;
}

/**
 * dagsched_run_log_writer_new_resumed:
 * @path: (type filename): the file: the log of the run that is to be resumed
 * @error: return location for an error
 *
 * Creates a writer of the log of a run that goes on from where another was cut short ([method@RunLog.resume]), in
 * the place of that one's log. That stays as it is until all that it says of finished tests stands in the new one.
 *
 * Errors: %DAGSCHED_ERROR_LOG if the file or its directory can't be written, if it is something else than a run log, or
 * if another run is writing it.
 *
 * Returns: (transfer full): the writer, or %NULL with @error set
 *
 * Since: 1.0
 */
DagschedRunLogWriter *
dagsched_run_log_writer_new_resumed (const char *path, GError **error)
{
  DagschedRunLogWriter *self;
  DagschedLogFile *file;

  g_return_val_if_fail (path != NULL, NULL);

  file = dagsched_log_file_open_beside (path, error);
  if (file == NULL)
    return NULL;

  self = g_object_new (DAGSCHED_TYPE_RUN_LOG_WRITER, NULL);
  self->file = file;

  return self;
}

/**
 * dagsched_run_log_writer_new_for_fd:
 * @fd: a descriptor that can be written; it is duplicated
 * @error: return location for an error
 *
 * Creates a writer of a descriptor: a pipe, a socket, a terminal.
 *
 * A thread does the writing, so that a slow reader does not slow the run: lines wait in memory. If
 * the reader goes away, the writing ends, without an error.
 *
 * Errors: %DAGSCHED_ERROR_LOG if @fd can't be duplicated.
 *
 * Returns: (transfer full): the writer, or %NULL with @error set
 *
 * Since: 1.0
 */
DagschedRunLogWriter *
dagsched_run_log_writer_new_for_fd (int fd, GError **error)
{
  DagschedLogPipe *pipe = dagsched_log_pipe_new (fd, error);
  DagschedRunLogWriter *self;

  if (pipe == NULL)
    return NULL;

  self = g_object_new (DAGSCHED_TYPE_RUN_LOG_WRITER, NULL);
  self->pipe = pipe;

  return self;
}

/**
 * dagsched_run_log_writer_get_path:
 * @self: a writer
 *
 * Gets the file that is written. In the state directory it gets its lasting name when the run starts.
 *
 * Returns: (transfer none) (nullable) (type filename): the path, or %NULL for a descriptor
 *
 * Since: 1.0
 */
const char *
dagsched_run_log_writer_get_path (DagschedRunLogWriter *self)
{
  g_return_val_if_fail (DAGSCHED_IS_RUN_LOG_WRITER (self), NULL);

  return self->file != NULL ? dagsched_log_file_get_path (self->file) : NULL;
}

/**
 * dagsched_run_log_writer_close:
 * @self: a writer
 * @error: return location for an error
 *
 * Waits until everything is written, and unlocks the file. To be called when the run has ended.
 *
 * Errors: %DAGSCHED_ERROR_LOG if something could not be written.
 *
 * Returns: whether the log is complete, or nobody reads it any more
 *
 * Since: 1.0
 */
gboolean
dagsched_run_log_writer_close (DagschedRunLogWriter *self, GError **error)
{
  g_return_val_if_fail (DAGSCHED_IS_RUN_LOG_WRITER (self), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  if (self->pipe != NULL)
    return dagsched_log_pipe_close (self->pipe, error);

  dagsched_log_file_unlock (self->file);

  return check_written (self, error);
}

static void
free_buffer (gpointer buffer)
{
  g_string_free (buffer, TRUE);
}

static void
dagsched_run_log_writer_finalize (GObject *object)
{
  DagschedRunLogWriter *self = DAGSCHED_RUN_LOG_WRITER (object);

  g_clear_pointer (&self->pipe, dagsched_log_pipe_free);
  g_clear_pointer (&self->file, dagsched_log_file_free);
  g_queue_clear_full (&self->spares, free_buffer);
  g_clear_error (&self->error);
  g_mutex_clear (&self->lock);

  G_OBJECT_CLASS (dagsched_run_log_writer_parent_class)->finalize (object);
}

static void
dagsched_run_log_writer_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_PATH:
      g_value_set_string (value, dagsched_run_log_writer_get_path (DAGSCHED_RUN_LOG_WRITER (object)));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
dagsched_run_log_writer_class_init (DagschedRunLogWriterClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = dagsched_run_log_writer_finalize;
  object_class->get_property = dagsched_run_log_writer_get_property;

  /**
   * DagschedRunLogWriter:path:
   *
   * The file that is written; %NULL for a descriptor.
   *
   * Since: 1.0
   */
  properties[PROP_PATH] = g_param_spec_string (
    "path", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
dagsched_run_log_writer_init (DagschedRunLogWriter *self)
{
  g_mutex_init (&self->lock);
  g_queue_init (&self->spares);
}
