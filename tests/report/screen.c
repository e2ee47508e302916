/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "screen.h"

#include <string.h>

typedef struct
{
  GArray *cells; /* of gunichar; 0: the right half of a wide character */
  gboolean wraps;
} Row;

struct _Screen
{
  guint columns;
  GPtrArray *rows;
  guint row;
  guint column;
  gboolean no_wrap;
};

static void
row_free (gpointer data)
{
  Row *row = data;

  g_array_unref (row->cells);
  g_free (row);
}

Screen *
screen_new (guint columns)
{
  Screen *self = g_new0 (Screen, 1);

  self->columns = columns;
  self->rows = g_ptr_array_new_with_free_func (row_free);

  return self;
}

void
screen_free (Screen *self)
{
  g_ptr_array_unref (self->rows);
  g_free (self);
}

static Row *
get_row (Screen *self, guint n)
{
  while (self->rows->len <= n)
    {
      Row *row = g_new0 (Row, 1);

      row->cells = g_array_new (FALSE, TRUE, sizeof (gunichar));
      g_ptr_array_add (self->rows, row);
    }

  return self->rows->pdata[n];
}

static void
put_cell (Screen *self, gunichar c)
{
  Row *row = get_row (self, self->row);

  while (row->cells->len <= self->column)
    {
      gunichar blank = ' ';

      g_array_append_val (row->cells, blank);
    }
  g_array_index (row->cells, gunichar, self->column++) = c;
}

static void
put_char (Screen *self, gunichar c)
{
  guint width = g_unichar_iszerowidth (c) ? 0 : g_unichar_iswide (c) ? 2 : 1;

  if (width == 0)
    return;

  if (self->column + width > self->columns)
    {
      g_assert_false (self->no_wrap); /* what is painted fits */
      get_row (self, self->row)->wraps = TRUE;
      self->row++;
      self->column = 0;
    }
  put_cell (self, c);
  if (width == 2)
    put_cell (self, 0);
}

static void
erase_to_right (Screen *self, guint n)
{
  Row *row = get_row (self, n);

  if (row->cells->len > self->column)
    g_array_set_size (row->cells, self->column);
  row->wraps = FALSE;
}

static void
erase_below (Screen *self)
{
  erase_to_right (self, self->row);
  g_ptr_array_set_size (self->rows, self->row + 1);
}

static const char *
do_sequence (Screen *self, const char *p)
{
  g_autofree char *parameters = NULL;
  gsize n;

  g_assert_cmpint (p[1], ==, '[');
  n = strspn (p + 2, "0123456789;?");
  parameters = g_strndup (p + 2, n);
  p += 2 + n;

  switch (*p)
    {
    case 'A':
      n = g_ascii_strtoull (parameters, NULL, 10);
      g_assert_cmpuint (n, <=, self->row);
      self->row -= n;
      break;
    case 'B':
      self->row++;
      g_assert_cmpuint (self->row, <, self->rows->len);
      break;
    case 'J':
      g_assert_cmpuint (self->row + self->column, >, 0); /* tmux would keep what is on the screen */
      erase_below (self);
      break;
    case 'K':
      erase_to_right (self, self->row);
      break;
    case 'h':
    case 'l':
      g_assert_cmpstr (parameters, ==, "?7");
      self->no_wrap = *p == 'l';
      break;
    case 'm':
      break;
    default:
      g_assert_not_reached ();
    }

  return p + 1;
}

void
screen_feed (Screen *self, const char *data, gsize length)
{
  g_autofree char *text = g_strndup (data, length);
  const char *p = text;

  g_assert_true (g_utf8_validate (text, length, NULL));
  while (*p != '\0')
    {
      if (*p == '\033')
        {
          p = do_sequence (self, p);
          continue;
        }
      if (*p == '\r')
        self->column = 0;
      else if (*p == '\n')
        {
          self->row++;
          self->column = 0;
          get_row (self, self->row);
        }
      else if (*p == '\t')
        put_char (self, ' ');
      else
        {
          g_assert_cmpint ((guchar) *p, >=, 0x20);
          put_char (self, g_utf8_get_char (p));
        }
      p = g_utf8_next_char (p);
    }
}

char *
screen_dup_text (Screen *self)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < self->rows->len; i++)
    {
      const Row *row = self->rows->pdata[i];

      for (guint j = 0; j < row->cells->len; j++)
        {
          gunichar c = g_array_index (row->cells, gunichar, j);

          if (c != 0)
            g_string_append_unichar (text, c);
        }
      if (!row->wraps && i + 1 < self->rows->len)
        g_string_append_c (text, '\n');
    }

  return g_string_free (text, FALSE);
}

/* As terminals do that wrap again: every line anew. The cursor stays at its character. */
void
screen_set_columns (Screen *self, guint columns)
{
  g_autofree char *text = screen_dup_text (self);
  gboolean first_column = self->column == 0;

  self->columns = columns;
  self->row = self->column = 0;
  g_ptr_array_set_size (self->rows, 0);
  screen_feed (self, text, strlen (text));

  if (first_column)
    {
      self->column = 0;
      while (self->row > 0 && get_row (self, self->row - 1)->wraps)
        self->row--;
    }
}
