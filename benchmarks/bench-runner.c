/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "bench-runner.h"

#include <string.h>

#include "bench-process.h"

static gboolean
write_file (const BenchProject *project, const char *name, const GString *text, GError **error)
{
  g_autofree char *path = g_build_filename (project->dir, name, NULL);

  return g_file_set_contents (path, text->str, (gssize) text->len, error);
}

static gboolean
write_dagsched (const BenchProject *project, GError **error)
{
  g_autoptr (GString) text = g_string_new ("{ \"dagsched\": 1, \"name\": \"spawn\", \"tests\": [");

  for (guint i = 0; i < project->n_tests; i++)
    g_string_append_printf (text, "%s\n  { \"name\": \"test-%u\", \"command\": [ \"%s\" ] }",
                            i > 0 ? "," : "", i, project->command);
  g_string_append (text, "\n] }\n");

  return write_file (project, "dagsched.json", text, error);
}

static gboolean
write_ninja (const BenchProject *project, GError **error)
{
  g_autoptr (GString) text = g_string_new (NULL);

  g_string_append_printf (text, "rule test\n  command = %s\n", project->command);
  for (guint i = 0; i < project->n_tests; i++)
    g_string_append_printf (text, "build test-%u: test\n", i);

  return write_file (project, "build.ninja", text, error);
}

static gboolean
write_make (const BenchProject *project, GError **error)
{
  g_autoptr (GString) text = g_string_new ("all:");

  for (guint i = 0; i < project->n_tests; i++)
    g_string_append_printf (text, " test-%u", i);
  g_string_append (text, "\n");
  for (guint i = 0; i < project->n_tests; i++)
    g_string_append_printf (text, "test-%u:\n\t@%s\n", i, project->command);

  return write_file (project, "Makefile", text, error);
}

static gboolean
write_ctest (const BenchProject *project, GError **error)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < project->n_tests; i++)
    g_string_append_printf (text, "add_test(test-%u \"%s\")\n", i, project->command);

  return write_file (project, "CTestTestfile.cmake", text, error);
}

/* Set up beforehand: compared is the running. */
static gboolean
write_meson (const BenchProject *project, GError **error)
{
  static const BenchRunner setup = { .name = "meson", .program = "meson", .argv = { "setup", "build" } };
  g_autoptr (GString) text = g_string_new ("project('spawn')\n");
  gint64 elapsed_ns;

  g_string_append_printf (text,
                          "command = find_program('%s')\n"
                          "foreach i : range(%u)\n"
                          "  test('test-@0@'.format(i), command)\n"
                          "endforeach\n",
                          project->command, project->n_tests);

  return write_file (project, "meson.build", text, error) &&
         bench_runner_run (&setup, project, &elapsed_ns, error);
}

static gboolean
write_xargs (const BenchProject *project, GError **error)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < project->n_tests; i++)
    g_string_append_printf (text, "test-%u\n", i);

  return write_file (project, "input", text, error);
}

static const BenchRunner dagsched = { "dagsched",
                                      NULL,
                                      { "run", "-j", BENCH_RUNNER_WORKERS, "dagsched.json" },
                                      NULL,
                                      write_dagsched };
static const BenchRunner ninja = { "ninja", "ninja", { "-j", BENCH_RUNNER_WORKERS }, NULL, write_ninja };
static const BenchRunner make = { "make", "make", { "-j", BENCH_RUNNER_WORKERS }, NULL, write_make };
static const BenchRunner ctest = { "ctest", "ctest", { "-j", BENCH_RUNNER_WORKERS }, NULL, write_ctest };
static const BenchRunner meson = { "meson",
                                   "meson",
                                   { "test", "-C", "build", "--no-rebuild", "--num-processes",
                                     BENCH_RUNNER_WORKERS },
                                   NULL,
                                   write_meson };
static const BenchRunner xargs = { "xargs",
                                   "xargs",
                                   { "-P", BENCH_RUNNER_WORKERS, "-n", "1", BENCH_RUNNER_COMMAND },
                                   "input",
                                   write_xargs };

const BenchRunner *const *
bench_runners_list (void)
{
  static const BenchRunner *const runners[] = { &dagsched, &ninja, &make, &ctest, &meson, &xargs, NULL };

  return runners;
}

/* Where we were built, the command that was built with us; its agent is told to it then. */
static char *
find_built (const char *dir, const char *name)
{
  g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *path = g_build_filename (BENCH_BUILD_ROOT, dir, name, NULL);

  if (self == NULL || !g_str_has_prefix (self, BENCH_BUILD_ROOT "/") ||
      !g_file_test (path, G_FILE_TEST_IS_EXECUTABLE))
    return NULL;

  return g_steal_pointer (&path);
}

char *
bench_runner_find_program (const BenchRunner *self)
{
  char *built = self->program == NULL ? find_built ("dagsched-cli", "dagsched") : NULL;

  if (built != NULL)
    return built;

  return g_find_program_in_path (self->program != NULL ? self->program : "dagsched");
}

static char **
create_argv (const BenchRunner *self, const BenchProject *project, const char *program)
{
  GStrvBuilder *argv = g_strv_builder_new ();
  g_autofree char *workers = g_strdup_printf ("%u", project->workers);
  char **result;

  g_strv_builder_add (argv, program);
  for (guint i = 0; self->argv[i] != NULL; i++)
    {
      if (strcmp (self->argv[i], BENCH_RUNNER_WORKERS) == 0)
        g_strv_builder_add (argv, workers);
      else if (strcmp (self->argv[i], BENCH_RUNNER_COMMAND) == 0)
        g_strv_builder_add (argv, project->command);
      else
        g_strv_builder_add (argv, self->argv[i]);
    }
  result = g_strv_builder_end (argv);
  g_strv_builder_unref (argv);

  return result;
}

char **
bench_runner_dup_environment (const char *dir)
{
  g_autofree char *agent = find_built ("dagsched-agent", "dagsched-agent");
  char **environment = g_environ_setenv (g_get_environ (), "XDG_STATE_HOME", dir, TRUE);

  if (agent != NULL)
    environment = g_environ_setenv (environment, "DAGSCHED_AGENT", agent, FALSE);

  return environment;
}

gboolean
bench_runner_run (const BenchRunner *self, const BenchProject *project, gint64 *elapsed_ns, GError **error)
{
  g_autofree char *program = bench_runner_find_program (self);
  g_auto (GStrv) argv = create_argv (self, project, program);
  g_auto (GStrv) environment = bench_runner_dup_environment (project->dir);
  const BenchProcess process = {
    .argv = argv, .environment = environment, .dir = project->dir, .input = self->input
  };

  return bench_process_run (&process, elapsed_ns, error);
}
