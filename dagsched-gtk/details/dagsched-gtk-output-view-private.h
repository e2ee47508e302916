/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gtk/gtk.h>

#include "details/dagsched-gtk-output-buffer-private.h"

G_BEGIN_DECLS

/* What a test wrote, to be read: follows what is being written, finds, copies, saves. */

#define DAGSCHED_GTK_TYPE_OUTPUT_VIEW (dagsched_gtk_output_view_get_type ())
G_DECLARE_FINAL_TYPE (DagschedGtkOutputView, dagsched_gtk_output_view, DAGSCHED_GTK, OUTPUT_VIEW, GtkWidget)

/* @name: what a file is called that it is saved to; @is_at_end: whether to begin with the end. */
void dagsched_gtk_output_view_set (DagschedGtkOutputView *self,
                                   const char *name,
                                   GBytes *output,
                                   GBytes *error,
                                   gboolean is_at_end);
void dagsched_gtk_output_view_clear (DagschedGtkOutputView *self, const char *name);
void dagsched_gtk_output_view_append (DagschedGtkOutputView *self, GBytes *bytes, gboolean is_error);
/* What to say while there is nothing to read. */
void dagsched_gtk_output_view_set_placeholder (DagschedGtkOutputView *self, const char *text);
DagschedGtkOutputBuffer *dagsched_gtk_output_view_get_buffer (DagschedGtkOutputView *self);

G_END_DECLS
