/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "source-fixture.h"

#include <glib/gstdio.h>
#include <string.h>

static const char meson_build[] =
  "project('meson-suite', 'c')\n"
  "program = executable('program', 'program.c', build_by_default: false)\n"
  "other = executable('other', 'program.c', build_by_default: false)\n"
  "unused = executable('unused', 'program.c', build_by_default: false)\n"
  "script = find_program('script.sh')\n"
  "test('plain', program)\n"
  "test('same', script, suite: 'a')\n"
  "test('same', script, suite: 'b')\n"
  "test('same', script, suite: 'a')\n"
  "test('both', script, suite: ['a', 'b'])\n"
  "e = environment()\n"
  "e.prepend('PATH', '/opt/x')\n"
  "e.prepend('XDG_DATA_DIRS', '/opt/y')\n"
  "e.set('FOO', 'b=r')\n"
  "test('env', script, env: e)\n"
  "test('workdir', script, workdir: meson.current_source_dir(), timeout: 0, priority: 7, is_parallel: "
  "false)\n"
  "test('set', script, env: ['MALLOC_PERTURB_=0', 'ASAN_OPTIONS=x'], timeout: 5)\n"
  "test('tap', script, protocol: 'tap', depends: other)\n"
  "test('g/test', program, protocol: 'gtest')\n"
  "test('rust', script, protocol: 'rust')\n";

static gboolean
spawn (const char *const *argv, char **output)
{
  g_autoptr (GSubprocess) process = g_subprocess_newv (argv, G_SUBPROCESS_FLAGS_STDOUT_PIPE, NULL);
  g_autofree char *text = NULL;

  if (process == NULL || !g_subprocess_communicate_utf8 (process, NULL, NULL, &text, NULL, NULL) ||
      !g_subprocess_get_successful (process))
    return FALSE;
  if (output != NULL)
    *output = g_steal_pointer (&text);

  return TRUE;
}

/* FALSE: skipped. */
static gboolean
set_up_project (Fixture *fixture)
{
  g_autofree char *meson = g_find_program_in_path ("meson");
  g_autofree char *ninja = g_find_program_in_path ("ninja");
  g_autofree char *source = fixture_path (fixture, "project");
  g_autofree char *build = fixture_path (fixture, "build");
  g_autofree char *a = NULL;
  g_autofree char *b = NULL;
  g_autofree char *c = NULL;

  if (meson == NULL || ninja == NULL)
    {
      g_test_skip ("meson and ninja are not installed");
      return FALSE;
    }

  a = fixture_write (fixture, "project/meson.build", meson_build);
  b = fixture_write (fixture, "project/program.c", "int\nmain (void)\n{\n  return 0;\n}\n");
  c = fixture_write (fixture, "project/script.sh", "#!/bin/sh\nexit 0\n");
  g_assert_cmpint (g_chmod (c, 0755), ==, 0);
  g_assert_true (spawn ((const char *const[]){ "meson", "setup", build, source, NULL }, NULL));

  return TRUE;
}

static DagschedTest *
look_up (DagschedGraph *graph, const char *name)
{
  DagschedTest *test = dagsched_graph_lookup (graph, name);

  g_assert_nonnull (test);

  return test;
}

static const char *
get_variable (DagschedTest *test, const char *name)
{
  return g_environ_getenv ((char **) dagsched_command_test_get_env (DAGSCHED_COMMAND_TEST (test)), name);
}

/* Named as `meson test` names them; the second of a name says so. */
static void
check_names (DagschedGraph *graph, const char *build)
{
  g_autofree char *listed = NULL;
  g_auto (GStrv) lines = NULL;
  GListModel *tests = G_LIST_MODEL (graph);

  g_assert_true (
    spawn ((const char *const[]){ "meson", "test", "-C", build, "--list", "--no-rebuild", NULL }, &listed));
  lines = g_strsplit (g_strchomp (listed), "\n", -1);
  g_assert_cmpuint (g_strv_length (lines), ==, g_list_model_get_n_items (tests));
  for (guint i = 0; lines[i] != NULL; i++)
    {
      g_autoptr (DagschedTest) test = g_list_model_get_item (tests, i);
      g_autofree char *name = g_strdup (dagsched_test_get_name (test));

      if (g_str_has_suffix (name, " #2"))
        name[strlen (name) - 3] = '\0';
      g_assert_cmpstr (name, ==, lines[i]);
    }
  look_up (graph, "meson-suite:a / same");
  look_up (graph, "meson-suite:a / same #2");
  look_up (graph, "meson-suite:b / same");
  look_up (graph, "meson-suite:a+b / both");
}

