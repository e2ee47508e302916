/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "details/dagsched-gtk-test-links-private.h"

#include <glib/gi18n-lib.h>

#include "base/dagsched-gtk-text-private.h"

typedef struct
{
  GtkWidget *icon;
  DagschedGtkLook look;
} Shown;

struct _DagschedGtkTestLinks
{
  GtkWidget parent_instance;

  GtkWidget *content;
  GtkLabel *title;
  GtkListBox *list;

  DagschedGtkRunTable *table; /* (nullable) */
  GArray *links;              /* (nullable) of DagschedGtkTestLink */
  GArray *shown;              /* of Shown, as rows */
  GtkWidget *more;            /* (nullable) the row that shows more */
};

static guint activated_signal;

G_DEFINE_FINAL_TYPE (DagschedGtkTestLinks, dagsched_gtk_test_links, GTK_TYPE_WIDGET)

static void
set_look (Shown *shown, DagschedGtkLook look)
{
  g_autofree char *before = g_strconcat ("look-", dagsched_gtk_look_get_word (shown->look), NULL);
  g_autofree char *after = g_strconcat ("look-", dagsched_gtk_look_get_word (look), NULL);

  gtk_image_set_from_icon_name (GTK_IMAGE (shown->icon), dagsched_gtk_look_get_icon_name (look));
  gtk_widget_set_tooltip_text (shown->icon, dagsched_gtk_look_get_title (look));
  gtk_accessible_update_property (GTK_ACCESSIBLE (shown->icon), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  dagsched_gtk_look_get_title (look), -1);
  gtk_widget_remove_css_class (shown->icon, before);
  gtk_widget_add_css_class (shown->icon, after);
  shown->look = look;
}

