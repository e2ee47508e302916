/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "report/dagsched-summary-private.h"

#include <string.h>

#define MAX_FAILURES 200
#define MAX_BLOCKED 10 /* of each root cause */
#define MAX_ROOTS 20
#define MAX_NAMED 20 /* in sections that hurt less */
#define MAX_RERUN 5
#define MAX_SLOW 5
#define MAX_LINKS 3
#define SLOW_SECONDS 1.0

typedef struct
{
  GPtrArray *failures;
  GPtrArray *interrupted; /* cancelled while running */
  GPtrArray *flaky;
  GPtrArray *leaked;
  GPtrArray *slowest;  /* longest first, at most MAX_SLOW */
  GPtrArray *roots;    /* of what is blocked, in the order of their first dependent */
  GHashTable *blocked; /* root → GPtrArray of what it blocks */
} Sections;

static void
sections_init (Sections *sections)
{
  sections->failures = g_ptr_array_new ();
  sections->interrupted = g_ptr_array_new ();
  sections->flaky = g_ptr_array_new ();
  sections->leaked = g_ptr_array_new ();
  sections->slowest = g_ptr_array_new ();
  sections->roots = g_ptr_array_new ();
  sections->blocked = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) g_ptr_array_unref);
}

static void
sections_clear (Sections *sections)
{
  g_ptr_array_unref (sections->failures);
  g_ptr_array_unref (sections->interrupted);
  g_ptr_array_unref (sections->flaky);
  g_ptr_array_unref (sections->leaked);
  g_ptr_array_unref (sections->slowest);
  g_ptr_array_unref (sections->roots);
  g_hash_table_unref (sections->blocked);
}

static void
add_blocked (const DagschedSummary *self, Sections *sections, DagschedTest *test)
{
  DagschedTest *root = dagsched_causes_get_root (self->causes, test);
  GPtrArray *blocked = g_hash_table_lookup (sections->blocked, root);

  if (blocked == NULL)
    {
      blocked = g_ptr_array_new ();
      g_hash_table_insert (sections->blocked, root, blocked);
      g_ptr_array_add (sections->roots, root);
    }
  g_ptr_array_add (blocked, test);
}

static void
add_slow (Sections *sections, DagschedTest *test)
{
  double duration = dagsched_test_get_duration (test);
  guint i = sections->slowest->len;

  if (duration < SLOW_SECONDS)
    return;

  while (i > 0 && dagsched_test_get_duration (sections->slowest->pdata[i - 1]) < duration)
    i--;
  g_ptr_array_insert (sections->slowest, i, test);
  if (sections->slowest->len > MAX_SLOW)
    g_ptr_array_set_size (sections->slowest, MAX_SLOW);
}

static void
sort_test (const DagschedSummary *self, Sections *sections, DagschedTest *test)
{
  DagschedOutcome outcome = dagsched_test_get_outcome (test);
  DagschedFlags flags = dagsched_test_get_flags (test);

  if (dagsched_outcome_is_failure (outcome))
    g_ptr_array_add (sections->failures, test);
  if (outcome == DAGSCHED_OUTCOME_CANCELLED && dagsched_test_get_n_attempts (test) > 0)
    g_ptr_array_add (sections->interrupted, test);
  if (outcome == DAGSCHED_OUTCOME_BLOCKED)
    add_blocked (self, sections, test);
  if (flags & DAGSCHED_FLAGS_FLAKY)
    g_ptr_array_add (sections->flaky, test);
  if (flags & DAGSCHED_FLAGS_LEAKED)
    g_ptr_array_add (sections->leaked, test);
  add_slow (sections, test);
}

static void
append_heading (const DagschedSummary *self, GString *out, const char *heading, guint n)
{
  g_autofree char *text = g_strdup_printf ("%s (%u):", heading, n);

  g_string_append_c (out, '\n');
  dagsched_style_append (self->style, out, DAGSCHED_TONE_STRONG, text);
  g_string_append_c (out, '\n');
}

static void
append_name (const DagschedSummary *self, GString *out, DagschedTest *test)
{
  g_autofree char *name = dagsched_causes_dup_name (test);

  dagsched_style_append_foreign (self->style, out, name);
}

static void
append_reason (const DagschedSummary *self, GString *out, DagschedTest *test)
{
  const char *reason = dagsched_test_get_reason (test);

  if (reason == NULL || *reason == '\0')
    return;

  g_string_append (out, ": ");
  dagsched_style_append_foreign (self->style, out, reason);
}

static void
append_more (GString *out, guint n, guint max)
{
  if (n > max)
    g_string_append_printf (out, "  and %u more\n", n - max);
}

