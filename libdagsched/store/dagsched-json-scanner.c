/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "store/dagsched-json-scanner-private.h"

#include <string.h>

static gboolean
scan_char (DagschedJsonScanner *self, char c)
{
  if (self->position == self->end || *self->position != c)
    return FALSE;

  self->position++;
  return TRUE;
}

gboolean
dagsched_json_scan_exactly (DagschedJsonScanner *self, const char *characters)
{
  const char *p = self->position;

  for (; *characters != '\0'; characters++, p++)
    {
      if (p == self->end || *p != *characters)
        return FALSE;
    }

  self->position = p;
  return TRUE;
}

/* As many as an integer of 64 bits surely holds; none that starts with a 0 but 0 itself. */
#define MAX_DIGITS 18

static gboolean
scan_digits (DagschedJsonScanner *self, guint64 *value, guint *n_digits)
{
  const char *first = self->position, *p = first;

  for (; p < self->end && g_ascii_isdigit (*p); p++)
    *value = *value * 10 + (guint64) (*p - '0');

  *n_digits += (guint) MIN (p - first, G_MAXINT16);
  self->position = p;
  return p > first && *n_digits <= MAX_DIGITS;
}

/* What is read as part of a number by some. */
static gboolean
is_number_over (const DagschedJsonScanner *self)
{
  return self->position < self->end &&
         (*self->position == ',' || *self->position == ']' || *self->position == '}');
}

gboolean
dagsched_json_scan_integer (DagschedJsonScanner *self, gint64 min, gint64 max, gint64 *value)
{
  gboolean is_negative = scan_char (self, '-');
  const char *first = self->position;
  guint64 magnitude = 0;
  guint n_digits = 0;

  if (!scan_digits (self, &magnitude, &n_digits) || !is_number_over (self) || (*first == '0' && n_digits > 1))
    return FALSE;

  *value = is_negative ? -(gint64) magnitude : (gint64) magnitude;
  return *value >= min && *value <= max;
}

/* Up to these a quotient of two doubles is the double nearest to what is written (W. D. Clinger, "How to
 * read floating point numbers accurately", 1990): both are exact, and one division rounds once. */
#define MAX_EXACT (G_GUINT64_CONSTANT (1) << 53)
static const double powers_of_ten[MAX_DIGITS + 1] = { 1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,
                                                      1e7,  1e8,  1e9,  1e10, 1e11, 1e12, 1e13,
                                                      1e14, 1e15, 1e16, 1e17, 1e18 };

gboolean
dagsched_json_scan_double (DagschedJsonScanner *self, double *value)
{
  const char *first = self->position;
  guint64 digits = 0;
  guint n_digits = 0, n_whole;

  if (!scan_digits (self, &digits, &n_digits) || (*first == '0' && n_digits > 1))
    return FALSE;

  n_whole = n_digits;
  if (scan_char (self, '.') && !scan_digits (self, &digits, &n_digits))
    return FALSE;
  if (!is_number_over (self))
    return FALSE;

  if (digits <= MAX_EXACT)
    *value = (double) digits / powers_of_ten[n_digits - n_whole];
  else
    *value = g_ascii_strtod (first, NULL); /* what is_number_over() saw ends it */
  return TRUE;
}

static gboolean
scan_string (DagschedJsonScanner *self, const char **start, gsize *length, gboolean *has_escapes)
{
  const char *p;
  guchar seen = 0;

  if (!scan_char (self, '"'))
    return FALSE;

  *has_escapes = FALSE;
  for (p = self->position; p < self->end && *p != '"'; p++)
    {
      if ((guchar) *p < 0x20 || *p == 0x7f)
        return FALSE;
      if (*p == '\\')
        {
          *has_escapes = TRUE;
          p++; /* unescape() looks at what it is */
        }
      seen |= p < self->end ? (guchar) *p : 0;
    }
  if (p >= self->end)
    return FALSE;

  *start = self->position;
  *length = (gsize) (p - self->position);
  self->position = p + 1;
  return seen < 0x80 || g_utf8_validate_len (*start, *length, NULL);
}

/* \u00XX: a character that has no other escape; no NUL, which would end a string. */
static gboolean
unescape_code (const char *p, const char *end, char *c)
{
  int high, low;

  if (end - p < 4 || p[0] != '0' || p[1] != '0')
    return FALSE;

  high = g_ascii_xdigit_value (p[2]);
  low = g_ascii_xdigit_value (p[3]);
  *c = (char) (high * 16 + low);

  return high >= 0 && high < 8 && low >= 0 && *c != '\0';
}

static gboolean
unescape (const char *p, const char *end, char *text, gsize *length)
{
  static const char short_ones[] = "\"\"\\\\b\bf\fn\nr\rt\t";
  const char *start = text;

  while (p < end)
    {
      const char *found = NULL;

      if (*p != '\\')
        {
          *text++ = *p++;
          continue;
        }
      if (++p == end)
        return FALSE;

      for (const char *s = short_ones; *s != '\0' && found == NULL; s += 2)
        found = *s == *p ? s : NULL;
      if (found != NULL)
        *text++ = found[1];
      else if (*p != 'u' || !unescape_code (p + 1, end, text++))
        return FALSE;
      p += found != NULL ? 1 : 5;
    }

  *length = (gsize) (text - start);
  return TRUE;
}

char *
dagsched_json_scan_text (DagschedJsonScanner *self, gsize *length)
{
  g_autofree char *text = NULL;
  const char *start;
  gsize n;
  gboolean has_escapes;

  if (!scan_string (self, &start, &n, &has_escapes))
    return NULL;

  text = g_malloc (n + 1);
  if (!has_escapes)
    memcpy (text, start, n);
  else if (!unescape (start, start + n, text, &n))
    return NULL;
  text[n] = '\0';
  if (length != NULL)
    *length = n;

  return g_steal_pointer (&text);
}

gboolean
dagsched_json_scan_word (DagschedJsonScanner *self, char word[DAGSCHED_JSON_MAX_WORD])
{
  const char *start;
  gsize length;
  gboolean has_escapes;

  if (!scan_string (self, &start, &length, &has_escapes) || has_escapes || length >= DAGSCHED_JSON_MAX_WORD)
    return FALSE;

  memcpy (word, start, length);
  word[length] = '\0';
  return TRUE;
}

char **
dagsched_json_scan_list (DagschedJsonScanner *self)
{
  g_autoptr (GPtrArray) texts = g_ptr_array_new_with_free_func (g_free);

  if (!scan_char (self, '['))
    return NULL;

  while (!scan_char (self, ']'))
    {
      char *text = texts->len == 0 || scan_char (self, ',') ? dagsched_json_scan_text (self, NULL) : NULL;

      if (text == NULL)
        return NULL;
      g_ptr_array_add (texts, text);
    }

  g_ptr_array_add (texts, NULL);
  return (char **) g_ptr_array_steal (texts, NULL);
}
