/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gtk/gtk.h>

#include "base/dagsched-gtk-run-table-private.h"

G_BEGIN_DECLS

/* A button for each look that tests of a run have, with how many have it: those that are pressed say which
 * tests are to be shown. Property "looks": their bits; 0: all. */

#define DAGSCHED_GTK_TYPE_LOOK_CHIPS (dagsched_gtk_look_chips_get_type ())
G_DECLARE_FINAL_TYPE (DagschedGtkLookChips, dagsched_gtk_look_chips, DAGSCHED_GTK, LOOK_CHIPS, GtkWidget)

/* Shows how many there are now. */
void dagsched_gtk_look_chips_update (DagschedGtkLookChips *self, DagschedGtkRunTable *table); /* (nullable) */
guint dagsched_gtk_look_chips_get_looks (DagschedGtkLookChips *self);
/* Icons and numbers only: the words are in tooltips. */
void dagsched_gtk_look_chips_set_compact (DagschedGtkLookChips *self, gboolean is_compact);
void dagsched_gtk_look_chips_clear (DagschedGtkLookChips *self);

G_END_DECLS
