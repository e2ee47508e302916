/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <dagsched-gtk.h>
#include <gdk/x11/gdkx.h>

#include "gtk-case.h"
#include "list/dagsched-gtk-test-list-private.h"
#include "sample-log.h"

/* The list of tests: what it looks like, and what it does. */

typedef struct
{
  GtkWindow *window;
  DagschedGtkTestList *list;
} Case;

static Case
present (DagschedRun *run, int width, int height)
{
  Case self = { .list = DAGSCHED_GTK_TEST_LIST (dagsched_gtk_test_list_new ()) };

  dagsched_gtk_test_list_set_run (self.list, run);
  self.window = gtk_case_present (GTK_WIDGET (self.list), width, height);

  return self;
}

static void
check_picture (Case *self, const char *name)
{
  g_autofree char *light = g_strdup_printf ("list-%s", name);
  g_autofree char *dark = g_strdup_printf ("list-%s-dark", name);

  gtk_case_check_picture (GTK_WIDGET (self->window), light);
  gtk_case_set_dark (TRUE);
  gtk_case_check_picture (GTK_WIDGET (self->window), dark);
  gtk_case_set_dark (FALSE);
}

static DagschedRunLog *
create_ended_run (void)
{
  DagschedRunLog *log = sample_log_new_small ();

  dagsched_run_log_replay (log);
  return log;
}

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
test_empty (void)
{
  g_autoptr (DagschedRunLog) nothing = sample_log_new_from_lines (
    "{\"dagsched-log\":1,\"version\":\"1.0.0\",\"name\":\"x\",\"started-at\":\"2026-01-02T03:04:05.000000Z\","
    "\"n-tests\":0,\"n-workers\":2}\n");
  Case self = present (NULL, 800, 480);

  gtk_case_check_picture (GTK_WIDGET (self.window), "list-no-run");
  dagsched_gtk_test_list_set_run (self.list, DAGSCHED_RUN (nothing));
  gtk_case_check_picture (GTK_WIDGET (self.window), "list-no-tests");
  gtk_window_destroy (self.window);
}

static void
test_small (void)
{
  g_autoptr (DagschedRunLog) log = create_ended_run ();
  g_autoptr (DagschedTest) parse = dup_test (log, "subtitle/parse");
  Case self = present (DAGSCHED_RUN (log), 1200, 720);

  dagsched_gtk_test_columns_sort_by (dagsched_gtk_test_list_get_columns (self.list),
                                     DAGSCHED_GTK_TEST_COLUMN_STATE, GTK_SORT_ASCENDING);
  dagsched_gtk_test_list_set_selected (self.list, parse);
  check_picture (&self, "small");
  gtk_window_destroy (self.window);
}

static void
test_running (void)
{
  g_autoptr (DagschedRunLog) log = sample_log_new_small_at (16.5);
  Case self = present (DAGSCHED_RUN (log), 1000, 720);

  dagsched_gtk_test_columns_sort_by (dagsched_gtk_test_list_get_columns (self.list),
                                     DAGSCHED_GTK_TEST_COLUMN_STATE, GTK_SORT_ASCENDING);
  gtk_case_check_picture (GTK_WIDGET (self.window), "list-running");
  gtk_window_destroy (self.window);
}

static void
test_narrow (void)
{
  g_autoptr (DagschedRunLog) log = create_ended_run ();
  Case self = present (DAGSCHED_RUN (log), 360, 640);
  check_picture (&self, "narrow");
  gtk_window_set_default_size (self.window, 700, 640);
  gtk_case_check_picture (GTK_WIDGET (self.window), "list-medium");
  gtk_window_destroy (self.window);
}

static void
test_no_match (void)
{
  g_autoptr (DagschedRunLog) log = create_ended_run ();
  Case self = present (DAGSCHED_RUN (log), 800, 480);

  dagsched_gtk_test_list_set_filter (self.list, "suite:encod3 outcome:faild");
  check_picture (&self, "no-match");
  gtk_window_destroy (self.window);
}

static void
test_many (void)
{
  g_autoptr (DagschedRunLog) log = sample_log_new_layered (100000, 1000, 8);
  Case self = present (DAGSCHED_RUN (log), 1200, 720);

  gtk_case_check_picture (GTK_WIDGET (self.window), "list-many-pending");
  dagsched_run_log_replay (log);
  dagsched_gtk_test_columns_sort_by (dagsched_gtk_test_list_get_columns (self.list),
                                     DAGSCHED_GTK_TEST_COLUMN_DURATION, GTK_SORT_DESCENDING);
  gtk_case_check_picture (GTK_WIDGET (self.window), "list-many");
  gtk_window_destroy (self.window);
}

