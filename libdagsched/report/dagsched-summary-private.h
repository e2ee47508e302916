/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "report/dagsched-causes-private.h"
#include "report/dagsched-tally-private.h"
#include "run/dagsched-run.h"

G_BEGIN_DECLS

/* What is said of a run at its end. */
typedef struct
{
  DagschedRun *run;
  DagschedCauses *causes;
  const DagschedTally *tally;
  const DagschedStyle *style;
  int verbosity;
  const char *rerun_command; /* (nullable) */
} DagschedSummary;

/* Sections for what needs a look, and the verdict in the last line. */
void dagsched_summary_append (const DagschedSummary *self, GString *out);
/* The last line alone, and the problem if there is one. */
void dagsched_summary_append_verdict (const DagschedSummary *self, GString *out);

G_END_DECLS
