/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Messages for people, on standard error: each line begins with "dagsched: ". */

void cli_error (const char *format, ...) G_GNUC_PRINTF (1, 2);
void cli_warning (const char *format, ...) G_GNUC_PRINTF (1, 2);
void cli_note (const char *format, ...) G_GNUC_PRINTF (1, 2);
/* @messages: (nullable) NULL-terminated. */
void cli_warn_all (const char *const *messages);

G_END_DECLS
