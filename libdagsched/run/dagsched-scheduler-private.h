/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "engine/dagsched-engine-private.h"
#include "executor/dagsched-executor-private.h"
#include "run/dagsched-earlier-private.h"
#include "run/dagsched-notifier-private.h"
#include "run/dagsched-options-private.h"
#include "run/dagsched-recorder-private.h"
#include "run/dagsched-run-private.h"
#include "run/dagsched-scheduler.h"
#include "run/dagsched-worker-private.h"

G_BEGIN_DECLS

/* The inside of a scheduler, for its own files. */

typedef struct
{
  const DagschedRecorderFuncs *funcs;
  gpointer data;
} DagschedRecorder;

typedef struct _DagschedShownWorker DagschedShownWorker;

struct _DagschedScheduler
{
  GObject parent_instance;

  /* Model thread only, unless it is said otherwise. */
  DagschedGraph *graph;
  DagschedOptions *options;
  DagschedPlan *plan;           /* (nullable) until prepared; then read-only */
  const DagschedPlanView *view; /* likewise; any thread */
  GMainContext *context;        /* where the run is shown */
  GMainContext *host_context;   /* the caller's: not the private one of dagsched_scheduler_run() */
  DagschedEngine *engine;       /* any thread while the run is on */
  DagschedExecutor *executor;
  DagschedNotifier *notifier; /* any thread while the run is on */
  GArray *recorders;          /* of DagschedRecorder; read-only once the run is on: any thread */
  guint n_begun;              /* of them */
  DagschedEarlier *earlier;   /* (nullable) read-only once the run is on: any thread */
  GListStore *workers;
  GTask *task;
  GSource *cancel_source;
  gboolean acquired; /* the graph */
  gboolean started;
  DagschedClosing early_closing; /* cancelled while it was being started */
  gint64 started_at;
  DagschedVerdict verdict;
  char *problem;
  GError *error;

  /* What the model shows. */
  guint n_in_state[DAGSCHED_STATE_FINISHED + 1];
  guint n_with_outcome[DAGSCHED_N_OUTCOMES];
  DagschedRunSeen seen;
  guint8 *shown;   /* the state of each test */
  GArray *changed; /* of guint32: the tests that changed since tests-changed */
  gboolean wants_changes;
  DagschedShownWorker *shown_workers;
  GArray *released; /* of guint: workers whose attempt has ended, which is shown once all events are */
  double shown_at;  /* seconds of the run: when what is being shown now was looked at */
  gint64 sampled_ns;
  gint64 drained_at_ns; /* CLOCK_MONOTONIC: the last time */
  /* Events were lost: a look at all states is due, or under way. */
  guint32 looked_at; /* so many tests were looked at */
  gboolean looking;
  gboolean look_again; /* more were lost meanwhile */
  gboolean looking_at_end;
};

/* dagsched-scheduler-hooks.c: what the engine's threads call */
const DagschedEngineHooks *dagsched_scheduler_get_hooks (gboolean with_recorders);
gpointer dagsched_scheduler_new_hooks_data (DagschedScheduler *self);
DagschedVerdict dagsched_scheduler_judge (DagschedScheduler *self);

/* dagsched-scheduler-events.c: from the rings to the model */
gboolean dagsched_scheduler_on_events (gpointer data);
void dagsched_scheduler_reset_model (DagschedScheduler *self);
gboolean dagsched_scheduler_get_span (DagschedRun *run, guint number, guint index, DagschedSpan *span);
GPtrArray *dagsched_scheduler_dup_attempts (DagschedRun *run, DagschedTest *test);
DagschedAttempt *dagsched_scheduler_new_attempt (DagschedScheduler *self,
                                                 const DagschedAttemptRecord *record);

/* dagsched-scheduler-workers.c: what is shown of the workers */
void dagsched_scheduler_create_workers (DagschedScheduler *self, guint n_workers);
/* @test: NULL: none. */
void dagsched_scheduler_show_worker (DagschedScheduler *self, guint number, DagschedTest *test);
/* Its attempt of @test has ended. Mostly the next one begins at once: it is shown only by show_released(). */
void dagsched_scheduler_release_worker (DagschedScheduler *self, guint number, DagschedTest *test);
void dagsched_scheduler_show_released (DagschedScheduler *self);
void dagsched_scheduler_sample_workers (DagschedScheduler *self, gboolean always);

/* dagsched-scheduler.c */
void dagsched_scheduler_end (DagschedScheduler *self);

/* dagsched-scheduler-run.c */
void dagsched_scheduler_cancel (DagschedRun *run, gboolean kill);
/* Before the run: @executor carries out the tests that are processes, not agents. Takes a reference. */
void dagsched_scheduler_set_executor (DagschedScheduler *self, DagschedExecutor *executor);

G_END_DECLS
