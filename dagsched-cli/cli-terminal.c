/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli-terminal.h"

#include <gio/gunixoutputstream.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "cli-value.h"

static const char *const colors[] = { "auto", "always", "never", NULL };

gboolean
cli_color_parse (const char *option, const char *value, guint *color, GError **error)
{
  return cli_value_parse_choice (option, value, colors, color, error);
}

static gboolean
is_dumb (void)
{
  const char *term = g_getenv ("TERM");

  return term == NULL || *term == '\0' || g_str_equal (term, "dumb");
}

gboolean
cli_color_applies (CliColor color, int fd)
{
  const char *no_color = g_getenv ("NO_COLOR");

  if (color != CLI_COLOR_AUTO)
    return color == CLI_COLOR_ALWAYS;

  return isatty (fd) && !is_dumb () && (no_color == NULL || *no_color == '\0');
}

static gboolean
get_size (guint *columns, guint *rows, gpointer user_data)
{
  int fd = GPOINTER_TO_INT (user_data);
  struct winsize size = { 0 };
  pid_t foreground;

  if (ioctl (fd, TIOCGWINSZ, &size) != 0)
    size = (struct winsize){ 0 };

  *columns = size.ws_col;
  *rows = size.ws_row;

  /* On a terminal that does not control us nobody has a foreground. */
  foreground = tcgetpgrp (fd);
  return foreground < 0 || foreground == getpgrp ();
}

DagschedTerminalReporter *
cli_terminal_reporter_new (int fd, CliColor color)
{
  g_autoptr (GOutputStream) stream = g_unix_output_stream_new (fd, FALSE);
  DagschedTerminalReporter *reporter = dagsched_terminal_reporter_new (stream);

  dagsched_terminal_reporter_set_interactive (reporter, isatty (fd) && !is_dumb ());
  dagsched_terminal_reporter_set_color (reporter, cli_color_applies (color, fd));
  dagsched_terminal_reporter_set_unicode (reporter, g_get_charset (NULL));
  dagsched_terminal_reporter_set_size_func (reporter, get_size, GINT_TO_POINTER (fd), NULL);

  return reporter;
}
