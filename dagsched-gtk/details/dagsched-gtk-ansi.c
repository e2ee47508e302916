/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "details/dagsched-gtk-ansi-private.h"

#include <string.h>

#define MAX_PARAMETERS 32
#define MAX_STRING 4096 /* bytes after which a control string that does not end is none */
#define REPLACEMENT 0xfffd
#define ESC 0x1b

typedef enum
{
  STATE_TEXT,
  STATE_ESCAPE,       /* after ESC */
  STATE_INTERMEDIATE, /* of an escape sequence that is not one of the others */
  STATE_CONTROL,      /* CSI: parameters */
  STATE_STRING,       /* OSC, DCS and their kin, up to BEL or ST */
  STATE_STRING_ESCAPE,
} State;

typedef struct
{
  gunichar c;
  DagschedGtkAnsiStyle style;
} Cell;

struct _DagschedGtkAnsi
{
  State state;
  guint parameters[MAX_PARAMETERS];
  guint n_parameters; /* begun */
  gboolean is_private;
  guint n_string;

  guint8 partial[4]; /* of a character */
  guint n_partial;

  DagschedGtkAnsiStyle style;
  GArray *line; /* of Cell */
  guint cursor;

  GString *text; /* what is handed on */
};

DagschedGtkAnsi *
dagsched_gtk_ansi_new (void)
{
  DagschedGtkAnsi *self = g_new0 (DagschedGtkAnsi, 1);

  self->line = g_array_new (FALSE, FALSE, sizeof (Cell));
  self->text = g_string_new (NULL);

  return self;
}

void
dagsched_gtk_ansi_free (DagschedGtkAnsi *self)
{
  g_array_unref (self->line);
  g_string_free (self->text, TRUE);
  g_free (self);
}

static gboolean
is_same_style (const DagschedGtkAnsiStyle *a, const DagschedGtkAnsiStyle *b)
{
  return a->foreground == b->foreground && a->background == b->background && a->attributes == b->attributes;
}

static void
hand_on (DagschedGtkAnsi *self,
         const DagschedGtkAnsiStyle *style,
         DagschedGtkAnsiFunc func,
         gpointer user_data)
{
  if (self->text->len > 0)
    func (self->text->str, self->text->len, style, user_data);
  g_string_truncate (self->text, 0);
}

/* Cells of one style at a time; the line's end goes with the last ones. */
static void
show_line (DagschedGtkAnsi *self, gboolean is_complete, DagschedGtkAnsiFunc func, gpointer user_data)
{
  DagschedGtkAnsiStyle style = { 0 };

  for (guint i = 0; i < self->line->len; i++)
    {
      const Cell *cell = &g_array_index (self->line, Cell, i);

      if (!is_same_style (&cell->style, &style))
        {
          hand_on (self, &style, func, user_data);
          style = cell->style;
        }
      if (cell->c < 0x80)
        g_string_append_c (self->text, (char) cell->c);
      else
        g_string_append_unichar (self->text, cell->c);
    }
  if (is_complete)
    g_string_append_c (self->text, '\n');
  hand_on (self, &style, func, user_data);
}

static void
end_line (DagschedGtkAnsi *self, DagschedGtkAnsiFunc func, gpointer user_data)
{
  show_line (self, TRUE, func, user_data);
  g_array_set_size (self->line, 0);
  self->cursor = 0;
}

static void
put (DagschedGtkAnsi *self, gunichar c, DagschedGtkAnsiFunc func, gpointer user_data)
{
  Cell cell = { c, self->style };

  if (self->cursor >= DAGSCHED_GTK_ANSI_MAX_LINE)
    end_line (self, func, user_data);
  if (self->cursor < self->line->len)
    g_array_index (self->line, Cell, self->cursor) = cell;
  else
    g_array_append_val (self->line, cell);
  self->cursor++;
}

static void
move_to (DagschedGtkAnsi *self, guint column)
{
  Cell blank = { ' ', { 0 } };

  self->cursor = MIN (column, DAGSCHED_GTK_ANSI_MAX_LINE - 1);
  while (self->line->len < self->cursor)
    g_array_append_val (self->line, blank);
}

static void
erase_in_line (DagschedGtkAnsi *self, guint what)
{
  guint cursor = self->cursor;

  if (what == 0 && cursor < self->line->len)
    g_array_set_size (self->line, cursor);
  else if (what == 2)
    {
      g_array_set_size (self->line, 0);
      move_to (self, cursor);
    }
  else if (what == 1)
    {
      for (guint i = 0; i <= cursor && i < self->line->len; i++)
        g_array_index (self->line, Cell, i) = (Cell){ ' ', { 0 } };
    }
}

/* 38;5;N and 38;2;R;G;B, from the 5 or 2 on. Returns how many parameters that were. */
static guint
read_color (DagschedGtkAnsi *self, guint i, guint32 *color)
{
  const guint *p = self->parameters + i;
  guint left = self->n_parameters - i;

  if (left >= 2 && p[0] == 5)
    {
      *color = MIN (p[1], 255) + 1;
      return 2;
    }
  if (left >= 4 && p[0] == 2)
    {
      *color = DAGSCHED_GTK_ANSI_RGB | MIN (p[1], 255) << 16 | MIN (p[2], 255) << 8 | MIN (p[3], 255);
      return 4;
    }

  return left;
}

