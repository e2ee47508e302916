/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/dagsched-tracker-private.h"

void
dagsched_tracker_init (DagschedTracker *self, const DagschedPlanView *view)
{
  self->view = view;
  self->cells = g_new0 (DagschedCell, MAX (view->n_tests, 1));
  atomic_init (&self->n_unfinished, view->n_tests);
  atomic_init (&self->closing, 0);
  for (guint32 i = 0; i < view->n_tests; i++)
    {
      DagschedCell *cell = &self->cells[i];

      if (dagsched_test_get_defect (view->tests[i]) != NULL)
        cell->why = DAGSCHED_WHY_DEFECT;
      else if (dagsched_test_get_disabled (view->tests[i]) != NULL)
        cell->why = DAGSCHED_WHY_DISABLED;
      /* What is finished before the run waits for nothing: its counter goes below zero when its
       * dependencies finish, so it is never resolved a second time. */
      atomic_init (&cell->pending, cell->why != DAGSCHED_WHY_NONE ? 0 : view->n_dependencies[i]);
      cell->blocked_by = DAGSCHED_NO_TEST;
      if (view->n_holders != NULL)
        atomic_init (&cell->n_holders, view->n_holders[i]);
    }
}

void
dagsched_tracker_clear (DagschedTracker *self)
{
  g_clear_pointer (&self->cells, g_free);
}

void
dagsched_scratch_init (DagschedScratch *self)
{
  self->stack = g_array_new (FALSE, FALSE, sizeof (guint32));
  self->ready = g_array_new (FALSE, FALSE, sizeof (guint32));
}

void
dagsched_scratch_clear (DagschedScratch *self)
{
  g_clear_pointer (&self->stack, g_array_unref);
  g_clear_pointer (&self->ready, g_array_unref);
}

static gboolean
condition_holds (DagschedCondition condition, DagschedOutcome outcome)
{
  switch (condition)
    {
    case DAGSCHED_CONDITION_SUCCESS:
      return dagsched_outcome_is_success (outcome);
    case DAGSCHED_CONDITION_FAILURE:
      return dagsched_outcome_is_failure (outcome);
    case DAGSCHED_CONDITION_ALWAYS:
    default:
      return TRUE;
    }
}

/* The first dependency, in the order of declaration, whose @condition did not hold. */
static guint32
find_unmet (DagschedTracker *self, guint32 test, DagschedCondition condition)
{
  const DagschedPlanView *view = self->view;

  for (guint32 i = view->first_dependency[test]; i < view->first_dependency[test + 1]; i++)
    {
      guint32 dependency = DAGSCHED_DEPENDENT_NUMBER (view->dependencies[i]);

      if (DAGSCHED_DEPENDENT_CONDITION (view->dependencies[i]) == condition &&
          !condition_holds (condition, self->cells[dependency].outcome))
        return dependency;
    }

  return DAGSCHED_NO_TEST;
}

static void
set_outcome (DagschedTracker *self,
             DagschedScratch *scratch,
             guint32 test,
             DagschedOutcome outcome,
             DagschedFlags flags,
             DagschedWhy why)
{
  DagschedCell *cell = &self->cells[test];

  g_assert (dagsched_load_relaxed (&cell->state) != DAGSCHED_STATE_FINISHED);
  cell->outcome = outcome;
  cell->flags = flags;
  cell->why = why;
  dagsched_store_release (&cell->state, DAGSCHED_STATE_FINISHED);
  g_array_append_val (scratch->stack, test);
}

static gboolean
has_something_to_clean (DagschedTracker *self, guint32 test)
{
  guint32 fixture = self->view->cleanup_of != NULL ? self->view->cleanup_of[test] : DAGSCHED_NO_TEST;

  return fixture != DAGSCHED_NO_TEST && self->cells[fixture].n_attempts > 0;
}

gboolean
dagsched_tracker_may_start (DagschedTracker *self, guint32 test)
{
  switch ((DagschedClosing) dagsched_load_relaxed (&self->closing))
    {
    case DAGSCHED_CLOSING_NO:
      return TRUE;
    case DAGSCHED_CLOSING_SOFT:
    case DAGSCHED_CLOSING_STOP:
      return has_something_to_clean (self, test);
    case DAGSCHED_CLOSING_KILL:
    default:
      return FALSE;
    }
}

