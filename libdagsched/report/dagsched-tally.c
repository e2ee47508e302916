/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "report/dagsched-tally-private.h"

typedef struct
{
  DagschedOutcome outcome;
  const char *word;
} Entry;

static const Entry entries[] = {
  { DAGSCHED_OUTCOME_FAILED, "failed" },       { DAGSCHED_OUTCOME_TIMED_OUT, "timed out" },
  { DAGSCHED_OUTCOME_ERRORED, "errored" },     { DAGSCHED_OUTCOME_UNEXPECTED_PASS, "passed unexpectedly" },
  { DAGSCHED_OUTCOME_CANCELLED, "cancelled" }, { DAGSCHED_OUTCOME_BLOCKED, "blocked" },
  { DAGSCHED_OUTCOME_SKIPPED, "skipped" },     { DAGSCHED_OUTCOME_EXPECTED_FAILURE, "failed as expected" },
  { DAGSCHED_OUTCOME_PASSED, "passed" },
};

void
dagsched_tally_add (DagschedTally *self, DagschedTest *test)
{
  self->n_finished++;
  self->n_with_outcome[dagsched_test_get_outcome (test)]++;
  if (dagsched_outcome_is_failure (dagsched_test_get_outcome (test)))
    self->n_failures++;
  self->busy += dagsched_test_get_duration (test);
  if (dagsched_test_get_flags (test) & DAGSCHED_FLAGS_FLAKY)
    self->n_flaky++;
}

static void
append_count (GString *out, const DagschedStyle *style, DagschedTone tone, guint n, const char *word)
{
  g_autofree char *text = NULL;

  if (n == 0)
    return;

  text = g_strdup_printf ("%u %s", n, word);
  if (out->len > 0)
    g_string_append (out, ", ");
  dagsched_style_append (style, out, tone, text);
}

void
dagsched_tally_append (const DagschedTally *self, const DagschedStyle *style, GString *out)
{
  for (guint i = 0; i < G_N_ELEMENTS (entries); i++)
    append_count (out, style, dagsched_style_get_tone (entries[i].outcome),
                  self->n_with_outcome[entries[i].outcome], entries[i].word);
  append_count (out, style, DAGSCHED_TONE_WARNING, self->n_flaky, "flaky");
}

void
dagsched_tally_append_brief (const DagschedTally *self, const DagschedStyle *style, GString *out)
{
  static const DagschedOutcome others[] = { DAGSCHED_OUTCOME_CANCELLED, DAGSCHED_OUTCOME_BLOCKED,
                                            DAGSCHED_OUTCOME_SKIPPED };

  append_count (out, style, DAGSCHED_TONE_BAD, self->n_failures, "failed");
  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    append_count (out, style, DAGSCHED_TONE_WARNING, self->n_with_outcome[others[i]],
                  dagsched_outcome_to_string (others[i]));
  append_count (out, style, DAGSCHED_TONE_WARNING, self->n_flaky, "flaky");
}
