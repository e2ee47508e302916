/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What a command prints. A reader that has gone away (EPIPE) is no error: it has what it wanted. */

/* Whether standard output was open for writing when the command was started. */
gboolean cli_output_is_open (void);
/* FALSE: standard output can't be written; the message has been printed. */
gboolean cli_output_print (const char *text, gsize length);
/* Writes a whole file; @path "-" is standard output. */
gboolean cli_output_write (const char *path, const char *text, gsize length, GError **error);

G_END_DECLS
