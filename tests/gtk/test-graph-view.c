/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "graph/dagsched-gtk-graph-view-private.h"
#include "graph-case.h"
#include "sample-log.h"

#include <math.h>

/* The view of the graph: drawn, moved, clicked, typed at, exported. */

static DagschedTest *
test_at (GraphCase *self, guint number)
{
  return self->view->table->tests[number];
}

static void
select_number (GraphCase *self, guint number)
{
  dagsched_gtk_graph_view_set_selected (self->view, test_at (self, number));
}

static void
test_small (void)
{
  GraphCase self;

  graph_case_open (&self, graph_case_replay (sample_log_new_small ()), 1280, 720);
  gtk_case_check_picture (GTK_WIDGET (self.window), "graph-small-light");
  gtk_case_set_dark (TRUE);
  gtk_case_check_picture (GTK_WIDGET (self.window), "graph-small-dark");
  select_number (&self, 6);
  gtk_case_check_picture (GTK_WIDGET (self.window), "graph-selected-dark");
  gtk_case_set_dark (FALSE);
  gtk_case_check_picture (GTK_WIDGET (self.window), "graph-selected");
  dagsched_gtk_graph_view_set_selected (self.view, NULL);
  dagsched_gtk_graph_view_set_show_critical_path (self.view, TRUE);
  gtk_case_check_picture (GTK_WIDGET (self.window), "graph-critical-path");
  dagsched_gtk_graph_view_set_show_critical_path (self.view, FALSE);
  dagsched_gtk_graph_view_set_hits (self.view, (guint[]){ 5, 6, 7, 8 }, 4);
  gtk_case_check_picture (GTK_WIDGET (self.window), "graph-hits");
  dagsched_gtk_graph_view_clear_hits (self.view);
  gtk_case_check_picture (GTK_WIDGET (self.window), "graph-small-light");
  graph_case_close (&self);
}

static void
test_near (void)
{
  GraphCase self;

  graph_case_open (&self, graph_case_replay (sample_log_new_small ()), 900, 600);
  dagsched_gtk_graph_view_set_zoom (self.view, 1.5);
  gtk_case_check_picture (GTK_WIDGET (self.window), "graph-near");
  dagsched_gtk_graph_view_set_zoom (self.view, 0.55);
  gtk_case_check_picture (GTK_WIDGET (self.window), "graph-middle");
  graph_case_close (&self);
}

/* In the middle of a run: what waits, is ready, runs. */
static void
test_running (void)
{
  GraphCase self;
  const guint running[] = { 1, 11, 22 }, ready[] = { 12, 13, 20 };

  graph_case_open (&self, sample_log_new_small (), 1280, 720);
  for (guint i = 0; i < G_N_ELEMENTS (running); i++)
    self.view->table->looks[running[i]] = DAGSCHED_GTK_LOOK_RUNNING;
  for (guint i = 0; i < G_N_ELEMENTS (ready); i++)
    self.view->table->looks[ready[i]] = DAGSCHED_GTK_LOOK_READY;
  self.view->table->looks[0] = DAGSCHED_GTK_LOOK_PASSED;
  dagsched_gtk_graph_view_redraw (self.view);
  gtk_case_check_picture (GTK_WIDGET (self.window), "graph-running");
  gtk_case_set_dark (TRUE);
  dagsched_gtk_graph_view_set_zoom (self.view, 0.3);
  gtk_case_check_picture (GTK_WIDGET (self.window), "graph-running-badges-dark");
  gtk_case_set_dark (FALSE);
  graph_case_close (&self);
}

static void
test_narrow (void)
{
  GraphCase self;

  graph_case_open (&self, graph_case_replay (sample_log_new_small ()), 360, 640);
  gtk_case_check_picture (GTK_WIDGET (self.window), "graph-narrow");
  select_number (&self, 12);
  gtk_widget_activate_action (GTK_WIDGET (self.view), "graph.zoom-reset", NULL);
  gtk_case_check_picture (GTK_WIDGET (self.window), "graph-narrow-near");
  graph_case_close (&self);
}

static void
test_large (void)
{
  GraphCase self;

  graph_case_open (&self, graph_case_replay (sample_log_new_layered (5000, 100, 4)), 1600, 900);
  gtk_case_check_picture (GTK_WIDGET (self.window), "graph-5000");
  dagsched_gtk_graph_view_set_zoom (self.view, 0.16);
  gtk_case_check_picture (GTK_WIDGET (self.window), "graph-5000-bars");
  dagsched_gtk_graph_view_set_zoom (self.view, 0.3);
  gtk_case_check_picture (GTK_WIDGET (self.window), "graph-5000-badges");
  select_number (&self, 2549);
  gtk_case_check_picture (GTK_WIDGET (self.window), "graph-5000-selected");
  graph_case_close (&self);
}

