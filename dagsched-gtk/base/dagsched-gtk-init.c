/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/dagsched-gtk-init.h"

#include <adwaita.h>
#include <glib/gi18n-lib.h>

#include "base/dagsched-gtk-look-style-private.h"

static const char *const folders[] = { "base", "list", "details" };

static void
add_style (GdkDisplay *display, const char *folder)
{
  g_autoptr (GtkCssProvider) provider = gtk_css_provider_new ();
  g_autofree char *path = g_strdup_printf ("/org/dagsched/gtk/%s/style.css", folder);

  gtk_css_provider_load_from_resource (provider, path);
  gtk_style_context_add_provider_for_display (display, GTK_STYLE_PROVIDER (provider),
                                              GTK_STYLE_PROVIDER_PRIORITY_APPLICATION - 1);
}

/**
 * dagsched_gtk_init:
 *
 * Initialises the widgets, GTK and libadwaita with them: translations, icons, styles. To be called
 * before any other function of this library, in the thread of GTK; further calls do nothing.
 *
 * Since: 1.0
 */
void
dagsched_gtk_init (void)
{
  static gboolean initialized;

  if (initialized)
    return;

  initialized = TRUE;
  adw_init ();
  bindtextdomain (GETTEXT_PACKAGE, DAGSCHED_LOCALE_DIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  gtk_icon_theme_add_resource_path (gtk_icon_theme_get_for_display (gdk_display_get_default ()),
                                    "/org/dagsched/gtk/base/icons");
  gtk_icon_theme_add_resource_path (gtk_icon_theme_get_for_display (gdk_display_get_default ()),
                                    "/org/dagsched/gtk/details/icons");
  for (guint i = 0; i < G_N_ELEMENTS (folders); i++)
    add_style (gdk_display_get_default (), folders[i]);
  dagsched_gtk_look_style_add (gdk_display_get_default ());
}
