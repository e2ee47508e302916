/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "source-fixture.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>
#include <string.h>

static DagschedTest *
look_up (DagschedGraph *graph, const char *name)
{
  DagschedTest *test = dagsched_graph_lookup (graph, name);

  g_assert_nonnull (test);

  return test;
}

static void
assert_strv (const char *const *strv, const char *expected)
{
  g_autofree char *joined = g_strjoinv ("|", (char **) strv);

  g_assert_cmpstr (joined, ==, expected);
}

static void
test_members (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = fixture_write (
    fixture, "dagsched.json",
    "{\"dagsched\": 1, \"name\": \"n\", \"resources\": {\"db\": 4, \"gpu\": 1}, \"tests\": ["
    "{\"name\": \"a\", \"command\": [\"./run\", \"x\"], \"suites\": [\"s\", \"t\"], \"labels\": [\"l\"], "
    "\"priority\": -3,"
    " \"timeout\": 1.5, \"grace\": 2, \"slow-after\": 3, \"retries\": 4, \"retry-delay\": 0.5, \"slots\": "
    "\"all\","
    " \"exclusive\": true, \"expected-failure\": true, \"disabled\": \"why\", \"weight\": 6, \"fixture\": "
    "{\"cleanup\": \"b\"},"
    " \"resources\": {\"db\": 2, \"gpu\": \"all\"}, \"group\": {\"phase\": \"A\"}, \"env\": {\"V\": \"w\"},"
    " \"unset-env\": [\"U\"], \"workdir\": \"sub\", \"protocol\": \"tap\", \"skip-code\": 9, "
    "\"stop-signal\": \"SIGINT\","
    " \"output-limit\": \"2K\"},"
    "{\"name\": \"b\", \"command\": [\"bin/run\"], \"depends\": [\"a\", {\"test\": \"c\", \"when\": "
    "\"failure\"}]},"
    "{\"name\": \"c\", \"command\": [\"../up\"]}]}");
  g_autoptr (GError) error = NULL;
  g_autoptr (DagschedGraph) graph = fixture_load (fixture, "dagsched.json", &error);
  g_autofree char *program = fixture_path (fixture, "run");
  g_autofree char *workdir = fixture_path (fixture, "sub");
  g_autofree char *origin = g_strconcat (path, ": tests[0]", NULL);
  g_autofree char *command = g_strconcat (program, "|x", NULL);
  DagschedCommandTest *a, *b;
  DagschedTest *test;
  DagschedCondition condition;

  g_assert_no_error (error);
  g_assert_cmpstr (dagsched_graph_get_name (graph), ==, "n");
  g_assert_cmpuint (dagsched_resource_get_capacity (dagsched_graph_lookup_resource (graph, "db")), ==, 4);

  test = look_up (graph, "a");
  a = DAGSCHED_COMMAND_TEST (test);
  g_assert_cmpstr (dagsched_test_get_origin (test), ==, origin);
  assert_strv (dagsched_command_test_get_argv (a), command);
  assert_strv (dagsched_test_get_suites (test), "s|t");
  assert_strv (dagsched_test_get_labels (test), "l");
  g_assert_cmpint (dagsched_test_get_priority (test), ==, -3);
  g_assert_cmpfloat (dagsched_test_get_timeout (test), ==, 1.5);
  g_assert_cmpfloat (dagsched_test_get_grace (test), ==, 2);
  g_assert_cmpfloat (dagsched_test_get_slow_after (test), ==, 3);
  g_assert_cmpint (dagsched_test_get_retries (test), ==, 4);
  g_assert_cmpfloat (dagsched_test_get_retry_delay (test), ==, 0.5);
  g_assert_cmpuint (dagsched_test_get_slots (test), ==, DAGSCHED_ALL);
  g_assert_true (dagsched_test_get_exclusive (test));
  g_assert_true (dagsched_test_get_expected_failure (test));
  g_assert_cmpstr (dagsched_test_get_disabled (test), ==, "why");
  g_assert_cmpfloat (dagsched_test_get_weight (test), ==, 6);
  g_assert_true (dagsched_test_get_fixture (test));
  g_assert_cmpstr (dagsched_test_get_cleanup (test), ==, "b");
  g_assert_cmpuint (dagsched_test_get_requirement (test, "db"), ==, 2);
  g_assert_cmpuint (dagsched_test_get_requirement (test, "gpu"), ==, DAGSCHED_ALL);
  g_assert_cmpstr (dagsched_test_get_group (test, "phase"), ==, "A");
  assert_strv (dagsched_command_test_get_env (a), "V=w");
  assert_strv (dagsched_command_test_get_unset_env (a), "U");
  g_assert_cmpstr (dagsched_command_test_get_workdir (a), ==, workdir);
  g_assert_cmpint (dagsched_command_test_get_protocol (a), ==, DAGSCHED_PROTOCOL_TAP);
  g_assert_cmpint (dagsched_command_test_get_skip_code (a), ==, 9);
  g_assert_cmpint (dagsched_command_test_get_stop_signal (a), ==, SIGINT);
  g_assert_cmpuint (dagsched_command_test_get_output_limit (a), ==, 2048);

  /* What is said by saying nothing; and a program with a slash is relative to the working directory. */
  test = look_up (graph, "b");
  b = DAGSCHED_COMMAND_TEST (test);
  g_assert_cmpfloat (dagsched_test_get_timeout (test), ==, 300);
  g_assert_cmpstr (dagsched_command_test_get_workdir (b), ==, fixture->directory);
  assert_strv (dagsched_command_test_get_argv (b), "bin/run");
  g_assert_cmpuint (dagsched_graph_get_n_dependencies (graph, test), ==, 2);
  g_assert_true (dagsched_graph_get_dependency (graph, test, 1, &condition) == look_up (graph, "c"));
  g_assert_cmpint (condition, ==, DAGSCHED_CONDITION_FAILURE);
}

