/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gstdio.h>

#include "topology-case.h"

/* Where lanes are put, and whom they rob first. What is near is asked of hwloc a second time, by its common
 * ancestors, of which the topology makes no use. */

static void
test_flat (void)
{
  static const guint32 sizes[] = { 1, 2, 3, 17 };

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      DagschedTopology *topology = dagsched_topology_new_flat (sizes[i]);
      guint n_rings;

      check_rings_are_complete (topology, sizes[i]);
      dagsched_topology_get_rings (topology, 0, &n_rings);
      g_assert_cmpuint (n_rings, ==, sizes[i] > 1);
      g_assert_cmpint (dagsched_topology_get_processor (topology, 0), ==, -1);
      dagsched_topology_bind (topology, 0);
      dagsched_topology_free (topology);
    }
}

#ifdef DAGSCHED_HAVE_HWLOC

#include <hwloc.h>
#include <hwloc/distances.h>

typedef struct
{
  hwloc_topology_t hwloc;
  struct hwloc_distances_s *distances; /* (nullable) of all memory nodes */
  DagschedTopology *topology;
  guint32 n_lanes;
} Fixture;

static void
fixture_init (Fixture *self, const char *variable, const char *value, guint32 n_lanes)
{
  guint n_matrices = 1;

  forget_description ();
  g_setenv (variable, value, TRUE);
  g_assert_cmpint (hwloc_topology_init (&self->hwloc), ==, 0);
  g_assert_cmpint (hwloc_topology_load (self->hwloc), ==, 0);
  hwloc_distances_get_by_type (self->hwloc, HWLOC_OBJ_NUMANODE, &n_matrices, &self->distances, 0, 0);
  if (n_matrices == 0)
    self->distances = NULL;
  self->n_lanes = n_lanes;
  self->topology = dagsched_topology_new (n_lanes, FALSE);
  forget_description ();
}

static void
fixture_clear (Fixture *self)
{
  if (self->distances != NULL)
    hwloc_distances_release (self->hwloc, self->distances);
  hwloc_topology_destroy (self->hwloc);
  dagsched_topology_free (self->topology);
}

static hwloc_obj_t
processor_of (Fixture *self, guint32 lane)
{
  hwloc_obj_t pu =
    hwloc_get_pu_obj_by_os_index (self->hwloc, dagsched_topology_get_processor (self->topology, lane));

  g_assert_nonnull (pu);
  return pu;
}

static hwloc_obj_t
node_of (Fixture *self, guint32 lane)
{
  hwloc_obj_t node = NULL;

  while ((node = hwloc_get_next_obj_by_type (self->hwloc, HWLOC_OBJ_NUMANODE, node)) != NULL)
    {
      if (hwloc_bitmap_isincluded (processor_of (self, lane)->cpuset, node->cpuset))
        return node;
    }

  g_assert_not_reached ();
}

/* The more, the farther. */
typedef struct
{
  int height;
  guint64 distance;
} Farness;

static Farness
how_far (Fixture *self, guint32 from, guint32 to)
{
  hwloc_obj_t from_pu = processor_of (self, from);
  hwloc_obj_t to_pu = processor_of (self, to);
  hwloc_obj_t common = hwloc_get_common_ancestor_obj (self->hwloc, from_pu, to_pu);
  Farness farness = { 0 };
  hwloc_uint64_t there, back;

  /* An ancestor with the same processors is the same place. */
  while (common->parent != NULL && hwloc_bitmap_isequal (common->parent->cpuset, common->cpuset))
    common = common->parent;
  farness.height = -common->depth;
  if (self->distances != NULL && hwloc_distances_obj_pair_values (self->distances, node_of (self, from),
                                                                  node_of (self, to), &there, &back) == 0)
    farness.distance = there;
  return farness;
}

static int
compare_farness (Farness a, Farness b)
{
  if (a.height != b.height)
    return a.height < b.height ? -1 : 1;

  return (a.distance > b.distance) - (a.distance < b.distance);
}

