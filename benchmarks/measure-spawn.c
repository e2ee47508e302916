/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What it costs to run processes that do nothing: the whole command, with its log, its history, its capture of
 * output and its containment, beside the bare loop that any of this comes on top of, and beside other programs
 * that run many processes. All of them run the same program, by its path. */
#include <glib/gstdio.h>
#include <string.h>

#include "bench-error.h"
#include "bench-measurement.h"
#include "bench-process.h"
#include "bench-runner.h"

#define MAX_CHECKED 20
#define BARE "posix_spawn"
#define BARE_WITH_PIPES "posix_spawn_pipes"

#define NS_PER_US 1e3

typedef struct
{
  const BenchParams *params;
  char *dir;
  char *command;
} Spawn;

static gboolean
takes_part (const Spawn *self, const BenchRunner *runner)
{
  g_autofree char *program = bench_runner_find_program (runner);

  return program != NULL && (runner->program == NULL || bench_params_want_rival (self->params, runner->name));
}

static char *
get_dir (const Spawn *self, const BenchRunner *runner, const char *kind)
{
  g_autofree char *name = g_strconcat (runner->name, kind, NULL);

  return g_build_filename (self->dir, name, NULL);
}

static gboolean
write_project (const BenchRunner *runner, const BenchProject *project, GError **error)
{
  if (g_mkdir (project->dir, 0700) == 0)
    return runner->write (project, error);

  g_set_error (error, BENCH_ERROR, BENCH_ERROR_SYSTEM, "%s: can't be made", project->dir);
  return FALSE;
}

/* A command that tells that it ran. */
static char *
write_counter (const char *path, GError **error)
{
  g_autofree char *script = g_strconcat (path, ".sh", NULL);
  g_autofree char *text = g_strdup_printf ("#!/bin/sh\necho >> '%s'\n", path);

  if (!g_file_set_contents_full (script, text, -1, G_FILE_SET_CONTENTS_NONE, 0700, error))
    return NULL;

  return g_steal_pointer (&script);
}

static gboolean
check_count (const char *path, const char *contestant, guint n_tests, GError **error)
{
  g_autofree char *lines = NULL;
  gsize n_run = 0;

  if (g_file_get_contents (path, &lines, &n_run, NULL) && n_run == n_tests)
    return TRUE;

  g_set_error (error, BENCH_ERROR, BENCH_ERROR_WRONG, "%s: %" G_GSIZE_FORMAT " of %u tests ran", contestant,
               n_run, n_tests);
  return FALSE;
}

static gboolean
check_runner (const Spawn *self, const BenchRunner *runner, GError **error)
{
  g_autofree char *dir = get_dir (self, runner, "-check");
  g_autofree char *path = get_dir (self, runner, "-count");
  g_autofree char *counter = write_counter (path, error);
  BenchProject project = { .dir = dir,
                           .command = counter,
                           .n_tests = MIN (self->params->tests, MAX_CHECKED),
                           .workers = self->params->workers };
  gint64 elapsed_ns;

  return counter != NULL && write_project (runner, &project, error) &&
         bench_runner_run (runner, &project, &elapsed_ns, error) &&
         check_count (path, runner->name, project.n_tests, error);
}

static gboolean
check_loop (const Spawn *self, const char *name, gboolean pipes, GError **error)
{
  guint n_tests = MIN (self->params->tests, MAX_CHECKED);
  g_autofree char *path = g_build_filename (self->dir, name, NULL);
  g_autofree char *counter = write_counter (path, error);
  gint64 elapsed_ns;

  return counter != NULL &&
         bench_process_loop (counter, n_tests, self->params->workers, pipes, &elapsed_ns, error) &&
         check_count (path, name, n_tests, error);
}

