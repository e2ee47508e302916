/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Nothing that is written to the terminal stops this process, in the background either. */
void job_control_ignore_terminal_stops (void);

/* Calls @func in the default main context when the user wants to have the process stopped (SIGTSTP, Ctrl-Z):
 * that does not happen by itself then. Once a process; not where the signal was ignored already. */
void job_control_watch (GSourceFunc func, gpointer data);
void job_control_unwatch (void);
/* Stops the process, and returns once it is continued: at once where it would be stopped for ever. */
void job_control_stop (void);

G_END_DECLS
