/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/dagsched-gtk-look-style-private.h"

#include <adwaita.h>

#include "base/dagsched-gtk-look-private.h"

static void
load (AdwStyleManager *manager, GParamSpec *pspec, GtkCssProvider *provider)
{
  g_autoptr (GString) css = g_string_new (NULL);
  gboolean is_dark = adw_style_manager_get_dark (manager);

  for (DagschedGtkLook look = 0; look < DAGSCHED_GTK_N_LOOKS; look++)
    {
      g_autofree char *color = gdk_rgba_to_string (dagsched_gtk_look_get_color (look, is_dark));

      g_string_append_printf (css, ".look-%s { color: %s; }\n", dagsched_gtk_look_get_word (look), color);
    }
  gtk_css_provider_load_from_data (provider, css->str, css->len);
}

void
dagsched_gtk_look_style_add (GdkDisplay *display)
{
  g_autoptr (GtkCssProvider) provider = gtk_css_provider_new ();
  AdwStyleManager *manager = adw_style_manager_get_for_display (display);

  load (manager, NULL, provider);
  g_signal_connect_object (manager, "notify::dark", G_CALLBACK (load), provider, 0);
  gtk_style_context_add_provider_for_display (display, GTK_STYLE_PROVIDER (provider),
                                              GTK_STYLE_PROVIDER_PRIORITY_APPLICATION - 1);
}
