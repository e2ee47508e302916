/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <dagsched-gtk.h>

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "details/dagsched-gtk-output-view-private.h"
#include "details/dagsched-gtk-test-facts-private.h"
#include "gtk-case.h"
#include "sample-log.h"

/* The details of a test: what they look like, and what they do. */

typedef struct
{
  GtkWindow *window;
  DagschedGtkTestDetails *details;
  DagschedRunLog *log;
} Case;

static DagschedTest *
dup_test (DagschedRunLog *log, const char *name)
{
  GListModel *tests = dagsched_run_get_tests (DAGSCHED_RUN (log));

  for (guint i = 0; i < g_list_model_get_n_items (tests); i++)
    {
      g_autoptr (DagschedTest) test = g_list_model_get_item (tests, i);

      if (g_str_equal (dagsched_test_get_name (test), name))
        return g_steal_pointer (&test);
    }

  g_assert_not_reached ();
}

static void
select_test (Case *self, const char *name)
{
  g_autoptr (DagschedTest) test = dup_test (self->log, name);

  dagsched_gtk_test_details_set_test (self->details, test);
}

static DagschedGtkOutputBuffer *
get_buffer (Case *self)
{
  DagschedGtkOutputView *view =
    gtk_case_find (GTK_WIDGET (self->details), DAGSCHED_GTK_TYPE_OUTPUT_VIEW, NULL);

  return dagsched_gtk_output_view_get_buffer (view);
}

static char *
dup_text (Case *self)
{
  GtkTextBuffer *buffer = GTK_TEXT_BUFFER (get_buffer (self));
  GtkTextIter start, end;

  gtk_text_buffer_get_bounds (buffer, &start, &end);
  return gtk_text_buffer_get_text (buffer, &start, &end, FALSE);
}

/* Until the attempts are loaded, and what they wrote stands there. */
static void
settle_output (Case *self, gsize n_bytes)
{
  DagschedGtkOutputBuffer *buffer = get_buffer (self);

  GTK_CASE_UNTIL (dagsched_gtk_output_buffer_get_length (buffer, FALSE) +
                      dagsched_gtk_output_buffer_get_length (buffer, TRUE) >=
                    n_bytes &&
                  !dagsched_gtk_output_buffer_is_filling (buffer));
  gtk_case_settle (GTK_WIDGET (self->window));
}

static Case
present (DagschedRunLog *log, const char *name, int width, int height)
{
  Case self = { .details = DAGSCHED_GTK_TEST_DETAILS (dagsched_gtk_test_details_new ()), .log = log };

  if (log != NULL)
    {
      dagsched_gtk_test_details_set_run (self.details, DAGSCHED_RUN (log));
      select_test (&self, name);
    }
  self.window = gtk_case_present (GTK_WIDGET (self.details), width, height);

  return self;
}

static DagschedRunLog *
create_ended_run (void)
{
  DagschedRunLog *log = sample_log_new_small ();

  dagsched_run_log_replay (log);
  return log;
}

static void
show_page (Case *self, const char *name)
{
  GtkStackSwitcher *switcher = gtk_case_find (GTK_WIDGET (self->details), GTK_TYPE_STACK_SWITCHER, NULL);

  gtk_stack_set_visible_child_name (gtk_stack_switcher_get_stack (switcher), name);
  gtk_case_settle (GTK_WIDGET (self->window));
}

static void
check_picture (Case *self, const char *name)
{
  g_autofree char *light = g_strdup_printf ("details-%s", name);
  g_autofree char *dark = g_strdup_printf ("details-%s-dark", name);

  gtk_case_check_picture (GTK_WIDGET (self->window), light);
  gtk_case_set_dark (TRUE);
  gtk_case_check_picture (GTK_WIDGET (self->window), dark);
  gtk_case_set_dark (FALSE);
}

static void
test_empty (void)
{
  Case self = present (NULL, NULL, 420, 480);

  gtk_case_check_picture (GTK_WIDGET (self.window), "details-empty");
  gtk_window_destroy (self.window);
}

static void
test_failure (void)
{
  g_autoptr (DagschedRunLog) log = create_ended_run ();
  Case self = present (log, "subtitle/parse", 480, 640);
  g_autofree char *text = NULL;

  settle_output (&self, 150);
  text = dup_text (&self);
  g_assert_nonnull (strstr (text, "FAIL trailer.srt: line 41: time goes backwards\n"));
  g_assert_nonnull (strstr (text, "1 of 12 files could not be parsed\n"));
  check_picture (&self, "failure");
  gtk_window_destroy (self.window);
}

