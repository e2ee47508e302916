/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "source-fixture.h"

#include <glib/gstdio.h>
#include <string.h>

#define MANIFEST "{\"dagsched\": 1, \"tests\": [{\"name\": \"a\", \"command\": [\"true\"]}]}"
#define LOOKED_FOR                                                                                           \
  "a manifest (dagsched.json, *.dagsched.json or a JSON file with the member \"dagsched\") or a meson "      \
  "build "                                                                                                   \
  "directory"

static void
assert_type (Fixture *fixture, const char *name, const char *type)
{
  g_autofree char *path = fixture_path (fixture, name);
  g_autoptr (GError) error = NULL;
  g_autoptr (DagschedSource) source = dagsched_source_new_for_path (path, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (dagsched_source_get_type_name (source), ==, type);
  g_assert_cmpstr (dagsched_source_get_path (source), ==, path);
}

static void
assert_refused (Fixture *fixture, const char *name, const char *message)
{
  g_autofree char *path = fixture_path (fixture, name);
  g_autoptr (GError) error = NULL;
  g_autoptr (DagschedSource) source = dagsched_source_new_for_path (path, NULL, &error);

  g_assert_null (source);
  fixture_assert_error (fixture, error, DAGSCHED_ERROR_NOT_FOUND, message);
}

static void
test_files (Fixture *fixture, gconstpointer data)
{
  GString *far = g_string_new ("{\"name\": \"");
  g_autofree char *far_content = NULL;
  g_autofree char *a G_GNUC_UNUSED = fixture_write (fixture, "any-name", "\n {\"dagsched\": 1}");
  g_autofree char *b G_GNUC_UNUSED = fixture_write (fixture, "broken.dagsched.json", "");
  g_autofree char *c G_GNUC_UNUSED = fixture_write (fixture, "other.json", "{\"name\": \"dagsched\"}");
  g_autofree char *d G_GNUC_UNUSED = fixture_write (fixture, "text", "about \"dagsched\"");
  g_autofree char *e G_GNUC_UNUSED = fixture_write (fixture, "overrides.json", "{\"dagsched-overrides\": 1}");
  g_autofree char *f = NULL;

  /* The mark lies across two chunks of what is read at once. */
  while (far->len < 65536 - 8)
    g_string_append_c (far, 'x');
  g_string_append (far, "\",\"dagsched\": 1}");
  far_content = g_string_free (far, FALSE);
  f = fixture_write (fixture, "far.json", far_content);

  assert_type (fixture, "any-name", "manifest");
  assert_type (fixture, "broken.dagsched.json", "manifest");
  assert_type (fixture, "far.json", "manifest");
  assert_refused (fixture, "text",
                  "text: is no source of tests that is known: looked for " LOOKED_FOR
                  "; to insist, give --source-type=manifest|meson");
  assert_refused (fixture, "overrides.json",
                  "overrides.json: is an overrides file, not a source of tests: give it with --overrides");
  assert_refused (fixture, "nowhere", "nowhere: can't be read: No such file or directory");
}

static void
test_directories (Fixture *fixture, gconstpointer data)
{
  g_autofree char *a G_GNUC_UNUSED = fixture_write (fixture, "main/dagsched.json", MANIFEST);
  g_autofree char *b G_GNUC_UNUSED = fixture_write (fixture, "main/x.dagsched.json", "{");
  g_autofree char *c G_GNUC_UNUSED = fixture_write (fixture, "one/x.dagsched.json", MANIFEST);
  g_autofree char *d G_GNUC_UNUSED = fixture_write (fixture, "two/x.dagsched.json", MANIFEST);
  g_autofree char *e G_GNUC_UNUSED = fixture_write (fixture, "two/y.dagsched.json", MANIFEST);
  g_autofree char *f G_GNUC_UNUSED = fixture_write (fixture, "built/meson-info/intro-tests.json", "[]");
  g_autofree char *g G_GNUC_UNUSED = fixture_write (fixture, "set-up/meson-private/coredata.dat", "");
  g_autofree char *h G_GNUC_UNUSED = fixture_write (fixture, "nothing/README", "");
  g_autoptr (GError) error = NULL;
  g_autoptr (DagschedGraph) one = NULL;
  g_autoptr (DagschedGraph) two = NULL;

  assert_type (fixture, "main", "manifest");
  assert_type (fixture, "built", "meson");
  assert_type (fixture, "set-up", "meson");
  assert_refused (fixture, "nothing",
                  "nothing: is no source of tests that is known: looked for " LOOKED_FOR
                  "; to insist, give --source-type=manifest|meson");

  one = fixture_load (fixture, "one", &error);
  g_assert_no_error (error);
  g_assert_cmpstr (dagsched_graph_get_name (one), ==, "x");
  two = fixture_load (fixture, "two", &error);
  g_assert_null (two);
  fixture_assert_error (fixture, error, DAGSCHED_ERROR_NOT_FOUND,
                        "two: there are several manifests in this directory: name one of "
                        "two/x.dagsched.json, two/y.dagsched.json");
}

static void
test_insist (Fixture *fixture, gconstpointer data)
{
  g_autofree char *a = fixture_write (fixture, "x.json", "{}");
  g_autoptr (GError) error = NULL;
  g_autoptr (DagschedSource) source = dagsched_source_new_for_path (a, "manifest", &error);
  g_autoptr (DagschedSource) unknown = NULL;
  g_autoptr (DagschedGraph) graph = dagsched_graph_new (NULL);

  g_assert_no_error (error);
  g_assert_false (dagsched_source_load (source, graph, &error));
  fixture_assert_error (fixture, error, DAGSCHED_ERROR_PARSE,
                        "x.json: is no manifest: it has no member \"dagsched\": 1");
  g_clear_error (&error);

  unknown = dagsched_source_new_for_path (a, "mesom", &error);
  g_assert_null (unknown);
  fixture_assert_error (
    fixture, error, DAGSCHED_ERROR_NOT_FOUND,
    "there is no type of source called \"mesom\" (did you mean \"meson\"?); there are: manifest, meson");
}

static void
assert_here (const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (DagschedSource) source = dagsched_source_new_for_path (NULL, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (dagsched_source_get_path (source), ==, expected);
}

/* No path: what is in the current directory. */
static void
test_current (Fixture *fixture, gconstpointer data)
{
  g_autofree char *before = g_get_current_dir ();
  g_autoptr (GError) error = NULL;
  g_autofree char *a = NULL;
  g_autofree char *b = NULL;
  g_autofree char *c = NULL;
  g_autofree char *d = NULL;
  g_autofree char *e = NULL;

  g_assert_cmpint (g_chdir (fixture->directory), ==, 0);
  g_assert_null (dagsched_source_new_for_path (NULL, NULL, &error));
  fixture_assert_error (fixture, error, DAGSCHED_ERROR_NOT_FOUND,
                        "DIR: there are no tests here: looked for " LOOKED_FOR "; name one");
  g_clear_error (&error);

  a = fixture_write (fixture, "build/meson-info/intro-tests.json", "[]");
  assert_here ("build");

  b = fixture_write (fixture, "build-asan/meson-info/intro-tests.json", "[]");
  g_assert_null (dagsched_source_new_for_path (NULL, NULL, &error));
  fixture_assert_error (
    fixture, error, DAGSCHED_ERROR_NOT_FOUND,
    "DIR: tests could be read from several places here: name one or more of build, build-asan");
  g_clear_error (&error);

  c = fixture_write (fixture, "x.dagsched.json", MANIFEST);
  assert_here ("x.dagsched.json");

  d = fixture_write (fixture, "y.dagsched.json", MANIFEST);
  g_assert_null (dagsched_source_new_for_path (NULL, NULL, &error));
  fixture_assert_error (fixture, error, DAGSCHED_ERROR_NOT_FOUND,
                        "DIR: tests could be read from several places here: name one or more of "
                        "x.dagsched.json, y.dagsched.json");

  e = fixture_write (fixture, "dagsched.json", MANIFEST);
  assert_here ("dagsched.json");
  g_assert_cmpint (g_chdir (before), ==, 0);
}

/* A program's own type of source. */
typedef struct
{
  DagschedSource parent_instance;
} OwnSource;
typedef DagschedSourceClass OwnSourceClass;

GType own_source_get_type (void);
G_DEFINE_TYPE (OwnSource, own_source, DAGSCHED_TYPE_SOURCE)

static gboolean
own_source_load (DagschedSource *source, DagschedGraph *graph, GError **error)
{
  g_autoptr (DagschedCommandTest) test =
    dagsched_command_test_new ("own", (const char *const[]){ "true", NULL });

  return dagsched_graph_add_test (graph, DAGSCHED_TEST (test), error);
}

static void
own_source_class_init (OwnSourceClass *klass)
{
  klass->load = own_source_load;
}

static void
own_source_init (OwnSource *self)
{
}

static void
test_derived (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DagschedSource) source =
    g_object_new (own_source_get_type (), "path", "p", "type-name", "own", NULL);
  g_autoptr (DagschedGraph) graph = dagsched_graph_new (NULL);
  g_autoptr (GError) error = NULL;
  g_autofree char *path = NULL;
  g_autofree char *type_name = NULL;

  g_object_get (source, "path", &path, "type-name", &type_name, NULL);
  g_assert_cmpstr (path, ==, "p");
  g_assert_cmpstr (type_name, ==, "own");
  g_assert_true (dagsched_source_load (source, graph, &error));
  g_assert_nonnull (dagsched_graph_lookup (graph, "own"));
  g_assert_true (dagsched_source_rebuild (source, G_LIST_MODEL (graph), &error));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD_CASE ("/recognition/files", test_files);
  ADD_CASE ("/recognition/directories", test_directories);
  ADD_CASE ("/recognition/insist", test_insist);
  ADD_CASE ("/recognition/current", test_current);
  ADD_CASE ("/recognition/derived", test_derived);

  return g_test_run ();
}