/* Of 100 000 tests, too: each failure is there. */
static void
test_huge (void)
{
  GraphCase self;
  g_autoptr (GdkTexture) texture = NULL;
  g_autofree guint32 *pixels = NULL;
  guint32 red = dagsched_gtk_pack (dagsched_gtk_look_get_color (DAGSCHED_GTK_LOOK_FAILED, FALSE));

  graph_case_open (&self, graph_case_replay (sample_log_new_layered (100000, 1000, 8)), 1600, 900);
  gtk_case_check_picture (GTK_WIDGET (self.window), "graph-100000");

  texture = gtk_case_draw (GTK_WIDGET (self.view));
  pixels = g_new (guint32, 1600 * 900);
  gdk_texture_download (texture, (guchar *) pixels, 1600 * 4);
  for (guint i = 49; i < 100000; i += 50)
    {
      int x = (int) (lround (self.view->scene->layout->x[i] * self.view->zoom) - lround (self.view->left));
      int y = (int) (lround (self.view->scene->layout->y[i] * self.view->zoom) - lround (self.view->top));

      g_assert_cmpuint (self.view->table->looks[i], ==, DAGSCHED_GTK_LOOK_FAILED);
      if (x > 240 || y < 800) /* the buttons are there */
        g_assert_cmphex (pixels[y * 1600 + x] & 0xffffff, ==, red);
    }
  graph_case_close (&self);
}

