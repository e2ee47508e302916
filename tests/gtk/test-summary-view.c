/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/dagsched-gtk-look-private.h"
#include "gtk-case.h"
#include "live-run.h"
#include "sample-log.h"
#include "summary/dagsched-gtk-run-summary.h"
#include "summary/dagsched-gtk-running-now-private.h"
#include "summary/dagsched-gtk-segment-bar-private.h"
#include "summary/dagsched-gtk-summary-words-private.h"

/* The summary of a run, drawn and used. */

static GtkWindow *
present (DagschedRun *run, int width, int height)
{
  GtkWidget *summary = dagsched_gtk_run_summary_new ();

  for (guint i = 0; i < 4; i++)
    g_object_set (summary,
                  ((const char *[]){ "margin-top", "margin-bottom", "margin-start", "margin-end" })[i], 12,
                  NULL);
  gtk_widget_set_valign (summary, GTK_ALIGN_START);
  dagsched_gtk_run_summary_set_run (DAGSCHED_GTK_RUN_SUMMARY (summary), run);

  return gtk_case_present (summary, width, height);
}

static DagschedRun *
new_small (void)
{
  DagschedRunLog *log = sample_log_new_small ();

  dagsched_run_log_replay (log);
  return DAGSCHED_RUN (log);
}

static DagschedRun *
new_of (const char *tests, const char *events)
{
  g_autofree char *lines =
    g_strconcat ("{\"dagsched-log\":1,\"version\":\"1.0.0\",\"name\":\"few\",\"host\":\"here\",\"pid\":1,"
                 "\"started-at\":\"2026-01-02T03:04:05.000000Z\",\"n-tests\":2,\"n-workers\":1,"
                 "\"options\":{\"order\":\"auto\"}}\n",
                 tests, events, NULL);
  DagschedRunLog *log = sample_log_new_from_lines (lines);

  dagsched_run_log_replay (log);
  return DAGSCHED_RUN (log);
}

#define TWO_TESTS                                                                                            \
  "{\"test\":0,\"name\":\"first\",\"command\":[\"true\"]}\n{\"test\":1,\"name\":\"second\",\"command\":["    \
  "\"true\"]}\n"
#define RAN(number, start)                                                                                   \
  "{\"event\":\"started\",\"test\":" number ",\"time\":" start ",\"attempt\":1,\"worker\":0}\n"              \
  "{\"event\":\"attempt\",\"test\":" number ",\"time\":9,\"attempt\":1,\"worker\":0,\"outcome\":\"passed\"," \
  "\"start\":" start ",\"duration\":4,\"exit-status\":0}\n"                                                  \
  "{\"event\":\"finished\",\"test\":" number ",\"time\":9,\"outcome\":\"passed\",\"attempts\":1}\n"

static void
check_picture (DagschedRun *run, int width, int height, const char *name)
{
  GtkWindow *window = present (run, width, height);

  gtk_case_check_picture (GTK_WIDGET (window), name);
  gtk_window_destroy (window);
}

static void
test_pictures (void)
{
  g_autoptr (DagschedRun) small = new_small ();
  g_autoptr (DagschedRun) passed = new_of (
    TWO_TESTS, RAN ("0", "0") RAN ("1", "5") "{\"event\":\"end\",\"time\":9,\"verdict\":\"success\"}\n");
  g_autoptr (DagschedRun) died = new_of (TWO_TESTS, RAN ("0", "0"));
  g_autoptr (DagschedRunLog) not_begun = sample_log_new_small ();
  g_autoptr (DagschedRunLog) running = sample_log_new_small_at (16.5);

  check_picture (small, 900, 190, "summary-small-light");
  check_picture (small, 360, 420, "summary-small-narrow");
  check_picture (passed, 600, 190, "summary-passed");
  check_picture (died, 600, 220, "summary-died");
  check_picture (DAGSCHED_RUN (not_begun), 600, 120, "summary-not-begun");
  check_picture (DAGSCHED_RUN (running), 900, 190, "summary-running");
  check_picture (NULL, 300, 60, "summary-empty");
  gtk_case_set_dark (TRUE);
  check_picture (small, 900, 190, "summary-small-dark");
  gtk_case_set_dark (FALSE);
}

