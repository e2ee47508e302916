/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fuzz.h"

#include "executor/dagsched-judge-private.h"

/* What a test printed, and how it ended. Four bytes say by which protocol and how it is cut up; the rest is output. */

#define N_SETTINGS 4

static void
feed (DagschedJudge *judge, const uint8_t *data, size_t size, guint32 seed)
{
  while (size > 0)
    {
      gsize length = fuzz_next_piece (&seed, size);
      /* Nothing behind it may be read. */
      g_autofree char *piece = g_memdup2 (data, length);

      dagsched_judge_feed (judge, piece, length);
      data += length;
      size -= length;
    }
}

static void
judge (const uint8_t *settings, const uint8_t *data, size_t size, guint32 seed, DagschedResult *result)
{
  const DagschedJudgeParams params = {
    .protocol = settings[0] % 5,
    .skip_code = 77,
    .one_path = settings[0] >> 7,
  };
  g_autoptr (DagschedJudge) self = dagsched_judge_new (&params);

  result->exit_status = settings[1];
  result->term_signal = settings[2] % 65;
  if (result->term_signal != 0)
    result->exit_status = 0;
  feed (self, data, size, seed);
  dagsched_judge_finish (self, result);
}

FUZZ_READER (judge)
{
  DagschedResult whole = DAGSCHED_RESULT_INIT, pieces = DAGSCHED_RESULT_INIT;

  if (size < N_SETTINGS)
    return 0;

  judge (data, data + N_SETTINGS, size - N_SETTINGS, 0, &whole);
  judge (data, data + N_SETTINGS, size - N_SETTINGS, 1 + data[3], &pieces);
  g_assert_cmpint (whole.outcome, ==, pieces.outcome);
  g_assert_cmpstr (whole.reason, ==, pieces.reason);

  g_assert_cmpint (whole.outcome, !=, DAGSCHED_OUTCOME_NONE);
  g_assert_true ((whole.outcome == DAGSCHED_OUTCOME_PASSED) == (whole.reason == NULL));
  if (whole.reason != NULL)
    g_assert_true (*whole.reason != '\0' && g_utf8_validate (whole.reason, -1, NULL));

  dagsched_result_clear (&whole);
  dagsched_result_clear (&pieces);
  return 0;
}
