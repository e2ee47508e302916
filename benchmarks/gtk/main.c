/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <dagsched-gtk.h>

#include "frames.h"
#include "scroller.h"
#include "served.h"
#include "stage.h"

/* Measures the widgets while a run goes on, while nothing does, and while a log is opened. */

static char *view_name;
static gboolean application;
static gboolean attach;
static gboolean scroll;
static gboolean serve;
static int n_tests = 100000;
static int n_workers = 64;
static double rate;
static double idle_seconds = 5;
static int width = 1600;
static int height = 900;
static char *log_path;

static const GOptionEntry entries[] = {
  { "view", 0, 0, G_OPTION_ARG_STRING, &view_name, "graph (default), workers, tests or summary", "VIEW" },
  { "application", 0, 0, G_OPTION_ARG_NONE, &application,
    "In the window of the application, with all else it has", NULL },
  { "attach", 0, 0, G_OPTION_ARG_NONE, &attach, "The run goes on in another process", NULL },
  { "scroll", 0, 0, G_OPTION_ARG_NONE, &scroll, "Scroll the list all the time", NULL },
  { "tests", 0, 0, G_OPTION_ARG_INT, &n_tests, "So many tests", "N" },
  { "workers", 0, 0, G_OPTION_ARG_INT, &n_workers, "So many workers", "N" },
  { "rate", 0, 0, G_OPTION_ARG_DOUBLE, &rate, "Events a second (100000; attached: 10000)", "N" },
  { "idle", 0, 0, G_OPTION_ARG_DOUBLE, &idle_seconds, "So long nothing happens after the run", "SECONDS" },
  { "width", 0, 0, G_OPTION_ARG_INT, &width, "Of the window", "PIXELS" },
  { "height", 0, 0, G_OPTION_ARG_INT, &height, "Of the window", "PIXELS" },
  { "log", 0, 0, G_OPTION_ARG_FILENAME, &log_path, "Open this log instead of running", "FILE" },
  { "serve", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_NONE, &serve, NULL, NULL },
  { NULL },
};

