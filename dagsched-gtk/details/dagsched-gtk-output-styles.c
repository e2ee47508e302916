/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "details/dagsched-gtk-output-styles-private.h"

#include "details/dagsched-gtk-ansi-palette-private.h"

#define MAX_TAGS 4096 /* of true colours there may be any number */

struct _DagschedGtkOutputStyles
{
  GtkTextBuffer *buffer;
  GHashTable *tags; /* DagschedGtkAnsiStyle → GtkTextTag, of the buffer */
  GtkTextTag *error;
  GtkTextTag *heading;
  gboolean is_dark;
};

static guint
hash_style (gconstpointer key)
{
  const DagschedGtkAnsiStyle *style = key;

  return style->foreground * 31 + style->background * 131071 + style->attributes * 7919;
}

static gboolean
is_same_style (gconstpointer a, gconstpointer b)
{
  const DagschedGtkAnsiStyle *x = a, *y = b;

  return x->foreground == y->foreground && x->background == y->background && x->attributes == y->attributes;
}

static void
color_tag (DagschedGtkOutputStyles *self, const DagschedGtkAnsiStyle *style, GtkTextTag *tag)
{
  DagschedGtkAnsiColors colors = dagsched_gtk_ansi_palette_get (style, self->is_dark);

  if (colors.has_foreground)
    g_object_set (tag, "foreground-rgba", &colors.foreground, NULL);
  if (colors.has_background)
    g_object_set (tag, "background-rgba", &colors.background, NULL);
}

static GtkTextTag *
create_tag (DagschedGtkOutputStyles *self, const DagschedGtkAnsiStyle *style)
{
  GtkTextTag *tag = gtk_text_buffer_create_tag (self->buffer, NULL, NULL, NULL);

  if (style->attributes & DAGSCHED_GTK_ANSI_BOLD)
    g_object_set (tag, "weight", PANGO_WEIGHT_BOLD, NULL);
  if (style->attributes & DAGSCHED_GTK_ANSI_ITALIC)
    g_object_set (tag, "style", PANGO_STYLE_ITALIC, NULL);
  if (style->attributes & DAGSCHED_GTK_ANSI_UNDERLINE)
    g_object_set (tag, "underline", PANGO_UNDERLINE_SINGLE, NULL);
  if (style->attributes & DAGSCHED_GTK_ANSI_STRIKE)
    g_object_set (tag, "strikethrough", TRUE, NULL);
  color_tag (self, style, tag);

  return tag;
}

GtkTextTag *
dagsched_gtk_output_styles_get (DagschedGtkOutputStyles *self, const DagschedGtkAnsiStyle *style)
{
  GtkTextTag *tag;

  if (style->foreground == 0 && style->background == 0 && style->attributes == 0)
    return NULL;

  tag = g_hash_table_lookup (self->tags, style);
  if (tag == NULL && g_hash_table_size (self->tags) < MAX_TAGS)
    {
      tag = create_tag (self, style);
      g_hash_table_insert (self->tags, g_memdup2 (style, sizeof *style), tag);
    }

  return tag;
}

static void
color_all (DagschedGtkOutputStyles *self)
{
  GdkRGBA light = { 0.75f, 0.11f, 0.16f, 0.09f }, dark = { 1, 0.42f, 0.45f, 0.12f };
  GHashTableIter iter;
  gpointer style, tag;

  g_object_set (self->error, "paragraph-background-rgba", self->is_dark ? &dark : &light, NULL);
  g_hash_table_iter_init (&iter, self->tags);
  while (g_hash_table_iter_next (&iter, &style, &tag))
    color_tag (self, style, tag);
}

DagschedGtkOutputStyles *
dagsched_gtk_output_styles_new (GtkTextBuffer *buffer)
{
  DagschedGtkOutputStyles *self = g_new0 (DagschedGtkOutputStyles, 1);

  self->buffer = buffer;
  self->tags = g_hash_table_new_full (hash_style, is_same_style, g_free, NULL);
  self->error = gtk_text_buffer_create_tag (buffer, NULL, NULL, NULL);
  self->heading =
    gtk_text_buffer_create_tag (buffer, NULL, "family", "Cantarell, sans-serif", "weight", PANGO_WEIGHT_BOLD,
                                "scale", 0.9, "pixels-above-lines", 6, "pixels-below-lines", 6, NULL);
  color_all (self);

  return self;
}

void
dagsched_gtk_output_styles_free (DagschedGtkOutputStyles *self)
{
  g_hash_table_unref (self->tags);
  g_free (self);
}

GtkTextTag *
dagsched_gtk_output_styles_get_error (DagschedGtkOutputStyles *self)
{
  return self->error;
}

GtkTextTag *
dagsched_gtk_output_styles_get_heading (DagschedGtkOutputStyles *self)
{
  return self->heading;
}

void
dagsched_gtk_output_styles_set_dark (DagschedGtkOutputStyles *self, gboolean is_dark)
{
  if (self->is_dark == is_dark)
    return;

  self->is_dark = is_dark;
  color_all (self);
}
