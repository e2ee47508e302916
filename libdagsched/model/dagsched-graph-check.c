/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/dagsched-error.h"
#include "model/dagsched-fixtures-private.h"
#include "model/dagsched-graph-struct-private.h"
#include "model/dagsched-test-private.h"

#define NONE G_MAXUINT32

/* Names compared for suggestions in one check: a file with many mistakes gets suggestions for the
 * first of them, at once, rather than for all of them, after minutes. */
#define MAX_OFFERS 2000000

/* Tests of a cycle that a message names at most. */
#define MAX_SHOWN 20

typedef struct
{
  DagschedGraph *graph;
  GPtrArray *problems; /* of GError */
  guint64 n_offers;

  /* Fixtures, where there are any. */
  guint8 *is_fixture; /* (nullable) of each test */
  guint32 *cleanup;   /* (nullable) of each test; NONE: it has none */
  guint32 *fixture;   /* (nullable) that each test cleans up; NONE: it cleans up none */
} Check;

static G_GNUC_PRINTF (3, 4) void add_problem (Check *self, DagschedError code, const char *format, ...)
{
  va_list args;

  va_start (args, format);
  g_ptr_array_add (self->problems, g_error_new_valist (DAGSCHED_ERROR, code, format, args));
  va_end (args);
}

/* "suite.json: tests[3]: " where that is known, else "". */
static char *
dup_place (DagschedTest *test)
{
  const char *origin = dagsched_test_get_origin (test);

  return origin != NULL ? g_strdup_printf ("%s: ", origin) : g_strdup ("");
}

static char *
suggest_test (Check *self, const char *wanted)
{
  DagschedSuggestion suggestion;
  guint n = self->graph->nodes->len;

  dagsched_suggestion_init (&suggestion, wanted);
  if (self->n_offers < MAX_OFFERS)
    {
      for (guint i = 0; i < n; i++)
        dagsched_suggestion_offer (&suggestion,
                                   dagsched_test_get_name (dagsched_graph_peek_test (self->graph, i)));
      self->n_offers += n;
    }

  return dagsched_suggestion_dup_text (&suggestion);
}

static void
check_names (Check *self)
{
  GArray *array = self->graph->unresolved;

  for (guint i = 0; i < array->len; i++)
    {
      const DagschedUnresolved *unresolved = &g_array_index (array, DagschedUnresolved, i);
      DagschedTest *dependent = dagsched_graph_peek_test (self->graph, unresolved->dependent);
      g_autofree char *suggestion = suggest_test (self, unresolved->name);
      g_autofree char *place = dup_place (dependent);

      if (unresolved->origin != NULL)
        add_problem (self, DAGSCHED_ERROR_UNKNOWN_TEST, "%s: no test is named \"%s\"%s", unresolved->origin,
                     unresolved->name, suggestion);
      else
        add_problem (self, DAGSCHED_ERROR_UNKNOWN_TEST,
                     "%stest \"%s\" depends on \"%s\", but no test is named so%s", place,
                     dagsched_test_get_name (dependent), unresolved->name, suggestion);
    }
}

static void
prepare_fixtures (Check *self)
{
  guint n = self->graph->nodes->len;

  if (self->is_fixture != NULL)
    return;

  self->is_fixture = g_new0 (guint8, n);
  self->cleanup = g_new (guint32, n);
  self->fixture = g_new (guint32, n);
  for (guint i = 0; i < n; i++)
    self->cleanup[i] = self->fixture[i] = NONE;
}