/* Within a ring all are equally far; each ring is farther than the one before. */
static void
check_nearest_first (Fixture *self)
{
  for (guint32 lane = 0; lane < self->n_lanes; lane++)
    {
      guint n_rings;
      const DagschedVictimRing *rings = dagsched_topology_get_rings (self->topology, lane, &n_rings);
      Farness before = { .height = G_MININT };

      for (guint r = 0; r < n_rings; r++)
        {
          Farness here = how_far (self, lane, dagsched_victim_ring_get (&rings[r], 0));

          g_assert_cmpint (compare_farness (before, here), <, 0);
          for (guint32 i = 1; i < rings[r].n; i++)
            {
              guint32 victim = dagsched_victim_ring_get (&rings[r], i);

              g_assert_cmpint (compare_farness (here, how_far (self, lane, victim)), ==, 0);
            }
          before = here;
        }
    }
}

/* How many of the first @n_lanes have their place in each object of @type: the fewest and the most. */
static void
count_lanes_in (Fixture *self, hwloc_obj_type_t type, guint32 n_lanes, guint *fewest, guint *most)
{
  hwloc_obj_t object = NULL;

  *fewest = G_MAXUINT;
  *most = 0;
  while ((object = hwloc_get_next_obj_by_type (self->hwloc, type, object)) != NULL)
    {
      guint n = 0;

      for (guint32 lane = 0; lane < n_lanes; lane++)
        n += hwloc_bitmap_isincluded (processor_of (self, lane)->cpuset, object->cpuset);
      *fewest = MIN (*fewest, n);
      *most = MAX (*most, n);
    }
}

/* However few lanes are at work, no part of the machine has two more of them than another. */
static void
check_even (Fixture *self)
{
  static const hwloc_obj_type_t types[] = { HWLOC_OBJ_PACKAGE, HWLOC_OBJ_NUMANODE, HWLOC_OBJ_L3CACHE,
                                            HWLOC_OBJ_CORE, HWLOC_OBJ_PU };

  for (guint32 n = 1; n <= self->n_lanes; n++)
    {
      for (guint t = 0; t < G_N_ELEMENTS (types); t++)
        {
          guint fewest, most;

          count_lanes_in (self, types[t], n, &fewest, &most);
          if (most > 0)
            g_assert_cmpuint (most - fewest, <=, 1);
        }
    }
}

typedef struct
{
  const char *name;
  const char *description;
  guint32 n_lanes;
} Case;

static const Case cases[] = {
  { "two-nodes", "numa:2 core:4 pu:2", 16 },
  { "two-nodes-few-lanes", "numa:2 core:4 pu:2", 5 },
  { "two-nodes-two-lanes-a-processor", "numa:2 core:4 pu:2", 32 },
  { "two-nodes-uneven-lanes", "numa:2 core:4 pu:2", 21 },
  { "large", "numa:4 core:16 pu:2", 128 },
  { "deep", "pack:2 numa:2 l3:2 core:4 pu:2", 64 },
  { "deep-few-lanes", "pack:2 numa:2 l3:2 core:4 pu:2", 7 },
  { "caches", "pack:2 l3:3 l2:2 core:2 pu:1", 24 },
  { "no-nodes", "pack:2 core:3 pu:2", 12 },
  { "no-cores", "numa:3 pu:3", 9 },
  { "one-processor", "pu:1", 5 },
};

static void
test_synthetic (gconstpointer data)
{
  const Case *c = data;
  Fixture f;

  fixture_init (&f, "HWLOC_SYNTHETIC", c->description, c->n_lanes);
  check_rings_are_complete (f.topology, f.n_lanes);
  check_nearest_first (&f);
  check_even (&f);
  fixture_clear (&f);
}

/* The victim with which a lane begins, of those that are as far from it as @height says; or -1. */
static int
first_victim (Fixture *self, guint32 lane, int height)
{
  guint n_rings;
  const DagschedVictimRing *rings = dagsched_topology_get_rings (self->topology, lane, &n_rings);

  for (guint r = 0; r < n_rings; r++)
    {
      guint32 victim = dagsched_victim_ring_get (&rings[r], 0);

      if (how_far (self, lane, victim).height == height)
        return victim;
    }

  return -1;
}