static void
check_settings (Fixture *fixture, DagschedGraph *graph)
{
  DagschedTest *test = look_up (graph, "meson-suite / workdir");
  g_autofree char *source = fixture_path (fixture, "project");
  g_autofree char *build = fixture_path (fixture, "build");
  g_autofree char *gtest_argument =
    g_strconcat ("--gtest_output=xml:", build, "/meson-suite _ g_test.xml", NULL);
  g_autofree char *suites = NULL;

  g_assert_cmpstr (dagsched_command_test_get_workdir (DAGSCHED_COMMAND_TEST (test)), ==, source);
  g_assert_cmpfloat (dagsched_test_get_timeout (test), ==, 0);
  g_assert_cmpint (dagsched_test_get_priority (test), ==, 7);
  g_assert_true (dagsched_test_get_exclusive (test));

  test = look_up (graph, "meson-suite:a+b / both");
  suites = g_strjoinv ("|", (char **) dagsched_test_get_suites (test));
  g_assert_cmpstr (suites, ==, "meson-suite:a|meson-suite:b");
  g_assert_cmpstr (dagsched_command_test_get_workdir (DAGSCHED_COMMAND_TEST (test)), ==, build);
  g_assert_cmpfloat (dagsched_test_get_timeout (test), ==, 30);
  g_assert_false (dagsched_test_get_exclusive (test));

  test = look_up (graph, "meson-suite / tap");
  g_assert_cmpint (dagsched_command_test_get_protocol (DAGSCHED_COMMAND_TEST (test)), ==,
                   DAGSCHED_PROTOCOL_TAP);
  /* They are what is to be built, not tests. */
  g_assert_cmpuint (dagsched_graph_get_n_dependencies (graph, test), ==, 0);

  test = look_up (graph, "meson-suite / g/test");
  g_assert_cmpstr (dagsched_command_test_get_argv (DAGSCHED_COMMAND_TEST (test))[1], ==, gtest_argument);
}

static void
check_environment (DagschedGraph *graph)
{
  g_autofree char *path = g_strconcat ("/opt/x:", g_getenv ("PATH"), NULL);
  DagschedTest *env = look_up (graph, "meson-suite / env");
  DagschedTest *set = look_up (graph, "meson-suite / set");
  gint64 perturb;

  g_assert_cmpstr (get_variable (env, "PATH"), ==, path);
  g_assert_cmpstr (get_variable (env, "XDG_DATA_DIRS"), ==, "/opt/y:/caller/share");
  g_assert_cmpstr (get_variable (env, "FOO"), ==, "b=r");
  g_assert_cmpstr (get_variable (env, "MESON_TEST_ITERATION"), ==, "1");
  g_assert_nonnull (strstr (get_variable (env, "ASAN_OPTIONS"), "abort_on_error=1"));
  g_assert_nonnull (strstr (get_variable (env, "UBSAN_OPTIONS"), "halt_on_error=1"));
  g_assert_null (get_variable (env, "TSAN_OPTIONS"));
  perturb = g_ascii_strtoll (get_variable (env, "MALLOC_PERTURB_"), NULL, 10);
  g_assert_cmpint (perturb, >=, 1);
  g_assert_cmpint (perturb, <=, 255);

  g_assert_cmpstr (get_variable (set, "MALLOC_PERTURB_"), ==, "0");
  g_assert_cmpstr (get_variable (set, "ASAN_OPTIONS"), ==, "x");
  g_assert_null (get_variable (set, "PATH"));
}