static GtkWidget *
create_texts (const char *name, const char *note)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *label = gtk_label_new (name);
  GtkWidget *note_label;

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_MIDDLE);
  gtk_widget_set_tooltip_text (label, name);
  gtk_widget_set_hexpand (box, TRUE);
  gtk_widget_set_valign (box, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (box), label);
  if (note == NULL || *note == '\0')
    return box;

  note_label = gtk_label_new (note);
  gtk_label_set_xalign (GTK_LABEL (note_label), 0);
  gtk_label_set_wrap (GTK_LABEL (note_label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (note_label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_lines (GTK_LABEL (note_label), 3);
  gtk_label_set_ellipsize (GTK_LABEL (note_label), PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class (note_label, "caption");
  gtk_widget_add_css_class (note_label, "dim-label");
  gtk_box_append (GTK_BOX (box), note_label);

  return box;
}

static void
add_row (DagschedGtkTestLinks *self, const DagschedGtkTestLink *link)
{
  DagschedTest *test = self->table->tests[link->number];
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *go = gtk_image_new_from_icon_name ("go-next-symbolic");
  Shown shown = { .icon = gtk_image_new () };

  set_look (&shown, self->table->looks[link->number]);
  gtk_box_append (GTK_BOX (box), shown.icon);
  gtk_box_append (GTK_BOX (box), create_texts (dagsched_test_get_name (test), link->note));
  gtk_widget_add_css_class (go, "dim-label");
  gtk_box_append (GTK_BOX (box), go);
  gtk_widget_add_css_class (box, "test-link");
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_list_box_append (self->list, row);
  g_array_append_val (self->shown, shown);
}

static void
add_more_row (DagschedGtkTestLinks *self)
{
  guint left = self->links->len - self->shown->len;
  gboolean is_all = left <= DAGSCHED_GTK_TEST_LINKS_STEP;
  guint n = is_all ? self->links->len : DAGSCHED_GTK_TEST_LINKS_STEP;
  g_autofree char *count = dagsched_gtk_text_count (n);
  g_autofree char *text = g_strdup_printf (is_all ? ngettext ("Show All %s", "Show All %s", n)
                                                  : ngettext ("Show %s More", "Show %s More", n),
                                           count);
  GtkWidget *label = gtk_label_new (text);

  gtk_widget_add_css_class (label, "test-link");
  self->more = gtk_list_box_row_new ();
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (self->more), label);
  gtk_list_box_append (self->list, self->more);
}

static void
show_up_to (DagschedGtkTestLinks *self, guint n)
{
  if (self->more != NULL)
    gtk_list_box_remove (self->list, self->more);
  self->more = NULL;
  for (guint i = self->shown->len; i < MIN (n, self->links->len); i++)
    add_row (self, &g_array_index (self->links, DagschedGtkTestLink, i));
  if (self->shown->len < self->links->len)
    add_more_row (self);
}

static void
on_row_activated (DagschedGtkTestLinks *self, GtkListBoxRow *row)
{
  guint index = (guint) gtk_list_box_row_get_index (row);

  if (GTK_WIDGET (row) == self->more)
    show_up_to (self, self->shown->len + DAGSCHED_GTK_TEST_LINKS_STEP);
  else if (index < self->links->len)
    g_signal_emit (self, activated_signal, 0, g_array_index (self->links, DagschedGtkTestLink, index).number);
}

static void
dagsched_gtk_test_links_dispose (GObject *object)
{
  DagschedGtkTestLinks *self = DAGSCHED_GTK_TEST_LINKS (object);

  g_clear_pointer (&self->content, gtk_widget_unparent);
  g_clear_object (&self->table);
  g_clear_pointer (&self->links, g_array_unref);
  g_clear_pointer (&self->shown, g_array_unref);

  G_OBJECT_CLASS (dagsched_gtk_test_links_parent_class)->dispose (object);
}

static void
dagsched_gtk_test_links_class_init (DagschedGtkTestLinksClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = dagsched_gtk_test_links_dispose;

  activated_signal = g_signal_new ("activated", DAGSCHED_GTK_TYPE_TEST_LINKS, G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 1, G_TYPE_UINT);
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
}

static void
dagsched_gtk_test_links_init (DagschedGtkTestLinks *self)
{
  self->shown = g_array_new (FALSE, FALSE, sizeof (Shown));
  self->content = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  self->title = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_xalign (self->title, 0);
  gtk_widget_add_css_class (GTK_WIDGET (self->title), "heading");
  self->list = GTK_LIST_BOX (gtk_list_box_new ());
  gtk_list_box_set_selection_mode (self->list, GTK_SELECTION_NONE);
  gtk_widget_add_css_class (GTK_WIDGET (self->list), "boxed-list");
  gtk_box_append (GTK_BOX (self->content), GTK_WIDGET (self->title));
  gtk_box_append (GTK_BOX (self->content), GTK_WIDGET (self->list));
  gtk_widget_set_parent (self->content, GTK_WIDGET (self));
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
  g_signal_connect_object (self->list, "row-activated", G_CALLBACK (on_row_activated), self,
                           G_CONNECT_SWAPPED);
}

static void
clear_rows (DagschedGtkTestLinks *self)
{
  GtkListBoxRow *row;

  while ((row = gtk_list_box_get_row_at_index (self->list, 0)) != NULL)
    gtk_list_box_remove (self->list, GTK_WIDGET (row));
  self->more = NULL;
  g_array_set_size (self->shown, 0);
}

void
dagsched_gtk_test_links_set (DagschedGtkTestLinks *self,
                             DagschedGtkRunTable *table,
                             const char *title,
                             GArray *links)
{
  g_autofree char *count = dagsched_gtk_text_count (links->len);
  /* Translators: a title, and how many there are below it */
  g_autofree char *text = g_strdup_printf (_ ("%s (%s)"), title, count);

  clear_rows (self);
  g_set_object (&self->table, table);
  g_clear_pointer (&self->links, g_array_unref);
  self->links = links;
  gtk_label_set_text (self->title, text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  show_up_to (self, DAGSCHED_GTK_TEST_LINKS_SHOWN);
  gtk_widget_set_visible (GTK_WIDGET (self), links->len > 0);
}

void
dagsched_gtk_test_links_update (DagschedGtkTestLinks *self)
{
  for (guint i = 0; i < self->shown->len; i++)
    {
      Shown *shown = &g_array_index (self->shown, Shown, i);
      guint32 number = g_array_index (self->links, DagschedGtkTestLink, i).number;

      if (number < self->table->n_tests && shown->look != self->table->looks[number])
        set_look (shown, self->table->looks[number]);
    }
}
