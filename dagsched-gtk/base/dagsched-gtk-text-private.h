/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* How numbers are written for people, translated. Free them. */

/* Three digits: "340 µs", "12 ms", "1.24 s", "12.4 s", "3 min 07 s", "2 h 05 min". */
char *dagsched_gtk_text_duration (double seconds);
/* "1 234", grouped as the locale groups. */
char *dagsched_gtk_text_count (guint count);
/* 0–1: "42 %". */
char *dagsched_gtk_text_share (double share);

G_END_DECLS
