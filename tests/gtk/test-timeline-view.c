/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "gtk-case.h"
#include "live-run.h"
#include "sample-log.h"
#include "timeline/dagsched-gtk-timeline-view-private.h"
#include "timeline/dagsched-gtk-timeline-words-private.h"
#include "xdotool.h"

#include <math.h>

/* The timeline, drawn and used. */

typedef struct
{
  DagschedRun *run;
  DagschedGtkTimelineView *view;
  GtkWindow *window;
} Fixture;

/* @run: (transfer full) (nullable) */
static Fixture
present (DagschedRun *run, int width, int height)
{
  Fixture fixture = { .run = run, .view = DAGSCHED_GTK_TIMELINE_VIEW (dagsched_gtk_timeline_view_new ()) };

  dagsched_gtk_timeline_view_set_run (fixture.view, run);
  fixture.window = gtk_case_present (GTK_WIDGET (fixture.view), width, height);

  return fixture;
}

static void
clear (Fixture *fixture)
{
  gtk_window_destroy (fixture->window);
  g_clear_object (&fixture->run);
}

static DagschedRun *
new_small (void)
{
  DagschedRunLog *log = sample_log_new_small ();

  dagsched_run_log_replay (log);
  return DAGSCHED_RUN (log);
}

static DagschedTest *
find_test (Fixture *fixture, const char *name)
{
  GListModel *tests = dagsched_run_get_tests (fixture->run);

  for (guint i = 0; i < g_list_model_get_n_items (tests); i++)
    {
      g_autoptr (DagschedTest) test = g_list_model_get_item (tests, i);

      if (g_strcmp0 (dagsched_test_get_name (test), name) == 0)
        return test; /* the run holds it */
    }

  g_assert_not_reached ();
}

/* What is shown only ten times a second is shown now. */
static void
check_picture (Fixture *fixture, const char *name)
{
  gtk_case_settle (GTK_WIDGET (fixture->window));
  dagsched_gtk_throttle_flush (fixture->view->headers);
  gtk_case_check_picture (GTK_WIDGET (fixture->window), name);
}

static void
check_light_and_dark (Fixture *fixture, const char *name)
{
  g_autofree char *light = g_strconcat (name, "-light", NULL), *dark = g_strconcat (name, "-dark", NULL);

  check_picture (fixture, light);
  gtk_case_set_dark (TRUE);
  check_picture (fixture, dark);
  gtk_case_set_dark (FALSE);
}

static void
test_empty (void)
{
  Fixture fixture = present (NULL, 700, 400);

  check_picture (&fixture, "timeline-empty");
  clear (&fixture);

  /* A run that has not begun has workers, and nothing on them. */
  fixture = present (DAGSCHED_RUN (sample_log_new_small ()), 700, 300);
  check_picture (&fixture, "timeline-not-begun");
  clear (&fixture);
}

static void
test_small (void)
{
  Fixture fixture = present (new_small (), 1000, 260);

  check_light_and_dark (&fixture, "timeline-small");
  dagsched_gtk_timeline_view_set_selected (fixture.view, find_test (&fixture, "api/busy-server"));
  dagsched_gtk_time_window_set_range (fixture.view->window, 9.5, 17);
  dagsched_gtk_time_window_set_pointer (fixture.view->window, 12.345);
  check_light_and_dark (&fixture, "timeline-selected");
  clear (&fixture);
}

static void
test_running (void)
{
  Fixture fixture = present (DAGSCHED_RUN (sample_log_new_small_at (16.5)), 1000, 260);

  check_light_and_dark (&fixture, "timeline-running");
  clear (&fixture);
}

static void
test_narrow (void)
{
  Fixture fixture = present (new_small (), 360, 400);

  check_picture (&fixture, "timeline-narrow");
  clear (&fixture);
}

static void
test_many (void)
{
  DagschedRunLog *log = sample_log_new_layered (100000, 1000, 64);
  Fixture fixture = present (DAGSCHED_RUN (log), 1600, 900);

  dagsched_run_log_replay (log);
  check_light_and_dark (&fixture, "timeline-many");
  clear (&fixture);
}

