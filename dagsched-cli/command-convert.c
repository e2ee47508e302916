/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include <dagsched.h>

#include "cli-context.h"
#include "cli-message.h"
#include "cli-output.h"
#include "cli-status.h"
#include "cli-terminal.h"
#include "cli-value.h"
#include "commands.h"
#include "source-options.h"

typedef enum
{
  CONVERT_FORMAT_MANIFEST,
  CONVERT_FORMAT_HUMAN,
  CONVERT_FORMAT_JUNIT,
  CONVERT_FORMAT_TAP,
} ConvertFormat;

static const char *const formats[] = { "manifest", "human", "junit", "tap", NULL };

typedef struct
{
  SourceOptions sources;
  guint format; /* ConvertFormat */
  gboolean format_given;
  char *output; /* "-": standard output */
  guint color;  /* CliColor */
} ConvertOptions;

static void
convert_options_clear (ConvertOptions *self)
{
  source_options_clear (&self->sources);
  g_clear_pointer (&self->output, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ConvertOptions, convert_options_clear)

static gboolean
parse_format (const char *option, const char *value, gpointer data, GError **error)
{
  ConvertOptions *self = data;

  self->format_given = TRUE;
  return cli_value_parse_choice (option, value, formats, &self->format, error);
}

static gboolean
parse_color (const char *option, const char *value, gpointer data, GError **error)
{
  return cli_color_parse (option, value, &((ConvertOptions *) data)->color, error);
}

static CliContext *
create_context (ConvertOptions *self)
{
  const GOptionEntry entries[] = {
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &self->output, "Write FILE (default -: standard output)",
      "FILE" },
    { "format", 0, G_OPTION_FLAG_FILENAME, G_OPTION_ARG_CALLBACK, parse_format,
      "manifest; of a run log human, junit or tap", "FORMAT" },
    { "color", 0, G_OPTION_FLAG_FILENAME, G_OPTION_ARG_CALLBACK, parse_color,
      "Colours of human: auto, always, never", "WHEN" },
    { NULL },
  };
  CliContext *context = cli_context_new (
    "convert", "[SOURCE...|LOG]", "Make a manifest of sources of any type, or a report of a run log.",
    "Without --format, sources become a manifest and a run log is shown as human.\n"
    "\n"
    "Examples:\n"
    "  dagsched convert build -o dagsched.json\n"
    "  dagsched convert run.jsonl --format=junit -o report.xml\n");

  source_options_add_sources (&self->sources, context);
  cli_context_add_group (context, "output", "Output:", entries, self);

  return context;
}

static int
convert_to_manifest (const ConvertOptions *self)
{
  g_autoptr (DagschedGraph) graph = source_options_load_graph (&self->sources);
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  if (graph == NULL)
    return CLI_STATUS_USAGE;

  text = dagsched_manifest_from_graph (graph, &error);
  if (text != NULL && cli_output_write (self->output, text, strlen (text), &error))
    return CLI_STATUS_OK;

  cli_error ("%s", error->message);
  return CLI_STATUS_USAGE;
}

static DagschedReporter *
create_human (const ConvertOptions *self, int *fd, GError **error)
{
  DagschedTerminalReporter *reporter;

  *fd = strcmp (self->output, "-") == 0
          ? dup (STDOUT_FILENO)
          : TEMP_FAILURE_RETRY (g_open (self->output, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666));
  if (*fd < 0)
    {
      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "%s can't be written: %s", self->output,
                   g_strerror (errno));
      return NULL;
    }

  reporter = cli_terminal_reporter_new (*fd, self->color);
  dagsched_terminal_reporter_set_interactive (reporter, FALSE);
  return DAGSCHED_REPORTER (reporter);
}

