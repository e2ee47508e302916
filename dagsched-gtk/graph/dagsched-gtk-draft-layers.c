/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "graph/dagsched-gtk-draft-private.h"

/* Layers by longest paths, and the parts that edges connect. No recursion: chains may be long. */

static void
find_dependents (DagschedGtkDraft *self)
{
  const DagschedGtkLayoutGraph *graph = self->graph;
  guint32 n_edges = graph->first_dependency[self->n_tests];
  g_autofree guint32 *next = NULL;

  self->first_dependent = g_new0 (guint32, self->n_tests + 1);
  for (guint32 edge = 0; edge < n_edges; edge++)
    self->first_dependent[graph->dependencies[edge] + 1]++;
  for (guint i = 0; i < self->n_tests; i++)
    self->first_dependent[i + 1] += self->first_dependent[i];

  self->dependents = g_new (guint32, n_edges);
  next = g_memdup2 (self->first_dependent, (self->n_tests + 1) * sizeof *next);
  for (guint32 i = 0; i < self->n_tests; i++)
    for (guint32 edge = graph->first_dependency[i]; edge < graph->first_dependency[i + 1]; edge++)
      self->dependents[next[graph->dependencies[edge]]++] = i;
}

/* Kahn's algorithm. A plan has no cycle, but a log may come from anywhere: when nothing is left that waits
 * for nothing, the first test that is left goes on as if it waited for nothing; the edges that close the
 * cycle are not drawn. */
static void
assign_layers (DagschedGtkDraft *self)
{
  g_autofree guint32 *n_missing = g_new (guint32, self->n_tests);
  guint n_done = 0, n_queued = 0;
  guint32 next = 0;

  for (guint32 i = 0; i < self->n_tests; i++)
    {
      n_missing[i] = self->graph->first_dependency[i + 1] - self->graph->first_dependency[i];
      if (n_missing[i] == 0)
        self->topological[n_queued++] = i;
    }

  while (n_done < self->n_tests)
    {
      guint32 test;

      if (n_done == n_queued)
        {
          while (n_missing[next] == 0)
            next++;
          n_missing[next] = 0;
          self->topological[n_queued++] = next;
        }
      test = self->topological[n_done++];
      for (guint32 i = self->first_dependent[test]; i < self->first_dependent[test + 1]; i++)
        {
          guint32 dependent = self->dependents[i];

          if (n_missing[dependent] == 0)
            continue;
          self->layers[dependent] = MAX (self->layers[dependent], self->layers[test] + 1);
          if (--n_missing[dependent] == 0)
            self->topological[n_queued++] = dependent;
        }
    }
}

/* What waits for nothing stands right before the first that waits for it: its edges are short. */
static void
pull_roots (DagschedGtkDraft *self)
{
  for (guint32 i = 0; i < self->n_tests; i++)
    {
      guint32 nearest = G_MAXUINT32;

      if (self->layers[i] > 0 || self->graph->first_dependency[i] != self->graph->first_dependency[i + 1])
        continue;
      for (guint32 d = self->first_dependent[i]; d < self->first_dependent[i + 1]; d++)
        nearest = MIN (nearest, self->layers[self->dependents[d]]);
      if (nearest != G_MAXUINT32 && nearest > 1)
        self->layers[i] = nearest - 1;
    }
}

void
dagsched_gtk_draft_find_layers (DagschedGtkDraft *self)
{
  self->topological = g_new (guint32, self->n_tests);
  self->layers = g_new0 (guint32, self->n_tests);
  find_dependents (self);
  assign_layers (self);
  pull_roots (self);
}

static guint32
find_root (guint32 *parents, guint32 i)
{
  while (parents[i] != i)
    {
      parents[i] = parents[parents[i]];
      i = parents[i];
    }

  return i;
}

static guint32 *
unite (DagschedGtkDraft *self)
{
  const DagschedGtkLayoutGraph *graph = self->graph;
  guint32 *parents = g_new (guint32, self->n_tests);

  for (guint32 i = 0; i < self->n_tests; i++)
    parents[i] = i;
  for (guint32 i = 0; i < self->n_tests; i++)
    for (guint32 edge = graph->first_dependency[i]; edge < graph->first_dependency[i + 1]; edge++)
      {
        guint32 a = find_root (parents, i), b = find_root (parents, graph->dependencies[edge]);

        parents[MAX (a, b)] = MIN (a, b);
      }

  return parents;
}

/* Numbered in the order of their first tests. Layers of each begin at 0. */
void
dagsched_gtk_draft_find_parts (DagschedGtkDraft *self)
{
  g_autofree guint32 *parents = unite (self);
  g_autofree guint32 *lowest = g_new (guint32, self->n_tests);

  self->parts = g_new (guint32, self->n_tests);
  for (guint32 i = 0; i < self->n_tests; i++)
    {
      guint32 root = find_root (parents, i);
      gboolean single = self->graph->first_dependency[i] == self->graph->first_dependency[i + 1] &&
                        self->first_dependent[i] == self->first_dependent[i + 1];

      if (root == i && !single)
        lowest[self->n_parts] = G_MAXUINT32;
      self->parts[i] = single ? G_MAXUINT32 : root == i ? self->n_parts++ : self->parts[root];
      if (!single)
        lowest[self->parts[i]] = MIN (lowest[self->parts[i]], self->layers[i]);
    }

  self->part_group = g_new0 (guint32, self->n_parts + 1);
  for (guint32 i = 0; i < self->n_tests; i++)
    {
      if (self->parts[i] == G_MAXUINT32)
        continue;
      self->layers[i] -= lowest[self->parts[i]];
      self->part_group[self->parts[i] + 1] = MAX (self->part_group[self->parts[i] + 1], self->layers[i] + 1);
    }
  for (guint part = 0; part < self->n_parts; part++)
    self->part_group[part + 1] += self->part_group[part];
  self->n_groups = self->part_group[self->n_parts];
}
