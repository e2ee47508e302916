/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "bench-params.h"

#include <string.h>

#include "bench-error.h"

#define MAX_TESTS 100000000
#define MAX_WORKERS 4096
#define MAX_ROUNDS 1000
#define MAX_SECONDS 3600

static const struct
{
  const char *option;
  BenchParamFlags flag;
} options[] = {
  { "--shape", BENCH_PARAM_SHAPE },     { "--tests", BENCH_PARAM_TESTS },
  { "--workers", BENCH_PARAM_WORKERS }, { "--rounds", BENCH_PARAM_ROUNDS },
  { "--seconds", BENCH_PARAM_SECONDS }, { "--timestamps", BENCH_PARAM_TIMESTAMPS },
  { "--rivals", BENCH_PARAM_RIVALS },   { "--output-dir", BENCH_PARAM_OUTPUT_DIR },
  { "--seed", BENCH_PARAM_SEED },       { "--log", BENCH_PARAM_LOGS },
};

/* Whose names --rivals knows although they carry out no shapes. */
static const char *const other_rivals[] = { "gcond", "posix_spawn", "ninja", "make",
                                            "ctest", "meson",       "xargs", "none" };

static gboolean
usage_error (GError **error, const char *option, const char *value, const char *expected)
{
  g_set_error (error, BENCH_ERROR, BENCH_ERROR_USAGE, "%s: \"%s\" is not %s", option, value, expected);
  return FALSE;
}

static gboolean
parse_count (const char *option, const char *value, guint max, guint *count, GError **error)
{
  g_autofree char *expected = NULL;
  guint64 number;

  if (g_ascii_string_to_unsigned (value, 10, 1, max, &number, NULL))
    {
      *count = number;
      return TRUE;
    }

  expected = g_strdup_printf ("a number from 1 to %u", max);
  return usage_error (error, option, value, expected);
}

static gboolean
parse_seconds (const char *option, const char *value, double *seconds, GError **error)
{
  char *end = NULL;
  double number = g_ascii_strtod (value, &end);

  if (end != value && *end == '\0' && number > 0 && number <= MAX_SECONDS)
    {
      *seconds = number;
      return TRUE;
    }

  return usage_error (error, option, value, "a number of seconds above 0, up to " G_STRINGIFY (MAX_SECONDS));
}

static gboolean
parse_rivals (const char *option, const char *value, char ***rivals, GError **error)
{
  g_auto (GStrv) names = g_strsplit (value, ",", -1);

  for (guint i = 0; names[i] != NULL; i++)
    {
      gboolean known = bench_rivals_find (names[i]) != NULL;

      for (guint j = 0; j < G_N_ELEMENTS (other_rivals); j++)
        known = known || strcmp (names[i], other_rivals[j]) == 0;
      if (!known)
        return usage_error (error, option, names[i], "a rival that this build knows");
    }

  g_strfreev (*rivals);
  *rivals = g_steal_pointer (&names);
  return TRUE;
}

static gboolean
add_log (const char *value, char ***logs)
{
  guint n_logs = *logs != NULL ? g_strv_length (*logs) : 0;

  *logs = g_renew (char *, *logs, n_logs + 2);
  (*logs)[n_logs] = g_strdup (value);
  (*logs)[n_logs + 1] = NULL;
  return TRUE;
}

static gboolean
parse_format (const char *option, const char *value, BenchFormat *format, GError **error)
{
  static const char *const names[] = { "table", "json", "markdown" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      if (strcmp (value, names[i]) == 0)
        {
          *format = i;
          return TRUE;
        }
    }

  return usage_error (error, option, value, "table, json or markdown");
}

static gboolean
parse_flag (const char *option, const char *value, BenchCommandLine *self, GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (options); i++)
    {
      if (strcmp (option, options[i].option) == 0)
        self->given |= options[i].flag;
    }
  if (strcmp (option, "--timestamps") == 0)
    self->params.timestamps = TRUE;

  return TRUE;
}

static gboolean
parse_option (const char *option, const char *value, gpointer data, GError **error)
{
  BenchCommandLine *self = data;

  parse_flag (option, value, self, error);
  if (strcmp (option, "--shape") == 0)
    return bench_shape_kind_from_string (value, &self->params.shape) ||
           usage_error (error, option, value, "chain, independent, bintree or layered");
  if (strcmp (option, "--tests") == 0)
    return parse_count (option, value, MAX_TESTS, &self->params.tests, error);
  if (strcmp (option, "--workers") == 0)
    return parse_count (option, value, MAX_WORKERS, &self->params.workers, error);
  if (strcmp (option, "--rounds") == 0)
    return parse_count (option, value, MAX_ROUNDS, &self->params.rounds, error);
  if (strcmp (option, "--seconds") == 0)
    return parse_seconds (option, value, &self->params.seconds, error);
  if (strcmp (option, "--rivals") == 0)
    return parse_rivals (option, value, &self->params.rivals, error);
  if (strcmp (option, "--seed") == 0)
    return parse_count (option, value, G_MAXINT, &self->params.seed, error);
  if (strcmp (option, "--log") == 0)
    return add_log (value, &self->params.logs);
  if (strcmp (option, "--format") == 0)
    return parse_format (option, value, &self->format, error);

  g_assert (strcmp (option, "--output-dir") == 0);
  g_free (self->output_dir);
  self->output_dir = g_strdup (value);
  return TRUE;
}

