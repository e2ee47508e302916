/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Scrolls the longest list below @widget, a bit with each frame, down and up again, as somebody who looks for something. */
typedef struct _Scroller Scroller;

/* NULL: nothing there can be scrolled. */
Scroller *scroller_start (GtkWidget *widget);
void scroller_stop (Scroller *self);

G_END_DECLS
