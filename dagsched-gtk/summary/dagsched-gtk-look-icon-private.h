/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/dagsched-gtk-look-private.h"

G_BEGIN_DECLS

/* The icon of a look in its colour. */

#define DAGSCHED_GTK_TYPE_LOOK_ICON (dagsched_gtk_look_icon_get_type ())
G_DECLARE_FINAL_TYPE (DagschedGtkLookIcon, dagsched_gtk_look_icon, DAGSCHED_GTK, LOOK_ICON, GtkWidget)

/* @size: pixels */
GtkWidget *dagsched_gtk_look_icon_new (DagschedGtkLook look, int size);
void dagsched_gtk_look_icon_set_look (DagschedGtkLookIcon *self, DagschedGtkLook look);

G_END_DECLS
