/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A terminal, as much of one as a reporter may use: text that wraps at the right margin, CR, LF, and
 * CSI … A, B, J, K, m, ?7h and ?7l. Anything else fails the test. It never forgets a line. */
typedef struct _Screen Screen;

Screen *screen_new (guint columns);
void screen_free (Screen *self);
void screen_set_columns (Screen *self, guint columns);
void screen_feed (Screen *self, const char *data, gsize length);
/* All lines, as they would be copied: a line that was wrapped is one. */
char *screen_dup_text (Screen *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Screen, screen_free)

G_END_DECLS