static GOptionGroup *
create_group (BenchCommandLine *self)
{
  const GOptionArg callback = G_OPTION_ARG_CALLBACK;
  const int no_value = G_OPTION_FLAG_NO_ARG;
  const GOptionEntry entries[] = {
    { "shape", 0, 0, callback, parse_option, "chain, independent, bintree or layered", "SHAPE" },
    { "tests", 0, 0, callback, parse_option, "How many tests", "N" },
    { "workers", 0, 0, callback, parse_option, "How many workers", "N" },
    { "rounds", 0, 0, callback, parse_option, "How often each contestant runs, in turn", "N" },
    { "seconds", 0, 0, callback, parse_option, "How long one round of \"idle\" takes", "SECONDS" },
    { "timestamps", 0, no_value, callback, parse_flag, "Record when each test starts and ends", NULL },
    { "rivals", 0, 0, callback, parse_option, "Run beside these only (\"none\": none)", "NAME,…" },
    { "seed", 0, 0, callback, parse_option, "Which random graphs", "N" },
    { "log", 0, G_OPTION_FLAG_FILENAME, callback, parse_option,
      "Schedule the tests of this run log, not random ones (may be repeated)", "FILE" },
    { "format", 0, 0, callback, parse_option, "table, json or markdown", "FORMAT" },
    { "output-dir", 0, G_OPTION_FLAG_FILENAME, callback, parse_option,
      "Where the short set writes report.svg and report.md", "DIRECTORY" },
    { NULL },
  };
  GOptionGroup *group = g_option_group_new ("bench", NULL, NULL, self, NULL);

  g_option_group_add_entries (group, entries);
  return group;
}

BenchCommandLine *
bench_command_line_parse (char **argv, const char *description, GError **error)
{
  g_autoptr (BenchCommandLine) self = g_new0 (BenchCommandLine, 1);
  g_autoptr (GOptionContext) context = g_option_context_new ("[MEASUREMENT]");
  g_auto (GStrv) words = g_strdupv (argv);

  g_option_context_set_main_group (context, create_group (self));
  g_option_context_set_description (context, description);
  if (!g_option_context_parse_strv (context, &words, error))
    return NULL;
  if (g_strv_length (words) > 2)
    {
      g_set_error (error, BENCH_ERROR, BENCH_ERROR_USAGE, "one measurement at a time: \"%s\" is too much",
                   words[2]);
      return NULL;
    }
  self->measurement = g_strdup (words[1]);

  return g_steal_pointer (&self);
}

void
bench_command_line_free (BenchCommandLine *self)
{
  g_strfreev (self->params.rivals);
  g_strfreev (self->params.logs);
  g_free (self->output_dir);
  g_free (self->measurement);
  g_free (self);
}

gboolean
bench_command_line_apply (const BenchCommandLine *self,
                          const char *subject,
                          guint takes,
                          const BenchParams *defaults,
                          BenchParams *params,
                          GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (options); i++)
    {
      if (self->given & ~takes & options[i].flag)
        {
          g_set_error (error, BENCH_ERROR, BENCH_ERROR_USAGE, "%s takes no %s", subject, options[i].option);
          return FALSE;
        }
    }

  *params = *defaults;
  if (self->given & BENCH_PARAM_SHAPE)
    params->shape = self->params.shape;
  if (self->given & BENCH_PARAM_TESTS)
    params->tests = self->params.tests;
  if (self->given & BENCH_PARAM_WORKERS)
    params->workers = self->params.workers;
  if (self->given & BENCH_PARAM_ROUNDS)
    params->rounds = self->params.rounds;
  if (self->given & BENCH_PARAM_SECONDS)
    params->seconds = self->params.seconds;
  if (self->given & BENCH_PARAM_TIMESTAMPS)
    params->timestamps = self->params.timestamps;
  if (self->given & BENCH_PARAM_RIVALS)
    params->rivals = self->params.rivals;
  if (self->given & BENCH_PARAM_SEED)
    params->seed = self->params.seed;
  if (self->given & BENCH_PARAM_LOGS)
    params->logs = self->params.logs;

  return TRUE;
}

gboolean
bench_params_want_rival (const BenchParams *self, const char *name)
{
  return self->rivals == NULL || g_strv_contains ((const char *const *) self->rivals, name);
}
