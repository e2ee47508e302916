/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "executor/dagsched-simulated-executor-private.h"

#include "engine/dagsched-engine-types-private.h"

/* What a lane carries out. */
typedef struct
{
  DagschedAttemptHandle *handle; /* of one that is in the heap */
  const DagschedTicket *ticket;  /* the handle's */
  gint64 start_ns;
  gint64 end_ns;
  guint place; /* in the heap, from 1; 0: the lane is idle */
  guint8 outcome;
} Attempt;

struct _DagschedSimulatedExecutor
{
  GObject parent_instance;

  /* Read-only. */
  guint32 n_tests;
  gint64 *durations_ns;
  guint8 *outcomes; /* (nullable) all pass */

  /* Read-only between open and close. */
  DagschedEngine *engine;
  const DagschedPlanView *view;
  gint64 origin_ns; /* the start of the run: what the record counts from */
  GThread *thread;
  GSource *source; /* starts the clock; model thread */

  GMutex lock; /* protects all below; nothing is called under it */
  GCond cond;  /* something is under way, the clock was started, or closing was set */
  gboolean started;
  gboolean closing;
  gint64 now_ns;
  Attempt *attempts; /* by lane */
  guint32 *heap;     /* lanes; heap[1] is the one whose attempt ends first */
  guint n_running;
};