static void
test_many (void)
{
  g_autoptr (DagschedRunLog) log = sample_log_new_layered (100000, 1000, 64);
  GtkWindow *window = present (DAGSCHED_RUN (log), 700, 170);

  dagsched_run_log_replay (log);
  GTK_CASE_UNTIL (gtk_widget_get_visible (gtk_case_find (GTK_WIDGET (window), GTK_TYPE_BUTTON, "passed")));
  gtk_case_check_picture (GTK_WIDGET (window), "summary-many");
  gtk_window_destroy (window);
}

static void
assert_verdict (DagschedVerdict verdict,
                DagschedGtkLook look,
                guint n,
                DagschedGtkLook other,
                guint n_other,
                const char *expected)
{
  guint n_with_look[DAGSCHED_GTK_N_LOOKS] = { 0 };
  g_autofree char *text = NULL;

  n_with_look[look] = n;
  n_with_look[other] += n_other;
  text = dagsched_gtk_summary_describe_verdict (verdict, n_with_look, n + n_other);
  g_assert_cmpstr (text, ==, expected);
}

static void
test_verdicts (void)
{
  assert_verdict (DAGSCHED_VERDICT_SUCCESS, DAGSCHED_GTK_LOOK_PASSED, 127, DAGSCHED_GTK_LOOK_EXPECTED_FAILURE,
                  1, "All 128 tests passed");
  assert_verdict (DAGSCHED_VERDICT_SUCCESS, DAGSCHED_GTK_LOOK_PASSED, 1, DAGSCHED_GTK_LOOK_PASSED, 0,
                  "1 test passed");
  assert_verdict (DAGSCHED_VERDICT_SUCCESS, DAGSCHED_GTK_LOOK_PASSED, 5, DAGSCHED_GTK_LOOK_SKIPPED, 2,
                  "5 tests passed");
  assert_verdict (DAGSCHED_VERDICT_SUCCESS, DAGSCHED_GTK_LOOK_SKIPPED, 5, DAGSCHED_GTK_LOOK_SKIPPED, 0,
                  "No test ran");
  assert_verdict (DAGSCHED_VERDICT_SUCCESS, DAGSCHED_GTK_LOOK_PASSED, 0, DAGSCHED_GTK_LOOK_PASSED, 0,
                  "There was nothing to run");
  assert_verdict (DAGSCHED_VERDICT_FAILURE, DAGSCHED_GTK_LOOK_FAILED, 2, DAGSCHED_GTK_LOOK_TIMED_OUT, 1,
                  "3 tests failed");
  assert_verdict (DAGSCHED_VERDICT_FAILURE, DAGSCHED_GTK_LOOK_PASSED, 2, DAGSCHED_GTK_LOOK_CANCELLED, 1,
                  "1 test was cancelled");
  assert_verdict (DAGSCHED_VERDICT_FAILURE, DAGSCHED_GTK_LOOK_PASSED, 2, DAGSCHED_GTK_LOOK_BLOCKED, 2,
                  "2 tests were blocked");
  assert_verdict (DAGSCHED_VERDICT_INCOMPLETE, DAGSCHED_GTK_LOOK_FAILED, 2, DAGSCHED_GTK_LOOK_PASSED, 2,
                  "The run could not be completed");
}

static void
on_look_activated (DagschedGtkRunSummary *summary, const char *word, char **told)
{
  g_free (*told);
  *told = g_strdup (word);
}

