/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "bench-set.h"

G_BEGIN_DECLS

/* What the short set came to, for people. */

/* Tables, and the machine. */
char *bench_report_to_text (const BenchSet *set, gboolean markdown);

/* One object. */
char *bench_report_to_json (const BenchSet *set);

/* A chart of the ratios. */
char *bench_report_to_svg (const BenchSet *set);

G_END_DECLS