static void
check_cleanup (Check *self, guint number, DagschedTest *test)
{
  const char *name = dagsched_test_get_cleanup (test);
  g_autofree char *place = dup_place (test);
  guint cleanup;

  if (!dagsched_graph_lookup_number (self->graph, name, &cleanup))
    {
      g_autofree char *suggestion = suggest_test (self, name);

      add_problem (self, DAGSCHED_ERROR_UNKNOWN_TEST,
                   "%sthe cleanup of fixture \"%s\" is to be \"%s\", but no test is named so%s", place,
                   dagsched_test_get_name (test), name, suggestion);
    }
  else if (cleanup == number)
    {
      add_problem (self, DAGSCHED_ERROR_CYCLE,
                   "%sfixture \"%s\" can't be its own cleanup: give another test's name, or none", place,
                   name);
    }
  else if (self->fixture[cleanup] != NONE)
    {
      DagschedTest *other = dagsched_graph_peek_test (self->graph, self->fixture[cleanup]);

      add_problem (
        self, DAGSCHED_ERROR_FAILED,
        "%s\"%s\" can't be the cleanup of both fixture \"%s\" and fixture \"%s\": give each its own", place,
        name, dagsched_test_get_name (other), dagsched_test_get_name (test));
    }
  else
    {
      self->cleanup[number] = cleanup;
      self->fixture[cleanup] = number;
    }
}

static void
check_fixtures (Check *self)
{
  for (guint i = 0; i < self->graph->nodes->len; i++)
    {
      DagschedTest *test = dagsched_graph_peek_test (self->graph, i);

      if (!dagsched_test_get_fixture (test))
        continue;

      prepare_fixtures (self);
      self->is_fixture[i] = TRUE;
      if (dagsched_test_get_cleanup (test) != NULL)
        check_cleanup (self, i, test);
    }
}

static char *
suggest_resource (Check *self, const char *wanted)
{
  DagschedSuggestion suggestion;
  GHashTableIter iter;
  gpointer name;

  dagsched_suggestion_init (&suggestion, wanted);
  g_hash_table_iter_init (&iter, self->graph->resources_by_name);
  while (g_hash_table_iter_next (&iter, &name, NULL))
    dagsched_suggestion_offer (&suggestion, name);

  return dagsched_suggestion_dup_text (&suggestion);
}

static void
check_requirement (Check *self, DagschedTest *test, const DagschedRequirement *requirement)
{
  DagschedResource *resource = g_hash_table_lookup (self->graph->resources_by_name, requirement->name);
  g_autofree char *place = dup_place (test);

  if (resource == NULL)
    {
      g_autofree char *suggestion = suggest_resource (self, requirement->name);

      add_problem (self, DAGSCHED_ERROR_RESOURCE,
                   "%stest \"%s\" requires \"%s\", but no resource is declared with that name%s", place,
                   dagsched_test_get_name (test), requirement->name, suggestion);
    }
  else if (requirement->amount != DAGSCHED_ALL &&
           requirement->amount > dagsched_resource_get_capacity (resource))
    {
      add_problem (self, DAGSCHED_ERROR_RESOURCE,
                   "%stest \"%s\" requires %u of resource \"%s\", of which there is no more than %u", place,
                   dagsched_test_get_name (test), requirement->amount, requirement->name,
                   dagsched_resource_get_capacity (resource));
    }
}

static void
check_resources (Check *self)
{
  GListModel *resources = G_LIST_MODEL (self->graph->resources);

  for (guint i = 0; i < g_list_model_get_n_items (resources); i++)
    {
      g_autoptr (DagschedResource) resource = g_list_model_get_item (resources, i);

      if (dagsched_resource_get_capacity (resource) == 0)
        add_problem (
          self, DAGSCHED_ERROR_RESOURCE,
          "resource \"%s\" has capacity 0, so that no test could take any of it: give it at least 1",
          dagsched_resource_get_name (resource));
    }

  for (guint i = 0; i < self->graph->nodes->len; i++)
    {
      DagschedTest *test = dagsched_graph_peek_test (self->graph, i);
      guint n;
      const DagschedRequirement *requirements = dagsched_test_peek_requirements (test, &n);

      for (guint j = 0; j < n; j++)
        check_requirement (self, test, &requirements[j]);
    }
}

