/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "summary/dagsched-gtk-look-icon-private.h"

#include <adwaita.h>

struct _DagschedGtkLookIcon
{
  GtkWidget parent_instance;

  DagschedGtkLook look;
  int size;
  GtkIconPaintable *icon; /* (nullable): of the look, once it was drawn */
};

G_DEFINE_FINAL_TYPE (DagschedGtkLookIcon, dagsched_gtk_look_icon, GTK_TYPE_WIDGET)

static void
dagsched_gtk_look_icon_measure (GtkWidget *widget,
                                GtkOrientation orientation,
                                int for_size,
                                int *minimum,
                                int *natural,
                                int *minimum_baseline,
                                int *natural_baseline)
{
  *minimum = *natural = DAGSCHED_GTK_LOOK_ICON (widget)->size;
}

static void
dagsched_gtk_look_icon_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  DagschedGtkLookIcon *self = DAGSCHED_GTK_LOOK_ICON (widget);
  GdkDisplay *display = gtk_widget_get_display (widget);
  gboolean dark = adw_style_manager_get_dark (adw_style_manager_get_for_display (display));
  float x = (float) ((gtk_widget_get_width (widget) - self->size) / 2);
  float y = (float) ((gtk_widget_get_height (widget) - self->size) / 2);

  if (self->icon == NULL)
    self->icon = gtk_icon_theme_lookup_icon (
      gtk_icon_theme_get_for_display (display), dagsched_gtk_look_get_icon_name (self->look), NULL,
      self->size, gtk_widget_get_scale_factor (widget), GTK_TEXT_DIR_LTR, GTK_ICON_LOOKUP_FORCE_SYMBOLIC);
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (x, y));
  gtk_symbolic_paintable_snapshot_symbolic (GTK_SYMBOLIC_PAINTABLE (self->icon), snapshot, self->size,
                                            self->size, dagsched_gtk_look_get_color (self->look, dark), 1);
  gtk_snapshot_restore (snapshot);
}

static void
dagsched_gtk_look_icon_dispose (GObject *object)
{
  g_clear_object (&DAGSCHED_GTK_LOOK_ICON (object)->icon);

  G_OBJECT_CLASS (dagsched_gtk_look_icon_parent_class)->dispose (object);
}

static void
dagsched_gtk_look_icon_class_init (DagschedGtkLookIconClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = dagsched_gtk_look_icon_dispose;
  widget_class->measure = dagsched_gtk_look_icon_measure;
  widget_class->snapshot = dagsched_gtk_look_icon_snapshot;

  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
dagsched_gtk_look_icon_init (DagschedGtkLookIcon *self)
{
  AdwStyleManager *style = adw_style_manager_get_for_display (gtk_widget_get_display (GTK_WIDGET (self)));

  g_signal_connect_object (style, "notify::dark", G_CALLBACK (gtk_widget_queue_draw), self,
                           G_CONNECT_SWAPPED);
}

GtkWidget *
dagsched_gtk_look_icon_new (DagschedGtkLook look, int size)
{
  DagschedGtkLookIcon *self = g_object_new (DAGSCHED_GTK_TYPE_LOOK_ICON, NULL);

  self->look = look;
  self->size = size;

  return GTK_WIDGET (self);
}

void
dagsched_gtk_look_icon_set_look (DagschedGtkLookIcon *self, DagschedGtkLook look)
{
  if (self->look == look)
    return;

  self->look = look;
  g_clear_object (&self->icon);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}
