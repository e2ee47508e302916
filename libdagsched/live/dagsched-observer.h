/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(DAGSCHED_INSIDE) && !defined(DAGSCHED_COMPILATION)
#error "Only <dagsched.h> can be included directly."
#endif

#include "run/dagsched-run.h"

G_BEGIN_DECLS

#define DAGSCHED_TYPE_OBSERVER (dagsched_observer_get_type ())

/* A run in another process, seen: a DagschedRun. */
DAGSCHED_AVAILABLE_IN_1_0
G_DECLARE_FINAL_TYPE (DagschedObserver, dagsched_observer, DAGSCHED, OBSERVER, GObject)

DAGSCHED_AVAILABLE_IN_1_0
void dagsched_observer_connect_async (const char *address,
                                      GCancellable *cancellable,
                                      GAsyncReadyCallback callback,
                                      gpointer user_data);
DAGSCHED_AVAILABLE_IN_1_0
DagschedObserver *dagsched_observer_connect_finish (GAsyncResult *result, GError **error);
DAGSCHED_AVAILABLE_IN_1_0
const char *dagsched_observer_get_path (DagschedObserver *self);
DAGSCHED_AVAILABLE_IN_1_0
const char *dagsched_observer_get_log_path (DagschedObserver *self);
DAGSCHED_AVAILABLE_IN_1_0
int dagsched_observer_get_pid (DagschedObserver *self);
DAGSCHED_AVAILABLE_IN_1_0
gboolean dagsched_observer_get_connected (DagschedObserver *self);
DAGSCHED_AVAILABLE_IN_1_0
void dagsched_observer_close (DagschedObserver *self);

G_END_DECLS