/* On a full machine, each lane is the first victim of one thief at each distance. */
static void
check_thieves_spread (const char *description, guint32 n_lanes)
{
  Fixture f;

  fixture_init (&f, "HWLOC_SYNTHETIC", description, n_lanes);
  for (int height = -hwloc_topology_get_depth (f.hwloc); height <= 0; height++)
    {
      g_autofree guint *n_thieves = g_new0 (guint, n_lanes);

      for (guint32 lane = 0; lane < n_lanes; lane++)
        {
          int victim = first_victim (&f, lane, height);

          if (victim >= 0)
            g_assert_cmpuint (++n_thieves[victim], ==, 1);
        }
    }
  fixture_clear (&f);
}

static void
test_thieves_spread (void)
{
  check_thieves_spread ("pack:2 numa:2 l3:2 core:4 pu:2", 64);
  check_thieves_spread ("pack:2 core:3 pu:2", 48);
}

typedef void (*Change) (hwloc_topology_t topology);

/* What no synthetic description can say is said by a file. */
static char *
write_xml (const char *description, Change change)
{
  g_autofree char *path = NULL;
  hwloc_topology_t hwloc;
  int fd = g_file_open_tmp ("topology-XXXXXX.xml", &path, NULL);

  g_assert_cmpint (fd, >=, 0);
  g_close (fd, NULL);
  hwloc_topology_init (&hwloc);
  g_assert_cmpint (hwloc_topology_set_synthetic (hwloc, description), ==, 0);
  g_assert_cmpint (hwloc_topology_load (hwloc), ==, 0);
  change (hwloc);
  g_assert_cmpint (hwloc_topology_export_xml (hwloc, path, 0), ==, 0);
  hwloc_topology_destroy (hwloc);
  return g_steal_pointer (&path);
}

static void
remove_file (char *path)
{
  g_unlink (path);
  g_free (path);
}

/* Leaves one core of the first memory node, and a core of the other with one thread only. */
static void
remove_processors (hwloc_topology_t hwloc)
{
  hwloc_bitmap_t set = hwloc_bitmap_alloc ();

  hwloc_bitmap_set_range (set, 0, 1);
  hwloc_bitmap_set_range (set, 9, 15);
  g_assert_cmpint (hwloc_topology_restrict (hwloc, set, 0), ==, 0);
  hwloc_bitmap_free (set);
}

static void
test_uneven_machine (void)
{
  char *path = write_xml ("numa:2 core:4 pu:2", remove_processors);

  for (guint32 n_lanes = 3; n_lanes <= 20; n_lanes++)
    {
      guint fewest, most;
      Fixture f;

      fixture_init (&f, "HWLOC_XMLFILE", path, n_lanes);
      check_rings_are_complete (f.topology, n_lanes);
      check_nearest_first (&f);
      count_lanes_in (&f, HWLOC_OBJ_PU, n_lanes, &fewest, &most);
      g_assert_cmpuint (most - fewest, <=, 1);
      /* There are five cores; then the second threads, of which two cores have none. */
      count_lanes_in (&f, HWLOC_OBJ_CORE, MIN (n_lanes, 5), &fewest, &most);
      g_assert_cmpuint (most, ==, 1);
      fixture_clear (&f);
    }
  remove_file (path);
}

static void
set_distances (hwloc_topology_t hwloc, guint n_nodes, hwloc_uint64_t *values)
{
  hwloc_distances_add_handle_t handle = hwloc_distances_add_create (
    hwloc, NULL, HWLOC_DISTANCES_KIND_FROM_USER | HWLOC_DISTANCES_KIND_MEANS_LATENCY, 0);
  hwloc_obj_t nodes[4];

  for (guint i = 0; i < n_nodes; i++)
    nodes[i] = hwloc_get_obj_by_type (hwloc, HWLOC_OBJ_NUMANODE, i);
  g_assert_cmpint (hwloc_distances_add_values (hwloc, handle, n_nodes, nodes, values, 0), ==, 0);
  g_assert_cmpint (hwloc_distances_add_commit (hwloc, handle, 0), ==, 0);
}

/* Four nodes in a square: two are near, one is across. */
static void
make_square (hwloc_topology_t hwloc)
{
  hwloc_uint64_t values[] = { 10, 20, 30, 20, 20, 10, 20, 30, 30, 20, 10, 20, 20, 30, 20, 10 };

  set_distances (hwloc, 4, values);
}

