/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "bench-text.h"

#include <math.h>
#include <string.h>

typedef struct
{
  char *text;
  gboolean is_number;
} Cell;

struct _BenchText
{
  gboolean markdown;
  GString *text;
  GArray *cells; /* (element-type Cell) of the current table, its head first */
  guint n_columns;
};

static void
cell_clear (gpointer data)
{
  g_free (((Cell *) data)->text);
}

BenchText *
bench_text_new (gboolean markdown)
{
  BenchText *self = g_new0 (BenchText, 1);

  self->markdown = markdown;
  self->text = g_string_new (NULL);
  self->cells = g_array_new (FALSE, FALSE, sizeof (Cell));
  g_array_set_clear_func (self->cells, cell_clear);

  return self;
}

void
bench_text_free (BenchText *self)
{
  g_string_free (self->text, TRUE);
  g_array_unref (self->cells);
  g_free (self);
}

char *
bench_text_end (BenchText *self)
{
  char *text = g_strdup (self->text->str);

  bench_text_free (self);
  return text;
}

void
bench_text_add_title (BenchText *self, const char *title)
{
  g_string_append_printf (self->text, self->markdown ? "### %s\n\n" : "%s\n\n", title);
}

void
bench_text_add_line (BenchText *self, const char *line)
{
  g_string_append_printf (self->text, "%s\n", line);
}

static void
add_cell (BenchText *self, char *text, gboolean is_number)
{
  Cell cell = { .text = text, .is_number = is_number };

  g_array_append_val (self->cells, cell);
}

void
bench_text_begin_table (BenchText *self, const char *head, ...)
{
  va_list heads;

  g_array_set_size (self->cells, 0);
  va_start (heads, head);
  for (; head != NULL; head = va_arg (heads, const char *))
    add_cell (self, g_strdup (head), FALSE);
  va_end (heads);
  self->n_columns = self->cells->len;
}

void
bench_text_add_word (BenchText *self, const char *word)
{
  add_cell (self, g_strdup (word), FALSE);
}

char *
bench_text_format_number (double number)
{
  double size = fabs (number);
  int n_decimals = 0;

  if (size > 0 && size < 100)
    n_decimals = CLAMP (2 - (int) floor (log10 (size)), 0, 6);

  return g_strdup_printf ("%.*f", n_decimals, number);
}

void
bench_text_add_number (BenchText *self, double number)
{
  if (isnan (number))
    add_cell (self, g_strdup ("–"), TRUE);
  else
    add_cell (self, bench_text_format_number (number), TRUE);
}

static const Cell *
get_cell (BenchText *self, guint row, guint column)
{
  return &g_array_index (self->cells, Cell, row * self->n_columns + column);
}

/* Numbers stand to the right, and so does the head above them. */
static gboolean
is_right (BenchText *self, guint column)
{
  return get_cell (self, 1, column)->is_number;
}

static void
append_padded (BenchText *self, guint row, guint column, gsize width)
{
  const char *text = get_cell (self, row, column)->text;
  gsize padding = width - g_utf8_strlen (text, -1);

  if (is_right (self, column))
    g_string_append_printf (self->text, "%*s%s", (int) padding, "", text);
  else
    g_string_append_printf (self->text, "%s%*s", text, (int) padding, "");
}

static void
append_row (BenchText *self, guint row, const gsize *widths)
{
  for (guint i = 0; i < self->n_columns; i++)
    {
      g_string_append (self->text, self->markdown ? "| " : "  ");
      append_padded (self, row, i, widths[i]);
      if (self->markdown)
        g_string_append_c (self->text, ' ');
    }
  if (self->markdown)
    g_string_append_c (self->text, '|');
  else
    while (g_str_has_suffix (self->text->str, " "))
      g_string_truncate (self->text, self->text->len - 1);
  g_string_append_c (self->text, '\n');
}

static void
append_rule (BenchText *self, const gsize *widths)
{
  for (guint i = 0; i < self->n_columns; i++)
    {
      g_string_append (self->text, "| ");
      for (gsize j = 0; j < widths[i] - 1; j++)
        g_string_append_c (self->text, '-');
      g_string_append (self->text, is_right (self, i) ? ": " : "- ");
    }
  g_string_append (self->text, "|\n");
}

void
bench_text_end_table (BenchText *self)
{
  guint n_rows = self->cells->len / self->n_columns;
  g_autofree gsize *widths = g_new0 (gsize, self->n_columns);

  g_assert (self->cells->len % self->n_columns == 0);
  if (n_rows < 2)
    return;

  for (guint i = 0; i < self->cells->len; i++)
    {
      gsize length = g_utf8_strlen (g_array_index (self->cells, Cell, i).text, -1);

      widths[i % self->n_columns] = MAX (widths[i % self->n_columns], length);
    }
  for (guint row = 0; row < n_rows; row++)
    {
      append_row (self, row, widths);
      if (row == 0 && self->markdown)
        append_rule (self, widths);
    }
  g_string_append_c (self->text, '\n');
}
