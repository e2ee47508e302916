/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/dagsched-topology-private.h"

#include <errno.h>

#include "engine/dagsched-atomic-private.h"
#include "engine/dagsched-machine-private.h"

typedef struct
{
  guint32 first;
  guint32 n;
} Range;

/* Lanes are sorted by place once: then what any part of the machine holds is a range, and those that are
 * just outside a part are a range with a hole. So the order of stealing needs no list for each lane, and
 * a run with thousands of lanes a few bytes for each. Only where memory nodes are not equally far from
 * each other, a list of what is outside is kept for each node. */
struct _DagschedTopology
{
  guint32 n_lanes;
  guint32 *processors; /* of each lane, by the system's numbers */
  guint32 *sorted;     /* the lanes, by place */
  GPtrArray *lists;    /* of guint32 *: lanes by distance, where that is not even */
  DagschedVictimRing *rings;
  Range *of_lane;           /* its rings */
  DagschedMachine *machine; /* NULL: no lane is bound */
  _Atomic guint8 complained;
};

/* What it takes to make a topology. */
typedef struct
{
  DagschedTopology *topology;
  const DagschedMachine *machine;
  guint32 *places;     /* the processor of each lane, as the machine numbers it */
  guint32 *first_lane; /* of each processor, in the sorted lanes; and one more: the end */
  GArray *rings;
  GArray *rings_around; /* without a start: those that lead out of a group into its parent … */
  Range *around;        /* … of each group */
  guint32 *seen_from;   /* the memory node for which they were made, + 1 */
} Builder;

/* By counting: lanes of one processor stay in order. */
static void
sort_lanes (Builder *builder)
{
  DagschedTopology *self = builder->topology;
  guint32 n_processors = builder->machine->n_processors;
  g_autofree guint32 *next = g_new (guint32, n_processors);

  for (guint32 lane = 0; lane < self->n_lanes; lane++)
    builder->first_lane[builder->places[lane] + 1]++;
  for (guint32 processor = 0; processor < n_processors; processor++)
    {
      next[processor] = builder->first_lane[processor];
      builder->first_lane[processor + 1] += builder->first_lane[processor];
    }
  for (guint32 lane = 0; lane < self->n_lanes; lane++)
    self->sorted[next[builder->places[lane]]++] = lane;
}

static Range
lanes_of (const Builder *builder, guint32 group)
{
  const DagschedMachineGroup *processors = &builder->machine->groups[group];
  guint32 first = builder->first_lane[processors->first];

  return (Range){ first, builder->first_lane[processors->first + processors->n] - first };
}

/* The @i-th lane of @outer that is not of @inner, counted from the end of @inner, round. */
static guint32
lane_between (const Builder *builder, Range inner, Range outer, guint32 i)
{
  guint32 position = inner.first - outer.first + inner.n + i;

  if (position >= outer.n)
    position -= outer.n;
  return builder->topology->sorted[outer.first + position];
}

static guint64
distance_to (const Builder *builder, guint32 node, guint32 lane)
{
  const DagschedMachine *machine = builder->machine;

  return dagsched_machine_get_distance (machine, node, machine->processors[builder->places[lane]].node);
}

static gboolean
is_even (const Builder *builder, guint32 node, Range inner, Range outer)
{
  guint64 distance;

  if (builder->machine->distances == NULL)
    return TRUE;

  distance = distance_to (builder, node, lane_between (builder, inner, outer, 0));
  for (guint32 i = 1; i < outer.n - inner.n; i++)
    {
      if (distance_to (builder, node, lane_between (builder, inner, outer, i)) != distance)
        return FALSE;
    }

  return TRUE;
}

static void
add_even_ring (GArray *rings, const guint32 *sorted, Range inner, Range outer)
{
  DagschedVictimRing ring = {
    .lanes = sorted + outer.first,
    .n = outer.n - inner.n,
    .hole = inner.first - outer.first,
    .hole_size = inner.n,
  };

  g_array_append_val (rings, ring);
}

