/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "timeline/dagsched-gtk-layout-cache-private.h"

#define MAX_LAYOUTS 1000

struct _DagschedGtkLayoutCache
{
  GtkWidget *widget;
  GHashTable *layouts[DAGSCHED_GTK_TEXT_SMALL + 1]; /* text → PangoLayout */
};

DagschedGtkLayoutCache *
dagsched_gtk_layout_cache_new (GtkWidget *widget)
{
  DagschedGtkLayoutCache *self = g_new0 (DagschedGtkLayoutCache, 1);

  self->widget = widget;
  for (guint i = 0; i < G_N_ELEMENTS (self->layouts); i++)
    self->layouts[i] = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);

  return self;
}

void
dagsched_gtk_layout_cache_free (DagschedGtkLayoutCache *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (self->layouts); i++)
    g_hash_table_unref (self->layouts[i]);
  g_free (self);
}

void
dagsched_gtk_layout_cache_clear (DagschedGtkLayoutCache *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (self->layouts); i++)
    g_hash_table_remove_all (self->layouts[i]);
}

static PangoLayout *
create_layout (DagschedGtkLayoutCache *self, DagschedGtkTextStyle style, const char *text)
{
  PangoLayout *layout = gtk_widget_create_pango_layout (self->widget, text);
  g_autoptr (PangoAttrList) attributes = pango_attr_list_new ();

  pango_layout_set_single_paragraph_mode (layout, TRUE);
  pango_attr_list_insert (attributes, pango_attr_font_features_new ("tnum=1"));
  if (style == DAGSCHED_GTK_TEXT_BOLD)
    pango_attr_list_insert (attributes, pango_attr_weight_new (PANGO_WEIGHT_BOLD));
  if (style == DAGSCHED_GTK_TEXT_SMALL)
    pango_attr_list_insert (attributes, pango_attr_scale_new (PANGO_SCALE_SMALL));
  pango_layout_set_attributes (layout, attributes);

  return layout;
}

PangoLayout *
dagsched_gtk_layout_cache_get (DagschedGtkLayoutCache *self, DagschedGtkTextStyle style, const char *text)
{
  GHashTable *layouts = self->layouts[style];
  PangoLayout *layout = g_hash_table_lookup (layouts, text);

  if (layout != NULL)
    return layout;

  if (g_hash_table_size (layouts) >= MAX_LAYOUTS)
    g_hash_table_remove_all (layouts);
  layout = create_layout (self, style, text);
  g_hash_table_insert (layouts, g_strdup (text), layout);

  return layout;
}

int
dagsched_gtk_layout_cache_draw (DagschedGtkLayoutCache *self,
                                GtkSnapshot *snapshot,
                                DagschedGtkTextStyle style,
                                const char *text,
                                const GdkRGBA *color,
                                float x,
                                float y,
                                float align)
{
  PangoLayout *layout = dagsched_gtk_layout_cache_get (self, style, text);
  int width, height;

  pango_layout_get_pixel_size (layout, &width, &height);
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT ((float) (int) (x - align * (float) width),
                                                          (float) (int) (y - (float) height / 2)));
  gtk_snapshot_append_layout (snapshot, layout, color);
  gtk_snapshot_restore (snapshot);

  return width;
}
