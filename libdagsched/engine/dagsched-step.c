/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/dagsched-step-private.h"

#include "engine/dagsched-atomic-private.h"

/* Of the process, unlike everything else: who debugs it wants all of it. */
static _Atomic (DagschedStepFunc) hook;
static _Atomic (gpointer) hook_data;

void
dagsched_step_set_hook (DagschedStepFunc func, gpointer user_data)
{
  if (func != NULL)
    dagsched_store_relaxed (&hook_data, user_data);
  dagsched_store_release (&hook, func);
}

void
dagsched_step_reach (DagschedStep step)
{
  DagschedStepFunc func = dagsched_load_acquire (&hook);

  if (func != NULL)
    func (dagsched_load_relaxed (&hook_data), step);
}