/* Types, clicks and keys come from outside, as they do when somebody sits there. */
static void
act (Case *self, const char *command)
{
  g_autofree char *line = g_strdup_printf ("xdotool %s", command);
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) argv = NULL;
  g_autoptr (GSubprocess) process = NULL;

  g_shell_parse_argv (line, NULL, &argv, &error);
  g_assert_no_error (error);
  process = g_subprocess_newv ((const char *const *) argv, G_SUBPROCESS_FLAGS_NONE, &error);
  g_assert_no_error (error);
  g_subprocess_wait_check (process, NULL, &error);
  g_assert_no_error (error);
}

static void
give_focus (Case *self)
{
  GdkSurface *surface = gtk_native_get_surface (GTK_NATIVE (self->window));
  g_autofree char *command = g_strdup_printf ("windowfocus %lu", gdk_x11_surface_get_xid (surface));

  act (self, command);
  GTK_CASE_UNTIL (gtk_window_is_active (self->window));
}

static guint
get_n_shown (Case *self)
{
  return g_list_model_get_n_items (G_LIST_MODEL (dagsched_gtk_test_list_get_model (self->list)));
}

static const char *
get_selected_name (Case *self)
{
  DagschedTest *test = dagsched_gtk_test_list_get_selected (self->list);

  return test != NULL ? dagsched_test_get_name (test) : NULL;
}

/* The place of a row in the window, from its upper left corner. */
static void
click_row (Case *self, const char *name, const char *how)
{
  g_autoptr (DagschedTest) test = NULL;
  DagschedRun *run = dagsched_gtk_test_list_get_run (self->list);
  GListModel *tests = dagsched_run_get_tests (run);
  g_autofree char *command = NULL;
  GtkWidget *row = NULL;
  double x, y;

  for (guint i = 0; row == NULL && i < g_list_model_get_n_items (tests); i++)
    {
      g_clear_object (&test);
      test = g_list_model_get_item (tests, i);
      if (g_str_equal (dagsched_test_get_name (test), name))
        row = dagsched_gtk_test_columns_find_row (dagsched_gtk_test_list_get_columns (self->list), i);
    }
  g_assert_nonnull (row);
  gtk_widget_translate_coordinates (row, GTK_WIDGET (self->window), 250, 10, &x, &y);
  command = g_strdup_printf ("mousemove %d %d %s", (int) x, (int) y, how);
  act (self, command);
}

static void
test_typing (void)
{
  g_autoptr (DagschedRunLog) log = create_ended_run ();
  Case self = present (DAGSCHED_RUN (log), 1000, 640);
  GArray *matches;

  give_focus (&self);
  click_row (&self, "api/upload", "click 1");
  GTK_CASE_UNTIL (g_strcmp0 (get_selected_name (&self), "api/upload") == 0);
  g_assert_null (dagsched_gtk_test_list_get_matches (self.list));

  /* Into the list, which hands it to the entry. */
  act (&self, "type api");
  GTK_CASE_UNTIL (get_n_shown (&self) == 6);
  act (&self, "key BackSpace BackSpace BackSpace");
  GTK_CASE_UNTIL (get_n_shown (&self) == 28);
  act (&self, "type outcome:failed,time");
  GTK_CASE_UNTIL (get_n_shown (&self) == 2);
  matches = dagsched_gtk_test_list_get_matches (self.list);
  g_assert_cmpuint (matches->len, ==, 2);
  g_assert_cmpuint (g_array_index (matches, guint32, 0), ==, 20);
  g_assert_cmpstr (get_selected_name (&self), ==, "api/upload");

  act (&self, "key Escape");
  GTK_CASE_UNTIL (get_n_shown (&self) == 28);
  act (&self, "key ctrl+f");
  act (&self, "type -- -suite:api");
  GTK_CASE_UNTIL (get_n_shown (&self) == 20);
  act (&self, "key Return Down");
  GTK_CASE_UNTIL (g_strcmp0 (get_selected_name (&self), "api/upload") != 0);
  gtk_window_destroy (self.window);
}

