/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fuzz.h"

#include "base/dagsched-text-private.h"

/* What others wrote, as a terminal and reports show it. */

#define ALL_FLAGS (DAGSCHED_TEXT_ASCII | DAGSCHED_TEXT_KEEP_TABS | DAGSCHED_TEXT_DROP_SEQUENCES)
#define MAX_LINES 7

static void
check_fit (const char *text, DagschedTextFlags flags)
{
  g_assert_true (g_utf8_validate (text, -1, NULL));
  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      g_assert_true (!g_unichar_iscntrl (c) || (c == '\t' && (flags & DAGSCHED_TEXT_KEEP_TABS)));
      g_assert_true (g_unichar_type (c) != G_UNICODE_LINE_SEPARATOR &&
                     g_unichar_type (c) != G_UNICODE_PARAGRAPH_SEPARATOR);
      g_assert_true (c < 0x80 || !(flags & DAGSCHED_TEXT_ASCII));
    }
}

static void
check_append (const char *text, gsize length, DagschedTextFlags flags)
{
  g_autoptr (GString) out = g_string_new (NULL), again = g_string_new (NULL);

  dagsched_text_append (out, text, (gssize) length, flags);
  check_fit (out->str, flags);
  g_assert_cmpuint (strlen (out->str), ==, out->len);
  dagsched_text_append (again, out->str, -1, flags);
  g_assert_cmpstr (again->str, ==, out->str);
}

static void
check_end (const char *text, guint columns, DagschedTextFlags flags)
{
  g_autoptr (GString) out = g_string_new (NULL);

  dagsched_text_append_end (out, text, columns, flags);
  check_fit (out->str, flags);
  if (!(flags & DAGSCHED_TEXT_KEEP_TABS))
    g_assert_cmpuint (dagsched_text_get_columns (out->str), <=, columns);
}

static void
check_tail (GBytes *bytes, DagschedTextFlags flags)
{
  guint64 n_lines;
  g_autoptr (GPtrArray) lines = dagsched_text_dup_tail (bytes, MAX_LINES, flags, &n_lines);

  g_assert_cmpuint (lines->len, ==, MIN (n_lines, MAX_LINES));
  for (guint i = 0; i < lines->len; i++)
    check_fit (lines->pdata[i], flags | DAGSCHED_TEXT_KEEP_TABS);
}

FUZZ_READER (text)
{
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);
  g_autofree char *alone = g_memdup2 (data, MAX (size, 1));
  g_autofree char *string = g_strndup ((const char *) data, size);

  for (DagschedTextFlags flags = 0; flags <= ALL_FLAGS; flags++)
    {
      check_append (alone, size, flags);
      check_end (string, size > 0 ? data[size - 1] % 80 : 0, flags);
      check_tail (bytes, flags);
    }
  return 0;
}
