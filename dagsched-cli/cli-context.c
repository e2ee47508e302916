/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli-context.h"

#include <string.h>

#include "base/dagsched-suggest-private.h"
#include "cli-arguments.h"
#include "cli-message.h"
#include "cli-output.h"
#include "cli-status.h"

struct _CliContext
{
  GOptionContext *context;
  char *command;
  CliArguments *arguments;
  char ***paths;    /* where the arguments that are no options go; set before parsing */
  GPtrArray *names; /* (element-type utf8) long names of all options; static strings of the entries */
  gboolean help;
};

CliContext *
cli_context_new (const char *command, const char *parameters, const char *summary, const char *description)
{
  CliContext *self = g_new0 (CliContext, 1);

  self->command = g_strdup (command);
  self->names = g_ptr_array_new ();
  self->arguments = cli_arguments_new ();
  self->context = g_option_context_new (parameters);
  g_option_context_set_help_enabled (self->context, FALSE);
  g_option_context_set_summary (self->context, summary);
  g_option_context_set_description (self->context, description);

  return self;
}

void
cli_context_free (CliContext *self)
{
  g_option_context_free (self->context);
  g_ptr_array_unref (self->names);
  cli_arguments_free (self->arguments);
  g_free (self->command);
  g_free (self);
}

void
cli_context_add_group (CliContext *self,
                       const char *name,
                       const char *heading,
                       const GOptionEntry *entries,
                       gpointer user_data)
{
  GOptionGroup *group = g_option_group_new (name, heading, heading, user_data, NULL);

  for (guint i = 0; entries[i].long_name != NULL; i++)
    g_ptr_array_add (self->names, (gpointer) entries[i].long_name);
  cli_arguments_add_entries (self->arguments, entries);
  g_option_group_add_entries (group, entries);
  g_option_context_add_group (self->context, group);
}

void
cli_context_set_paths (CliContext *self, char ***paths)
{
  self->paths = paths;
}

/* GOption names the options that belong to no group after the library's use of it. */
static int
print_help (CliContext *self)
{
  g_autofree char *name = g_strconcat ("dagsched ", self->command, NULL);
  g_autofree char *help = NULL;
  g_autoptr (GString) text = NULL;

  g_set_prgname (name);
  help = g_option_context_get_help (self->context, FALSE, NULL);
  g_set_prgname ("dagsched");
  text = g_string_new (help);
  g_string_replace (text, "Application Options:", "Other options:", 1);
  g_string_replace (text, "[OPTION…]", "[OPTION...]", 1);

  return cli_output_print (text->str, text->len) ? CLI_STATUS_OK : CLI_STATUS_USAGE;
}

/* GOption looks for arguments that are no options in its main group only. */
static void
add_other_options (CliContext *self)
{
  const GOptionEntry entries[] = {
    { "help", 'h', 0, G_OPTION_ARG_NONE, &self->help, "Show this help and end", NULL },
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, self->paths, NULL, NULL },
    { NULL },
  };

  g_ptr_array_add (self->names, (gpointer) "help");
  g_option_context_add_main_entries (self->context, entries, NULL);
}

/* The name in GOption's message "Unknown option --NAME". (nullable) */
static char *
dup_unknown_name (const GError *error)
{
  const char *dashes;

  if (!g_error_matches (error, G_OPTION_ERROR, G_OPTION_ERROR_UNKNOWN_OPTION))
    return NULL;

  dashes = strstr (error->message, " --");
  return dashes != NULL ? g_strndup (dashes + 3, strcspn (dashes + 3, "=")) : NULL;
}

static char *
dup_hint (CliContext *self, const GError *error)
{
  g_autofree char *name = dup_unknown_name (error);
  DagschedSuggestion suggestion;

  if (name == NULL)
    return g_strdup ("");

  dagsched_suggestion_init (&suggestion, name);
  for (guint i = 0; i < self->names->len; i++)
    dagsched_suggestion_offer (&suggestion, g_ptr_array_index (self->names, i));
  if (suggestion.best == NULL)
    return g_strdup ("");

  return g_strdup_printf (" (did you mean \"--%s\"?)", suggestion.best);
}

int
cli_context_usage_error (CliContext *self, const char *format, ...)
{
  g_autofree char *message = NULL;
  va_list arguments;

  va_start (arguments, format);
  message = g_strdup_vprintf (format, arguments);
  va_end (arguments);

  cli_error ("%s\nsee \"dagsched %s --help\"", message, self->command);
  return CLI_STATUS_USAGE;
}

gboolean
cli_context_parse (CliContext *self, char **argv, int *status)
{
  g_auto (GStrv) arguments = cli_arguments_expand (self->arguments, argv);
  g_autoptr (GError) error = NULL;

  add_other_options (self);
  if (!g_option_context_parse_strv (self->context, &arguments, &error))
    {
      g_autofree char *hint = dup_hint (self, error);

      *status = cli_context_usage_error (self, "%s%s", error->message, hint);
      return FALSE;
    }
  if (self->help)
    {
      *status = print_help (self);
      return FALSE;
    }

  return TRUE;
}