static const char *
get_selected (Fixture *fixture)
{
  DagschedTest *test = dagsched_gtk_timeline_view_get_selected (fixture->view);

  return test != NULL ? dagsched_test_get_name (test) : NULL;
}

static void
on_activate (DagschedGtkTimelineView *view, DagschedTest *test, char **told)
{
  g_free (*told);
  *told = g_strdup (dagsched_test_get_name (test));
}

static int
to_x (Fixture *fixture, double time)
{
  return fixture->view->window->header_width +
         (int) dagsched_gtk_time_axis_to_x (&fixture->view->window->axis, time);
}

#define RULER 30
#define LANE 54

/* Lanes up and down, what ran on them left and right. */
static void
test_keyboard (void)
{
  Fixture fixture = present (new_small (), 1000, 300);
  DagschedGtkTimeWindow *window = fixture.view->window;
  g_autofree char *told = NULL;
  double scale;

  g_signal_connect (fixture.view, "activate", G_CALLBACK (on_activate), &told);
  xdotool_focus (fixture.window);
  gtk_widget_grab_focus (GTK_WIDGET (dagsched_gtk_timeline_lanes_get_lane (fixture.view->lanes, 0)));
  dagsched_gtk_timeline_view_set_selected (fixture.view, find_test (&fixture, "api/health"));
  xdotool ("key Right");
  GTK_CASE_UNTIL (g_strcmp0 (get_selected (&fixture), "api/upload") == 0);
  xdotool ("key Left Left");
  GTK_CASE_UNTIL (g_strcmp0 (get_selected (&fixture), "server/start") == 0);
  xdotool ("key Return");
  GTK_CASE_UNTIL (g_strcmp0 (told, "server/start") == 0);
  xdotool ("key Down Right");
  GTK_CASE_UNTIL (g_strcmp0 (get_selected (&fixture), "server/start") != 0);
  g_assert_true (
    gtk_widget_is_focus (GTK_WIDGET (dagsched_gtk_timeline_lanes_get_lane (fixture.view->lanes, 1))));

  check_picture (&fixture, "timeline-focus");

  scale = window->axis.scale;
  xdotool ("key plus plus");
  GTK_CASE_UNTIL (window->axis.scale < scale / 2);
  xdotool ("key End");
  GTK_CASE_UNTIL (window->axis.origin > 10);
  xdotool ("key ctrl+Left");
  GTK_CASE_UNTIL (dagsched_gtk_time_axis_to_x (&window->axis, window->end) > window->axis.width);
  xdotool ("key Home");
  GTK_CASE_UNTIL (window->axis.origin == 0);
  xdotool ("key minus");
  GTK_CASE_UNTIL (window->axis.scale > scale / 2);
  xdotool ("key 0");
  GTK_CASE_UNTIL (window->axis.scale == scale);
  clear (&fixture);
}

