/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The processors that a run may use, in the order in which the machine has them: what lies within one
 * core, cache, package or memory node is a range. Read once, immutable; any thread. */

/* A core, a cache, a package, …, that holds more processors than each of its parts; or one processor. */
typedef struct
{
  guint32 first; /* its processors */
  guint32 n;
  guint32 parent; /* group 0, the whole machine, is its own */
  guint32 end;    /* the groups after this one and before @end are its descendants */
} DagschedMachineGroup;

typedef struct
{
  guint32 os_index; /* as the system numbers it; G_MAXUINT32: unknown */
  guint32 group;    /* the smallest one: this processor alone */
  guint32 thread;   /* which hardware thread of its core: 0, 1, … */
  guint32 node;     /* its memory node, as distances count them */
} DagschedProcessor;

typedef struct
{
  guint32 n_processors; /* ≥ 1 */
  DagschedProcessor *processors;
  guint32 n_groups; /* ≥ 1 */
  DagschedMachineGroup *groups;
  guint32 n_nodes;
  guint64
    *distances; /* (nullable) from a node (the row) to another; they mean something by comparison only */
  const char *obstacle; /* (nullable) why no thread can be bound to a processor */
  gpointer hwloc;       /* NULL if there is an obstacle */
  GDestroyNotify destroy_hwloc;
} DagschedMachine;

/* Empty, with room for @n_processors. */
DagschedMachine *dagsched_machine_new (guint32 n_processors);
/* One processor, for where nothing is known or of interest. */
DagschedMachine *dagsched_machine_new_flat (void);
/* The machine, as hwloc sees it, as far as the calling thread may run on it. Where hwloc can't tell, or
 * was left out of the build: a flat one. */
DagschedMachine *dagsched_machine_load (void);
void dagsched_machine_free (DagschedMachine *self);

static inline guint64
dagsched_machine_get_distance (const DagschedMachine *self, guint32 from_node, guint32 to_node)
{
  return self->distances[(gsize) from_node * self->n_nodes + to_node];
}

/* Chooses processors for @n threads: those that come first are as far from each other as can be, so that
 * any few of them share little. Cores are filled before second hardware threads, and the parts of the
 * machine evenly. More threads than processors start from the beginning. */
void dagsched_machine_spread (const DagschedMachine *self, guint32 n, guint32 *processors);

/* Binds the calling thread. FALSE, and errno is set: it runs where it likes. */
gboolean dagsched_machine_bind (const DagschedMachine *self, guint32 os_index);

G_END_DECLS
