/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/dagsched-gtk-look-private.h"
#include "base/dagsched-gtk-run-table-private.h"
#include "base/dagsched-gtk-text-private.h"
#include "gtk-case.h"
#include "sample-log.h"

/* What the widgets stand on. */

static void
test_looks (void)
{
  for (DagschedGtkLook look = 0; look < DAGSCHED_GTK_N_LOOKS; look++)
    {
      GtkIconTheme *theme = gtk_icon_theme_get_for_display (gdk_display_get_default ());
      DagschedGtkLook found = DAGSCHED_GTK_N_LOOKS;

      g_assert_true (gtk_icon_theme_has_icon (theme, dagsched_gtk_look_get_icon_name (look)));
      g_assert_true (dagsched_gtk_look_from_word (dagsched_gtk_look_get_word (look), &found));
      g_assert_cmpint (found, ==, look);
      g_assert_false (dagsched_gtk_look_is_success (look) && dagsched_gtk_look_is_failure (look));
    }
  for (DagschedOutcome outcome = DAGSCHED_OUTCOME_PASSED; outcome < DAGSCHED_N_OUTCOMES; outcome++)
    {
      DagschedGtkLook look = dagsched_gtk_look_of (DAGSCHED_STATE_FINISHED, outcome);

      g_assert_cmpstr (dagsched_gtk_look_get_word (look), ==, dagsched_outcome_to_string (outcome));
      g_assert_cmpint (dagsched_gtk_look_is_success (look), ==, dagsched_outcome_is_success (outcome));
      g_assert_cmpint (dagsched_gtk_look_is_failure (look), ==, dagsched_outcome_is_failure (outcome));
    }
  g_assert_cmpint (dagsched_gtk_look_of (DAGSCHED_STATE_READY, DAGSCHED_OUTCOME_NONE), ==,
                   DAGSCHED_GTK_LOOK_READY);
}

static void
test_durations (void)
{
  const struct
  {
    double seconds;
    const char *text;
  } cases[] = {
    { 0, "0 s" },
    { 0.0000004, "0 µs" },
    { 0.00034, "340 µs" },
    { 0.0009999, "1.0 ms" },
    { 0.00123, "1.2 ms" },
    { 0.0123, "12 ms" },
    { 0.9996, "1.00 s" },
    { 1.239, "1.24 s" },
    { 12.41, "12.4 s" },
    { 59.96, "1 min 00 s" },
    { 187.2, "3 min 07 s" },
    { 3599.7, "1 h 00 min" },
    { 7500, "2 h 05 min" },
    { G_MAXDOUBLE, "277777 h 46 min" },
    { -1, "0 s" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = dagsched_gtk_text_duration (cases[i].seconds);

      g_assert_cmpstr (text, ==, cases[i].text);
    }
}

typedef struct
{
  guint n_changed, n_resets;
} Told;

static void
on_changed (DagschedGtkRunTable *table, GArray *numbers, Told *told)
{
  g_assert_cmpuint (numbers->len, >, 0);
  told->n_changed++;
}

static void
on_reset (DagschedGtkRunTable *table, Told *told)
{
  told->n_resets++;
}

static void
test_table (void)
{
  g_autoptr (DagschedRunLog) log = sample_log_new_small ();
  DagschedGtkRunTable *table = dagsched_gtk_run_table_get (DAGSCHED_RUN (log));
  DagschedGtkRunTable *again = dagsched_gtk_run_table_get (DAGSCHED_RUN (log));
  Told told = { 0 };

  g_assert_true (table == again);
  g_object_unref (again);
  g_signal_connect (table, "changed", G_CALLBACK (on_changed), &told);
  g_signal_connect (table, "reset", G_CALLBACK (on_reset), &told);

  g_assert_cmpuint (table->n_tests, ==, 28);
  g_assert_cmpuint (table->n_with_look[DAGSCHED_GTK_LOOK_PENDING], ==, 28);
  /* db/migrate depends on db/create, on which db/migrate and others do. */
  g_assert_cmpuint (table->first_dependency[2] - table->first_dependency[1], ==, 1);
  g_assert_cmpuint (table->dependencies[table->first_dependency[1]], ==, 0);
  g_assert_cmpuint (table->dependents[table->first_dependent[0]], ==, 1);
  g_assert_cmpuint (table->first_dependent[28], ==, table->first_dependency[28]);

  dagsched_run_log_replay (log);
  g_assert_cmpuint (told.n_changed, ==, 1);
  g_assert_cmpuint (told.n_resets, ==, 0);
  g_assert_cmpuint (table->n_with_look[DAGSCHED_GTK_LOOK_PENDING], ==, 0);
  g_assert_cmpuint (table->n_with_look[DAGSCHED_GTK_LOOK_PASSED], ==, 17);
  g_assert_cmpuint (table->looks[22], ==, DAGSCHED_GTK_LOOK_BLOCKED);
  g_assert_cmpuint (table->flags[9], ==, DAGSCHED_FLAGS_FLAKY);
  g_assert_finalize_object (table);
}

/* What holds the table holds the run, not the reverse. */
static void
test_lifetime (void)
{
  DagschedRunLog *log = sample_log_new_layered (100, 10, 2);
  DagschedGtkRunTable *table = dagsched_gtk_run_table_get (DAGSCHED_RUN (log));

  g_object_unref (log);
  g_assert_cmpuint (table->n_tests, ==, 100);
  g_assert_cmpuint (table->first_dependency[100], ==, 270);
  g_object_add_weak_pointer (G_OBJECT (log), (gpointer *) &log);
  g_assert_finalize_object (table);
  g_assert_null (log);
}

static GtkWidget *
create_legend (void)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);

  for (DagschedGtkLook look = 0; look < DAGSCHED_GTK_N_LOOKS; look++)
    {
      GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);

      gtk_box_append (GTK_BOX (row), gtk_image_new_from_icon_name (dagsched_gtk_look_get_icon_name (look)));
      gtk_box_append (GTK_BOX (row), gtk_label_new (dagsched_gtk_look_get_title (look)));
      gtk_box_append (GTK_BOX (box), row);
    }

  return box;
}

static void
test_icons (void)
{
  GtkWindow *window = gtk_case_present (create_legend (), 200, 340);

  gtk_case_check_picture (GTK_WIDGET (window), "icons-light");
  gtk_case_set_dark (TRUE);
  gtk_case_check_picture (GTK_WIDGET (window), "icons-dark");
  gtk_case_set_dark (FALSE);
  gtk_window_destroy (window);
}

int
main (int argc, char *argv[])
{
  gtk_case_init (&argc, &argv);

  g_test_add_func ("/base/looks", test_looks);
  g_test_add_func ("/base/durations", test_durations);
  g_test_add_func ("/base/table", test_table);
  g_test_add_func ("/base/lifetime", test_lifetime);
  g_test_add_func ("/base/icons", test_icons);

  return g_test_run ();
}