static void
test_pointer (void)
{
  Fixture fixture = present (new_small (), 1000, 300);
  DagschedGtkTimeWindow *window = fixture.view->window;
  g_autofree char *told = NULL;
  double scale = window->axis.scale, time, origin;

  g_signal_connect (fixture.view, "activate", G_CALLBACK (on_activate), &told);
  xdotool ("mousemove %d %d click --repeat 2 --delay 20 1", to_x (&fixture, 3), RULER + LANE / 2);
  GTK_CASE_UNTIL (g_strcmp0 (told, "encode/av1") == 0);
  xdotool ("mousemove %d %d", to_x (&fixture, 2), RULER + LANE + LANE / 2);
  GTK_CASE_UNTIL (fabs (window->pointer - 2) < 2 * scale);
  xdotool ("click 1");
  GTK_CASE_UNTIL (g_strcmp0 (get_selected (&fixture), "encode/h264") == 0);

  /* What is under the pointer stays there. */
  time = window->pointer;
  xdotool ("keydown ctrl click --repeat 3 4 keyup ctrl");
  GTK_CASE_UNTIL (window->axis.scale < scale / 1.9);
  g_assert_cmpfloat_with_epsilon (dagsched_gtk_time_axis_to_x (&window->axis, time),
                                  to_x (&fixture, time) - window->header_width, 1);

  /* All lanes are seen: scrolling moves the time. */
  origin = window->axis.origin;
  xdotool ("click 5");
  GTK_CASE_UNTIL (window->axis.origin > origin);

  origin = window->axis.origin;
  xdotool ("mousemove 600 60 mousedown 1 mousemove 640 60 mousemove 700 60 mouseup 1");
  GTK_CASE_UNTIL (window->axis.origin < origin - 20 * window->axis.scale);
  g_assert_cmpstr (get_selected (&fixture), ==, "encode/h264"); /* that was no click */

  xdotool (
    "mousemove 500 60 keydown shift mousedown 1 mousemove 550 60 mousemove 600 60 mouseup 1 keyup shift");
  GTK_CASE_UNTIL (dagsched_gtk_time_window_has_range (window) &&
                  fabs (window->range_to - window->range_from - 100 * window->axis.scale) <
                    2 * window->axis.scale);
  GTK_CASE_UNTIL (g_str_has_suffix (gtk_label_get_text (fixture.view->status), "s") &&
                  strstr (gtk_label_get_text (fixture.view->status), "selected") != NULL);
  xdotool ("mousemove 600 %d click 1", RULER + 2 * LANE - 2);
  xdotool ("mousemove 0 0");
  clear (&fixture);
}

static void
test_pinch (void)
{
  Fixture fixture = present (new_small (), 1000, 300);
  DagschedGtkTimeWindow *window = fixture.view->window;
  GtkGesture *pinch = gtk_case_find_controller (GTK_WIDGET (fixture.view), GTK_TYPE_GESTURE_ZOOM);
  double scale = window->axis.scale;

  gtk_case_begin_gesture (pinch);
  g_signal_emit_by_name (pinch, "scale-changed", 2.0);
  g_assert_cmpfloat_with_epsilon (window->axis.scale, scale / 2, scale * 1e-6);
  g_signal_emit_by_name (pinch, "scale-changed", 4.0);
  g_assert_cmpfloat_with_epsilon (window->axis.scale, scale / 4, scale * 1e-6);
  g_signal_emit_by_name (pinch, "scale-changed", NAN);
  g_assert_cmpfloat_with_epsilon (window->axis.scale, scale / 4, scale * 1e-6);
  clear (&fixture);
}

