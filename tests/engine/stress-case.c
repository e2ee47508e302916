/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "stress-case.h"

#include <stdatomic.h>

#include "random-case.h"

typedef struct _Stress Stress;

/* What a test leaves for those that depend on it lies in plain memory: they see it, or the engine lacks an
 * edge (and the thread sanitizer says so). Whose thread is written off touches nothing of it. */
typedef struct
{
  Stress *stress;
  guint number;
  _Atomic guint n_begun;
  guint n_ended;    /* plain */
  guint64 ended_at; /* plain; a moment */
  guint n_finished; /* signals; the model's thread only */
} Node;

struct _Stress
{
  const StressParams *params;
  RandomCase random;
  Node *nodes;
  DagschedScheduler *scheduler;
  GCancellable *cancellable;
  guint n_refs;           /* tests whose function is still known; the model's thread only */
  guint n_finished;       /* signals; the model's thread only */
  _Atomic guint64 moment; /* relaxed: moments of one test's own threads must not order those of others */
  _Atomic guint n_attempts;
  guint n_attempts_expected;

  GMutex lock;
  GCond cond;
  gboolean all_begun; /* protected by lock */
  gboolean over;      /* likewise */
};

static guint64
next_moment (Stress *stress)
{
  return atomic_fetch_add_explicit (&stress->moment, 1, memory_order_relaxed) + 1;
}

/* Whether nobody's thread is written off while it carries out @number. */
static gboolean
leaves_something (Stress *stress, guint number)
{
  return stress->params->cancel != CANCEL_KILL && stress->random.specs[number].hang != HANG_FOR_GOOD;
}

/* All attempts of a test have ended. A thread that the machine keeps waiting for long enough is written off before
 * it has come to the function, which then begins some time later. */
static void
check_n_begun (const Spec *spec, guint n_begun)
{
  if (spec->hang == HANG_FOR_GOOD)
    g_assert_cmpuint (n_begun, <=, spec->n_attempts);
  else
    g_assert_cmpuint (n_begun, ==, spec->n_attempts);
}

static void
check_has_ended (Stress *stress, guint number, guint64 now)
{
  Node *node = &stress->nodes[number];
  guint n_begun = atomic_load_explicit (&node->n_begun, memory_order_relaxed);

  if (stress->params->cancel == CANCEL_NOT)
    check_n_begun (&stress->random.specs[number], n_begun);
  if (!leaves_something (stress, number))
    return;
  g_assert_cmpuint (node->n_ended, ==, n_begun);
  g_assert_cmpuint (node->ended_at, <, now);
}

static void
check_dependencies (Stress *stress, guint number)
{
  const Spec *spec = &stress->random.specs[number];
  guint64 now = next_moment (stress);

  for (guint i = 0; i < spec->n_dependencies; i++)
    check_has_ended (stress, spec->dependencies[i], now);
  /* A cleanup comes after everybody who uses its fixture. */
  for (guint i = 0; spec->cleans >= 0 && i < stress->random.n_tests; i++)
    {
      for (guint j = 0; j < stress->random.specs[i].n_dependencies; j++)
        {
          if ((int) stress->random.specs[i].dependencies[j] == spec->cleans)
            check_has_ended (stress, i, now);
        }
    }
}

static void
set (Stress *stress, gboolean *what)
{
  g_mutex_lock (&stress->lock);
  *what = TRUE;
  g_cond_broadcast (&stress->cond);
  g_mutex_unlock (&stress->lock);
}

static void
wait_for (Stress *stress, gboolean *what)
{
  g_mutex_lock (&stress->lock);
  while (!*what)
    g_cond_wait (&stress->cond, &stress->lock);
  g_mutex_unlock (&stress->lock);
}

static void
hang (Stress *stress, Hang how, GCancellable *cancellable)
{
  GPollFD fd;

  if (how == HANG_UNTIL_CANCELLED)
    {
      g_assert_true (g_cancellable_make_pollfd (cancellable, &fd));
      g_poll (&fd, 1, -1);
      g_cancellable_release_fd (cancellable);
      return;
    }

  wait_for (stress, &stress->over);
}