static void
select_attribute (DagschedGtkAnsi *self, guint parameter)
{
  static const guint32 set[10] = {
    [1] = DAGSCHED_GTK_ANSI_BOLD,      [2] = DAGSCHED_GTK_ANSI_FAINT,   [3] = DAGSCHED_GTK_ANSI_ITALIC,
    [4] = DAGSCHED_GTK_ANSI_UNDERLINE, [7] = DAGSCHED_GTK_ANSI_INVERSE, [9] = DAGSCHED_GTK_ANSI_STRIKE
  };

  if (parameter < 10)
    self->style.attributes |= set[parameter];
  else if (parameter == 21)
    self->style.attributes |= DAGSCHED_GTK_ANSI_UNDERLINE;
  else if (parameter == 22)
    self->style.attributes &= ~(guint32) (DAGSCHED_GTK_ANSI_BOLD | DAGSCHED_GTK_ANSI_FAINT);
  else
    self->style.attributes &= ~set[parameter - 20];
}

/* Returns how many parameters after this one belong to it. */
static guint
select_graphic (DagschedGtkAnsi *self, guint i)
{
  guint parameter = self->parameters[i];

  if (parameter == 0)
    self->style = (DagschedGtkAnsiStyle){ 0 };
  else if (parameter < 10 || (parameter > 20 && parameter < 30))
    select_attribute (self, parameter);
  else if (parameter >= 30 && parameter <= 37)
    self->style.foreground = parameter - 30 + 1;
  else if (parameter >= 40 && parameter <= 47)
    self->style.background = parameter - 40 + 1;
  else if (parameter >= 90 && parameter <= 97)
    self->style.foreground = parameter - 90 + 8 + 1;
  else if (parameter >= 100 && parameter <= 107)
    self->style.background = parameter - 100 + 8 + 1;
  else if (parameter == 38)
    return read_color (self, i + 1, &self->style.foreground);
  else if (parameter == 48)
    return read_color (self, i + 1, &self->style.background);
  else if (parameter == 39)
    self->style.foreground = 0;
  else if (parameter == 49)
    self->style.background = 0;

  return 0;
}

static void
carry_out (DagschedGtkAnsi *self, guint8 final)
{
  guint first = self->parameters[0];

  if (self->is_private)
    return;

  if (final == 'm')
    {
      for (guint i = 0; i < self->n_parameters; i++)
        i += select_graphic (self, i);
    }
  else if (final == 'K')
    erase_in_line (self, first);
  else if (final == 'G')
    move_to (self, MAX (first, 1) - 1);
  else if (final == 'C')
    move_to (self, self->cursor + MIN (MAX (first, 1), DAGSCHED_GTK_ANSI_MAX_LINE));
  else if (final == 'D')
    move_to (self, self->cursor - MIN (MAX (first, 1), self->cursor));
}

/* Colons are a later way to write what belongs together. */
static void
read_control (DagschedGtkAnsi *self, guint8 byte)
{
  guint *last = &self->parameters[self->n_parameters - 1];

  if (byte >= '0' && byte <= '9')
    *last = MIN (*last * 10 + (byte - '0'), 100000);
  else if (byte == ';' || byte == ':')
    {
      if (self->n_parameters < MAX_PARAMETERS)
        self->parameters[self->n_parameters++] = 0;
    }
  else if (byte >= 0x40 && byte <= 0x7e)
    {
      carry_out (self, byte);
      self->state = STATE_TEXT;
    }
  else
    self->is_private = TRUE;
}

static void
begin_sequence (DagschedGtkAnsi *self, guint8 byte)
{
  if (byte == '[')
    {
      self->state = STATE_CONTROL;
      self->parameters[0] = 0;
      self->n_parameters = 1;
      self->is_private = FALSE;
    }
  else if (byte != '\0' && strchr ("]P^_X", byte) != NULL)
    {
      self->state = STATE_STRING;
      self->n_string = 0;
    }
  else
    self->state = byte >= 0x20 && byte <= 0x2f ? STATE_INTERMEDIATE : STATE_TEXT;
}

static void
read_string (DagschedGtkAnsi *self, guint8 byte)
{
  if (byte == ESC)
    self->state = STATE_STRING_ESCAPE;
  else if (byte == '\a' || ++self->n_string > MAX_STRING)
    self->state = STATE_TEXT;
}