/* What each test waits for, as its dependencies say. */
static void
collect_dependencies (DagschedGraph *graph, DagschedDigraph *digraph)
{
  guint n = graph->nodes->len;
  guint32 n_edges = 0;

  digraph->n_nodes = n;
  digraph->first = g_new (guint32, (gsize) n + 1);
  for (guint i = 0; i < n; i++)
    {
      digraph->first[i] = n_edges;
      n_edges += g_array_index (graph->nodes, DagschedNode, i).n_edges;
    }
  digraph->first[n] = n_edges;

  digraph->to = g_new (guint32, MAX (n_edges, 1));
  for (guint i = 0; i < n; i++)
    {
      const DagschedNode *node = &g_array_index (graph->nodes, DagschedNode, i);

      for (guint j = 0; j < node->n_edges; j++)
        digraph->to[digraph->first[i] + j] = node->edges[j].dependency;
    }
}

/* A cleanup waits for its fixture and all users of it: these are edges too. */
static void
add_cleanup_edges (Check *self, DagschedDigraph *digraph)
{
  g_autoptr (GArray) users = g_array_new (FALSE, FALSE, sizeof (guint32));
  g_autoptr (GArray) to = g_array_new (FALSE, FALSE, sizeof (guint32));
  DagschedDigraph dependents;
  DagschedFixtures fixtures;
  guint32 *first = g_new (guint32, (gsize) digraph->n_nodes + 1);

  dagsched_digraph_reverse (digraph, &dependents);
  dagsched_fixtures_init (&fixtures, &dependents, self->is_fixture, self->cleanup);

  for (guint32 i = 0; i < digraph->n_nodes; i++)
    {
      first[i] = to->len;
      g_array_append_vals (to, digraph->to + digraph->first[i], digraph->first[i + 1] - digraph->first[i]);
      if (self->fixture[i] == NONE)
        continue;

      dagsched_fixtures_collect_users (&fixtures, self->fixture[i], TRUE, users);
      g_array_append_val (to, self->fixture[i]);
      g_array_append_vals (to, users->data, users->len);
    }
  first[digraph->n_nodes] = to->len;

  dagsched_fixtures_clear (&fixtures);
  dagsched_digraph_clear (&dependents);
  dagsched_digraph_clear (digraph);
  digraph->first = first;
  digraph->to = (guint32 *) (void *) g_array_free (g_steal_pointer (&to), FALSE);
}

static gboolean
depends_on (DagschedGraph *graph, guint32 dependent, guint32 dependency)
{
  const DagschedNode *node = &g_array_index (graph->nodes, DagschedNode, dependent);

  for (guint i = 0; i < node->n_edges; i++)
    {
      if (node->edges[i].dependency == dependency)
        return TRUE;
    }

  return FALSE;
}

/* Where a cleanup is in a circle because it is one, the dependencies alone don't explain it. */
static void
explain_cleanups (Check *self, const guint32 *nodes, guint n_nodes, GString *message)
{
  for (guint i = 0; i < n_nodes && self->fixture != NULL; i++)
    {
      guint32 fixture = self->fixture[nodes[i]];

      if (fixture == NONE || depends_on (self->graph, nodes[i], nodes[(i + 1) % n_nodes]))
        continue;

      g_string_append_printf (message, " (\"%s\" cleans up \"%s\", and so waits for all that use it)",
                              dagsched_test_get_name (dagsched_graph_peek_test (self->graph, nodes[i])),
                              dagsched_test_get_name (dagsched_graph_peek_test (self->graph, fixture)));
      return;
    }
}

