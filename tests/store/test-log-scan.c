/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "same-line.h"
#include "sample-run.h"

#include <string.h>

#include "model/dagsched-test-private.h"
#include "store/dagsched-json-scanner-private.h"
#include "store/dagsched-log-scan-private.h"

/* A line means the same whoever reads it: the scanner, or json-glib. */

/* Whether the scanner takes it; if so, json-glib must say the same. */
static gboolean
check (const char *data, gsize length)
{
  /* Whatever comes after a line is none of its business. */
  g_autofree char *alone = g_memdup2 (data, MAX (length, 1));
  DagschedLogLine scanned, parsed;

  if (!dagsched_log_scan_line (alone, length, &scanned))
    return FALSE;

  if (g_test_verbose ())
    g_test_message ("%.*s", (int) length, data);
  g_assert_true (dagsched_log_parse_json (alone, length, &parsed, NULL));
  assert_same_line (&scanned, &parsed);
  dagsched_log_line_clear (&scanned);
  dagsched_log_line_clear (&parsed);

  return TRUE;
}

/* What makes up a log must not be left to json-glib. */
static const char *const scanned_lines[] = {
  "{\"test\":0,\"name\":\"a\"}",
  "{\"test\":4294967295,\"name\":\"\",\"depends\":[[0,\"success\"],[7,\"always\"],[4294967295,\"failure\"]]}",
  "{\"test\":1,\"name\":\"caf\xc3\xa9 "
  "\xf0\x9f\x98\x80\",\"origin\":\"a\\\\b\\\"c\\n\\t\\b\\f\\r\\u0001\\u007f\"}",
  "{\"test\":1,\"name\":\"a\",\"suites\":[\"x\",\"y\"],\"labels\":[],\"priority\":-7,\"timeout\":1.25,"
  "\"grace\":0,\"slow-after\":0.10000000000000001,\"retries\":0,\"retry-delay\":1000,\"exclusive\":true,"
  "\"expected-failure\":true,\"disabled\":\"d\",\"defect\":\"\",\"weight\":3.5,\"expected-duration\":0.5,"
  "\"fixture\":true,\"cleanup\":\"c\",\"command\":[\"x\",\"\"],\"env\":[\"A=1\"],\"unset-env\":[\"B\"],"
  "\"workdir\":\"/\",\"skip-code\":3}",
  "{\"test\":1,\"name\":\"a\",\"command\":[]}",
  "{\"event\":\"started\",\"test\":1,\"time\":0.000001,\"attempt\":1,\"worker\":0}",
  "{\"event\":\"started\"}",
  "{\"event\":\"attempt\",\"test\":1,\"time\":12.345678,\"attempt\":2,\"worker\":65535,\"outcome\":"
  "\"failed\","
  "\"start\":12.000000,\"duration\":0.345678,\"will-retry\":true,\"flags\":[\"leaked\",\"truncated\"],"
  "\"exit-status\":-1,\"signal\":1024,\"reason\":\"r\",\"lost\":true,\"artifacts\":\"/a\","
  "\"stdout\":\"o\\n\",\"stderr\":\"\"}",
  "{\"event\":\"attempt\",\"test\":1}",
  "{\"event\":\"attempt\",\"test\":1,\"flags\":[\"later\"]}",
  "{\"event\":\"finished\",\"test\":1,\"time\":3,\"outcome\":\"blocked\",\"attempts\":0,\"flags\":[\"flaky\"]"
  ","
  "\"blocked-by\":0,\"reason\":\"why\"}",
  "{\"event\":\"finished\"}",
};

