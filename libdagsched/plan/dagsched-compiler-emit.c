/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/dagsched-error.h"
#include "base/dagsched-large-private.h"
#include "model/dagsched-graph-private.h"
#include "model/dagsched-test-private.h"
#include "plan/dagsched-compiler-private.h"

/* Repetition k + 1 of a test waits for its repetition k: a test never runs beside itself. Of a fixture,
 * also for the cleanup of repetition k, or without one for all who use that: two of what it sets up are
 * never there at a time. */

gboolean
dagsched_compiler_emit_tests (DagschedCompiler *self, GError **error)
{
  DagschedPlanView *view = self->view;
  guint repeat = self->params->repeat;

  view->tests = dagsched_large_new ((gsize) self->n_selected * repeat, sizeof (DagschedTest *));
  for (guint32 i = 0; i < self->n_selected; i++)
    {
      DagschedTest *test = dagsched_graph_peek_test (self->graph, self->graph_number[i]);

      dagsched_test_set_repetition (test, repeat > 1 ? 1 : 0);
      view->tests[view->n_tests++] = g_object_ref (test);
    }

  for (guint k = 1; k < repeat; k++)
    {
      for (guint32 i = 0; i < self->n_selected; i++)
        {
          DagschedTest *copy = dagsched_test_copy (view->tests[i], k + 1);

          if (copy == NULL)
            {
              g_set_error (error, DAGSCHED_ERROR, DAGSCHED_ERROR_OPTION,
                           "test \"%s\" can't be repeated: its class %s does not implement copy()",
                           dagsched_test_get_name (view->tests[i]), G_OBJECT_TYPE_NAME (view->tests[i]));
              return FALSE;
            }
          view->tests[view->n_tests++] = copy;
        }
    }

  return TRUE;
}

/* What a test of a repetition waits for in the one before. */
static void
append_former (DagschedCompiler *self, guint32 number, guint32 former, GArray *edges)
{
  guint32 packed = DAGSCHED_PACK_DEPENDENT (former + number, DAGSCHED_CONDITION_ALWAYS);

  g_array_append_val (edges, packed);
  if (self->is_fixture == NULL || !self->is_fixture[number])
    return;

  if (self->cleanup[number] != DAGSCHED_NO_TEST)
    {
      packed = DAGSCHED_PACK_DEPENDENT (former + self->cleanup[number], DAGSCHED_CONDITION_ALWAYS);
      g_array_append_val (edges, packed);
      return;
    }

  for (guint32 i = self->first_user[number]; i < self->first_user[number + 1]; i++)
    {
      packed =
        DAGSCHED_PACK_DEPENDENT (former + g_array_index (self->users, guint32, i), DAGSCHED_CONDITION_ALWAYS);
      g_array_append_val (edges, packed);
    }
}

static gboolean
repeat_edges (DagschedCompiler *self, GError **error)
{
  DagschedPlanView *view = self->view;
  GArray *edges = g_array_new (FALSE, FALSE, sizeof (guint32));
  guint32 n = self->n_selected;
  gboolean fits = TRUE;

  view->first_dependency = g_new (guint32, (gsize) view->n_tests + 1);
  for (guint32 number = 0; number < view->n_tests && fits; number++)
    {
      guint32 base = number % n, block = number - base;

      view->first_dependency[number] = edges->len;
      for (guint32 i = self->first_edge[base]; i < self->first_edge[base + 1]; i++)
        {
          guint32 packed = self->edges[i] + DAGSCHED_PACK_DEPENDENT (block, 0);

          g_array_append_val (edges, packed);
        }
      if (block > 0)
        append_former (self, base, block - n, edges);
      fits = dagsched_compiler_check_size (edges->len, error);
    }
  view->first_dependency[view->n_tests] = edges->len;
  view->dependencies = (guint32 *) (void *) g_array_free (edges, FALSE);

  return fits;
}

/* The dependents of each test, ascending, from the dependencies. */
static void
emit_dependents (DagschedPlanView *view)
{
  guint32 n = view->n_tests, n_edges = view->first_dependency[n];
  guint32 *first = dagsched_large_new ((gsize) n + 2, sizeof (guint32));

  view->dependents = dagsched_large_new (n_edges, sizeof (guint32));

  for (guint32 i = 0; i < n_edges; i++)
    first[DAGSCHED_DEPENDENT_NUMBER (view->dependencies[i]) + 2]++;
  for (guint32 i = 2; i <= n + 1; i++)
    first[i] += first[i - 1];
  for (guint32 number = 0; number < n; number++)
    {
      for (guint32 i = view->first_dependency[number]; i < view->first_dependency[number + 1]; i++)
        {
          guint32 dependency = DAGSCHED_DEPENDENT_NUMBER (view->dependencies[i]);

          view->dependents[first[dependency + 1]++] =
            DAGSCHED_PACK_DEPENDENT (number, DAGSCHED_DEPENDENT_CONDITION (view->dependencies[i]));
        }
    }
  view->first_dependent = first;
}

gboolean
dagsched_compiler_emit_edges (DagschedCompiler *self, GError **error)
{
  if (self->params->repeat == 1)
    {
      self->view->first_dependency = g_steal_pointer (&self->first_edge);
      self->view->dependencies = g_steal_pointer (&self->edges);
    }
  else if (!repeat_edges (self, error))
    {
      return FALSE;
    }

  emit_dependents (self->view);

  return TRUE;
}
