/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/dagsched-graph-private.h"
#include "plan/dagsched-compiler-private.h"

/* Lists of numbers among the selected become lists of numbers in the plan. Takes @lists. */
static gboolean
emit_lists (DagschedCompiler *self, DagschedDigraph *lists, guint32 **first, guint32 **to, GError **error)
{
  guint32 n = self->n_selected, n_tests = self->view->n_tests, n_links = lists->first[n];
  guint repeat = self->params->repeat;

  if (!dagsched_compiler_check_size ((guint64) n_links * repeat, error))
    {
      dagsched_digraph_clear (lists);
      return FALSE;
    }

  *first = g_new (guint32, (gsize) n_tests + 1);
  *to = g_new (guint32, MAX ((gsize) n_links * repeat, 1));
  for (guint k = 0; k < repeat; k++)
    {
      for (guint32 i = 0; i < n; i++)
        (*first)[k * n + i] = k * n_links + lists->first[i];
      for (guint32 i = 0; i < n_links; i++)
        (*to)[k * n_links + i] = k * n + lists->to[i];
    }
  (*first)[n_tests] = repeat * n_links;
  dagsched_digraph_clear (lists);

  return TRUE;
}

/* Who has to end before what a fixture left running is ended: its cleanup, without one its users, and
 * without these itself. */
static void
list_holders (DagschedCompiler *self, DagschedDigraph *holders)
{
  GArray *to = g_array_new (FALSE, FALSE, sizeof (guint32));

  holders->n_nodes = self->n_selected;
  holders->first = g_new (guint32, (gsize) self->n_selected + 1);
  for (guint32 i = 0; i < self->n_selected; i++)
    {
      guint32 n_users = self->first_user[i + 1] - self->first_user[i];

      holders->first[i] = to->len;
      if (!self->is_fixture[i])
        continue;
      if (self->cleanup[i] != DAGSCHED_NO_TEST)
        g_array_append_val (to, self->cleanup[i]);
      else if (n_users > 0)
        g_array_append_vals (to, &g_array_index (self->users, guint32, self->first_user[i]), n_users);
      else
        g_array_append_val (to, i);
    }
  holders->first[self->n_selected] = to->len;
  holders->to = (guint32 *) (void *) g_array_free (to, FALSE);
}

static gboolean
emit_holders (DagschedCompiler *self, GError **error)
{
  DagschedPlanView *view = self->view;
  DagschedDigraph holders, held;

  list_holders (self, &holders);
  dagsched_digraph_reverse (&holders, &held);

  view->n_holders = g_new (guint32, MAX (view->n_tests, 1));
  view->cleanup_of = g_new (guint32, MAX (view->n_tests, 1));
  for (guint32 number = 0; number < view->n_tests; number++)
    {
      guint32 base = number % self->n_selected, fixture = self->fixture[base];

      view->n_holders[number] = holders.first[base + 1] - holders.first[base];
      view->cleanup_of[number] = fixture != DAGSCHED_NO_TEST ? number - base + fixture : DAGSCHED_NO_TEST;
    }
  dagsched_digraph_clear (&holders);

  return emit_lists (self, &held, &view->first_held, &view->held, error);
}

/* Walks from a test to the fixtures whose values it gets, the nearest first. */
typedef struct
{
  DagschedCompiler *compiler;
  guint32 *seen_by; /* of each selected test */
  GArray *reached;  /* of guint32: fixtures */
} Walk;

static void
reach (Walk *self, guint32 test, guint32 fixture)
{
  if (self->seen_by[fixture] == test)
    return;

  self->seen_by[fixture] = test;
  g_array_append_val (self->reached, fixture);
}

/* The last of a test's fixtures is the first here, as the whole list is turned round in the end. */
static void
reach_fixtures_of (Walk *self, guint32 test, guint32 at)
{
  DagschedCompiler *compiler = self->compiler;
  guint n_edges;
  const DagschedEdge *edges =
    dagsched_graph_peek_edges (compiler->graph, compiler->graph_number[at], &n_edges);

  for (guint i = n_edges; i-- > 0;)
    {
      guint32 dependency = compiler->selected[edges[i].dependency];

      if (dependency != DAGSCHED_NO_TEST && compiler->is_fixture[dependency])
        reach (self, test, dependency);
    }
  if (compiler->fixture[at] != DAGSCHED_NO_TEST)
    reach (self, test, compiler->fixture[at]);
}

static void
walk_from (Walk *self, guint32 test)
{
  g_array_set_size (self->reached, 0);
  self->seen_by[test] = test;
  reach_fixtures_of (self, test, test);
  for (guint i = 0; i < self->reached->len; i++)
    reach_fixtures_of (self, test, g_array_index (self->reached, guint32, i));
}

static gboolean
emit_values (DagschedCompiler *self, GError **error)
{
  GArray *to = g_array_new (FALSE, FALSE, sizeof (guint32));
  Walk walk = { .compiler = self };
  DagschedDigraph lists = { .n_nodes = self->n_selected };
  gboolean fits = TRUE;

  walk.seen_by = g_new (guint32, MAX (self->n_selected, 1));
  memset (walk.seen_by, 0xff, self->n_selected * sizeof (guint32));
  walk.reached = g_array_new (FALSE, FALSE, sizeof (guint32));

  lists.first = g_new (guint32, (gsize) self->n_selected + 1);
  for (guint32 i = 0; i < self->n_selected && fits; i++)
    {
      lists.first[i] = to->len;
      walk_from (&walk, i);
      for (guint j = walk.reached->len; j-- > 0;)
        g_array_append_val (to, g_array_index (walk.reached, guint32, j));
      fits = dagsched_compiler_check_size (to->len, error);
    }
  lists.first[self->n_selected] = to->len;
  lists.to = (guint32 *) (void *) g_array_free (to, FALSE);

  g_free (walk.seen_by);
  g_array_unref (walk.reached);

  if (!fits)
    {
      dagsched_digraph_clear (&lists);
      return FALSE;
    }

  return emit_lists (self, &lists, &self->view->first_fixture, &self->view->fixtures, error);
}

gboolean
dagsched_compiler_emit_fixtures (DagschedCompiler *self, GError **error)
{
  if (self->is_fixture == NULL)
    return TRUE;

  return emit_holders (self, error) && emit_values (self, error);
}
