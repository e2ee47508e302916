/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(DAGSCHED_INSIDE) && !defined(DAGSCHED_COMPILATION)
#error "Only <dagsched.h> can be included directly."
#endif

#include "report/dagsched-reporter.h"

G_BEGIN_DECLS

#define DAGSCHED_TYPE_TAP_REPORTER (dagsched_tap_reporter_get_type ())

/* Writes TAP 14, a test point as each test finishes. Implements DagschedReporter. */
DAGSCHED_AVAILABLE_IN_1_0
G_DECLARE_FINAL_TYPE (DagschedTapReporter, dagsched_tap_reporter, DAGSCHED, TAP_REPORTER, GObject)

DAGSCHED_AVAILABLE_IN_1_0
DagschedTapReporter *dagsched_tap_reporter_new (GOutputStream *stream);
DAGSCHED_AVAILABLE_IN_1_0
DagschedTapReporter *dagsched_tap_reporter_new_for_path (const char *path);

G_END_DECLS
