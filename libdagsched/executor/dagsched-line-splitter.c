/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "executor/dagsched-line-splitter-private.h"

#include <string.h>

#define LINE_MAX_BYTES (64 * 1024)

static void
add (DagschedLineSplitter *self, const char *data, gsize length)
{
  if (self->partial == NULL)
    self->partial = g_string_new (NULL);
  if (self->partial->len < LINE_MAX_BYTES)
    g_string_append_len (self->partial, data, (gssize) MIN (length, LINE_MAX_BYTES - self->partial->len));
}

static void
emit (DagschedLineSplitter *self, DagschedLineFunc func, gpointer user_data)
{
  GString *line = self->partial;

  while (line->len > 0 && g_ascii_isspace (line->str[line->len - 1]))
    g_string_truncate (line, line->len - 1);

  if (g_utf8_validate_len (line->str, line->len, NULL))
    func (user_data, line->str);
  else
    {
      g_autofree char *valid = g_utf8_make_valid (line->str, (gssize) line->len);

      func (user_data, valid);
    }
  g_string_truncate (line, 0);
}

void
dagsched_line_splitter_feed (DagschedLineSplitter *self,
                             const char *data,
                             gsize length,
                             DagschedLineFunc func,
                             gpointer user_data)
{
  while (length > 0)
    {
      const char *newline = memchr (data, '\n', length);
      gsize part = newline != NULL ? (gsize) (newline - data) : length;

      add (self, data, part);
      if (newline == NULL)
        return;
      emit (self, func, user_data);
      data += part + 1;
      length -= part + 1;
    }
}

void
dagsched_line_splitter_finish (DagschedLineSplitter *self, DagschedLineFunc func, gpointer user_data)
{
  if (self->partial == NULL)
    return;

  if (self->partial->len > 0)
    emit (self, func, user_data);
  g_string_free (g_steal_pointer (&self->partial), TRUE);
}