typedef struct
{
  const Builder *builder;
  guint32 node;
} Viewpoint;

static int
compare_distances (gconstpointer a, gconstpointer b, gpointer user_data)
{
  const Viewpoint *viewpoint = user_data;
  guint64 to_a = distance_to (viewpoint->builder, viewpoint->node, *(const guint32 *) a);
  guint64 to_b = distance_to (viewpoint->builder, viewpoint->node, *(const guint32 *) b);

  return (to_a > to_b) - (to_a < to_b);
}

/* The sort is stable: nodes that are equally far stay in their circle, which each node begins elsewhere. */
static void
add_rings_by_distance (Builder *builder, guint32 node, Range inner, Range outer)
{
  guint32 n = outer.n - inner.n;
  guint32 *lanes = g_new (guint32, n);
  Viewpoint viewpoint = { builder, node };

  for (guint32 i = 0; i < n; i++)
    lanes[i] = lane_between (builder, inner, outer, i);
  g_qsort_with_data (lanes, n, sizeof *lanes, compare_distances, &viewpoint);
  g_ptr_array_add (builder->topology->lists, lanes);

  for (guint32 first = 0, end; first < n; first = end)
    {
      DagschedVictimRing ring = { .lanes = lanes + first };

      for (end = first; end < n && compare_distances (&lanes[first], &lanes[end], &viewpoint) == 0;)
        end++;
      ring.n = end - first;
      g_array_append_val (builder->rings_around, ring);
    }
}

/* The way out of @group, as it looks from @node. Lanes come in the order of their places, so that what was
 * found for one holds for those that follow. */
static void
look_around (Builder *builder, guint32 group, guint32 node)
{
  Range inner = lanes_of (builder, group);
  Range outer = lanes_of (builder, builder->machine->groups[group].parent);
  guint32 first = builder->rings_around->len;

  if (builder->seen_from[group] == node + 1)
    return;

  if (outer.n > inner.n && is_even (builder, node, inner, outer))
    add_even_ring (builder->rings_around, builder->topology->sorted, inner, outer);
  else if (outer.n > inner.n)
    add_rings_by_distance (builder, node, inner, outer);
  builder->around[group] = (Range){ first, builder->rings_around->len - first };
  builder->seen_from[group] = node + 1;
}

static void
add_rings_out_of (Builder *builder, guint32 group, guint32 place)
{
  const guint32 *sorted = builder->topology->sorted;
  Range around = builder->around[group];

  for (guint32 i = 0; i < around.n; i++)
    {
      DagschedVictimRing ring = g_array_index (builder->rings_around, DagschedVictimRing, around.first + i);
      guint32 first = ring.hole_size > 0 ? ring.lanes - sorted : lanes_of (builder, group).first;

      ring.start = (place - first) % ring.n;
      g_array_append_val (builder->rings, ring);
    }
}

static void
add_rings_of_lane (Builder *builder, guint32 place)
{
  const DagschedMachine *machine = builder->machine;
  const DagschedTopology *self = builder->topology;
  const DagschedProcessor *processor = &machine->processors[builder->places[self->sorted[place]]];
  Range sharers = lanes_of (builder, processor->group);

  if (sharers.n > 1)
    {
      add_even_ring (builder->rings, self->sorted, (Range){ place, 1 }, sharers);
      g_array_index (builder->rings, DagschedVictimRing, builder->rings->len - 1).start =
        (place - sharers.first) % (sharers.n - 1);
    }
  for (guint32 group = processor->group; group != 0; group = machine->groups[group].parent)
    {
      look_around (builder, group, processor->node);
      add_rings_out_of (builder, group, place);
    }
}

