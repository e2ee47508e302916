/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "graph/dagsched-gtk-graph-style-private.h"

#include "graph/dagsched-gtk-layout-private.h"

#include <adwaita.h>
#include <math.h>
#include <string.h>

#define ICON_SIZE 16
#define ICON_SCALE 4 /* masks are larger than they are shown, and stay sharp on paper */
#define RADIUS 9.0

GdkRGBA
dagsched_gtk_mix (const GdkRGBA *color, const GdkRGBA *other, float share)
{
  return (GdkRGBA){ .red = color->red + (other->red - color->red) * share,
                    .green = color->green + (other->green - color->green) * share,
                    .blue = color->blue + (other->blue - color->blue) * share,
                    .alpha = 1 };
}

guint32
dagsched_gtk_pack (const GdkRGBA *color)
{
  return (guint32) lroundf (color->red * 255) << 16 | (guint32) lroundf (color->green * 255) << 8 |
         (guint32) lroundf (color->blue * 255);
}

static void
derive (DagschedGtkGraphStyle *self)
{
  self->dim_text = dagsched_gtk_mix (&self->text, &self->card, self->high_contrast ? 0.15f : 0.3f);
  self->edge = dagsched_gtk_mix (&self->background, &self->text, self->high_contrast ? 0.8f : 0.38f);
  self->border = dagsched_gtk_mix (&self->background, &self->text, self->high_contrast ? 0.8f : 0.16f);
  for (DagschedGtkLook look = 0; look < DAGSCHED_GTK_N_LOOKS; look++)
    self->looks[look] = *dagsched_gtk_look_get_color (look, self->dark);
}

static GdkRGBA
look_up (GtkWidget *widget, const char *name, guint32 otherwise)
{
  GdkRGBA color;

  if (gtk_style_context_lookup_color (gtk_widget_get_style_context (widget), name, &color))
    return color;

  return (GdkRGBA){ .red = (otherwise >> 16) / 255.0f,
                    .green = (otherwise >> 8 & 0xff) / 255.0f,
                    .blue = (otherwise & 0xff) / 255.0f,
                    .alpha = 1 };
}

gboolean
dagsched_gtk_graph_style_update (DagschedGtkGraphStyle *self, GtkWidget *widget)
{
  AdwStyleManager *manager = adw_style_manager_get_for_display (gtk_widget_get_display (widget));
  DagschedGtkGraphStyle new_style = { .dark = adw_style_manager_get_dark (manager),
                                      .high_contrast = adw_style_manager_get_high_contrast (manager) };
  gboolean is_same;

  new_style.background = look_up (widget, "view_bg_color", new_style.dark ? 0x1e1e1e : 0xffffff);
  new_style.text = look_up (widget, "view_fg_color", new_style.dark ? 0xffffff : 0x2e3436);
  new_style.text = dagsched_gtk_mix (&new_style.background, &new_style.text, new_style.text.alpha);
  new_style.accent = look_up (widget, "accent_color", new_style.dark ? 0x78aeed : 0x1c71d8);
  new_style.card = dagsched_gtk_mix (&new_style.background, &new_style.text, new_style.dark ? 0.06f : 0);
  derive (&new_style);

  memcpy (new_style.icons, self->icons, sizeof new_style.icons);
  memcpy (new_style.tinted, self->tinted, sizeof new_style.tinted);
  memcpy (new_style.tints, self->tints, sizeof new_style.tints);
  is_same = memcmp (&new_style, self, sizeof new_style) == 0;
  *self = new_style;

  return !is_same;
}

void
dagsched_gtk_graph_style_init_light (DagschedGtkGraphStyle *self)
{
  *self = (DagschedGtkGraphStyle){ .background = { 1, 1, 1, 1 },
                                   .card = { 1, 1, 1, 1 },
                                   .text = { 0.18f, 0.2f, 0.21f, 1 },
                                   .accent = { 0.11f, 0.44f, 0.85f, 1 } };
  derive (self);
}

void
dagsched_gtk_graph_style_clear (DagschedGtkGraphStyle *self)
{
  for (DagschedGtkLook look = 0; look < DAGSCHED_GTK_N_LOOKS; look++)
    {
      g_clear_pointer (&self->icons[look], cairo_surface_destroy);
      g_clear_pointer (&self->tinted[look], cairo_surface_destroy);
    }
}

