/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/dagsched-text-private.h"

#include <math.h>
#include <string.h>

#define MAX_LINE 1000 /* bytes of a line of output that are shown */

/* Cc, line separators, marks that turn the direction of writing (which can make a name look like
 * another), the byte order mark and non-characters. */
static gboolean
is_unfit (gunichar c)
{
  return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x2028 || c == 0x2029 || (c >= 0x202a && c <= 0x202e) ||
         (c >= 0x2066 && c <= 0x2069) || c == 0x200e || c == 0x200f || c == 0xfeff ||
         (c & 0xfffe) == 0xfffe || (c >= 0xfdd0 && c <= 0xfdef);
}

static void
append_escaped (GString *out, gunichar c)
{
  switch (c)
    {
    case '\n':
      g_string_append (out, "\\n");
      break;
    case '\r':
      g_string_append (out, "\\r");
      break;
    case '\t':
      g_string_append (out, "\\t");
      break;
    default:
      if (c < 0x100)
        g_string_append_printf (out, "\\x%02x", c);
      else
        g_string_append_printf (out, "\\u{%x}", c);
    }
}

/* The length of the control string (ECMA-48, 5.6) at @text, up to BEL or ST; 0: it does not end. */
static gsize
get_control_string (const char *text, gsize length)
{
  for (gsize i = 2; i < length; i++)
    {
      if (text[i] == '\a')
        return i + 1;
      if (text[i] == '\033')
        return i + 1 < length && text[i + 1] == '\\' ? i + 2 : 0;
    }

  return 0;
}

/* The length of the escape sequence (ECMA-48, 5.3 and 5.4) at @text, which begins with ESC; 0: it is none. */
static gsize
get_sequence (const char *text, gsize length)
{
  gsize i = 2;

  if (length < 2)
    return 0;
  if (strchr ("]P^_X", text[1]) != NULL && text[1] != '\0')
    return get_control_string (text, length);

  if (text[1] != '[')
    {
      i = 1;
      while (i < length && text[i] >= 0x20 && text[i] <= 0x2f)
        i++;
      return i < length && text[i] >= 0x30 && text[i] <= 0x7e ? i + 1 : 0;
    }

  while (i < length && text[i] >= 0x20 && text[i] <= 0x3f)
    i++;
  return i < length && text[i] >= 0x40 && text[i] <= 0x7e ? i + 1 : 0;
}

static void
append_char (GString *out, gunichar c, DagschedTextFlags flags)
{
  if (c == '\t' && (flags & DAGSCHED_TEXT_KEEP_TABS))
    g_string_append_c (out, '\t');
  else if (is_unfit (c) || (c >= 0x80 && (flags & DAGSCHED_TEXT_ASCII)))
    append_escaped (out, c);
  else
    g_string_append_unichar (out, c);
}

void
dagsched_text_append (GString *out, const char *text, gssize length, DagschedTextFlags flags)
{
  gsize left = length < 0 ? strlen (text) : (gsize) length;

  while (left > 0)
    {
      gunichar c = g_utf8_get_char_validated (text, left);
      gsize n = 1;

      if (*text == '\033' && (flags & DAGSCHED_TEXT_DROP_SEQUENCES) && (n = get_sequence (text, left)) > 0)
        ;
      else if (*text == '\0' || c == (gunichar) -1 || c == (gunichar) -2)
        {
          g_string_append_printf (out, "\\x%02x", (guchar) *text);
          n = 1;
        }
      else
        {
          append_char (out, c, flags);
          n = g_utf8_skip[*(const guchar *) text];
        }
      text += n;
      left -= n;
    }
}

static guint
get_char_columns (gunichar c)
{
  if (g_unichar_iszerowidth (c))
    return 0;

  return g_unichar_iswide (c) ? 2 : 1;
}

guint
dagsched_text_get_columns (const char *text)
{
  guint columns = 0;

  while (*text != '\0')
    {
      if (*text == '\033')
        {
          text += strcspn (text, "m");
          text += *text == 'm';
        }
      else
        {
          columns += get_char_columns (g_utf8_get_char (text));
          text = g_utf8_next_char (text);
        }
    }

  return columns;
}

