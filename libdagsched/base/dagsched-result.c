/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/dagsched-result-private.h"

void
dagsched_result_clear (DagschedResult *result)
{
  g_clear_pointer (&result->reason, g_free);
  g_clear_pointer (&result->standard_output, g_bytes_unref);
  g_clear_pointer (&result->standard_error, g_bytes_unref);
  g_clear_pointer (&result->artifacts, g_free);
}

void
dagsched_result_take_returned (DagschedResult *result, DagschedOutcome outcome, GError *error)
{
  result->outcome = outcome;
  switch (outcome)
    {
    case DAGSCHED_OUTCOME_PASSED:
    case DAGSCHED_OUTCOME_FAILED:
    case DAGSCHED_OUTCOME_ERRORED:
    case DAGSCHED_OUTCOME_SKIPPED:
      if (error != NULL)
        result->reason = g_strdup (error->message);
      break;
    case DAGSCHED_OUTCOME_NONE:
    case DAGSCHED_OUTCOME_TIMED_OUT:
    case DAGSCHED_OUTCOME_BLOCKED:
    case DAGSCHED_OUTCOME_CANCELLED:
    case DAGSCHED_OUTCOME_EXPECTED_FAILURE:
    case DAGSCHED_OUTCOME_UNEXPECTED_PASS:
    default:
      result->reason = g_strdup_printf (
        "its function returned %d, which is not an outcome that a function may have", outcome);
      result->outcome = DAGSCHED_OUTCOME_ERRORED;
    }
  g_clear_error (&error);
}
