/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/dagsched-error.h"
#include "model/dagsched-graph-private.h"
#include "plan/dagsched-compiler-private.h"
#include "plan/dagsched-selection-private.h"

/* The closure of what matches. @is_in has a byte for each test of the graph. */
typedef struct
{
  DagschedGraph *graph;
  DagschedSelection *selection;
  guint8 *is_in;
  GArray *stack;    /* of guint32: tests whose dependencies were not looked at yet */
  guint32 *fixture; /* (nullable) that each test cleans up; DAGSCHED_NO_TEST */
} Closure;

static guint32 *
new_filled (guint32 n)
{
  guint32 *array = g_new (guint32, MAX (n, 1));

  memset (array, 0xff, n * sizeof *array);

  return array;
}

static gboolean
lookup_cleanup (DagschedGraph *graph, DagschedTest *test, guint *cleanup)
{
  const char *name = dagsched_test_get_cleanup (test);

  return name != NULL && dagsched_graph_lookup_number (graph, name, cleanup);
}

static guint32 *
map_cleanups (DagschedGraph *graph)
{
  guint n = dagsched_graph_get_n_tests (graph), cleanup;
  guint32 *fixture = NULL;

  for (guint i = 0; i < n; i++)
    {
      if (!lookup_cleanup (graph, dagsched_graph_peek_test (graph, i), &cleanup))
        continue;
      if (fixture == NULL)
        fixture = new_filled (n);
      fixture[cleanup] = i;
    }

  return fixture;
}

static void
bring_in (Closure *self, guint32 number)
{
  if (self->is_in[number] ||
      dagsched_selection_excludes (self->selection, dagsched_graph_peek_test (self->graph, number)))
    return;

  self->is_in[number] = TRUE;
  g_array_append_val (self->stack, number);
}

static void
bring_in_needs_of (Closure *self, guint32 number)
{
  guint n_edges, cleanup;
  const DagschedEdge *edges = dagsched_graph_peek_edges (self->graph, number, &n_edges);

  for (guint i = 0; i < n_edges; i++)
    bring_in (self, edges[i].dependency);
  if (lookup_cleanup (self->graph, dagsched_graph_peek_test (self->graph, number), &cleanup))
    bring_in (self, cleanup);
  if (self->fixture != NULL && self->fixture[number] != DAGSCHED_NO_TEST)
    bring_in (self, self->fixture[number]);
}

static void
close_selection (Closure *self)
{
  guint n = dagsched_graph_get_n_tests (self->graph);

  self->fixture = map_cleanups (self->graph);
  self->stack = g_array_new (FALSE, FALSE, sizeof (guint32));
  for (guint i = 0; i < n; i++)
    {
      if (self->is_in[i])
        g_array_append_val (self->stack, i);
    }

  while (self->stack->len > 0)
    {
      guint32 number = g_array_index (self->stack, guint32, self->stack->len - 1);

      g_array_set_size (self->stack, self->stack->len - 1);
      bring_in_needs_of (self, number);
    }

  g_array_unref (self->stack);
  g_free (self->fixture);
}

static void
number_selected (DagschedCompiler *self, const guint8 *is_in)
{
  guint n = dagsched_graph_get_n_tests (self->graph);

  self->selected = new_filled (n);
  for (guint i = 0; i < n; i++)
    {
      if (is_in == NULL || is_in[i])
        self->selected[i] = self->n_selected++;
    }

  self->graph_number = g_new (guint32, MAX (self->n_selected, 1));
  for (guint i = 0; i < n; i++)
    {
      if (self->selected[i] != DAGSCHED_NO_TEST)
        self->graph_number[self->selected[i]] = i;
    }
}

static void
map_fixtures (DagschedCompiler *self)
{
  for (guint32 i = 0; i < self->n_selected; i++)
    {
      DagschedTest *test = dagsched_graph_peek_test (self->graph, self->graph_number[i]);
      guint cleanup;

      if (!dagsched_test_get_fixture (test))
        continue;

      if (self->is_fixture == NULL)
        {
          self->is_fixture = g_new0 (guint8, self->n_selected);
          self->cleanup = new_filled (self->n_selected);
          self->fixture = new_filled (self->n_selected);
        }
      self->is_fixture[i] = TRUE;
      if (!lookup_cleanup (self->graph, test, &cleanup) || self->selected[cleanup] == DAGSCHED_NO_TEST)
        continue;
      self->cleanup[i] = self->selected[cleanup];
      self->fixture[self->selected[cleanup]] = i;
    }
}

gboolean
dagsched_compiler_select (DagschedCompiler *self, GError **error)
{
  guint n = dagsched_graph_get_n_tests (self->graph);
  g_autofree guint8 *is_in = NULL;

  if (self->selection != NULL)
    {
      Closure closure = { .graph = self->graph, .selection = self->selection };

      closure.is_in = is_in = g_new0 (guint8, MAX (n, 1));
      for (guint i = 0; i < n; i++)
        is_in[i] = dagsched_selection_matches (self->selection, dagsched_graph_peek_test (self->graph, i));
      if (dagsched_selection_get_with_dependencies (self->selection))
        close_selection (&closure);
    }

  number_selected (self, is_in);
  map_fixtures (self);

  if ((guint64) self->n_selected * self->params->repeat >= DAGSCHED_MAX_TESTS)
    {
      g_set_error (error, DAGSCHED_ERROR, DAGSCHED_ERROR_OPTION,
                   "%u tests repeated %u times are more than a run can have (%u): select or repeat less",
                   self->n_selected, self->params->repeat, DAGSCHED_MAX_TESTS - 1);
      return FALSE;
    }

  return TRUE;
}

void
dagsched_compiler_clear (DagschedCompiler *self)
{
  g_clear_pointer (&self->graph_number, g_free);
  g_clear_pointer (&self->selected, g_free);
  g_clear_pointer (&self->is_fixture, g_free);
  g_clear_pointer (&self->cleanup, g_free);
  g_clear_pointer (&self->fixture, g_free);
  g_clear_pointer (&self->first_edge, g_free);
  g_clear_pointer (&self->edges, g_free);
  g_clear_pointer (&self->first_user, g_free);
  g_clear_pointer (&self->users, g_array_unref);
}

gboolean
dagsched_compiler_check_size (guint64 n_links, GError **error)
{
  if (n_links < DAGSCHED_MAX_LINKS)
    return TRUE;

  g_set_error (error, DAGSCHED_ERROR, DAGSCHED_ERROR_OPTION,
               "the tests of this run have more than %" G_GUINT64_FORMAT
               " dependencies, those on fixtures of fixtures included: select or repeat less",
               DAGSCHED_MAX_LINKS - 1);

  return FALSE;
}
