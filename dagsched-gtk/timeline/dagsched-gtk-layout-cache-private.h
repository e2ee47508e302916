/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Texts of a widget that are drawn over and over, as they are laid out. */
typedef struct _DagschedGtkLayoutCache DagschedGtkLayoutCache;

typedef enum
{
  DAGSCHED_GTK_TEXT_NORMAL,
  DAGSCHED_GTK_TEXT_BOLD,
  DAGSCHED_GTK_TEXT_SMALL,
} DagschedGtkTextStyle;

DagschedGtkLayoutCache *dagsched_gtk_layout_cache_new (GtkWidget *widget);
void dagsched_gtk_layout_cache_free (DagschedGtkLayoutCache *self);
/* The widget's font is another. */
void dagsched_gtk_layout_cache_clear (DagschedGtkLayoutCache *self);
/* (transfer none); until the next call. */
PangoLayout *
dagsched_gtk_layout_cache_get (DagschedGtkLayoutCache *self, DagschedGtkTextStyle style, const char *text);
/* Draws a text, its left (or, with @align 1, right) end at @x, its middle at @y. Returns its width. */
int dagsched_gtk_layout_cache_draw (DagschedGtkLayoutCache *self,
                                    GtkSnapshot *snapshot,
                                    DagschedGtkTextStyle style,
                                    const char *text,
                                    const GdkRGBA *color,
                                    float x,
                                    float y,
                                    float align);

G_END_DECLS