static void
test_defaults (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path G_GNUC_UNUSED =
    fixture_write (fixture, "x.json",
                   "{\"dagsched\": 1, \"resources\": {\"r\": 3, \"q\": 1}, \"defaults\": {\"timeout\": 60, "
                   "\"env\": {\"A\": \"1\", \"B\": \"2\"},"
                   " \"suites\": [\"all\"], \"resources\": {\"r\": 1}, \"group\": {\"g\": \"x\"}, "
                   "\"disabled\": \"off\"}, \"tests\": ["
                   "{\"name\": \"plain\", \"command\": [\"true\"]},"
                   "{\"name\": \"own\", \"command\": [\"true\"], \"timeout\": 1, \"env\": {\"B\": \"3\", "
                   "\"C\": \"4\"}, \"suites\": [\"own\"],"
                   " \"resources\": {\"q\": 1, \"r\": 0}, \"group\": {\"h\": \"y\"}, \"disabled\": false}]}");
  g_autoptr (GError) error = NULL;
  g_autoptr (DagschedGraph) graph = fixture_load (fixture, "x.json", &error);
  DagschedTest *plain, *own;

  g_assert_no_error (error);
  g_assert_cmpstr (dagsched_graph_get_name (graph), ==, "x");

  plain = look_up (graph, "plain");
  g_assert_cmpfloat (dagsched_test_get_timeout (plain), ==, 60);
  assert_strv (dagsched_command_test_get_env (DAGSCHED_COMMAND_TEST (plain)), "A=1|B=2");
  assert_strv (dagsched_test_get_suites (plain), "all");
  g_assert_cmpuint (dagsched_test_get_requirement (plain, "r"), ==, 1);
  g_assert_cmpstr (dagsched_test_get_disabled (plain), ==, "off");

  own = look_up (graph, "own");
  g_assert_cmpfloat (dagsched_test_get_timeout (own), ==, 1);
  assert_strv (dagsched_command_test_get_env (DAGSCHED_COMMAND_TEST (own)), "A=1|B=3|C=4");
  assert_strv (dagsched_test_get_suites (own), "own");
  g_assert_cmpuint (dagsched_test_get_requirement (own, "r"), ==, 0);
  g_assert_cmpuint (dagsched_test_get_requirement (own, "q"), ==, 1);
  g_assert_cmpstr (dagsched_test_get_group (own, "g"), ==, "x");
  g_assert_cmpstr (dagsched_test_get_group (own, "h"), ==, "y");
  g_assert_null (dagsched_test_get_disabled (own));
}

