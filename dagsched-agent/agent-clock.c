/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "agent-clock.h"

#include <time.h>

static int64_t stopped_ns; /* how long it stood until now */
static int64_t stopped_at; /* 0: it goes */

int64_t
agent_monotonic (void)
{
  struct timespec now;

  clock_gettime (CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1000000000ll + now.tv_nsec;
}

int64_t
agent_now (void)
{
  return (stopped_at != 0 ? stopped_at : agent_monotonic ()) - stopped_ns;
}

void
agent_clock_stop (void)
{
  stopped_at = agent_monotonic ();
}

void
agent_clock_go (void)
{
  stopped_ns += agent_monotonic () - stopped_at;
  stopped_at = 0;
}
