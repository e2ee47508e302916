/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "live-run.h"

struct _LiveRun
{
  DagschedScheduler *scheduler;
  gboolean has_ended;

  GMutex lock;
  GCond changed;
  guint n_released; /* protected by @lock, as all below */
  guint n_passed;
  guint fail_every;
};

static DagschedOutcome
wait_for_release (DagschedFuncTest *test, GCancellable *cancellable, gpointer data, GError **error)
{
  LiveRun *self = data;
  gboolean fails;

  g_mutex_lock (&self->lock);
  while (self->n_passed >= self->n_released)
    g_cond_wait (&self->changed, &self->lock);
  self->n_passed++;
  fails = self->fail_every > 0 && self->n_passed % self->fail_every == 0;
  g_mutex_unlock (&self->lock);

  return fails ? DAGSCHED_OUTCOME_FAILED : DAGSCHED_OUTCOME_PASSED;
}

static DagschedGraph *
create_graph (LiveRun *self, guint n_tests, guint n_chained)
{
  DagschedGraph *graph = dagsched_graph_new ("live");
  g_autoptr (DagschedTest) last = NULL;
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < n_tests; i++)
    {
      g_autofree char *name = g_strdup_printf ("live/%u", i);
      g_autoptr (DagschedTest) test =
        DAGSCHED_TEST (dagsched_func_test_new (name, wait_for_release, self, NULL));

      dagsched_graph_add_test (graph, test, &error);
      g_assert_no_error (error);
      if (last != NULL && i < n_chained)
        dagsched_graph_add_dependency (graph, test, last, DAGSCHED_CONDITION_ALWAYS, &error);
      g_assert_no_error (error);
      g_set_object (&last, test);
    }

  return graph;
}

LiveRun *
live_run_new (guint n_tests, guint n_chained, guint n_workers)
{
  LiveRun *self = g_new0 (LiveRun, 1);
  g_autoptr (DagschedGraph) graph = create_graph (self, n_tests, n_chained);
  g_autoptr (DagschedOptions) options = dagsched_options_new ();

  g_mutex_init (&self->lock);
  g_cond_init (&self->changed);
  g_object_set (options, "n-workers", n_workers, NULL);
  self->scheduler = dagsched_scheduler_new (graph, options);

  return self;
}

static void
on_ended (GObject *source, GAsyncResult *result, gpointer data)
{
  LiveRun *self = data;
  g_autoptr (GError) error = NULL;

  dagsched_scheduler_run_finish (DAGSCHED_SCHEDULER (source), result, &error);
  g_assert_no_error (error);
  self->has_ended = TRUE;
}

void
live_run_start (LiveRun *self)
{
  dagsched_scheduler_run_async (self->scheduler, NULL, on_ended, self);
}

DagschedRun *
live_run_get_run (LiveRun *self)
{
  return DAGSCHED_RUN (self->scheduler);
}

void
live_run_release (LiveRun *self, guint n, guint fail_every)
{
  g_mutex_lock (&self->lock);
  self->n_released += MIN (n, G_MAXUINT - self->n_released);
  self->fail_every = fail_every;
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);
}

void
live_run_release_all (LiveRun *self)
{
  live_run_release (self, G_MAXUINT, self->fail_every);
}

gboolean
live_run_has_ended (LiveRun *self)
{
  return self->has_ended;
}

void
live_run_free (LiveRun *self)
{
  live_run_release_all (self);
  while (dagsched_run_get_started_at (DAGSCHED_RUN (self->scheduler)) != 0 && !self->has_ended)
    g_main_context_iteration (NULL, TRUE);
  g_object_unref (self->scheduler);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->changed);
  g_free (self);
}