/* A file that two others include is read once; its defaults are its own; its paths are relative to it. */
static void
test_include (Fixture *fixture, gconstpointer data)
{
  g_autofree char *top G_GNUC_UNUSED =
    fixture_write (fixture, "dagsched.json",
                   "{\"dagsched\": 1, \"name\": \"top\", \"resources\": {\"r\": 1}, \"defaults\": "
                   "{\"timeout\": 7}, \"include\": [\"sub/a.json\", \"b.json\"],"
                   " \"tests\": [{\"name\": \"top\", \"command\": [\"true\"], \"depends\": [\"shared\"]}]}");
  g_autofree char *a G_GNUC_UNUSED =
    fixture_write (fixture, "sub/a.json",
                   "{\"dagsched\": 1, \"name\": \"a\", \"resources\": {\"r\": 1}, \"defaults\": "
                   "{\"timeout\": 8}, \"include\": [\"../shared.json\"],"
                   " \"tests\": [{\"name\": \"a\", \"command\": [\"./a\"], \"depends\": [\"top\"]}]}");
  g_autofree char *b G_GNUC_UNUSED =
    fixture_write (fixture, "b.json",
                   "{\"dagsched\": 1, \"include\": [\"./sub/../shared.json\"],"
                   " \"tests\": [{\"name\": \"b\", \"command\": [\"true\"]}]}");
  g_autofree char *shared G_GNUC_UNUSED =
    fixture_write (fixture, "shared.json",
                   "{\"dagsched\": 1, \"tests\": [{\"name\": \"shared\", \"command\": [\"true\"]}]}");
  g_autoptr (GError) error = NULL;
  g_autoptr (DagschedGraph) graph = fixture_load (fixture, "", &error);
  g_autofree char *program = fixture_path (fixture, "sub/a");

  g_assert_no_error (error);
  g_assert_true (dagsched_graph_validate (graph, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (dagsched_graph_get_name (graph), ==, "top");
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (graph)), ==, 4);
  g_assert_cmpfloat (dagsched_test_get_timeout (look_up (graph, "top")), ==, 7);
  g_assert_cmpfloat (dagsched_test_get_timeout (look_up (graph, "a")), ==, 8);
  g_assert_cmpfloat (dagsched_test_get_timeout (look_up (graph, "b")), ==, 300);
  assert_strv (dagsched_command_test_get_argv (DAGSCHED_COMMAND_TEST (look_up (graph, "a"))), program);
  g_assert_true (dagsched_graph_get_dependency (graph, look_up (graph, "a"), 0, NULL) ==
                 look_up (graph, "top"));
}

static void
test_include_circle (Fixture *fixture, gconstpointer data)
{
  g_autofree char *a G_GNUC_UNUSED =
    fixture_write (fixture, "a.json", "{\"dagsched\": 1, \"include\": [\"sub/b.json\"]}");
  g_autofree char *b G_GNUC_UNUSED =
    fixture_write (fixture, "sub/b.json", "{\"dagsched\": 1, \"include\": [\"c.json\"]}");
  g_autofree char *c G_GNUC_UNUSED =
    fixture_write (fixture, "sub/c.json", "{\"dagsched\": 1, \"include\": [\"b.json\"]}");
  g_autoptr (GError) error = NULL;
  g_autoptr (DagschedGraph) graph = fixture_load (fixture, "a.json", &error);

  g_assert_null (graph);
  fixture_assert_error (
    fixture, error, DAGSCHED_ERROR_PARSE,
    "sub/c.json: files include each other in a circle: sub/b.json → sub/c.json → sub/b.json");
}

