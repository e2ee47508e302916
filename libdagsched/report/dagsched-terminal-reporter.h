/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(DAGSCHED_INSIDE) && !defined(DAGSCHED_COMPILATION)
#error "Only <dagsched.h> can be included directly."
#endif

#include "report/dagsched-reporter.h"

G_BEGIN_DECLS

#define DAGSCHED_TYPE_TERMINAL_REPORTER (dagsched_terminal_reporter_get_type ())

/* Tells people of a run, on a terminal or in plain lines. Implements DagschedReporter. */
DAGSCHED_AVAILABLE_IN_1_0
G_DECLARE_FINAL_TYPE (DagschedTerminalReporter,
                      dagsched_terminal_reporter,
                      DAGSCHED,
                      TERMINAL_REPORTER,
                      GObject)

/**
 * DagschedTerminalSizeFunc:
 * @columns: (out): how many columns the terminal has; 0: not known
 * @rows: (out): how many rows the terminal has; 0: not known
 * @user_data: data given with the function
 *
 * Asks for the size of a terminal, before each time that something is painted.
 *
 * Returns: whether it may be painted on; %FALSE: it is another program's just now, and there are plain lines only
 *
 * Since: 1.0
 */
typedef gboolean (*DagschedTerminalSizeFunc) (guint *columns, guint *rows, gpointer user_data);

DAGSCHED_AVAILABLE_IN_1_0
DagschedTerminalReporter *dagsched_terminal_reporter_new (GOutputStream *stream);
DAGSCHED_AVAILABLE_IN_1_0
void dagsched_terminal_reporter_set_interactive (DagschedTerminalReporter *self, gboolean interactive);
DAGSCHED_AVAILABLE_IN_1_0
void dagsched_terminal_reporter_set_color (DagschedTerminalReporter *self, gboolean color);
DAGSCHED_AVAILABLE_IN_1_0
void dagsched_terminal_reporter_set_unicode (DagschedTerminalReporter *self, gboolean unicode);
DAGSCHED_AVAILABLE_IN_1_0
void dagsched_terminal_reporter_set_verbosity (DagschedTerminalReporter *self, int verbosity);
DAGSCHED_AVAILABLE_IN_1_0
void dagsched_terminal_reporter_set_output_on_failure (DagschedTerminalReporter *self,
                                                       gboolean output_on_failure);
DAGSCHED_AVAILABLE_IN_1_0
void dagsched_terminal_reporter_set_rerun_command (DagschedTerminalReporter *self, const char *command);
DAGSCHED_AVAILABLE_IN_1_0
void dagsched_terminal_reporter_set_size_func (DagschedTerminalReporter *self,
                                               DagschedTerminalSizeFunc func,
                                               gpointer user_data,
                                               GDestroyNotify notify);
DAGSCHED_AVAILABLE_IN_1_0
void dagsched_terminal_reporter_note (DagschedTerminalReporter *self, const char *text);

G_END_DECLS