static gboolean
prepare_runner (const Spawn *self, const BenchRunner *runner, GError **error)
{
  g_autofree char *dir = get_dir (self, runner, "");
  BenchProject project = {
    .dir = dir, .command = self->command, .n_tests = self->params->tests, .workers = self->params->workers
  };

  return check_runner (self, runner, error) && write_project (runner, &project, error);
}

static gboolean
prepare (const Spawn *self, GError **error)
{
  for (const BenchRunner *const *runner = bench_runners_list (); *runner != NULL; runner++)
    {
      if (takes_part (self, *runner) && !prepare_runner (self, *runner, error))
        return FALSE;
    }

  return !bench_params_want_rival (self->params, BARE) ||
         (check_loop (self, BARE, FALSE, error) && check_loop (self, BARE_WITH_PIPES, TRUE, error));
}

static void
add_sample (const Spawn *self, BenchResult *result, const char *figure, gint64 ns)
{
  bench_result_add_sample (result, figure, "µs/test", ns / NS_PER_US / self->params->tests);
}

static gboolean
run_loop (const Spawn *self, const char *name, gboolean pipes, BenchResult *result, GError **error)
{
  gint64 elapsed_ns;

  if (!bench_params_want_rival (self->params, BARE))
    return TRUE;
  if (!bench_process_loop (self->command, self->params->tests, self->params->workers, pipes, &elapsed_ns,
                           error))
    return FALSE;

  add_sample (self, result, name, elapsed_ns);
  return TRUE;
}

static gboolean
run_runner (const Spawn *self, const BenchRunner *runner, BenchResult *result, GError **error)
{
  g_autofree char *dir = get_dir (self, runner, "");
  BenchProject project = { .dir = dir, .command = self->command, .workers = self->params->workers };
  gint64 elapsed_ns;

  if (!takes_part (self, runner))
    return TRUE;
  if (!bench_runner_run (runner, &project, &elapsed_ns, error))
    return FALSE;

  add_sample (self, result, runner->name, elapsed_ns);
  return TRUE;
}

/* The bare loop first: dagsched, which is compared with it above all, runs right after it. */
static gboolean
run_round (const Spawn *self, BenchResult *result, GError **error)
{
  if (!run_loop (self, BARE, FALSE, result, error))
    return FALSE;

  for (const BenchRunner *const *runner = bench_runners_list (); *runner != NULL; runner++)
    {
      if (!run_runner (self, *runner, result, error))
        return FALSE;
    }

  return run_loop (self, BARE_WITH_PIPES, TRUE, result, error);
}

static void
compare (BenchResult *result)
{
  bench_result_compare (result, BARE, "dagsched", BARE);
  for (const BenchRunner *const *runner = bench_runners_list () + 1; *runner != NULL; runner++)
    bench_result_compare (result, (*runner)->name, "dagsched", (*runner)->name);
}

static gboolean
run_all_rounds (const Spawn *self, BenchResult *result, GError **error)
{
  if (!prepare (self, error))
    return FALSE;

  for (guint i = 0; i < self->params->rounds; i++)
    {
      if (!run_round (self, result, error))
        return FALSE;
    }

  compare (result);
  return TRUE;
}

gboolean
bench_measure_spawn (const BenchParams *params, BenchResult *result, GError **error)
{
  g_autofree char *command = g_find_program_in_path ("true");
  g_autofree char *dagsched = bench_runner_find_program (bench_runners_list ()[0]);
  g_autofree char *dir = NULL;
  Spawn self = { .params = params, .command = command };
  gboolean measured;

  if (command == NULL || dagsched == NULL)
    {
      g_set_error (error, BENCH_ERROR, BENCH_ERROR_SYSTEM, "%s is not in $PATH",
                   command == NULL ? "true" : "dagsched");
      return FALSE;
    }
  dir = self.dir = g_dir_make_tmp ("dagsched-bench-XXXXXX", error);
  if (dir == NULL)
    return FALSE;

  measured = run_all_rounds (&self, result, error);
  bench_process_remove_tree (dir);

  return measured;
}
