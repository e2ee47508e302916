/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include <dagsched.h>

#include "base/dagsched-suggest-private.h"
#include "cli-message.h"
#include "cli-output.h"
#include "cli-status.h"
#include "commands.h"

static const CliCommand commands[] = {
  { "run", "Run tests (the default)", command_run_main },
  { "list", "List the tests that a run would take", command_list_main },
  { "check", "Check sources for errors without running anything", command_check_main },
  { "graph", "Print the tests and their dependencies as a graph", command_graph_main },
  { "monitor", "Open the window that shows runs", command_monitor_main },
  { "convert", "Make a manifest of any source, or a report of a run log", command_convert_main },
};

static const CliCommand *
find_command (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    {
      if (strcmp (commands[i].name, name) == 0)
        return &commands[i];
    }

  return NULL;
}

static int
print_help (void)
{
  g_autoptr (GString) text = g_string_new ("Usage:\n"
                                           "  dagsched [COMMAND] [OPTION...] [SOURCE...]\n\n"
                                           "Run test suites whose tests depend on each other.\n\n"
                                           "Commands:\n");

  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    g_string_append_printf (text, "  %-10s%s\n", commands[i].name, commands[i].summary);
  g_string_append (text, "\n"
                         "Options:\n"
                         "  -h, --help      Show this help and end\n"
                         "  --version       Show the version and end\n"
                         "\n"
                         "\"dagsched COMMAND --help\" shows the options of a command. Without a command,\n"
                         "the options are those of \"run\". A SOURCE is a manifest (dagsched.json) or a\n"
                         "meson build directory; without one, the current directory is looked at.\n"
                         "\n"
                         "Exit status: 0 success; 1 a test failed, was blocked by a failure or cancelled;\n"
                         "2 usage, source or graph error, nothing was run; 3 the run could not be\n"
                         "completed; 4 nothing selected; 128+N ended by signal N.\n");

  return cli_output_print (text->str, text->len) ? CLI_STATUS_OK : CLI_STATUS_USAGE;
}

static int
print_version (void)
{
  g_autofree char *text = g_strdup_printf ("dagsched %s\n", dagsched_get_version ());

  return cli_output_print (text, strlen (text)) ? CLI_STATUS_OK : CLI_STATUS_USAGE;
}

/* A first word that is neither a command nor there as a file is a slip more often than a path. */
static int
refuse_word (const char *word)
{
  g_autofree char *shown = g_utf8_make_valid (word, -1);
  g_autofree char *hint = NULL;
  DagschedSuggestion suggestion;

  dagsched_suggestion_init (&suggestion, shown);
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    dagsched_suggestion_offer (&suggestion, commands[i].name);
  hint = dagsched_suggestion_dup_text (&suggestion);

  cli_error ("\"%s\" is neither a command nor a file or directory%s\nsee \"dagsched --help\"", shown, hint);
  return CLI_STATUS_USAGE;
}

static int
dispatch (char **argv)
{
  const char *first = argv[1];
  const CliCommand *command;

  if (first == NULL)
    return command_run_main (argv);
  if (strcmp (first, "--help") == 0 || strcmp (first, "-h") == 0)
    return print_help ();
  if (strcmp (first, "--version") == 0)
    return print_version ();

  command = find_command (first);
  if (command != NULL)
    return command->main (argv + 1);
  if (*first != '-' && !g_file_test (first, G_FILE_TEST_EXISTS))
    return refuse_word (first);

  return command_run_main (argv);
}

/* A closed standard descriptor would be handed out again to the next file that is opened, a log for
 * instance, which would then receive what is printed. Writing to these fails as if they were closed. */
static void
fill_standard_descriptors (void)
{
  for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
    {
      if (fcntl (fd, F_GETFD) < 0 && errno == EBADF &&
          TEMP_FAILURE_RETRY (open ("/dev/null", O_RDONLY)) != fd)
        _exit (CLI_STATUS_USAGE);
    }
}

int
main (int argc, char **argv)
{
  fill_standard_descriptors ();
  signal (SIGPIPE, SIG_IGN);
  /* A limit for the size of files is an error of the write, like a full disk. The agent takes this back. */
  signal (SIGXFSZ, SIG_IGN);
  /* Who asks a run how it stands may be early. */
  signal (SIGUSR1, SIG_IGN);
  setlocale (LC_CTYPE, "");
  g_set_prgname ("dagsched");

  return dispatch (argv);
}