static void
test_selecting (void)
{
  g_autoptr (DagschedRunLog) log = create_ended_run ();
  Case self = present (DAGSCHED_RUN (log), 1000, 640);
  g_autoptr (GPtrArray) selection = NULL;

  give_focus (&self);
  click_row (&self, "api/upload", "click 1");
  GTK_CASE_UNTIL (g_strcmp0 (get_selected_name (&self), "api/upload") == 0);
  act (&self, "key shift+Down shift+Down");
  GTK_CASE_UNTIL (g_strcmp0 (get_selected_name (&self), "api/delete") == 0);
  selection = dagsched_gtk_test_list_dup_selection (self.list);
  g_assert_cmpuint (selection->len, ==, 3);

  /* They stay selected wherever they go. */
  dagsched_gtk_test_columns_sort_by (dagsched_gtk_test_list_get_columns (self.list),
                                     DAGSCHED_GTK_TEST_COLUMN_NAME, GTK_SORT_DESCENDING);
  g_clear_pointer (&selection, g_ptr_array_unref);
  selection = dagsched_gtk_test_list_dup_selection (self.list);
  g_assert_cmpuint (selection->len, ==, 3);
  g_assert_cmpstr (dagsched_test_get_name (g_ptr_array_index (selection, 0)), ==, "api/upload");

  /* Keys go on from where the test is now: before it in the order of names. */
  gtk_case_settle (GTK_WIDGET (self.window));
  act (&self, "key Up");
  GTK_CASE_UNTIL (g_strcmp0 (get_selected_name (&self), "api/delete") != 0);
  g_assert_cmpstr (get_selected_name (&self), ==, "api/dump");

  dagsched_gtk_test_list_set_filter (self.list, "db/");
  g_clear_pointer (&selection, g_ptr_array_unref);
  selection = dagsched_gtk_test_list_dup_selection (self.list);
  g_assert_cmpuint (selection->len, ==, 0);
  g_assert_cmpstr (get_selected_name (&self), ==, "api/dump");
  gtk_window_destroy (self.window);
}

static void
note_test (DagschedGtkTestList *list, DagschedTest *test, DagschedTest **noted)
{
  *noted = test;
}

static void
note_tests (DagschedGtkTestList *list, GPtrArray *tests, guint *n)
{
  *n = tests->len;
}

static void
on_text_read (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(char **) user_data = gdk_clipboard_read_text_finish (GDK_CLIPBOARD (source), result, NULL);
}

static char *
read_clipboard (Case *self)
{
  char *text = NULL;

  gdk_clipboard_read_text_async (gtk_widget_get_clipboard (GTK_WIDGET (self->list)), NULL, on_text_read,
                                 &text);
  GTK_CASE_UNTIL (text != NULL);
  return text;
}

static void
test_actions (void)
{
  g_autoptr (DagschedRunLog) log = create_ended_run ();
  Case self = present (DAGSCHED_RUN (log), 1000, 640);
  DagschedTest *activated = NULL, *shown = NULL;
  GtkPopover *menu = gtk_case_find (GTK_WIDGET (self.list), GTK_TYPE_POPOVER, NULL);
  g_autofree char *names = NULL;
  g_autofree char *command = NULL;
  guint n_again = 0;

  g_signal_connect (self.list, "activate", G_CALLBACK (note_test), &activated);
  g_signal_connect (self.list, "show-details", G_CALLBACK (note_test), &shown);
  g_signal_connect (self.list, "run-again", G_CALLBACK (note_tests), &n_again);
  give_focus (&self);
  click_row (&self, "db/create", "click 1");
  GTK_CASE_UNTIL (get_selected_name (&self) != NULL);
  act (&self, "key Return");
  GTK_CASE_UNTIL (activated != NULL);
  g_assert_cmpstr (dagsched_test_get_name (activated), ==, "db/create");

  act (&self, "key shift+Down ctrl+c");
  GTK_CASE_UNTIL (gdk_clipboard_is_local (gtk_widget_get_clipboard (GTK_WIDGET (self.list))));
  names = read_clipboard (&self);
  g_assert_cmpstr (names, ==, "db/create\ndb/migrate");

  gtk_widget_activate_action (GTK_WIDGET (self.list), "list.run-again", NULL);
  g_assert_cmpuint (n_again, ==, 2);
  n_again = 0;
  g_object_set (self.list, "can-run-again", FALSE, NULL);
  gtk_widget_activate_action (GTK_WIDGET (self.list), "list.run-again", NULL);
  g_assert_cmpuint (n_again, ==, 0);
  g_object_set (self.list, "can-run-again", TRUE, NULL);

  click_row (&self, "api/health", "click 3");
  GTK_CASE_UNTIL (gtk_widget_get_mapped (GTK_WIDGET (menu)));
  g_assert_cmpstr (get_selected_name (&self), ==, "api/health");
  act (&self, "key Down Return");
  GTK_CASE_UNTIL (shown != NULL || n_again == 1);
  GTK_CASE_UNTIL (!gtk_widget_get_mapped (GTK_WIDGET (menu)));
  gtk_widget_activate_action (GTK_WIDGET (self.list), "list.copy-command", NULL);
  command = read_clipboard (&self);
  g_assert_cmpstr (command, ==,
                   "cd /srv/media-server && env LANG=C.UTF-8 /srv/media-server/client.py health");
  gtk_window_destroy (self.window);
}