static cairo_surface_t *
create_mask (DagschedGtkLook look)
{
  GtkIconTheme *theme = gtk_icon_theme_get_for_display (gdk_display_get_default ());
  g_autoptr (GtkIconPaintable) icon =
    gtk_icon_theme_lookup_icon (theme, dagsched_gtk_look_get_icon_name (look), NULL, ICON_SIZE, ICON_SCALE,
                                GTK_TEXT_DIR_LTR, GTK_ICON_LOOKUP_FORCE_SYMBOLIC);
  cairo_surface_t *mask =
    cairo_image_surface_create (CAIRO_FORMAT_ARGB32, ICON_SIZE * ICON_SCALE, ICON_SIZE * ICON_SCALE);
  cairo_t *cr = cairo_create (mask);
  GtkSnapshot *snapshot = gtk_snapshot_new ();
  GskRenderNode *node;

  gdk_paintable_snapshot (GDK_PAINTABLE (icon), snapshot, ICON_SIZE * ICON_SCALE, ICON_SIZE * ICON_SCALE);
  node = gtk_snapshot_free_to_node (snapshot);
  if (node != NULL)
    {
      gsk_render_node_draw (node, cr);
      gsk_render_node_unref (node);
    }
  cairo_destroy (cr);

  return mask;
}

/* Pictures, not masks, are drawn: files of vectors then hold each once, and no reader misplaces it. */
static void
tint (DagschedGtkGraphStyle *self, DagschedGtkLook look, const GdkRGBA *color)
{
  cairo_t *cr;

  if (self->tinted[look] != NULL && gdk_rgba_equal (&self->tints[look], color))
    return;

  if (self->icons[look] == NULL)
    self->icons[look] = create_mask (look);
  g_clear_pointer (&self->tinted[look], cairo_surface_destroy);
  self->tints[look] = *color;
  self->tinted[look] =
    cairo_image_surface_create (CAIRO_FORMAT_ARGB32, ICON_SIZE * ICON_SCALE, ICON_SIZE * ICON_SCALE);
  cr = cairo_create (self->tinted[look]);
  gdk_cairo_set_source_rgba (cr, color);
  cairo_mask_surface (cr, self->icons[look], 0, 0);
  cairo_destroy (cr);
}

void
dagsched_gtk_graph_style_draw_icon (DagschedGtkGraphStyle *self,
                                    cairo_t *cr,
                                    DagschedGtkLook look,
                                    double x,
                                    double y,
                                    double size,
                                    const GdkRGBA *color)
{
  tint (self, look, color);
  cairo_save (cr);
  cairo_translate (cr, x, y);
  cairo_scale (cr, size / (ICON_SIZE * ICON_SCALE), size / (ICON_SIZE * ICON_SCALE));
  cairo_set_source_surface (cr, self->tinted[look], 0, 0);
  cairo_paint (cr);
  cairo_restore (cr);
}

void
dagsched_gtk_graph_style_trace_card (cairo_t *cr, double away)
{
  double right = DAGSCHED_GTK_NODE_WIDTH + away, bottom = DAGSCHED_GTK_NODE_HEIGHT + away,
         radius = RADIUS + away;

  cairo_new_sub_path (cr);
  cairo_arc (cr, right - radius, radius - away, radius, -G_PI_2, 0);
  cairo_arc (cr, right - radius, bottom - radius, radius, 0, G_PI_2);
  cairo_arc (cr, radius - away, bottom - radius, radius, G_PI_2, G_PI);
  cairo_arc (cr, radius - away, radius - away, radius, G_PI, 3 * G_PI_2);
  cairo_close_path (cr);
}

static gboolean
is_hollow (DagschedGtkLook look)
{
  return look == DAGSCHED_GTK_LOOK_PENDING || look == DAGSCHED_GTK_LOOK_READY;
}

static gboolean
is_low (DagschedGtkLook look)
{
  return look == DAGSCHED_GTK_LOOK_SKIPPED || look == DAGSCHED_GTK_LOOK_BLOCKED ||
         look == DAGSCHED_GTK_LOOK_CANCELLED;
}

/* A few pixels high: what has not begun is hollow, what never will is low, what runs has a hole, what failed a
 * slash. */