/* What could mean something else than the scanner would think, or is no line at all. */
static const char *const other_lines[] = {
  "",
  "{",
  "{}",
  "null",
  "{\"dagsched-log\":1}",
  "{\"event\":\"end\",\"time\":1,\"verdict\":\"success\",\"counts\":{}}",
  "{\"event\":\"later\",\"test\":1}",
  "{\"event\":\"started\",\"test\":1,\"later\":1}",
  "{\"event\":\"started\",\"time\":1,\"test\":1}",
  "{\"event\":\"started\",\"test\":1,\"test\":2}",
  "{\"event\":\"started\",\"test\":1,\"event\":\"finished\"}",
  "{\"event\":\"started\", \"test\":1}",
  "{\"event\":\"started\",\"test\":1} ",
  "{\"event\":\"started\",\"test\":1}\r",
  "{\"event\":\"started\",\"test\":1}}",
  "{\"event\":\"started\",\"test\":1,}",
  "{\"event\":\"started\",\"test\":1",
  "{\"event\":\"started\",\"test\":-1}",
  "{\"event\":\"started\",\"test\":4294967296}",
  "{\"event\":\"started\",\"test\":99999999999999999999}",
  "{\"event\":\"started\",\"test\":01}",
  "{\"event\":\"started\",\"test\":0x1}",
  "{\"event\":\"started\",\"test\":1.0}",
  "{\"event\":\"started\",\"test\":1e0}",
  "{\"event\":\"started\",\"test\":\"1\"}",
  "{\"event\":\"started\",\"test\":null}",
  "{\"event\":\"started\",\"test\":}",
  "{\"event\":\"started\",\"time\":-1.5}",
  "{\"event\":\"started\",\"time\":1e3}",
  "{\"event\":\"started\",\"time\":1.}",
  "{\"event\":\"started\",\"time\":.5}",
  "{\"event\":\"started\",\"time\":00.5}",
  "{\"event\":\"started\",\"time\":0.1234567890123456789}",
  "{\"event\":\"started\",\"worker\":65536}",
  "{\"event\":\"attempt\",\"outcome\":\"none\"}",
  "{\"event\":\"attempt\",\"outcome\":\"later\"}",
  "{\"event\":\"attempt\",\"outcome\":\"pass\\u0065d\"}",
  "{\"event\":\"attempt\",\"outcome\":\"a word that is longer than any that there is\"}",
  "{\"event\":\"attempt\",\"will-retry\":false}",
  "{\"event\":\"attempt\",\"flags\":[\"flaky\",1]}",
  "{\"event\":\"attempt\",\"flags\":[\"flaky\",]}",
  "{\"event\":\"attempt\",\"signal\":1025}",
  "{\"event\":\"attempt\",\"reason\":{\"base64\":\"/w==\"}}",
  "{\"event\":\"attempt\",\"stdout\":{\"base64\":\"/w==\"}}",
  "{\"event\":\"attempt\",\"stdout\":\"a\\u0000b\"}",
  "{\"event\":\"attempt\",\"stdout\":\"\\u00e9\"}",
  "{\"event\":\"attempt\",\"stdout\":\"\\ud83d\\ude00\"}",
  "{\"event\":\"attempt\",\"stdout\":\"\\/\"}",
  "{\"event\":\"attempt\",\"stdout\":\"\\x\"}",
  "{\"event\":\"attempt\",\"stdout\":\"\\u00\"}",
  "{\"event\":\"attempt\",\"stdout\":\"\\\"}",
  "{\"event\":\"attempt\",\"stdout\":\"a\tb\"}",
  "{\"event\":\"attempt\",\"stdout\":\"a\x7f\"}",
  "{\"event\":\"attempt\",\"stdout\":\"\xff\"}",
  "{\"event\":\"attempt\",\"stdout\":\"\xc3\"}",
  "{\"event\":\"attempt\",\"stdout\":\"\xed\xa0\x80\"}",
  "{\"event\":\"attempt\",\"stdout\":\"a}",
  "{\"test\":1}",
  "{\"test\":1,\"origin\":\"o\",\"name\":\"a\"}",
  "{\"test\":1,\"command\":[\"a\"]}",
  "{\"test\":1,\"name\":\"a\",\"event\":\"started\"}",
  "{\"test\":1,\"name\":\"a\",\"depends\":[]}",
  "{\"test\":1,\"name\":\"a\",\"depends\":[[1,\"later\"]]}",
  "{\"test\":1,\"name\":\"a\",\"depends\":[[1]]}",
  "{\"test\":1,\"name\":\"a\",\"depends\":[[-1,\"always\"]]}",
  "{\"test\":1,\"name\":\"a\",\"exclusive\":false}",
  "{\"test\":1,\"name\":\"a\",\"timeout\":-1}",
  "{\"test\":1,\"name\":\"a\",\"retries\":1.5}",
  "{\"test\":1,\"name\":\"a\",\"retries\":-2}",
  "{\"test\":1,\"name\":\"a\",\"priority\":2147483648}",
  "{\"test\":1,\"name\":\"a\",\"skip-code\":256}",
  "{\"test\":1,\"name\":\"a\",\"slots\":\"all\"}",
  "{\"test\":1,\"name\":\"a\",\"command\":[\"a\" ]}",
};

static void
test_scanned (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (scanned_lines); i++)
    {
      if (!check (scanned_lines[i], strlen (scanned_lines[i])))
        g_error ("not scanned: %s", scanned_lines[i]);
    }
}

static void
test_left_to_json (void)
{
  DagschedLogLine line;

  for (guint i = 0; i < G_N_ELEMENTS (other_lines); i++)
    {
      if (dagsched_log_scan_line (other_lines[i], strlen (other_lines[i]), &line))
        g_error ("scanned: %s", other_lines[i]);
    }
}

