/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <locale.h>
#include <string.h>

#include "bench-error.h"
#include "bench-measurement.h"
#include "bench-output.h"

#define EXIT_USAGE 2
#define EXIT_INCOMPLETE 3

static int
fail (const GError *error)
{
  gboolean is_usage =
    error->domain == G_OPTION_ERROR || g_error_matches (error, BENCH_ERROR, BENCH_ERROR_USAGE);

  g_printerr ("dagsched-bench: %s\n", error->message);
  return is_usage ? EXIT_USAGE : EXIT_INCOMPLETE;
}

static char *
describe_measurements (void)
{
  g_autoptr (GString) text = g_string_new ("Measurements:\n");
  guint n_measurements;
  const BenchMeasurement *measurements = bench_measurements_list (&n_measurements);

  for (guint i = 0; i < n_measurements; i++)
    g_string_append_printf (text, "  %-12s%s\n", measurements[i].name, measurements[i].summary);
  g_string_append (text, "\nWithout one, a short set runs, and report.svg and report.md are written.\n"
                         "\nExit status: 0 success; 2 usage error; 3 something could not be measured.");

  return g_string_free (g_steal_pointer (&text), FALSE);
}

static int
measure (const BenchCommandLine *command_line, const BenchMeasurement *measurement)
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
  g_print ("%s\n", g_strchomp (text));
  return 0;
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

  measurement = bench_measurement_find (command_line->measurement ? command_line->measurement : "");
  if (measurement == NULL)
    {
      g_printerr ("dagsched-bench: there is no measurement \"%s\": see \"dagsched-bench --help\"\n",
                  command_line->measurement);
      return EXIT_USAGE;
    }

  return measure (command_line, measurement);
}
