/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/dagsched-tracker-private.h"

/* Found before anything is counted down, or a test would be found and counted down as well. In memory of
 * their number: there can be as many as there are tests, and the run has better things to do than to grow
 * lists. */
static void
collect_roots (DagschedTracker *self)
{
  guint n = 0;

  for (guint32 i = 0; i < self->view->n_tests; i++)
    n += dagsched_load_relaxed (&self->cells[i].pending) == 0;
  self->roots = (DagschedNumberList){ .numbers = g_new (guint32, MAX (n, 1)), .allocated = MAX (n, 1) };
  for (guint32 i = 0; i < self->view->n_tests; i++)
    {
      if (dagsched_load_relaxed (&self->cells[i].pending) == 0)
        dagsched_number_list_push (&self->roots, i);
    }
}

static void
take_one (DagschedTracker *self, const DagschedEarlierTest *earlier)
{
  DagschedCell *cell = &self->cells[earlier->test];

  cell->why = DAGSCHED_WHY_EARLIER;
  cell->outcome = earlier->outcome;
  cell->flags = earlier->flags;
  dagsched_store_relaxed (&cell->pending, 0);
  dagsched_store_relaxed (&cell->doubt, 1);
  dagsched_store_relaxed (&cell->claim, earlier->last->attempt);
  dagsched_tracker_set_last_attempt (self, earlier->test, earlier->last);
}

void
dagsched_tracker_take (DagschedTracker *self, const DagschedEarlierTest *tests, guint n_tests)
{
  DagschedNumberList others = { 0 };

  for (guint i = 0; i < n_tests; i++)
    take_one (self, &tests[i]);
  dagsched_number_list_clear (&self->roots);
  collect_roots (self);

  for (guint i = 0; i < self->roots.length; i++)
    {
      if (self->cells[self->roots.numbers[i]].why != DAGSCHED_WHY_EARLIER)
        dagsched_number_list_push (&others, self->roots.numbers[i]);
    }
  self->roots.length = 0;
  for (guint i = 0; i < n_tests; i++)
    dagsched_number_list_push (&self->roots, tests[i].test);
  for (guint i = 0; i < others.length; i++)
    dagsched_number_list_push (&self->roots, others.numbers[i]);
  dagsched_number_list_clear (&others);
}

void
dagsched_tracker_init (DagschedTracker *self, const DagschedPlanView *view)
{
  self->view = view;
  self->cells = dagsched_large_new (view->n_tests, sizeof (DagschedCell));
  self->n_holders = view->n_holders != NULL ? g_new (_Atomic gint32, view->n_tests) : NULL;
  self->holds_nothing = view->n_holders != NULL ? g_new0 (guint8, view->n_tests) : NULL;
  atomic_init (&self->links, NULL);
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
      atomic_init (&cell->pending, cell->why != DAGSCHED_WHY_NONE
                                     ? 0
                                     : view->first_dependency[i + 1] - view->first_dependency[i]);
      atomic_init (&cell->doubt, cell->why != DAGSCHED_WHY_NONE ||
                                   (view->cleanup_of != NULL && view->cleanup_of[i] != DAGSCHED_NO_TEST));
      if (view->n_holders != NULL)
        atomic_init (&self->n_holders[i], view->n_holders[i]);
    }
  collect_roots (self);
}

void
dagsched_tracker_clear (DagschedTracker *self)
{
  g_clear_pointer (&self->cells, dagsched_large_free);
  g_clear_pointer (&self->n_holders, g_free);
  g_clear_pointer (&self->holds_nothing, g_free);
  g_free (atomic_load (&self->links));
  dagsched_number_list_clear (&self->roots);
}

void
dagsched_scratch_clear (DagschedScratch *self)
{
  dagsched_number_list_clear (&self->stack);
  dagsched_number_list_clear (&self->ready);
}

/* Links. */

/* Many runs need none: the first who does makes them. */
static DagschedLink *
ensure_links (DagschedTracker *self)
{
  DagschedLink *links = dagsched_load_acquire (&self->links);
  DagschedLink *fresh;

  if (links != NULL)
    return links;

  fresh = g_new0 (DagschedLink, self->view->n_tests);
  if (atomic_compare_exchange_strong (&self->links, &links, fresh))
    return fresh;

  g_free (fresh);
  return links;
}

static guintptr
load_link (DagschedTracker *self, guint32 test)
{
  DagschedLink *links = dagsched_load_acquire (&self->links);

  return links != NULL ? dagsched_load_acquire (&links[test]) : 0;
}

guint32
dagsched_tracker_get_blocked_by (DagschedTracker *self, guint32 test)
{
  guintptr link = load_link (self, test);

  return link & 1 ? (guint32) (link >> 1) : DAGSCHED_NO_TEST;
}

const DagschedAttemptRecord *
dagsched_tracker_get_last_attempt (DagschedTracker *self, guint32 test)
{
  guintptr link = load_link (self, test);

  return link & 1 ? NULL : (const DagschedAttemptRecord *) link;
}

void
dagsched_tracker_set_last_attempt (DagschedTracker *self, guint32 test, const DagschedAttemptRecord *record)
{
  dagsched_store_release (&ensure_links (self)[test], (guintptr) record);
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
          !(dagsched_tracker_conditions_of (self->cells[dependency].outcome) & 1u << condition))
        return dependency;
    }

  return DAGSCHED_NO_TEST;
}

static gboolean
has_something_to_clean (DagschedTracker *self, guint32 test)
{
  guint32 fixture = self->view->cleanup_of != NULL ? self->view->cleanup_of[test] : DAGSCHED_NO_TEST;

  return fixture != DAGSCHED_NO_TEST && dagsched_cell_get_n_attempts (&self->cells[fixture]) > 0;
}

