/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/dagsched-machine-private.h"

DagschedMachine *
dagsched_machine_new (guint32 n_processors)
{
  DagschedMachine *self = g_new0 (DagschedMachine, 1);

  self->processors = g_new0 (DagschedProcessor, n_processors);
  /* Each has one leaf, and each other group at least two parts. */
  self->groups = g_new0 (DagschedMachineGroup, 2 * n_processors - 1);
  return self;
}

DagschedMachine *
dagsched_machine_new_flat (void)
{
  DagschedMachine *self = dagsched_machine_new (1);

  self->n_processors = 1;
  self->n_groups = 1;
  self->groups[0] = (DagschedMachineGroup){ .n = 1, .end = 1 };
  self->processors[0].os_index = G_MAXUINT32;
  self->n_nodes = 1;
  self->obstacle = "the machine's processors are not known";
  return self;
}

void
dagsched_machine_free (DagschedMachine *self)
{
  if (self->hwloc != NULL)
    self->destroy_hwloc (self->hwloc);
  g_free (self->processors);
  g_free (self->groups);
  g_free (self->distances);
  g_free (self);
}

typedef struct
{
  const DagschedMachine *machine;
  guint32 *n_taken; /* of each group */
  guint32 *n_left;  /* likewise; of those with the hardware thread that it is the turn of */
} Spreading;

static guint32
n_with_thread (const DagschedMachine *self, const DagschedMachineGroup *group, guint32 thread)
{
  guint32 n = 0;

  for (guint32 i = 0; i < group->n; i++)
    n += self->processors[group->first + i].thread == thread;
  return n;
}

/* Of the parts that have one left, the one of which the fewest were taken. */
static guint32
choose_part (Spreading *spreading, guint32 group)
{
  const DagschedMachineGroup *groups = spreading->machine->groups;
  guint32 best = 0;

  for (guint32 part = group + 1; part < groups[group].end; part = groups[part].end)
    {
      if (spreading->n_left[part] > 0 && (best == 0 || spreading->n_taken[part] < spreading->n_taken[best]))
        best = part;
    }

  return best;
}

static guint32
take_one (Spreading *spreading)
{
  const DagschedMachineGroup *groups = spreading->machine->groups;
  guint32 group = 0;

  for (;;)
    {
      spreading->n_taken[group]++;
      spreading->n_left[group]--;
      if (groups[group].n == 1)
        return groups[group].first;
      group = choose_part (spreading, group);
    }
}

void
dagsched_machine_spread (const DagschedMachine *self, guint32 n, guint32 *processors)
{
  guint32 n_distinct = MIN (n, self->n_processors);
  g_autofree guint32 *n_taken = g_new0 (guint32, self->n_groups);
  g_autofree guint32 *n_left = g_new0 (guint32, self->n_groups);
  Spreading spreading = { self, n_taken, n_left };
  guint32 chosen = 0;

  for (guint32 thread = 0; chosen < n_distinct; thread++)
    {
      for (guint32 group = 0; group < self->n_groups; group++)
        n_left[group] = n_with_thread (self, &self->groups[group], thread);
      while (n_left[0] > 0 && chosen < n_distinct)
        processors[chosen++] = take_one (&spreading);
    }

  for (guint32 i = n_distinct; i < n; i++)
    processors[i] = processors[i - n_distinct];
}
