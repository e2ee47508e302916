/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define DAGSCHED_CACHE_LINE 64

/* An array that may have millions of elements: zeroed, at a cache line. A large one is a mapping of its own
 * for which the kernel is asked for huge pages (madvise(2), MADV_HUGEPAGE): who goes over it has 512 times
 * fewer addresses looked up. Any thread. */
gpointer dagsched_large_new (gsize n_elements, gsize size);
void dagsched_large_free (gpointer array);
/* Of all those mappings, in this process. Any thread. */
gsize dagsched_large_get_mapped_bytes (void);

G_END_DECLS
