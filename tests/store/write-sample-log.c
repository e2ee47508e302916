/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sample-run.h"

/* Writes the log of the sample run to standard output. */
int
main (void)
{
  g_autoptr (SampleRun) sample = sample_run_new ();
  g_autofree char *lines = sample_run_dup_lines (sample);

  g_print ("%s", lines);

  return 0;
}
