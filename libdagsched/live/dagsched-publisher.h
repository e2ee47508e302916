/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(DAGSCHED_INSIDE) && !defined(DAGSCHED_COMPILATION)
#error "Only <dagsched.h> can be included directly."
#endif

#include "run/dagsched-run.h"

G_BEGIN_DECLS

#define DAGSCHED_TYPE_PUBLISHER (dagsched_publisher_get_type ())

/* Lets other processes of this user watch a run: see DagschedObserver. Model thread of the run. */
DAGSCHED_AVAILABLE_IN_1_0
G_DECLARE_FINAL_TYPE (DagschedPublisher, dagsched_publisher, DAGSCHED, PUBLISHER, GObject)

DAGSCHED_AVAILABLE_IN_1_0
DagschedPublisher *dagsched_publisher_new (DagschedRun *run, const char *log_path, GError **error);
DAGSCHED_AVAILABLE_IN_1_0
DagschedRun *dagsched_publisher_get_run (DagschedPublisher *self);
DAGSCHED_AVAILABLE_IN_1_0
const char *dagsched_publisher_get_path (DagschedPublisher *self);
DAGSCHED_AVAILABLE_IN_1_0
void dagsched_publisher_close (DagschedPublisher *self);

G_END_DECLS