static void
test_flaky (void)
{
  g_autoptr (DagschedRunLog) log = create_ended_run ();
  Case self = present (log, "api/busy-server", 360, 640);
  GtkDropDown *attempts = gtk_case_find (GTK_WIDGET (self.details), GTK_TYPE_DROP_DOWN, NULL);
  g_autofree char *last = NULL;
  g_autofree char *first = NULL;

  settle_output (&self, 30);
  last = dup_text (&self);
  g_assert_cmpstr (last, ==, "attempt 2: the server answered 200\n");
  gtk_case_check_picture (GTK_WIDGET (self.window), "details-flaky");
  gtk_drop_down_set_selected (attempts, 0);
  settle_output (&self, 30);
  first = dup_text (&self);
  g_assert_cmpstr (first, ==, "attempt 1: the server answered 503\n");
  gtk_window_destroy (self.window);
}

static void
test_blocked (void)
{
  g_autoptr (DagschedRunLog) log = create_ended_run ();
  Case self = present (log, "subtitle/burn-in", 420, 640);
  GtkWidget *links = gtk_case_find (GTK_WIDGET (self.details), DAGSCHED_GTK_TYPE_TEST_LINKS, NULL);
  GtkListBox *list = gtk_case_find (links, GTK_TYPE_LIST_BOX, NULL);

  show_page (&self, "dependencies");
  check_picture (&self, "blocked");

  /* The second link is the root cause. */
  g_signal_emit_by_name (list, "row-activated", gtk_list_box_get_row_at_index (list, 1));
  g_assert_cmpstr (dagsched_test_get_name (dagsched_gtk_test_details_get_test (self.details)), ==,
                   "subtitle/parse");
  gtk_window_destroy (self.window);
}

static DagschedHistory *
create_history (char *folder, DagschedRun *run)
{
  g_autofree char *path = g_build_filename (folder, "history.db", NULL);
  g_autoptr (GError) error = NULL;
  DagschedHistory *history = dagsched_history_open (path, &error);

  g_assert_no_error (error);
  for (guint i = 0; i < 3; i++)
    {
      dagsched_history_record (history, run, &error);
      g_assert_no_error (error);
    }

  return history;
}

static void
remove_history (const char *folder)
{
  static const char *const names[] = { "history.db", "history.db-wal", "history.db-shm" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_build_filename (folder, names[i], NULL);

      g_unlink (path);
    }
  g_rmdir (folder);
}

static void
test_settings (void)
{
  g_autoptr (DagschedRunLog) log = create_ended_run ();
  g_autofree char *folder = g_dir_make_tmp ("dagsched-details-XXXXXX", NULL);
  g_autoptr (DagschedHistory) history = create_history (folder, DAGSCHED_RUN (log));
  Case self = present (log, "api/upload", 420, 720);

  dagsched_gtk_test_details_set_history (self.details, history);
  show_page (&self, "settings");
  check_picture (&self, "settings");
  gtk_window_destroy (self.window);
  g_clear_object (&history);
  remove_history (folder);
}

static void
test_many_dependents (void)
{
  g_autoptr (DagschedRunLog) log = create_ended_run ();
  Case self = present (log, "server/start", 360, 720);

  show_page (&self, "dependencies");
  gtk_case_check_picture (GTK_WIDGET (self.window), "details-dependents");
  gtk_window_destroy (self.window);
}

/* 24 MiB are neither inserted at once nor all of it. */
static void
test_large (void)
{
  g_autoptr (DagschedGtkOutputBuffer) buffer = dagsched_gtk_output_buffer_new ();
  gsize length = 24 * 1024 * 1024;
  char *data = g_malloc (length);
  g_autoptr (GBytes) bytes = NULL;
  GtkTextIter start, end;
  g_autofree char *text = NULL;

  memset (data, 'x', length);
  for (gsize i = 79; i < length; i += 80)
    data[i] = '\n';
  memcpy (data + length - 5, "end\0\n", 5);
  bytes = g_bytes_new_take (data, length);

  dagsched_gtk_output_buffer_set (buffer, bytes, NULL);
  g_assert_cmpint (gtk_text_buffer_get_char_count (GTK_TEXT_BUFFER (buffer)), ==, 0);
  GTK_CASE_UNTIL (!dagsched_gtk_output_buffer_is_filling (buffer));
  g_assert_cmpuint (dagsched_gtk_output_buffer_get_n_hidden (buffer), >=, length - DAGSCHED_GTK_OUTPUT_SHOWN);
  gtk_text_buffer_get_bounds (GTK_TEXT_BUFFER (buffer), &start, &end);
  text = gtk_text_buffer_get_text (GTK_TEXT_BUFFER (buffer), &start, &end, FALSE);
  g_assert_true (g_str_has_suffix (text, "end\342\220\200\n"));
  g_assert_cmpuint (strcspn (text, "\n"), ==, 79);

  dagsched_gtk_output_buffer_show_all (buffer);
  GTK_CASE_UNTIL (!dagsched_gtk_output_buffer_is_filling (buffer));
  g_assert_cmpuint (dagsched_gtk_output_buffer_get_n_hidden (buffer), ==, 0);
  g_assert_cmpint (gtk_text_buffer_get_char_count (GTK_TEXT_BUFFER (buffer)), ==, (int) length);
}