void
dagsched_text_append_end (GString *out, const char *text, guint columns, DagschedTextFlags flags)
{
  g_autoptr (GString) safe = g_string_new (NULL);
  const char *ellipsis = flags & DAGSCHED_TEXT_ASCII ? "..." : "…";
  guint n_ellipsis = flags & DAGSCHED_TEXT_ASCII ? 3 : 1;
  const char *p;
  guint used = 0;

  dagsched_text_append (safe, text, -1, flags);
  if (dagsched_text_get_columns (safe->str) <= columns)
    {
      g_string_append_len (out, safe->str, safe->len);
      return;
    }
  if (columns <= n_ellipsis)
    {
      g_string_append_len (out, "...", MIN (columns, 3));
      return;
    }

  for (p = safe->str + safe->len; p > safe->str;)
    {
      const char *before = g_utf8_prev_char (p);
      guint n = get_char_columns (g_utf8_get_char (before));

      if (used + n > columns - n_ellipsis)
        break;
      used += n;
      p = before;
    }
  g_string_append (out, ellipsis);
  g_string_append (out, p);
}

/* What a terminal would show of a line last: what stands after its last carriage return, or before it. */
static void
skip_overwritten (const char **line, gsize *length)
{
  const char *cr;

  while (*length > 0 && (*line)[*length - 1] == '\r')
    --*length;

  cr = memrchr (*line, '\r', *length);
  if (cr != NULL)
    {
      *length -= cr + 1 - *line;
      *line = cr + 1;
    }
}

static char *
dup_line (const char *line, gsize length, DagschedTextFlags flags)
{
  GString *out = g_string_new (NULL);
  gsize shown;

  skip_overwritten (&line, &length);
  shown = length;
  if (length > MAX_LINE)
    {
      shown = MAX_LINE;
      while (shown > MAX_LINE - 4 && ((guchar) line[shown] & 0xc0) == 0x80)
        shown--;
    }

  dagsched_text_append (out, line, shown, flags | DAGSCHED_TEXT_KEEP_TABS | DAGSCHED_TEXT_DROP_SEQUENCES);
  if (shown < length)
    g_string_append_printf (out, "%s (%" G_GSIZE_FORMAT " more bytes)",
                            flags & DAGSCHED_TEXT_ASCII ? "..." : "…", length - shown);

  return g_string_free (out, FALSE);
}

static guint64
count_lines (const char *data, gsize length)
{
  const char *end = data + length, *newline;
  guint64 n = 0;

  while (data < end && (newline = memchr (data, '\n', end - data)) != NULL)
    {
      n++;
      data = newline + 1;
    }

  return n + (data < end);
}

GPtrArray *
dagsched_text_dup_tail (GBytes *output, guint max_lines, DagschedTextFlags flags, guint64 *n_lines)
{
  GPtrArray *lines = g_ptr_array_new_with_free_func (g_free);
  gsize length;
  const char *data = g_bytes_get_data (output, &length);

  *n_lines = 0;
  if (data == NULL)
    return lines;

  *n_lines = count_lines (data, length);
  if (length > 0 && data[length - 1] == '\n')
    length--;

  while (lines->len < MIN (*n_lines, max_lines))
    {
      const char *newline = length == 0 ? NULL : memrchr (data, '\n', length);
      gsize start = newline == NULL ? 0 : newline + 1 - data;

      g_ptr_array_insert (lines, 0, dup_line (data + start, length - start, flags));
      length = newline == NULL ? 0 : start - 1;
    }

  return lines;
}

void
dagsched_text_append_seconds (GString *out, double seconds, guint decimals)
{
  char buffer[G_ASCII_DTOSTR_BUF_SIZE + 320];

  if (!isfinite (seconds) || seconds < 0)
    seconds = 0;
  g_string_append (out, g_ascii_formatd (buffer, sizeof buffer, decimals == 3 ? "%.3f" : "%.2f", seconds));
}

void
dagsched_text_append_elapsed (GString *out, double seconds)
{
  guint64 s = isfinite (seconds) && seconds > 0 ? MIN (seconds, 1e9) : 0;

  if (s < 60)
    g_string_append_printf (out, "%" G_GUINT64_FORMAT "s", s);
  else if (s < 3600)
    g_string_append_printf (out, "%" G_GUINT64_FORMAT "m%02" G_GUINT64_FORMAT "s", s / 60, s % 60);
  else
    g_string_append_printf (out, "%" G_GUINT64_FORMAT "h%02" G_GUINT64_FORMAT "m", s / 3600, s / 60 % 60);
}
