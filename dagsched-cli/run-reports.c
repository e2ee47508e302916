/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "run-reports.h"

#include <unistd.h>

#include "cli-message.h"
#include "cli-terminal.h"

typedef struct
{
  DagschedReporter *reporter;
  gboolean begun;
  gboolean on_stdout;
} Report;

struct _RunReports
{
  GArray *reports;                 /* of Report */
  DagschedRunLogWriter *log;       /* (nullable) */
  DagschedRunLogWriter *log_lines; /* (nullable) on standard output */
  gboolean log_wanted;             /* --log names its file: it is more than a convenience */
  gboolean quiet;
};

static void
report_clear (gpointer data)
{
  g_clear_object (&((Report *) data)->reporter);
}

static void
add_report (RunReports *self, DagschedReporter *reporter, gboolean on_stdout)
{
  Report report = { reporter, FALSE, on_stdout };

  g_array_append_val (self->reports, report);
}

static gboolean
is_stdout (const char *path)
{
  return g_strcmp0 (path, "-") == 0;
}

static DagschedReporter *
create_terminal (const ReportOptions *options, int fd, const char *rerun_command)
{
  DagschedTerminalReporter *reporter = cli_terminal_reporter_new (fd, options->color);

  dagsched_terminal_reporter_set_verbosity (reporter, options->verbose ? 1 : (options->quiet ? -1 : 0));
  dagsched_terminal_reporter_set_output_on_failure (reporter, options->output_on_failure);
  dagsched_terminal_reporter_set_rerun_command (reporter, rerun_command);

  return DAGSCHED_REPORTER (reporter);
}

/* Another report on standard output moves what is for people to standard error. */
static void
add_reporters (RunReports *self, const ReportOptions *options, const char *rerun_command)
{
  gboolean taken = is_stdout (options->log) || is_stdout (options->junit) || is_stdout (options->tap);

  if (options->format == RUN_FORMAT_HUMAN && taken)
    add_report (self, create_terminal (options, STDERR_FILENO, rerun_command), TRUE);
  else if (options->format == RUN_FORMAT_HUMAN)
    add_report (self, create_terminal (options, STDOUT_FILENO, rerun_command), TRUE);
  else if (options->format == RUN_FORMAT_TAP)
    add_report (self, DAGSCHED_REPORTER (dagsched_tap_reporter_new_for_path ("-")), TRUE);

  if (options->junit != NULL)
    add_report (self, DAGSCHED_REPORTER (dagsched_junit_reporter_new (options->junit)),
                is_stdout (options->junit));
  if (options->tap != NULL)
    add_report (self, DAGSCHED_REPORTER (dagsched_tap_reporter_new_for_path (options->tap)),
                is_stdout (options->tap));
}

static gboolean
begin_reporters (RunReports *self, DagschedRun *run)
{
  gboolean failed = FALSE;

  for (guint i = 0; i < self->reports->len; i++)
    {
      Report *report = &g_array_index (self->reports, Report, i);
      g_autoptr (GError) error = NULL;

      report->begun = dagsched_reporter_begin (report->reporter, run, &error);
      if (report->begun || report->on_stdout)
        continue;
      cli_error ("%s", error->message);
      failed = TRUE;
    }

  return !failed;
}

static gboolean
open_log (RunReports *self, const ReportOptions *options, DagschedScheduler *scheduler)
{
  const char *path = is_stdout (options->log) ? NULL : options->log;
  g_autoptr (GError) error = NULL;

  self->log_wanted = path != NULL;
  self->log = dagsched_run_log_writer_new (path, &error);
  if (self->log != NULL)
    {
      dagsched_run_log_writer_attach (self->log, scheduler);
      return TRUE;
    }
  if (self->log_wanted)
    {
      cli_error ("%s", error->message);
      return FALSE;
    }

  cli_warning ("no log of this run is kept: %s", error->message);
  return TRUE;
}

static gboolean
open_log_lines (RunReports *self, const ReportOptions *options, DagschedScheduler *scheduler)
{
  g_autoptr (GError) error = NULL;

  if (options->format != RUN_FORMAT_JSONL && !is_stdout (options->log))
    return TRUE;

  self->log_lines = dagsched_run_log_writer_new_for_fd (STDOUT_FILENO, &error);
  if (self->log_lines == NULL)
    {
      cli_error ("%s", error->message);
      return FALSE;
    }

  dagsched_run_log_writer_attach (self->log_lines, scheduler);
  return TRUE;
}

RunReports *
run_reports_new (const ReportOptions *options, DagschedScheduler *scheduler, const char *rerun_command)
{
  g_autoptr (RunReports) self = g_new0 (RunReports, 1);

  self->quiet = options->quiet || options->format != RUN_FORMAT_HUMAN;
  self->reports = g_array_new (FALSE, TRUE, sizeof (Report));
  g_array_set_clear_func (self->reports, report_clear);

  if (!open_log (self, options, scheduler) || !open_log_lines (self, options, scheduler))
    return NULL;
  add_reporters (self, options, rerun_command);
  if (!begin_reporters (self, DAGSCHED_RUN (scheduler)))
    return NULL;

  return g_steal_pointer (&self);
}

void
run_reports_free (RunReports *self)
{
  g_clear_pointer (&self->reports, g_array_unref);
  g_clear_object (&self->log);
  g_clear_object (&self->log_lines);
  g_free (self);
}

/* A reader that has gone away, or was never there, has what it wanted. */
static gboolean
is_gone (const GError *error)
{
  return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_BROKEN_PIPE) ||
         g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CLOSED);
}

static gboolean
end_reporter (Report *report)
{
  g_autoptr (GError) error = NULL;

  if (!report->begun || dagsched_reporter_end (report->reporter, &error))
    return TRUE;
  if (report->on_stdout && is_gone (error))
    return TRUE;

  cli_error ("%s", error->message);
  return FALSE;
}

static gboolean
close_log (DagschedRunLogWriter *log)
{
  g_autoptr (GError) error = NULL;

  if (log == NULL || dagsched_run_log_writer_close (log, &error))
    return TRUE;

  cli_error ("%s", error->message);
  return FALSE;
}

gboolean
run_reports_end (RunReports *self)
{
  gboolean complete = TRUE;

  for (guint i = 0; i < self->reports->len; i++)
    complete &= end_reporter (&g_array_index (self->reports, Report, i));
  complete &= close_log (self->log);
  if (self->log_lines != NULL)
    complete &= close_log (self->log_lines);

  return complete;
}
