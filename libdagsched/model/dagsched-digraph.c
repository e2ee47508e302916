/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/dagsched-digraph-private.h"

#include <string.h>

#define NONE G_MAXUINT32

/* Edges looked at in search of the shortest cycle of one component, before the best so far will do. */
#define MAX_STEPS (G_GUINT64_CONSTANT (20) * 1000 * 1000)

void
dagsched_digraph_clear (DagschedDigraph *digraph)
{
  g_clear_pointer (&digraph->first, g_free);
  g_clear_pointer (&digraph->to, g_free);
}

void
dagsched_digraph_reverse (const DagschedDigraph *digraph, DagschedDigraph *reversed)
{
  guint32 n = digraph->n_nodes;
  guint32 n_edges = digraph->first[n];

  reversed->n_nodes = n;
  reversed->first = g_new0 (guint32, (gsize) n + 2);
  reversed->to = g_new (guint32, MAX (n_edges, 1));

  /* Counted two places on, so that filling the lists moves each start to where it belongs. */
  for (guint32 i = 0; i < n_edges; i++)
    reversed->first[digraph->to[i] + 2]++;
  for (guint32 i = 2; i <= n + 1; i++)
    reversed->first[i] += reversed->first[i - 1];
  for (guint32 node = 0; node < n; node++)
    {
      for (guint32 i = digraph->first[node]; i < digraph->first[node + 1]; i++)
        reversed->to[reversed->first[digraph->to[i] + 1]++] = node;
    }
}

/* Strongly connected components: Tarjan, "Depth-first search and linear graph algorithms", 1972,
 * with a stack of its own in place of recursion. */
typedef struct
{
  const DagschedDigraph *digraph;
  guint32 *index;     /* order of discovery; NONE: not yet */
  guint32 *low;       /* lowest index known to be reachable */
  guint32 *next_edge; /* the edge to follow next */
  guint32 *path;      /* the way from the root of the search to where it is */
  guint32 *stack;     /* nodes whose component is not known yet */
  guint32 *component; /* its lowest node; NONE: not known yet */
  guint32 n_path;
  guint32 n_stack;
  guint32 n_seen;
} Tarjan;

static void
tarjan_enter (Tarjan *self, guint32 node)
{
  self->index[node] = self->low[node] = self->n_seen++;
  self->next_edge[node] = self->digraph->first[node];
  self->path[self->n_path++] = node;
  self->stack[self->n_stack++] = node;
}

static void
tarjan_leave (Tarjan *self, guint32 node)
{
  guint32 bottom = self->n_stack, lowest = NONE;

  self->n_path--;
  if (self->n_path > 0)
    {
      guint32 parent = self->path[self->n_path - 1];

      self->low[parent] = MIN (self->low[parent], self->low[node]);
    }

  if (self->low[node] != self->index[node])
    return;

  do
    {
      bottom--;
      lowest = MIN (lowest, self->stack[bottom]);
    }
  while (self->stack[bottom] != node);

  for (guint32 i = bottom; i < self->n_stack; i++)
    self->component[self->stack[i]] = lowest;
  self->n_stack = bottom;
}

static void
tarjan_search (Tarjan *self, guint32 root)
{
  tarjan_enter (self, root);
  while (self->n_path > 0)
    {
      guint32 node = self->path[self->n_path - 1];
      guint32 other;

      if (self->next_edge[node] == self->digraph->first[node + 1])
        {
          tarjan_leave (self, node);
          continue;
        }

      other = self->digraph->to[self->next_edge[node]++];
      if (self->index[other] == NONE)
        tarjan_enter (self, other);
      else if (self->component[other] == NONE)
        self->low[node] = MIN (self->low[node], self->index[other]);
    }
}

static guint32 *
new_filled (guint32 n, guint32 value)
{
  guint32 *array = g_new (guint32, MAX (n, 1));

  for (guint32 i = 0; i < n; i++)
    array[i] = value;

  return array;
}

/* For each node the lowest of its strongly connected component. */
static guint32 *
find_components (const DagschedDigraph *digraph)
{
  guint32 n = digraph->n_nodes;
  Tarjan tarjan = { .digraph = digraph };

  tarjan.index = new_filled (n, NONE);
  tarjan.component = new_filled (n, NONE);
  tarjan.low = g_new (guint32, MAX (n, 1));
  tarjan.next_edge = g_new (guint32, MAX (n, 1));
  tarjan.path = g_new (guint32, MAX (n, 1));
  tarjan.stack = g_new (guint32, MAX (n, 1));

  for (guint32 node = 0; node < n; node++)
    {
      if (tarjan.index[node] == NONE)
        tarjan_search (&tarjan, node);
    }

  g_free (tarjan.index);
  g_free (tarjan.low);
  g_free (tarjan.next_edge);
  g_free (tarjan.path);
  g_free (tarjan.stack);

  return tarjan.component;
}