/* Quoted for a shell, if need be. */
static void
append_argument (const DagschedSummary *self, GString *out, const char *text)
{
  g_autofree char *quoted = NULL;
  gsize n = strspn (text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./:+@%,=-");

  if (text[n] != '\0' || n == 0)
    quoted = g_shell_quote (text);
  dagsched_style_append_foreign (self->style, out, quoted != NULL ? quoted : text);
}

/* Repetitions of a test have one name. */
static GPtrArray *
dup_names (GPtrArray *tests)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  GPtrArray *names = g_ptr_array_new ();

  for (guint i = 0; i < tests->len; i++)
    {
      const char *name = dagsched_test_get_name (tests->pdata[i]);

      if (g_hash_table_add (seen, (char *) name))
        g_ptr_array_add (names, (char *) name);
    }

  return names;
}

static void
append_rerun (const DagschedSummary *self, GString *out, GPtrArray *tests)
{
  g_autoptr (GPtrArray) names = NULL;
  gboolean all;

  if (self->rerun_command == NULL)
    return;

  names = dup_names (tests);
  all = names->len <= MAX_RERUN;
  if (all)
    g_string_append (out, names->len == 1 ? "  To run it again: " : "  To run them again: ");
  else
    g_string_append (out, "  To run one again: ");
  dagsched_style_append_foreign (self->style, out, self->rerun_command);
  for (guint i = 0; i < (all ? names->len : 1); i++)
    {
      g_string_append (out, " -k ");
      append_argument (self, out, names->pdata[i]);
    }
  g_string_append_c (out, '\n');
}

static void
append_failures (const DagschedSummary *self, GString *out, GPtrArray *tests)
{
  if (tests->len == 0)
    return;

  append_heading (self, out, "Failures", tests->len);
  for (guint i = 0; i < MIN (tests->len, MAX_FAILURES); i++)
    {
      DagschedTest *test = tests->pdata[i];
      DagschedOutcome outcome = dagsched_test_get_outcome (test);
      g_autofree char *word = g_strdup_printf ("%-9s", dagsched_outcome_to_string (outcome));

      g_string_append (out, "  ");
      dagsched_style_append (self->style, out, DAGSCHED_TONE_BAD, word);
      g_string_append (out, "  ");
      append_name (self, out, test);
      append_reason (self, out, test);
      if (dagsched_test_get_n_attempts (test) > 1)
        g_string_append_printf (out, " (%u attempts)", dagsched_test_get_n_attempts (test));
      g_string_append_c (out, '\n');
    }
  append_more (out, tests->len, MAX_FAILURES);
  append_rerun (self, out, tests);
}

/* What stands between @test and its root cause, nearest first. */
static void
append_way (const DagschedSummary *self, GString *out, DagschedTest *test, DagschedTest *root)
{
  DagschedTest *link = dagsched_test_get_blocked_by (test);
  guint n = 0;

  for (; link != NULL && link != root && n < MAX_LINKS; n++)
    {
      g_string_append (out, n == 0 ? " (through " : ", ");
      append_name (self, out, link);
      link = dagsched_test_get_blocked_by (link);
    }

  if (n == MAX_LINKS && link != root)
    g_string_append (out, self->style->unicode ? ", …" : ", ...");
  if (n > 0)
    g_string_append_c (out, ')');
}

static void
append_blocked_by (const DagschedSummary *self, GString *out, DagschedTest *root, GPtrArray *tests)
{
  guint max = self->verbosity > 0 ? G_MAXUINT : MAX_BLOCKED;

  g_string_append (out, "  by ");
  append_name (self, out, root);
  g_string_append_printf (out, " (%s)", dagsched_outcome_to_string (dagsched_test_get_outcome (root)));
  append_reason (self, out, root);
  g_string_append_c (out, '\n');

  for (guint i = 0; i < MIN (tests->len, max); i++)
    {
      g_string_append (out, "    ");
      append_name (self, out, tests->pdata[i]);
      append_way (self, out, tests->pdata[i], root);
      g_string_append_c (out, '\n');
    }
  if (tests->len > max)
    g_string_append_printf (out, "    and %u more\n", tests->len - max);
}

static void
append_blocked (const DagschedSummary *self, GString *out, const Sections *sections)
{
  guint n_roots = sections->roots->len;

  if (n_roots == 0)
    return;

  append_heading (self, out, "Blocked", self->tally->n_with_outcome[DAGSCHED_OUTCOME_BLOCKED]);
  for (guint i = 0; i < MIN (n_roots, MAX_ROOTS); i++)
    {
      DagschedTest *root = sections->roots->pdata[i];

      append_blocked_by (self, out, root, g_hash_table_lookup (sections->blocked, root));
    }
  if (n_roots > MAX_ROOTS)
    g_string_append_printf (out, "  and more, by %u other tests\n", n_roots - MAX_ROOTS);
}

static void
append_named (const DagschedSummary *self, GString *out, const char *heading, GPtrArray *tests)
{
  guint max = self->verbosity > 0 ? G_MAXUINT : MAX_NAMED;

  if (tests->len == 0)
    return;

  append_heading (self, out, heading, tests->len);
  for (guint i = 0; i < MIN (tests->len, max); i++)
    {
      DagschedTest *test = tests->pdata[i];

      g_string_append (out, "  ");
      append_name (self, out, test);
      if (dagsched_test_get_n_attempts (test) > 1)
        g_string_append_printf (out, " (%u attempts)", dagsched_test_get_n_attempts (test));
      g_string_append_c (out, '\n');
    }
  append_more (out, tests->len, max);
}

