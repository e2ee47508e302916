/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "run-options.h"

#include <sched.h>
#include <string.h>

#include "cli-message.h"
#include "cli-terminal.h"
#include "cli-value.h"

#define MAX_WORKERS 4096
#define MAX_RETRIES 1000
#define MAX_REPEAT 1000000
#define MAX_MULTIPLIER 10000
#define MAX_SECONDS 31536000 /* a year */
/* Nobody sees that a line comes this much later, and the processes of a run need not make room a
 * thousand times a second for the thread that writes them. */
#define BATCH_WINDOW 16000 /* µs: a frame */

static const char *const formats[] = { "human", "jsonl", "tap", NULL };
static const char *const flaky_choices[] = { "pass", "fail", NULL };
static const char *const orders[] = { "auto", "critical-path", "declaration", "longest", "random", NULL };

static guint64
count_processors (void)
{
  cpu_set_t set;

  if (sched_getaffinity (0, sizeof set, &set) == 0)
    return MAX (CPU_COUNT (&set), 1);

  return g_get_num_processors ();
}

void
run_options_init (RunOptions *self)
{
  *self = (RunOptions){ .n_workers = count_processors (),
                        .timeout_multiplier = 1.0,
                        .repeat = 1,
                        .order = DAGSCHED_ORDER_AUTO,
                        .stack_traces = TRUE,
                        .publish = TRUE,
                        .report.output_on_failure = TRUE };
}

void
run_options_clear (RunOptions *self)
{
  source_options_clear (&self->sources);
  g_clear_pointer (&self->report.log, g_free);
  g_clear_pointer (&self->report.resume, g_free);
  g_clear_pointer (&self->report.junit, g_free);
  g_clear_pointer (&self->report.tap, g_free);
  g_clear_pointer (&self->wrapper, g_strfreev);
  g_clear_pointer (&self->artifacts_dir, g_free);
}

static gboolean
parse_workers (const char *option, const char *value, gpointer data, GError **error)
{
  return cli_value_parse_uint (option, value, 1, MAX_WORKERS, &((RunOptions *) data)->n_workers, error);
}

static gboolean
parse_retries (const char *option, const char *value, gpointer data, GError **error)
{
  return cli_value_parse_uint (option, value, 0, MAX_RETRIES, &((RunOptions *) data)->retries, error);
}

static gboolean
parse_repeat (const char *option, const char *value, gpointer data, GError **error)
{
  return cli_value_parse_uint (option, value, 1, MAX_REPEAT, &((RunOptions *) data)->repeat, error);
}

static gboolean
parse_max_failures (const char *option, const char *value, gpointer data, GError **error)
{
  return cli_value_parse_uint (option, value, 0, G_MAXUINT32, &((RunOptions *) data)->max_failures, error);
}

static gboolean
parse_multiplier (const char *option, const char *value, gpointer data, GError **error)
{
  RunOptions *self = data;

  return cli_value_parse_double (option, value, 0, MAX_MULTIPLIER, &self->timeout_multiplier, error);
}

static gboolean
parse_max_time (const char *option, const char *value, gpointer data, GError **error)
{
  return cli_value_parse_double (option, value, 0, MAX_SECONDS, &((RunOptions *) data)->max_time, error);
}

static gboolean
parse_output_limit (const char *option, const char *value, gpointer data, GError **error)
{
  return cli_value_parse_size (option, value, &((RunOptions *) data)->output_limit, error);
}

static gboolean
parse_run_output_limit (const char *option, const char *value, gpointer data, GError **error)
{
  return cli_value_parse_size (option, value, &((RunOptions *) data)->run_output_limit, error);
}

static gboolean
parse_memory_limit (const char *option, const char *value, gpointer data, GError **error)
{
  return cli_value_parse_size (option, value, &((RunOptions *) data)->limits[DAGSCHED_LIMIT_MEMORY], error);
}

