/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The log of a run of N_TESTS command tests in layers, three dependencies each, that all passed on two
 * workers: what the library's own writer would have written. *N_LINES: of the file. */
gboolean bench_log_write (const char *path, guint n_tests, guint *n_lines, GError **error);

G_END_DECLS
