/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <string.h>

#include "engine/dagsched-topology-private.h"

/* Each other lane is in one ring, once. */
static inline void
check_rings_are_complete (DagschedTopology *topology, guint32 n_lanes)
{
  g_autofree guint *n_seen = g_new (guint, n_lanes);

  for (guint32 lane = 0; lane < n_lanes; lane++)
    {
      guint n_rings;
      const DagschedVictimRing *rings = dagsched_topology_get_rings (topology, lane, &n_rings);

      memset (n_seen, 0, n_lanes * sizeof *n_seen);
      for (guint r = 0; r < n_rings; r++)
        {
          g_assert_cmpuint (rings[r].n, >, 0);
          for (guint32 i = 0; i < rings[r].n; i++)
            {
              guint32 victim = dagsched_victim_ring_get (&rings[r], i);

              g_assert_cmpuint (victim, <, n_lanes);
              n_seen[victim]++;
            }
        }
      for (guint32 other = 0; other < n_lanes; other++)
        g_assert_cmpuint (n_seen[other], ==, other != lane);
    }
}

/* What the tests, or whoever calls them, told hwloc to see instead of this machine. */
static inline void
forget_description (void)
{
  g_unsetenv ("HWLOC_SYNTHETIC");
  g_unsetenv ("HWLOC_XMLFILE");
  g_unsetenv ("HWLOC_THISSYSTEM");
}
