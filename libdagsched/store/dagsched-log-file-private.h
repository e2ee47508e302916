/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The file of a run log that is being written: lines are appended, one write() each. While it is
 * open it is locked (flock), so that no other run takes it for its own. Not thread-safe but for
 * dagsched_log_file_read_line(): the writer has the lock. */
typedef struct _DagschedLogFile DagschedLogFile;

/* Opens @path, or creates it. What is there is kept until dagsched_log_file_begin(). Fails with
 * DAGSCHED_ERROR_LOG where it can't be written, is not a run log, or belongs to a run that goes on. */
DagschedLogFile *dagsched_log_file_open (const char *path, GError **error);
/* The log of a run that goes on: a new file beside @path, which must be a run log and whose place it takes with
 * dagsched_log_file_put_in_place(). Until then both are locked, and @path stays as it is. */
DagschedLogFile *dagsched_log_file_open_beside (const char *path, GError **error);
/* A new file in @directory, of which the newest @n_kept are kept; it gets its name when it begins. */
DagschedLogFile *dagsched_log_file_open_in (const char *directory, guint n_kept, GError **error);
/* $XDG_STATE_HOME/dagsched/runs. Free it. */
char *dagsched_log_file_dup_default_directory (void);

/* Empties it and, if it is in a directory of logs, names it by the time of day and @suite. */
gboolean dagsched_log_file_begin (DagschedLogFile *self, const char *suite, GError **error);
/* Of a file that is not beside another, nothing. */
gboolean dagsched_log_file_put_in_place (DagschedLogFile *self, GError **error);
/* Appends whole lines. *@offset: (nullable) where they are. After a failure the next lines are
 * tried all the same (there may be room for a short one), after a newline if half a line is there. */
gboolean dagsched_log_file_append (DagschedLogFile *self,
                                   const char *lines,
                                   gsize length,
                                   gint64 *offset,
                                   GError **error);
/* The line at @offset without its newline; NULL if there is none. Any thread. */
GBytes *dagsched_log_file_read_line (DagschedLogFile *self, gint64 offset);
/* Whether what was written can be read back. */
gboolean dagsched_log_file_is_regular (DagschedLogFile *self);
const char *dagsched_log_file_get_path (DagschedLogFile *self);

/* Lets others have the file; nothing more is written to it. */
void dagsched_log_file_unlock (DagschedLogFile *self);
/* Removes it if it was created, and never begun. */
void dagsched_log_file_free (DagschedLogFile *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DagschedLogFile, dagsched_log_file_free)

/* Of a directory of logs: removes all but the newest @n_kept that are no longer being written. */
void dagsched_log_directory_prune (const char *directory, guint n_kept);

G_END_DECLS
