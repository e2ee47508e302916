/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

#include "base/dagsched-error.h"

G_BEGIN_DECLS

/* What is wrong with the files that are being read: all of it is collected, to be reported at once. */
typedef struct _DagschedProblems DagschedProblems;

DagschedProblems *dagsched_problems_new (void);
void dagsched_problems_free (DagschedProblems *self);
void dagsched_problems_add (DagschedProblems *self, DagschedError code, const char *format, ...)
  G_GNUC_PRINTF (3, 4);
/* Whether the next one is shown: of many problems the rest are counted only. */
gboolean dagsched_problems_is_shown (const DagschedProblems *self);
guint dagsched_problems_get_n (const DagschedProblems *self);

/* TRUE if there are none. Else an error that has the code of the first and a line for each, up to a limit. */
gboolean dagsched_problems_check (const DagschedProblems *self, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DagschedProblems, dagsched_problems_free)

G_END_DECLS