static DagschedReporter *
create_reporter (const ConvertOptions *self, int *fd, GError **error)
{
  if (self->format == CONVERT_FORMAT_HUMAN)
    return create_human (self, fd, error);
  if (self->format == CONVERT_FORMAT_JUNIT)
    return DAGSCHED_REPORTER (dagsched_junit_reporter_new (self->output));

  return DAGSCHED_REPORTER (dagsched_tap_reporter_new_for_path (self->output));
}

static gboolean
replay (DagschedRunLog *log, DagschedReporter *reporter, GError **error)
{
  if (!dagsched_reporter_begin (reporter, DAGSCHED_RUN (log), error))
    return FALSE;

  dagsched_run_log_replay (log);
  return dagsched_reporter_end (reporter, error);
}

static int
convert_log (const ConvertOptions *self, GFile *file)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (DagschedRunLog) log = dagsched_run_log_load (file, &error);
  g_autoptr (DagschedReporter) reporter = NULL;
  int fd = -1;
  gboolean done = FALSE;

  if (log != NULL)
    {
      cli_warn_all (dagsched_run_log_get_warnings (log));
      reporter = create_reporter (self, &fd, &error);
    }
  if (reporter != NULL)
    done = replay (log, reporter, &error);
  if (fd >= 0 && close (fd) != 0 && errno != EINTR && done)
    {
      cli_error ("%s can't be written: %s", self->output, g_strerror (errno));
      return CLI_STATUS_USAGE;
    }
  if (done || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_BROKEN_PIPE))
    return CLI_STATUS_OK;

  cli_error ("%s", error->message);
  return CLI_STATUS_USAGE;
}

static gboolean
is_run_log (const char *path)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);

  return g_file_test (path, G_FILE_TEST_EXISTS) && !g_file_test (path, G_FILE_TEST_IS_DIR) &&
         dagsched_run_log_is_run_log (file);
}

/* The run log among the arguments, if there is one. */
static const char *
find_log (const ConvertOptions *self)
{
  for (guint i = 0; self->sources.paths != NULL && self->sources.paths[i] != NULL; i++)
    {
      if (is_run_log (self->sources.paths[i]))
        return self->sources.paths[i];
    }

  return NULL;
}

/* What can't be read may have been meant as a run log. */
static gboolean
are_readable (char **paths)
{
  gboolean readable = TRUE;

  for (guint i = 0; paths != NULL && paths[i] != NULL; i++)
    if (g_access (paths[i], R_OK) != 0)
      {
        cli_error ("%s: can't be read: %s", paths[i], g_strerror (errno));
        readable = FALSE;
      }

  return readable;
}

static int
convert (ConvertOptions *self, CliContext *context)
{
  const char *log = self->sources.type == NULL ? find_log (self) : NULL;
  g_autoptr (GFile) file = NULL;

  if (log == NULL && self->format != CONVERT_FORMAT_MANIFEST && !are_readable (self->sources.paths))
    return CLI_STATUS_USAGE;
  if (log == NULL && self->format != CONVERT_FORMAT_MANIFEST)
    return cli_context_usage_error (
      context, "--format=%s makes a report of a run log, but no run log is given", formats[self->format]);
  if (log == NULL)
    return convert_to_manifest (self);

  if (self->format_given && self->format == CONVERT_FORMAT_MANIFEST)
    return cli_context_usage_error (context, "%s is a run log, of which no manifest can be made", log);
  if (g_strv_length (self->sources.paths) > 1 || self->sources.overrides != NULL)
    return cli_context_usage_error (context, "%s is a run log, which is converted alone", log);
  if (!self->format_given)
    self->format = CONVERT_FORMAT_HUMAN;

  file = g_file_new_for_path (log);
  return convert_log (self, file);
}

int
command_convert_main (char **argv)
{
  g_auto (ConvertOptions) options = { .format = CONVERT_FORMAT_MANIFEST };
  g_autoptr (CliContext) context = create_context (&options);
  int status;

  if (!cli_context_parse (context, argv, &status))
    return status;
  if (options.output == NULL)
    options.output = g_strdup ("-");

  return convert (&options, context);
}