/* A run that goes on, followed until somebody looks elsewhere. */
static void
test_live (void)
{
  LiveRun *live = live_run_new (40, 0, 3);
  Fixture fixture = present (g_object_ref (live_run_get_run (live)), 900, 300);
  DagschedGtkTimeWindow *window = fixture.view->window;
  DagschedGtkTimelineTrack *track;
  double end;

  live_run_start (live);
  GTK_CASE_UNTIL (dagsched_gtk_timeline_lanes_get_n_lanes (fixture.view->lanes) == 3 && window->is_live);
  track =
    dagsched_gtk_timeline_lane_get_track (dagsched_gtk_timeline_lanes_get_lane (fixture.view->lanes, 0));
  GTK_CASE_UNTIL (window->end > 0.3 &&
                  dagsched_gtk_timeline_model_get_running_since (fixture.view->model, 0) >= 0);
  g_assert_true (dagsched_gtk_timeline_view_get_follow (fixture.view));
  g_assert_true (
    dagsched_gtk_timeline_track_find (track, dagsched_gtk_time_axis_to_x (&window->axis, window->end - 0.01))
      .is_running);

  /* What runs can be gone to, and looking at it is no looking elsewhere. */
  xdotool_focus (fixture.window);
  gtk_widget_grab_focus (GTK_WIDGET (dagsched_gtk_timeline_lanes_get_lane (fixture.view->lanes, 0)));
  xdotool ("key Right");
  GTK_CASE_UNTIL (g_str_has_prefix (get_selected (&fixture) != NULL ? get_selected (&fixture) : "", "live/"));
  g_assert_true (dagsched_gtk_timeline_view_get_follow (fixture.view));

  /* Nearer, about the end: it is still followed. */
  gtk_widget_activate_action (GTK_WIDGET (fixture.view), "timeline.zoom-in", NULL);
  gtk_widget_activate_action (GTK_WIDGET (fixture.view), "timeline.zoom-in", NULL);
  g_assert_true (dagsched_gtk_timeline_view_get_follow (fixture.view));
  end = window->end;
  GTK_CASE_UNTIL (window->end > end + 0.2);
  g_assert_cmpfloat (dagsched_gtk_time_axis_to_x (&window->axis, window->end), <=, window->axis.width);

  dagsched_gtk_time_window_pan (window, -50);
  g_assert_false (dagsched_gtk_timeline_view_get_follow (fixture.view));
  end = window->end;
  GTK_CASE_UNTIL (window->end > end + 0.2);
  gtk_widget_activate_action (GTK_WIDGET (fixture.view), "timeline.follow", NULL);
  g_assert_true (dagsched_gtk_timeline_view_get_follow (fixture.view));

  live_run_release (live, 20, 4);
  GTK_CASE_UNTIL (dagsched_run_get_n_in_state (fixture.run, DAGSCHED_STATE_FINISHED) >= 20);
  live_run_release_all (live);
  GTK_CASE_UNTIL (!window->is_live);
  g_assert_cmpuint (
    dagsched_gtk_spans_get_length (dagsched_gtk_timeline_model_get_spans (fixture.view->model, 0)) +
      dagsched_gtk_spans_get_length (dagsched_gtk_timeline_model_get_spans (fixture.view->model, 1)) +
      dagsched_gtk_spans_get_length (dagsched_gtk_timeline_model_get_spans (fixture.view->model, 2)),
    ==, 40);
  g_assert_true (isnan (dagsched_gtk_timeline_model_get_running_since (fixture.view->model, 0)));
  clear (&fixture);
  live_run_free (live);
}

/* When a run grows, only the ends of lanes are drawn again; when the view is moved, nothing is but what was not
 * seen before. */
static void
test_tiles (void)
{
  Fixture fixture = present (new_small (), 1600, 200);
  DagschedGtkTimelineTrack *track =
    dagsched_gtk_timeline_lane_get_track (dagsched_gtk_timeline_lanes_get_lane (fixture.view->lanes, 0));
  guint n_drawn = dagsched_gtk_timeline_track_get_n_drawn (track);

  g_assert_cmpuint (n_drawn, >, 0);
  dagsched_gtk_timeline_view_set_selected (fixture.view, find_test (&fixture, "api/health"));
  gtk_case_settle (GTK_WIDGET (fixture.window));
  g_assert_cmpuint (dagsched_gtk_timeline_track_get_n_drawn (track), ==, n_drawn);

  dagsched_gtk_time_window_zoom (fixture.view->window, 300, 4);
  gtk_case_settle (GTK_WIDGET (fixture.window));
  n_drawn = dagsched_gtk_timeline_track_get_n_drawn (track);
  dagsched_gtk_time_window_pan (fixture.view->window, 100);
  gtk_case_settle (GTK_WIDGET (fixture.window));
  g_assert_cmpuint (dagsched_gtk_timeline_track_get_n_drawn (track), <=, n_drawn + 1);
  clear (&fixture);
}

