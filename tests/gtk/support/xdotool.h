/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gtk/gtk.h>

/* Real keys and a real pointer, through the X server. */

/* So that keys go to it. */
void xdotool_focus (GtkWindow *window);
/* Runs xdotool with these arguments, separated by spaces, while the main context goes on. */
void xdotool (const char *format, ...) G_GNUC_PRINTF (1, 2);