static void
append (DagschedGtkOutputView *view, const char *text, gboolean is_error)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));

  dagsched_gtk_output_view_append (view, bytes, is_error);
  GTK_CASE_UNTIL (!dagsched_gtk_output_buffer_is_filling (dagsched_gtk_output_view_get_buffer (view)));
}

static void
check_text (DagschedGtkOutputView *view, const char *expected)
{
  GtkTextBuffer *buffer = GTK_TEXT_BUFFER (dagsched_gtk_output_view_get_buffer (view));
  g_autofree char *text = NULL;
  GtkTextIter start, end;

  gtk_text_buffer_get_bounds (buffer, &start, &end);
  text = gtk_text_buffer_get_text (buffer, &start, &end, FALSE);
  g_assert_cmpstr (text, ==, expected);
}

static gboolean
is_at_end (GtkAdjustment *adjustment)
{
  return gtk_adjustment_get_value (adjustment) >=
         gtk_adjustment_get_upper (adjustment) - gtk_adjustment_get_page_size (adjustment) - 1;
}

/* What is being written: progress changes its line; the end stays in view until somebody scrolls up. */
static void
test_follow (void)
{
  DagschedGtkOutputView *view = g_object_new (DAGSCHED_GTK_TYPE_OUTPUT_VIEW, NULL);
  GtkWindow *window = gtk_case_present (GTK_WIDGET (view), 400, 300);
  GtkScrollable *text = gtk_case_find (GTK_WIDGET (view), GTK_TYPE_TEXT_VIEW, NULL);
  GtkAdjustment *adjustment = gtk_scrollable_get_vadjustment (text);
  GtkWidget *scrolled, *scrollbar;
  double value;

  dagsched_gtk_output_view_clear (view, "x");
  append (view, "10 %", FALSE);
  check_text (view, "10 %");
  append (view, "\r20 %", FALSE);
  check_text (view, "20 %");
  append (view, "oops\n", TRUE);
  check_text (view, "20 %\noops\n");

  for (guint i = 0; i < 100; i++)
    append (view, "line\n", FALSE);
  GTK_CASE_UNTIL (gtk_adjustment_get_upper (adjustment) > 1000 && is_at_end (adjustment));
  scrolled = gtk_widget_get_ancestor (GTK_WIDGET (text), GTK_TYPE_SCROLLED_WINDOW);
  scrollbar = gtk_scrolled_window_get_vscrollbar (GTK_SCROLLED_WINDOW (scrolled));
  g_signal_emit_by_name (gtk_widget_get_first_child (scrollbar), "move-slider", GTK_SCROLL_PAGE_BACKWARD);
  gtk_case_settle (GTK_WIDGET (window));
  g_assert_false (is_at_end (adjustment));
  value = gtk_adjustment_get_value (adjustment);
  append (view, "line\nline\n", FALSE);
  gtk_case_settle (GTK_WIDGET (window));
  g_assert_cmpfloat (ABS (gtk_adjustment_get_value (adjustment) - value), <, 2);

  gtk_widget_activate_action (GTK_WIDGET (view), "output.follow", NULL);
  append (view, "line\nline\n", FALSE);
  GTK_CASE_UNTIL (is_at_end (adjustment));
  gtk_window_destroy (window);
}

#define LINE_LENGTH 100 /* bytes */

static GBytes *
make_numbered_lines (guint first, guint n)
{
  GString *lines = g_string_new (NULL);

  for (guint i = first; i < first + n; i++)
    g_string_append_printf (lines, "line %0*u\n", LINE_LENGTH - 6, i);
  return g_string_free_to_bytes (lines);
}

