/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <dagsched.h>

#include <sched.h>

#include "gate.h"

/* "pin-workers" binds each worker's thread to a processor of its own, however tests are started. */

#define N_WORKERS 2

typedef struct
{
  Gate *gate;
  cpu_set_t set; /* where the function's thread may run */
} Look;

/* Goes on once both run: then no worker carries out two. */
static DagschedOutcome
look_around (DagschedFuncTest *test, GCancellable *cancellable, gpointer data, GError **error)
{
  Look *look = data;

  gate_count (look->gate);
  gate_wait (look->gate, N_WORKERS);
  g_assert_cmpint (sched_getaffinity (0, sizeof look->set, &look->set), ==, 0);
  return DAGSCHED_OUTCOME_PASSED;
}

static void
run (gboolean pin, DagschedOrder order, Look *looks)
{
  Gate gate = { 0 };
  g_autoptr (DagschedGraph) graph = dagsched_graph_new ("suite");
  g_autoptr (DagschedOptions) options = dagsched_options_new ();
  g_autoptr (DagschedScheduler) scheduler = dagsched_scheduler_new (graph, options);
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < N_WORKERS; i++)
    {
      g_autofree char *name = g_strdup_printf ("t%u", i);
      g_autoptr (DagschedTest) test = NULL;

      looks[i].gate = &gate;
      test = DAGSCHED_TEST (dagsched_func_test_new (name, look_around, &looks[i], NULL));
      g_assert_true (dagsched_graph_add_test (graph, test, &error));
    }
  g_object_set (options, "n-workers", N_WORKERS, "pin-workers", pin, "order", order, NULL);
  g_assert_true (dagsched_scheduler_run (scheduler, NULL, &error));
  g_assert_no_error (error);
}

static const DagschedOrder orders[] = { DAGSCHED_ORDER_AUTO, DAGSCHED_ORDER_DECLARATION };

static void
test_not_pinned (void)
{
  cpu_set_t usable;
  Look looks[N_WORKERS];

  g_assert_cmpint (sched_getaffinity (0, sizeof usable, &usable), ==, 0);
  for (guint o = 0; o < G_N_ELEMENTS (orders); o++)
    {
      run (FALSE, orders[o], looks);
      for (guint i = 0; i < N_WORKERS; i++)
        g_assert_true (CPU_EQUAL (&looks[i].set, &usable));
    }
}

#ifdef DAGSCHED_HAVE_HWLOC

static void
test_pinned (void)
{
  cpu_set_t usable, together;
  Look looks[N_WORKERS];

  g_assert_cmpint (sched_getaffinity (0, sizeof usable, &usable), ==, 0);
  for (guint o = 0; o < G_N_ELEMENTS (orders); o++)
    {
      run (TRUE, orders[o], looks);
      for (guint i = 0; i < N_WORKERS; i++)
        g_assert_cmpint (CPU_COUNT (&looks[i].set), ==, 1);
      CPU_OR (&together, &looks[0].set, &looks[1].set);
      g_assert_cmpint (CPU_COUNT (&together), ==, MIN (N_WORKERS, CPU_COUNT (&usable)));
    }
}

static void
look_around_there (GCancellable *cancellable, gpointer set)
{
  g_assert_cmpint (sched_getaffinity (0, sizeof (cpu_set_t), set), ==, 0);
}

/* Whoever tells it so does it on its own thread. */
static DagschedOutcome
overrun (DagschedFuncTest *test, GCancellable *cancellable, gpointer set, GError **error)
{
  GPollFD fd;
  gulong id = g_cancellable_connect (cancellable, G_CALLBACK (look_around_there), set, NULL);

  g_assert_true (g_cancellable_make_pollfd (cancellable, &fd));
  g_poll (&fd, 1, -1);
  g_cancellable_release_fd (cancellable);
  g_cancellable_disconnect (cancellable, id);
  return DAGSCHED_OUTCOME_PASSED;
}

/* The thread that looks after time-outs is first needed by one that is pinned. */
static void
test_others_not_pinned (void)
{
  g_autoptr (DagschedGraph) graph = dagsched_graph_new ("suite");
  g_autoptr (DagschedOptions) options = dagsched_options_new ();
  g_autoptr (DagschedScheduler) scheduler = dagsched_scheduler_new (graph, options);
  g_autoptr (GError) error = NULL;
  cpu_set_t usable, set;
  g_autoptr (DagschedTest) test = DAGSCHED_TEST (dagsched_func_test_new ("overruns", overrun, &set, NULL));

  CPU_ZERO (&set);
  g_assert_cmpint (sched_getaffinity (0, sizeof usable, &usable), ==, 0);
  dagsched_test_set_timeout (test, 0.01);
  g_assert_true (dagsched_graph_add_test (graph, test, &error));
  g_object_set (options, "n-workers", N_WORKERS, "pin-workers", TRUE, NULL);
  g_assert_true (dagsched_scheduler_run (scheduler, NULL, &error));
  g_assert_cmpint (dagsched_test_get_outcome (test), ==, DAGSCHED_OUTCOME_TIMED_OUT);
  g_assert_true (CPU_EQUAL (&set, &usable));
}

#else

static void
test_others_not_pinned (void)
{
  g_test_skip ("built without hwloc");
}

static void
test_pinned (void)
{
  Look looks[N_WORKERS];

  g_test_expect_message ("dagsched", G_LOG_LEVEL_WARNING, "pin-workers: workers are not pinned: *");
  run (TRUE, DAGSCHED_ORDER_AUTO, looks);
  g_test_assert_expected_messages ();
}

#endif

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_unsetenv ("HWLOC_SYNTHETIC");
  g_unsetenv ("HWLOC_XMLFILE");
  g_test_add_func ("/pin-workers/no", test_not_pinned);
  g_test_add_func ("/pin-workers/yes", test_pinned);
  g_test_add_func ("/pin-workers/others-not", test_others_not_pinned);

  return g_test_run ();
}
