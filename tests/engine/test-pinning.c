/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <sched.h>

#include "topology-case.h"

/* Binding binds, or says why not. */

#ifdef DAGSCHED_HAVE_HWLOC

/* Another machine's processors can't be had. */
static void
test_no_binding (void)
{
  DagschedTopology *topology;

  g_setenv ("HWLOC_SYNTHETIC", "numa:2 core:4 pu:2", TRUE);
  g_test_expect_message ("dagsched", G_LOG_LEVEL_WARNING,
                         "pin-workers: workers are not pinned: *description of another machine");
  topology = dagsched_topology_new (16, TRUE);
  g_test_assert_expected_messages ();
  for (guint32 lane = 0; lane < 16; lane++)
    dagsched_topology_bind (topology, lane);
  check_rings_are_complete (topology, 16);
  dagsched_topology_free (topology);
  forget_description ();
}

/* Processors that were there, and are gone: one warning for all. */
static void
test_failed_binding (void)
{
  DagschedTopology *topology;

  g_setenv ("HWLOC_SYNTHETIC", "pu:2(indexes=8000,8001)", TRUE);
  g_setenv ("HWLOC_THISSYSTEM", "1", TRUE);
  topology = dagsched_topology_new (2, TRUE);
  g_test_expect_message ("dagsched", G_LOG_LEVEL_WARNING,
                         "pin-workers: worker 1 could not be pinned to processor 8001: *");
  dagsched_topology_bind (topology, 1);
  g_test_assert_expected_messages ();
  dagsched_topology_bind (topology, 0);
  dagsched_topology_free (topology);
  forget_description ();
}

typedef struct
{
  DagschedTopology *topology;
  guint32 lane;
} Bound;

static gpointer
bind_and_look (gpointer data)
{
  Bound *bound = data;
  int processor = dagsched_topology_get_processor (bound->topology, bound->lane);
  cpu_set_t set;

  dagsched_topology_bind (bound->topology, bound->lane);
  g_assert_cmpint (sched_getaffinity (0, sizeof set, &set), ==, 0);
  g_assert_cmpint (CPU_COUNT (&set), ==, 1);
  g_assert_true (CPU_ISSET (processor, &set));
  g_assert_cmpint (sched_getcpu (), ==, processor);
  return NULL;
}

/* @usable: of the thread that calls. It keeps them. */
static void
check_binding (const cpu_set_t *usable)
{
  guint32 n_lanes = 2 * CPU_COUNT (usable) + 1;
  DagschedTopology *topology = dagsched_topology_new (n_lanes, TRUE);
  cpu_set_t used, afterwards;

  CPU_ZERO (&used);
  for (guint32 lane = 0; lane < n_lanes; lane++)
    {
      Bound bound = { topology, lane };

      CPU_SET (dagsched_topology_get_processor (topology, lane), &used);
      g_thread_join (g_thread_new ("lane", bind_and_look, &bound));
    }
  g_assert_true (CPU_EQUAL (&used, usable));
  g_assert_cmpint (sched_getaffinity (0, sizeof afterwards, &afterwards), ==, 0);
  g_assert_true (CPU_EQUAL (&afterwards, usable));
  dagsched_topology_free (topology);
}

static void
test_binding (void)
{
  cpu_set_t usable;

  g_assert_cmpint (sched_getaffinity (0, sizeof usable, &usable), ==, 0);
  check_binding (&usable);
}

static gpointer
use_one_processor_only (gpointer data)
{
  const cpu_set_t *usable = data;
  cpu_set_t one;
  int last = CPU_SETSIZE - 1;

  while (!CPU_ISSET (last, usable))
    last--;
  CPU_ZERO (&one);
  CPU_SET (last, &one);
  g_assert_cmpint (sched_setaffinity (0, sizeof one, &one), ==, 0);
  check_binding (&one);
  return NULL;
}

/* A thread that was told where to run shares no other places out. */
static void
test_restricted (void)
{
  cpu_set_t usable;

  g_assert_cmpint (sched_getaffinity (0, sizeof usable, &usable), ==, 0);
  if (CPU_COUNT (&usable) < 2)
    g_test_skip ("needs two processors");
  else
    g_thread_join (g_thread_new ("restricted", use_one_processor_only, &usable));
}

static void
add_tests (void)
{
  g_test_add_func ("/pinning/another-machine", test_no_binding);
  g_test_add_func ("/pinning/processors-gone", test_failed_binding);
  g_test_add_func ("/pinning/threads", test_binding);
  g_test_add_func ("/pinning/restricted", test_restricted);
}

#else

static void
test_no_hwloc (void)
{
  DagschedTopology *topology;

  g_test_expect_message ("dagsched", G_LOG_LEVEL_WARNING,
                         "pin-workers: workers are not pinned: this build has no hwloc");
  topology = dagsched_topology_new (9, TRUE);
  g_test_assert_expected_messages ();
  check_rings_are_complete (topology, 9);
  dagsched_topology_bind (topology, 0);
  dagsched_topology_free (topology);
}

static void
add_tests (void)
{
  g_test_add_func ("/pinning/no-hwloc", test_no_hwloc);
}

#endif

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  forget_description ();
  add_tests ();

  return g_test_run ();
}
