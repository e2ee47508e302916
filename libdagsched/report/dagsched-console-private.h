/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "report/dagsched-sink-private.h"
#include "report/dagsched-terminal-reporter.h"

G_BEGIN_DECLS

/* A terminal as a roll of lines that stay, with a few lines below them that are painted over. What
 * is no terminal has only lines that stay. */
typedef struct _DagschedConsole DagschedConsole;

DagschedConsole *dagsched_console_new (GOutputStream *stream, gboolean interactive);
void
dagsched_console_set_size_func (DagschedConsole *self, DagschedTerminalSizeFunc func, gpointer user_data);
/* What it is now; 80 × 24 where it is not known. FALSE: it is not ours to paint on. */
gboolean dagsched_console_get_size (DagschedConsole *self, guint *columns, guint *rows);
/* Lines that stay. On a terminal they appear with the next paint() or flush(). */
void dagsched_console_print (DagschedConsole *self, const GString *lines);
gboolean dagsched_console_has_news (DagschedConsole *self);
/* @lines (nullable), of char *: replace those that were painted last; each fits the columns. */
void dagsched_console_paint (DagschedConsole *self, GPtrArray *lines);
/* Takes away what was painted, and writes what was printed. */
void dagsched_console_flush (DagschedConsole *self);
gboolean dagsched_console_is_dead (DagschedConsole *self);
gboolean dagsched_console_close (DagschedConsole *self, GError **error);
void dagsched_console_free (DagschedConsole *self);

G_END_DECLS
