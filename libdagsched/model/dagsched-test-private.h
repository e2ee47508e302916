/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "model/dagsched-test.h"

G_BEGIN_DECLS

/* What the run does to a test. Model thread only. Each sets, notifies (on change, and only if
 * somebody is connected) and emits the signal that belongs to it (likewise). */

/* Before a run: PENDING, no outcome, no attempts. Notifies, emits nothing. */
void dagsched_test_reset (DagschedTest *self);
void dagsched_test_become_ready (DagschedTest *self);
void dagsched_test_become_started (DagschedTest *self, guint worker, guint attempt);
void dagsched_test_attempt_finished (DagschedTest *self, DagschedAttempt *attempt);
void dagsched_test_dependency_finished (DagschedTest *self, DagschedTest *dependency);
/* @n_written: dagsched_test_get_n_written(). */
void dagsched_test_output (DagschedTest *self, GBytes *bytes, guint64 n_written, gboolean is_error);

typedef struct
{
  DagschedOutcome outcome;
  DagschedFlags flags;
  const char *reason; /* (nullable) copied */
  guint n_attempts;
  double duration;          /* seconds, of the last attempt */
  DagschedTest *blocked_by; /* (nullable) not owned: both belong to one graph */
} DagschedTestEnd;

void dagsched_test_become_finished (DagschedTest *self, const DagschedTestEnd *end);

/* Whether anything listens for emissions of attempt-finished or output: an object need be made only then. */
gboolean dagsched_test_wants_attempts (DagschedTest *self);
gboolean dagsched_test_wants_output (DagschedTest *self); /* any thread */

/* A copy for repetition number @repetition; NULL if its class can't copy. */
DagschedTest *dagsched_test_copy (DagschedTest *self, guint repetition);
void dagsched_test_set_repetition (DagschedTest *self, guint repetition);
/* Sets each setting of @self to what it is in @from, and notifies of those that change: of a test that was shown
 * before all was known of it. Not what identifies it, and not its run. Model thread. */
void dagsched_test_adopt_settings (DagschedTest *self, DagschedTest *from);

/* Requirements and groups without copies, for the compiler of plans and for writers. */
typedef struct
{
  const char *name; /* interned with g_ref_string or g_intern_string */
  guint amount;
} DagschedRequirement;
typedef struct
{
  const char *name_space;
  const char *group;
} DagschedGroup;
const DagschedRequirement *dagsched_test_peek_requirements (DagschedTest *self, guint *n_requirements);
const DagschedGroup *dagsched_test_peek_groups (DagschedTest *self, guint *n_groups);

/* The position in its graph; G_MAXUINT32: in none. A copy has its original's. */
guint32 dagsched_test_get_number (DagschedTest *self);
void dagsched_test_set_number (DagschedTest *self, guint32 number);

/* Whoever owns the tests of a run calls it before it lets go of them: blocked-by holds no
 * reference, as a million references in a chain would be a recursion as deep. */
void dagsched_test_forget_blocked_by (DagschedTest *self);

G_END_DECLS
