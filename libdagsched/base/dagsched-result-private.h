/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

#include "base/dagsched-enums.h"

G_BEGIN_DECLS

/* What an executor says of an attempt that it carried out. Plain data; whoever holds it owns it.
 * @outcome is one of PASSED, FAILED, TIMED_OUT, ERRORED, SKIPPED, CANCELLED: whether a failure was
 * expected is the tracker's to say. */
typedef struct
{
  DagschedOutcome outcome;
  DagschedFlags flags;
  int exit_status;         /* -1: it did not exit, or was no process */
  int term_signal;         /* 0: no signal ended it */
  gint64 start_ns;         /* CLOCK_MONOTONIC; 0: not known to the executor */
  gint64 end_ns;           /* CLOCK_MONOTONIC; 0: not known to the executor */
  char *reason;            /* (nullable) one line: why it is no plain success */
  GBytes *standard_output; /* (nullable) NULL: nothing was written */
  GBytes *standard_error;  /* (nullable) */
  char *artifacts;         /* (nullable) directory that was kept */
  gboolean lost;           /* its executor was lost: it does not count, and runs again elsewhere */
} DagschedResult;

#define DAGSCHED_RESULT_INIT                                                                                 \
  {                                                                                                          \
    .exit_status = -1                                                                                        \
  }

void dagsched_result_clear (DagschedResult *result);
/* What a function returned, which is not just that it passed. */
void dagsched_result_take_returned (DagschedResult *result, DagschedOutcome outcome, GError *error);

G_END_DECLS