static void executor_iface_init (DagschedExecutorInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (DagschedSimulatedExecutor,
                               dagsched_simulated_executor,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (DAGSCHED_TYPE_EXECUTOR, executor_iface_init))

/* The heap. Of those that end at once the lowest test number comes first: that makes it one schedule. */

static gboolean
ends_before (const Attempt *a, const Attempt *b)
{
  return a->end_ns != b->end_ns ? a->end_ns < b->end_ns : a->ticket->test < b->ticket->test;
}

static Attempt *
attempt_at_unlocked (DagschedSimulatedExecutor *self, guint place)
{
  return &self->attempts[self->heap[place]];
}

static void
put_unlocked (DagschedSimulatedExecutor *self, guint place, guint32 lane)
{
  self->heap[place] = lane;
  self->attempts[lane].place = place;
}

static void
sift_up_unlocked (DagschedSimulatedExecutor *self, guint place)
{
  guint32 lane = self->heap[place];

  while (place > 1 && ends_before (&self->attempts[lane], attempt_at_unlocked (self, place / 2)))
    {
      put_unlocked (self, place, self->heap[place / 2]);
      place /= 2;
    }
  put_unlocked (self, place, lane);
}

static void
sift_down_unlocked (DagschedSimulatedExecutor *self, guint place)
{
  guint32 lane = self->heap[place];

  for (;;)
    {
      guint child = place * 2;

      if (child > self->n_running)
        break;
      if (child < self->n_running &&
          ends_before (attempt_at_unlocked (self, child + 1), attempt_at_unlocked (self, child)))
        child++;
      if (!ends_before (attempt_at_unlocked (self, child), &self->attempts[lane]))
        break;
      put_unlocked (self, place, self->heap[child]);
      place = child;
    }
  put_unlocked (self, place, lane);
}

static Attempt
take_first_unlocked (DagschedSimulatedExecutor *self)
{
  guint32 lane = self->heap[1];

  self->heap[1] = self->heap[self->n_running--];
  if (self->n_running > 0)
    sift_down_unlocked (self, 1);
  self->attempts[lane].place = 0;

  return self->attempts[lane];
}

/* The clock. */

static void
complete (DagschedSimulatedExecutor *self, DagschedEngineThread *thread, const Attempt *attempt)
{
  DagschedResult result = DAGSCHED_RESULT_INIT;

  result.outcome = attempt->outcome;
  result.start_ns = self->origin_ns + attempt->start_ns;
  result.end_ns = self->origin_ns + attempt->end_ns;
  if (attempt->outcome == DAGSCHED_OUTCOME_CANCELLED)
    result.reason = g_strdup ("stopped while it ran");
  else if (attempt->outcome == DAGSCHED_OUTCOME_TIMED_OUT)
    result.reason =
      g_strdup_printf ("did not end within %g s", (double) (attempt->end_ns - attempt->start_ns) / 1e9);

  dagsched_attempt_handle_complete (attempt->handle, thread, &result);
}

/* All completions come from here, and what they start comes back before the next one: so nothing is left
 * to chance. */
static gpointer
drive (gpointer data)
{
  DagschedSimulatedExecutor *self = data;
  DagschedEngineThread *thread = dagsched_engine_attach (self->engine);

  g_mutex_lock (&self->lock);
  for (;;)
    {
      Attempt attempt;

      while (!self->closing && (!self->started || self->n_running == 0))
        g_cond_wait (&self->cond, &self->lock);
      if (self->closing)
        break;

      attempt = take_first_unlocked (self);
      self->now_ns = attempt.end_ns;
      g_mutex_unlock (&self->lock);
      complete (self, thread, &attempt);
      g_mutex_lock (&self->lock);
    }
  g_mutex_unlock (&self->lock);

  return NULL;
}

static gboolean
start_clock (gpointer data)
{
  DagschedSimulatedExecutor *self = data;

  g_mutex_lock (&self->lock);
  self->started = TRUE;
  g_cond_signal (&self->cond);
  g_mutex_unlock (&self->lock);

  return G_SOURCE_REMOVE;
}

/* What the engine calls. */

static void
dagsched_simulated_executor_start (gpointer user_data, DagschedAttemptHandle *handle)
{
  DagschedSimulatedExecutor *self = user_data;
  const DagschedTicket *ticket = dagsched_attempt_handle_get_ticket (handle);
  const DagschedProfile *profile = &self->view->profiles[self->view->profile[ticket->test]];
  gint64 duration_ns = self->durations_ns[ticket->test];
  Attempt attempt = { .handle = handle, .ticket = ticket, .outcome = DAGSCHED_OUTCOME_PASSED };

  if (self->outcomes != NULL)
    attempt.outcome = self->outcomes[ticket->test];
  if (profile->timeout_ns > 0 && duration_ns > profile->timeout_ns)
    {
      duration_ns = profile->timeout_ns;
      attempt.outcome = DAGSCHED_OUTCOME_TIMED_OUT;
    }

  g_mutex_lock (&self->lock);
  attempt.start_ns = self->now_ns;
  attempt.end_ns = self->now_ns + duration_ns;
  self->attempts[ticket->lane] = attempt;
  self->heap[++self->n_running] = ticket->lane;
  sift_up_unlocked (self, self->n_running);
  if (self->n_running == 1)
    g_cond_signal (&self->cond);
  g_mutex_unlock (&self->lock);
}

/* A simulated test heeds its signal at once: there is nothing left to kill. */
static void
dagsched_simulated_executor_stop (gpointer user_data, const DagschedTicket *ticket, gboolean kill)
{
  DagschedSimulatedExecutor *self = user_data;
  Attempt *attempt = &self->attempts[ticket->lane];

  g_mutex_lock (&self->lock);
  if (attempt->place > 0 && attempt->ticket->test == ticket->test &&
      attempt->ticket->generation == ticket->generation && attempt->end_ns > self->now_ns)
    {
      attempt->end_ns = self->now_ns;
      attempt->outcome = DAGSCHED_OUTCOME_CANCELLED;
      sift_up_unlocked (self, attempt->place);
    }
  g_mutex_unlock (&self->lock);
}

static void
dagsched_simulated_executor_release (gpointer user_data, guint32 fixture)
{
  DagschedSimulatedExecutor *self = user_data;

  dagsched_engine_released (self->engine, NULL, fixture);
}

static gboolean
dagsched_simulated_executor_open (gpointer user_data, DagschedEngine *engine, guint n_lanes, GError **error)
{
  DagschedSimulatedExecutor *self = user_data;
  g_autoptr (GMainContext) context = g_main_context_ref_thread_default ();

  self->engine = engine;
  self->view = dagsched_engine_get_view (engine);
  g_assert (self->n_tests == self->view->n_tests);
  self->origin_ns = engine->start_ns;
  self->attempts = g_new0 (Attempt, n_lanes);
  self->heap = g_new (guint32, n_lanes + 1);
  self->thread = g_thread_try_new ("dagsched-clock", drive, self, error);
  if (self->thread == NULL)
    {
      g_prefix_error (error, "can't start a thread that simulates (see ulimit -u): ");
      g_clear_pointer (&self->attempts, g_free);
      g_clear_pointer (&self->heap, g_free);
      return FALSE;
    }

  self->source = g_idle_source_new ();
  g_source_set_priority (self->source, G_PRIORITY_DEFAULT);
  g_source_set_callback (self->source, start_clock, self, NULL);
  g_source_attach (self->source, context);
  return TRUE;
}

static void
dagsched_simulated_executor_close (gpointer user_data)
{
  DagschedSimulatedExecutor *self = user_data;

  if (self->thread == NULL)
    return;

  g_source_destroy (self->source);
  g_clear_pointer (&self->source, g_source_unref);
  g_mutex_lock (&self->lock);
  self->closing = TRUE;
  g_cond_signal (&self->cond);
  g_mutex_unlock (&self->lock);
  g_clear_pointer (&self->thread, g_thread_join);

  for (; self->n_running > 0; self->n_running--)
    dagsched_attempt_handle_drop (attempt_at_unlocked (self, self->n_running)->handle);
  g_clear_pointer (&self->attempts, g_free);
  g_clear_pointer (&self->heap, g_free);
}

static void
executor_iface_init (DagschedExecutorInterface *iface)
{
  iface->funcs = (DagschedExecutorFuncs){
    .open = dagsched_simulated_executor_open,
    .start = dagsched_simulated_executor_start,
    .stop = dagsched_simulated_executor_stop,
    .release = dagsched_simulated_executor_release,
    .close = dagsched_simulated_executor_close,
  };
}

/* The object. */

static void
dagsched_simulated_executor_finalize (GObject *object)
{
  DagschedSimulatedExecutor *self = DAGSCHED_SIMULATED_EXECUTOR (object);

  dagsched_simulated_executor_close (self);
  g_free (self->durations_ns);
  g_free (self->outcomes);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->cond);

  G_OBJECT_CLASS (dagsched_simulated_executor_parent_class)->finalize (object);
}

static void
dagsched_simulated_executor_class_init (DagschedSimulatedExecutorClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = dagsched_simulated_executor_finalize;
}

static void
dagsched_simulated_executor_init (DagschedSimulatedExecutor *self)
{
  g_mutex_init (&self->lock);
  g_cond_init (&self->cond);
}

DagschedExecutor *
dagsched_simulated_executor_new (guint32 n_tests, const gint64 *durations_ns, const guint8 *outcomes)
{
  DagschedSimulatedExecutor *self = g_object_new (DAGSCHED_TYPE_SIMULATED_EXECUTOR, NULL);

  self->n_tests = n_tests;
  self->durations_ns = g_memdup2 (durations_ns, n_tests * sizeof *durations_ns);
  if (outcomes != NULL)
    self->outcomes = g_memdup2 (outcomes, n_tests * sizeof *outcomes);

  return DAGSCHED_EXECUTOR (self);
}

gint64
dagsched_simulated_executor_get_now_ns (DagschedSimulatedExecutor *self)
{
  gint64 now_ns;

  g_mutex_lock (&self->lock);
  now_ns = self->now_ns;
  g_mutex_unlock (&self->lock);

  return now_ns;
}