static gboolean
parse_cpu_limit (const char *option, const char *value, gpointer data, GError **error)
{
  return cli_value_parse_uint (option, value, 1, G_MAXINT32,
                               &((RunOptions *) data)->limits[DAGSCHED_LIMIT_CPU], error);
}

static gboolean
parse_open_files_limit (const char *option, const char *value, gpointer data, GError **error)
{
  return cli_value_parse_uint (option, value, 4, G_MAXINT32,
                               &((RunOptions *) data)->limits[DAGSCHED_LIMIT_OPEN_FILES], error);
}

static gboolean
parse_process_limit (const char *option, const char *value, gpointer data, GError **error)
{
  return cli_value_parse_uint (option, value, 1, G_MAXINT32,
                               &((RunOptions *) data)->limits[DAGSCHED_LIMIT_PROCESSES], error);
}

static gboolean
parse_seed (const char *option, const char *value, RunOptions *self, GError **error)
{
  if (self->order != DAGSCHED_ORDER_RANDOM)
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                   "%s: only the order random takes a seed, not %s", option,
                   dagsched_order_to_string (self->order));
      return FALSE;
    }

  self->has_seed = TRUE;
  return cli_value_parse_uint ("the seed of --order", value, 0, G_MAXUINT64, &self->seed, error);
}

static gboolean
parse_order (const char *option, const char *value, gpointer data, GError **error)
{
  RunOptions *self = data;
  const char *colon = strchr (value, ':');
  g_autofree char *name = colon != NULL ? g_strndup (value, (gsize) (colon - value)) : g_strdup (value);
  guint choice;

  if (!cli_value_parse_choice (option, name, orders, &choice, error) ||
      !dagsched_order_from_string (name, &self->order))
    return FALSE;

  self->has_seed = FALSE;
  return colon == NULL || parse_seed (option, colon + 1, self, error);
}

static gboolean
parse_wrapper (const char *option, const char *value, gpointer data, GError **error)
{
  RunOptions *self = data;
  g_autoptr (GError) shell_error = NULL;

  g_clear_pointer (&self->wrapper, g_strfreev);
  if (g_shell_parse_argv (value, NULL, &self->wrapper, &shell_error))
    return TRUE;

  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
               "%s takes a command, quoted as for a shell: %s", option, shell_error->message);
  return FALSE;
}

static gboolean
parse_flaky (const char *option, const char *value, gpointer data, GError **error)
{
  return cli_value_parse_choice (option, value, flaky_choices, &((RunOptions *) data)->flaky, error);
}

static gboolean
parse_format (const char *option, const char *value, gpointer data, GError **error)
{
  RunOptions *self = data;

  self->report.format_given = TRUE;
  return cli_value_parse_choice (option, value, formats, &self->report.format, error);
}

static gboolean
parse_color (const char *option, const char *value, gpointer data, GError **error)
{
  return cli_color_parse (option, value, &((RunOptions *) data)->report.color, error);
}

#define CALLBACK(function) G_OPTION_FLAG_FILENAME, G_OPTION_ARG_CALLBACK, function