/* Everything that is wrong, of all the files. */
static void
test_include_problems (Fixture *fixture, gconstpointer data)
{
  g_autofree char *a G_GNUC_UNUSED =
    fixture_write (fixture, "a.json",
                   "{\"dagsched\": 1, \"include\": [\"b.json\", \"none.json\", \"c.json\"],"
                   " \"resources\": {\"r\": 1}, \"tests\": [{\"name\": \"x\", \"command\": [\"true\"]}]}");
  g_autofree char *b G_GNUC_UNUSED =
    fixture_write (fixture, "b.json",
                   "{\"dagsched\": 1, \"resources\": {\"r\": 2}, \"tests\": [{\"name\": "
                   "\"x\", \"command\": [\"true\"], \"grace\": \"\"}]}");
  g_autofree char *c G_GNUC_UNUSED = fixture_write (fixture, "c.json", "{\"dagsched\": 1");
  g_autoptr (GError) error = NULL;
  g_autoptr (DagschedGraph) graph = fixture_load (fixture, "a.json", &error);

  g_assert_null (graph);
  fixture_assert_error (
    fixture, error, DAGSCHED_ERROR_RESOURCE,
    "b.json: resources.r: has capacity 2 here, but was declared with 1 before\n"
    "b.json: tests[0].grace: expected seconds (a number ≥ 0), found a string\n"
    "a.json: include[1]: there is no file \"none.json\" (it is relative to the file that includes it)\n"
    "c.json:1:15: the file ends inside the object that begins at 1:1: is it truncated?\n"
    "a.json: tests[0].name: another test is named \"x\" already: b.json: tests[0]");
}

static void
test_include_depth (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (DagschedGraph) graph = NULL;

  for (int i = 0; i < 100; i++)
    {
      g_autofree char *name = g_strdup_printf ("%d.json", i);
      g_autofree char *content = g_strdup_printf ("{\"dagsched\": 1, \"include\": [\"%d.json\"]}", i + 1);
      g_autofree char *path G_GNUC_UNUSED = fixture_write (fixture, name, content);
    }
  graph = fixture_load (fixture, "0.json", &error);
  g_assert_null (graph);
  fixture_assert_error (fixture, error, DAGSCHED_ERROR_PARSE,
                        "63.json: include[0]: files include each other more than 64 deep");
}

/* The parser would overflow its stack on it. */
static void
test_deep (Fixture *fixture, gconstpointer data)
{
  const gsize n = 1000000;
  GString *text = g_string_new ("{\"dagsched\":");
  g_autofree char *content = NULL;
  g_autofree char *path = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (DagschedGraph) graph = NULL;

  for (gsize i = 0; i < n; i++)
    g_string_append_c (text, '[');
  content = g_string_free (text, FALSE);
  path = fixture_write (fixture, "deep.json", content);
  graph = fixture_load (fixture, "deep.json", &error);
  g_assert_null (graph);
  fixture_assert_error (fixture, error, DAGSCHED_ERROR_PARSE,
                        "deep.json:1:76: objects and arrays are nested more than 64 deep");
}

static void
test_too_large (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = fixture_write (fixture, "dagsched.json", "{\"dagsched\": 1}");
  g_autoptr (GError) error = NULL;
  g_autoptr (DagschedGraph) graph = NULL;

  /* It has a hole: no disk is filled. */
  g_assert_cmpint (truncate (path, ((goffset) 1 << 30) + 1), ==, 0);
  graph = fixture_load (fixture, "dagsched.json", &error);
  g_assert_null (graph);
  fixture_assert_error (fixture, error, DAGSCHED_ERROR_PARSE,
                        "dagsched.json: is larger than 1 GiB: split it, and name the parts in \"include\"");
}

/* A hundred megabytes that are no manifest, and as many that are. */
static void
test_hundred_megabytes (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = NULL;
  g_autoptr (GString) text = g_string_new ("{\"dagsched\": 1, \"tests\": [");
  g_autoptr (GError) error = NULL;
  g_autoptr (DagschedGraph) graph = NULL;
  guint n = 0;

  if (!g_test_slow ())
    {
      g_test_skip ("takes long, and a gigabyte; -m slow runs it");
      return;
    }

  for (; text->len < 100000000; n++)
    g_string_append_printf (
      text, "%s{\"name\": \"test number %u\", \"command\": [\"true\"], \"labels\": [\"%0100u\"]}",
      n > 0 ? "," : "", n, n % 7);
  g_string_append (text, "]}");
  path = fixture_write (fixture, "dagsched.json", text->str);
  graph = fixture_load (fixture, "dagsched.json", &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (graph)), ==, n);
  g_clear_object (&graph);

  memset (text->str + 20, '[', text->len - 20);
  g_assert_true (g_file_set_contents (path, text->str, (gssize) text->len, NULL));
  graph = fixture_load (fixture, "dagsched.json", &error);
  g_assert_error (error, DAGSCHED_ERROR, DAGSCHED_ERROR_PARSE);
}

