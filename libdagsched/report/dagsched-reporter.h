/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(DAGSCHED_INSIDE) && !defined(DAGSCHED_COMPILATION)
#error "Only <dagsched.h> can be included directly."
#endif

#include "run/dagsched-run.h"

G_BEGIN_DECLS

#define DAGSCHED_TYPE_REPORTER (dagsched_reporter_get_type ())

/* Tells somebody of a run. Model thread. */
DAGSCHED_AVAILABLE_IN_1_0
G_DECLARE_INTERFACE (DagschedReporter, dagsched_reporter, DAGSCHED, REPORTER, GObject)

/**
 * DagschedReporterInterface:
 * @parent_iface: the parent interface
 * @begin: the run is about to start (its tests stand)
 * @end: the run has ended: the report is completed
 *
 * What tells of a run. In between, a reporter listens to the signals of the run.
 *
 * Since: 1.0
 */
struct _DagschedReporterInterface
{
  GTypeInterface parent_iface;

  gboolean (*begin) (DagschedReporter *self, DagschedRun *run, GError **error);
  gboolean (*end) (DagschedReporter *self, GError **error);
};

DAGSCHED_AVAILABLE_IN_1_0
gboolean dagsched_reporter_begin (DagschedReporter *self, DagschedRun *run, GError **error);
DAGSCHED_AVAILABLE_IN_1_0
gboolean dagsched_reporter_end (DagschedReporter *self, GError **error);

G_END_DECLS
