/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "bench-set.h"

#include <gio/gio.h>
#include <math.h>
#include <string.h>

#include "bench-measurement.h"

#define MAX_BARS 3

typedef struct
{
  const char *what; /* a rival, or a figure */
  double bar;
  gboolean is_least;
} Bar;

typedef struct
{
  const char *title;
  const char *arguments;
  Bar bars[MAX_BARS];
  const char *needs; /* the only rival; NULL: any */
} Case;

#define THROUGHPUT "throughput --tests=1000000 --rounds=5 "
#define WITH_TIMESTAMPS "throughput --tests=1000000 --rounds=3 --timestamps --rivals=onetbb "

static const Case cases[] = {
  { "chain, 1 worker", THROUGHPUT "--shape=chain --workers=1", { { "onetbb", 0.5 } } },
  { "chain, 2 workers", THROUGHPUT "--shape=chain --workers=2", { { "onetbb", 0.5 } } },
  { "independent, 1 worker", THROUGHPUT "--shape=independent --workers=1", { { "onetbb", 0.5 } } },
  { "independent, 2 workers", THROUGHPUT "--shape=independent --workers=2", { { "onetbb", 0.5 } } },
  { "binary tree, 1 worker", THROUGHPUT "--shape=bintree --workers=1", { { "onetbb", 0.5 } } },
  { "binary tree, 2 workers", THROUGHPUT "--shape=bintree --workers=2", { { "onetbb", 0.5 } } },
  { "layered, 1 worker", THROUGHPUT "--shape=layered --workers=1", { { "onetbb", 0.5 } } },
  { "layered, 2 workers", THROUGHPUT "--shape=layered --workers=2", { { "onetbb", 0.5 } } },
  { "chain, timestamps", WITH_TIMESTAMPS "--shape=chain", { { "onetbb", 1.2 } }, "onetbb" },
  { "independent, timestamps", WITH_TIMESTAMPS "--shape=independent", { { "onetbb", 1.0 } }, "onetbb" },
  { "binary tree, timestamps", WITH_TIMESTAMPS "--shape=bintree", { { "onetbb", 1.0 } }, "onetbb" },
  { "layered, timestamps", WITH_TIMESTAMPS "--shape=layered", { { "onetbb", 1.0 } }, "onetbb" },
  { "growth, layered", "scale --shape=layered --workers=2 --rounds=3 --rivals=none", { { "growth", 2 } } },
  { "priorities", "ordered --tests=1000000 --rounds=3", { { "dagsched_rate", 1e6, TRUE } } },
  { "waking a worker", "latency", { { "gcond_p50", 1.5 }, { "gcond_p99", 2 } } },
  { "64 idle workers", "idle --seconds=2", { { "polling", 0.001 }, { "dagsched_switches", 0 } } },
  { "processes", "spawn --tests=500 --rounds=3", { { "posix_spawn", 1.1 } } },
  { "a run that is watched",
    "observe --tests=2000 --rounds=3",
    { { "unobserved", 1.03 }, { "attach", 100 } } },
  { "memory", "memory", { { "plan_engine", 64 }, { "model", 320 } } },
  { "manifest", "load --tests=20000 --rounds=3", { { NULL } } },
  { "run log", "log --rounds=3", { { "json_glib", 0.25 } } },
  { "contention", "contention --tests=1200", { { "best", 1.1 } } },
  { "schedules", "makespan --tests=300 --rounds=2", { { NULL } } },
};

/* Also of the set as a whole: they are laid over those of the cases. */
static void
add_given_arguments (const BenchCommandLine *command_line, guint takes, GPtrArray *argv)
{
  const BenchParams *params = &command_line->params;
  guint given = command_line->given & takes;

  if (given & BENCH_PARAM_TESTS)
    g_ptr_array_add (argv, g_strdup_printf ("--tests=%u", params->tests));
  if (given & BENCH_PARAM_ROUNDS)
    g_ptr_array_add (argv, g_strdup_printf ("--rounds=%u", params->rounds));
  if (given & BENCH_PARAM_SECONDS)
    g_ptr_array_add (argv, g_strdup_printf ("--seconds=%f", params->seconds));
  if (given & BENCH_PARAM_RIVALS)
    {
      g_autofree char *rivals = g_strjoinv (",", params->rivals);

      g_ptr_array_add (argv, g_strconcat ("--rivals=", rivals, NULL));
    }
}

