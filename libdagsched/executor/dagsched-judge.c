/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "executor/dagsched-judge-private.h"

#include <string.h>

struct _DagschedJudge
{
  DagschedJudgeParams params;
};

#define EXIT_STATUS_ERROR 99

DagschedJudge *
dagsched_judge_new (const DagschedJudgeParams *params)
{
  DagschedJudge *self = g_new0 (DagschedJudge, 1);

  self->params = *params;

  return self;
}

void
dagsched_judge_free (DagschedJudge *self)
{
  g_free (self);
}

gboolean
dagsched_judge_reads (DagschedJudge *self)
{
  return FALSE;
}

void
dagsched_judge_feed (DagschedJudge *self, const char *data, gsize length)
{
}

static void
set (DagschedResult *result, DagschedOutcome outcome, char *reason)
{
  result->outcome = outcome;
  result->reason = reason;
}

/* "killed by signal 11 (SIGSEGV)" */
static char *
describe_signal (int signum)
{
  const char *name = sigabbrev_np (signum);

  return name != NULL ? g_strdup_printf ("killed by signal %d (SIG%s)", signum, name)
                      : g_strdup_printf ("killed by signal %d", signum);
}

static void
judge_status (DagschedJudge *self, DagschedResult *result)
{
  if (result->term_signal != 0)
    set (result, DAGSCHED_OUTCOME_FAILED, describe_signal (result->term_signal));
  else if (result->exit_status == 0)
    set (result, DAGSCHED_OUTCOME_PASSED, NULL);
  else if (result->exit_status == self->params.skip_code)
    set (result, DAGSCHED_OUTCOME_SKIPPED, g_strdup_printf ("exit status %d", result->exit_status));
  else if (result->exit_status == EXIT_STATUS_ERROR)
    set (result, DAGSCHED_OUTCOME_ERRORED, g_strdup_printf ("exit status %d", result->exit_status));
  else
    set (result, DAGSCHED_OUTCOME_FAILED, g_strdup_printf ("exit status %d", result->exit_status));
}

void
dagsched_judge_finish (DagschedJudge *self, DagschedResult *result)
{
  judge_status (self, result);
}