/* A test that writes more than any window can show: of what is being written only the end stays, and it says so. */
static void
flood (gboolean is_faster)
{
  DagschedGtkOutputView *view = g_object_new (DAGSCHED_GTK_TYPE_OUTPUT_VIEW, NULL);
  GtkWindow *window = gtk_case_present (GTK_WIDGET (view), 400, 300);
  DagschedGtkOutputBuffer *buffer = dagsched_gtk_output_view_get_buffer (view);
  const guint n_lines = 60000, n_at_once = 2000;
  g_autoptr (GBytes) kept = NULL;
  g_autofree char *text = NULL;
  GtkTextIter start, end;

  dagsched_gtk_output_view_clear (view, "x");
  for (guint i = 0; i < n_lines; i += n_at_once)
    {
      g_autoptr (GBytes) bytes = make_numbered_lines (i, n_at_once);

      dagsched_gtk_output_view_append (view, bytes, FALSE);
      GTK_CASE_UNTIL (is_faster || !dagsched_gtk_output_buffer_is_filling (buffer));
    }
  GTK_CASE_UNTIL (!dagsched_gtk_output_buffer_is_filling (buffer));

  g_assert_false (dagsched_gtk_output_buffer_is_whole (buffer));
  g_assert_cmpuint (dagsched_gtk_output_buffer_get_length (buffer, FALSE), ==, n_lines * LINE_LENGTH);
  kept = dagsched_gtk_output_buffer_dup_bytes (buffer);
  g_assert_cmpuint (g_bytes_get_size (kept), <=, 4 * DAGSCHED_GTK_OUTPUT_SHOWN);
  g_assert_cmpint (gtk_text_buffer_get_char_count (GTK_TEXT_BUFFER (buffer)), <=,
                   4 * DAGSCHED_GTK_OUTPUT_SHOWN);
  gtk_text_buffer_get_bounds (GTK_TEXT_BUFFER (buffer), &start, &end);
  text = gtk_text_buffer_get_text (GTK_TEXT_BUFFER (buffer), &start, &end, FALSE);
  g_assert_true (g_str_has_prefix (text, "What came before is shown once the attempt has ended\nline "));
  g_assert_true (g_str_has_suffix (text, "0059999\n"));

  dagsched_gtk_output_view_clear (view, "x");
  g_assert_true (dagsched_gtk_output_buffer_is_whole (buffer));
  append (view, "short\n", FALSE);
  check_text (view, "short\n");
  gtk_window_destroy (window);
}

static void
test_flood (void)
{
  flood (FALSE);
  flood (TRUE);
}

static void
test_find (void)
{
  g_autoptr (DagschedRunLog) log = create_ended_run ();
  Case self = present (log, "api/upload", 420, 480);
  GtkEditable *entry;
  GtkWidget *view = gtk_case_find (GTK_WIDGET (self.details), DAGSCHED_GTK_TYPE_OUTPUT_VIEW, NULL);

  settle_output (&self, 150);
  gtk_widget_activate_action (view, "output.find", NULL);
  entry = gtk_case_find (view, GTK_TYPE_SEARCH_ENTRY, NULL);
  gtk_editable_set_text (entry, "MKV");
  g_signal_emit_by_name (entry, "next-match");
  check_picture (&self, "find");
  gtk_window_destroy (self.window);
}

static void
test_live (void)
{
  g_autoptr (DagschedRunLog) log = sample_log_new_small ();
  Case self = present (log, "api/delete", 420, 640);
  GtkLabel *placeholder;

  show_page (&self, "dependencies");
  gtk_case_check_picture (GTK_WIDGET (self.window), "details-pending");
  dagsched_run_log_replay (log);
  gtk_case_settle (GTK_WIDGET (self.window));
  show_page (&self, "output");
  placeholder = gtk_case_find (GTK_WIDGET (self.details), GTK_TYPE_LABEL, "placeholder");
  GTK_CASE_UNTIL (g_str_equal (gtk_label_get_text (placeholder), "It wrote nothing."));
  gtk_case_check_picture (GTK_WIDGET (self.window), "details-silent");
  select_test (&self, "api/upload");
  settle_output (&self, 150);
  gtk_window_destroy (self.window);
}

static gboolean
shows_text (Case *self, const char *expected)
{
  g_autofree char *text = dup_text (self);

  return g_str_equal (text, expected);
}

