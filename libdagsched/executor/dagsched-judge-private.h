/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

#include "base/dagsched-result-private.h"

G_BEGIN_DECLS

/* Judges an attempt by its protocol: from how its process ended and, for some, from what it wrote on
 * standard output. That is parsed as it comes, before anything is cut: the verdict does not depend on
 * the limit for output, and costs no memory. One thread at a time. */
typedef struct _DagschedJudge DagschedJudge;

typedef struct
{
  DagschedProtocol protocol;
  int skip_code;
  gboolean one_path; /* glib: tests were asked for by path, and have to be there */
} DagschedJudgeParams;

DagschedJudge *dagsched_judge_new (const DagschedJudgeParams *params);
void dagsched_judge_free (DagschedJudge *self);
/* Whether it wants all of standard output. */
gboolean dagsched_judge_reads (DagschedJudge *self);
void dagsched_judge_feed (DagschedJudge *self, const char *data, gsize length);
/* Sets the outcome and the reason of @result from what its exit status or signal says and what was fed. */
void dagsched_judge_finish (DagschedJudge *self, DagschedResult *result);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DagschedJudge, dagsched_judge_free)

G_END_DECLS
