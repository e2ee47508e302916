/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "report/dagsched-style-private.h"

static const char *const tone_codes[] = {
  [DAGSCHED_TONE_PLAIN] = "",           [DAGSCHED_TONE_GOOD] = "\033[32m", [DAGSCHED_TONE_BAD] = "\033[1;31m",
  [DAGSCHED_TONE_WARNING] = "\033[33m", [DAGSCHED_TONE_FAINT] = "\033[2m", [DAGSCHED_TONE_STRONG] = "\033[1m",
};

DagschedTone
dagsched_style_get_tone (DagschedOutcome outcome)
{
  if (dagsched_outcome_is_failure (outcome))
    return DAGSCHED_TONE_BAD;

  return dagsched_outcome_is_success (outcome) ? DAGSCHED_TONE_GOOD : DAGSCHED_TONE_WARNING;
}

DagschedTextFlags
dagsched_style_get_text_flags (const DagschedStyle *style)
{
  return style->unicode ? DAGSCHED_TEXT_NONE : DAGSCHED_TEXT_ASCII;
}

void
dagsched_style_append (const DagschedStyle *style, GString *out, DagschedTone tone, const char *text)
{
  gboolean colored = style->color && tone != DAGSCHED_TONE_PLAIN;

  if (colored)
    g_string_append (out, tone_codes[tone]);
  g_string_append (out, text);
  if (colored)
    g_string_append (out, "\033[0m");
}

void
dagsched_style_append_foreign (const DagschedStyle *style, GString *out, const char *text)
{
  dagsched_text_append (out, text, -1, dagsched_style_get_text_flags (style));
}
