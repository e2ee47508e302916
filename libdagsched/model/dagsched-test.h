/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(DAGSCHED_INSIDE) && !defined(DAGSCHED_COMPILATION)
#error "Only <dagsched.h> can be included directly."
#endif

#include <gio/gio.h>

#include "base/dagsched-enums.h"
#include "model/dagsched-attempt.h"

G_BEGIN_DECLS

#define DAGSCHED_TYPE_TEST (dagsched_test_get_type ())

DAGSCHED_AVAILABLE_IN_1_0
G_DECLARE_DERIVABLE_TYPE (DagschedTest, dagsched_test, DAGSCHED, TEST, GObject)

/**
 * DagschedTestClass:
 * @parent_class: the parent class
 * @run: carries out one attempt in the program itself; called on a thread of a worker, several
 *   attempts of different tests at once; returns the attempt's outcome (passed, failed, errored,
 *   skipped), and may set @error to say why. Not set for tests that are carried out otherwise
 * @copy: creates a test with the same settings, for repetitions; not set: the test can't be repeated
 *
 * The class of a test.
 *
 * Since: 1.0
 */
struct _DagschedTestClass
{
  GObjectClass parent_class;

  DagschedOutcome (*run) (DagschedTest *self, GCancellable *cancellable, GError **error);
  DagschedTest *(*copy) (DagschedTest *self);

  /*< private >*/
  gpointer padding[8];
};

