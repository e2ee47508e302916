/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "source/dagsched-problems-private.h"

G_BEGIN_DECLS

/* Looks through a JSON text for what the parser would accept although it is not JSON, silently
 * change, or overflow its stack on: NUL bytes, invalid UTF-8, comments and other words, numbers that JSON
 * does not have or 64 bits can't hold, bad escapes, nesting without end, a text that ends too early.
 * Whether the rest is JSON is the parser's to say.
 *
 * FALSE: the parser must not see it; *@error says why, with @file, line and column.
 * TRUE: members that an object has twice were added to @problems. */
gboolean dagsched_json_guard_check (const char *file,
                                    const char *text,
                                    gsize length,
                                    DagschedProblems *problems,
                                    GError **error);

G_END_DECLS
