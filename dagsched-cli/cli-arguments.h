/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Writes arguments as GOption understands them: it has no "-j4", nor "-vj4", only "-j 4". */
typedef struct _CliArguments CliArguments;

CliArguments *cli_arguments_new (void);
void cli_arguments_free (CliArguments *self);
void cli_arguments_add_entries (CliArguments *self, const GOptionEntry *entries);
char **cli_arguments_expand (CliArguments *self, char **argv);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CliArguments, cli_arguments_free)

G_END_DECLS
