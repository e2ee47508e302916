/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/dagsched-error.h"
#include "model/dagsched-graph-struct-private.h"

void
dagsched_unresolved_clear (gpointer data)
{
  DagschedUnresolved *unresolved = data;

  g_free (unresolved->name);
  g_free (unresolved->origin);
}

/* Few dependencies are the rule: up to four, the array is as long as it has to be. */
static void
insert_edge (DagschedGraph *self, guint32 dependent, guint32 position, guint32 dependency, guint32 condition)
{
  DagschedNode *node = &g_array_index (self->nodes, DagschedNode, dependent);
  guint n = node->n_edges;

  if (n < 4)
    node->edges = g_renew (DagschedEdge, node->edges, n + 1);
  else if ((n & (n - 1)) == 0)
    node->edges = g_renew (DagschedEdge, node->edges, 2 * (gsize) n);

  memmove (&node->edges[position + 1], &node->edges[position], (n - position) * sizeof (DagschedEdge));
  node->edges[position].dependency = dependency;
  node->edges[position].condition = condition;
  node->n_edges = n + 1;
}

static void
add_edge (DagschedGraph *self, guint32 dependent, guint32 dependency, guint32 condition)
{
  guint32 position = g_array_index (self->nodes, DagschedNode, dependent).n_edges;

  insert_edge (self, dependent, position, dependency, condition);
}

/* The names that one test depends on are declared in a row, as a rule. */
static void
set_place (DagschedGraph *self, DagschedUnresolved *unresolved)
{
  guint n = self->unresolved->len;
  const DagschedUnresolved *last =
    n > 0 ? &g_array_index (self->unresolved, DagschedUnresolved, n - 1) : NULL;

  if (last != NULL && last->dependent == unresolved->dependent)
    unresolved->n_earlier = last->n_earlier + 1;
  unresolved->position =
    g_array_index (self->nodes, DagschedNode, unresolved->dependent).n_edges + unresolved->n_earlier;
}

/**
 * dagsched_graph_add_dependency:
 * @self: a graph
 * @dependent: a test of the graph
 * @dependency: the test of the graph that @dependent waits for
 * @condition: what @dependent requires of it
 * @error: return location for an error
 *
 * Makes a test wait for another. That tests wait for each other in a circle is found by
 * [method@Dagsched.Graph.validate].
 *
 * Errors: %DAGSCHED_ERROR_UNKNOWN_TEST if one of them is not in the graph; %DAGSCHED_ERROR_BUSY while
 * the graph takes part in a run.
 *
 * Returns: whether the dependency was added
 *
 * Since: 1.0
 */
gboolean
dagsched_graph_add_dependency (DagschedGraph *self,
                               DagschedTest *dependent,
                               DagschedTest *dependency,
                               DagschedCondition condition,
                               GError **error)
{
  guint32 from, to;

  g_return_val_if_fail (DAGSCHED_IS_GRAPH (self), FALSE);
  g_return_val_if_fail (DAGSCHED_IS_TEST (dependent), FALSE);
  g_return_val_if_fail (DAGSCHED_IS_TEST (dependency), FALSE);
  g_return_val_if_fail (condition <= DAGSCHED_CONDITION_FAILURE, FALSE);

  if (dagsched_graph_is_busy (self, error))
    return FALSE;

  if (!dagsched_graph_number_of (self, dependent, &from) || !dagsched_graph_number_of (self, dependency, &to))
    {
      DagschedTest *unknown = dagsched_graph_number_of (self, dependent, &from) ? dependency : dependent;

      g_set_error (error, DAGSCHED_ERROR, DAGSCHED_ERROR_UNKNOWN_TEST,
                   "test \"%s\" is not in this graph: add it before its dependencies",
                   dagsched_test_get_name (unknown));
      return FALSE;
    }

  add_edge (self, from, to, condition);

  return TRUE;
}

/**
 * dagsched_graph_add_dependency_by_name:
 * @self: a graph
 * @dependent: a test of the graph
 * @dependency: the name of the test that @dependent waits for; it may be added later
 * @condition: what @dependent requires of it
 * @origin: (nullable): where the dependency was declared, for messages: `suite.json: tests[3].depends[0]`
 *
 * Makes a test wait for another that may not be there yet. If none of that name was ever added,
 * [method@Dagsched.Graph.validate] says so. Not while the graph takes part in a run.
 *
 * Since: 1.0
 */