/* A test that runs, and wrote something before anybody looked. */
static void
test_running (void)
{
  g_autofree char *folder = g_dir_make_tmp ("dagsched-details-XXXXXX", NULL);
  g_autofree char *fifo = g_build_filename (folder, "fifo", NULL);
  g_autofree char *script =
    g_strdup_printf ("echo begun; exec 3<%s; read -r word <&3; echo $word; read -r word <&3", fifo);
  const char *argv[] = { "sh", "-c", script, NULL };
  g_autoptr (DagschedGraph) graph = dagsched_graph_new (NULL);
  g_autoptr (DagschedTest) test = DAGSCHED_TEST (dagsched_command_test_new ("waits", argv));
  g_autoptr (DagschedScheduler) scheduler = NULL;
  g_autoptr (GError) error = NULL;
  Case self = { .details = DAGSCHED_GTK_TEST_DETAILS (dagsched_gtk_test_details_new ()) };
  FILE *stream;

  g_assert_cmpint (mkfifo (fifo, 0600), ==, 0);
  dagsched_graph_add_test (graph, test, &error);
  g_assert_no_error (error);
  scheduler = dagsched_scheduler_new (graph, NULL);
  dagsched_scheduler_run_async (scheduler, NULL, NULL, NULL);
  stream = fopen (fifo, "we");
  g_assert_nonnull (stream);
  GTK_CASE_UNTIL (dagsched_test_get_state (test) == DAGSCHED_STATE_RUNNING);

  self.window = gtk_case_present (GTK_WIDGET (self.details), 420, 480);
  dagsched_gtk_test_details_set_run (self.details, DAGSCHED_RUN (scheduler));
  dagsched_gtk_test_details_set_test (self.details, test);
  GTK_CASE_UNTIL (shows_text (&self, "begun\n"));
  fputs ("two\n", stream);
  fflush (stream);
  GTK_CASE_UNTIL (shows_text (&self, "begun\ntwo\n"));
  fclose (stream);
  GTK_CASE_UNTIL (dagsched_run_get_verdict (DAGSCHED_RUN (scheduler)) != DAGSCHED_VERDICT_NONE);
  gtk_case_settle (GTK_WIDGET (self.window));
  g_assert_true (shows_text (&self, "begun\ntwo\n"));
  gtk_window_destroy (self.window);
  g_assert_cmpint (g_unlink (fifo), ==, 0);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

/* A chain as long as a run is shown by its beginning and its root. */
static void
test_long_chain (void)
{
  g_autoptr (GString) lines = g_string_new (NULL);
  g_autoptr (DagschedRunLog) log = NULL;
  g_autoptr (DagschedGtkRunTable) table = NULL;
  g_autoptr (GArray) chain = NULL;
  const guint n = 10000;

  g_string_append_printf (lines, "{\"dagsched-log\":1,\"name\":\"x\",\"n-tests\":%u,\"n-workers\":1}\n", n);
  for (guint i = 0; i < n; i++)
    g_string_append_printf (lines, "{\"test\":%u,\"name\":\"t%u\"}\n", i, i);
  g_string_append (lines, "{\"event\":\"finished\",\"test\":0,\"outcome\":\"failed\",\"attempts\":1}\n");
  for (guint i = 1; i < n; i++)
    g_string_append_printf (
      lines,
      "{\"event\":\"finished\",\"test\":%u,\"outcome\":\"blocked\",\"attempts\":0,\"blocked-by\":%u}\n", i,
      i - 1);
  log = sample_log_new_from_lines (lines->str);
  dagsched_run_log_replay (log);
  table = dagsched_gtk_run_table_get (DAGSCHED_RUN (log));
  chain = dagsched_gtk_test_facts_blocked_by (table, n - 1);
  g_assert_cmpuint (chain->len, ==, 11);
  g_assert_cmpuint (g_array_index (chain, DagschedGtkTestLink, 0).number, ==, n - 2);
  g_assert_cmpuint (g_array_index (chain, DagschedGtkTestLink, 10).number, ==, 0);
}

static void
test_lifetime (void)
{
  DagschedRunLog *log = create_ended_run ();
  Case self = present (log, "api/upload", 420, 480);

  gtk_window_destroy (self.window);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_finalize_object (log);
}

int
main (int argc, char *argv[])
{
  gtk_case_init (&argc, &argv);

  g_test_add_func ("/details/empty", test_empty);
  g_test_add_func ("/details/failure", test_failure);
  g_test_add_func ("/details/flaky", test_flaky);
  g_test_add_func ("/details/blocked", test_blocked);
  g_test_add_func ("/details/settings", test_settings);
  g_test_add_func ("/details/many-dependents", test_many_dependents);
  g_test_add_func ("/details/large", test_large);
  g_test_add_func ("/details/follow", test_follow);
  g_test_add_func ("/details/flood", test_flood);
  g_test_add_func ("/details/find", test_find);
  g_test_add_func ("/details/live", test_live);
  g_test_add_func ("/details/running", test_running);
  g_test_add_func ("/details/long-chain", test_long_chain);
  g_test_add_func ("/details/lifetime", test_lifetime);

  return g_test_run ();
}