static void
test_chips (void)
{
  g_autoptr (DagschedRun) run = new_small ();
  GtkWindow *window = present (run, 700, 300);
  g_autofree char *told = NULL;
  GtkWidget *failed = gtk_case_find (GTK_WIDGET (window), GTK_TYPE_BUTTON, "failed");
  GtkWidget *pending = gtk_case_find (GTK_WIDGET (window), GTK_TYPE_BUTTON, "pending");

  g_signal_connect (gtk_window_get_child (window), "look-activated", G_CALLBACK (on_look_activated), &told);
  gtk_test_accessible_assert_property (
    GTK_ACCESSIBLE (gtk_case_find (GTK_WIDGET (window), DAGSCHED_GTK_TYPE_SEGMENT_BAR, NULL)),
    GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT,
    "Failed: 1, Timed out: 1, Errored: 1, Unexpected pass: 1, Blocked: 2, Cancelled: 1, Passed: 17, "
    "Expected failure: 1, Skipped: 3");
  g_assert_true (gtk_widget_get_visible (failed));
  g_assert_false (gtk_widget_get_visible (pending));
  gtk_widget_activate (failed);
  GTK_CASE_UNTIL (told != NULL);
  g_assert_cmpstr (told, ==, "failed");

  GTK_CASE_UNTIL (gtk_widget_get_mapped (failed));
  g_object_set (gtk_window_get_child (window), "show-counts", FALSE, NULL);
  GTK_CASE_UNTIL (!gtk_widget_get_mapped (failed));
  gtk_window_destroy (window);
}

static gboolean
shows (GtkWidget *widget, const char *text)
{
  if (!gtk_widget_get_visible (widget))
    return FALSE;
  if (GTK_IS_LABEL (widget) && strstr (gtk_label_get_text (GTK_LABEL (widget)), text) != NULL)
    return TRUE;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      if (shows (child, text))
        return TRUE;
    }

  return FALSE;
}

/* From before it begins to its end, by what can be read. */
static void
test_live (void)
{
  LiveRun *live = live_run_new (12, 3, 4);
  GtkWindow *window = present (live_run_get_run (live), 800, 260);
  GtkWidget *root = GTK_WIDGET (window);

  g_assert_false (shows (root, "Elapsed"));
  live_run_start (live);
  GTK_CASE_UNTIL (shows (root, "live/0") && shows (root, "+ 1 more"));
  GTK_CASE_UNTIL (shows (root, "Elapsed") && shows (root, "Efficiency"));
  g_assert_false (shows (root, "Left")); /* nobody knows how long such tests take */
  live_run_release (live, 6, 3);
  GTK_CASE_UNTIL (shows (root, "Left") && shows (root, "Throughput"));
  GTK_CASE_UNTIL (gtk_widget_get_visible (gtk_case_find (root, GTK_TYPE_BUTTON, "failed")));
  live_run_release_all (live);
  GTK_CASE_UNTIL (shows (root, "4 tests failed"));
  GTK_CASE_UNTIL (!shows (root, "Left") && !shows (root, "Running"));
  gtk_window_destroy (window);
  live_run_free (live);
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

/* Once it has drawn what there is, it draws nothing. */
static void
test_idle (void)
{
  g_autoptr (DagschedRun) run = new_small ();
  GtkWindow *window = present (run, 700, 300);
  GdkFrameClock *clock = gtk_widget_get_frame_clock (GTK_WIDGET (window));
  gboolean is_over = FALSE;
  guint n_frames = 0;

  gtk_case_settle (GTK_WIDGET (window));
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_signal_connect (clock, "after-paint", G_CALLBACK (on_after_paint), &n_frames);
  g_timeout_add (1500, on_time, &is_over);
  GTK_CASE_UNTIL (is_over);
  g_assert_cmpuint (n_frames, <=, 1); /* one may have been under way */
  g_signal_handlers_disconnect_by_func (clock, on_after_paint, &n_frames);
  gtk_window_destroy (window);
}

int
main (int argc, char *argv[])
{
  gtk_case_init (&argc, &argv);

  g_test_add_func ("/summary-view/pictures", test_pictures);
  g_test_add_func ("/summary-view/many", test_many);
  g_test_add_func ("/summary-view/verdicts", test_verdicts);
  g_test_add_func ("/summary-view/chips", test_chips);
  g_test_add_func ("/summary-view/live", test_live);
  g_test_add_func ("/summary-view/idle", test_idle);

  return g_test_run ();
}
