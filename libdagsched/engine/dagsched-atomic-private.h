/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>
#include <stdatomic.h>

#include "base/dagsched-large-private.h"

#if defined(__SANITIZE_THREAD__)
#define DAGSCHED_THREAD_SANITIZER 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define DAGSCHED_THREAD_SANITIZER 1
#endif
#endif

/* A sequentially consistent fence. The thread sanitizer does not understand fences: there it is a
 * read-modify-write of a word that all fences share. The sanitizer carries out each as a full barrier;
 * relaxed, because else it would take all fences for one lock, and what they don't order for ordered. */
#ifdef DAGSCHED_THREAD_SANITIZER
extern _Atomic guint dagsched_fence_word;
#define DAGSCHED_FENCE() ((void) atomic_fetch_add_explicit (&dagsched_fence_word, 0, memory_order_relaxed))
#else
#define DAGSCHED_FENCE() atomic_thread_fence (memory_order_seq_cst)
#endif

/* What will be written soon: a line that is asked for like this need not be asked for again. */
#if defined(__x86_64__)
#define DAGSCHED_PREFETCH_WRITE(p) __asm__ volatile("prefetchw %0" ::"m"(*(const char *) (p)))
#else
#define DAGSCHED_PREFETCH_WRITE(p) __builtin_prefetch ((p), 1)
#endif

/* Between two looks at what another thread is about to change. */
#if defined(__x86_64__) || defined(__i386__)
#define DAGSCHED_RELAX() __builtin_ia32_pause ()
#elif defined(__aarch64__)
#define DAGSCHED_RELAX() __asm__ __volatile__("yield" ::: "memory")
#else
#define DAGSCHED_RELAX() atomic_signal_fence (memory_order_seq_cst)
#endif

#define dagsched_load_relaxed(p) atomic_load_explicit ((p), memory_order_relaxed)
#define dagsched_load_acquire(p) atomic_load_explicit ((p), memory_order_acquire)
#define dagsched_store_relaxed(p, v) atomic_store_explicit ((p), (v), memory_order_relaxed)
#define dagsched_store_release(p, v) atomic_store_explicit ((p), (v), memory_order_release)
