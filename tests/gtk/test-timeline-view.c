/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "gtk-case.h"
#include "sample-log.h"
#include "timeline/dagsched-gtk-timeline-view-private.h"

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

int
main (int argc, char *argv[])
{
  gtk_case_init (&argc, &argv);

  g_test_add_func ("/timeline-view/empty", test_empty);
  g_test_add_func ("/timeline-view/small", test_small);
  g_test_add_func ("/timeline-view/narrow", test_narrow);
  g_test_add_func ("/timeline-view/many", test_many);

  return g_test_run ();
}
