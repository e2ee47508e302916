/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sim-case.h"
#include "sim.h"

/* All of a run but the processes of its tests, in a world with virtual time and threads that a seed chooses between:
 * see sim.h. Each seed is a random graph, with faults. A batch of them has a process of its own, as what is killed in
 * a world leaves its memory behind. */

#define BATCH 100

typedef struct
{
  guint64 seed;
  guint64 n_points;
  guint64 n_sessions;
} Progress;

static gint64 n_seeds = 500;
static gint64 first_seed = 1;
static gint64 only_seed;
static gboolean tracing;
static gboolean goes_on;
static gint64 repeat_rarity = 20;

static const GOptionEntry entries[] = {
  { "seeds", 0, 0, G_OPTION_ARG_INT64, &n_seeds, "Simulate N seeds", "N" },
  { "first", 0, 0, G_OPTION_ARG_INT64, &first_seed, "Begin with SEED", "SEED" },
  { "seed", 0, 0, G_OPTION_ARG_INT64, &only_seed, "Simulate this one, in this process", "SEED" },
  { "trace", 0, 0, G_OPTION_ARG_NONE, &tracing, "Print all that happens", NULL },
  { "keep-going", 0, 0, G_OPTION_ARG_NONE, &goes_on, "Go on after a seed that failed", NULL },
  { "repeat-rarity", 0, 0, G_OPTION_ARG_INT64, &repeat_rarity,
    "Simulate one seed in N twice: it must be the same", "N" },
  { NULL }
};

static void
run_seed (guint64 seed, const char *directory, gboolean twice, Progress *progress)
{
  g_autofree char *replay =
    g_strdup_printf ("%s --seed=%" G_GUINT64_FORMAT " --trace", g_get_prgname (), seed);
  SimCaseResult result, again;

  progress->seed = seed;
  sim_replay = replay;
  sim_case_run (seed, directory, tracing, &result);
  progress->n_points += result.n_points;
  progress->n_sessions += result.n_sessions;
  if (!twice)
    return;

  sim_case_run (seed, directory, tracing, &again);
  if (memcmp (&result, &again, sizeof result) != 0)
    sim_fail ("the same seed was another world: %" G_GUINT64_FORMAT " points, then %" G_GUINT64_FORMAT,
              result.n_points, again.n_points);
}

static void
run_batch (guint64 first, guint64 end, const char *directory, Progress *progress)
{
  for (guint64 seed = first; seed < end; seed++)
    run_seed (seed, directory, seed % (guint64) repeat_rarity == 0, progress);
}

/* TRUE: all of them went well. */
static gboolean
fork_batch (guint64 first, guint64 end, const char *directory, Progress *progress)
{
  pid_t pid;
  int status;

  fflush (NULL);
  pid = fork ();
  if (pid == 0)
    {
      run_batch (first, end, directory, progress);
      _exit (0);
    }
  while (waitpid (pid, &status, 0) < 0 && errno == EINTR)
    ;
  if (WIFSIGNALED (status))
    fprintf (stderr, "# ended by signal %d\n# to see it again: %s --seed=%" G_GUINT64_FORMAT " --trace\n",
             WTERMSIG (status), g_get_prgname (), progress->seed);

  return status == 0;
}

static guint
run_all (const char *directory, Progress *progress)
{
  guint64 next = (guint64) first_seed, end = (guint64) (first_seed + n_seeds);
  guint n_failed = 0;

  while (next < end)
    {
      guint64 batch_end = MIN (next + BATCH, end);

      if (fork_batch (next, batch_end, directory, progress))
        {
          next = batch_end;
          continue;
        }
      n_failed++;
      next = goes_on ? progress->seed + 1 : end;
    }

  return n_failed;
}

int
main (int argc, char **argv)
{
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GError) error = NULL;
  g_autofree char *directory = NULL;
  Progress *progress =
    mmap (NULL, sizeof *progress, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  guint n_failed = 0;

  /* What GIO opens for the whole process is there before the first world, which closes what it finds open in the end. */
  g_setenv ("GIO_USE_VFS", "local", TRUE);
  g_type_ensure (G_TYPE_TASK);
  g_object_unref (g_file_new_for_path ("/"));
  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    g_error ("%s", error->message);
  g_set_prgname (argv[0]);
  g_log_set_always_fatal (G_LOG_LEVEL_CRITICAL | G_LOG_LEVEL_WARNING | G_LOG_FATAL_MASK);
  if (g_file_test ("/dev/shm", G_FILE_TEST_IS_DIR) && g_access ("/dev/shm", W_OK) == 0)
    {
      directory = g_strdup ("/dev/shm/dagsched-simulation-XXXXXX");
      g_assert_nonnull (g_mkdtemp (directory));
    }
  else
    directory = g_dir_make_tmp ("dagsched-simulation-XXXXXX", NULL);

  n_seeds = only_seed != 0 ? 1 : n_seeds;
  if (only_seed != 0)
    run_batch ((guint64) only_seed, (guint64) only_seed + 1, directory, progress);
  else
    n_failed = run_all (directory, progress);
  g_rmdir (directory);

  printf ("1..1\n%s 1 seeds # %" G_GINT64_FORMAT " seeds, %" G_GUINT64_FORMAT
          " points, killed and resumed %" G_GUINT64_FORMAT " times, %u failed\n",
          n_failed > 0 ? "not ok" : "ok", n_seeds, progress->n_points,
          progress->n_sessions - (guint64) n_seeds, n_failed);
  return n_failed > 0;
}
