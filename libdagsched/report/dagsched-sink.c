/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "report/dagsched-sink-private.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gunixoutputstream.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define BUFFER_SIZE (64 * 1024)

struct _DagschedSink
{
  char *name;      /* for messages */
  char *path;      /* (nullable) what temporary becomes */
  char *temporary; /* (nullable) */
  int fd;          /* of temporary; -1: it is closed, or there is none */
  GOutputStream *stream;
  GString *buffer;
  GError *error; /* (nullable) the first one */
};

static DagschedSink *
sink_new (GOutputStream *stream, const char *name)
{
  DagschedSink *self = g_new0 (DagschedSink, 1);

  self->name = g_strdup (name);
  self->stream = stream;
  self->fd = -1;
  self->buffer = g_string_sized_new (512);

  return self;
}

/* What people call @stream. */
static const char *
name_of_stream (GOutputStream *stream)
{
  int fd =
    G_IS_UNIX_OUTPUT_STREAM (stream) ? g_unix_output_stream_get_fd (G_UNIX_OUTPUT_STREAM (stream)) : -1;

  return fd == STDOUT_FILENO   ? "standard output"
         : fd == STDERR_FILENO ? "standard error"
                               : "the stream of the report";
}

DagschedSink *
dagsched_sink_new_for_stream (GOutputStream *stream)
{
  return sink_new (g_object_ref (stream), name_of_stream (stream));
}

static void
set_open_error (GError **error, const char *path, int code)
{
  g_autofree char *name = g_filename_display_name (path);

  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code),
               "%s: the report can't be written: %s; choose another file, or make its directory writable",
               name, g_strerror (code));
}

static DagschedSink *
open_in_place (const char *path, GError **error)
{
  int fd = TEMP_FAILURE_RETRY (g_open (path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666));

  if (fd < 0)
    {
      set_open_error (error, path, errno);
      return NULL;
    }

  return sink_new (g_unix_output_stream_new (fd, TRUE), path);
}

/* *@path: its name. -1: see errno. */
static int
make_temporary (const char *directory, char **path)
{
  int fd;

  do
    {
      g_free (*path);
      *path = g_build_filename (directory, ".dagsched-XXXXXX", NULL);
      fd = g_mkstemp_full (*path, O_WRONLY | O_CLOEXEC, 0666);
    }
  while (fd < 0 && errno == EINTR);

  return fd;
}

/* Beside @path, so that rename() can do it; a link's target is replaced, not the link. @mode: of the
 * file that is replaced, 0: there is none. In a directory that takes no new files, a file that is
 * there is written in place. */
static DagschedSink *
open_beside (const char *path, guint mode, GError **error)
{
  g_autofree char *target = NULL;
  g_autofree char *directory = NULL;
  g_autofree char *temporary = NULL;
  char *resolved = realpath (path, NULL);
  DagschedSink *self;
  int fd;

  target = g_strdup (resolved != NULL ? resolved : path);
  free (resolved);
  directory = g_path_get_dirname (target);

  fd = make_temporary (directory, &temporary);
  if (fd < 0 && mode != 0 && (errno == EACCES || errno == EPERM))
    return open_in_place (path, error);
  if (fd < 0 || (mode != 0 && fchmod (fd, mode & 0777) != 0))
    {
      set_open_error (error, path, errno);
      if (fd >= 0)
        {
          close (fd);
          g_unlink (temporary);
        }
      return NULL;
    }

  self = sink_new (g_unix_output_stream_new (fd, FALSE), path);
  self->fd = fd;
  self->path = g_steal_pointer (&target);
  self->temporary = g_steal_pointer (&temporary);

  return self;
}

DagschedSink *
dagsched_sink_new_for_path (const char *path, gboolean replace, GError **error)
{
  GStatBuf status;
  guint mode = 0;

  if (g_strcmp0 (path, "-") == 0)
    return sink_new (g_unix_output_stream_new (STDOUT_FILENO, FALSE), "standard output");

  if (*path == '\0')
    {
      set_open_error (error, path, ENOENT);
      return NULL;
    }
  if (!replace)
    return open_in_place (path, error);

  if (g_stat (path, &status) == 0)
    {
      if (!S_ISREG (status.st_mode))
        return open_in_place (path, error);
      if (g_access (path, W_OK) != 0)
        {
          set_open_error (error, path, errno);
          return NULL;
        }
      mode = status.st_mode;
    }

  return open_beside (path, mode, error);
}

static void
fail (DagschedSink *self, GError *error)
{
  if (self->error == NULL)
    {
      g_prefix_error (&error, "%s: the report can't be written: ", self->name);
      self->error = error;
    }
  else
    g_error_free (error);

  g_string_truncate (self->buffer, 0);
}

void
dagsched_sink_flush (DagschedSink *self)
{
  GError *error = NULL;

  if (self->buffer->len == 0 || self->error != NULL)
    return;

  if (!g_output_stream_write_all (self->stream, self->buffer->str, self->buffer->len, NULL, NULL, &error) ||
      !g_output_stream_flush (self->stream, NULL, &error))
    fail (self, error);
  g_string_truncate (self->buffer, 0);
}

void
dagsched_sink_write (DagschedSink *self, const char *data, gsize length)
{
  if (self->error != NULL)
    return;

  g_string_append_len (self->buffer, data, length);
  if (self->buffer->len >= BUFFER_SIZE)
    dagsched_sink_flush (self);
}

void
dagsched_sink_write_string (DagschedSink *self, const char *string)
{
  dagsched_sink_write (self, string, strlen (string));
}

gboolean
dagsched_sink_is_dead (DagschedSink *self)
{
  return self->error != NULL;
}

static void
fail_with_errno (DagschedSink *self, int code)
{
  fail (self, g_error_new_literal (G_IO_ERROR, g_io_error_from_errno (code), g_strerror (code)));
}

/* Data reach the disk before the name does: after a power cut the file is the old one or the new one. */
static void
commit (DagschedSink *self)
{
  int fd = self->fd;

  if (self->error == NULL && TEMP_FAILURE_RETRY (fsync (fd)) != 0 && errno != EINVAL)
    fail_with_errno (self, errno);
  /* Interrupted, it is closed all the same. */
  self->fd = -1;
  if (close (fd) != 0 && errno != EINTR)
    fail_with_errno (self, errno);
  if (self->error == NULL && g_rename (self->temporary, self->path) != 0)
    fail_with_errno (self, errno);
  if (self->error == NULL)
    g_clear_pointer (&self->temporary, g_free);
}

gboolean
dagsched_sink_close (DagschedSink *self, GError **error)
{
  dagsched_sink_flush (self);
  if (self->temporary != NULL)
    commit (self);

  if (self->error == NULL)
    return TRUE;

  g_propagate_error (error, g_error_copy (self->error));
  return FALSE;
}

void
dagsched_sink_free (DagschedSink *self)
{
  if (self->fd >= 0)
    close (self->fd);
  if (self->temporary != NULL)
    g_unlink (self->temporary);
  g_clear_error (&self->error);
  g_string_free (self->buffer, TRUE);
  g_object_unref (self->stream);
  g_free (self->temporary);
  g_free (self->path);
  g_free (self->name);
  g_free (self);
}