/* Of two tests, each needs another program; a third is needed by none. */
static void
check_rebuild (Fixture *fixture, DagschedSource *source, DagschedGraph *graph)
{
  g_autofree char *program = fixture_path (fixture, "build/program");
  g_autofree char *other = fixture_path (fixture, "build/other");
  g_autofree char *unused = fixture_path (fixture, "build/unused");
  g_autofree char *build = fixture_path (fixture, "build");
  g_autofree char *defect =
    g_strdup_printf ("%s is not built: run `ninja -C %s`, or use --rebuild", program, build);
  g_autoptr (GListStore) tests = g_list_store_new (DAGSCHED_TYPE_TEST);
  g_autoptr (DagschedGraph) again = dagsched_graph_new (NULL);
  g_autoptr (GError) error = NULL;

  g_assert_cmpstr (dagsched_test_get_defect (look_up (graph, "meson-suite / plain")), ==, defect);
  g_assert_null (dagsched_test_get_defect (look_up (graph, "meson-suite / tap")));

  g_list_store_append (tests, look_up (graph, "meson-suite / plain"));
  g_assert_true (dagsched_source_rebuild (source, G_LIST_MODEL (tests), &error));
  g_assert_no_error (error);
  g_assert_true (g_file_test (program, G_FILE_TEST_IS_EXECUTABLE));
  g_assert_false (g_file_test (other, G_FILE_TEST_EXISTS));

  g_list_store_append (tests, look_up (graph, "meson-suite / tap"));
  g_assert_true (dagsched_source_rebuild (source, G_LIST_MODEL (tests), &error));
  g_assert_true (g_file_test (other, G_FILE_TEST_IS_EXECUTABLE));
  g_assert_false (g_file_test (unused, G_FILE_TEST_EXISTS));

  g_assert_true (dagsched_source_load (source, again, &error));
  g_assert_null (dagsched_test_get_defect (look_up (again, "meson-suite / plain")));
}

static void
check_failing_build (Fixture *fixture, DagschedSource *source, DagschedGraph *graph)
{
  g_autofree char *path G_GNUC_UNUSED = fixture_write (fixture, "project/program.c", "this is not C\n");
  g_autofree char *build = fixture_path (fixture, "build");
  g_autofree char *message =
    g_strdup_printf ("`ninja -C %s program` failed with exit status 1: nothing was run", build);
  g_autoptr (GListStore) tests = g_list_store_new (DAGSCHED_TYPE_TEST);
  g_autoptr (GError) error = NULL;

  g_list_store_append (tests, look_up (graph, "meson-suite / plain"));
  g_assert_false (dagsched_source_rebuild (source, G_LIST_MODEL (tests), &error));
  g_assert_error (error, DAGSCHED_ERROR, DAGSCHED_ERROR_FAILED);
  g_assert_cmpstr (error->message, ==, message);
}

