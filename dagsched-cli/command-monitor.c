/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "cli-context.h"
#include "cli-message.h"
#include "cli-status.h"
#include "commands.h"

#define MONITOR "dagsched-gtk"

typedef struct
{
  char *attach;
  char **files;
} MonitorOptions;

static void
monitor_options_clear (MonitorOptions *self)
{
  g_clear_pointer (&self->attach, g_free);
  g_clear_pointer (&self->files, g_strfreev);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (MonitorOptions, monitor_options_clear)

static CliContext *
create_context (MonitorOptions *options)
{
  const GOptionEntry entries[] = {
    { "attach", 0, 0, G_OPTION_ARG_FILENAME, &options->attach, "Show a run that goes on in process RUN",
      "RUN" },
    { NULL },
  };
  CliContext *context =
    cli_context_new ("monitor", "[FILE...]",
                     "Open the monitor: a window that shows runs, suites and run logs. Without\n"
                     "arguments, it lists the runs that go on just now.",
                     "Examples:\n"
                     "  dagsched monitor\n"
                     "  dagsched monitor --attach 4711\n"
                     "  dagsched monitor dagsched.json\n");

  cli_context_add_group (context, "monitor", "Monitor:", entries, options);
  cli_context_set_paths (context, &options->files);
  return context;
}

/* Where this program is; else in $PATH. */
static char *
find_monitor (void)
{
  g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *dir = self != NULL ? g_path_get_dirname (self) : NULL;
  g_autofree char *beside = dir != NULL ? g_build_filename (dir, MONITOR, NULL) : NULL;

  if (beside != NULL && g_file_test (beside, G_FILE_TEST_IS_EXECUTABLE))
    return g_steal_pointer (&beside);

  return g_find_program_in_path (MONITOR);
}

static char **
dup_arguments (const MonitorOptions *options, const char *program)
{
  g_autoptr (GPtrArray) arguments = g_ptr_array_new ();

  g_ptr_array_add (arguments, g_strdup (program));
  if (options->attach != NULL)
    {
      g_ptr_array_add (arguments, g_strdup ("--attach"));
      g_ptr_array_add (arguments, g_strdup (options->attach));
    }
  /* Names may begin with a dash. */
  if (options->files != NULL)
    g_ptr_array_add (arguments, g_strdup ("--"));
  for (guint i = 0; options->files != NULL && options->files[i] != NULL; i++)
    g_ptr_array_add (arguments, g_strdup (options->files[i]));
  g_ptr_array_add (arguments, NULL);

  return (char **) g_ptr_array_free (g_steal_pointer (&arguments), FALSE);
}

/* What this program ignores is its own affair. */
static void
become (const char *program, char **arguments)
{
  signal (SIGPIPE, SIG_DFL);
  signal (SIGXFSZ, SIG_DFL);
  execv (program, arguments);
}

int
command_monitor_main (char **argv)
{
  g_auto (MonitorOptions) options = { NULL };
  g_autoptr (CliContext) context = create_context (&options);
  g_autofree char *program = NULL;
  g_auto (GStrv) arguments = NULL;
  int status;

  if (!cli_context_parse (context, argv, &status))
    return status;

  program = find_monitor ();
  if (program == NULL)
    {
      cli_error ("the monitor is not installed: there is no " MONITOR
                 " beside this program or in $PATH.\nInstall the package " MONITOR
                 "; in the terminal, \"dagsched run\" shows a run as well");
      return CLI_STATUS_USAGE;
    }

  arguments = dup_arguments (&options, program);
  become (program, arguments);
  cli_error ("%s can't be started: %s", program, g_strerror (errno));
  return CLI_STATUS_USAGE;
}
