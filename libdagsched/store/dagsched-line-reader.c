/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "store/dagsched-line-reader-private.h"

#include <string.h>

#define CHUNK (128 * 1024)

struct _DagschedLineReader
{
  GInputStream *stream;
  GCancellable *cancellable; /* (nullable) */
  GByteArray *buffer;
  gsize start;   /* of the next line in the buffer */
  gsize scanned; /* no newline is before it; ≥ start */
  gint64 offset; /* in the file, of the buffer's first byte */
  guint n_lines;
  gboolean at_end; /* of the file */
};

DagschedLineReader *
dagsched_line_reader_new (GInputStream *stream, GCancellable *cancellable)
{
  DagschedLineReader *self = g_new0 (DagschedLineReader, 1);

  self->stream = g_object_ref (stream);
  g_set_object (&self->cancellable, cancellable);
  self->buffer = g_byte_array_new ();

  return self;
}

void
dagsched_line_reader_free (DagschedLineReader *self)
{
  g_object_unref (self->stream);
  g_clear_object (&self->cancellable);
  g_byte_array_unref (self->buffer);
  g_free (self);
}

static void
drop_read_lines (DagschedLineReader *self)
{
  g_byte_array_remove_range (self->buffer, 0, self->start);
  self->offset += self->start;
  self->scanned -= self->start;
  self->start = 0;
}

/* As much again as there is, so that a large line is not moved once for each chunk. */
static gboolean
fill (DagschedLineReader *self, GError **error)
{
  gsize length, chunk;
  gssize n;

  if (self->start > 0)
    drop_read_lines (self);

  length = self->buffer->len;
  chunk = MAX (length, CHUNK);
  if (length + chunk > G_MAXUINT)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE, "line %u is larger than 2 GiB",
                   self->n_lines + 1);
      return FALSE;
    }
  g_byte_array_set_size (self->buffer, length + chunk);
  n = g_input_stream_read (self->stream, self->buffer->data + length, chunk, self->cancellable, error);
  g_byte_array_set_size (self->buffer, length + MAX (n, 0));
  self->at_end = n == 0;

  return n >= 0;
}

static void
take_line (DagschedLineReader *self, gsize end, DagschedLine *line)
{
  line->data = (const char *) self->buffer->data + self->start;
  line->length = end - self->start;
  line->offset = self->offset + (gint64) self->start;
  line->number = ++self->n_lines;
  line->is_whole = end < self->buffer->len;

  self->start = self->scanned = line->is_whole ? end + 1 : end;
}

gboolean
dagsched_line_reader_next (DagschedLineReader *self, DagschedLine *line, GError **error)
{
  for (;;)
    {
      gsize rest = self->buffer->len - self->scanned;
      const guint8 *newline = rest > 0 ? memchr (self->buffer->data + self->scanned, '\n', rest) : NULL;

      if (newline != NULL)
        {
          take_line (self, newline - self->buffer->data, line);
          return TRUE;
        }

      self->scanned = self->buffer->len;
      if (self->at_end)
        break;
      if (!fill (self, error))
        return FALSE;
    }

  if (self->start == self->buffer->len)
    return FALSE;

  take_line (self, self->buffer->len, line);
  return TRUE;
}

GBytes *
dagsched_line_reader_load (GFile *file, gint64 offset, GError **error)
{
  g_autoptr (GFileInputStream) stream = g_file_read (file, NULL, error);
  g_autoptr (DagschedLineReader) reader = NULL;
  DagschedLine line;

  if (stream == NULL || !g_seekable_seek (G_SEEKABLE (stream), offset, G_SEEK_SET, NULL, error))
    return NULL;

  reader = dagsched_line_reader_new (G_INPUT_STREAM (stream), NULL);
  if (!dagsched_line_reader_next (reader, &line, error))
    {
      if (error != NULL && *error == NULL)
        g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT, "the file has become shorter");
      return NULL;
    }

  return g_bytes_new (line.data, line.length);
}
