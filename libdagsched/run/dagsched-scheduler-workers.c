/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the model shows of the workers, in the model's thread. */
#include "run/dagsched-scheduler-private.h"

#define NS_PER_SECOND 1e9
#define SAMPLE_INTERVAL_NS (G_GINT64_CONSTANT (1000000000) / SAMPLES_PER_SECOND)
#define SAMPLES_PER_SECOND 10

typedef struct
{
  gint64 time_ns;
  gint64 busy_ns;
} Sample;

struct _DagschedShownWorker
{
  DagschedWorker *worker; /* not owned */
  DagschedTest *released; /* (nullable) not owned: its attempt has ended, which is not shown yet */
  Sample samples[SAMPLES_PER_SECOND + 1]; /* the newest first: more than a second of them */
};

void
dagsched_scheduler_create_workers (DagschedScheduler *self, guint n_workers)
{
  self->shown_workers = g_new0 (DagschedShownWorker, MAX (n_workers, 1));
  self->released = g_array_new (FALSE, FALSE, sizeof (guint));
  for (guint i = 0; i < n_workers; i++)
    {
      g_autoptr (DagschedWorker) worker = dagsched_worker_new (i);

      g_list_store_append (self->workers, worker);
      self->shown_workers[i].worker = worker;
    }
}

static guint
count_workers (DagschedScheduler *self)
{
  return g_list_model_get_n_items (G_LIST_MODEL (self->workers));
}

static void
set_test (DagschedScheduler *self, DagschedWorker *worker, DagschedTest *test)
{
  if (dagsched_worker_get_test (worker) == test)
    return;

  dagsched_worker_set_state (worker,
                             test != NULL ? DAGSCHED_WORKER_STATE_RUNNING : DAGSCHED_WORKER_STATE_PARKED,
                             test, self->shown_at);
  dagsched_run_emit_worker_changed (DAGSCHED_RUN (self), worker);
}

void
dagsched_scheduler_show_worker (DagschedScheduler *self, guint number, DagschedTest *test)
{
  DagschedShownWorker *shown;

  if (number >= count_workers (self))
    return;

  shown = &self->shown_workers[number];
  /* Another attempt of the same test is something else. */
  if (shown->released != NULL && shown->released == test)
    set_test (self, shown->worker, NULL);
  shown->released = NULL;
  set_test (self, shown->worker, test);
}

void
dagsched_scheduler_release_worker (DagschedScheduler *self, guint number, DagschedTest *test)
{
  DagschedShownWorker *shown;

  if (number >= count_workers (self))
    return;

  shown = &self->shown_workers[number];
  if (dagsched_worker_get_test (shown->worker) != test)
    return;

  shown->released = test;
  g_array_append_val (self->released, number);
}

void
dagsched_scheduler_show_released (DagschedScheduler *self)
{
  for (guint i = 0; i < self->released->len; i++)
    {
      guint number = g_array_index (self->released, guint, i);

      if (self->shown_workers[number].released != NULL)
        dagsched_scheduler_show_worker (self, number, NULL);
    }

  g_array_set_size (self->released, 0);
}

static void
sample_worker (DagschedScheduler *self, guint number, gint64 now)
{
  DagschedShownWorker *shown = &self->shown_workers[number];
  DagschedWorker *worker = shown->worker;
  const Sample *oldest = &shown->samples[SAMPLES_PER_SECOND];
  gint64 since_ns = now - oldest->time_ns;
  DagschedLaneView lane;

  dagsched_engine_look_at_lane (self->engine, number, &lane);
  if (lane.state != DAGSCHED_WORKER_STATE_RUNNING && dagsched_worker_get_test (worker) == NULL)
    dagsched_worker_set_state (worker, lane.state, NULL, now / NS_PER_SECOND);
  if (now > 0 && since_ns > 0)
    dagsched_worker_set_utilization (worker,
                                     CLAMP ((double) (lane.busy_ns - oldest->busy_ns) / since_ns, 0, 1),
                                     CLAMP ((double) lane.busy_ns / now, 0, 1));
  if (now - shown->samples[0].time_ns >= SAMPLE_INTERVAL_NS)
    {
      memmove (&shown->samples[1], &shown->samples[0], SAMPLES_PER_SECOND * sizeof shown->samples[0]);
      shown->samples[0] = (Sample){ .time_ns = now, .busy_ns = lane.busy_ns };
    }
}

void
dagsched_scheduler_sample_workers (DagschedScheduler *self, gboolean always)
{
  gint64 now = dagsched_engine_get_elapsed_ns (self->engine);

  if (!always && now - self->sampled_ns < SAMPLE_INTERVAL_NS)
    return;

  self->sampled_ns = now;
  for (guint i = 0; i < count_workers (self); i++)
    sample_worker (self, i, now);
}
