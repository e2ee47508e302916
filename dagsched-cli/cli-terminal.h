/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <dagsched.h>

G_BEGIN_DECLS

/* What --color says. */
typedef enum
{
  CLI_COLOR_AUTO,
  CLI_COLOR_ALWAYS,
  CLI_COLOR_NEVER,
} CliColor;

gboolean cli_color_parse (const char *option, const char *value, guint *color, GError **error);
/* Whether what is written to @fd should be coloured: NO_COLOR and TERM=dumb are respected. */
gboolean cli_color_applies (CliColor color, int fd);
/* A reporter for people that writes to @fd: a terminal gets a progress line. */
DagschedTerminalReporter *cli_terminal_reporter_new (int fd, CliColor color);

G_END_DECLS
