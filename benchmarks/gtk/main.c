/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <dagsched-gtk.h>
#include <stdlib.h>

#include "frames.h"
#include "pace.h"

/* Measures the widgets while a run goes on, while nothing does, and while a log is opened. */

static char *view_name;
static int n_tests = 100000;
static int n_workers = 64;
static double rate = 100000;
static double idle_seconds = 5;
static int width = 1600;
static int height = 900;
static char *log_path;

static const GOptionEntry entries[] = {
  { "view", 0, 0, G_OPTION_ARG_STRING, &view_name, "graph (default), workers, tests or summary", "VIEW" },
  { "tests", 0, 0, G_OPTION_ARG_INT, &n_tests, "So many tests", "N" },
  { "workers", 0, 0, G_OPTION_ARG_INT, &n_workers, "So many workers", "N" },
  { "rate", 0, 0, G_OPTION_ARG_DOUBLE, &rate, "Events a second", "N" },
  { "idle", 0, 0, G_OPTION_ARG_DOUBLE, &idle_seconds, "So long nothing happens after the run", "SECONDS" },
  { "width", 0, 0, G_OPTION_ARG_INT, &width, "Of the window", "PIXELS" },
  { "height", 0, 0, G_OPTION_ARG_INT, &height, "Of the window", "PIXELS" },
  { "log", 0, 0, G_OPTION_ARG_FILENAME, &log_path, "Open this log instead of running", "FILE" },
  { NULL },
};

static GtkWidget *
create_view (void)
{
  const struct
  {
    const char *name;
    GType type;
  } views[] = {
    { "graph", DAGSCHED_GTK_TYPE_GRAPH_VIEW },
    { "workers", DAGSCHED_GTK_TYPE_TIMELINE_VIEW },
    { "tests", DAGSCHED_GTK_TYPE_TEST_LIST },
    { "summary", DAGSCHED_GTK_TYPE_RUN_SUMMARY },
  };

  for (guint i = 0; i < G_N_ELEMENTS (views); i++)
    {
      if (g_str_equal (view_name != NULL ? view_name : "graph", views[i].name))
        return g_object_new (views[i].type, NULL);
    }

  g_printerr ("dagsched-gtk-bench: there is no view “%s”: graph, workers, tests or summary\n", view_name);
  exit (2);
}

static void
print_frames (const char *what, const FramesResult *result)
{
  g_print ("%-8s %6.2f s  %5u frames  median %5.1f fps  worst %6.1f ms  paint %5.2f ms  apply %5.2f ms  "
           "main thread %5.1f %%  process %5.1f %%\n",
           what, result->seconds, result->n_frames, result->median_fps, result->worst_ms, result->paint_ms,
           result->apply_ms, result->cpu_share * 100, result->process_cpu * 100);
}

static void
iterate_until_painted (GtkWidget *widget, guint *n_painted)
{
  guint before = *n_painted;

  gtk_widget_queue_draw (widget);
  while (*n_painted == before)
    g_main_context_iteration (NULL, TRUE);
}

static void
on_painted (GdkFrameClock *clock, guint *n_painted)
{
  ++*n_painted;
}

static gboolean
set_flag (gpointer flag)
{
  *(gboolean *) flag = TRUE;
  return G_SOURCE_REMOVE;
}

static void
wait_seconds (double seconds)
{
  gboolean over = FALSE;

  g_timeout_add ((guint) (seconds * 1000), set_flag, &over);
  while (!over)
    g_main_context_iteration (NULL, TRUE);
}

static void
measure_idle (GtkWidget *window)
{
  Frames *frames;
  FramesResult result;

  wait_seconds (2);
  frames = frames_start (window);
  wait_seconds (idle_seconds);
  result = frames_stop (frames);
  print_frames ("idle", &result);
}

static void
on_run_ended (GObject *source, GAsyncResult *async_result, gpointer ended)
{
  dagsched_scheduler_run_finish (DAGSCHED_SCHEDULER (source), async_result, NULL);
  *(gboolean *) ended = TRUE;
}