/* A NUL in a line ends nothing. */
static void
test_nul (void)
{
  static const char in_string[] = "{\"event\":\"attempt\",\"stdout\":\"a\0b\"}";
  static const char after[] = "{\"event\":\"started\",\"test\":1}\0";
  static const char in_key[] = "{\"event\":\"started\",\"test\0\":1}";

  g_assert_false (check (in_string, sizeof in_string - 1));
  g_assert_false (check (after, sizeof after - 1));
  g_assert_true (check (after, sizeof after - 2));
  g_assert_false (check (in_key, sizeof in_key - 1));
}

/* Every line that the writer writes of the sample: but for its rich test, what is no text, the header,
 * pauses and the end, the scanner takes them. */
static void
test_sample (void)
{
  g_autoptr (SampleRun) sample = sample_run_new ();
  g_autofree char *text = sample_run_dup_lines (sample);
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  guint n_scanned = 0, n_lines = 0;

  for (; lines[n_lines][0] != '\0'; n_lines++)
    n_scanned += check (lines[n_lines], strlen (lines[n_lines])) ? 1 : 0;

  g_assert_cmpuint (n_lines, >, 10);
  g_assert_cmpuint (n_scanned, ==, n_lines - 7);
}

/* Numbers as people and printf() write them, to the last bit. */
static void
test_numbers (void)
{
  static const char *const formats[] = { "%.0f", "%.1f", "%.6f", "%.17g", "%.15g", "%.3f" };

  for (guint i = 0; i < 20000; i++)
    {
      double scale = g_test_rand_double_range (0, 1) < 0.5 ? 1 : g_test_rand_double_range (0, 1e9);
      double number = g_test_rand_double_range (0, 1) * scale;
      char text[64];
      g_autofree char *line = NULL;

      g_ascii_formatd (text, sizeof text, formats[i % G_N_ELEMENTS (formats)], number);
      line = g_strdup_printf ("{\"event\":\"started\",\"test\":1,\"time\":%s}", text);
      if (!check (line, strlen (line)))
        g_assert_true (strlen (text) > 18 || strchr (text, 'e') != NULL);
    }
}

/* One that the writer would write, of parts that are in other lines. */
static GString *
make_line (void)
{
  const char *line = scanned_lines[g_test_rand_int_range (0, G_N_ELEMENTS (scanned_lines))];
  g_auto (GStrv) members = g_strsplit (line, ",\"", -1);
  GString *made = g_string_new (members[0]);

  for (guint i = 1; members[i] != NULL; i++)
    {
      if (g_test_rand_bit ())
        g_string_append_printf (made, ",\"%s", members[i]);
    }
  if (made->str[made->len - 1] != '}')
    g_string_append_c (made, '}');

  return made;
}

static void
mutate (GString *line)
{
  static const char *const pieces[] = {
    "\"",
    "\\",
    ",",
    "}",
    "{",
    "]",
    "[",
    "0",
    "-",
    ".",
    "e5",
    "\\u0000",
    "\\u0041",
    " ",
    "/",
    ":",
    "'",
    "u",
    "\n",
    "\xc3\xa9",
    "\xff",
    "true",
    "null",
    "false",
    "\x01",
    "\x7f",
    "1",
    "9",
    "test",
    "\"test\":1",
    ",\"reason\":\"x\"",
    "{\"base64\":\"QQ==\"}",
    "//",
    "/**/",
    "\\u00e9",
  };
  gsize where = (gsize) g_test_rand_int_range (0, (gint) line->len + 1);
  gsize length = (gsize) g_test_rand_int_range (0, 4);
  const char *piece = pieces[g_test_rand_int_range (0, G_N_ELEMENTS (pieces))];

  if (g_test_rand_int_range (0, 3) > 0)
    g_string_erase (line, (gssize) where, (gssize) MIN (length, line->len - where));
  if (g_test_rand_int_range (0, 3) > 0)
    g_string_insert (line, (gssize) where, piece);
  if (g_test_rand_int_range (0, 4) == 0 && line->len > 0)
    line->str[g_test_rand_int_range (0, (gint) line->len)] = (char) g_test_rand_int_range (0, 256);
}

static void
test_mutated (void)
{
  guint n_scanned = 0;

  for (guint i = 0; i < 40000; i++)
    {
      g_autoptr (GString) line = make_line ();

      for (gint n = g_test_rand_int_range (0, 4); n > 0; n--)
        mutate (line);
      n_scanned += check (line->str, line->len) ? 1 : 0;
    }

  g_assert_cmpuint (n_scanned, >, 4000);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/log-scan/scanned", test_scanned);
  g_test_add_func ("/log-scan/left-to-json", test_left_to_json);
  g_test_add_func ("/log-scan/nul", test_nul);
  g_test_add_func ("/log-scan/sample", test_sample);
  g_test_add_func ("/log-scan/numbers", test_numbers);
  g_test_add_func ("/log-scan/mutated", test_mutated);

  return g_test_run ();
}