static void
add_running (RunOptions *self, CliContext *context)
{
  const GOptionEntry entries[] = {
    { "workers", 'j', CALLBACK (parse_workers), "Run N at a time (default: the processors)", "N" },
    { "order", 0, CALLBACK (parse_order), "Which ready tests start first: see below", "ORDER[:SEED]" },
    { "repeat", 0, CALLBACK (parse_repeat), "Run everything N times", "N" },
    { "retries", 0, CALLBACK (parse_retries), "Try failed tests N times more", "N" },
    { "flaky", 0, CALLBACK (parse_flaky), "Passed on a retry: pass (default) or fail", "VERDICT" },
    { "max-failures", 0, CALLBACK (parse_max_failures), "Stop after N failures (default 0: never)", "N" },
    { "max-time", 0, CALLBACK (parse_max_time), "Stop after so long (default 0: never)", "SECONDS" },
    { "timeout-multiplier", 0, CALLBACK (parse_multiplier), "Multiply all time-outs; 0: no time-outs", "X" },
    { "wrapper", 0, CALLBACK (parse_wrapper), "Put CMD, e.g. \"valgrind -q\", before tests", "CMD" },
    { "resume", 0, 0, G_OPTION_ARG_FILENAME, &self->report.resume, "Go on where the run of LOG was cut short",
      "LOG" },
    { "rebuild", 0, 0, G_OPTION_ARG_NONE, &self->rebuild, "Build what the tests need first", NULL },
    { "run-output-limit", 0, CALLBACK (parse_run_output_limit), "Keep so much of the output of all tests",
      "SIZE" },
    { "no-stack-traces", 0, G_OPTION_FLAG_REVERSE, G_OPTION_ARG_NONE, &self->stack_traces,
      "Don't look where hung and crashed tests are", NULL },
    { "no-publish", 0, G_OPTION_FLAG_REVERSE, G_OPTION_ARG_NONE, &self->publish,
      "Don't let monitors watch the run", NULL },
    { NULL },
  };

  cli_context_add_group (context, "running", "Running:", entries, self);
}

static void
add_limits (RunOptions *self, CliContext *context)
{
  const GOptionEntry entries[] = {
    { "output-limit", 0, CALLBACK (parse_output_limit), "Keep so much of each stream (default 16M)", "SIZE" },
    { "cpu-limit", 0, CALLBACK (parse_cpu_limit), "Processor time of each process", "SECONDS" },
    { "memory-limit", 0, CALLBACK (parse_memory_limit), "Data of each process", "SIZE" },
    { "open-files-limit", 0, CALLBACK (parse_open_files_limit), "Open files of each process", "N" },
    { "process-limit", 0, CALLBACK (parse_process_limit), "Processes at a time", "N" },
    { NULL },
  };

  cli_context_add_group (context, "limits", "Limits of tests that don't say:", entries, self);
}

static void
add_reports (RunOptions *self, CliContext *context)
{
  ReportOptions *report = &self->report;
  const GOptionEntry entries[] = {
    { "format", 0, CALLBACK (parse_format), "Print human (default), jsonl or tap", "FORMAT" },
    { "log", 0, 0, G_OPTION_ARG_FILENAME, &report->log, "Write the run log there (-: stdout)", "FILE" },
    { "junit", 0, 0, G_OPTION_ARG_FILENAME, &report->junit, "Write JUnit XML there (-: stdout)", "FILE" },
    { "tap", 0, 0, G_OPTION_ARG_FILENAME, &report->tap, "Write TAP there (-: stdout)", "FILE" },
    { "color", 0, CALLBACK (parse_color), "Colours: auto (default), always, never", "WHEN" },
    { "verbose", 'v', 0, G_OPTION_ARG_NONE, &report->verbose, "Show the output of every test", NULL },
    { "quiet", 'q', 0, G_OPTION_ARG_NONE, &report->quiet, "Say only what failed, and the verdict", NULL },
    { "output-on-failure", 0, 0, G_OPTION_ARG_NONE, &report->output_on_failure,
      "Show what failed tests wrote (default)", NULL },
    { "no-output-on-failure", 0, G_OPTION_FLAG_REVERSE, G_OPTION_ARG_NONE, &report->output_on_failure,
      "Don't show it", NULL },
    { "artifacts-dir", 0, 0, G_OPTION_ARG_FILENAME, &self->artifacts_dir,
      "Keep artifacts of failed tests there", "DIR" },
    { NULL },
  };

  cli_context_add_group (context, "reports", "Reports:", entries, self);
}

void
run_options_add (RunOptions *self, CliContext *context)
{
  source_options_add_sources (&self->sources, context);
  source_options_add_selection (&self->sources, context);
  add_running (self, context);
  add_limits (self, context);
  add_reports (self, context);
}

