/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Lists of strings that many tests have in common (suites, labels, environments): each string is
 * there once in the process. NULL and the empty list are the same. Any thread. */
char **dagsched_strv_intern (const char *const *strv);
void dagsched_strv_release (char **strv);
gboolean dagsched_strv_equal (const char *const *a, const char *const *b);

/* What a getter returns: never NULL. */
const char *const *dagsched_strv_peek (char **strv);

G_END_DECLS