static void
append_slowest (const DagschedSummary *self, GString *out, GPtrArray *tests)
{
  if (tests->len == 0)
    return;

  g_string_append_c (out, '\n');
  dagsched_style_append (self->style, out, DAGSCHED_TONE_STRONG, "Slowest:");
  g_string_append_c (out, '\n');
  for (guint i = 0; i < tests->len; i++)
    {
      g_autoptr (GString) seconds = g_string_new (NULL);

      dagsched_text_append_seconds (seconds, dagsched_test_get_duration (tests->pdata[i]), 2);
      g_string_append_printf (out, "  %8ss  ", seconds->str);
      append_name (self, out, tests->pdata[i]);
      g_string_append_c (out, '\n');
    }
}

static void
append_problem (const DagschedSummary *self, GString *out)
{
  const char *problem = dagsched_run_get_problem (self->run);
  gboolean incomplete = dagsched_run_get_verdict (self->run) == DAGSCHED_VERDICT_INCOMPLETE;
  g_autofree char *sentence = NULL;

  if (problem == NULL)
    return;

  sentence = g_strdup (problem);
  if (incomplete)
    dagsched_style_append (self->style, out, DAGSCHED_TONE_BAD, "The run could not be completed: ");
  else
    *sentence = g_ascii_toupper (*sentence);
  dagsched_style_append_foreign (self->style, out, sentence);
  g_string_append_c (out, '\n');
}

/* Nothing else in the counts says why a run fails in which all that failed was mended by a retry. */
static void
append_flaky_failure (const DagschedSummary *self, GString *out)
{
  const guint *n_with_outcome = self->tally->n_with_outcome;

  if (dagsched_run_get_verdict (self->run) == DAGSCHED_VERDICT_FAILURE && self->tally->n_flaky > 0 &&
      self->tally->n_failures + n_with_outcome[DAGSCHED_OUTCOME_BLOCKED] +
          n_with_outcome[DAGSCHED_OUTCOME_CANCELLED] ==
        0)
    g_string_append (out, "Flaky tests count as failures here (flaky)\n");
}

static void
append_times (const DagschedSummary *self, GString *out)
{
  double elapsed = dagsched_run_get_elapsed (self->run), busy = self->tally->busy;

  g_string_append (out, " in ");
  dagsched_text_append_seconds (out, elapsed, 2);
  g_string_append_c (out, 's');
  if (elapsed < 0.01 || busy < elapsed)
    return;

  g_string_append (out, " (");
  dagsched_text_append_seconds (out, busy, 2);
  g_string_append (out, "s of tests, ");
  dagsched_text_append_seconds (out, busy / elapsed, 2);
  g_string_append (out, " at once)");
}

static const char *
get_verdict_word (DagschedVerdict verdict)
{
  switch (verdict)
    {
    case DAGSCHED_VERDICT_SUCCESS:
      return "SUCCESS";
    case DAGSCHED_VERDICT_FAILURE:
      return "FAILURE";
    case DAGSCHED_VERDICT_INCOMPLETE:
    case DAGSCHED_VERDICT_NONE:
    default:
      return "INCOMPLETE";
    }
}

void
dagsched_summary_append_verdict (const DagschedSummary *self, GString *out)
{
  DagschedVerdict verdict = dagsched_run_get_verdict (self->run);
  g_autoptr (GString) counts = g_string_new (NULL);

  append_problem (self, out);
  append_flaky_failure (self, out);
  dagsched_style_append (self->style, out,
                         verdict == DAGSCHED_VERDICT_SUCCESS ? DAGSCHED_TONE_GOOD : DAGSCHED_TONE_BAD,
                         get_verdict_word (verdict));
  dagsched_tally_append (self->tally, self->style, counts);
  g_string_append_printf (out, ": %s", counts->len > 0 ? counts->str : "no tests");
  append_times (self, out);
  g_string_append_c (out, '\n');
}

void
dagsched_summary_append (const DagschedSummary *self, GString *out)
{
  GListModel *tests = dagsched_run_get_tests (self->run);
  guint n_tests = g_list_model_get_n_items (tests);
  Sections sections;

  sections_init (&sections);
  for (guint i = 0; i < n_tests; i++)
    {
      g_autoptr (DagschedTest) test = g_list_model_get_item (tests, i);

      sort_test (self, &sections, test);
    }

  append_failures (self, out, sections.failures);
  append_blocked (self, out, &sections);
  append_named (self, out, "Cancelled while running", sections.interrupted);
  append_named (self, out, "Flaky", sections.flaky);
  append_named (self, out, "Left processes behind", sections.leaked);
  append_slowest (self, out, sections.slowest);
  g_string_append_c (out, '\n');
  dagsched_summary_append_verdict (self, out);

  sections_clear (&sections);
}
