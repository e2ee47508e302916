/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

#include "engine/dagsched-engine-private.h"

G_BEGIN_DECLS

/* How attempts are carried out: an interface over the engine's vtable. Which executor serves a
 * test follows from DagschedProfile.kind; functions run on the engine's own worker threads. */

#define DAGSCHED_TYPE_EXECUTOR (dagsched_executor_get_type ())

G_DECLARE_INTERFACE (DagschedExecutor, dagsched_executor, DAGSCHED, EXECUTOR, GObject)

struct _DagschedExecutorInterface
{
  GTypeInterface parent_iface;

  DagschedExecutorFuncs funcs;
};

const DagschedExecutorFuncs *dagsched_executor_get_funcs (DagschedExecutor *self);

G_END_DECLS