/* Settings. They may be changed until the test's graph is part of a run. */
DAGSCHED_AVAILABLE_IN_1_0
const char *dagsched_test_get_name (DagschedTest *self);
DAGSCHED_AVAILABLE_IN_1_0
guint dagsched_test_get_repetition (DagschedTest *self);
DAGSCHED_AVAILABLE_IN_1_0
const char *dagsched_test_get_origin (DagschedTest *self);
DAGSCHED_AVAILABLE_IN_1_0
void dagsched_test_set_origin (DagschedTest *self, const char *origin);
DAGSCHED_AVAILABLE_IN_1_0
const char *const *dagsched_test_get_suites (DagschedTest *self);
DAGSCHED_AVAILABLE_IN_1_0
void dagsched_test_set_suites (DagschedTest *self, const char *const *suites);
DAGSCHED_AVAILABLE_IN_1_0
const char *const *dagsched_test_get_labels (DagschedTest *self);
DAGSCHED_AVAILABLE_IN_1_0
void dagsched_test_set_labels (DagschedTest *self, const char *const *labels);
DAGSCHED_AVAILABLE_IN_1_0
int dagsched_test_get_priority (DagschedTest *self);
DAGSCHED_AVAILABLE_IN_1_0
void dagsched_test_set_priority (DagschedTest *self, int priority);
DAGSCHED_AVAILABLE_IN_1_0
double dagsched_test_get_timeout (DagschedTest *self);
DAGSCHED_AVAILABLE_IN_1_0
void dagsched_test_set_timeout (DagschedTest *self, double seconds);
DAGSCHED_AVAILABLE_IN_1_0
double dagsched_test_get_grace (DagschedTest *self);
DAGSCHED_AVAILABLE_IN_1_0
void dagsched_test_set_grace (DagschedTest *self, double seconds);
DAGSCHED_AVAILABLE_IN_1_0
double dagsched_test_get_slow_after (DagschedTest *self);
DAGSCHED_AVAILABLE_IN_1_0
void dagsched_test_set_slow_after (DagschedTest *self, double seconds);
DAGSCHED_AVAILABLE_IN_1_0
int dagsched_test_get_retries (DagschedTest *self);
DAGSCHED_AVAILABLE_IN_1_0
void dagsched_test_set_retries (DagschedTest *self, int retries);
DAGSCHED_AVAILABLE_IN_1_0
double dagsched_test_get_retry_delay (DagschedTest *self);
DAGSCHED_AVAILABLE_IN_1_0
void dagsched_test_set_retry_delay (DagschedTest *self, double seconds);
DAGSCHED_AVAILABLE_IN_1_0
guint dagsched_test_get_slots (DagschedTest *self);
DAGSCHED_AVAILABLE_IN_1_0
void dagsched_test_set_slots (DagschedTest *self, guint slots);
DAGSCHED_AVAILABLE_IN_1_0
gboolean dagsched_test_get_exclusive (DagschedTest *self);
DAGSCHED_AVAILABLE_IN_1_0
void dagsched_test_set_exclusive (DagschedTest *self, gboolean exclusive);
DAGSCHED_AVAILABLE_IN_1_0
gboolean dagsched_test_get_expected_failure (DagschedTest *self);
DAGSCHED_AVAILABLE_IN_1_0
void dagsched_test_set_expected_failure (DagschedTest *self, gboolean expected_failure);
DAGSCHED_AVAILABLE_IN_1_0
const char *dagsched_test_get_disabled (DagschedTest *self);
DAGSCHED_AVAILABLE_IN_1_0
void dagsched_test_set_disabled (DagschedTest *self, const char *reason);
DAGSCHED_AVAILABLE_IN_1_0
const char *dagsched_test_get_defect (DagschedTest *self);
DAGSCHED_AVAILABLE_IN_1_0
void dagsched_test_set_defect (DagschedTest *self, const char *reason);
DAGSCHED_AVAILABLE_IN_1_0
double dagsched_test_get_weight (DagschedTest *self);
DAGSCHED_AVAILABLE_IN_1_0
void dagsched_test_set_weight (DagschedTest *self, double seconds);
DAGSCHED_AVAILABLE_IN_1_0
double dagsched_test_get_expected_duration (DagschedTest *self);
DAGSCHED_AVAILABLE_IN_1_0
void dagsched_test_set_expected_duration (DagschedTest *self, double seconds);
DAGSCHED_AVAILABLE_IN_1_0
gboolean dagsched_test_get_fixture (DagschedTest *self);
DAGSCHED_AVAILABLE_IN_1_0
void dagsched_test_set_fixture (DagschedTest *self, gboolean fixture);
DAGSCHED_AVAILABLE_IN_1_0
const char *dagsched_test_get_cleanup (DagschedTest *self);
DAGSCHED_AVAILABLE_IN_1_0
void dagsched_test_set_cleanup (DagschedTest *self, const char *cleanup);
DAGSCHED_AVAILABLE_IN_1_0
void dagsched_test_set_requirement (DagschedTest *self, const char *resource, guint amount);
DAGSCHED_AVAILABLE_IN_1_0
guint dagsched_test_get_requirement (DagschedTest *self, const char *resource);
DAGSCHED_AVAILABLE_IN_1_0
char **dagsched_test_list_requirements (DagschedTest *self);
DAGSCHED_AVAILABLE_IN_1_0
void dagsched_test_set_group (DagschedTest *self, const char *name_space, const char *group);
DAGSCHED_AVAILABLE_IN_1_0
const char *dagsched_test_get_group (DagschedTest *self, const char *name_space);
DAGSCHED_AVAILABLE_IN_1_0
char **dagsched_test_list_group_name_spaces (DagschedTest *self);

/* What became of it in the run that it takes part in, or took part in last. */
DAGSCHED_AVAILABLE_IN_1_0
DagschedState dagsched_test_get_state (DagschedTest *self);
DAGSCHED_AVAILABLE_IN_1_0
DagschedOutcome dagsched_test_get_outcome (DagschedTest *self);
DAGSCHED_AVAILABLE_IN_1_0
DagschedFlags dagsched_test_get_flags (DagschedTest *self);
DAGSCHED_AVAILABLE_IN_1_0
const char *dagsched_test_get_reason (DagschedTest *self);
DAGSCHED_AVAILABLE_IN_1_0
guint dagsched_test_get_n_attempts (DagschedTest *self);
DAGSCHED_AVAILABLE_IN_1_0
guint64 dagsched_test_get_n_written (DagschedTest *self, gboolean is_error);
DAGSCHED_AVAILABLE_IN_1_0
double dagsched_test_get_duration (DagschedTest *self);
DAGSCHED_AVAILABLE_IN_1_0
DagschedTest *dagsched_test_get_blocked_by (DagschedTest *self);

G_END_DECLS
