/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "details/dagsched-gtk-test-facts-private.h"

#include "details/dagsched-gtk-test-texts-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define MAX_CHAIN 10 /* links of a chain before its root that are shown */

static GArray *
create_links (void)
{
  return g_array_new (FALSE, FALSE, sizeof (DagschedGtkTestLink));
}

static void
add_link (GArray *links, guint32 number, const char *note)
{
  DagschedGtkTestLink link = { number, note };

  g_array_append_val (links, link);
}

GArray *
dagsched_gtk_test_facts_dependencies (DagschedGtkRunTable *table, guint number)
{
  GArray *links = create_links ();

  for (guint32 edge = table->first_dependency[number]; edge < table->first_dependency[number + 1]; edge++)
    add_link (links, table->dependencies[edge], dagsched_gtk_test_texts_condition (table->conditions[edge]));

  return links;
}

static const char *
find_condition (DagschedGtkRunTable *table, guint number, guint dependency)
{
  for (guint32 edge = table->first_dependency[number]; edge < table->first_dependency[number + 1]; edge++)
    {
      if (table->dependencies[edge] == dependency)
        return dagsched_gtk_test_texts_condition (table->conditions[edge]);
    }

  return NULL;
}

GArray *
dagsched_gtk_test_facts_dependents (DagschedGtkRunTable *table, guint number)
{
  GArray *links = create_links ();

  for (guint32 edge = table->first_dependent[number]; edge < table->first_dependent[number + 1]; edge++)
    add_link (links, table->dependents[edge], find_condition (table, table->dependents[edge], number));

  return links;
}

GArray *
dagsched_gtk_test_facts_waits_for (DagschedGtkRunTable *table, guint number)
{
  GArray *links = create_links ();

  if (table->looks[number] != DAGSCHED_GTK_LOOK_PENDING)
    return links;

  for (guint32 edge = table->first_dependency[number]; edge < table->first_dependency[number + 1]; edge++)
    {
      if (table->looks[table->dependencies[edge]] < DAGSCHED_GTK_LOOK_PASSED)
        add_link (links, table->dependencies[edge], NULL);
    }

  return links;
}

/* A chain can't be longer than there are tests. */
GArray *
dagsched_gtk_test_facts_blocked_by (DagschedGtkRunTable *table, guint number)
{
  GArray *links = create_links ();
  DagschedTest *test = dagsched_test_get_blocked_by (table->tests[number]);
  DagschedTest *root = NULL;

  for (guint i = 0; test != NULL && i < table->n_tests; i++)
    {
      if (i < MAX_CHAIN)
        add_link (links, dagsched_run_find_test (table->run, test), dagsched_test_get_reason (test));
      root = test;
      test = dagsched_test_get_blocked_by (test);
    }
  if (root != NULL && links->len == MAX_CHAIN &&
      g_array_index (links, DagschedGtkTestLink, MAX_CHAIN - 1).number !=
        dagsched_run_find_test (table->run, root))
    add_link (links, dagsched_run_find_test (table->run, root), _ ("the root cause, many tests further"));

  return links;
}

static GtkWidget *
create_flag (const DagschedGtkTestFlag *flag)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *title = gtk_label_new (_ (flag->title));
  GtkWidget *explanation = gtk_label_new (_ (flag->explanation));

  gtk_widget_add_css_class (title, "caption");
  gtk_widget_add_css_class (title, "flag");
  gtk_widget_set_valign (title, GTK_ALIGN_START);
  gtk_widget_add_css_class (explanation, "caption");
  gtk_label_set_wrap (GTK_LABEL (explanation), TRUE);
  gtk_label_set_xalign (GTK_LABEL (explanation), 0);
  gtk_box_append (GTK_BOX (box), title);
  gtk_box_append (GTK_BOX (box), explanation);

  return box;
}

void
dagsched_gtk_test_facts_fill_flags (GtkBox *box, guint flags)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (box))) != NULL)
    gtk_box_remove (box, child);
  for (guint bit = 1; bit != 0 && bit <= flags; bit <<= 1)
    {
      const DagschedGtkTestFlag *flag = flags & bit ? dagsched_gtk_test_texts_flag (bit) : NULL;

      if (flag != NULL)
        gtk_box_append (box, create_flag (flag));
    }
  gtk_widget_set_visible (GTK_WIDGET (box), gtk_widget_get_first_child (GTK_WIDGET (box)) != NULL);
}

static GtkWidget *
create_setting (void)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *title = gtk_label_new (NULL);
  GtkWidget *value = gtk_label_new (NULL);
  GtkWidget *row = gtk_list_box_row_new ();

  gtk_label_set_xalign (GTK_LABEL (title), 0);
  gtk_widget_set_valign (title, GTK_ALIGN_BASELINE);
  gtk_widget_add_css_class (title, "dim-label");
  gtk_label_set_xalign (GTK_LABEL (value), 1);
  gtk_label_set_wrap (GTK_LABEL (value), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (value), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_selectable (GTK_LABEL (value), TRUE);
  gtk_widget_set_hexpand (value, TRUE);
  gtk_widget_set_valign (value, GTK_ALIGN_BASELINE);
  gtk_box_append (GTK_BOX (box), title);
  gtk_box_append (GTK_BOX (box), value);
  gtk_widget_add_css_class (box, "test-link");
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);

  return row;
}

/* What is selected of a text that stays the same stays selected. */
static void
set_text (GtkWidget *label, const char *text)
{
  if (strcmp (gtk_label_get_text (GTK_LABEL (label)), text) != 0)
    gtk_label_set_text (GTK_LABEL (label), text);
}

static void
fill_setting (GtkListBoxRow *row, const DagschedGtkTestSetting *setting)
{
  GtkWidget *box = gtk_list_box_row_get_child (row);

  set_text (gtk_widget_get_first_child (box), setting->title);
  set_text (gtk_widget_get_last_child (box), setting->value);
}

void
dagsched_gtk_test_facts_fill_settings (GtkListBox *list, DagschedTest *test)
{
  g_autoptr (GPtrArray) settings = dagsched_gtk_test_texts_settings (test);
  GtkListBoxRow *row;

  while ((row = gtk_list_box_get_row_at_index (list, (int) settings->len)) != NULL)
    gtk_list_box_remove (list, GTK_WIDGET (row));
  for (guint i = 0; i < settings->len; i++)
    {
      if (gtk_list_box_get_row_at_index (list, (int) i) == NULL)
        gtk_list_box_append (list, create_setting ());
      fill_setting (gtk_list_box_get_row_at_index (list, (int) i), g_ptr_array_index (settings, i));
    }
  gtk_widget_set_visible (GTK_WIDGET (list), settings->len > 0);
}