void
dagsched_graph_add_dependency_by_name (DagschedGraph *self,
                                       DagschedTest *dependent,
                                       const char *dependency,
                                       DagschedCondition condition,
                                       const char *origin)
{
  DagschedUnresolved unresolved = { .condition = condition };
  guint number;

  g_return_if_fail (DAGSCHED_IS_GRAPH (self));
  g_return_if_fail (DAGSCHED_IS_TEST (dependent));
  g_return_if_fail (dependency != NULL);
  g_return_if_fail (condition <= DAGSCHED_CONDITION_FAILURE);
  g_return_if_fail (!g_atomic_int_get (&self->busy));
  g_return_if_fail (dagsched_graph_number_of (self, dependent, &unresolved.dependent));

  if (dagsched_graph_lookup_number (self, dependency, &number))
    {
      add_edge (self, unresolved.dependent, number, condition);
      return;
    }

  set_place (self, &unresolved);
  unresolved.name = g_strdup (dependency);
  unresolved.origin = g_strdup (origin);
  g_array_append_val (self->unresolved, unresolved);
}

/* Names are looked up when somebody asks, all at once: an index of what is missing would cost more
 * than it saves. */
void
dagsched_graph_resolve (DagschedGraph *self)
{
  guint kept = 0;

  if (!self->may_resolve || self->unresolved->len == 0)
    return;

  for (guint i = 0; i < self->unresolved->len; i++)
    {
      DagschedUnresolved *unresolved = &g_array_index (self->unresolved, DagschedUnresolved, i);
      guint number;

      if (dagsched_graph_lookup_number (self, unresolved->name, &number))
        {
          guint32 n_edges = g_array_index (self->nodes, DagschedNode, unresolved->dependent).n_edges;

          insert_edge (self, unresolved->dependent, MIN (unresolved->position, n_edges), number,
                       unresolved->condition);
          dagsched_unresolved_clear (unresolved);
        }
      else
        {
          g_array_index (self->unresolved, DagschedUnresolved, kept++) = *unresolved;
        }
    }

  /* What lies behind was freed or has moved: it must not be cleared again. */
  memset (&g_array_index (self->unresolved, DagschedUnresolved, kept), 0,
          (self->unresolved->len - kept) * sizeof (DagschedUnresolved));
  g_array_set_size (self->unresolved, kept);
  self->may_resolve = FALSE;
}

/**
 * dagsched_graph_get_n_dependencies:
 * @self: a graph
 * @test: a test of the graph
 *
 * Counts the dependencies of a test. Those on names that no test has are not among them.
 *
 * Returns: their number
 *
 * Since: 1.0
 */
guint
dagsched_graph_get_n_dependencies (DagschedGraph *self, DagschedTest *test)
{
  guint32 number;

  g_return_val_if_fail (DAGSCHED_IS_GRAPH (self), 0);
  g_return_val_if_fail (DAGSCHED_IS_TEST (test), 0);
  g_return_val_if_fail (dagsched_graph_number_of (self, test, &number), 0);

  dagsched_graph_resolve (self);

  return g_array_index (self->nodes, DagschedNode, number).n_edges;
}

/**
 * dagsched_graph_get_dependency:
 * @self: a graph
 * @test: a test of the graph
 * @position: which of its dependencies
 * @condition: (out) (optional): what @test requires of it
 *
 * Gets a test on which another depends.
 *
 * Returns: (nullable) (transfer none): the dependency, or %NULL if there are not so many
 *
 * Since: 1.0
 */
DagschedTest *
dagsched_graph_get_dependency (DagschedGraph *self,
                               DagschedTest *test,
                               guint position,
                               DagschedCondition *condition)
{
  const DagschedNode *node;
  guint32 number;

  g_return_val_if_fail (DAGSCHED_IS_GRAPH (self), NULL);
  g_return_val_if_fail (DAGSCHED_IS_TEST (test), NULL);
  g_return_val_if_fail (dagsched_graph_number_of (self, test, &number), NULL);

  dagsched_graph_resolve (self);

  node = &g_array_index (self->nodes, DagschedNode, number);
  if (position >= node->n_edges)
    return NULL;

  if (condition != NULL)
    *condition = node->edges[position].condition;

  return dagsched_graph_peek_test (self, node->edges[position].dependency);
}

const DagschedEdge *
dagsched_graph_peek_edges (DagschedGraph *self, guint number, guint *n_edges)
{
  const DagschedNode *node;

  g_assert (number < self->nodes->len);

  dagsched_graph_resolve (self);

  node = &g_array_index (self->nodes, DagschedNode, number);
  *n_edges = node->n_edges;

  return node->edges;
}