/* A control character in the middle of a sequence ends it: what follows is text again. */
static gboolean
read_sequence (DagschedGtkAnsi *self, guint8 byte)
{
  if (byte == '\n' || byte == '\r' || byte == 0x18 || byte == 0x1a)
    {
      self->state = STATE_TEXT;
      return byte >= 0x18;
    }

  switch (self->state)
    {
    case STATE_ESCAPE:
    case STATE_STRING_ESCAPE:
      if (byte == ESC)
        self->state = STATE_ESCAPE;
      else if (self->state == STATE_STRING_ESCAPE && byte == '\\')
        self->state = STATE_TEXT;
      else
        begin_sequence (self, byte);
      break;
    case STATE_INTERMEDIATE:
      self->state = byte >= 0x20 && byte <= 0x2f ? STATE_INTERMEDIATE : STATE_TEXT;
      break;
    case STATE_CONTROL:
      if (byte == ESC)
        self->state = STATE_ESCAPE;
      else
        read_control (self, byte);
      break;
    default:
      read_string (self, byte);
    }

  return TRUE;
}

static void
control (DagschedGtkAnsi *self, guint8 byte, DagschedGtkAnsiFunc func, gpointer user_data)
{
  if (byte == '\n')
    end_line (self, func, user_data);
  else if (byte == '\r')
    self->cursor = 0;
  else if (byte == '\b')
    self->cursor -= self->cursor > 0;
  else if (byte == '\t')
    put (self, '\t', func, user_data);
  else if (byte == ESC)
    self->state = STATE_ESCAPE;
  else if (byte != '\a')
    put (self, byte == 0x7f ? 0x2421 : 0x2400 + byte, func, user_data); /* ␀ … ␡ */
}

/* Controls of ISO 8859, what ends a line or a paragraph, and what turns the direction of writing: a line must not
 * look like another. */
static gunichar
make_fit (gunichar c)
{
  gboolean is_unfit = (c >= 0x80 && c < 0xa0) || c == 0x2028 || c == 0x2029 || (c >= 0x202a && c <= 0x202e) ||
                      (c >= 0x2066 && c <= 0x2069) || c == 0x200e || c == 0x200f || c == 0xfeff ||
                      c == 0xfffc;

  return is_unfit ? REPLACEMENT : c;
}

/* One sign for each byte that is no part of a character. */
static void
drop_partial (DagschedGtkAnsi *self, DagschedGtkAnsiFunc func, gpointer user_data)
{
  for (; self->n_partial > 0; self->n_partial--)
    put (self, REPLACEMENT, func, user_data);
}

static void
read_multibyte (DagschedGtkAnsi *self, guint8 byte, DagschedGtkAnsiFunc func, gpointer user_data)
{
  gunichar c;

  if ((byte & 0xc0) != 0x80)
    drop_partial (self, func, user_data);
  self->partial[self->n_partial++] = byte;
  c = g_utf8_get_char_validated ((const char *) self->partial, self->n_partial);
  /* GLib waits for more of what UTF-8 once had, up to six bytes. */
  if (c == (gunichar) -2 && self->n_partial < G_N_ELEMENTS (self->partial))
    return;
  if (c == (gunichar) -1 || c == (gunichar) -2)
    {
      drop_partial (self, func, user_data);
      return;
    }

  self->n_partial = 0;
  put (self, make_fit (c), func, user_data);
}

static void
read_text (DagschedGtkAnsi *self, guint8 byte, DagschedGtkAnsiFunc func, gpointer user_data)
{
  if (byte >= 0x80)
    {
      read_multibyte (self, byte, func, user_data);
      return;
    }

  drop_partial (self, func, user_data);
  if (byte >= 0x20 && byte != 0x7f)
    put (self, byte, func, user_data);
  else
    control (self, byte, func, user_data);
}

void
dagsched_gtk_ansi_feed (DagschedGtkAnsi *self,
                        gconstpointer bytes,
                        gsize length,
                        DagschedGtkAnsiFunc func,
                        gpointer user_data)
{
  const guint8 *p = bytes;

  for (gsize i = 0; i < length; i++)
    {
      if (self->state != STATE_TEXT && read_sequence (self, p[i]))
        continue;
      read_text (self, p[i], func, user_data);
    }
}

void
dagsched_gtk_ansi_peek (DagschedGtkAnsi *self, DagschedGtkAnsiFunc func, gpointer user_data)
{
  show_line (self, FALSE, func, user_data);
}

void
dagsched_gtk_ansi_finish (DagschedGtkAnsi *self, DagschedGtkAnsiFunc func, gpointer user_data)
{
  drop_partial (self, func, user_data);
  show_line (self, FALSE, func, user_data);
  g_array_set_size (self->line, 0);
  self->cursor = 0;
  self->state = STATE_TEXT;
  self->style = (DagschedGtkAnsiStyle){ 0 };
}

static void
append_plain (const char *text, gsize length, const DagschedGtkAnsiStyle *style, gpointer user_data)
{
  g_string_append_len (user_data, text, length);
}

char *
dagsched_gtk_ansi_dup_plain (gconstpointer bytes, gsize length)
{
  g_autoptr (DagschedGtkAnsi) self = dagsched_gtk_ansi_new ();
  GString *text = g_string_new (NULL);

  dagsched_gtk_ansi_feed (self, bytes, length, append_plain, text);
  dagsched_gtk_ansi_finish (self, append_plain, text);

  return g_string_free (text, FALSE);
}
