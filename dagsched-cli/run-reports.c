/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "run-reports.h"

#include <stdio.h>
#include <string.h>

#include "cli-message.h"
#include "cli-output.h"
#include "cli-terminal.h"

/* What may become of a report without harm. */
typedef enum
{
  REPORT_FILE,   /* nothing */
  REPORT_STDOUT, /* its reader may go away */
  REPORT_PEOPLE, /* anything: who needs a record has others */
} ReportKind;

typedef struct
{
  DagschedReporter *reporter;
  gboolean begun;
  ReportKind kind;
} Report;

struct _RunReports
{
  GArray *reports;                 /* of Report */
  DagschedRunLogWriter *log;       /* (nullable) */
  DagschedRunLogWriter *log_lines; /* (nullable) on standard output */
  DagschedRun *run;
  gboolean stdout_is_open;
  gboolean log_is_named; /* by --log */
  gboolean quiet;
  FILE *people; /* (nullable) where they read */
};

static void
report_clear (gpointer data)
{
  g_clear_object (&((Report *) data)->reporter);
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

static gboolean
begin_report (Report *report, DagschedRun *run)
{
  g_autoptr (GError) error = NULL;

  report->begun = dagsched_reporter_begin (report->reporter, run, &error);
  if (report->begun || report->kind != REPORT_FILE)
    return TRUE;

  cli_error ("%s", error->message);
  return FALSE;
}

/* Takes @reporter. */
static gboolean
add_report (RunReports *self, DagschedReporter *reporter, ReportKind kind, DagschedRun *run)
{
  Report report = { reporter, FALSE, kind };

  g_array_append_val (self->reports, report);
  return begin_report (&g_array_index (self->reports, Report, self->reports->len - 1), run);
}

/* Whether a report is wanted, and by whom. */
static gboolean
find_kind (RunReports *self, const char *path, ReportKind *kind)
{
  *kind = is_stdout (path) ? REPORT_STDOUT : REPORT_FILE;

  return path != NULL && (*kind == REPORT_FILE || self->stdout_is_open);
}

static gboolean
add_junit (RunReports *self, const char *path, DagschedRun *run)
{
  ReportKind kind;

  return !find_kind (self, path, &kind) ||
         add_report (self, DAGSCHED_REPORTER (dagsched_junit_reporter_new (path)), kind, run);
}

static gboolean
add_tap (RunReports *self, const char *path, DagschedRun *run)
{
  ReportKind kind;

  return !find_kind (self, path, &kind) ||
         add_report (self, DAGSCHED_REPORTER (dagsched_tap_reporter_new_for_path (path)), kind, run);
}

/* Another report on standard output moves what is for people to standard error. */
static FILE *
find_people (RunReports *self, const ReportOptions *options)
{
  if (options->format != RUN_FORMAT_HUMAN)
    return NULL;
  if (is_stdout (options->log) || is_stdout (options->junit) || is_stdout (options->tap))
    return stderr;

  return self->stdout_is_open ? stdout : NULL;
}

static gboolean
add_printed (RunReports *self, const ReportOptions *options, DagschedRun *run, const char *rerun_command)
{
  if (options->format == RUN_FORMAT_TAP)
    return add_tap (self, "-", run);
  if (self->people == NULL)
    return TRUE;

  return add_report (self, create_terminal (options, fileno (self->people), rerun_command), REPORT_PEOPLE,
                     run);
}

static gboolean
open_log (RunReports *self, const ReportOptions *options, DagschedScheduler *scheduler)
{
  const char *path = is_stdout (options->log) ? NULL : options->log;
  gboolean replaces = path == NULL && options->resume != NULL;
  g_autoptr (GError) error = NULL;

  if (replaces)
    path = options->resume;
  self->log_is_named = path != NULL;
  self->log = replaces ? dagsched_run_log_writer_new_resumed (path, &error)
                       : dagsched_run_log_writer_new (path, &error);
  if (self->log != NULL)
    {
      dagsched_run_log_writer_attach (self->log, scheduler);
      return TRUE;
    }
  if (path != NULL)
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

  if (!self->stdout_is_open || (options->format != RUN_FORMAT_JSONL && !is_stdout (options->log)))
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

/* The log comes after the reports: one of an earlier run is not replaced if this one can't start. */
RunReports *
run_reports_new (const ReportOptions *options, DagschedScheduler *scheduler, const char *rerun_command)
{
  DagschedRun *run = DAGSCHED_RUN (scheduler);
  g_autoptr (RunReports) self = g_new0 (RunReports, 1);

  self->run = g_object_ref (run);
  self->stdout_is_open = cli_output_is_open ();
  self->quiet = options->quiet;
  self->people = find_people (self, options);
  if (!self->stdout_is_open)
    cli_warning ("standard output is closed: the run goes on without it");
  self->reports = g_array_new (FALSE, TRUE, sizeof (Report));
  g_array_set_clear_func (self->reports, report_clear);

  if (!add_junit (self, options->junit, run) || !add_tap (self, options->tap, run) ||
      !open_log (self, options, scheduler) || !open_log_lines (self, options, scheduler) ||
      !add_printed (self, options, run, rerun_command))
    return NULL;

  return g_steal_pointer (&self);
}

void
run_reports_free (RunReports *self)
{
  g_clear_pointer (&self->reports, g_array_unref);
  g_clear_object (&self->run);
  g_clear_object (&self->log);
  g_clear_object (&self->log_lines);
  g_free (self);
}

/* A reader that has gone away has what it wanted. */
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
  if (report->kind != REPORT_FILE && is_gone (error))
    return TRUE;

  cli_error ("%s", error->message);
  return report->kind == REPORT_PEOPLE;
}

static gboolean
close_log (DagschedRunLogWriter *log, const GError *told)
{
  g_autoptr (GError) error = NULL;

  if (log == NULL || dagsched_run_log_writer_close (log, &error))
    return TRUE;

  if (told == NULL || strcmp (told->message, error->message) != 0)
    cli_error ("%s", error->message);
  return FALSE;
}

/* NULL: no terminal is being painted. */
static DagschedTerminalReporter *
find_painter (RunReports *self)
{
  for (guint i = 0; i < self->reports->len; i++)
    {
      Report *report = &g_array_index (self->reports, Report, i);
      gboolean interactive = FALSE;

      if (!report->begun || !DAGSCHED_IS_TERMINAL_REPORTER (report->reporter))
        continue;
      g_object_get (report->reporter, "interactive", &interactive, NULL);
      if (interactive)
        return DAGSCHED_TERMINAL_REPORTER (report->reporter);
    }

  return NULL;
}

void
run_reports_note (RunReports *self, const char *format, ...)
{
  DagschedTerminalReporter *painter = find_painter (self);
  g_autofree char *text = NULL;
  va_list arguments;

  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);

  if (painter != NULL)
    dagsched_terminal_reporter_note (painter, text);
  else
    cli_note ("%s", text);
}

const char *
run_reports_get_log_path (RunReports *self)
{
  return self->log != NULL ? dagsched_run_log_writer_get_path (self->log) : NULL;
}

/* On a terminal it stands in the summary already. */
static void
tell_problem (RunReports *self, const GError *problem)
{
  if (problem != NULL && find_painter (self) == NULL)
    cli_error ("%s", problem->message);
}

/* Where to look further, or what to make other reports of. Who named the file knows. */
static void
tell_log (RunReports *self)
{
  if (self->people == NULL || self->log == NULL ||
      dagsched_run_get_verdict (self->run) == DAGSCHED_VERDICT_SUCCESS)
    return;

  fprintf (self->people, "Log: %s\n", dagsched_run_log_writer_get_path (self->log));
  fflush (self->people);
}

gboolean
run_reports_end (RunReports *self, const GError *problem)
{
  gboolean complete = TRUE;

  for (guint i = 0; i < self->reports->len; i++)
    complete &= end_reporter (&g_array_index (self->reports, Report, i));
  complete &= close_log (self->log, problem);
  tell_problem (self, problem);
  if (!self->log_is_named && !self->quiet)
    tell_log (self);
  if (self->log_lines != NULL)
    complete &= close_log (self->log_lines, problem);

  return complete;
}