static GPtrArray *
create_argv (const Case *self, const BenchCommandLine *command_line)
{
  GPtrArray *argv = g_ptr_array_new_with_free_func (g_free);
  g_auto (GStrv) words = g_strsplit (self->arguments, " ", -1);
  const BenchMeasurement *measurement = bench_measurement_find (words[0]);

  g_ptr_array_add (argv, g_strdup ("/proc/self/exe"));
  for (guint i = 0; words[i] != NULL; i++)
    g_ptr_array_add (argv, g_strdup (words[i]));
  add_given_arguments (command_line, measurement->takes, argv);
  g_ptr_array_add (argv, g_strdup ("--format=json"));
  g_ptr_array_add (argv, NULL);

  return argv;
}

/* What the measurement printed. */
static JsonNode *
run_case (const Case *self, const BenchCommandLine *command_line, GError **error)
{
  const GSubprocessFlags flags = G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE;
  g_autoptr (GPtrArray) argv = create_argv (self, command_line);
  g_autoptr (GSubprocess) process = NULL;
  g_autofree char *output = NULL;
  g_autofree char *message = NULL;

  process = g_subprocess_newv ((const char *const *) argv->pdata, flags, error);
  if (process == NULL || !g_subprocess_communicate_utf8 (process, NULL, NULL, &output, &message, error))
    return NULL;
  if (!g_subprocess_wait_check (process, NULL, error))
    {
      g_prefix_error (error, "%s%s", g_strstrip (message), *message != '\0' ? ": " : "");
      return NULL;
    }

  return json_from_string (output, error);
}

static void
row_clear (gpointer data)
{
  BenchRow *row = data;

  g_free (row->figure);
  g_free (row->unit);
}

static const Bar *
find_bar (const Case *self, const char *what)
{
  for (guint i = 0; i < MAX_BARS && self->bars[i].what != NULL; i++)
    {
      if (strcmp (self->bars[i].what, what) == 0)
        return &self->bars[i];
    }

  return NULL;
}

static void
add_ratios (BenchSet *self, const Case *of_case, JsonObject *object)
{
  JsonObject *ratios = json_object_get_object_member (object, "ratios");
  g_autoptr (GList) rivals = json_object_get_members (ratios);

  for (GList *rival = rivals; rival != NULL; rival = rival->next)
    {
      const Bar *bar = find_bar (of_case, rival->data);
      BenchRow row = {
        .title = of_case->title,
        .rival = g_intern_string (rival->data),
        .value = json_object_get_double_member (ratios, rival->data),
        .bar = bar != NULL ? bar->bar : NAN,
      };

      g_array_append_val (self->rows, row);
    }
}

static void
add_figures (BenchSet *self, const Case *of_case, JsonObject *object)
{
  JsonObject *figures = json_object_get_object_member (object, "figures");

  for (guint i = 0; i < MAX_BARS && of_case->bars[i].what != NULL; i++)
    {
      const Bar *bar = &of_case->bars[i];
      JsonObject *figure;
      BenchRow row = { .title = of_case->title, .bar = bar->bar, .bar_is_least = bar->is_least };

      if (!json_object_has_member (figures, bar->what) ||
          json_object_has_member (json_object_get_object_member (object, "ratios"), bar->what))
        continue;
      figure = json_object_get_object_member (figures, bar->what);
      row.figure = g_strdup (bar->what);
      row.unit = g_strdup (json_object_get_string_member (figure, "unit"));
      row.value = json_object_get_double_member (figure, "median");
      g_array_append_val (self->rows, row);
    }
}

BenchSet *
bench_set_run (const BenchCommandLine *command_line)
{
  BenchSet *self = g_new0 (BenchSet, 1);

  self->rows = g_array_new (FALSE, FALSE, sizeof (BenchRow));
  g_array_set_clear_func (self->rows, row_clear);
  self->objects = g_ptr_array_new_with_free_func ((GDestroyNotify) json_node_unref);
  self->failures = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      JsonNode *node;

      if (cases[i].needs != NULL && bench_rivals_find (cases[i].needs) == NULL)
        continue;
      g_printerr ("dagsched-bench: %s\n", cases[i].title);
      node = run_case (&cases[i], command_line, &error);
      if (node == NULL)
        {
          g_ptr_array_add (self->failures, g_strdup_printf ("%s: %s", cases[i].title, error->message));
          continue;
        }
      g_ptr_array_add (self->objects, node);
      add_ratios (self, &cases[i], json_node_get_object (node));
      add_figures (self, &cases[i], json_node_get_object (node));
    }

  return self;
}

void
bench_set_free (BenchSet *self)
{
  g_array_unref (self->rows);
  g_ptr_array_unref (self->objects);
  g_ptr_array_unref (self->failures);
  g_free (self);
}

gboolean
bench_row_clears_bar (const BenchRow *row)
{
  return row->bar_is_least ? row->value >= row->bar : row->value <= row->bar;
}
