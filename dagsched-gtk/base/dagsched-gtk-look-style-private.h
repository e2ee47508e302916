/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Style classes "look-passed" and so on, in the colours of looks, light or dark as the display is. */
void dagsched_gtk_look_style_add (GdkDisplay *display);

G_END_DECLS
