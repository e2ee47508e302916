/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <dagsched.h>

#include "plan/dagsched-plan-private.h"
#include "plan/dagsched-selection-private.h"

#include "../model/graph-text.h"

static DagschedTest *
test_new (const char *name, const char *suite, const char *other_suite)
{
  const char *const suites[] = { suite, other_suite, NULL };
  DagschedTest *test = DAGSCHED_TEST (dagsched_func_test_new (name, graph_text_pass, NULL, NULL));

  dagsched_test_set_suites (test, suites);

  return test;
}

static void
test_globs (void)
{
  g_autoptr (DagschedTest) upload = test_new ("api/upload", NULL, NULL), db = test_new ("db", NULL, NULL);
  g_autoptr (DagschedSelection) selection = dagsched_selection_new ();

  g_assert_true (dagsched_selection_matches (selection, upload));
  dagsched_selection_add_filter (selection, "api/*");
  g_assert_true (dagsched_selection_matches (selection, upload));
  g_assert_false (dagsched_selection_matches (selection, db));
  dagsched_selection_add_filter (selection, "d?");
  g_assert_true (dagsched_selection_matches (selection, db));
  g_assert_false (dagsched_selection_excludes (selection, upload));
  dagsched_selection_add_exclude (selection, "*load");
  g_assert_false (dagsched_selection_matches (selection, upload));
  g_assert_true (dagsched_selection_excludes (selection, upload));
}

static void
test_names (void)
{
  g_autoptr (DagschedGraph) graph = dagsched_graph_new (NULL);
  g_autoptr (DagschedTest) star = test_new ("a*", NULL, NULL), ab = test_new ("ab", NULL, NULL);
  g_autoptr (DagschedTest) b = test_new ("b", NULL, NULL);
  g_autoptr (DagschedSelection) selection = dagsched_selection_new ();
  g_auto (GStrv) unmatched = NULL;

  dagsched_graph_add_test (graph, star, NULL);
  dagsched_selection_add_name (selection, "a*");
  dagsched_selection_add_name (selection, "gone");
  g_assert_true (dagsched_selection_matches (selection, star));
  g_assert_false (dagsched_selection_matches (selection, ab));
  dagsched_selection_add_filter (selection, "b");
  g_assert_true (dagsched_selection_matches (selection, star));
  g_assert_true (dagsched_selection_matches (selection, b));
  dagsched_selection_add_exclude (selection, "a*");
  g_assert_false (dagsched_selection_matches (selection, star));

  unmatched = dagsched_selection_list_unmatched (selection, graph);
  g_assert_true (g_strv_contains ((const char *const *) unmatched, "no test is named \"gone\""));
  g_assert_cmpuint (g_strv_length (unmatched), ==, 2);
}

static void
assert_suite (DagschedTest *test, const char *suite, gboolean expected)
{
  g_autoptr (DagschedSelection) selection = dagsched_selection_new ();

  dagsched_selection_add_suite (selection, suite);
  g_assert_cmpint (dagsched_selection_matches (selection, test), ==, expected);
}

static void
test_suites (void)
{
  g_autoptr (DagschedTest) test = test_new ("a", "media:unit", "slow"), none = test_new ("b", NULL, NULL);

  assert_suite (test, "media:unit", TRUE);
  assert_suite (test, "unit", TRUE);
  assert_suite (test, "media", TRUE);
  assert_suite (test, "slow", TRUE);
  assert_suite (test, "med", FALSE);
  assert_suite (test, "media:", TRUE);
  assert_suite (test, ":unit", TRUE);
  assert_suite (test, ":slow", TRUE);
  assert_suite (test, "unit:", FALSE);
  assert_suite (test, ":media", FALSE);
  assert_suite (test, ":", FALSE);
  assert_suite (test, "", FALSE);
  assert_suite (test, "media:slow", FALSE);
  assert_suite (test, "uni", FALSE);
  assert_suite (none, "unit", FALSE);
}

static void
test_suites_and_filters (void)
{
  g_autoptr (DagschedTest) both = test_new ("a/1", "unit", NULL), name = test_new ("a/2", "other", NULL),
                           suite = test_new ("b", "unit", NULL);
  g_autoptr (DagschedSelection) selection = dagsched_selection_new ();

  dagsched_selection_add_filter (selection, "a/*");
  dagsched_selection_add_suite (selection, "unit");
  g_assert_true (dagsched_selection_matches (selection, both));
  g_assert_false (dagsched_selection_matches (selection, name));
  g_assert_false (dagsched_selection_matches (selection, suite));
  dagsched_selection_add_suite (selection, "other");
  g_assert_true (dagsched_selection_matches (selection, name));
}

static void
test_unmatched (void)
{
  g_autoptr (DagschedGraph) graph = dagsched_graph_new (NULL);
  g_autoptr (DagschedTest) test = test_new ("upload", "media:unit", NULL);
  g_autoptr (DagschedTest) seek = test_new ("player / seek", NULL, NULL);
  g_autoptr (DagschedSelection) selection = dagsched_selection_new ();
  g_autoptr (DagschedPlan) plan = NULL;
  const char *const expected[] = { "no test matches the filter \"uplaod\" (did you mean \"upload\"?)",
                                   "no test matches the filter \"seek\" (did you mean \"player / seek\"?)",
                                   "no test matches the filter \"eek\"",
                                   "no test matches the exclude \"xyzzy*\"",
                                   "no test is in the suite \"unti\" (did you mean \"unit\"?)",
                                   NULL };

  dagsched_graph_add_test (graph, test, NULL);
  dagsched_graph_add_test (graph, seek, NULL);
  dagsched_selection_add_filter (selection, "uplaod");
  dagsched_selection_add_filter (selection, "up*");
  dagsched_selection_add_filter (selection, "seek");
  dagsched_selection_add_filter (selection, "eek");
  dagsched_selection_add_exclude (selection, "xyzzy*");
  dagsched_selection_add_suite (selection, "unti");
  dagsched_selection_add_suite (selection, "media");
  plan = dagsched_plan_new (graph, selection, NULL);
  g_assert_cmpstrv (dagsched_plan_get_warnings (plan), expected);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (plan)), ==, 1);
}

static void
count (gpointer object, GParamSpec *pspec, gpointer user_data)
{
  (*(guint *) user_data)++;
}

static void
test_with_dependencies (void)
{
  g_autoptr (DagschedSelection) selection = dagsched_selection_new ();
  guint n = 0;

  g_signal_connect (selection, "notify::with-dependencies", G_CALLBACK (count), &n);
  g_assert_true (dagsched_selection_get_with_dependencies (selection));
  dagsched_selection_set_with_dependencies (selection, TRUE);
  g_object_set (selection, "with-dependencies", FALSE, NULL);
  g_assert_false (dagsched_selection_get_with_dependencies (selection));
  g_assert_cmpuint (n, ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/selection/globs", test_globs);
  g_test_add_func ("/selection/names", test_names);
  g_test_add_func ("/selection/suites", test_suites);
  g_test_add_func ("/selection/suites-and-filters", test_suites_and_filters);
  g_test_add_func ("/selection/unmatched", test_unmatched);
  g_test_add_func ("/selection/with-dependencies", test_with_dependencies);

  return g_test_run ();
}
