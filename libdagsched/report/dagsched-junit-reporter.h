/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(DAGSCHED_INSIDE) && !defined(DAGSCHED_COMPILATION)
#error "Only <dagsched.h> can be included directly."
#endif

#include "report/dagsched-reporter.h"

G_BEGIN_DECLS

#define DAGSCHED_TYPE_JUNIT_REPORTER (dagsched_junit_reporter_get_type ())

/* Writes a JUnit XML file when the run has ended. Implements DagschedReporter. */
DAGSCHED_AVAILABLE_IN_1_0
G_DECLARE_FINAL_TYPE (DagschedJUnitReporter, dagsched_junit_reporter, DAGSCHED, JUNIT_REPORTER, GObject)

DAGSCHED_AVAILABLE_IN_1_0
DagschedJUnitReporter *dagsched_junit_reporter_new (const char *path);

G_END_DECLS
