/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* One sub-command. main() gets an argument vector whose first element is the command's name, and
 * returns the exit status. */
typedef struct
{
  const char *name;
  const char *summary;
  int (*main) (char **argv);
} CliCommand;

int command_run_main (char **argv);
int command_list_main (char **argv);
int command_check_main (char **argv);
int command_graph_main (char **argv);
int command_monitor_main (char **argv);
int command_convert_main (char **argv);

G_END_DECLS
