/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "gtk-case.h"

#include <glib/gstdio.h>
#include <stdlib.h>

/* Fonts are drawn a little differently by other versions of the libraries that draw them. */
#define TOLERANCE 24          /* of 255, in a channel */
#define TOLERATED_SHARE 0.001 /* of the pixels may differ by more */

typedef struct
{
  int width, height;
  guint32 *pixels; /* premultiplied ARGB */
} Picture;

static Picture
download (GdkTexture *texture)
{
  Picture picture = { .width = gdk_texture_get_width (texture), .height = gdk_texture_get_height (texture) };

  picture.pixels = g_new (guint32, (gsize) picture.width * picture.height);
  gdk_texture_download (texture, (guchar *) picture.pixels, (gsize) picture.width * 4);

  return picture;
}

GdkTexture *
gtk_case_draw (GtkWidget *widget)
{
  g_autoptr (GdkPaintable) paintable = gtk_widget_paintable_new (widget);
  GtkSnapshot *snapshot = gtk_snapshot_new ();
  int width = gtk_widget_get_width (widget), height = gtk_widget_get_height (widget);
  GskRenderNode *node;
  GdkTexture *texture;

  gdk_paintable_snapshot (paintable, snapshot, width, height);
  node = gtk_snapshot_free_to_node (snapshot);
  g_assert_nonnull (node);
  texture = gsk_renderer_render_texture (gtk_native_get_renderer (gtk_widget_get_native (widget)), node,
                                         &GRAPHENE_RECT_INIT (0, 0, width, height));
  gsk_render_node_unref (node);

  return texture;
}

static gboolean
pixels_differ (guint32 a, guint32 b)
{
  for (int shift = 0; shift < 32; shift += 8)
    {
      if (abs ((int) (a >> shift & 0xff) - (int) (b >> shift & 0xff)) > TOLERANCE)
        return TRUE;
    }

  return FALSE;
}

/* What differs in red, the rest faint. Returns how many pixels do. */
static guint
mark_differences (Picture *expected, const Picture *actual)
{
  guint n = 0;

  for (int i = 0; i < expected->width * expected->height; i++)
    {
      gboolean differs = pixels_differ (expected->pixels[i], actual->pixels[i]);
      guint32 faint = 0xff000000 | (0xc0c0c0 + (actual->pixels[i] >> 2 & 0x3f3f3f));

      n += differs;
      expected->pixels[i] = differs ? 0xffe01b24 : faint;
    }

  return n;
}

static void
save_difference (const Picture *picture, const char *path)
{
  gsize stride = (gsize) picture->width * 4;
  g_autoptr (GBytes) bytes = g_bytes_new (picture->pixels, stride * picture->height);
  g_autoptr (GdkTexture) texture =
    gdk_memory_texture_new (picture->width, picture->height, GDK_MEMORY_DEFAULT, bytes, stride);

  gdk_texture_save_to_png (texture, path);
}

static char *
dup_output_path (const char *name, const char *kind)
{
  g_autofree char *folder = g_test_build_filename (G_TEST_BUILT, "gtk", "pictures", NULL);
  g_autofree char *file = g_strconcat (name, ".", kind, ".png", NULL);

  g_mkdir_with_parents (folder, 0777);

  return g_build_filename (folder, file, NULL);
}

/* NULL: the same. */
static char *
compare (GdkTexture *expected_texture, GdkTexture *actual_texture, const char *difference_path)
{
  Picture expected = download (expected_texture), actual = download (actual_texture);
  char *problem = NULL;
  guint n;

  if (expected.width != actual.width || expected.height != actual.height)
    problem = g_strdup_printf ("it is %d × %d pixels, and should be %d × %d", actual.width, actual.height,
                               expected.width, expected.height);
  else if ((n = mark_differences (&expected, &actual)) > TOLERATED_SHARE * actual.width * actual.height)
    {
      save_difference (&expected, difference_path);
      problem = g_strdup_printf ("%u pixels differ: see %s", n, difference_path);
    }

  g_free (expected.pixels);
  g_free (actual.pixels);

  return problem;
}

void
gtk_case_check_picture (GtkWidget *widget, const char *name)
{
  g_autofree char *file = g_strconcat (name, ".png", NULL);
  g_autofree char *expected_path = g_test_build_filename (G_TEST_DIST, "gtk", "pictures", file, NULL);
  g_autofree char *actual_path = dup_output_path (name, "actual");
  g_autofree char *difference_path = dup_output_path (name, "difference");
  g_autofree char *problem = NULL;
  g_autoptr (GdkTexture) expected = gdk_texture_new_from_filename (expected_path, NULL);
  g_autoptr (GdkTexture) actual = NULL;

  gtk_case_settle (widget);
  actual = gtk_case_draw (widget);
  g_unlink (actual_path);
  g_unlink (difference_path);
  problem = expected != NULL ? compare (expected, actual, difference_path)
                             : g_strdup_printf ("there is no %s to compare it with", expected_path);
  if (problem == NULL)
    return;

  gdk_texture_save_to_png (actual, actual_path);
  g_test_message ("picture %s: %s. What was drawn: %s. If it is right: tests/gtk/pictures.py accept", name,
                  problem, actual_path);
  g_test_fail ();
}
