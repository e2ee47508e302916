/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fuzz.h"

#include "same-line.h"
#include "store/dagsched-log-scan-private.h"

/* One line of a run log. It means the same whoever reads it: the scanner, or json-glib. */

FUZZ_READER (log_line)
{
  g_autofree char *alone = g_memdup2 (data, MAX (size, 1));
  DagschedLogLine scanned, parsed;
  g_autoptr (GError) error = NULL;
  gboolean is_scanned = dagsched_log_scan_line (alone, size, &scanned);
  gboolean is_parsed = dagsched_log_parse_json (alone, size, &parsed, &error);

  fuzz_check_error (is_parsed, error);
  g_assert_true (is_parsed || !is_scanned);
  if (is_scanned)
    assert_same_line (&scanned, &parsed);
  if (is_scanned)
    dagsched_log_line_clear (&scanned);
  if (is_parsed)
    dagsched_log_line_clear (&parsed);
  return 0;
}
