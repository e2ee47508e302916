/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "details/dagsched-gtk-output-find-private.h"

struct _DagschedGtkOutputFind
{
  GtkTextBuffer *buffer;
  GtkTextTag *match_tag;
  GtkTextTag *current_tag;
  GArray *offsets; /* of int: characters */
  int length;      /* of the words: characters */
  guint current;
};

DagschedGtkOutputFind *
dagsched_gtk_output_find_new (GtkTextBuffer *buffer)
{
  DagschedGtkOutputFind *self = g_new0 (DagschedGtkOutputFind, 1);

  self->buffer = buffer;
  self->offsets = g_array_new (FALSE, FALSE, sizeof (int));
  self->match_tag =
    gtk_text_buffer_create_tag (buffer, NULL, "background", "#f9f06b", "foreground", "#241f31", NULL);
  self->current_tag =
    gtk_text_buffer_create_tag (buffer, NULL, "background", "#ff7800", "foreground", "#000000", NULL);

  return self;
}

void
dagsched_gtk_output_find_free (DagschedGtkOutputFind *self)
{
  g_array_unref (self->offsets);
  g_free (self);
}

static gunichar *
fold (const char *words, int *length)
{
  glong n;
  gunichar *folded = g_utf8_to_ucs4_fast (words, -1, &n);

  for (glong i = 0; i < n; i++)
    folded[i] = g_unichar_tolower (folded[i]);
  *length = (int) n;

  return folded;
}

static gunichar
fold_char (const char *p)
{
  return (guchar) *p < 0x80 ? (gunichar) g_ascii_tolower (*p) : g_unichar_tolower (g_utf8_get_char (p));
}

static gboolean
begins_with (const char *p, const gunichar *words, int length)
{
  for (int i = 0; i < length; i++, p = g_utf8_next_char (p))
    {
      if (*p == '\0' || fold_char (p) != words[i])
        return FALSE;
    }

  return TRUE;
}

static void
collect (DagschedGtkOutputFind *self, const char *text, const gunichar *words)
{
  int offset = 0, next = 0;

  for (const char *p = text; *p != '\0' && self->offsets->len < DAGSCHED_GTK_OUTPUT_FIND_MAX;
       p = g_utf8_next_char (p), offset++)
    {
      if (offset < next || !begins_with (p, words, self->length))
        continue;
      g_array_append_val (self->offsets, offset);
      next = offset + self->length;
    }
}

static void
get_range (DagschedGtkOutputFind *self, guint index, GtkTextIter *start, GtkTextIter *end)
{
  int offset = g_array_index (self->offsets, int, index);

  gtk_text_buffer_get_iter_at_offset (self->buffer, start, offset);
  gtk_text_buffer_get_iter_at_offset (self->buffer, end, offset + self->length);
}

static void
mark_all (DagschedGtkOutputFind *self)
{
  GtkTextIter start, end;

  gtk_text_buffer_get_bounds (self->buffer, &start, &end);
  gtk_text_buffer_remove_tag (self->buffer, self->match_tag, &start, &end);
  for (guint i = 0; i < self->offsets->len; i++)
    {
      get_range (self, i, &start, &end);
      gtk_text_buffer_apply_tag (self->buffer, self->match_tag, &start, &end);
    }
}

static void
mark_current (DagschedGtkOutputFind *self)
{
  GtkTextIter start, end;

  gtk_text_buffer_get_bounds (self->buffer, &start, &end);
  gtk_text_buffer_remove_tag (self->buffer, self->current_tag, &start, &end);
  if (self->offsets->len == 0)
    return;

  get_range (self, self->current, &start, &end);
  gtk_text_buffer_apply_tag (self->buffer, self->current_tag, &start, &end);
}

void
dagsched_gtk_output_find_search (DagschedGtkOutputFind *self, const char *words, int near)
{
  g_autofree gunichar *folded = fold (words, &self->length);
  g_autofree char *text = NULL;
  GtkTextIter start, end;

  g_array_set_size (self->offsets, 0);
  gtk_text_buffer_get_bounds (self->buffer, &start, &end);
  text = gtk_text_buffer_get_slice (self->buffer, &start, &end, TRUE);
  if (self->length > 0)
    collect (self, text, folded);

  self->current = 0;
  while (self->current + 1 < self->offsets->len && g_array_index (self->offsets, int, self->current) < near)
    self->current++;
  mark_all (self);
  mark_current (self);
}

guint
dagsched_gtk_output_find_get_n_matches (DagschedGtkOutputFind *self)
{
  return self->offsets->len;
}

guint
dagsched_gtk_output_find_get_current (DagschedGtkOutputFind *self)
{
  return self->current;
}

gboolean
dagsched_gtk_output_find_move (DagschedGtkOutputFind *self, int step)
{
  guint n = self->offsets->len;

  if (n == 0)
    return FALSE;

  self->current = (guint) ((int) (self->current + n) + step) % n;
  mark_current (self);
  return TRUE;
}

gboolean
dagsched_gtk_output_find_get_iter (DagschedGtkOutputFind *self, GtkTextIter *start)
{
  if (self->offsets->len == 0)
    return FALSE;

  gtk_text_buffer_get_iter_at_offset (self->buffer, start, g_array_index (self->offsets, int, self->current));
  return TRUE;
}
