/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/dagsched-gtk-look-private.h"

G_BEGIN_DECLS

/* Colours and icons of a drawing of a graph. */
typedef struct
{
  gboolean dark, high_contrast;
  GdkRGBA background, card, text, dim_text, edge, border, accent;
  GdkRGBA looks[DAGSCHED_GTK_N_LOOKS];
  cairo_surface_t *icons[DAGSCHED_GTK_N_LOOKS];  /* masks */
  cairo_surface_t *tinted[DAGSCHED_GTK_N_LOOKS]; /* the same in a colour, the one used last */
  GdkRGBA tints[DAGSCHED_GTK_N_LOOKS];
} DagschedGtkGraphStyle;

/* As the theme of @widget has it. Returns whether anything is another than before. */
gboolean dagsched_gtk_graph_style_update (DagschedGtkGraphStyle *self, GtkWidget *widget);
/* For paper: light. */
void dagsched_gtk_graph_style_init_light (DagschedGtkGraphStyle *self);
void dagsched_gtk_graph_style_clear (DagschedGtkGraphStyle *self);

/* @share of @other in @color. */
GdkRGBA dagsched_gtk_mix (const GdkRGBA *color, const GdkRGBA *other, float share);
guint32 dagsched_gtk_pack (const GdkRGBA *color); /* 0xRRGGBB */

/* How much of a test there is room for. */
typedef enum
{
  DAGSCHED_GTK_CARD_BAR,   /* its colour and a hint of its shape */
  DAGSCHED_GTK_CARD_BADGE, /* colour and icon */
  DAGSCHED_GTK_CARD_FULL,  /* icon, and room for text */
} DagschedGtkCardDetail;

/* The room for text begins here, from the left of a full card. */
#define DAGSCHED_GTK_CARD_TEXT_LEFT 48.0f

/* Draws the card of a test, without its text, as large as DAGSCHED_GTK_NODE_WIDTH and _HEIGHT. @fade: the share
 * of background in its colours. */
void dagsched_gtk_graph_style_draw_card (DagschedGtkGraphStyle *self,
                                         cairo_t *cr,
                                         DagschedGtkLook look,
                                         float fade,
                                         DagschedGtkCardDetail detail);
void dagsched_gtk_graph_style_draw_icon (DagschedGtkGraphStyle *self,
                                         cairo_t *cr,
                                         DagschedGtkLook look,
                                         double x,
                                         double y,
                                         double size,
                                         const GdkRGBA *color);
/* The outline of a card, @away from it. */
void dagsched_gtk_graph_style_trace_card (cairo_t *cr, double away);

G_END_DECLS
