/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Runs in this process while calls fail, as the environment says (see fault-shim.c): whatever they come to, they leave
 * neither a descriptor nor a thread. */

#include <dagsched.h>
#include <glib/gstdio.h>
#include <unistd.h>

#define N_TESTS 5

/* Opening is what may fail. */
static guint
count_entries (const char *path)
{
  GDir *dir;
  guint n = 0;

  do
    dir = g_dir_open (path, 0, NULL);
  while (dir == NULL);
  while (g_dir_read_name (dir) != NULL)
    n++;
  g_dir_close (dir);

  return n;
}

static DagschedGraph *
make_graph (void)
{
  static const char *const argv[] = { "echo", "output", NULL };
  DagschedGraph *graph = dagsched_graph_new ("leaks");

  for (guint i = 0; i < N_TESTS; i++)
    {
      g_autofree char *name = g_strdup_printf ("t%u", i);
      g_autoptr (DagschedTest) test = DAGSCHED_TEST (dagsched_command_test_new (name, argv));
      g_autoptr (GError) error = NULL;

      dagsched_test_set_retries (test, 1);
      dagsched_graph_add_test (graph, test, &error);
      g_assert_no_error (error);
    }

  return graph;
}

/* Whether it began. */
static gboolean
run_once (const char *log_path)
{
  g_autoptr (DagschedGraph) graph = make_graph ();
  g_autoptr (DagschedScheduler) scheduler = dagsched_scheduler_new (graph, NULL);
  g_autoptr (DagschedRunLogWriter) log = dagsched_run_log_writer_new (log_path, NULL);
  g_autoptr (DagschedPublisher) publisher = NULL;
  g_autoptr (GError) error = NULL;
  gboolean ran;

  g_assert_true (dagsched_scheduler_prepare (scheduler, NULL));
  if (log != NULL)
    dagsched_run_log_writer_attach (log, scheduler);
  publisher = dagsched_publisher_new (DAGSCHED_RUN (scheduler), log_path, NULL);
  ran = dagsched_scheduler_run (scheduler, NULL, &error);
  g_assert_true (ran == (error == NULL));
  if (error != NULL)
    g_test_message ("%s", error->message);

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (graph)); i++)
    {
      g_autoptr (DagschedTest) test = g_list_model_get_item (G_LIST_MODEL (graph), i);

      if (ran)
        g_assert_cmpint (dagsched_test_get_outcome (test), !=, DAGSCHED_OUTCOME_NONE);
    }

  return ran;
}

static void
test_leaks (void)
{
  g_autofree char *directory = g_dir_make_tmp ("dagsched-leaks-XXXXXX", NULL);
  g_autofree char *log_path = g_build_filename (directory, "log", NULL);
  guint n_runs = g_test_slow () ? 2000 : 20;
  guint n_fds, n_threads, n_ran = 0;

  /* What GLib makes once is there then. */
  while (!run_once (log_path))
    ;
  n_fds = count_entries ("/proc/self/fd");
  n_threads = count_entries ("/proc/self/task");

  for (guint i = 0; i < n_runs; i++)
    {
      n_ran += run_once (log_path);
      g_assert_cmpuint (count_entries ("/proc/self/fd"), ==, n_fds);
      g_assert_cmpuint (count_entries ("/proc/self/task"), <=, n_threads);
    }

  g_test_message ("%u of %u ran to their ends", n_ran, n_runs);
  g_assert_cmpuint (n_ran, >, 0);
  g_assert_cmpuint (n_ran, <, n_runs);
  g_unlink (log_path);
  g_rmdir (directory);
}

int
main (int argc, char **argv)
{
  g_autofree char *runtime = NULL;

  g_test_init (&argc, &argv, NULL);
  runtime = g_dir_make_tmp ("dagsched-leaks-XXXXXX", NULL);
  g_setenv ("XDG_RUNTIME_DIR", runtime, TRUE);

  g_test_add_func ("/faults/leaks", test_leaks);

  return g_test_run ();
}