static void
test_not_regular (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = fixture_path (fixture, "dagsched.json");
  g_autoptr (GError) error = NULL;
  g_autoptr (DagschedGraph) graph = NULL;

  g_assert_cmpint (mkfifo (path, 0600), ==, 0);
  graph = fixture_load (fixture, "dagsched.json", &error);
  g_assert_null (graph);
  fixture_assert_error (fixture, error, DAGSCHED_ERROR_PARSE, "dagsched.json: is not a regular file");
}

static const char base[] =
  "{\"dagsched\": 1, \"tests\": ["
  "{\"name\": \"setup\", \"command\": [\"true\"]},"
  "{\"name\": \"db/a\", \"command\": [\"true\"], \"env\": {\"A\": \"1\", \"B\": \"2\"}, \"depends\": "
  "[\"other\"]},"
  "{\"name\": \"db/b\", \"command\": [\"true\"], \"timeout\": 9, \"disabled\": \"slow\"},"
  "{\"name\": \"other\", \"command\": [\"true\"]}]}";

static void
test_overrides (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path G_GNUC_UNUSED = fixture_write (fixture, "dagsched.json", base);
  g_autofree char *overrides = fixture_write (
    fixture, "sub/overrides.json",
    "{\"dagsched-overrides\": 1, \"resources\": {\"r\": 2}, \"tests\": {"
    "\"*\": {\"depends\": [{\"test\": \"setup\", \"when\": \"always\"}], \"timeout\": 4},"
    "\"db/?\": {\"env\": {\"B\": \"3\"}, \"resources\": {\"r\": 1}, \"expected-failure\": true},"
    "\"db/b\": {\"timeout\": 5, \"disabled\": false, \"command\": [\"./b\"], \"workdir\": \".\"}}}");
  g_autoptr (GError) error = NULL;
  g_autoptr (DagschedGraph) graph = fixture_load (fixture, "dagsched.json", &error);
  g_autofree char *program = fixture_path (fixture, "sub/b");
  g_autofree char *workdir = fixture_path (fixture, "sub");
  DagschedTest *a, *b;

  g_assert_no_error (error);
  g_assert_true (dagsched_manifest_apply_overrides (overrides, graph, &error));
  g_assert_no_error (error);
  g_assert_true (dagsched_graph_validate (graph, &error));

  a = look_up (graph, "db/a");
  b = look_up (graph, "db/b");
  g_assert_cmpfloat (dagsched_test_get_timeout (a), ==, 4);
  g_assert_cmpfloat (dagsched_test_get_timeout (b), ==, 5);
  assert_strv (dagsched_command_test_get_env (DAGSCHED_COMMAND_TEST (a)), "A=1|B=3");
  g_assert_cmpuint (dagsched_test_get_requirement (b, "r"), ==, 1);
  g_assert_cmpuint (dagsched_test_get_requirement (look_up (graph, "other"), "r"), ==, 0);
  g_assert_true (dagsched_test_get_expected_failure (a));
  g_assert_null (dagsched_test_get_disabled (b));
  assert_strv (dagsched_command_test_get_argv (DAGSCHED_COMMAND_TEST (b)), program);
  g_assert_cmpstr (dagsched_command_test_get_workdir (DAGSCHED_COMMAND_TEST (b)), ==, workdir);

  /* It adds to what is there, and makes none depend on itself. */
  g_assert_cmpuint (dagsched_graph_get_n_dependencies (graph, a), ==, 2);
  g_assert_cmpuint (dagsched_graph_get_n_dependencies (graph, look_up (graph, "setup")), ==, 0);
}

static DagschedOutcome
pass (DagschedFuncTest *test, GCancellable *cancellable, gpointer user_data, GError **error)
{
  return DAGSCHED_OUTCOME_PASSED;
}

