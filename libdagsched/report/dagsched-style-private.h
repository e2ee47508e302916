/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/dagsched-enums.h"
#include "base/dagsched-text-private.h"

G_BEGIN_DECLS

/* What a terminal can show, and how things look on it. */

typedef struct
{
  gboolean color;
  gboolean unicode;
} DagschedStyle;

typedef enum
{
  DAGSCHED_TONE_PLAIN,
  DAGSCHED_TONE_GOOD,
  DAGSCHED_TONE_BAD,
  DAGSCHED_TONE_WARNING,
  DAGSCHED_TONE_FAINT,
  DAGSCHED_TONE_STRONG,
} DagschedTone;

DagschedTone dagsched_style_get_tone (DagschedOutcome outcome);
DagschedTextFlags dagsched_style_get_text_flags (const DagschedStyle *style);
/* @text is our own, or has been made fit to be shown. */
void dagsched_style_append (const DagschedStyle *style, GString *out, DagschedTone tone, const char *text);
/* @text is somebody else's. */
void dagsched_style_append_foreign (const DagschedStyle *style, GString *out, const char *text);

G_END_DECLS