/* What would be written to standard output, as the user wrote it: at most one thing may be. */
static GPtrArray *
list_stdout_reports (const ReportOptions *report)
{
  GPtrArray *list = g_ptr_array_new ();

  if (report->format_given)
    g_ptr_array_add (list, "--format");
  if (g_strcmp0 (report->log, "-") == 0)
    g_ptr_array_add (list, "--log=-");
  if (g_strcmp0 (report->junit, "-") == 0)
    g_ptr_array_add (list, "--junit=-");
  if (g_strcmp0 (report->tap, "-") == 0)
    g_ptr_array_add (list, "--tap=-");

  return list;
}

/* What is no regular file, /dev/null for one, can take several. */
static gboolean
are_one_file (const char *a, const char *b)
{
  g_autofree char *path = NULL;
  g_autofree char *other = NULL;

  if (a == NULL || b == NULL)
    return FALSE;

  path = g_canonicalize_filename (a, NULL);
  other = g_canonicalize_filename (b, NULL);

  return g_str_equal (path, other) &&
         (!g_file_test (path, G_FILE_TEST_EXISTS) || g_file_test (path, G_FILE_TEST_IS_REGULAR));
}

/* The one that is completed last would replace the other. */
static gboolean
check_files (const ReportOptions *report, CliContext *context)
{
  const struct
  {
    const char *option, *path;
  } files[] = { { "--resume", report->resume },
                { "--log", report->log },
                { "--junit", report->junit },
                { "--tap", report->tap } };

  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    for (guint j = 0; j < i; j++)
      if (are_one_file (files[i].path, files[j].path))
        {
          cli_context_usage_error (context, "%s and %s both write to %s: give one of them another file",
                                   files[j].option, files[i].option, files[i].path);
          return FALSE;
        }

  return TRUE;
}

gboolean
run_options_check (RunOptions *self, CliContext *context)
{
  g_autoptr (GPtrArray) reports = list_stdout_reports (&self->report);

  if (reports->len > 1)
    {
      cli_context_usage_error (context, "%s and %s both write to standard output: give one of them a file",
                               (const char *) g_ptr_array_index (reports, 0),
                               (const char *) g_ptr_array_index (reports, 1));
      return FALSE;
    }
  /* That is where it is written anyway. */
  if (are_one_file (self->report.log, self->report.resume))
    g_clear_pointer (&self->report.log, g_free);
  if (!check_files (&self->report, context))
    return FALSE;
  if (self->report.verbose && self->report.quiet)
    {
      cli_context_usage_error (context, "--verbose and --quiet exclude each other");
      return FALSE;
    }

  return TRUE;
}

void
run_options_choose_seed (RunOptions *self)
{
  if (self->order != DAGSCHED_ORDER_RANDOM || self->has_seed)
    return;

  self->seed = g_random_int ();
  self->has_seed = TRUE;
  cli_note ("to run in the same order again: --order=random:%" G_GUINT64_FORMAT, self->seed);
}

DagschedOptions *
run_options_to_options (const RunOptions *self)
{
  DagschedOptions *options = dagsched_options_new ();
  g_autoptr (DagschedSelection) selection = source_options_create_selection (&self->sources);

  g_object_set (options, "n-workers", (guint) self->n_workers, "order", self->order, "seed", self->seed,
                "max-failures", (guint) self->max_failures, "repeat", (guint) self->repeat, "retries",
                (int) self->retries, "timeout-multiplier", self->timeout_multiplier, "max-time",
                self->max_time, "flaky-fails", self->flaky == 1, "selection", selection, "artifacts-dir",
                self->artifacts_dir, "stack-traces", self->stack_traces, "run-output-limit",
                self->run_output_limit, "notification-batch-window", BATCH_WINDOW, NULL);
  if (self->output_limit > 0)
    g_object_set (options, "output-limit", self->output_limit, NULL);
  for (guint i = 0; i < DAGSCHED_N_LIMITS; i++)
    g_object_set (options, dagsched_limit_to_string (i), self->limits[i], NULL);
  if (self->wrapper != NULL)
    dagsched_options_set_wrapper (options, (const char *const *) self->wrapper);

  return options;
}
