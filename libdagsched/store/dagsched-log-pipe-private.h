/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Writes lines to a descriptor by a thread of its own: who pushes never waits. What a slow reader
 * has not taken stays in memory; a reader that is gone ends the writing, without an error. */
typedef struct _DagschedLogPipe DagschedLogPipe;

/* @fd is duplicated. */
DagschedLogPipe *dagsched_log_pipe_new (int fd, GError **error);
/* Any thread, several at once. */
void dagsched_log_pipe_push (DagschedLogPipe *self, const char *lines, gsize length);
/* Waits until all is written; FALSE if it could not be. Nothing may be pushed after it. */
gboolean dagsched_log_pipe_close (DagschedLogPipe *self, GError **error);
/* Does not wait: what remains is written while the process lives. */
void dagsched_log_pipe_free (DagschedLogPipe *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DagschedLogPipe, dagsched_log_pipe_free)

G_END_DECLS
