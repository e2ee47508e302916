/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gtk/gtk.h>

#include "details/dagsched-gtk-ansi-private.h"

G_BEGIN_DECLS

/* The tags of a buffer for the styles of what is in it, light or dark. The buffer outlives them. */
typedef struct _DagschedGtkOutputStyles DagschedGtkOutputStyles;

DagschedGtkOutputStyles *dagsched_gtk_output_styles_new (GtkTextBuffer *buffer);
void dagsched_gtk_output_styles_free (DagschedGtkOutputStyles *self);
/* NULL: plain text has none. */
GtkTextTag *dagsched_gtk_output_styles_get (DagschedGtkOutputStyles *self, const DagschedGtkAnsiStyle *style);
GtkTextTag *dagsched_gtk_output_styles_get_error (DagschedGtkOutputStyles *self);
GtkTextTag *dagsched_gtk_output_styles_get_heading (DagschedGtkOutputStyles *self);
void dagsched_gtk_output_styles_set_dark (DagschedGtkOutputStyles *self, gboolean is_dark);

G_END_DECLS