static void
measure_run (GtkWidget *window, GtkWidget *view)
{
  Pace *pace = pace_new ((guint) n_tests, rate);
  g_autoptr (DagschedOptions) options = dagsched_options_new ();
  DagschedScheduler *scheduler;
  gboolean ended = FALSE;
  Frames *frames;
  FramesResult result;

  g_object_set (options, "n-workers", n_workers, "notification-batch-window", 16000, NULL);
  scheduler = dagsched_scheduler_new (pace_get_graph (pace), options);
  dagsched_scheduler_prepare (scheduler, NULL);
  g_object_set (view, "run", scheduler, NULL);
  wait_seconds (4); /* until it is laid out */
  frames = frames_start (window);
  dagsched_scheduler_run_async (scheduler, NULL, on_run_ended, &ended);
  pace_start (pace);
  while (!ended)
    g_main_context_iteration (NULL, TRUE);
  result = frames_stop (frames);
  print_frames ("running", &result);
  g_print ("         %.0f events/s\n", n_tests * (double) PACE_EVENTS_A_TEST / result.seconds);
  measure_idle (window);
  g_object_set (view, "run", NULL, NULL);
  g_object_unref (scheduler);
  pace_free (pace);
}

static void
on_loaded (GObject *source, GAsyncResult *result, gpointer loaded)
{
  g_autoptr (GError) error = NULL;

  *(DagschedRunLog **) loaded = dagsched_run_log_load_finish (result, &error);
  if (error != NULL)
    g_error ("%s", error->message);
}

static void
measure_log (GtkWidget *window, GtkWidget *view)
{
  g_autoptr (GFile) file = g_file_new_for_commandline_arg (log_path);
  g_autoptr (DagschedRunLog) log = NULL;
  GdkFrameClock *clock = gtk_widget_get_frame_clock (window);
  gint64 start = g_get_monotonic_time (), loaded, painted;
  guint n_painted = 0;

  g_signal_connect (clock, "after-paint", G_CALLBACK (on_painted), &n_painted);
  dagsched_run_log_load_async (file, NULL, on_loaded, &log);
  while (log == NULL)
    g_main_context_iteration (NULL, TRUE);
  loaded = g_get_monotonic_time ();
  g_object_set (view, "run", log, NULL);
  dagsched_run_log_replay (log);
  iterate_until_painted (view, &n_painted);
  painted = g_get_monotonic_time ();
  g_print ("loaded after %.0f ms, painted after %.0f ms\n", (loaded - start) / 1e3, (painted - start) / 1e3);
  if (DAGSCHED_GTK_IS_GRAPH_VIEW (view))
    {
      gboolean laid_out = FALSE;

      for (g_object_get (view, "laid-out", &laid_out, NULL); !laid_out;
           g_object_get (view, "laid-out", &laid_out, NULL))
        g_main_context_iteration (NULL, TRUE);
      iterate_until_painted (view, &n_painted);
      g_print ("laid out after %.0f ms\n", (g_get_monotonic_time () - start) / 1e3);
    }
  measure_idle (window);
  g_signal_handlers_disconnect_by_data (clock, &n_painted);
}

int
main (int argc, char *argv[])
{
  g_autoptr (GOptionContext) context = g_option_context_new ("- measure the widgets");
  g_autoptr (GError) error = NULL;
  GtkWidget *window, *view;
  guint n_painted = 0;

  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    {
      g_printerr ("dagsched-gtk-bench: %s\n", error->message);
      return 2;
    }

  dagsched_gtk_init ();
  view = create_view ();
  window = gtk_window_new ();
  gtk_window_set_default_size (GTK_WINDOW (window), width, height);
  gtk_window_set_decorated (GTK_WINDOW (window), FALSE);
  gtk_window_set_child (GTK_WINDOW (window), view);
  gtk_window_present (GTK_WINDOW (window));
  g_signal_connect (gtk_widget_get_frame_clock (window), "after-paint", G_CALLBACK (on_painted), &n_painted);
  iterate_until_painted (window, &n_painted);
  g_signal_handlers_disconnect_by_data (gtk_widget_get_frame_clock (window), &n_painted);

  if (log_path != NULL)
    measure_log (window, view);
  else
    measure_run (window, view);
  gtk_window_destroy (GTK_WINDOW (window));

  return 0;
}
