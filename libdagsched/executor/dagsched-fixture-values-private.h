/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What a fixture handed on: reads lines NAME=value. Empty lines and those that begin with '#' are
 * skipped. Returns definitions as for an environment, or NULL with an error that names the line. */
char **dagsched_fixture_values_parse (const char *text, gsize length, GError **error);

G_END_DECLS