/* Memory that is slow to reach one way, and fast the other. */
static void
make_one_way (hwloc_topology_t hwloc)
{
  hwloc_uint64_t values[] = { 10, 20, 30, 30, 10, 20, 20, 30, 10 };

  set_distances (hwloc, 3, values);
}

/* Two packages of two nodes: each node has a direct way to another one of the other package. */
static void
make_links (hwloc_topology_t hwloc)
{
  hwloc_uint64_t values[] = { 10, 12, 31, 21, 12, 10, 21, 31, 31, 21, 10, 12, 21, 31, 12, 10 };

  set_distances (hwloc, 4, values);
}

static void
check_distances (const char *description, Change change, guint32 n_lanes, guint n_expected)
{
  char *path = write_xml (description, change);
  Fixture f;

  fixture_init (&f, "HWLOC_XMLFILE", path, n_lanes);
  g_assert_nonnull (f.distances);
  check_rings_are_complete (f.topology, n_lanes);
  check_nearest_first (&f);
  for (guint32 lane = 0; lane < n_lanes; lane++)
    {
      guint n_rings;

      dagsched_topology_get_rings (f.topology, lane, &n_rings);
      g_assert_cmpuint (n_rings, ==, n_expected);
    }
  fixture_clear (&f);
  remove_file (path);
}

static void
test_distances (void)
{
  check_distances ("numa:4 core:2 pu:1", make_square, 8, 3);
  check_distances ("numa:4 core:2 pu:1", make_square, 16, 4);
  check_distances ("numa:3 core:2 pu:1", make_one_way, 6, 3);
  check_distances ("pack:2 numa:2 core:2 pu:1", make_links, 8, 4);
}

/* A list for each lane of each other would be 64 MiB; and each lane has few rings, and short ways to them. */
static void
test_many_lanes (void)
{
  const guint32 n_lanes = 4096;
  DagschedTopology *topology;

  g_setenv ("HWLOC_SYNTHETIC", "pack:2 numa:4 l3:4 core:8 pu:2", TRUE);
  topology = dagsched_topology_new (n_lanes, FALSE);
  forget_description ();
  check_rings_are_complete (topology, n_lanes);
  for (guint32 lane = 0; lane < n_lanes; lane++)
    {
      guint n_rings;

      dagsched_topology_get_rings (topology, lane, &n_rings);
      g_assert_cmpuint (n_rings, ==, 6);
    }
  dagsched_topology_free (topology);
}

static void
test_no_machine (void)
{
  DagschedTopology *topology;

  g_setenv ("HWLOC_SYNTHETIC", "garbage:7:x", TRUE);
  g_test_expect_message ("dagsched", G_LOG_LEVEL_MESSAGE,
                         "HWLOC_SYNTHETIC: \"garbage:7:x\" describes no machine*");
  topology = dagsched_topology_new (9, FALSE);
  g_test_assert_expected_messages ();
  check_rings_are_complete (topology, 9);
  dagsched_topology_free (topology);

  forget_description ();
  g_setenv ("HWLOC_XMLFILE", "/dev/null", TRUE);
  g_setenv ("HWLOC_COMPONENTS", "xml,stop", TRUE);
  g_test_expect_message ("dagsched", G_LOG_LEVEL_MESSAGE, "the machine's processors could not be read: *");
  topology = dagsched_topology_new (9, FALSE);
  g_test_assert_expected_messages ();
  g_unsetenv ("HWLOC_COMPONENTS");
  check_rings_are_complete (topology, 9);
  dagsched_topology_free (topology);
  forget_description ();
}

static void
add_tests (void)
{
  forget_description ();
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/topology/synthetic/%s", cases[i].name);

      g_test_add_data_func (path, &cases[i], test_synthetic);
    }
  g_test_add_func ("/topology/thieves-spread", test_thieves_spread);
  g_test_add_func ("/topology/uneven-machine", test_uneven_machine);
  g_test_add_func ("/topology/distances", test_distances);
  g_test_add_func ("/topology/many-lanes", test_many_lanes);
  g_test_add_func ("/topology/no-machine", test_no_machine);
}

#else

static void
add_tests (void)
{
}

#endif

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/topology/flat", test_flat);
  add_tests ();

  return g_test_run ();
}
