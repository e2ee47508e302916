/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include <dagsched.h>

#include "cli-context.h"
#include "cli-message.h"
#include "cli-status.h"
#include "commands.h"
#include "job-control.h"
#include "run-history.h"
#include "run-options.h"
#include "run-reports.h"
#include "run-session.h"

static const char description[] =
  "Orders:\n"
  "  auto            critical-path where order matters, else as workers find tests\n"
  "  critical-path   longest remaining path first, durations from earlier runs\n"
  "  longest         longest expected duration first\n"
  "  declaration     as the sources list them\n"
  "  random[:SEED]   shuffled; without a seed, one is chosen and printed\n"
  "Dependencies and priorities come before any order.\n"
  "\n"
  "Exit status: 0 success; 1 a test failed, was blocked by a failure or cancelled;\n"
  "2 usage, source or graph error, nothing was run; 3 the run could not be\n"
  "completed; 4 nothing selected; 128+N ended by signal N.\n"
  "\n"
  "Examples:\n"
  "  dagsched run\n"
  "  dagsched run build -j 8 --retries 2 --junit report.xml\n"
  "  dagsched run suite.json -k 'db/*' -x '*/slow' --order random:42\n";

static CliContext *
create_context (RunOptions *options)
{
  CliContext *context =
    cli_context_new ("run", "[SOURCE...]",
                     "Run the tests of manifests (dagsched.json) or meson build directories.\n"
                     "Without a SOURCE, the current directory is looked at.",
                     description);

  run_options_add (options, context);

  return context;
}

/* What is selected is told when the tests are loaded again. */
static gboolean
rebuild (const RunOptions *options, GPtrArray *sources, DagschedGraph *graph, GError **error)
{
  g_autoptr (DagschedSelection) selection = source_options_create_selection (&options->sources);
  g_autoptr (DagschedPlan) plan = dagsched_plan_new (graph, selection, error);

  if (plan == NULL)
    return FALSE;

  for (guint i = 0; i < sources->len; i++)
    {
      if (!dagsched_source_rebuild (g_ptr_array_index (sources, i), G_LIST_MODEL (plan), error))
        return FALSE;
    }

  return TRUE;
}

/* The build may change the tests. */
static DagschedGraph *
rebuild_and_load (const RunOptions *options, GPtrArray *sources)
{
  g_autoptr (DagschedGraph) graph = source_options_load (&options->sources, sources);
  g_autoptr (GError) error = NULL;

  if (graph == NULL)
    return NULL;
  if (!rebuild (options, sources, graph, &error))
    {
      cli_error ("%s", error->message);
      return NULL;
    }

  return source_options_load (&options->sources, sources);
}

static DagschedGraph *
load_graph (const RunOptions *options)
{
  g_autoptr (GPtrArray) sources = source_options_open (&options->sources);

  if (sources == NULL)
    return NULL;

  return options->rebuild ? rebuild_and_load (options, sources)
                          : source_options_load (&options->sources, sources);
}

/* The run does without a history that can't be read. */
static DagschedHistory *
apply_history (DagschedGraph *graph)
{
  g_autoptr (GError) error = NULL;
  DagschedHistory *history = run_history_apply (graph, &error);

  if (history == NULL)
    cli_warning ("the history of earlier runs is not used: %s", error->message);

  return history;
}

static void
record_history (DagschedHistory *history, DagschedScheduler *scheduler)
{
  g_autoptr (GError) error = NULL;

  if (history != NULL && !dagsched_history_record (history, DAGSCHED_RUN (scheduler), &error))
    cli_warning ("the history does not learn from this run: %s", error->message);
}

static gboolean
prepare (DagschedScheduler *scheduler, int *status)
{
  g_autoptr (GError) error = NULL;
  DagschedPlan *plan;

  if (!dagsched_scheduler_prepare (scheduler, &error))
    {
      cli_error ("%s", error->message);
      *status = CLI_STATUS_USAGE;
      return FALSE;
    }

  plan = dagsched_scheduler_get_plan (scheduler);
  cli_warn_all (dagsched_plan_get_warnings (plan));
  if (g_list_model_get_n_items (G_LIST_MODEL (plan)) == 0)
    {
      cli_error ("no test is selected");
      *status = CLI_STATUS_NOTHING;
      return FALSE;
    }

  return TRUE;
}

/* The runner died before the first line of its log stood there. */
static gboolean
has_not_begun (GFile *file)
{
  g_autoptr (GFileInputStream) stream = g_file_read (file, NULL, NULL);
  char head[4096];
  gsize length = 0;

  if (stream == NULL ||
      !g_input_stream_read_all (G_INPUT_STREAM (stream), head, sizeof head, &length, NULL, NULL))
    return FALSE;

  return length == 0 ||
         (dagsched_run_log_is_run_log (file) && length < sizeof head && memchr (head, '\n', length) == NULL);
}

