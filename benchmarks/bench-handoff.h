/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The least that waking somebody costs: a thread that waits on a GCond, and nothing around it. */
typedef struct _BenchHandoff BenchHandoff;

BenchHandoff *bench_handoff_new (void);
void bench_handoff_free (BenchHandoff *self);

/* Nanoseconds from before the lock is taken to tell the thread until it runs. Any one thread at a time. */
gint64 bench_handoff_do (BenchHandoff *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BenchHandoff, bench_handoff_free)

G_END_DECLS