gboolean
dagsched_tracker_may_clean (DagschedTracker *self, guint32 test)
{
  return dagsched_load_relaxed (&self->closing) != DAGSCHED_CLOSING_KILL &&
         has_something_to_clean (self, test);
}

/* What follows from it is the caller's to do. */
static void
settle_as_earlier (DagschedTracker *self, DagschedScratch *scratch, guint32 test)
{
  const DagschedCell *cell = &self->cells[test];

  dagsched_tracker_set_outcome (self, scratch, test, cell->outcome, cell->flags, DAGSCHED_WHY_NONE);
  dagsched_number_list_push (&scratch->stack, test);
}

/* An outcome without an attempt: likewise. */
static void
settle (DagschedTracker *self,
        DagschedScratch *scratch,
        guint32 test,
        DagschedOutcome outcome,
        DagschedWhy why)
{
  dagsched_tracker_set_outcome (self, scratch, test, outcome, 0, why);
  dagsched_number_list_push (&scratch->stack, test);
}

static gboolean
settle_if_unmet (DagschedTracker *self,
                 DagschedScratch *scratch,
                 guint32 test,
                 DagschedCondition condition,
                 DagschedOutcome outcome,
                 DagschedWhy why)
{
  guint32 unmet = find_unmet (self, test, condition);

  if (unmet == DAGSCHED_NO_TEST)
    return FALSE;

  dagsched_store_release (&ensure_links (self)[test], (guintptr) unmet << 1 | 1);
  settle (self, scratch, test, outcome, why);
  return TRUE;
}

/* BLOCKED beats "not needed"; both are decided by the first dependency that says so. */
static gboolean
resolve_doubt (DagschedTracker *self, DagschedScratch *scratch, guint32 test)
{
  return settle_if_unmet (self, scratch, test, DAGSCHED_CONDITION_SUCCESS, DAGSCHED_OUTCOME_BLOCKED,
                          DAGSCHED_WHY_BLOCKED) ||
         settle_if_unmet (self, scratch, test, DAGSCHED_CONDITION_FAILURE, DAGSCHED_OUTCOME_SKIPPED,
                          DAGSCHED_WHY_NOT_NEEDED);
}

static gboolean
resolve_cleanup (DagschedTracker *self, DagschedScratch *scratch, guint32 test)
{
  const DagschedPlanView *view = self->view;

  if (view->cleanup_of == NULL || view->cleanup_of[test] == DAGSCHED_NO_TEST ||
      has_something_to_clean (self, test))
    return FALSE;

  settle (self, scratch, test, DAGSCHED_OUTCOME_SKIPPED, DAGSCHED_WHY_FIXTURE_NOT_RUN);
  return TRUE;
}

void
dagsched_tracker_resolve (DagschedTracker *self, DagschedScratch *scratch, guint32 test)
{
  const DagschedCell *cell = &self->cells[test];

  if (cell->why == DAGSCHED_WHY_DEFECT)
    settle (self, scratch, test, DAGSCHED_OUTCOME_ERRORED, DAGSCHED_WHY_DEFECT);
  else if (cell->why == DAGSCHED_WHY_DISABLED)
    settle (self, scratch, test, DAGSCHED_OUTCOME_SKIPPED, DAGSCHED_WHY_DISABLED);
  else if (cell->why == DAGSCHED_WHY_EARLIER)
    settle_as_earlier (self, scratch, test);
  else if (dagsched_load_relaxed (&cell->doubt) && resolve_doubt (self, scratch, test))
    return;
  else if (resolve_cleanup (self, scratch, test))
    return;
  else if (!dagsched_tracker_may_start (self, test))
    settle (self, scratch, test, DAGSCHED_OUTCOME_CANCELLED, DAGSCHED_WHY_CANCELLED);
  else
    dagsched_number_list_push (&scratch->ready, test);
}

void
dagsched_tracker_cascade (DagschedTracker *self,
                          DagschedScratch *scratch,
                          DagschedFinishedFunc finished,
                          gpointer user_data)
{
  while (scratch->stack.length > 0)
    {
      guint32 test = scratch->stack.numbers[--scratch->stack.length];

      finished (user_data, test);
      dagsched_tracker_count_down (self, scratch, test, self->cells[test].outcome);
    }
}

void
dagsched_tracker_start (DagschedTracker *self,
                        DagschedScratch *scratch,
                        DagschedFinishedFunc finished,
                        gpointer user_data)
{
  guint n_ready = 0;

  for (guint i = 0; i < self->roots.length; i++)
    {
      guint32 root = self->roots.numbers[i];
      guint before = scratch->ready.length;

      dagsched_tracker_resolve (self, scratch, root);
      if (scratch->ready.length > before)
        {
          scratch->ready.length = before;
          self->roots.numbers[n_ready++] = root;
        }
      else
        dagsched_tracker_cascade (self, scratch, finished, user_data);
    }
  self->roots.length = n_ready;
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
  dagsched_tracker_set_outcome (self, scratch, test, outcome, flags, why);
  finished (user_data, test);
  dagsched_tracker_count_down (self, scratch, test, outcome);
  dagsched_tracker_cascade (self, scratch, finished, user_data);
}

gboolean
dagsched_tracker_tell (DagschedTracker *self, DagschedScratch *scratch)
{
  guint32 n = scratch->n_finished;

  scratch->n_finished = 0;
  if (n == 0)
    return atomic_load (&self->n_unfinished) == 0;

  return atomic_fetch_sub (&self->n_unfinished, n) == n;
}
