/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "report/dagsched-console-private.h"

#include "base/dagsched-text-private.h"

#define MAX_NEWS (64 * 1024)

struct _DagschedConsole
{
  DagschedSink *sink;
  gboolean interactive;
  DagschedTerminalSizeFunc size_func; /* (nullable) */
  gpointer size_data;

  GString *news;   /* printed, not yet written */
  GArray *painted; /* of guint: the columns of each line that was painted last */
};

DagschedConsole *
dagsched_console_new (GOutputStream *stream, gboolean interactive)
{
  DagschedConsole *self = g_new0 (DagschedConsole, 1);

  self->sink = dagsched_sink_new_for_stream (stream);
  self->interactive = interactive;
  self->news = g_string_new (NULL);
  self->painted = g_array_new (FALSE, FALSE, sizeof (guint));

  return self;
}

void
dagsched_console_free (DagschedConsole *self)
{
  dagsched_sink_free (self->sink);
  g_string_free (self->news, TRUE);
  g_array_unref (self->painted);
  g_free (self);
}

void
dagsched_console_set_size_func (DagschedConsole *self, DagschedTerminalSizeFunc func, gpointer user_data)
{
  self->size_func = func;
  self->size_data = user_data;
}

gboolean
dagsched_console_get_size (DagschedConsole *self, guint *columns, guint *rows)
{
  gboolean is_ours = TRUE;

  *columns = *rows = 0;
  if (self->size_func != NULL)
    is_ours = self->size_func (columns, rows, self->size_data);

  if (*columns == 0)
    *columns = 80;
  if (*rows == 0)
    *rows = 24;
  return is_ours;
}

/* A terminal that has become narrower since has wrapped the line: it takes more rows now. */
static guint
count_rows (DagschedConsole *self, guint line, guint columns)
{
  return MAX (1, (g_array_index (self->painted, guint, line) + columns - 1) / columns);
}

/* To the first column of the first painted line, from that of the last; with @erase all are emptied.
 * (Not by "erase below": where that is the whole screen, tmux keeps what was on it.) */
static void
append_home (DagschedConsole *self, GString *frame, gboolean erase)
{
  guint columns, rows, n_up = 0, n_rows;

  if (self->painted->len == 0)
    return;

  dagsched_console_get_size (self, &columns, &rows);
  for (guint i = 0; i + 1 < self->painted->len; i++)
    n_up += count_rows (self, i, columns);

  g_string_append_c (frame, '\r');
  if (n_up > 0)
    g_string_append_printf (frame, "\033[%uA", n_up);
  if (!erase)
    return;

  n_rows = n_up + count_rows (self, self->painted->len - 1, columns);
  for (guint i = 0; i < n_rows; i++)
    g_string_append (frame, i == 0 ? "\033[K" : "\033[B\033[K");
  if (n_rows > 1)
    g_string_append_printf (frame, "\033[%uA", n_rows - 1);
}

/* Over what was painted before, line by line, so that nothing flickers; without wrapping, should a
 * terminal think differently of a character's width. The cursor ends in the first column: what a
 * terminal echoes (^C) has room there, and is painted over. */
static void
append_lines (DagschedConsole *self, GString *frame, GPtrArray *lines)
{
  g_string_append (frame, "\033[?7l");
  for (guint i = 0; i < lines->len; i++)
    {
      guint columns = dagsched_text_get_columns (lines->pdata[i]);

      g_string_append_printf (frame, "%s%s\033[K", i > 0 ? "\n" : "", (const char *) lines->pdata[i]);
      g_array_append_val (self->painted, columns);
    }
  g_string_append (frame, "\033[J\033[?7h\r");
}

/* One write a frame. */
void
dagsched_console_paint (DagschedConsole *self, GPtrArray *lines)
{
  g_autoptr (GString) frame = g_string_new (NULL);
  gboolean empty = lines == NULL || lines->len == 0;
  guint columns, rows;

  /* Whoever has the terminal has written on it since: the cursor is theirs. */
  if (!dagsched_console_get_size (self, &columns, &rows))
    {
      g_array_set_size (self->painted, 0);
      empty = TRUE;
    }

  append_home (self, frame, empty || self->news->len > 0);
  g_array_set_size (self->painted, 0);

  g_string_append_len (frame, self->news->str, self->news->len);
  g_string_truncate (self->news, 0);
  if (!empty)
    append_lines (self, frame, lines);

  dagsched_sink_write (self->sink, frame->str, frame->len);
  dagsched_sink_flush (self->sink);
}

void
dagsched_console_flush (DagschedConsole *self)
{
  if (self->news->len > 0 || self->painted->len > 0)
    dagsched_console_paint (self, NULL);
}

void
dagsched_console_print (DagschedConsole *self, const GString *lines)
{
  if (dagsched_console_is_dead (self))
    return;

  g_string_append_len (self->news, lines->str, lines->len);
  if (!self->interactive || self->news->len > MAX_NEWS)
    dagsched_console_flush (self);
}

gboolean
dagsched_console_has_news (DagschedConsole *self)
{
  return self->news->len > 0;
}

gboolean
dagsched_console_is_dead (DagschedConsole *self)
{
  return dagsched_sink_is_dead (self->sink);
}

gboolean
dagsched_console_close (DagschedConsole *self, GError **error)
{
  dagsched_console_flush (self);

  return dagsched_sink_close (self->sink, error);
}
