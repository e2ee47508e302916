/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/dagsched-gtk-run-table-private.h"

G_BEGIN_DECLS

/* What a summary says, in words, translated. Free them. */

/* What a run that has ended came to: "3 tests failed". */
char *
dagsched_gtk_summary_describe_verdict (DagschedVerdict verdict, const guint *n_with_look, guint n_tests);
DagschedGtkLook dagsched_gtk_summary_get_verdict_look (DagschedVerdict verdict);
/* A time that goes on, in whole seconds: it changes once a second. */
char *dagsched_gtk_summary_describe_clock (double seconds);
/* "1 240 tests/s", "0.4 tests/s". */
char *dagsched_gtk_summary_describe_throughput (double throughput);

G_END_DECLS
