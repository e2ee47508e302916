/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/dagsched-digraph-private.h"

#define MAX_NODES 9

/* Against brute force: all that there is to know of a small graph. */
typedef struct
{
  guint n;
  gboolean edge[MAX_NODES][MAX_NODES];
  guint distance[MAX_NODES][MAX_NODES]; /* of a way of at least one edge; G_MAXUINT: there is none */
  gboolean reported[MAX_NODES];         /* a cycle through the component of this node was reported */
  int last_start;
} Reference;

static void
make_random (Reference *self)
{
  guint percent = g_test_rand_int_range (5, 40);

  *self = (Reference){ .n = g_test_rand_int_range (1, MAX_NODES + 1), .last_start = -1 };
  for (guint i = 0; i < self->n; i++)
    {
      for (guint j = 0; j < self->n; j++)
        {
          self->edge[i][j] = (guint) g_test_rand_int_range (0, i == j ? 400 : 100) < percent;
          self->distance[i][j] = self->edge[i][j] ? 1 : G_MAXUINT;
        }
    }

  for (guint k = 0; k < self->n; k++)
    {
      for (guint i = 0; i < self->n; i++)
        {
          for (guint j = 0; j < self->n; j++)
            {
              if (self->distance[i][k] != G_MAXUINT && self->distance[k][j] != G_MAXUINT)
                self->distance[i][j] =
                  MIN (self->distance[i][j], self->distance[i][k] + self->distance[k][j]);
            }
        }
    }
}

static void
to_digraph (const Reference *self, DagschedDigraph *digraph)
{
  guint n_edges = 0;

  digraph->n_nodes = self->n;
  digraph->first = g_new (guint32, self->n + 1);
  digraph->to = g_new (guint32, MAX_NODES * MAX_NODES);
  for (guint i = 0; i < self->n; i++)
    {
      digraph->first[i] = n_edges;
      for (guint j = 0; j < self->n; j++)
        {
          if (self->edge[i][j])
            digraph->to[n_edges++] = j;
        }
    }
  digraph->first[self->n] = n_edges;
}

static gboolean
in_one_component (const Reference *self, guint a, guint b)
{
  return a == b || (self->distance[a][b] != G_MAXUINT && self->distance[b][a] != G_MAXUINT);
}

static void
check_cycle (const guint32 *nodes, guint n_nodes, gpointer user_data)
{
  Reference *self = user_data;
  guint shortest = G_MAXUINT;

  for (guint i = 0; i < n_nodes; i++)
    {
      g_assert_true (self->edge[nodes[i]][nodes[(i + 1) % n_nodes]]);
      g_assert_cmpuint (nodes[0], <=, nodes[i]);
    }
  for (guint i = 0; i < self->n; i++)
    {
      if (!in_one_component (self, nodes[0], i))
        continue;
      g_assert_false (self->reported[i]);
      self->reported[i] = TRUE;
      shortest = MIN (shortest, self->distance[i][i]);
    }
  g_assert_cmpuint (n_nodes, ==, shortest);
}

static void
test_random_cycles (void)
{
  for (guint round = 0; round < 5000; round++)
    {
      DagschedDigraph digraph;
      Reference reference;

      make_random (&reference);
      to_digraph (&reference, &digraph);
      dagsched_digraph_foreach_cycle (&digraph, check_cycle, &reference);
      for (guint i = 0; i < reference.n; i++)
        g_assert_cmpint (reference.reported[i], ==, reference.distance[i][i] != G_MAXUINT);
      dagsched_digraph_clear (&digraph);
    }
}

static void
test_random_reverse (void)
{
  for (guint round = 0; round < 500; round++)
    {
      DagschedDigraph digraph, reversed;
      Reference reference;
      guint at = 0;

      make_random (&reference);
      to_digraph (&reference, &digraph);
      dagsched_digraph_reverse (&digraph, &reversed);
      for (guint i = 0; i < reference.n; i++)
        {
          g_assert_cmpuint (reversed.first[i], ==, at);
          for (guint j = 0; j < reference.n; j++)
            {
              if (reference.edge[j][i])
                g_assert_cmpuint (reversed.to[at++], ==, j);
            }
        }
      g_assert_cmpuint (reversed.first[reference.n], ==, at);
      dagsched_digraph_clear (&digraph);
      dagsched_digraph_clear (&reversed);
    }
}

static void
count_cycle (const guint32 *nodes, guint n_nodes, gpointer user_data)
{
  (*(guint *) user_data)++;
}

/* One huge component: the search for its shortest cycle ends all the same. */
static void
test_huge_component (void)
{
  const guint32 n = 300000;
  DagschedDigraph digraph = { .n_nodes = n };
  guint n_cycles = 0;

  digraph.first = g_new (guint32, n + 1);
  digraph.to = g_new (guint32, 2 * n);
  for (guint32 i = 0; i < n; i++)
    {
      digraph.first[i] = 2 * i;
      digraph.to[2 * i] = (i + 1) % n;
      digraph.to[2 * i + 1] = (i + 1000) % n;
    }
  digraph.first[n] = 2 * n;
  dagsched_digraph_foreach_cycle (&digraph, count_cycle, &n_cycles);
  g_assert_cmpuint (n_cycles, ==, 1);
  dagsched_digraph_clear (&digraph);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/digraph/random-cycles", test_random_cycles);
  g_test_add_func ("/digraph/random-reverse", test_random_reverse);
  g_test_add_func ("/digraph/huge-component", test_huge_component);

  return g_test_run ();
}
