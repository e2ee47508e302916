/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "engine/dagsched-atomic-private.h"

G_BEGIN_DECLS

/* A pair of fences for two threads of which one stores a and then loads b, the other stores b and then
 * loads a, and at least one must see the other's store. Where one of them does so for each test and the
 * other next to never, the first may go without a fence: the other has the kernel put one into every
 * thread of the program (membarrier(2), since Linux 4.14). Where that is not to be had, both are fences. */

/* Whether the light one is nothing to the processor: to be asked once, and passed to both. Any thread. */
gboolean dagsched_asymmetric_is_available (void);
/* Any thread; takes microseconds, the first time perhaps milliseconds. */
void dagsched_heavy_fence (gboolean available);

static inline void
dagsched_light_fence (gboolean available)
{
  if (G_LIKELY (available))
    atomic_signal_fence (memory_order_seq_cst);
  else
    DAGSCHED_FENCE ();
}

G_END_DECLS