static void
count_attempt (Stress *stress)
{
  guint n_attempts = atomic_fetch_add_explicit (&stress->n_attempts, 1, memory_order_relaxed) + 1;

  if (n_attempts == stress->params->cancel_after && stress->params->cancel == CANCEL_CANCELLABLE)
    g_cancellable_cancel (stress->cancellable);
  if (n_attempts == stress->n_attempts_expected)
    set (stress, &stress->all_begun);
}

static void
take_a_while (guint number, guint attempt)
{
  guint what = (number * 2654435761u) ^ (attempt * 40503u);

  if (what % 5 == 0)
    g_thread_yield ();
  for (volatile guint i = 0; what % 11 == 0 && i < what % 3000; i++)
    ;
}

static DagschedOutcome
carry_out (DagschedFuncTest *test, GCancellable *cancellable, gpointer data, GError **error)
{
  Node *node = data;
  Stress *stress = node->stress;
  const Spec *spec = &stress->random.specs[node->number];
  guint attempt = atomic_fetch_add_explicit (&node->n_begun, 1, memory_order_relaxed);

  g_assert_cmpuint (attempt, <=, spec->n_retries);
  if (stress->params->cancel != CANCEL_KILL)
    check_dependencies (stress, node->number);
  if (leaves_something (stress, node->number))
    g_assert_cmpuint (node->n_ended, ==, attempt);

  count_attempt (stress);
  take_a_while (node->number, attempt);
  if (spec->hang != HANG_NOT)
    hang (stress, spec->hang, cancellable);

  if (leaves_something (stress, node->number))
    {
      node->n_ended++;
      node->ended_at = next_moment (stress);
    }
  return spec->hang != HANG_NOT ? DAGSCHED_OUTCOME_PASSED : spec->results[attempt];
}

/* The model. */

static void
forget (gpointer data)
{
  ((Node *) data)->stress->n_refs--;
}

static gboolean
resume (gpointer data)
{
  dagsched_scheduler_resume (((Stress *) data)->scheduler);
  return G_SOURCE_REMOVE;
}

/* Until the model's thread has nothing else to do. */
static void
pause_briefly (Stress *stress)
{
  g_autoptr (GSource) source = g_idle_source_new ();

  dagsched_scheduler_pause (stress->scheduler);
  g_source_set_callback (source, resume, stress, NULL);
  g_source_attach (source, g_main_context_get_thread_default ());
}

static void
on_finished (DagschedTest *test, gpointer data)
{
  Node *node = data;
  Stress *stress = node->stress;

  g_assert_cmpuint (++node->n_finished, ==, 1);
  g_assert_cmpint (dagsched_test_get_state (test), ==, DAGSCHED_STATE_FINISHED);
  if (stress->params->blocked)
    wait_for (stress, &stress->all_begun);
  stress->n_finished++;
  if (stress->params->pause_rarity > 0 && stress->n_finished % stress->params->pause_rarity == 0)
    pause_briefly (stress);
  if (stress->n_finished != stress->params->cancel_after)
    return;
  if (stress->params->cancel == CANCEL_STOP || stress->params->cancel == CANCEL_KILL)
    dagsched_run_cancel (DAGSCHED_RUN (stress->scheduler), stress->params->cancel == CANCEL_KILL);
}

static gboolean
is_observed (const StressParams *params)
{
  return params->observed || params->cancel == CANCEL_STOP || params->cancel == CANCEL_KILL;
}

static DagschedTest *
make_function (gpointer data, guint number, const char *name)
{
  Stress *stress = data;
  DagschedTest *test =
    DAGSCHED_TEST (dagsched_func_test_new (name, carry_out, &stress->nodes[number], forget));

  stress->n_refs++;
  if (is_observed (stress->params))
    g_signal_connect (test, "finished", G_CALLBACK (on_finished), &stress->nodes[number]);
  return test;
}

