/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The threads of this process as the kernel sees them. */

typedef struct
{
  gint64 n_switches; /* context switches, voluntary or not */
  gint64 cpu_ns;
} BenchThreadUse;

/* (element-type int) the numbers of all threads but those in KNOWN (nullable). */
GArray *bench_threads_list (GArray *known);

/* What all THREADS together have used so far. FALSE: /proc doesn't tell. */
gboolean bench_threads_get_use (GArray *threads, BenchThreadUse *use, GError **error);

/* Whether all of them wait for something. */
gboolean bench_threads_all_sleep (GArray *threads);

G_END_DECLS