static void
print_frames (const char *what, const FramesResult *result)
{
  g_print ("%-8s %6.2f s  %5u frames  median %5.1f fps  worst %6.1f ms  paint %5.2f ms  apply %5.2f ms  "
           "main thread %5.1f %%  of this applying %4.1f %%  other threads %5.1f %%\n",
           what, result->seconds, result->n_frames, result->median_fps, result->worst_ms, result->paint_ms,
           result->apply_ms, result->cpu_share * 100, result->apply_share * 100,
           (result->process_cpu - result->cpu_share) * 100);
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

static gboolean
is_laid_out (Stage *stage)
{
  gboolean laid_out = TRUE;

  if (DAGSCHED_GTK_IS_GRAPH_VIEW (stage_get_view (stage)))
    g_object_get (stage_get_view (stage), "laid-out", &laid_out, NULL);

  return laid_out;
}

static void
wait_until_laid_out (Stage *stage)
{
  while (!is_laid_out (stage))
    g_main_context_iteration (NULL, TRUE);
  stage_wait_until_painted (stage);
}

static void
measure_idle (Stage *stage)
{
  Frames *frames;
  FramesResult result;

  wait_seconds (1);
  frames = frames_start (stage_get_window (stage));
  wait_seconds (idle_seconds);
  result = frames_stop (frames);
  print_frames ("idle", &result);
}

static void
on_run_ended (GObject *source, GAsyncResult *async_result, gpointer data)
{
  dagsched_scheduler_run_finish (DAGSCHED_SCHEDULER (source), async_result, NULL);
}

static DagschedScheduler *
create_scheduler (Pace *pace)
{
  g_autoptr (DagschedOptions) options = dagsched_options_new ();
  DagschedScheduler *scheduler;

  g_object_set (options, "n-workers", n_workers, "notification-batch-window", 16000, NULL);
  scheduler = dagsched_scheduler_new (pace_get_graph (pace), options);
  dagsched_scheduler_prepare (scheduler, NULL);

  return scheduler;
}

typedef void (*GoFunc) (DagschedRun *run, gpointer data);

static void
measure_run (Stage *stage, DagschedRun *run, GoFunc go, gpointer data)
{
  Scroller *scroller;
  gboolean ended = FALSE;
  Frames *frames;
  FramesResult result;

  g_signal_connect_swapped (run, "finished", G_CALLBACK (set_flag), &ended);
  stage_show (stage, run);
  wait_until_laid_out (stage);
  wait_seconds (1); /* for what is done when there is time */
  scroller = scroll ? scroller_start (stage_get_view (stage)) : NULL;
  frames = frames_start (stage_get_window (stage));
  go (run, data);
  while (!ended)
    g_main_context_iteration (NULL, TRUE);
  result = frames_stop (frames);
  g_clear_pointer (&scroller, scroller_stop);
  print_frames ("running", &result);
  g_print ("         %.0f events/s\n", n_tests * (double) PACE_EVENTS_A_TEST / result.seconds);
  measure_idle (stage);
  g_signal_handlers_disconnect_by_data (run, &ended);
  stage_show (stage, NULL);
}

static void
go_here (DagschedRun *run, gpointer data)
{
  dagsched_scheduler_run_async (DAGSCHED_SCHEDULER (run), NULL, on_run_ended, NULL);
  pace_start (data);
}

static void
measure_here (Stage *stage)
{
  Pace *pace = pace_new ((guint) n_tests, rate);
  DagschedScheduler *scheduler = create_scheduler (pace);

  measure_run (stage, DAGSCHED_RUN (scheduler), go_here, pace);
  g_object_unref (scheduler);
  pace_free (pace);
}

static void
go_there (DagschedRun *run, gpointer data)
{
  served_go (data);
}

static void
measure_attached (Stage *stage)
{
  g_autofree char *tests = g_strdup_printf ("--tests=%d", n_tests);
  g_autofree char *workers = g_strdup_printf ("--workers=%d", n_workers);
  g_autofree char *pace_rate = g_strdup_printf ("--rate=%d", (int) rate);
  const char *args[] = { tests, workers, pace_rate, NULL };
  Served *served = served_start (args);
  DagschedObserver *observer = served_observe (served);

  measure_run (stage, DAGSCHED_RUN (observer), go_there, served);
  g_object_unref (observer);
  served_free (served);
}

static void
serve_run (void)
{
  Pace *pace = pace_new ((guint) n_tests, rate);
  DagschedScheduler *scheduler = create_scheduler (pace);

  served_serve (scheduler, pace);
  g_object_unref (scheduler);
  pace_free (pace);
}

static void
measure_log (Stage *stage)
{
  gint64 start = g_get_monotonic_time ();

  stage_open_log (stage, log_path);
  g_print ("loaded after %.0f ms", (double) (g_get_monotonic_time () - start) / 1e3);
  stage_wait_until_painted (stage);
  g_print (", painted after %.0f ms", (double) (g_get_monotonic_time () - start) / 1e3);
  wait_until_laid_out (stage);
  g_print (", laid out and painted after %.0f ms\n", (double) (g_get_monotonic_time () - start) / 1e3);
  measure_idle (stage);
}

static int
measure (void)
{
  Stage *stage = stage_new (view_name != NULL ? view_name : "graph", application, width, height);

  if (stage == NULL)
    {
      g_printerr ("dagsched-gtk-bench: there is no view “%s”: graph, workers, tests or summary\n", view_name);
      return 2;
    }

  if (log_path != NULL)
    measure_log (stage);
  else if (attach)
    measure_attached (stage);
  else
    measure_here (stage);
  stage_free (stage);

  return 0;
}

int
main (int argc, char *argv[])
{
  g_autoptr (GOptionContext) context = g_option_context_new ("- measure the widgets and the application");
  g_autoptr (GError) error = NULL;

  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    {
      g_printerr ("dagsched-gtk-bench: %s\n", error->message);
      return 2;
    }

  if (rate <= 0)
    rate = attach ? 10000 : 100000;
  if (serve)
    {
      serve_run ();
      return 0;
    }

  return measure ();
}