static void
draw_bar (DagschedGtkGraphStyle *self, cairo_t *cr, DagschedGtkLook look, const GdkRGBA *color)
{
  const double width = DAGSCHED_GTK_NODE_WIDTH, height = DAGSCHED_GTK_NODE_HEIGHT;
  GdkRGBA pale = dagsched_gtk_mix (&self->background, color, 0.25f);

  /* What it was before must not show beside it. */
  gdk_cairo_set_source_rgba (cr, &self->background);
  cairo_rectangle (cr, 0, 0, width, height);
  cairo_fill (cr);
  gdk_cairo_set_source_rgba (cr, color);
  cairo_rectangle (cr, 0, is_low (look) ? height / 2 : 0, width, is_low (look) ? height / 2 : height);
  cairo_fill (cr);
  if (is_hollow (look))
    {
      gdk_cairo_set_source_rgba (cr, &pale);
      cairo_rectangle (cr, 8, 8, width - 16, height - 16);
      cairo_fill (cr);
    }
  gdk_cairo_set_source_rgba (cr, &self->background);
  if (look == DAGSCHED_GTK_LOOK_RUNNING)
    {
      cairo_rectangle (cr, width / 2 - 12, 0, 24, height);
      cairo_fill (cr);
    }
  if (dagsched_gtk_look_is_failure (look))
    {
      cairo_move_to (cr, width / 2 - 30, height);
      cairo_line_to (cr, width / 2 + 10, 0);
      cairo_line_to (cr, width / 2 + 30, 0);
      cairo_line_to (cr, width / 2 - 10, height);
      cairo_close_path (cr);
      cairo_fill (cr);
    }
}

static void
draw_badge (DagschedGtkGraphStyle *self, cairo_t *cr, DagschedGtkLook look, const GdkRGBA *color)
{
  const double size = 36;
  GdkRGBA pale = dagsched_gtk_mix (&self->card, color, 0.2f);

  dagsched_gtk_graph_style_trace_card (cr, is_hollow (look) ? -2 : 0);
  gdk_cairo_set_source_rgba (cr, is_hollow (look) ? &pale : color);
  cairo_fill_preserve (cr);
  gdk_cairo_set_source_rgba (cr, color);
  cairo_set_line_width (cr, 4);
  if (is_hollow (look))
    cairo_stroke (cr);
  cairo_new_path (cr);
  dagsched_gtk_graph_style_draw_icon (self, cr, look, (DAGSCHED_GTK_NODE_WIDTH - size) / 2,
                                      (DAGSCHED_GTK_NODE_HEIGHT - size) / 2, size,
                                      is_hollow (look) ? color : &self->background);
}

static void
draw_full (DagschedGtkGraphStyle *self, cairo_t *cr, DagschedGtkLook look, const GdkRGBA *color, float fade)
{
  GdkRGBA tint = dagsched_gtk_mix (&self->card, color, is_hollow (look) ? 0.04f : 0.12f);
  GdkRGBA border = dagsched_gtk_mix (&self->border, color, self->high_contrast ? 1 : 0.45f);
  GdkRGBA on_color = self->dark ? self->background : (GdkRGBA){ 1, 1, 1, 1 };

  tint = dagsched_gtk_mix (&tint, &self->background, fade);
  border = dagsched_gtk_mix (&border, &self->background, fade);
  dagsched_gtk_graph_style_trace_card (cr, 0);
  gdk_cairo_set_source_rgba (cr, &tint);
  cairo_fill (cr);

  cairo_save (cr);
  dagsched_gtk_graph_style_trace_card (cr, 0);
  cairo_clip (cr);
  gdk_cairo_set_source_rgba (cr, color);
  cairo_rectangle (cr, 0, 0, 36, DAGSCHED_GTK_NODE_HEIGHT);
  cairo_fill (cr);
  cairo_restore (cr);
  dagsched_gtk_graph_style_draw_icon (self, cr, look, 10, (DAGSCHED_GTK_NODE_HEIGHT - 16) / 2, 16, &on_color);

  dagsched_gtk_graph_style_trace_card (cr, -0.5);
  gdk_cairo_set_source_rgba (cr, &border);
  cairo_set_line_width (cr, 1);
  cairo_stroke (cr);
}

void
dagsched_gtk_graph_style_draw_card (DagschedGtkGraphStyle *self,
                                    cairo_t *cr,
                                    DagschedGtkLook look,
                                    float fade,
                                    DagschedGtkCardDetail detail)
{
  GdkRGBA color = dagsched_gtk_mix (&self->looks[look], &self->background, fade);

  if (detail == DAGSCHED_GTK_CARD_BAR)
    draw_bar (self, cr, look, &color);
  else if (detail == DAGSCHED_GTK_CARD_BADGE)
    draw_badge (self, cr, look, &color);
  else
    draw_full (self, cr, look, &color, fade);
}
