/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/dagsched-error.h"
#include "model/dagsched-fixtures-private.h"
#include "model/dagsched-graph-private.h"
#include "model/dagsched-test-private.h"
#include "plan/dagsched-compiler-private.h"

/* The dependencies among the selected tests as they were declared, conditions left out. */
static void
collect_declared (DagschedCompiler *self, DagschedDigraph *declared)
{
  GArray *to = g_array_new (FALSE, FALSE, sizeof (guint32));

  declared->n_nodes = self->n_selected;
  declared->first = g_new (guint32, (gsize) self->n_selected + 1);
  for (guint32 i = 0; i < self->n_selected; i++)
    {
      guint n_edges;
      const DagschedEdge *edges = dagsched_graph_peek_edges (self->graph, self->graph_number[i], &n_edges);

      declared->first[i] = to->len;
      for (guint j = 0; j < n_edges; j++)
        {
          guint32 dependency = self->selected[edges[j].dependency];

          if (dependency != DAGSCHED_NO_TEST)
            g_array_append_val (to, dependency);
        }
    }
  declared->first[self->n_selected] = to->len;
  declared->to = (guint32 *) (void *) g_array_free (to, FALSE);
}

static gboolean
collect_users (DagschedCompiler *self, GError **error)
{
  g_autoptr (GArray) users = g_array_new (FALSE, FALSE, sizeof (guint32));
  DagschedDigraph declared, dependents;
  DagschedFixtures fixtures;
  gboolean fits = TRUE;

  collect_declared (self, &declared);
  dagsched_digraph_reverse (&declared, &dependents);
  dagsched_fixtures_init (&fixtures, &dependents, self->is_fixture, self->cleanup);
  self->users = g_array_new (FALSE, FALSE, sizeof (guint32));
  self->first_user = g_new (guint32, (gsize) self->n_selected + 1);

  for (guint32 i = 0; i < self->n_selected && fits; i++)
    {
      self->first_user[i] = self->users->len;
      if (!self->is_fixture[i])
        continue;
      dagsched_fixtures_collect_users (&fixtures, i, FALSE, users);
      fits = dagsched_compiler_check_size ((guint64) self->users->len + users->len, error);
      if (fits)
        g_array_append_vals (self->users, users->data, users->len);
    }
  self->first_user[self->n_selected] = self->users->len;

  dagsched_fixtures_clear (&fixtures);
  dagsched_digraph_clear (&dependents);
  dagsched_digraph_clear (&declared);

  return fits;
}

/* Collects the edges of one test after the other, each once. */
typedef struct
{
  DagschedCompiler *compiler;
  GArray *edges; /* of guint32, packed */
  guint32 *seen_by;
  guint8 *conditions; /* of each dependency: a bit for each that it was seen with */
} Collector;

#define ANY_CONDITION 0x7

static void
collect (Collector *self, guint32 dependent, guint32 dependency, guint32 condition, guint8 seen)
{
  guint32 packed = DAGSCHED_PACK_DEPENDENT (dependency, condition);

  if (self->seen_by[dependency] != dependent)
    self->conditions[dependency] = 0;
  self->seen_by[dependency] = dependent;
  if (self->conditions[dependency] & (1u << condition))
    return;

  self->conditions[dependency] |= seen;
  g_array_append_val (self->edges, packed);
}

/* A cleanup waits for its fixture and all who use it, whatever becomes of them: also where a dependency
 * of its own on one of them asks for success. */
static void
collect_cleanup (Collector *self, guint32 cleanup)
{
  DagschedCompiler *compiler = self->compiler;
  guint32 fixture = compiler->fixture[cleanup];

  collect (self, cleanup, fixture, DAGSCHED_CONDITION_ALWAYS, ANY_CONDITION);
  for (guint32 i = compiler->first_user[fixture]; i < compiler->first_user[fixture + 1]; i++)
    collect (self, cleanup, g_array_index (compiler->users, guint32, i), DAGSCHED_CONDITION_ALWAYS,
             ANY_CONDITION);
}

static void
collect_edges_of (Collector *self, guint32 number)
{
  DagschedCompiler *compiler = self->compiler;
  guint n_edges;
  const DagschedEdge *edges =
    dagsched_graph_peek_edges (compiler->graph, compiler->graph_number[number], &n_edges);

  if (compiler->fixture != NULL && compiler->fixture[number] != DAGSCHED_NO_TEST)
    collect_cleanup (self, number);

  for (guint i = 0; i < n_edges; i++)
    {
      guint32 dependency = compiler->selected[edges[i].dependency];

      if (dependency != DAGSCHED_NO_TEST)
        collect (self, number, dependency, edges[i].condition, 1u << edges[i].condition);
    }
}

gboolean
dagsched_compiler_collect_edges (DagschedCompiler *self, GError **error)
{
  guint32 n = self->n_selected;
  Collector collector = { .compiler = self };
  gboolean fits = TRUE;

  if (self->is_fixture != NULL && !collect_users (self, error))
    return FALSE;

  collector.edges = g_array_new (FALSE, FALSE, sizeof (guint32));
  collector.seen_by = g_new (guint32, MAX (n, 1));
  memset (collector.seen_by, 0xff, n * sizeof (guint32));
  collector.conditions = g_new0 (guint8, MAX (n, 1));

  self->first_edge = g_new (guint32, (gsize) n + 1);
  for (guint32 i = 0; i < n && fits; i++)
    {
      self->first_edge[i] = collector.edges->len;
      collect_edges_of (&collector, i);
      fits = dagsched_compiler_check_size (collector.edges->len, error);
    }
  self->first_edge[n] = collector.edges->len;
  self->edges = g_memdup2 (collector.edges->data, MAX (collector.edges->len, 1) * sizeof (guint32));

  g_array_unref (collector.edges);
  g_free (collector.seen_by);
  g_free (collector.conditions);

  return fits;
}
