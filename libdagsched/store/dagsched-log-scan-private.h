/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "store/dagsched-log-parse-private.h"

G_BEGIN_DECLS

/* Reads the lines that make up a log as our own writer writes them: those of tests and of events. FALSE
 * if it is any other line, or has anything that the writer does not write or that is rare: @line is then
 * clear, and json-glib is to read it. What it reads is what json-glib would read. */
gboolean dagsched_log_scan_line (const char *data, gsize length, DagschedLogLine *line);

G_END_DECLS
