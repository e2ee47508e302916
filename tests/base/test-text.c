/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib.h>
#include <locale.h>
#include <math.h>
#include <string.h>

#include "base/dagsched-text-private.h"

static void
test_append (void)
{
  static const struct
  {
    const char *text;
    gssize length;
    DagschedTextFlags flags;
    const char *expected;
  } cases[] = {
    { "plain é 日本", -1, 0, "plain é 日本" },
    { "", -1, 0, "" },
    { "a\nb\rc\td", -1, 0, "a\\nb\\rc\\td" },
    { "a\tb", -1, DAGSCHED_TEXT_KEEP_TABS, "a\tb" },
    { "a\0b", 3, 0, "a\\x00b" },
    { "\x1b[31m", -1, 0, "\\x1b[31m" },
    { "\x7f\xc2\x85", -1, 0, "\\x7f\\x85" },
    { "\xff\xc3", -1, 0, "\\xff\\xc3" },
    { "\xe2\x82", 2, 0, "\\xe2\\x82" },
    { "\xed\xa0\x80", -1, 0, "\\xed\\xa0\\x80" },
    { "a\xe2\x80\xae"
      "b\xe2\x81\xa6\xef\xbb\xbf",
      -1, 0, "a\\u{202e}b\\u{2066}\\u{feff}" },
    { "é€😀", -1, DAGSCHED_TEXT_ASCII, "\\xe9\\u{20ac}\\u{1f600}" },
    { "\x1b[1;31mred\x1b[0m", -1, DAGSCHED_TEXT_DROP_SEQUENCES, "red" },
    { "\x1b]0;title\x07x\x1b]8;;http://x\x1b\\y", -1, DAGSCHED_TEXT_DROP_SEQUENCES, "xy" },
    { "\x1b(B\x1b"
      "7a\x1bPq\x1b\\b",
      -1, DAGSCHED_TEXT_DROP_SEQUENCES, "ab" },
    { "\x1b[31", -1, DAGSCHED_TEXT_DROP_SEQUENCES, "\\x1b[31" },
    { "\x1b", -1, DAGSCHED_TEXT_DROP_SEQUENCES, "\\x1b" },
    { "\x1b]0;never ends", -1, DAGSCHED_TEXT_DROP_SEQUENCES, "\\x1b]0;never ends" },
    { "\x1b\0x", 3, DAGSCHED_TEXT_DROP_SEQUENCES, "\\x1b\\x00x" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GString) out = g_string_new (NULL);

      dagsched_text_append (out, cases[i].text, cases[i].length, cases[i].flags);
      g_assert_cmpstr (out->str, ==, cases[i].expected);
    }
}

/* Whatever comes in, what comes out is harmless UTF-8. */
static void
test_append_random (void)
{
  for (guint i = 0; i < 20000; i++)
    {
      g_autoptr (GString) out = g_string_new (NULL);
      char bytes[24];
      guint flags = g_test_rand_int_range (0, 8), length = g_test_rand_int_range (0, sizeof bytes);

      for (guint j = 0; j < length; j++)
        bytes[j] = g_test_rand_int_range (0, 3) == 0 ? "\033[]\\\a\r\n\tm"[g_test_rand_int_range (0, 9)]
                                                     : (char) g_test_rand_int_range (0, 256);
      dagsched_text_append (out, bytes, length, flags);
      g_assert_true (g_utf8_validate (out->str, out->len, NULL));
      for (const char *p = out->str; *p != '\0'; p++)
        {
          g_assert_true ((guchar) *p >= 0x20 || (*p == '\t' && (flags & DAGSCHED_TEXT_KEEP_TABS)));
          g_assert_true ((guchar) *p < 0x80 || !(flags & DAGSCHED_TEXT_ASCII));
        }
    }
}

