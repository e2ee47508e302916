/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* "Did you mean": the nearest of some names to one that is not there. */

typedef struct
{
  const char *wanted;
  const char *best;
  guint distance;
} DagschedSuggestion;

void dagsched_suggestion_init (DagschedSuggestion *suggestion, const char *wanted);
void dagsched_suggestion_offer (DagschedSuggestion *suggestion, const char *name);

/* The text to append to a message: " (did you mean “NAME”?)", or "". Free it. */
char *dagsched_suggestion_dup_text (const DagschedSuggestion *suggestion);

G_END_DECLS
