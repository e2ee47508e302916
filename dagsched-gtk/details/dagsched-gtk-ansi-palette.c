/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "details/dagsched-gtk-ansi-palette-private.h"

#include <math.h>

/* What the view is drawn in (libadwaita's view-bg-color and view-fg-color). */
#define LIGHT_BACKGROUND 0xffffff
#define LIGHT_FOREGROUND 0x333333
#define DARK_BACKGROUND 0x1e1e1e
#define DARK_FOREGROUND 0xffffff

/* GNOME's palette; contrast to the background is held below. */
static const guint32 palette[16] = {
  0x241f31, 0xc01c28, 0x2ec27e, 0xf5c211, 0x1e78e4, 0x9841bb, 0x0ab9dc, 0xc0bfbc,
  0x5e5c64, 0xed333b, 0x57e389, 0xf8e45c, 0x51a1ff, 0xc061cb, 0x4fd2fd, 0xf6f5f4,
};

static GdkRGBA
from_rgb (guint32 rgb)
{
  return (GdkRGBA){ (rgb >> 16 & 0xff) / 255.0f, (rgb >> 8 & 0xff) / 255.0f, (rgb & 0xff) / 255.0f, 1 };
}

/* 16 of the palette, a cube of 6 × 6 × 6, 24 greys. */
static guint32
get_rgb (guint32 color)
{
  static const guint32 levels[6] = { 0x00, 0x5f, 0x87, 0xaf, 0xd7, 0xff };
  guint32 index = color - 1;

  if (color & DAGSCHED_GTK_ANSI_RGB)
    return color & 0xffffff;
  if (index < 16)
    return palette[index];
  if (index >= 232)
    return (8 + (index - 232) * 10) * 0x010101;

  index -= 16;
  return levels[index / 36] << 16 | levels[index / 6 % 6] << 8 | levels[index % 6];
}

static double
get_luminance (const GdkRGBA *color)
{
  const float channels[3] = { color->red, color->green, color->blue };
  static const double weights[3] = { 0.2126, 0.7152, 0.0722 };
  double luminance = 0;

  for (guint i = 0; i < 3; i++)
    {
      double c = channels[i];

      luminance += weights[i] * (c <= 0.04045 ? c / 12.92 : pow ((c + 0.055) / 1.055, 2.4));
    }

  return luminance;
}

double
dagsched_gtk_ansi_palette_get_contrast (const GdkRGBA *a, const GdkRGBA *b)
{
  double x = get_luminance (a), y = get_luminance (b);

  return (MAX (x, y) + 0.05) / (MIN (x, y) + 0.05);
}

static GdkRGBA
mix (const GdkRGBA *a, const GdkRGBA *b, float share)
{
  return (GdkRGBA){ a->red + (b->red - a->red) * share, a->green + (b->green - a->green) * share,
                    a->blue + (b->blue - a->blue) * share, 1 };
}

/* As little as is needed towards black or white, whichever stands out more. */
static GdkRGBA
hold_contrast (GdkRGBA foreground, const GdkRGBA *background)
{
  static const GdkRGBA black = { 0, 0, 0, 1 }, white = { 1, 1, 1, 1 };
  gboolean is_on_light = dagsched_gtk_ansi_palette_get_contrast (&black, background) >
                         dagsched_gtk_ansi_palette_get_contrast (&white, background);
  GdkRGBA result = foreground;

  for (int i = 1; i <= 20; i++)
    {
      if (dagsched_gtk_ansi_palette_get_contrast (&result, background) >= DAGSCHED_GTK_ANSI_CONTRAST)
        break;
      result = mix (&foreground, is_on_light ? &black : &white, i / 20.0f);
    }

  return result;
}

DagschedGtkAnsiColors
dagsched_gtk_ansi_palette_get (const DagschedGtkAnsiStyle *style, gboolean is_dark)
{
  GdkRGBA background = from_rgb (is_dark ? DARK_BACKGROUND : LIGHT_BACKGROUND);
  GdkRGBA foreground = from_rgb (is_dark ? DARK_FOREGROUND : LIGHT_FOREGROUND);
  DagschedGtkAnsiColors colors = { 0 };

  if (style->foreground != 0)
    foreground = from_rgb (get_rgb (style->foreground));
  if (style->background != 0)
    background = from_rgb (get_rgb (style->background));
  colors.foreground = foreground;
  colors.background = background;
  colors.has_foreground = style->foreground != 0 || style->background != 0;
  colors.has_background = style->background != 0;
  if (style->attributes & DAGSCHED_GTK_ANSI_INVERSE)
    {
      colors.foreground = background;
      colors.background = foreground;
      colors.has_foreground = colors.has_background = TRUE;
    }
  if (style->attributes & DAGSCHED_GTK_ANSI_FAINT)
    {
      colors.foreground = mix (&colors.foreground, &colors.background, 0.4f);
      colors.has_foreground = TRUE;
    }
  colors.foreground = hold_contrast (colors.foreground, &colors.background);

  return colors;
}
