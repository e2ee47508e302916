/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <dagsched.h>
#include <gtk/gtk.h>

G_BEGIN_DECLS

/* What a test looks like: its state while it has no outcome, then its outcome. Each look has a colour
 * and a shape of its own, as not everybody can tell the colours apart. */
typedef enum
{
  DAGSCHED_GTK_LOOK_PENDING,
  DAGSCHED_GTK_LOOK_READY,
  DAGSCHED_GTK_LOOK_RUNNING,
  DAGSCHED_GTK_LOOK_PASSED,
  DAGSCHED_GTK_LOOK_FAILED,
  DAGSCHED_GTK_LOOK_TIMED_OUT,
  DAGSCHED_GTK_LOOK_ERRORED,
  DAGSCHED_GTK_LOOK_SKIPPED,
  DAGSCHED_GTK_LOOK_BLOCKED,
  DAGSCHED_GTK_LOOK_CANCELLED,
  DAGSCHED_GTK_LOOK_EXPECTED_FAILURE,
  DAGSCHED_GTK_LOOK_UNEXPECTED_PASS,
} DagschedGtkLook;

#define DAGSCHED_GTK_N_LOOKS (DAGSCHED_GTK_LOOK_UNEXPECTED_PASS + 1)

static inline DagschedGtkLook
dagsched_gtk_look_of (DagschedState state, DagschedOutcome outcome)
{
  return state == DAGSCHED_STATE_FINISHED && outcome != DAGSCHED_OUTCOME_NONE
           ? (DagschedGtkLook) (DAGSCHED_GTK_LOOK_PASSED + outcome - DAGSCHED_OUTCOME_PASSED)
           : (DagschedGtkLook) MIN (state, DAGSCHED_STATE_RUNNING);
}

gboolean dagsched_gtk_look_is_success (DagschedGtkLook look);
gboolean dagsched_gtk_look_is_failure (DagschedGtkLook look);
/* The word for people, translated; and the word of filters and of the command, which is not. */
const char *dagsched_gtk_look_get_title (DagschedGtkLook look);
const char *dagsched_gtk_look_get_word (DagschedGtkLook look);
gboolean dagsched_gtk_look_from_word (const char *word, DagschedGtkLook *look);
/* A symbolic icon. */
const char *dagsched_gtk_look_get_icon_name (DagschedGtkLook look);
/* As the background of a shape that stands on a view's background, on which 3:1 of contrast are held. */
const GdkRGBA *dagsched_gtk_look_get_color (DagschedGtkLook look, gboolean dark);

G_END_DECLS