static DagschedOptions *
make_options (const StressParams *params)
{
  DagschedOptions *options = dagsched_options_new ();

  g_object_set (options, "n-workers", params->n_workers, "enable-work-stealing", params->enable_work_stealing,
                "work-stealing-threshold", params->work_stealing_threshold, "max-spurious-wakeups",
                params->max_spurious_wakeups, "notification-batch-window", params->notification_batch_window,
                "order", params->order, "seed", (guint64) params->seed, "max-failures",
                params->cancel == CANCEL_MAX_FAILURES ? params->cancel_after : 0, NULL);
  if (g_object_class_find_property (G_OBJECT_GET_CLASS (options), "timestamps") != NULL)
    g_object_set (options, "timestamps", params->timestamps, NULL);
  return options;
}

static void
check_outcome (Stress *stress, DagschedTest *test, guint number)
{
  const Spec *spec = &stress->random.specs[number];
  Node *node = &stress->nodes[number];
  guint n_begun = atomic_load (&node->n_begun);
  DagschedOutcome outcome = dagsched_test_get_outcome (test);

  g_assert_cmpint (dagsched_test_get_state (test), ==, DAGSCHED_STATE_FINISHED);
  g_assert_cmpuint (node->n_finished, ==, is_observed (stress->params) ? 1 : 0);
  g_assert_cmpint (outcome, !=, DAGSCHED_OUTCOME_NONE);
  if (leaves_something (stress, number))
    g_assert_cmpuint (node->n_ended, ==, n_begun);
  if (stress->params->cancel == CANCEL_NOT)
    {
      g_assert_cmpstr (dagsched_outcome_to_string (outcome), ==, dagsched_outcome_to_string (spec->outcome));
      g_assert_cmpuint (dagsched_test_get_n_attempts (test), ==, spec->n_attempts);
      check_n_begun (spec, n_begun);
    }
  else
    {
      /* One that is cancelled before its function begins is an attempt all the same. */
      g_assert_cmpuint (dagsched_test_get_n_attempts (test), >=, n_begun);
      if (dagsched_test_get_n_attempts (test) == 0)
        g_assert_true (outcome == DAGSCHED_OUTCOME_BLOCKED || outcome == DAGSCHED_OUTCOME_SKIPPED ||
                       outcome == DAGSCHED_OUTCOME_CANCELLED);
    }
}

static void
run (Stress *stress, DagschedGraph *graph)
{
  g_autoptr (DagschedOptions) options = make_options (stress->params);
  g_autoptr (GError) error = NULL;

  stress->scheduler = dagsched_scheduler_new (graph, options);
  if (dagsched_scheduler_run (stress->scheduler, stress->cancellable, &error))
    g_assert_no_error (error);
  else
    {
      g_assert_cmpint (stress->params->cancel, ==, CANCEL_CANCELLABLE);
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
    }
  for (guint i = 0; i < stress->random.n_tests; i++)
    {
      g_autoptr (DagschedTest) test = g_list_model_get_item (G_LIST_MODEL (graph), i);

      check_outcome (stress, test, i);
    }
  g_clear_object (&stress->scheduler);
}

/* Threads that were written off return, and let go of what they hold. */
static void
end (Stress *stress)
{
  set (stress, &stress->over);
  while (stress->n_refs > 0)
    g_main_context_iteration (NULL, TRUE);
}

guint
stress_case_run (const StressParams *params)
{
  Stress stress = { .params = params, .cancellable = g_cancellable_new () };
  DagschedGraph *graph;
  guint n_tests;

  g_mutex_init (&stress.lock);
  g_cond_init (&stress.cond);
  stress.random.hang_rarity = params->hang_rarity;
  stress.random.breadth = params->breadth;
  random_case_init_shape (&stress.random, params->seed, params->shape, params->n_tests);
  stress.random.make_function = make_function;
  stress.random.make_data = &stress;
  n_tests = stress.random.n_tests;
  stress.nodes = g_new0 (Node, n_tests);
  for (guint i = 0; i < n_tests; i++)
    {
      stress.nodes[i] = (Node){ .stress = &stress, .number = i };
      stress.n_attempts_expected += stress.random.specs[i].n_attempts;
    }

  graph = random_case_make_graph (&stress.random);
  run (&stress, graph);
  g_object_unref (graph);
  end (&stress);

  g_free (stress.nodes);
  random_case_clear (&stress.random);
  g_object_unref (stress.cancellable);
  g_mutex_clear (&stress.lock);
  g_cond_clear (&stress.cond);
  return n_tests;
}