/* FALSE: the error is printed. */
static gboolean
resume (const ReportOptions *options, DagschedScheduler *scheduler)
{
  g_autoptr (GFile) file = NULL;
  g_autoptr (DagschedRunLog) log = NULL;
  g_autoptr (GError) error = NULL;
  guint n_taken = 0;

  if (options->resume == NULL)
    return TRUE;

  file = g_file_new_for_commandline_arg (options->resume);
  if (!has_not_begun (file))
    {
      log = dagsched_run_log_load (file, &error);
      if (log != NULL)
        cli_warn_all (dagsched_run_log_get_warnings (log));
      if (log == NULL || !dagsched_run_log_resume (log, scheduler, &n_taken, &error))
        {
          cli_error ("%s", error->message);
          return FALSE;
        }
    }

  if (!options->quiet)
    cli_note ("%u of %u tests have run before, and are not run again", n_taken,
              g_list_model_get_n_items (dagsched_run_get_tests (DAGSCHED_RUN (scheduler))));
  return TRUE;
}

static int
judge (DagschedScheduler *scheduler, int signum, gboolean ran, gboolean reported)
{
  DagschedVerdict verdict = dagsched_run_get_verdict (DAGSCHED_RUN (scheduler));

  if (verdict == DAGSCHED_VERDICT_NONE)
    return CLI_STATUS_USAGE;
  if (signum != 0)
    return CLI_STATUS_SIGNAL + signum;
  if (verdict == DAGSCHED_VERDICT_INCOMPLETE || !ran || !reported)
    return CLI_STATUS_INCOMPLETE;

  return verdict == DAGSCHED_VERDICT_SUCCESS ? CLI_STATUS_OK : CLI_STATUS_FAILURE;
}

static void
append_argument (GString *command, const char *option, const char *value)
{
  static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./:+@%,=-";
  g_autofree char *quoted = g_shell_quote (value);
  gboolean is_plain = *value != '\0' && value[strspn (value, plain)] == '\0';

  g_string_append_printf (command, " %s%s", option, is_plain ? value : quoted);
}

/* The command that runs the same tests again: what a reporter appends says which. */
static char *
dup_rerun_command (const SourceOptions *sources)
{
  GString *command = g_string_new ("dagsched run");

  if (sources->type != NULL)
    append_argument (command, "--source-type=", sources->type);
  for (guint i = 0; sources->overrides != NULL && sources->overrides[i] != NULL; i++)
    append_argument (command, "--overrides=", sources->overrides[i]);
  if (sources->no_deps)
    g_string_append (command, " --no-deps");
  for (guint i = 0; sources->paths != NULL && sources->paths[i] != NULL; i++)
    append_argument (command, "", sources->paths[i]);

  return g_string_free (command, FALSE);
}

/* The run does without anybody who watches. */
static DagschedPublisher *
publish (const RunOptions *options, DagschedScheduler *scheduler, RunReports *reports)
{
  g_autoptr (GError) error = NULL;
  DagschedPublisher *publisher;

  if (!options->publish)
    return NULL;

  publisher = dagsched_publisher_new (DAGSCHED_RUN (scheduler), run_reports_get_log_path (reports), &error);
  if (publisher == NULL)
    cli_warning ("monitors can't watch this run: %s", error->message);

  return publisher;
}

static int
run (const RunOptions *options, DagschedGraph *graph)
{
  g_autoptr (DagschedHistory) history = apply_history (graph);
  g_autoptr (DagschedOptions) scheduler_options = run_options_to_options (options);
  g_autoptr (DagschedScheduler) scheduler = dagsched_scheduler_new (graph, scheduler_options);
  g_autofree char *rerun_command = dup_rerun_command (&options->sources);
  g_autoptr (RunReports) reports = NULL;
  g_autoptr (DagschedPublisher) publisher = NULL;
  g_autoptr (GError) error = NULL;
  gboolean ran, reported;
  int signum, status;

  job_control_ignore_terminal_stops ();
  if (!prepare (scheduler, &status))
    return status;
  if (!resume (&options->report, scheduler))
    return CLI_STATUS_USAGE;
  reports = run_reports_new (&options->report, scheduler, rerun_command);
  if (reports == NULL)
    return CLI_STATUS_USAGE;

  publisher = publish (options, scheduler, reports);
  ran = run_session (scheduler, reports, &signum, &error);
  g_clear_object (&publisher);
  reported = run_reports_end (reports, error);
  record_history (history, scheduler);

  return judge (scheduler, signum, ran, reported);
}

int
command_run_main (char **argv)
{
  g_auto (RunOptions) options;
  g_autoptr (CliContext) context = NULL;
  g_autoptr (DagschedGraph) graph = NULL;
  int status;

  run_options_init (&options);
  context = create_context (&options);
  if (!cli_context_parse (context, argv, &status))
    return status;
  if (!run_options_check (&options, context))
    return CLI_STATUS_USAGE;

  graph = load_graph (&options);
  if (graph == NULL)
    return CLI_STATUS_USAGE;
  run_options_choose_seed (&options);

  return run (&options, graph);
}