static void
add_cycle (const guint32 *nodes, guint n_nodes, gpointer user_data)
{
  Check *self = user_data;
  DagschedTest *start = dagsched_graph_peek_test (self->graph, nodes[0]);
  g_autofree char *place = dup_place (start);
  g_autoptr (GString) message = g_string_new (place);

  g_string_append (message,
                   n_nodes == 1 ? "a test depends on itself: " : "tests wait for each other in a circle: ");
  for (guint i = 0; i < n_nodes; i++)
    {
      if (n_nodes > MAX_SHOWN && i == MAX_SHOWN / 2)
        {
          i = n_nodes - MAX_SHOWN / 2;
          g_string_append_printf (message, "… (%u more) → ", n_nodes - MAX_SHOWN);
        }
      g_string_append (message, dagsched_test_get_name (dagsched_graph_peek_test (self->graph, nodes[i])));
      g_string_append (message, " → ");
    }
  g_string_append (message, dagsched_test_get_name (start));
  explain_cleanups (self, nodes, n_nodes, message);

  add_problem (self, DAGSCHED_ERROR_CYCLE, "%s", message->str);
}

static void
check_cycles (Check *self)
{
  DagschedDigraph digraph;

  collect_dependencies (self->graph, &digraph);
  if (self->fixture != NULL)
    add_cleanup_edges (self, &digraph);
  dagsched_digraph_foreach_cycle (&digraph, add_cycle, self);
  dagsched_digraph_clear (&digraph);
}

GPtrArray *
dagsched_graph_check (DagschedGraph *self)
{
  Check check = { .graph = self };

  check.problems = g_ptr_array_new_with_free_func ((GDestroyNotify) g_error_free);

  dagsched_graph_resolve (self);
  check_names (&check);
  check_fixtures (&check);
  check_resources (&check);
  check_cycles (&check);

  g_free (check.is_fixture);
  g_free (check.cleanup);
  g_free (check.fixture);

  return check.problems;
}

/**
 * dagsched_graph_list_problems:
 * @self: a graph
 *
 * Lists all that is wrong with a graph, one message each: dependencies and cleanups that no test is
 * named like, cleanups of more than one fixture, resources that are not declared or of which there is
 * not enough, and circles, of each strongly connected part the shortest.
 *
 * Returns: (transfer full) (array zero-terminated=1): the messages; an empty list if the graph is valid
 *
 * Since: 1.0
 */
char **
dagsched_graph_list_problems (DagschedGraph *self)
{
  g_autoptr (GPtrArray) problems = NULL;
  char **messages;

  g_return_val_if_fail (DAGSCHED_IS_GRAPH (self), NULL);

  problems = dagsched_graph_check (self);
  messages = g_new0 (char *, problems->len + 1);
  for (guint i = 0; i < problems->len; i++)
    messages[i] = g_strdup (((GError *) g_ptr_array_index (problems, i))->message);

  return messages;
}

/**
 * dagsched_graph_validate:
 * @self: a graph
 * @error: return location for an error
 *
 * Checks whether the graph can be run. The error has the code of the first problem, and the messages of
 * all, a line each; see [method@Dagsched.Graph.list_problems].
 *
 * Errors: %DAGSCHED_ERROR_UNKNOWN_TEST, %DAGSCHED_ERROR_CYCLE, %DAGSCHED_ERROR_RESOURCE, and
 * %DAGSCHED_ERROR_FAILED for a cleanup of more than one fixture.
 *
 * Returns: whether the graph is valid
 *
 * Since: 1.0
 */
gboolean
dagsched_graph_validate (DagschedGraph *self, GError **error)
{
  g_autoptr (GPtrArray) problems = NULL;
  g_autoptr (GString) messages = NULL;

  g_return_val_if_fail (DAGSCHED_IS_GRAPH (self), FALSE);

  problems = dagsched_graph_check (self);
  if (problems->len == 0)
    return TRUE;

  messages = g_string_new (NULL);
  for (guint i = 0; i < problems->len; i++)
    g_string_append_printf (messages, "%s%s", i > 0 ? "\n" : "",
                            ((GError *) g_ptr_array_index (problems, i))->message);
  g_set_error_literal (error, DAGSCHED_ERROR, ((GError *) g_ptr_array_index (problems, 0))->code,
                       messages->str);

  return FALSE;
}
