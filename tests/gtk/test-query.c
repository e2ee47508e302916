/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "list/dagsched-gtk-test-order-private.h"
#include "list/dagsched-gtk-test-query-private.h"
#include "sample-log.h"

/* What is typed to find tests; without a display. */

static guint
count_matches (DagschedGtkRunTable *table, const char *text)
{
  g_autoptr (DagschedGtkTestQuery) query = dagsched_gtk_test_query_new (text);
  guint n = 0;

  for (guint i = 0; i < table->n_tests; i++)
    n += dagsched_gtk_test_query_matches (query, table, i);

  return n;
}

static DagschedGtkRunTable *
create_table (void)
{
  g_autoptr (DagschedRunLog) log = sample_log_new_small ();

  dagsched_run_log_replay (log);
  return dagsched_gtk_run_table_get (DAGSCHED_RUN (log));
}

static void
test_terms (void)
{
  static const struct
  {
    const char *text;
    guint n;
  } cases[] = {
    { "", 28 },
    { "   ", 28 },
    { "api", 6 },
    { "API", 6 },
    { "api up", 1 },
    { "up api", 1 },
    { "\"api/up\"", 1 },
    { "\"api up\"", 0 },
    { "\"api", 6 },
    { "-api", 22 },
    { "!api", 22 },
    { "-", 28 },
    { "name:api", 6 },
    { "name:api,db", 9 },
    { "suite:db", 3 },
    { "SUITE:DB", 3 },
    { "suite:db -drop", 2 },
    { "-suite:db,api", 17 },
    { "label:x", 0 },
    { "outcome:failed", 1 },
    { "outcome:fail", 1 },
    { "outcome:failed,timed-out", 2 },
    { "outcome:FAILED,", 1 },
    { "is:failure", 4 },
    { "is:success", 18 },
    { "is:flaky", 1 },
    { "is:leaked", 0 },
    { "-is:success", 10 },
    { "state:finished", 28 },
    { "state:running", 0 },
    { "duration:>4s", 3 },
    { "duration:>4s duration:<6s", 1 },
    { "duration:4s..6s", 1 },
    { "duration:<20ms", 4 },
    { "duration:<1h", 24 },
    { "duration:>0.1min", 2 },
    { "attempts:2", 1 },
    { "attempts:>1", 1 },
    { "attempts:0", 4 },
    { "worker:0", 14 },
    { "worker:1", 10 },
    { "worker:0..1", 24 },
    { "worker:<=0", 14 },
    { "worker:7", 0 },
    { "a::b", 0 },
    { "outcome:", 28 },
    { "outcome:nonsense", 28 },
    { "duration:1s", 28 },
    { "worker:x", 28 },
    { "ÄÖ", 0 },
  };
  g_autoptr (DagschedGtkRunTable) table = create_table ();

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      guint n = count_matches (table, cases[i].text);

      if (n != cases[i].n)
        {
          g_test_message ("“%s” matches %u tests, and should match %u", cases[i].text, n, cases[i].n);
          g_test_fail ();
        }
    }
}

static void
test_problems (void)
{
  static const struct
  {
    const char *text;
    const char *problem; /* NULL: none */
  } cases[] = {
    { "api", NULL },
    { "outcome:failed", NULL },
    { "a::b", NULL },
    { "c:\\x",
      "Looking for names with “c:\\x”, as there is no “c:”. There are name, suite, label, outcome, state, "
      "is, worker, attempts, duration." },
    { "outcom:failed",
      "Looking for names with “outcom:failed”, as there is no “outcom:”. Did you mean “outcome:”?" },
    { "outcome:faild", "“outcome:” does not know “faild”. Did you mean “failed”?" },
    { "state:", "“state:” may be followed by pending, ready, running, finished." },
    { "is:green",
      "“is:” does not know “green”. It may be followed by flaky, leaked, truncated, failure, success." },
    { "duration:", "“duration:” is followed by a comparison with a unit: >1s, <100ms, 1s..5s." },
    { "duration:>1kg",
      "“duration:” does not understand “>1kg”. “duration:” is followed by a comparison with a "
      "unit: >1s, <100ms, 1s..5s." },
    { "attempts:many", "“attempts:” does not understand “many”. “attempts:” is followed by a number, or by a "
                       "comparison: 2, >1." },
    { "worker:-1",
      "“worker:” does not understand “-1”. “worker:” is followed by a number, or by a comparison: 3, "
      "0..3." },
    { "worker:nan",
      "“worker:” does not understand “nan”. “worker:” is followed by a number, or by a comparison: "
      "3, 0..3." },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (DagschedGtkTestQuery) query = dagsched_gtk_test_query_new (cases[i].text);

      g_assert_cmpstr (dagsched_gtk_test_query_get_problem (query), ==, cases[i].problem);
    }
}

static void
test_hints (void)
{
  static const struct
  {
    const char *text;
    const char *hint;
  } cases[] = {
    { "suite:ap", NULL },
    { "suite:apj", "No suite has “apj” in its name. Did you mean “api”?" },
    { "suite:xyzzyplugh", "No suite has “xyzzyplugh” in its name." },
    { "label:slow", "No test has a label." },
    { "nothing", NULL },
  };
  g_autoptr (DagschedGtkRunTable) table = create_table ();

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (DagschedGtkTestQuery) query = dagsched_gtk_test_query_new (cases[i].text);
      g_autofree char *hint = dagsched_gtk_test_query_dup_hint (query, table);

      g_assert_cmpstr (hint, ==, cases[i].hint);
    }
}