/* BLOCKED beats "not needed"; both are decided by the first dependency that says so. */
static gboolean
resolve_doubt (DagschedTracker *self, DagschedScratch *scratch, guint32 test)
{
  DagschedCell *cell = &self->cells[test];

  cell->blocked_by = find_unmet (self, test, DAGSCHED_CONDITION_SUCCESS);
  if (cell->blocked_by != DAGSCHED_NO_TEST)
    {
      set_outcome (self, scratch, test, DAGSCHED_OUTCOME_BLOCKED, 0, DAGSCHED_WHY_BLOCKED);
      return TRUE;
    }
  cell->blocked_by = find_unmet (self, test, DAGSCHED_CONDITION_FAILURE);
  if (cell->blocked_by != DAGSCHED_NO_TEST)
    {
      set_outcome (self, scratch, test, DAGSCHED_OUTCOME_SKIPPED, 0, DAGSCHED_WHY_NOT_NEEDED);
      return TRUE;
    }

  return FALSE;
}

static gboolean
resolve_cleanup (DagschedTracker *self, DagschedScratch *scratch, guint32 test)
{
  const DagschedPlanView *view = self->view;

  if (view->cleanup_of == NULL || view->cleanup_of[test] == DAGSCHED_NO_TEST ||
      has_something_to_clean (self, test))
    return FALSE;

  set_outcome (self, scratch, test, DAGSCHED_OUTCOME_SKIPPED, 0, DAGSCHED_WHY_FIXTURE_NOT_RUN);
  return TRUE;
}

/* All dependencies of @test have finished. */
static void
resolve (DagschedTracker *self, DagschedScratch *scratch, guint32 test)
{
  const DagschedCell *cell = &self->cells[test];

  if (cell->why == DAGSCHED_WHY_DEFECT)
    set_outcome (self, scratch, test, DAGSCHED_OUTCOME_ERRORED, 0, DAGSCHED_WHY_DEFECT);
  else if (cell->why == DAGSCHED_WHY_DISABLED)
    set_outcome (self, scratch, test, DAGSCHED_OUTCOME_SKIPPED, 0, DAGSCHED_WHY_DISABLED);
  else if (dagsched_load_relaxed (&cell->doubt) && resolve_doubt (self, scratch, test))
    return;
  else if (resolve_cleanup (self, scratch, test))
    return;
  else if (!dagsched_tracker_may_start (self, test))
    set_outcome (self, scratch, test, DAGSCHED_OUTCOME_CANCELLED, 0, DAGSCHED_WHY_CANCELLED);
  else
    g_array_append_val (scratch->ready, test);
}

static void
count_down (DagschedTracker *self, DagschedScratch *scratch, guint32 test)
{
  const DagschedPlanView *view = self->view;
  DagschedOutcome outcome = self->cells[test].outcome;

  for (guint32 i = view->first_dependent[test]; i < view->first_dependent[test + 1]; i++)
    {
      guint32 dependent = DAGSCHED_DEPENDENT_NUMBER (view->dependents[i]);
      DagschedCell *cell = &self->cells[dependent];

      if (!condition_holds (DAGSCHED_DEPENDENT_CONDITION (view->dependents[i]), outcome))
        dagsched_store_relaxed (&cell->doubt, 1);
      if (atomic_fetch_sub_explicit (&cell->pending, 1, memory_order_acq_rel) == 1)
        resolve (self, scratch, dependent);
    }
}

static void
cascade (DagschedTracker *self, DagschedScratch *scratch, DagschedFinishedFunc finished, gpointer user_data)
{
  while (scratch->stack->len > 0)
    {
      guint32 test = g_array_index (scratch->stack, guint32, scratch->stack->len - 1);

      g_array_set_size (scratch->stack, scratch->stack->len - 1);
      finished (user_data, test);
      count_down (self, scratch, test);
      atomic_fetch_sub_explicit (&self->n_unfinished, 1, memory_order_acq_rel);
    }
}

void
dagsched_tracker_start (DagschedTracker *self,
                        DagschedScratch *scratch,
                        DagschedFinishedFunc finished,
                        gpointer user_data)
{
  /* Found before anything is counted down, or a test would be found and counted down as well. */
  g_autoptr (GArray) roots = g_array_new (FALSE, FALSE, sizeof (guint32));

  for (guint32 i = 0; i < self->view->n_tests; i++)
    {
      if (dagsched_load_relaxed (&self->cells[i].pending) == 0)
        g_array_append_val (roots, i);
    }
  for (guint i = 0; i < roots->len; i++)
    {
      resolve (self, scratch, g_array_index (roots, guint32, i));
      cascade (self, scratch, finished, user_data);
    }
}

void
dagsched_tracker_finish (DagschedTracker *self,
                         DagschedScratch *scratch,
                         guint32 test,
                         DagschedOutcome outcome,
                         DagschedFlags flags,
                         DagschedWhy why,
                         DagschedFinishedFunc finished,
                         gpointer user_data)
{
  set_outcome (self, scratch, test, outcome, flags, why);
  cascade (self, scratch, finished, user_data);
}
