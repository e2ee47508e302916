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
