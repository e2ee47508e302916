/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <glib/gstdio.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>

#include "bench-error.h"
#include "bench-measurement.h"
#include "bench-output.h"
#include "bench-report.h"

#define EXIT_USAGE 2
#define EXIT_INCOMPLETE 3

#define SET_TAKES                                                                                            \
  (BENCH_PARAM_TESTS | BENCH_PARAM_ROUNDS | BENCH_PARAM_SECONDS | BENCH_PARAM_RIVALS | BENCH_PARAM_OUTPUT_DIR)

static int
fail (const GError *error)
{
  gboolean is_usage =
    error->domain == G_OPTION_ERROR || g_error_matches (error, BENCH_ERROR, BENCH_ERROR_USAGE);

  g_printerr ("dagsched-bench: %s\n", error->message);
  return is_usage ? EXIT_USAGE : EXIT_INCOMPLETE;
}

static int
print (char *text)
{
  if (puts (g_strchomp (text)) >= 0 && fflush (stdout) == 0)
    return 0;

  g_printerr ("dagsched-bench: standard output can't be written to\n");
  return EXIT_INCOMPLETE;
}

static char *
describe_measurements (void)
{
  g_autoptr (GString) text = g_string_new ("Measurements:\n");
  guint n_measurements;
  const BenchMeasurement *measurements = bench_measurements_list (&n_measurements);

  for (guint i = 0; i < n_measurements; i++)
    g_string_append_printf (text, "  %-12s%s\n", measurements[i].name, measurements[i].summary);
  g_string_append (text, "\nWithout one a short set of them runs, and report.svg and report.md are written.\n"
                         "\nExit status: 0 success; 2 usage error; 3 something could not be measured.");

  return g_string_free (g_steal_pointer (&text), FALSE);
}

static int
run_measurement (const BenchCommandLine *command_line, const BenchMeasurement *measurement)
{
  g_autoptr (BenchResult) result = bench_result_new (measurement->name);
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  BenchParams params;

  if (!bench_command_line_apply (command_line, measurement->name, measurement->takes, &measurement->defaults,
                                 &params, &error))
    return fail (error);
  if (!measurement->measure (&params, result, &error))
    return fail (error);

  text = bench_output_format (command_line->format, measurement, &params, result);
  return print (text);
}

/* The build directory that the program runs from; an installed one writes where it is called. */
static char *
get_default_output_dir (void)
{
  g_autofree char *program = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *own_dir = g_path_get_dirname (program != NULL ? program : "");
  g_autofree char *build_dir = g_path_get_dirname (own_dir);
  g_autofree char *build_file = g_build_filename (build_dir, "build.ninja", NULL);

  return g_strdup (g_file_test (build_file, G_FILE_TEST_EXISTS) ? build_dir : ".");
}

static gboolean
write_file (const char *dir, const char *name, const char *text, GError **error)
{
  g_autofree char *path = g_build_filename (dir, name, NULL);

  if (!g_file_set_contents (path, text, -1, error))
    return FALSE;

  g_printerr ("dagsched-bench: wrote %s\n", path);
  return TRUE;
}

static gboolean
write_reports (const BenchSet *set, const char *dir, GError **error)
{
  g_autofree char *svg = bench_report_to_svg (set);
  g_autofree char *markdown = bench_report_to_text (set, TRUE);

  return write_file (dir, "report.svg", svg, error) && write_file (dir, "report.md", markdown, error);
}

static int
report_set (const BenchCommandLine *command_line, const BenchSet *set)
{
  g_autofree char *default_dir = get_default_output_dir ();
  const char *dir = command_line->output_dir != NULL ? command_line->output_dir : default_dir;
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;
  int status;

  if (command_line->format == BENCH_FORMAT_JSON)
    text = bench_report_to_json (set);
  else
    text = bench_report_to_text (set, command_line->format == BENCH_FORMAT_MARKDOWN);
  status = print (text);
  if (!write_reports (set, dir, &error))
    return fail (error);

  return set->failures->len > 0 ? EXIT_INCOMPLETE : status;
}

static int
run_set (const BenchCommandLine *command_line)
{
  g_autoptr (BenchSet) set = NULL;
  g_autoptr (GError) error = NULL;
  BenchParams unused;

  if (!bench_command_line_apply (command_line, "the short set", SET_TAKES, &command_line->params, &unused,
                                 &error))
    return fail (error);
  if (command_line->output_dir != NULL && g_mkdir_with_parents (command_line->output_dir, 0777) != 0)
    {
      g_printerr ("dagsched-bench: --output-dir: can't create %s: %s\n", command_line->output_dir,
                  g_strerror (errno));
      return EXIT_USAGE;
    }

  set = bench_set_run (command_line);
  return report_set (command_line, set);
}

int
main (int argc, char **argv)
{
  g_autofree char *description = describe_measurements ();
  g_autoptr (GError) error = NULL;
  g_autoptr (BenchCommandLine) command_line = NULL;
  const BenchMeasurement *measurement;

  setlocale (LC_CTYPE, "");
  g_set_prgname ("dagsched-bench");
  command_line = bench_command_line_parse (argv, description, &error);
  if (command_line == NULL)
    return fail (error);
  if (command_line->measurement == NULL)
    return run_set (command_line);

  measurement = bench_measurement_find (command_line->measurement);
  if (measurement == NULL)
    {
      g_printerr ("dagsched-bench: there is no measurement \"%s\": see \"dagsched-bench --help\"\n",
                  command_line->measurement);
      return EXIT_USAGE;
    }

  return run_measurement (command_line, measurement);
}
