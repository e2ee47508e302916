/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "model/dagsched-test.h"

G_BEGIN_DECLS

/* Why tests are blocked. Remembers what it found, so that a chain of a hundred thousand blocked
 * tests is walked once, not once a test. For tests that are finished. */
typedef struct _DagschedCauses DagschedCauses;

DagschedCauses *dagsched_causes_new (void);
void dagsched_causes_free (DagschedCauses *self);
/* The end of the chain of blocked-by; @test itself if it is not blocked. */
DagschedTest *dagsched_causes_get_root (DagschedCauses *self, DagschedTest *test);
/* Whether @test is BLOCKED, and not just by a test that was skipped. */
gboolean dagsched_causes_is_blocked_by_failure (DagschedCauses *self, DagschedTest *test);
/* "blocked by b, blocked by a (failed: exited with status 1)"; of a long chain its begin and its end. */
char *dagsched_causes_dup_chain (DagschedCauses *self, DagschedTest *test);
/* Why @test is no plain success: its chain if it is blocked, else its reason, else the word for its
 * outcome. NULL for a plain success. */
char *dagsched_causes_dup_reason (DagschedCauses *self, DagschedTest *test);

/* The name that tells a test from all others of its run: with its repetition. */
char *dagsched_causes_dup_name (DagschedTest *test);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DagschedCauses, dagsched_causes_free)

G_END_DECLS