static void
test_chips (void)
{
  g_autoptr (DagschedRunLog) log = create_ended_run ();
  Case self = present (DAGSCHED_RUN (log), 1000, 640);
  GtkWidget *chips = gtk_case_find (GTK_WIDGET (self.list), g_type_from_name ("DagschedGtkLookChips"), NULL);
  GtkWidget *failures = gtk_widget_get_first_child (chips);
  g_autofree char *command = NULL;
  double x, y;

  give_focus (&self);
  gtk_widget_translate_coordinates (failures, GTK_WIDGET (self.window), 20, 10, &x, &y);
  command = g_strdup_printf ("mousemove %d %d click 1", (int) x, (int) y);
  act (&self, command);
  GTK_CASE_UNTIL (get_n_shown (&self) == 4);
  dagsched_gtk_test_list_set_filter (self.list, "subtitle");
  g_assert_cmpuint (get_n_shown (&self), ==, 1);
  check_picture (&self, "failures");
  dagsched_gtk_test_list_set_filter (self.list, NULL);
  act (&self, command);
  GTK_CASE_UNTIL (get_n_shown (&self) == 28);
  g_assert_null (dagsched_gtk_test_list_get_matches (self.list));
  gtk_window_destroy (self.window);
}

/* What changes is shown, sorted and counted while it does. */
static void
test_live (void)
{
  g_autoptr (DagschedRunLog) log = sample_log_new_small ();
  Case self = present (DAGSCHED_RUN (log), 1000, 640);
  GtkWidget *row;

  dagsched_gtk_test_list_set_filter (self.list, "is:failure");
  g_assert_cmpuint (get_n_shown (&self), ==, 0);
  dagsched_run_log_replay (log);
  GTK_CASE_UNTIL (get_n_shown (&self) == 4);

  dagsched_gtk_test_list_set_filter (self.list, "api/upload");
  gtk_case_settle (GTK_WIDGET (self.window));
  row = dagsched_gtk_test_columns_find_row (dagsched_gtk_test_list_get_columns (self.list), 6);
  gtk_test_accessible_assert_property (row, GTK_ACCESSIBLE_PROPERTY_LABEL, "api/upload, passed, 2.45 s");
  gtk_window_destroy (self.window);
}

/* What somebody looks at stays where it is. */
static void
test_scrolling (void)
{
  g_autoptr (DagschedRunLog) log = sample_log_new_layered (100000, 1000, 8);
  Case self = present (DAGSCHED_RUN (log), 1000, 640);
  GtkScrollable *view = gtk_case_find (GTK_WIDGET (self.list), GTK_TYPE_COLUMN_VIEW, NULL);
  GtkAdjustment *adjustment = gtk_scrollable_get_vadjustment (view);
  g_autoptr (DagschedTest) test = dup_test (log, "layer-50/test-7");
  double before, height;

  dagsched_gtk_test_list_set_selected (self.list, test);
  gtk_case_settle (GTK_WIDGET (self.window));
  before = gtk_adjustment_get_value (adjustment);
  height = gtk_adjustment_get_upper (adjustment) / 100000;
  g_assert_cmpfloat (before, >, 49000 * height);

  dagsched_gtk_test_list_set_filter (self.list, "layer-5");
  gtk_case_settle (GTK_WIDGET (self.window));
  g_assert_cmpuint (get_n_shown (&self), ==, 11000);
  /* 1000 tests of layer-5 and 7 of this layer are before it. */
  g_assert_cmpfloat (ABS (before - gtk_adjustment_get_value (adjustment) - (50007 - 1007) * height), <, 1);
  dagsched_gtk_test_list_set_filter (self.list, "");
  gtk_case_settle (GTK_WIDGET (self.window));
  g_assert_cmpfloat (ABS (before - gtk_adjustment_get_value (adjustment)), <, 1);
  gtk_window_destroy (self.window);
}

static void
test_lifetime (void)
{
  DagschedRunLog *log = create_ended_run ();
  Case self = present (DAGSCHED_RUN (log), 1000, 640);

  dagsched_gtk_test_list_set_filter (self.list, "api");
  gtk_window_destroy (self.window);
  g_assert_finalize_object (log);
}

int
main (int argc, char *argv[])
{
  gtk_case_init (&argc, &argv);

  g_test_add_func ("/list/empty", test_empty);
  g_test_add_func ("/list/small", test_small);
  g_test_add_func ("/list/running", test_running);
  g_test_add_func ("/list/narrow", test_narrow);
  g_test_add_func ("/list/no-match", test_no_match);
  g_test_add_func ("/list/many", test_many);
  g_test_add_func ("/list/typing", test_typing);
  g_test_add_func ("/list/selecting", test_selecting);
  g_test_add_func ("/list/actions", test_actions);
  g_test_add_func ("/list/chips", test_chips);
  g_test_add_func ("/list/live", test_live);
  g_test_add_func ("/list/scrolling", test_scrolling);
  g_test_add_func ("/list/lifetime", test_lifetime);

  return g_test_run ();
}
