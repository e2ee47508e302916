/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "store/dagsched-run-log-writer-private.h"

#include "plan/dagsched-plan-private.h"
#include "run/dagsched-earlier-private.h"

/* The writer as a recorder of a scheduler. */

static void
fail_scheduler (gpointer scheduler, GError *error)
{
  dagsched_scheduler_fail (scheduler, error);
}

static gboolean
recorder_begin (gpointer self, DagschedScheduler *scheduler, GError **error)
{
  DagschedRun *run = DAGSCHED_RUN (scheduler);
  const DagschedPlanView *plan = dagsched_plan_get_view (dagsched_scheduler_get_plan (scheduler));
  const DagschedOptionsView *options = dagsched_options_get_view (dagsched_scheduler_get_options (scheduler));
  guint n_workers = g_list_model_get_n_items (dagsched_run_get_workers (run));
  gint64 started_at = dagsched_run_get_started_at (run);
  const DagschedEarlier *earlier = dagsched_scheduler_get_earlier (scheduler);
  const DagschedLogHeader header = {
    .name = dagsched_run_get_name (run),
    .started_at = started_at != 0 ? started_at : g_get_real_time (),
    .n_tests = plan->n_tests,
    .n_workers = n_workers != 0 ? n_workers : options->n_workers,
    .n_earlier = earlier != NULL ? earlier->tests->len : 0,
    .options = options,
  };

  return dagsched_run_log_writer_begin (self, &header, plan, fail_scheduler, scheduler, error);
}

static void
recorder_started (gpointer self, const DagschedTicket *ticket, gint64 time_ns)
{
  dagsched_run_log_writer_started (self, ticket, time_ns);
}

static void
recorder_attempt (gpointer self, const DagschedAttemptRecord *record, gint64 *log_offset)
{
  dagsched_run_log_writer_attempt (self, record, log_offset);
}

static void
recorder_finished (gpointer self, const DagschedFinishedRecord *record)
{
  dagsched_run_log_writer_finished (self, record);
}

static void
recorder_paused (gpointer self, gint64 time_ns, gint64 paused_ns)
{
  dagsched_run_log_writer_paused (self, time_ns, paused_ns);
}

static void
recorder_end (gpointer self, DagschedVerdict verdict, const char *problem, gint64 time_ns)
{
  dagsched_run_log_writer_end (self, verdict, problem, time_ns);
}

static gboolean
recorder_load_output (gpointer self, gint64 log_offset, GBytes **standard_output, GBytes **standard_error)
{
  return dagsched_run_log_writer_load_output (self, log_offset, standard_output, standard_error);
}

/**
 * dagsched_run_log_writer_attach:
 * @self: a writer
 * @scheduler: a scheduler whose run has not started
 *
 * Has a run logged. The scheduler keeps the writer alive, as large outputs of tests are read back
 * from the log.
 *
 * Since: 1.0
 */
void
dagsched_run_log_writer_attach (DagschedRunLogWriter *self, DagschedScheduler *scheduler)
{
  static const DagschedRecorderFuncs funcs = {
    .begin = recorder_begin,
    .started = recorder_started,
    .attempt = recorder_attempt,
    .finished = recorder_finished,
    .end = recorder_end,
    .load_output = recorder_load_output,
    .paused = recorder_paused,
  };
  g_autofree char *key = NULL;

  g_return_if_fail (DAGSCHED_IS_RUN_LOG_WRITER (self));
  g_return_if_fail (DAGSCHED_IS_SCHEDULER (scheduler));
  g_return_if_fail (dagsched_run_log_writer_claim (self));

  key = g_strdup_printf ("dagsched-run-log-writer-%p", (gpointer) self);
  g_object_set_data_full (G_OBJECT (scheduler), key, g_object_ref (self), g_object_unref);
  dagsched_scheduler_add_recorder (scheduler, &funcs, self);
}
