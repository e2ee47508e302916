/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/dagsched-result-private.h"
#include "model/dagsched-attempt.h"

G_BEGIN_DECLS

/* @result's strings and bytes are taken. @start_time and @duration are in seconds; the former
 * counts from the start of the run. @outcome is the final one of the attempt. */
DagschedAttempt *dagsched_attempt_new (guint number,
                                       guint worker,
                                       DagschedOutcome outcome,
                                       double start_time,
                                       double duration,
                                       gboolean will_retry,
                                       DagschedResult *result);

G_END_DECLS
