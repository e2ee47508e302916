/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Where the lanes of a run have their place on the machine, and which are near each other. Immutable;
 * any thread. */
typedef struct _DagschedTopology DagschedTopology;

/* The lanes that are equally far from one lane. A thief begins at an @i of its choice, and goes round. */
typedef struct
{
  const guint32 *lanes;
  guint32 n;     /* how many victims: ≥ 1 */
  guint32 start; /* where victim 0 is: different thieves begin with different victims */
  guint32 hole;  /* lanes[hole] and what follows it are nearer, and in other rings */
  guint32 hole_size;
} DagschedVictimRing;

/* @i < n */
static inline guint32
dagsched_victim_ring_get (const DagschedVictimRing *self, guint32 i)
{
  guint32 position = self->start + i;

  if (position >= self->n)
    position -= self->n;
  if (position >= self->hole)
    position += self->hole_size;
  return self->lanes[position];
}

/* Looks at the machine, and gives each lane a place. This may take milliseconds: it reads many small files.
 * With @pin lanes can be bound to their places; where that can't be, a warning says so, once.
 * Where there is nothing to choose from, or hwloc is not there, no lane is nearer than another. */
DagschedTopology *dagsched_topology_new (guint32 n_lanes, gboolean pin);
/* No lane is nearer than another, and none can be bound. Costs nothing. */
DagschedTopology *dagsched_topology_new_flat (guint32 n_lanes);
void dagsched_topology_free (DagschedTopology *self);

/* Nearest first: the same core, then each shared cache, the same package or memory node, then the rest
 * by the distance of the memory nodes. Together they have each other lane once. None, if there is one lane. */
const DagschedVictimRing *
dagsched_topology_get_rings (const DagschedTopology *self, guint32 lane, guint *n_rings);

/* The processor, by the system's number, on which the lane has its place. -1: it has none. */
int dagsched_topology_get_processor (const DagschedTopology *self, guint32 lane);

/* Called by the thread of the lane. Binds it to its place, if the topology was made to pin. A thread and
 * a process that it makes are bound there too. */
void dagsched_topology_bind (DagschedTopology *self, guint32 lane);

G_END_DECLS