static void
test_live (void)
{
  static const char *const live[] = { "outcome:failed", "api state:running", "-duration:>1s" };
  static const char *const still[] = { "", "api", "suite:api", "-label:x" };

  for (guint i = 0; i < G_N_ELEMENTS (live); i++)
    {
      g_autoptr (DagschedGtkTestQuery) query = dagsched_gtk_test_query_new (live[i]);

      g_assert_true (dagsched_gtk_test_query_is_live (query));
    }
  for (guint i = 0; i < G_N_ELEMENTS (still); i++)
    {
      g_autoptr (DagschedGtkTestQuery) query = dagsched_gtk_test_query_new (still[i]);

      g_assert_false (dagsched_gtk_test_query_is_live (query));
    }
}

/* Whatever is typed, nothing breaks, and what is said is text. */
static void
test_anything (void)
{
  static const char letters[] = "-!\":,.<>=0123456789sm aedinoruw\xc3\xa4\xff%";
  g_autoptr (DagschedGtkRunTable) table = create_table ();
  g_autoptr (GRand) rand = g_rand_new_with_seed (7);

  for (guint i = 0; i < 20000; i++)
    {
      static const char *const keys[] = { "", "is:", "outcome:", "duration:>", "worker:", "suite:", "x:" };
      g_autoptr (GString) text = g_string_new (keys[g_rand_int_range (rand, 0, G_N_ELEMENTS (keys))]);
      g_autoptr (DagschedGtkTestQuery) query = NULL;
      g_autofree char *hint = NULL;
      int length = g_rand_int_range (rand, 0, 12);

      for (int j = 0; j < length; j++)
        g_string_append_c (text, letters[g_rand_int_range (rand, 0, sizeof letters - 1)]);
      query = dagsched_gtk_test_query_new (text->str);
      dagsched_gtk_test_query_matches (query, table, i % table->n_tests);
      hint = dagsched_gtk_test_query_dup_hint (query, table);
      g_assert_true (dagsched_gtk_test_query_get_problem (query) == NULL ||
                     g_utf8_validate (dagsched_gtk_test_query_get_problem (query), -1, NULL));
    }
}

static void
test_names (void)
{
  static const char *const sorted[] = {
    "", "A", "a", "a1", "a2", "a10", "a10b", "ab", "B", "x/2/y", "x/10/y"
  };

  for (guint i = 0; i < G_N_ELEMENTS (sorted); i++)
    for (guint j = 0; j < G_N_ELEMENTS (sorted); j++)
      {
        int order = dagsched_gtk_test_order_compare_names (sorted[i], sorted[j]);

        g_assert_cmpint (order > 0, ==, i > j);
        g_assert_cmpint (order < 0, ==, i < j);
      }
}

static void
check_order (DagschedGtkRunTable *table,
             DagschedGtkTestColumn column,
             gboolean is_descending,
             const char *first)
{
  g_autoptr (DagschedGtkTestOrder) order = dagsched_gtk_test_order_new ();
  guint32 numbers[28];
  gboolean is_there[28] = { FALSE };

  for (guint i = 0; i < 28; i++)
    numbers[i] = i;
  dagsched_gtk_test_order_sort (order, table, column, is_descending, numbers, 28);
  g_assert_cmpstr (dagsched_test_get_name (table->tests[numbers[0]]), ==, first);
  for (guint i = 0; i < 28; i++)
    is_there[numbers[i]] = TRUE;
  for (guint i = 0; i < 28; i++)
    g_assert_true (is_there[i]);
}

static void
test_order (void)
{
  g_autoptr (DagschedGtkRunTable) table = create_table ();

  check_order (table, DAGSCHED_GTK_TEST_COLUMN_STATE, FALSE, "subtitle/parse");
  check_order (table, DAGSCHED_GTK_TEST_COLUMN_STATE, TRUE, "db/create");
  check_order (table, DAGSCHED_GTK_TEST_COLUMN_NAME, FALSE, "api/busy-server");
  check_order (table, DAGSCHED_GTK_TEST_COLUMN_SUITES, FALSE, "server/start");
  check_order (table, DAGSCHED_GTK_TEST_COLUMN_DURATION, TRUE, "encode/av1");
  check_order (table, DAGSCHED_GTK_TEST_COLUMN_ATTEMPTS, TRUE, "api/busy-server");
  check_order (table, DAGSCHED_GTK_TEST_COLUMN_WORKER, TRUE, "api/busy-server");
  check_order (table, DAGSCHED_GTK_TEST_COLUMN_REASON, TRUE, "api/dump");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/query/terms", test_terms);
  g_test_add_func ("/query/problems", test_problems);
  g_test_add_func ("/query/hints", test_hints);
  g_test_add_func ("/query/live", test_live);
  g_test_add_func ("/query/anything", test_anything);
  g_test_add_func ("/order/names", test_names);
  g_test_add_func ("/order/columns", test_order);

  return g_test_run ();
}
