/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The options of one sub-command: GOption, with the help grouped under headings, and with errors that
 * end the command as DESIGN says. */
typedef struct _CliContext CliContext;

CliContext *
cli_context_new (const char *command, const char *parameters, const char *summary, const char *description);
void cli_context_free (CliContext *self);

/* @entries and what they point to are the caller's, until parsing is over; @user_data goes to callbacks. */
void cli_context_add_group (CliContext *self,
                            const char *name,
                            const char *heading,
                            const GOptionEntry *entries,
                            gpointer user_data);

/* Where the arguments that are no options go: NULL, or file names to free with g_strfreev(). */
void cli_context_set_paths (CliContext *self, char ***paths);

/* FALSE: the command ends here with *@status (help was asked for, or an error was printed). */
gboolean cli_context_parse (CliContext *self, char **argv, int *status);

/* Prints a usage error, and where to find help. Returns the status to end with. */
int cli_context_usage_error (CliContext *self, const char *format, ...) G_GNUC_PRINTF (2, 3);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CliContext, cli_context_free)

G_END_DECLS