static void
test_words (void)
{
  Fixture fixture = present (new_small (), 800, 200);
  GtkAccessible *lane = GTK_ACCESSIBLE (dagsched_gtk_timeline_lanes_get_lane (fixture.view->lanes, 1));
  DagschedGtkSpan span = {
    .start = 1.5, .end = 3.75, .test = 9, .attempt = 1, .look = DAGSCHED_GTK_LOOK_FAILED
  };
  const char *busy = "Busy 81 % of the run"; /* the macro makes a format of what it is given */
  g_autofree char *failed = NULL;
  g_autofree char *retried = NULL;
  g_autofree char *second = NULL;
  g_autofree char *running = NULL;
  g_autofree char *range = NULL;

  failed = dagsched_gtk_timeline_describe_span (fixture.view->model, &span);
  g_assert_cmpstr (failed, ==, "api/busy-server\nFailed\nStarted at 1.50 s, took 2.25 s");
  span.will_retry = TRUE;
  retried = dagsched_gtk_timeline_describe_span (fixture.view->model, &span);
  g_assert_cmpstr (retried, ==,
                   "api/busy-server\nFailed, attempt 1; tried again\nStarted at 1.50 s, took 2.25 s");
  span.will_retry = FALSE;
  span.attempt = 2;
  second = dagsched_gtk_timeline_describe_span (fixture.view->model, &span);
  g_assert_cmpstr (second, ==, "api/busy-server\nFailed, attempt 2\nStarted at 1.50 s, took 2.25 s");
  span.attempt = 1;
  span.look = DAGSCHED_GTK_LOOK_RUNNING;
  running = dagsched_gtk_timeline_describe_span (fixture.view->model, &span);
  g_assert_cmpstr (running, ==, "api/busy-server\nRunning\nStarted at 1.50 s, for 2.25 s now");
  /* Both workers are busy with one test each. */
  range = dagsched_gtk_timeline_describe_range (fixture.view->model, 1, 3);
  g_assert_cmpstr (range, ==, "2.00 s selected: workers 100 % busy, tests ran for 4.00 s");

  gtk_test_accessible_assert_role (lane, GTK_ACCESSIBLE_ROLE_LIST_ITEM);
  gtk_test_accessible_assert_property (lane, GTK_ACCESSIBLE_PROPERTY_LABEL, "Worker 1");
  gtk_test_accessible_assert_property (lane, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, busy);
  clear (&fixture);
}

static void
on_after_paint (GdkFrameClock *clock, guint *n_frames)
{
  ++*n_frames;
}

static gboolean
on_time (gpointer data)
{
  *(gboolean *) data = TRUE;

  return G_SOURCE_REMOVE;
}

/* Once it has drawn what there is, it draws nothing: neither when a run has ended, nor before it begins. */
static void
assert_idle (DagschedRun *run)
{
  Fixture fixture = present (run, 800, 300);
  GdkFrameClock *clock = gtk_widget_get_frame_clock (GTK_WIDGET (fixture.window));
  gboolean is_over = FALSE;
  guint n_frames = 0;

  GTK_CASE_UNTIL (!dagsched_gtk_run_clock_is_ticking (fixture.view->clock));
  dagsched_gtk_throttle_flush (fixture.view->headers);
  gtk_case_settle (GTK_WIDGET (fixture.window));
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_signal_connect (clock, "after-paint", G_CALLBACK (on_after_paint), &n_frames);
  g_timeout_add (1500, on_time, &is_over);
  GTK_CASE_UNTIL (is_over);
  g_assert_cmpuint (n_frames, <=, 1); /* one may have been under way */
  g_signal_handlers_disconnect_by_func (clock, on_after_paint, &n_frames);
  clear (&fixture);
}

static void
test_idle (void)
{
  assert_idle (new_small ());
  assert_idle (DAGSCHED_RUN (sample_log_new_small ()));
}

int
main (int argc, char *argv[])
{
  gtk_case_init (&argc, &argv);

  g_test_add_func ("/timeline-view/empty", test_empty);
  g_test_add_func ("/timeline-view/small", test_small);
  g_test_add_func ("/timeline-view/running", test_running);
  g_test_add_func ("/timeline-view/narrow", test_narrow);
  g_test_add_func ("/timeline-view/many", test_many);

  g_test_add_func ("/timeline-view/keyboard", test_keyboard);
  g_test_add_func ("/timeline-view/pointer", test_pointer);
  g_test_add_func ("/timeline-view/pinch", test_pinch);
  g_test_add_func ("/timeline-view/live", test_live);
  g_test_add_func ("/timeline-view/tiles", test_tiles);
  g_test_add_func ("/timeline-view/words", test_words);
  g_test_add_func ("/timeline-view/idle", test_idle);

  return g_test_run ();
}
