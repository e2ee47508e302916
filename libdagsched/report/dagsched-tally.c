/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "report/dagsched-tally-private.h"

typedef struct
{
  DagschedOutcome outcome;
  DagschedTallyParts part;
  const char *word;
} Entry;

static const Entry entries[] = {
  { DAGSCHED_OUTCOME_FAILED, DAGSCHED_TALLY_BAD, "failed" },
  { DAGSCHED_OUTCOME_TIMED_OUT, DAGSCHED_TALLY_BAD, "timed out" },
  { DAGSCHED_OUTCOME_ERRORED, DAGSCHED_TALLY_BAD, "errored" },
  { DAGSCHED_OUTCOME_UNEXPECTED_PASS, DAGSCHED_TALLY_BAD, "passed unexpectedly" },
  { DAGSCHED_OUTCOME_CANCELLED, DAGSCHED_TALLY_BAD, "cancelled" },
  { DAGSCHED_OUTCOME_BLOCKED, DAGSCHED_TALLY_BAD, "blocked" },
  { DAGSCHED_OUTCOME_SKIPPED, DAGSCHED_TALLY_REST, "skipped" },
  { DAGSCHED_OUTCOME_EXPECTED_FAILURE, DAGSCHED_TALLY_REST, "failed as expected" },
  { DAGSCHED_OUTCOME_PASSED, DAGSCHED_TALLY_PASSED, "passed" },
};

void
dagsched_tally_add (DagschedTally *self, DagschedTest *test)
{
  self->n_finished++;
  self->n_with_outcome[dagsched_test_get_outcome (test)]++;
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
dagsched_tally_append (const DagschedTally *self,
                       DagschedTallyParts parts,
                       const DagschedStyle *style,
                       GString *out)
{
  for (guint i = 0; i < G_N_ELEMENTS (entries); i++)
    {
      const Entry *entry = &entries[i];

      if (parts & entry->part)
        append_count (out, style, dagsched_style_get_tone (entry->outcome),
                      self->n_with_outcome[entry->outcome], entry->word);
    }
  if (parts & DAGSCHED_TALLY_BAD)
    append_count (out, style, DAGSCHED_TONE_WARNING, self->n_flaky, "flaky");
}
