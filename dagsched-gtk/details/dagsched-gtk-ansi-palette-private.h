/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gdk/gdk.h>

#include "details/dagsched-gtk-ansi-private.h"

G_BEGIN_DECLS

/* The contrast (WCAG 2) that text has to what it stands on, whatever colours a program chose. */
#define DAGSCHED_GTK_ANSI_CONTRAST 4.5

typedef struct
{
  gboolean has_foreground;
  gboolean has_background;
  GdkRGBA foreground;
  GdkRGBA background;
} DagschedGtkAnsiColors;

/* In what colours text of @style is drawn on a light or dark view; where it has none, in the view's. */
DagschedGtkAnsiColors dagsched_gtk_ansi_palette_get (const DagschedGtkAnsiStyle *style, gboolean is_dark);
double dagsched_gtk_ansi_palette_get_contrast (const GdkRGBA *a, const GdkRGBA *b);

G_END_DECLS
