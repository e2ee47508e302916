/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli-message.h"

#include <stdio.h>

static void say (const char *kind, const char *format, va_list arguments) G_GNUC_PRINTF (2, 0);

/* One write for each message: those of several processes on one terminal don't mix. */
static void
say (const char *kind, const char *format, va_list arguments)
{
  g_autofree char *text = g_strdup_vprintf (format, arguments);
  g_auto (GStrv) lines = g_strsplit (g_strchomp (text), "\n", -1);
  g_autoptr (GString) message = g_string_new (NULL);

  for (guint i = 0; lines[i] != NULL; i++)
    g_string_append_printf (message, "dagsched: %s%s\n", i == 0 ? kind : "", lines[i]);

  fflush (stdout);
  fputs (message->str, stderr);
  fflush (stderr);
}

#define SAY(kind)                                                                                            \
  G_STMT_START                                                                                               \
  {                                                                                                          \
    va_list arguments;                                                                                       \
                                                                                                             \
    va_start (arguments, format);                                                                            \
    say (kind, format, arguments);                                                                           \
    va_end (arguments);                                                                                      \
  }                                                                                                          \
  G_STMT_END

void
cli_error (const char *format, ...)
{
  SAY ("");
}

void
cli_warning (const char *format, ...)
{
  SAY ("warning: ");
}

void
cli_warn_all (const char *const *messages)
{
  for (guint i = 0; messages != NULL && messages[i] != NULL; i++)
    cli_warning ("%s", messages[i]);
}

void
cli_note (const char *format, ...)
{
  SAY ("");
}
