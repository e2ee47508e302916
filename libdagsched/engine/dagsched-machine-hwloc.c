/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The machine as hwloc reads it. The only file that knows hwloc. */
#include "engine/dagsched-machine-private.h"

#include <errno.h>

#ifdef DAGSCHED_HAVE_HWLOC
#include <hwloc.h>
#include <hwloc/distances.h>
#include <string.h>

static void
add_processor (DagschedMachine *self, hwloc_topology_t topology, hwloc_obj_t pu, guint32 group)
{
  int node = hwloc_bitmap_first (pu->nodeset);
  hwloc_obj_t memory = node >= 0 ? hwloc_get_numanode_obj_by_os_index (topology, node) : NULL;

  self->processors[self->n_processors++] = (DagschedProcessor){
    .os_index = pu->os_index,
    .group = group,
    .thread = pu->parent->type == HWLOC_OBJ_CORE ? pu->sibling_rank : 0,
    .node = memory != NULL ? memory->logical_index : 0,
  };
}

/* What holds no fewer processors than what it is in tells nothing new. */
static void
add_object (DagschedMachine *self, hwloc_topology_t topology, hwloc_obj_t object, guint32 parent)
{
  guint32 n = hwloc_bitmap_weight (object->cpuset);
  guint32 group = parent;

  if (self->n_groups == 0 || n < self->groups[parent].n)
    {
      group = self->n_groups++;
      self->groups[group] = (DagschedMachineGroup){ .first = self->n_processors, .n = n, .parent = parent };
    }

  if (object->type == HWLOC_OBJ_PU)
    add_processor (self, topology, object, group);
  for (hwloc_obj_t child = object->first_child; child != NULL; child = child->next_sibling)
    {
      if (!hwloc_bitmap_iszero (child->cpuset))
        add_object (self, topology, child, group);
    }
  self->groups[group].end = self->n_groups;
}

static void
add_distances (DagschedMachine *self, hwloc_topology_t topology)
{
  struct hwloc_distances_s *matrix = NULL;
  guint n_matrices = 1;

  self->n_nodes = hwloc_get_nbobjs_by_type (topology, HWLOC_OBJ_NUMANODE);
  if (self->n_nodes < 2 ||
      hwloc_distances_get_by_type (topology, HWLOC_OBJ_NUMANODE, &n_matrices, &matrix,
                                   HWLOC_DISTANCES_KIND_MEANS_LATENCY, 0) != 0 ||
      n_matrices == 0)
    return;

  self->distances = g_new (guint64, (gsize) self->n_nodes * self->n_nodes);
  memset (self->distances, 0xff, sizeof (guint64) * self->n_nodes * self->n_nodes); /* those it leaves out */
  for (guint from = 0; from < matrix->nbobjs; from++)
    {
      guint64 *row = self->distances + (gsize) matrix->objs[from]->logical_index * self->n_nodes;

      for (guint to = 0; to < matrix->nbobjs; to++)
        row[matrix->objs[to]->logical_index] = matrix->values[from * matrix->nbobjs + to];
    }
  hwloc_distances_release (topology, matrix);
}

/* hwloc leaves out what the process is not allowed to use, but not what it was told not to use. */
static void
restrict_to_binding (hwloc_topology_t topology)
{
  hwloc_bitmap_t usable = hwloc_bitmap_alloc ();

  if (hwloc_topology_is_thissystem (topology) &&
      hwloc_get_cpubind (topology, usable, HWLOC_CPUBIND_THREAD) == 0)
    hwloc_topology_restrict (topology, usable, 0);
  hwloc_bitmap_free (usable);
}

/* hwloc says nothing when it can't read a description, and goes on with the real machine. */
static void
check_description (hwloc_topology_t topology)
{
  const char *description = g_getenv ("HWLOC_SYNTHETIC");

  if (description == NULL || *description == '\0' || !hwloc_topology_is_thissystem (topology))
    return;

  if (hwloc_obj_get_info_by_name (hwloc_get_root_obj (topology), "SyntheticDescription") == NULL)
    g_message ("HWLOC_SYNTHETIC: \"%s\" describes no machine: it has no effect", description);
}

/* NULL: it can't be had. Finding out must not move the thread of a program that we are a part of from
 * processor to processor, as one of hwloc's ways does: it is also the slow one. */
static hwloc_topology_t
load_hwloc (void)
{
  hwloc_topology_t topology;
  unsigned long flags = HWLOC_TOPOLOGY_FLAG_DONT_CHANGE_BINDING;

#if HWLOC_API_VERSION >= 0x00020800
  flags |= HWLOC_TOPOLOGY_FLAG_NO_MEMATTRS | HWLOC_TOPOLOGY_FLAG_NO_CPUKINDS;
#endif
  if (hwloc_topology_init (&topology) != 0)
    return NULL;
  if (hwloc_topology_set_flags (topology, flags) == 0 && hwloc_topology_load (topology) == 0)
    return topology;

  hwloc_topology_destroy (topology);
  return NULL;
}

static const char *
find_obstacle (hwloc_topology_t topology)
{
  if (!hwloc_topology_is_thissystem (topology))
    return "hwloc was given the description of another machine";
  if (!hwloc_topology_get_support (topology)->cpubind->set_thisthread_cpubind)
    return "this system does not bind threads";

  return NULL;
}

DagschedMachine *
dagsched_machine_load (void)
{
  hwloc_topology_t topology = load_hwloc ();
  DagschedMachine *self;

  if (topology == NULL)
    {
      g_message ("the machine's processors could not be read: %s", g_strerror (errno));
      return dagsched_machine_new_flat ();
    }

  check_description (topology);
  restrict_to_binding (topology);
  self = dagsched_machine_new (hwloc_get_nbobjs_by_type (topology, HWLOC_OBJ_PU));
  add_object (self, topology, hwloc_get_root_obj (topology), 0);
  add_distances (self, topology);
  self->obstacle = find_obstacle (topology);
  if (self->obstacle != NULL)
    hwloc_topology_destroy (topology);
  else
    self->hwloc = topology;
  self->destroy_hwloc = (GDestroyNotify) hwloc_topology_destroy;
  return self;
}

gboolean
dagsched_machine_bind (const DagschedMachine *self, guint32 os_index)
{
  hwloc_bitmap_t set = hwloc_bitmap_alloc ();
  int result, error;

  hwloc_bitmap_only (set, os_index);
  result = hwloc_set_cpubind (self->hwloc, set, HWLOC_CPUBIND_THREAD);
  error = errno;
  hwloc_bitmap_free (set);
  errno = error;
  return result == 0;
}

#else

DagschedMachine *
dagsched_machine_load (void)
{
  DagschedMachine *self = dagsched_machine_new_flat ();

  self->obstacle = "this build has no hwloc";
  return self;
}

gboolean
dagsched_machine_bind (const DagschedMachine *self, guint32 os_index)
{
  errno = ENOSYS;
  return FALSE;
}

#endif
