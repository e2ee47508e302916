/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <adwaita.h>
#include <dagsched.h>

/* What the tests of widgets have in common. */

/* g_test_init() and dagsched_gtk_init(), with one font, no animations, no blinking cursor. */
void gtk_case_init (int *argc, char ***argv);
void gtk_case_set_dark (gboolean dark);

/* A window of that size with @child in it, drawn once. Destroy it. */
GtkWindow *gtk_case_present (GtkWidget *child, int width, int height);
/* Until all that is to be laid out and drawn is. */
void gtk_case_settle (GtkWidget *widget);

#define GTK_CASE_UNTIL(condition)                                                                            \
  while (!(condition))                                                                                       \
  g_main_context_iteration (NULL, TRUE)

/* Draws the widget, and compares it with tests/gtk/pictures/NAME.png. If it differs, the test fails, and
 * NAME.actual.png and NAME.difference.png are in the build's folder pictures/. pictures.py shows and
 * accepts them. */
void gtk_case_check_picture (GtkWidget *widget, const char *name);
/* The widget as it would be drawn. */
GdkTexture *gtk_case_draw (GtkWidget *widget);

/* The first descendant (or @widget itself) of a type, with a name if @name is not NULL. */
gpointer gtk_case_find (GtkWidget *widget, GType type, const char *name);
/* The controller of that type that @widget has: of what no display for tests has a device for. */
gpointer gtk_case_find_controller (GtkWidget *widget, GType type);
/* Whoever listens is told that it begins. The gesture itself is not: it would look for the fingers. */
void gtk_case_begin_gesture (GtkGesture *gesture);
