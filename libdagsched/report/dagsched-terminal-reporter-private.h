/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "report/dagsched-terminal-reporter.h"

G_BEGIN_DECLS

typedef gint64 (*DagschedClockFunc) (gpointer user_data);

/* For tests: the time (µs) comes from @clock, and nothing is painted but by tick(). */
void dagsched_terminal_reporter_set_clock (DagschedTerminalReporter *self,
                                           DagschedClockFunc clock,
                                           gpointer user_data);
/* Says and paints what is due. Returns when the next thing will be; G_MAXINT64: nothing. */
gint64 dagsched_terminal_reporter_tick (DagschedTerminalReporter *self);

G_END_DECLS