static void
test_append_end (void)
{
  static const struct
  {
    const char *text;
    guint columns;
    DagschedTextFlags flags;
    const char *expected;
  } cases[] = {
    { "api/upload", 10, 0, "api/upload" },
    { "api/upload", 9, 0, "…i/upload" },
    { "api/upload", 9, DAGSCHED_TEXT_ASCII, "...upload" },
    { "api/upload", 2, 0, "…d" },
    { "api/upload", 1, 0, "." },
    { "api/upload", 0, 0, "" },
    { "日本語", 6, 0, "日本語" },
    { "日本語", 5, 0, "…本語" },
    { "日本語", 4, 0, "…語" },
    { "e\xcc\x81te\xcc\x81", 3, 0, "e\xcc\x81te\xcc\x81" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GString) out = g_string_new (NULL);

      dagsched_text_append_end (out, cases[i].text, cases[i].columns, cases[i].flags);
      g_assert_cmpstr (out->str, ==, cases[i].expected);
      g_assert_cmpuint (dagsched_text_get_columns (out->str), <=, cases[i].columns);
    }
}

static void
assert_tail (const char *text, gsize length, guint max_lines, const char *expected, guint64 n_expected)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static (text, length);
  guint64 n_lines;
  g_autoptr (GPtrArray) lines = dagsched_text_dup_tail (bytes, max_lines, 0, &n_lines);
  g_autofree char *joined = NULL;

  g_ptr_array_add (lines, NULL);
  joined = g_strjoinv ("|", (char **) lines->pdata);
  g_assert_cmpstr (joined, ==, expected);
  g_assert_cmpuint (n_lines, ==, n_expected);
}

static void
test_tail (void)
{
#define TAIL(text, max, expected, n) assert_tail (text, sizeof text - 1, max, expected, n)
  TAIL ("", 5, "", 0);
  TAIL ("\n", 5, "", 1);
  TAIL ("a", 5, "a", 1);
  TAIL ("a\n", 5, "a", 1);
  TAIL ("a\nb", 5, "a|b", 2);
  TAIL ("a\nb\n\n", 2, "b|", 3);
  TAIL ("1\n2\n3\n4\n", 2, "3|4", 4);
  TAIL ("a\r\nb\r\n", 5, "a|b", 2);
  TAIL ("10%\r20%\r99%", 5, "99%", 1);
  TAIL ("10%\r20%\r", 5, "20%", 1);
  TAIL ("\033[31mred\033[0m\tx\n", 5, "red\tx", 1);
}

static void
test_tail_of_huge_line (void)
{
  g_autofree char *text = g_malloc (10 * 1024 * 1024);
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GPtrArray) lines = NULL;
  guint64 n_lines;

  memset (text, 'x', 10 * 1024 * 1024);
  memcpy (text + 999, "\xe2\x82\xac", 3); /* where it is cut */
  bytes = g_bytes_new_static (text, 10 * 1024 * 1024);
  lines = dagsched_text_dup_tail (bytes, 40, 0, &n_lines);
  g_assert_cmpuint (n_lines, ==, 1);
  g_assert_cmpuint (lines->len, ==, 1);
  g_assert_true (g_str_has_suffix (lines->pdata[0], "x… (10484761 more bytes)"));
}

static void
test_numbers (void)
{
  g_autoptr (GString) out = g_string_new (NULL);

  setlocale (LC_NUMERIC, "de_DE.UTF-8");
  dagsched_text_append_seconds (out, 0.519, 2);
  g_string_append_c (out, ' ');
  dagsched_text_append_seconds (out, 75, 3);
  g_string_append_c (out, ' ');
  dagsched_text_append_seconds (out, NAN, 2);
  g_string_append_c (out, ' ');
  dagsched_text_append_seconds (out, 1e300, 2);
  g_assert_true (g_str_has_prefix (out->str, "0.52 75.000 0.00 1000000"));

  g_string_truncate (out, 0);
  for (guint i = 0; i < 5; i++)
    {
      dagsched_text_append_elapsed (out, (double[]){ 0.9, 59, 65, 3599, 7380 }[i]);
      g_string_append_c (out, ' ');
    }
  g_assert_cmpstr (out->str, ==, "0s 59s 1m05s 59m59s 2h03m ");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/text/append", test_append);
  g_test_add_func ("/text/append-random", test_append_random);
  g_test_add_func ("/text/append-end", test_append_end);
  g_test_add_func ("/text/tail", test_tail);
  g_test_add_func ("/text/tail-of-huge-line", test_tail_of_huge_line);
  g_test_add_func ("/text/numbers", test_numbers);

  return g_test_run ();
}
