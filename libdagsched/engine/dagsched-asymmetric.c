/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/dagsched-asymmetric-private.h"

#include <linux/membarrier.h>
#include <sys/syscall.h>
#include <unistd.h>

static long
membarrier (int command)
{
  return syscall (SYS_membarrier, command, 0, 0);
}

gboolean
dagsched_asymmetric_is_available (void)
{
#ifdef DAGSCHED_THREAD_SANITIZER
  /* It would not see what the kernel does. */
  return FALSE;
#else
  const long needed =
    MEMBARRIER_CMD_PRIVATE_EXPEDITED | MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED | MEMBARRIER_CMD_GLOBAL;
  long commands = membarrier (MEMBARRIER_CMD_QUERY);

  return commands > 0 && (commands & needed) == needed;
#endif
}

void
dagsched_heavy_fence (gboolean available)
{
  DAGSCHED_FENCE ();
  if (!available)
    return;

  /* Registering again is nothing. It is not done sooner, as most runs never need it. Should the kernel want
   * memory for it that it does not have, the slow way needs none. */
  if (membarrier (MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED) != 0 ||
      membarrier (MEMBARRIER_CMD_PRIVATE_EXPEDITED) != 0)
    {
      if (membarrier (MEMBARRIER_CMD_GLOBAL) != 0)
        g_error ("membarrier: the kernel takes back what it offered");
    }
}
