/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "list/dagsched-gtk-test-list-struct-private.h"

#include <glib/gi18n-lib.h>

#include "base/dagsched-gtk-text-private.h"

/* What is shown, in which order, and what is said of it. */

static void
update_count (DagschedGtkTestList *self)
{
  gboolean is_filtered = dagsched_gtk_test_model_is_filtered (self->model) && self->table != NULL;
  g_autofree char *shown = dagsched_gtk_text_count (g_list_model_get_n_items (G_LIST_MODEL (self->model)));
  g_autofree char *all = dagsched_gtk_text_count (self->table != NULL ? self->table->n_tests : 0);
  /* Translators: how many tests a filter lets through, of how many */
  g_autofree char *text = g_strdup_printf (_ ("%s of %s"), shown, all);

  gtk_label_set_text (self->count, text);
  gtk_widget_set_visible (GTK_WIDGET (self->count), is_filtered);
}

static void
update_matches (DagschedGtkTestList *self)
{
  gboolean had_matches = self->matches != NULL;

  g_clear_pointer (&self->matches, g_array_unref);
  if (self->table != NULL && dagsched_gtk_test_model_is_filtered (self->model))
    {
      guint n;
      const guint32 *numbers = dagsched_gtk_test_model_get_numbers (self->model, &n);

      self->matches = g_array_sized_new (FALSE, FALSE, sizeof *numbers, n);
      g_array_append_vals (self->matches, numbers, n);
    }
  if (had_matches || self->matches != NULL)
    g_object_notify (G_OBJECT (self), "matches");
}

static void
describe_no_matches (DagschedGtkTestList *self)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->entry));
  g_autoptr (DagschedGtkTestQuery) query = dagsched_gtk_test_query_new (text);
  g_autofree char *hint = dagsched_gtk_test_query_dup_hint (query, self->table);
  g_autofree char *description = NULL;
  g_autofree char *escaped = NULL;

  if (hint != NULL)
    description = g_steal_pointer (&hint);
  else if (dagsched_gtk_test_query_is_empty (query))
    description = g_strdup (_ ("There are no such tests now."));
  else
    description = g_strdup_printf (_ ("No test matches “%s”."), text);

  escaped = g_markup_escape_text (description, -1);
  adw_status_page_set_description (self->no_matches, escaped);
}

static void
update_stack (DagschedGtkTestList *self)
{
  const char *page = "tests";
  gboolean has_tests = self->table != NULL && self->table->n_tests > 0;

  if (self->table == NULL)
    page = "no-run";
  else if (!has_tests)
    page = "no-tests";
  else if (g_list_model_get_n_items (G_LIST_MODEL (self->model)) == 0)
    page = "no-matches";
  if (g_str_equal (page, "no-matches"))
    describe_no_matches (self);
  gtk_widget_set_visible (self->header, has_tests);
  gtk_widget_set_visible (self->separator, has_tests);
  gtk_stack_set_visible_child_name (self->stack, page);
  update_count (self);
}

void
dagsched_gtk_test_list_update_page (DagschedGtkTestList *self)
{
  update_stack (self);
  update_matches (self);
}

void
dagsched_gtk_test_list_sort_changed (gpointer user_data)
{
  DagschedGtkTestList *self = user_data;
  gboolean is_descending;
  DagschedGtkTestColumn column = dagsched_gtk_test_columns_get_sort (self->columns, &is_descending);

  dagsched_gtk_test_model_set_sort (self->model, column, is_descending);
  dagsched_gtk_test_list_refresh (self, TRUE);
}

static void
say_problem (DagschedGtkTestList *self, const char *problem)
{
  gtk_label_set_text (self->problem, problem != NULL ? problem : "");
  gtk_widget_set_visible (GTK_WIDGET (self->problem), problem != NULL);
  /* Of what is said below it the entry says so too. */
  if (problem != NULL)
    gtk_accessible_update_property (GTK_ACCESSIBLE (self->entry), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                    problem, -1);
  else
    gtk_accessible_reset_property (GTK_ACCESSIBLE (self->entry), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION);
}

void
dagsched_gtk_test_list_entry_changed (DagschedGtkTestList *self)
{
  DagschedGtkTestQuery *query =
    dagsched_gtk_test_query_new (gtk_editable_get_text (GTK_EDITABLE (self->entry)));

  say_problem (self, dagsched_gtk_test_query_get_problem (query));
  dagsched_gtk_test_model_set_query (self->model, query);
  dagsched_gtk_test_list_refresh (self, TRUE);
  dagsched_gtk_test_list_update_page (self);
  g_object_notify (G_OBJECT (self), "filter");
}

void
dagsched_gtk_test_list_looks_changed (DagschedGtkTestList *self)
{
  dagsched_gtk_test_model_set_looks (self->model, dagsched_gtk_look_chips_get_looks (self->chips));
  dagsched_gtk_test_list_refresh (self, TRUE);
  dagsched_gtk_test_list_update_page (self);
}