static void
test_overrides_of_functions (Fixture *fixture, gconstpointer data)
{
  g_autofree char *overrides = fixture_write (
    fixture, "o.json",
    "{\"dagsched-overrides\": 1, \"tests\": {\"f\": {\"timeout\": 4}, \"?\": {\"env\": {\"A\": \"1\"}}}}");
  g_autoptr (DagschedGraph) graph = dagsched_graph_new ("functions");
  g_autoptr (DagschedFuncTest) test = dagsched_func_test_new ("f", pass, NULL, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_true (dagsched_graph_add_test (graph, DAGSCHED_TEST (test), NULL));
  g_assert_false (dagsched_manifest_apply_overrides (overrides, graph, &error));
  fixture_assert_error (fixture, error, DAGSCHED_ERROR_PARSE,
                        "o.json: tests[\"?\"].env: test \"f\" is not carried out by a command");
}

/* What a program has made, and not a manifest: it says what can't be said in one. */
static void
test_write (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DagschedGraph) graph = dagsched_graph_new ("made");
  g_autoptr (DagschedCommandTest) command =
    dagsched_command_test_new ("c", (const char *const[]){ "./relative", "x", NULL });
  g_autoptr (DagschedFuncTest) function = dagsched_func_test_new ("f", pass, NULL, NULL);
  g_autoptr (DagschedCommandTest) defective =
    dagsched_command_test_new ("d", (const char *const[]){ "true", NULL });
  g_autoptr (DagschedCommandTest) latin =
    dagsched_command_test_new ("l", (const char *const[]){ "true", "caf\xe9", NULL });
  g_autoptr (DagschedGraph) again = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  g_autofree char *path = NULL;
  g_autofree char *program = fixture_path (fixture, "relative");
  g_autofree char *command_line = g_strconcat (program, "|x", NULL);

  dagsched_command_test_set_workdir (command, fixture->directory);
  g_assert_true (dagsched_graph_add_test (graph, DAGSCHED_TEST (command), NULL));
  text = dagsched_manifest_from_graph (graph, &error);
  g_assert_no_error (error);
  path = fixture_write (fixture, "elsewhere/dagsched.json", text);
  again = fixture_load (fixture, "elsewhere", &error);
  g_assert_no_error (error);
  g_assert_cmpstr (dagsched_graph_get_name (again), ==, "made");
  assert_strv (dagsched_command_test_get_argv (DAGSCHED_COMMAND_TEST (look_up (again, "c"))), command_line);
  g_assert_cmpfloat (dagsched_test_get_timeout (look_up (again, "c")), ==, 0);

  dagsched_test_set_defect (DAGSCHED_TEST (defective), "no such protocol");
  g_assert_true (dagsched_graph_add_test (graph, DAGSCHED_TEST (function), NULL));
  g_assert_true (dagsched_graph_add_test (graph, DAGSCHED_TEST (defective), NULL));
  g_assert_true (dagsched_graph_add_test (graph, DAGSCHED_TEST (latin), NULL));
  g_assert_null (dagsched_manifest_from_graph (graph, &error));
  fixture_assert_error (fixture, error, DAGSCHED_ERROR_FAILED,
                        "test \"f\" can't be written in a manifest: it is not carried out by a command\n"
                        "test \"d\" can't be written in a manifest: no such protocol\n"
                        "test \"l\" can't be written in a manifest: \"caf\xef\xbf\xbd\" is not valid UTF-8");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD_CASE ("/manifest/members", test_members);
  ADD_CASE ("/manifest/defaults", test_defaults);
  ADD_CASE ("/manifest/include", test_include);
  ADD_CASE ("/manifest/include/circle", test_include_circle);
  ADD_CASE ("/manifest/include/problems", test_include_problems);
  ADD_CASE ("/manifest/include/depth", test_include_depth);
  ADD_CASE ("/manifest/deep", test_deep);
  ADD_CASE ("/manifest/too-large", test_too_large);
  ADD_CASE ("/manifest/hundred-megabytes", test_hundred_megabytes);
  ADD_CASE ("/manifest/not-regular", test_not_regular);
  ADD_CASE ("/manifest/overrides", test_overrides);
  ADD_CASE ("/manifest/overrides/of-functions", test_overrides_of_functions);
  ADD_CASE ("/manifest/write", test_write);

  return g_test_run ();
}
