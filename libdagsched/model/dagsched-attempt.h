/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(DAGSCHED_INSIDE) && !defined(DAGSCHED_COMPILATION)
#error "Only <dagsched.h> can be included directly."
#endif

#include <gio/gio.h>

#include "base/dagsched-enums.h"

G_BEGIN_DECLS

#define DAGSCHED_TYPE_ATTEMPT (dagsched_attempt_get_type ())

/* One try of one test, ended. Immutable: may be used from any thread. */
DAGSCHED_AVAILABLE_IN_1_0
G_DECLARE_FINAL_TYPE (DagschedAttempt, dagsched_attempt, DAGSCHED, ATTEMPT, GObject)

DAGSCHED_AVAILABLE_IN_1_0
guint dagsched_attempt_get_number (DagschedAttempt *self);
DAGSCHED_AVAILABLE_IN_1_0
guint dagsched_attempt_get_worker (DagschedAttempt *self);
DAGSCHED_AVAILABLE_IN_1_0
DagschedOutcome dagsched_attempt_get_outcome (DagschedAttempt *self);
DAGSCHED_AVAILABLE_IN_1_0
DagschedFlags dagsched_attempt_get_flags (DagschedAttempt *self);
DAGSCHED_AVAILABLE_IN_1_0
const char *dagsched_attempt_get_reason (DagschedAttempt *self);
DAGSCHED_AVAILABLE_IN_1_0
double dagsched_attempt_get_start_time (DagschedAttempt *self);
DAGSCHED_AVAILABLE_IN_1_0
double dagsched_attempt_get_duration (DagschedAttempt *self);
DAGSCHED_AVAILABLE_IN_1_0
gboolean dagsched_attempt_get_will_retry (DagschedAttempt *self);
DAGSCHED_AVAILABLE_IN_1_0
int dagsched_attempt_get_exit_status (DagschedAttempt *self);
DAGSCHED_AVAILABLE_IN_1_0
int dagsched_attempt_get_term_signal (DagschedAttempt *self);
DAGSCHED_AVAILABLE_IN_1_0
GBytes *dagsched_attempt_get_standard_output (DagschedAttempt *self);
DAGSCHED_AVAILABLE_IN_1_0
GBytes *dagsched_attempt_get_standard_error (DagschedAttempt *self);
DAGSCHED_AVAILABLE_IN_1_0
const char *dagsched_attempt_get_artifacts (DagschedAttempt *self);

G_END_DECLS
