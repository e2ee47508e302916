/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* From the plan that the publisher sent to the objects that show it. */
#include "live/dagsched-observer-private.h"

#include <string.h>

#include "model/dagsched-command-test.h"
#include "model/dagsched-test-private.h"
#include "run/dagsched-worker-private.h"

static const char *
next_text (const char **texts)
{
  const char *text = *texts;

  *texts += strlen (text) + 1;
  return text;
}

typedef void (*SetWordsFunc) (DagschedTest *test, const char *const *words);

static void
set_words (DagschedTest *test, SetWordsFunc set, guint32 n, const char **texts)
{
  g_autofree const char **words = g_new (const char *, (gsize) n + 1);

  for (guint32 i = 0; i < n; i++)
    words[i] = next_text (texts);
  words[n] = NULL;
  set (test, words);
}

static DagschedTest *
make_test (guint32 number, const DagschedLivePlanTest *planned, const char **texts)
{
  DagschedTest *test = DAGSCHED_TEST (dagsched_command_test_new (next_text (texts), NULL));

  set_words (test, dagsched_test_set_suites, planned->n_suites, texts);
  set_words (test, dagsched_test_set_labels, planned->n_labels, texts);
  dagsched_test_set_weight (test, planned->weight);
  dagsched_test_set_expected_duration (test, planned->expected_duration);
  dagsched_test_set_repetition (test, planned->repetition);
  dagsched_test_set_number (test, number);
  return test;
}

static void
make_tests (DagschedObserver *self, const DagschedLivePlan *plan)
{
  const char *texts = plan->texts;

  self->n_tests = plan->header->n_tests;
  self->tests = g_new0 (DagschedTest *, MAX (self->n_tests, 1));
  self->first_dependency = g_new0 (guint32, self->n_tests + 1);
  for (guint32 i = 0; i < self->n_tests; i++)
    {
      self->tests[i] = make_test (i, &plan->tests[i], &texts);
      self->first_dependency[i + 1] = self->first_dependency[i] + plan->tests[i].n_dependencies;
    }

  g_list_store_splice (self->test_list, 0, 0, (gpointer *) self->tests, self->n_tests);
  for (guint32 i = 0; i < self->n_tests; i++)
    g_object_unref (self->tests[i]);
}

static void
make_edges (DagschedObserver *self, const DagschedLivePlan *plan)
{
  guint32 n = plan->header->n_dependencies;
  g_autofree guint32 *next = NULL;

  self->dependencies = g_memdup2 (plan->dependencies, n * sizeof (guint32));
  self->dependents = g_new (guint32, MAX (n, 1));
  self->first_dependent = g_new0 (guint32, self->n_tests + 1);
  for (guint32 i = 0; i < n; i++)
    self->first_dependent[DAGSCHED_LIVE_NUMBER (self->dependencies[i]) + 1]++;
  for (guint32 i = 0; i < self->n_tests; i++)
    self->first_dependent[i + 1] += self->first_dependent[i];

  next = g_memdup2 (self->first_dependent, (self->n_tests + 1) * sizeof (guint32));
  for (guint32 test = 0; test < self->n_tests; test++)
    {
      for (guint32 i = self->first_dependency[test]; i < self->first_dependency[test + 1]; i++)
        self->dependents[next[DAGSCHED_LIVE_NUMBER (self->dependencies[i])]++] = test;
    }
}

static void
make_workers (DagschedObserver *self, guint32 n_workers)
{
  self->n_workers = n_workers;
  self->workers = g_new0 (DagschedWorker *, MAX (n_workers, 1));
  for (guint32 i = 0; i < n_workers; i++)
    {
      g_autoptr (DagschedWorker) worker = dagsched_worker_new (i);

      g_list_store_append (self->worker_list, worker);
      self->workers[i] = worker;
    }
}

void
dagsched_observer_build (DagschedObserver *self, const DagschedLiveKnown *known, const DagschedLivePlan *plan)
{
  self->known = *known;
  self->known.name = g_strdup (known->name);
  self->known.log_path = g_strdup (known->log_path);
  self->started_at = known->started_at;

  make_tests (self, plan);
  make_edges (self, plan);
  make_workers (self, plan->header->n_workers);

  self->shown = g_new0 (DagschedObserverTest, MAX (self->n_tests, 1));
  for (guint32 i = 0; i < self->n_tests; i++)
    self->shown[i].worker = DAGSCHED_NO_WORKER;
  self->n_in_state[DAGSCHED_STATE_PENDING] = self->n_tests;
  self->n_with_outcome[DAGSCHED_OUTCOME_NONE] = self->n_tests;
}
