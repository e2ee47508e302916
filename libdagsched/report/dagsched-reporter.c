/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "report/dagsched-reporter.h"

/**
 * DagschedReporter:
 *
 * What tells somebody of a run: people, or another program.
 *
 * A reporter is begun before the run starts, listens to its signals, and is ended after the run. It
 * works on any #DagschedRun: a scheduler's own, or one that is carried out again from its log. What
 * it did not hear of by a signal it looks up when it is ended, so that each test stands in its
 * report once, whatever happened. A reporter tells of one run.
 *
 * All of it belongs to the thread of the run's model.
 *
 * Since: 1.0
 */
G_DEFINE_INTERFACE (DagschedReporter, dagsched_reporter, G_TYPE_OBJECT)

static void
dagsched_reporter_default_init (DagschedReporterInterface *iface)
{
}

/**
 * dagsched_reporter_begin:
 * @self: a reporter
 * @run: the run that is about to start; its tests stand
 * @error: return location for an error
 *
 * Begins to tell of a run: opens what the report is written to, and connects to the run's signals.
 * A run whose report can't be written should not start.
 *
 * Call it in the thread of the run's model, once.
 *
 * Errors are those of #GIOErrorEnum; their message names the file.
 *
 * Returns: whether the report can be written; if not, @error is set
 *
 * Since: 1.0
 */
gboolean
dagsched_reporter_begin (DagschedReporter *self, DagschedRun *run, GError **error)
{
  g_return_val_if_fail (DAGSCHED_IS_REPORTER (self), FALSE);
  g_return_val_if_fail (DAGSCHED_IS_RUN (run), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  return DAGSCHED_REPORTER_GET_IFACE (self)->begin (self, run, error);
}

/**
 * dagsched_reporter_end:
 * @self: a reporter that was begun
 * @error: return location for an error
 *
 * Completes the report of a run that has ended, and disconnects from it. What could not be written
 * on the way (a full disk, a closed pipe) is told here; it never disturbs the run.
 *
 * Call it in the thread of the run's model, once, also after a run that was cancelled or did not start.
 *
 * Errors are those of #GIOErrorEnum; their message names the file.
 *
 * Returns: whether the whole report was written; if not, @error is set
 *
 * Since: 1.0
 */
gboolean
dagsched_reporter_end (DagschedReporter *self, GError **error)
{
  g_return_val_if_fail (DAGSCHED_IS_REPORTER (self), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  return DAGSCHED_REPORTER_GET_IFACE (self)->end (self, error);
}