/* The shortest cycle of one component, by breadth-first search from its nodes. */
typedef struct
{
  const DagschedDigraph *digraph;
  const guint32 *component;
  guint32 *from;  /* the node that a search came from; NONE: not reached. All NONE between searches */
  guint32 *queue; /* nodes reached by the search at work */
  guint32 n_queue;
  GArray *best; /* of guint32; empty: none yet */
  guint64 n_steps;
} Search;

static void
search_keep (Search *self, guint32 start, guint32 last, guint n_nodes)
{
  g_array_set_size (self->best, n_nodes);
  for (guint i = n_nodes; i-- > 0; last = self->from[last])
    g_array_index (self->best, guint32, i) = last;

  g_assert (g_array_index (self->best, guint32, 0) == start);
}

/* Whether @node closes a circle with @start; else what it points to is queued. */
static gboolean
search_visit (Search *self, guint32 start, guint32 node)
{
  for (guint32 i = self->digraph->first[node]; i < self->digraph->first[node + 1]; i++)
    {
      guint32 other = self->digraph->to[i];

      self->n_steps++;
      if (other == start)
        return TRUE;
      if (self->component[other] != self->component[start] || self->from[other] != NONE)
        continue;
      self->from[other] = node;
      self->queue[self->n_queue++] = other;
    }

  return FALSE;
}

static void
search_from (Search *self, guint32 start)
{
  guint32 level_end = 1;
  guint length = 1; /* of a circle that the node at work closes */

  self->queue[0] = start;
  self->n_queue = 1;
  self->from[start] = start;

  for (guint32 i = 0; i < self->n_queue; i++)
    {
      if (i == level_end)
        {
          length++;
          level_end = self->n_queue;
        }
      if (self->best->len > 0 && length >= self->best->len)
        break;
      if (search_visit (self, start, self->queue[i]))
        {
          search_keep (self, start, self->queue[i], length);
          break;
        }
    }

  for (guint32 i = 0; i < self->n_queue; i++)
    self->from[self->queue[i]] = NONE;
}

static void
report_best (Search *self, DagschedCycleFunc func, gpointer user_data)
{
  const guint32 *best = (const guint32 *) (void *) self->best->data;
  guint n = self->best->len, lowest = 0;
  g_autofree guint32 *turned = g_new (guint32, n);

  for (guint i = 1; i < n; i++)
    {
      if (best[i] < best[lowest])
        lowest = i;
    }
  for (guint i = 0; i < n; i++)
    turned[i] = best[(lowest + i) % n];

  func (turned, n, user_data);
}

static gboolean
points_to_itself (const DagschedDigraph *digraph, guint32 node)
{
  for (guint32 i = digraph->first[node]; i < digraph->first[node + 1]; i++)
    {
      if (digraph->to[i] == node)
        return TRUE;
    }

  return FALSE;
}

static void
search_component (Search *self,
                  const guint32 *members,
                  guint32 n_members,
                  DagschedCycleFunc func,
                  gpointer user_data)
{
  if (n_members == 1 && !points_to_itself (self->digraph, members[0]))
    return;

  g_array_set_size (self->best, 0);
  self->n_steps = 0;
  for (guint32 i = 0; i < n_members && self->best->len != 1; i++)
    {
      if (self->best->len > 0 && self->n_steps > MAX_STEPS)
        break;
      search_from (self, members[i]);
    }

  report_best (self, func, user_data);
}

/* The nodes sorted by component, ascending; @first of each component's lowest node, and of the next. */
static guint32 *
sort_by_component (const guint32 *component, guint32 n, guint32 *first)
{
  guint32 *sorted = g_new (guint32, MAX (n, 1));

  for (guint32 node = 0; node < n; node++)
    first[component[node] + 2]++;
  for (guint32 i = 2; i <= n + 1; i++)
    first[i] += first[i - 1];
  for (guint32 node = 0; node < n; node++)
    sorted[first[component[node] + 1]++] = node;

  return sorted;
}

void
dagsched_digraph_foreach_cycle (const DagschedDigraph *digraph, DagschedCycleFunc func, gpointer user_data)
{
  guint32 n = digraph->n_nodes;
  g_autofree guint32 *component = find_components (digraph);
  g_autofree guint32 *first = g_new0 (guint32, (gsize) n + 2);
  g_autofree guint32 *sorted = sort_by_component (component, n, first);
  Search search = { .digraph = digraph, .component = component };

  search.from = new_filled (n, NONE);
  search.queue = g_new (guint32, MAX (n, 1));
  search.best = g_array_new (FALSE, FALSE, sizeof (guint32));

  for (guint32 node = 0; node < n; node++)
    {
      if (component[node] == node)
        search_component (&search, sorted + first[node], first[node + 1] - first[node], func, user_data);
    }

  g_array_unref (search.best);
  g_free (search.queue);
  g_free (search.from);
}
