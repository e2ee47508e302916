/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <stdint.h>

/* The time of this machine, CLOCK_MONOTONIC: what is told of attempts. */
int64_t agent_monotonic (void);

/* The slot's own time, which deadlines are in: it stands while the slot is paused. */
int64_t agent_now (void);
void agent_clock_stop (void);
void agent_clock_go (void);