static void
test_empty (void)
{
  GraphCase self;
  g_autofree char *header = g_strdup (
    "{\"dagsched-log\":1,\"version\":\"1.0.0\",\"name\":\"none\",\"host\":\"here\",\"pid\":1,"
    "\"started-at\":\"2026-01-02T03:04:05.000000Z\",\"n-tests\":0,\"n-workers\":1,\"options\":{}}\n");
  g_autoptr (GError) error = NULL;
  g_autoptr (GFile) file = g_file_new_for_path ("/nonexistent/a.svg");

  graph_case_open (&self, NULL, 600, 400);
  gtk_case_check_picture (GTK_WIDGET (self.window), "graph-empty");
  gtk_widget_activate_action (GTK_WIDGET (self.view), "graph.zoom-in", NULL);
  gtk_widget_activate_action (GTK_WIDGET (self.view), "graph.fit", NULL);
  gtk_widget_activate_action (GTK_WIDGET (self.view), "graph.activate", NULL);
  g_assert_false (dagsched_gtk_graph_view_export (self.view, file, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  graph_case_close (&self);

  graph_case_open (&self, sample_log_new_from_lines (header), 600, 400);
  gtk_case_check_picture (GTK_WIDGET (self.window), "graph-empty");
  gtk_widget_activate_action (GTK_WIDGET (self.view), "graph.zoom-in", NULL);
  graph_case_close (&self);
}

static void
test_zoom (void)
{
  GraphCase self;
  double fitting, x, y;

  graph_case_open (&self, graph_case_replay (sample_log_new_small ()), 900, 600);
  fitting = dagsched_gtk_graph_view_get_zoom (self.view);
  g_assert_cmpfloat (fitting, <, 1);
  g_assert_true (dagsched_gtk_graph_view_shows_all (self.view));
  g_assert_false (dagsched_gtk_graph_view_has_minimap (self.view));

  /* What is in the middle stays there. */
  x = (self.view->left + 450) / self.view->zoom;
  y = (self.view->top + 300) / self.view->zoom;
  gtk_widget_activate_action (GTK_WIDGET (self.view), "graph.zoom-in", NULL);
  g_assert_cmpfloat_with_epsilon (dagsched_gtk_graph_view_get_zoom (self.view), fitting * 1.25, 1e-6);
  g_assert_cmpfloat_with_epsilon ((self.view->left + 450) / self.view->zoom, x, 0.01);
  g_assert_cmpfloat_with_epsilon ((self.view->top + 300) / self.view->zoom, y, 0.01);
  g_assert_true (dagsched_gtk_graph_view_has_minimap (self.view));

  gtk_widget_activate_action (GTK_WIDGET (self.view), "graph.zoom-out", NULL);
  g_assert_cmpfloat_with_epsilon (dagsched_gtk_graph_view_get_zoom (self.view), fitting, 1e-6);
  gtk_widget_activate_action (GTK_WIDGET (self.view), "graph.zoom-reset", NULL);
  g_assert_cmpfloat_with_epsilon (dagsched_gtk_graph_view_get_zoom (self.view), 1, 1e-6);
  for (guint i = 0; i < 30; i++)
    gtk_widget_activate_action (GTK_WIDGET (self.view), "graph.zoom-in", NULL);
  g_assert_cmpfloat (dagsched_gtk_graph_view_get_zoom (self.view), ==, DAGSCHED_GTK_GRAPH_MAX_ZOOM);
  for (guint i = 0; i < 60; i++)
    gtk_widget_activate_action (GTK_WIDGET (self.view), "graph.zoom-out", NULL);
  g_assert_cmpfloat_with_epsilon (dagsched_gtk_graph_view_get_zoom (self.view), fitting / 2, 1e-6);
  gtk_widget_activate_action (GTK_WIDGET (self.view), "graph.fit", NULL);
  g_assert_cmpfloat_with_epsilon (dagsched_gtk_graph_view_get_zoom (self.view), fitting, 1e-6);
  graph_case_close (&self);
}

/* Two fingers on a touch screen or a touch pad. */
static void
test_pinch (void)
{
  GraphCase self;
  GtkGesture *pinch;
  double zoom;

  graph_case_open (&self, graph_case_replay (sample_log_new_small ()), 900, 600);
  pinch = gtk_case_find_controller (GTK_WIDGET (self.view), GTK_TYPE_GESTURE_ZOOM);
  zoom = dagsched_gtk_graph_view_get_zoom (self.view);
  gtk_case_begin_gesture (pinch);
  g_signal_emit_by_name (pinch, "scale-changed", 1.5);
  g_assert_cmpfloat_with_epsilon (dagsched_gtk_graph_view_get_zoom (self.view), zoom * 1.5, 1e-6);
  g_signal_emit_by_name (pinch, "scale-changed", 1.2);
  g_assert_cmpfloat_with_epsilon (dagsched_gtk_graph_view_get_zoom (self.view), zoom * 1.2, 1e-6);
  g_signal_emit_by_name (pinch, "scale-changed", NAN);
  g_assert_cmpfloat_with_epsilon (dagsched_gtk_graph_view_get_zoom (self.view), zoom * 1.2, 1e-6);
  graph_case_close (&self);
}

/* What was pushed goes on and comes to rest, unless people want nothing to move by itself. */
static void
test_glide (void)
{
  GraphCase self;
  GtkEventController *scroll;
  double left;

  graph_case_open (&self, graph_case_replay (sample_log_new_small ()), 900, 600);
  dagsched_gtk_graph_view_set_zoom (self.view, 2);
  scroll = gtk_case_find_controller (GTK_WIDGET (self.view), GTK_TYPE_EVENT_CONTROLLER_SCROLL);
  left = self.view->left;
  g_signal_emit_by_name (scroll, "decelerate", 500.0, 0.0);
  g_assert_cmpuint (self.view->glide, ==, 0);

  g_object_set (gtk_widget_get_settings (GTK_WIDGET (self.view)), "gtk-enable-animations", TRUE, NULL);
  g_signal_emit_by_name (scroll, "decelerate", 500.0, 0.0);
  g_assert_cmpuint (self.view->glide, !=, 0);
  GTK_CASE_UNTIL (self.view->glide == 0);
  g_assert_cmpfloat (self.view->left, >, left);
  g_object_set (gtk_widget_get_settings (GTK_WIDGET (self.view)), "gtk-enable-animations", FALSE, NULL);
  graph_case_close (&self);
}

/* After any moves, zooms and changes the canvas is as if it had been drawn at once. */
static void
check_canvas (GraphCase *self)
{
  DagschedGtkGraphView *view = self->view;
  DagschedGtkPainter fresh = { .style = &view->style, .with_edges = TRUE };
  DagschedGtkCanvas *canvas = &view->painter.canvas;
  guint n_different = 0;

  gtk_case_settle (GTK_WIDGET (view));
  dagsched_gtk_painter_paint (&fresh, view->scene, canvas->width, canvas->height, view->zoom,
                              (int) lround (view->left), (int) lround (view->top));
  for (int y = 0; y < canvas->height; y++)
    for (int x = 0; x < canvas->width; x++)
      n_different +=
        (canvas->pixels[y * canvas->stride + x] ^ fresh.canvas.pixels[y * fresh.canvas.stride + x]) & 0xffffff
          ? 1
          : 0;
  g_assert_cmpuint (n_different, ==, 0);
  dagsched_gtk_painter_clear (&fresh);
}

static void
test_pan (void)
{
  GraphCase self;
  const double zooms[] = { 0.05, 0.09, 0.15, 0.3, 0.8 };

  graph_case_open (&self, graph_case_replay (sample_log_new_layered (900, 30, 4)), 700, 500);
  select_number (&self, 431);
  for (guint i = 0; i < G_N_ELEMENTS (zooms); i++)
    {
      dagsched_gtk_graph_view_set_zoom (self.view, zooms[i]);
      check_canvas (&self);
      dagsched_gtk_graph_view_pan (self.view, 37, -21);
      check_canvas (&self);
      dagsched_gtk_graph_view_pan (self.view, -90, 64);
      check_canvas (&self);
      dagsched_gtk_graph_view_pan (self.view, 3000, 0);
      check_canvas (&self);
      dagsched_gtk_graph_view_pan (self.view, -1200, 1000);
      check_canvas (&self);
    }
  graph_case_close (&self);
}

/* What changes is drawn, also where tests are smaller than a pixel; what is out of sight causes no frame. */
static void
test_live (void)
{
  GraphCase self;
  const double zooms[] = { 0.01, 0.05, 0.3 };

  for (guint i = 0; i < G_N_ELEMENTS (zooms); i++)
    {
      graph_case_open (&self, sample_log_new_layered (6000, 60, 4), 700, 500);
      dagsched_gtk_graph_view_set_zoom (self.view, zooms[i]);
      gtk_case_settle (GTK_WIDGET (self.view));
      g_assert_cmpuint (self.view->table->n_with_look[DAGSCHED_GTK_LOOK_PENDING], ==, 6000);
      dagsched_run_log_replay (self.log);
      g_assert_cmpuint (self.view->dirty->len, ==, 6000);
      if (zooms[i] > 0.02)
        check_canvas (&self);
      else
        gtk_case_settle (GTK_WIDGET (self.view));
      g_assert_cmpuint (self.view->dirty->len, ==, 0);
      graph_case_close (&self);
    }
}

static void
count_frame (GdkFrameClock *clock, guint *n_frames)
{
  ++*n_frames;
}

static gboolean
on_idle_over (gpointer user_data)
{
  *(gboolean *) user_data = TRUE;
  return G_SOURCE_REMOVE;
}

/* Nothing happens: nothing is drawn. */
static void
test_idle (void)
{
  GraphCase self;
  guint n_frames = 0;
  gboolean is_over = FALSE;

  graph_case_open (&self, graph_case_replay (sample_log_new_layered (5000, 100, 4)), 900, 600);
  dagsched_gtk_graph_view_set_show_critical_path (self.view, TRUE);
  dagsched_gtk_graph_view_set_zoom (self.view, 1);
  select_number (&self, 7);
  gtk_case_settle (GTK_WIDGET (self.view));
  while (g_main_context_pending (NULL))
    g_main_context_iteration (NULL, FALSE);
  g_signal_connect (gtk_widget_get_frame_clock (GTK_WIDGET (self.view)), "after-paint",
                    G_CALLBACK (count_frame), &n_frames);
  g_timeout_add (700, on_idle_over, &is_over);
  GTK_CASE_UNTIL (is_over);
  /* One that was asked for before may still come. */
  g_assert_cmpuint (n_frames, <=, 1);
  graph_case_close (&self);
}

/* At another size all is still shown, until somebody chose what to see. */
static void
test_resize (void)
{
  GraphCase self;
  double zoom;

  graph_case_open (&self, graph_case_replay (sample_log_new_small ()), 900, 600);
  gtk_window_set_default_size (self.window, 1300, 800);
  GTK_CASE_UNTIL (gtk_widget_get_width (GTK_WIDGET (self.view)) == 1300);
  g_assert_true (dagsched_gtk_graph_view_shows_all (self.view));
  dagsched_gtk_graph_view_set_zoom (self.view, 1.5);
  zoom = dagsched_gtk_graph_view_get_zoom (self.view);
  gtk_window_set_default_size (self.window, 900, 600);
  GTK_CASE_UNTIL (gtk_widget_get_width (GTK_WIDGET (self.view)) == 900);
  g_assert_cmpfloat (dagsched_gtk_graph_view_get_zoom (self.view), ==, zoom);
  graph_case_close (&self);
}

/* Bound to others, as an application does; another run forgets what was selected. */
static void
test_run (void)
{
  GraphCase self;
  DagschedRunLog *other = sample_log_new_layered (500, 20, 2);

  graph_case_open (&self, graph_case_replay (sample_log_new_small ()), 900, 600);
  select_number (&self, 3);
  g_assert_true (dagsched_gtk_graph_view_get_selected (self.view) == test_at (&self, 3));
  dagsched_gtk_graph_view_set_run (self.view, DAGSCHED_RUN (other));
  g_assert_null (dagsched_gtk_graph_view_get_selected (self.view));
  g_assert_false (dagsched_gtk_graph_view_get_laid_out (self.view));
  /* While one is being laid out, another. */
  dagsched_gtk_graph_view_set_run (self.view, DAGSCHED_RUN (self.log));
  dagsched_gtk_graph_view_set_run (self.view, DAGSCHED_RUN (other));
  GTK_CASE_UNTIL (dagsched_gtk_graph_view_get_laid_out (self.view));
  g_assert_cmpuint (self.view->scene->layout->n_tests, ==, 500);
  dagsched_gtk_graph_view_set_run (self.view, NULL);
  g_assert_null (self.view->scene);
  g_object_unref (other);
  graph_case_close (&self);
}

static void
on_activate (DagschedGtkGraphView *view, DagschedTest *test, DagschedTest **activated)
{
  *activated = test;
}

/* Real events, by xdotool. */
static void
send_events (const char *arguments)
{
  g_autofree char *line = g_strconcat ("xdotool ", arguments, NULL);
  g_autoptr (GError) error = NULL;
  int status;

  g_spawn_command_line_sync (line, NULL, NULL, &status, &error);
  g_assert_no_error (error);
  g_assert_cmpint (status, ==, 0);
}

static gboolean
focus (GraphCase *self)
{
  g_autofree char *xdotool = g_find_program_in_path ("xdotool");

  if (xdotool == NULL)
    {
      g_test_skip ("xdotool is not installed");
      return FALSE;
    }
  gtk_window_set_title (self->window, "graph-under-test");
  gtk_widget_grab_focus (GTK_WIDGET (self->view));
  gtk_case_settle (GTK_WIDGET (self->window));
  send_events ("search --sync --name graph-under-test windowfocus");
  GTK_CASE_UNTIL (gtk_window_is_active (self->window));

  return TRUE;
}

static void
point_at (GraphCase *self, guint number, const char *then)
{
  const DagschedGtkLayout *layout = self->view->scene->layout;
  int x = (int) ((layout->x[number] + DAGSCHED_GTK_NODE_WIDTH / 2) * self->view->zoom - self->view->left);
  int y = (int) ((layout->y[number] + DAGSCHED_GTK_NODE_HEIGHT / 2) * self->view->zoom - self->view->top);
  g_autofree char *arguments = g_strdup_printf ("mousemove %d %d %s", x, y, then);

  send_events (arguments);
}

#define SELECTED(case) dagsched_gtk_graph_view_get_selected ((case).view)

static void
test_pointer (void)
{
  GraphCase self;
  DagschedTest *activated = NULL;
  double left, zoom;

  graph_case_open (&self, graph_case_replay (sample_log_new_small ()), 900, 600);
  g_signal_connect (self.view, "activate", G_CALLBACK (on_activate), &activated);
  if (!focus (&self))
    {
      graph_case_close (&self);
      return;
    }

  point_at (&self, 6, "");
  GTK_CASE_UNTIL (self.view->hovered == 6);
  g_assert_cmpuint (self.view->hovered_segments->len, >, 3);
  gtk_case_check_picture (GTK_WIDGET (self.window), "graph-hovered");
  send_events ("click --repeat 2 --delay 60 1");
  GTK_CASE_UNTIL (activated == test_at (&self, 6));
  g_assert_true (SELECTED (self) == test_at (&self, 6));
  point_at (&self, 3, "click 1");
  GTK_CASE_UNTIL (SELECTED (self) == test_at (&self, 3));
  g_assert_true (SELECTED (self) == test_at (&self, 3));

  /* About the pointer. */
  zoom = dagsched_gtk_graph_view_get_zoom (self.view);
  point_at (&self, 3, "keydown ctrl click 4 keyup ctrl");
  GTK_CASE_UNTIL (dagsched_gtk_graph_view_get_zoom (self.view) > zoom);
  GTK_CASE_UNTIL (self.view->hovered == 3);

  left = self.view->left;
  send_events (
    "mousemove 450 300 mousedown 1 mousemove 440 300 mousemove 400 300 mousemove 350 300 mouseup 1");
  GTK_CASE_UNTIL (self.view->left == left + 100);
  g_assert_true (SELECTED (self) == test_at (&self, 3));

  left = self.view->top;
  send_events ("click 5");
  GTK_CASE_UNTIL (self.view->top > left);

  /* Into the minimap: what is there comes to the middle. */
  g_assert_true (dagsched_gtk_graph_view_is_in_minimap (self.view, 880, 580));
  left = self.view->left;
  send_events ("mousemove 875 575 click 1");
  GTK_CASE_UNTIL (self.view->left > left);
  g_assert_true (SELECTED (self) == test_at (&self, 3));
  graph_case_close (&self);
}

static void
test_keyboard (void)
{
  GraphCase self;
  DagschedTest *activated = NULL;
  double left;

  graph_case_open (&self, graph_case_replay (sample_log_new_small ()), 900, 600);
  g_signal_connect (self.view, "activate", G_CALLBACK (on_activate), &activated);
  if (!focus (&self))
    {
      graph_case_close (&self);
      return;
    }

  send_events ("key plus");
  GTK_CASE_UNTIL (self.view->has_moved);
  left = self.view->left;
  send_events ("key Right");
  GTK_CASE_UNTIL (self.view->left != left);
  g_assert_null (SELECTED (self));
  send_events ("key alt+Right");
  GTK_CASE_UNTIL (SELECTED (self) != NULL);

  select_number (&self, 0);
  send_events ("key Right");
  GTK_CASE_UNTIL (SELECTED (self) != test_at (&self, 0));
  send_events ("key Left");
  GTK_CASE_UNTIL (SELECTED (self) == test_at (&self, 0));
  gtk_case_check_picture (GTK_WIDGET (self.window), "graph-keyboard");
  send_events ("key Return");
  GTK_CASE_UNTIL (activated == test_at (&self, 0));
  send_events ("key Escape");
  GTK_CASE_UNTIL (SELECTED (self) == NULL);
  send_events ("key ctrl+0");
  GTK_CASE_UNTIL (fabs (dagsched_gtk_graph_view_get_zoom (self.view) - 1) < 1e-6);
  send_events ("key Home");
  GTK_CASE_UNTIL (dagsched_gtk_graph_view_shows_all (self.view));
  graph_case_close (&self);
}

/* What a screen reader says. */
static void
test_description (void)
{
  GraphCase self;

  graph_case_open (&self, graph_case_replay (sample_log_new_small ()), 900, 600);
  gtk_test_accessible_assert_role (self.view, GTK_ACCESSIBLE_ROLE_IMG);
  gtk_test_accessible_assert_property (self.view, GTK_ACCESSIBLE_PROPERTY_LABEL, "Graph of 28 tests");
  gtk_test_accessible_assert_property (self.view, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, "No test is selected");
  select_number (&self, 0);
  gtk_test_accessible_assert_property (self.view, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                       "Selected: db/create, Passed · 60 ms; dependencies: 0, dependents: 3");
  graph_case_close (&self);
}

int
main (int argc, char *argv[])
{
  gtk_case_init (&argc, &argv);

  g_test_add_func ("/graph-view/small", test_small);
  g_test_add_func ("/graph-view/near", test_near);
  g_test_add_func ("/graph-view/running", test_running);
  g_test_add_func ("/graph-view/narrow", test_narrow);
  g_test_add_func ("/graph-view/large", test_large);
  g_test_add_func ("/graph-view/huge", test_huge);
  g_test_add_func ("/graph-view/empty", test_empty);
  g_test_add_func ("/graph-view/zoom", test_zoom);
  g_test_add_func ("/graph-view/pinch", test_pinch);
  g_test_add_func ("/graph-view/glide", test_glide);
  g_test_add_func ("/graph-view/pan", test_pan);
  g_test_add_func ("/graph-view/live", test_live);
  g_test_add_func ("/graph-view/idle", test_idle);
  g_test_add_func ("/graph-view/resize", test_resize);
  g_test_add_func ("/graph-view/run", test_run);
  g_test_add_func ("/graph-view/pointer", test_pointer);
  g_test_add_func ("/graph-view/keyboard", test_keyboard);
  g_test_add_func ("/graph-view/description", test_description);

  return g_test_run ();
}
