/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Reads the Test Anything Protocol, versions 12 to 14, a line at a time. Lines that are none of it are
 * passed over. Subtests are judged by the line of their parent that they belong to. */

#define DAGSCHED_TAP_SHOWN 3

typedef struct
{
  guint n_points;
  guint n_failed;
  guint n_skipped;
  char *failed[DAGSCHED_TAP_SHOWN]; /* "3 - name" of the first ones */
  char *skip_reason;                /* of the plan, or of the first point that was skipped */
  gboolean has_plan;
  guint64 n_planned;
  char *bail_out; /* (nullable) what it says, without "Bail out!"; "" for nothing */
  char *error;    /* (nullable) the first thing that is against the protocol */

  /*< private >*/
  gboolean todo_may_pass;
  guint line;
  guint64 last_number;
  gboolean plan_is_late;
  enum
  {
    DAGSCHED_TAP_MAIN,
    DAGSCHED_TAP_AFTER_POINT,
    DAGSCHED_TAP_YAML,
  } state;
  guint yaml_line;
  guint yaml_indent;
} DagschedTap;

/* @todo_may_pass: a point marked TODO that is "ok" is no failure (GLib's, and TAP's view; not meson's) */
void dagsched_tap_init (DagschedTap *self, gboolean todo_may_pass);
void dagsched_tap_clear (DagschedTap *self);
void dagsched_tap_feed (DagschedTap *self, const char *line);
/* There are no more lines. */
void dagsched_tap_finish (DagschedTap *self);

G_END_DECLS
