/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "run-history.h"

DagschedHistory *
run_history_apply (DagschedGraph *graph, GError **error)
{
  g_autoptr (DagschedHistory) history = dagsched_history_open (NULL, error);

  if (history == NULL || !dagsched_history_apply (history, graph, error))
    return NULL;

  return g_steal_pointer (&history);
}
