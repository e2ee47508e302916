/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "store/dagsched-json-line-private.h"

#include <string.h>

static void
add_key (GString *line, const char *key)
{
  if (line->len > 0 && strchr ("{[\n", line->str[line->len - 1]) == NULL)
    g_string_append_c (line, ',');

  if (key != NULL)
    {
      g_string_append_c (line, '"');
      g_string_append (line, key);
      g_string_append_len (line, "\":", 2);
    }
}

void
dagsched_json_open (GString *line, const char *key, char bracket)
{
  add_key (line, key);
  g_string_append_c (line, bracket);
}

void
dagsched_json_close (GString *line, char bracket)
{
  g_string_append_c (line, bracket);
}

/* At least @n_digits. Lines are full of numbers, and printf() is slow. */
static void
add_number (GString *line, gboolean is_negative, guint64 value, guint n_digits)
{
  char text[24];
  char *start = text + sizeof text;

  do
    {
      *--start = (char) ('0' + value % 10);
      value /= 10;
    }
  while (value > 0 || start > text + sizeof text - n_digits);
  if (is_negative)
    *--start = '-';

  g_string_append_len (line, start, text + sizeof text - start);
}

void
dagsched_json_add_int (GString *line, const char *key, gint64 value)
{
  add_key (line, key);
  add_number (line, value < 0, value < 0 ? -(guint64) value : (guint64) value, 1);
}

void
dagsched_json_add_true (GString *line, const char *key)
{
  add_key (line, key);
  g_string_append_len (line, "true", 4);
}

void
dagsched_json_add_double (GString *line, const char *key, double value)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  /* Most are whole seconds. */
  if (value > -G_MAXINT32 && value < G_MAXINT32 && value == (gint32) value)
    {
      dagsched_json_add_int (line, key, (gint32) value);
      return;
    }

  add_key (line, key);
  g_string_append (line, g_ascii_dtostr (text, sizeof text, value));
}

void
dagsched_json_add_seconds (GString *line, const char *key, gint64 nanoseconds)
{
  guint64 us = (guint64) ABS (nanoseconds) / 1000;

  add_key (line, key);
  add_number (line, nanoseconds < 0 && us > 0, us / G_USEC_PER_SEC, 1);
  g_string_append_c (line, '.');
  add_number (line, FALSE, us % G_USEC_PER_SEC, 6);
}

static void
add_escape (GString *line, guchar c)
{
  static const char short_ones[] = "\"\"\\\\\bb\ff\nn\rr\tt";
  static const char digits[] = "0123456789abcdef";
  const char *found = NULL;

  for (const char *p = short_ones; *p != '\0' && found == NULL; p += 2)
    found = (guchar) *p == c ? p : NULL;

  if (found != NULL)
    {
      const char escape[2] = { '\\', found[1] };

      g_string_append_len (line, escape, 2);
    }
  else
    {
      const char escape[6] = { '\\', 'u', '0', '0', digits[c >> 4], digits[c & 15] };

      g_string_append_len (line, escape, 6);
    }
}

static void
add_string (GString *line, const char *data, gsize length)
{
  const char *end = data + length;

  g_string_append_c (line, '"');
  while (data < end)
    {
      const char *p = data;

      while (p < end && (guchar) *p >= 0x20 && *p != '"' && *p != '\\' && *p != 0x7f)
        p++;
      g_string_append_len (line, data, p - data);
      if (p < end)
        add_escape (line, (guchar) *p++);
      data = p;
    }
  g_string_append_c (line, '"');
}

static void
add_base64 (GString *line, const char *data, gsize length)
{
  gsize start;
  int state = 0, save = 0;

  g_string_append (line, "{\"base64\":\"");
  start = line->len;
  g_string_set_size (line, start + (length / 3 + 1) * 4 + 4);
  start += g_base64_encode_step ((const guchar *) data, length, FALSE, line->str + start, &state, &save);
  start += g_base64_encode_close (FALSE, line->str + start, &state, &save);
  g_string_truncate (line, start);
  g_string_append (line, "\"}");
}

void
dagsched_json_add_bytes (GString *line, const char *key, const char *data, gsize length)
{
  add_key (line, key);
  if (g_utf8_validate_len (data, length, NULL))
    add_string (line, data, length);
  else
    add_base64 (line, data, length);
}

void
dagsched_json_add_text (GString *line, const char *key, const char *text)
{
  dagsched_json_add_bytes (line, key, text, strlen (text));
}

void
dagsched_json_add_list (GString *line, const char *key, const char *const *texts)
{
  dagsched_json_open (line, key, '[');
  for (; *texts != NULL; texts++)
    dagsched_json_add_text (line, NULL, *texts);
  dagsched_json_close (line, ']');
}
