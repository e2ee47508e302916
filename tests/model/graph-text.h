/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <dagsched.h>

/* Graphs in a line: "a b<a c<b*<a!" declares three tests; c waits for b always and for a's failure.
 * "f[c]" is a fixture that c cleans up, "f[]" one without cleanup. Dependencies may come before what
 * they name. A test may be named again, with further dependencies. */

static inline DagschedOutcome
graph_text_pass (DagschedFuncTest *test, GCancellable *cancellable, gpointer user_data, GError **error)
{
  return DAGSCHED_OUTCOME_PASSED;
}

static inline DagschedTest *
graph_text_add (DagschedGraph *graph, const char *name)
{
  g_autoptr (DagschedTest) test = DAGSCHED_TEST (dagsched_func_test_new (name, graph_text_pass, NULL, NULL));
  g_autoptr (GError) error = NULL;
  gboolean added = dagsched_graph_add_test (graph, test, &error);

  g_assert_no_error (error);
  g_assert_true (added);

  return test; /* the graph holds it */
}

static inline DagschedTest *
graph_text_declare (DagschedGraph *graph, char *name)
{
  char *cleanup = strchr (name, '[');
  DagschedTest *test;

  if (cleanup != NULL)
    {
      *cleanup++ = '\0';
      *strchr (cleanup, ']') = '\0';
    }

  test = dagsched_graph_lookup (graph, name);
  if (test == NULL)
    test = graph_text_add (graph, name);
  if (cleanup != NULL)
    dagsched_test_set_fixture (test, TRUE);
  if (cleanup != NULL && *cleanup != '\0')
    dagsched_test_set_cleanup (test, cleanup);

  return test;
}

static inline void
graph_text_depend (DagschedGraph *graph, DagschedTest *test, char *name)
{
  DagschedCondition condition = DAGSCHED_CONDITION_SUCCESS;
  char *last = name + strlen (name) - 1;

  if (*last == '*')
    condition = DAGSCHED_CONDITION_ALWAYS;
  else if (*last == '!')
    condition = DAGSCHED_CONDITION_FAILURE;
  if (condition != DAGSCHED_CONDITION_SUCCESS)
    *last = '\0';
  dagsched_graph_add_dependency_by_name (graph, test, name, condition, NULL);
}

static inline DagschedGraph *
graph_text_parse (const char *text)
{
  DagschedGraph *graph = dagsched_graph_new ("suite");
  g_auto (GStrv) words = g_strsplit (text, " ", -1);

  for (guint i = 0; words[i] != NULL; i++)
    {
      g_auto (GStrv) parts = g_strsplit (words[i], "<", -1);
      DagschedTest *test = graph_text_declare (graph, parts[0]);

      for (guint j = 1; parts[j] != NULL; j++)
        graph_text_depend (graph, test, parts[j]);
    }

  return graph;
}
