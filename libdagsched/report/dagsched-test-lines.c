/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "report/dagsched-test-lines-private.h"

#define TAIL_LINES 40

static guint
count_digits (guint n)
{
  guint digits = 1;

  while (n >= 10)
    {
      n /= 10;
      digits++;
    }

  return digits;
}

static void
append_word (GString *out, const DagschedStyle *style, DagschedTone tone, const char *word)
{
  g_autofree char *upper = g_ascii_strup (word, -1);
  g_autofree char *padded = g_strdup_printf ("%-9s", upper);

  dagsched_style_append (style, out, tone, padded);
}

/* @count 0: blanks. @seconds < 0: it never ran. */
static void
append_columns (GString *out, const DagschedTally *tally, guint count, double seconds)
{
  guint digits = count_digits (tally->n_tests);
  g_autoptr (GString) text = g_string_new (NULL);

  if (count > 0)
    g_string_append_printf (out, "  %*u/%u", (int) digits, count, tally->n_tests);
  else
    g_string_append_printf (out, "  %*s", (int) (2 * digits + 1), "");

  if (seconds >= 0)
    {
      dagsched_text_append_seconds (text, seconds, 2);
      g_string_append_c (text, 's');
    }
  g_string_append_printf (out, "  %8s  ", seconds >= 0 ? text->str : "-");
}

static void
append_name (GString *out, const DagschedStyle *style, DagschedTest *test)
{
  g_autofree char *name = dagsched_causes_dup_name (test);

  dagsched_style_append_foreign (style, out, name);
}

static void
append_remarks (GString *out, DagschedTest *test)
{
  DagschedFlags flags = dagsched_test_get_flags (test);
  g_autoptr (GString) remarks = g_string_new (NULL);

  if (flags & DAGSCHED_FLAGS_FLAKY)
    g_string_append (remarks, ", flaky");
  if (dagsched_test_get_n_attempts (test) > 1)
    g_string_append_printf (remarks, ", %u attempts", dagsched_test_get_n_attempts (test));
  if (flags & DAGSCHED_FLAGS_LEAKED)
    g_string_append (remarks, ", left processes behind");
  if (flags & DAGSCHED_FLAGS_TRUNCATED)
    g_string_append (remarks, ", output cut");

  if (remarks->len > 0)
    g_string_append_printf (out, " (%s)", remarks->str + 2);
}

void
dagsched_test_lines_append_finished (GString *out,
                                     const DagschedStyle *style,
                                     const DagschedTally *tally,
                                     DagschedCauses *causes,
                                     DagschedTest *test)
{
  DagschedOutcome outcome = dagsched_test_get_outcome (test);
  g_autofree char *reason = NULL;

  append_word (out, style, dagsched_style_get_tone (outcome), dagsched_outcome_to_string (outcome));
  append_columns (out, tally, tally->n_finished,
                  dagsched_test_get_n_attempts (test) > 0 ? dagsched_test_get_duration (test) : -1);
  append_name (out, style, test);
  append_remarks (out, test);

  if (outcome == DAGSCHED_OUTCOME_BLOCKED || dagsched_test_get_reason (test) != NULL)
    reason = dagsched_causes_dup_reason (causes, test);
  if (reason != NULL)
    {
      g_string_append (out, ": ");
      dagsched_style_append_foreign (style, out, reason);
    }
  g_string_append_c (out, '\n');
}

void
dagsched_test_lines_append_notice (GString *out,
                                   const DagschedStyle *style,
                                   const DagschedTally *tally,
                                   const char *word,
                                   DagschedTest *test,
                                   double seconds,
                                   const char *what)
{
  append_word (out, style, DAGSCHED_TONE_WARNING, word);
  append_columns (out, tally, 0, seconds);
  append_name (out, style, test);
  g_string_append (out, ": ");
  dagsched_style_append_foreign (style, out, what);
  g_string_append_c (out, '\n');
}

static void
append_stream (GString *out, const DagschedStyle *style, const char *heading, GBytes *output)
{
  g_autoptr (GPtrArray) lines = NULL;
  g_autofree char *title = NULL;
  guint64 n_lines;

  if (output == NULL || g_bytes_get_size (output) == 0)
    return;

  lines = dagsched_text_dup_tail (output, TAIL_LINES, dagsched_style_get_text_flags (style), &n_lines);
  if (n_lines > lines->len)
    title = g_strdup_printf ("%s, the last %u of %" G_GUINT64_FORMAT " lines:", heading, lines->len, n_lines);
  else
    title = g_strdup_printf ("%s:", heading);

  g_string_append (out, "  ");
  dagsched_style_append (style, out, DAGSCHED_TONE_FAINT, title);
  g_string_append_c (out, '\n');
  for (guint i = 0; i < lines->len; i++)
    {
      g_string_append (out, "  ");
      dagsched_style_append (style, out, DAGSCHED_TONE_FAINT, style->unicode ? "│" : "|");
      g_string_append_printf (out, " %s\n", (const char *) lines->pdata[i]);
    }
}

void
dagsched_test_lines_append_output (GString *out, const DagschedStyle *style, DagschedAttempt *attempt)
{
  append_stream (out, style, "standard output", dagsched_attempt_get_standard_output (attempt));
  append_stream (out, style, "standard error", dagsched_attempt_get_standard_error (attempt));

  if (dagsched_attempt_get_artifacts (attempt) != NULL)
    {
      g_string_append (out, "  artifacts: ");
      dagsched_style_append_foreign (style, out, dagsched_attempt_get_artifacts (attempt));
      g_string_append_c (out, '\n');
    }
}
