/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <dagsched.h>

G_BEGIN_DECLS

/* What a window shows: a suite that can be run, again and again; the log of a run; or a run in another process.
 *
 * Properties: "run" (DagschedRun), "running" (boolean), "title", "subtitle". Signals: "problem" (message): something
 * that the run does without; "ended": a run that went on here has ended. */

#define MONITOR_TYPE_SESSION (monitor_session_get_type ())
G_DECLARE_FINAL_TYPE (MonitorSession, monitor_session, MONITOR, SESSION, GObject)

typedef enum
{
  MONITOR_SESSION_SUITE,
  MONITOR_SESSION_LOG,
  MONITOR_SESSION_LIVE,
} MonitorSessionKind;

/* A file is told by its content: the log of a run, or a suite of any source. */
void monitor_session_open_async (GFile *file,
                                 GSettings *settings,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data);
/* @address: of a run in another process: the path of its socket, or its process id. */
void monitor_session_attach_async (const char *address,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data);
/* Of either. */
MonitorSession *monitor_session_open_finish (GAsyncResult *result, GError **error);

/* Of a run that others have started. */
MonitorSession *monitor_session_new_live (DagschedRun *run);

MonitorSessionKind monitor_session_get_kind (MonitorSession *self);
GFile *monitor_session_get_file (MonitorSession *self); /* (nullable) */
DagschedRun *monitor_session_get_run (MonitorSession *self);
DagschedHistory *monitor_session_get_history (MonitorSession *self); /* (nullable) */
gboolean monitor_session_get_running (MonitorSession *self);

/* Of a suite: reads it again and runs it, all of it or the tests with those @names and what they need. */
void monitor_session_start (MonitorSession *self, GPtrArray *names);
/* The second time everything is ended at once. */
void monitor_session_stop (MonitorSession *self);

G_END_DECLS