static void
add_rings (Builder *builder)
{
  DagschedTopology *self = builder->topology;

  builder->rings = g_array_sized_new (FALSE, FALSE, sizeof (DagschedVictimRing), self->n_lanes);
  builder->rings_around = g_array_new (FALSE, FALSE, sizeof (DagschedVictimRing));
  builder->around = g_new0 (Range, builder->machine->n_groups);
  builder->seen_from = g_new0 (guint32, builder->machine->n_groups);

  for (guint32 place = 0; place < self->n_lanes; place++)
    {
      guint32 first = builder->rings->len;

      add_rings_of_lane (builder, place);
      self->of_lane[self->sorted[place]] = (Range){ first, builder->rings->len - first };
    }

  self->rings = (DagschedVictimRing *) g_array_free (builder->rings, FALSE);
  g_array_unref (builder->rings_around);
  g_free (builder->around);
  g_free (builder->seen_from);
}

static DagschedTopology *
topology_new_on (const DagschedMachine *machine, guint32 n_lanes)
{
  DagschedTopology *self = g_new0 (DagschedTopology, 1);
  Builder builder = { .topology = self, .machine = machine };

  self->n_lanes = n_lanes;
  self->processors = g_new (guint32, n_lanes);
  self->sorted = g_new (guint32, n_lanes);
  self->of_lane = g_new (Range, n_lanes);
  self->lists = g_ptr_array_new_with_free_func (g_free);
  builder.places = g_new (guint32, n_lanes);
  builder.first_lane = g_new0 (guint32, machine->n_processors + 1);

  dagsched_machine_spread (machine, n_lanes, builder.places);
  for (guint32 lane = 0; lane < n_lanes; lane++)
    self->processors[lane] = machine->processors[builder.places[lane]].os_index;
  sort_lanes (&builder);
  add_rings (&builder);
  g_free (builder.places);
  g_free (builder.first_lane);
  return self;
}

DagschedTopology *
dagsched_topology_new_flat (guint32 n_lanes)
{
  DagschedMachine *machine = dagsched_machine_new_flat ();
  DagschedTopology *self = topology_new_on (machine, n_lanes);

  dagsched_machine_free (machine);
  return self;
}

/* Of two lanes, neither has a choice of victims. */
DagschedTopology *
dagsched_topology_new (guint32 n_lanes, gboolean pin)
{
  DagschedMachine *machine = n_lanes > 2 || pin ? dagsched_machine_load () : dagsched_machine_new_flat ();
  DagschedTopology *self = topology_new_on (machine, n_lanes);

  if (pin && machine->obstacle != NULL)
    g_warning ("pin-workers: workers are not pinned: %s", machine->obstacle);
  if (pin && machine->obstacle == NULL)
    self->machine = machine;
  else
    dagsched_machine_free (machine);
  return self;
}

void
dagsched_topology_free (DagschedTopology *self)
{
  g_clear_pointer (&self->machine, dagsched_machine_free);
  g_ptr_array_unref (self->lists);
  g_free (self->processors);
  g_free (self->sorted);
  g_free (self->of_lane);
  g_free (self->rings);
  g_free (self);
}

const DagschedVictimRing *
dagsched_topology_get_rings (const DagschedTopology *self, guint32 lane, guint *n_rings)
{
  g_assert (lane < self->n_lanes);

  *n_rings = self->of_lane[lane].n;
  return self->rings + self->of_lane[lane].first;
}

int
dagsched_topology_get_processor (const DagschedTopology *self, guint32 lane)
{
  g_assert (lane < self->n_lanes);

  return (int) self->processors[lane];
}

void
dagsched_topology_bind (DagschedTopology *self, guint32 lane)
{
  g_assert (lane < self->n_lanes);

  if (self->machine == NULL || dagsched_machine_bind (self->machine, self->processors[lane]))
    return;

  if (!atomic_exchange (&self->complained, 1))
    g_warning ("pin-workers: worker %u could not be pinned to processor %u: %s", lane, self->processors[lane],
               g_strerror (errno));
}
