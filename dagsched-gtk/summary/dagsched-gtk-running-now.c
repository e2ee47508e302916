/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "summary/dagsched-gtk-running-now-private.h"

#include <glib/gi18n-lib.h>
#include <stdlib.h>

#include "base/dagsched-gtk-text-private.h"
#include "summary/dagsched-gtk-look-icon-private.h"
#include "summary/dagsched-gtk-summary-words-private.h"
#include "base/dagsched-gtk-wrap-layout-private.h"

#define N_NAMED 3
/* Who is gone sooner can't be read. */
#define MIN_SECONDS 0.5
#define MAX_NAME_CHARS 28

typedef struct
{
  GtkWidget *box;
  GtkLabel *name;
  GtkLabel *time;
} Item;

struct _DagschedGtkRunningNow
{
  GtkWidget parent_instance;

  Item items[N_NAMED];
  GtkLabel *more;
};

G_DEFINE_FINAL_TYPE (DagschedGtkRunningNow, dagsched_gtk_running_now, GTK_TYPE_WIDGET)

static void
dagsched_gtk_running_now_dispose (GObject *object)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (object))) != NULL)
    gtk_widget_unparent (child);

  G_OBJECT_CLASS (dagsched_gtk_running_now_parent_class)->dispose (object);
}

static void
dagsched_gtk_running_now_class_init (DagschedGtkRunningNowClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = dagsched_gtk_running_now_dispose;

  gtk_widget_class_set_accessible_role (GTK_WIDGET_CLASS (klass), GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
add_item (DagschedGtkRunningNow *self, Item *item)
{
  item->box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  item->name = GTK_LABEL (gtk_label_new (NULL));
  item->time = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_ellipsize (item->name, PANGO_ELLIPSIZE_MIDDLE);
  gtk_label_set_max_width_chars (item->name, MAX_NAME_CHARS);
  gtk_widget_add_css_class (GTK_WIDGET (item->time), "dim-label");
  gtk_widget_add_css_class (GTK_WIDGET (item->time), "numeric");
  gtk_box_append (GTK_BOX (item->box), dagsched_gtk_look_icon_new (DAGSCHED_GTK_LOOK_RUNNING, 12));
  gtk_box_append (GTK_BOX (item->box), GTK_WIDGET (item->name));
  gtk_box_append (GTK_BOX (item->box), GTK_WIDGET (item->time));
  gtk_widget_set_visible (item->box, FALSE);
  gtk_widget_set_parent (item->box, GTK_WIDGET (self));
}

static void
dagsched_gtk_running_now_init (DagschedGtkRunningNow *self)
{
  GtkLayoutManager *layout =
    g_object_new (DAGSCHED_GTK_TYPE_WRAP_LAYOUT, "column-spacing", 18, "row-spacing", 6, NULL);

  gtk_widget_set_layout_manager (GTK_WIDGET (self), layout);
  for (guint i = 0; i < N_NAMED; i++)
    add_item (self, &self->items[i]);
  self->more = GTK_LABEL (gtk_label_new (NULL));
  gtk_widget_add_css_class (GTK_WIDGET (self->more), "dim-label");
  gtk_widget_add_css_class (GTK_WIDGET (self->more), "numeric");
  gtk_widget_set_parent (GTK_WIDGET (self->more), GTK_WIDGET (self));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Running now"),
                                  -1);
}

static int
compare_since (gconstpointer a, gconstpointer b)
{
  const DagschedGtkRunningTest *first = a, *second = b;

  if (first->since != second->since)
    return first->since < second->since ? -1 : 1;

  return (first->test > second->test) - (first->test < second->test);
}

static void
set_text (GtkLabel *label, const char *text)
{
  if (g_strcmp0 (gtk_label_get_text (label), text) != 0)
    gtk_label_set_text (label, text);
}

static char *
describe_more (guint n_named, guint n)
{
  g_autofree char *count = dagsched_gtk_text_count (n);

  if (n_named > 0)
    /* Translators: after the names of some tests that are running */
    return g_strdup_printf (ngettext ("+ %s more", "+ %s more", n), count);
  if (n == 0)
    return g_strdup (_ ("No test is running"));

  return g_strdup_printf (ngettext ("%s test is running", "%s tests are running", n), count);
}

void
dagsched_gtk_running_now_set (DagschedGtkRunningNow *self,
                              DagschedGtkRunTable *table,
                              double elapsed,
                              DagschedGtkRunningTest *running,
                              guint n_running)
{
  guint n_named = 0;
  g_autofree char *more = NULL;

  if (n_running > 1)
    qsort (running, n_running, sizeof *running, compare_since);
  while (n_named < MIN (n_running, N_NAMED) && elapsed - running[n_named].since >= MIN_SECONDS)
    {
      g_autofree char *time = dagsched_gtk_summary_describe_clock (elapsed - running[n_named].since);

      set_text (self->items[n_named].name, dagsched_test_get_name (table->tests[running[n_named].test]));
      set_text (self->items[n_named].time, time);
      n_named++;
    }

  for (guint i = 0; i < N_NAMED; i++)
    gtk_widget_set_visible (self->items[i].box, i < n_named);
  more = describe_more (n_named, n_running - n_named);
  set_text (self->more, more);
  gtk_widget_set_visible (GTK_WIDGET (self->more), n_named == 0 || n_running > n_named);
}
