/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "base/dagsched-gtk-shell-line-private.h"
#include "details/dagsched-gtk-ansi-palette-private.h"

/* What tests write, and what they are called with; without a display. */

/* Runs as [FOREGROUND/BACKGROUND/ATTRIBUTES]text. */
static void
append_run (const char *text, gsize length, const DagschedGtkAnsiStyle *style, gpointer user_data)
{
  if (style->foreground != 0 || style->background != 0 || style->attributes != 0)
    g_string_append_printf (user_data, "[%x/%x/%x]", style->foreground, style->background, style->attributes);
  g_string_append_len (user_data, text, length);
}

static char *
dup_runs (const char *input, gsize length, gsize step)
{
  g_autoptr (DagschedGtkAnsi) ansi = dagsched_gtk_ansi_new ();
  GString *runs = g_string_new (NULL);

  for (gsize i = 0; i < length; i += step)
    dagsched_gtk_ansi_feed (ansi, input + i, MIN (step, length - i), append_run, runs);
  dagsched_gtk_ansi_finish (ansi, append_run, runs);

  return g_string_free (runs, FALSE);
}

static void
test_sequences (void)
{
  static const struct
  {
    const char *input;
    const char *runs;
  } cases[] = {
    { "", "" },
    { "plain\n", "plain\n" },
    { "no end", "no end" },
    { "\n\n", "\n\n" },
    { "\033[31mred\033[0m plain\n", "[2/0/0]red plain\n" },
    { "\033[1;4;31mx\033[22my\033[mz", "[2/0/9]x[2/0/8]yz" },
    { "\033[91;102mx", "[a/b/0]x" },
    { "\033[38;5;208mx\033[39my", "[d1/0/0]xy" },
    { "\033[38;2;1;2;3mx", "[1010203/0/0]x" },
    { "\033[38:2:1:2:3mx", "[1010203/0/0]x" },
    { "\033[48;5;999mx", "[0/100/0]x" },
    { "\033[38mx", "x" },
    { "\033[38;5mx", "x" },
    { "\033[1mb\033[2mf\033[3mi\033[7mv\033[9ms", "[0/0/1]b[0/0/3]f[0/0/7]i[0/0/17]v[0/0/37]s" },
    { "\033[999;;;;mx", "x" },
    /* Progress. */
    { "10 %\r20 %\r100 %\n", "100 %\n" },
    { "long line\rshort\n", "shortline\n" },
    { "long line\r\033[Kshort\n", "short\n" },
    { "abc\r\n", "abc\n" },
    { "abc\b\bX\n", "aXc\n" },
    { "\b\bx", "x" },
    { "abc\033[2K\rx", "x  " },
    { "abc\033[1Kx", "   x" },
    { "ab\033[5Gc", "ab  c" },
    { "ab\033[2Cc\033[4Dd", "ad  c" },
    /* What goes. */
    { "a\033[2Jb\033[Hc\033[?25ld", "abcd" },
    { "a\033]0;title\ab", "ab" },
    { "a\033]8;;http://x\033\\link\033]8;;\033\\b", "alinkb" },
    { "a\033P1;2|x\033\\b", "ab" },
    { "a\033(Bb\033=c\033", "abc" },
    { "a\033]never ends\nb", "a\nb" },
    { "a\033[12\nb", "a\nb" },
    { "a\033[3\033[1mb", "a[0/0/1]b" },
    { "a\ab", "ab" },
    /* What shows that it is there. */
    { "a\001b\177c", "a\342\220\201b\342\220\241c" },
    { "\302\233"
      "31mx",
      "\357\277\275"
      "31mx" },
    { "a\342\200\256b", "a\357\277\275b" },
    { "a\342\200\251b", "a\357\277\275b" },
    { "\377x\303", "\357\277\275x\357\277\275" },
    { "\303x", "\357\277\275x" },
    { "\355\240\200", "\357\277\275\357\277\275\357\277\275" },
    { "\303\244\342\202\254\360\237\230\200", "\303\244\342\202\254\360\237\230\200" },
    { "a\tb", "a\tb" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      gsize length = strlen (cases[i].input);

      for (gsize step = 1; step <= length; step++)
        {
          g_autofree char *runs = dup_runs (cases[i].input, length, step);

          g_assert_cmpstr (runs, ==, cases[i].runs);
        }
    }
}

static void
test_nul (void)
{
  g_autofree char *plain = dagsched_gtk_ansi_dup_plain ("a\0b\n", 4);

  g_assert_cmpstr (plain, ==, "a\342\220\200b\n");
}

static void
test_long_line (void)
{
  gsize length = 10 * DAGSCHED_GTK_ANSI_MAX_LINE + 7;
  g_autofree char *line = g_malloc (length);
  g_autofree char *plain = NULL;
  g_auto (GStrv) lines = NULL;

  memset (line, 'x', length);
  plain = dagsched_gtk_ansi_dup_plain (line, length);
  lines = g_strsplit (plain, "\n", -1);
  g_assert_cmpuint (g_strv_length (lines), ==, 11);
  g_assert_cmpuint (strlen (lines[0]), ==, DAGSCHED_GTK_ANSI_MAX_LINE);
  g_assert_cmpuint (strlen (lines[10]), ==, 7);
}

static void
test_peek (void)
{
  g_autoptr (DagschedGtkAnsi) ansi = dagsched_gtk_ansi_new ();
  g_autoptr (GString) runs = g_string_new (NULL);

  dagsched_gtk_ansi_feed (ansi, "one\ntw", 6, append_run, runs);
  g_assert_cmpstr (runs->str, ==, "one\n");
  dagsched_gtk_ansi_peek (ansi, append_run, runs);
  g_assert_cmpstr (runs->str, ==, "one\ntw");
  g_string_truncate (runs, 0);
  dagsched_gtk_ansi_feed (ansi, "o\rT", 3, append_run, runs);
  dagsched_gtk_ansi_peek (ansi, append_run, runs);
  g_assert_cmpstr (runs->str, ==, "Two");
}

static void
check_fit (const char *text, gsize length, const DagschedGtkAnsiStyle *style, gpointer user_data)
{
  g_assert_cmpuint (length, >, 0);
  g_assert_true (g_utf8_validate (text, length, NULL));
  for (gsize i = 0; i < length; i++)
    g_assert_true ((guchar) text[i] >= 0x20 ? text[i] != 0x7f : text[i] == '\n' || text[i] == '\t');
  g_assert_cmpuint (style->foreground, <=, DAGSCHED_GTK_ANSI_RGB | 0xffffff);
  g_assert_cmpuint (style->attributes, <, 64);
}

/* Each two bytes after each begin of a sequence, and bytes at random: what comes out is always fit. */
static void
test_every_byte (void)
{
  static const char *const begins[] = { "",           "\033", "\033[",    "\033[3",  "\033[38;", "\033]",
                                        "\033]x\033", "\303", "\360\237", "\033[1;", "abc\r",    "\033(" };
  g_autoptr (GRand) rand = g_rand_new_with_seed (3);

  for (guint i = 0; i < G_N_ELEMENTS (begins); i++)
    for (guint a = 0; a < 256; a++)
      for (guint b = 0; b < 256; b++)
        {
          g_autoptr (DagschedGtkAnsi) ansi = dagsched_gtk_ansi_new ();
          guint8 bytes[3] = { a, b, 'x' };

          dagsched_gtk_ansi_feed (ansi, begins[i], strlen (begins[i]), check_fit, NULL);
          dagsched_gtk_ansi_feed (ansi, bytes, sizeof bytes, check_fit, NULL);
          dagsched_gtk_ansi_finish (ansi, check_fit, NULL);
        }
  for (guint i = 0; i < 20000; i++)
    {
      static const char letters[] = "\033[];:0123456789mKGCD\r\n\b\t\ax\xc3\xa4\xff\x9b?(P\\";
      g_autoptr (DagschedGtkAnsi) ansi = dagsched_gtk_ansi_new ();
      char bytes[48];

      for (guint j = 0; j < sizeof bytes; j++)
        bytes[j] = letters[g_rand_int_range (rand, 0, sizeof letters)];
      dagsched_gtk_ansi_feed (ansi, bytes, sizeof bytes, check_fit, NULL);
      dagsched_gtk_ansi_peek (ansi, check_fit, NULL);
      dagsched_gtk_ansi_finish (ansi, check_fit, NULL);
    }
}

static void
check_contrast (guint32 foreground, guint32 background, guint32 attributes)
{
  for (int is_dark = 0; is_dark < 2; is_dark++)
    {
      DagschedGtkAnsiStyle style = { foreground, background, attributes };
      DagschedGtkAnsiColors colors = dagsched_gtk_ansi_palette_get (&style, is_dark);

      g_assert_cmpfloat (dagsched_gtk_ansi_palette_get_contrast (&colors.foreground, &colors.background), >=,
                         DAGSCHED_GTK_ANSI_CONTRAST);
    }
}

static void
test_contrast (void)
{
  for (guint32 color = 0; color <= 256; color++)
    {
      check_contrast (color, 0, 0);
      check_contrast (0, color, 0);
      check_contrast (color, color, 0);
      check_contrast (color, 0, DAGSCHED_GTK_ANSI_INVERSE);
      check_contrast (color, 0, DAGSCHED_GTK_ANSI_FAINT);
      check_contrast (DAGSCHED_GTK_ANSI_RGB | color * 0x10101, color, DAGSCHED_GTK_ANSI_FAINT);
    }
}

#define WORDS(...) ((const char *const[]){ __VA_ARGS__, NULL })

static void
check_line (const char *expected,
            const char *workdir,
            const char *const *env,
            const char *const *unset_env,
            const char *const *argv)
{
  g_autofree char *line = dagsched_gtk_shell_line_new (workdir, env, unset_env, argv);

  g_assert_cmpstr (line, ==, expected);
}

static void
test_shell_line (void)
{
  check_line ("true", NULL, NULL, NULL, WORDS ("true"));
  check_line ("cd /srv && env A=b ./x -v", "/srv", WORDS ("A=b"), NULL, WORDS ("./x", "-v"));
  check_line ("cd ./-x && true", "-x", NULL, NULL, WORDS ("true"));
  check_line ("env -u HOME -u LANG 'A=b c' x ''", NULL, WORDS ("A=b c"), WORDS ("HOME", "LANG"),
              WORDS ("x", ""));
  check_line ("'A=b' 'it'\\''s' '$HOME' '~' '*'", NULL, NULL, NULL, WORDS ("A=b", "it's", "$HOME", "~", "*"));
}

/* Whatever a word is, a shell reads back the same. */
static void
test_shell_bytes (void)
{
  for (guint byte = 1; byte < 256; byte++)
    {
      char word[4] = { 'a', byte, 'b', '\0' };
      g_autofree char *line = dagsched_gtk_shell_line_new (NULL, NULL, NULL, WORDS ("printf", "%s", word));
      const char *argv[] = { "/bin/sh", "-c", line, NULL };
      g_autofree char *output = NULL;
      g_autoptr (GError) error = NULL;

      g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_DEFAULT, NULL, NULL, &output, NULL, NULL, &error);
      g_assert_no_error (error);
      g_assert_cmpstr (output, ==, word);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/ansi/sequences", test_sequences);
  g_test_add_func ("/ansi/nul", test_nul);
  g_test_add_func ("/ansi/long-line", test_long_line);
  g_test_add_func ("/ansi/peek", test_peek);
  g_test_add_func ("/ansi/every-byte", test_every_byte);
  g_test_add_func ("/ansi/contrast", test_contrast);
  g_test_add_func ("/shell/line", test_shell_line);
  g_test_add_func ("/shell/bytes", test_shell_bytes);

  return g_test_run ();
}
