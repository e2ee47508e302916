/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "executor/dagsched-executor-private.h"

G_DEFINE_INTERFACE (DagschedExecutor, dagsched_executor, G_TYPE_OBJECT)

static void
dagsched_executor_default_init (DagschedExecutorInterface *iface)
{
}

const DagschedExecutorFuncs *
dagsched_executor_get_funcs (DagschedExecutor *self)
{
  return &DAGSCHED_EXECUTOR_GET_IFACE (self)->funcs;
}
