/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a test waits for, in words. */
#include "engine/dagsched-admission-private.h"
#include "engine/dagsched-engine-types-private.h"

/* DAGSCHED_NO_TEST: none is unfinished. */
static guint32
find_unfinished_dependency (DagschedEngine *engine, guint32 test)
{
  const DagschedPlanView *view = engine->view;

  for (guint32 i = view->first_dependency[test]; i < view->first_dependency[test + 1]; i++)
    {
      guint32 dependency = DAGSCHED_DEPENDENT_NUMBER (view->dependencies[i]);

      if (dagsched_engine_get_state (engine, dependency) != DAGSCHED_STATE_FINISHED)
        return dependency;
    }

  return DAGSCHED_NO_TEST;
}

char *
dagsched_engine_dup_obstacle (DagschedEngine *engine, guint32 test)
{
  guint32 dependency = find_unfinished_dependency (engine, test);
  char *obstacle = NULL;

  if (dependency != DAGSCHED_NO_TEST)
    return g_strdup (dagsched_test_get_name (engine->view->tests[dependency]));
  if (dagsched_engine_get_state (engine, test) == DAGSCHED_STATE_PENDING)
    return g_strdup ("a dependency that is not in the plan");
  if (dagsched_engine_is_paused (engine))
    return g_strdup ("the end of the pause");
  if (dagsched_deadlines_has (engine->deadlines, DAGSCHED_DEADLINE_RETRY, test))
    return g_strdup ("the delay before its next attempt");

  if (engine->ordered)
    {
      g_mutex_lock (&engine->lock);
      obstacle = dagsched_admission_dup_obstacle (engine->admission, test);
      g_mutex_unlock (&engine->lock);
    }
  return obstacle != NULL ? obstacle : g_strdup ("a worker");
}