/* One project, because setting one up takes seconds. */
static void
test_project (Fixture *fixture, gconstpointer data)
{
  g_autofree char *build = fixture_path (fixture, "build");
  g_autoptr (DagschedGraph) graph = dagsched_graph_new (NULL);
  g_autoptr (DagschedSource) source = NULL;
  g_autoptr (GError) error = NULL;

  if (!set_up_project (fixture))
    return;

  source = dagsched_source_new_for_path (build, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (dagsched_source_load (source, graph, &error));
  g_assert_no_error (error);
  g_assert_true (dagsched_graph_validate (graph, &error));
  g_assert_cmpstr (dagsched_graph_get_name (graph), ==, "meson-suite");

  check_names (graph, build);
  check_settings (fixture, graph);
  check_environment (graph);
  check_rebuild (fixture, source, graph);
  check_failing_build (fixture, source, graph);
}

#define ONE_TEST(members)                                                                                    \
  "[{\"name\": \"t\", \"cmd\": [\"true\"], \"env\": {}, \"suite\": [\"p\"], \"workdir\": null, "             \
  "\"depends\": []" members "}]"

static void
test_details (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path G_GNUC_UNUSED =
    fixture_write (fixture, "b/meson-info/intro-tests.json",
                   ONE_TEST (", \"timeout\": -5, \"protocol\": \"smoke\", \"extra_paths\": [\"x\"]"));
  g_autoptr (GError) error = NULL;
  g_autoptr (DagschedGraph) graph = fixture_load (fixture, "b", &error);
  DagschedTest *test;

  g_assert_no_error (error);
  /* One suite: `meson test` does not name it, either. Without a project's name, the directory's is taken. */
  test = look_up (graph, "t");
  g_assert_cmpstr (dagsched_graph_get_name (graph), ==, "b");
  g_assert_cmpfloat (dagsched_test_get_timeout (test), ==, 0);
  g_assert_cmpstr (dagsched_test_get_defect (test), ==,
                   "its protocol \"smoke\" is not known: an overrides file can give it another");
}

/* An overrides file gives what meson does not export, and repairs what it can. */
static void
test_overrides (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path G_GNUC_UNUSED =
    fixture_write (fixture, "b/meson-info/intro-tests.json", ONE_TEST (", \"protocol\": \"smoke\""));
  g_autofree char *overrides = fixture_write (
    fixture, "o.json",
    "{\"dagsched-overrides\": 1, \"tests\": {\"t\": {\"protocol\": \"tap\", \"expected-failure\": true}}}");
  g_autoptr (GError) error = NULL;
  g_autoptr (DagschedGraph) graph = fixture_load (fixture, "b", &error);

  g_assert_no_error (error);
  g_assert_true (dagsched_manifest_apply_overrides (overrides, graph, &error));
  g_assert_no_error (error);
  g_assert_null (dagsched_test_get_defect (look_up (graph, "t")));
  g_assert_true (dagsched_test_get_expected_failure (look_up (graph, "t")));
}

static void
test_unfinished (Fixture *fixture, gconstpointer data)
{
  g_autofree char *a G_GNUC_UNUSED = fixture_write (fixture, "b/meson-private/coredata.dat", "");
  g_autofree char *b G_GNUC_UNUSED = fixture_write (fixture, "c/README", "");
  g_autoptr (GError) error = NULL;
  g_autoptr (DagschedGraph) graph = fixture_load (fixture, "b", &error);
  g_autofree char *path = fixture_path (fixture, "c");
  g_autoptr (DagschedSource) source = dagsched_source_new_for_path (path, "meson", NULL);

  g_assert_null (graph);
  fixture_assert_error (
    fixture, error, DAGSCHED_ERROR_NOT_FOUND,
    "b: meson has not finished to set it up: there is no meson-info/intro-tests.json; run `meson "
    "setup --reconfigure b`");
  g_clear_error (&error);

  graph = dagsched_graph_new (NULL);
  g_assert_false (dagsched_source_load (source, graph, &error));
  fixture_assert_error (
    fixture, error, DAGSCHED_ERROR_NOT_FOUND,
    "c: is not a build directory of meson: there is no meson-info/intro-tests.json; run `meson setup c`");
}

static void
test_broken (Fixture *fixture, gconstpointer data)
{
  g_autofree char *a G_GNUC_UNUSED =
    fixture_write (fixture, "b/meson-info/intro-tests.json",
                   "[{\"name\": \"t\", \"cmd\": [], \"suite\": []}, 3, {\"name\": \"u\", "
                   "\"cmd\": [\"true\"], \"suite\": [], \"priority\": \"x\"}]");
  g_autofree char *b G_GNUC_UNUSED = fixture_write (fixture, "c/meson-info/intro-tests.json", "[{");
  g_autoptr (GError) error = NULL;
  g_autoptr (DagschedGraph) graph = fixture_load (fixture, "b", &error);

  g_assert_null (graph);
  fixture_assert_error (
    fixture, error, DAGSCHED_ERROR_PARSE,
    "b/meson-info/intro-tests.json: tests[0]: has no \"name\", \"cmd\" or \"suite\" that could be read\n"
    "b/meson-info/intro-tests.json: tests[1]: expected an object, found a number\n"
    "b/meson-info/intro-tests.json: tests[2].priority: expected an integer from -2147483648 to 2147483647, "
    "found a "
    "string");
  g_clear_error (&error);

  graph = fixture_load (fixture, "c", &error);
  fixture_assert_error (fixture, error, DAGSCHED_ERROR_PARSE,
                        "c/meson-info/intro-tests.json:1:3: the file ends inside the object that begins at "
                        "1:2: is it truncated?");
}

int
main (int argc, char **argv)
{
  /* The caller's environment: what is in it already is the caller's to say. */
  g_setenv ("XDG_DATA_DIRS", "/caller/share", TRUE);
  g_setenv ("TSAN_OPTIONS", "caller=1", TRUE);
  g_unsetenv ("MALLOC_PERTURB_");
  g_unsetenv ("ASAN_OPTIONS");
  g_unsetenv ("UBSAN_OPTIONS");
  g_unsetenv ("NINJA");
  g_test_init (&argc, &argv, NULL);

  ADD_CASE ("/meson/project", test_project);
  ADD_CASE ("/meson/details", test_details);
  ADD_CASE ("/meson/overrides", test_overrides);
  ADD_CASE ("/meson/unfinished", test_unfinished);
  ADD_CASE ("/meson/broken", test_broken);

  return g_test_run ();
}
